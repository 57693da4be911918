"""History: append-only, one keyed chain a record; its length is the record's version, its head stands on the
record.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Index, Integer, String, Text, and_, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from app.declare.person import Person
from app.declare.record import Key, Model, Record
from app.ground import clock
from app.ground.database import Json, Moment, db, is_sqlite
from app.ground.rows import Row, row, together
from app.keep import history_marks, transaction
from app.keep.capability import Act, Capability
from app.keep.history_keys import keys

OWN = ("number", "state", "area_id", "office_id")  # what a line says of a record beside its boxes


class Line(Model):
    """One act on one record: who, when, under which clause, and each changed box before and after."""

    __tablename__ = "history"
    __table_args__ = (
        Index("uq_history_record", "form", "record_id", "seq", unique=True),
        Index("ix_history_at", "at", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    form: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int] = mapped_column(Key)
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Moment)
    user_id: Mapped[int | None] = mapped_column(Key)
    user_name: Mapped[str] = mapped_column(String(60))
    clause: Mapped[str] = mapped_column(String(8), default="")
    act: Mapped[str] = mapped_column(String(60))
    changes: Mapped[dict[str, Any]] = mapped_column(Json)
    key_id: Mapped[str] = mapped_column(String(8), default="", server_default="")
    hash: Mapped[str] = mapped_column(String(64))


class Seal(Model):
    """What was chained before the present key was there, as it stood then: for records from an id on, ``id
    version mark`` a line.
    """

    __tablename__ = "history_seal"

    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    first_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    key_id: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(Moment)
    marks: Mapped[str] = mapped_column(Text)


def chained(previous: str, row: Any) -> str:
    """The hash of a line, under the key it names: over the one before it and everything the line says. Old
    lines name none.

    Raises KeyError where the key isn't here.
    """
    said = [
        row["form"],
        row["record_id"],
        row["seq"],
        row["at"].isoformat(),
        row["user_id"],
        row["user_name"],
        row["clause"],
        row["act"],
        row["changes"],
    ]
    whole = previous.encode() + orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    if not row["key_id"]:
        return hashlib.sha256(whole).hexdigest()
    key = keys().get(row["key_id"])
    if key is None:
        raise KeyError(row["key_id"])
    return key.mark(whole)


def line(
    form: str,
    key: int,
    version: int,
    head: str,
    person: Person,
    clause: str,
    act: str,
    changes: Mapping[str, Any],
    at: datetime,
) -> dict[str, Any]:
    """A line's values, hash included, following a head."""
    row: dict[str, Any] = {
        "form": form,
        "record_id": key,
        "seq": version,
        "at": at,
        "user_id": person.id or None,
        "user_name": person.name,
        "clause": clause,
        "act": act,
        "changes": dict(changes),
        "key_id": keys().current.id,
    }
    row["hash"] = chained(head, row)
    return row


class History(Capability):
    """A line for each act; with it the record's version and head, which are written as the record is."""

    def of(self, record: Any) -> int:
        """How far its chain has come."""
        return int(record.version)

    def made(self, record: Record, act: Act) -> Iterable[Row]:
        """Begin the chain of a new record, with all that it says."""
        act.changes = {
            name: [None, value]
            for name, value in dumped(record).items()
            if tells(record.fields.get(name), value)
        }
        return self._next(record, act, record.created_at)

    def changed(self, record: Record, act: Act, before: int) -> Iterable[Row]:
        """A line more, of a record whose row is held."""
        return self._next(record, act, clock.now())

    def _next(self, record: Record, act: Act, at: datetime) -> Iterable[Row]:
        said = _next_line(record, act, at)
        record.version, record.head = said["seq"], said["hash"]
        return (row(Line.__table__, said),)

    def poured(self, cls: type[Record], first: int, kept: Sequence[int]) -> None:
        """The lines are written with their records (``replay``); their marks follow."""
        history_marks.note(cls.name, first, *kept)


def write(
    record: Record, person: Person, act: str, clause: str = "", changes: Mapping[str, Any] | None = None
) -> None:
    """Add a line to the chain of a record that isn't changed by the act: it was looked at, printed, or
    something was refused. Its row is held from here on, if it wasn't yet.
    """
    _hold_head(record)
    said = _next_line(record, Act(person, act, clause, changes=dict(changes or {})), clock.now())
    _set_head(record, said["seq"], said["hash"])  # written below, and not a second time by the flush
    together(row(Line.__table__, said))
    db.session.execute(
        update(type(record))
        .where(type(record).id == record.id)
        .values(version=record.version, head=record.head)
        .execution_options(synchronize_session=False)
    )


def _next_line(record: Record, act: Act, at: datetime) -> dict[str, Any]:
    """The line that follows a record's head; its mark follows when that is committed."""
    version = record.version + 1
    history_marks.note(record.name, record.id, version)
    return line(
        record.name, record.id, version, record.head, act.person, act.clause, act.name, act.changes, at
    )


def _set_head(record: Record, version: int, head: str) -> None:
    """Where a record's chain stands, as the database has it."""
    set_committed_value(record, "version", version)
    set_committed_value(record, "head", head)


def _hold_head(record: Record) -> None:
    """Two acts on one record follow one another; nothing else that is read of it is changed by this."""
    if is_sqlite() or transaction.holds(record):
        return
    cls = type(record)
    held = db.session.execute(
        select(cls.version, cls.head).where(cls.id == record.id).with_for_update(key_share=True)
    ).one()
    _set_head(record, held.version, held.head)
    transaction.holding(record)


def dumped(record: Record, names: Iterable[str] | None = None) -> dict[str, Any]:
    """A record's boxes as the history keeps them."""
    values: dict[str, Any] = {}
    for name in record.fields if names is None else names:
        field = record.fields[name]
        if field.balance is not None:  # its postings are its history
            continue
        if field.is_lines:
            values[name] = [
                {part.name: _dump(part, getattr(row, part.column)) for part in row.fields.values()}
                for row in getattr(record, name)
            ]
        else:
            values[name] = _dump(field, getattr(record, field.column))
    for name in OWN:
        if names is None and hasattr(record, name):
            values[name] = getattr(record, name)
    return values


def _dump(field: Any, value: Any) -> Any:
    return None if value is None else field.kind.dump(value)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Box → before and after, of those that differ; empty and unset are the same, nought is a number."""
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if filled(before.get(name)) != filled(value)
    }


def filled(value: Any) -> Any:
    """A value; None for one that is as good as none: empty, or not ticked. Nought is a number."""
    return None if value is False or value in ("", []) else value


def tells(field: Any, value: Any) -> bool:
    """Whether the first line has to say a value: it holds something, or holds nothing where it would by
    itself.
    """
    if filled(value) is not None:
        return True
    return (
        field is not None
        and not field.is_lines
        and not callable(field.default)
        and filled(field.default) is not None
    )


def lines(form: str, key: int, after: int = 0) -> Sequence[Line]:
    """The lines of a record, oldest first."""
    return (
        db.session.execute(
            select(Line).where(Line.form == form, Line.record_id == key, Line.seq > after).order_by(Line.seq)
        )
        .scalars()
        .all()
    )


def last_changes(form: str, keys: Sequence[int], name: str) -> dict[int, str]:
    """The clauses under which a box of some records was last changed, by their ids; nothing of those where
    nobody did.
    """
    clauses_by_id: dict[int, str] = {}
    for at in range(0, len(keys), 500):
        told = (
            Line.form == form,
            Line.record_id.in_(keys[at : at + 500]),
            Line.changes[name].as_string().is_not(None),
        )
        asked = select(Line.record_id, Line.clause).where(*told).order_by(Line.record_id, Line.seq)
        clauses_by_id |= {row.record_id: row.clause for row in db.session.execute(asked)}
    return clauses_by_id


def as_at(form: str, key: int, moment: datetime | None = None, version: int | None = None) -> dict[str, Any]:
    """A record's boxes as they were at a moment or version, rebuilt from its lines; empty before it was
    made.
    """
    values: dict[str, Any] = {}
    for line in lines(form, key):
        if (moment is not None and line.at > moment) or (version is not None and line.seq > version):
            break
        values.update({name: pair[1] for name, pair in line.changes.items()})
    return values


def last_by_each(acts: Iterable[tuple[str, int, str]]) -> dict[tuple[str, int, str], int | None]:
    """Who did each of these acts (of a form, a record's id) last, asked together; without those nobody
    did.
    """
    kinds: dict[tuple[str, str], list[int]] = {}
    for form, key, act in acts:
        kinds.setdefault((form, act), []).append(key)
    asked = select(Line.form, Line.record_id, Line.act, Line.user_id).where(
        or_(
            *(
                and_(Line.form == form, Line.record_id.in_(keys), Line.act == act)
                for (form, act), keys in kinds.items()
            )
        )
    )
    return {
        (form, key, act): user
        for form, key, act, user in db.session.execute(asked.order_by(Line.record_id, Line.seq))
    }


def last_by(form: str, key: int, act: str) -> int | None:
    """Who did something to a record last."""
    asked = select(Line.user_id).where(Line.form == form, Line.record_id == key, Line.act == act)
    return db.session.execute(asked.order_by(Line.seq.desc()).limit(1)).scalar()
