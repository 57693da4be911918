"""Failed tries to sign in: counted by name, by known device and by address, in the database that all processes and machines share.

The callers commit.
"""

import hashlib
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import String, case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Moment, db, is_sqlite
from app.people import User
from app.record import Model
from app.settings import Rate, rates


class Failure(Model):
    """Failed tries: under one user name, known or not, since a lock of known names only would tell them apart; of a person on a device
    that is known for them; from one address, where ``last_at`` is when its count begins anew."""

    __tablename__ = "sign_in_failure"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column()
    last_at: Mapped[datetime] = mapped_column(Moment, index=True)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)


def _settings() -> Any:
    return current_app.config["SETTINGS"]


def digest(word: str) -> str:
    """The SHA-256 of a word, as stored."""
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()


def written(username: str) -> str:
    """A user name as it is looked up: without surrounding space, in half-width letters."""
    return unicodedata.normalize("NFKC", username).strip().replace("\0", "")[:100]


def of_name(name: str) -> str:
    """The key of a name, known or not."""
    return digest(name.casefold())


def of_device(user_id: int, device: str) -> str:
    """The key of a person on a device that is known for them."""
    return f"{_devices_of(user_id)}{digest(device)[:40]}"


def _devices_of(user_id: int) -> str:
    return f"device {user_id} "


def _of_address(address: str) -> list[tuple[str, Rate]]:
    """The counts of an address: one for each of its rates."""
    return [(f"from {rate.seconds} {digest(address)[:40]}", rate) for rate in rates(_settings().ratelimit_login)]


def forget_old(now: datetime) -> None:
    """Forget tries so long ago that nothing follows from them."""
    over = now - timedelta(minutes=_settings().login_lock_minutes)
    past = select(Failure.name).where(Failure.last_at < over).with_for_update(skip_locked=True)
    db.session.execute(delete(Failure).where(Failure.name.in_(past)).execution_options(synchronize_session=False))


def _one_more(under: str, last_at: datetime, changes: dict[str, Any]) -> Any:
    """Count one under a key; how many there are now."""
    make = sqlite.insert if is_sqlite() else postgresql.insert
    statement: Any = make(Failure).values(name=under, failures=1, last_at=last_at)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_=changes)
    return db.session.execute(statement.returning(Failure.failures, Failure.last_at, Failure.locked_until)).one()


def address_may(address: str, now: datetime) -> bool:
    """Count a try from an address; whether it may have one more. A right password takes its try back: an office has one address."""
    may = True
    for under, rate in _of_address(address):
        until = now + timedelta(seconds=rate.seconds)
        begins = Failure.last_at <= now
        counted = case((begins, 1), else_=Failure.failures + 1)
        tries = _one_more(under, until, {"failures": counted, "last_at": case((begins, until), else_=Failure.last_at)})
        may = may and tries.failures <= rate.most
    return may


def take_back(address: str) -> None:
    """A try from an address was no failed one."""
    for under, _rate in _of_address(address) if address else ():
        db.session.execute(update(Failure).where(Failure.name == under).values(failures=Failure.failures - 1))


def count(under: str, now: datetime) -> datetime | None:
    """Count a try; the moment until which there is no other, if that is so."""
    chosen = _settings()
    tries = _one_more(under, now, {"failures": Failure.failures + 1})
    if tries.failures > chosen.login_failures:
        until: datetime = tries.locked_until or tries.last_at + timedelta(minutes=chosen.login_lock_minutes)
        return until
    db.session.execute(update(Failure).where(Failure.name == under).values(last_at=now))
    return None


def lock_if_spent(under: str) -> datetime | None:
    """Lock a key whose tries are spent; the moment until when."""
    chosen = _settings()
    until = clock.now() + timedelta(minutes=chosen.login_lock_minutes)
    spent = update(Failure).where(Failure.name == under, Failure.failures >= chosen.login_failures)
    done: Any = db.session.execute(spent.values(locked_until=until, last_at=clock.now()).execution_options(synchronize_session=False))
    return until if done.rowcount else None


def forget(under: str) -> None:
    """Forget the failed tries of a key."""
    db.session.execute(delete(Failure).where(Failure.name == under))


def forgive(username: str) -> None:
    """Forget the failed tries under a name, on whatever device: its password was set anew. The caller commits."""
    name = written(username)
    user_id = db.session.execute(select(User.id).where(User.username == name)).scalar()
    ours = or_(Failure.name == of_name(name), Failure.name.startswith(_devices_of(user_id or 0)))
    db.session.execute(delete(Failure).where(ours).execution_options(synchronize_session=False))
