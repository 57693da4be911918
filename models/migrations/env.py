"""Runs migrations on the database at hand, within the application."""

from alembic import context
from flask import current_app

from app.database import Moment, Scaled, db, writing

OWN = {"search", "search_data", "search_idx", "search_content", "search_docsize", "search_config"}


def include(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """The search table is made by its own statements, not from a model."""
    return not (kind == "table" and name in OWN)


def plain(kind: str, thing: object, autogen_context: object) -> str | bool:
    """Our own column types are written as what the database sees, so that a migration stands by itself."""
    return f"sa.{thing.impl!r}" if kind == "type" and isinstance(thing, (Moment, Scaled)) else False


def run() -> None:
    """Bring the database up; SQLite's tables are altered by copying them."""
    with writing(), db.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=db.metadata, include_object=include, render_item=plain, render_as_batch=True, compare_type=True,
            **{name: value for name, value in current_app.extensions["migrate"].configure_args.items() if name not in ("render_as_batch", "compare_type")},
        )  # fmt: skip
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
