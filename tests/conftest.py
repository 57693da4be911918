"""What tests stand on: a furnished estate in a database of the test's own, on SQLite and on PostgreSQL alike;
the application, and people signed in to it.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from forked import ForkedReader
from ground import Ground, PostgresGround, SqliteGround
from hypothesis import HealthCheck, settings
from office import QUICK, Estate, password_hash
from sending import sign
from serving import Server

import models  # noqa: F401
from app.gate import installation, passwords, sign_in  # noqa: F401 (some have tables)
from app.ground import apart
from app.ground.database import db
from app.keep import attachments  # noqa: F401 (some have tables)
from app.people import rights

settings.register_profile(
    "guanjia",
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("guanjia")

collect_ignore = ["library"]  # a trade of its own, in a process of its own: app/test_another_trade.py
BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker begins with its share of what takes long; the parts that workers are given to begin with
    follow one another.
    """
    for item in items:
        if "serve" in getattr(item, "fixturenames", ()) or "/tests/server/" in item.path.as_posix():
            item.add_marker(pytest.mark.server)
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    share = -(-len(others) // workers) if others else 0
    items[:] = [
        test for at in range(workers) for test in (*long[at::workers], *others[at * share : (at + 1) * share])
    ]


@pytest.fixture(scope="session", autouse=True)
def own_hashes() -> Iterator[dict[str, Any]]:
    """Within this process passwords are hashed and verified at the least cost; told is what the application
    has of its own.
    """
    own = {name: getattr(passwords, name) for name in ("_hasher", "DUMMY")}
    passwords._hasher, passwords.DUMMY = QUICK, password_hash()
    yield own
    passwords._hasher, passwords.DUMMY = own["_hasher"], own["DUMMY"]


@pytest.fixture
def true_hashes(own_hashes: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """At the application's own cost, for tests of just that."""
    for name, value in own_hashes.items():
        monkeypatch.setattr(passwords, name, value)


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ground]]:
    """The databases of this process, each made when it is first asked for."""
    made: dict[str, Ground] = {}

    def ground(kind: str) -> Ground:
        if kind not in made:
            made[kind] = (
                SqliteGround(tmp_path_factory.mktemp("sqlite")) if kind == "sqlite" else PostgresGround()
            )
        return made[kind]

    yield ground
    for ground_made in made.values():
        ground_made.end()


@pytest.fixture(params=BOTH)
def ground(request: pytest.FixtureRequest, grounds: Callable[[str], Ground]) -> Ground:
    """The database at hand, furnished."""
    ground_here = grounds(request.param)
    ground_here.reset()
    rights.forget()
    return ground_here


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
    """Starts the real server on the furnished estate, or gets it ready to be started otherwise; ``waits`` is
    how many seconds it waits for another's lock.
    """
    started: list[Server] = []

    def start(waits: int = 60, begin: bool = True, **environ: str) -> Server:
        db.session.remove()
        sqlite = ground.url.startswith("sqlite")
        url = (
            f"{ground.url}?timeout={waits}"
            if sqlite
            else f"{ground.url}?options=-c%20lock_timeout%3D{waits}s"
        )
        started.append(Server(tmp_path, url, **environ))
        return started[-1].start() if begin else started[-1]

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
        answer = sign(client, name)
        assert answer.status_code == 302, answer.text
        return client

    return signed_in


@pytest.fixture(scope="session")
def forked() -> Iterator[ForkedReader]:
    """A reader for hundreds of files."""
    reader = ForkedReader()
    yield reader
    reader.end()


@pytest.fixture
def reads_many(forked: ForkedReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read by it, not each by a process of its own."""
    monkeypatch.setattr(apart, "read", forked.read)
