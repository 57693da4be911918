"""Passwords: hashed with argon2id, the rules for new ones, and the one way they are set.

Hashing takes tens of milliseconds: do it before a write transaction is begun, never within one.
"""

import secrets
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.act import saving
from app.declare.person import Person
from app.ground import clock
from app.ground.language import gettext as _
from app.people.users import User

SHORTEST, LONGEST = 10, 200
ONE_TIME = timedelta(days=7)  # as long as one that somebody else has seen is good for a first sign-in

# OWASP's minimum for argon2id; small memory, so that a morning's sign-ins at once don't exhaust an office's
# small server.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

# Verified for unknown names, so that they take as long as known ones; made with the parameters above from a
# forgotten random word.
DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$+uYNoSZCnMMrHfXc8cdDyw$tg/xyLKrvjl6BSpGBF6tzhijkkfft/o/ht7KkBfJiv0"

# What people here choose first; the demo's own password stands in the README.
COMMON = frozenset((Path(__file__).parent / "common_passwords.txt").read_text().split())


def _folded(password: str) -> str:
    """The same password from an input method in full-width or half-width letters is the same password."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """The argon2id hash of a password. Slow on purpose."""
    return _hasher.hash(_folded(password))


def verify(kept: str | None, password: str) -> bool:
    """Whether a password is the one kept; as slow for somebody without one, who never signs in."""
    try:
        return _hasher.verify(kept or DUMMY, _folded(password[: LONGEST + 1])) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether a hash was made with other costs than today's and is due to be made anew."""
    try:
        return _hasher.check_needs_rehash(kept)
    except InvalidHashError:
        return True


def fault(password: str, username: str) -> str:
    """What is wrong with a new password, as a sentence, or nothing."""
    folded, name = _folded(password).casefold(), username.casefold()
    if len(password) < SHORTEST:
        return _("The password needs at least %(n)s characters.", n=SHORTEST)
    if len(password) > LONGEST:
        return _("The password has at most %(n)s characters.", n=LONGEST)
    if folded in (name, name[::-1]) or (name and not folded.replace(name, "")):
        return _("The password mustn't be the user name.")
    if folded in COMMON or len(set(folded)) < 4:
        return _("This password is among the commonest; choose another one.")
    return ""


def generated() -> str:
    """A random password without characters that are easily confused; about 80 bits."""
    return "-".join(
        "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _letter in range(4))
        for _part in range(4)
    )


def run_out(until: datetime | None) -> bool:
    """Whether a one-time password is past its time; one's own never is."""
    return until is not None and clock.now() >= until


def put(
    user: User, kept: str, person: Person, act: str = "password", clause: str = "", once: bool = False
) -> None:
    """Set a user's hash, with a line of history that says who did but not what. The caller commits, and ends
    their sign-ins.

    What is good for ``once`` is to be changed before anything else, by whoever signs in with it.
    """
    with saving.changing(user, person, act, clause, always=True, judged=True):
        user.password_hash, user.one_time_until = kept, clock.now() + ONE_TIME if once else None
