"""The databases that tests stand on: furnished once a process, put back before each test; SQLite and
PostgreSQL alike.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from office import HISTORY_KEY, furnish
from sending import Browser
from sqlalchemy import Connection, create_engine, make_url, text

from app.act import search
from app.ground import database, settings
from app.ground.database import Base, db, writing
from app.keep import history_keys
from app.people import rights


def build_schema(connection: Connection) -> None:
    """All tables of the declarations as they are now."""
    Base.metadata.create_all(connection)
    search.create_tables(connection)


class OwnDatabase:
    """An empty database of one's own on the server of TEST_POSTGRES_URL. Without a server a test is skipped,
    and in the checks that is a failure.
    """

    def __init__(self) -> None:
        server = os.environ.get("TEST_POSTGRES_URL", "")
        if not server and os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail("REQUIRE_POSTGRES=1, but TEST_POSTGRES_URL names no server")
        if not server:
            pytest.skip("TEST_POSTGRES_URL names no PostgreSQL server")
        self.server = create_engine(server, isolation_level="AUTOCOMMIT")
        self.name = f"guanjia_{os.getpid()}_{uuid4().hex[:8]}"
        self.url = make_url(server).set(database=self.name).render_as_string(hide_password=False)
        with self.server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {self.name}"))

    def close(self) -> None:
        """Remove it from the server."""
        with self.server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)"))
        self.server.dispose()


class Ground:
    """A database that is put back to the furnished estate before each test, and the applications that
    use it.
    """

    url: str

    def __init__(self) -> None:
        self.apps: dict[str, Flask] = {}

    def _furnish(self) -> None:
        rights.forget()
        with self.engine_app().app_context(), writing():
            build_schema(db.session.connection())
            furnish()
            db.session.commit()
            db.session.remove()

    def engine_app(self) -> Flask:
        """An application of the engine and its database alone, without screens."""
        if "engine" not in self.apps:
            app = self.apps["engine"] = Flask("engine")
            history_keys.init(app, history_keys.Keys([HISTORY_KEY]))
            chosen = {
                "DATABASE_URL": self.url,
                "DATA_DIR": tempfile.mkdtemp(prefix="engine"),
                "SECRET_KEY": "k" * 40,
            }
            app.config["SETTINGS"] = settings.load(chosen)
            database.init(app, self.url)
        return self.apps["engine"]

    def site(self, folder: Path) -> Flask:
        """The whole application."""
        if "site" not in self.apps:
            from wsgi import create_app

            self.apps["site"] = create_app(
                {
                    "DATABASE_URL": self.url,
                    "DATA_DIR": str(folder),
                    "SECRET_KEY": "k" * 40,
                    "HISTORY_KEY": HISTORY_KEY,
                    "RATELIMIT_LOGIN": "100000 per minute",
                }
            )
            self.apps["site"].test_client_class = Browser
        return self.apps["site"]

    def let_go(self) -> None:
        """Close every connection of the applications."""
        for app in self.apps.values():
            with app.app_context():
                db.session.remove()
                db.engine.dispose()

    def end(self) -> None:
        """No test comes any more."""
        self.let_go()

    def reset(self) -> None:
        """Put the furnished estate back."""
        raise NotImplementedError


class SqliteGround(Ground):
    """A file, copied from a furnished one."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.file, self.template = folder / "estate.db", folder / "furnished.db"
        self.url = f"sqlite:///{self.file}"
        self._furnish()
        self.let_go()
        with contextlib.suppress(FileNotFoundError):
            self.file.with_name("estate.db-wal").unlink()
        shutil.copyfile(self.file, self.template)

    def reset(self) -> None:
        """Copy the furnished file over."""
        self.let_go()
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)


class PostgresGround(Ground):
    """A database of this process's own; what the furnished one holds is kept in a second schema."""

    def __init__(self) -> None:
        super().__init__()
        self.database = OwnDatabase()
        self.url = self.database.url
        self._furnish()
        tables = [table.name for table in Base.metadata.sorted_tables] + ["search"]
        with self.engine_app().app_context(), db.engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA kept"))
            for made_table in tables:
                connection.execute(text(f'CREATE TABLE kept."{made_table}" AS TABLE public."{made_table}"'))
            sequences = connection.execute(
                text("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
            ).all()
        empty = [f'DELETE FROM public."{made_table}"' for made_table in reversed(tables)]
        fill = [
            f'INSERT INTO public."{made_table}" SELECT * FROM kept."{made_table}"' for made_table in tables
        ]
        count = [
            f"SELECT setval('public.\"{name}\"', {last or 1}, {str(last is not None).lower()})"
            for name, last in sequences
        ]
        self.script = "; ".join(empty + fill + count)

    def reset(self) -> None:
        """Empty all tables and fill them from the kept ones, in one go."""
        for app in self.apps.values():
            with app.app_context():
                db.session.remove()
        with self.engine_app().app_context():
            connection: Any = db.engine.raw_connection()
            connection.driver_connection.execute(self.script.encode())
            connection.commit()
            connection.close()

    def end(self) -> None:
        """The database is removed too."""
        super().end()
        self.database.close()
