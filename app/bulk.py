"""Records by the thousand, each with all that a saved one has: number, history, search, deadlines, lines; counted anew at the end.

A record comes as its story: the acts that led to where it stands. What the acts set is replayed, so that the history says what the record says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Table, func, select, text

from app import deadlines, history, numbers, search, tally
from app.database import db, is_sqlite, large_cache
from app.fields import Field
from app.form import Form
from app.memory import undisturbed
from app.person import Person
from app.pouring import pour
from app.record import Record

PART = 10_000


@dataclass(frozen=True)
class Act:
    """One act: when, who, by which clause, what it is called in the history, and the boxes it sets (references by their columns' ids)."""

    at: datetime
    who: Person
    clause: str
    name: str
    sets: Mapping[str, Any]


@dataclass
class Story:
    """A record as it came to be. ``labels`` gives the references' texts for the search; ``more`` columns that no box shows (a hold)."""

    office_id: int
    area_id: int | None
    acts: Sequence[Act]
    labels: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


class Lined(SimpleNamespace):
    """A line that isn't mapped yet."""

    fields: Mapping[str, Any]


def tell(cls: type[Record], stories: Iterable[Story], part: int = PART) -> int:
    """Insert records from their stories, which must come in the order of their first acts; how many. Commits after each part."""
    key = int(db.session.execute(select(func.coalesce(func.max(cls.id), 0))).scalar_one())
    iterator, total = iter(stories), 0
    with large_cache(db.session.connection()):
        while count := _part(cls, iterator, part, key):
            key += count
            total += count
            db.session.commit()
    tally.recount(cls)
    _set_sequences(cls)
    db.session.commit()
    return total


def _part(cls: Any, stories: Iterator[Story], size: int, key: int) -> int:
    with undisturbed():
        some = list(islice(stories, size))
        if some:
            _insert(cls, some, key)
        return len(some)


def _insert(cls: Any, stories: list[Story], key: int) -> None:
    rows: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    tokens: list[tuple[str, int, Sequence[str]]] = []
    parts: dict[Any, list[Sequence[Any]]] = {}
    tables = [one for one in cls.fields.values() if one.is_lines]
    for story, number in zip(stories, _numbers(cls, stories), strict=True):
        key += 1
        row = _replay(cls, story, number, key, lines)
        tokens.append((cls.name, key, search.tokens_of(row)))
        for one in tables:
            for at, line in enumerate(getattr(row, one.name)):
                parts.setdefault(one.kind.line, []).append((key, at, *(line.__dict__[name] for name in _columns(one.kind.line))))
        rows.append(row.__dict__)
    connection = db.session.connection()
    kept = [column.key for column in cls.__table__.columns if column.key in rows[0]]
    pour(connection, cls.__table__, kept, map(itemgetter(*kept), rows))
    for line_class, found in parts.items():
        pour(connection, line_class.__table__, ("of_id", "position", *_columns(line_class)), found)
    said = tuple(lines[0])
    pour(connection, cast(Table, history.Line.__table__), said, map(itemgetter(*said), lines))
    search.put(tokens)


@cache
def _columns(line_class: Any) -> Sequence[str]:
    return tuple(part.column for part in line_class.fields.values())


def _numbers(cls: type[Record], stories: list[Story]) -> list[str]:
    """The stories' numbers, taken in blocks from each series."""
    found: list[str] = [""] * len(stories)
    places = sorted(range(len(stories)), key=lambda at: (stories[at].office_id, numbers.series_of(cls, stories[at].acts[0].at), at))
    for (office, _month), group in groupby(places, key=lambda at: (stories[at].office_id, numbers.series_of(cls, stories[at].acts[0].at))):
        block = list(group)
        for at, number in zip(block, numbers.take(cls, office, stories[block[0]].acts[0].at, len(block)), strict=True):
            found[at] = number
    return found


@cache
def _blank(cls: Any) -> tuple[Mapping[str, Any], Sequence[tuple[str, Any]]]:
    """A record before anything is entered: its plain values, and what is worked out anew for each (tables included)."""
    plain: dict[str, Any] = {"name": cls.name, "fields": cls.fields, "version": 0, "head": ""}
    fresh: list[tuple[str, Any]] = []
    for one in cls.fields.values():
        if one.is_lines or callable(one.default):
            fresh.append((one.column, list if one.is_lines else one.default))
        else:
            plain[one.column] = one.default
    if issubclass(cls, Form):
        plain |= {"deadlines": cls.deadlines, "state": cls.states.first if cls.states else "", "held_seconds": 0}
        plain |= dict.fromkeys(("held_at", "resumed_at", "due_at", "due_name"))
    return plain, fresh


def _replay(cls: Any, story: Story, number: str, key: int, lines: list[dict[str, Any]]) -> Any:
    first = story.acts[0]
    plain, fresh = _blank(cls)
    row = SimpleNamespace(
        **plain, id=key, number=number, office_id=story.office_id, area_id=story.area_id, created_at=first.at, created_by_id=first.who.id or None,
    )  # fmt: skip
    values = row.__dict__
    values.update((name, start()) for name, start in fresh)
    values.update((one.name, story.labels.get(one.name)) for one in cls.fields.values() if one.is_reference)
    if "state" in values:
        values["state_at"] = first.at
    kept: dict[str, Any] = {}
    for act in story.acts:
        _apply(cls, row, act)
        changed = _changes(cls, row, act, kept, act is first)
        row.version += 1
        line = history.line(cls.name, key, row.version, row.head, act.who, act.clause, act.name, changed, act.at)
        row.head = line["hash"]
        lines.append(line)
    row.__dict__.update(story.more)
    if hasattr(row, "due_at"):
        deadlines.set_due(cast(Form, row))
    return row


@cache
def _worked_out(cls: Any) -> Sequence[Field]:
    return [one for one in cls.fields.values() if one.worked_out is not None]


def _apply(cls: Any, row: Any, act: Act) -> None:
    for name, value in act.sets.items():
        one = cls.fields.get(name)
        if one is not None and one.is_lines:
            row.__dict__[name] = [_line(one.kind.line, values) for values in value]
        elif one is not None:
            row.__dict__[one.column] = value
        else:
            row.__dict__[name] = value
    if "state" in act.sets:
        row.state_at = act.at
    for one in _worked_out(cls):
        row.__dict__[one.name] = one.worked_out(row)  # type: ignore[misc]


def _line(cls: Any, values: Mapping[str, Any]) -> Any:
    found = Lined(fields=cls.fields, **{one.column: values.get(one.name, one.start()) for one in cls.fields.values()})
    for one in cls.fields.values():
        if one.worked_out is not None:
            setattr(found, one.name, one.worked_out(found))
        if one.is_reference:
            setattr(found, one.name, None)
    return found


@cache
def _starts(cls: Any) -> Sequence[str]:
    """The fields that hold something before anything is entered."""
    return tuple(name for name, one in cls.fields.items() if callable(one.default) or one.default not in (None, "", [], False))


def _changes(cls: Any, row: Any, act: Act, kept: dict[str, Any], first: bool) -> dict[str, list[Any]]:
    """What an act changed, as the history keeps it; only what it set and what is worked out is looked at again."""
    names = {name for name in act.sets if name in cls.fields}
    names.update(one.name for one in _worked_out(cls))
    if first:
        names.update(_starts(cls))
    now = history.dumped(row, names)
    if "state" in row.__dict__ and (first or "state" in act.sets):
        now["state"] = row.state
    if first:
        now.update(area_id=row.area_id, office_id=row.office_id)
    found = {
        name: [kept.get(name), value]
        for name, value in now.items()
        if kept.get(name) != value and not (name not in kept and value in (None, "", [], False))
    }
    kept.update(now)
    return found


def _set_sequences(cls: Any) -> None:
    """PostgreSQL's own counters go on behind the ids given out here."""
    if is_sqlite():
        return
    tables = [cls.__table__.name, history.Line.__tablename__, *(one.kind.line.__tablename__ for one in cls.fields.values() if one.is_lines)]
    for table in tables:
        db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), coalesce(max(id), 1)) FROM \"{table}\""))  # noqa: S608
