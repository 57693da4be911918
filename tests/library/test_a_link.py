"""One record makes another: filled, linked both ways, its files following, once; and is closed when that is
done. Run by tests/app/test_another_trade.py in a process of its own.
"""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from conftest import sender
from flask import Flask
from flask.testing import FlaskClient
from library_binding import Binding
from library_report import DamageReport, Purchase
from PIL import Image
from sqlalchemy import select

from app.declare.guards import some_photo
from app.ground.database import db
from app.keep import attachments, history, linked

AsUser = Callable[[str], FlaskClient]
PLACE = "/admin/damage_report/"
post = sender(PLACE)
TOLD = {"floor": "Ground floor", "book": "Old maps", "cover": "cloth", "phone": "13900001234"}


def photo() -> bytes:
    """A small photo."""
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    return data.getvalue()


def reported(clerk: FlaskClient, *lost: str, **typed: str) -> int:
    """A damage that was told of."""
    lines = {f"lost-{at}-thing": thing for at, thing in enumerate(lost)}
    answer = post(clerk, "new/", **{**TOLD, **typed, **lines, "lost-count": str(len(lost))})
    assert answer.status_code == 302, answer.text
    return key_of(answer)


def key_of(answer: Any) -> int:
    """The id of the record that an answer leads to."""
    return int(answer.headers["Location"].rsplit("=", 1)[1])


def boxes(page: str) -> dict[str, str]:
    """The boxes of a new record's page as a browser would send them."""
    form = BeautifulSoup(page, "html.parser").select_one("form[data-keep]")
    assert form is not None
    sent: dict[str, str] = {}
    for box in form.select("input, textarea, select"):
        if box.find_parent("template") or (
            box.get("type") in ("radio", "checkbox") and not box.has_attr("checked")
        ):
            continue
        picked = box.select_one("option[selected]") if box.name == "select" else None
        value = box.text.strip() if box.name == "textarea" else (picked or box).get("value", "")
        sent[str(box["name"])] = str(value)
    del sent["csrf_token"]
    return sent


class Books:
    """What stands in the database, read apart from any request."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def read(self, ask: Callable[[], Any]) -> Any:
        """What is asked, in a session of its own."""
        with self.app.app_context():
            answer = ask()
            db.session.remove()
        return answer

    def rows(self, cls: Any) -> list[Any]:
        """All records of a form, with their tables."""

        def ask() -> list[Any]:
            rows = list(db.session.execute(select(cls).order_by(cls.id)).scalars())
            assert all(
                getattr(row, name) is not None for row in rows for name in cls.fields if name == "lost"
            )
            return rows

        return list(self.read(ask))

    def last(self, cls: Any) -> Any:
        """The newest record of a form."""
        return self.rows(cls)[-1]

    def of(self, record: Any, told: Callable[[Any], Any]) -> Any:
        """What is told of a record: its links, its files."""
        return self.read(lambda: told(db.session.get(type(record), record.id)))

    def acts(self, form: str, key: int) -> list[str]:
        """What was done to a record."""
        return list(self.read(lambda: [line.act for line in history.lines(form, key)]))


@pytest.fixture
def books(app: Flask) -> Books:
    """The library's."""
    return Books(app)


@pytest.fixture
def clerk(as_user: AsUser) -> FlaskClient:
    """The clerk at a browser."""
    return as_user("clara")


def test_the_new_one_is_filled_and_asks_what_is_missing(books: Books, clerk: FlaskClient) -> None:
    key = reported(clerk, cover="leather")
    page = clerk.get(f"{PLACE}become/to_binding/?id={key}").text
    filled = boxes(page)
    assert (filled["book"], filled["cover"], filled["floor"]) == ("Old maps", "leather", "Ground floor")
    assert "Made of Damage report" in page
    assert "Whoever binds it has it." in page
    sent = {**filled, "dye": ""}
    answer = post(clerk, f"become/to_binding/?id={key}", **sent)
    assert answer.status_code == 422
    assert "Needed." in answer.text
    assert books.of(books.last(DamageReport), linked.of) == []
    answer = post(clerk, f"become/to_binding/?id={key}", **{**sent, "dye": "red"})
    assert answer.headers["Location"].startswith("/admin/binding/details/")
    made = books.last(Binding)
    assert (made.book, made.dye, made.state, made.created_by_id) == ("Old maps", "red", "brought", 2)
    report = books.last(DamageReport)
    for record, other in ((report, made), (made, report)):
        shown = clerk.get(f"/admin/{record.name}/details/?id={record.id}").text
        card = shown[shown.index("Linked records") :]
        assert other.number in card[: card.index("History")], record.name
        assert other.number in card[card.index("History") :], "the history says so"
    assert books.acts("damage_report", report.id)[-1] == "link:to_binding"


def test_its_files_follow_and_stay(books: Books, clerk: FlaskClient, as_user: AsUser) -> None:
    key = reported(clerk)
    for kind in ("worn", "seen"):
        sent = {"file": [(io.BytesIO(photo()), f"{kind}.jpg")], "kind": kind}
        assert post(clerk, f"attach/?id={key}", **sent).status_code == 302
    made = _bound(books, clerk, key)
    assert [(file.name, file.kind) for file in books.of(made, attachments.of)] == [
        ("worn.jpg", "worn"),
        ("seen.jpg", ""),
    ]
    file = books.of(books.last(DamageReport), attachments.of)[0]
    assert post(clerk, f"detach/?id={key}&file={file.id}").status_code == 302
    assert len(books.of(made, attachments.of)) == 2, "what is taken from one is not taken from the other"
    assert books.acts("binding", made.id) == ["create", "linked", "attach"]


def _bound(books: Books, clerk: FlaskClient, key: int) -> Any:
    filled = boxes(clerk.get(f"{PLACE}become/to_binding/?id={key}").text)
    answer = post(clerk, f"become/to_binding/?id={key}", **{**filled, "dye": "red"})
    assert answer.status_code == 302
    return next(row for row in books.rows(Binding) if row.id == key_of(answer))


def test_two_clicks_and_two_tabs_make_one(books: Books, clerk: FlaskClient) -> None:
    key, before = reported(clerk), len(books.rows(Binding))
    address = f"become/to_binding/?id={key}"
    tabs = [{**boxes(clerk.get(PLACE + address).text), "dye": "red"} for _tab in range(2)]
    assert tabs[0]["submission"] != tabs[1]["submission"]
    answers = [post(clerk, address, **tabs[at]) for at in (0, 0, 1)]
    assert [answer.status_code for answer in answers] == [302, 302, 403]
    assert key_of(answers[0]) == key_of(answers[1])
    assert "was made already" in answers[2].text
    assert f'href="/admin/binding/details/?id={key_of(answers[0])}"' in answers[2].text
    assert len(books.rows(Binding)) == before + 1
    assert "become/to_binding" not in clerk.get(f"{PLACE}details/?id={key}").text


def test_offered_by_the_duties_of_both(books: Books, clerk: FlaskClient, as_user: AsUser) -> None:
    key = reported(clerk, "the map")
    line = books.last(DamageReport).lost[0].id
    libby = as_user("libby")
    address = f"become/to_purchase/?id={key}&amp;line={line}"
    mine, hers = (client.get(f"{PLACE}details/?id={key}").text for client in (clerk, libby))
    assert ("become/to_binding" in mine, "become/to_binding" in hers) == (True, False)
    assert (address in mine, address in hers) == (False, True)
    refused = post(clerk, address.replace("&amp;", "&"), at_once="1")
    assert refused.status_code == 403
    assert "Making a record of “Purchase” isn&#39;t among your duties." in refused.text
    assert "Libby may" in refused.text
    refused = post(libby, f"become/to_binding/?id={key}")
    assert refused.status_code == 403
    assert "To the binder isn&#39;t among your duties" in refused.text


def test_made_at_once_of_a_line_and_asked_where_something_is_wrong(
    books: Books, clerk: FlaskClient, as_user: AsUser
) -> None:
    libby = as_user("libby")
    key = reported(clerk, "the map", "x" * 70)
    report = books.last(DamageReport)
    short, long = (line.id for line in report.lost)
    answer = post(libby, f"become/to_purchase/?id={key}&line={short}", at_once="1", submission="a")
    assert answer.headers["Location"].startswith("/admin/purchase/details/")
    assert (
        post(libby, f"become/to_purchase/?id={key}&line={short}", at_once="1", submission="a").headers[
            "Location"
        ]
        == (answer.headers["Location"])
    )
    made = books.last(Purchase)
    assert (made.what, made.why, made.phone) == ("the map", "Old maps: the map", "13900001234")
    assert books.of(made, linked.of)[0].link.line_id == short
    asked = post(libby, f"become/to_purchase/?id={key}&line={long}", at_once="1")
    assert asked.status_code == 422
    assert "At most 60 characters" in asked.text
    assert "13900001234" not in asked.text, "covered: seeing it is an act of its own"
    sent = {**boxes(asked.text), "what": "another map"}
    assert post(libby, f"become/to_purchase/?id={key}&line={long}", **sent).status_code == 302
    assert books.last(Purchase).phone == "13900001234", "what is covered is kept"
    page = libby.get(f"{PLACE}details/?id={key}").text
    assert page.count(made.number) >= 2, "with its line, and beside the record"


@pytest.mark.parametrize(
    "address",
    [
        "become/to_nothing/?id={key}",
        "become/to_binding/?id=99999",
        "become/to_purchase/?id={key}",
        "become/to_purchase/?id={key}&line=99999",
        "become/to_purchase/?id={key}&line={other}",
        "become/to_purchase/?id={key}&line=x",
    ],
)
def test_forged_addresses_lead_nowhere(
    books: Books, clerk: FlaskClient, as_user: AsUser, address: str
) -> None:
    libby, other = as_user("libby"), reported(clerk, "another's")
    line = books.last(DamageReport).lost[0].id
    key, before = reported(clerk, "mine"), len(books.rows(Purchase))
    where = address.format(key=key, other=line)
    assert libby.get(PLACE + where).status_code == 404
    assert post(libby, where, at_once="1").status_code == 404
    assert len(books.rows(Purchase)) == before
    assert other


def test_a_guard_may_ask_for_a_photo(clerk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    told = replace(DamageReport.links["to_binding"], guards=(some_photo("seen"),))
    monkeypatch.setitem(DamageReport.links, "to_binding", told)
    key = reported(clerk)
    refused = clerk.get(f"{PLACE}become/to_binding/?id={key}")
    assert (refused.status_code, "At least one photo (As seen) is needed." in refused.text) == (403, True)
    sent = {"file": [(io.BytesIO(photo()), "seen.jpg")], "kind": "seen"}
    assert post(clerk, f"attach/?id={key}", **sent).status_code == 302
    assert clerk.get(f"{PLACE}become/to_binding/?id={key}").status_code == 200


def test_a_guard_and_a_state_say_what_is_missing(books: Books, clerk: FlaskClient) -> None:
    key = reported(clerk, cover="")
    refused = clerk.get(f"{PLACE}become/to_binding/?id={key}")
    assert (refused.status_code, "Say which cover it has first." in refused.text) == (403, True)
    assert "Say which cover" in clerk.get(f"{PLACE}details/?id={key}").text
    assert post(clerk, f"step/settle/?id={key}").status_code == 302
    refused = clerk.get(f"{PLACE}become/to_binding/?id={key}")
    assert (refused.status_code, "It is Settled" in refused.text) == (403, True)


def test_closing_waits_for_what_was_made(books: Books, clerk: FlaskClient, as_user: AsUser) -> None:
    key, free = reported(clerk), reported(clerk)
    made = _bound(books, clerk, key)
    for report in (key, free):
        assert post(clerk, f"step/look/?id={report}").status_code == 302
        assert post(clerk, f"step/ring/?id={report}", liked="yes").status_code == 302
    page = clerk.get(f"{PLACE}details/?id={key}").text
    assert "step/settle" not in page
    assert re.search(rf"{made.number}(</a>)?, made of this, isn&#39;t done yet", page)
    assert f'href="/admin/binding/details/?id={made.id}"' in page
    refused = post(clerk, f"step/settle/?id={key}")
    assert refused.status_code == 403
    assert f'href="/admin/binding/details/?id={made.id}"' in refused.text
    listed = clerk.get(PLACE).text
    assert f"step/settle/?id={free}" in listed
    assert f"step/settle/?id={key}" not in listed, "nor is it offered in the list"
    results = post(clerk, "action/", action="settle", confirmed="1", rowid=[str(key), str(free)])
    assert "isn&#39;t done yet" in results.text
    assert [row.state for row in books.rows(DamageReport) if row.id in (key, free)] == [
        "answered",
        "settled",
    ]
    binder = sender("/admin/binding/")
    assert binder(clerk, f"step/give/?id={made.id}", binder="Paul", pages="9").status_code == 302
    sent = {"pages": "9", "photos:bound": [(io.BytesIO(photo()), "b.jpg")]}
    assert binder(clerk, f"step/finish/?id={made.id}", **sent).status_code == 302
    assert post(clerk, f"step/settle/?id={key}").status_code == 302


def test_who_may_not_read_the_other_sees_that_there_is_one(
    books: Books, clerk: FlaskClient, as_user: AsUser
) -> None:
    libby = as_user("libby")
    key = reported(clerk, "the map")
    line = books.last(DamageReport).lost[0].id
    assert post(libby, f"become/to_purchase/?id={key}&line={line}", at_once="1").status_code == 302
    made = books.last(Purchase)
    page = clerk.get(f"{PLACE}details/?id={key}").text
    assert made.number in page
    assert "/admin/purchase/" not in page[page.index("<main") :]
    assert "Wanted" not in page
    refused = post(clerk, f"step/settle/?id={key}")
    assert made.number in refused.text
    assert f"/admin/purchase/details/?id={made.id}" not in refused.text


@pytest.mark.parametrize("voided", ["made", "source"])
def test_voiding_one_says_so_at_the_other(
    books: Books, clerk: FlaskClient, as_user: AsUser, voided: str
) -> None:
    key = reported(clerk)
    made = _bound(books, clerk, key)
    name, gone = ("binding", made.id) if voided == "made" else ("damage_report", key)
    other, left = ("damage_report", key) if voided == "made" else ("binding", made.id)
    void = sender(f"/admin/{name}/")
    assert void(as_user("libby"), f"step/void/?id={gone}", void_reason="by mistake").status_code == 302
    page = clerk.get(f"/admin/{other}/details/?id={left}").text
    card = page[page.index("Linked records") :]
    assert "Voided" in card[: card.index("History")]
    assert "voided the linked record" in card
    assert books.acts(other, left)[-1] == "link_voided"
    if voided == "made":
        assert f"become/to_binding/?id={key}" in page, "another may be made"
        assert post(clerk, f"step/settle/?id={key}").status_code == 302, "nor is it waited for"


def test_a_step_makes_one_in_its_own_transaction(books: Books, clerk: FlaskClient) -> None:
    key, before = reported(clerk), len(books.rows(Purchase))
    assert post(clerk, f"step/look/?id={key}").status_code == 302
    report = books.last(DamageReport)
    made = books.last(Purchase)
    assert (len(books.rows(Purchase)), made.what, report.state) == (before + 1, "Old maps", "looked_at")
    assert [tie.other.id for tie in books.of(report, linked.made_of)] == [made.id]
    assert books.acts("damage_report", key) == [
        "create",
        "link:to_copy",
        "step:look",
    ]


def test_the_histories_stay_whole(app: Flask, books: Books, clerk: FlaskClient) -> None:
    key = reported(clerk, "the map")
    _bound(books, clerk, key)
    assert post(clerk, f"step/look/?id={key}").status_code == 302
    done = app.test_cli_runner().invoke(args=["history", "verify"])
    assert "DR-" not in done.output
    assert "PU-" not in done.output
