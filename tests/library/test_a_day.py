"""A library's day on the engine: what a declared form gets without another line. Run by
tests/app/test_another_trade.py in a process of its own.
"""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from conftest import sender, token, workbook
from flask import Flask
from flask.testing import FlaskClient
from library_loan import LibraryLoan
from library_room import RoomBooking

from app.ground import clock
from app.ground.database import db
from app.keep import history

AsUser = Callable[[str], FlaskClient]
Lend = Callable[..., int]
PLACE = "/admin/library_loan/"
post = sender(PLACE)


def of(app: Flask, key: int) -> Any:
    """What the database holds of a loan."""
    with app.app_context():
        loan = db.session.get(LibraryLoan, key)
        assert loan is not None
        return loan.number, loan.state, loan.version, loan.fine, loan.due_at


def test_it_is_one_file_of_sixty_lines_and_nothing_of_another_trade() -> None:
    source = Path(__file__).with_name("library_loan.py").read_text()
    assert len(source.splitlines()) <= 60
    assert not any(name == "models" or name.startswith("models.") for name in sys.modules)


def test_lent_listed_found_taken_back(app: Flask, as_user: AsUser, lend: Lend) -> None:
    key = lend("Water Margin")
    number, state, _version, _fine, due_at = of(app, key)
    assert number == f"LN-{clock.today():%Y%m}-{number[-4:]}"
    assert (state, due_at) == ("out", clock.day_end(clock.today().replace(2026, 12, 20)))
    clerk = as_user("clara")
    assert number in clerk.get(PLACE).text
    assert number in clerk.get("/search?q=Margin", follow_redirects=True).text
    page = clerk.get(f"{PLACE}details/?id={key}").text
    assert "139 **** 1234" in page
    assert "Take back" in page
    assert post(clerk, f"step/take_back/?id={key}", remark="clean").status_code == 302
    assert of(app, key)[1] == "back"
    assert post(clerk, f"step/take_back/?id={key}").status_code == 403, "taken back twice"


def test_what_stands_in_the_way_is_said(app: Flask, as_user: AsUser, lend: Lend) -> None:
    key = lend(
        "Journey to the West",
        **{
            "damages-count": "2",
            "damages-0-what": "torn",
            "damages-0-cost": "3.10",
            "damages-1-what": "wet",
            "damages-1-cost": "0.20",
        },
    )
    assert str(of(app, key)[3]) == "3.30"
    clerk = as_user("clara")
    assert "The fine comes first." in post(clerk, f"step/take_back/?id={key}").text
    librarian = as_user("libby")
    refused = librarian.get(f"{PLACE}step/take_back/?id={key}")
    assert refused.status_code == 403
    assert "Clara" in refused.text
    second = post(clerk, "new/", book="Journey to the West", reader="Bob", due_on="2026-12-20")
    assert second.status_code == 422
    assert "This book is out already." in second.text


def test_masks_and_a_logged_look(app: Flask, as_user: AsUser, lend: Lend) -> None:
    key = lend("Dream of the Red Chamber")
    librarian, clerk = as_user("libby"), as_user("clara")
    assert post(clerk, f"reveal/?id={key}&field=phone").status_code == 403
    assert "13900001234" in post(librarian, f"reveal/?id={key}&field=phone").text
    with app.app_context():
        assert [line.act for line in history.lines("library_loan", key)][-1] == "look:phone"


def test_a_stale_save_and_a_double_one(app: Flask, as_user: AsUser, lend: Lend) -> None:
    key = lend("Three Kingdoms")
    clerk, token_ = as_user("clara"), "d" * 32
    boxes = {"book": "Three Kingdoms", "reader": "Ada Reader", "phone": "13900001234", "due_on": "2026-12-20"}
    assert post(clerk, f"edit/?id={key}", **{**boxes, "reader": "Eve"}, version="1").status_code == 302
    stale = post(as_user("paul"), f"edit/?id={key}", **{**boxes, "reader": "Mallory"}, version="1")
    assert stale.status_code == 409
    assert "Eve" in stale.text
    assert "Mallory" in stale.text
    made = {
        post(clerk, "new/", **{**boxes, "book": "Outlaws"}, submission=token_).headers["Location"]
        for _time in range(2)
    }
    assert len(made) == 1


def test_out_to_excel_and_in_again(app: Flask, as_user: AsUser, lend: Lend) -> None:
    key = lend("Tang poems")
    librarian = as_user("libby")
    sheet = librarian.get(f"{PLACE}export/xlsx/").data
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    assert any("Tang poems" in [cell.value for cell in row] for sheet in book for row in sheet.iter_rows())
    preview = librarian.post(
        f"{PLACE}import/",
        data={"csrf_token": token(librarian, "/profile"), "sheet": (io.BytesIO(sheet), "a.xlsx")},
    )
    assert "there is nothing to do" in preview.text, preview.text
    small = workbook(
        ["Number", "Book", "Reader", "Due on"],
        [of(app, key)[0], "Tang poems, volume 2", "", ""],
        ["", "Song poems", "Carol", "2026-12-24"],
    )
    clerk = as_user("clara")
    send = {"csrf_token": token(clerk, "/profile"), "sheet": (io.BytesIO(small), "b.xlsx")}
    preview = clerk.post(f"{PLACE}import/", data=send)
    assert "Song poems" not in clerk.get(PLACE).text, "nothing is written before it is confirmed"
    assert "Tang poems, volume 2" in preview.text
    (mark,) = re.findall(r'name="submission" value="([0-9a-f]{32})"', preview.text)
    agreed = {"csrf_token": send["csrf_token"], "confirm": "1", "submission": mark}
    assert clerk.post(f"{PLACE}import/", data=agreed).status_code == 302
    listed = clerk.get(PLACE).text
    assert "Song poems" in listed
    assert "Tang poems, volume 2" in listed


def test_on_paper(as_user: AsUser, lend: Lend) -> None:
    key = lend("Analects")
    clerk = as_user("clara")
    sheet, register = clerk.get(f"{PLACE}print/?id={key}").text, clerk.get(f"{PLACE}print/").text
    for text in ("Loan of a book", "LIB-7", "Main library", "Analects", "<svg"):
        assert text in sheet
    assert "Analects" in register
    assert "13900001234" not in sheet + register


def test_a_photo_of_it(as_user: AsUser, lend: Lend) -> None:
    from PIL import Image

    key, photo = lend("Mencius"), io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(photo, "JPEG")
    clerk = as_user("clara")
    post(clerk, f"attach/?id={key}", file=(io.BytesIO(photo.getvalue()), "cover.jpg"))
    page = clerk.get(f"{PLACE}details/?id={key}").text
    assert "/file/?id=" in page.replace("&amp;", "&")
    refused = post(clerk, f"attach/?id={key}", file=(io.BytesIO(b"MZ\x90\x00"), "virus.jpg"))
    assert refused.status_code == 302


def test_by_the_selection(app: Flask, as_user: AsUser, lend: Lend) -> None:
    keys = [lend(f"Volume {at}") for at in range(3)]
    clerk = as_user("clara")
    answer = post(
        clerk, "action/", action="take_back", asked="1", remark="", rowid=[*map(str, keys), "999999"]
    )
    assert answer.status_code in (200, 302)
    assert {of(app, key)[1] for key in keys} == {"back"}


def test_menu_home_guide_and_search_speak_of_this_trade_alone(app: Flask, as_user: AsUser) -> None:
    clerk = as_user("clara")
    home, guide, search = (clerk.get(place).text for place in ("/", "/guide", "/search"))
    assert "<h3>Library</h3>" in home
    assert "Booking of a room today" in home
    assert "A room is kept for a day." in guide
    assert "Type a name, a whole phone number" in search
    assert 'placeholder="Search name, phone, number …"' in search
    for word in ("unit", "Unit", "complaint", "owner", "repair"):
        assert not re.search(rf"\b{word}", re.sub("<[^>]*>", "", home + guide + search)), word
    assert "--create-units" not in app.test_cli_runner().invoke(args=["import", "--help"]).output


def test_the_commands_know_it(app: Flask) -> None:
    run = app.test_cli_runner()
    forms = {load["name"]: load for load in json.loads(run.invoke(args=["forms", "--json"]).output)}
    loan = forms["library_loan"]
    assert (loan["code"], loan["prefix"], list(loan["states"])[:2]) == ("LIB-7", "LN", ["out", "back"])
    (step,) = [step for step in loan["steps"] if step["name"] == "take_back"]
    assert (step["from"], step["to"], step["clauses"]) == (["out"], ["back"], ["C1"])
    duties = {load["clause"]: load for load in json.loads(run.invoke(args=["duties", "--json"]).output)}
    assert duties["C1"]["role"] == "clerk"
    assert any("library_loan" in str(duty) for duty in duties["C1"]["opens"])


def test_the_history_holds(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["history", "verify"])
    assert result.exit_code == 0, result.output
    with app.app_context():
        db.session.execute(
            db.text("UPDATE history SET act = 'x' WHERE form = 'library_loan' AND seq = 1 AND record_id = 1")
        )
        db.session.commit()
    result = app.test_cli_runner().invoke(args=["history", "verify"])
    assert result.exit_code == 1
    assert "LN-" in result.output


def test_what_follows_from_a_declaration_isnt_asked_again(app: Flask, as_user: AsUser) -> None:
    """A booking lies on the floor it names, its day ends with the day, its price is whole in cents, and who
    checked doesn't give.
    """
    post = sender("/admin/room_booking/")
    boxes = {"floor": "Ground floor", "reader": "Ada Reader", "on": "2026-12-20", "hours": "2"}
    made = post(as_user("clara"), "new/", **boxes)
    key = int(made.headers["Location"].rsplit("=", 1)[1])
    with app.app_context():
        booking = db.session.get(RoomBooking, key)
        assert booking is not None
        floor = booking.floor
        assert (booking.area_id, floor.code_name, str(booking.price)) == (floor.id, "Ground floor", "0.73")
        assert booking.due_at == clock.day_end(booking.on)
    assert post(as_user("clara"), "new/", **{**boxes, "floor": "First floor"}).status_code in (403, 422), (
        "another's floor"
    )
    assert post(as_user("clara"), f"step/look/?id={key}", version="1").status_code == 302
    refused = post(as_user("clara"), f"step/give/?id={key}", version="2")
    assert (refused.status_code, "second person" in refused.text) == (403, True)
    assert post(as_user("libby"), f"step/give/?id={key}", version="2").status_code == 302
