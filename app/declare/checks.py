"""Checks before a step: what is looked at first, each green or with what stands open; never a stop by
themselves.

They ask the database, so they are asked where a record is looked at and where the step is taken, in no list.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from app.declare.fields import Field
from app.declare.kinds import ReasonKind
from app.ground.database import db
from app.ground.spelling import known_options
from app.ground.words import Words

KEPT = "checks"  # under which the history keeps what stood open; no box has this name
WHY = Words("仍办理的原因", "Why, with that open")
REASON = Field(WHY, ReasonKind(), required=True, wide=True, name="reason_to_pass")
_asks_nothing: ContextVar[bool] = ContextVar("asks_nothing", default=False)


@known_options()
class Check:
    """What is looked at before some steps. ``looks`` gives what stands open, as records or sentences; None
    where there is nothing to ask of this record.
    """

    def __init__(
        self,
        chinese: str,
        english: str,
        looks: Callable[[Any], Iterable[Any] | None],
        *,
        before: str | Sequence[str],
    ) -> None:
        self.label, self.looks = Words(chinese, english), looks
        self.before = (before,) if isinstance(before, str) else tuple(before)


@dataclass(frozen=True)
class Looked:
    """A check as it came out: nothing open is green."""

    check: Check
    open: tuple[Any, ...] = ()


def looked_at(record: Any, step: str = "") -> list[Looked]:
    """How a record's checks come out: those before a step, or all. Asked once a transaction."""
    if _asks_nothing.get() or not record.checks:
        return []
    asked, known = record.__dict__.get("looked_at", ((), []))
    if asked != _at_hand(record) or None in asked:
        outcomes = [(check, check.looks(record)) for check in record.checks]
        known = [Looked(check, tuple(standing)) for check, standing in outcomes if standing is not None]
        record.__dict__["looked_at"] = _at_hand(record), known
    return [looked for looked in known if not step or step in looked.check.before]


def _at_hand(record: Any) -> tuple[Any, ...]:
    """The transaction and the version for which an answer holds."""
    return db.session().get_transaction(), record.version


def standing(record: Any, step: str) -> list[Looked]:
    """What stands open before a step."""
    return [looked for looked in looked_at(record, step) if looked.open]


@contextmanager
def asking_nothing() -> Iterator[None]:
    """Within, nothing stands open, since nothing is asked: in lists."""
    token = _asks_nothing.set(True)
    try:
        yield
    finally:
        _asks_nothing.reset(token)


def kept(passed: Sequence[Looked], reason: str | None) -> dict[str, Any]:
    """What a line of the history says of checks that were passed with something open, and why."""
    said = [
        {
            "check": [looked.check.label.chinese, looked.check.label.english],
            "open": [text_of(thing) for thing in looked.open],
        }
        for looked in passed
    ]
    return {KEPT: [None, {"open": said, "why": reason}]} if said else {}


def text_of(thing: Any) -> str:
    """A thing that stands open in a few words: a record by its number, or what it is called by."""
    return str(getattr(thing, "number", thing) if getattr(thing, "prefix", None) else thing)
