"""Small registers as offices made them, each of a kind that went wrong once: brought in, with exactly these
units, people and telephones, or held back with a problem at the cell.
"""

import io
from dataclasses import dataclass, field
from typing import Any

import pytest
from office import Estate

from app.declare.record import registry
from app.ground.database import db
from app.sheets.assigning import Way
from app.sheets.bringing_in import bring_in
from app.sheets.sheet_import import Outcome
from app.workbook.sheet_reader import open_workbook
from tests.models.register_workbooks import workbook

Rows = list[list[Any]]
ONE = "Sheet1"


@dataclass(frozen=True)
class Input:
    """A workbook, and each unit's people that come of it (kind, name, telephones), or where it is refused."""

    sheets: tuple[tuple[str, Rows], ...]
    units: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    refused: tuple[tuple[int, str], ...] = ()
    noticed: tuple[tuple[int, str], ...] = ()
    customers: tuple[str, ...] | None = None
    merges: tuple[Any, ...] = ()


def owner(name: str, *phones: str) -> tuple[Any, ...]:
    """An owner with telephones."""
    return ("owner", name, *phones)


SIDE = ["序号", "楼号", "单元", "房号", "业主姓名"]
BY_NAME = ["房号", "业主姓名", "联系电话", "身份证号码"]
BY_CODE = ["栋", "单元", "房号", "房屋用途", "建筑面积", "姓名", "手机", "人员类别"]
USES, KINDS = "301 住宅\n302 商铺", "2101 业主\n2102 家庭成员\n2103 租客\n2104 其他"
BESIDE: list[Any] = [None] * 10

INPUTS = {
    "tables side by side": Input(
        (
            (
                ONE,
                [
                    ["某花园业主一览表"],
                    [*SIDE, None, *SIDE],
                    [1, 41, 1, 101, "甘一", None, 3, 41, 1, 201, "甘三"],
                    [2, 41, 1, 102, "甘二", None, 4, 41, 1, 202, "甘四"],
                ],
            ),
        ),
        {
            "41-1-101": [owner("甘一")],
            "41-1-102": [owner("甘二")],
            "41-1-201": [owner("甘三")],
            "41-1-202": [owner("甘四")],
        },
    ),
    "names and numbers in a cell": Input(
        (
            (
                ONE,
                [
                    BY_NAME,
                    [
                        "46-1-101",
                        "己一、己二",
                        "己一：13911150001、13911150002、己二：13911150003",
                        "己一：11010519491231002X、己二：待补",
                    ],
                    ["46-1-103", "己四", "13911150006/13911150007/62980001"],
                ],
            ),
        ),
        {
            "46-1-101": [owner("己一", "13911150001", "13911150002"), owner("己二", "13911150003")],
            "46-1-103": [owner("己四", "13911150006", "13911150007", "62980001")],
        },
    ),
    "numbers of somebody who isn't named": Input(
        (
            (
                ONE,
                [
                    BY_NAME,
                    ["46-1-102", "己三", "己三:13911150004 租客13911150005", "己三："],
                    ["46-1-104", "己五", "张先生13911150008"],
                    ["46-1-105", "己六", "020-62980001转801"],
                ],
            ),
        ),
        refused=((2, "C"), (3, "C"), (4, "C")),
    ),
    "the tenant's number among the owner's": Input(
        (
            (
                ONE,
                [
                    ["房号", "业主姓名", "联系电话", "租户姓名"],
                    ["46-1-102", "己三", "己三:13911150004 租客13911150005", "己七"],
                ],
            ),
        ),
        {"46-1-102": [owner("己三", "13911150004"), ("tenant", "己七", "13911150005")]},
    ),
    "no entrances, buildings with names": Input(
        (
            (
                ONE,
                [
                    ["楼栋", "房号", "业主姓名", "联系电话"],
                    ["B43", 301, "丙一", "13911120001"],
                    ["商铺", "A01", "丙二", "13911120002"],
                    ["紫荆苑", 8, "丙三", "13911120003"],
                    ["南楼", 301, "丙四", "13911120004"],
                ],
            ),
        ),
        {
            "B43-301": [owner("丙一", "13911120001")],
            "商铺-A01": [owner("丙二", "13911120002")],
            "紫荆苑-8": [owner("丙三", "13911120003")],
            "南楼-301": [owner("丙四", "13911120004")],
        },
        noticed=((2, "B"), (3, "B"), (4, "B"), (5, "B")),
    ),
    "shops": Input(
        (
            (
                ONE,
                [
                    ["序号", "铺位", "业主姓名", "业主电话", "建筑面积（㎡）", "出租情况"],
                    [1, "A01", "丙五", "13911120005", 48.5, "出租"],
                    [2, "A02", "丙六", "13911120006", 50, None],
                    [3, "商铺12", "丙七", None, None, None],
                ],
            ),
        ),
        {
            "商铺-A01": [owner("丙五", "13911120005")],
            "商铺-A02": [owner("丙六", "13911120006")],
            "商铺12": [owner("丙七")],
        },
        noticed=((2, "B"), (3, "B")),
    ),
    "numbers as names": Input(
        (
            (
                ONE,
                [
                    ["房号", "业主", "联系电话"],
                    ["72-1-101", 13911600001, "13911600001"],
                    ["72-1-102", "11010519491231002X"],
                    ["72-1-103", "李某13911600004"],
                    ["72-1-104", "2020-01-02"],
                ],
            ),
        ),
        refused=((2, "B"), (3, "B"), (4, "B"), (5, "B")),
    ),
    "codes that a note explains": Input(
        (
            (
                "住户",
                [
                    BY_CODE,
                    [47, 1, 101, "301", 88.5, "牛甲", "13911900001", 2101],
                    [47, 1, 101, "301", 88.5, "牛小甲", "13911900002", 2102],
                    [47, 1, 102, "301", 91, "马乙", "13911900003", 2101],
                    [47, 1, 102, "301", 91, "羊租", "13911900004", 2103],
                    [None],
                    [*BESIDE, "说明", "填写前请看"],
                    [*BESIDE, "房屋用途", USES],
                    [*BESIDE, "人员类别", KINDS],
                ],
            ),
        ),
        {
            "47-1-101": [owner("牛甲", "13911900001"), ("family", "牛小甲", "13911900002")],
            "47-1-102": [owner("马乙", "13911900003"), ("tenant", "羊租", "13911900004")],
        },
    ),
    "owners in a sheet of their own": Input(
        (
            (
                "房屋",
                [
                    ["楼栋编号", "单元编号", "房屋编号", "建筑面积", "业主编号"],
                    [48, 1, 201, 88, "Y1"],
                    [48, 1, 202, 90, "Y2"],
                    [48, 2, 201, 76, "Y1"],
                ],
            ),
            (
                "业主",
                [
                    ["业主编号", "姓名", "联系电话"],
                    ["Y1", "牛甲", "13911900011"],
                    ["Y2", "马乙", "13911900012"],
                ],
            ),
        ),
        {
            "48-1-201": [owner("牛甲", "13911900011")],
            "48-1-202": [owner("马乙", "13911900012")],
            "48-2-201": [owner("牛甲", "13911900011")],
        },
        customers=("牛甲", "马乙"),
    ),
    "buildings in a column, another in the sheet's name": Input(
        (
            (
                "3号楼",
                [
                    ["楼栋名称", "单元", "房号", "业主姓名", "备用手机号"],
                    ["3栋", 1, "7101", "某三", "13911800001"],
                    ["5栋", 1, "7102", "某四", "13911800002"],
                ],
            ),
        ),
        {"3-1-7101": [owner("某三", "", "13911800001")], "5-1-7102": [owner("某四", "", "13911800002")]},
    ),
    "two phases": Input(
        (
            (
                ONE,
                [
                    ["房号", "业主姓名", "联系电话"],
                    ["一期45栋1单元301", "戊五", "13911140005"],
                    ["二期45栋1单元302", "戊六", "13911140006"],
                    ["A区46栋1单元301", "戊七", "13911140007"],
                    ["B区46栋1单元302", "戊八", "13911140008"],
                ],
            ),
        ),
        {
            "一期45-1-301": [owner("戊五", "13911140005")],
            "二期45-1-302": [owner("戊六", "13911140006")],
            "A区46-1-301": [owner("戊七", "13911140007")],
            "B区46-1-302": [owner("戊八", "13911140008")],
        },
    ),
    "parts of the estate in a column": Input(
        (
            (
                ONE,
                [
                    ["小区", "苑", "幢", "单元", "房号", "姓名", "手机"],
                    ["某江苑", "3苑", 44, 1, 201, "戊一", "13911140001"],
                    ["某江苑", "5苑", 44, 1, 202, "戊二", "13911140002"],
                ],
            ),
        ),
        {
            "3苑44-1-201": [owner("戊一", "13911140001")],
            "5苑44-1-202": [owner("戊二", "13911140002")],
        },
    ),
    "a phase where the estate has the building without": Input(
        ((ONE, [["房号", "业主姓名"], ["一期3栋1单元1102", "戊五"]]),), refused=((2, "A"),)
    ),
    "mobile numbers short of a digit": Input(
        (
            (
                "Sheet",
                [
                    ["房号", "业主姓名", "联系方式"],
                    ["49-1-101", "牛甲", "1391190001"],
                    ["49-1-102", "马乙", "139119000022"],
                    ["49-1-103", "羊丙", "8390000"],
                    ["49-1-104", "犬丁", "0571-83900001"],
                ],
            ),
        ),
        {
            "49-1-101": [owner("牛甲", "1391190001")],
            "49-1-102": [owner("马乙", "139119000022")],
            "49-1-103": [owner("羊丙", "8390000")],
            "49-1-104": [owner("犬丁", "057183900001")],
        },
        noticed=((2, "C"), (3, "C")),
    ),
    "a lease that ends": Input(
        (
            (
                ONE,
                [
                    ["房号", "业主姓名", "租户姓名", "租户电话", "合同开始日期", "合同结束日期"],
                    ["72-1-106", "某一", "某二", "13911600005", "2026-01-01", "2026-12-31"],
                ],
            ),
        ),
        {"72-1-106": [owner("某一"), ("tenant", "某二", "13911600005")]},
    ),
    "the cell above": Input(
        (
            (
                ONE,
                [
                    ["房号", "业主姓名", "通讯地址", "入住日期", "车牌号", "备注"],
                    ["47-1-101", "庚一", "某市某路1号", "2020-01-02", "粤A12345"],
                    ["47-1-102", "同上", "同上", "2020-01-02", "同上", "两套"],
                    ["47-1-103", "〃", "〃", "2020-01-02", "〃"],
                    ["47-1-104", "″", "″", "2020-01-02"],
                    ["47-1-105", "待定"],
                    ["47-1-106", "见上"],
                ],
            ),
        ),
        {
            **{f"47-1-10{at}": [owner("庚一")] for at in (1, 2, 3, 4)},
            **{f"47-1-10{at}": [] for at in (5, 6)},
        },
        noticed=((6, "B"), (7, "B")),
        customers=("庚一",),
    ),
    "signs of companies and of two people": Input(
        (
            (
                ONE,
                [
                    ["房号", "业主姓名", "联系电话"],
                    ["73-1-101", "某某（中国）有限公司", "13911600006"],
                    ["73-1-102", "甲、乙", "13911600007、13911600008"],
                    ["73-1-103", "丙/丁", None],
                ],
            ),
        ),
        {
            "73-1-101": [owner("某某（中国）有限公司", "13911600006")],
            "73-1-102": [owner("甲", "13911600007"), owner("乙", "13911600008")],
            "73-1-103": [owner("丙"), owner("丁")],
        },
    ),
}


def brought_in(office: Estate, data: bytes) -> Outcome:
    """Bring a workbook in, units made where the estate has none."""
    with office.writing():
        return bring_in(
            "owner_register",
            open_workbook(io.BytesIO(data).getvalue()),
            office.person("supervisor"),
            Way(dry_run=False),
            create_units=True,
        )


def registers() -> dict[str, list[tuple[Any, ...]]]:
    """The register as it is: each unit's people with their telephones."""
    told: dict[str, list[tuple[Any, ...]]] = {}
    for register in db.session.execute(db.select(registry["owner_register"])).scalars():
        told[register.unit.code_name] = [_told(person) for person in register.people]
    return told


def _told(person: Any) -> tuple[Any, ...]:
    phones = [person.phone or "", person.phone2 or "", person.phone3 or ""]
    while phones and not phones[-1]:
        phones.pop()
    return (person.kind, person.full_name, *phones)


@pytest.mark.parametrize("name", INPUTS)
def test_a_register_comes_in_as_it_was_meant_or_not_at_all(office: Estate, name: str) -> None:
    given = INPUTS[name]
    outcome = brought_in(office, workbook(*given.sheets, merges=given.merges))
    assert [(problem.row, problem.column) for problem in outcome.problems] == list(given.refused)
    assert not outcome.unknown
    lines = sorted((notice.row, notice.column) for notice in outcome.notices if notice.column)
    assert set(lines) == set(given.noticed), outcome.notices
    assert registers() == given.units
    people = [person for unit in given.units.values() for person in unit]
    named = given.customers or tuple(dict.fromkeys(person[1] for person in people))
    customers = db.session.execute(db.select(registry["customer"])).scalars().all()
    assert {customer.full_name for customer in customers} == set(named)
    if given.customers:
        assert len({person[1:3] for person in people}) == len(customers) or name == "the cell above"
    again = brought_in(office, workbook(*given.sheets, merges=given.merges))
    assert given.refused or not [change for change in again.changes if change.status != "unchanged"]


def test_what_else_these_registers_tell(office: Estate) -> None:
    for name in ("names and numbers in a cell", "a lease that ends", "the cell above", "shops"):
        brought_in(office, workbook(*INPUTS[name].sheets))
    registers = {
        register.unit.code_name: register
        for register in db.session.execute(db.select(registry["owner_register"])).scalars()
    }
    numbers = [person.id_number for person in registers["46-1-101"].people]
    assert numbers == ["11010519491231002X", None]
    lease = registers["72-1-106"].people
    assert [(str(person.since), str(person.until)) for person in lease] == [
        ("None", "None"),
        ("2026-01-01", "2026-12-31"),
    ]
    assert {vehicle.plate for register in registers.values() for vehicle in register.vehicles} == {"粤A12345"}
    assert registers["47-1-102"].remark == "两套"
    shops = [registers[code].unit for code in ("商铺-A01", "商铺12")]
    assert [(str(unit.building), unit.kind) for unit in shops] == [("商铺", "shop"), ("商铺", "shop")]
    assert (str(shops[0].area), shops[0].use) == ("48.500", "let")
