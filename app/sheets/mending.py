"""A person's own lines as a workbook again, each bad cell coloured and with a note of what is wrong: to mend
and bring in once more.
"""

import io
import math
from collections.abc import Container, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter

from app.sheets.sheet_import import Outcome
from app.workbook.sheet_reader import Raw, Sheet, Workbook, column_letters
from app.workbook.sheet_tables import Reason
from app.workbook.sheet_writer import sheet_name

SAFE = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "text": {"num_format": "@", "quote_prefix": True},  # what would be a formula is none when it is edited
    "whole": {"num_format": "0"},
    "date": {"num_format": "yyyy-mm-dd"},
    "datetime": {"num_format": "yyyy-mm-dd hh:mm"},
    "time": {"num_format": "hh:mm"},
}
_KEPT = frozenset({Reason.TITLE, Reason.HEAD, Reason.NOTE, Reason.NO_HEAD})
_NOTES = 5_000  # cells with a note; the rest have their colour
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Place = tuple[str, int]  # sheet and row


def marked(book: Workbook, outcome: Outcome, rows: Container[Place] | None = None) -> bytes:
    """The lines of a workbook, all of them or only some, under their own heads and titles, with what was said
    of their cells.
    """
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, SAFE)
    page = _Marked(made, outcome)
    taken: set[str] = set()
    for sheet in book.sheets:
        kept = [row for row in range(1, sheet.last_row + 1) if page.keeps(sheet, row, rows)]
        if kept:
            page.write(made.add_worksheet(sheet_name(sheet.name, taken)), sheet, kept)
    if not taken:
        made.add_worksheet()
    made.close()
    return out.getvalue()


class _Marked:
    """One workbook on its way."""

    def __init__(self, book: Any, outcome: Outcome) -> None:
        self.formats = {
            (name, bad): book.add_format({**kind, **({"bg_color": "#FBD9D5"} if bad else {})})
            for name, kind in KINDS.items()
            for bad in (False, True)
        }
        self.notes: dict[tuple[str, int, str], list[str]] = {}
        for finding in outcome.problems:
            self.notes.setdefault((finding.sheet, finding.row, finding.column), []).append(
                str(finding.message)
            )
        self.beside = {(line.sheet, line.row): line.reason for line in outcome.not_data}
        self.above: Mapping[tuple[str, int, int], Raw] = {
            (table.sheet, *place): value
            for tables in outcome.tables
            for table in tables.tables
            for place, value in table.said_above.items()
        }
        self.noted = 0

    def keeps(self, sheet: Sheet, row: int, rows: Container[Place] | None) -> bool:
        """Whether a row is wanted; what stands around the lines and explains them comes along."""
        place = sheet.name, row
        return rows is None or place in rows or self.beside.get(place) in _KEPT

    def write(self, page: Any, sheet: Sheet, rows: list[int]) -> None:
        """The rows of a sheet, one below the other."""
        columns = range(sheet.first_column, sheet.first_column + max(map(len, sheet.rows)))
        page.set_column(0, columns.stop, 12)
        for at, row in enumerate(rows):
            notes = dict(self._notes_of(sheet, row, columns))
            for column in columns:
                value = self._value(sheet, row, column)
                self._cell(page, (at, column), value, bad=column in notes)
            for column, said in notes.items():
                if self.noted < _NOTES:
                    self.noted += 1
                    page.write_comment(at, column, said, {"x_scale": 2, "author": ""})

    def _notes_of(self, sheet: Sheet, row: int, columns: range) -> Iterator[tuple[int, str]]:
        for column in columns:
            said = self.notes.get((sheet.name, row, column_letters(column)), [])
            said = said + (self.notes.get((sheet.name, row, ""), []) if column == columns.start else [])
            if said:
                yield column, "\n".join(said)[:2000]

    def _value(self, sheet: Sheet, row: int, column: int) -> Raw:
        """What stands in a cell, be it in a range merged over the lines or as a pointer to the line above:
        that one may not be here.
        """
        said = self.above.get((sheet.name, row, column))
        return said if said is not None else sheet.lined(row, column)[0]

    def _cell(self, page: Any, place: tuple[int, int], value: Raw, bad: bool) -> None:
        if isinstance(value, (int, float)) and not _is_finite(value):
            value = str(value)
        look = self.formats[_kind_of(value), bad]
        if isinstance(value, str):
            page.write_string(*place, value, look)
        elif value is not None or bad:
            page.write(*place, value, look)


def _is_finite(value: float) -> bool:
    """Whether a sheet can hold a number: what was written 1E999 is none."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _kind_of(value: Raw) -> str:
    if isinstance(value, str):
        return "text" if value.startswith(_FORMULA) else "plain"
    if isinstance(value, (time, timedelta)):
        return "time"
    if isinstance(value, date):
        return "datetime" if isinstance(value, datetime) and value.time() != time() else "date"
    whole = isinstance(value, (int, float)) and not isinstance(value, bool) and float(value).is_integer()
    return "whole" if whole else "plain"
