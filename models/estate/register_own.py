"""The register's own workbook come back: read by its own heads, each cell as it was written; nothing in it is
guessed, parted or merged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.declare.fields import Field
from app.ground.language import gettext as _
from app.workbook.sheet_cells import NOTICE, PROBLEM, Finding
from app.workbook.sheet_reader import Sheet, Workbook, column_letters
from app.workbook.sheet_tables import NotData, Reason
from models.estate.owner_register import ROLES, Occupancy, OwnerRegister, Vehicle
from models.estate.register_entries import (
    OF_REGISTER,
    PersonEntry,
    RegisterSheet,
    Source,
    UnitEntry,
    VehicleEntry,
    shared,
)
from models.estate.register_numbers import about_id, about_phone

UNIT = "unit"
_FEWEST = 10  # of the sheet of people's heads; no office's own sheet has them all by these names
_OF_UNIT = ("area", *OF_REGISTER)


def _heads(fields: Mapping[str, Field]) -> dict[str, str]:
    """The fields by their heads; of the references only the unit."""
    heads = {
        text: name for name, field in fields.items() if not field.is_reference for text in field.label.ways
    }
    return heads | dict.fromkeys(OwnerRegister.fields[UNIT].label.ways, UNIT)


@dataclass(frozen=True)
class _Own:
    """A sheet of ours: what it tells of, and the field of each column."""

    sheet: Sheet
    of: Any  # OwnerRegister, Occupancy or Vehicle
    names: Mapping[int, str]

    def fields(self) -> Mapping[str, Field]:
        """The boxes of what it tells of."""
        fields: Mapping[str, Field] = self.of.fields
        return fields


def read_own(book: Workbook) -> RegisterSheet | None:
    """Everything a workbook of ours tells; None for one that isn't ours."""
    own = {sheet.name: recognised for sheet in book.sheets if (recognised := _recognised(sheet)) is not None}
    if not any(own_sheet.of is Occupancy for own_sheet in own.values()):
        return None
    return _Reading(book, own).run()


def _recognised(sheet: Sheet) -> _Own | None:
    top = {at: value for at, value in sheet.present(1) if isinstance(value, str)}
    for cls, needed in (
        (Occupancy, {"kind", "full_name"}),
        (Vehicle, {"plate", "brand", "space"}),
        (OwnerRegister, {"unit"}),
    ):
        heads = _heads(cls.fields)
        names = {at: heads[text] for at, text in top.items() if text in heads}
        told = set(names.values())
        if (
            UNIT in told
            and needed <= told
            and (cls is OwnerRegister or len(names) == len(top))
            and (cls is not Occupancy or len(told) >= _FEWEST)
        ):
            return _Own(sheet, cls, names)
    return None


class _Reading:
    """One reading of a workbook of ours."""

    def __init__(self, book: Workbook, own: Mapping[str, _Own]) -> None:
        self.book, self.own = book, own
        self.found = RegisterSheet(book.filename, own=True)
        self.units: dict[str, UnitEntry] = {}
        self.rows: list[tuple[str, int]] = []  # of data

    def run(self) -> RegisterSheet:
        """Read its sheets; every row is used, has a problem or is no data."""
        for sheet in self.book.sheets:
            self.found.rows_total += sheet.last_row
            if sheet.name in self.own:
                self._sheet(self.own[sheet.name])
            else:
                self._left_alone(sheet)
        self.found.settle(self.rows, self.units.values())
        return self.found

    def _left_alone(self, sheet: Sheet) -> None:
        for row in range(1, sheet.last_row + 1):
            self._no_data(sheet, row, Reason.NO_HEAD, _("No head of a table was found above it."))
        if sheet.last_row and self.book.sheets[0] is not sheet:
            message = _("This sheet isn't one of the register's own workbook; it was not read.")
            self.found.notices.append(Finding(sheet.name, 0, "", message, NOTICE))

    def _no_data(self, sheet: Sheet, row: int, reason: Reason, message: str) -> None:
        self.found.not_data.append(NotData(sheet.name, row, reason, message))

    def _sheet(self, own: _Own) -> None:
        self._no_data(own.sheet, 1, Reason.HEAD, _("The head."))
        columns = {name: column_letters(at) for at, name in own.names.items()}
        for row in range(2, own.sheet.last_row + 1):
            if not any(str(value).strip() for _at, value in own.sheet.present(row)):
                self._no_data(own.sheet, row, Reason.BLANK, _("A blank row."))
                continue
            source = Source(own.sheet.name, row, columns)
            self._line(own, source, dict(self._values(own, source)))
            self.rows.append((own.sheet.name, row))

    def _values(self, own: _Own, source: Source) -> Iterator[tuple[str, Any]]:
        """A line's values by field; a covered one says nothing, so what is there stays."""
        for at, name in own.names.items():
            value = own.sheet.value(source.row, at)
            if value is None or not str(value).strip():
                continue
            if name == UNIT:
                yield name, OwnerRegister.fields[UNIT].kind.typed_cell(value)
                continue
            field = own.fields()[name]
            text = field.kind.typed_cell(value)
            if field.personal and "*" in text:
                self._tell(
                    source, name, NOTICE, _("This is covered; what the register has was left as it is.")
                )
                continue
            try:
                yield name, field.kind.parse(text)
            except ValueError as fault:
                self._tell(source, name, PROBLEM, f"{field.label}: {fault}")

    def _line(self, own: _Own, source: Source, values: dict[str, Any]) -> None:
        code = str(values.pop(UNIT, ""))
        if not code:
            self._tell(
                source,
                UNIT,
                PROBLEM,
                _("This line names no unit. Write building-entrance-door, such as 3-1-1102."),
            )
            return
        unit = self.units.get(code)
        if unit is None:
            unit = self.units[code] = UnitEntry(code, ("", None, code))
        unit.sources.append(source)
        given = shared(source.columns)
        if own.of is OwnerRegister:
            self._unit(unit, source, values)
        elif own.of is Occupancy:
            self._person(unit, source, values, given)
        else:
            unit.given = shared(unit.given | {"vehicles"})
            unit.vehicles.append(
                VehicleEntry(values.get("plate"), values.get("brand"), values.get("space"), given, source)
            )

    def _unit(self, unit: UnitEntry, source: Source, values: dict[str, Any]) -> None:
        if unit.given & set(_OF_UNIT):
            self._tell(source, UNIT, PROBLEM, _("The unit stands twice in this sheet. Keep one line."))
            return
        unit.given = shared(unit.given | set(_OF_UNIT))
        for name in _OF_UNIT:
            setattr(unit, name, values.get(name))

    def _person(self, unit: UnitEntry, source: Source, values: dict[str, Any], given: frozenset[str]) -> None:
        name, kind = values.pop("full_name", None), values.pop("kind", None)
        if not name or not kind:
            if (source.sheet, source.row) not in self.found.failed:
                self._tell(
                    source,
                    "kind" if name else "full_name",
                    PROBLEM,
                    _("Who is this, and as what? Write the name and 业主, 家属 or 租户."),
                )
            return
        unit.given, unit.kinds_given = shared(unit.given | {"people"}), shared(ROLES)
        unit.people.append(PersonEntry(kind, name, given=given, source=source, **values))
        for field in ("phone", "phone2", "phone3"):
            for message in about_phone(values.get(field) or ""):
                self._tell(source, field, NOTICE, message)
        for message in (
            about_id(values.get("id_number") or "") if values.get("id_kind") in (None, "identity") else ()
        ):
            self._tell(source, "id_number", NOTICE, message)

    def _tell(self, source: Source, name: str, level: str, message: str) -> None:
        column = source.columns.get(name, "A")
        self.found.tell(Finding(source.sheet, source.row, column, message, level))
