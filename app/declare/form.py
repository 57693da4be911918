"""Controlled forms: records with a code, a gapless number, states, steps and deadlines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.utils import cached_property

from app.declare import fields
from app.declare.acts import OfficeAct
from app.declare.asks import Ask
from app.declare.becoming import Becomes
from app.declare.calls import Call
from app.declare.checks import Check, looked_at
from app.declare.duties import By
from app.declare.guards import Guard
from app.declare.paper import Paper as Paper
from app.declare.person import Person
from app.declare.record import Record
from app.declare.scanned import Scanned
from app.declare.setting import Setting
from app.ground import clock
from app.ground.database import Moment
from app.ground.spelling import known_options, known_words
from app.ground.words import Pair, Words, words, words_or_none

MOVING, WAITING, DONE, DRAFT, VOIDED = "moving", "waiting", "done", "draft", "void"


@known_options()
@dataclass(frozen=True)
class State:
    """A state a form can be in. ``tone`` gives its colour; a ``side`` state is no station on the main way."""

    label: Words
    tone: str = MOVING
    side: bool = False
    name: str = ""
    final: bool = False


@known_words("side")
def moving(chinese: str, english: str, **options: Any) -> State:
    """Somebody is at it."""
    return State(Words(chinese, english), MOVING, **options)


@known_words("side")
def waiting(chinese: str, english: str, **options: Any) -> State:
    """It waits for somebody."""
    return State(Words(chinese, english), WAITING, **options)


@known_words("side")
def done(chinese: str, english: str, **options: Any) -> State:
    """The work is done."""
    return State(Words(chinese, english), DONE, **options)


@known_words("side")
def closed(chinese: str, english: str, **options: Any) -> State:
    """It is put away."""
    return State(Words(chinese, english), DRAFT, **options)


class States(dict[str, State]):
    """The states of a form in the order of its main way; the first is where it starts."""

    def __init__(self, **states: State) -> None:
        super().__init__({name: replace(state, name=name) for name, state in states.items()})

    @property
    def first(self) -> str:
        """Where a new form starts."""
        return next(iter(self))


@dataclass
class Step:
    """A step of the workflow: from where to where, who may, what it asks, and its effect (a method of the
    form).
    """

    name: str
    label: Words
    source: tuple[str, ...]
    targets: tuple[str, ...]
    by: tuple[By, ...]
    asks: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    not_by: tuple[str, ...] = ()
    bulk: bool = False
    danger: bool = False
    story: Words | None = None
    by_when: Callable[[Any], Sequence[By]] | None = None
    effect: Callable[[Any], str | None] | None = None
    help: Words | None = None
    waits_for: tuple[str, ...] = ()

    @property
    def target(self) -> str | None:
        """Where it leads; None where it stays or its effect decides among several."""
        return self.targets[0] if len(self.targets) == 1 else None

    @property
    def plain(self) -> bool:
        """Whether by itself it only moves the state; its form may have more follow (``moves_alone``)."""
        return (
            len(self.targets) == 1
            and self.effect is None
            and not self.asks
            and not self.guards
            and not self.not_by
            and self.by_when is None
        )

    @cached_property
    def asked(self) -> tuple[Ask, ...]:
        """What its dialog asks for."""
        return tuple(map(Ask.of, self.asks))

    def clauses(self, record: Any) -> Sequence[By]:
        """Who may take the step on this record."""
        return self.by_when(record) if self.by_when is not None else self.by


@known_words()
def step(
    source: str | Iterable[str],
    target: str | tuple[str, ...] | None,
    *,
    by: Sequence[By],
    label: Pair,
    help: Pair | None = None,
    asks: Sequence[str] = (),
    guards: Sequence[Guard] = (),
    not_by: Sequence[str] = (),
    bulk: bool = False,
    danger: bool = False,
    story: Pair | None = None,
    by_when: Callable[[Any], Sequence[By]] | None = None,
    waits_for: Sequence[str] = (),
) -> Callable[[Callable[[Any], Any]], Any]:
    """Declare a method as a step; ``help`` says in its dialog what it is for.

    ``asks`` names fields (``cause?``: may stay empty; ``reading!``: asked anew, whatever stands there) and
    kinds of photos (``photos:after``). ``by_when`` narrows ``by`` for a record, such as an
    approval by level.
    ``not_by`` names fields, ``created_by`` or another step: whoever stands there, or took that step last, may
    not take this one (the second pair of eyes).
    ``waits_for`` names what the record may have made (``becomes``): until that is done it isn't taken.
    ``target`` None stays in the state; of several the effect returns one. ``story`` is the sentence said
    afterwards, with ``%(field)s`` places.
    """

    def declare(effect: Callable[[Any], Any]) -> Step:
        sources = (source,) if isinstance(source, str) else tuple(source)
        targets = (target,) if isinstance(target, str) else tuple(target or ())
        return Step(
            effect.__name__,
            words(label),
            sources,
            targets,
            tuple(by),
            tuple(asks),
            tuple(guards),
            tuple(not_by),
            bulk,
            danger,
            words_or_none(story),
            by_when,
            effect if _does_something(effect) else None,
            words_or_none(help),
            tuple(waits_for),
        )

    return declare


def _does_something(effect: Callable[[Any], Any]) -> bool:
    """Whether a step's method has a body: more than a docstring or an ellipsis."""
    code = effect.__code__
    return bool(code.co_names) or any(constant not in (None, effect.__doc__) for constant in code.co_consts)


Figure = int | Callable[[Any], int | None] | None
Within = Setting[int] | Callable[[Any], Setting[int] | None] | None


@dataclass(frozen=True)
class Deadline:
    """How long a form may stay somewhere: from a moment, so many minutes or working days, or as long as a
    setting says (``within``), while in these states.

    ``minutes`` and ``working_days`` are numbers or functions of the record, ``within`` a setting or a
    function that gives one; None from a function means no deadline. A setting counts as it is in force when
    the time begins.
    ``until`` gives the moment itself instead (an appointed time), or the day with whose end it comes.
    ``since`` and ``until`` are a field's name or a function of the record.
    ``step`` names the step that meets it, where that isn't simply the next one on the way.
    """

    label: Words
    while_in: tuple[str, ...]
    since: str | Callable[[Any], datetime | None] = "state_at"
    minutes: Figure = None
    working_days: Figure = None
    until: str | Callable[[Any], date | None] | None = None
    step: str = ""
    name: str = ""
    within: Within = None


@known_words()
def deadline(
    chinese: str,
    english: str,
    while_in: str | Sequence[str],
    *,
    since: str | Callable[[Any], datetime | None] = "state_at",
    minutes: Figure = None,
    working_days: Figure = None,
    within: Within = None,
    until: str | Callable[[Any], date | None] | None = None,
    step: str = "",
) -> Deadline:
    """Declare a deadline; a figure of field practice is a setting."""
    states = (while_in,) if isinstance(while_in, str) else tuple(while_in)
    return Deadline(Words(chinese, english), states, since, minutes, working_days, until, step, within=within)


class Form(Record):
    """A controlled form. It is never deleted: it is voided with a reason and keeps its number."""

    __abstract__ = True

    states: ClassVar[States] = States()
    steps: ClassVar[dict[str, Step]] = {}  # as declared: the likeliest first
    deadlines: ClassVar[dict[str, Deadline]] = {}
    guards: ClassVar[dict[str, Guard]] = {}
    acts: ClassVar[dict[str, OfficeAct]] = {}
    checks: ClassVar[Sequence[Check]] = ()
    calls: ClassVar[Sequence[Call]] = ()
    links: ClassVar[dict[str, Becomes]] = {}
    scanned: ClassVar[Scanned | None] = None
    edit_in: ClassVar[tuple[str, ...]] = ()
    highlights: ClassVar[Mapping[str, str | tuple[str, ...]]] = {}
    sorts: ClassVar[tuple[str, ...]] = ("created_at", "due_at")

    state: Mapped[str] = mapped_column(String(24), sort_order=-10)
    state_at: Mapped[datetime] = mapped_column(Moment, default=clock.now, sort_order=-10)
    due_at: Mapped[datetime | None] = mapped_column(Moment, sort_order=-10)
    due_name: Mapped[str | None] = mapped_column(String(24), sort_order=-10)
    held_at: Mapped[datetime | None] = mapped_column(Moment, sort_order=-10)
    resumed_at: Mapped[datetime | None] = mapped_column(Moment, sort_order=-10)
    held_seconds: Mapped[int] = mapped_column(default=0, sort_order=-10)

    closing = fields.section("备注", "Remarks")
    remark: Mapped[str | None] = fields.long_text("备注", "Remark", max=1000)
    void_reason: Mapped[str | None] = fields.long_text(
        "作废原因", "Reason for voiding", max=500, by_step=True
    )

    def __init_subclass__(cls, **options: Any) -> None:
        """Gather steps, guards, deadlines and acts, add the voiding every form has, then build the class."""
        body = dict(cls.__dict__)
        cls.steps = {**cls.steps, **{n: v for n, v in body.items() if isinstance(v, Step)}}
        cls.guards = {**cls.guards, **{n: v for n, v in body.items() if isinstance(v, Guard)}}
        cls.deadlines = {**cls.deadlines, **cls._taken_out(Deadline)}
        cls.acts = {**cls.acts, **cls._taken_out(OfficeAct)}
        cls.links = {**cls.links, **cls._taken_out(Becomes)}
        for gathered in (cls.steps, cls.guards):
            for name in gathered.keys() & body.keys():
                delattr(cls, name)
        if cls.states:
            cls._with_void()
        super().__init_subclass__(**options)
        ordered = sorted(
            cls.fields.values(),
            key=lambda box: (box.section is not None and box.section is _closing(), box.order),
        )
        cls.fields = {box.name: box for box in ordered}

    @classmethod
    def _with_void(cls) -> None:
        left = {
            source for step in cls.steps.values() for source in step.source if set(step.targets) - {source}
        }
        left |= {source for act in cls.acts.values() if act.target for source in act.source}
        states = {name: replace(state, final=name not in left) for name, state in cls.states.items()}
        open_states = tuple(name for name, state in states.items() if not state.final)
        if open_states and cls.access.by("void") and "void" not in cls.steps:
            states["void"] = State(Words("已作废", "Voided"), VOIDED, side=True, final=True)
            cls.steps = {
                **cls.steps,
                "void": Step(
                    "void",
                    Words("作废", "Void"),
                    open_states,
                    ("void",),
                    cls.access.by("void"),
                    ("void_reason",),
                    danger=True,
                ),
            }
        named = States()
        named.update({name: replace(state, name=name) for name, state in states.items()})
        cls.states = named

    @property
    def acting(self) -> Person:
        """The person who takes the step at hand, for its effect."""
        person: Person = self.__dict__["acting"]
        return person

    @property
    def stands_open(self) -> list[Any]:
        """What its checks find open, for ``by_when``; nothing is asked, and so nothing stands open, in a
        list.
        """
        return [thing for looked in looked_at(self) for thing in looked.open]

    @property
    def is_void(self) -> bool:
        """Whether it was taken out of use."""
        return bool(self.states) and self.states[self.state].tone == VOIDED

    @classmethod
    def open_states(cls) -> tuple[str, ...]:
        """The states from which something can still happen."""
        return tuple(name for name, state in cls.states.items() if not state.final)

    @classmethod
    def moves_alone(cls, step: Step) -> bool:
        """Whether a step moves the state and nothing hangs on that, so that any selection can be moved by one
        statement: no rule of the form's own, nothing worked out, no ledger kept, nothing only one may have in
        a state.
        """
        return (
            step.plain
            and not any(step.name in check.before for check in cls.checks)
            and cls.check is Record.check
            and cls.work_out is Record.work_out
            and cls.saved is Record.saved
            and not cls.kept_in
            and not any(rule.states for rule in cls.one_each)
            and not cls.posts
            and all(field.worked_out is None for field in cls.fields.values())
        )

    @classmethod
    def editable_in(cls) -> tuple[str, ...]:
        """The states in which its boxes may be edited; a submitted form isn't edited but amended by its
        steps.
        """
        return cls.edit_in or ((cls.states.first,) if cls.states else ())


def _closing() -> Any:
    return Form.fields["remark"].section
