"""Sheets that people have looked at and not brought in yet: kept outside of the web's reach for a while, few
of each person, few in all. The lines that stayed out of one, to be mended, are counted apart.
"""

import os
import re
import secrets
import time
from datetime import timedelta
from pathlib import Path

from flask import current_app

from app.declare.person import Person
from app.ground import upkeep

REST = "rest"  # the lines that stayed out of a form's sheet are kept as this of it
AGE, AGE_OF_REST = 3600, 24 * 3600  # seconds: a sheet is looked at at once, its rest is mended first
EACH, ALL, BYTES = 3, 40, 200_000_000  # sheets of one person, of all, and how much all may weigh

_TOKEN = re.compile(r"[0-9a-f]{32}")


def _folder() -> Path:
    place = Path(current_app.config["SETTINGS"].data_dir) / "imports"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def keep(data: bytes, person: Person, form: str) -> str:
    """Keep a person's sheet for a form; under what token."""
    token = secrets.token_hex(16)
    handle = os.open(_place(token, person, form), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    tidy_up()
    return token


def kept(token: str, person: Person, form: str) -> bytes | None:
    """A person's sheet for a form, if it is still there."""
    try:
        return _place(token, person, form).read_bytes() if _TOKEN.fullmatch(token) else None
    except FileNotFoundError:
        return None


def drop(token: str, person: Person, form: str) -> None:
    """Forget a sheet that was brought in."""
    _place(token, person, form).unlink(missing_ok=True)


def _place(token: str, person: Person, form: str) -> Path:
    return _folder() / f"{person.id}-{form}-{token}"


@upkeep.chore(every=timedelta(minutes=30))
def tidy_up() -> None:
    """Drop what is too old or too much, the oldest first."""
    kept = sorted(_all(), reverse=True)
    _tidy([file for file in kept if not _is_rest(file[2])], AGE)
    _tidy([file for file in kept if _is_rest(file[2])], AGE_OF_REST)


def _tidy(files: list[tuple[float, int, Path]], age: int) -> None:
    count: dict[str, int] = {}
    weight = 0
    for at, (changed, size, path) in enumerate(files):
        owner = path.name.partition("-")[0]
        count[owner] = count.get(owner, 0) + 1
        weight += size
        if changed < time.time() - age or count[owner] > EACH or at >= ALL or weight > BYTES:
            path.unlink(missing_ok=True)


def _is_rest(path: Path) -> bool:
    return path.name.rpartition("-")[0].endswith(f".{REST}")


def _all() -> list[tuple[float, int, Path]]:
    names = []
    for path in _folder().iterdir():
        try:
            about = path.stat()
        except FileNotFoundError:  # another request dropped it
            continue
        names.append((about.st_mtime, about.st_size, path))
    return names
