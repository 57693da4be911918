"""When records are next due for an act of their own, kept in a table beside them: a clock that finds nothing
due asks one index, whatever the forms and however many records.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Index, Integer, String, Text, bindparam, case, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.declare.acts import OfficeAct
from app.declare.record import Key, Model, Record, registry
from app.ground import clock
from app.ground.database import Moment, db, is_sqlite
from app.ground.pouring import pour, turned
from app.ground.rows import Row, several
from app.keep import deadlines, transaction
from app.keep.capability import Act, Capability

Moments = Mapping[str, datetime]
NONE: Moments = {}
NAMES = ("form", "record_id", "rule", "at", "tries")


class DueAct(Model):
    """A rule's next moment on a record; the moment it acted for last; what went wrong since, how often."""

    __tablename__ = "due_act"
    __table_args__ = (
        Index("ix_due_act_at", "at", "form", "record_id", "rule"),
        Index(
            "ix_due_act_tries",
            "tries",
            sqlite_where=text("tries > 0"),
            postgresql_where=text("tries > 0"),
        ),
    )

    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    rule: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime | None] = mapped_column(Moment)
    acted_for: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    fault: Mapped[str | None] = mapped_column(Text)


def row_of(form: str, key: int, rule: str) -> tuple[Any, ...]:
    """The clauses that the row of a rule on a record fulfils, and no other."""
    return (DueAct.form == form, DueAct.record_id == key, DueAct.rule == rule)


def moment_of(rule: OfficeAct, record: Any) -> datetime | None:
    """The moment at which a rule acts on a record as it stands; None where it doesn't bind it."""
    if rule.at is None or not rule.binds(record.state):
        return None
    if isinstance(rule.at, str) and rule.at in record.deadlines:
        return deadlines.now_due(record.deadlines[rule.at], record)
    moment = rule.at(record) if callable(rule.at) else getattr(record, rule.at)
    if isinstance(moment, date) and not isinstance(moment, datetime):
        return clock.day_start(moment + timedelta(days=1))
    return moment


def moments_of(record: Any) -> Moments:
    """The moments of all rules that bind a record as it stands."""
    timed = getattr(record, "acts", None)
    if not timed:
        return NONE
    return {rule.name: at for rule in timed.values() if (at := moment_of(rule, record)) is not None}


class DueActs(Capability):
    """Rows kept as the record is saved; and what was saved is noted where an act may follow from it."""

    def of(self, record: Any) -> Moments:
        """When its acts are due."""
        return moments_of(record)

    def made(self, record: Record, act: Act) -> Iterable[Row]:
        """The first moments of a new record."""
        stir(record.name, record.id)
        due_first = [(record.name, record.id, name, at, 0) for name, at in moments_of(record).items()]
        return [several(DueAct.__table__, NAMES, due_first)] if due_first else ()

    def changed(self, record: Record, act: Act, before: Moments) -> Iterable[Row]:
        """Moments that moved, came or went."""
        stir(record.name, record.id)
        put(record, dict(_moved(before, moments_of(record))))
        return ()

    def poured(self, cls: type[Record], first: int, kept: Sequence[Moments]) -> None:
        """The moments of records that came by the thousand."""
        table: Any = DueAct.__table__
        values = [
            (cls.name, key, name, at, 0)
            for key, moments in enumerate(kept, first)
            for name, at in moments.items()
        ]
        if values:
            pour(db.session.connection(), table.name, NAMES, turned(db.engine.dialect, table, NAMES, values))


def _moved(before: Moments, after: Moments) -> Iterable[tuple[str, datetime | None]]:
    names = before.keys() | after.keys()
    return ((name, after.get(name)) for name in names if before.get(name) != after.get(name))


def put(record: Any, moments: Mapping[str, datetime | None]) -> None:
    """Keep the next moments of some rules of a record. Of one that leaves it where it is, none that it acted
    for already; of a record at its end, nothing.
    """
    if not moments:
        return
    if record.states[record.state].final:
        forget(record)
        return
    for name, at in moments.items():
        if at is None:
            drop(record, name)
        else:
            db.session.execute(
                _putting(is_sqlite()), {"form": record.name, "record_id": record.id, "rule": name, "at": at}
            )


def forget(record: Record) -> None:
    """Nothing more is due on a record."""
    db.session.execute(delete(DueAct).where(DueAct.form == record.name, DueAct.record_id == record.id))


def drop(record: Any, name: str) -> None:
    """A rule doesn't bind a record any more; one that leaves it where it is remembers what it acted for."""
    rule = record.acts.get(name)
    here = row_of(record.name, record.id, name)
    if rule is None or rule.target is not None:
        db.session.execute(delete(DueAct).where(*here))
    else:
        nothing = {"at": None, "tries": 0, "failed_at": None, "fault": None}
        db.session.execute(update(DueAct).where(*here).values(nothing))


@lru_cache(maxsize=2)
def _putting(on_sqlite: bool) -> Any:
    """The statement that keeps a moment, unless it was acted for; a moment that moved starts without
    faults.
    """
    table: Any = DueAct.__table__
    written: Any = (sqlite.insert if on_sqlite else postgresql.insert)(table).values(
        form=bindparam("form"),
        record_id=bindparam("record_id"),
        rule=bindparam("rule"),
        at=bindparam("at"),
        tries=0,
    )
    kept = case((table.c.acted_for >= written.excluded["at"], None), else_=written.excluded["at"])
    return written.on_conflict_do_update(
        index_elements=["form", "record_id", "rule"],
        set_={"at": kept, "tries": 0, "failed_at": None, "fault": None},
    )


def stir(form: str, key: int) -> None:
    """Note a record that was saved, or posted to, where the transaction's end is to ask what follows."""
    if form in _sources(tuple(registry)):
        transaction.here().stirred[form, key] = None


@lru_cache(maxsize=8)
def _sources(names: tuple[str, ...]) -> Mapping[str, tuple[tuple[Any, OfficeAct, tuple[str, ...]], ...]]:
    """The forms of which a saved record can bring about an act, each with whose acts these are and by which
    boxes it names them; none of its own.
    """
    sources: dict[str, list[tuple[Any, OfficeAct, tuple[str, ...]]]] = {}
    for name in names:
        cls: Any = registry[name]
        for rule in getattr(cls, "acts", {}).values():
            if rule.when is None:
                continue
            for path in (name, *rule.after):
                source, *boxes = path.split(".")
                sources.setdefault(source, []).append((cls, rule, tuple(boxes)))
    return {name: tuple(those) for name, those in sources.items()}


def followers(form: str, key: int) -> Iterable[tuple[type[Record], int, OfficeAct]]:
    """What may follow from a saved record: on those it names and itself, each with the rule to be asked."""
    saved = db.session.get(registry[form], key)
    for cls, rule, boxes in _sources(tuple(registry)).get(form, ()) if saved is not None else ():
        yield from ((cls, other, rule) for other in _named(saved, boxes))


def _named(saved: Any, boxes: Sequence[str]) -> Iterable[int]:
    """The ids of what a record names by a box, or by the box of its lines."""
    if not boxes:
        return [saved.id]
    of = [saved] if len(boxes) == 1 else getattr(saved, boxes[0])
    return [key for part in of if (key := getattr(part, part.fields[boxes[-1]].column)) is not None]


def due(upto: datetime, after: tuple[Any, ...] | None, limit: int) -> Sequence[Any]:
    """What is due up to a moment, the earliest first, behind a row already seen."""
    columns = (DueAct.at, DueAct.form, DueAct.record_id, DueAct.rule)
    asked = select(*columns).where(DueAct.at <= upto).order_by(*columns).limit(limit)
    if after is not None:
        asked = asked.where(db.tuple_(*columns) > db.tuple_(*after))
    return db.session.execute(asked).all()


def faults(limit: int = 500) -> Sequence[DueAct]:
    """The acts that went wrong and are to be tried again, the latest first."""
    asked = select(DueAct).where(DueAct.tries > 0).order_by(DueAct.failed_at.desc(), DueAct.record_id)
    return db.session.execute(asked.limit(limit)).scalars().all()
