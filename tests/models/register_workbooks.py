"""Makes workbooks as offices make them by hand: each nasty trait, at test time."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

HEAD = ("房号", "业主姓名", "联系电话", "身份证号码", "建筑面积")


def workbook(
    *sheets: tuple[str, Sequence[Sequence[Any]]],
    merges: Sequence[tuple[int, int, int, int, Any]] = (),
    hidden: Sequence[str] = (),
) -> bytes:
    """An .xlsx of rows; days are written as Excel's days, merges (first sheet; rows and columns from 0) after
    the rows.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, (name, rows) in enumerate(sheets):
        sheet = book.add_worksheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                _put(sheet, row, column, value, day)
        for top, left, bottom, right, value in merges if not at else ():
            sheet.merge_range(top, left, bottom, right, value)
        if name in hidden:
            sheet.hide()
    book.close()
    return target.getvalue()


def _put(sheet: Worksheet, row: int, column: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, (date, datetime)):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, tuple):  # a formula and its value
        sheet.write_formula(row, column, value[0], None, value[1])
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write(row, column, value)


def plain(*rows: Sequence[Any], head: Sequence[Any] = HEAD, name: str = "业主") -> bytes:
    """One sheet, the head in row 1."""
    return workbook((name, [head, *rows]))


def old_workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    """The same as .xls."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("业主")
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value is not None:
                sheet.write(row, column, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def everything() -> bytes:
    """All the traits at once: title, two-row head, merged buildings, page break, notes, totals, codes, hidden
    parts.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("一期")
    day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
    sheet.merge_range("A1:K1", "阳光花园业主信息一览表")
    sheet.write("A2", "填表日期：2024年5月")
    heads = {
        "B": "楼号",
        "C": "单元",
        "D": "房号",
        "E": "建筑面积（㎡）",
        "F": "身份",
        "J": "入伙时间",
        "K": "备 注",
    }
    sheet.merge_range("A3:A4", "序号")
    for letter, text in heads.items():
        sheet.merge_range(f"{letter}3:{letter}4", text)
    sheet.merge_range("G3:I3", "住户信息")
    for letter, text in {"G": "姓　名", "H": "手机号码", "I": "证件号码"}.items():
        sheet.write(f"{letter}4", text)
    sheet.merge_range("B5:B10", "3栋")
    sheet.merge_range("C5:C10", "1单元")
    sheet.merge_range("D5:D7", 1102)
    sheet.merge_range("E5:E7", 89.5)
    for row, values in {
        5: (1, "1", "张三、李四", "18900000001/18900000002", "110101199003070011"),
        6: (2, "2", "张小三", None, None),
        7: (3, "3", "王五", 18999999999.0, "11010119900307001X"),
    }.items():
        sheet.write(f"A{row}", values[0])
        for letter, value in zip("FGHI", values[1:], strict=True):
            if value is not None:
                sheet.write(f"{letter}{row}", value) if not isinstance(value, str) else sheet.write_string(
                    f"{letter}{row}", value
                )
    sheet.write_datetime("J5", datetime(2020, 3, 5), day)
    for letter, text in {
        "A": "序号",
        "B": "楼号",
        "C": "单元",
        "D": "房号",
        "E": "建筑面积（㎡）",
        "F": "身份",
        "G": "姓　名",
        "H": "手机号码",
        "I": "证件号码",
        "J": "入伙时间",
        "K": "备 注",
    }.items():
        sheet.write(f"{letter}11", text)
    for column, value in enumerate(
        (4, "３栋", "１单元", "１１０３", 92.1, "1", "赵六", "189-0000-0003", None, "2021.4.6", "旁")
    ):
        sheet.write(11, column, value)
    sheet.write("M12", "此户待核实")
    sheet.write_formula("E14", "=SUM(E5:E12)", None, 181.6)
    sheet.write("A14", "合计")
    sheet.merge_range("A15:K15", "注：身份 1=业主 2=家属 3=租户")
    sheet.set_row(5, None, None, {"hidden": True})
    sheet.set_column("I:I", None, None, {"hidden": True})
    book.add_worksheet("空")
    contacts = book.add_worksheet("通讯录")
    contacts.write_row(0, 0, ("部门", "职务"))
    contacts.write_row(1, 0, ("客服", "前台"))
    book.close()
    return target.getvalue()
