"""Reads an office's own Excel register of owners (QR-0336SD, 业主信息一览表), however it was made, without
touching the database.

One line a unit, or one line a person with the unit repeated, merged or left blank below (field practice).
What can't be understood is a problem with how to put it right; what is doubtful comes in as written with a
notice; what isn't data is named.
"""

import os
from collections.abc import Iterator

from app.ground.language import gettext as _
from app.workbook.sheet_cells import NOTICE, PROBLEM, Finding
from app.workbook.sheet_reader import Workbook, open_workbook
from app.workbook.sheet_refused import SheetRefused
from app.workbook.sheet_tables import Assigned, SheetTables, Table, find_tables
from models.estate.register_columns import COLUMNS
from models.estate.register_entries import UNITS, PersonEntry, RegisterSheet, Source, UnitEntry, VehicleEntry
from models.estate.register_joined import People
from models.estate.register_levels import Levels
from models.estate.register_line import Legends, Line, Memo
from models.estate.register_own import read_own
from models.estate.register_people import doubtful, kinds_told, people_of
from models.estate.register_roles import legends_in
from models.estate.register_units import Gathered
from models.estate.register_vehicles import vehicles_of
from models.estate.register_where import NO_ESTATE, Estate, Where
from models.estate.register_words import APART

__all__ = [
    "PersonEntry",
    "RegisterSheet",
    "SheetRefused",
    "Source",
    "UnitEntry",
    "VehicleEntry",
    "read_register",
]

_EXPECTED = (
    "房号（或 楼号、单元、房号）、业主姓名、联系电话、身份证号码、建筑面积、身份、入住日期、车牌号、车位号"
)


def read_register(
    source: str | os.PathLike[str] | bytes | Workbook,
    filename: str = "",
    estate: Estate = NO_ESTATE,
    assigned: Assigned | None = None,
) -> RegisterSheet:
    """Everything a workbook tells of units and their people. Raises SheetRefused for a file that can't be
    read at all.

    ``estate`` knows how units are written, so that lines which write one differently come together;
    ``assigned`` is what people said of layouts.
    """
    book = open_workbook(source, filename)
    return read_own(book) or _Reading(book.filename, estate).run(
        [find_tables(sheet, COLUMNS, sorted(APART), assigned) for sheet in book.sheets]
    )


class _Reading:
    """One reading of one workbook."""

    def __init__(self, filename: str, estate: Estate) -> None:
        self.found, self.estate = RegisterSheet(filename), estate
        self.units, self.levels, self.people = Gathered(), Levels(), People()
        self.memo: Memo = {}

    def run(self, sheets: list[SheetTables]) -> RegisterSheet:
        """Read all sheets, and settle which rows are used and which have a problem."""
        everywhere = legends_in(note.text for tables in sheets for note in tables.notes)
        self.found.tables, self.found.legends = sheets, everywhere
        told: list[tuple[Where, Legends]] = []
        for tables in sheets:
            own = legends_in(note.text for note in tables.notes)
            told += self._sheet(tables, {name: everywhere[name] | own[name] for name in own})
        for where, legends in told:
            self._table(where, legends)
        self.units.settle()
        if not any(tables.tables for tables in sheets):
            message = _(
                "No sheet has the head of a register. It needs heads such as: %(heads)s.", heads=_EXPECTED
            )
            self.found.tell(Finding("", 0, "", message, PROBLEM))
        rows = {(data.sheet, data.row) for data in (*self.units.sources, *self.people.sources)}
        rows |= {row for row in self.found.failed if row[1]}
        order = {tables.sheet.name: at for at, tables in enumerate(sheets)}
        self.found.settle(sorted(rows, key=lambda row: (order[row[0]], row[1])), self.units.entries.values())
        return self.found

    def _sheet(self, tables: SheetTables, legends: Legends) -> list[tuple[Where, Legends]]:
        """Take note of all that a sheet tells; its tables of units, to be read when all sheets are known."""
        self.found.rows_total += tables.rows_total
        self.found.not_data += tables.not_data
        if tables.tables:
            self._about(tables)
        elif tables.unkeyed:
            message = _("No column of this sheet names a unit; it was not read.")
            self.found.tell(Finding(tables.sheet.name, tables.unkeyed, "", message, NOTICE))
        units = []
        for table in tables.tables:
            if {*UNITS, "building", "entrance"} & table.fields:
                units.append((Where(tables, table, self.estate, self.levels), legends))
            else:
                self.people.add(table, self._lines(table, legends), legends)
        return units

    def _lines(self, table: Table, legends: Legends) -> Iterator[Line]:
        whose = doubtful(table)
        for row in table.rows:
            yield Line(table, row, self.found.tell, self.memo, legends, whose)

    def _about(self, tables: SheetTables) -> None:
        if tables.sheet.hidden:
            self.found.tell(
                Finding(
                    tables.sheet.name, 0, "", _("This sheet is hidden; it was read like the others."), NOTICE
                )
            )
        for note in tables.notes:
            if note.beside:
                self.found.tell(
                    Finding(
                        note.sheet,
                        note.row,
                        note.column,
                        _("Stands beside the table and was not taken in."),
                        NOTICE,
                    )
                )

    def _table(self, where: Where, legends: Legends) -> None:
        table = where.table
        kinds = kinds_told(table.fields)
        for at, line in enumerate(self._lines(table, legends)):
            if where.is_head_of_another(line):
                message = _(
                    "This looks like the head of another table, which isn't known here: neither it nor the"
                    " lines below it were read. Name its columns as in the first table, or give it a sheet."
                )
                line.problem(message)
                self.found.failed |= {(table.sheet, below.row) for below in table.rows[at:]}
                return
            place, continued = where.of(line)
            people, vehicles = people_of(line, legends["person_kind"]), vehicles_of(line)
            people = people or self.people.of(line)
            if place is None:
                continue
            filled = any(cell.filled for name in UNITS for cell in line.cells.get(name, ()))
            apart = not (continued or filled or where.by_person)
            self.units.add(line, place, people, vehicles, kinds, apart=apart)
