"""What follows from a form's own rules, whichever way it is moved; a table that is there only when a box says
so. Run by tests/app/test_another_trade.py in a process of its own.
"""

import io
import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from conftest import sender, token, workbook
from flask import Flask
from flask.testing import FlaskClient
from library_crate import Crate

from app.declare.fields import Field
from app.declaring import OneEach, Person, Wrong, saving, say
from app.ground.database import db

AsUser = Callable[[str], FlaskClient]
PLACE = "/admin/crate/"
post = sender(PLACE)
PACKED = {"floor": "Ground floor", "open_": "1", "volumes-count": "1", "volumes-0-title_": "Emma"}


@pytest.fixture
def pack(as_user: AsUser) -> Callable[..., int]:
    """Packs a crate; the new record's id."""

    def packed(sign: str, **typed: str) -> int:
        answer = post(as_user("clara"), "new/", **{**PACKED, "sign": sign, **typed})
        assert answer.status_code == 302, answer.text
        return int(answer.headers["Location"].rsplit("=", 1)[1])

    return packed


def of(app: Flask, key: int) -> tuple[str, str | None, list[str]]:
    """A crate's state, what was checked of it, and its volumes."""
    with app.app_context():
        crate = db.session.get(Crate, key)
        assert crate is not None
        return crate.state, crate.checked, [volume.title_ for volume in crate.volumes]


def send_all(client: FlaskClient, *keys: int) -> str:
    """Send a selection off; what the next page says."""
    rows = [str(key) for key in keys]
    answer = post(client, "action/", action="send", rowid=rows)
    return answer.text if answer.status_code == 200 else client.get(answer.headers["Location"]).text


def test_what_a_saved_one_keeps_in_step_follows_over_a_selection(
    app: Flask, as_user: AsUser, pack: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = pack("its list")
    crates = [pack("A"), pack("B")]

    def saved(crate: Crate, person: Person) -> None:
        other = db.session.get(Crate, lists)
        assert other is not None
        if crate.state == "sent":
            with saving.changing(other, person, "listed"):
                other.checked = f"{other.checked or ''}{crate.sign}"

    monkeypatch.setattr(Crate, "saved", saved)
    assert "2 done" in send_all(as_user("clara"), *crates)
    assert of(app, lists)[1] == "AB"


def test_what_is_checked_of_one_is_checked_of_many(
    app: Flask, as_user: AsUser, pack: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = pack("good"), pack("bad")

    def check(crate: Crate) -> None:
        if crate.state == "sent" and crate.sign == "bad":
            raise Wrong("sign", say("坏了。", "This crate is broken."))

    monkeypatch.setattr(Crate, "check", check)
    assert "This crate is broken." in send_all(as_user("clara"), good, bad)
    assert (of(app, good)[0], of(app, bad)[0]) == ("sent", "packed")


def test_what_is_worked_out_of_one_is_worked_out_of_many(
    app: Flask, as_user: AsUser, pack: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hook, by_box = pack("hook"), pack("box")
    with monkeypatch.context() as patch:
        patch.setattr(Crate, "work_out", lambda crate: setattr(crate, "checked", crate.state))
        send_all(as_user("clara"), by_hook)
    assert of(app, by_hook)[:2] == ("sent", "sent")
    checked: Field = Crate.fields["checked"]
    monkeypatch.setattr(checked, "worked_out", lambda crate: f"as {crate.state}")
    send_all(as_user("clara"), by_box)
    assert of(app, by_box)[:2] == ("sent", "as sent")


def test_what_only_one_may_have_in_a_state_only_one_gets(
    app: Flask, as_user: AsUser, pack: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pack("twin"), pack("twin")
    rule = OneEach("sign", ("已在路上。", "It is on its way already."), ("sent",))
    monkeypatch.setattr(Crate, "one_each", (rule,))
    assert "It is on its way already." in send_all(as_user("clara"), first, second)
    assert sorted((of(app, first)[0], of(app, second)[0])) == ["packed", "sent"]


def test_whose_hands_it_is_in_takes_it_over_a_selection(
    app: Flask, as_user: AsUser, pack: Callable[..., int]
) -> None:
    """Also where they have a duty that reads every crate; nobody else is offered it."""
    key, librarian = pack("heavy"), as_user("libby")
    assert 'value="bring"' not in librarian.get(PLACE).text
    assert post(as_user("clara"), f"step/hand_over/?id={key}", porter="Libby").status_code == 302
    assert post(as_user("clara"), f"step/send/?id={key}").status_code == 302
    assert 'value="bring"' in librarian.get(PLACE).text
    assert 'value="bring"' not in as_user("clara").get(PLACE).text
    assert post(librarian, "action/", action="bring", rowid=[str(key)]).status_code == 302
    assert of(app, key)[0] == "there"


def test_a_table_is_there_only_when_its_box_says_so(
    app: Flask, as_user: AsUser, pack: Callable[..., int]
) -> None:
    clerk = as_user("clara")
    refused = post(clerk, "new/", **{**PACKED, "sign": "none", "volumes-0-title_": ""})
    assert (refused.status_code, "At least one line is needed." in refused.text) == (422, True)
    shut = pack("shut", **{"open_": "", "volumes-0-title_": "", "volumes-0-worth": "nonsense"})
    assert of(app, shut)[2] == [], "neither needed nor read"
    key = pack("opened")
    page = BeautifulSoup(clerk.get(f"{PLACE}edit/?id={key}").text, "html.parser")
    (table,) = page.select(".lines")
    assert '"box": "open_"' in str(table["data-when"])
    assert (
        post(clerk, f"edit/?id={key}", **{**PACKED, "sign": "opened", "open_": ""}, version="1").status_code
        == 302
    )
    assert of(app, key)[2] == []
    shown = BeautifulSoup(clerk.get(f"{PLACE}details/?id={key}").text, "html.parser").select_one(
        ".record .card"
    )
    assert shown is not None
    assert "Volumes" not in shown.get_text()
    sheet = BeautifulSoup(clerk.get(f"{PLACE}print/?id={key}").text, "html.parser")
    assert "／" in sheet.get_text()


def test_a_sheet_that_shuts_it_takes_the_table_away(
    app: Flask, as_user: AsUser, pack: Callable[..., int]
) -> None:
    key, clerk = pack("to be shut"), as_user("clara")
    with app.app_context():
        crate = db.session.get(Crate, key)
        assert crate is not None
        number = crate.number
    book = workbook(["Number", "Sign", "Open"], [number, "to be shut", "no"])
    mark = token(clerk, "/profile")
    send = {"csrf_token": mark, "sheet": (io.BytesIO(book), "c.xlsx")}
    preview = clerk.post(f"{PLACE}import/", data=send).text
    assert "Volumes" in preview
    (submission,) = re.findall(r'name="submission" value="([0-9a-f]{32})"', preview)
    agreed = {"csrf_token": mark, "confirm": "1", "submission": submission}
    assert clerk.post(f"{PLACE}import/", data=agreed).status_code == 302
    assert of(app, key)[2] == []


def test_a_forged_cover_keeps_nothing_where_nothing_stands(
    app: Flask, as_user: AsUser, pack: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, clerk = pack("no telephone"), as_user("clara")
    phone: Field = Crate.fields["phone"]
    monkeypatch.setattr(phone, "required", True)
    boxes = {**PACKED, "sign": "no telephone", "phone": "•••"}
    refused = post(clerk, f"edit/?id={key}", **boxes, version="1")
    assert (refused.status_code, "Needed." in refused.text) == (422, True)
    assert post(clerk, f"edit/?id={key}", **{**boxes, "phone": "13900001234"}, version="1").status_code == 302
    assert post(clerk, f"edit/?id={key}", **boxes, version="2").status_code == 302, "what stands is kept"
