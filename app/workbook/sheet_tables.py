"""Finds the tables in a hand-made sheet and says of every row what it is; nothing is dropped without a word.

A head may stand anywhere, in one row or in two (a group's head merged above its columns), and again after a
page break. Whatever isn't data is named with its reason: so ``rows_total`` is always the data rows and the
rows named as not data.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from werkzeug.utils import cached_property

from app.ground.language import gettext as _
from app.workbook.sheet_cells import Parser, flat, folded
from app.workbook.sheet_heads import Assigned, Assignment, Head, HeadFinder, code_of
from app.workbook.sheet_reader import Cell, Raw, Sheet, column_letters

__all__ = [
    "Assigned",
    "Assignment",
    "Column",
    "DataRow",
    "Head",
    "NotData",
    "Note",
    "Reason",
    "SheetTables",
    "Table",
    "find_tables",
]

_TOTALS = re.compile(
    r"(本页|本栋|本表|全部|以上)?(合计|总计|小计|共计|累计|总合计)|totals?|grandtotal|sum|subtotal"
)
_TOTALS_OPENING = re.compile(
    r"(本页|本栋|本表|以上)?(合计|总计|小计|共计|总?(户|人|套)数|总面积|共\d+[户人套])"
)
_NOTE = re.compile(
    r"\s*+(注|备注|说明|附注|填表说明|填写说明|注意|注意事项|制表|制表人|审核|审核人|填表|填表人|填报人|经办|经办人|负责人|打印时间|打印日期|统计日期|截止日期|日期"
    r"|编制|编制人|复核|第\s*+\d++\s*+页[^:：]*+|note|notes|remarks?)\s*+\d*+\s*+[:：].*|\s*+(※|\*\s*+注).*",
    re.DOTALL | re.IGNORECASE,
)
_BRACKETED = re.compile(r"\s*[(（【\[].+[)）】\]]\s*")
_BLANKS = "\u3000\u200b\ufeff \t\r\n\xa0"
_LONG = 10  # signs: a single text of this length in a row is a sentence, not a value


class Reason(StrEnum):
    """Why a row isn't data."""

    BLANK = "blank"
    TITLE = "title"
    HEAD = "head"
    TOTALS = "totals"
    NOTE = "note"
    NO_HEAD = "no_head"


_EMPTY = (Reason.BLANK, "")  # a table side by side with others that has nothing in a row


@dataclass(frozen=True)
class Column:
    """A column one looks for: the field it fills, the heads it goes by, how its cells are read.

    ``key`` columns say what a line is about: a head without any of them is none. ``ignored`` ones aren't
    taken in (a running number). ``label`` is how the form itself calls it: a head that says just that needs
    no question, any other of ``synonyms`` is a guess. ``hint`` says how it is filled in; one that isn't
    ``in_blank`` is another way to tell the same, and stands in no empty sheet. ``choices`` are the words its
    cells may mean, with what they are called; ``known`` tells whether a text is understood as one.
    """

    field: str
    synonyms: tuple[str, ...]
    parse: Parser
    required: bool = False
    personal: bool = False
    key: bool = False
    ignored: bool = False
    label: Any = ""
    hint: Any = ""
    width: int = 14
    in_blank: bool = True
    choices: Mapping[str, Any] | None = None
    known: Callable[[str], bool] | None = None

    @property
    def called(self) -> Any:
        """What people call it."""
        return self.label or self.synonyms[0]

    @property
    def own_heads(self) -> tuple[str, ...]:
        """The heads that say just that: as it reads here, and as the declaration has it in each language."""
        return tuple(dict.fromkeys(getattr(self.called, "ways", (str(self.called),))))


@dataclass(frozen=True, slots=True)
class NotData:
    """A row that isn't data, and why, in words."""

    sheet: str
    row: int
    reason: Reason
    message: str
    text: str = ""  # what stands in the row, shortened; empty for blank rows


@dataclass(frozen=True, slots=True)
class Note:
    """A text below, above or beside a table."""

    sheet: str
    row: int
    column: str
    text: str
    beside: bool = False
    at: int = 0  # its column's number


@dataclass(frozen=True, slots=True)
class DataRow:
    """A row under a head."""

    row: int
    table: "Table"

    @property
    def cells(self) -> dict[str, list[Cell]]:
        """The cells of each field, in the order of their columns; empty cells are left out. Made anew: a big
        sheet isn't held twice.
        """
        table, row = self.table, self.row
        origin, sheet = table.origin, table.sheet
        values, first, merged = origin.rows[row - origin.first_row], origin.first_column, origin.merged
        cells: dict[str, list[Cell]] = {}
        for at, name, letters in table.places:
            value, filled = origin.lined(row, at) if merged else (values[at - first], False)
            if value is None:
                continue
            if name in table.meanings:
                value = table.meanings[name].get(code_of(flat(Cell(sheet, row, letters, value))), value)
            if name in cells:
                cells[name].append(Cell(sheet, row, letters, value, filled))
            else:
                cells[name] = [Cell(sheet, row, letters, value, filled)]
        return cells


@dataclass
class Table:
    """A head and the rows under it."""

    origin: Sheet
    head: Head
    rows: list[DataRow] = field(default_factory=list)
    lacking: tuple[str, ...] = ()  # required fields without a column
    places: tuple[tuple[int, str, str], ...] = ()  # of each known column: its number, field and letters
    begins: int = 0  # of tables side by side: the first column that is its own
    ends: int = 1 << 20  # and the first that isn't any more
    said_above: dict[tuple[int, int], Raw] = field(
        default_factory=dict
    )  # what 同上 stands for, by row and column

    @cached_property
    def meanings(self) -> Mapping[str, Mapping[str, str]]:
        """What a person said that cells of a field mean."""
        return self.head.assignment.meanings if self.head.assignment is not None else {}

    @cached_property
    def columns(self) -> dict[str, str]:
        """The letters of each field's first column."""
        return {name: letters for _at, name, letters in reversed(self.places)}

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self.origin.name

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that stand as columns."""
        return frozenset(self.head.fields.values())

    @property
    def unknown(self) -> list[tuple[str, str]]:
        """The columns nobody asked for: letters and head."""
        head = self.head
        return [(column_letters(at), head.texts[at]) for at in sorted(head.texts.keys() - head.fields.keys())]


@dataclass
class SheetTables:
    """Everything found in a sheet; ``rows_total`` counts from row 1 to the last row with anything in it."""

    sheet: Sheet
    tables: list[Table] = field(default_factory=list)
    not_data: list[NotData] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    rows_total: int = 0
    proposed: Head | None = None  # of a sheet without tables: the row that may be its head
    unkeyed: int = (
        0  # the first row of a sheet without tables that looks like a head and lacks what a line is about
    )


def find_tables(
    sheet: Sheet,
    columns: Sequence[Column],
    apart: Sequence[str] = (),
    assigned: Assigned | None = None,
) -> SheetTables:
    """The tables of a sheet.

    Under a group's head named in ``apart`` a column is known only by both together. ``assigned`` is what
    people said of layouts; it goes before what is guessed.
    """
    return _Search(sheet, columns, apart, assigned or {}).run()


class _Search:
    """One pass down a sheet."""

    def __init__(
        self,
        sheet: Sheet,
        columns: Sequence[Column],
        apart: Sequence[str],
        assigned: Assigned,
    ) -> None:
        self.sheet, self.columns = sheet, {column.field: column for column in columns}
        self.keys = frozenset(column.field for column in columns if column.key)
        self.ignored = frozenset(column.field for column in columns if column.ignored)
        self.heads = HeadFinder(
            sheet,
            {name: (*column.own_heads, *column.synonyms) for name, column in self.columns.items()},
            self.keys,
            apart,
            assigned,
        )
        self.found = SheetTables(sheet, rows_total=sheet.last_row)
        self.head: Head | None = None
        self.tables: list[Table] = []  # those that go on in the present row: one, or several side by side

    def run(self) -> SheetTables:
        """Read the sheet once, from row 1 down."""
        row = 1
        while row <= self.sheet.last_row:
            head = self.heads.at(row)
            if head is not None:
                self._start(head)
                row += len(head.rows)
                continue
            self._classify(row)
            row += 1
        if not self.found.tables:
            self.found.proposed = self.heads.proposed()
        return self.found

    def _start(self, head: Head) -> None:
        again = self.head is not None and head.same_as(self.head)
        for row in head.rows:
            self._name(row, Reason.HEAD, _("The head, repeated.") if again else _("The head."))
        if not again:
            self.head = head
            parts = [part.assigned(self.heads.assigned) for part in head.side_by_side(self.keys)]
            self.tables = [self._table(part) for part in parts if part.fields]
            for table, right in pairwise(self.tables):
                right.begins = table.ends = min(right.head.texts)
            self.found.tables += self.tables

    def _table(self, head: Head) -> Table:
        present = set(head.fields.values())
        lacking = tuple(
            name for name, column in self.columns.items() if column.required and name not in present
        )
        places = tuple((at, name, column_letters(at)) for at, name in sorted(head.fields.items()))
        return Table(self.sheet, head, lacking=lacking, places=places)

    def _classify(self, row: int) -> None:
        present = self.sheet.present(row)
        texts = [cell for cell in present if not isinstance(cell[1], str) or cell[1].strip(_BLANKS)]
        if not texts:
            self._name(row, Reason.BLANK, _("A blank row."))
        elif not self.tables:
            self._above(row, texts)
        else:
            self._under(row, texts)

    def _above(self, row: int, texts: list[tuple[int, Raw]]) -> None:
        first = texts[0][1]
        if not self.found.unkeyed and self.heads.looks_like_head(row):
            self.found.unkeyed = row
        if self.heads.any_below(row):
            self._name(row, Reason.TITLE, _("Stands above the head."))
        elif isinstance(first, str) and _NOTE.fullmatch(first):
            self._name(row, Reason.NOTE, _("A note."))
        else:
            self._name(row, Reason.NO_HEAD, _("No head of a table was found above it."))
        self._note(row, texts, False)

    def _under(self, row: int, texts: list[tuple[int, Raw]]) -> None:
        insides = [[(at, value) for at, value in texts if at in table.head.texts] for table in self.tables]
        told = [
            self._not_data(table, row, inside) if inside else _EMPTY
            for table, inside in zip(self.tables, insides, strict=True)
        ]
        if None not in told:
            self._name(
                row,
                *(
                    next((said for said in told if said is not _EMPTY), None)
                    or (Reason.NOTE, _("A note beside the table."))
                ),
            )
            self._note(row, texts, False)
            return
        self._note(
            row,
            [(at, value) for at, value in texts if not any(at in table.head.texts for table in self.tables)],
            True,
        )
        for table, said in zip(self.tables, told, strict=True):
            if said is None or (
                said is not _EMPTY and said[0] in (Reason.NOTE, Reason.TITLE)
            ):  # beside a line of data it can't be left out
                table.rows.append(DataRow(row, table))

    def _not_data(self, table: Table, row: int, inside: list[tuple[int, Raw]]) -> tuple[Reason, str] | None:
        if all(table.head.fields.get(at) in self.ignored for at, _value in inside) and not isinstance(
            inside[0][1], str
        ):
            return Reason.BLANK, _("Only a running number.")
        for place, (at, value) in enumerate(inside[:3]):
            if (
                isinstance(value, str)
                and (not place or table.head.fields.get(at) not in self.ignored)
                and self._is_total(value, not place)
            ):
                return Reason.TOTALS, _("A row of totals.")
        first = inside[0][1]
        if isinstance(first, str):
            if _NOTE.fullmatch(first):
                return Reason.NOTE, _("A note.")
            if len(inside) == 1 and self._is_sentence(table, row, inside[0][0], first):
                return Reason.NOTE, _("A note.")
            if len(inside) == 1 and self._heads_another(row):
                return Reason.TITLE, _("Stands above the head.")
        return None

    def _is_total(self, text: str, first: bool) -> bool:
        bare = folded(text) if len(text) < 40 else ""
        return _TOTALS.fullmatch(bare) is not None or (
            first and len(bare) <= 14 and _TOTALS_OPENING.match(bare) is not None
        )

    def _is_sentence(self, table: Table, row: int, at: int, text: str) -> bool:
        if _BRACKETED.fullmatch(text):
            return True
        name = table.head.fields.get(at)
        if name in self.keys:
            read = self.columns[name].parse(self.sheet.cell(row, at))
            if not read.problems:
                return False
        across = self.sheet.merged.get((row, at + 1)) == (row, at)
        return across or len(text.strip()) >= _LONG

    def _heads_another(self, row: int) -> bool:
        """Whether the next row with anything in it is a head."""
        below = next(
            (
                number
                for number in range(row + 1, min(row + 4, self.sheet.last_row + 1))
                if self.sheet.present(number)
            ),
            0,
        )
        return bool(below) and self.heads.at(below) is not None

    def _name(self, row: int, reason: Reason, message: str) -> None:
        text = (
            " ".join(str(value).strip() for _at, value in self.sheet.present(row)[:4] if value is not None)
            if reason is not Reason.BLANK
            else ""
        )
        self.found.not_data.append(NotData(self.sheet.name, row, reason, message, text[:60]))

    def _note(self, row: int, texts: list[tuple[int, Raw]], beside: bool) -> None:
        for at, value in texts:
            self.found.notes.append(
                Note(self.sheet.name, row, column_letters(at), str(value).strip(), beside, at)
            )
