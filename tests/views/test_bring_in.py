"""A sheet that one doesn't know is brought in: a person says what its columns are, once; the good lines come
in, the rest is mended; nothing is decided in silence.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bringing import book, command, upload
from flask import Flask
from office import Estate
from sending import send

from app.act import saving
from app.declare.record import registry
from app.ground.database import db
from app.keep import history
from app.people.refusal import Refusal
from app.sheets.layouts import SheetLayout

AsUser = Any
SHOP = ["编码", "挂哪", "哪户", "备用说明"]
LINES = [["A-11", "房屋", "1-1-101", "前台柜子"], ["A-12", "房屋", "1-1-102", ""]]


def tags() -> list[str]:
    """The keys of the register."""
    db.session.rollback()
    cls: Any = registry["key"]
    return list(db.session.execute(db.select(cls.tag).order_by(cls.tag)).scalars())


def rows_of(data: bytes) -> tuple[list[list[Any]], dict[str, str], set[str]]:
    """Of a workbook's first sheet: its rows, its notes and its coloured cells."""
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row]
    return (
        [[cell.value for cell in row] for row in page.iter_rows()],
        {cell.coordinate: cell.comment.text for cell in cells if cell.comment},
        {cell.coordinate for cell in cells if cell.fill.fill_type == "solid"},
    )


def test_heads_that_nobody_knows_are_asked_for_once(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    page = upload(client, "key", book(SHOP, *LINES))
    assert "A-11 · A-12" in page.text, "what stands in a column is shown"
    assert not any("导入" in button for button in page.buttons)
    page.choose("编码", "钥匙").choose("挂哪", "类别").choose("哪户", "房屋").choose("备用说明", "不带入")
    page = page.read()
    assert page.asks == []
    assert tags() == []
    assert "导入 2 条" in page.buttons
    assert page.press(confirm="all").status_code == 302
    assert tags() == ["A-11", "A-12"]
    again = upload(
        client, "key", book(SHOP, ["A-13", "房屋", "2-1-201", "x"], ["A-14", "房屋", "1-1-101", "y"])
    )
    assert again.asks == []
    assert "钱专员" in again.text, "who said so is told"
    assert "导入 2 条" in again.buttons or again.answer.status_code == 200
    colleague = upload(as_user("colleague"), "key", book(SHOP, ["A-15", "房屋", "1-1-102", "x"]))
    assert colleague.asks == [], "it is remembered for the office"


def test_another_office_knows_nothing_of_it(office: Estate, as_user: AsUser) -> None:
    page = upload(as_user("specialist"), "key", book(SHOP, *LINES))
    page.choose("编码", "钥匙").choose("挂哪", "类别").choose("哪户", "房屋").choose("备用说明", "不带入")
    assert page.read().press(confirm="all").status_code == 302
    stranger = upload(as_user("other_specialist"), "key", book(SHOP, ["B-1", "房屋", "枫1-1-101", "x"]))
    assert "编码" in " ".join(choice.line for choice in stranger.choices)
    assert all(choice.value in ("?", "-") or "钱专员" not in stranger.text for choice in stranger.choices)
    assert stranger.asks != []


def test_what_a_form_calls_its_columns_itself_asks_nothing(office: Estate, as_user: AsUser) -> None:
    page = upload(as_user("specialist"), "key", book(["钥匙", "Kind", "房屋"], ["A-11", "房屋", "1-1-101"]))
    assert page.asks == []
    assert "导入 1 条" in page.buttons


def test_two_columns_chosen_for_one_are_said(office: Estate, as_user: AsUser) -> None:
    page = upload(as_user("specialist"), "key", book(SHOP, ["A-11", "房屋", "1-1-101", "1-1-102"]))
    page.choose("编码", "钥匙").choose("挂哪", "类别").choose("哪户", "房屋").choose("备用说明", "房屋")
    page = page.read()
    assert "D2" in page.text
    assert "导入 1 条" not in page.buttons


def test_what_is_chosen_anew_is_looked_at_before_it_comes_in(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    page = upload(client, "key", book(["钥匙", "类别", "房屋", "备注"], ["A-11", "房屋", "1-1-101", "前台"]))
    page.choose("备注", "不带入")
    answer = page.press(confirm="all")
    assert (answer.status_code, "重新选择" in answer.text) == (200, True)
    assert tags() == []


def test_codes_are_given_their_meaning_once(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    head = ["钥匙", "类别", "房屋"]
    page = upload(client, "key", book(head, ["A-11", "F", "1-1-101"], ["A-12", "F", "1-1-102"]))
    assert "导入 2 条" not in page.buttons
    page = page.choose("F", "房屋").read()
    assert page.press(confirm="all").status_code == 302
    again = upload(client, "key", book(head, ["A-13", "F", "1-1-101"]))
    assert "导入 1 条" in again.buttons


def test_codes_that_are_numbers_mean_what_was_said_of_each(office: Estate, as_user: AsUser) -> None:
    """Excel's 1 isn't its 10; nor is a code of signs alone any other."""
    head = ["房号", "姓名", "身份", "联系电话"]
    lines = [
        ["1-1-101", "王某", 1, "13900000011"],
        ["1-1-101", "李某", 10, "13900000012"],
        ["1-1-102", "赵某", "＋", "13900000013"],
        ["1-1-102", "孙某", "*", "13900000014"],
    ]
    page = upload(as_user("specialist"), "owner_register", book(head, *lines))
    for choice in page.choices:
        choice.value = next(
            (
                choice.options[word]
                for code, word in (("“1”", "业主"), ("“10”", "租户"), ("“+”", "业主"), ("“*”", "家属"))
                if choice.line.startswith(code)
            ),
            choice.value,
        )
    assert page.read().press(confirm="all").status_code == 302
    db.session.rollback()
    registers = db.session.execute(db.select(registry["owner_register"])).scalars()
    people: Any = {person.full_name: person.kind for register in registers for person in register.people}
    assert people == {"王某": "owner", "李某": "tenant", "赵某": "owner", "孙某": "family"}


def test_a_code_of_many_words_is_given_its_meaning(office: Estate, as_user: AsUser) -> None:
    code = "与一号楼一单元一零一室配套使用的那一把由前台保管并且可以外借的备用的门钥匙，见柜内登记"
    assert len(code) > 40
    page = upload(as_user("specialist"), "key", book(["钥匙", "类别", "房屋"], ["A-11", code, "1-1-101"]))
    (choice,) = (choice for choice in page.choices if choice.line.startswith("“与一号楼"))
    choice.value = choice.options["房屋"]
    page = page.read()
    assert page.press(confirm="all").status_code == 302
    assert tags() == ["A-11"]


def test_what_was_said_of_codes_holds_for_a_reader_of_another_language(
    office: Estate, as_user: AsUser
) -> None:
    head = ["钥匙", "类别", "房屋"]
    page = upload(as_user("specialist"), "key", book(head, ["A-11", "F", "1-1-101"]))
    assert page.choose("F", "房屋").read().press(confirm="all").status_code == 302
    reader = as_user("colleague")
    assert send(reader, "/language", {"locale": "en"}).status_code == 302
    page = upload(reader, "key", book(head, ["A-12", "F", "1-1-101"]))
    assert "Bring in" in page.text
    (choice,) = (choice for choice in page.choices if "“F”" in choice.line)
    assert choice.options["Unit"] == choice.value
    assert page.press(confirm="all").status_code == 302
    assert tags() == ["A-11", "A-12"]


def with_a_number_too_large(data: bytes) -> bytes:
    """The workbook with 1E999 where 1234567 stands."""
    book, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in book.namelist():
            made.writestr(name, book.read(name).replace(b"1234567<", b"1E999<"))
    return out.getvalue()


def test_a_number_too_large_for_any_sheet_is_taken_along_as_a_text(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    lines = [["A-11", "房屋", "1-1-101", "x"], ["A-12", "飞机", "1-1-102", 1234567]]
    page = upload(client, "key", with_a_number_too_large(book(["钥匙", "类别", "房屋", "备注"], *lines)))
    assert page.press(mark="1").status_code == 200
    answer = page.press(confirm="good")
    assert answer.status_code == 302
    rows, _notes, _coloured = rows_of(client.get(answer.location + "&download=1").data)
    assert rows[1][0] == "A-12"
    assert isinstance(rows[1][3], str)


def test_nothing_comes_in_whose_rest_cannot_be_taken_along(
    office: Estate, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from views import imports

    data = book(["钥匙", "类别", "房屋"], ["A-11", "房屋", "1-1-101"], ["A-12", "飞机", "1-1-101"])
    page = upload(as_user("specialist"), "key", data)
    monkeypatch.setattr(imports, "marked", lambda *given: 1 / 0)
    assert page.press(confirm="good").status_code == 500
    assert tags() == []


def test_the_good_lines_come_in_and_the_rest_is_mended(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    data = book(
        ["钥匙登记表"],
        ["钥匙", "类别", "房屋"],
        ["A-11", "房屋", "1-1-101"],
        ["A-12", "飞机", "1-1-102"],
        ["A-13", "房屋", "9-9-999"],
        ["=1+1", "房屋", "1-1-102"],
    )
    page = upload(client, "key", data)
    assert page.buttons[0].startswith("读取")
    assert any("其余 2 行" in button or "其余 3 行" in button for button in page.buttons), page.buttons
    answer = page.press(confirm="good")
    assert answer.status_code == 302
    assert "A-11" in tags()
    assert "A-12" not in tags()
    page = client.get(answer.location)
    assert "下载" in page.text
    rest = client.get(answer.location + "&download=1")
    assert rest.headers["Content-Disposition"].isascii()
    rows, notes, coloured = rows_of(rest.data)
    assert rows[:2] == [["钥匙登记表", None, None], ["钥匙", "类别", "房屋"]]
    assert [row[0] for row in rows[2:4]] == ["A-12", "A-13"]
    assert set(notes) == coloured >= {"B3", "C4"}
    assert "从列表中选择" in notes["B3"]
    mended = openpyxl.load_workbook(io.BytesIO(rest.data))
    mended.worksheets[0]["B3"], mended.worksheets[0]["C4"] = "房屋", "1-1-101"
    out = io.BytesIO()
    mended.save(out)
    page = upload(client, "key", out.getvalue())
    assert page.press(confirm="all").status_code == 302, page.buttons
    assert {"A-11", "A-12", "A-13"} <= set(tags())


def test_the_rest_holds_no_formulas(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    made, data = openpyxl.Workbook(), io.BytesIO()
    sheet = made.active
    sheet.append(["钥匙", "类别", "房屋", "x"])
    sheet.append(["A-11", "房屋", "1-1-101", "x"])
    sheet.append(["A-12", "飞机", "1-1-101", "x"])
    for place, text in (("D1", '=HYPERLINK("http://x.example","备注")'), ("D3", "=cmd|' /C calc'!A0")):
        sheet[place].value, sheet[place].data_type = text, "s"
    made.save(data)
    page = upload(client, "key", data.getvalue())
    page.choose("=HYPERLINK", "不带入") if page.asks else None
    for choice in page.choices:
        choice.value = "-" if choice.value == "?" else choice.value
    page = page.read()
    marked = page.press(mark="1")
    assert marked.mimetype.endswith("spreadsheetml.sheet")
    answer = page.press(confirm="good")
    rest = client.get(answer.location + "&download=1").data
    for workbook in (marked.data, rest):
        cells = [
            cell
            for row in openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].iter_rows()
            for cell in row
        ]
        assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
        assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


def test_the_rest_is_its_persons_alone(office: Estate, as_user: AsUser) -> None:
    data = book(["钥匙", "类别", "房屋"], ["A-11", "房屋", "1-1-101"], ["A-12", "飞机", "1-1-101"])
    answer = upload(as_user("specialist"), "key", data).press(confirm="good")
    assert as_user("specialist").get(answer.location + "&download=1").status_code == 200
    stranger = as_user("colleague").get(answer.location + "&download=1")
    assert "A-12" not in stranger.text
    assert "已不在" in stranger.text


def test_nothing_comes_in_of_the_good_lines_where_it_breaks(
    office: Estate, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.sheets import layouts

    client = as_user("specialist")
    data = book(["钥匙", "类别", "房屋"], ["A-11", "房屋", "1-1-101"], ["A-12", "飞机", "1-1-101"])
    page = upload(client, "key", data)
    with monkeypatch.context() as patch:
        patch.setattr(layouts, "remember", lambda *given: 1 / 0)
        assert page.press(confirm="good").status_code == 500
    assert tags() == []
    assert page.press(confirm="good").status_code == 302, "the sheet is still there"
    assert tags() == ["A-11"]


def test_forged_choices_lead_nowhere(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    page = upload(client, "key", book(SHOP, *LINES))
    for choice in page.choices:
        choice.value = "password_hash"
    page = page.read()
    assert page.asks != []
    page.sent.append(("layout", "0" * 32))
    page.sent += [("column-" + "0" * 32, "tag")] * 5_000
    page.sent += [("layout", f"{at:032x}") for at in range(2_000)]
    page.sent.append(("layout", "../../etc/passwd"))
    assert page.press(read="1").status_code == 200
    assert page.press(confirm="all").status_code in (200, 422)
    db.session.rollback()
    assert db.session.execute(db.select(db.func.count()).select_from(SheetLayout)).scalar() == 0


def test_ten_thousand_heads_are_too_many(office: Estate, as_user: AsUser) -> None:
    wide = [f"列{at}" for at in range(10_000)]
    page = upload(as_user("specialist"), "key", book(["钥匙", "类别", *wide], ["A-11", "房屋", *wide]))
    assert page.answer.status_code == 200
    assert "200" in page.text
    assert len(list(page.choices)) <= 200
    for choice in page.choices:
        choice.value = "-" if choice.value == "?" else choice.value
    page = page.read()
    assert not any("导入 1" in button for button in page.buttons)


def test_the_command_stays_strict_unless_it_is_remembered(
    office: Estate, as_user: AsUser, app: Flask, tmp_path: Path
) -> None:
    data = book(["钥匙", "类别", "房屋", "柜内位置"], ["A-11", "房屋", "1-1-101", "2-3"])
    told = command(app, tmp_path, "key", data, "--user", "specialist")
    (problem,) = told["problems"]
    assert (problem["row"], problem["column"]) == (1, "D")
    assert "导入页" in problem["message"]
    assert tags() == []
    page = upload(as_user("specialist"), "key", data)
    assert page.choose("柜内位置", "不带入").read().press(confirm="all").status_code == 302
    again = book(["钥匙", "类别", "房屋", "柜内位置"], ["A-12", "房屋", "1-1-101", "2-3"])
    assert command(app, tmp_path, "key", again, "--user", "specialist")["created"] == 1
    assert tags() == ["A-11", "A-12"]


def test_a_column_without_anything_in_it_is_no_question(office: Estate, as_user: AsUser) -> None:
    page = upload(
        as_user("specialist"),
        "key",
        book(["钥匙", "类别", "房屋", "空列"], ["A-11", "房屋", "1-1-101", None]),
    )
    assert page.asks == []
    assert "导入 1 条" in page.buttons


def test_a_sheet_that_is_no_table_is_said(office: Estate, as_user: AsUser) -> None:
    data = book(
        ["钥匙", "类别", "房屋"], ["A-11", "房屋", "1-1-101"], 车辆=[["车牌", "颜色"], ["苏A12345", "白"]]
    )
    page = upload(as_user("specialist"), "key", data)
    assert "车辆" in page.text
    assert "未读取" in page.text
    assert page.press(confirm="all").status_code == 302
    assert tags() == ["A-11"]


def test_a_sheet_without_a_known_head_is_read_once_somebody_says_what_it_is(
    office: Estate, as_user: AsUser
) -> None:
    more = [["编码", "挂哪", "哪户"], ["A-12", "房屋", "1-1-102"]]
    page = upload(
        as_user("specialist"), "key", book(["钥匙", "类别", "房屋"], ["A-11", "房屋", "1-1-101"], 旧表=more)
    )
    page = page.choose("编码", "钥匙").choose("挂哪", "类别").choose("哪户", "房屋").read()
    assert page.press(confirm="all").status_code == 302
    assert tags() == ["A-11", "A-12"]


@pytest.mark.parametrize("form", ["key", "unit", "owner_register"])
def test_an_empty_sheet_is_offered_and_comes_in_filled(office: Estate, as_user: AsUser, form: str) -> None:
    client = as_user("supervisor" if form != "key" else "specialist")
    assert "空白表" in client.get(f"/admin/{form}/import/").text
    answer = client.get(f"/admin/{form}/import/?template=1")
    made = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet, about = made.worksheets
    assert sheet.max_row == 1
    assert about.max_row > 3
    names = {cell.value: cell.column_letter for cell in sheet[1]}
    choice, line = {
        "key": ("类别", {"钥匙": "A-11", "类别": "房屋", "房屋": "1-1-101"}),
        "unit": ("类别", {"房屋": "1-1-103", "楼栋": "1栋", "类别": "住宅", "用途": "自住"}),
        "owner_register": (
            "性别",
            {"房号（整套或室号）": "1-1-101", "业主姓名": "王某", "业主电话": "13900000011", "性别": "男"},
        ),
    }[form]
    assert any(names[choice] in str(rule.sqref) for rule in sheet.data_validations.dataValidation)
    for name, value in line.items():
        sheet[f"{names[name]}2"] = value
    out = io.BytesIO()
    made.save(out)
    page = upload(client, form, out.getvalue())
    assert page.asks == []
    assert "推测" not in page.text
    assert "导入 1 条" in page.buttons
    assert page.press(confirm="all").status_code == 302


def test_the_rest_of_a_register_says_what_its_lines_said_by_those_above(
    office: Estate, as_user: AsUser
) -> None:
    """A building stands once above its lines: a line that stays out takes it along."""
    client = as_user("supervisor")
    head = ["楼栋", "单元", "房号", "业主姓名", "业主电话"]
    data = book(
        head,
        ["1栋", 1, "101", "王某", "13900000011"],
        [None, None, "102", "李某", "1.39E+10"],
        ["2栋", 1, "20x1?", "赵某", "13900000013"],
        [None, None, "201", "孙某", "13900000014"],
    )
    page = upload(client, "owner_register", data)
    answer = page.press(confirm="good")
    assert answer.status_code == 302, page.text
    rows, notes, _coloured = rows_of(client.get(answer.location + "&download=1").data)
    assert [str(cell) for cell in rows[1][:3]] == ["1", "1", "102"]
    assert [row[2] for row in rows[2:]] == ["20x1?", "201"], "a line below a bad one means its building"
    assert len(notes) >= 3
    db.session.rollback()
    cls: Any = registry["owner_register"]
    assert list(db.session.execute(db.select(cls.unit_id)).scalars()) == [office["1-1-101"]]


def units() -> set[str]:
    """The units there are."""
    db.session.rollback()
    cls: Any = registry["unit"]
    return set(db.session.execute(db.select(cls.code_name)).scalars())


HOUSES = ["楼栋编号", "单元编号", "房屋编号", "业主编号"]
PEOPLE = ["业主编号", "姓名", "联系电话", "工作单位"]


def test_who_stands_in_a_sheet_of_their_own_is_checked_too(
    office: Estate, as_user: AsUser, app: Flask, tmp_path: Path
) -> None:
    """And takes along whoever shares their line."""
    data = book(
        HOUSES,
        [1, 1, 101, "Y1、Y3"],
        [1, 1, 102, "Y2"],
        [2, 1, 201, "Y3"],
        人员=[
            PEOPLE,
            ["Y1", "王某", "13900000011", "大" * 120],
            ["Y2", "李某", "13900000012", "某厂"],
            ["Y3", "赵某", "13900000013", None],
        ],
    )
    told = command(app, tmp_path, "owner_register", data, "--user", "supervisor", "--dry-run")
    rows = told["rows"]
    assert told["created"] == 1
    assert (rows["created"], rows["problem"]) == (2, 4)
    assert sum(rows[name] for name in rows if name != "total") == rows["total"]
    client = as_user("supervisor")
    page = upload(client, "owner_register", data)
    assert any("带入 2 行" in button and "其余 4 行" in button for button in page.buttons), page.buttons
    answer = page.press(confirm="good")
    assert answer.status_code == 302
    db.session.rollback()
    registers = db.session.execute(db.select(registry["owner_register"])).scalars()
    assert [[person.full_name for person in register.people] for register in registers] == [["李某"]]  # type: ignore[attr-defined]


def test_what_lies_in_anothers_area_is_said_before_it_is_made(
    office: Estate, as_user: AsUser, app: Flask, tmp_path: Path
) -> None:
    data = book(
        ["房号", "业主姓名"],
        ["1-1-103", "王某"],
        ["2-1-201", "李某"],
        ["2-1-999", "赵某"],
        ["9-1-101", "孙某"],
    )
    told = command(app, tmp_path, "owner_register", data, "--user", "specialist", "--create-units")
    assert [(problem["row"], "您的" in problem["message"]) for problem in told["problems"]] == [
        (3, True),
        (4, True),
        (5, True),
    ], told["problems"]
    before = units()
    page = upload(as_user("specialist"), "owner_register", data, create_units="1")
    assert any("带入 1 行" in button and "其余 3 行" in button for button in page.buttons), page.buttons
    assert page.press(confirm="all").status_code == 422
    assert page.press(confirm="good").status_code == 302
    assert units() == before | {"1-1-103"}


@pytest.mark.parametrize("fault", ["wrong", "refused", "conflict"])
@pytest.mark.parametrize("form", ["owner_register", "key"])
def test_what_stands_in_the_way_at_last_leads_back_to_the_preview(
    office: Estate,
    as_user: AsUser,
    monkeypatch: pytest.MonkeyPatch,
    app: Flask,
    tmp_path: Path,
    form: str,
    fault: str,
) -> None:
    """Somebody else was quicker, or took a right away, after the preview was read."""
    rows = {
        "owner_register": [["房号", "业主姓名"], ["1-1-101", "王某"]],
        "key": [["钥匙", "类别", "房屋"], ["A-11", "房屋", "1-1-101"]],
    }
    page = upload(as_user("specialist"), form, book(*rows[form]))

    def create(cls: Any, *given: Any, **more: Any) -> Any:
        raise {
            "wrong": saving.Wrong(cls.label, "这里不行"),
            "refused": Refusal("area", "这里不行"),
            "conflict": saving.Conflict(cls()),
        }[fault]

    monkeypatch.setattr(saving, "create", create)
    answer = page.press(confirm="all")
    assert answer.status_code == 422
    said = "别人" if fault == "conflict" else "这里不行"
    assert said in answer.text
    told = command(app, tmp_path, form, book(*rows[form]), "--user", "specialist")
    assert [said in problem["message"] for problem in told["problems"]] == [True]
    db.session.rollback()
    assert db.session.execute(db.select(db.func.count()).select_from(registry[form])).scalar() == 0


def test_a_unit_is_changed_only_by_whose_duty_it_is(
    office: Estate, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, client = book(["房号", "业主姓名", "建筑面积"], ["1-1-101", "王某", 88.5]), as_user("specialist")
    by = registry["unit"].access.by("edit")
    monkeypatch.setitem(registry["unit"].access.opens, "edit", by[:1])
    page = upload(client, "owner_register", data)
    assert "C2" in page.text
    assert page.press(confirm="all").status_code == 422
    monkeypatch.setitem(registry["unit"].access.opens, "edit", by)
    assert upload(client, "owner_register", data).press(confirm="all").status_code == 302
    db.session.rollback()
    (line,) = [line for line in history.lines("unit", office["1-1-101"]) if line.act == "import"]
    assert line.clause.startswith("P3")


CSV = (
    '钥匙{0}类别{0}房屋{0}备注\r\nA-11{0}房屋{0}1-1-101{0}"前台，二层\n左柜"\r\n0012{0}房屋{0}1-1-102{0}\r\n'
)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_like_a_sheet(office: Estate, as_user: AsUser, encoding: str, separator: str) -> None:
    page = upload(as_user("specialist"), "key", CSV.format(separator).encode(encoding), "钥匙.csv")
    assert page.asks == [], page.text
    assert page.press(confirm="all").status_code == 302
    assert tags() == ["0012", "A-11"]


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02", b"%PDF-1.7\x00\x80", b"<html><table>", b"", b"\xff\xfe\x00"]
)
def test_what_is_no_csv_is_refused_with_a_sentence(office: Estate, as_user: AsUser, data: bytes) -> None:
    page = upload(as_user("specialist"), "key", data, "a.csv")
    assert page.answer.status_code == 422
    assert 'role="alert"' in page.text
