"""What waits for somebody, as the first page needs it: of each state in which something can be done the few
that press most.

Each is reached by an index of its own, so that it takes as long at a million records as at a thousand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, select, union_all
from sqlalchemy.orm import joinedload

from app.declare.person import Person
from app.ground.database import Moment, db, literally
from app.lists.listing import scopes_of
from app.people import access
from app.people.access import Reach

LATE, SOON, LATER, SOME_DAY, HANDED = "late", "soon", "later", "some_day", "handed"
PARTS = 400  # of one statement
NOW, TONIGHT = bindparam("now", type_=Moment()), bindparam("tonight", type_=Moment())


@dataclass
class Waits:
    """Records of a form that wait: the overdue ones and those due today, the most urgent first; the others by
    their state.
    """

    late: list[Any] = field(default_factory=list)
    soon: list[Any] = field(default_factory=list)
    later: dict[str, list[Any]] = field(default_factory=dict)

    def put(self, record: Any, now: datetime, tonight: datetime) -> None:
        """Where a record belongs."""
        due = record.due_at
        if due is not None and due < tonight:
            (self.late if due < now else self.soon).append(record)
        else:
            self.later.setdefault(record.state, []).append(record)


def of(
    cls: Any, who: Person, reach: Reach, states: Iterable[str], now: datetime, tonight: datetime, each: int
) -> Waits:
    """Of a form what lies within a reach in these states, and what was handed to a person wherever it lies:
    ``each`` of a kind.
    """
    found: dict[tuple[str, str], list[tuple[Any, int]]] = {}
    times = {"now": now, "tonight": tonight, "me": who.id}
    for asked in _asked(cls, reach, tuple(states), each):
        for kind, state, key, due in db.session.connection().execute(asked, times):
            found.setdefault((kind, "" if kind in (LATE, SOON) else state), []).append((due, key))
    keys: dict[int, None] = {}
    for (kind, _state), some in found.items():
        first = sorted(some) if kind in (LATE, SOON, LATER) else sorted(some, key=lambda one: -one[1])
        keys |= dict.fromkeys(key for _due, key in first[:each])
    waits = Waits()
    for record in _in_order(cls, keys) if keys else ():
        waits.put(record, now, tonight)
    for pressing in (waits.late, waits.soon):
        pressing.sort(key=lambda record: record.due_at)
    return waits


def _in_order(cls: Any, keys: Mapping[int, None]) -> list[Any]:
    found = {record.id: record for record in db.session.execute(_loading(cls), {"ids": list(keys)}).scalars()}
    return [found[key] for key in keys if key in found]


@lru_cache(maxsize=64)
def _loading(cls: Any) -> Any:
    """The statement for some records, with what each is about."""
    about = (joinedload(getattr(cls, cls.about)),) if cls.about else ()
    return select(cls).where(cls.id.in_(bindparam("ids", expanding=True))).options(*about)


@lru_cache(maxsize=1024)
def _asked(cls: Any, reach: Reach, states: Sequence[str], each: int) -> list[Any]:
    """The statements for the ids: a part for each piece of the reach, each state, and each way of being
    due.
    """
    soonest = (cls.due_at.asc(), cls.created_at.asc(), cls.id.asc())
    latest = (cls.due_at.desc(), cls.created_at.desc(), cls.id.desc())
    ways = (
        (LATE, cls.due_at < NOW, soonest),
        (SOON, and_(cls.due_at >= NOW, cls.due_at < TONIGHT), soonest),
        (LATER, cls.due_at >= TONIGHT, soonest),
        (SOME_DAY, cls.due_at.is_(None), latest),
    )
    scopes = scopes_of(cls, reach) if reach else []
    parts = [
        _part(cls, kind, state, each, (scope, fits), order)
        for scope in scopes
        for state in states
        for kind, fits, order in ways
    ]
    for name in access.handed_by(cls):
        mine = getattr(cls, f"{name}_id") == bindparam("me", type_=cls.id.type)
        parts += [_part(cls, HANDED, state, each, (mine,), latest[1:]) for state in states]
    return [union_all(*parts[at : at + PARTS]) for at in range(0, len(parts), PARTS)]


def _part(cls: Any, kind: str, state: str, each: int, conditions: Sequence[Any], order: Sequence[Any]) -> Any:
    columns = (literally(kind).label("kind"), cls.state, cls.id, cls.due_at)
    asked = select(*columns).where(cls.state == literally(state), *conditions)
    return select(asked.order_by(*order).limit(literally(each)).subquery())
