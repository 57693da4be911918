"""What waits for somebody, as the first page needs it: of each state in which something can be done the few
that press most.

Each is reached by an index of its own, so that it takes as long at a million records as at a thousand.
"""

from collections.abc import Iterable, Iterator, Sequence
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
    """Ids of a form's records that wait: the overdue ones and those due today with when, the most urgent
    first; the others by their state, and among these what was handed to the person.
    """

    late: list[tuple[datetime, int]] = field(default_factory=list)
    soon: list[tuple[datetime, int]] = field(default_factory=list)
    later: dict[str, list[int]] = field(default_factory=dict)
    handed: dict[str, list[int]] = field(default_factory=dict)


def of(
    cls: Any,
    who: Person,
    reach: Reach,
    states: Iterable[str],
    not_due: Iterable[str],
    now: datetime,
    tonight: datetime,
    each: int,
) -> Waits:
    """Of a form what lies within a reach in these states, in those of ``not_due`` whether it presses or not;
    and what was handed to a person wherever it lies: ``each`` of a kind.
    """
    groups: dict[tuple[str, str], list[tuple[Any, int]]] = {}
    times = {"now": now, "tonight": tonight, "me": who.id}
    dues: dict[int, tuple[datetime | None, str]] = {}
    for asked in _asked(cls, reach, tuple(states), frozenset(not_due), each):
        for kind, state, key, due in db.session.connection().execute(asked, times):
            groups.setdefault((kind, "" if kind in (LATE, SOON) else state), []).append((due, key))
            dues[key] = due, state
    keys: dict[int, None] = {}
    for (kind, _state), some in groups.items():
        first = sorted(some) if kind in (LATE, SOON, LATER) else sorted(some, key=lambda pair: -pair[1])
        keys |= dict.fromkeys(key for _due, key in first[:each])
    handed = {key for (kind, _state), some in groups.items() if kind == HANDED for _due, key in some}
    waits = Waits()
    for key in keys:
        due, state = dues[key]
        if due is None or due >= tonight:
            waits.later.setdefault(state, []).append(key)
            if key in handed:
                waits.handed.setdefault(state, []).append(key)
        else:
            (waits.late if due < now else waits.soon).append((due, key))
    waits.late.sort()
    waits.soon.sort()
    return waits


class Records:
    """Records of several forms, read by their ids some at a time: as many as are looked at, together."""

    def __init__(self) -> None:
        self._read: dict[Any, dict[int, Any]] = {}

    def read(self, keys: Iterable[tuple[Any, int]]) -> None:
        """Read those that weren't yet, one question a form."""
        wanted: dict[Any, list[int]] = {}
        for cls, key in keys:
            if key not in self._read.setdefault(cls, {}):
                wanted.setdefault(cls, []).append(key)
        for cls, some in wanted.items():
            rows = db.session.execute(_loading(cls), {"ids": some}).scalars()
            self._read[cls] |= dict.fromkeys(some) | {record.id: record for record in rows}

    def each(self, keys: Sequence[tuple[Any, int]], ahead: int) -> Iterator[Any]:
        """One after the other, read ``ahead`` at a time; what is gone meanwhile is passed over."""
        for at, (cls, key) in enumerate(keys):
            if key not in self._read.get(cls, {}):
                self.read(keys[at : at + ahead])
            if (record := self._read[cls][key]) is not None:
                yield record


@lru_cache(maxsize=64)
def _loading(cls: Any) -> Any:
    """The statement for some records, with what each is about: its label alone, the rest where it is asked."""
    about = []
    if cls.about:
        of = cls.fields[cls.about].kind.target
        about = [joinedload(getattr(cls, cls.about)).load_only(getattr(of, of.label))]
    return select(cls).where(cls.id.in_(bindparam("ids", expanding=True))).options(*about)


@lru_cache(maxsize=1024)
def _asked(cls: Any, reach: Reach, states: Sequence[str], not_due: frozenset[str], each: int) -> list[Any]:
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
        if kind in (LATE, SOON) or state in not_due
    ]
    for name in access.handed_by(cls):
        mine = getattr(cls, f"{name}_id") == bindparam("me", type_=cls.id.type)
        parts += [_part(cls, HANDED, state, each, (mine,), latest[1:]) for state in states]
    return [union_all(*parts[at : at + PARTS]) for at in range(0, len(parts), PARTS)]


def _part(cls: Any, kind: str, state: str, each: int, conditions: Sequence[Any], order: Sequence[Any]) -> Any:
    columns = (literally(kind).label("kind"), cls.state, cls.id, cls.due_at)
    asked = select(*columns).where(cls.state == literally(state), *conditions)
    return select(asked.order_by(*order).limit(literally(each)).subquery())
