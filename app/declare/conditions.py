"""What must stand in other boxes for something to hold: a value, one of several, or none of some.

Said as ``{"pledge": ("deposit", "card")}`` or ``{"pledge": not_("none")}``; of a reference's own boxes as
``{"key.kind": "left"}``. An empty box says nothing: it is none of several, and isn't
``not_`` anything either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

Conditions = Mapping[str, Any]


@dataclass(frozen=True)
class Not:
    """Any value but these."""

    values: tuple[Any, ...]


def not_(*values: Any) -> Not:
    """Any value but these; without any, whatever is filled in."""
    return Not(values)


def values_of(wanted: Any) -> tuple[Any, ...]:
    """The values that a condition names."""
    if isinstance(wanted, Not):
        return wanted.values
    return tuple(wanted) if isinstance(wanted, (tuple, list, set, frozenset)) else (wanted,)


def _words(values: Sequence[Any]) -> set[Any]:
    return {value if value is None or isinstance(value, bool) else str(value) for value in values}


def fits(wanted: Any, value: Any) -> bool:
    """Whether what stands in a box is what is wanted there; of several ticked values one is enough."""
    stands = _words(value if isinstance(value, (list, tuple)) else [None if value == "" else value])
    named = _words(values_of(wanted))
    if isinstance(wanted, Not):
        return bool(stands - {None}) and stands.isdisjoint(named)
    return not stands.isdisjoint(named)


def hold(conditions: Conditions | None, row: Any) -> bool:
    """Whether all of them hold of a record or a line."""
    return all(fits(wanted, stands(row, name)) for name, wanted in (conditions or {}).items())


def stands(row: Any, path: str) -> Any:
    """What stands in a box of a record, references followed."""
    for name in path.split("."):
        row = None if row is None else getattr(row, name)
    return getattr(row, "id", row)


def clauses_of(cls: Any, conditions: Conditions | None) -> list[ColumnElement[bool]]:
    """The same of a class's own columns, asked of the database: one clause for each box."""
    return [_clause(_column(cls, name), wanted) for name, wanted in (conditions or {}).items()]


def _column(cls: Any, name: str) -> Any:
    return getattr(cls, cls.fields[name].column if name in cls.fields else name)


def _clause(column: Any, wanted: Any) -> ColumnElement[bool]:
    values = values_of(wanted)
    named = [value for value in values if value is not None]
    if isinstance(wanted, Not):
        return and_(column.is_not(None), *([column.not_in(named)] if named else ()))
    ways = [column == named[0] if len(named) == 1 else column.in_(named)] if named else []
    return or_(*ways, *([column.is_(None)] if None in values else ()))
