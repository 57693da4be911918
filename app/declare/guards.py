"""Guards: what must hold for a step, each a named function with its sentence and the box where it is said;
and those that many steps share.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.declare.asks import PHOTOS
from app.declare.conditions import Conditions, hold
from app.ground import clock
from app.ground.language import gettext as _
from app.ground.spelling import known_words
from app.ground.words import Pair, Words, words_or_none

GRACE = timedelta(minutes=1)  # of clocks that don't agree


@dataclass(frozen=True)
class Guard:
    """A condition of a step. Where it doesn't hold, its sentence stands ``at`` a box.

    ``moments``, ``since``, ``box``, ``conditions`` and ``photos`` are what a shared one speaks of, for the
    check of the declaration; whether there is a photo is asked by who performs the step.
    """

    holds: Callable[[Any], bool]
    sentence: Words | Callable[[Any], str]
    at: str = ""
    name: str = ""
    moments: tuple[str, ...] = ()
    box: str = ""
    conditions: Conditions | None = None
    photos: str = ""
    since: Callable[[Any], Any] | None = None

    def said(self, record: Any) -> str:
        """Its sentence, to whoever reads it now."""
        return self.sentence(record) if callable(self.sentence) else str(self.sentence)


@known_words()
def guard(chinese: str, english: str, *, at: str = "") -> Callable[[Callable[[Any], bool]], Guard]:
    """Declare a function of the form as a guard: what to say where it gives False, and ``at`` which box."""

    def declare(holds: Callable[[Any], bool]) -> Guard:
        return Guard(holds, Words(chinese, english), at, holds.__name__)

    return declare


@known_words()
def not_ahead(box: str, sentence: Pair | None = None) -> Guard:
    """A moment or day that is given isn't in the future."""

    def holds(record: Any) -> bool:
        value = getattr(record, box)
        if isinstance(value, datetime):
            return value <= clock.now() + GRACE
        return value is None or bool(value <= clock.today())

    def said(record: Any) -> str:
        return _("%(box)s can't lie ahead.", box=record.fields[box].label)

    return Guard(holds, words_or_none(sentence) or said, box, f"not_ahead({box})", moments=(box,))


@known_words()
def not_before(
    box: str, other: str | Callable[[Any], datetime | date | None], sentence: Pair | None = None
) -> Guard:
    """A moment or day that is given isn't earlier than another box's, or than what a function of the record
    gives (with a sentence of its own).
    """
    name = other if isinstance(other, str) else other.__name__
    if sentence is None and callable(other):
        raise TypeError(f"not_before({box}, {name}) needs the sentence that says than what")

    def holds(record: Any) -> bool:
        value = getattr(record, box)
        bound = other(record) if callable(other) else getattr(record, other)
        return value is None or bound is None or _is_since(value, bound)

    def said(record: Any) -> str:
        boxes = record.fields
        return _("%(box)s can't be before %(other)s.", box=boxes[box].label, other=boxes[name].label)

    told, since = words_or_none(sentence) or said, other if callable(other) else None
    moments = (box,) if callable(other) else (box, other)
    return Guard(holds, told, box, f"not_before({box}, {name})", moments=moments, since=since)


@known_words()
def needed_when(box: str, when: Conditions, sentence: Pair | None = None) -> Guard:
    """A box is filled in where others say so: ``needed_when("bag", {"key.kind": "left"})``."""

    def holds(record: Any) -> bool:
        return getattr(record, record.fields[box].column) not in (None, "", [], False) or not hold(
            when, record
        )

    def said(record: Any) -> str:
        return _("%(box)s is needed here.", box=record.fields[box].label)

    return Guard(holds, words_or_none(sentence) or said, box, f"needed_when({box})", box=box, conditions=when)


@known_words()
def some_photo(kind: str, sentence: Pair | None = None) -> Guard:
    """There is a photo of that kind: on the record already, or sent with the step."""

    def said(record: Any) -> str:
        return _("At least one photo (%(kind)s) is needed.", kind=record.photo_kinds[kind])

    return Guard(
        _asked_elsewhere, words_or_none(sentence) or said, PHOTOS + kind, f"some_photo({kind})", photos=kind
    )


def _asked_elsewhere(record: Any) -> bool:
    raise NotImplementedError


def _is_since(value: Any, bound: Any) -> bool:
    """Whether a moment or day isn't before another: to the minute, as people type it; beside a day, by
    days.
    """
    if isinstance(value, datetime) and isinstance(bound, datetime):
        return value >= clock.minute(bound)
    return _day(value) >= _day(bound)


def _day(value: Any) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value
