"""Sign-ins kept on the server: the cookie holds a random token, the database its hash, until it ends.

A sign-in ends by signing out, after a time without use, after a longest time, by a change of password, or
with the account. Each request looks its token up together with the state of its user, so whatever changed of
the account holds from then on.
"""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import Flask, Request, current_app, g, request, session
from flask_login import LoginManager
from sqlalchemy import ForeignKey, String, bindparam, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.declare import in_force
from app.declare.person import Person
from app.declare.record import Key, Model
from app.gate import devices, passwords, tries
from app.gate.tries import digest, written
from app.ground import clock, database, given
from app.ground.database import Moment, db, is_sqlite
from app.people.rights import load
from app.people.users import User

TOKEN = "sign_in"  # noqa: S105
SEEN_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)

log = logging.getLogger("guanjia.sign_in")


class SignIn(Model):
    """One sign-in of one person in one browser. ``token`` is the SHA-256 of what the cookie holds."""

    __tablename__ = "sign_in"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(Key, ForeignKey("user.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    agent: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(45), default="")


@dataclass
class Outcome:
    """What a try to sign in came to: a user's id, or none and perhaps until when there is no other try, or
    that the address had too many.
    """

    user_id: int | None = None
    locked_until: datetime | None = None
    crowded: bool = False


def _settings() -> Any:
    return current_app.config["SETTINGS"]


# Looking up


def signed_in(asked: Request | None = None) -> Person | None:
    """Who this request's token belongs to, with the rights of now; one statement. Also Flask-Login's
    loader.
    """
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    try:
        row = db.session.connection().execute(_going_on(), {"token": digest(token)}).one_or_none()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        db.session.rollback()  # the server was started anew; the next connection is a new one
        row = db.session.connection().execute(_going_on(), {"token": digest(token)}).one_or_none()
    if row is None or not row.active or clock.now() >= _ends(row.made_at, row.seen_at):
        return None
    g.sign_in_seen_at = row.seen_at
    in_force.note(row.settings)
    return load(row.id, row.rights)


@cache
def _going_on() -> Any:
    """The statement asked at each request."""
    newest = in_force.newest().scalar_subquery().label("settings")
    columns = (User.id, User.rights, User.active, SignIn.made_at, SignIn.seen_at, newest)
    going_on = (SignIn.token == bindparam("token"), SignIn.ended_at.is_(None))
    return select(*columns).join(SignIn, SignIn.user_id == User.id).where(*going_on)


def _ends(made: datetime, seen: datetime) -> datetime:
    chosen = _settings()
    return min(
        made + timedelta(hours=chosen.session_hours), seen + timedelta(minutes=chosen.session_idle_minutes)
    )


def note_seen() -> None:
    """Write down that the sign-in is in use, at most once a minute, in a transaction of its own; a busy
    database is no reason to fail.
    """
    seen, now = g.get("sign_in_seen_at"), clock.now()
    if seen is None or now - seen < SEEN_EVERY:
        return
    statement = update(SignIn).where(SignIn.token == digest(session[TOKEN])).values(seen_at=now)
    try:
        _at_once(statement)
    except SQLAlchemyError as error:
        log.warning("seen_at not written: %s", type(error).__name__)


def _at_once(statement: Any) -> None:
    """Run one statement in a transaction that waits for no other longer than a blink."""
    with database.writing(), db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        if not is_sqlite():
            with connection.begin():
                connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
                connection.execute(statement)
            return
        patience = raw.execute("PRAGMA busy_timeout").fetchone()[0]
        raw.execute("PRAGMA busy_timeout = 200")
        try:
            with connection.begin():
                connection.execute(statement)
        finally:
            raw.execute(f"PRAGMA busy_timeout = {int(patience)}")


# Beginning


def attempt(username: str, password: str, address: str = "") -> Outcome:
    """Whether this is somebody's name and password. Commits; ends in a writing context, outside of a
    transaction.

    The try is counted before the password is looked at, so that many at once are no way around the wait. On a
    device where the person signed in before it counts apart: what others try under the name, or from the same
    address, is in nobody's way there.
    """
    name, now = written(username), clock.now()
    columns = (User.id, User.password_hash, User.active, User.one_time_until)
    row = db.session.execute(select(*columns).where(User.username == name)).one_or_none()
    known = devices.known(row.id) if row else ""
    keys, tried_from = (
        (tries.of_device(row.id, known), "")
        if row and known
        else (tries.of_strangers(name, address), address)
    )
    tries.forget_old(now)
    if tried_from and not tries.address_may(tried_from, now):
        db.session.commit()
        return Outcome(crowded=True)
    may, locked = tries.take(keys, now)
    db.session.commit()
    if not may:
        return Outcome(None, locked)
    database.stop_writing()
    right = passwords.verify(row.password_hash if row else None, password)
    again = passwords.hashed(password) if right and row and passwords.outdated(row.password_hash) else None
    database.start_writing()
    if row is None or not right or not row.active or passwords.run_out(row.one_time_until):
        return Outcome(None, locked)
    if again:
        db.session.execute(update(User).where(User.id == row.id).values(password_hash=again))
    tries.take_back(tried_from)
    tries.forget(keys)
    db.session.commit()
    return Outcome(row.id)


def begin(user_id: int) -> None:
    """Sign a user in at this browser, under a new token; only the language is kept of the session before. The
    caller commits.
    """
    now = clock.now()
    _clear_session()
    session[TOKEN] = token = secrets.token_urlsafe(32)
    db.session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.seen_at < now - KEPT))
    values = {"agent": _device(given.header("User-Agent")), "address": (request.remote_addr or "")[:45]}
    devices.note(user_id)
    db.session.execute(
        insert(SignIn).values(token=digest(token), user_id=user_id, made_at=now, seen_at=now, **values)
    )


def _clear_session() -> None:
    kept = session.get("locale")
    session.clear()
    if kept:
        session["locale"] = kept


def _device(agent: str) -> str:
    """A browser's long signature as a few words: browser and system."""
    browsers = (
        ("MicroMessenger", "WeChat"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        *((name, name) for name in ("Android", "iPhone", "iPad", "Windows")),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    names = [next((name for mark, name in known if mark in agent), "") for known in (browsers, systems)]
    return (" · ".join(part for part in names if part) or "".join(c for c in agent if c.isprintable()))[:60]


# Ending


def end() -> None:
    """Sign out at this browser: the token is worth nothing from now on, wherever its cookie is kept. The
    caller commits.
    """
    if isinstance(token := session.get(TOKEN), str):
        db.session.execute(
            update(SignIn)
            .where(SignIn.token == digest(token), SignIn.ended_at.is_(None))
            .values(ended_at=clock.now())
        )
    _clear_session()


def end_all(user_id: int) -> None:
    """Sign a user out everywhere. The caller commits."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def going_on(user_id: int) -> Sequence[SignIn]:
    """A user's sign-ins that still hold, the last used first."""
    chosen, now = _settings(), clock.now()
    since, made = (
        now - timedelta(minutes=chosen.session_idle_minutes),
        now - timedelta(hours=chosen.session_hours),
    )
    holds = (
        SignIn.user_id == user_id,
        SignIn.ended_at.is_(None),
        SignIn.seen_at > since,
        SignIn.made_at > made,
    )
    asked = select(SignIn).where(*holds).order_by(SignIn.seen_at.desc(), SignIn.token).limit(50)
    return db.session.execute(asked).scalars().all()


def is_current(sign_in: SignIn) -> bool:
    """Whether a sign-in is that of this request."""
    return isinstance(token := session.get(TOKEN), str) and secrets.compare_digest(
        sign_in.token, digest(token)
    )


def init(app: Flask) -> None:
    """Let Flask-Login find people by their token."""
    manager = LoginManager(app)
    manager.session_protection = (
        None  # the token stands in the database; an address that changes on a phone is no theft
    )
    manager.request_loader(signed_in)
    app.after_request(devices.keep)
