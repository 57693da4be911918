"""Serves the application: waitress reads a request whole before a thread takes it, and keeps an answer for
whoever is slow to take it.

Several processes share one listening socket. The one that was started answers nothing itself: it starts those
anew that die.
"""

import contextlib
import logging
import mmap
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from flask.logging import default_handler
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import RequestEntityTooLarge

from app.gate import office_clock
from app.ground import memory
from app.ground.database import db

CONNECTIONS = 1000  # of one process; when they are near, those that are silent longest make room
PATIENCE, SLOWEST = (
    20,
    1024,
)  # seconds after each of which a client is to have sent or taken so many bytes a second
KEPT_ALIVE = 75  # seconds a connection may lie idle
GRACE = 20  # seconds for what is being answered when the server is stopped
KILOBYTE, MEGABYTE = 1024, 1024 * 1024
TAKEN = 2 * MEGABYTE  # of an answer in one buffer
HANGS, LOOK = 120, 5  # seconds without a sign of life after which a process is ended, and how often one looks
ENDS = {signal.SIGTERM, signal.SIGINT}
SOON, YOUNG = (
    0.2,
    2,
)  # seconds until another takes a dead process's place, twice as long each time that it died before so many

log = logging.getLogger("guanjia.server")


def _refused(channel: Any, request: Any) -> Any:
    """What answers a request that can't be read: the application says itself that something is too large."""
    if not isinstance(request.error, RequestEntityTooLarge):
        return ErrorTask(channel, request)
    task = WSGITask(channel, request)
    task.set_close_on_finish()
    return task


class Connection(HTTPChannel):
    """A client's connection, which knows how long it has been waiting for the client."""

    error_task_class: Any = staticmethod(_refused)

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self.since, self.moved = float(self.creation_time), 0

    def recv(self, buffer_size: int) -> bytes:
        """Read from the client."""
        data: bytes = super().recv(buffer_size)
        self.moved += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Write to the client."""
        sent: int = super().send(data, do_close)
        self.moved += sent
        return sent

    def write_soon(self, data: bytes) -> int:
        """Keep a part of an answer for the client, a few MB in each buffer: one whose client keeps up never
        stands empty, and would only grow.
        """
        kept: int = super().write_soon(data)
        if self.current_outbuf_count >= TAKEN:
            self.current_outbuf_count = self.adj.outbuf_high_watermark
        return kept

    def waits(self) -> bool:
        """Whether there is the rest of a request to come, or of an answer to be taken."""
        return self.request is not None or self.total_outbufs_len > 0

    def too_slow(self, now: float) -> bool:
        """Whether even a poor line would have moved more by now."""
        if self.waits() and now - self.since <= PATIENCE:
            return False
        slow = self.waits() and self.moved < PATIENCE * SLOWEST
        self.since, self.moved = now, 0
        return slow


class Listener(TcpWSGIServer):
    """Answers at a socket until it is told to stop, and then what it has begun."""

    channel_class = Connection
    stop_at = 0.0

    def __init__(self, app: Flask, at: socket.socket, limits: Adjustments) -> None:
        self.all_sockets: Any = {}
        self.beat: Callable[[], None] = lambda: None
        about = (at.family, at.type, at.proto, at.getsockname())
        super().__init__(app, map=self.all_sockets, _sock=at, adj=limits, sockinfo=about, bind_socket=False)

    def connections(self) -> list[Any]:
        """All that are open."""
        open_ones: Any = self.active_channels
        return list(open_ones.values())

    def let_go(self, now: float) -> None:
        """End clients that are too slow, and where room is needed those with nothing on the way, then those
        silent longest.
        """
        every = self.connections()
        slow = [channel for channel in every if channel.too_slow(now)]
        waiting = sorted(
            (channel for channel in every if not channel.requests),
            key=lambda channel: (channel.waits(), channel.last_activity),
        )
        for channel in {*slow, *waiting[: max(len(every) - CONNECTIONS * 3 // 4, 0)]}:
            channel.handle_close()

    def stop(self, *_signal: Any) -> None:
        """Take no further request; ``run`` ends when those begun are answered."""
        self.stop_at = self.stop_at or time.monotonic() + GRACE
        self.accepting = False
        self.pull_trigger()

    def run(self) -> None:
        """Answer until stopped, or left alone by the process that watches."""
        watcher, looked_at = os.getppid(), 0.0
        while not self._ended():
            self.asyncore.loop(timeout=1, use_poll=True, map=self.all_sockets, count=1)
            if (now := time.time()) >= looked_at + 1:
                self.let_go(now)
                self.beat()
                looked_at = now
            if os.getppid() != watcher:
                self.stop()
        self.task_dispatcher.shutdown(timeout=1)

    def _ended(self) -> bool:
        if not self.stop_at:
            return False
        busy = any(channel.requests or channel.waits() for channel in self.connections())
        return not busy or time.monotonic() > self.stop_at


def listen(host: str, port: int) -> socket.socket:
    """A socket at an address; all processes take their connections from it."""
    family = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][
        0
    ]
    return socket.create_server((host.strip("[]"), port), family=family, backlog=1024)


def listener(app: Flask, at: socket.socket, threads: int) -> Listener:
    """What answers at a socket."""
    limits = Adjustments(
        threads=threads,
        ident="",
        clear_untrusted_proxy_headers=False,
        asyncore_use_poll=True,
        connection_limit=CONNECTIONS,
        channel_timeout=KEPT_ALIVE,
        cleanup_interval=1,
        recv_bytes=64 * KILOBYTE,
        max_request_header_size=32 * KILOBYTE,
        max_request_body_size=4 * app.config["MAX_CONTENT_LENGTH"],
        inbuf_overflow=64 * KILOBYTE,
        outbuf_overflow=128 * KILOBYTE,  # what is longer waits in a file
        outbuf_high_watermark=256 * MEGABYTE,  # a thread is done with a long workbook before its reader is
    )
    return Listener(app, at, limits)


def serve(app: Flask) -> NoReturn:
    """Answer at the settings' address until SIGTERM or Ctrl+C."""
    chosen = app.config["SETTINGS"]
    at = listen(chosen.host, chosen.port)
    for name in ("waitress", "waitress.queue"):
        logging.getLogger(name).addHandler(default_handler)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    _prepare()
    with app.app_context():
        db.engine.dispose()
    memory.keep_for_good()
    workers = chosen.workers if sys.platform != "win32" else 1
    log.info(
        "serving at http://%s:%s: processes %s, threads %s",
        chosen.host,
        chosen.port,
        workers,
        chosen.web_threads,
    )
    if sys.platform == "win32":
        answering = listener(app, at, chosen.web_threads)
        if chosen.clock:
            office_clock.beside(app)
        for ends in ENDS:
            signal.signal(ends, answering.stop)
        answering.run()
    else:
        _watch(app, at, chosen.web_threads, workers, chosen.clock)
    raise SystemExit(0)


def _prepare() -> None:
    """Room for many connections, and a folder that isn't memory for what waits."""
    if sys.platform == "win32":
        return
    import resource

    _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8 * CONNECTIONS
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (wanted if most == resource.RLIM_INFINITY else min(most, wanted), most)
    )
    if "TMPDIR" not in os.environ and Path("/var/tmp").is_dir():  # noqa: S108
        tempfile.tempdir = "/var/tmp"  # noqa: S108


def _watch(app: Flask, at: socket.socket, threads: int, workers: int, clock: bool) -> None:
    """Keep so many processes answering, and the clock, until the end is asked for: one that died, or hangs,
    is replaced.
    """
    awaited = {signal.SIGCHLD, *ENDS}
    signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
    places = [_Place(number, number == workers) for number in range(workers + clock)]
    beats = memoryview(mmap.mmap(-1, 8 * len(places))).cast(
        "d"
    )  # when each was last seen at work; all processes share it
    came = None
    while came is None or came.si_signo == signal.SIGCHLD:
        for pid, status in _dead():
            for place in places:
                if place.pid == pid:
                    log.error(
                        "process %s ended (%s); another takes its place",
                        pid,
                        os.waitstatus_to_exitcode(status),
                    )
                    place.died()
        for place in places:
            if not place.pid and time.monotonic() >= place.due:
                _begin(app, at, threads, beats, place)
            elif place.pid and time.monotonic() - beats[place.number] > HANGS:
                log.error("process %s hangs", place.pid)
                os.kill(place.pid, signal.SIGKILL)
        empty = [max(place.due - time.monotonic(), 0) for place in places if not place.pid]
        came = signal.sigtimedwait(awaited, min([LOOK, *empty]))
    at.close()
    _end({place.pid for place in places if place.pid})


@dataclass
class _Place:
    """Where a process answers, or is the clock, 0 where none does; when it began, and when the next may."""

    number: int
    clock: bool = False
    pid: int = 0
    begun: float = 0.0
    due: float = 0.0
    pause: float = SOON

    def died(self) -> None:
        """Nobody is there; one that died young is replaced less and less soon."""
        now = time.monotonic()
        self.pause = min(2 * self.pause, LOOK) if now - self.begun < YOUNG else SOON
        self.pid, self.due = 0, now + self.pause


def _begin(app: Flask, at: socket.socket, threads: int, beats: "memoryview[float]", place: _Place) -> None:
    """Another process that answers; where the system lets none begin, that is tried again at the next
    look.
    """

    def beat() -> None:
        beats[place.number] = time.monotonic()

    beat()
    try:
        place.pid, place.begun = os.fork(), time.monotonic()
    except OSError as error:
        log.error("no process can be started: %s", error)
        place.due = time.monotonic() + LOOK
        return
    if place.pid:
        return
    code = 1
    try:
        if place.clock:
            at.close()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD, *ENDS})
            office_clock.run(app, beat)
        else:
            _answer(app, at, threads, beat)
        code = 0
    except BaseException:
        log.exception("this process ends")
    finally:
        os._exit(code)


def _answer(app: Flask, at: socket.socket, threads: int, beat: Callable[[], None]) -> None:
    """Answer until told to stop. Ctrl+C reaches all of a terminal's processes; the watcher says when."""
    answering = listener(app, at, threads)
    answering.beat = beat
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, answering.stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD, *ENDS})
    answering.run()


def _dead() -> Iterable[tuple[int, int]]:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            yield ended


def _end(alive: set[int]) -> None:
    """Ask all to end, and end those that don't."""
    for pid in alive:
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + GRACE + 2
    while alive and (left := until - time.monotonic()) > 0:
        alive -= {pid for pid, _status in _dead()}
        if alive:
            signal.sigtimedwait({signal.SIGCHLD, *ENDS}, min(left, 1))
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
