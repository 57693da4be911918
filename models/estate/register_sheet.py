"""Reads an office's own Excel register of owners (QR-0336SD, 业主信息一览表), however it was made, without touching the database.

One line a unit, or one line a person with the unit repeated, merged or left blank below (field practice). What can't be understood is a
problem with how to put it right; what is doubtful comes in as written with a notice; what isn't data is named.
"""

import os
from collections.abc import Callable
from typing import Any

from app.language import gettext as _
from app.sheet_cells import NOTICE, PROBLEM, Finding, Parsed
from app.sheet_reader import Sheet, SheetRefused, open_workbook
from app.sheet_tables import Note, Reason, SheetTables, Table, find_tables
from models.estate.register_entries import PersonEntry, RegisterSheet, Source, UnitEntry, VehicleEntry
from models.estate.register_heads import APART, EXPECTED, FOLLOWS, columns_for
from models.estate.register_line import Line
from models.estate.register_people import kinds_told, people_of
from models.estate.register_place import Place, joined, place_in
from models.estate.register_roles import legend_in
from models.estate.register_units import Gathered
from models.estate.register_vehicles import vehicles_of

__all__ = ["PersonEntry", "RegisterSheet", "SheetRefused", "Source", "UnitEntry", "VehicleEntry", "read_register"]

_OF_A_PERSON = ("name", "owner_name", "tenant_name", "family_name", "plate", "space")
_SHORT = 16  # signs; a single text up to this length between lines is a heading for what follows (3栋, 2单元)


def read_register(
    source: str | os.PathLike[str] | bytes, filename: str = "", place_of: Callable[[Place], Place] = lambda place: place
) -> RegisterSheet:
    """Everything a workbook tells of units and their people. Raises SheetRefused for a file that can't be read at all.

    ``place_of`` gives a unit's place as the estate writes it, so that lines which write it differently come together.
    """
    book = open_workbook(source, filename)
    return _Reading(book.filename, place_of).run([find_tables(sheet, columns_for(sheet), APART, FOLLOWS) for sheet in book.sheets])


class _Reading:
    """One reading of one workbook."""

    def __init__(self, filename: str, place_of: Callable[[Place], Place]) -> None:
        self.found, self.place_of = RegisterSheet(filename), place_of
        self.failed: set[tuple[str, int]] = set()
        self.units = Gathered()
        self.memo: dict[tuple[str, type, Any], Parsed] = {}

    def run(self, sheets: list[SheetTables]) -> RegisterSheet:
        """Read all sheets, and settle which rows are used and which have a problem."""
        everywhere = legend_in(note.text for tables in sheets for note in tables.notes)
        for tables in sheets:
            self._sheet(tables, everywhere | legend_in(note.text for note in tables.notes))
        if not any(tables.tables for tables in sheets):
            heads = "、".join(EXPECTED)
            self._tell(
                Finding("", 0, "", _("No sheet has the head of a register. It needs heads such as: %(heads)s.", heads=heads), PROBLEM)
            )
        rows = sorted({(data.sheet, data.row) for data in self.units.sources} | self.failed_rows, key=self._order(sheets))
        self.found.rows_with_problems = [row for row in rows if row in self.failed]
        self.found.rows_used = [row for row in rows if row not in self.failed]
        self.found.units = list(self.units.entries.values())
        for unit in self.found.units:
            unit.has_problem = any((one.sheet, one.row) in self.failed for one in unit.sources)
        return self.found

    @property
    def failed_rows(self) -> set[tuple[str, int]]:
        """The rows with a problem."""
        return {row for row in self.failed if row[1]}

    @staticmethod
    def _order(sheets: list[SheetTables]) -> Any:
        place = {tables.sheet.name: at for at, tables in enumerate(sheets)}
        return lambda row: (place.get(row[0], -1), row[1])

    def _tell(self, finding: Finding) -> None:
        if finding.level == PROBLEM:
            self.found.problems.append(finding)
            self.failed.add((finding.sheet, finding.row))
        else:
            self.found.notices.append(finding)

    def _sheet(self, tables: SheetTables, legend: dict[str, str]) -> None:
        self.found.rows_total += tables.rows_total
        self.found.not_data += tables.not_data
        self.found.notes += tables.notes
        if tables.tables:
            self._about(tables)
        for table in tables.tables:
            self._unknown_heads(table)
            self._table(table, tables, legend)

    def _about(self, tables: SheetTables) -> None:
        if tables.sheet.hidden:
            self._tell(Finding(tables.sheet.name, 0, "", _("This sheet is hidden; it was read like the others."), NOTICE))
        for note in tables.notes:
            if note.beside:
                self._tell(Finding(note.sheet, note.row, note.column, _("Stands beside the table and was not taken in."), NOTICE))

    def _unknown_heads(self, table: Table) -> None:
        for letters, text in table.unknown:
            message = _("The column “%(head)s” is not known here and was not taken in.", head=text[:30])
            self._tell(Finding(table.sheet, table.head.rows[-1], letters, message, NOTICE))

    def _table(self, table: Table, tables: SheetTables, legend: dict[str, str]) -> None:
        titles = _Titles(tables)
        breaks = {one.row for one in tables.not_data if one.reason is not Reason.HEAD}
        by_person = bool({"person_kind", "relation"} & table.fields)
        last: Line | None = None
        above: Place | None = None
        for data in table.rows:
            if last is None or any(row in breaks for row in range(last.row + 1, data.row)):
                last = None
            line = Line(table, data, self._tell, self.memo)
            place, continued = self._place(line, titles, above, last)
            place = self._as_the_estate_writes_it(line, place) if place is not None and not continued else place
            people, vehicles = people_of(line, legend), vehicles_of(line)
            if place is None:
                if not line.failed:
                    line.problem(_("This line names no unit. Write building-entrance-door, such as 3-1-1102."), "unit")
                last = None
                continue
            unit = line.cell("unit")
            filled = unit is not None and unit.filled
            self.units.add(line, place, people, vehicles, kinds_told(table.fields), apart=not (continued or filled or by_person))
            last, above = line, place

    def _place(self, line: Line, titles: "_Titles", above: Place | None, last: Line | None) -> tuple[Place | None, bool]:
        """The unit a line means, and whether it goes on with the line right above."""
        read: Place | None = line.get("unit")
        building, entrance = line.get("building"), line.get("entrance")
        if line.failed:
            return None, False
        if read is None:
            return self._continued(line, above, last)
        if "building" in line.fields and building is None and read.building is None and above is not None:
            building, entrance = above.building, entrance or above.entrance
        place = joined(read, building, entrance)
        if building and place.building != building:
            line.problem(_("The unit and the building's column contradict each other."), "unit")
            return None, False
        told = titles.before(line.row)
        if told is not None and (place.building is None or place.entrance is None):
            place = joined(place, *told)
        if place.building is None:
            line.problem(_("Only the door is given. Write the building too, such as 3-1-1102."), "unit")
            return None, False
        return place, False

    def _as_the_estate_writes_it(self, line: Line, place: Place) -> Place:
        found = self.place_of(place)
        unit = line.cell("unit")
        if unit is None or unit.filled:
            return found
        if found.door != place.door or (place.entrance is not None and found.entrance != place.entrance):
            shown = "-".join(part for part in found[:3] if part)
            line.notice(_("Taken as %(unit)s, as the estate writes it.", unit=shown), "unit")
        return found

    def _continued(self, line: Line, above: Place | None, last: Line | None) -> tuple[Place | None, bool]:
        if last is None or above is None or not any(line.texts(name) for name in _OF_A_PERSON):
            return None, False
        if not {"person_kind", "relation"} & line.fields:
            line.notice(_("No unit is given; taken to belong to the unit of the line above."), "unit")
        return above, True


class _Titles:
    """The buildings that titles above a table, headings between its lines and the sheet's name tell."""

    def __init__(self, tables: SheetTables) -> None:
        self.sheet: Sheet = tables.sheet
        rows = {one.row: one.reason for one in tables.not_data}
        self.told = [(note.row, told) for note in tables.notes if self._titles(note, rows) and (told := place_in(note.text)) is not None]
        self.named = place_in(tables.sheet.name)
        self._seen: dict[int, tuple[str, str | None] | None] = {}

    def _titles(self, note: Note, rows: dict[int, Reason]) -> bool:
        reason = rows.get(note.row)
        return reason is Reason.TITLE or (reason is Reason.NOTE and not note.beside and len(note.text) <= _SHORT)

    def before(self, row: int) -> tuple[str, str | None] | None:
        """The building, and entrance if told, that holds for a row."""
        for at, told in reversed(self.told):
            if at < row:
                return told
        return self.named
