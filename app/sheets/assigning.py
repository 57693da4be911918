"""Which column of a form each head of a sheet is: known by the form's own words, said by a person, guessed,
or unknown. What is guessed or unknown is put to a person; nothing is decided in silence.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.ground.language import gettext as _
from app.workbook.sheet_cells import NOTICE, PROBLEM, Finding, flat, folded
from app.workbook.sheet_heads import LONG, UNSAID, Assigned, Head, code_of
from app.workbook.sheet_reader import Sheet, column_letters
from app.workbook.sheet_tables import Column, SheetTables, Table
from app.workbook.sheet_writer import COVER

KNOWN, SAID, GUESSED, UNKNOWN, LEFT = "known", "said", "guessed", "unknown", "left"
SAMPLES, CODES = 3, 24  # values shown of a column, codes asked of a field
MOST, TABLES = 200, 20  # heads of a table, and tables of a book, that a person is asked about

_LONG_NUMBER = re.compile(r"(\d{3})\d{5,}([\dXx]{2})")  # somebody's own: a telephone, an ID number


@dataclass(frozen=True)
class Way:
    """How a sheet is to be brought in: only looked at; with its good lines alone; what people said of its
    layouts; and whether what was guessed of them is to be agreed to first.
    """

    dry_run: bool = True
    good_only: bool = False
    assigned: Assigned = field(default_factory=dict)
    agreed_only: bool = False


@dataclass(frozen=True)
class AskedHead:
    """A head of a sheet, the column it is taken for ("" for none), and how one knows."""

    letters: str
    text: str
    column: str
    how: str
    samples: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether something would be lost as long as nobody says what it is."""
        return self.how == UNKNOWN and bool(self.samples)


@dataclass(frozen=True)
class AskedCode:
    """What stands in cells of a choice and isn't one of its words, and what it is taken for."""

    column: str
    text: str
    word: str
    how: str


@dataclass(frozen=True)
class AskedTable:
    """A table of a sheet with the questions that it raises; one that isn't ``read`` yet is read as soon as
    somebody has said what its heads are.
    """

    sheet: str
    row: int
    layout: str
    heads: tuple[AskedHead, ...]
    codes: tuple[AskedCode, ...]
    read: bool
    by: str = ""  # who said so, of a layout that is remembered
    too_wide: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing of it has to be asked."""
        return not self.too_wide and all(
            head.how in (KNOWN, SAID) or not (head.column or head.open) for head in self.heads
        )


def asked(
    tables: Iterable[SheetTables],
    columns: Sequence[Column],
    legends: Mapping[str, Mapping[str, str]] | None = None,
) -> list[AskedTable]:
    """The tables of a book, each layout once, with what each head and code is taken for. ``legends``: codes
    that a note in the book explains, by column. Of sheets in which no head is known, only the first of a book
    without any table is asked for; the others are left out unless somebody chooses.
    """
    tables, by_name = list(tables), {column.field: column for column in columns}
    asked_tables: dict[str, AskedTable] = {}
    wanted = not any(sheet.tables for sheet in tables)
    for sheet in tables:
        for table in sheet.tables:
            if table.head.layout not in asked_tables:
                asked_tables[table.head.layout] = _of_table(table, by_name, legends or {})
        head = None if sheet.tables or sheet.sheet.name.endswith(COVER) else sheet.proposed
        if head is not None and head.layout not in asked_tables:
            rows = range(head.rows[-1] + 1, sheet.sheet.last_row + 1)
            unread = _asked_of(sheet.sheet, head, rows, by_name, (), False)
            if not wanted and head.assignment is None:
                heads = tuple(replace(of, column="", how=LEFT) for of in unread.heads)
                unread = replace(unread, heads=heads)
            asked_tables[head.layout], wanted = unread, False
    return list(asked_tables.values())[:TABLES]


def _of_table(
    table: Table, columns: Mapping[str, Column], legends: Mapping[str, Mapping[str, str]]
) -> AskedTable:
    rows, codes = [row.row for row in table.rows], tuple(_codes(table, columns, legends))
    return _asked_of(table.origin, table.head, rows, columns, codes, True)


def _asked_of(
    sheet: Sheet,
    head: Head,
    rows: Iterable[int],
    columns: Mapping[str, Column],
    codes: tuple[AskedCode, ...],
    read: bool,
) -> AskedTable:
    heads, order = [], sorted(head.texts.items())
    for place, (at, text) in enumerate(order[:MOST]):
        how, samples = _how(head, place, at, columns), _samples(sheet, rows, at)
        column = head.fields.get(at, "")
        if how == UNKNOWN and head.assignment is None:
            column = _alike(text, set(columns) - set(head.fields.values()), columns)
        heads.append(AskedHead(column_letters(at), text, column, how, samples))
    by = head.assignment.by if head.assignment is not None else ""
    return AskedTable(
        sheet.name, head.rows[-1], head.layout, tuple(heads), codes, read, by, len(order) > MOST
    )


def _alike(text: str, free: Iterable[str], columns: Mapping[str, Column]) -> str:
    """The only column left whose name is part of a head that nobody knows, or the other way round."""
    head, alike = folded(text), []
    for name in free:
        own = [folded(head) for head in columns[name].own_heads]
        if not columns[name].ignored and any(
            name and head and (name in head or head in name) for name in own
        ):
            alike.append(name)
    return alike[0] if len(alike) == 1 else ""


def _how(head: Head, place: int, at: int, columns: Mapping[str, Column]) -> str:
    if head.assignment is not None:
        said = head.assignment.fields[place : place + 1]
        return SAID if said and said[0] != UNSAID else UNKNOWN
    column = columns.get(head.fields.get(at, ""))
    if column is None:
        return UNKNOWN
    own = {folded(text) for text in column.own_heads}
    return KNOWN if column.ignored or folded(head.texts[at]) in own else GUESSED


def _samples(sheet: Sheet, rows: Iterable[int], at: int) -> tuple[str, ...]:
    samples: dict[str, None] = {}
    for row in rows:
        if text := flat(sheet.cell(row, at)):
            samples[_LONG_NUMBER.sub(r"\1****\2", text)[:LONG]] = None
            if len(samples) == SAMPLES:
                break
    return tuple(samples)


def _codes(
    table: Table, columns: Mapping[str, Column], legends: Mapping[str, Mapping[str, str]]
) -> Iterator[AskedCode]:
    for at, name, _letters in table.places:
        column = columns[name]
        if not column.choices or column.known is None:
            continue
        texts = {flat(table.origin.cell(row.row, at))[:LONG] for row in table.rows} - {""}
        for text in sorted(texts)[:CODES]:
            if (word := table.meanings.get(name, {}).get(code_of(text))) is not None:
                yield AskedCode(name, text, word, SAID)
            elif (word := legends.get(name, {}).get(text.upper())) is not None:
                yield AskedCode(name, text, word, GUESSED)
            elif not column.known(text):
                yield AskedCode(name, text, "", UNKNOWN)


def unknown_heads(tables: Iterable[AskedTable]) -> Iterator[Finding]:
    """A problem for each head that nobody knows and that has something below it."""
    for table in tables:
        if table.too_wide:
            message = _(
                "The table has more than %(most)s columns. Delete those that aren't needed.", most=MOST
            )
            yield Finding(table.sheet, table.row, "", message, PROBLEM)
        for head in table.heads if table.read else ():
            if head.open:
                message = _(
                    "The column “%(head)s” is not known here. Say on the import page which column it is, or"
                    " that it is left out; that is remembered for sheets of this layout.",
                    head=head.text[:30],
                )
                yield Finding(table.sheet, table.row, head.letters, message, PROBLEM)


def guesses(tables: Iterable[AskedTable], columns: Sequence[Column]) -> Iterator[Finding]:
    """A notice for each table that says what was guessed of its heads."""
    labels = {column.field: column.called for column in columns}
    for table in tables:
        taken = [f"{head.text[:20]} → {labels[head.column]}" for head in table.heads if head.how == GUESSED]
        if taken:
            message = _("Taken by their names: %(columns)s.", columns="；".join(taken))
            yield Finding(table.sheet, table.row, "", message, NOTICE)


def unread_sheets(tables: Iterable[SheetTables]) -> Iterator[Finding]:
    """A notice for each sheet that holds something and in which no table was found; the cover of a workbook
    of ours is none.
    """
    for sheet in tables:
        rows = sum(bool(line.text) for line in sheet.not_data)
        if rows and not sheet.tables and not sheet.sheet.name.endswith(COVER):
            message = _("No table was found in this sheet; its %(count)s rows were not read.", count=rows)
            yield Finding(sheet.sheet.name, 0, "", message, NOTICE)
