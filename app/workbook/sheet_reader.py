"""Reads workbooks that people made by hand: every sheet as rows of raw cells with their exact places. Knows
nothing of what they mean.
"""

import os
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from app.ground import apart
from app.ground.language import gettext as _
from app.workbook.sheet_refused import SheetRefused, unread

COMPRESSED_MOST = 20_000_000  # bytes of the file as it came
UNPACKED_MOST = 200_000_000  # bytes of all the parts of a zip
CELLS_MOST = 6_000_000  # rows × columns of all sheets: whole rectangles are held
FILLED_MOST = 1_000_000  # cells with something in them, and the columns of merged ranges
SEPARATED = (".csv", ".tsv", ".txt")  # how files of separated values are called
SIGNS_MOST = 32_767  # of one cell, as in Excel

Raw = str | int | float | bool | date | datetime | time | timedelta | None
Place = tuple[int, int]
_MOMENTS: dict[str, Callable[[Any], Raw]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


@lru_cache(maxsize=512)
def column_letters(number: int) -> str:
    """The letters of a column counted from 0."""
    letters, number = "", number + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Cell(NamedTuple):
    """A cell: its sheet, its row from 1 and its column's letters as Excel shows them, and its value as the
    file holds it.
    """

    sheet: str
    row: int
    column: str
    value: Raw
    filled: bool = False  # the value stands in another cell of the same merged range

    @property
    def place(self) -> str:
        """Where it stands, as people say it: ``F12``."""
        return f"{self.column}{self.row}"


class Merged:
    """Merged ranges, asked by the cell: a long one takes no more room than a short one."""

    def __init__(self, ranges: Iterable[tuple[int, int, int, int]] = ()) -> None:
        """Each range by its first row and column and its last ones."""
        self._tops: dict[int, list[int]] = {}
        self._ends: dict[int, list[tuple[int, Place]]] = {}
        for top, left, bottom, right in sorted(ranges):
            for column in range(left, right + 1):
                self._tops.setdefault(column, []).append(top)
                self._ends.setdefault(column, []).append((bottom, (top, left)))

    def get(self, place: Place, default: Any = None) -> Any:
        """The first cell of the range in which a cell stands."""
        row, column = place
        at = bisect_right(self._tops.get(column, ()), row)
        if not at:
            return default
        bottom, origin = self._ends[column][at - 1]
        return origin if row <= bottom else default

    def __len__(self) -> int:
        """Whether there are any."""
        return len(self._tops)


@dataclass
class Sheet:
    """A sheet; ``rows[0]`` is row ``first_row``, and its first value stands in column ``first_column``
    (counted from 0).
    """

    name: str
    hidden: bool
    rows: list[list[Raw]]
    first_row: int = 1
    first_column: int = 0
    merged: Merged | dict[Place, Place] = field(
        default_factory=Merged
    )  # (row, column) inside a range → its first cell

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
        """The cell for a line of data: a value merged downwards stands in each line, one merged sidewards
        only in its first column.
        """
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
    source: str | os.PathLike[str] | bytes | Workbook, filename: str = "", *, most: int = COMPRESSED_MOST
) -> Workbook:
    """Read a workbook from its path or bytes, at most so many; one that was read before is itself. It is read
    apart, so do it outside of a transaction that writes. Raises SheetRefused with a sentence for the person;
    runs no macro.
    """
    if isinstance(source, Workbook):
        return source
    data = fetched(source, most)
    if not filename and not isinstance(source, bytes):
        filename = os.path.basename(source)
    bounds = {"unpacked": UNPACKED_MOST, "cells": CELLS_MOST, "filled": FILLED_MOST, "signs": SIGNS_MOST}
    text = filename.lower().endswith(SEPARATED)
    try:
        book = apart.read("app.workbook.sheet_apart", data, text=text, **bounds)
    except apart.Refused as refused:
        raise unread(refused.why) from None
    return Workbook(filename, tuple(_sheet(*sheet) for sheet in book))


def fetched(source: str | os.PathLike[str] | bytes, most: int = COMPRESSED_MOST) -> bytes:
    """The bytes of a file, unless it is larger than may be; then nothing of it is read. Raises
    SheetRefused.
    """
    if isinstance(source, bytes):
        size = len(source)
    else:
        try:
            size = os.stat(source).st_size
        except (OSError, ValueError) as missing:
            raise SheetRefused(_("The file can't be opened.")) from missing
    if size > most:
        raise SheetRefused(
            _(
                "The file is too large (%(size)s MB; at most %(most)s MB).",
                size=-(-size // 10**6),
                most=most // 10**6,
            )
        )
    if not size:
        raise SheetRefused(_("The file is empty."))
    if isinstance(source, bytes):
        return source
    try:
        with open(source, "rb") as opened:
            return opened.read(most + 1)
    except OSError as unreadable:
        raise SheetRefused(_("The file can't be opened.")) from unreadable


def _sheet(
    name: str,
    hidden: bool,
    top: int,
    left: int,
    rows: list[list[Raw]],
    moments: Iterable[tuple[int, int, str, Any]],
    merged: Iterable[tuple[int, int, int, int]],
) -> Sheet:
    """A sheet as it came from its reader, where rows and columns are counted from 0 and moments are told as
    texts.
    """
    for row, column, kind, value in moments:
        rows[row][column] = _MOMENTS[kind](value)
    ranges = Merged((first + 1, start, last + 1, end) for first, start, last, end in merged)
    return Sheet(name, hidden, rows, top + 1, left, ranges)
