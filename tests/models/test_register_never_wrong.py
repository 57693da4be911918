"""Generated registers in generated layouts: every line that comes in is what was meant, or the file is
refused; never another unit, owner, telephone.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sheets.assigning import asked, unknown_heads
from models.estate.register_columns import COLUMNS
from models.estate.register_sheet import read_register
from tests.models.register_workbooks import workbook

SURNAMES, GIVEN = "甲乙丙丁戊己庚辛", "一二三四五六七八九"
KIND_WORDS = {"owner": "业主", "family": "家属", "tenant": "租户"}
Draw = Any
pytestmark = pytest.mark.usefixtures("reads_many")


@dataclass(frozen=True)
class Someone:
    """A person of a unit."""

    kind: str
    name: str
    phone: str | None


@dataclass
class Meant:
    """A unit as the office means it."""

    building: int
    entrance: int
    door: int
    people: list[Someone] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Its code."""
        return f"{self.building}-{self.entrance}-{self.door}"


PEOPLE = st.builds(
    lambda a, b, c: a + b + c,
    st.sampled_from(SURNAMES),
    st.sampled_from(GIVEN),
    st.sampled_from(["", "木", "水"]),
)
PHONES = st.one_of(st.none(), st.integers(0, 9999).map(lambda n: f"1391234{n:04}"), st.just("0571-83900001"))


@st.composite
def registers(draw: Draw, kinds: tuple[str, ...] = ("owner",)) -> list[Meant]:
    """Some units of one to three buildings, each with an owner, some with more people."""
    places = draw(
        st.lists(
            st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.integers(1, 2)),
            min_size=1,
            max_size=7,
            unique=True,
        )
    )
    units = []
    for building, entrance, floor, at in sorted(places):
        names = draw(st.lists(PEOPLE, min_size=1, max_size=3, unique=True))
        people = [Someone("owner", names[0], draw(PHONES))]
        people += [Someone(draw(st.sampled_from(kinds)), name, draw(PHONES)) for name in names[1:]]
        units.append(Meant(building, entrance, floor * 100 + at, people))
    return units


def told(data: bytes) -> dict[str, list[tuple[str, str, str | None]]] | None:
    """What was read, None where anything stands in the way, also a column that nobody knows."""
    register = read_register(data, "register.xlsx")
    if register.problems or list(unknown_heads(asked(register.tables, COLUMNS))):
        return None
    return {
        unit.shown: sorted((person.kind, person.name, person.phone or "") for person in unit.people)
        for unit in register.units
    }


def meant(units: list[Meant]) -> dict[str, list[tuple[str, str, str | None]]]:
    """What should have been."""
    return {
        unit.code: sorted(
            (person.kind, person.name, (person.phone or "").replace("-", "")) for person in unit.people
        )
        for unit in units
    }


def in_a_cell(draw: Draw, values: list[str | None], nothing: str) -> str | None:
    """Several values in one cell, each in its turn."""
    if not any(values):
        return None
    return draw(st.sampled_from(["、", "/", "；", "\n"])).join(value or nothing for value in values)


WAYS = {
    "3-1-101": (("房号",), lambda unit: [unit.code]),
    "3栋1单元101室": (("房屋",), lambda unit: [f"{unit.building}栋{unit.entrance}单元{unit.door}室"]),
    "三号楼": (
        ("房间",),
        lambda unit: [f"{'一二三'[unit.building - 1]}号楼{'一二三'[unit.entrance - 1]}单元{unit.door}"],
    ),
    "three": (("楼栋名称", "单元号", "房号"), lambda unit: [unit.building, unit.entrance, unit.door]),
    "two": (("楼号", "房号"), lambda unit: [unit.building, f"{unit.entrance}-{unit.door}"]),
    "marked": (
        ("幢", "单元", "室号"),
        lambda unit: [f"{unit.building}幢", f"{unit.entrance}单元", str(unit.door)],
    ),
}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_one_line_a_unit(data: Any) -> None:
    units = data.draw(registers())
    way = data.draw(st.sampled_from(sorted(WAYS)))
    heads, written = WAYS[way]
    serial = data.draw(st.booleans())
    head = [
        *(["序号"] if serial else []),
        *heads,
        "业主姓名",
        data.draw(st.sampled_from(["联系电话", "手机", "业主电话"])),
    ]
    lines: list[list[Any]] = []
    for at, unit in enumerate(units, 1):
        names = in_a_cell(data.draw, [person.name for person in unit.people], "无")
        numbers = in_a_cell(data.draw, [person.phone for person in unit.people], "无")
        if (
            lines
            and data.draw(st.booleans())
            and len(unit.people) == 1
            and (lines[-1][-2], lines[-1][-1]) == (names, numbers)
        ):
            names = "同上"
        lines.append([*([at] if serial else []), *written(unit), names, numbers])
    columns = data.draw(st.sampled_from([1, 1, 2, 3]))
    title = data.draw(st.sampled_from([[], [["某花园业主信息一览表"]]]))
    rows: list[list[Any]] = [*title, head * columns]
    for at in range(0, len(lines), columns):
        if at and data.draw(st.booleans()):
            rows.append(head * columns)  # a page break
        row = [value for line in lines[at : at + columns] for value in line]
        rows.append(row)
    if data.draw(st.booleans()):
        rows.append(["合计", len(lines)])
    read = told(workbook(("Sheet1", rows)))
    if read is None:
        assert way == "two" or any("同上" in line for line in lines), "nothing here can be mistaken"
        return
    assert read == meant(units)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_one_line_a_person(data: Any) -> None:
    units = data.draw(registers(("owner", "family", "tenant")))
    way = data.draw(st.sampled_from(sorted(WAYS)))
    heads, written = WAYS[way]
    repeated = data.draw(st.sampled_from(["repeated", "blank", "merged"]))
    kind = data.draw(st.sampled_from(["身份", "人员类别", "与业主关系"]))
    codes = data.draw(st.booleans()) and kind != "与业主关系"
    words = {"owner": "1", "family": "2", "tenant": "3"} if codes else KIND_WORDS
    head = [*heads, kind, "姓名", "联系电话"]
    rows: list[list[Any]] = [head]
    merges = []
    for unit in units:
        for at, occupant in enumerate(unit.people):
            place = written(unit) if not at or repeated == "repeated" else [None] * len(heads)
            rows.append([*place, words[occupant.kind], occupant.name, occupant.phone])
        if repeated == "merged" and len(unit.people) > 1:
            last = len(rows) - 1
            merges += [
                (last - len(unit.people) + 1, at, last, at, value) for at, value in enumerate(written(unit))
            ]
    if codes:
        rows.append(
            [
                data.draw(
                    st.sampled_from(["注：1=业主 2=家属 3=租户", "说明：业主（1）、家属（2）、租户（3）"])
                )
            ]
        )
    read = told(workbook(("Sheet1", rows), merges=merges))
    assert read == meant(units) or (read is None and way == "two"), "2-101 in building 2 may be its entrance"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_buildings_and_entrances_told_above(data: Any) -> None:
    """By the sheet's name, a title, headings between the lines, groups side by side."""
    units = data.draw(registers())
    for unit in units:
        unit.people = unit.people[:1]
    where = data.draw(st.sampled_from(["sheet", "heading", "beside"]))
    sheets = []
    for building in sorted({unit.building for unit in units}):
        of_it = [unit for unit in units if unit.building == building]
        entrances = sorted({unit.entrance for unit in of_it})
        rows: list[list[Any]] = []
        merges: list[tuple[int, int, int, int, Any]] = []
        if where == "sheet":
            rows = [
                ["房号", "业主", "电话"],
                *(
                    [f"{unit.entrance}-{unit.door}", unit.people[0].name, unit.people[0].phone]
                    for unit in of_it
                ),
            ]
        elif where == "heading":
            rows = [["房号", "业主", "电话"]]
            for entrance in entrances:
                rows.append([f"{entrance}单元"])
                merges.append((len(rows) - 1, 0, len(rows) - 1, 2, f"{entrance}单元"))
                rows += [
                    [unit.door, unit.people[0].name, unit.people[0].phone]
                    for unit in of_it
                    if unit.entrance == entrance
                ]
        else:
            rows = [
                [value for entrance in entrances for value in (f"{building}栋{entrance}单元", None, None)],
                ["房号", "业主", "电话"] * len(entrances),
            ]
            for at in range(max(sum(unit.entrance == entrance for unit in of_it) for entrance in entrances)):
                blocks = [
                    [unit for unit in of_it if unit.entrance == entrance][at : at + 1]
                    for entrance in entrances
                ]
                rows.append(
                    [
                        v
                        for block in blocks
                        for v in (
                            [block[0].door, block[0].people[0].name, block[0].people[0].phone]
                            if block
                            else [None] * 3
                        )
                    ]
                )
        sheets.append((f"{building}栋", rows, merges))
    for name, rows, merges in sheets:
        expected = meant([unit for unit in units if f"{unit.building}栋" == name])
        read = told(workbook((name, rows), merges=merges))
        assert read == expected or (read is None and where == "sheet"), (
            "2-101 in building 2 may be its entrance"
        )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_can_be_mistaken_is_right_or_refused(data: Any) -> None:
    """Heads nobody knows, phases, doors in lists, numbers that may be somebody else's, forgotten units."""
    units = data.draw(registers())
    trap = data.draw(
        st.sampled_from(
            ["栋别", "苑", "phase", "doors", "whose", "forgotten", "names", "tagged", "two units"]
        )
    )
    head = ["楼号", "单元", "房号", "业主姓名", "联系电话"]
    lines: list[list[Any]] = []
    for unit in units:
        unit.people = unit.people[:1]
        (occupant,) = unit.people
        lines.append([unit.building, unit.entrance, unit.door, occupant.name, occupant.phone])
    at = data.draw(st.integers(0, len(lines) - 1))
    expected: Any = meant(units)
    if trap == "栋别":
        head[0] = "栋别"
    elif trap == "苑":
        head, lines = ["苑", *head], [[f"{line_at % 2 + 3}苑", *line] for line_at, line in enumerate(lines)]
        expected = {
            f"{line[0]}{code}": people for line, (code, people) in zip(lines, expected.items(), strict=True)
        }
    elif trap == "phase":
        written, building = data.draw(st.sampled_from(["一期", "B区", "东区"])), units[at].building
        lines[at][0] = f"{written}{building}栋"
        alone = sum(unit.building == building for unit in units) == 1
        said = {unit.code: f"{written if unit is units[at] else ''}{unit.code}" for unit in units}
        expected = {said[code]: people for code, people in expected.items()} if alone else None
    elif trap == "doors":
        lines[at][2] = (
            f"{lines[at][2]}{data.draw(st.sampled_from(['、', '/', '~', '-', '，']))}{lines[at][2] + 1}"
        )
        expected = None
    elif trap == "whose":
        head, lines = [*head[:4], "租户姓名", head[4]], [[*line[:4], "租某", line[4]] for line in lines]
        if any(line[-1] for line in lines):
            expected = None
        else:
            expected = {code: sorted([*people, ("tenant", "租某", "")]) for code, people in expected.items()}
    elif trap == "forgotten":
        lines[at][:3] = [None, None, None]
        expected = None
    elif trap == "names":
        lines[at][3] = f"{lines[at][3]}13911112222"
        expected = None
    elif trap == "tagged":
        lines[at][4] = f"13911112222（{data.draw(st.sampled_from(['妻', '租户', '李四', '儿子']))}）"
        expected = None
    else:
        head, lines = ["房屋编号", *head], [[f"{line[0]}-{line[1]}-{line[2]}", *line] for line in lines]
        lines[at][0] = "9-1-909"
        expected = None
    read = told(workbook(("Sheet1", [head, *lines])))
    assert read is None if expected is None else read in (None, expected)
