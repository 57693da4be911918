"""Strangers' files are read apart: in a process of its own, which has so much memory and so much time, and
only so many at once.

What a file does to its reader (fill the memory, go on for ever, end it) so harms nobody; whoever sent it is
told in a sentence.
"""

import marshal
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import current_app, has_app_context

try:
    import fcntl
except ImportError:  # Windows, where one process serves
    fcntl = None  # type: ignore[assignment]

MEMORY = 200  # MB for one file; where the system knows no such limit, the time below is the only one
SECONDS = 10  # of the processor
PATIENCE = 30  # seconds until an answer, and for one's turn
AT_ONCE, WAITING = 1, 4  # so that twelve people fill neither the memory nor the server's threads

BUSY, TIME, SPACE, BROKEN = "busy", "time", "space", "broken"
START = "import sys; sys.path[:] = sys.argv[1:]; from app.ground.apart_process import main; main()"
KEPT = (
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
)  # of the environment; keys and passwords stand in it too
TOO_LONG = (-24, -9)  # SIGXCPU and SIGKILL, by which the processor's limit ends a process
TOO_LARGE = (1, -6)  # nothing left to answer with; SIGABRT, with which native readers end then

_turn = threading.BoundedSemaphore(AT_ONCE)
_places = threading.BoundedSemaphore(AT_ONCE + WAITING)


class Refused(Exception):
    """A file that wasn't read: ``why`` is one of the words above, or the reader's own."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read(reader: str, data: bytes, **given: Any) -> Any:
    """What a reader (a module with a function ``work``) makes of a file's bytes: plain values. Raises
    Refused.
    """
    with _in_turn():
        question = marshal.dumps((reader, MEMORY, SECONDS, given)) + data
        command = [
            sys.executable,
            "-I",
            "-S",
            "-c",
            START,
            str(Path(__file__).parent.parent.parent),
            *filter(None, sys.path),
        ]
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        with subprocess.Popen(  # noqa: S603 (a file of ours)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, "MALLOC_ARENA_MAX": "1"},
        ) as process:
            try:
                answer = process.communicate(question, PATIENCE)[0]
            except subprocess.TimeoutExpired:
                raise Refused(TIME) from None
            finally:
                process.kill()
    return _understood(answer, process.returncode)


def _understood(answer: bytes, code: int) -> Any:
    """The reader's answer; one that broke off tells by the process's end what it died of."""
    if code:
        raise Refused(TIME if code in TOO_LONG else SPACE if code in TOO_LARGE else BROKEN)
    said, made = marshal.loads(answer)  # noqa: S302 (it comes from a process of ours)
    if said != "read":
        raise Refused(said)
    return made


@contextmanager
def _in_turn() -> Iterator[None]:
    """One's turn among those who have files read. Raises Refused where too many wait, or for too long."""
    if not _places.acquire(blocking=False):
        raise Refused(BUSY)
    try:
        if not _turn.acquire(timeout=PATIENCE):
            raise Refused(BUSY)
        try:
            with _before_other_processes():
                yield
        finally:
            _turn.release()
    finally:
        _places.release()


@contextmanager
def _before_other_processes() -> Iterator[None]:
    """One's turn among an installation's processes on this machine, where the system has such locks. Raises
    Refused as well.
    """
    if fcntl is None or not has_app_context():
        yield
        return
    until = time.monotonic() + PATIENCE
    with (current_app.config["SETTINGS"].data_dir / "reading.lock").open("ab") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Refused(BUSY) from None
                time.sleep(0.02)
        yield
