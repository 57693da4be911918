"""Runs migrations on the database at hand, within the application: one process at a time, the others wait and
find it done.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, inspect, text

from app.ground.database import Moment, Scaled, db, writing
from app.keep import history_marks

OWN = {"search", "search_data", "search_idx", "search_content", "search_docsize", "search_config"}
LOCK = 4_718_270_551  # PostgreSQL's number for "somebody migrates this database"; any would do
HOURS = 6 * 3_600_000  # of patience with another who migrates a large SQLite database, in milliseconds


def include(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """The search table is made by its own statements, not from a model; the clock's by its queue."""
    return not (kind == "table" and (name in OWN or (name or "").startswith("clock_")))


def plain(kind: str, thing: object, autogen_context: object) -> str | bool:
    """Our own column types are written as what the database sees, so that a migration stands by itself."""
    return f"sa.{thing.impl!r}" if kind == "type" and isinstance(thing, (Moment, Scaled)) else False


def take_turn(connection: Connection) -> None:
    """Wait, however long it takes, until nobody else migrates; then nobody does until this transaction ends,
    or its process.
    """
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        (patience,) = raw.execute("PRAGMA busy_timeout").fetchone()
        raw.execute(f"PRAGMA busy_timeout={HOURS}")
        connection.begin()
        raw.execute(f"PRAGMA busy_timeout={patience}")
    else:
        patience = connection.execute(text("SHOW lock_timeout")).scalar_one()
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("SELECT set_config('lock_timeout', :patience, true)"), {"patience": patience})


def run() -> None:
    """Bring the database up; SQLite's tables are altered by copying them."""
    own = ("render_as_batch", "compare_type")
    given = {
        name: value
        for name, value in current_app.extensions["migrate"].configure_args.items()
        if name not in own
    }
    with writing(), db.engine.connect() as connection:
        take_turn(connection)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include,
            render_item=plain,
            render_as_batch=True,
            compare_type=True,
            **given,
        )
        new = not inspect(connection).has_table("history")
        with context.begin_transaction():
            context.run_migrations()
        new = new and inspect(connection).has_table("history")
        connection.commit()
    if new:
        history_marks.set_aside()


run()
