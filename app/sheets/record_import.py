"""Any form's sheet in, by the heads its own workbook has: a line with a number corrects its record, a line
without one makes a new record.

An empty cell erases nothing; boxes that steps fill in, tables inside the form and columns nobody knows stay
as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.act import look_up, saving
from app.act.entry import NO_SUCH, Entry, Pairs
from app.declare.fields import Field
from app.declare.person import Person
from app.declare.record import Record
from app.ground.database import db
from app.ground.language import gettext as _
from app.lists.columns import ENGINE
from app.people import access
from app.people.refusal import Refusal
from app.sheets.assigning import Way
from app.sheets.sheet_import import CHANGED, CREATED, UNCHANGED, Change, Outcome, sentence_of
from app.sheets.sheet_import import PROBLEM as BAD
from app.workbook.sheet_cells import NOTICE, PROBLEM, SEVERAL, Finding, parse_text
from app.workbook.sheet_reader import Workbook
from app.workbook.sheet_tables import Column, DataRow, find_tables

NUMBER = "number"


def bring_in(cls: type[Record], book: Workbook, person: Person, way: Way) -> Outcome:
    """Understand a workbook's sheets and save their lines, each as a person would; the caller commits, or
    undoes a dry run and what had problems.
    """
    outcome = Outcome()
    columns = columns_of(cls)
    sheets = [find_tables(sheet, columns, assigned=way.assigned) for sheet in book.sheets]
    outcome.understand(sheets, columns, way)
    for table_sheet in sheets:
        outcome.rows_total += table_sheet.rows_total
        outcome.not_data += table_sheet.not_data
        for row in [row for table in table_sheet.tables for row in table.rows]:
            outcome.changes.append(_Line(cls, person, row, outcome).save())
    if not any(outcome.changes):
        message = _("No table was found whose head names the boxes of %(title)s.", title=cls.title)
        outcome.problems.append(Finding("", 0, "", message, PROBLEM))
    outcome.written = outcome.may_be_written(way)
    return outcome


def columns_of(cls: type[Record]) -> list[Column]:
    """The heads of a form's boxes, in the reader's language and in the declarations'; those it works out
    itself are left alone.
    """
    typed = [box for box in saving.entered(cls, creating=True) if not box.is_lines]
    columns = [_column(box, key=box.name == cls.label) for box in typed]
    if cls.prefix:
        columns.append(Column(NUMBER, (), parse_text, key=True, label=ENGINE[NUMBER]))
    others = [field.label for field in cls.fields.values() if field not in typed] + [
        label for name, label in ENGINE.items() if name != NUMBER or not cls.prefix
    ]
    return [
        *columns,
        *(
            Column(f"left alone {at}", (), parse_text, ignored=True, label=label)
            for at, label in enumerate(others)
        ),
    ]


def _column(box: Field, *, key: bool) -> Column:
    return Column(
        box.name,
        (),
        parse_text,
        key=key,
        personal=box.personal,
        required=bool(box.required),
        label=box.label,
        choices=box.kind.choices(),
        known=box.kind.says,
        hint=_hint(box),
        width=box.kind.width,
    )


def _hint(box: Field) -> str:
    """How a box is filled in, where its choices don't say it."""
    if box.help:
        return str(box.help)
    if box.kind.refers:
        return _("As it stands in the list of %(form)s.", form=box.kind.target.title)
    example = box.kind.example
    return _("Such as %(example)s.", example=example) if example else ""


@dataclass
class _Line:
    """One line of the sheet, on its way to becoming a record."""

    cls: type[Record]
    person: Person
    row: DataRow
    outcome: Outcome
    details: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cells = self.row.cells
        self.columns = {name: cells[0].column for name, cells in self.cells.items()}
        self.given = {
            name: cells[0].value for name, cells in self.cells.items() if str(cells[0].value).strip()
        }
        self.label = str(self.given.get(NUMBER) or self.given.get(self.cls.label) or self.row.row)

    def save(self) -> Change:
        """What becomes of the line; nothing of one with a problem is kept."""
        inner = db.session.begin_nested()
        try:
            status = self._save()
            inner.commit()
        except _Problems:
            inner.rollback()
            db.session.expire_all()
            status = BAD
            self.outcome.left_out.add((self.row.table.sheet, self.row.row))
        return Change(
            self.label,
            status,
            f"{self.row.table.sheet} {self.row.row}",
            1,
            self.details if status in (CHANGED, CREATED) else [],
        )

    def _save(self) -> str:
        for first, *others in self.cells.values():
            for cell in others:
                if str(cell.value).strip() not in ("", str(first.value).strip()):
                    message = _("A second column for the same thing says otherwise. Keep one of them.")
                    raise self._problem_at(cell.column, message)
        record = self._record()
        try:
            if record is None:
                return self._make()
            return self._correct(record)
        except saving.Wrong as wrong:
            raise self._problem(wrong.field, wrong.message) from wrong
        except (Refusal, saving.Conflict) as fault:
            raise self._problem("", sentence_of(fault)) from fault

    def _record(self) -> Any:
        """The record a line names by its number, or by the label that only one may have; None for a new
        one.
        """
        name = NUMBER if self.cls.prefix else self.cls.label
        wanted = str(self.given.get(name, "")).strip()
        if not wanted:
            return None
        field = self.cls.fields.get(name)
        column: Any = getattr(self.cls, field.column if field is not None else name)
        said: Any = wanted
        if field is not None and field.is_reference:
            said = look_up.exactly(self.person, field.kind.target, wanted)
        asked = select(self.cls).where(access.rows(self.person, self.cls), column == said).limit(2)
        records = db.session.execute(asked).scalars().all()
        if not records and name == NUMBER:
            raise self._problem(
                NUMBER, _("There is no such record; leave the number empty to make a new one.")
            )
        return records[0] if len(records) == 1 else None

    def _make(self) -> str:
        boxes = [box for box in saving.entered(self.cls, creating=True) if not box.is_lines]
        start = Entry(self.person, boxes).with_defaults()
        typed = {**start.typed, **dict(self._typed(boxes, None))}
        entry = self._checked(Entry(self.person, boxes).read(Pairs(typed)))
        self._tell_left_alone(entry)
        self.label = str(saving.create(self.cls, entry, self.person, act="import"))
        return CREATED

    def _correct(self, record: Any) -> str:
        editable = saving.entered(self.cls, creating=False)
        boxes = [box for box in editable if not box.is_lines]
        typed = dict(self._typed(boxes, record))
        hanging = [box for box in boxes if box.name not in typed and typed.keys() & (box.shown_when or ())]
        stands = Entry(self.person, hanging).from_record(record).posted()
        boxes = [box for box in boxes if box.name in typed or box in hanging]
        entry = self._checked(Entry(self.person, boxes).read(Pairs({**stands, **typed}), record))
        self._tell_left_alone(entry)
        boxes = [box for box in boxes if getattr(record, box.column) != entry.values.get(box.name)]
        tables = [box for box in editable if box.is_lines and self._is_taken_away(box, entry, record)]
        if not boxes and not tables:
            return UNCHANGED
        for box in tables:
            entry.lines[box.name] = []
            self.details.append((str(box.label), _("%(n)s lines", n=len(getattr(record, box.name))), ""))
        for box in boxes:
            before, after = getattr(record, box.column), entry.values.get(box.name)
            self.details.append(
                (str(box.label), self._shown(box, before, record), self._shown(box, after, record))
            )
        entry.fields = [*boxes, *tables]
        return CHANGED if saving.edit(record, entry, self.person, record.version, act="import") else UNCHANGED

    @staticmethod
    def _is_taken_away(table: Field, entry: Entry, record: Any) -> bool:
        """Whether a record's lines go, for what the sheet says in other boxes leaves it no such table."""
        hangs = table.shown_when or {}
        return any(box.name in hangs for box in entry.fields) and not (
            entry.shows(table) or not getattr(record, table.name)
        )

    def _shown(self, field: Field, value: Any, record: Any) -> str:
        if value in (None, "", []):
            return ""
        if field.is_reference:
            target = db.session.get(field.kind.target, value)
            return str(target or value)
        return field.read(value)

    def _typed(self, boxes: list[Field], record: Any) -> Iterator[tuple[str, str]]:
        """Boxes as a person would type them; what the record shows already, masked or not, isn't typed
        again.
        """
        for box in boxes:
            if box.name not in self.given:
                continue
            text = box.kind.typed_cell(self.given[box.name])
            if record is not None and self._stands(box, text, record):
                continue
            yield box.name, self._named(box, text) if box.kind.refers == "many" else text

    def _named(self, field: Field, text: str) -> str:
        """Several records by their ids, as their boxes give them; a problem where the sheet names one that
        isn't there.
        """
        names = [name.strip() for name in SEVERAL.split(text) if name.strip()]
        keys = [look_up.exactly(self.person, field.kind.target, name) for name in names]
        if not all(keys):
            raise self._problem(field.name, f"{field.label}: {_(NO_SUCH.text)}")
        return "\n".join(map(str, keys))

    def _stands(self, field: Field, text: str, record: Any) -> bool:
        value = getattr(record, field.column)
        if value in (None, "", []):
            return not text
        if field.is_reference:
            return text == str(getattr(record, field.name))
        return text in (field.kind.typed(value), field.read(value), field.read(value, full=True))

    def _checked(self, entry: Entry) -> Entry:
        for name, message in entry.errors.items():
            problem = self._problem(name, f"{self.cls.fields[name].label}: {message}")
        if entry.errors:
            raise problem
        return entry

    def _tell_left_alone(self, entry: Entry) -> None:
        """What the sheet says in boxes that such a record hasn't is left alone, and told."""
        for box in entry.fields:
            if box.name in self.given and entry.typed[box.name] and not entry.shows(box):
                message = _(
                    "“%(value)s” was not taken in: this record has no “%(box)s”.",
                    value=str(self.given[box.name])[:30],
                    box=box.label,
                )
                place = self.row.table.sheet, self.row.row, self.columns[box.name]
                self.outcome.notices.append(Finding(*place, message, NOTICE))

    def _problem(self, name: str, message: str) -> "_Problems":
        return self._problem_at(self.columns.get(name) or next(iter(self.columns.values()), "A"), message)

    def _problem_at(self, column: str, message: str) -> "_Problems":
        self.outcome.problems.append(Finding(self.row.table.sheet, self.row.row, column, message, PROBLEM))
        return _Problems()


class _Problems(Exception):
    """The line can't be brought in; what is wrong was told."""
