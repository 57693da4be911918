"""Acts: what the office does by itself, once: at a moment, or in the transaction that brings it about."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.ground.spelling import known_words
from app.ground.words import Pair, Words, words

At = str | Callable[[Any], date | None]


@dataclass(frozen=True)
class OfficeAct:
    """Something the office does by itself: from where to where, by what rule, and its effect."""

    label: Words
    source: tuple[str, ...]
    target: str | None
    at: At | None = None
    when: Callable[[Any], bool] | None = None
    after: tuple[str, ...] = ()
    does: Callable[[Any], object] | None = None
    name: str = ""

    def binds(self, state: str) -> bool:
        """Whether it can befall a record in a state."""
        return state in self.source and state != self.target


@known_words()
def act(
    source: str | Iterable[str],
    target: str | None,
    label: Pair,
    *,
    at: At | None = None,
    when: Callable[[Any], bool] | None = None,
    after: Iterable[str] = (),
    does: Callable[[Any], object] | None = None,
) -> OfficeAct:
    """Declare what the office does by itself to a record in these states; ``target`` None leaves it there.

    ``at`` is the moment: a box, a deadline of the form, or a function of the record; a day is over when it
    ends. It acts once for each moment.
    ``when`` acts instead as soon as it holds, in the transaction that makes it true: asked whenever the
    record was saved, or one of ``after``, boxes of other forms that name it (``payment.notice``).
    ``does`` is the effect, a function of the record.
    """
    sources = (source,) if isinstance(source, str) else tuple(source)
    return OfficeAct(words(label), sources, target, at, when, tuple(after), does)
