"""The parts of an office: the headings of its menu, under which its forms stand; and what its first page
counts of a form.
"""

from dataclasses import dataclass

from app.ground.words import Words

DAILY, STOCK = "daily", "stock"  # today's new ones and those in hand; or how many there are


@dataclass(frozen=True)
class Part:
    """A part of the office. Of two the one with the smaller ``order`` comes first in the menu."""

    name: str
    label: Words
    order: int


def part(name: str, chinese: str, english: str, order: int) -> Part:
    """Declare a part of the office; forms name it."""
    return Part(name, Words(chinese, english), order)


SETTINGS = part("settings", "设置", "Settings", 1000)  # the engine's own: users and offices
