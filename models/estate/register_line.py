"""One line of a register's sheet: its cells read by their columns, and everything there is to tell of them."""

from collections.abc import Callable
from typing import Any

from app.language import gettext as _
from app.sheet_cells import NOTICE, PROBLEM, SEVERAL, Finding, flat, is_nothing
from app.sheet_reader import Cell
from app.sheet_tables import DataRow, Table
from models.estate.register_entries import Source
from models.estate.register_heads import COLUMNS

PARSERS = {column.field: column.parse for column in COLUMNS}
_NONE: tuple[Cell, ...] = ()
Tell = Callable[[Finding], None]


class Line:
    """A row of data; what is found is told once, at its cell."""

    def __init__(self, table: Table, data: DataRow, tell: Tell) -> None:
        self.table, self.data, self._tell = table, data, tell
        self.sheet, self.row = table.sheet, data.row
        self.source = Source(self.sheet, self.row, {name: cells[0].column for name, cells in data.cells.items()})
        self.fields = table.fields
        self.failed = False
        self._read: dict[str, Any] = {}

    def cell(self, name: str) -> Cell | None:
        """The first cell of a field that isn't empty."""
        cells = self.data.cells.get(name)
        return cells[0] if cells else None

    def texts(self, name: str) -> list[str]:
        """The texts of all cells of a field, as written."""
        return [text for cell in self.data.cells.get(name, ()) if not is_nothing(text := flat(cell))]

    def get(self, name: str) -> Any:
        """A field's value, None for nothing or a problem. Several columns of one field: lists add up, else the first with a value counts."""
        if name not in self._read:
            self._read[name] = self._value(name)
        return self._read[name]

    def _value(self, name: str) -> Any:
        found: Any = None
        for cell in self.data.cells.get(name, _NONE):
            parsed = PARSERS[name](cell)
            for message in parsed.problems:
                self.problem(message, cell)
            for message in parsed.notices:
                self.notice(message, cell)
            if isinstance(parsed.value, list):
                found = (found or []) + [one for one in parsed.value if one not in (found or [])]
            elif found is None:
                found = parsed.value
            elif parsed.value not in (None, found):
                self.notice(_("A second column for the same thing says otherwise and was left out."), cell)
        return found

    def several(self, name: str) -> list[str]:
        """The parts of a cell that holds several, parted by / 、 , ; or a line break."""
        if name not in self.data.cells:
            return []
        found: list[str] = []
        for cell in self.data.cells.get(name, ()):
            text = self._checked_text(name, cell)
            found.extend(part for one in SEVERAL.split(text) if not is_nothing(part := " ".join(one.split())))
        return found

    def _checked_text(self, name: str, cell: Cell) -> str:
        parsed = PARSERS[name](cell)
        if parsed.problems:
            self.problem(parsed.problems[0], cell)
            return ""
        return flat(cell)

    def problem(self, message: str, at: Cell | str | None = None) -> None:
        """Tell what must be put right before this line can come in."""
        self.failed = True
        self._add(message, at, PROBLEM)

    def notice(self, message: str, at: Cell | str | None = None) -> None:
        """Tell what comes in but should be looked at."""
        self._add(message, at, NOTICE)

    def _add(self, message: str, at: Cell | str | None, level: str) -> None:
        column = at.column if isinstance(at, Cell) else self.source.columns.get(at or "", "")
        self._tell(Finding(self.sheet, self.row, column, message, level))
