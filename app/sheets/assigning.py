"""Which column of a form each head of a sheet is: known by the form's own words, said by a person, guessed,
or unknown. What is guessed or unknown is put to a person; nothing is decided in silence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.ground.language import gettext as _
from app.workbook.sheet_cells import NOTICE, Finding, flat, folded
from app.workbook.sheet_heads import Assigned, Head, Signature
from app.workbook.sheet_reader import Sheet, column_letters
from app.workbook.sheet_tables import Column, SheetTables, Table

COVER = " · i"  # how a workbook's first sheet is called, which says who made it and when
COVER = " · i"  # how a workbook's first sheet is called, which says who made it and when
KNOWN, SAID, GUESSED, UNKNOWN = "known", "said", "guessed", "unknown"
SAMPLES, CODES, LONG = 3, 24, 40  # values shown of a column, codes asked of a field, signs of each


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
    """A table of a sheet with the questions that it raises; ``read`` where it is read at all as yet."""

    sheet: str
    row: int
    signature: Signature
    heads: tuple[AskedHead, ...]
    codes: tuple[AskedCode, ...]
    read: bool

    @property
    def settled(self) -> bool:
        """Whether nothing of it has to be asked."""
        return all(head.how in (KNOWN, SAID) or not (head.column or head.open) for head in self.heads)


def own_heads(label: Any) -> tuple[str, ...]:
    """How a form's own words call a column: as it reads here, and as the declaration has it."""
    return tuple(dict.fromkeys(getattr(label, "ways", (str(label),))))


def asked(
    tables: Iterable[SheetTables],
    columns: Sequence[Column],
    legends: Mapping[str, Mapping[str, str]] | None = None,
) -> list[AskedTable]:
    """The tables of a book, each layout once, with what each head and code is taken for. ``legends``: codes
    that a note in the book explains, by column.
    """
    by_name = {column.field: column for column in columns}
    found: dict[Signature, AskedTable] = {}
    for sheet in tables:
        for table in sheet.tables:
            if table.head.signature not in found:
                found[table.head.signature] = _of_table(table, by_name, legends or {})
        if not sheet.tables and sheet.proposed is not None and sheet.proposed.signature not in found:
            found[sheet.proposed.signature] = _unread(sheet.sheet, sheet.proposed)
    return list(found.values())


def _of_table(
    table: Table, columns: Mapping[str, Column], legends: Mapping[str, Mapping[str, str]]
) -> AskedTable:
    head, rows = table.head, [row.row for row in table.rows]
    heads = tuple(
        AskedHead(
            column_letters(at),
            text,
            head.fields.get(at, ""),
            _how(head, at, columns),
            _samples(table.origin, rows, at),
        )
        for at, text in sorted(head.texts.items())
    )
    return AskedTable(
        table.sheet, head.rows[-1], head.signature, heads, tuple(_codes(table, columns, legends)), True
    )


def _how(head: Head, at: int, columns: Mapping[str, Column]) -> str:
    if head.assignment is not None:
        return SAID
    column = columns.get(head.fields.get(at, ""))
    if column is None:
        return UNKNOWN
    own = {folded(text) for text in own_heads(column.called)}
    return KNOWN if column.ignored or folded(head.texts[at]) in own else GUESSED


def _unread(sheet: Sheet, head: Head) -> AskedTable:
    rows = range(head.rows[-1] + 1, sheet.last_row + 1)
    heads = tuple(
        AskedHead(column_letters(at), text, "", UNKNOWN, _samples(sheet, rows, at))
        for at, text in sorted(head.texts.items())
    )
    return AskedTable(sheet.name, head.rows[-1], head.signature, heads, (), False)


def _samples(sheet: Sheet, rows: Iterable[int], at: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in rows:
        if text := flat(sheet.cell(row, at)):
            found[text[:LONG]] = None
            if len(found) == SAMPLES:
                break
    return tuple(found)


def _codes(
    table: Table, columns: Mapping[str, Column], legends: Mapping[str, Mapping[str, str]]
) -> Iterator[AskedCode]:
    said = table.head.assignment.meanings if table.head.assignment is not None else {}
    for at, name, _letters in table.places:
        column = columns[name]
        if not column.choices or column.known is None:
            continue
        texts = {flat(table.origin.cell(row.row, at))[:LONG] for row in table.rows} - {""}
        for text in sorted(texts)[:CODES]:
            if (word := said.get(name, {}).get(folded(text))) is not None:
                yield AskedCode(name, text, word, SAID)
            elif (word := legends.get(name, {}).get(text.upper())) is not None:
                yield AskedCode(name, text, word, GUESSED)
            elif not column.known(text):
                yield AskedCode(name, text, "", UNKNOWN)


def unknown_heads(tables: Iterable[AskedTable]) -> Iterator[Finding]:
    """What to say of each head that nobody knows and that has something below it."""
    for table in tables:
        for head in table.heads if table.read else ():
            if head.open:
                message = _(
                    "The column “%(head)s” is not known here and was not taken in.", head=head.text[:30]
                )
                yield Finding(table.sheet, table.row, head.letters, message, NOTICE)


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
