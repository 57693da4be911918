"""What waits for somebody, as the first page needs it: of each state in which something can be done the few
that press most.

Each is reached by an index of its own, so that it takes as long at a million records as at a thousand.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, String, and_, bindparam, select

from app.act import steps
from app.act.look_up import with_labels
from app.declare.person import Person
from app.ground.database import Moment, db, literally
from app.lists.as_text import typed, written
from app.lists.highlights import spot
from app.lists.listing import scopes_of
from app.people import access
from app.people.access import Reach

LATE, SOON, LATER, SOME_DAY, HANDED = "late", "soon", "later", "some_day", "handed"
PARTS = 400  # of one statement
NOW, TONIGHT = bindparam("now", type_=Moment()), bindparam("tonight", type_=Moment())
TOLD: Mapping[str, Any] = {"now": NOW, "tonight": TONIGHT, "me": bindparam("me", type_=BigInteger())}


@dataclass
class Waits:
    """Ids of a form's records that wait: the overdue ones and those due today with when, the most urgent
    first; the others by their state, and among these what was handed to the person.
    """

    late: list[tuple[datetime, int]] = field(default_factory=list)
    soon: list[tuple[datetime, int]] = field(default_factory=list)
    later: dict[str, list[int]] = field(default_factory=dict)
    handed: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What is asked of a form: within a reach, in these states what presses, in those of ``not_due`` the rest
    too; and in those of ``in_hand`` what was handed to the person.
    """

    cls: Any
    reach: Reach
    states: tuple[str, ...]
    not_due: frozenset[str]
    in_hand: tuple[str, ...]


def of(
    wanted: Sequence[Wanted], who: Person, now: datetime, tonight: datetime, each: int
) -> dict[Any, Waits]:
    """Of each form what is wanted, and what was handed to a person wherever it lies: ``each`` of a kind.
    Asked in one statement.
    """
    classes = {form.cls.name: form.cls for form in wanted}
    times = {"now": now, "tonight": tonight, "me": who.id}
    read: dict[str, list[tuple[str, str, int, datetime | None]]] = {name: [] for name in classes}
    for asked, same in _asked(tuple(wanted), each, db.engine.dialect.name):
        for name, kind, state, key, due in db.session.connection().execute(asked, {**same, **times}):
            read[name].append((kind, state, key, due))
    return {classes[name]: _sorted(rows, now, tonight, each) for name, rows in read.items()}


def _sorted(
    rows: Sequence[tuple[str, str, int, datetime | None]], now: datetime, tonight: datetime, each: int
) -> Waits:
    """The first ``each`` of every kind, each record where it belongs."""
    kinds: dict[tuple[str, str], list[tuple[Any, int]]] = {}
    for kind, state, key, due in rows:
        kinds.setdefault((kind, state), []).append((due, key))
    keys: dict[int, None] = {}
    for (kind, _state), some in kinds.items():
        first = sorted(some) if kind in (LATE, SOON, LATER) else sorted(some, key=lambda pair: -pair[1])
        keys |= dict.fromkeys(key for _due, key in first[:each])
    handed = {key for kind, _state, key, _due in rows if kind == HANDED}
    waits = Waits()
    for key, due, state in {
        key: (key, due, state) for _kind, state, key, due in rows if key in keys
    }.values():
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
        self.known = steps.Known()

    def read(self, keys: Iterable[tuple[Any, int]]) -> None:
        """Read those that weren't yet, one question a form."""
        wanted: dict[Any, list[int]] = {}
        for cls, key in keys:
            if key not in self._read.setdefault(cls, {}):
                wanted.setdefault(cls, []).append(key)
        records: list[Any] = []
        for cls, some in wanted.items():
            rows = db.session.execute(_loading(cls), {"ids": some}).scalars().all()
            self._read[cls] |= dict.fromkeys(some) | {record.id: record for record in rows}
            records += rows
        self.known.look_at(records)

    def each(self, keys: Sequence[tuple[Any, int]], ahead: int) -> Iterator[Any]:
        """One after the other, read ``ahead`` at a time; what is gone meanwhile is passed over."""
        for at, (cls, key) in enumerate(keys):
            if key not in self._read.get(cls, {}):
                self.read(keys[at : at + ahead])
            if (record := self._read[cls][key]) is not None:
                yield record


@lru_cache(maxsize=64)
def _loading(cls: Any) -> Any:
    """The statement for some records, with what each is about and what its form puts in the light."""
    spots = (name for light in ("title", "line") for name in spot(cls, light))
    shown = dict.fromkeys((*((cls.about,) if cls.about else ()), *spots))
    return select(cls).where(cls.id.in_(bindparam("ids", expanding=True))).options(*with_labels(cls, shown))


@lru_cache(maxsize=1024)
def _asked(wanted: tuple[Wanted, ...], each: int, on: str) -> list[tuple[Any, Mapping[str, Any]]]:
    """The statements for the ids, one unless there are very many parts; each with its fixed values.

    Kept as text, one for all whose reach has as many pieces.
    """
    parts = [part for form in wanted for part in _parts(form, each)]
    pieces = (written(parts[at : at + PARTS], on, TOLD) for at in range(0, len(parts), PARTS))
    return [(_text(sentence), fixed) for sentence, fixed in pieces]


@lru_cache(maxsize=256)
def _text(said: str) -> Any:
    """A statement with its columns' types."""
    return typed(said, TOLD.values(), form=String, kind=String, state=String, id=BigInteger, due_at=Moment)


def _parts(form: Wanted, each: int) -> Iterator[Any]:
    """A part for each piece of the reach, each state, and each way of being due."""
    cls = form.cls
    soonest = (cls.due_at.asc(), cls.created_at.asc(), cls.id.asc())
    latest = (cls.due_at.desc(), cls.created_at.desc(), cls.id.desc())
    ways = (
        (LATE, cls.due_at < NOW, soonest),
        (SOON, and_(cls.due_at >= NOW, cls.due_at < TONIGHT), soonest),
        (LATER, cls.due_at >= TONIGHT, soonest),
        (SOME_DAY, cls.due_at.is_(None), latest),
    )
    for scope in scopes_of(cls, form.reach) if form.reach else []:
        for state in form.states:
            for kind, fits, order in ways:
                if kind in (LATE, SOON) or state in form.not_due:
                    yield _part(cls, kind, state, each, (scope, fits), order)
    for name in access.handed_by(cls):
        mine = getattr(cls, f"{name}_id") == TOLD["me"]
        for state in form.in_hand:
            yield _part(cls, HANDED, state, each, (mine,), latest[1:])


def _part(cls: Any, kind: str, state: str, each: int, conditions: Sequence[Any], order: Sequence[Any]) -> Any:
    told = (literally(cls.name).label("form"), literally(kind).label("kind"))
    asked = select(*told, cls.state, cls.id, cls.due_at).where(cls.state == literally(state), *conditions)
    return select(asked.order_by(*order).limit(literally(each)).subquery())
