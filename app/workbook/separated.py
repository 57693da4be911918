"""Separated values as one sheet's rows, whatever program wrote them: GBK or Unicode, parted by commas,
semicolons or tabs. Read in the process of its own that reads workbooks.
"""

import csv
import io
import re
from typing import Any

from app.ground.apart_process import Unread

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SEPARATORS = ",;\t"
LOOKED_AT = 20  # lines by which it is told what parts the values
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]|\A\s*(?:<[!?a-z]|%PDF)", re.IGNORECASE)
_QUOTED = re.compile(r'="(.*)"', re.DOTALL)  # how programs keep a spreadsheet from reading 0012 as a number


class Bounds:
    """What is left of the bounds for all sheets."""

    def __init__(self, cells: int, filled: int, signs: int) -> None:
        self.cells, self.filled, self.signs = cells, filled, signs
        self.texts: dict[str, str] = {}

    def take(self, cells: int, filled: int) -> None:
        """Use some of it up. Raises Unread where it isn't there any more."""
        self.cells -= cells
        self.filled -= filled
        if self.cells < 0 or self.filled < 0:
            raise Unread("far")

    def text(self, text: str) -> str:
        """A text, the same one for the same signs: what recurs is passed on once."""
        if len(text) > self.signs:
            raise Unread("long")
        return self.texts.setdefault(text, text)


def separated(data: bytes, bounds: Bounds) -> tuple[Any, ...]:
    """A sheet as ``work`` gives it: its first row and column, its rows, no moments, nothing merged. Raises
    Unread.
    """
    text = _text(data)
    csv.field_size_limit(bounds.signs + 1)
    rows: list[list[Any]] = []
    try:
        for values in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)):
            filled = [_value(value, bounds) for value in values]
            bounds.take(len(filled), len(filled) - filled.count(None))
            rows.append(filled)
    except csv.Error:
        raise Unread("long") from None
    width = max(map(len, rows), default=0)
    bounds.take(width * len(rows), 0)
    while rows and not any(value is not None for value in rows[-1]):
        rows.pop()
    for row in rows:
        row += [None] * (width - len(row))
    return 0, 0, rows, [], []


def _text(data: bytes) -> str:
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _NO_TEXT.search(text) is None:
            return text
    raise Unread("other")


def _separator(text: str) -> str:
    """The sign that stands in most of the first lines, outside of quotes."""
    lines = re.sub(r'"[^"]*"', "", text[: LOOKED_AT * 500]).splitlines()[:LOOKED_AT]
    return max(SEPARATORS, key=lambda sign: (sum(sign in line for line in lines), text.count(sign)))


def _value(text: str, bounds: Bounds) -> str | None:
    quoted = _QUOTED.fullmatch(text)
    text = (quoted[1] if quoted else text).strip(" \t\ufeff")
    return bounds.text(text) if text else None
