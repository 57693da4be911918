"""The schema by its migrations is the schema of the declarations, on both databases; a database of the first tables comes up with what is in it."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, make_url, text

import models
from app import database
from app.database import Base, db

FIRST = "0001"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = os.environ.get("TEST_POSTGRES_URL", "")
    if not server:
        assert os.environ.get("REQUIRE_POSTGRES") != "1"
        pytest.skip("TEST_POSTGRES_URL names no PostgreSQL server")
    name = f"guanjia_m_{uuid4().hex[:10]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))

    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def application(url: str) -> Flask:
    """The engine and its migrations."""
    app = Flask("migrating")
    database.init(app, url, models.MIGRATIONS)
    return app


def test_migrations_and_declarations_agree(empty: str) -> None:
    app = application(empty)
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            ours = {
                "compare_type": True,
                "include_object": lambda thing, name, kind, reflected, other: not (kind == "table" and name.startswith("search")),
            }
            context = MigrationContext.configure(connection, opts=ours)
            assert compare_metadata(context, Base.metadata) == []
            indexes = {one["name"] for table in Base.metadata.tables for one in inspect(connection).get_indexes(table)}
            declared = {one.name for table in Base.metadata.tables.values() for one in table.indexes}
            assert declared <= indexes
        db.engine.dispose()


def test_every_older_database_comes_up(empty: str) -> None:
    """From each revision on; what stood in it stays."""
    script = ScriptDirectory(models.MIGRATIONS)
    revisions = [one.revision for one in reversed(list(script.walk_revisions()))]
    assert FIRST in revisions
    app = application(empty)
    with app.app_context():
        upgrade(revision=FIRST)
        with db.engine.begin() as connection:
            connection.execute(text("INSERT INTO series (form, office_id, month, last) VALUES ('work_order', 1, '202611', 7)"))
        for one in revisions[revisions.index(FIRST) :]:
            upgrade(revision=one)
        upgrade()
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT last FROM series")).scalar_one() == 7
        db.engine.dispose()


def test_the_first_step_can_be_undone(empty: str) -> None:
    app = application(empty)
    with app.app_context():
        upgrade()
        downgrade(revision="base")
        with db.engine.connect() as connection:
            assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        db.engine.dispose()
