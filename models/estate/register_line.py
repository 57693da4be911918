"""One line of a register's sheet: its cells read by their columns, and everything there is to tell of
them.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Any

from app.ground.language import gettext as _
from app.ground.text import clean
from app.workbook.sheet_cells import NOTICE, PROBLEM, Finding, Parsed, flat, is_nothing
from app.workbook.sheet_reader import Cell
from app.workbook.sheet_tables import DataRow, Table
from models.estate.register_entries import Source
from models.estate.register_heads import COLUMNS, PENDING
from models.estate.register_place import Place, agreed

PARSERS = {column.field: column.parse for column in COLUMNS}
_REPEATED = frozenset(column.field for column in COLUMNS if not column.personal and not column.key)
_SHORT = 6
NAMES = frozenset({"name", "owner_name", "tenant_name", "family_name"})
_SEVERAL = re.compile(r"[/／、,，;；|｜\n]+")
_DITTO = frozenset(
    {"同上", "同前", "上同", "同 上", "〃", "″", "“", "”", '"', '""', "''", "′′", "＂", "ditto", "do."}
)
_ELSEWHERE = frozenset({"同左", "同右", "同下", "见下", "见左", "见右"})
Tell = Callable[[Finding], None]
Legends = Mapping[str, Mapping[str, str]]  # by field: what its codes mean


class Line:
    """A row of data; what is found is told once, at its cell."""

    def __init__(
        self,
        table: Table,
        data: DataRow,
        tell: Tell,
        memo: dict[tuple[str, type, Any], Parsed] | None = None,
        legends: Legends | None = None,
    ) -> None:
        self.table, self._tell, self.legends = table, tell, legends or {}
        self.sheet, self.row = table.sheet, data.row
        self.cells = data.cells
        self.source = Source(self.sheet, self.row, table.columns)
        self.fields = table.fields
        self.failed = False
        self.taken: set[str] = set()  # fields that tell of a person here and not of the unit
        self._memo = {} if memo is None else memo
        self._read: dict[str, Any] = {}
        for name, cells in self.cells.items():
            for place, cell in enumerate(cells):
                if isinstance(cell.value, str) and (word := cell.value.strip()) and len(word) < _SHORT:
                    self._points_elsewhere(name, place, cell, word)

    def _points_elsewhere(self, name: str, place: int, cell: Cell, word: str) -> None:
        """A cell that only says 同上 is the cell above it, in the line right above."""
        if word in _DITTO or word.lower() in _DITTO:
            above = self._above(name, cell)
            self.cells[name][place] = cell._replace(value=above, filled=cell.filled or name == "unit")
            if above is None:
                self.problem(
                    _("“%(word)s” points to a cell that doesn't say one thing. Write it out.", word=word),
                    cell,
                )
        elif word in _ELSEWHERE:
            self.problem(
                _("“%(word)s” points to a cell that doesn't say one thing. Write it out.", word=word), cell
            )

    def _above(self, name: str, cell: Cell) -> Any:
        rows, at = (
            self.table.rows,
            next(at for at, _field, letters in self.table.places if letters == cell.column),
        )
        place = bisect_left(rows, self.row, key=lambda row: row.row)
        if place == 0 or rows[place - 1].row != self.row - 1:
            return None
        if name in NAMES and self._is_one_of_several(self.row - 1):
            return None
        found = self.table.said_above.get((self.row - 1, at), self.table.origin.lined(self.row - 1, at)[0])
        self.table.said_above[self.row, at] = found
        return found

    def _is_one_of_several(self, row: int) -> bool:
        """Whether a line goes on with the unit of the one above it, so that it doesn't name all its
        people.
        """
        units = [at for at, field, _letters in self.table.places if field == "unit"]
        return any(
            self.table.origin.lined(row, at) == (None, False) or self.table.origin.lined(row, at)[1]
            for at in units
        )

    def columns(self, name: str) -> list[str]:
        """The letters of all columns of a field."""
        return [letters for _at, field, letters in self.table.places if field == name]

    def head(self, name: str) -> str:
        """The head of a field's first column."""
        return next(
            (self.table.head.texts[at] for at, field, _letters in self.table.places if field == name), ""
        )

    def cell(self, name: str) -> Cell | None:
        """The first cell of a field that isn't empty."""
        cells = self.cells.get(name)
        return cells[0] if cells else None

    def texts(self, name: str) -> list[str]:
        """The texts of all cells of a field, as written."""
        return [text for cell in self.cells.get(name, ()) if not is_nothing(text := flat(cell))]

    def get(self, name: str) -> Any:
        """A field's value, None for nothing or a problem. Several columns of one field: lists add up, else
        the first value counts.
        """
        if name not in self._read:
            self._read[name] = self._value(name)
        return self._read[name]

    def _value(self, name: str) -> Any:
        cells = self.cells.get(name)
        if cells is None:
            return None
        found: Any = None
        for cell in cells:
            value, problems, notices = self._parsed(name, cell)
            for message in problems:
                self.problem(message, cell)
            for message in notices:
                self.notice(message, cell)
            if found is None:
                found = value
            elif isinstance(value, list):
                found = found + [one for one in value if one not in found]
            elif isinstance(found, Place) and isinstance(value, Place):
                found = self._one_unit(found, value, cell)
            elif value not in (None, found):
                self.notice(_("A second column for the same thing says otherwise and was left out."), cell)
        return found

    def _one_unit(self, one: Place, other: Place, cell: Cell) -> Place | None:
        found = agreed(one, other)
        if found is None:
            self.problem(_("Two columns tell of two units in this line. Keep the right one."), cell)
        return found

    def _parsed(self, name: str, cell: Cell) -> Parsed:
        """The same area, rate or day stands in line after line: it is read once."""
        if name in self.legends and (meaning := self.legends[name].get(flat(cell).upper())) is not None:
            return Parsed(meaning)
        if name not in _REPEATED:
            return PARSERS[name](cell)
        key = (name, type(cell.value), cell.value)
        if key not in self._memo:
            self._memo[key] = PARSERS[name](cell)
        return self._memo[key]

    def several(self, name: str) -> list[str]:
        """The parts of a cell that holds several, parted by / 、 , ; or a line break."""
        return [part for cell in self.cells.get(name, ()) for part in self.parts(name, cell)]

    def parts(self, name: str, cell: Cell) -> list[str]:
        """The parts of one cell; names as they are written, the rest in half-width signs."""
        text = self._checked_text(name, cell)
        return [part for one in _SEVERAL.split(text) if not is_nothing(part := " ".join(one.split()))]

    def turns(self, name: str) -> list[bool]:
        """Which parts of a cell that holds several say something: ``无/13900000002`` is the second
        person's.
        """
        cells = self.cells.get(name, ())
        texts = _SEVERAL.split(str(cells[0].value)) if len(cells) == 1 else []
        return [not is_nothing(text.strip()) and text.strip() not in PENDING for text in texts]

    def _checked_text(self, name: str, cell: Cell) -> str:
        text = flat(cell)
        if text[:1] == "#" and (problems := PARSERS[name](cell).problems):
            self.problem(problems[0], cell)
            return ""
        return (
            clean(cell.value).replace("\u200b", "") if name in NAMES and isinstance(cell.value, str) else text
        )

    def problem(self, message: str, at: Cell | str | None = None) -> None:
        """Tell what must be put right before this line can come in."""
        self.failed = True
        self._add(message, at, PROBLEM)

    def notice(self, message: str, at: Cell | str | None = None) -> None:
        """Tell what comes in but should be looked at."""
        self._add(message, at, NOTICE)

    def _add(self, message: str, at: Cell | str | None, level: str) -> None:
        if isinstance(at, str):
            cells = self.cells.get(at)
            column = cells[0].column if cells else self.source.columns.get(at, "")
        else:
            column = at.column if at is not None else ""
        self._tell(Finding(self.sheet, self.row, column, message, level))
