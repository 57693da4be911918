"""The reader of hand-made workbooks: what it refuses, where it says things stand, how it finds tables, what
it makes of cells.
"""

import io
import struct
import zipfile
from contextlib import suppress
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.workbook.sheet_cells import folded, parse_text
from app.workbook.sheet_reader import Cell, Sheet, open_workbook
from app.workbook.sheet_refused import SheetRefused
from app.workbook.sheet_tables import Column, Reason, find_tables
from tests.models.register_workbooks import old_workbook, plain, workbook

BOOKS = (
    Column("title", ("书名", "题名", "title"), parse_text, key=True),
    Column("reader", ("读者", "借阅人"), parse_text, personal=True),
    Column("phone", ("电话", "手机"), parse_text),
    Column("contact", ("联系人",), parse_text),
    Column("contact_phone", ("联系人电话",), parse_text),
    Column("due", ("应还日期",), parse_text, required=True),
    Column("serial", ("序号",), parse_text, ignored=True),
)
GOOD = (plain(["3-1-1102", "张三"]), old_workbook([["房号", "姓名"], ["3-1-1102", "张三"]]))


def cell(value: Any) -> Cell:
    return Cell("S", 1, "A", value)


def sheet_of(*rows: list[Any], **options: Any) -> Sheet:
    width = max(len(row) for row in rows)
    return Sheet("S", False, [list(row) + [None] * (width - len(row)) for row in rows], **options)


def tables(*rows: list[Any], **options: Any) -> Any:
    return find_tables(sheet_of(*rows, **options), BOOKS, ("联系人",))


# What is refused


def refused(data: bytes, **options: Any) -> str:
    with pytest.raises(SheetRefused) as caught:
        open_workbook(data, "a.xlsx", **options)
    return caught.value.message


def test_too_large_is_refused_by_its_size_alone(tmp_path: Any) -> None:
    big = tmp_path / "big.xlsx"
    with open(big, "wb") as sparse:
        sparse.truncate(200_000_000)
    with pytest.raises(SheetRefused):
        open_workbook(big)
    assert refused(plain(), most=100)


def test_a_missing_file_is_refused(tmp_path: Any) -> None:
    with pytest.raises(SheetRefused):
        open_workbook(tmp_path / "none.xlsx")


def test_a_zip_bomb_is_refused_unpacked() -> None:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _time in range(250):
            part.write(b" " * 1_000_000)
    assert len(target.getvalue()) < 1_000_000
    assert refused(target.getvalue())


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(plain(["3-1-1102", "张三", None, None, 89]))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = struct.pack("<I", 10)
        at = data.find(b"PK\x01\x02", at + 4)
    assert refused(bytes(data))


@pytest.mark.parametrize("where", ["XFD1048576", "A6000001", "ZZ20000"])
def test_a_cell_far_out_is_refused(where: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain(["a", "b"]))) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                row = "".join(letter for letter in where if letter.isdigit())
                part = part.replace(
                    b"</sheetData>", f'<row r="{row}"><c r="{where}"><v>1</v></c></row></sheetData>'.encode()
                )
            new.writestr(name, part)
    assert refused(data.getvalue())


def test_an_empty_formatted_cell_far_down_is_not_refused() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write("B3", "x")
    sheet.write_blank("Z1048576", None, book.add_format({"bold": True}))
    book.close()
    read = open_workbook(target.getvalue()).sheets[0]
    assert (read.first_row, read.first_column, read.last_row) == (3, 1, 3)


def test_an_encrypted_workbook_is_refused() -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    target = io.BytesIO()
    OOXMLFile(io.BytesIO(plain(["a"]))).encrypt("secret", target)
    assert "password" in refused(target.getvalue()) or "密码" in refused(target.getvalue())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"<html><table></table></html>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 700,
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert refused(data)


def test_a_zip_of_something_else_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    assert refused(target.getvalue())


@pytest.mark.usefixtures("reads_many")
@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_random_bytes_are_refused(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        with pytest.raises(SheetRefused):
            open_workbook(start + data)


@pytest.mark.usefixtures("reads_many")
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_spoilt_workbook_reads_or_is_refused(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from(GOOD))
    at = data.draw(st.integers(0, len(good) - 1))
    length = data.draw(st.integers(0, 40))
    spoilt = good[:at] + data.draw(st.binary(min_size=length, max_size=length)) + good[at + length :]
    if data.draw(st.booleans()):
        spoilt = spoilt[: data.draw(st.integers(0, len(spoilt)))]
    with suppress(SheetRefused):
        assert open_workbook(spoilt).sheets


# Where things stand


def test_rows_keep_their_numbers() -> None:
    sheet = open_workbook(workbook(("a", [[], [], [None, "x"]]))).sheets[0]
    assert sheet.cell(3, 1) == Cell("a", 3, "B", "x")
    assert sheet.cell(3, 1).place == "B3"
    assert sheet.cell(1, 0).value is None
    assert sheet.cell(99, 99).column == "CV"


def test_merged_ranges_fill_downwards_but_not_sidewards() -> None:
    data = workbook(
        ("a", [["h", "i", "j"], [None] * 3, [None] * 3, ["e", "f", "g"]]),
        merges=[(1, 0, 2, 0, "v"), (1, 1, 1, 2, "w")],
    )
    sheet = open_workbook(data).sheets[0]
    assert sheet.cell(3, 0).value == "v"
    assert sheet.cell(3, 0).filled
    assert sheet.cell(2, 2).value is None
    assert sheet.filled(2, 2) == "w"


def test_hidden_sheets_are_read_and_chart_sheets_have_no_rows() -> None:
    book = open_workbook(workbook(("a", [["x"]]), ("b", [["y"]]), hidden=["b"]))
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("a", False), ("b", True)]


def test_formulas_give_their_values_and_errors_their_names() -> None:
    sheet = open_workbook(workbook(("a", [[("=1+1", 2), ('="x"', "x"), ("=1/0", "#DIV/0!")]]))).sheets[0]
    assert sheet.rows[0] == [2.0, "x", "#DIV/0!"]


def test_a_formula_that_nobody_worked_out_is_told() -> None:
    """Programs write formulas without their values; a text's formula may well come to nothing."""
    book, data = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["=80+9.5", "x"])
    book.save(data)
    (sheet,) = open_workbook(data.getvalue()).sheets
    assert sheet.rows == [["#CALC!", "x"]]
    empty = io.BytesIO()
    with zipfile.ZipFile(data) as had, zipfile.ZipFile(empty, "w") as made:
        for name in had.namelist():
            made.writestr(name, had.read(name).replace(b'<c r="A1">', b'<c r="A1" t="str">'))
    (sheet,) = open_workbook(empty.getvalue()).sheets
    assert "#CALC!" not in sheet.rows[0]


def test_old_workbooks_are_read() -> None:
    sheet = open_workbook(old_workbook([[], [None, "房号", 18900000000.0]]), "a.et").sheets[0]
    assert sheet.cell(2, 1).value == "房号"
    assert sheet.cell(2, 2).value == 18900000000.0


def test_a_workbook_saved_by_openpyxl_with_an_emptied_macro_part_is_read() -> None:
    book = openpyxl.Workbook()
    book.active["C4"] = "x"
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"never run")
    assert open_workbook(target.getvalue(), "a.xlsm").sheets[0].cell(4, 2).value == "x"


# Tables


def test_a_head_is_found_below_titles_and_again_after_a_page_break() -> None:
    read = tables(
        ["图书借阅表"],
        [],
        ["书 名（必填）", "读者：", "电话"],
        ["红楼", "甲", None],
        ["书 名（必填）", "读者：", "电话"],
        ["西游", "乙", None],
    )
    (table,) = read.tables
    assert [data.row for data in table.rows] == [4, 6]
    assert [(row.row, row.reason) for row in read.not_data] == [
        (1, Reason.TITLE),
        (2, Reason.BLANK),
        (3, Reason.HEAD),
        (5, Reason.HEAD),
    ]
    assert table.lacking == ("due",)


def test_a_head_in_two_rows_joins_group_and_column() -> None:
    rows = (
        ["书名", "联系人信息", None, "应还日期"],
        [None, "姓名", "电话", None],
        ["红楼", "丙", "18900000000", date(2024, 1, 2)],
    )
    read = tables(
        *rows,
        merged={
            (1, 2): (1, 1),
            (1, 1): (1, 1),
            (1, 0): (1, 0),
            (2, 0): (1, 0),
            (1, 3): (1, 3),
            (2, 3): (1, 3),
        },
    )
    assert read.tables[0].head.rows == (1, 2)
    assert dict(read.tables[0].head.fields) == {0: "title", 2: "contact_phone", 3: "due"}
    assert read.tables[0].unknown == [("B", "联系人信息姓名")]


def test_totals_notes_blanks_and_texts_beside_are_told() -> None:
    read = tables(
        ["序号", "书名", "读者"],
        [1, "红楼", "甲", None, "待查"],
        [2, None, None],
        [None, None, None],
        ["合计", None, "1"],
        ["注：电话可不填", None, None],
        ["以上由图书馆统一登记并核对过的", None, None],
        [None, None, None, None, "旁注"],
        [None, "小计", "3"],
    )
    assert [data.row for data in read.tables[0].rows] == [2]
    assert {row.row: row.reason for row in read.not_data} == {
        1: Reason.HEAD,
        3: Reason.BLANK,
        4: Reason.BLANK,
        5: Reason.TOTALS,
        6: Reason.NOTE,
        7: Reason.NOTE,
        8: Reason.NOTE,
        9: Reason.TOTALS,
    }
    assert [(note.row, note.column, note.text) for note in read.notes if note.beside] == [(2, "E", "待查")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["户数：5户"], Reason.TOTALS),
        (["共300户", None, None, 5], Reason.TOTALS),
        (["（以上一册）"], Reason.NOTE),
        (["总人数", 3], Reason.TOTALS),
    ],
)
def test_what_stands_under_a_table_and_is_no_line(row: list[Any], reason: Reason) -> None:
    read = tables(["书名", "借者", "电话", "应还日期"], ["红楼", "甲", "18900000000", date(2024, 1, 2)], row)
    assert [row.reason for row in read.not_data if row.row == 3] == [reason]


def test_a_title_between_two_tables_is_no_line() -> None:
    read = tables(
        ["书名", "应还日期"],
        ["红楼", date(2024, 1, 2)],
        [None],
        ["二、还书"],
        [None],
        ["书名", "电话"],
        ["红楼", "18900000000"],
    )
    assert [(row.row, row.reason) for row in read.not_data if row.row in (4, 6)] == [
        (4, Reason.TITLE),
        (6, Reason.HEAD),
    ]
    assert [row.row for table in read.tables for row in table.rows] == [2, 7]


def test_without_a_head_every_row_is_named() -> None:
    read = tables(["a", "b"], [1, 2])
    assert not read.tables
    assert [row.reason for row in read.not_data] == [Reason.NO_HEAD] * 2


def test_two_tables_in_a_sheet() -> None:
    read = tables(["书名", "读者"], ["红楼", "甲"], ["读者", "电话", "书名"], ["乙", "1", "西游"])
    assert [len(table.rows) for table in read.tables] == [1, 1]
    assert read.tables[1].rows[0].cells["title"][0].value == "西游"


VALUES = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "书名",
            "读者",
            "电话",
            "合计",
            "注：一",
            "序号",
            "应还日期",
            "红楼",
            " ",
            "\u3000",
            "联系人",
            "很长很长很长很长的一句话",
        ]
    ),
    st.floats(allow_nan=False),
    st.integers(-5, 10**18),
    st.text(max_size=12),
    st.dates(),
    st.booleans(),
)
GRIDS = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width), min_size=1, max_size=12)
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GRIDS, st.integers(1, 5), st.integers(0, 3))
def test_every_row_is_data_or_named(grid: list[list[Any]], first_row: int, first_column: int) -> None:
    read = find_tables(Sheet("S", False, grid, first_row, first_column), BOOKS, ("联系人",))
    rows = [data.row for table in read.tables for data in table.rows] + [row.row for row in read.not_data]
    assert sorted(rows) == list(range(1, read.rows_total + 1))


# Cells


def test_texts_stay_as_written() -> None:
    assert parse_text(cell(" 0012 ")).value == "0012"
    assert parse_text(cell("ＡＢ")).value == "ＡＢ"
    assert parse_text(cell("=cmd|x")).value == "=cmd|x"
    assert parse_text(cell(12.0)).value == "12"
    assert parse_text(cell("#N/A")).problems
    assert parse_text(cell("a\x00b")).value == "ab"


def test_heads_are_folded() -> None:
    assert folded("建筑面积（㎡）") == folded("建筑 面积(平方米)") == folded("建筑面积：") == "建筑面积"
    assert folded("单价（元/㎡·月）") == "单价"
    assert folded("ＡＢ c") == "abc"
