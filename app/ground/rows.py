"""Rows written together: statements kept by what they insert, so that they needn't be made anew for each
record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Insert, Table, bindparam, insert
from sqlalchemy.dialects import postgresql, sqlite

from app.ground.database import db, is_sqlite


@dataclass(frozen=True)
class Row:
    """A row to be written: the statement and its values."""

    statement: Insert
    values: Mapping[str, Any]


def row(table: Any, values: Mapping[str, Any]) -> Row:
    """A row of a table."""
    return Row(_into(table, tuple(values)), named(table, values))


def named(table: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row by the names they have in a statement: those of several tables may stand in one."""
    return {f"{table.name}_{name}": value for name, value in values.items()}


def several(table: Any, names: tuple[str, ...], many: Sequence[Sequence[Any]]) -> Row:
    """Several rows of a table by one statement, whose values stand in the order of their names."""
    values = {
        f"{table.name}_{at}_{name}": value
        for at, row in enumerate(many)
        for name, value in zip(names, row, strict=True)
    }
    return Row(_several(table, names, len(many)), values)


@lru_cache(maxsize=128)
def _several(table: Table, names: tuple[str, ...], count: int) -> Insert:
    return insert(table).values(
        [
            {name: bindparam(f"{table.name}_{at}_{name}", type_=table.c[name].type) for name in names}
            for at in range(count)
        ]
    )


def instead(table: Any, key: str, values: Mapping[str, Any]) -> Row:
    """A row of a table in place of the one that has its key, if there is one (on PostgreSQL)."""
    return Row(_instead(table, key, tuple(values)), named(table, values))


@cache
def _instead(table: Table, key: str, names: tuple[str, ...]) -> Insert:
    written = postgresql.insert(table).values(_places(table, names))
    others = {name: written.excluded[name] for name in names if name != key}
    return written.on_conflict_do_update(index_elements=[key], set_=others)


@lru_cache(maxsize=1024)
def _into(table: Table, names: tuple[str, ...]) -> Insert:
    return insert(table).values(_places(table, names))


def _places(table: Table, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: bindparam(f"{table.name}_{name}", type_=table.c[name].type) for name in names}


@cache
def counting(table: Any, number: str, on_sqlite: bool) -> Any:
    """The statement that adds to a number kept under a table's primary key, and makes the row where there is
    none yet.
    """
    keys = [column.name for column in table.primary_key]
    written: Any = (sqlite.insert if on_sqlite else postgresql.insert)(table).values(
        _places(table, (*keys, number))
    )
    return written.on_conflict_do_update(
        index_elements=keys, set_={number: table.c[number] + written.excluded[number]}
    )


def together(*rows: Row) -> None:
    """Insert into several tables whose rows don't need each other: PostgreSQL does it in one round trip."""
    if is_sqlite():
        for row in rows:
            db.session.execute(row.statement, dict(row.values))
    elif rows:
        db.session.execute(
            _at_once(tuple(row.statement for row in rows)),
            {name: value for row in rows for name, value in row.values.items()},
        )


def by_the_many(rows: Iterable[Row]) -> None:
    """Insert rows of many records, those of a kind by one statement."""
    alike: dict[Insert, list[dict[str, Any]]] = {}
    for row in rows:
        alike.setdefault(row.statement, []).append(dict(row.values))
    for statement, values in alike.items():
        db.session.execute(statement, values)


@lru_cache(maxsize=256)
def _at_once(statements: tuple[Insert, ...]) -> Insert:
    *before, last = statements
    return last.add_cte(*(statement.cte(f"also_{at}") for at, statement in enumerate(before)))
