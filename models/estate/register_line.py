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
from models.estate.register_columns import READERS, RECURRING
from models.estate.register_entries import Source
from models.estate.register_place import Place, agreed
from models.estate.register_words import ABOVE, ELSEWHERE, PENDING

_SHORT = 6
_BEGIN = frozenset(word[0] for word in ABOVE | ELSEWHERE)
NAMES = frozenset({"name", "owner_name", "tenant_name", "family_name"})
_SEVERAL = re.compile(r"[/／、,，;；|｜\n]+")
Tell = Callable[[Finding], None]
Legends = Mapping[str, Mapping[str, str]]  # by field: what its codes mean
Memo = dict[tuple[str, type, Any], Parsed]


class Line:
    """A row of data; what is found is told once, at its cell."""

    def __init__(
        self, table: Table, data: DataRow, tell: Tell, memo: Memo, legends: Legends, whose: Mapping[str, str]
    ) -> None:
        self.table, self._tell, self.legends, self.whose = table, tell, legends, whose
        self.sheet, self.row, self.cells = table.sheet, data.row, data.cells
        self.source = Source(self.sheet, self.row, table.columns)
        self.fields = table.fields
        self.failed = False
        self.taken: set[str] = set()  # fields that tell of a person here and not of the unit
        self._memo = memo
        self._read: dict[str, Any] = {}
        for name, cells in self.cells.items():
            for place, cell in enumerate(cells):
                word = cell.value.strip() if type(cell.value) is str else ""
                if word[:1].lower() in _BEGIN and len(word) < _SHORT:
                    self._points_elsewhere(name, place, cell, re.sub(r"\s", "", word).lower())

    def _points_elsewhere(self, name: str, place: int, cell: Cell, word: str) -> None:
        """A cell that only says 同上 is the cell above it, in the line right above."""
        if word not in ABOVE and word not in ELSEWHERE:
            return
        above = self._above(name, cell) if word in ABOVE else None
        self.cells[name][place] = cell._replace(value=above, filled=cell.filled or name == "unit")
        if above is None:
            message = _("“%(word)s” points to a cell that doesn't say one thing. Write it out.", word=word)
            self.problem(message, cell)

    def _above(self, name: str, cell: Cell) -> Any:
        rows, origin = self.table.rows, self.table.origin
        at = next(at for at, _field, letters in self.table.places if letters == cell.column)
        place = bisect_left(rows, self.row, key=lambda row: row.row)
        if place == 0 or rows[place - 1].row != self.row - 1:
            return None
        if name in NAMES and self._is_one_of_several(self.row - 1):
            return None
        said = self.table.said_above.get((self.row - 1, at), origin.lined(self.row - 1, at)[0])
        self.table.said_above[self.row, at] = said
        return said

    def _is_one_of_several(self, row: int) -> bool:
        """Whether a line goes on with the unit of the one above it, so that it doesn't name all its
        people.
        """
        units = [at for at, field, _letters in self.table.places if field == "unit"]
        told = [self.table.origin.lined(row, at) for at in units]
        return any(value is None or filled for value, filled in told)

    def columns(self, name: str) -> list[str]:
        """The letters of all columns of a field."""
        return [letters for _at, field, letters in self.table.places if field == name]

    def cell(self, *names: str) -> Cell | None:
        """The first cell of some fields that isn't empty."""
        return next((self.cells[name][0] for name in names if name in self.cells), None)

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
        whole: Any = None
        for cell in self.cells.get(name, ()):
            value = self.read(name, cell)
            if whole is None:
                whole = value
            elif isinstance(value, list):
                whole = whole + [part for part in value if part not in whole]
            elif isinstance(whole, Place) and isinstance(value, Place):
                whole, both = agreed(whole, value), whole
                if whole is None:
                    self.problem(_("Two columns tell of two units in this line. Keep the right one."), cell)
                    whole = both
            elif value not in (None, whole):
                self.notice(_("A second column for the same thing says otherwise and was left out."), cell)
        return whole

    def read(self, name: str, cell: Cell) -> Any:
        """What one cell of a field says; what is wrong with it is told."""
        value, problems, notices = self._parsed(name, cell)
        for message in problems:
            self.problem(message, cell)
        for message in notices:
            self.notice(message, cell)
        return value

    def _parsed(self, name: str, cell: Cell) -> Parsed:
        """The same area, rate or day stands in line after line: it is read once."""
        legend = self.legends.get(name)
        if legend and (meaning := legend.get(flat(cell).upper())) is not None:
            return Parsed(meaning)
        if name not in RECURRING:
            return READERS[name](cell)
        key = (name, type(cell.value), cell.value)
        if key not in self._memo:
            self._memo[key] = READERS[name](cell)
        return self._memo[key]

    def several(self, name: str) -> list[str]:
        """The parts of a cell that holds several, parted by / 、 , ; or a line break."""
        return [part for cell in self.cells.get(name, ()) for part in self.parts(name, cell)]

    def parts(self, name: str, cell: Cell) -> list[str]:
        """The parts of one cell; names as they are written, the rest in half-width signs."""
        text = self._checked_text(name, cell)
        return [part for piece in _SEVERAL.split(text) if not is_nothing(part := " ".join(piece.split()))]

    def turns(self, name: str) -> list[bool]:
        """Which parts of a cell that holds several say something: ``无/13900000002`` is the second
        person's.
        """
        cells = self.cells.get(name, ())
        texts = _SEVERAL.split(str(cells[0].value)) if len(cells) == 1 else []
        return [not is_nothing(text.strip()) and text.strip() not in PENDING for text in texts]

    def _checked_text(self, name: str, cell: Cell) -> str:
        text = flat(cell)
        if text[:1] == "#" and (problems := READERS[name](cell).problems):
            self.problem(problems[0], cell)
            return ""
        named = name in NAMES and isinstance(cell.value, str)
        return clean(str(cell.value)).replace("\u200b", "") if named else text

    def problem(self, message: str, at: Cell | str | None = None) -> None:
        """Tell what must be put right before this line can come in."""
        self.failed = True
        self._add(message, at, PROBLEM)

    def notice(self, message: str, at: Cell | str | None = None) -> None:
        """Tell what comes in but should be looked at."""
        self._add(message, at, NOTICE)

    def _add(self, message: str, at: Cell | str | None, level: str) -> None:
        column = at.column if isinstance(at, Cell) else ""
        if isinstance(at, str):
            cells = self.cells.get(at)
            column = cells[0].column if cells else self.source.column(at)
        self._tell(Finding(self.sheet, self.row, column, message, level))
