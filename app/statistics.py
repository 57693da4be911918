"""What a database's planner knows of its tables. PostgreSQL keeps that up by itself; SQLite knows nothing unless it is told to look.

Beside people at work it looks at so many rows of each index and no more: they wait for a blink only, at a million records too.
After a filling, when nobody is at work yet, it looks at all of them.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table

from app import upkeep
from app.database import Base, db, is_sqlite

SOME, ALL = 1000, 0  # of each index are looked at
FEW = 50_000  # rows of a table that are all looked at within a blink
MUCH = 2  # times the rows it had when it was looked at


def look_at(connection: Connection, tables: Iterable[Table]) -> None:
    """Look at all rows of some tables; connections opened from then on know what was seen."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA analysis_limit={ALL}")
    for one in tables:
        connection.exec_driver_sql(f'ANALYZE "{one.name}"')


@upkeep.chore(every=timedelta(hours=6))
def statistics() -> None:
    """Look at the tables of a SQLite database that have grown much since they were looked at."""
    if not is_sqlite():
        return
    with db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection  # whose every statement is a transaction of its own
        seen, rows = _seen(raw), {one.name: _rows(raw, one) for one in Base.metadata.sorted_tables}
        grown = [name for name, count in rows.items() if count > seen.get(name, 0) * MUCH]
        for name in grown:
            raw.execute(f"PRAGMA analysis_limit={ALL if rows[name] <= FEW else SOME}")
            raw.execute(f'ANALYZE "{name}"')
    if grown:
        db.engine.dispose()  # what is open keeps what it knew


def _seen(raw: Any) -> dict[str, int]:
    """How many rows each table had when it was looked at."""
    if not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
        return {}
    asked = "SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl"  # a stat begins with the rows
    return dict(raw.execute(asked).fetchall())


def _rows(raw: Any, table: Table) -> int:
    """How many rows a table has; near enough, since hardly any are ever deleted."""
    return raw.execute(f'SELECT max(rowid) FROM "{table.name}"').fetchone()[0] or 0  # noqa: S608
