"""A form of sixty lines has everything the engine has: each of it over HTTP, in both languages. Run by
tests/app/test_another_trade.py in a process of its own.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from conftest import sender, token, workbook
from flask import Flask
from flask.testing import FlaskClient
from library_binding import Binding
from PIL import Image

from app.ground import clock
from app.ground.database import db
from app.keep import history

AsUser = Callable[[str], FlaskClient]
PLACE = "/admin/binding/"
post = sender(PLACE)
BOXES = {"floor": "Ground floor", "ready_on": "2026-12-20", "cover": "cloth", "dye": "red"}


def of(app: Flask, key: int) -> Any:
    """What the database holds of a slip."""
    with app.app_context():
        slip = db.session.get(Binding, key)
        assert slip is not None
        return slip.number, slip.state, str(slip.total), slip.dye, slip.due_at, slip.ready_on, slip.pages


def photo() -> tuple[io.BytesIO, str]:
    """A photo, as a browser sends it."""
    data = io.BytesIO()
    Image.effect_noise((40, 30), 60).save(data, "JPEG")
    return io.BytesIO(data.getvalue()), "bound.jpg"


@pytest.fixture
def brought(as_user: AsUser) -> Callable[..., int]:
    """Brings a book to the binder; the slip's id."""

    def bring(book: str, **typed: str) -> int:
        answer = post(as_user("clara"), "new/", **{**BOXES, "book": book, **typed})
        assert answer.status_code == 302, answer.text
        return int(answer.headers["Location"].rsplit("=", 1)[1])

    return bring


@pytest.fixture
def bound(as_user: AsUser, brought: Callable[..., int]) -> Callable[..., int]:
    """Brings a book and has the clerk bind it; the slip's id."""

    def bind(book: str) -> int:
        key, clerk = brought(book), as_user("clara")
        assert post(clerk, f"step/give/?id={key}", binder="Paul", pages="120").status_code == 302
        work = {"works-count": "2", "works-0-what": "sewing", "works-0-cost": "30.10"}
        work |= {"works-1-what": "glue", "works-1-cost": "0.20"}
        sent = {"pages": "118", "photos:bound": photo(), **work}
        answer = post(clerk, f"step/finish/?id={key}", **sent)
        assert answer.status_code == 302, answer.text
        return key

    return bind


def test_it_is_sixty_lines_as_the_formatter_leaves_them_in_both_languages(as_user: AsUser) -> None:
    lines = Path(__file__).with_name("library_binding.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60
    assert all(len(line) <= 110 for line in lines)
    clerk = as_user("clara")
    assert "Ready on" in clerk.get(f"{PLACE}new/").text
    mark = token(clerk, "/profile")
    clerk.post("/language", data={"csrf_token": mark, "locale": "zh_Hans_CN"})
    page = clerk.get(f"{PLACE}new/").text
    clerk.post("/language", data={"csrf_token": mark, "locale": "en"})
    assert "完成日期" in page
    assert "Ready on" not in page


def test_entry_with_a_conditional_box_a_days_end_and_its_area(
    app: Flask, as_user: AsUser, brought: Callable[..., int]
) -> None:
    clerk = as_user("clara")
    missing = post(clerk, "new/", **{**BOXES, "book": "Maps", "dye": ""})
    assert missing.status_code == 422
    assert "Needed." in missing.text
    key = brought("Paper maps", cover="paper", dye="green")
    number, state, _total, dye, due_at, ready_on, _pages = of(app, key)
    assert (state, dye, due_at) == ("brought", None, clock.day_end(ready_on)), "paper isn't dyed"
    assert number.startswith("BD-")
    other = post(clerk, "new/", **{**BOXES, "book": "Maps", "floor": "First floor"})
    assert other.status_code in (403, 422), "another's floor"
    version = re.search(r'name="version" value="(\d+)"', clerk.get(f"{PLACE}edit/?id={key}").text)
    assert version is not None
    edited = {**BOXES, "book": "Paper maps, mended", "version": version[1]}
    assert post(clerk, f"edit/?id={key}", **edited).status_code == 302
    assert of(app, key)[3] == "red"


def test_list_filter_search_and_look_up(as_user: AsUser, brought: Callable[..., int]) -> None:
    brought("Star charts")
    brought("Sea charts", cover="leather")
    clerk = as_user("clara")
    listed = clerk.get(f"{PLACE}?cover=leather").text
    assert "Sea charts" in listed
    assert "Star charts" not in listed
    assert "Star charts" in clerk.get(f"{PLACE}?search=star").text
    assert "Star charts" in clerk.get("/search?q=Star", follow_redirects=True).text
    assert "Ground floor" in clerk.get("/admin/area/look_up/?q=Ground").text
    suggestions = clerk.get(f"{PLACE}look_up/?q=BD-").get_json()["found"]
    assert any(row["label"].startswith("BD-") for row in suggestions)


def test_steps_with_photos_a_total_and_a_second_person(
    app: Flask, as_user: AsUser, bound: Callable[..., int]
) -> None:
    key = bound("Herbals")
    number, state, total, _dye, _due, _ready, pages = of(app, key)
    assert (state, total, pages) == ("bound", "30.30", 118)
    clerk, librarian = as_user("clara"), as_user("libby")
    page = clerk.get(f"{PLACE}details/?id={key}").text
    assert "/file/?id=" in page.replace("&amp;", "&")
    refused = post(clerk, f"step/shelve/?id={key}")
    assert (refused.status_code, "second person" in refused.text) == (403, True)
    assert post(librarian, f"step/send_back/?id={key}", remark="crooked").status_code == 302
    assert of(app, key)[1] == "given"
    with app.app_context():
        acts = [line.act for line in history.lines("binding", key)]
    assert acts == ["create", "step:give", "step:finish", "refused:shelve", "step:send_back"]
    told = BeautifulSoup(librarian.get(f"{PLACE}details/?id={key}").text, "html.parser").select(".history li")
    assert "crooked" in told[0].get_text()
    assert number not in app.test_cli_runner().invoke(args=["history", "verify"]).output


def test_over_a_selection(app: Flask, as_user: AsUser, bound: Callable[..., int]) -> None:
    keys, librarian = [bound(f"Volume {at}") for at in range(2)], as_user("libby")
    send = {"asked": "1", "rowid": [str(key) for key in keys]}
    mixed = post(as_user("clara"), "action/", action="shelve", **send)
    assert mixed.text.count("needs a second person") == 2
    assert post(librarian, "action/", action="shelve", **send).status_code == 302
    assert {of(app, key)[1] for key in keys} == {"shelved"}
    assert post(as_user("clara"), "action/", action="count", **send).status_code == 302
    with app.app_context():
        assert {history.lines("binding", key)[-1].act for key in keys} == {"step:count"}


def test_on_paper_out_to_excel_and_in_again(app: Flask, as_user: AsUser, bound: Callable[..., int]) -> None:
    key, clerk, librarian = bound("Psalters"), as_user("clara"), as_user("libby")
    sheet = clerk.get(f"{PLACE}print/?id={key}").text
    for text in ("Binding", "LIB-9", "Psalters", "sewing", "30.30", "<svg"):
        assert text in sheet
    assert "Psalters" in clerk.get(f"{PLACE}print/").text
    assert clerk.get(f"{PLACE}export/xlsx/").status_code == 403, "the librarian's"
    book = openpyxl.load_workbook(io.BytesIO(librarian.get(f"{PLACE}export/xlsx/").data))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "Psalters" in cells
    made = workbook(
        ["Number", "Book", "Floor", "Ready on", "Cover", "Dye"],
        ["", "Hymnals", "Ground floor", "2026-12-24", "Leather", "brown"],
        ["", "Primers", "Ground floor", "2026-12-24", "Paper", "blue"],
    )
    send = {"csrf_token": token(clerk, "/profile"), "sheet": (io.BytesIO(made), "b.xlsx")}
    preview = clerk.post(f"{PLACE}import/", data=send).text
    assert "“blue” was not taken in" in preview, "paper isn't dyed"
    (mark,) = re.findall(r'name="submission" value="([0-9a-f]{32})"', preview)
    agreed = {"csrf_token": send["csrf_token"], "confirm": "1", "submission": mark}
    assert clerk.post(f"{PLACE}import/", data=agreed).status_code == 302
    listed = clerk.get(PLACE).text
    assert "Hymnals" in listed
    assert "Primers" in listed


def test_what_is_late_is_told(as_user: AsUser, brought: Callable[..., int]) -> None:
    brought("Almanacs", ready_on="2026-01-02")
    clerk = as_user("clara")
    assert "Almanacs" in clerk.get(f"{PLACE}?state=late").text
    assert clerk.get("/").status_code == 200
