"""The indexes that a declaration asks for: every order, every filter of a list and any two of them are served
by one, newest first.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from sqlalchemy import Index, text

from app.declare.fields import Field

SCOPES = ("office_id", "area_id")
NEWEST = ("created_at", "id")


def filtered_by(cls: Any) -> dict[str, Field]:
    """The fields a list can be filtered by: of kinds that have a filter, among its columns or marked so.
    Never personal ones.
    """
    return {
        name: field
        for name, field in cls.fields.items()
        if field.kind.filter is not None
        and field.filter is not False
        and not field.personal
        and (field.filter or name in cls.shows)
    }


def chosen_by(cls: Any) -> list[str]:
    """The columns of few values that a list can be filtered by, the state among them."""
    few = [field.column for field in filtered_by(cls).values() if field.kind.filter and field.kind.filter.few]
    return ["state"] * bool(_states(cls)) + few


def _states(cls: Any) -> Any:
    return getattr(cls, "states", None)


def indexes(cls: Any, table: str) -> tuple[Index, ...]:
    """All indexes of a record's table."""
    return (
        Index(f"uq_{table}_number", "office_id", "number", unique=True),
        *_of_scopes(cls, table),
        *_of_references(cls, table),
        *_of_one_each(cls, table),
        *_of_figures(cls, table),
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
        more = [(), *((name,) for name in chosen)] if field.filter else [()]
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


def _of_figures(cls: Any, table: str) -> Iterator[Index]:
    """Of the moment by which a figure's records count, where it isn't their making: only those that have one
    stand in it, with what the figures ask of them, so that no row need be read.
    """
    moments = {figure.at for figure in cls.figures.values()} - {*cls.sorted_by(), NEWEST[0]}
    for scope in SCOPES:
        for at in sorted(moments):
            name, there = f"ix_{table}_{scope.removesuffix('_id')}_{at}", text(f"{at} IS NOT NULL")
            asked = sorted({column for figure in cls.figures.values() for column in _asked(cls, figure, at)})
            yield Index(name, scope, at, "id", *asked, sqlite_where=there, postgresql_where=there)


def _asked(cls: Any, figure: Any, at: str) -> Iterator[str]:
    """The columns that a figure of a moment asks of its records, texts aside."""
    if figure.at != at:
        return
    yield from ["state"] if _states(cls) else []
    for name in {*figure.of, *(figure.share or {}), *filter(None, (figure.box,))} - {at, "state"}:
        field = cls.fields[name]
        kind = field.kind
        if field.is_reference or kind.numeric or kind.tells_when or (kind.filter and kind.filter.few):
            yield field.column
