"""Phases and parts of an estate (一期, A区, 5苑), whose buildings count from 1 again: one that a book tells
before a building, or beside it, is part of the building's name.
"""

from app.ground.text import natural
from models.estate.register_place import level_of


class Levels:
    """What a whole book tells before the numbers of buildings."""

    def __init__(self) -> None:
        self._written: dict[str, str] = {}  # the first way of writing each
        self._of: dict[str, set[str]] = {}  # what stands before each number, also nothing
        self._titled: dict[str, set[str]] = {}  # the same as titles and sheets' names tell it

    def note(self, building: str, before: str, titled: str) -> None:
        """Take note of a line: what stands before its building, and what holds for it by what is above."""
        self._of.setdefault(building, set()).add(self._plain(before))
        self._titled.setdefault(building, set()).add(self._plain(before or titled))

    def _plain(self, text: str) -> str:
        return text and self._written.setdefault(natural(text), text)

    def before(self, building: str, before: str, titled: str) -> str | None:
        """What belongs before a building's number in its name: a phase as it is written; a title's, or the
        name of an estate, only where it tells two buildings of one number apart. None where other lines
        tell a phase of that number and this one doesn't.
        """
        told = self._of.get(building, set())
        plain = self._plain(before)
        if plain and (level_of(plain) or len(told - {""}) > 1):
            return plain
        if any(text and (level_of(text) or len(told - {""}) > 1) for text in told):
            return None
        return self._plain(titled) if titled and len(self._titled.get(building, set()) - {""}) > 1 else ""
