"""Rows by the thousand, poured into a table past SQLAlchemy's own statements: PostgreSQL's COPY, SQLite's executemany."""

from collections.abc import Callable, Iterable, Sequence
from itertools import starmap
from typing import Any

from sqlalchemy import Connection, Table


def pour(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose values stand in the order of ``names``, each value turned as its column's type says; part of the transaction at hand."""
    columns = ", ".join(f'"{table.c[name].name}"' for name in names)
    turned = starmap(_row([_turn(connection, table, name) for name in names]), rows)
    raw: Any = connection.connection.cursor()
    try:
        if connection.dialect.name == "sqlite":
            places = ", ".join("?" * len(names))
            raw.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})', turned)  # noqa: S608
        else:
            with raw.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                for row in turned:
                    copy.write_row(row)
    finally:
        raw.close()


def _turn(connection: Connection, table: Table, name: str) -> Callable[[Any], Any] | None:
    return table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)


def _row(turns: Sequence[Callable[[Any], Any] | None]) -> Callable[..., Sequence[Any]]:
    """A function of a row's values that turns those that need it."""
    needed = [(at, turn) for at, turn in enumerate(turns) if turn is not None]

    def row(*values: Any) -> Sequence[Any]:
        turned = list(values)
        for at, turn in needed:
            turned[at] = turn(turned[at])
        return turned

    return row
