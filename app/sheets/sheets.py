"""Sheets out: any list as a workbook, typed, masked by who asks, read in one streaming select."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import JSON

from app.declare.fields import Field
from app.declare.person import Person
from app.declare.record import Record
from app.ground import clock
from app.ground.database import Scaled, db
from app.ground.language import gettext as _
from app.ground.streaming import streamed
from app.keep import history
from app.lists import listing
from app.lists.chips import chips
from app.lists.listing import LATE, OPEN, Column, List, Plan, available
from app.people import access
from app.people.users import User
from app.workbook.sheet_writer import Cover, ExtraSheet, SheetColumn

PERSONAL = "personal"
Turn = Callable[[Any], Any]


def plan_of(cls: type[Record], person: Person, names: Sequence[str] = ()) -> Plan:
    """The columns of a form's sheet: those asked for, else every one; personal ones in full for whose duty
    needs them.
    """
    full = access.reach_of(person, cls, PERSONAL).covers(access.reach_of(person, cls, "export"))
    return listing.plan_of(cls, tuple(names) or available(cls), full=full)


def sheet_columns(plan: Plan) -> list[SheetColumn]:
    """How a list's columns stand in a sheet; their values come as the database keeps them."""
    return [_sheet_column(column, plan.full) for column in plan.columns]


def _sheet_column(column: Column, full: bool) -> SheetColumn:
    label, kind = str(column.label), column.kind
    if kind.sheet_kept:
        return SheetColumn(label, kind.sheet_kept, kind.width)
    stored = column.value.type
    reads = stored.dialect_impl(db.engine.dialect).result_processor(db.engine.dialect, None)
    cell = column.cells(full)
    if isinstance(stored, Scaled) and cell is None:
        return SheetColumn(label, kind.sheet, kind.width, places=stored.places)
    turn = _one_after_the_other(reads, cell)
    return SheetColumn(label, kind.sheet, kind.width, turn, not isinstance(stored, JSON))


def _one_after_the_other(first: Turn | None, second: Turn | None) -> Turn | None:
    if first is None or second is None:
        return first or second

    def both(value: Any) -> Any:
        both_values = first(value)
        return None if both_values is None else second(both_values)

    return both


def line_sheets(listed: List, full: bool) -> list[ExtraSheet]:
    """A further sheet for each table inside the form: the record's label, then the line's columns."""
    line_sheets_of = []
    for field in listed.cls.fields.values():
        if field.is_lines:
            parts = [part for part in field.kind.line.fields.values() if not part.is_reference]
            columns = [
                SheetColumn(str(_label_title(listed.cls)), "text", 16),
                *(SheetColumn(str(part.label), part.kind.sheet, part.kind.width) for part in parts),
            ]
            line_sheets_of.append(
                ExtraSheet(str(field.label), columns, _line_rows(listed, field, parts, full))
            )
    return line_sheets_of


def _label_title(cls: Any) -> Any:
    named = cls.fields.get(cls.label)
    return named.label if named is not None else _("Number")


def _line_rows(listed: List, field: Field, parts: Sequence[Field], full: bool) -> Iterator[Sequence[Any]]:
    line: Any = field.kind.line
    plan = Plan(listed.cls, [listed.cls.label])
    if not plan.columns:
        return
    asked = (
        plan.select(*(getattr(line, part.column) for part in parts))
        .join(line, line.of_id == listed.cls.id)
        .where(listed.where())
        .order_by(*listed.order, line.position)
    )
    turns = [part.cells(full) for part in parts]
    for row in streamed(asked):
        yield [
            row[-1],
            *(
                value if turn is None or value is None else turn(value)
                for turn, value in zip(turns, row, strict=False)
            ),
        ]


def cover_of(listed: List, person: Person, plan: Plan) -> Cover:
    """What a workbook's first sheet says: what, who, when, which filters, how many."""
    cls: Any = listed.cls
    total, more = listed.total()
    rows = [
        (_("Form"), f"{cls.title} {cls.code or ''}".strip()),
        (_("Made by"), f"{person.name}（{person.title}）"),
        (_("Made at"), f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"),
    ]
    asked = listed.asked
    if asked.state:
        beside = {LATE: _("Overdue"), OPEN: _("In hand")}
        rows.append((_("State"), beside.get(asked.state) or str(cls.states[asked.state].label)))
    if asked.words:
        rows.append((_("Search"), asked.words))
    rows += [(str(chip.label), chip.text) for chip in chips(cls, asked, person) if chip.text]
    rows.append((_("Rows"), f"{total:,}{'+' if more else ''}"))
    if not plan.full and any(column.field is not None and column.field.personal for column in plan.columns):
        rows.append((_("Personal data"), _("masked")))
    return Cover(str(cls.title), rows)


def note_export(person: Person, cls: type[Record], clause: str) -> None:
    """An export is an act: it stands in the exporter's own history."""
    user = db.session.get(User, person.id)
    if user is not None:
        history.write(user, person, f"export:{cls.name}", clause, {})
