"""How a record stands on paper."""

from dataclasses import dataclass
from typing import Any

from app.ground.spelling import known_options


@known_options()
@dataclass(frozen=True)
class Paper:
    """How a form prints: size, the copies' names, the signature lines; ``register`` is a ruled table of many
    lines a page, of the list's columns or its own.
    """

    size: str = "A4"
    title: Any = ""
    copies: tuple[Any, ...] = ()
    signs: tuple[Any, ...] = ()
    register: bool = False
    columns: tuple[str, ...] = ()
    landscape: bool = False
    keep_years: int | None = None
