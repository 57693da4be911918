"""The schema by its migrations is the schema of the declarations, on both databases; a database of the first
tables comes up with what is in it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from ground import OwnDatabase
from office import HISTORY_KEY, Estate, furnish
from sqlalchemy import inspect, select, text

import models
from app.declare.record import registry
from app.ground import clock, database
from app.ground.database import Base, db, writing
from app.keep import history, history_chain, history_keys, history_verify
from app.keep.attachments import Attachment

ROOT = Path(__file__).parents[2]
FIRST, BEFORE_KEYS = "0001", "b3f1a90c6d27"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with closing(OwnDatabase()) as own:
        yield own.url


@contextmanager
def migrating(url: str) -> Iterator[Flask]:
    """Within an application of the engine and its migrations; nothing of it is connected afterwards."""
    app = Flask("migrating")
    history_keys.init(app, history_keys.Keys([HISTORY_KEY]))
    database.init(app, url, models.MIGRATIONS)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def furnished() -> None:
    """All tables, and the estate in them."""
    upgrade()
    with writing():
        furnish()
        db.session.commit()


def test_migrations_and_declarations_agree(empty: str) -> None:
    with migrating(empty):
        upgrade()
        with db.engine.connect() as connection:
            ours = {
                "compare_type": True,
                "include_object": lambda thing, name, kind, reflected, other: (
                    not (kind == "table" and name.startswith("search"))
                ),
            }
            context = MigrationContext.configure(connection, opts=ours)
            assert compare_metadata(context, Base.metadata) == []
            indexes = {
                index["name"]
                for table in Base.metadata.tables
                for index in inspect(connection).get_indexes(table)
            }
            declared = {index.name for table in Base.metadata.tables.values() for index in table.indexes}
            assert declared <= indexes


def test_every_older_database_comes_up(empty: str) -> None:
    """From each revision on; what stood in it stays."""
    script = ScriptDirectory(models.MIGRATIONS)
    revisions = [revision.revision for revision in reversed(list(script.walk_revisions()))]
    assert FIRST in revisions
    with migrating(empty):
        upgrade(revision=FIRST)
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO series (form, office_id, month, last) VALUES ('work_order', 1, '202611', 7)"
                )
            )
        for revision in revisions[revisions.index(FIRST) :]:
            upgrade(revision=revision)
        upgrade()
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT last FROM series")).scalar_one() == 7


@pytest.mark.server
@pytest.mark.parametrize("start", ["", FIRST], ids=["empty", "older"])
def test_three_machines_that_upgrade_at_once_do_it_once(empty: str, start: str, tmp_path: Path) -> None:
    """One does it, the others wait and find it done."""
    given = {**os.environ, "DATABASE_URL": empty, "SECRET_KEY": "k" * 40, "HISTORY_KEY": HISTORY_KEY}
    if start:
        with migrating(empty):
            upgrade(revision=start)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    machines = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**given, "DATA_DIR": str(tmp_path / str(at))},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for at in range(3)
    ]
    said = [machine.communicate(timeout=120)[0] for machine in machines]
    assert [machine.returncode for machine in machines] == [0, 0, 0], said
    assert not [sentence for sentence in said if "Traceback" in sentence or "Error" in sentence], said
    with migrating(empty), db.engine.connect() as connection:
        versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
        assert versions == [ScriptDirectory(models.MIGRATIONS).get_current_head()]
        assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())


def test_what_was_chained_before_the_key_is_sealed_by_the_upgrade(empty: str, tmp_path: Path) -> None:
    """A database of before: unkeyed lines, files of which no line says more than that one came. It verifies,
    and is not to be changed.
    """
    with migrating(empty) as app:
        furnished()
        office = Estate(app).look()
        order, other = office.order(), office.order()
        keys = order.id, other.id
        with office.writing():
            for at in range(2):
                db.session.add(attached(order.id, f"{at}.pdf", clock.now() if at else None))
                history.write(order, office.person("specialist"), "attach", "P7")
        make_old()
        db.session.remove()
        downgrade(revision=BEFORE_KEYS)
        db.engine.dispose()
        upgrade()
        assert faults() == []
        order = db.session.get(registry["work_order"], keys[0])
        assert [
            pair
            for pair in history.as_at("work_order", order.id).items()
            if pair[0].startswith("file:") and pair[1]
        ] != []
        office.edit(order, "specialist", description="改了")
        assert faults() == []
        for statement in (
            "UPDATE attachment SET name = 'x.pdf' WHERE id = 1",
            "UPDATE attachment SET removed_at = NULL WHERE id = 2",
        ):
            with db.engine.begin() as connection:
                connection.execute(text(statement))
            assert {fault.record_id for fault in faults()} == {keys[0]}
        change = {"user_name": "别人", "record": keys[1]}
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE history SET user_name = :user_name WHERE form = 'work_order' AND record_id ="
                    " :record"
                ),
                change,
            )
        make_old()  # whoever changed it made the hashes fit again
        assert {fault.record_id for fault in faults()} == set(keys)


def test_down_and_up_again_what_is_in_it_stays(empty: str) -> None:
    """Tables that others refer to are no exception."""
    with migrating(empty) as app:
        furnished()
        office = Estate(app).look()
        office.key()
        office.step(office.order(), "dispatch", "specialist", assignee=office["repairer"])
        office.complaint()
        make_old()
        tables = ("user", "unit", "key", "work_order", "complaint", "history")
        before = [how_many(table) for table in tables]
        db.session.remove()
        downgrade(revision=FIRST)
        db.engine.dispose()
        assert [how_many(table) for table in tables] == before
        db.session.remove()
        upgrade()
        assert faults() == []


def how_many(table: str) -> int:
    """The rows of a table."""
    return int(db.session.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one())


def test_what_is_chained_under_a_key_isn_t_taken_back(empty: str) -> None:
    """A version that knows no keys couldn't verify it: it says so, and leaves everything."""
    with migrating(empty):
        furnished()
        db.session.remove()
        db.engine.dispose()
        with pytest.raises(SystemExit):
            downgrade(revision=BEFORE_KEYS)
        assert faults() == []
        assert db.session.execute(text("SELECT min(key_id) FROM history")).scalar_one() != ""


def test_a_migration_carries_its_own_lines() -> None:
    """What the code does today isn't what a database of then needs."""
    versions = Path(models.MIGRATIONS) / "versions"
    live = [
        file.name
        for file in versions.glob("*.py")
        if re.search(r"(?m)^\s*(from|import) (app|models)\b", file.read_text())
    ]
    assert live == []


def attached(record_id: int, name: str, removed_at: Any) -> Attachment:
    """A file's row."""
    return Attachment(
        form="work_order",
        record_id=record_id,
        sha256="0" * 64,
        name=name,
        media_type="application/pdf",
        size=3,
        kind="",
        user_id=1,
        removed_at=removed_at,
    )


def make_old() -> None:
    """Every line that names a key chained without it, as before there were any; heads too."""
    lines = history.Line.__table__
    with db.engine.begin() as connection:
        heads: dict[tuple[str, int], str] = {}
        for row in (
            connection.execute(select(lines).order_by(lines.c.form, lines.c.record_id, lines.c.seq))
            .mappings()
            .all()
        ):
            before = heads.get((row["form"], row["record_id"]), "")
            heads[row["form"], row["record_id"]] = hashed = history.chained(before, {**row, "key_id": ""})
            connection.execute(lines.update().where(lines.c.id == row["id"]).values(key_id="", hash=hashed))
        for (form, key), head in heads.items():
            table = registry[form].__table__
            connection.execute(table.update().where(table.c.id == key).values(head=head))
    db.session.rollback()
    db.session.expire_all()


def faults() -> list[history_chain.Fault]:
    """What isn't as its history says."""
    db.session.rollback()
    return list(history_verify.verify(registry.of_each_table()))


def test_the_first_step_can_be_undone(empty: str) -> None:
    with migrating(empty):
        upgrade()
        downgrade(revision="base")
        with db.engine.connect() as connection:
            assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
