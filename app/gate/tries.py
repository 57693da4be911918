"""Failed tries to sign in: counted by name and address, by name, by known device and by address, in the
database that all share.

Whoever goes on guessing waits longer and longer; nobody is shut out for good. The callers commit.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address
from typing import Any

from flask import current_app
from sqlalchemy import String, case, delete, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.declare.record import Model
from app.ground.database import Moment, db, is_sqlite
from app.ground.settings import Rate, rates
from app.people.users import User

NAME_WAITS = 2  # minutes at most under a name, whatever the address: strangers make nobody wait longer
KEPT = timedelta(days=1)  # beyond the longest wait


class Failure(Model):
    """Failed tries: under one user name, known or not, since waits under known names only would tell them
    apart, and under it from one address; of a person on a device that is known for them; from one address,
    where ``last_at`` is when its count begins anew.
    """

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


def of_strangers(name: str, address: str) -> dict[str, int]:
    """The keys of a name, known or not: from one address, and from all together; the longest wait under each,
    in minutes.
    """
    longest: int = _settings().login_lock_minutes
    return {
        f"{_anywhere(name)}{digest(_networks(address))[:32]}": longest,
        _of_name(name): min(longest, NAME_WAITS),
    }


def of_device(user_id: int, device: str) -> dict[str, int]:
    """The key of a person on a device that is known for them, and the longest wait under it."""
    return {f"{_devices_of(user_id)}{digest(device)[:40]}": _settings().login_lock_minutes}


def _of_name(name: str) -> str:
    return digest(name.casefold())


def _anywhere(name: str) -> str:
    return f"{_of_name(name)[:31]}@"


def _devices_of(user_id: int) -> str:
    return f"device {user_id} "


def _networks(address: str) -> str:
    """What of an address its owner can't change at will: of an IPv6 one its first half."""
    return " ".join(map(_network, address.split()))


def _network(address: str) -> str:
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if isinstance(read, IPv4Address):
        return str(read)
    return str(read.ipv4_mapped or f"{int(read) >> 64:x}::/64")


def _of_address(address: str) -> list[tuple[str, Rate]]:
    """The counts of an address: one for each of its rates."""
    return [
        (f"from {rate.seconds} {digest(_networks(address))[:40]}", rate)
        for rate in rates(_settings().ratelimit_login)
    ]


def forget_old(now: datetime) -> None:
    """Forget tries so long ago that nothing follows from them."""
    over = now - timedelta(minutes=_settings().login_lock_minutes) - KEPT
    past = select(Failure.name).where(Failure.last_at < over).with_for_update(skip_locked=True)
    db.session.execute(
        delete(Failure).where(Failure.name.in_(past)).execution_options(synchronize_session=False)
    )


def _one_more(under: str, first: dict[str, Any], changes: dict[str, Any], where: Any = None) -> Any:
    """Count one under a key, if it may be; how many there are now."""
    make = sqlite.insert if is_sqlite() else postgresql.insert
    statement: Any = make(Failure).values(name=under, failures=1, **first)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_=changes, where=where)
    return db.session.execute(statement.returning(Failure.failures, Failure.locked_until)).one_or_none()


def address_may(address: str, now: datetime) -> bool:
    """Count a try from an address; whether it may have one more. A right password takes its try back: an
    office has one address.
    """
    may = True
    for under, rate in _of_address(address):
        until = now + timedelta(seconds=rate.seconds)
        begins = Failure.last_at <= now
        counted = case((begins, 1), else_=Failure.failures + 1)
        tries = _one_more(
            under,
            {"last_at": until},
            {"failures": counted, "last_at": case((begins, until), else_=Failure.last_at)},
        )
        may = may and tries.failures <= rate.most
    return may


def take_back(address: str) -> None:
    """A try from an address was no failed one."""
    for under, _rate in _of_address(address) if address else ():
        db.session.execute(update(Failure).where(Failure.name == under).values(failures=Failure.failures - 1))


def take(keys: Mapping[str, int], now: datetime) -> tuple[bool, datetime | None]:
    """Take a try under each of some keys, in this order, or under none: whether it may be, and until when
    there is no other.

    The wait is set as the try is taken, before any password is looked at: of many at once one gets through
    for each wait that ends.
    """
    waits: list[datetime] = []
    with db.session.begin_nested() as savepoint:
        for under, longest in keys.items():
            first = {"last_at": now, "locked_until": _until(literal(1), now, longest)}
            more = Failure.failures + 1
            changes = {"failures": more, "last_at": now, "locked_until": _until(more, now, longest)}
            taken = _one_more(
                under, first, changes, or_(Failure.locked_until.is_(None), Failure.locked_until <= now)
            )
            if taken is None:
                refused = db.session.execute(
                    select(Failure.locked_until).where(Failure.name == under)
                ).scalar()
                savepoint.rollback()
                return False, refused
            waits += [taken.locked_until] if taken.locked_until else []
    return True, max(waits, default=None)


def _until(failures: Any, now: datetime, most: int) -> Any:
    """Until when one waits after so many tries: not at all at first, then 1, 2, 4 … minutes."""
    free = _settings().login_failures
    waits = [min(2**more, most) for more in range(most.bit_length() + 1)]
    steps = [
        (failures >= free + more, literal(now + timedelta(minutes=wait), Moment))
        for more, wait in enumerate(waits)
    ]
    return case(*reversed(steps), else_=None)


def forget(keys: Iterable[str]) -> None:
    """Forget the failed tries of some keys, in the order in which they were taken."""
    for under in keys:
        db.session.execute(delete(Failure).where(Failure.name == under))


def forgive(username: str) -> None:
    """Forget the failed tries under a name, on whatever device: its password was set anew. The caller
    commits.
    """
    name = written(username)
    user_id = db.session.execute(select(User.id).where(User.username == name)).scalar()
    for begins in (_devices_of(user_id or 0), _anywhere(name), _of_name(name)):
        ours = delete(Failure).where(Failure.name.startswith(begins))
        db.session.execute(ours.execution_options(synchronize_session=False))
