"""The owner register read from hand-made workbooks: each nasty trait alone, and all together."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.workbook.sheet_reader import Cell
from app.workbook.sheet_tables import Reason
from models.estate.register_place import level_of, parse_building, parse_unit, place_in
from models.estate.register_roles import legend_in
from models.estate.register_sheet import RegisterSheet, SheetRefused, read_register
from tests.models.register_workbooks import HEAD, everything, old_workbook, plain, workbook


def read(data: bytes) -> RegisterSheet:
    register = read_register(data, "register.xlsx")
    counted = (
        register.rows_used + register.rows_with_problems + [(row.sheet, row.row) for row in register.not_data]
    )
    assert len(counted) == len(set(counted)) == register.rows_total
    return register


def clean(data: bytes) -> RegisterSheet:
    read_in = read(data)
    assert not read_in.problems
    return read_in


def the_unit(data: bytes) -> Any:
    (unit,) = clean(data).units
    return unit


def problem(data: bytes) -> Any:
    read_in = read(data)
    assert len(read_in.problems) == 1, read_in.problems
    return read_in.problems[0]


# Units


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("3-1-1102", ("3", "1", "1102")),
        ("３－１－１１０２", ("3", "1", "1102")),
        ("3栋1单元1102", ("3", "1", "1102")),
        ("3幢1单元1102室", ("3", "1", "1102")),
        ("3号楼1单元1102", ("3", "1", "1102")),
        ("三栋一单元1102", ("3", "1", "1102")),
        ("十二栋二单元1102房", ("12", "2", "1102")),
        ("3#1102", ("3", None, "1102")),
        ("3#楼1102", ("3", None, "1102")),
        ("3#-1-1102", ("3", "1", "1102")),
        ("3-1102", ("3", None, "1102")),
        ("3栋1102", ("3", None, "1102")),
        ("A座1单元1102", ("A", "1", "1102")),
        ("03-01-0102", ("3", "1", "0102")),
        ("阳光花园3栋1单元1102", ("3", "1", "1102")),
        ("3栋 1单元 11楼 1102", ("3", "1", "1102")),
        ("3—1—1102", ("3", "1", "1102")),
        ("3/1/1102", ("3", "1", "1102")),
        ("B2-1-1102A", ("B2", "1", "1102A")),
        ("3栋商铺12", ("3", None, "商铺12")),
        ("商铺12", (None, None, "商铺12")),
        ("南楼301", ("南楼", None, "301")),
        ("南楼3-301", ("南楼", "3", "301")),
        ("3 - 1 - 1102", ("3", "1", "1102")),
        ("3号1102", None),
        ("1102", (None, None, "1102")),
        ("1单元1102", (None, "1", "1102")),
        ("1102.0", (None, None, "1102")),
        ("张三", None),
        ("3-1", ("3", None, "1")),
        (1102.0, (None, None, "1102")),
        (date(2012, 3, 1), None),
        ("合计", None),
        ("3-1-11-02-5", None),
    ],
)
def test_units_in_every_way_of_writing(written: Any, parts: Any) -> None:
    parsed = parse_unit(Cell("S", 1, "A", written))
    assert (parsed.value[:3] if parsed.value else None) == parts
    assert bool(parsed.problems) == (parts is None)


@pytest.mark.parametrize(
    "written",
    [
        "南楼3栋301",
        "101、102",
        "3栋、4栋101",
        "3-1-101~105",
        3.11,
        3.1102,
    ],
)
def test_what_tells_more_than_building_entrance_and_door_is_no_unit(written: Any) -> None:
    """A building before another, a list of several units, a number that has lost its noughts."""
    parsed = parse_unit(Cell("S", 1, "A", written))
    assert (parsed.value, len(parsed.problems)) == (None, 1)


@pytest.mark.parametrize(
    ("written", "parts", "before"),
    [
        ("一期45栋1单元301", ("45", "1", "301"), "一期"),
        ("阳光花园二期3栋1单元301", ("3", "1", "301"), "阳光花园二期"),
        ("A区3栋1单元301", ("3", "1", "301"), "A区"),
        ("5苑44栋1-201", ("44", "1", "201"), "5苑"),
        ("东区3-1-301", ("3", "1", "301"), "东区"),
        ("1号院3栋301", ("3", None, "301"), "1号院"),
        ("阳光花园3栋1-201", ("3", "1", "201"), "阳光花园"),
    ],
)
def test_what_stands_before_a_building_is_kept(written: str, parts: Any, before: str) -> None:
    parsed = parse_unit(Cell("S", 1, "A", written))
    assert (parsed.value[:3], parsed.value.before) == (parts, before)


@pytest.mark.parametrize(
    ("written", "building"),
    [
        ("3栋", "3"),
        ("三号楼", "3"),
        ("B43", "B43"),
        ("阳光花园3栋", "3"),
        ("商铺", "商铺"),
        ("南楼", "南楼"),
        (3.0, "3"),
        ("10-1", None),
        ("3、4栋", None),
        ("一期3栋", "一期3"),
        ("5苑", None),
        ("东区", None),
        ("3栋1单元", None),
        (3.1, None),
    ],
)
def test_buildings_in_a_column_of_their_own(written: Any, building: str | None) -> None:
    parsed = parse_building(Cell("S", 1, "A", written))
    told = parsed.value and level_of(parsed.value.before) + parsed.value.building
    assert (told, bool(parsed.problems)) == (building, building is None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3栋", ("3", None)),
        ("3号楼业主信息表", ("3", None)),
        ("阳光花园A座2单元", ("A", "2")),
        ("三号楼", ("3", None)),
        ("业主", None),
        ("3栋和4栋", None),
        ("2024年", None),
    ],
)
def test_the_building_in_a_title(text: str, told: Any) -> None:
    assert place_in(text) == told


def test_unit_in_three_columns_with_merged_buildings() -> None:
    rows = [
        ["楼号", "单元", "房号", "业主姓名"],
        [None, None, 101, "张三"],
        [None, None, 102, "李四"],
        [None, None, "0201", "王五"],
    ]
    read_in = clean(workbook(("a", rows), merges=[(1, 0, 3, 0, "3栋"), (1, 1, 3, 1, "1单元")]))
    assert [unit.unit_code for unit in read_in.units] == ["3-1-101", "3-1-102", "3-1-0201"]


def test_a_building_written_only_once_holds_below() -> None:
    read_in = clean(
        plain(
            ["3栋", "1单元", 101, "张三"],
            [None, None, 102, "李四"],
            [None, "2单元", 101, "王五"],
            ["4栋", "1单元", 101, "赵六"],
            head=["楼号", "单元", "房号", "户主"],
        )
    )
    assert [unit.unit_code for unit in read_in.units] == ["3-1-101", "3-1-102", "3-2-101", "4-1-101"]


def test_doors_under_a_sheet_named_for_its_building() -> None:
    read_in = clean(
        workbook(
            ("3栋", [HEAD, ["1102", "张三"], ["2-1103", "李四"]]), ("4栋2单元", [HEAD, ["1102", "王五"]])
        )
    )
    assert [(unit.unit_code, unit.unit_parts) for unit in read_in.units] == [
        (None, ("3", None, "1102")),
        ("3-2-1103", ("3", "2", "1103")),
        ("4-2-1102", ("4", "2", "1102")),
    ]


def test_doors_under_a_title_or_a_heading_between_lines() -> None:
    read_in = clean(
        workbook(
            ("a", [["3号楼1单元业主信息表"], HEAD, ["101", "张三"], ["3号楼2单元"], ["101", "李四"]]),
            merges=[(3, 0, 3, 4, "3号楼2单元")],
        )
    )
    assert [unit.unit_code for unit in read_in.units] == ["3-1-101", "3-2-101"]


def test_a_door_without_a_building_is_a_problem() -> None:
    told = problem(plain(["1102", "张三"]))
    assert (told.row, told.column) == (2, "A")


def test_a_unit_turned_into_a_day_is_a_problem() -> None:
    assert problem(plain([date(2012, 3, 1), "张三"])).column == "A"


def test_building_and_unit_that_contradict_are_a_problem() -> None:
    assert problem(plain(["4栋", "3-1-1102", "张三"], head=["楼栋", "房号", "业主"]))


def test_a_line_without_a_unit_is_a_problem() -> None:
    assert problem(plain([None, "张三", "18900000000"])).row == 2


# People


def test_one_line_a_unit() -> None:
    unit = the_unit(plain(["3-1-1102", "张三", 18900000000.0, "110101199003070011", 89.5]))
    assert (unit.unit_code, unit.area, unit.source.row) == ("3-1-1102", Decimal("89.5"), 2)
    assert unit.source.columns["phone"] == "C"
    (person,) = unit.people
    assert (person.kind, person.name, person.phone, person.id_number, person.id_kind) == (
        "owner",
        "张三",
        "18900000000",
        "110101199003070011",
        "identity",
    )
    assert unit.given == {"area", "people"}
    assert unit.kinds_given == {"owner"}
    assert person.given == {"kind", "name", "phone", "id_number", "id_kind"}


@pytest.mark.parametrize("mark", ["、", "/", "，", ",", "\n", "；"])
def test_two_owners_in_a_cell(mark: str) -> None:
    unit = the_unit(
        plain(
            [
                "3-1-1102",
                f"张三{mark}李四",
                f"18900000001{mark}18900000002",
                f"110101199003070011{mark}E1234567",
            ]
        )
    )
    assert [(person.name, person.phone, person.id_number) for person in unit.people] == [
        ("张三", "18900000001", "110101199003070011"),
        ("李四", "18900000002", "E1234567"),
    ]


def test_two_owners_and_one_phone_is_a_notice() -> None:
    read_in = clean(plain(["3-1-1102", "张三、李四", "18900000001"]))
    assert [person.phone for person in read_in.units[0].people] == ["18900000001", None]
    assert [notice.column for notice in read_in.notices] == ["C"]


def test_two_owners_and_three_phones_is_a_problem() -> None:
    assert problem(plain(["3-1-1102", "张三、李四", "18900000001/18900000002/18900000003"])).column == "C"


def test_one_owner_and_two_phones() -> None:
    (person,) = the_unit(plain(["3-1-1102", "张三", "18900000001/18900000002"])).people
    assert (person.phone, person.phone2) == ("18900000001", "18900000002")
    (person,) = the_unit(
        plain(
            ["3-1-1102", "张三", "18900000001", "18900000002"], head=["房号", "业主", "手机号码", "手机号码2"]
        )
    ).people
    assert (person.phone, person.phone2) == ("18900000001", "18900000002")
    (person,) = the_unit(plain(["3-1-1102", "张三", "18900000001/18900000002/62980001"])).people
    assert (person.phone, person.phone2, person.phone3) == ("18900000001", "18900000002", "62980001")
    assert problem(plain(["3-1-1102", "张三", "18900000001/18900000002/18900000003/62980001"])).column == "C"


def test_a_company_owner() -> None:
    (person,) = the_unit(plain(["3-1-101", "某某置业有限公司", "0755-88880000", "91440300MA5DA1234X"])).people
    assert person.is_company
    assert person.id_kind == "credit_code"


def test_names_lose_only_their_padding() -> None:
    read_in = clean(
        plain(
            ["3-1-101", " 张　三 "],
            ["3-1-102", "张三(已故)"],
            ["3-1-103", "John Smith"],
            ["3-1-104", "空置"],
            ["3-1-105", "张三（业主）/李四（租户）"],
        )
    )
    assert [[person.name for person in unit.people] for unit in read_in.units] == [
        ["张三"],
        ["张三(已故)"],
        ["John Smith"],
        [],
        ["张三", "李四"],
    ]
    assert [person.kind for person in read_in.units[4].people] == ["owner", "tenant"]


PEOPLE = [
    "房号",
    "身份",
    "姓名",
    "手机号",
    "证件号",
    "与业主关系",
    "是否常住",
    "工作单位",
    "租期开始",
    "租期结束",
    "月租金",
]


def test_one_line_a_person_with_the_unit_repeated() -> None:
    unit = the_unit(
        plain(
            ["3-1-1102", "业主", "张三", "18900000001", None, "本人", "否", "某校"],
            ["3-1-1102", "家属", "李四", None, None, "配偶", "是"],
            [
                "3-1-1102",
                "租户",
                "王五",
                "18900000003",
                None,
                None,
                "是",
                None,
                date(2024, 1, 1),
                "2024.12.31",
                3000,
            ],
            head=PEOPLE,
        )
    )
    assert [(person.kind, person.name, person.relation, person.lives_here) for person in unit.people] == [
        ("owner", "张三", "本人", False),
        ("family", "李四", "配偶", True),
        ("tenant", "王五", None, True),
    ]
    assert (unit.people[2].since, unit.people[2].until, unit.people[2].rent) == (
        date(2024, 1, 1),
        date(2024, 12, 31),
        Decimal(3000),
    )
    assert unit.kinds_given == {"owner", "family", "tenant", "other"}
    assert len(unit.sources) == 3


def test_one_line_a_person_with_the_unit_blank_or_merged_below() -> None:
    blank = the_unit(
        plain(["3-1-1102", "业主", "张三"], [None, "配偶", "李四"], [None, "租客", "王五"], head=PEOPLE)
    )
    merged = the_unit(
        workbook(
            ("a", [PEOPLE, [None, "业主", "张三"], [None, "配偶", "李四"], [None, "租客", "王五"]]),
            merges=[(1, 0, 3, 0, "3-1-1102")],
        )
    )
    for unit in (blank, merged):
        assert [(person.kind, person.name) for person in unit.people] == [
            ("owner", "张三"),
            ("family", "李四"),
            ("tenant", "王五"),
        ]


def test_a_merged_unit_has_two_owners_on_two_lines() -> None:
    unit = the_unit(
        workbook(
            ("a", [HEAD, [None, "张三", "18900000001"], [None, "李四", "18900000002"]]),
            merges=[(1, 0, 2, 0, "3-1-1102")],
        )
    )
    assert [(person.kind, person.name, person.phone) for person in unit.people] == [
        ("owner", "张三", "18900000001"),
        ("owner", "李四", "18900000002"),
    ]


@pytest.mark.parametrize(
    ("note", "codes"),
    [
        ("注：身份 1=业主 2=家属 3=租户", "123"),
        ("说明：身份 Y业主、J家属、Z租户", "YJZ"),
        ("备注：业主-A、家属-B、租户-C", "ABC"),
        ("注：身份代码：业主（1）家属（2）租户（3）", "123"),
        ("身份：１：业主；２：家属；３：租户", "123"),
        ("注：与业主关系：1.业主 2.配偶子女 3.租客", "123"),
    ],
)
def test_codes_explained_in_a_note(note: str, codes: str) -> None:
    rows = [
        ["3-1-1102", codes[0], "张三"],
        ["3-1-1102", codes[1].lower(), "李四"],
        ["3-1-1102", codes[2], "王五"],
    ]
    unit = the_unit(plain(*rows, [note], head=PEOPLE))
    assert [person.kind for person in unit.people] == ["owner", "family", "tenant"]


def test_a_code_nobody_explains_is_a_problem() -> None:
    assert problem(plain(["3-1-1102", 1, "张三"], head=PEOPLE)).column == "B"
    assert problem(plain(["3-1-1102", "外星人", "张三"], head=PEOPLE)).column == "B"


def test_what_is_no_legend() -> None:
    assert not legend_in(["2024年3月1日 业主信息一览表", "1栋业主", "业主须知 1 2 3", ""])


def test_tenant_and_family_columns_are_their_own() -> None:
    head = ["房号", "业主姓名", "电话", "租户姓名", "租户电话", "家庭成员", "紧急联系人", "紧急联系人电话"]
    unit = the_unit(
        plain(
            [
                "3-1-1102",
                "张三",
                "18900000001",
                "王五",
                "18900000003",
                "李四、张小三（儿子）",
                "赵六",
                "18900000006",
            ],
            head=head,
        )
    )
    assert [(person.kind, person.name, person.phone, person.relation) for person in unit.people] == [
        ("owner", "张三", "18900000001", None),
        ("family", "李四", None, None),
        ("family", "张小三", None, "儿子"),
        ("tenant", "王五", "18900000003", None),
    ]
    assert (unit.emergency_contact, unit.emergency_phone) == ("赵六", "18900000006")
    assert unit.kinds_given == {"owner", "family", "tenant"}


def test_a_head_of_two_rows_with_groups() -> None:
    rows = [
        ["房号", "业主信息", None, "租户信息", None, "面积"],
        [None, "姓名", "电话", "姓名", "身份证号", None],
        ["3-1-1102", "张三", "18900000001", "王五", "E1234567", 89],
    ]
    unit = the_unit(
        workbook(
            ("a", rows),
            merges=[
                (0, 0, 1, 0, "房号"),
                (0, 1, 0, 2, "业主信息"),
                (0, 3, 0, 4, "租户信息"),
                (0, 5, 1, 5, "面积"),
            ],
        )
    )
    assert [(person.kind, person.name, person.phone, person.id_number) for person in unit.people] == [
        ("owner", "张三", "18900000001", None),
        ("tenant", "王五", None, "E1234567"),
    ]
    assert unit.area == 89
    loose = the_unit(workbook(("a", rows)))
    assert [person.name for person in loose.people] == ["张三", "王五"]


def test_a_sheet_of_tenants_alone_is_asked_whose_its_numbers_are() -> None:
    row = ["3-1-1102", "王五", "18900000003", "E1234567"]
    asked = read(plain(row, head=["房号", "租户", "联系电话", "身份证号"])).problems
    assert [(told.row, told.column) for told in asked] == [(2, "C"), (2, "D")]
    unit = the_unit(plain(row, head=["房号", "租户", "租户电话", "租户身份证号"]))
    assert [(person.kind, person.name, person.phone, person.id_number) for person in unit.people] == [
        ("tenant", "王五", "18900000003", "E1234567")
    ]


def test_the_day_a_tenant_moved_in_is_their_own() -> None:
    """In a list of persons; the owner's is the unit's."""
    head = ["房号", "身份", "姓名", "入住时间"]
    unit = the_unit(
        plain(
            ["3-1-1102", "业主", "张三", "2019.8.1"],
            ["3-1-1102", "租户", "王五", "2024/6/1"],
            ["3-1-1102", "家属", "李四", None],
            head=head,
        )
    )
    assert unit.move_in == date(2019, 8, 1)
    assert [(person.name, person.since) for person in unit.people] == [
        ("张三", None),
        ("王五", date(2024, 6, 1)),
        ("李四", None),
    ]


def test_a_merged_day_is_the_units_whoever_stands_beside_it() -> None:
    rows = [["房号", "身份", "姓名", "入住时间"], ["3-1-1102", "业主", "张三"], ["3-1-1102", "家属", "李四"]]
    unit = the_unit(workbook(("a", rows), merges=[(1, 3, 2, 3, "2019.8.1")]))
    assert (unit.move_in, [person.since for person in unit.people]) == (date(2019, 8, 1), [None, None])


def test_customers_as_persons_and_companies_own_their_units() -> None:
    head = ["房产", "客户名称", "客户类型", "联系人", "手机1"]
    read_in = clean(
        plain(
            ["3-1-101", "某某置业", "单位", "赵经理", "18900000001"],
            ["3-1-102", "张三", "个人", None, "18900000002"],
            head=head,
        )
    )
    assert [
        [(person.kind, person.name, person.is_company, person.phone) for person in unit.people]
        for unit in read_in.units
    ] == [
        [("owner", "某某置业", True, "18900000001"), ("other", "赵经理", False, None)],
        [("owner", "张三", False, "18900000002")],
    ]


@pytest.mark.parametrize("nothing", ["无", "-", "暂无", "/"])
def test_nothing_is_nothing(nothing: str) -> None:
    unit = the_unit(
        plain(
            ["3-1-1102", "张三", nothing, nothing, nothing], head=["房号", "业主", "宠物", "特殊情况", "备注"]
        )
    )
    assert (unit.pets, unit.special_care, unit.remark) == (None, None, None)


def test_a_family_sheet_names_its_owner() -> None:
    head = ["所属业主", "与业主关系", "性别", "所属房屋", "姓名", "证件", "手机"]
    unit = the_unit(
        plain(
            ["张三", "配偶", "女", "3-1-1102", "李四", None, "18900000002"],
            ["张三", "儿子", "男", "3-1-1102", "张小三", None, None],
            head=head,
        )
    )
    assert [(person.kind, person.name, person.sex) for person in unit.people] == [
        ("family", "李四", "female"),
        ("owner", "张三", None),
        ("family", "张小三", "male"),
    ]


def test_vehicles() -> None:
    head = ["房号", "业主", "车牌号", "车型", "车位号"]
    unit = the_unit(
        plain(
            ["3-1-1102", "张三", "粤B·12345、粤B D12345", "白色轿车", "B1-12/B1-13"], head=head[:2] + head[2:]
        )
    )
    assert [(vehicle.plate, vehicle.brand, vehicle.space) for vehicle in unit.vehicles] == [
        ("粤B12345", "白色轿车", "B1-12"),
        ("粤BD12345", None, "B1-13"),
    ]
    assert [
        (vehicle.plate, vehicle.space)
        for vehicle in the_unit(plain(["3-1-1102", "张三", None, None, "B1-12"], head=head)).vehicles
    ] == [(None, "B1-12")]


# Values


def test_everything_a_unit_holds() -> None:
    head = [
        "房号",
        "户主",
        "房屋类型",
        "户型",
        "房屋状态",
        "收费标准（元/㎡·月）",
        "入伙时间",
        "已交至",
        "宠物",
        "特殊关怀",
        "备注",
        "性别",
        "证件类型",
        "通讯地址",
    ]
    row = [
        "3-1-1102",
        "张三",
        "住宅",
        "三室两厅",
        "已出租",
        "2.80元/㎡·月",
        "2020年3月5日",
        45657.0,
        "犬1只",
        "独居老人",
        "钥匙在前台",
        "男",
        "护照",
        "某市",
    ]
    unit = the_unit(plain(row, head=head))
    assert (unit.kind, unit.layout, unit.use, unit.fee_rate) == ("flat", "三室两厅", "let", Decimal("2.80"))
    assert (unit.move_in, unit.paid_until) == (date(2020, 3, 5), date(2024, 12, 31))
    assert (unit.pets, unit.special_care, unit.remark) == ("犬1只", "独居老人", "钥匙在前台")
    assert (unit.people[0].sex, unit.people[0].id_kind, unit.people[0].mailing_address) == (
        "male",
        "passport",
        "某市",
    )
    assert unit.given == {
        "kind",
        "layout",
        "use",
        "fee_rate",
        "move_in",
        "paid_until",
        "pets",
        "special_care",
        "remark",
        "people",
    }


def test_lost_digits_are_problems_that_quote_nothing() -> None:
    for row, column in (
        (["3-1-1", "张三", "1.89E+10"], "C"),
        (["3-1-1", "张三", None, 1.10101199001011e17], "D"),
    ):
        told = problem(plain(row))
        assert (told.row, told.column) == (2, column)
        assert "1.1" not in told.message
        assert "1.89" not in told.message


def test_placeholders_and_wrong_check_digits_come_in_as_written() -> None:
    read_in = clean(plain(["3-1-1102", "张三", "18999999999", "110101199003070010"]))
    assert [(notice.column, notice.level) for notice in read_in.notices] == [("C", "notice"), ("D", "notice")]
    assert read_in.units[0].people[0].id_number == "110101199003070010"


def test_formulas_and_their_errors() -> None:
    assert the_unit(plain(["3-1-1102", "张三", None, None, ("=80+9.5", 89.5)])).area == Decimal("89.5")
    assert problem(plain(["3-1-1102", "张三", None, None, ("=1/0", "#DIV/0!")])).column == "E"


def test_a_phone_without_a_name_is_a_problem() -> None:
    assert problem(plain(["3-1-1102", None, "18900000000"])).column == "C"


def test_unknown_heads_and_texts_beside_are_told() -> None:
    read_in = clean(plain(["3-1-1102", "张三", "是", None, "待核"], head=["房号", "业主", "是否党员"]))
    assert [(notice.row, notice.column) for notice in read_in.notices] == [(2, "E")]
    assert [table.unknown for tables in read_in.tables for table in tables.tables] == [[("C", "是否党员")]]
    assert [note.text for tables in read_in.tables for note in tables.notes] == ["待核"]


# Lines that repeat and contradict


def test_contradicting_lines_of_one_unit_name_both_rows() -> None:
    told = problem(
        plain(
            ["3-1-1102", "张三", None, None, 89], ["3-1-1103", "李四"], ["3-1-1102", "张三", None, None, 98]
        )
    )
    assert (told.row, told.column) == (4, "E")
    assert "2" in told.message
    assert "4" in told.message
    assert problem(plain(["3-1-1102", "张三"], ["3-1-1102", "王五"])).column == "B"
    assert (
        problem(plain(["3-1-1102", "张三", "18900000001"], ["3-1-1102", "张三", "18900000002"])).column == "C"
    )


def test_agreeing_lines_of_one_unit_add_up() -> None:
    read_in = clean(
        workbook(
            ("a", [HEAD, ["3-1-1102", "张三", "18900000001"]]),
            ("b", [["房号", "业主", "面积", "车牌"], ["3栋1单元1102", "张三", 89, "粤B12345"]]),
        )
    )
    (unit,) = read_in.units
    assert (unit.area, unit.people[0].phone, len(unit.people), len(unit.vehicles)) == (
        89,
        "18900000001",
        1,
        1,
    )
    assert [(source.sheet, source.row) for source in unit.sources] == [("a", 2), ("b", 2)]
    assert len(read_in.notices) == 1


def test_the_unit_of_a_problem_row_says_so() -> None:
    read_in = read(plain(["3-1-1102", "张三", "abc"], ["3-1-1103", "李四"]))
    assert [unit.has_problem for unit in read_in.units] == [True, False]
    assert (read_in.rows_with_problems, read_in.rows_used) == ([("业主", 2)], [("业主", 3)])


# Sheets and files


def test_a_sheet_without_a_head_is_named_and_disturbs_no_other() -> None:
    read_in = clean(workbook(("封面", [["某小区"], ["2024"]]), ("业主", [HEAD, ["3-1-1102", "张三"]])))
    assert len(read_in.units) == 1
    assert [row.reason for row in read_in.not_data] == [Reason.NO_HEAD, Reason.NO_HEAD, Reason.HEAD]


def test_no_head_anywhere_is_a_problem_that_lists_the_heads() -> None:
    told = problem(workbook(("a", [["x", "y"]]), ("b", [[]])))
    assert "业主姓名" in told.message
    assert told.row == 0


def test_hidden_sheets_rows_and_columns_are_read() -> None:
    read_in = clean(
        workbook(("a", [HEAD, ["3-1-1102", "张三"]]), ("b", [HEAD, ["3-1-1103", "李四"]]), hidden=["b"])
    )
    assert len(read_in.units) == 2
    assert [notice.sheet for notice in read_in.notices] == ["b"]


def test_old_excel() -> None:
    unit = the_unit(
        old_workbook([["业主信息一览表"], [], list(HEAD), ["3-1-1102", "张三", 18900000000.0, None, 89.5]])
    )
    assert (unit.unit_code, unit.people[0].phone, unit.source.row) == ("3-1-1102", "18900000000", 4)


def test_everything_together() -> None:
    read_in = clean(everything())
    assert [(unit.unit_code, unit.area) for unit in read_in.units] == [
        ("3-1-1102", Decimal("89.5")),
        ("3-1-1103", Decimal("92.1")),
    ]
    assert [(person.kind, person.name, person.phone) for person in read_in.units[0].people] == [
        ("owner", "张三", "18900000001"),
        ("owner", "李四", "18900000002"),
        ("family", "张小三", None),
        ("tenant", "王五", "18999999999"),
    ]
    assert read_in.units[0].move_in == date(2020, 3, 5)
    assert read_in.units[1].move_in == date(2021, 4, 6)


def test_english_heads() -> None:
    unit = the_unit(
        plain(
            ["3-1-1102", "张三", "18900000000", 89, date(2024, 1, 1)],
            head=["Unit", "Owners", "Phone", "Area (m²)", "Paid until"],
        )
    )
    assert (unit.people[0].name, unit.people[0].phone, unit.area, unit.paid_until) == (
        "张三",
        "18900000000",
        89,
        date(2024, 1, 1),
    )


WORDS = st.sampled_from(
    [
        "房号",
        "业主",
        "姓名",
        "电话",
        "身份",
        "楼号",
        "单元",
        "面积",
        "租户",
        "车牌号",
        "3-1-1102",
        "3#1102",
        "1102",
        "张三、李四",
        "18900000000",
        "业主",
        "租户",
        "1",
        "合计",
        "注：1=业主 2=租户",
        "粤B12345",
        "2020.3.5",
        "#N/A",
        "",
        " ",
        "3栋",
        "无",
        "1.38E+10",
    ]
)
VALUES = st.one_of(
    st.none(),
    WORDS,
    WORDS,
    st.floats(-1e6, 1e12),
    st.integers(0, 10**12),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
)


@pytest.mark.usefixtures("reads_many")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(VALUES, max_size=6), max_size=8), st.booleans())
def test_no_row_of_any_grid_is_lost(grid: list[list[Any]], headed: bool) -> None:
    read(workbook(("a", [["房号", "业主", "电话", "身份证", "面积", "车位"], *grid] if headed else grid)))


@pytest.mark.usefixtures("reads_many")
@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(SheetRefused):
        read_register(data, "a.xlsx")


@pytest.mark.long
def test_twenty_thousand_rows() -> None:
    head = [*HEAD, "入住日期", "收费标准", "已交至", "车牌号", "车位号", "紧急联系人", "紧急联系电话", "备注"]
    rows = [
        [
            f"{at // 400 + 1}-{at // 100 % 4 + 1}-{at % 100 + 101}",
            f"张{at}",
            18900000000.0 + at,
            "110101199003070011",
            89.5,
            date(2020, 3, 5),
            2.8,
            "2024-12-31",
            f"粤B{at:05}",
            f"A{at}",
            "李四",
            str(18900020001 + at),
            "无",
        ]
        for at in range(20_000)
    ]
    data = plain(*rows, head=head)
    read_in = read_register(data, "a.xlsx")
    assert not read_in.problems
    assert len(read_in.units) == 20_000
