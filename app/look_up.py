"""Look-ups: finding a record by typing, offering only what saving will accept."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import String, case, cast, func, or_, select

from app import access, personal_searches, search
from app.access import Reach
from app.asking import filters
from app.database import db
from app.kinds import clean, narrow
from app.person import Person
from app.record import Record, registry

AT_MOST = 12


def reach(person: Person, cls: type[Record]) -> Reach:
    """The rows a person may refer to."""
    return access.reach(person, (*cls.access.by("read"), *cls.access.by("look_up")))


def exactly(person: Person, cls: type[Record], text: str) -> int | None:
    """The id of the one record of exactly this label within reach, or None."""
    column = _label(cls)
    found = reach(person, cls)
    if column is None or not found.offices:
        return None
    keys = db.session.execute(select(cls.id).where(found.where(cls), column == text).limit(2)).scalars().all()
    return keys[0] if len(keys) == 1 else None


def by_name(person: Person, cls: type[Record], arguments: Mapping[str, str]) -> dict[str, str]:
    """An address's parameters, in which a filter that gives a record's name tells its id."""
    told = dict(arguments)
    for name, one in filters(cls).items():
        if one.is_reference and told.get(name) and not told.get(f"{name}-id"):
            told[f"{name}-id"] = str(exactly(person, one.kind.target, clean(told[name][:200])) or "")
    return told


def _label(cls: Any) -> Any:
    named = cls.fields.get(cls.label)
    return None if named is not None and named.is_reference else getattr(cls, cls.label)


def suggest(person: Person, cls: Any, typed: str, limit: int = AT_MOST) -> Sequence[Any]:
    """Records whose label begins with or contains what was typed, or that the search finds by it. Personal numbers count only whole."""
    text = clean(narrow(typed))[:60].lower()
    found = reach(person, cls)
    column = _label(cls)
    if not found.offices:
        return []
    base = select(cls).where(found.where(cls))
    if hasattr(cls, "active"):
        base = base.where(cls.active.is_(True))
    if not text or column is None:
        return db.session.execute(base.order_by(cls.id.desc() if column is None else column).limit(limit)).scalars().all()
    named = cast(column, String)
    ways = [named.ilike(_escaped(text) + "%", escape="\\"), named.ilike("%" + _escaped(text) + "%", escape="\\")]
    if text.isdigit() and len(text) >= 3:
        ways.append(_undashed(named).like(text + "%"))
    rank = case((ways[0], 0), else_=1)
    rows = list(db.session.execute(base.where(or_(*ways)).order_by(rank, named).limit(limit)).scalars())
    if len(rows) < limit and cls.found_through:
        rows += _through(person, cls, found, text, limit - len(rows), {row.id for row in rows})
    if len(rows) < limit:
        keys = [
            key
            for key in search.Answers(personal_searches.understand(person, text), found, cls.name).newest(limit)
            if key not in {row.id for row in rows}
        ]
        rows += db.session.execute(base.where(cls.id.in_(keys)).limit(limit - len(rows))).scalars() if keys else []
    return rows


def _through(person: Person, cls: Any, within: Reach, text: str, limit: int, known: set[int]) -> list[Any]:
    """Records that another form's search leads to: a unit by the name or the phone of its people."""
    name, _dot, field = cls.found_through.partition(".")
    other: Any = registry[name]
    keys = search.Answers(personal_searches.understand(person, text), reach(person, other), name).newest(limit)
    if not keys:
        return []
    column = getattr(other, other.fields[field].column)
    ids = set(db.session.execute(select(column).where(other.id.in_(keys))).scalars()) - known
    return list(db.session.execute(select(cls).where(cls.id.in_(ids), within.where(cls)).limit(limit)).scalars())


def _undashed(column: Any) -> Any:
    return func.replace(column, "-", "")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
