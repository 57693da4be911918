"""The indexes that a declaration asks for: every order, every filter of a list and any two of them are served
by one, newest first.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from sqlalchemy import Index, text

from app.declare.fields import Field
from app.declare.kinds import ChoiceKind, ChoicesKind, DayKind, MomentKind, ReferencesKind, YesNoKind

SCOPES = ("office_id", "area_id")
NEWEST = ("created_at", "id")


def filtered_by(cls: Any) -> dict[str, Field]:
    """The fields a list can be filtered by: choices, ticks, references and days among its columns or marked
    so. Never personal ones.
    """
    fit = (ChoiceKind, YesNoKind, DayKind, MomentKind)
    return {
        name: one
        for name, one in cls.fields.items()
        if (isinstance(one.kind, fit) or one.is_reference)
        and one.filter is not False
        and not one.personal
        and (one.filter or name in cls.shows)
        and not isinstance(one.kind, ReferencesKind)
    }


def chosen_by(cls: Any) -> list[str]:
    """The columns of few values that a list can be filtered by, the state among them."""
    fit = [one for one in filtered_by(cls).values() if isinstance(one.kind, (ChoiceKind, YesNoKind))]
    return ["state"] * bool(_states(cls)) + [
        one.column for one in fit if not isinstance(one.kind, ChoicesKind)
    ]


def _states(cls: Any) -> Any:
    return getattr(cls, "states", None)


def indexes(cls: Any, table: str) -> tuple[Index, ...]:
    """All indexes of a record's table."""
    return (
        Index(f"uq_{table}_number", "office_id", "number", unique=True),
        *_of_scopes(cls, table),
        *_of_references(cls, table),
        *_of_one_each(cls, table),
    )


def _of_scopes(cls: Any, table: str) -> Iterator[Index]:
    chosen = chosen_by(cls)
    for scope in SCOPES:
        start = f"ix_{table}_{scope.removesuffix('_id')}"
        for sort in cls.sorted_by():
            yield Index(f"{start}_{sort}", scope, sort, "id")
        for by in [*combinations(chosen, 1), *combinations(chosen, 2)]:
            yield Index(f"{start}_{'_'.join(by)}", scope, *by, *NEWEST)
        if _states(cls):  # what is due in a state, and what isn't due at all
            yield Index(f"{start}_state_due_at", scope, "state", "due_at", *NEWEST)


def _of_references(cls: Any, table: str) -> Iterator[Index]:
    """Of a reference that is a filter many records name the same: what a choice and a scope ask of them
    stands beside it.
    """
    chosen = chosen_by(cls)
    for field in cls.fields.values():
        if not field.is_reference:
            continue
        more = [(), *((one,) for one in chosen)] if field.filter else [()]
        for by in more:
            name = f"ix_{table}_{'_'.join((field.column, *by))}"
            yield Index(name, field.column, *by, *NEWEST, *(SCOPES if field.filter else ()))


def _of_one_each(cls: Any, table: str) -> Iterator[Index]:
    for rule in cls.one_each:
        where = (
            text("state IN (" + ", ".join(f"'{state}'" for state in rule.states) + ")")
            if rule.states
            else None
        )
        column = cls.fields[rule.field].column
        columns = (column,) if cls.fields[rule.field].is_reference else ("office_id", column)
        yield Index(f"uq_{table}_{column}", *columns, unique=True, sqlite_where=where, postgresql_where=where)
