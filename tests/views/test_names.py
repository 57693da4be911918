"""A name box takes no telephone, no ID number and no day, in the panel and by import: everybody would read
them.
"""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import Estate, WrongBoxes, lines
from sending import COMPLAINT, ORDER, chinese, send, told

from app.declare.kind import NameKind
from app.declare.record import registry
from app.ground.database import db
from tests.models.register_workbooks import plain

AsUser = Callable[[str], FlaskClient]
NUMBERS = (
    "13911600001",
    "139 1160 0001",
    "+86 139-1160-0001",
    "１３９１１６００００１",
    "62345678",
    "6234-5678",
    "0755-62345678",
    "400-820-8820",
    "11010519491231002X",
    "110105 19491231 002x",
    "110105491231002",
    "李某13911600004",
    "李某（139.1160.0004）",
    "2020-01-02",
    "2020年1月2日",
    "1986/3/5",
    "139\u200b1160\u200b0001",
)
LAWFUL = (
    "王建国",
    "3-2",
    "7天酒店",
    "1919酒类直供",
    "58到家",
    "12-1-1102业主",
    "O'Neill-2",
    "360安全",
    "欧阳明月",
    "第3中学（2026级）",
)


@pytest.mark.parametrize("name", NUMBERS)
def test_no_number_is_a_name(office: Estate, as_user: AsUser, name: str) -> None:
    client = as_user("frontdesk")
    answer = send(
        client,
        "/admin/work_order/new/",
        {**ORDER, "unit": "", "unit-id": str(office["1-1-101"]), "reporter": name},
    )
    assert answer.status_code == 422
    assert any(
        chinese(sentence) and "报修人" in sentence and name not in sentence for sentence in told(answer.text)
    ), told(answer.text)
    assert client.get("/admin/work_order/").text.count("details/?id=") == 0
    with pytest.raises(WrongBoxes):
        office.create(
            "owner_register",
            "specialist",
            unit=office["1-1-101"],
            **lines("people", {"kind": "owner", "full_name": name}),
        )


def test_every_box_of_a_name_is_such_a_box(office: Estate) -> None:
    boxes = [
        (cls.name, box)
        for cls in registry.values()
        for field in cls.fields.values()
        for box in (field.kind.line.fields.values() if field.is_lines else [field])
        if isinstance(box.kind, NameKind)
    ]
    assert {form for form, _one in boxes} >= {
        "user",
        "customer",
        "work_order",
        "complaint",
        "key_loan",
        "owner_register",
    }
    for _form, box in boxes:
        with pytest.raises(ValueError, match=r"电话|telephone"):
            box.kind.parse("13911600001")


@pytest.mark.parametrize("name", LAWFUL)
def test_a_name_may_have_digits_of_its_own(office: Estate, name: str) -> None:
    assert office.order(reporter=name).reporter == name
    people = lines("people", {"kind": "owner", "full_name": name})
    assert office.create("owner_register", "specialist", unit=office["1-1-101"], **people).owners == name


def test_a_sheet_with_numbers_for_names_is_refused_line_by_line(office: Estate, as_user: AsUser) -> None:
    sheet = plain(
        ("1-1-101", 13911600001.0, "13911600001", None, None),
        ("1-1-102", "11010519491231002X", None, None, None),
        ("2-1-201", "李某13911600004", None, None, None),
        ("3-1-1102", date(2020, 1, 2), None, None, None),
    )
    client = as_user("supervisor")
    page = send(client, "/admin/owner_register/import/", {"sheet": (io.BytesIO(sheet), "业主.xlsx")}).text
    assert [page.count(word) for word in ("这里有电话号码", "这里有证件号码", "日期不是姓名")] == [2, 1, 1]
    assert not [number for number in ("13911600001", "11010519491231002X", "13911600004") if number in page]
    assert 'name="confirm"' not in page
    contact = plain(
        ("1-1-101", "王建国", None, "13911600004"), head=("房号", "业主姓名", "联系电话", "紧急联系人")
    )
    assert (
        "这里有电话号码"
        in send(client, "/admin/owner_register/import/", {"sheet": (io.BytesIO(contact), "业主.xlsx")}).text
    )
    db.session.rollback()
    cls: Any = registry["owner_register"]
    assert db.session.execute(db.select(db.func.count()).select_from(cls)).scalar_one() == 0


def test_any_forms_sheet_refuses_them_too(office: Estate, as_user: AsUser) -> None:
    """By the box itself: an import asks what the panel asks."""
    with pytest.raises(WrongBoxes) as wrong:
        office.complaint(**{**COMPLAINT, "unit": office["1-1-101"], "complainant": "13911600001"})
    assert set(wrong.value.errors) == {"complainant"}
