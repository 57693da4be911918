"""A record's story replayed into the rows that say it: number, boxes, lines, history, search; nothing is
asked of the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, NamedTuple

from app.declare.fields import Field
from app.declare.form import Form
from app.declare.person import Person
from app.ground.database import db
from app.ground.pouring import turned
from app.ground.text import natural
from app.keep import history
from app.keep.capability import plugged


class Act(NamedTuple):
    """One act: when, who, by which clause, what it is called in the history, and the boxes it sets
    (references by their columns' ids).
    """

    at: datetime
    who: Person
    clause: str
    name: str
    sets: Mapping[str, Any]


class Story(NamedTuple):
    """A record as it came to be. ``labels`` gives the references' texts for the search; ``more`` columns that
    no box shows (a hold).
    """

    office_id: int
    area_id: int | None
    acts: Sequence[Act]
    labels: Mapping[str, Any] = {}
    more: Mapping[str, Any] = {}


class Lined(SimpleNamespace):
    """A line that isn't mapped yet."""

    fields: Mapping[str, Any]


@dataclass
class Ready:
    """Records made ready to be written: the rows of each table, what each capability keeps of each record, in
    the capabilities' order; the history's key.
    """

    count: int
    tables: list[tuple[str, Sequence[str], list[Sequence[Any]]]]
    kept: list[list[Any]]
    key_id: str


def make_ready(cls: Any, stories: list[Story], expected: list[str], key: int) -> Ready:
    """Replay stories into rows; nothing is asked of the database."""
    rows: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    kept: list[list[Any]] = [[] for _each in plugged]
    tables = [field for field in cls.fields.values() if field.is_lines]
    parts: dict[Any, list[Sequence[Any]]] = {table.kind.line: [] for table in tables}
    for at, (story, number) in enumerate(zip(stories, expected, strict=True), key + 1):
        row = _replay(cls, story, number, at, said)
        if cls.in_order:
            row.order_key = natural(str(getattr(row, cls.label)))
        for capability, of_each in zip(plugged, kept, strict=True):
            of_each.append(capability.of(row))
        for table in tables:
            for place, line in enumerate(getattr(row, table.name)):
                parts[table.kind.line].append(
                    (at, place, *(line.__dict__[name] for name in _columns(table.kind.line)))
                )
        rows.append(row.__dict__)
    own = tuple(column.key for column in cls.__table__.columns if column.key in rows[0])
    told = tuple(said[0])
    written: list[Any] = [(cls.__table__, own, map(itemgetter(*own), rows))]
    written += [
        (line.__table__, ("of_id", "position", *_columns(line)), rows) for line, rows in parts.items()
    ]
    written.append((history.Line.__table__, told, map(itemgetter(*told), said)))
    poured = [
        (table.name, names, turned(db.engine.dialect, table, names, rows)) for table, names, rows in written
    ]
    return Ready(len(rows), poured, kept, said[0]["key_id"])


@cache
def _columns(line_class: Any) -> Sequence[str]:
    return tuple(part.column for part in line_class.fields.values())


@cache
def _blank(cls: Any) -> tuple[Mapping[str, Any], Sequence[tuple[str, Any]]]:
    """A record before anything is entered: its plain values, and what is worked out anew for each (tables
    included).
    """
    plain: dict[str, Any] = {
        "name": cls.name,
        "fields": cls.fields,
        "posts": cls.posts,
        "version": 0,
        "head": "",
    }
    fresh: list[tuple[str, Any]] = []
    for field in cls.fields.values():
        if field.is_lines or callable(field.default):
            fresh.append((field.column, list if field.is_lines else field.default))
        else:
            plain[field.column] = field.default
    if issubclass(cls, Form):
        plain |= {
            "deadlines": cls.deadlines,
            "acts": cls.acts,
            "states": cls.states,
            "state": cls.states.first if cls.states else "",
            "held_seconds": 0,
        }
        plain |= dict.fromkeys(("held_at", "resumed_at", "due_at", "due_name"))
    return plain, fresh


def _replay(cls: Any, story: Story, number: str, key: int, lines: list[dict[str, Any]]) -> Any:
    first = story.acts[0]
    plain, fresh = _blank(cls)
    row = SimpleNamespace(
        **plain,
        id=key,
        number=number,
        office_id=story.office_id,
        area_id=story.area_id,
        created_at=first.at,
        created_by_id=first.who.id or None,
    )
    values = row.__dict__
    values.update((name, start()) for name, start in fresh)
    values.update(
        (field.name, story.labels.get(field.name)) for field in cls.fields.values() if field.is_reference
    )
    if "state" in values:
        values["state_at"] = first.at
    kept: dict[str, Any] = {}
    for act in story.acts:
        touched = _apply(cls, row, act)
        changed = _changes(cls, row, act, touched, kept, act is first)
        row.version += 1
        line = history.line(
            cls.name, key, row.version, row.head, act.who, act.clause, act.name, changed, act.at
        )
        row.head = line["hash"]
        lines.append(line)
    row.__dict__.update(story.more)
    for capability in plugged:
        capability.settle(row)
    return row


@cache
def _worked_out(cls: Any) -> Sequence[Field]:
    return [field for field in cls.fields.values() if field.worked_out is not None]


def _apply(cls: Any, row: Any, act: Act) -> set[str]:
    """Set what an act sets, and work out what follows; the boxes that were touched."""
    fields, values = cls.fields, row.__dict__
    touched = set()
    for name, value in act.sets.items():
        field = fields.get(name)
        if field is None:
            values[name] = value
            continue
        touched.add(name)
        values[field.column] = [_line(field.kind.line, of) for of in value] if field.is_lines else value
    if "state" in act.sets:
        values["state_at"] = act.at
    for field in _worked_out(cls) if touched else ():
        value = field.follows(row)
        if value != values[field.name]:
            values[field.name] = value
            touched.add(field.name)
    return touched


def _line(cls: Any, values: Mapping[str, Any]) -> Any:
    line = Lined(
        fields=cls.fields,
        **{field.column: values.get(field.name, field.start()) for field in cls.fields.values()},
    )
    for field in cls.fields.values():
        if field.worked_out is not None:
            setattr(line, field.name, field.follows(line))
        if field.is_reference:
            setattr(line, field.name, None)
    return line


@cache
def _starts(cls: Any) -> Sequence[str]:
    """The fields that hold something before anything is entered."""
    return tuple(
        name
        for name, field in cls.fields.items()
        if callable(field.default) or history.filled(field.default) is not None
    )


def _changes(
    cls: Any, row: Any, act: Act, touched: set[str], kept: dict[str, Any], first: bool
) -> dict[str, list[Any]]:
    """What an act changed, as the history keeps it."""
    names = touched.union(_starts(cls)) if first else touched
    now = history.dumped(row, names)
    if "state" in row.__dict__ and (first or "state" in act.sets):
        now["state"] = row.state
    if first:
        now.update(number=row.number, area_id=row.area_id, office_id=row.office_id)
    changes = {
        name: [kept.get(name), value]
        for name, value in now.items()
        if (
            kept[name] != value
            if name in kept
            else history.tells(cls.fields.get(name) if first else None, value)
        )
    }
    kept.update(now)
    return changes
