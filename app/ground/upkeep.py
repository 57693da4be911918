"""Upkeep: what a database wants done now and then, whoever is at work. A module registers its chore; the
running server does it.

A chore is done soon after a server's start, then as often as it says, and at once where ``soon`` asks for it;
in a thread of its own, so that nobody waits. What stirs it is a request that was answered: in an office where
nobody asks for anything, nothing grows. Several processes each do their own: a chore is such that once too
often does no harm, and it commits what it writes in small parts. One that is heavy, and the same whichever
process does it, is the clock's alone.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import click
from flask import Flask, current_app

from app.ground.database import db

log = logging.getLogger("guanjia.upkeep")


@dataclass(eq=False)
class Chore:
    """Something to be done, how often, and when it is due in this process."""

    name: str
    every: timedelta
    work: Callable[[], object]
    by_clock: bool = False
    due: float = 0.0

    def do(self) -> None:
        """Do it; it is due again only after its time, whatever comes of it, and of what it broke off in
        nothing is held any longer.
        """
        self.due = time.monotonic() + self.every.total_seconds()
        try:
            self.work()
        finally:
            db.session.rollback()


chores: dict[str, Chore] = {}
_at_work = threading.Lock()


def chore(
    *, every: timedelta, by_clock: bool = False
) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a function as a chore, the clock's where it says so. It is called within the application,
    outside of a transaction, and commits by itself.
    """

    def register(work: Callable[[], object]) -> Callable[[], object]:
        chores[work.__name__] = Chore(work.__name__, every, work, by_clock)
        return work

    return register


def soon(work: Callable[[], object]) -> None:
    """Have a chore done after the next answer, or by the clock, since something happened that it is for."""
    chores[work.__name__].due = 0.0
    if chores[work.__name__].by_clock and "ask_clock" in current_app.extensions:
        current_app.extensions["ask_clock"](work.__name__)


def _due(by_clock: bool) -> list[Chore]:
    return [
        chore for chore in chores.values() if chore.by_clock == by_clock and chore.due <= time.monotonic()
    ]


def do_what_is_due(by_clock: bool = False) -> None:
    """Do the chores whose time has come, the clock's or the others, one after the other; what goes wrong with
    one is logged, and keeps none of the others.
    """
    if not _at_work.acquire(blocking=False):
        return
    try:
        for chore in _due(by_clock):
            try:
                chore.do()
            except Exception:
                log.exception("upkeep: %s", chore.name)
    finally:
        _at_work.release()


def _stir(app: Flask) -> None:
    if _due(by_clock=False) and not _at_work.locked():
        threading.Thread(target=_within, args=(app,), name="upkeep", daemon=True).start()


def _within(app: Flask) -> None:
    with app.app_context():
        do_what_is_due()


@click.command("upkeep")
def command() -> None:
    """Do every chore of upkeep now."""
    for chore in chores.values():
        chore.do()
        click.echo(chore.name)


def init(app: Flask, serves: bool) -> None:
    """Register the command; a server's answers stir the chores."""
    app.cli.add_command(command)
    if serves:
        app.teardown_request(lambda _error: _stir(current_app._get_current_object()))  # type: ignore[attr-defined]
