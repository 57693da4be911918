"""The words of a declaration: both languages where they are declared, Chinese first; read in the language of
whoever reads.
"""

import re
from typing import Any

from app.ground.language import CHINESE, gettext, spoken

Pair = tuple[str, str]  # Chinese, English: how a declaration writes its words
PLACE = re.compile(r"%\((\w+)\)")


class Words:
    """A text in both languages. A third language looks the English up in its catalogue."""

    __slots__ = ("chinese", "english")

    def __init__(self, chinese: str, english: str) -> None:
        self.chinese, self.english = chinese, english

    def __str__(self) -> str:
        return self.chinese if spoken() == CHINESE else gettext(self.english)

    def __repr__(self) -> str:
        return f"Words({self.chinese!r}, {self.english!r})"

    @property
    def ways(self) -> tuple[str, ...]:
        """All the ways it is said, as sheets that come in may have it."""
        return (self.chinese, self.english, str(self))

    @property
    def places(self) -> list[str]:
        """The names of its ``%(name)s`` places, in either language."""
        return [name for text in (self.chinese, self.english) for name in PLACE.findall(text)]

    def filled(self, **places: object) -> str:
        """With its ``%(name)s`` places filled."""
        return str(self) % {name: str(value) for name, value in places.items()}


def words(declared: Pair | Words) -> Words:
    """The words of a pair as a declaration writes it."""
    return declared if isinstance(declared, Words) else Words(*declared)


def words_or_none(declared: Pair | Words | None) -> Words | None:
    """The same of what may be left unsaid."""
    return None if declared is None else words(declared)


def say(chinese: str, english: str, **places: Any) -> str:
    """A sentence that a form says to whoever is at it; ``%(name)s`` places are filled."""
    said = Words(chinese, english)
    return said.filled(**places) if places else str(said)
