"""Everything there is about one thing, as far as a person may see: of each form how many records, how many of
them open, and the newest; asked in one statement, whatever forms there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, or_, select, union_all

from app.act.look_up import with_labels
from app.declare import conditions
from app.declare.form import Form
from app.declare.person import Person
from app.declare.record import Record, registry
from app.ground.database import among, db
from app.lists.highlights import spot
from app.people import access

EACH = 6


@dataclass
class Part:
    """Of one form what is about the thing. ``own`` says that there is one a thing: it belongs to it like a
    page of its file; ``by`` is the box that names the thing, where one does.
    """

    cls: Any
    own: bool
    by: str
    total: int = 0
    in_hand: int = 0
    records: Sequence[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Way:
    """How a form's records are about such a thing: by boxes of theirs, by their lines, or by what they are
    about in their turn.
    """

    boxes: tuple[str, ...]
    lines: tuple[tuple[Any, str], ...]
    through: tuple[str, Any, str] | None = None

    def where(self, cls: Any, key: int) -> ColumnElement[bool]:
        """The records about the thing of this id."""
        told = [getattr(cls, column) == key for column in self.boxes]
        told += [
            cls.id.in_(select(line.of_id).where(getattr(line, name) == key)) for line, name in self.lines
        ]
        if self.through is not None:
            column, middle, name = self.through
            told.append(getattr(cls, column).in_(select(middle.id).where(getattr(middle, name) == key)))
        return or_(*told)


def of(record: Record, who: Person) -> list[Part]:
    """The parts of a thing's file that this person may see and that aren't empty: those of its own first,
    then in the menu's order.
    """
    target = type(record)
    parts = {name: _part(cls, target) for name, cls in registry.items() if _is_about(cls, target, who)}
    asked = [_asked(part, record, who) for part in parts.values()]
    keys: dict[str, list[int]] = {}
    for name, key, total, in_hand in db.session.execute(union_all(*asked)) if asked else ():
        parts[name].total, parts[name].in_hand = int(total), int(in_hand)
        keys.setdefault(name, []).append(key)
    for name, some in keys.items():
        parts[name].records = _read(parts[name].cls, some)
    return sorted((part for part in parts.values() if part.records), key=_order)


def _order(part: Part) -> tuple[bool, int, int]:
    menu = part.cls.part
    return not part.own, menu.order if menu is not None else 0, part.cls.menu_at


def _is_about(cls: Any, target: type[Record], who: Person) -> bool:
    return cls is not target and way_to(cls, target) is not None and bool(access.reach_of(who, cls))


@cache
def way_to(cls: Any, target: type[Record]) -> Way | None:
    """How records of a form are about things of a class, or None."""
    boxes = tuple(box.column for box in _named(cls.fields, target) if not box.by_step)
    tables = [box.kind.line for box in cls.fields.values() if box.is_lines]
    lines = tuple((line, box.column) for line in tables for box in _named(line.fields, target))
    if boxes or lines:
        return Way(boxes, lines)
    middle = cls.fields[cls.about].kind.target if cls.about else None
    if middle is None or not middle.about or middle.fields[middle.about].kind.target is not target:
        return None
    return Way((), (), (cls.fields[cls.about].column, middle, middle.fields[middle.about].column))


def _named(fields: Mapping[str, Any], target: type[Record]) -> Iterator[Any]:
    """The boxes that name a thing of a class."""
    return (box for box in fields.values() if box.is_reference and box.kind.target is target)


def _part(cls: Any, target: type[Record]) -> Part:
    alone = {rule.field for rule in cls.one_each if not rule.states}
    names = [box.name for box in _named(cls.fields, target) if not box.by_step]
    return Part(cls, any(name in alone for name in names), next(iter(names), ""))


def _asked(part: Part, record: Record, who: Person) -> Any:
    """The newest of a form's records about the thing, the open ones first; beside each how many there are."""
    cls = part.cls
    way = way_to(cls, type(record))
    is_form = issubclass(cls, Form) and bool(cls.states)
    is_open: Any = case((among(cls.state, cls.open_states()), 1), else_=0) if is_form else literal(0)
    rows = select(
        literal(cls.name).label("form"),
        cls.id.label("key"),
        func.count().over().label("total"),
        func.sum(is_open).over().label("in_hand"),
    ).where(access.rows(who, cls), way.where(cls, record.id) if way is not None else literal(False))
    order = (is_open.desc(), cls.created_at.desc(), cls.id.desc()) if is_form else (cls.id.desc(),)
    newest = rows.order_by(*order).limit(EACH).subquery()
    return select(newest)


def _read(cls: Any, keys: Sequence[int]) -> list[Any]:
    """The records of these ids in that order, with what their titles name."""
    names = {name for at in ("title", "line") for name in spot(cls, at)} | {cls.label, cls.about}
    beside = with_labels(cls, sorted(name for name in names if name in cls.fields))
    rows = db.session.execute(select(cls).where(cls.id.in_(keys)).options(*beside)).scalars()
    by_id = {row.id: row for row in rows}
    return [by_id[key] for key in keys if key in by_id]


@dataclass(frozen=True)
class Wanted:
    """A paper that a thing's file must hold, and how many are there."""

    kind: str
    label: str
    count: int


def papers(record: Record, files: Sequence[Any]) -> list[Wanted]:
    """The checklist of a file: what must be there of this thing, and what is."""
    return [
        Wanted(kind, str(record.photo_kinds[kind]), sum(file.kind == kind for file in files))
        for kind, when in record.papers.items()
        if conditions.hold(when, record)
    ]
