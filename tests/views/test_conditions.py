"""Boxes that are there only when another says so: in the form, in a step's dialog, in a sheet, on paper."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from office import Estate

from app.act.entry import Entry, Pairs
from app.declare import fields
from app.declare.conditions import fits, hold, not_
from app.declare.declaration import DeclarationError
from app.declare.fields import Field
from app.ground.database import db
from tests.views.test_printing import boxes
from tests.views.test_sheets import book, confirm, upload

AsUser = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    ("wanted", "value", "fit"),
    [
        ("deposit", "deposit", True),
        ("deposit", None, False),
        (("deposit", "card"), "card", True),
        (("deposit", "card"), "none", False),
        (not_("none"), "card", True),
        (not_("none", "card"), "card", False),
        (not_("none"), None, False),
        (not_("none"), "", False),
        (not_(), 7, True),
        (not_(), None, False),
        (True, True, True),
        (True, "1", False),
        (False, False, True),
        (not_(True), False, True),
        ("high", ["low", "high"], True),
        (not_("high"), ["low", "high"], False),
        (not_("high"), ["low"], True),
        (not_("high"), [], False),
        (3, "3", True),
    ],
)
def test_one_several_and_any_but(wanted: Any, value: Any, fit: bool) -> None:
    assert fits(wanted, value) is fit


class Shop:
    """A row of boxes."""

    kind = "left"
    key = None


def test_a_references_own_box_is_asked_by_its_way() -> None:
    shop = Shop()
    assert not hold({"key.kind": "left"}, shop), "there is no key"
    shop.key = Shop()  # type: ignore[assignment]
    assert hold({"key.kind": ("left", "unit")}, shop)
    assert not hold({"key.kind": not_("left")}, shop)


def box(name: str, made: Field) -> Field:
    """A box as it stands in a class."""
    return made.named(name, None, False)


PLEDGES = {"none": ("无", "None"), "deposit": ("押金", "Deposit"), "card": ("证件", "Card")}
SHOP = (
    box("pledge", fields.choice("抵押", "Pledge", PLEDGES)),
    box("amount", fields.amount("金额", "Amount", shown_when={"pledge": ("deposit", "card")})),
    box("why", fields.text("原因", "Why", required=True, shown_when={"pledge": not_("none")})),
    box("more", fields.text("更多", "More", shown_when={"amount": not_()})),
)


@pytest.mark.parametrize(
    ("pledge", "shown"),
    [("", []), ("none", []), ("card", ["amount", "why", "more"])],
)
def test_what_is_typed_shows_and_hides(office: Estate, pledge: str, shown: list[str]) -> None:
    typed = {"pledge": pledge, "amount": "5", "why": "so", "more": "and"}
    entry = Entry(office.person("specialist"), SHOP).read(Pairs(typed))
    assert [typed.name for typed in SHOP[1:] if entry.shows(typed)] == shown
    assert {name for name, value in entry.values.items() if value is not None} == {
        *shown,
        *(["pledge"] if pledge else []),
    }


def test_a_hidden_box_isnt_asked_for_and_a_shown_one_is(office: Estate) -> None:
    person = office.person("specialist")
    assert not Entry(person, SHOP).read(Pairs({"pledge": "none"})).errors
    assert set(Entry(person, SHOP).read(Pairs({"pledge": "card"})).errors) == {"why"}


def test_what_isnt_in_the_dialog_is_asked_of_the_record(office: Estate) -> None:
    class Row:
        pledge, amount, why, more = "card", None, None, None

    person, dialog = office.person("specialist"), SHOP[1:3]
    entry = Entry(person, dialog).read(Pairs({"amount": "5", "why": "so"}), Row())
    assert [entry.left_out(field) for field in dialog] == [False, False]
    Row.pledge = "none"
    entry = Entry(person, dialog).read(Pairs({"amount": "5", "why": "so"}), Row())
    assert [entry.left_out(field) for field in dialog] == [True, True]
    assert not entry.errors
    assert entry.values == {"amount": None, "why": None}


def rules(page: str, name: str) -> Any:
    """A box's conditions as its page tells the script."""
    box = BeautifulSoup(page, "html.parser").find(attrs={"name": name})
    assert box is not None
    field = box.find_parent(class_="field")
    assert field is not None
    return json.loads(str(field["data-when"])) if field.has_attr("data-when") else None


def test_the_script_is_told_of_boxes_that_are_there(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    page = client.get("/admin/key/new/").text
    assert rules(page, "room") == [
        {"box": "kind", "of": ["equipment", "public"], "not": False, "empty": False}
    ]
    page = client.get("/admin/customer/new/").text
    assert rules(page, "sex") == [{"box": "is_company", "of": [], "not": False, "empty": True}]


def test_a_sheet_says_what_has_no_place_and_takes_away_what_lost_its(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    unit, room = office.key("A-01"), office.key("B-01", kind="equipment", building=office["1栋"], room="泵房")
    db.session.rollback()
    sheet = book(["钥匙", "类别", "房间"], ["A-01", "房屋", "水井"], ["B-01", "公共区域", ""])
    page = upload(client, "key", sheet).text
    assert "“水井”未录入" in page
    assert confirm(client, "key").status_code == 302
    db.session.rollback()
    assert (unit.room, room.kind, room.room) == (None, "public", "泵房")
    upload(client, "key", book(["钥匙", "类别", "房屋"], ["B-01", "房屋", "1-1-101"]))
    assert confirm(client, "key").status_code == 302
    db.session.rollback()
    assert (room.kind, room.room, room.building) == ("unit", None, None)


def test_on_paper_a_box_that_isnt_there_is_struck(office: Estate, as_user: AsUser) -> None:
    key = office.key("A-01")
    values = boxes(as_user("specialist").get(f"/admin/key/print/?id={key.id}").text)
    assert values["房间"] == "／"
    assert values["柜号"] == ""
    order = office.order()
    office.step(order, "dispatch", "specialist", assignee=office["repairer"])
    office.step(order, "start", "specialist")
    address = f"/admin/work_order/print/?id={order.id}"
    assert boxes(as_user("specialist").get(address).text)["未修复原因"] == "", "left for the pen"


def test_boxes_that_hang_on_themselves_stop_the_start() -> None:
    from app.declare.form import Form

    with pytest.raises(DeclarationError, match="hangs on itself"):

        class Ring(Form, title=("圈", "Ring")):
            a: Any = fields.text("甲", "A", shown_when={"b": not_()})
            b: Any = fields.text("乙", "B", shown_when={"a": not_()})
