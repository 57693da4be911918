"""The keys under which the history is chained: kept apart from the database, in the environment or in a file
of DATA_DIR.
"""

import hashlib
import hmac
import os
import secrets
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app

from app.ground import on_disk
from app.ground.kept_keys import kept_key
from app.ground.settings import Settings

GLANCE = 0.5  # seconds for which the file isn't looked at again
ID = 8


@dataclass(frozen=True)
class Key:
    """A key and the short name by which lines speak of it; the name follows from the key and tells nothing of
    it.
    """

    id: str
    secret: bytes

    def mark(self, said: bytes) -> str:
        """What only who has the key can say of these bytes."""
        return hmac.digest(self.secret, said, "sha256").hex()


@lru_cache(maxsize=64)
def key_of(text: str) -> Key:
    """The key written so."""
    secret = text.encode()
    return Key(hashlib.sha256(b"the name of a key of the history: " + secret).hexdigest()[:ID], secret)


class Keys:
    """The keys of an installation, the one in use first. Those of a file are read anew when it changes."""

    def __init__(self, given: Sequence[str] = (), place: Path | None = None) -> None:
        self.place = None if given else place
        self._found = tuple(key_of(given) for given in given)
        self._looked_at, self._stamp = 0.0, (0, 0)

    def all(self) -> tuple[Key, ...]:
        """Every key, the newest first."""
        if self.place is not None and time.monotonic() - self._looked_at > GLANCE:
            with (
                self.place.open() as file
            ):  # opened, since a shared folder may say for a minute what was there before
                about = os.fstat(file.fileno())
                if (stamp := (about.st_mtime_ns, about.st_ino)) != self._stamp:
                    self._found, self._stamp = tuple(key_of(part) for part in file.read().split()), stamp
            self._looked_at = time.monotonic()
        return self._found

    @property
    def current(self) -> Key:
        """The key under which lines are written now."""
        return self.all()[0]

    def get(self, name: str) -> Key | None:
        """The key of a name, where it is known here."""
        return next((key for key in self.all() if key.id == name), None)

    def renew(self) -> None:
        """Put a new key before the others of the file; it is there whole or not at all."""
        if self.place is None:
            raise ValueError("these keys come from the environment")
        handle, draft = tempfile.mkstemp(prefix=f".{self.place.name}", dir=self.place.parent)
        with os.fdopen(handle, "w") as file:
            file.write(f"{secrets.token_urlsafe(48)}\n{self.place.read_text()}")
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.place)
        on_disk.names(self.place.parent)
        self._looked_at = 0.0


def keys() -> Keys:
    """The keys of the application at hand."""
    keys_here: Keys = current_app.extensions["history_keys"]
    return keys_here


def keys_of(settings: Settings) -> Keys:
    """The keys that are set, or those kept in DATA_DIR, where the first is made at the first start."""
    place = settings.data_dir / "history_key"
    if settings.history_key:
        return Keys(settings.history_key.split(","))
    kept_key(place, "HISTORY_KEY", "put it back from a backup, the history can't be verified without it")
    return Keys(place=place)


def init(app: Flask, keys_given: Keys) -> None:
    """Give an application its keys."""
    app.extensions["history_keys"] = keys_given
