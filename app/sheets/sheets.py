"""Sheets out: any list as a workbook, typed, masked by who asks, read in one streaming select."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import JSON

from app.declare.fields import Field
from app.declare.kinds import ChoiceKind, MomentKind, ReferencesKind, whole
from app.declare.person import Person
from app.declare.record import Record
from app.ground import clock
from app.ground.database import Scaled, db
from app.ground.language import gettext as _
from app.ground.streaming import streamed
from app.keep import history
from app.lists import listing
from app.lists.listing import LATE, OPEN, Column, List, Plan, available
from app.people import access
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
    return [_sheet_column(plan.cls, column, plan.full) for column in plan.columns]


def _sheet_column(cls: Any, column: Column, full: bool) -> SheetColumn:
    one = column.field
    kind = one.kind if one is not None else MomentKind() if column.name in ("due_at", "created_at") else None
    width = kind.width if kind is not None else 16
    if isinstance(kind, MomentKind):
        return SheetColumn(str(column.label), "stored", width)
    plain = kind is None or (one is not None and one.is_reference) or isinstance(kind, ChoiceKind)
    stored = column.value.type
    reads = stored.dialect_impl(db.engine.dialect).result_processor(db.engine.dialect, None)
    cell = _cell_of(cls, column, full)
    if isinstance(stored, Scaled) and cell is None:
        return SheetColumn(str(column.label), _sheet_kind(kind), width, places=stored.places)
    turn = _one_after_the_other(reads, cell)
    return SheetColumn(
        str(column.label), "text" if plain else _sheet_kind(kind), width, turn, not isinstance(stored, JSON)
    )


def _sheet_kind(kind: Any) -> Any:
    return "text" if kind.sheet == "yes_no" else kind.sheet


def _one_after_the_other(first: Turn | None, second: Turn | None) -> Turn | None:
    if first is None or second is None:
        return first or second

    def both(value: Any) -> Any:
        found = first(value)
        return None if found is None else second(found)

    return both


def _cell_of(cls: Any, column: Column, full: bool) -> Turn | None:
    """What turns a column's value into its cell; None where it already is one."""
    one = column.field
    if one is None:
        states = {name: column.show(name) for name in cls.states} if column.name == "state" else {}
        return (lambda value: states.get(value, value)) if states else None
    if one.is_reference:
        return None
    kind = one.kind
    if one.personal:
        return one.cells(full)
    if type(kind) is ChoiceKind:
        labels = {key: one.read(key) for key in kind.options}
        return lambda value: labels.get(value, value)
    plain = kind.sheet in ("text", "whole", "amount", "quantity", "rate", "date") and not isinstance(
        kind, (ChoiceKind, ReferencesKind)
    )
    return None if plain else one.cells()


def line_sheets(listed: List, full: bool) -> list[ExtraSheet]:
    """A further sheet for each table inside the form: the record's label, then the line's columns."""
    found = []
    for one in listed.cls.fields.values():
        if one.is_lines:
            parts = [part for part in one.kind.line.fields.values() if not part.is_reference]
            columns = [
                SheetColumn(str(_label_title(listed.cls)), "text", 16),
                *(SheetColumn(str(part.label), _sheet_kind(part.kind), part.kind.width) for part in parts),
            ]
            found.append(ExtraSheet(str(one.label), columns, _line_rows(listed, one, parts, full)))
    return found


def _label_title(cls: Any) -> Any:
    named = cls.fields.get(cls.label)
    return named.label if named is not None else _("Number")


def _line_rows(listed: List, one: Field, parts: Sequence[Field], full: bool) -> Iterator[Sequence[Any]]:
    line: Any = one.kind.line
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
            *(turn(value) if value is not None else None for turn, value in zip(turns, row, strict=False)),
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
    rows += [
        (str(_filter_label(cls, name)), _filter_value(cls, name, value, person))
        for name, value in asked.filters.items()
    ]
    rows.append((_("Rows"), f"{total:,}{'+' if more else ''}"))
    if not plan.full and any(column.field is not None and column.field.personal for column in plan.columns):
        rows.append((_("Personal data"), _("masked")))
    return Cover(str(cls.title), rows)


def _filter_label(cls: Any, name: str) -> Any:
    base = name.removesuffix("_from").removesuffix("_to").removesuffix("-id")
    label = cls.fields[base].label if base in cls.fields else _("Made")
    return (
        f"{label} {_('From') if name.endswith('_from') else _('To') if name.endswith('_to') else ''}".strip()
    )


def _filter_value(cls: Any, name: str, value: str, person: Person) -> str:
    one = cls.fields.get(name.removesuffix("-id"))
    if one is None or (one.is_reference and name == one.name):
        return value
    if one.is_reference:
        other = access.get(person, one.kind.target, whole(value) or 0)
        return str(other) if other is not None else value
    try:
        return str(one.read(one.kind.parse(value)))
    except ValueError:
        return value


def note_export(person: Person, cls: type[Record], clause: str) -> None:
    """An export is an act: it stands in the exporter's own history."""
    from app.people.users import User

    user = db.session.get(User, person.id)
    if user is not None:
        history.write(user, person, f"export:{cls.name}", clause, {})
