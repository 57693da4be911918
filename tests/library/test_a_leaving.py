"""What is looked at before a step: green, or open with a link; never a stop by itself, and on record when
somebody passed it. Run by tests/app/test_another_trade.py in a process of its own.
"""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from conftest import sender
from flask import Flask
from flask.testing import FlaskClient
from library_leaving import Leaving
from library_loan import LibraryLoan
from sqlalchemy import event

from app.ground.database import db
from app.keep import history

AsUser = Callable[[str], FlaskClient]
Lend = Callable[..., int]
PLACE = "/admin/leaving/"
post = sender(PLACE)


@pytest.fixture
def leaving(as_user: AsUser) -> Callable[..., int]:
    """A reader asks to leave; the new record's id."""

    def asked(reader: str, **typed: str) -> int:
        answer = post(as_user("clara"), "new/", floor="Ground floor", reader=reader, **typed)
        assert answer.status_code == 302, answer.text
        return int(answer.headers["Location"].rsplit("=", 1)[1])

    return asked


def checks(page: str) -> list[tuple[str, str, str]]:
    """(label, tone, what stands open) of each check on a page."""
    lines = BeautifulSoup(page, "html.parser").select(".checks li")
    return [
        (
            line.select_one(".state").get_text(),  # type: ignore[union-attr]
            line.select_one(".state")["class"][1],  # type: ignore[union-attr, index]
            " ".join(part.get_text() for part in line.select("a, span:not(.state)")),
        )
        for line in lines
    ]


def acts(app: Flask, key: int) -> list[tuple[str, Any]]:
    """What was done to a record, each with what stood open and why it was passed."""
    with app.app_context():
        lines = history.lines("leaving", key)
        return [(line.act, line.changes.get("checks", [None, None])[1]) for line in lines]


def test_all_is_green(app: Flask, as_user: AsUser, leaving: Callable[..., int]) -> None:
    """Nothing is asked; what isn't to be looked at here isn't shown."""
    key, clerk = leaving("Gustav Green"), as_user("clara")
    for page in (f"details/?id={key}", f"step/sign_off/?id={key}"):
        assert checks(clerk.get(PLACE + page).text) == [("Books out", "done", "Nothing open")]
    assert "reason_to_pass" not in clerk.get(f"{PLACE}step/sign_off/?id={key}").text
    assert post(clerk, f"step/sign_off/?id={key}").status_code == 302
    assert acts(app, key) == [("create", None), ("step:sign_off", None)]
    assert checks(clerk.get(f"{PLACE}details/?id={key}").text) == [], "the step was taken"


def test_passed_with_something_open(
    app: Flask, as_user: AsUser, leaving: Callable[..., int], lend: Lend
) -> None:
    """Only by who may, with a reason; who, what and why is on record."""
    book = lend("Open sea", reader="Olga Open")
    key, clerk, librarian = leaving("Olga Open", card="17"), as_user("clara"), as_user("libby")
    with app.app_context():
        number = db.session.get(LibraryLoan, book).number  # type: ignore[union-attr]
    shown = [("Books out", "waiting", number), ("Card", "waiting", "The card isn't back.")]
    page = clerk.get(f"{PLACE}details/?id={key}").text
    assert checks(page) == shown
    assert f'href="/admin/library_loan/details/?id={book}"' in page
    assert post(clerk, f"step/sign_off/?id={key}", reason_to_pass="Let it go").status_code == 403
    dialog = librarian.get(f"{PLACE}step/sign_off/?id={key}").text
    assert checks(dialog) == shown
    assert 'name="reason_to_pass"' in dialog
    answer = post(librarian, f"step/sign_off/?id={key}")
    assert answer.status_code == 422
    assert checks(answer.text) == shown
    assert acts(app, key)[1:] == [("refused:sign_off", None)]
    assert post(librarian, f"step/sign_off/?id={key}", reason_to_pass="She moves today").status_code == 302
    said = [
        {"check": ["未还图书", "Books out"], "open": [number]},
        {"check": ["读者证", "Card"], "open": ["The card isn't back."]},
    ]
    assert acts(app, key)[2:] == [("step:sign_off", {"open": said, "why": "She moves today"})]
    page = librarian.get(f"{PLACE}details/?id={key}").text
    for words in (f"Books out {number}", "Card The card isn&#39;t back.", "open She moves today"):
        assert words in page, words
    assert "LV-" not in app.test_cli_runner().invoke(args=["history", "verify"]).output


def test_it_came_open_while_the_dialog_was_open(as_user: AsUser, leaving: Callable[..., int]) -> None:
    key, librarian = leaving("Late Larry", card="18", card_returned="1"), as_user("libby")
    assert "reason_to_pass" not in librarian.get(f"{PLACE}step/sign_off/?id={key}").text
    edited = {"floor": "Ground floor", "reader": "Late Larry", "card": "18", "version": "1"}
    assert post(as_user("clara"), f"edit/?id={key}", **edited).status_code == 302
    answer = post(librarian, f"step/sign_off/?id={key}")
    assert answer.status_code == 422
    assert 'name="reason_to_pass"' in answer.text


def test_a_list_asks_nothing(app: Flask, as_user: AsUser, leaving: Callable[..., int], lend: Lend) -> None:
    """What is open is asked where a record is looked at; a list offers the step to whom it may be."""
    lend("Far lands", reader="Lina List")
    key, clerk = leaving("Lina List"), as_user("clara")
    asked: list[str] = []

    def note(*seen: Any) -> None:
        asked.append(seen[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        page = clerk.get(PLACE).text
        home = clerk.get("/").text
        told = [statement for statement in asked if "library_loan.reader = " in statement]
        assert told == []
        clerk.get(f"{PLACE}details/?id={key}")
        told = [statement for statement in asked if "library_loan.reader = " in statement]
        assert len(told) == 1, "once, however often it is read"
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert f"step/sign_off/?id={key}" in page
    assert home


def test_over_a_selection(app: Flask, as_user: AsUser, leaving: Callable[..., int], lend: Lend) -> None:
    """The reason is said once for all; who has nothing open needs none."""
    lend("Old roads", reader="Sam Several")
    open_, green, librarian = leaving("Sam Several"), leaving("Nora Nothing"), as_user("libby")
    chosen = {"action": "sign_off", "rowid": [str(open_), str(green)]}
    asked = post(librarian, "action/", **chosen).text
    assert 'name="reason_to_pass"' in asked
    answer = post(librarian, "action/", **chosen, asked="1", reason_to_pass="")
    assert "Why, with that open" in answer.text
    with app.app_context():
        states = [db.session.get(Leaving, key).state for key in (open_, green)]  # type: ignore[union-attr]
    assert states == ["asked", "left"]
    send = {**chosen, "rowid": [str(open_)], "asked": "1", "reason_to_pass": "The branch closes"}
    assert post(librarian, "action/", **send).status_code == 302
    assert acts(app, open_)[-1][1]["why"] == "The branch closes"


def scan(client: FlaskClient, **asked: Any) -> Any:
    """The page at the door, for a number or a code."""
    return client.get(f"{PLACE}scan/", query_string=asked)


def test_at_the_door(app: Flask, as_user: AsUser, leaving: Callable[..., int]) -> None:
    """By a number or its last digits: what to compare, and two answers; the next begins with what stays."""
    key, clerk = leaving("Dora Door", card="20", card_returned="1"), as_user("clara")
    with app.app_context():
        number = db.session.get(Leaving, key).number  # type: ignore[union-attr]
    assert "/scan/" in clerk.get(PLACE).text
    assert "Permissions-Policy" in scan(clerk).headers
    assert "camera=(self)" in scan(clerk).headers["Permissions-Policy"]
    for typed in (number, number.lower(), str(int(number[-4:]))):
        page = scan(clerk, number=typed)
        assert page.status_code == 200, typed
        assert all(words in page.text for words in ("May pass", "Dora Door", "20")), typed
    wrong = post(clerk, f"scan/?id={key}", step="keep", version="1", porter="Pat")
    assert wrong.status_code == 422
    assert "Needed." in wrong.text
    assert 'value="Pat"' in wrong.text, "what was typed is still there"
    answer = post(clerk, f"scan/?id={key}", step="sign_off", version="1", porter="Pat")
    assert answer.headers["Location"] == f"{PLACE}scan/?porter=Pat"
    other = leaving("Next Ned")
    with app.app_context():
        assert db.session.get(Leaving, key).porter == "Pat"  # type: ignore[union-attr]
        following = db.session.get(Leaving, other).number  # type: ignore[union-attr]
    assert 'value="Pat"' in scan(clerk, number=following, porter="Pat").text


def test_a_second_scan_is_told_who_and_when(app: Flask, as_user: AsUser, leaving: Callable[..., int]) -> None:
    """Two doors at once: one wins; and a code that wasn't printed here opens nothing."""
    key, clara, libby = leaving("Twice Tom"), as_user("clara"), as_user("libby")
    with app.app_context():
        number = db.session.get(Leaving, key).number  # type: ignore[union-attr]
    for client in (clara, libby):
        assert "May pass" in scan(client, number=number).text
    assert post(clara, f"scan/?id={key}", step="sign_off", version="1", porter="Pat").status_code == 302
    late = post(libby, f"scan/?id={key}", step="sign_off", version="1", porter="Lou")
    assert late.status_code == 409
    told = BeautifulSoup(late.text, "html.parser").select_one(".verdict.stop")
    assert told is not None
    assert all(words in told.get_text() for words in ("Left", "Clara", "Pat"))
    assert "Open again" not in told.get_text()
    for asked in ({"number": "LV-209901-0001"}, {"id": key}, {"id": key, "mark": "0" * 16}, {"id": 10**9}):
        forged = scan(clara, **asked)
        assert forged.status_code == 404, asked
        assert "May pass" not in forged.text
    assert acts(app, key)[1:] == [("step:sign_off", None), ("refused:sign_off", None)]
