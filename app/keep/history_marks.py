"""How far each record has come, kept apart from the database: a record or a whole database that is put back
lies behind its mark.

One file a form in DATA_DIR/history, four bytes a record at its id. A mark is written after the commit, so it
may lag where a process is killed between the two; it is never ahead.
"""

import os
import sys
import threading
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.ground import clock
from app.keep import transaction

if sys.platform != "win32":
    import fcntl

SIZE = 4

_turn = threading.Lock()


def folder() -> Path | None:
    """Where the marks of the application at hand are; None for an engine that keeps none."""
    place: Path | None = current_app.extensions.get("history_marks")
    return place


def init(app: Flask, place: Path) -> None:
    """Let an application keep marks in a folder."""
    app.extensions["history_marks"] = place


def note(form: str, key: int, *versions: int) -> None:
    """Records from an id on came to these versions; their marks follow when that is committed."""
    transaction.here().versions.append((form, key, versions))


def put(form: str, key: int, versions: Sequence[int]) -> None:
    """Raise the marks of records from an id on; none is ever lowered."""
    place = folder()
    if place is None:
        return
    with _alone(place):
        handle = os.open(place / form, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            had = _numbers(os.pread(handle, len(versions) * SIZE, key * SIZE))
            had.extend([0] * (len(versions) - len(had)))
            os.pwrite(handle, _bytes(array("I", map(max, had, versions))), key * SIZE)
        finally:
            os.close(handle)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Nobody else writes marks meanwhile: no thread of this process, and no other process where the system
    has such locks.
    """
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _turn, (place / ".lock").open("a") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read(form: str) -> "array[int] | None":
    """The marks of a form by the records' ids; None where there are none."""
    place = folder()
    try:
        return None if place is None else _numbers((place / form).read_bytes())
    except FileNotFoundError:
        return None


def begin_anew(form: str, versions: "array[int]") -> None:
    """The marks of a form as its records stand now."""
    place = folder()
    if place is None:
        return
    with _alone(place):
        draft = place / f".{form}"
        draft.touch(mode=0o600)
        draft.write_bytes(_bytes(versions))
        os.replace(draft, place / form)


def set_aside() -> None:
    """A database was made anew: the marks of the one before it are kept beside, and say nothing of the new
    one.
    """
    place = folder()
    if place is not None and place.is_dir():
        os.replace(place, place.with_name(f"{place.name}-{clock.now():%Y%m%d-%H%M%S-%f}"))


def _numbers(data: bytes) -> "array[int]":
    numbers = array("I", data[: len(data) // SIZE * SIZE])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _bytes(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers = array("I", numbers)
        numbers.byteswap()
    return numbers.tobytes()


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for form, key, versions in [version for kept in transaction.every() for version in kept.versions]:
        try:
            put(form, key, versions)
        except OSError:
            current_app.logger.exception("The mark of %s %s couldn't be kept.", form, key)
