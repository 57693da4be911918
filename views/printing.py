"""Prints."""

from typing import Any


def draw(view: Any) -> str:
    """A record on paper."""
    return "print"
