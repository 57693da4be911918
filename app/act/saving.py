"""Saving: one way by which a record is made or edited, all or nothing: boxes, number, deadlines, history,
search and counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import make_transient_to_detached

from app.act import search, tally
from app.act.entry import Entry, Wrong
from app.act.submissions import remember_selection, remembered, submitted
from app.declare import duties
from app.declare.fields import Field
from app.declare.form import Form
from app.declare.person import Person
from app.declare.record import Record
from app.ground import clock
from app.ground.database import db
from app.ground.language import gettext as _
from app.ground.ordering import put_in_order
from app.ground.rows import Row, row, together
from app.keep import deadlines, history, numbers, transaction
from app.people import access
from app.people.refusal import Refusal


@dataclass
class Conflict(Exception):
    """Somebody saved the record meanwhile: what they changed, box by box (before, after), and who."""

    record: Record
    changes: dict[str, list[Any]] = field(default_factory=dict)
    who: str = ""


def entered(cls: type[Record], creating: bool) -> list[Field]:
    """The boxes a person fills in when creating or editing; steps fill in the others."""
    return [
        one
        for one in cls.fields.values()
        if not one.by_step and one.worked_out is None and (creating or not one.once)
    ]


def place(record: Record, person: Person) -> None:
    """Give a record its area, and the office its area lies in; without an area it is the maker's office's."""
    from app.people.users import Area

    found = record.area_id = record.area_from
    if found is not None:
        area = db.session.get(Area, found)
        if area is not None and area.office_id is not None and record.name != "office":
            record.office_id = area.office_id
    if record.office_id is None and record.name != "office":
        record.office_id = person.office_id


def settle(record: Record) -> None:
    """Work out what follows from what was entered; the record's own rules are asked."""
    record.check()
    only_one(record)
    record.work_out()
    if isinstance(record, Form) and record.states:
        deadlines.set_due(record)


def only_one(record: Record) -> None:
    """Raise Wrong where another record has what only one may have; two at once are kept apart by the
    index.
    """
    cls: Any = type(record)
    for rule in record.one_each:
        column = record.fields[rule.field].column
        value = getattr(record, column)
        if value is None or (rule.states and record.state not in rule.states):
            continue
        asked = select(cls).where(getattr(cls, column) == value, cls.id != (record.id or 0))
        if not record.fields[rule.field].is_reference:
            asked = asked.where(cls.office_id == record.office_id)
        if rule.states:
            asked = asked.where(cls.state.in_(rule.states))
        if (other := db.session.execute(asked.limit(1)).scalars().first()) is not None:
            raise Wrong(rule.field, rule.sentence.filled(other=other, number=other.number))


def change(record: Record, person: Person, act: str, clause: str = "", **values: Any) -> None:
    """Set boxes of another record as part of a step's effect or an import, with its own line of history.

    Raises Refusal where it lies beyond the person: what follows from somebody's act reaches no further than
    they do.
    """
    lock(record)
    if person.id and access.may_here(person, record, "read") is None:
        raise Refusal("area", _("This place isn't in your area."), record.access.by("read"))
    before, was, tokens = history.dumped(record), tally.place(record), search.tokens_of(record)
    with db.session.no_autoflush:
        for name, value in values.items():
            setattr(record, name, value)
        settle(record)
    finish_change(record, person, clause, act, before, was, tokens)


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
    by = next((one for one in opens if one.code in person.clauses), None)
    if by is None:
        raise Refusal("duty", _("Creating this isn't among your duties."), opens)
    record = cls()
    db.session.add(record)
    with db.session.no_autoflush:
        entry.apply(record)
        typed = {one.name for one in entry.fields}
        for one in cls.fields.values():
            if one.name not in typed and one.is_lines:
                setattr(record, one.name, [])
            elif one.name not in typed and one.default is not None:
                setattr(record, one.column, one.start())
        record.created_at, record.created_by_id = clock.now(), person.id or None
        record.version, record.head = 0, ""
        if isinstance(record, Form):
            record.state, record.state_at, record.held_seconds = (
                record.states.first if record.states else "",
                record.created_at,
                0,
            )
        _load_references(record)
        place(record, person)
        if record.office_id is not None and not access.reach(person, opens).contains(
            record.office_id, record.area_id
        ):
            db.session.expunge(record)
            raise Refusal("area", _("This place isn't in your area."), opens)
        settle(record)
        numbers.give(record)
        finish_new(record, person, str(by), token, act)
    return record


def finish_new(record: Record, person: Person, clause: str, token: str = "", act: str = "create") -> None:
    """Write a new record, which has its number and id, and what goes with it: history, search, counts, the
    submission.
    """
    put_in_order(record)
    if type(record).saved is not Record.saved:
        db.session.flush()
        record.saved(person)
    first = history.first(record, person, act, clause)
    itself = _taken_out(record)
    db.session.flush()
    together(
        *itself,
        first,
        search.added(record.name, record.id, search.tokens_of(record)),
        *remembered(token, person, record.name, record.id),
    )
    transaction.holding(record)
    tally.came(record.name, tally.place(record))
    if itself:
        make_transient_to_detached(record)
        db.session.add(record)


def _taken_out(record: Record) -> list[Row]:
    """The row of a new record without lines, which then isn't the flush's to write; nothing for any other."""
    if record not in db.session.new or any(
        vars(record).get(name) for name, one in record.fields.items() if one.is_lines
    ):
        return []
    db.session.expunge(record)
    columns: Any = record.__table__.c
    said = ((column.key, vars(record).get(column.key)) for column in columns)
    return [row(record.__table__, {name: value for name, value in said if value is not None})]


def _load_references(record: Record) -> None:
    """A pending record's references, by its ids (they are read by rules and search before it is flushed)."""
    from sqlalchemy.orm import attributes

    for one in record.fields.values():
        if one.is_reference:
            key = getattr(record, one.column)
            attributes.set_committed_value(
                record, one.name, db.session.get(one.kind.target, key) if key else None
            )


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
    if not any(access.within(person, record, one) for one in by):
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
    lock(record)
    check_version(record, version, [one.name for one in entry.fields])
    clause = access.may_here(person, record, "edit")
    before, was, tokens = history.dumped(record), tally.place(record), search.tokens_of(record)
    with db.session.no_autoflush:
        entry.apply(record)
        _load_references(record)
        place(record, person)
        if not access.reach(person, record.access.by("edit")).contains(record.office_id, record.area_id):
            raise Refusal("area", _("This place isn't in your area."), record.access.by("edit"), record)
        record.edited(before)
        settle(record)
    return finish_change(record, person, str(clause or ""), act, before, was, tokens, token)


def finish_change(
    record: Record,
    person: Person,
    clause: str,
    act: str,
    before: dict[str, Any],
    was: tally.Place,
    tokens: list[str],
    token: str = "",
    always: bool = False,
    more: Mapping[str, Any] | None = None,
) -> bool:
    """Flush a changed record and write what goes with it. Without a change nothing is written, unless
    ``always``; ``more`` is what the history says beside its boxes.
    """
    put_in_order(record)
    changes = history.difference(before, history.dumped(record))
    if changes or always:
        db.session.flush()
        if type(record).saved is not Record.saved:
            record.saved(person)
            changes = history.difference(before, history.dumped(record))
        history.write(record, person, act, clause, {**changes, **(more or {})})
        if (now_found := search.tokens_of(record)) != tokens:
            search.replace(record.name, record.id, now_found)
        tally.moved(record.name, was, tally.place(record))
    together(*remembered(token, person, record.name, record.id))
    return bool(changes)


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
    for one in history.lines(record.name, record.id, after=version):
        for name, (old, new) in one.changes.items():
            if name in wanted:
                changes[name] = [changes[name][0] if name in changes else old, new]
                who = one.user_name
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes or version > record.version:
        raise Conflict(record, changes, who)


def find(cls: type[Record], **values: Any) -> Any:
    """The one record of a class with these column values, or None."""
    return db.session.execute(select(cls).filter_by(**values)).scalars().first()


__all__ = [
    "Conflict",
    "Wrong",
    "create",
    "edit",
    "entered",
    "find",
    "may_edit",
    "remember_selection",
    "submitted",
]
