"""What else there is about a thing: other records, newest first, and how many of each form are open.

Each is asked in one statement over all forms, kept as text, so that a page asks no more the more forms there
are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
)

from app.act.asking import filters
from app.declare.form import Form
from app.declare.person import Person
from app.declare.record import Record, registry
from app.ground.database import Moment, among, db, literally
from app.lists.as_text import typed, written
from app.lists.listing import AT_MOST, scopes_of
from app.people import access
from app.people.access import Reach

Reaches = tuple[tuple[Any, Reach], ...]
Said = tuple[str, Mapping[str, Any]]  # a statement with its fixed values
OF = tuple(bindparam(f"of{at}", type_=BigInteger()) for at in range(2))  # the things it is about


@dataclass(frozen=True)
class Related:
    """A record of another form, as far as a line says it."""

    cls: Any
    id: int
    number: str
    state: str | None
    created_at: datetime


@dataclass(frozen=True)
class Open:
    """How many records of a form are open about a thing, whether there are more than were counted, and by
    which filter a list has them.
    """

    cls: Any
    by: str
    count: int
    more: bool


def related(record: Any, person: Person, limit: int = 8) -> list[Related]:
    """Other forms' records about the record itself, or about the same thing: the same unit, the same key."""
    about = getattr(record, record.about) if record.about else None
    # who was at something isn't what it is about
    things = [thing for thing in (record, about) if thing is not None and not thing.signs_in]
    said = _newest(tuple(type(thing) for thing in things), _reaches(person), limit, _dialect())
    if said is None:
        return []
    keys = {of.key: thing.id for of, thing in zip(OF, things, strict=False)}
    rows = db.session.connection().execute(_of_newest(said[0]), {**said[1], **keys})
    others = {
        (form, key): Related(registry[form], key, number, state, at) for form, key, number, state, at in rows
    }
    others.pop((record.name, record.id), None)
    return sorted(others.values(), key=lambda other: (other.created_at, other.id), reverse=True)[:limit]


def open_about(thing: Record, person: Person) -> list[Open]:
    """How many records of each form are open about a thing, of those that have any."""
    reaches = _reaches(person)
    said = _open(type(thing), reaches, _dialect())
    if said is None:
        return []
    counts = {cls.name: 0 for cls, _reach in reaches}
    for form, count in db.session.connection().execute(_of_open(said[0]), {**said[1], OF[0].key: thing.id}):
        counts[form] += count
    return [
        Open(registry[form], registry[form].about, min(count, AT_MOST), count > AT_MOST)
        for form, count in counts.items()
        if count
    ]


def _reaches(person: Person) -> Reaches:
    """The forms whose records a person may read, and how far."""
    forms = (cls for cls in registry.values() if issubclass(cls, Form) and access.may(person, cls, "read"))
    return tuple((cls, reach) for cls in forms if (reach := access.reach_of(person, cls)))


def _dialect() -> str:
    return db.engine.dialect.name


@lru_cache(maxsize=256)
def _newest(targets: tuple[Any, ...], reaches: Reaches, limit: int, on: str) -> Said | None:
    parts = [
        _part(cls, reach, getattr(cls, field.column) == of, limit)
        for cls, reach in reaches
        for field in cls.fields.values()
        if field.is_reference and not field.by_step
        for of, target in zip(OF, targets, strict=False)
        if field.kind.target is target
    ]
    return _said(parts, on)


def _part(cls: Any, reach: Reach, is_about: Any, limit: int) -> Any:
    state = cls.state if cls.states else cast(null(), String)
    asked = select(
        literally(cls.name).label("form"), cls.id, cls.number, state.label("state"), cls.created_at
    ).where(reach.where(cls), is_about)
    newest = asked.order_by(cls.created_at.desc(), cls.id.desc()).limit(literally(limit))
    return select(newest.subquery())


@lru_cache(maxsize=256)
def _open(target: Any, reaches: Reaches, on: str) -> Said | None:
    return _said([part for cls, reach in reaches for part in _counts(cls, reach, target)], on)


def _counts(cls: Any, reach: Reach, target: Any) -> Iterator[Any]:
    """A form's counts in each piece of a reach, where its list has a filter by what its records are about."""
    about = filters(cls).get(cls.about)
    if not cls.states or about is None or about.kind.target is not target:
        return
    is_open = (among(cls.state, cls.open_states()), getattr(cls, about.column) == OF[0])
    for scope in scopes_of(cls, reach):
        inner: Any = select(literal_column("1")).select_from(cls).where(scope, *is_open)
        counted = inner.limit(literally(AT_MOST + 1)).subquery()
        yield select(literally(cls.name).label("form"), func.count().label("count")).select_from(counted)


def _said(parts: list[Any], on: str) -> Said | None:
    return written(parts, on, [of.key for of in OF]) if parts else None


@lru_cache(maxsize=256)
def _of_newest(said: str) -> Any:
    return typed(said, OF, form=String, id=BigInteger, number=String, state=String, created_at=Moment)


@lru_cache(maxsize=256)
def _of_open(said: str) -> Any:
    return typed(said, OF, form=String, count=BigInteger)
