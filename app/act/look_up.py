"""Look-ups: finding a record by typing, offering only what saving will accept."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, false, func, or_, select
from sqlalchemy.orm import joinedload

from app.act import personal_searches, search
from app.act.asking import filters
from app.declare.person import Person
from app.declare.record import Record, registry
from app.ground.database import db
from app.ground.text import clean, narrow, natural
from app.people import access
from app.people.access import Reach

AT_MOST = 12


def reach(person: Person, cls: type[Record]) -> Reach:
    """The rows a person may refer to."""
    return access.reach(person, (*cls.access.by("read"), *cls.access.by("look_up")))


def exactly(person: Person, cls: type[Record], text: str) -> int | None:
    """The id of the one record within reach that a text names: by its label, else as people say it; or
    None.
    """
    column = _label(cls)
    within_reach = reach(person, cls)
    if column is None or not text or not within_reach.offices:
        return None
    whole = [label for label in cls.spoken(text) if not label.startswith("*")]
    ways = [column == label for label in dict.fromkeys((text, narrow(text)))]  # mostly one and the same
    if cls.in_order and whole:
        ways.append(_said(cls, whole))
    for named in ways:
        keys = (
            db.session.execute(select(cls.id).where(within_reach.where(cls), named).limit(2)).scalars().all()
        )
        if keys:
            return keys[0] if len(keys) == 1 else None
    return None


def _said(cls: Any, labels: Sequence[str]) -> ColumnElement[bool]:
    """Whether a record has one of these labels, noughts and case aside; ``*`` stands for any part."""
    column = cls.order_key if cls.in_order else None
    if column is None or not labels:
        return false()
    ways = [
        "%".join(_escaped(natural(part)) for part in label.split("*")) for label in labels if "*" in label
    ]
    plain = column.in_([natural(label) for label in labels if "*" not in label])
    return or_(plain, *(column.like(way, escape="\\") for way in ways))


def by_name(person: Person, cls: type[Record], arguments: Mapping[str, str]) -> dict[str, str]:
    """An address's parameters, in which a filter that gives a record's name tells its id."""
    told = dict(arguments)
    for name, box in filters(cls).items():
        if box.is_reference and told.get(name) and not told.get(f"{name}-id"):
            told[f"{name}-id"] = str(exactly(person, box.kind.target, clean(told[name][:200])) or "")
    return told


def _label(cls: Any) -> Any:
    named = cls.fields.get(cls.label)
    return None if named is not None and named.is_reference else getattr(cls, cls.label)


def with_about(cls: Any) -> list[Any]:
    """How records are read together with what each is about: its label alone, the rest where it is asked."""
    return with_labels(cls, (cls.about,)) if cls.about else []


def with_labels(cls: Any, names: Iterable[str]) -> list[Any]:
    """How records are read together with what some of their boxes refer to: its label alone."""
    return [
        joinedload(getattr(cls, name)).load_only(getattr(of, of.label))
        for name in names
        if cls.fields[name].is_reference and (of := cls.fields[name].kind.target).label
    ]


def suggest(person: Person, cls: Any, typed: str, limit: int = AT_MOST) -> Sequence[Any]:
    """Records whose label begins with or contains what was typed, or that the search finds by it. Personal
    numbers count only whole.
    """
    text = clean(narrow(typed))[:60]
    within_reach = reach(person, cls)
    column = _label(cls)
    if not within_reach.offices:
        return []
    base = select(cls).where(within_reach.where(cls)).options(*with_about(cls))
    if hasattr(cls, "active"):
        base = base.where(cls.active.is_(True))
    order = cls.order_key if cls.in_order else column
    if not text or column is None:
        return (
            db.session.execute(base.order_by(cls.id.desc() if column is None else order).limit(limit))
            .scalars()
            .all()
        )
    # before a row is read: a look that is written down ends the transaction
    query = personal_searches.understand(person, text)
    ways = _ways(cls, cast(column, String), text)
    rank = case(*((way, at) for at, way in enumerate(ways)))
    rows = list(db.session.execute(base.where(or_(*ways)).order_by(rank, order).limit(limit)).scalars())
    if len(rows) < limit and cls.found_through:
        rows += _through(person, cls, within_reach, query, limit - len(rows), {row.id for row in rows})
    if len(rows) < limit:
        known = {row.id for row in rows}
        answers = search.Answers(query, within_reach, cls.name).newest(limit)
        keys = [key for key in answers if key not in known]
        more = base.where(cls.id.in_(keys)).limit(limit - len(rows))
        rows += db.session.execute(more).scalars() if keys else []
    return rows


def _ways(cls: Any, named: ColumnElement[str], text: str) -> list[ColumnElement[bool]]:
    """How a label can be what was typed, the likeliest first: it is that, means it, begins with it or has it
    within, or is a code without dashes.
    """
    ways = [named.ilike(_escaped(text), escape="\\"), _said(cls, cls.spoken(text))]
    ways += [named.ilike(form.format(_escaped(text)), escape="\\") for form in ("{}%", "%{}%")]
    if text.isdigit() and len(text) >= 3:
        ways.append(func.replace(named, "-", "").like(text + "%"))
    return ways


def _through(
    person: Person, cls: Any, within: Reach, query: search.Query, limit: int, known: set[int]
) -> list[Any]:
    """Records that another form's search leads to: a unit by the name or the phone of its people."""
    name, _dot, field = cls.found_through.partition(".")
    other: Any = registry[name]
    keys = search.Answers(query, reach(person, other), name).newest(limit)
    if not keys:
        return []
    column = getattr(other, other.fields[field].column)
    ids = set(db.session.execute(select(column).where(other.id.in_(keys))).scalars()) - known
    return list(
        db.session.execute(select(cls).where(cls.id.in_(ids), within.where(cls)).limit(limit)).scalars()
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
