"""A request that came to nothing because it and another stood in each other's way is done once more, unseen
by whoever sent it.

PostgreSQL ends one of two that wait for each other (a deadlock), and of two that keep the same token the
second fails. Where nothing was committed yet, the whole request is safe to repeat: it begins with what the
other has left.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from flask import Flask, g, has_request_context, session
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.ground import database, given
from app.ground.database import db

TRIES = 4
CROSSED = frozenset({"40001", "40P01", "23505"})  # could not serialize; a deadlock; the same key twice
TWICE = frozenset({"SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"})


def crossed(error: DBAPIError) -> bool:
    """Whether another request, rather than this one by itself, is why a statement failed."""
    cause: Any = error.orig
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", "") in TWICE
    return getattr(cause, "sqlstate", "") in CROSSED


def is_left_to_repeat(error: DBAPIError) -> bool:
    """Whether the request at hand will be done once more if it fails with this; who catches it then raises it
    again, for the next try knows what the other has left.
    """
    return bool(g.get("tries_left")) and "committed" not in g and crossed(error)


@event.listens_for(Session, "after_commit")
def _committed(told: Session) -> None:
    if has_request_context() and not told.in_nested_transaction():
        g.committed = True


def _repeating(dispatch: Callable[[], Any]) -> Callable[[], Any]:
    def answer() -> Any:
        begun, said, writes = set(g), list(session.get("_flashes", ())), database.is_writing()
        for left in reversed(range(TRIES)):
            g.tries_left = left
            try:
                return dispatch()
            except DBAPIError as error:
                if not is_left_to_repeat(error):
                    raise
            _as_it_was(begun, said, writes)

    return answer


def _as_it_was(begun: set[str], said: list[Any], writes: bool) -> None:
    """Before the request is done once more: nothing of the first try is known, and files are read from their
    start.
    """
    db.session.rollback()
    for name in set(g) - begun:
        g.pop(name)
    if said:
        session["_flashes"] = list(said)
    else:
        session.pop("_flashes", None)
    given.rewind()
    (database.start_writing if writes else database.stop_writing)()


def init(app: Flask) -> None:
    """Repeat such requests of an application."""
    app.dispatch_request = _repeating(app.dispatch_request)  # type: ignore[method-assign]
