"""Saving: one way by which a record is made, and one by which it is changed; all or nothing. What goes with
it (deadlines, number, history, search, counts) the capabilities know.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import attributes, make_transient_to_detached

from app.act import capabilities as capabilities  # plugs them in
from app.act.entry import Entry, Wrong
from app.act.submissions import remember_selection, submitted
from app.declare import duties
from app.declare.fields import Field
from app.declare.form import Form
from app.declare.person import Person
from app.declare.record import Record
from app.ground import clock, rows
from app.ground.database import db
from app.ground.language import gettext as _
from app.ground.ordering import put_in_order
from app.keep import capability, history, transaction
from app.keep.capability import Act
from app.people import access
from app.people.refusal import Refusal
from app.people.users import Area


@dataclass
class Conflict(Exception):
    """Somebody saved the record meanwhile: what they changed, box by box (before, after), and who."""

    record: Record
    changes: dict[str, list[Any]] = field(default_factory=dict)
    who: str = ""


def entered(cls: type[Record], creating: bool) -> list[Field]:
    """The boxes a person fills in when creating or editing; steps fill in the others."""
    return [
        box
        for box in cls.fields.values()
        if not box.by_step and box.worked_out is None and (creating or not box.once)
    ]


def place(record: Record, person: Person) -> None:
    """Give a record its area, and the office its area lies in; without an area it is the maker's office's."""
    record.area_id = record.area_from
    if record.name == "office":
        return
    area = db.session.get(Area, record.area_id) if record.area_id is not None else None
    if area is not None and area.office_id is not None:
        record.office_id = area.office_id
    if record.office_id is None:
        record.office_id = person.office_id


def settle(record: Record) -> None:
    """Ask the record's own rules, and work out what follows from what was entered."""
    record.check()
    only_one(record)
    record.work_out()
    for kept in capability.plugged:
        kept.settle(record)


def only_one(record: Record) -> None:
    """Raise Wrong where another record has what only one may have; two at once are kept apart by the
    index.
    """
    cls: Any = type(record)
    state = record.state if isinstance(record, Form) else None
    for rule in record.one_each:
        column = record.fields[rule.field].column
        value = getattr(record, column)
        if value is None or (rule.states and state not in rule.states):
            continue
        asked = select(cls).where(getattr(cls, column) == value, cls.id != (record.id or 0))
        if not record.fields[rule.field].is_reference:
            asked = asked.where(cls.office_id == record.office_id)
        if rule.states:
            asked = asked.where(cls.state.in_(rule.states))
        if (other := db.session.execute(asked.limit(1)).scalars().first()) is not None:
            raise Wrong(rule.field, rule.sentence.filled(other=other, number=other.number))


def refer(record: Record, before: Mapping[str, Any] | None = None) -> None:
    """Read a record's references by their ids, since rules and search ask for them before it is flushed: all
    of a new record's, else those that were changed.
    """
    for box in record.fields.values():
        if not box.is_reference:
            continue
        key = getattr(record, box.column)
        if before is None or key != before[box.name]:
            target = db.session.get(box.kind.target, key) if key else None
            attributes.set_committed_value(record, box.name, target)


def create(
    cls: type[Record],
    entry: Entry,
    person: Person,
    token: str = "",
    act: str = "create",
    allowed: Iterable[duties.Clause] = (),
) -> Record:
    """Make a record from its boxes. Raises Refusal, or Wrong for a rule between boxes.

    ``allowed`` adds clauses that open it as part of another act (an import that brings a building along).
    """
    opens = (*cls.access.by("create"), *allowed)
    clause = next((opening for opening in opens if opening.code in person.clauses), None)
    if clause is None:
        raise Refusal("duty", _("Creating this isn't among your duties."), opens)
    record = cls()
    entry.apply(record)
    _begin(record, person, typed={box.name for box in entry.fields})
    reach = access.reach(person, opens)
    if record.office_id is not None and not reach.contains(record.office_id, record.area_id):
        raise Refusal("area", _("This place isn't in your area."), opens)
    _write_new(record, Act(person, act, str(clause), token))
    return record


def add(record: Record, person: Person, act: str = "create", clause: str = "") -> None:
    """Save a new record whose boxes are filled in, as part of another act: the caller judged who may."""
    _begin(record, person, typed={box.name for box in record.fields.values() if _is_filled(record, box)})
    _write_new(record, Act(person, act, clause))


def _is_filled(record: Record, box: Field) -> bool:
    return getattr(record, box.column) is not None


def _begin(record: Record, person: Person, typed: set[str]) -> None:
    """What a new record starts with: defaults in the boxes that nobody filled, its first state, its place."""
    for box in record.fields.values():
        if box.name not in typed and box.is_lines:
            setattr(record, box.name, [])
        elif box.name not in typed and box.default is not None:
            setattr(record, box.column, box.start())
    record.created_at, record.created_by_id = record.created_at or clock.now(), person.id or None
    record.version, record.head = 0, ""
    if isinstance(record, Form):
        record.state = record.state or (record.states.first if record.states else "")
        record.state_at, record.held_seconds = record.created_at, 0
    refer(record)
    place(record, person)


def _write_new(record: Record, act: Act) -> None:
    """Settle a new record and write it with what goes with it."""
    settle(record)
    put_in_order(record)
    if type(record).saved is not Record.saved:
        db.session.add(record)
        db.session.flush()
        record.saved(act.person)
    beside = [row for kept in capability.plugged for row in kept.made(record, act)]
    itself = _own_row(record)
    if not itself:
        db.session.add(record)
        db.session.flush()
    rows.together(*itself, *beside)
    transaction.holding(record)
    if itself:
        make_transient_to_detached(record)
        db.session.add(record)
    for kept in capability.plugged:
        kept.followed(record, act)


def _own_row(record: Record) -> list[rows.Row]:
    """The row of a new record without lines, which is written beside the others instead of by the flush;
    nothing for any other.
    """
    if record in db.session or any(
        vars(record).get(name) for name, box in record.fields.items() if box.is_lines
    ):
        return []
    columns: Any = record.__table__.c
    said = ((column.key, vars(record).get(column.key)) for column in columns)
    return [rows.row(record.__table__, {name: value for name, value in said if value is not None})]


def may_edit(record: Record, person: Person) -> Refusal | None:
    """What stands in the way of editing a record, or None."""
    by = record.access.by("edit")
    if isinstance(record, Form) and record.states and record.state not in record.editable_in():
        return Refusal(
            "state",
            _(
                "It is %(state)s and no longer edited; steps amend it.",
                state=record.states[record.state].label,
            ),
        )
    if not any(access.within(person, record, clause) for clause in by):
        return Refusal("duty", _("Editing this isn't among your duties."), by, record)
    return None


def edit(
    record: Record, entry: Entry, person: Person, version: int, token: str = "", act: str = "edit"
) -> bool:
    """Save the boxes of a record; False when nothing changed. Raises Refusal, Conflict, or Wrong for a rule
    between boxes.
    """
    if (refusal := may_edit(record, person)) is not None:
        raise refusal
    with changing(record, person, act, token=token, judged=True) as edited:
        check_version(record, version, [box.name for box in entry.fields])
        edited.clause = str(access.may_here(person, record, "edit") or "")
        entry.apply(record)
        refer(record, edited.before)
        place(record, person)
        by = record.access.by("edit")
        if not access.reach(person, by).contains(record.office_id, record.area_id):
            raise Refusal("area", _("This place isn't in your area."), by, record)
        record.edited(edited.before)
    return bool(edited.changes)


@contextmanager
def changing(
    record: Record,
    person: Person,
    act: str,
    clause: str = "",
    *,
    token: str = "",
    always: bool = False,
    judged: bool = False,
    rules: bool = True,
) -> Iterator[Act]:
    """The one way to change a record. Its row is held; within, its boxes are set; then its rules are asked,
    what follows is worked out, and all that goes with it is written. Without a change that is nothing, unless
    ``always``. Where no box is changed but what belongs to the record (a file), no ``rules`` are asked, and
    the caller says what changed.

    Raises Refusal where it lies beyond the person, since what follows from somebody's act reaches no further
    than they do; unless the caller has ``judged`` that or does so within.
    """
    transaction.hold(record)
    if not judged and person.id and access.may_here(person, record, "read") is None:
        raise Refusal("area", _("This place isn't in your area."), record.access.by("read"))
    told = capability.plugged
    change = Act(person, act, clause, token, before=history.dumped(record))
    was = [kept.of(record) for kept in told]
    yield change
    refer(record, change.before)
    if isinstance(record, Form) and record.state != change.before["state"]:
        record.state_at = clock.now()
    if rules:
        settle(record)
        put_in_order(record)
    more = change.changes
    change.changes = more | history.difference(change.before, history.dumped(record))
    if not change.changes and not always:
        rows.together(*(row for kept in told for row in kept.left(record, change)))
        return
    if type(record).saved is not Record.saved:
        db.session.flush()
        record.saved(person)
        change.changes = more | history.difference(change.before, history.dumped(record))
    beside = [
        row for kept, before in zip(told, was, strict=True) for row in kept.changed(record, change, before)
    ]
    db.session.flush()
    rows.together(*beside)
    for kept in told:
        kept.followed(record, change)


def move(moving: Sequence[tuple[Form, str]], target: str, person: Person, act: str) -> None:
    """Bring held records, each with the clause that lets it, to another state, and nothing else of them: one
    statement for them all, and one for each kind of row that goes with them.
    """
    told = [kept for kept in capability.plugged if kept.follows_state]
    beside: list[rows.Row] = []
    for record, clause in moving:
        change = Act(person, act, clause, changes={"state": [record.state, target]})
        was = [kept.of(record) for kept in told]
        record.state, record.state_at = target, clock.now()
        for kept, before in zip(told, was, strict=True):
            kept.settle(record)
            beside += kept.changed(record, change, before)
    db.session.flush()
    rows.by_the_many(beside)


lock = transaction.hold


def check_version(record: Record, version: int, names: Iterable[str]) -> None:
    """Raise Conflict when what a person looked at was changed meanwhile in one of these boxes, or moved on to
    another state.
    """
    if version == record.version:
        return
    wanted = {*names, "state"}
    changes: dict[str, list[Any]] = {}
    who = ""
    for line in history.lines(record.name, record.id, after=version):
        for name, (old, new) in line.changes.items():
            if name in wanted:
                changes[name] = [changes[name][0] if name in changes else old, new]
                who = line.user_name
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes or version > record.version:
        raise Conflict(record, changes, who)


def find(cls: type[Record], **values: Any) -> Any:
    """The one record of a class with these column values, or None."""
    return db.session.execute(select(cls).filter_by(**values)).scalars().first()


__all__ = [
    "Act",
    "Conflict",
    "Wrong",
    "add",
    "changing",
    "create",
    "edit",
    "entered",
    "find",
    "may_edit",
    "remember_selection",
    "submitted",
]
