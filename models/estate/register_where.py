"""Which unit each line of a register's table means: by its own columns, by the lines and headings above it,
as the estate writes it.
"""

import re
from typing import Any, Protocol

from app.ground.language import gettext as _
from app.workbook.sheet_cells import flat
from app.workbook.sheet_reader import Cell
from app.workbook.sheet_tables import Reason, SheetTables, Table
from models.estate.register_entries import UNITS
from models.estate.register_levels import Levels
from models.estate.register_line import Line
from models.estate.register_place import (
    Place,
    agreed,
    joined,
    kind_of_door,
    level_of,
    parse_building,
    parse_unit,
)
from models.estate.register_titles import Titles

_OF_A_PERSON = ("name", "owner_name", "tenant_name", "family_name", "plate", "space")
_HEAD = 16  # signs; a longer text is no head


class Estate(Protocol):
    """How an estate writes its units."""

    def place_of(self, place: Place) -> Place:
        """A place as the estate writes it, where it has the unit."""

    def named(self, text: str) -> Place | None:
        """The place of the unit whose whole code this very text is."""

    def has_building(self, name: str) -> bool:
        """Whether it has units of a building that is called so."""


class _NoEstate:
    def place_of(self, place: Place) -> Place:
        return place

    def named(self, text: str) -> Place | None:
        return None

    def has_building(self, name: str) -> bool:
        return False


NO_ESTATE = _NoEstate()


class Where:
    """The lines of one table, in their order."""

    def __init__(self, tables: SheetTables, table: Table, estate: Estate, levels: Levels) -> None:
        self.table, self.estate, self.levels = table, estate, levels
        self.titles = Titles(tables, table)
        self.breaks = {line.row for line in tables.not_data if line.reason is not Reason.HEAD}
        self.by_person = bool({"person_kind", "relation"} & table.fields)
        self.levels_at = _tell_levels(table)
        self.above: Place | None = None  # the unit of the last line that named one
        self.above_row = self.row_before = 0
        self.goes_on = False  # whether the line right above named a unit, or went on with it
        self.before: dict[int, str] = {}  # by row: what the line itself tells before its building
        for row in table.rows:
            self._note_level(row.row)

    def of(self, line: Line) -> tuple[Place | None, bool]:
        """The unit a line means, None where a problem says why not; and whether it goes on with the line
        above instead of naming it.
        """
        if any(row in self.breaks for row in range(self.row_before + 1, line.row)):
            self.goes_on = False
        self.row_before = line.row
        place, continued = self._read(line)
        if place is None:
            if not line.failed:
                line.problem(
                    _("This line names no unit. Write building-entrance-door, such as 3-1-1102."), "unit"
                )
            self.goes_on = False
            if "building" in line.cells:  # the lines below mean this building, not that of a line further up
                self.above = None
            return None, False
        place = place if continued else self._as_the_estate_writes_it(line, place)
        self.above, self.above_row, self.goes_on = place, line.row, True
        return place, continued

    def is_head_of_another(self, line: Line) -> bool:
        """Whether a line after a break is no line but the head of a table whose columns nobody knows here."""
        if line.row - 1 not in self.breaks or line.row == self.table.rows[0].row:
            return False
        cells = [cell for cells in line.cells.values() for cell in cells]
        words = len(cells) > 1 and all(_is_head(cell.value) for cell in cells)
        unit = line.cell(*UNITS)
        return words and unit is not None and bool(parse_unit(unit).problems)

    def _read(self, line: Line) -> tuple[Place | None, bool]:
        cell = line.cell(*UNITS)
        if (
            cell is not None
            and "building" not in line.cells
            and (named := self.estate.named(flat(cell))) is not None
        ):
            return named, False
        unit, told, entrance = self._unit(line), line.get("building"), line.get("entrance")
        if line.failed:
            return None, False
        if unit is None:
            return self._continued(line)
        building: str | None = told.building if told is not None else None
        below = building is None and unit.building is None and self._holds_below(line)
        if below and self.above is not None:  # its building is called by its whole name already
            building, entrance = self.above.building, entrance or self.above.entrance
            self._note_below(line, {"building": building, "entrance": self.above.entrance})
        place = joined(unit, building, entrance)
        if building and place.building != building:
            line.problem(_("The unit and the building's column contradict each other."), cell)
            return None, False
        held = self.titles.before(line.row)
        if place.building is None or place.entrance is None:
            place = joined(place, *held)
        if place.dashed and place.entrance is None and (building or held[0]) and not self._is_one(place):
            message = _(
                "“%(unit)s” may mean building %(n)s or its entrance %(n)s. Say what the column holds, or"
                " write all three, such as 3-1-1102.",
                unit=f"{place.building}-{place.door}",
                n=place.building,
            )
            line.problem(message, cell)
            return None, False
        if not below:
            place = self._named(line, place, cell)
        return (place if not line.failed else None), False

    def _unit(self, line: Line) -> Place | None:
        """What the columns that name the unit say together."""
        whole: Place | None = None
        for field in UNITS:
            place: Place | None = line.get(field)
            if place is None:
                continue
            if field == "entrance_door" and place.dashed:
                place = Place(None, place.building, place.door)
            elif field == "building_door":
                place = place._replace(dashed=False)
            if whole is not None and agreed(whole, place) is None:
                line.problem(_("Two columns tell of two units in this line. Keep the right one."), field)
            whole = place if whole is None else agreed(whole, place)
        return whole

    def _holds_below(self, line: Line) -> bool:
        """Whether the building of the line above holds here: it has a column of its own, and no heading in
        between says another.
        """
        above = self.above is not None and "building" in line.fields
        return above and not self.titles.told_since(self.above_row, line.row)

    def _note_below(self, line: Line, said: dict[str, str | None]) -> None:
        """What an empty cell says by the line above: elsewhere, without that line, it has to be written."""
        for at, field, _letters in self.table.places:
            if said.get(field) is not None and field not in line.cells:
                self.table.said_above[line.row, at] = said[field]

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

    def _is_one(self, place: Place) -> bool:
        """Whether ``2-1102`` of building 2 is one unit of the estate, whichever way it is read."""
        by_entrance = Place(place.building, place.building, place.door)
        return self.estate.place_of(place)[:3] == self.estate.place_of(by_entrance)[:3]

    def _note_level(self, row: int) -> None:
        building, before = self._told(row)
        if building is not None:
            self.levels.note(building, before, self.titles.level or "")
        if before:
            self.before[row] = before

    def _told(self, row: int) -> tuple[str | None, str]:
        """The number of a line's building, and what the line itself tells before it."""
        unit: Place | None = None
        beside: Place | None = None
        level = ""
        for at, field, letters in self.table.places:
            if field in UNITS:
                unit = unit or parse_unit(self.table.origin.cell(row, at)).value
            elif field == "building":
                beside = beside or parse_building(self.table.origin.cell(row, at)).value
            elif letters in self.levels_at:
                level += flat(self.table.origin.cell(row, at))
        before = (beside.before if beside else "") or (unit.before if unit else "")
        building = (beside and beside.building) or (unit and unit.building) or self.titles.before(row)[0]
        return building, level or (before and (level_of(before) or before))

    def _named(self, line: Line, place: Place, cell: Cell | None) -> Place:
        """A place whose building is called as it is told apart from others of its number; one that has
        none is a shop, a parking space or the like by its own word.
        """
        if place.building is None:
            if not kind_of_door(place.door) and "shop" not in line.cells:
                line.problem(_("Only the door is given. Write the building too, such as 3-1-1102."), cell)
                return place
            if kind_of_door(place.door):
                return place._replace(building="")
            line.notice(_("Taken as a unit of %(building)s.", building="商铺"), cell)
            return place._replace(building="商铺")
        told = self.before.get(line.row, "")
        before = self.levels.before(place.building, told, self.titles.level or "")
        if before is None:
            message = _(
                "Other lines tell the phase or part of the estate of a building %(building)s. Write it here"
                " too.",
                building=place.building,
            )
            line.problem(message, cell)
        elif before and self._is_without(before, place.building):
            message = _(
                "The estate has a building %(building)s, and none that is called %(name)s. Leave out"
                " “%(before)s” where that one is meant; else make the building first.",
                building=place.building,
                name=before + place.building,
                before=before,
            )
            line.problem(message, cell)
        elif not before and told:
            line.notice(_("“%(word)s” before the building was left out.", word=told[:20]), cell)
        return place._replace(building=(before or "") + place.building)

    def _is_without(self, before: str, building: str) -> bool:
        return not self.estate.has_building(before + building) and self.estate.has_building(building)

    def _as_the_estate_writes_it(self, line: Line, place: Place) -> Place:
        known = self.estate.place_of(place)
        unit = line.cell(*UNITS)
        if unit is None or unit.filled:
            return known
        if known.door != place.door or (place.entrance is not None and known.entrance != place.entrance):
            shown = "-".join(part for part in known[:3] if part)
            line.notice(_("Taken as %(unit)s, as the estate writes it.", unit=shown), unit)
        return known


def _is_head(value: Any) -> bool:
    return isinstance(value, str) and len(value) < _HEAD and re.search(r"\d", value) is None


def _texts(table: Table, at: int) -> list[str]:
    return [text for row in table.rows if (text := flat(table.origin.cell(row.row, at)))]


def _tell_levels(table: Table) -> set[str]:
    """The columns of a table that tell phases or parts: 某花园 in each line tells nothing."""
    columns = {letters: _texts(table, at) for at, field, letters in table.places if field == "level"}
    return {
        letters for letters, texts in columns.items() if len(set(texts)) > 1 or (texts and level_of(texts[0]))
    }
