"""Rows by the thousand, poured into a table past SQLAlchemy's own statements: PostgreSQL's COPY, SQLite's
executemany.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table


def turned(
    dialect: Dialect, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[Sequence[Any]]:
    """Rows whose values stand in the order of ``names``, each value as its column's type gives it to the
    database.
    """
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
    for at, name in enumerate(names if columns else ()):
        turn = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if turn is not None:
            columns[at] = map(turn, columns[at])
    return list(zip(*columns, strict=True))


def pour(connection: Connection, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows already turned; part of the transaction at hand."""
    columns = ", ".join(f'"{name}"' for name in names)
    raw: Any = connection.connection.cursor()
    try:
        if connection.dialect.name == "sqlite":
            places = ", ".join("?" * len(names))
            raw.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({places})', rows)  # noqa: S608
        else:
            with raw.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
    finally:
        raw.close()
