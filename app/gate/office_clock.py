"""The office's clock: each minute all that is due is done, in a process of its own beside those that answer.

Huey keeps the minutes and the queue: in a file of DATA_DIR where the database is SQLite, and so on one
machine; in PostgreSQL where several machines share that, each with its clock. Whichever comes first does what
is due, and the others find it done.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import click
from flask import Flask, current_app
from flask.logging import default_handler
from huey import PostgresHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from app.act import acts
from app.ground import upkeep
from app.ground.database import db

FILE = "clock.db"
LOOK = 10  # seconds after which the queue is looked at again; a minute's work begins within as many
MOMENT = 2  # seconds until what a request asks for is looked at: it commits first
GRACE = 15  # seconds to end what was begun

log = logging.getLogger("guanjia.clock")


def _kept(app: Flask) -> Huey:
    """Where the queue is kept; only what was signed by the office's key is ever read back from there."""
    chosen = app.config["SETTINGS"]
    about = {"results": False, "serializer": SignedSerializer(secret=chosen.secret_key, salt="clock")}
    with app.app_context():
        dialect, url = db.engine.dialect, db.engine.url
    if dialect.name == "sqlite":
        return SqliteHuey("guanjia", filename=str(chosen.data_dir / FILE), fsync=False, **about)
    driver: Any = dialect.import_dbapi()
    places, words = dialect.create_connect_args(url)

    def connect() -> Any:
        return driver.connect(*places, **words)

    blocking = not chosen.database_pooler  # which hands each question to another connection
    return PostgresHuey("guanjia", connection=connect, table_prefix="clock", blocking=blocking, **about)


def queue(app: Flask) -> tuple[Huey, Any]:
    """The queue of an application, with what is done each minute and what may be asked for."""
    huey = _kept(app)

    def tick() -> None:
        with app.app_context():
            upkeep.do_what_is_due(by_clock=True)
            acts.tick()

    def chore(name: str) -> None:
        with app.app_context():
            upkeep.chores[name].due = 0.0
            upkeep.do_what_is_due(by_clock=True)

    huey.periodic_task(crontab(minute="*"), name="tick")(tick)
    return huey, huey.task(name="chore")(chore)


class Clock(Consumer):
    """Works a queue until it is told to stop, or left alone by the process that watches."""

    def __init__(self, huey: Huey, beat: Callable[[], None]) -> None:
        super().__init__(huey, max_delay=LOOK, scheduler_interval=LOOK, shutdown_timeout=GRACE)
        self.watcher, self.beat = os.getppid(), beat
        restart, graceful = False, True
        ends = (signal.SIGTERM, signal.SIGINT)
        main = threading.current_thread() is threading.main_thread()
        self._signal_actions = dict.fromkeys(ends if main else (), (restart, graceful))

    def loop(self, health_check_ts: float | None = None) -> float | None:
        """Look after what works the queue, ten times a second."""
        self.beat()
        if os.getppid() != self.watcher:
            self.stop_flag.set()
        checked: float | None = super().loop(health_check_ts)
        return checked


def run(app: Flask, beat: Callable[[], None] = lambda: None) -> None:
    """Be the clock of an application until SIGTERM or Ctrl+C."""
    huey = logging.getLogger("huey")
    huey.setLevel(logging.WARNING)
    huey.addHandler(default_handler)
    Clock(queue(app)[0], beat).run()


def _ask(name: str) -> None:
    """Have a chore done by the clock, wherever that runs."""
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    if "clock" not in app.extensions:
        app.extensions["clock"] = queue(app)
    _huey, chore = app.extensions["clock"]
    chore.schedule((name,), delay=MOMENT)


def beside(app: Flask) -> None:
    """The clock as a thread of this process, where there is no fork."""
    threading.Thread(target=run, args=(app,), name="clock", daemon=True).start()


@click.command("clock")
def clock() -> None:
    """Do what is due, each minute, until stopped: beside servers that have no clock (CLOCK=no)."""
    run(current_app._get_current_object())  # type: ignore[attr-defined]


def init(app: Flask) -> None:
    """What is asked of the clock reaches it."""
    app.extensions["ask_clock"] = _ask
