"""Which building and entrance hold for a line by what stands above it: a group's head, a heading between the
lines, a title, the sheet's name.
"""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from app.workbook.sheet_tables import Note, Reason, SheetTables, Table
from models.estate.register_place import entrance_in, level_in, place_in

_SHORT = 16  # signs; a single text up to this length between lines is a heading for what follows (3栋, 2单元)


class Told(NamedTuple):
    """A building, an entrance or both, told in a row."""

    row: int
    building: str | None
    entrance: str | None


class Titles:
    """What is told above the lines of one table."""

    def __init__(self, tables: SheetTables, table: Table) -> None:
        reasons = {line.row: line.reason for line in tables.not_data}
        rows: dict[int, list[Note]] = {}
        for note in tables.notes:
            if _is_title(note, reasons.get(note.row)):
                rows.setdefault(note.row, []).append(note)
        named = told_in(tables.sheet.name, 0)
        told = [
            told for row, notes in sorted(rows.items()) if (told := _of_row(row, notes, table)) is not None
        ]
        levels = [
            level_in(text)
            for text in (
                tables.sheet.name,
                *(note.text for row in sorted(rows) for note in rows[row] if row < table.head.rows[0]),
            )
        ]
        self.level = next((level for level in reversed(levels) if level is not None), None)
        groups = {told_in(text, table.head.rows[-1]) for text in table.head.groups.values()} - {None}
        held: tuple[str | None, str | None] = (None, None)
        self.rows: list[int] = []
        self.held: list[
            tuple[str | None, str | None]
        ] = []  # from each of these rows on: the building, the entrance
        for told_place in sorted(
            (
                told_place
                for told_place in (named, *told, *(groups if len(groups) == 1 else ()))
                if told_place is not None
            ),
            key=_row,
        ):
            held = (
                (told_place.building, told_place.entrance)
                if told_place.building is not None
                else (held[0], told_place.entrance)
            )
            self.rows.append(told_place.row)
            self.held.append(held)

    def before(self, row: int) -> tuple[str | None, str | None]:
        """The building and the entrance that hold for a row, as far as they are told."""
        place = bisect_left(self.rows, row)
        return self.held[place - 1] if place else (None, None)

    def told_since(self, above: int, row: int) -> bool:
        """Whether a building or an entrance is told between two rows."""
        return bisect_left(self.rows, row) > bisect_right(self.rows, above)


def _row(told: Told) -> int:
    return told.row


def told_in(text: str, row: int) -> Told | None:
    """The building and entrance a text tells."""
    place, entrance = place_in(text), entrance_in(text)
    return Told(row, *(place or (None, entrance))) if place or entrance else None


def _is_title(note: Note, reason: Reason | None) -> bool:
    return reason is Reason.TITLE or (reason is Reason.NOTE and not note.beside and len(note.text) <= _SHORT)


def _of_row(row: int, notes: list[Note], table: Table) -> Told | None:
    """What a row of titles tells a table: where several stand beside each other, the one above the table."""
    told = [(note.at, place) for note in notes if (place := told_in(note.text, row)) is not None]
    if len(told) > 1:
        told = [(at, place) for at, place in told if table.begins <= at < table.ends][:1]
    return told[0][1] if told else None
