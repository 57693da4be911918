"""What a step's dialog asks for: photos that come with it, a box anew. Run by
tests/app/test_another_trade.py in a process of its own.
"""

import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from conftest import sender
from flask import Flask
from flask.testing import FlaskClient
from library_binding import Binding
from PIL import Image

from app.ground.database import db
from app.keep import attachments, history

AsUser = Callable[[str], FlaskClient]
PLACE = "/admin/binding/"
post = sender(PLACE)
WORN, BOUND = "photos:worn", "photos:bound"


def photo(colour: str = "red") -> bytes:
    """A small photo."""
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "JPEG")
    return data.getvalue()


def files(*sent: tuple[bytes, str]) -> list[tuple[io.BytesIO, str]]:
    """Files as a browser sends them."""
    return [(io.BytesIO(data), name) for data, name in sent]


@pytest.fixture
def given(as_user: AsUser) -> tuple[FlaskClient, int]:
    """A book that was given to the binder with 120 pages, and the clerk at it."""
    clerk = as_user("clara")
    boxes = {"floor": "Ground floor", "book": "Old maps", "ready_on": "2026-12-20", "cover": "paper"}
    key = int(post(clerk, "new/", **boxes).headers["Location"].rsplit("=", 1)[1])
    assert post(clerk, f"step/give/?id={key}", binder="Paul", pages="120").status_code == 302
    return clerk, key


def kept(app: Flask, key: int) -> tuple[str, int | None, list[tuple[str, str]], list[str]]:
    """A book's state and pages, its photos by kind and name, and its acts with the files that came with
    them.
    """
    with app.app_context():
        book = db.session.get(Binding, key)
        assert book is not None
        photos = [(row.kind, row.name) for row in attachments.of(book)]
        acts = [
            line.act + " +photo" * sum(name.startswith("file:") for name in line.changes)
            for line in history.lines("binding", key)
        ]
        return book.state, book.pages, photos, acts


def box(page: str, name: str) -> Any:
    """A box of a dialog."""
    return BeautifulSoup(page, "html.parser").select_one(f'form[data-step] [id="{name}"]')


def test_a_dialog_takes_photos(app: Flask, given: tuple[FlaskClient, int]) -> None:
    clerk, key = given
    page = clerk.get(f"{PLACE}step/finish/?id={key}").text
    form = BeautifulSoup(page, "html.parser").select_one("form[data-step]")
    assert form is not None
    assert form["enctype"] == "multipart/form-data"
    inputs = box(page, BOUND).select("input[type=file]")
    assert [input.get("capture") for input in inputs] == ["environment", None], (
        "on the phone the camera opens"
    )
    sent = {BOUND: files((photo(), "front.jpg"), (photo("blue"), "back.jpg"))}
    assert post(clerk, f"step/finish/?id={key}", pages="118", **sent).status_code == 302
    assert kept(app, key) == (
        "bound",
        118,
        [("bound", "front.jpg"), ("bound", "back.jpg")],
        ["create", "step:give", "step:finish +photo +photo"],
    )
    assert "BD-" not in app.test_cli_runner().invoke(args=["history", "verify"]).output


def test_without_the_photo_it_isnt_taken(app: Flask, given: tuple[FlaskClient, int]) -> None:
    clerk, key = given
    answer = post(clerk, f"step/finish/?id={key}", pages="118")
    assert answer.status_code == 422
    assert "Needed." in box(answer.text, BOUND).find_parent(class_="field").get_text()
    assert kept(app, key)[0] == "given"
    add = {"file": files((photo(), "front.jpg")), "kind": "bound"}
    assert post(clerk, f"attach/?id={key}", **add).status_code == 302
    assert post(clerk, f"step/finish/?id={key}", pages="118").status_code == 302, "it was there already"


def test_one_bad_photo_is_told_and_nothing_else_is_lost(app: Flask, given: tuple[FlaskClient, int]) -> None:
    clerk, key = given
    sent = {BOUND: files((photo(), "front.jpg"), (b"MZ\x90\x00", "back.jpg"))}
    answer = post(clerk, f"step/finish/?id={key}", pages="118", **sent)
    assert answer.status_code == 422
    field = box(answer.text, BOUND).find_parent(class_="field")
    assert "back.jpg is neither a photo" in field.get_text()
    assert box(answer.text, "pages")["value"] == "118"
    (mark,) = [ticked["value"] for ticked in field.select("input[type=checkbox]")]
    assert "front.jpg" in field.get_text()
    assert kept(app, key)[::2] == ("given", [])
    assert post(clerk, f"step/finish/?id={key}", pages="118", **{BOUND: mark}).status_code == 302
    assert kept(app, key)[2] == [("bound", "front.jpg")]


def test_a_wrong_box_loses_no_photo(app: Flask, given: tuple[FlaskClient, int]) -> None:
    clerk, key = given
    answer = post(clerk, f"step/finish/?id={key}", pages="many", **{BOUND: files((photo(), "front.jpg"))})
    assert answer.status_code == 422
    (mark,) = re.findall(r'type="checkbox" name="photos:bound" value="([^"]+)"', answer.text)
    more = {BOUND: [html.unescape(mark), *files((photo("blue"), "back.jpg"))]}
    assert post(clerk, f"step/finish/?id={key}", pages="118", **more).status_code == 302
    assert [name for _kind, name in kept(app, key)[2]] == ["front.jpg", "back.jpg"]


def test_anothers_photo_isnt_taken_by_its_mark(
    app: Flask, given: tuple[FlaskClient, int], as_user: AsUser
) -> None:
    clerk, key = given
    answer = post(clerk, f"step/finish/?id={key}", pages="", **{BOUND: files((photo(), "front.jpg"))})
    (mark,) = re.findall(r'type="checkbox" name="photos:bound" value="([^"]+)"', answer.text)
    for forged in (mark, mark[:-2] + "xx", "x"):
        refused = post(as_user("libby"), f"step/finish/?id={key}", pages="118", **{BOUND: forged})
        assert refused.status_code == 422
    assert kept(app, key)[::2] == ("given", [])


def test_a_step_refused_keeps_no_photo(app: Flask, given: tuple[FlaskClient, int]) -> None:
    clerk, key = given
    sent = {BOUND: files((photo(), "front.jpg"))}
    assert post(clerk, f"step/finish/?id={key}", pages="118", version="1", **sent).status_code == 422
    assert kept(app, key)[::2] == ("given", [])


def test_what_may_stay_empty_may(app: Flask, as_user: AsUser) -> None:
    clerk = as_user("clara")
    boxes = {"floor": "Ground floor", "book": "New maps", "ready_on": "2026-12-20", "cover": "paper"}
    key = int(post(clerk, "new/", **boxes).headers["Location"].rsplit("=", 1)[1])
    sent = {"binder": "Paul", "pages": "3", WORN: files((photo("green"), "cover.jpg"))}
    assert post(clerk, f"step/give/?id={key}", **sent).status_code == 302
    assert kept(app, key)[2] == [("worn", "cover.jpg")]


def test_a_box_is_asked_anew(app: Flask, given: tuple[FlaskClient, int]) -> None:
    clerk, key = given
    page = clerk.get(f"{PLACE}step/finish/?id={key}").text
    assert box(page, "pages")["value"] == "", "120 stands in the record"
    answer = post(clerk, f"step/finish/?id={key}", pages="", **{BOUND: files((photo(), "front.jpg"))})
    assert answer.status_code == 422
    assert "Needed." in box(answer.text, "pages").find_parent(class_="field").get_text()
    assert kept(app, key)[1] == 120
