"""The running server's clock: what is due is done though nobody asks for anything, once, also where several
run; its process is replaced as those that answer are.
"""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from office import NOON, Estate
from serving import Server

from app.act import acts
from app.ground import clock, upkeep
from app.ground.database import db
from app.keep import history
from wsgi import create_app

Serve = Callable[..., Server]


def until(happens: Callable[[], Any], seconds: float = 30) -> Any:
    """Whether something comes true within some seconds."""
    end = time.monotonic() + seconds
    while not happens() and time.monotonic() < end:
        time.sleep(0.1)
    return happens()


def late(office: Estate, count: int) -> Any:
    """Complaints that nobody took up since yesterday; their class, and a way to look at what befell them."""
    with clock.set_to(clock.now() - timedelta(days=1)):
        cls, keys = None, []
        for _each in range(count):
            complaint = office.complaint()
            cls, keys = type(complaint), [*keys, complaint.id]

    def befell() -> list[list[str]]:
        db.session.rollback()
        return [[line.act for line in history.lines("complaint", key)] for key in keys]

    db.session.remove()
    return cls, befell


def test_what_is_due_is_done_though_nobody_asks(serve: Serve, office: Estate) -> None:
    _cls, befell = late(office, 3)
    serve(CLOCK="", WORKERS="1")
    assert until(lambda: befell() == [["create", "act:escalates"]] * 3), befell()


def test_several_clocks_do_it_once(serve: Serve, office: Estate) -> None:
    _cls, befell = late(office, 40)
    for _server in range(3):
        serve(CLOCK="yes", WORKERS="1")
    assert until(lambda: all(len(lines) > 1 for lines in befell())), befell()
    time.sleep(1)
    assert befell() == [["create", "act:escalates"]] * 40


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_its_process_is_replaced_and_ends_with_the_server(serve: Serve, office: Estate) -> None:
    server = serve(CLOCK="yes", WORKERS="1")
    assert until(lambda: len(server.pids()) == 3)
    *_others, clock_pid = server.pids()
    os.kill(clock_pid, signal.SIGKILL)
    assert until(lambda: len(server.pids()) == 3 and clock_pid not in server.pids())
    pids = server.pids()
    _cls, befell = late(office, 1)
    assert server.flask("tick").returncode == 0
    assert befell() == [["create", "act:escalates"]]
    begun = time.monotonic()
    server.end()
    assert time.monotonic() - begun < 10
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    assert "Traceback" not in (server.folder / "log").read_text()


def test_without_a_clock_nothing_is_done(serve: Serve, office: Estate) -> None:
    _cls, befell = late(office, 1)
    server = serve(CLOCK="no", WORKERS="1")
    time.sleep(2)
    assert befell() == [["create"]]
    assert len(server.pids()) == 2


def test_what_is_asked_of_the_clock_it_does(serve: Serve, office: Estate) -> None:
    """A rule that changed is worked out anew: asked for by whoever changed it, done elsewhere."""
    cls, befell = late(office, 1)
    table = db.metadata.tables["due_act"]
    server = serve(CLOCK="yes", WORKERS="1")
    assert until(lambda: befell()[0][-1] == "act:escalates")
    with clock.set_to(NOON):
        complaint = office.complaint()
    key = complaint.id
    with office.writing():
        db.session.execute(db.delete(table).where(table.c.record_id == key))
    with create_app(server.environment).app_context():
        upkeep.soon(acts.acts_anew)

    def is_due() -> bool:
        db.session.rollback()
        asked = db.select(table.c.rule).where(table.c.record_id == key, table.c.form == "complaint")
        return db.session.execute(asked).first() is not None

    assert until(is_due)
    assert cls is type(complaint)
