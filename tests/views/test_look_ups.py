"""What a person types where a record is meant names one, or is refused; it is never taken for an inner id."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bringing import book
from flask import Flask
from flask.testing import FlaskClient
from office import Estate, WrongBoxes
from sending import ORDER, asked_of, boxes, send, told

from app.declare.record import registry
from app.ground.database import db
from app.sheets import bringing_in
from app.sheets.assigning import Way
from app.workbook.sheet_reader import open_workbook

AsUser = Callable[[str], FlaskClient]
NO_SUCH = "没有这条记录"


def all_of(form: str) -> list[Any]:
    """Every record of a form."""
    db.session.rollback()
    return list(db.session.execute(db.select(registry[form]).order_by(registry[form].id)).scalars())


def brought(office: Estate, form: str, name: str, *rows: tuple[Any, ...]) -> Any:
    """What came of a sheet."""
    with office.writing():
        workbook = open_workbook(book(*rows), "a.xlsx")
        return bringing_in.bring_in(form, workbook, office.person(name), Way(dry_run=False))


def test_a_number_typed_is_no_inner_id(as_user: AsUser, office: Estate) -> None:
    """In a new form and an edited one, without the hidden box and with an empty one."""
    client, keeper, order = as_user("frontdesk"), as_user("specialist"), office.order()
    for key in sorted(
        {office[text] for text in ("1-1-101", "1-1-102", "2-1-201", "1栋", "2栋", "specialist")}
    ):
        for box in ("unit", "building"):
            for more in ({}, {f"{box}-id": ""}):
                answer = send(
                    client, "/admin/work_order/new/", {**ORDER, "public_area": "大堂", box: str(key), **more}
                )
                assert (
                    answer.status_code == 422 or all_of("work_order")[-1].building_id == office[f"{key}栋"]
                ), (box, key)
                if box == "unit":
                    assert [sentence for sentence in told(answer.text) if NO_SUCH in sentence], (
                        key,
                        told(answer.text),
                    )
                    assert boxes(answer.text)["unit"] == str(key), "what was typed is still there"
        had = boxes(keeper.get(f"/admin/work_order/edit/?id={order.id}").text)
        answer = send(
            keeper,
            f"/admin/work_order/edit/?id={order.id}",
            {**had, "category": "water", "unit": str(key), "unit-id": ""},
        )
        assert answer.status_code == 422, key


def test_a_text_beside_the_id_of_another_counts(as_user: AsUser, office: Estate) -> None:
    """Without a script the hidden box keeps its id while the text is typed anew."""
    client, order = as_user("specialist"), office.order()
    had = boxes(client.get(f"/admin/work_order/edit/?id={order.id}").text)
    assert (had["unit"], had["unit-id"]) == ("1-1-101", str(office["1-1-101"]))
    typed = {**had, "category": "water", "channel": "phone", "urgency": "normal", "extent": "small"}
    assert (
        send(client, f"/admin/work_order/edit/?id={order.id}", {**typed, "unit": "9-9-999"}).status_code
        == 422
    )
    assert (
        send(client, f"/admin/work_order/edit/?id={order.id}", {**typed, "unit": "1-1-102"}).status_code
        == 302
    )
    assert [order.unit_id for order in all_of("work_order")] == [office["1-1-102"]]


def test_a_number_in_an_address_is_no_inner_id(as_user: AsUser, office: Estate) -> None:
    client, key = as_user("frontdesk"), office["1-1-101"]
    office.order()
    filled = boxes(client.get(f"/admin/work_order/new/?unit={key}").text)
    assert (filled["unit"], filled["unit-id"]) == (str(key), "")
    for address in (f"unit-id={key}", "unit=1-1-101"):
        filled = boxes(client.get(f"/admin/work_order/new/?{address}").text)
        assert (filled["unit"], filled["unit-id"]) == ("1-1-101", str(key)), address
        assert "厨房水管漏水" in client.get(f"/admin/work_order/?{address}").text, address
    page = client.get(f"/admin/work_order/?unit={key}").text
    assert "厨房水管漏水" not in page
    assert re.search(rf"房屋：\s*{key}\b", page), "what was asked for is said, and can be cleared"


def test_a_number_in_a_sheet_is_no_inner_id(office: Estate) -> None:
    """A unit's building, a key's unit: named, or a problem in its cell."""
    heads = ("房屋", "楼栋", "类别", "用途")
    outcome = brought(
        office, "unit", "supervisor", heads, ("71-1-101", float(office["3栋"]) + 90, "住宅", "自住")
    )
    assert [(problem.row, problem.column) for problem in outcome.problems] == [(2, "B")]
    heads = ("钥匙", "类别", "房屋", "套别", "柜号", "可外借", "留存委托书")
    rows = [
        (f"户{at}", "业主留存", typed, "封袋", "9柜1号", "是", "委托书")
        for at, typed in enumerate(("101", float(office["1-1-102"])))
    ]
    outcome = brought(office, "key", "specialist", heads, *rows)
    assert [(problem.row, problem.column) for problem in outcome.problems] == [(2, "C"), (3, "C")]
    assert all_of("key") == []


def test_what_hangs_on_a_box_outside_a_sheet_looks_at_the_record(office: Estate) -> None:
    """A key's room, told without its kind."""
    key = office.key("泵房", kind="public", unit="", building=office["1栋"], room="水泵房")
    outcome = brought(office, "key", "specialist", ("钥匙", "房间"), ("泵房", "二号水泵房"))
    assert outcome.count("changed") == 1
    db.session.refresh(key)
    assert (key.room, key.building_id) == ("二号水泵房", office["1栋"])
    unit = office.key("户门")
    outcome = brought(office, "key", "specialist", ("钥匙", "房间"), ("户门", "水泵房"))
    assert outcome.count("changed") == 0
    db.session.refresh(unit)
    assert unit.room is None, "a unit's key has no room"


def test_what_hangs_on_a_box_outside_a_step_looks_at_the_record(
    office: Estate, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step asks for the reason alone; whether there was a signature stands in the record."""
    cls: Any = registry["work_order"]
    order = office.order()
    office.step(order, "dispatch", "specialist", assignee=office["specialist"])
    press = replace(cls.steps["press"], asks=("unsigned_because?",))
    monkeypatch.setitem(cls.steps, "press", press)
    office.step(order, "press", "specialist", unsigned_because="客户不在家")
    assert order.unsigned_because == "客户不在家"
    address = f"/admin/work_order/step/press/?id={order.id}"
    assert boxes(as_user("specialist").get(address).text)["unsigned_because"] == "客户不在家"
    office.step(order, "press", "specialist", unsigned_because="客户出差")
    with office.writing():
        order.customer_signed = True
    assert "unsigned_because" not in boxes(as_user("specialist").get(address).text), (
        "the record has no such box"
    )
    office.step(order, "press", "specialist", unsigned_because="别的")
    assert order.unsigned_because == "客户出差", "what stood there stays"


def test_nobody_is_taken_by_a_name_that_two_have(office: Estate) -> None:
    for _time in range(2):
        office.create("customer", "specialist", full_name="张伟")
    with pytest.raises(WrongBoxes) as wrong:
        office.order(customer="张伟")
    assert list(wrong.value.errors) == ["customer"]


SPELLINGS = (
    "3-1-1102",
    "3栋1单元1102",
    "3#1-1102",
    "3号楼1单元1102室",
    "3幢1单元1102",
    "三栋一单元1102",
    "3.1.1102",
    "３－１－１１０２",
    "3栋 1单元 1102",
    "3#1102",
)


def offered(client: FlaskClient, form: str, words: str) -> list[tuple[str, bool]]:
    """What a look-up offers: label, and whether it is what the words name."""
    answer = client.get(f"/admin/{form}/look_up/", query_string={"q": words}).json
    return [(suggestion["label"], suggestion["exact"]) for suggestion in answer["found"]]  # type: ignore[index]


@pytest.mark.parametrize("words", SPELLINGS)
def test_a_unit_is_found_as_it_is_said(as_user: AsUser, office: Estate, words: str) -> None:
    """By look-up, by search, and without a script by the text alone; the import's own reader reads it."""
    office.create("unit", "supervisor", code_name="13-1-1102", building=office["3栋"])
    order = office.order(unit=office["3-1-1102"])
    client = as_user("frontdesk")
    assert offered(client, "unit", words)[0] == ("3-1-1102", True)
    page = client.get("/search", query_string={"q": words})
    assert page.status_code == 302 or order.number in page.text
    assert order.number in client.get("/admin/work_order/", query_string={"search": words}).text
    assert send(client, "/admin/work_order/new/", {**ORDER, "unit": words}).status_code == 302
    assert all_of("work_order")[-1].unit_id == office["3-1-1102"]


def test_what_is_not_all_of_a_unit_finds_texts_as_before(as_user: AsUser, office: Estate) -> None:
    order = office.order(unit="", public_area="3栋1单元门口", description="3栋1单元1102门前灯不亮")
    client = as_user("frontdesk")
    for words in ("3栋1单元", "3栋1单元1102", "门前灯"):
        assert order.number in client.get("/admin/work_order/", query_string={"search": words}).text, words


def test_the_exact_one_comes_first(as_user: AsUser, office: Estate) -> None:
    """The door, the code, the name; a number of three digits with its nought."""
    for code in ("1-1-0201", "1-1-10", "3-1-0329", "3-1-11020", "1-10-201"):
        office.create("unit", "supervisor", code_name=code, building=office["3栋"])
    for name in ("张伟明", "张伟", "小张伟"):
        office.create("customer", "specialist", full_name=name)
    client = as_user("frontdesk")
    assert offered(client, "unit", "1102")[0] == ("3-1-1102", False), (
        "a door is shown first, and left for the person to choose"
    )
    assert offered(client, "unit", "1-1-10")[0] == ("1-1-10", True)
    assert [label for label, _exact in offered(client, "unit", "329")] == ["3-1-0329"]
    assert offered(client, "unit", "3-1-329")[0] == ("3-1-0329", True)
    assert [label for label, _exact in offered(client, "customer", "张伟")] == ["张伟", "张伟明", "小张伟"]
    assert [exact for _label, exact in offered(client, "customer", "张伟")] == [True, False, False]
    assert "3-1-0329" in client.get("/search?q=329", follow_redirects=True).text


def test_a_building_is_named_by_its_number(office: Estate) -> None:
    """By the office's own reading; a phase before it, or a number that two have, names none."""
    office.create("building", "manager", code_name="45栋")
    heads = ("房屋", "楼栋", "类别", "用途")
    outcome = brought(
        office,
        "unit",
        "supervisor",
        heads,
        ("45-1-101", 45.0, "住宅", "自住"),
        ("45-1-102", "四十五号楼", "住宅", "自住"),
    )
    assert (outcome.count("created"), outcome.problems) == (2, [])
    for text in ("一期45栋", "二期45", "145", "5"):
        outcome = brought(office, "unit", "supervisor", heads, ("45-1-103", text, "住宅", "自住"))
        assert [problem.column for problem in outcome.problems] == ["B"], text
    office.create("building", "manager", code_name="45号楼")
    outcome = brought(office, "unit", "supervisor", heads, ("45-1-103", "45", "住宅", "自住"))
    assert [problem.column for problem in outcome.problems] == ["B"]


@pytest.mark.parametrize(
    ("form", "one_of_them", "all_of_them", "beside"),
    [("unit", "1-1-101", "1-", "FROM owner_register"), ("key", "A-0", "A-", "FROM unit")],
)
def test_what_stands_beside_suggestions_is_asked_for_all_together(
    office: Estate,
    app: Flask,
    as_user: AsUser,
    form: str,
    one_of_them: str,
    all_of_them: str,
    beside: str,
) -> None:
    """A unit's owners, a key's place: the database is asked no oftener for several than for one."""
    for at, code in enumerate(("1-1-101", "1-1-102")):
        office.key(f"A-{at}", unit=office[code])
    client, counts = as_user("manager"), []
    for typed in (one_of_them, all_of_them):
        with asked_of(app) as asked:
            rows = client.get(f"/admin/{form}/look_up/?q={typed}").get_json()["found"]
        counts.append((len(rows), sum(beside in " ".join(said.split()) for said in asked)))
    (few, for_one), (several, for_all) = counts
    assert few < several
    assert for_all <= for_one <= 1, counts
