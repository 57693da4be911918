"""Reads workbooks that people made by hand: every sheet as rows of raw cells with their exact places. Knows nothing of what they mean."""

import io
import os
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from app.language import gettext as _
from app.sheet_package import CELLS_MOST, COMPRESSED_MOST, UNPACKED_MOST, column_letters, safe_bytes
from app.sheet_refused import SheetRefused, broken, too_far

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

__all__ = ["Cell", "Raw", "Sheet", "SheetRefused", "Workbook", "open_workbook"]

Raw = str | int | float | bool | date | datetime | time | timedelta | None


class Cell(NamedTuple):
    """A cell: its sheet, its row from 1 and its column's letters as Excel shows them, and its value as the file holds it."""

    sheet: str
    row: int
    column: str
    value: Raw
    filled: bool = False  # the value stands in another cell of the same merged range

    @property
    def place(self) -> str:
        """Where it stands, as people say it: ``F12``."""
        return f"{self.column}{self.row}"


@dataclass
class Sheet:
    """A sheet; ``rows[0]`` is row ``first_row``, and its first value stands in column ``first_column`` (counted from 0)."""

    name: str
    hidden: bool
    rows: list[list[Raw]]
    first_row: int = 1
    first_column: int = 0
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # (row, column) inside a range → its first cell

    @property
    def last_row(self) -> int:
        """The number of the last row with anything in it; 0 for an empty sheet."""
        return self.first_row + len(self.rows) - 1 if self.rows else 0

    def value(self, row: int, column: int) -> Raw:
        """The value that stands in the very cell, row from 1, column from 0; None outside."""
        down, right = row - self.first_row, column - self.first_column
        if 0 <= down < len(self.rows) and 0 <= right < len(self.rows[down]):
            return self.rows[down][right]
        return None

    def filled(self, row: int, column: int) -> Raw:
        """The value one sees there: a merged range's value in each of its cells."""
        return self.value(*self.merged.get((row, column), (row, column)))

    def cell(self, row: int, column: int) -> Cell:
        """The cell for a line of data: a value merged downwards stands in each line, one merged sidewards only in its first column."""
        return Cell(self.name, row, column_letters(column), *self.lined(row, column))

    def lined(self, row: int, column: int) -> tuple[Raw, bool]:
        """The value of ``cell``, and whether it was filled down."""
        if self.merged:
            origin = self.merged.get((row, column))
            if origin is not None and origin[1] == column and origin[0] != row:
                return self.value(*origin), True
        return self.value(row, column), False

    def present(self, row: int) -> list[tuple[int, Raw]]:
        """The columns (from 0) and values of a row that aren't empty."""
        down = row - self.first_row
        if not 0 <= down < len(self.rows):
            return []
        first = self.first_column
        return [(first + at, value) for at, value in enumerate(self.rows[down]) if value is not None]


@dataclass(frozen=True)
class Workbook:
    """A workbook as it was opened: the name it came by and its sheets, hidden ones too."""

    filename: str
    sheets: tuple[Sheet, ...]


def open_workbook(
    source: str | os.PathLike[str] | bytes, filename: str = "", *, most: int = COMPRESSED_MOST, unpacked_most: int = UNPACKED_MOST
) -> Workbook:
    """Read a workbook from its path or bytes; limits in bytes. Raises SheetRefused with a sentence for the person; runs no macro."""
    data = safe_bytes(source, most, unpacked_most)
    from python_calamine import PasswordError  # the reader is loaded where a sheet comes in

    if not filename and not isinstance(source, bytes):
        filename = os.path.basename(source)
    try:
        return Workbook(filename, _sheets(data))
    except (KeyboardInterrupt, SystemExit, MemoryError, SheetRefused):
        raise
    except PasswordError as protected:
        raise SheetRefused(_("The file is protected by a password. Save it without one and try again.")) from protected
    except BaseException as fault:  # the reader is native: what it panics on comes as a BaseException
        raise broken() from fault


def _sheets(data: bytes) -> tuple[Sheet, ...]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    found: list[Sheet] = []
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet and about.name not in {sheet.name for sheet in found}:
                found.append(_sheet(book.get_sheet_by_name(about.name), about.visible != SheetVisibleEnum.Visible))
    if not found:
        raise broken()
    return tuple(found)


def _sheet(read: "CalamineSheet", hidden: bool) -> Sheet:
    start, end = read.start, read.end
    if start is None or end is None:
        return Sheet(read.name, hidden, [])
    if read.height * read.width > CELLS_MOST:
        raise too_far(read.height, read.width)
    rows: list[list[Raw]] = [[None if value == "" else value for value in row] for row in read.to_python()]
    sheet = Sheet(read.name, hidden, rows, start[0] + 1, start[1])
    sheet.merged = _merged(read.merged_cell_ranges or [], sheet, end)
    return sheet


def _merged(
    ranges: list[tuple[tuple[int, int], tuple[int, int]]], sheet: Sheet, end: tuple[int, int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Each cell of each merged range, as far as the sheet has values; what lies beyond can't hold a line of data."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in ranges:
        if top < sheet.first_row - 1 or left < sheet.first_column:
            continue
        bottom, right = min(bottom, end[0]), min(right, end[1])
        if (bottom - top + 1) * (right - left + 1) + len(found) > CELLS_MOST // 6:
            break
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                found[row + 1, column] = (top + 1, left)
    return found
