"""The owner register in offices' own layouts: read as it was meant, or refused with a sentence; never mixed
in silence.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from app.sheets.assigning import asked, unknown_heads
from app.workbook.sheet_reader import column_letters
from app.workbook.sheet_tables import Assignment
from models.estate.register_columns import COLUMNS
from models.estate.register_sheet import RegisterSheet, read_register
from tests.models.register_workbooks import plain, workbook


def read(data: bytes, **columns: str) -> RegisterSheet:
    """What a workbook tells, where somebody said what these columns (by their letters) of its first table
    hold.
    """
    register = read_register(data, "register.xlsx")
    if columns:
        head = register.tables[0].tables[0].head
        said = {at: columns.get(column_letters(at), head.fields.get(at, "")) for at in sorted(head.texts)}
        assigned = {head.layout: Assignment(tuple(said.values()))}
        register = read_register(data, "register.xlsx", assigned=assigned)
    counted = (
        register.rows_used
        + register.rows_with_problems
        + [(line.sheet, line.row) for line in register.not_data]
    )
    assert len(counted) == len(set(counted)) == register.rows_total
    return register


def told(data: bytes, **columns: str) -> dict[str, list[str]]:
    """Each unit with the names of its people, where nothing stands in the way."""
    read_in = read(data, **columns)
    assert not read_in.problems, read_in.problems
    assert len({unit.shown for unit in read_in.units}) == len(read_in.units)
    return {unit.shown: [person.name for person in unit.people] for unit in read_in.units}


def phones(data: bytes, **columns: str) -> dict[str, list[tuple[str, str | None, str | None]]]:
    """Each unit with its people and their telephones."""
    read_in = read(data, **columns)
    assert not read_in.problems, read_in.problems
    return {
        unit.shown: [(person.name, person.phone, person.phone2) for person in unit.people]
        for unit in read_in.units
    }


def refused(data: bytes) -> list[tuple[int, str]]:
    """Where problems stand."""
    read_in = read(data)
    assert read_in.problems
    return [(problem.row, problem.column) for problem in read_in.problems]


def unknown(data: bytes) -> list[str]:
    """The columns that somebody has to say something of before anything of the sheet comes in."""
    return [finding.column for finding in unknown_heads(asked(read(data).tables, COLUMNS))]


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
    rows = [
        ["序号", "房号", "业主", "电话", "房号", "业主"],
        [1, "5-1-101", "甲", "13900000001", "5-1-201", "乙"],
    ]
    assert phones(workbook(("a", rows))) == {
        "5-1-101": [("甲", "13900000001", None)],
        "5-1-201": [("乙", None, None)],
    }


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize(
    ("left", "right"), [("3栋1单元", "3栋2单元"), ("1单元", "2单元"), ("一单元", "二单元")]
)
def test_entrances_side_by_side_under_titles_of_their_own(left: str, right: str, merged: bool) -> None:
    rows: list[list[Any]] = [
        [left, None, None, right, None, None],
        ["房号", "业主", "电话"] * 2,
        [101, "甲", None, 101, "乙", None],
        [102, "丙", None, 102, "丁", None],
    ]
    merges = [(0, 0, 0, 2, left), (0, 3, 0, 5, right)] if merged else []
    assert told(workbook(("3栋", rows), merges=merges)) == {
        "3-1-101": ["甲"],
        "3-2-101": ["乙"],
        "3-1-102": ["丙"],
        "3-2-102": ["丁"],
    }


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
    assert phones(data) == {
        "3-1-7101": [("甲", None, "13911800001")],
        "5-1-7102": [("乙", None, "13911800002")],
    }


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("苑", ("3苑", "5苑")),
        ("期数", ("一期", "二期")),
        ("分区", ("A区", "B区")),
        ("组团", ("一组团", "二组团")),
        ("小区", ("某江苑", "某湖苑")),
        ("所属项目", ("一期", "一期")),
    ],
)
def test_a_phase_or_part_in_a_column_of_its_own_tells_buildings_apart(
    head: str, cells: Sequence[str]
) -> None:
    heads = [head, "幢", "单元", "房号", "姓名"]
    data = plain([cells[0], 44, 1, 201, "戊一"], [cells[1], 44, 1, 202, "戊二"], head=heads)
    assert told(data) == {f"{cells[0]}44-1-201": ["戊一"], f"{cells[1]}44-1-202": ["戊二"]}


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("栋别", (44, 45)),
        ("那一栋", ("44栋", "45栋")),
        ("位置", ("44栋1单元", "45栋1单元")),
        ("座落楼", ("A座", "B座")),
    ],
)
def test_a_column_that_nobody_knows_is_asked_about(head: str, cells: Sequence[Any]) -> None:
    heads = [head, "幢", "单元", "房号", "姓名", "手机"]
    data = plain(
        [cells[0], 44, 1, 201, "戊一", "13911140001"],
        [cells[1], 44, 1, 202, "戊二", "13911140002"],
        head=heads,
    )
    assert unknown(data) == ["A"]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("小区", ("某江苑", "某江苑")),
        ("楼栋管家", ("甘管家", "乙管家")),
        ("项目名称", ("某花园", "某花园")),
        ("楼层", (2, 2)),
    ],
)
def test_a_column_that_tells_nothing_of_the_unit_is_left_out(head: str, cells: Sequence[Any]) -> None:
    data = plain(
        [cells[0], 44, 1, 201, "戊一"],
        [cells[1], 44, 1, 202, "戊二"],
        head=[head, "幢", "单元", "房号", "姓名"],
    )
    assert told(data) == {"44-1-201": ["戊一"], "44-1-202": ["戊二"]}


def test_a_phase_before_the_building_is_part_of_its_name() -> None:
    rows = [
        ["一期45栋1单元301", "戊五"],
        ["二期45栋1单元302", "戊六"],
        ["某花园A区46栋1单元301", "戊七"],
        ["B区46栋1单元302", "戊八"],
    ]
    assert told(plain(*rows, head=["房号", "业主姓名"])) == {
        "一期45-1-301": ["戊五"],
        "二期45-1-302": ["戊六"],
        "A区46-1-301": ["戊七"],
        "B区46-1-302": ["戊八"],
    }
    rows = [["一期45栋", 1, 301, "戊五"], ["2期45栋", 1, 302, "戊六"], [None, None, 303, "戊七"]]
    assert told(plain(*rows, ["二期45栋", 1, 304, "戊"], head=["楼栋", "单元", "房号", "业主姓名"])) == {
        "一期45-1-301": ["戊五"],
        "2期45-1-302": ["戊六"],
        "2期45-1-303": ["戊七"],
        "2期45-1-304": ["戊"],
    }


def test_a_phase_in_some_lines_of_a_building_is_asked_for_in_the_others() -> None:
    rows = [["一期45栋1单元301", "戊五"], ["45栋1单元302", "戊六"], ["46栋1单元302", "戊七"]]
    assert refused(plain(*rows, head=["房号", "业主姓名"])) == [(3, "A")]


def test_an_estates_name_before_its_buildings_is_left_out_unless_there_are_two() -> None:
    assert told(plain(["某花园3栋1-201", "甲"], ["3栋1-202", "乙"], head=["房号", "业主"])) == {
        "3-1-201": ["甲"],
        "3-1-202": ["乙"],
    }
    assert told(plain(["某江苑3栋1-201", "甲"], ["某湖苑3栋1-202", "乙"], head=["房号", "业主"])) == {
        "某江苑3-1-201": ["甲"],
        "某湖苑3-1-202": ["乙"],
    }


def test_headings_of_entrances_between_the_lines() -> None:
    rows = [["房号", "业主"], ["1单元"], [101, "甲"], ["2单元"], [101, "乙"], ["5栋1单元"], [101, "丙"]]
    merges = [(row, 0, row, 1, rows[row][0]) for row in (1, 3, 5)]
    assert told(workbook(("3栋", rows), merges=merges)) == {
        "3-1-101": ["甲"],
        "3-2-101": ["乙"],
        "5-1-101": ["丙"],
    }
    assert refused(workbook(("3栋", rows)))[:2] == [(2, "A"), (4, "A")]


def test_a_heading_ends_the_building_of_the_lines_above_it() -> None:
    rows = [
        ["楼号", "单元", "房号", "业主"],
        [3, 1, 101, "甲"],
        [None, None, 102, "乙"],
        ["4号楼1单元"],
        [None, None, 101, "丙"],
    ]
    assert told(workbook(("a", rows), merges=[(3, 0, 3, 3, "4号楼1单元")])) == {
        "3-1-101": ["甲"],
        "3-1-102": ["乙"],
        "4-1-101": ["丙"],
    }


@pytest.mark.parametrize("name", ["2栋", "业主"])
def test_what_stands_first_is_asked_where_it_may_be_two_things(name: str) -> None:
    """2-101 of building 2: its entrance 2, or building 2 once more; no count of lines decides it."""
    head = ["房号", "业主"] if name == "2栋" else ["楼号", "房号", "业主"]
    rows: list[list[Any]] = [["1-101", "甲"], ["2-101", "乙"], ["3-101", "丙"]]
    data = workbook((name, [head, *(row if name == "2栋" else [2, *row] for row in rows)]))
    letter = "A" if name == "2栋" else "B"
    assert refused(data) == [(3, letter)]
    assert told(data, **{letter: "entrance_door"}) == {
        "2-1-101": ["甲"],
        "2-2-101": ["乙"],
        "2-3-101": ["丙"],
    }
    many = [[at % 4 + 1, f"{at % 4 + 1}-{at + 101}", "甲"] for at in range(12)]
    again = plain(*many, head=["楼号", "房号", "业主"])
    assert len(refused(again)) == 12
    assert list(told(again, B="building_door"))[:2] == ["1-?-101", "2-?-102"]
    known = plain([2, "2-101", "甲"], head=["楼号", "单元房号", "业主"])
    assert told(known) == {"2-2-101": ["甲"]}


@pytest.mark.parametrize("written", ["101/102", "101、102", "101-102", "101~102", "101,102"])
def test_two_doors_in_a_cell_are_refused(written: str) -> None:
    assert refused(plain([3, written, "甲"], head=["楼号", "房号", "业主"])) == [(2, "B")]


def test_a_line_without_its_unit_is_no_second_owner_of_the_one_above() -> None:
    head = ["房号", "业主", "电话"]
    assert refused(plain(["3-1-101", "甲", "13900000001"], [None, "乙", "13900000002"], head=head)) == [
        (3, "A")
    ]
    merged = workbook(
        ("a", [head, [None, "甲", "13900000001"], [None, "乙", "13900000002"]]),
        merges=[(1, 0, 2, 0, "3-1-101")],
    )
    assert told(merged) == {"3-1-101": ["甲", "乙"]}


HOUSES = ["楼栋编号", "单元编号", "房屋编号", "业主编号"]


def test_owners_in_another_sheet_are_found_by_their_numbers() -> None:
    book = workbook(
        ("房屋", [HOUSES, [48, 1, 201, "Y1"], [48, 1, 202, "Y2、Y3"], [48, 2, 201, "y1"]]),
        (
            "业主",
            [["业主编号", "姓名", "联系电话"], ["Y1", "牛甲", "13911900011"], ["Y2", "马乙"], ["Y3", "丙"]],
        ),
    )
    assert phones(book) == {
        "48-1-201": [("牛甲", "13911900011", None)],
        "48-1-202": [("马乙", None, None), ("丙", None, None)],
        "48-2-201": [("牛甲", "13911900011", None)],
    }


def test_a_number_that_nobody_has_or_two_have_is_refused() -> None:
    people = ["业主编号", "姓名", "联系电话"]
    houses = ("房屋", [HOUSES, [48, 1, 201, "Y1"], [48, 1, 202, "Y2"]])
    assert refused(workbook(houses, ("业主", [people, ["Y1", "牛甲", None]]))) == [(3, "D")]
    two = ("业主", [people, ["Y1", "牛甲", None], ["Y2", "甲", None], ["Y1", "乙", None]])
    assert refused(workbook(houses, two)) == [(4, "A"), (2, "D")]
    wrong = ("业主", [people, ["Y1", "牛甲", "abc"], ["Y2", "甲", None]])
    assert refused(workbook(houses, wrong)) == [(2, "C"), (2, "D")]


# People, and whose number is whose


@pytest.mark.parametrize("sign", ["同上", "〃", "″", "”", '"', "同前"])
def test_the_cell_above_is_meant_by_its_sign(sign: str) -> None:
    head = ["房号", "业主姓名", "联系电话", "通讯地址", "车牌号", "车位"]
    data = plain(
        ["47-1-101", "庚一", "13900000001", "某路1号", "粤A12345", "B1"],
        ["47-1-102", sign, sign, sign, sign, "B2"],
        ["47-1-103", sign, None, sign, None, None],
        head=head,
    )
    read_in = read(data)
    assert not read_in.problems
    told = [
        [(person.name, person.phone, person.mailing_address) for person in unit.people]
        for unit in read_in.units
    ]
    assert told == [
        [("庚一", "13900000001", "某路1号")],
        [("庚一", "13900000001", "某路1号")],
        [("庚一", None, "某路1号")],
    ]
    assert [[vehicle.plate for vehicle in unit.vehicles] for unit in read_in.units] == [
        ["粤A12345"],
        ["粤A12345"],
        [],
    ]


def test_a_sign_that_points_to_no_single_cell_is_refused() -> None:
    head = ["房号", "业主", "电话"]
    assert refused(plain(["47-1-101", "同上"], head=head)) == [(2, "B")]
    assert refused(plain(["47-1-101", None], ["47-1-102", "同上"], head=head)) == [(3, "B")]
    assert refused(plain(["47-1-101", "甲"], [None], ["47-1-102", "同上"], head=head)) == [(4, "B")]
    assert refused(plain(["47-1-101", "甲"], ["47-1-102", "同下"], ["47-1-103", "乙"], head=head)) == [
        (3, "B")
    ]
    couple = [head, [None, "甲"], [None, "乙"], ["47-1-102", "同上"]]
    assert refused(workbook(("a", couple), merges=[(1, 0, 2, 0, "47-1-101")])) == [(4, "B")], (
        "one of the two owners above"
    )


@pytest.mark.parametrize(
    "word", ["待定", "见上", "待补", "未知", "本人", "空置", "自住", "无", "—", "待核实"]
)
@pytest.mark.parametrize("head", ["业主姓名", "租户姓名", "家庭成员", "姓名"])
def test_a_word_that_names_nobody_is_nobody(head: str, word: str) -> None:
    phone = {"租户姓名": "租户电话", "家庭成员": "家庭成员电话"}.get(head, "联系电话")
    assert told(plain(["47-1-101", word, "无"], head=["房号", head, phone])) == {"47-1-101": []}


@pytest.mark.parametrize("word", ["无车", "待定", "见上", "未购", "没有"])
def test_a_word_that_is_no_plate_is_no_vehicle(word: str) -> None:
    (unit,) = read(plain(["47-1-101", "甲", word, word], head=["房号", "业主", "车牌号", "车位号"])).units
    assert unit.vehicles == []


@pytest.mark.parametrize(
    "name", ["某某（中国）有限公司", "Ａ座管理处", "张三（已故）", "欧阳 娜娜", "Smith, John"]
)
def test_names_stand_as_they_are_written(name: str) -> None:
    assert told(plain(["47-1-101", name, "13900000001、13900000002"], head=["房号", "业主", "电话"])) == {
        "47-1-101": [name.replace("欧阳 娜娜", "欧阳 娜娜")]
    }


def test_two_names_with_a_space_between_are_two_people() -> None:
    assert told(plain(["47-1-101", "张三 李四"], head=["房号", "业主"])) == {"47-1-101": ["张三", "李四"]}


def test_people_beside_each_other_keep_their_numbers() -> None:
    head = ["房号", "业主", "电话", "身份证号", "业主", "电话", "身份证号"]
    numbers = phones(
        plain(
            ["47-1-101", "甲", None, None, "乙", "13900000002", "E1234567"],
            ["47-1-102", "丙", "13900000003", None, None, None, None],
            head=head,
        )
    )
    assert numbers == {
        "47-1-101": [("甲", None, None), ("乙", "13900000002", None)],
        "47-1-102": [("丙", "13900000003", None)],
    }
    assert refused(plain(["47-1-101", "甲", None, None, None, "13900000002", None], head=head))
    assert refused(plain(["47-1-101", "甲", "乙", "13900000002"], head=["房号", "业主", "业主", "电话"])) == [
        (2, "D")
    ]


def test_whose_a_number_is_that_stands_twice_is_asked() -> None:
    head = ["房号", "业主姓名", "电话", "租户姓名", "电话"]
    data = plain(["47-1-101", "甲", "13900000001", "乙", "13900000002"], head=head)
    assert refused(data) == [(2, "E")]
    assert phones(data, E="tenant_phone") == {
        "47-1-101": [("甲", "13900000001", None), ("乙", "13900000002", None)]
    }


def test_blocks_below_each_other_are_tables_of_their_own_or_refused() -> None:
    rows: list[list[Any]] = [["房号", "业主", "电话"], ["3-1-101", "甲", "13900000001"], [None]]
    second = [["商铺", "租户姓名", "租户电话"], ["A01", "乙", "13900000002"]]
    assert told(workbook(("a", rows + second))) == {"3-1-101": ["甲"], "商铺-?-A01": ["乙"]}
    foreign = [["铺内编次", "经营者", "手里的"], ["3-1-102", "丙", "13900000003"], ["3-1-103", "丁", None]]
    read_in = read(workbook(("a", rows + foreign)))
    assert [(problem.row, problem.column) for problem in read_in.problems] == [(4, "")]
    assert [unit.shown for unit in read_in.units] == ["3-1-101"]
    assert read_in.rows_with_problems == [("a", 4), ("a", 5), ("a", 6)]


def test_a_shop_of_one_number_is_a_unit() -> None:
    data = plain(
        ["商铺12", "甲"], ["3栋商铺12", "乙"], ["南楼301", "丙"], ["紫荆苑-8", "丁"], head=["房号", "业主"]
    )
    assert told(data) == {"商铺12": ["甲"], "3-?-商铺12": ["乙"], "南楼-?-301": ["丙"], "紫荆苑-?-8": ["丁"]}


@pytest.mark.parametrize("beside", ["租户姓名", "家庭成员", "紧急联系人"])
def test_a_single_telephone_beside_another_name_is_asked_about(beside: str) -> None:
    assert refused(
        plain(["47-1-101", "甲", "乙", "13900000002"], head=["房号", "业主", beside, "联系电话"])
    ) == [(2, "D")]
    assert phones(
        plain(["47-1-101", "甲", None, "13900000002"], head=["房号", "业主", beside, "联系电话"])
    ) == {"47-1-101": [("甲", "13900000002", None)]}
    clear = read(plain(["47-1-101", "甲", "乙", "13900000002"], head=["房号", "业主", beside, "业主电话"]))
    assert (clear.units[0].people[0].name, clear.units[0].people[0].phone) == ("甲", "13900000002")
    assert not clear.problems


@pytest.mark.parametrize("ends", ["合同结束日期", "租赁到期时间", "租约终止日", "合同截止日期", "租期届满日"])
def test_a_lease_ends_when_it_says(ends: str) -> None:
    head = ["房号", "业主姓名", "租户姓名", "租户电话", "合同开始日期", ends]
    read_in = read(plain(["72-1-106", "某一", "某二", "13911600005", "2026-01-01", "2026-12-31"], head=head))
    assert not read_in.problems
    assert [(person.name, str(person.since), str(person.until)) for person in read_in.units[0].people] == [
        ("某一", "None", "None"),
        ("某二", "2026-01-01", "2026-12-31"),
    ]


def test_a_lease_is_never_the_owners() -> None:
    assert refused(plain(["72-1-106", "某一", "2026-12-31"], head=["房号", "业主姓名", "合同结束日期"])) == [
        (2, "C")
    ]
    assert refused(
        plain(["72-1-106", "某一", None, "2026-12-31"], head=["房号", "业主姓名", "租户", "租赁到期日期"])
    ) == [(2, "D")]


def test_numbers_stand_with_the_person_named_before_them() -> None:
    head = ["房号", "业主姓名", "租户姓名", "联系电话", "身份证号码"]
    rows = [
        [
            "46-1-101",
            "己一、己二",
            None,
            "己一：13911150001、13911150002、己二：13911150003",
            "己一：11010519491231002X、己二：待补",
        ],
        ["46-1-102", "己三", None, "己三:139 1115 0004", "己三："],
        ["46-1-103", "己四", None, "13911150006/13911150007/62980001", None],
        ["46-1-104", "己五", None, "业主：13911150008；己五：62980002", "己五：E1234567"],
    ]
    read_in = read(plain(*rows, head=head), D="phone", E="id_number")
    assert not read_in.problems, read_in.problems
    assert [
        [
            (person.name, person.phone, person.phone2, person.phone3, person.id_number)
            for person in unit.people
        ]
        for unit in read_in.units
    ] == [
        [
            ("己一", "13911150001", "13911150002", None, "11010519491231002X"),
            ("己二", "13911150003", None, None, None),
        ],
        [("己三", "13911150004", None, None, None)],
        [("己四", "13911150006", "13911150007", "62980001", None)],
        [("己五", "13911150008", "62980002", None, "E1234567")],
    ]
    four = ["46-1-101", "己四", None, "13911150006/13911150007/62980001/62980002", None]
    assert refused(plain(four, head=head)) == [(2, "D")]


@pytest.mark.parametrize(
    "written",
    [
        "13911150002（租户）",
        "13911150002(李四)",
        "张先生13911150002",
        "己一：13911150001、己二：13911150003",
        "己一：13911150001 租客13911150005",
        "手机13911150001",
    ],
)
def test_a_number_with_somebody_beside_it_is_refused(written: str) -> None:
    assert refused(plain(["46-1-101", "己一", written], head=["房号", "业主姓名", "联系电话"])) == [(2, "C")]


LEGENDS = [
    "2101 业主\n2102 家庭成员\n2103 租客\n2104 其他",
    "人员类别：2101=业主；2102=家属；2103=租户",
    "业主2101、家属2102、租客2103",
    "身份（业主、家属、租户）：2101=业主 2102=家属 2103=租户",
]


@pytest.mark.parametrize("legend", LEGENDS)
@pytest.mark.parametrize("where", ["below", "beside", "another sheet"])
def test_codes_mean_what_a_note_says_wherever_it_stands(legend: str, where: str) -> None:
    head = ["栋", "单元", "房号", "房屋用途", "姓名", "手机", "人员类别"]
    lines: list[list[Any]] = [
        [47, 1, 101, "301", "牛甲", "13911900001", 2101],
        [47, 1, 101, "301", "牛小甲", None, 2102],
        [47, 1, 102, "302", "羊租", None, 2103],
    ]
    use = "301 住宅\n302 商铺"
    notes = {
        "below": [[], [legend], [use]],
        "beside": [[], [None] * 9 + ["人员类别", legend], [None] * 9 + ["房屋用途", use]],
    }.get(where, [])
    sheets = [("住户", [head, *lines, *notes])] + (
        [("说明", [["人员类别", legend], ["房屋用途", use]])] if where == "another sheet" else []
    )
    read_in = read(workbook(*sheets))
    if "=业主" in legend and "（业主、" in legend and read_in.problems:
        return  # refused is right too: read from the other end it would say something else
    assert not read_in.problems
    assert [(unit.kind, [person.kind for person in unit.people]) for unit in read_in.units] == [
        ("flat", ["owner", "family"]),
        ("shop", ["tenant"]),
    ]


def test_a_code_that_two_notes_explain_differently_is_explained_by_none() -> None:
    head = ["房号", "姓名", "人员类别"]
    assert refused(plain(["47-1-101", "甲", 1], ["注：1=业主 2=租户"], ["注：1=租户 2=业主"], head=head)) == [
        (2, "C")
    ]


# Sheets and lines that tell of one unit


@pytest.mark.parametrize(("place", "other"), [("一期", "二期"), ("A区", "B区"), ("3苑", "5苑")])
def test_one_building_under_two_phases_is_two(place: str, other: str) -> None:
    head = ["楼号", "单元", "房号", "业主"]
    two = {f"{place}45-1-301": ["戊五"], f"{other}45-1-302": ["戊六"]}
    data = workbook((f"{place}业主", [head, [45, 1, 301, "戊五"]]), (other, [head, [45, 1, 302, "戊六"]]))
    assert told(data) == two
    titled = (
        [["某花园" + place], head, [45, 1, 301, "戊五"]],
        [["某花园" + other], head, [45, 1, 302, "戊六"]],
    )
    assert told(workbook(("甲", titled[0]), ("乙", titled[1]))) == two
    assert told(workbook((place, [head, [45, 1, 301, "戊五"]]), (other, [head, [46, 1, 302, "戊六"]]))) == {
        "45-1-301": ["戊五"],
        "46-1-302": ["戊六"],
    }


def test_two_lists_of_persons_that_name_other_owners_contradict_each_other() -> None:
    head = ["房号", "身份", "姓名"]
    old, new = [head, ["3-1-101", "业主", "甲"], ["3-1-101", "家属", "丁"]], [head, ["3-1-101", "业主", "乙"]]
    assert refused(workbook(("2023", old), ("2024", new))) == [(2, "C")]
    couple = [head, ["3-1-101", "业主", "乙"], ["3-1-101", "业主", "甲"]]
    assert told(workbook(("2023", old), ("2024", couple))) == {"3-1-101": ["甲", "丁", "乙"]}


def test_a_cars_second_space_is_kept() -> None:
    rows = [["3-1-101", "甲", "粤A12345", "B1"], ["3-1-101", "甲", "粤A12345", "B2"]]
    (unit,) = read(plain(*rows, head=["房号", "业主", "车牌号", "车位号"])).units
    assert [(vehicle.plate, vehicle.space) for vehicle in unit.vehicles] == [
        ("粤A12345", "B1"),
        ("粤A12345", "B2"),
    ]


@pytest.mark.parametrize(
    ("written", "first", "second"),
    [
        ("、13900000002", None, "13900000002"),
        ("无/13900000002", None, "13900000002"),
        ("13900000001/无", "13900000001", None),
    ],
)
def test_a_number_in_its_turn_is_the_second_persons(
    written: str, first: str | None, second: str | None
) -> None:
    assert phones(plain(["3-1-101", "甲、乙", written], head=["房号", "业主", "电话"])) == {
        "3-1-101": [("甲", first, None), ("乙", second, None)]
    }


def test_a_month_kept_as_a_number_is_refused_where_it_may_be_two() -> None:
    head = ["房号", "业主", "入住日期"]
    assert refused(plain(["3-1-101", "甲", 2020.1], head=head)) == [(2, "C")]
    assert [
        str(unit.move_in)
        for unit in read(plain(["3-1-101", "甲", 2020.12], ["3-1-102", "甲", "2020.10"], head=head)).units
    ] == [
        "2020-12-01",
        "2020-10-01",
    ]
