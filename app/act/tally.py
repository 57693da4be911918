"""Kept counts: how many records of a form are in each state, an office and area. Tabs and menus read them,
lists never count far.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, event, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.declare.record import Key, Model, Record
from app.ground.database import among, db, is_sqlite
from app.ground.rows import Row
from app.keep import transaction
from app.keep.capability import Act, Capability
from app.people.access import Reach


class Tally(Model):
    """A count of records; area 0 stands for none."""

    __tablename__ = "tally"

    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    office_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    area_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(24), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


Place = tuple[int, int, str]
NAMES = ("form", "office_id", "area_id", "state", "count")
AT_ONCE = 200  # counts written by one statement


def place(record: Record) -> Place:
    """Where a record is counted."""
    return (record.office_id or 0, record.area_id or 0, getattr(record, "state", ""))


def move(form: str, changes: Mapping[Place, int]) -> None:
    """Add to the counts when the transaction ends: whoever keeps others from a count does so for a moment
    only.
    """
    moves = transaction.here().moves
    for where, more in changes.items():
        moves[form, *where] += more


class Counts(Capability):
    """How many records are in each state, an office and area."""

    def of(self, record: Any) -> Place:
        """Where it is counted."""
        return place(record)

    def made(self, record: Record, act: Act) -> Iterable[Row]:
        """A new record is counted."""
        move(record.name, {place(record): 1})
        return ()

    def changed(self, record: Record, act: Act, before: Place) -> Iterable[Row]:
        """It may have gone from one place to another."""
        if (after := place(record)) != before:
            move(record.name, {before: -1, after: 1})
        return ()

    def poured(self, cls: type[Record], first: int, kept: Sequence[Place]) -> None:
        """They are counted."""
        move(cls.name, Counter(kept))

    def counted_anew(self, cls: type[Record]) -> None:
        """By its records."""
        recount(cls)


@event.listens_for(Session, "before_commit")
def _add(session: Session) -> None:
    """What the transaction adds to the counts, written in one order for everybody: two writers never wait for
    each other.
    """
    if session.in_nested_transaction() or not any(kept.moves for kept in transaction.every()):
        return
    kept = transaction.here()
    moves, kept.moves = sorted((what, more) for what, more in kept.moves.items() if more), Counter()
    for at in range(0, len(moves), AT_ONCE):
        _write(moves[at : at + AT_ONCE])


def _write(moves: Sequence[tuple[Any, int]]) -> None:
    rows = {
        f"{name}_{at}": value
        for at, (what, more) in enumerate(moves)
        for name, value in zip(NAMES, (*what, more), strict=True)
    }
    db.session.execute(_adding(len(moves), is_sqlite()), rows)


@lru_cache(maxsize=AT_ONCE)
def _adding(count: int, on_sqlite: bool) -> Any:
    """The statement that adds to so many counts, and makes those that weren't there."""
    table: Any = Tally.__table__
    rows = [
        {name: bindparam(f"{name}_{at}", type_=table.c[name].type) for name in NAMES} for at in range(count)
    ]
    written: Any = (sqlite.insert if on_sqlite else postgresql.insert)(table).values(rows)
    return written.on_conflict_do_update(
        index_elements=NAMES[:-1], set_={"count": table.c.count + written.excluded["count"]}
    )


@lru_cache(maxsize=1024)
def counted_by_state(reaches: tuple[tuple[str, Reach], ...]) -> Any:
    """The statement for the counts of several forms by state, each within a reach."""
    alike: dict[Reach, list[str]] = {}
    for name, reach in reaches:
        alike.setdefault(reach, []).append(name)
    conditions = []
    for reach, names in alike.items():
        inside = and_(among(Tally.form, names), among(Tally.office_id, reach.offices))
        conditions.append(
            inside if reach.areas is None else and_(inside, among(Tally.area_id, (0, *reach.areas)))
        )
    return (
        select(Tally.form, Tally.state, func.sum(Tally.count))
        .where(or_(*conditions))
        .group_by(Tally.form, Tally.state)
    )


def by_state(reaches: Mapping[str, Reach]) -> dict[str, dict[str, int]]:
    """The counts of several forms by state, each within a reach."""
    counts: dict[str, dict[str, int]] = {name: {} for name in reaches}
    if reaches:
        for form, state, count in db.session.connection().execute(counted_by_state(tuple(reaches.items()))):
            counts[form][state] = int(count)
    return counts


def recount(cls: type[Record]) -> None:
    """Count a form anew (after records were brought in by the thousand)."""
    state: Any = getattr(cls, "state", None)
    columns = [cls.office_id, func.coalesce(cls.area_id, 0)] + ([state] if state is not None else [])
    for kept in transaction.every():
        kept.moves = Counter({what: more for what, more in kept.moves.items() if what[0] != cls.name})
    db.session.execute(Tally.__table__.delete().where(Tally.__table__.c.form == cls.name))  # type: ignore[attr-defined]
    rows = db.session.execute(select(*columns, func.count()).group_by(*columns)).all()
    move(cls.name, {(row[0], row[1], row[2] if state is not None else ""): row[-1] for row in rows})
