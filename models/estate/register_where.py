"""Which unit each line of a register's table means: by its own columns, by the lines and headings above it,
as the estate writes it.
"""

import re
from collections.abc import Callable
from typing import Protocol

from app.ground.language import gettext as _
from app.workbook.sheet_cells import flat, folded
from app.workbook.sheet_reader import Cell
from app.workbook.sheet_tables import Reason, SheetTables, Table
from models.estate.register_line import Line
from models.estate.register_place import (
    Place,
    entrance_in,
    is_level,
    joined,
    parse_building,
    parse_unit,
    place_in,
)
from models.estate.register_titles import Titles

_OF_A_PERSON = ("name", "owner_name", "tenant_name", "family_name", "plate", "space")
_OF_A_BUILDING = re.compile(r"[栋幢座]|楼(?!层)|单元|门栋")
_OF_A_PART = re.compile(
    r"(所属|所在)?(小区|园区|片区|区域|分区|区|苑区?|园|院落?|村|期[数别次]?|分期|几期|项目|楼盘|组团|地块|街坊|坊|里|弄|巷|路)(名称?|号|编号)?"
)
_POINTER = re.compile(r"(业主|户主|产权人|客户|住户|人员)(编号|代码|编码|id|序号)")
_NAMES = frozenset({"name", "owner_name", "tenant_name", "family_name"})


_MANY, _SEVERAL_BUILDINGS = (
    12,
    3,
)  # lines of as many buildings that all begin with their own number do so by no chance


class Estate(Protocol):
    """How an estate writes its units."""

    def place_of(self, place: Place) -> Place:
        """A place as the estate writes it, where it has the unit."""

    def named(self, text: str) -> Place | None:
        """The place of the unit whose whole code this very text is."""


class _NoEstate:
    def place_of(self, place: Place) -> Place:
        return place

    def named(self, text: str) -> Place | None:
        return None


NO_ESTATE = _NoEstate()


class Where:
    """The lines of one table, in their order."""

    def __init__(self, tables: SheetTables, table: Table, estate: Estate) -> None:
        self.table, self.estate = table, estate
        self.titles = Titles(tables, table)
        self.breaks = {line.row for line in tables.not_data if line.reason is not Reason.HEAD}
        self.by_person = bool({"person_kind", "relation"} & table.fields)
        self.unread = _unread_columns(table)
        self.above: Place | None = None  # the unit of the last line that named one
        self.above_row = self.row_before = 0
        self.goes_on = False  # whether the line right above named a unit, or went on with it
        self._first: str | None = None

    def of(self, line: Line) -> tuple[Place | None, bool]:
        """The unit a line means, None where a problem says why not; and whether it goes on with the line
        above instead of naming it.
        """
        if any(row in self.breaks for row in range(self.row_before + 1, line.row)):
            self.goes_on = False
        self.row_before = line.row
        for at, message in self.unread.items():
            line.problem(message, self.table.origin.cell(line.row, at))
        place, continued = self._read(line)
        if place is None:
            if not line.failed:
                line.problem(
                    _("This line names no unit. Write building-entrance-door, such as 3-1-1102."), "unit"
                )
            self.goes_on = False
            return None, False
        place = place if continued else self._as_the_estate_writes_it(line, place)
        self.above, self.above_row, self.goes_on = place, line.row, True
        return place, continued

    def _read(self, line: Line) -> tuple[Place | None, bool]:
        cell = line.cell("unit")
        if (
            cell is not None
            and "building" not in line.cells
            and (named := self.estate.named(flat(cell))) is not None
        ):
            return named, False
        read: Place | None = line.get("unit")
        building, entrance = line.get("building"), line.get("entrance")
        if line.failed:
            return None, False
        if read is None:
            return self._continued(line)
        if building is None and read.building is None and self._holds_below(line):
            building, entrance = self.above.building, entrance or self.above.entrance  # type: ignore[union-attr]
        place = self._joined(read, building, entrance)
        if building and place.building != building:
            line.problem(_("The unit and the building's column contradict each other."), "unit")
            return None, False
        if place.building is None or place.entrance is None:
            place = self._joined(place, *self.titles.before(line.row))
        if place.dashed and place.entrance is None and self._told_beside(line, building):
            message = _(
                "“%(unit)s” may mean building %(n)s or its entrance %(n)s. Write all three, such as"
                " 3-1-1102.",
                unit=f"{place.building}-{place.door}",
                n=place.building,
            )
            line.problem(message, "unit")
            return None, False
        if place.building is None:
            line.problem(_("Only the door is given. Write the building too, such as 3-1-1102."), "unit")
            return None, False
        return place, False

    def _told_beside(self, line: Line, building: str | None) -> bool:
        """Whether the building stands in a column of its own or above the line, too."""
        return building is not None or self.titles.before(line.row)[0] is not None

    def _holds_below(self, line: Line) -> bool:
        """Whether the building of the line above holds here: it has a column of its own, and no heading in
        between says another.
        """
        return (
            "building" in line.fields
            and self.above is not None
            and not self.titles.told_since(self.above_row, line.row)
        )

    def _continued(self, line: Line) -> tuple[Place | None, bool]:
        if not self.goes_on or not any(line.texts(name) for name in _OF_A_PERSON):
            return None, False
        if not self.by_person:
            line.problem(
                _("No unit is given. Write it, or merge the unit's cell over the lines that belong to it."),
                "unit",
            )
            return None, False
        return self.above, True

    def _joined(self, place: Place, building: str | None, entrance: str | None) -> Place:
        """A place completed; ``2-1102`` in building 2 stays dashed where it can't be told whether 2 is the
        building or its entrance.
        """
        if not place.dashed or building is None or place.building != building:
            return joined(place, building, entrance)
        if entrance is not None or self._first_signs() == "building":
            return joined(place, building, entrance)._replace(dashed=False)
        by_entrance = Place(building, place.building, place.door)
        if (
            self._first_signs() == "entrance"
            or self.estate.place_of(place)[:3] == self.estate.place_of(by_entrance)[:3]
        ):
            return by_entrance
        return place

    def _first_signs(self) -> str:
        """What stands first in ``2-1102`` in this table: entrances, if some line has another building beside
        it; buildings, if many have theirs.
        """
        if self._first is None:
            pairs = [
                pair for row in self.table.rows if (pair := self._beside(row.row, row.cells)) is not None
            ]
            apart = any(first != building for first, building in pairs)
            many = len(pairs) >= _MANY and len(set(pairs)) >= _SEVERAL_BUILDINGS
            self._first = "entrance" if apart else "building" if many else "open"
        return self._first

    def _beside(self, row: int, cells: dict[str, list[Cell]]) -> tuple[str, str] | None:
        """What stands first in a line's ``2-1102``, and the building told beside or above it."""
        place: Place | None = parse_unit(cells["unit"][0]).value if "unit" in cells else None
        if place is None or not place.dashed or place.building is None:
            return None
        building = (
            parse_building(cells["building"][0]).value if "building" in cells else self.titles.before(row)[0]
        )
        return (place.building, building) if building is not None else None

    def _as_the_estate_writes_it(self, line: Line, place: Place) -> Place:
        found = self.estate.place_of(place)
        unit = line.cell("unit")
        if unit is None or unit.filled:
            return found
        if found.door != place.door or (place.entrance is not None and found.entrance != place.entrance):
            shown = "-".join(part for part in found[:3] if part)
            line.notice(_("Taken as %(unit)s, as the estate writes it.", unit=shown), "unit")
        return found


def _unread_columns(table: Table) -> dict[int, str]:
    """The columns that nobody knows here and without which a line can't be read right: they tell of the unit,
    or point to its owner.
    """
    found: dict[int, str] = {}
    for at, head in table.head.unknown.items():
        texts = [text for row in table.rows if (text := flat(table.origin.cell(row.row, at)))]
        if not texts:
            continue
        if _tells_the_unit(folded(head), texts):
            found[at] = _(
                "The column “%(head)s” tells of the unit and isn't known here. Call it 楼号, 单元 or 房号, or"
                " delete it where the units are clear without it.",
                head=head[:20],
            )
        elif _POINTER.fullmatch(folded(head)) and not _NAMES & table.fields:
            found[at] = _(
                "The column “%(head)s” points to people in another sheet, which isn't read. Write their names"
                " and telephones beside the units.",
                head=head[:20],
            )
    return found


def _tells_the_unit(head: str, texts: list[str]) -> bool:
    """Whether a column tells buildings, entrances or parts of the estate: by what its cells say, or by its
    head.
    """
    several = len(set(texts)) > 1
    if _OF_A_PART.fullmatch(head):
        return several or is_level(texts[0])
    if _mostly(texts, lambda text: place_in(text) is not None or entrance_in(text) is not None):
        return True
    return _OF_A_BUILDING.search(head) is not None and _mostly(
        texts, lambda text: re.fullmatch(r"[A-Za-z]?\d{1,3}[A-Za-z]?", text) is not None
    )


def _mostly(texts: list[str], says: Callable[[str], bool]) -> bool:
    return sum(says(text) for text in texts) * 2 > len(texts)
