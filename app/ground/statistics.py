"""What a database's planner knows of its tables. PostgreSQL keeps that up by itself; SQLite knows nothing
unless it is told to look.

Beside people at work it looks at so many rows of each index and no more: they wait for a blink only, at a
million records too. After a filling, when nobody is at work yet, it looks at all of them.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table

from app.ground import upkeep
from app.ground.database import Base, db, is_sqlite

SOME, ALL = 1000, 0  # of each index are looked at
FEW = 50_000  # rows of a table that are all looked at within a blink
MUCH = 2  # times the rows it had when it was looked at


def look_at(connection: Connection, tables: Iterable[Table]) -> None:
    """Look at all rows of some tables; connections opened from then on know what was seen."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA analysis_limit={ALL}")
    for table in tables:
        connection.exec_driver_sql(f'ANALYZE "{table.name}"')


@upkeep.chore(every=timedelta(hours=6))
def statistics() -> None:
    """Look at the tables of a SQLite database that have grown much since they were looked at."""
    if not is_sqlite():
        return
    with db.engine.connect() as connection:
        raw: Any = (
            connection.connection.driver_connection
        )  # whose every statement is a transaction of its own
        tables, seen = Base.metadata.sorted_tables, _seen(raw)
        rows = {table.name: _rows(raw, table) for table in tables}
        grown = [
            table.name
            for table in tables
            if rows[table.name] and _is_news(table, rows[table.name], seen.get(table.name, {}))
        ]
        for name in grown:
            raw.execute(f"PRAGMA analysis_limit={ALL if rows[name] <= FEW else SOME}")
            raw.execute(f'ANALYZE "{name}"')
    if grown:
        db.engine.dispose()  # what is open keeps what it knew


def _seen(raw: Any) -> dict[str, dict[str, int]]:
    """How many rows each table had when it was looked at, by the indexes that were there."""
    if not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
        return {}
    seen: dict[str, dict[str, int]] = {}
    # a stat begins with the rows
    asked = "SELECT tbl, coalesce(idx, ''), CAST(stat AS INTEGER) FROM sqlite_stat1"
    for table, index, rows in raw.execute(asked):
        seen.setdefault(table, {})[index] = rows
    return seen


def _is_news(table: Table, rows: int, seen: Mapping[str, int]) -> bool:
    """Whether a table has grown much, or has an index that came later: the planner would take it for the best
    of all.
    """
    whole = {str(index.name) for index in table.indexes if index.dialect_options["sqlite"]["where"] is None}
    return rows > max(seen.values(), default=0) * MUCH or not whole <= seen.keys()


def _rows(raw: Any, table: Table) -> int:
    """How many rows a table has. Of records hardly any is ever deleted: their last id is near enough, and
    known at once.
    """
    many = "max(rowid)" if "id" in table.c else "count(*)"
    return raw.execute(f'SELECT {many} FROM "{table.name}"').fetchone()[0] or 0  # noqa: S608
