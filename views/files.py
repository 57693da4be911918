"""Photos and papers of a record."""

from typing import Any

from flask import Flask


def of(record: Any) -> list[Any]:
    """The files of a record."""
    return []


def init(app: Flask) -> None:
    """Nothing yet."""
