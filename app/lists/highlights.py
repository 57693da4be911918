"""A record in a few words: its title, the line beside it, the mark of an urgent one."""

from collections.abc import Iterable
from typing import Any

from app.declare.record import Record


def spot(cls: Any, name: str) -> tuple[str, ...]:
    """The boxes that a form puts in the light: its title, the line under it, its mark."""
    boxes = getattr(cls, "highlights", {}).get(name, ())
    return (boxes,) if isinstance(boxes, str) else tuple(boxes)


def title_of(record: Record) -> str:
    """What a record is about, in a few words."""
    return _first_filled(record, spot(record, "title")) or str(record)


def line_of(record: Record) -> str:
    """What stands beside it: where, or who."""
    return _first_filled(record, spot(record, "line") or ((record.about,) if record.about else ()))


def _first_filled(record: Record, names: Iterable[str]) -> str:
    return next((text for name in names if (text := record.fields[name].text_of(record))), "")


def mark_of(cls: Any) -> tuple[str, str]:
    """The box that marks a form's records as urgent and the value that does; nothing of one without."""
    name, _sep, wanted = getattr(cls, "highlights", {}).get("mark", "").partition(":")
    return name, wanted


def marked(record: Any) -> str:
    """The word that marks a record as urgent, or nothing."""
    name, wanted = mark_of(record)
    return record.fields[name].read(wanted) if name and getattr(record, name) == wanted else ""
