"""Who is to be called next: records whose call is due, the most pressing first, by those whose duty it is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.act import steps
from app.act.look_up import with_about
from app.declare import checks
from app.declare.calls import Call
from app.declare.form import Form, Step
from app.declare.person import Person
from app.declare.record import registry
from app.ground.database import db
from app.people import access

AT_MOST = 50  # of a kind, at a time


@dataclass(frozen=True)
class Kind:
    """A kind of calls: of which form, by which of its rules."""

    cls: type[Form]
    call: Call

    @property
    def step(self) -> Step:
        """What the caller fills in."""
        return self.cls.steps[self.call.step]


@dataclass
class Waiting:
    """The calls of a kind that are due, as far as they are read."""

    kind: Kind
    records: list[Any]
    more: bool = False


def every() -> list[Kind]:
    """All kinds of calls that there are."""
    forms = (cls for cls in registry.values() if issubclass(cls, Form))
    return [Kind(cls, call) for cls in forms for call in cls.calls]


def kinds(person: Person) -> list[Kind]:
    """Those that are among a person's duties."""
    return [kind for kind in every() if access.reach(person, kind.step.by)]


def due(person: Person, kind: Kind) -> Waiting:
    """The calls of a kind that a person may make now, the most pressing first."""
    cls: Any = kind.cls
    reach = access.reach(person, kind.step.by)
    asked = (
        select(cls)
        .where(
            reach.where(cls),
            access.rows(person, cls),
            cls.state.in_(kind.step.source),
            cls.due_at.is_not(None),
            cls.due_name == kind.call.due,
        )
        .order_by(cls.due_at, cls.id)
        .limit(AT_MOST + 1)
        .options(*with_about(cls))
    )
    rows = list(db.session.execute(asked).scalars())
    known = steps.Known()
    known.look_at(rows)
    with checks.asking_nothing():
        able = [row for row in rows[:AT_MOST] if is_ready(row, kind, person, known)]
    return Waiting(kind, able, len(rows) > AT_MOST)


def is_ready(record: Any, kind: Kind, person: Person, known: steps.Known | None = None) -> bool:
    """Whether it is time for the call, and nothing stands in this person's way."""
    ready = kind.call.ready
    told = ready is None or ready.holds(record)
    return told and steps.in_the_way(record, kind.step, person, known) is None
