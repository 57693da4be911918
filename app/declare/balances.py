"""Balances: a number on a record that nobody writes, but records post to as long as they stand in some
states.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.ground.spelling import known_options, known_words
from app.ground.words import Pair, words_or_none


@known_options()
class Balance:
    """Makes a number the sum of what is posted to it, never past its bounds; ``short`` is what is said where
    it would be, with the places ``%(record)s`` and ``%(there)s``.
    """

    def __init__(
        self,
        *,
        at_least: int | Decimal | None = None,
        at_most: int | Decimal | None = None,
        short: Pair | None = None,
    ) -> None:
        self.at_least, self.at_most, self.short = at_least, at_most, words_or_none(short)


@dataclass(frozen=True)
class PostsTo:
    """What a record posts to a balance while it is in some states: as much as a box says, or a number."""

    path: str
    gives: str | int | None
    takes: str | int | None
    while_in: tuple[str, ...] | None
    unless: str = ""
    name: str = ""

    @property
    def value(self) -> str | int:
        """The box that says how much, or the number."""
        return self.gives if self.gives is not None else self.takes or 0

    @property
    def way(self) -> tuple[str, str, str]:
        """The table, the reference and the balance of its path; empty the first, or the first two, of a
        shorter one.
        """
        lines, reference, box = ["", "", *self.path.split(".")][-3:]
        return lines, reference, box


@known_words()
def posts(
    path: str,
    *,
    gives: str | int | None = None,
    takes: str | int | None = None,
    while_in: str | tuple[str, ...] | None = None,
    unless: str = "",
) -> Any:
    """Declare what a record ``gives`` to a balance, or ``takes`` from it, while it is in these states, or
    until it is voided; ``unless`` a box is filled in. How much a box says, of its own or of its lines, or a
    number.

    The balance is the record's own (``on_shelf``), that of one it names (``book.on_shelf``), or of one that
    each of its lines names (``works.book.on_shelf``).
    """
    states = (while_in,) if isinstance(while_in, str) else while_in
    return PostsTo(path, gives, takes, states, unless)
