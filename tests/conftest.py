"""What tests stand on: a furnished estate in a database of the test's own, on SQLite and on PostgreSQL alike; the application, and people signed in to it."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from office import HISTORY_KEY, PASSWORD, Estate, furnish
from sending import token
from serving import Server
from sqlalchemy import Connection, create_engine, make_url, text

import models
from app import attachments, database, history_keys, installation, person, search, sign_in  # noqa: F401 (some have tables too)
from app.database import Base, db, writing

settings.register_profile(
    "guanjia", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], print_blob=True
)
settings.load_profile("guanjia")

ROOT = Path(models.__file__).parent.parent
collect_ignore = ["library"]  # a trade of its own, in a process of its own: app/test_another_trade.py
BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker begins with its share of what takes long; the parts that workers are given to begin with follow one another."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [one for one in items if one.get_closest_marker("long")]
    others = [one for one in items if not one.get_closest_marker("long")]
    share = -(-len(others) // workers) if others else 0
    items[:] = [one for at in range(workers) for one in (*long[at::workers], *others[at * share : (at + 1) * share])]


def build_schema(connection: Connection) -> None:
    """All tables of the declarations as they are now."""
    Base.metadata.create_all(connection)
    search.create_tables(connection)


class Ground:
    """A database that is put back to the furnished estate before each test, and the applications that use it."""

    url: str

    def __init__(self) -> None:
        self.apps: dict[str, Flask] = {}

    def _furnish(self) -> None:
        person.forget()
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
        return self.apps["site"]

    def let_go(self) -> None:
        """Close every connection of the applications."""
        for app in self.apps.values():
            with app.app_context():
                db.session.remove()
                db.engine.dispose()

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
    """A database of this process's own on the server of TEST_POSTGRES_URL; what the furnished one holds is kept in a second schema."""

    def __init__(self, server: str) -> None:
        super().__init__()
        self.server = create_engine(server, isolation_level="AUTOCOMMIT")
        self.name = f"guanjia_{os.getpid()}_{uuid4().hex[:8]}"
        with self.server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {self.name}"))
        self.url = make_url(server).set(database=self.name).render_as_string(hide_password=False)
        self._furnish()
        tables = [table.name for table in Base.metadata.sorted_tables] + ["search"]
        with self.engine_app().app_context(), db.engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA kept"))
            for one in tables:
                connection.execute(text(f'CREATE TABLE kept."{one}" AS TABLE public."{one}"'))
            sequences = connection.execute(text("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")).all()
        empty = [f'DELETE FROM public."{one}"' for one in reversed(tables)]
        fill = [f'INSERT INTO public."{one}" SELECT * FROM kept."{one}"' for one in tables]
        count = [f"SELECT setval('public.\"{name}\"', {last or 1}, {str(last is not None).lower()})" for name, last in sequences]
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

    def drop(self) -> None:
        """Remove the database from the server."""
        self.let_go()
        with self.server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)"))
        self.server.dispose()


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ground]]:
    """The databases of this process, each made when it is first asked for."""
    made: dict[str, Ground] = {}

    def ground(kind: str) -> Ground:
        if kind not in made:
            if kind == "sqlite":
                made[kind] = SqliteGround(tmp_path_factory.mktemp("sqlite"))
            else:
                server = os.environ.get("TEST_POSTGRES_URL", "")
                if not server and os.environ.get("REQUIRE_POSTGRES") == "1":
                    pytest.fail("REQUIRE_POSTGRES=1, but TEST_POSTGRES_URL names no server")
                if not server:
                    pytest.skip("TEST_POSTGRES_URL names no PostgreSQL server")
                made[kind] = PostgresGround(server)
        return made[kind]

    yield ground
    for one in made.values():
        if isinstance(one, PostgresGround):
            one.drop()
        else:
            one.let_go()


@pytest.fixture(params=BOTH)
def ground(request: pytest.FixtureRequest, grounds: Callable[[str], Ground]) -> Ground:
    """The database at hand, furnished."""
    found = grounds(request.param)
    found.reset()
    person.forget()
    return found


@pytest.fixture
def office(ground: Ground) -> Iterator[Estate]:
    """The estate, within the engine's own application context."""
    app = ground.engine_app()
    with app.app_context():
        yield Estate(app).look()
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def serve(office: Estate, ground: Ground, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts the real server on the furnished estate; ``waits`` is how many seconds it waits for another's lock."""
    started: list[Server] = []

    def start(waits: int = 60, **environ: str) -> Server:
        db.session.remove()
        sqlite = ground.url.startswith("sqlite")
        url = f"{ground.url}?timeout={waits}" if sqlite else f"{ground.url}?options=-c%20lock_timeout%3D{waits}s"
        started.append(Server(tmp_path, url, **environ).start())
        return started[-1]

    yield start
    for server in started:
        server.end()


@pytest.fixture
def app(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The whole application on the furnished estate."""
    return ground.site(tmp_path_factory.getbasetemp() / "data")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody at a browser, not signed in."""
    return app.test_client()


@pytest.fixture
def as_user(app: Flask) -> Callable[[str], FlaskClient]:
    """Signs somebody in at a browser of their own."""

    def signed_in(name: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/login", data={"username": name, "password": PASSWORD, "csrf_token": token(client)})
        assert answer.status_code == 302, answer.text
        return client

    return signed_in
