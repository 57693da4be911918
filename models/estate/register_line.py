"""One line of a register's sheet: its cells read by their columns, and everything there is to tell of them."""

from collections.abc import Callable
from typing import Any

from app.language import gettext as _
from app.sheet_cells import NOTICE, PROBLEM, SEVERAL, Finding, Parsed, flat, is_nothing
from app.sheet_reader import Cell
from app.sheet_tables import DataRow, Table
from models.estate.register_entries import Source
from models.estate.register_heads import COLUMNS
from models.estate.register_place import Place, agreed

PARSERS = {column.field: column.parse for column in COLUMNS}
_REPEATED = frozenset(column.field for column in COLUMNS if not column.personal and not column.key)
Tell = Callable[[Finding], None]


class Line:
    """A row of data; what is found is told once, at its cell."""

    def __init__(self, table: Table, data: DataRow, tell: Tell, memo: dict[tuple[str, type, Any], Parsed] | None = None) -> None:
        self.table, self._tell = table, tell
        self.sheet, self.row = table.sheet, data.row
        self.cells = data.cells
        self.source = Source(self.sheet, self.row, table.columns)
        self.fields = table.fields
        self.failed = False
        self.taken: set[str] = set()  # fields that tell of a person here and not of the unit
        self._memo = {} if memo is None else memo
        self._read: dict[str, Any] = {}

    def cell(self, name: str) -> Cell | None:
        """The first cell of a field that isn't empty."""
        cells = self.cells.get(name)
        return cells[0] if cells else None

    def texts(self, name: str) -> list[str]:
        """The texts of all cells of a field, as written."""
        return [text for cell in self.cells.get(name, ()) if not is_nothing(text := flat(cell))]

    def get(self, name: str) -> Any:
        """A field's value, None for nothing or a problem. Several columns of one field: lists add up, else the first value counts."""
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
        if name not in _REPEATED:
            return PARSERS[name](cell)
        key = (name, type(cell.value), cell.value)
        if key not in self._memo:
            self._memo[key] = PARSERS[name](cell)
        return self._memo[key]

    def several(self, name: str) -> list[str]:
        """The parts of a cell that holds several, parted by / 、 , ; or a line break."""
        if name not in self.cells:
            return []
        found: list[str] = []
        for cell in self.cells.get(name, ()):
            text = self._checked_text(name, cell)
            parts = SEVERAL.split(text) if SEVERAL.search(text) else [text]
            found.extend(part for one in parts if not is_nothing(part := " ".join(one.split())))
        return found

    def _checked_text(self, name: str, cell: Cell) -> str:
        text = flat(cell)
        if text[:1] == "#" and (problems := PARSERS[name](cell).problems):
            self.problem(problems[0], cell)
            return ""
        return text

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
