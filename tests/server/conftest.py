"""The real server on the database at hand, ended whatever becomes of the test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from office import Estate
from serving import Server

from app.database import db

Serve = Callable[..., Server]


@pytest.fixture
def serve(office: Estate, ground: Any, tmp_path: Path) -> Iterator[Serve]:
    """Starts the server on the furnished estate; ``waits`` is how many seconds it waits for another's lock."""
    started: list[Server] = []

    def start(waits: int = 60, **environ: str) -> Server:
        db.session.remove()
        sqlite = ground.url.startswith("sqlite")
        url = f"{ground.url}?timeout={waits}" if sqlite else f"{ground.url}?options=-c%20lock_timeout%3D{waits}s"
        started.append(Server(tmp_path, url, **environ).start())
        return started[-1]

    yield start
    for one in started:
        one.end()
