"""Links: what a form's record can make of itself, a record of another form, already filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.declare.duties import By
from app.declare.guards import Guard
from app.ground.spelling import known_words
from app.ground.words import Pair, Words, words, words_or_none


@dataclass(frozen=True)
class Becomes:
    """What a record makes: of which form, by whose duty, from which states, and what it fills in.

    ``each`` names a table: one is made of each of its lines. ``at_once`` makes it without asking where all
    that is needed is filled in; ``again`` more than one of the same record.
    """

    to: Any
    label: Words
    by: tuple[By, ...]
    fill: Mapping[str, Any]  # a box of the source (``table.box`` of its line), or a function of it
    while_in: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    each: str = ""
    at_once: bool = False
    again: bool = False
    files: bool = True
    help: Words | None = None
    name: str = ""

    @property
    def target(self) -> Any:
        """The class of what is made."""
        return self.to if isinstance(self.to, type) else self.to()


@known_words()
def becomes(
    to: Any,
    label: Pair,
    *,
    by: Sequence[By],
    fill: Mapping[str, Any],
    while_in: str | Sequence[str] = (),
    guards: Sequence[Guard] = (),
    each: str = "",
    at_once: bool = False,
    again: bool = False,
    files: bool = True,
    help: Pair | None = None,
) -> Any:
    """Declare that a record makes one of another form (its class, or a function that gives it).

    ``fill`` says what stands in which box of the new one; its ``files`` follow. It is offered in these
    states, else in all that aren't an end, while its ``guards`` hold, to whoever has a clause of ``by`` and
    may make such a record.
    """
    states = (while_in,) if isinstance(while_in, str) else tuple(while_in)
    return Becomes(
        to,
        words(label),
        tuple(by),
        dict(fill),
        states,
        tuple(guards),
        each,
        at_once,
        again,
        files,
        words_or_none(help),
    )
