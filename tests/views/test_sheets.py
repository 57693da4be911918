"""Sheets both ways over the screens: what was exported comes in again and changes nothing; what is wrong is
said by its cell, and nothing written.
"""

import io
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import bringing
import openpyxl
import pytest
from bringing import book
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from office import Estate, WrongBoxes, lines
from sending import token

from app.act.entry import Wrong
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history
from app.workbook.sheet_writer import SheetColumn, write_workbook

AsUser = Callable[[str], FlaskClient]
NASTY = (
    "=1+1",
    "+86",
    "-2",
    "@SUM(A1)",
    "=cmd|'/c calc'!A0",
    "\tx",
    "０１２",
    "1e5",
    "007",
    "2026-01-01",
    "否",
    "<b>x</b>",
    "😀",
    "a;b,c、d",
    "' OR 1=1",
    "合计",
    "备注：无",
)


def upload(client: FlaskClient, form: str, data: bytes, name: str = "a.xlsx", **more: str) -> Any:
    """Choose a sheet and have it read."""
    shown = client.__dict__["shown"] = bringing.upload(client, form, data, name, **more)
    return shown.answer


def confirm(client: FlaskClient, form: str, **more: str) -> Any:
    """Agree to what was shown last, also where the page offers no button for it; a column that nobody knows
    is left out.
    """
    shown = client.__dict__.get("shown")
    if shown is not None and shown.form == form:
        if shown.asks:
            for choice in shown.choices:
                choice.value = "-" if choice.value == "?" else choice.value
            shown = client.__dict__["shown"] = shown.read()
        return shown.press(confirm="all", **more)
    if "submission" not in more:
        kept = Path(client.application.config["SETTINGS"].data_dir, "imports").iterdir()
        last = max(kept, key=lambda path: path.stat().st_mtime_ns)
        more["submission"] = last.name.rpartition("-")[2]
    typed = {"csrf_token": token(client, "/profile"), "confirm": "1", **more}
    return client.post(f"/admin/{form}/import/", data=typed)


def mark_of(page: str) -> str:
    """The mark of a preview, as its button sends it."""
    (mark,) = re.findall(r'name="submission" value="([0-9a-f]{32})"', page)
    return str(mark)


def exported(client: FlaskClient, form: str, query: str = "") -> bytes:
    """The list as a workbook."""
    answer = client.get(f"/admin/{form}/export/xlsx/{query}")
    assert answer.status_code == 200
    return answer.data


def cells(data: bytes, sheet: int = 1) -> list[list[Any]]:
    """The rows of a workbook's sheet."""
    return [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[sheet].iter_rows()
    ]


def findings(page: str) -> str:
    """What a preview says, without the frame around it."""
    return re.sub(r"<[^>]+>|\s+", " ", page[page.index("<main") : page.index("</main>")])


def heads(form: str) -> list[tuple[str, int, str]]:
    """Every record of a form, by its version and its history's end."""
    db.session.rollback()
    cls: Any = registry[form]
    return [
        tuple(row)
        for row in db.session.execute(db.select(cls.number, cls.version, cls.head).order_by(cls.id))
    ]


NAMES = st.one_of(
    st.sampled_from(
        [
            "王建国",
            "林小雨",
            "欧阳明月",
            "澄湖贸易有限公司",
            "Li Na",
            "某某（中国）有限公司",
            "某某(中国)有限公司",
            "甲、乙",
            "丙/丁",
            "戊（租户）",
            "欧阳 娜娜",
            "己；庚",
            "辛,壬",
            "同上",
            "待定",
            "空置",
            "无",
            "合计",
            "注：癸",
            "Ａ公司",
        ]
    ),
    st.text("甲乙丙（）()、/,，;； ·.-—〃\"'", min_size=1, max_size=8),
)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["owner", "family", "tenant", "other"]), "full_name": NAMES},
        optional={
            "phone": st.sampled_from(["13900000011", "18999999999", "010-62345678", "+8613812340042"]),
            "sex": st.sampled_from(["male", "female"]),
            "id_kind": st.sampled_from(["identity", "passport"]),
            "id_number": st.sampled_from(["11010519491231002X", "110101199003070011", "E12345678"]),
            "since": st.dates(
                min_value=__import__("datetime").date(1990, 1, 1),
                max_value=__import__("datetime").date(2030, 1, 1),
            ).map(str),
            "phone2": st.sampled_from(["13900000011", "12345"]),
            "until": st.dates(
                min_value=__import__("datetime").date(2031, 1, 1),
                max_value=__import__("datetime").date(2040, 1, 1),
            ).map(str),
            "rent": st.decimals("1", "99999", places=2).map(str),
            "relation": NAMES.map(lambda name: name[:20]),
            "employer": NAMES,
            "mailing_address": NAMES,
            "is_company": st.just("1"),
            "lives_here": st.sampled_from(["1", ""]),
        },
    ),
    max_size=4,
)
VEHICLES = st.lists(
    st.fixed_dictionaries(
        {
            "plate": st.sampled_from(
                ["京A12345", "京A·04608", "粤B D1234", "—", "无", "同上", "京A12345、京A12346"]
            )
        },
        optional={
            "brand": st.sampled_from(["白色 大众", "红/黑"]),
            "space": st.sampled_from(["B-1", "B1、B2", "无", "——"]),
        },
    ),
    max_size=3,
)
COLUMNS = st.sampled_from(
    [
        "",
        "?column=unit&column=owners&column=phone",
        "?column=unit&column=pets&column=remark&column=emergency_contact",
    ]
)


@settings(max_examples=25)
@given(
    people=PEOPLE,
    vehicles=VEHICLES,
    words=st.sampled_from(["", "猫两只", "=1+1", "合计", "否", "无", "注：同上"]),
    contact=NAMES,
    columns=COLUMNS,
)
def test_the_register_exported_comes_in_again_unchanged(
    office: Estate,
    as_user: AsUser,
    people: list[Any],
    vehicles: list[Any],
    words: str,
    contact: str,
    columns: str,
) -> None:
    cls: Any = registry["owner_register"]
    register = db.session.execute(db.select(cls)).scalars().first()
    boxes = {
        "pets": words,
        "remark": f"{words}\n{contact}",
        "emergency_contact": contact,
        **lines("people", *people),
        **lines("vehicles", *vehicles),
    }
    try:
        if register is None:
            office.create("owner_register", "specialist", unit=office["1-1-101"], **boxes)
        else:
            office.edit(register, "specialist", **boxes)
    except (Wrong, WrongBoxes):
        db.session.rollback()
        return
    before = heads("owner_register")
    client = as_user("specialist")
    page = upload(client, "owner_register", exported(client, "owner_register", columns)).text
    assert "无须导入" in page, findings(page)
    assert heads("owner_register") == before


@settings(max_examples=15)
@given(texts=st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=20)), min_size=3, max_size=3))
def test_keys_exported_come_in_again_unchanged(office: Estate, as_user: AsUser, texts: list[str]) -> None:
    tag, room, cabinet = texts
    try:
        office.create(
            "key",
            "specialist",
            tag=tag,
            kind="equipment",
            building=office["1栋"],
            room=room[:30],
            cabinet=cabinet[:30],
        )
    except (Wrong, WrongBoxes):
        db.session.rollback()
    before = heads("key")
    client = as_user("specialist")
    page = upload(client, "key", exported(client, "key")).text
    assert "无须导入" in page or not before, findings(page)
    assert heads("key") == before


def test_no_cell_of_ours_is_a_formula(office: Estate, as_user: AsUser) -> None:
    for text in NASTY:
        office.order(description=text, reporter="=HYPERLINK(1)")
    data = exported(as_user("manager"), "work_order")
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_keys_are_brought_in_from_a_sheet_of_the_offices_own(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    data = book(
        ["钥匙登记表"],
        [],
        ["钥匙", "类别", "房屋", "可外借", "柜号挂钩"],
        ["A-11", "房屋", "1-1-101", "是", "1-2"],
        ["A-12", "房屋", "1-1-102", "否", None],
    )
    page = upload(client, "key", data).text
    assert heads("key") == []
    assert "A-11" in page
    assert confirm(client, "key").status_code == 302
    cls: Any = registry["key"]
    db.session.rollback()
    keys = db.session.execute(db.select(cls).order_by(cls.tag)).scalars().all()
    assert [(key.tag, key.unit_id, key.lendable, key.area_id) for key in keys] == [
        ("A-11", office["1-1-101"], True, office["1栋"]),
        ("A-12", office["1-1-102"], False, office["1栋"]),
    ]
    assert [line.act for line in history.lines("key", keys[0].id)] == ["import"]
    upload(client, "key", data)
    assert confirm(client, "key").status_code == 302
    assert [version for _number, version, _head in heads("key")] == [1, 1], "the second time changes nothing"


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        (["A-13", "房屋", "2-1-201", "是", ""], "C2", "没有这条记录"),
        (["A-13", "飞机", "", "是", ""], "B2", "请从列表中选择"),
        (["A-13", "", "9-9-999", "是", ""], "C2", "没有这条记录"),
        (["钥" * 60, "房屋", "1-1-101", "是", ""], "A2", "40"),
    ],
)
def test_a_fault_is_said_by_its_cell_and_nothing_is_written(
    office: Estate, as_user: AsUser, row: list[str], cell: str, said: str
) -> None:
    client = as_user("specialist")
    page = upload(
        client,
        "key",
        book(["钥匙", "类别", "房屋", "可外借", "柜号挂钩"], row, ["A-14", "房屋", "1-1-101", "是", ""]),
    ).text
    assert f">{cell}<" in page, findings(page)
    assert said in page
    assert confirm(client, "key").status_code == 422
    assert heads("key") == []


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04broken", "a.xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "a.xls"),
        (b"MZ\x90", "a.xlsx"),
        (book(["x"]), "a.xlsx"),
        (b"%PDF-1.4", "a.pdf"),
    ],
)
@pytest.mark.parametrize("form", ["owner_register", "key"])
def test_a_broken_sheet_is_refused_with_a_sentence(
    as_user: AsUser, form: str, data: bytes, name: str
) -> None:
    answer = upload(as_user("specialist"), form, data, name)
    assert answer.status_code in (200, 422)
    assert 'class="errors"' in answer.text


def test_a_unit_written_in_several_ways_is_the_one_the_estate_has(office: Estate, as_user: AsUser) -> None:
    """Excel takes noughts away and adds them, a list of cars leaves the entrance out: no second unit, no
    contradiction.
    """
    client = as_user("supervisor")
    sheet = book(
        ["房号", "业主", "联系电话", "车牌号"],
        ["2-1-0201", "张三", "13900000021", None],
        ["2栋1单元201", None, None, "京A12345"],
        ["2#0201", None, None, "京A12346"],
    )
    page = findings(upload(client, "owner_register", sheet, create_units="1").text)
    assert "2-1-201" in page
    assert confirm(client, "owner_register", create_units="1").status_code == 302
    ((line,), units) = (
        list(db.session.execute(db.select(registry[name])).scalars()) for name in ("owner_register", "unit")
    )
    assert (line.unit.code_name, line.owners, [vehicle.plate for vehicle in line.vehicles]) == (
        "2-1-201",
        "张三",
        ["京A12345", "京A12346"],
    )
    assert len(units) == len({unit.code_name for unit in units}) == 5
    db.session.rollback()
    upload(client, "owner_register", sheet, create_units="1")
    before = heads("owner_register")
    assert confirm(client, "owner_register", create_units="1").status_code == 302
    assert heads("owner_register") == before


def test_which_of_two_units_is_meant_has_to_be_said(office: Estate, as_user: AsUser) -> None:
    office.create("unit", "supervisor", code_name="1-2-101", building=office["1栋"])
    page = findings(
        upload(
            as_user("supervisor"),
            "owner_register",
            book(["房号", "业主"], ["1#101", "张三"]),
            create_units="1",
        ).text
    )
    assert "A2" in page


def test_a_file_far_too_large_is_not_even_read(
    office: Estate, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = tmp_path / "huge.xlsx"
    with huge.open("wb") as file:
        file.truncate(200_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    result = app.test_cli_runner().invoke(
        args=["import", "owner_register", str(huge), "--json", "--user", "supervisor"]
    )
    assert (result.exit_code, "200 MB" in result.output) == (1, True)


def test_a_sheet_is_anothers_to_confirm_for_nobody(office: Estate, as_user: AsUser) -> None:
    upload(as_user("specialist"), "key", book(["钥匙", "类别", "房屋"], ["A-15", "房屋", "1-1-101"]))
    answer = confirm(as_user("colleague"), "key")
    assert answer.status_code == 422
    assert heads("key") == []


def test_of_two_tabs_each_brings_in_the_sheet_it_shows(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    heads_of_keys = ["钥匙", "类别", "房屋"]
    first = mark_of(upload(client, "key", book(heads_of_keys, ["A-21", "房屋", "1-1-101"]), "一.xlsx").text)
    second = mark_of(upload(client, "key", book(heads_of_keys, ["A-22", "房屋", "1-1-102"]), "二.xlsx").text)
    cls: Any = registry["key"]
    for mark, tags in ((first, ["A-21"]), (second, ["A-21", "A-22"])):
        assert confirm(client, "key", submission=mark).status_code == 302
        db.session.rollback()
        assert list(db.session.execute(db.select(cls.tag).order_by(cls.tag)).scalars()) == tags


def test_a_sheet_looked_at_for_one_form_is_none_of_anothers(office: Estate, as_user: AsUser) -> None:
    client, before = as_user("supervisor"), (heads("unit"), heads("owner_register"))
    sheet = book(["房屋", "楼栋", "类别", "用途"], ["3-1-1103", "3栋", "住宅", "自住"])
    mark = mark_of(upload(client, "unit", sheet).text)
    for form, sent in (("owner_register", mark), ("unit", "0" * 32), ("unit", "")):
        answer = confirm(client, form, submission=sent)
        assert (answer.status_code, "表格已不在" in answer.text) == (422, True), (form, findings(answer.text))
    assert (heads("unit"), heads("owner_register")) == before
    assert confirm(client, "unit", submission=mark).status_code == 302, "its own page still has it"


def test_a_sheet_is_brought_in_by_the_first_of_two_clicks(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    page = upload(client, "key", book(["钥匙", "类别", "房屋"], ["A-15", "房屋", "1-1-101"])).text
    mark = mark_of(page)
    assert confirm(client, "key", submission=mark).status_code == 302
    before = heads("key")
    again = confirm(client, "key", submission=mark)
    assert (again.status_code, again.location) == (302, "/admin/key/")
    assert "已导入过" in client.get(again.location).text
    assert heads("key") == before != []
    assert confirm(as_user("colleague"), "key", submission=mark).status_code == 422


def test_the_commands_do_the_same(office: Estate, app: Flask, tmp_path: Path) -> None:
    office.key("A-16")
    db.session.remove()
    run, file = app.test_cli_runner(), tmp_path / "keys.xlsx"
    assert run.invoke(args=["export", "key", "--out", str(file), "--user", "specialist"]).exit_code == 0
    with app.app_context():  # the office's own has no settings, which a reader of workbooks asks for
        told = json.loads(
            run.invoke(args=["import", "key", str(file), "--json", "--user", "specialist"]).output
        )
    assert (told["created"], told["changed"], told["unchanged"], told["problems"]) == (0, 0, 1, [])
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_bytes(
        book(["钥匙", "类别", "房屋"], ["A-17", "房屋", "1-1-101"], ["A-18", "房屋", "8-8-888"])
    )
    with app.app_context():
        result = run.invoke(args=["import", "key", str(wrong), "--json", "--user", "specialist"])
    assert result.exit_code == 1
    (problem,) = json.loads(result.output)["problems"]
    assert (problem["row"], problem["column"]) == (3, "C")
    assert len(heads("key")) == 1
    refused = run.invoke(args=["export", "key", "--out", str(tmp_path / "no.xlsx"), "--user", "frontdesk"])
    assert refused.exit_code != 0


def test_a_selection_goes_out_as_a_workbook_and_nothing_beyond_ones_reach(
    office: Estate, as_user: AsUser
) -> None:
    first, _second, third = (
        office.order(description=words) for words in ("厨房漏水", "阳台漏水", "卫生间漏水")
    )
    chosen = [str(first.id), str(third.id), "999999"]
    wanted = {first.number, third.number}
    db.session.remove()
    client = as_user("supervisor")
    given = {"csrf_token": token(client, "/profile"), "action": "export", "address": "?state=reported"}
    answer = client.post("/admin/work_order/action/", data={**given, "rowid": chosen})
    assert answer.status_code == 302
    head, *rows = cells(client.get(answer.location).data)
    assert {row[head.index("单号")] for row in rows} == wanted
    everything = client.post("/admin/work_order/action/", data={**given, "rowid": chosen[:1], "all": "1"})
    assert len(cells(client.get(everything.location).data)) == 1 + 3
    other = as_user("specialist")
    refused = other.post(
        "/admin/work_order/action/", data={**given, "csrf_token": token(other, "/profile"), "rowid": chosen}
    )
    assert refused.status_code == 403


MOMENTS = st.datetimes(min_value=datetime(1902, 1, 1), max_value=datetime(2190, 1, 1)).map(
    lambda row: row.replace(microsecond=0)
)


@given(moments=st.lists(MOMENTS, max_size=20))
@example(
    moments=[datetime(1988, 4, 16, hour, 59, 59) for hour in range(24)]
)  # the clock is put forward within this day
def test_a_moment_stands_in_the_sheet_as_on_the_offices_clock(moments: list[datetime]) -> None:
    out, columns = (
        io.BytesIO(),
        [
            SheetColumn("SQLite", "stored"),
            SheetColumn("PostgreSQL", "stored"),
            SheetColumn("clock", "moment"),
        ],
    )
    rows = [
        (moment.isoformat(" ", "microseconds"), moment, clock.local(moment).replace(tzinfo=None))
        for moment in moments
    ]
    write_workbook(out, name="x", columns=columns, rows=rows)
    for cell, (_text, _moment, wanted) in zip(cells(out.getvalue(), 0)[1:], rows, strict=True):
        assert cell == [wanted] * 3


@settings(max_examples=30)
@given(
    texts=st.lists(
        st.one_of(
            st.sampled_from(NASTY),
            st.sampled_from(("⁂", "a⁂=b", " ⁂", "x ", " x", "", "a_x0041_b", "长" * 40_000)),
            st.text(max_size=8),
        ),
        max_size=30,
    )
)
def test_texts_that_are_all_different_are_written_as_carefully_as_few(texts: list[str]) -> None:
    """A column of telephones or descriptions is drawn by the hundred; one text that needs care among them
    gets it.
    """
    many = [f"第{at}号 报修" for at in range(330)]
    values: list[Any] = [
        *many,
        *(written for text in texts for written in (text, None, f"{text}.")),
        *many[:3],
    ]
    out = io.BytesIO()
    write_workbook(
        out,
        name="x",
        columns=[
            SheetColumn("few"),
            SheetColumn("many", recurs=True),
            SheetColumn("turned", turn="{}".format, recurs=True),
        ],
        rows=[(value, value, value) for value in values],
    )
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).worksheets[0]
    for (few, many_, turned), value in zip(sheet.iter_rows(min_row=2), values, strict=True):
        assert (many_.value, many_.quotePrefix, many_.data_type) == (
            few.value,
            few.quotePrefix,
            few.data_type,
        )
        assert (turned.value, turned.quotePrefix) == (few.value, few.quotePrefix), value
    assert [row[1].value for row in sheet.iter_rows(min_row=2, max_row=331)] == many


def brought_in(client: FlaskClient, *rows: Any) -> dict[str, Any]:
    """A sheet of units and people brought in, units made: each unit's line of the register by its code."""
    upload(client, "owner_register", book(*rows), create_units="1")
    before = heads("owner_register")
    assert confirm(client, "owner_register", create_units="1").status_code == 302
    made = heads("owner_register")
    assert made != before
    upload(client, "owner_register", book(*rows), create_units="1")
    confirm(client, "owner_register", create_units="1")
    assert heads("owner_register") == made, "the second time changes nothing"
    return {
        register.unit.code_name: register
        for register in db.session.execute(db.select(registry["owner_register"])).scalars()
    }


def test_buildings_without_entrances_and_with_names_are_made_so(office: Estate, as_user: AsUser) -> None:
    client = as_user("supervisor")
    rows = (["B43", 301, "丙一"], ["商铺", "A01", "丙二"], ["紫荆苑", 8, "丙三"], ["南楼", 301, "丙四"])
    registers = brought_in(client, ["楼栋", "房号", "业主姓名"], *rows)
    assert {code: register.owners for code, register in registers.items()} == {
        "B43-301": "丙一",
        "商铺-A01": "丙二",
        "紫荆苑-8": "丙三",
        "南楼-301": "丙四",
    }
    assert {code: str(register.unit.building) for code, register in registers.items()} == {
        "B43-301": "B43栋",
        "商铺-A01": "商铺",
        "紫荆苑-8": "紫荆苑",
        "南楼-301": "南楼",
    }
    assert registers["商铺-A01"].unit.kind == "shop"
    wrong = (["商铺", 1, "A01", "丙二"], ["1", None, "909", "丁"])
    page = findings(
        upload(
            client, "owner_register", book(["楼栋", "单元", "房号", "业主姓名"], *wrong), create_units="1"
        ).text
    )
    assert "C2" in page, "a building whose units have no entrances"
    assert "C3" in page, "one whose units have them"


def test_signs_and_words_become_no_customers_and_no_vehicles(office: Estate, as_user: AsUser) -> None:
    rows = (
        ["47-1-101", "庚一", "某市某路1号", "粤A12345"],
        ["47-1-102", "同上", "同上", "同上"],
        ["47-1-103", "〃", "〃", "〃"],
        ["47-1-104", "″", "″", None],
        ["47-1-105", "待定", None, "待定"],
        ["47-1-106", "见上", None, "无车"],
    )
    registers = brought_in(as_user("supervisor"), ["房号", "业主姓名", "通讯地址", "车牌号"], *rows)
    owners = [registers[code].owners for code, *_told in rows]
    assert owners == ["庚一"] * 4 + [None] * 2
    assert {vehicle.plate for register in registers.values() for vehicle in register.vehicles} == {"粤A12345"}
    assert {
        customer.full_name for customer in db.session.execute(db.select(registry["customer"])).scalars()
    } == {"庚一"}


def test_a_lease_that_ends_later_is_a_lease_and_who_lives_elsewhere_does(
    office: Estate, as_user: AsUser
) -> None:
    head = ["房号", "身份", "姓名", "是否常住", "合同结束日期"]
    rows = (
        ["72-1-106", "业主", "某一", "否", None],
        ["72-1-106", "租户", "某二", "是", "2199-12-31"],
        ["72-1-106", "租户", "某三", "否", "2020-12-31"],
    )
    registers = brought_in(as_user("supervisor"), head, *rows)
    register = registers["72-1-106"]
    assert (register.owners, register.tenants) == ("某一", "某二")
    assert [person.lives_here for person in register.people] == [False, True, False]


def test_side_by_side_tables_count_each_row_once(office: Estate, as_user: AsUser) -> None:
    registers = brought_in(
        as_user("supervisor"),
        ["房号", "业主", "房号", "业主"],
        ["41-1-101", "甘一", "41-1-201", "甘三"],
        ["41-1-102", "甘二", None, None],
    )
    assert {code: register.owners for code, register in registers.items()} == {
        "41-1-101": "甘一",
        "41-1-201": "甘三",
        "41-1-102": "甘二",
    }


@pytest.mark.parametrize(
    ("head", "value"), [("已交至", "1800-01-01"), ("租期结束", "2019-01-01"), ("户型", "大" * 40)]
)
def test_what_a_box_refuses_is_a_problem_before_anything_is_written(
    office: Estate, as_user: AsUser, head: str, value: Any
) -> None:
    client = as_user("supervisor")
    sheet = book(["房号", "身份", "姓名", "租期开始", head], ["1-1-101", "租户", "某二", "2020-01-01", value])
    assert ">E2<" in upload(client, "owner_register", sheet, create_units="1").text
    assert confirm(client, "owner_register", create_units="1").status_code == 422
    assert heads("owner_register") == []


def test_a_unit_written_as_the_estate_has_it_is_that_one(office: Estate, as_user: AsUser) -> None:
    office.create("unit", "supervisor", code_name="一期45-1-301", building=office["1栋"])
    registers = brought_in(as_user("supervisor"), ["房号", "业主"], ["一期45-1-301", "戊五"])
    assert {code: register.owners for code, register in registers.items()} == {"一期45-1-301": "戊五"}
