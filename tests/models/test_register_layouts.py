"""The owner register in offices' own layouts: read as it was meant, or refused with a sentence; never mixed in silence."""

from collections.abc import Sequence
from typing import Any

import pytest

from models.estate.register_sheet import RegisterSheet, read_register
from tests.models.register_workbooks import plain, workbook


def read(data: bytes) -> RegisterSheet:
    found = read_register(data, "register.xlsx")
    counted = found.rows_used + found.rows_with_problems + [(line.sheet, line.row) for line in found.not_data]
    assert len(counted) == len(set(counted)) == found.rows_total
    return found


def told(data: bytes) -> dict[str, list[str]]:
    """Each unit with the names of its people, where nothing stands in the way."""
    found = read(data)
    assert not found.problems, found.problems
    assert len({unit.shown for unit in found.units}) == len(found.units)
    return {unit.shown: [person.name for person in unit.people] for unit in found.units}


def phones(data: bytes) -> dict[str, list[tuple[str, str | None, str | None]]]:
    """Each unit with its people and their telephones."""
    found = read(data)
    assert not found.problems, found.problems
    return {unit.shown: [(person.name, person.phone, person.phone2) for person in unit.people] for unit in found.units}


def refused(data: bytes) -> list[tuple[int, str]]:
    """Where problems stand."""
    found = read(data)
    assert found.problems
    return [(problem.row, problem.column) for problem in found.problems]


# Tables beside each other

FOUR = {"41-1-101": ["甘一"], "41-1-102": ["甘二"], "41-1-201": ["甘三"], "41-1-202": ["甘四"]}


@pytest.mark.parametrize("gap", [[], [None], [None, None]])
@pytest.mark.parametrize("title", [["某花园业主一览表"], ["41号楼业主"]])
def test_tables_side_by_side_keep_their_owners(gap: list[None], title: list[str]) -> None:
    head = ["序号", "楼号", "单元", "房号", "业主姓名"]
    rows = [
        title,
        [*head, *gap, *head],
        [1, 41, 1, 101, "甘一", *gap, 3, 41, 1, 201, "甘三"],
        [2, 41, 1, 102, "甘二", *gap, 4, 41, 1, 202, "甘四"],
    ]
    assert told(workbook(("Sheet1", rows))) == FOUR


def test_three_tables_side_by_side_of_different_length() -> None:
    head = ["房号", "业主", "电话"]
    rows = [
        head * 3,
        ["5-1-101", "甲", "13900000001", "5-1-201", "乙", "13900000002", "5-1-301", "丙", "13900000003"],
        ["5-1-102", "丁", "13900000004", None, None, None, "5-1-302", "戊", "13900000005"],
        [None, None, None, None, None, None, "5-1-303", "己", None],
        ["合计", None, 2, "合计", None, 1, "合计", None, 3],
    ]
    assert phones(workbook(("a", rows))) == {
        "5-1-101": [("甲", "13900000001", None)],
        "5-1-201": [("乙", "13900000002", None)],
        "5-1-301": [("丙", "13900000003", None)],
        "5-1-102": [("丁", "13900000004", None)],
        "5-1-302": [("戊", "13900000005", None)],
        "5-1-303": [("己", None, None)],
    }


def test_a_table_on_the_right_may_lack_a_column() -> None:
    rows = [["序号", "房号", "业主", "电话", "房号", "业主"], [1, "5-1-101", "甲", "13900000001", "5-1-201", "乙"]]
    assert phones(workbook(("a", rows))) == {"5-1-101": [("甲", "13900000001", None)], "5-1-201": [("乙", None, None)]}


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize(("left", "right"), [("3栋1单元", "3栋2单元"), ("1单元", "2单元"), ("一单元", "二单元")])
def test_entrances_side_by_side_under_titles_of_their_own(left: str, right: str, merged: bool) -> None:
    rows: list[list[Any]] = [
        [left, None, None, right, None, None], ["房号", "业主", "电话"] * 2,
        [101, "甲", None, 101, "乙", None], [102, "丙", None, 102, "丁", None],
    ]  # fmt: skip
    merges = [(0, 0, 0, 2, left), (0, 3, 0, 5, right)] if merged else []
    assert told(workbook(("3栋", rows), merges=merges)) == {"3-1-101": ["甲"], "3-2-101": ["乙"], "3-1-102": ["丙"], "3-2-102": ["丁"]}


def test_the_right_table_without_its_building_is_refused() -> None:
    rows = [["楼号", "单元", "房号", "业主", "房号", "业主"], [5, 1, 101, "甲", 201, "乙"]]
    assert refused(workbook(("a", rows))) == [(2, "E")]


def test_two_columns_for_one_unit_complete_each_other_or_are_refused() -> None:
    head = ["房屋编号", "房号", "业主"]
    assert told(plain(["5-1-0101", 101, "甲"], head=head)) == {"5-1-0101": ["甲"]}
    assert refused(plain(["5-1-0101", 102, "甲"], head=head)) == [(2, "B")]
    assert refused(plain(["H2023", 102, "甲"], head=["楼号", "单元", *head], name="3栋"))


# Which building, which entrance


@pytest.mark.parametrize("head", ["楼栋名称", "楼栋编号", "楼宇名称", "幢号", "所在楼栋", "楼座名称", "栋名"])
def test_a_column_of_buildings_goes_before_the_sheets_name(head: str) -> None:
    data = workbook(
        (
            "3号楼",
            [
                [head, "单元编号", "房号", "业主", "备用手机号"],
                ["3栋", 1, "7101", "甲", "13911800001"],
                ["5栋", 1, "7102", "乙", "13911800002"],
            ],
        )
    )
    assert phones(data) == {"3-1-7101": [("甲", None, "13911800001")], "5-1-7102": [("乙", None, "13911800002")]}


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("苑", ("3苑", "5苑")), ("期数", ("一期", "二期")), ("分区", ("A区", "B区")), ("组团", ("一组团", "二组团")), ("小区", ("某江苑", "某湖苑")),
        ("所属项目", ("一期", "一期")), ("栋别", (44, 45)), ("那一栋", ("44栋", "45栋")), ("位置", ("44栋1单元", "45栋1单元")), ("座落楼", ("A座", "B座")),
    ],
)  # fmt: skip
def test_a_column_that_tells_of_the_unit_and_is_not_known_is_refused(head: str, cells: Sequence[Any]) -> None:
    heads = [head, "幢", "单元", "房号", "姓名", "手机"]
    data = plain([cells[0], 44, 1, 201, "戊一", "13911140001"], [cells[1], 44, 1, 202, "戊二", "13911140002"], head=heads)
    assert refused(data) == [(2, "A"), (3, "A")]


@pytest.mark.parametrize(
    ("head", "cells"),
    [("小区", ("某江苑", "某江苑")), ("楼栋管家", ("甘管家", "乙管家")), ("项目名称", ("某花园", "某花园")), ("楼层", (2, 2))],
)
def test_a_column_that_tells_nothing_of_the_unit_is_left_out(head: str, cells: Sequence[Any]) -> None:
    data = plain([cells[0], 44, 1, 201, "戊一"], [cells[1], 44, 1, 202, "戊二"], head=[head, "幢", "单元", "房号", "姓名"])
    assert told(data) == {"44-1-201": ["戊一"], "44-1-202": ["戊二"]}


def test_a_phase_before_the_building_is_refused() -> None:
    rows = [["一期45栋1单元301", "戊五"], ["二期45栋1单元302", "戊六"], ["A区46栋1单元301", "戊七"], ["B区46栋1单元302", "戊八"]]
    assert refused(plain(*rows, head=["房号", "业主姓名"])) == [(2, "A"), (3, "A"), (4, "A"), (5, "A")]
    assert refused(plain(["一期45栋", 1, 301, "戊五"], ["二期45栋", 1, 302, "戊六"], head=["楼栋", "单元", "房号", "业主姓名"]))


def test_headings_of_entrances_between_the_lines() -> None:
    rows = [["房号", "业主"], ["1单元"], [101, "甲"], ["2单元"], [101, "乙"], ["5栋1单元"], [101, "丙"]]
    merges = [(row, 0, row, 1, rows[row][0]) for row in (1, 3, 5)]
    assert told(workbook(("3栋", rows), merges=merges)) == {"3-1-101": ["甲"], "3-2-101": ["乙"], "5-1-101": ["丙"]}
    assert refused(workbook(("3栋", rows)))[:2] == [(2, "A"), (4, "A")]


def test_a_heading_ends_the_building_of_the_lines_above_it() -> None:
    rows = [["楼号", "单元", "房号", "业主"], [3, 1, 101, "甲"], [None, None, 102, "乙"], ["4号楼1单元"], [None, None, 101, "丙"]]
    assert told(workbook(("a", rows), merges=[(3, 0, 3, 3, "4号楼1单元")])) == {"3-1-101": ["甲"], "3-1-102": ["乙"], "4-1-101": ["丙"]}


@pytest.mark.parametrize("name", ["2栋", "业主"])
def test_an_entrance_before_the_door_is_one_in_every_line(name: str) -> None:
    head = ["房号", "业主"] if name == "2栋" else ["楼号", "房号", "业主"]
    rows: list[list[Any]] = [["1-101", "甲"], ["2-101", "乙"], ["3-101", "丙"]]
    data = workbook((name, [head, *(row if name == "2栋" else [2, *row] for row in rows)]))
    assert told(data) == {"2-1-101": ["甲"], "2-2-101": ["乙"], "2-3-101": ["丙"]}


@pytest.mark.parametrize("written", ["101/102", "101、102", "101-102", "101~102", "101,102"])
def test_two_doors_in_a_cell_are_refused(written: str) -> None:
    assert refused(plain([3, written, "甲"], head=["楼号", "房号", "业主"])) == [(2, "B")]


def test_a_line_without_its_unit_is_no_second_owner_of_the_one_above() -> None:
    head = ["房号", "业主", "电话"]
    assert refused(plain(["3-1-101", "甲", "13900000001"], [None, "乙", "13900000002"], head=head)) == [(3, "A")]
    merged = workbook(("a", [head, [None, "甲", "13900000001"], [None, "乙", "13900000002"]]), merges=[(1, 0, 2, 0, "3-1-101")])
    assert told(merged) == {"3-1-101": ["甲", "乙"]}


def test_owners_in_another_sheet_are_asked_for() -> None:
    houses = ["楼栋编号", "单元编号", "房屋编号", "业主编号"]
    book = workbook(
        ("房屋", [houses, [48, 1, 201, "Y1"], [48, 1, 202, "Y2"]]),
        ("业主", [["业主编号", "姓名", "联系电话"], ["Y1", "牛甲", "13911900011"]]),
    )
    assert refused(book) == [(2, "D"), (3, "D")]
    assert [notice.sheet for notice in read(book).notices] == ["房屋", "业主"]
