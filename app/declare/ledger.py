"""Ledgers kept by events: forms that nobody fills in. Each line is about one thing, and follows from the
records of another form, its events, in the order in which they happened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from app.declare.form import DRAFT, VOIDED, Form, State, States
from app.declare.record import Record
from app.ground.spelling import known_words
from app.ground.words import Words

NO_LINE = "void"  # the state of a line that no event opened, or whose events were all voided
Effect = Callable[[Any, Any], None]


@dataclass(frozen=True)
class Keeping:
    """From what a ledger is kept: whose records are its events, which box of both names the thing, which box
    of an event says when it happened, and which what it was; records beside, on which its lines hang too.
    """

    of: Any
    by: str
    at: str
    told_by: str
    beside: tuple[type[Record], ...] = ()


@dataclass(frozen=True)
class Event:
    """What some kinds of event do to a line."""

    name: str
    kinds: tuple[str, ...]
    effect: Effect


@known_words()
def on(*kinds: str) -> Callable[[Effect], Any]:
    """Declare a method of a ledger as what such events do to a line: it is given the event."""

    def declare(effect: Effect) -> Event:
        return Event(effect.__name__, kinds, effect)

    return declare


class Ledger(Form):
    """A ledger, declared with what it is kept from: ``of`` (a form whose records are its events), ``by`` (the
    reference that names the thing of a line, in both), ``at`` (when an event happened), ``told_by`` (what it
    was) and ``beside`` (records whose change a line follows too).
    """

    __abstract__ = True

    keeping: ClassVar[Keeping | None] = None
    events: ClassVar[Mapping[str, Event]] = {}  # by kind of event

    def __init_subclass__(
        cls,
        of: Any = None,
        by: str = "",
        at: str = "created_at",
        told_by: str = "",
        beside: tuple[type[Record], ...] = (),
        **options: Any,
    ) -> None:
        """Gather what events do, then build the class; it is told of its events from here on."""
        declared = [value for value in cls.__dict__.values() if isinstance(value, Event)]
        cls.events = {kind: event for event in declared for kind in event.kinds}
        for event in declared:
            delattr(cls, event.name)
        cls.keeping = Keeping(of, by, at, told_by, beside)
        if of is not None and told_by in of.fields:
            labels = getattr(of.fields[told_by].kind, "options", {})
            said = {kind: _both(of.title, label) for kind, label in labels.items()}
            cls.act_words = {**{act_of(of, kind): words for kind, words in said.items()}, **cls.act_words}
        super().__init_subclass__(**options)
        for source in {of, *beside} - {None}:
            source.kept_in = (*source.kept_in, cls)

    @classmethod
    def _with_void(cls) -> None:
        """Its lines are never voided by hand; one that no event opens any more reads so by itself."""
        states = {name: replace(state, final=state.tone == DRAFT) for name, state in cls.states.items()}
        states[NO_LINE] = State(Words("已作废", "Voided"), VOIDED, side=True, final=True)
        named = States()
        named.update({name: replace(state, name=name) for name, state in states.items()})
        cls.states = named


def act_of(of: Any, kind: str) -> str:
    """What the history of a line calls an event."""
    return f"{of.name}:{kind}"


def _both(title: Words, label: Words) -> Words:
    return Words(f"{title.chinese}：{label.chinese}", f"{title.english}: {label.english}")
