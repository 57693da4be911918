"""The server and its clients, one thread for all of them: whoever is slow, silent or asks too much is in
nobody's way, and is let go.
"""

import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request
from serving import ROOT, Server

from app.gate import server as serving
from app.gate.server import Listener

PART, PARTS = b"x" * 65536, 640  # a workbook of 40 MB


@pytest.fixture
def ended() -> threading.Event:
    """Set when the long answer was made, or given up."""
    return threading.Event()


@pytest.fixture
def listening(ended: threading.Event, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """A small application with a long answer and one that takes its time, served by one thread; clients have
    two seconds.
    """
    monkeypatch.setattr(serving, "PATIENCE", 2)
    app = Flask("small")
    app.config["MAX_CONTENT_LENGTH"] = 100_000

    @app.get("/")
    def page() -> str:
        return "page"

    @app.get("/workbook")
    def workbook() -> Response:
        def parts() -> Iterator[bytes]:
            try:
                for _n in range(PARTS):
                    yield PART
            finally:
                ended.set()

        return Response(parts())

    @app.get("/slow")
    def slow() -> str:
        time.sleep(1)
        return "slow page"

    @app.post("/form")
    def form() -> str:
        return str(len(request.form["text"]))

    app.register_error_handler(413, lambda _error: ("too large, says the application", 413))
    running = serving.listener(app, serving.listen("127.0.0.1", 0), 1)
    thread = threading.Thread(target=running.run)
    thread.start()
    yield running
    running.stop()
    thread.join(30)
    assert not thread.is_alive()


def port(running: Listener) -> int:
    """Where it listens."""
    return int(running.socket.getsockname()[1])


def begun(running: Listener, said: bytes) -> socket.socket:
    """A connection on which so much was said."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.settimeout(20)
    link.connect(("127.0.0.1", port(running)))
    link.sendall(said)
    return link


def ask(running: Listener, address: str = "/", **more: Any) -> tuple[int, str]:
    """Another client's request: its status and text."""
    link = http.client.HTTPConnection("127.0.0.1", port(running), timeout=15)
    link.request(more.pop("method", "GET"), address, **more)
    answer = link.getresponse()
    return answer.status, answer.read().decode()


def closed_after(link: socket.socket, drip: bytes = b"") -> float:
    """Seconds until the server lets a connection go that says so little, and takes nothing."""
    since = time.monotonic()
    link.settimeout(0.2)
    while time.monotonic() - since < 15:
        try:
            if drip:
                link.sendall(drip)
                time.sleep(0.2)
            elif link.recv(1) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - since


@pytest.mark.parametrize(
    ("said", "drip"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: ", b"y"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", b""),
        (b"POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\ntext=", b"y"),
        (b"POST /form HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\ny\r\n"),
    ],
)
def test_a_request_that_doesnt_come_to_its_end(listening: Listener, said: bytes, drip: bytes) -> None:
    links = [begun(listening, said) for _n in range(5)]
    assert ask(listening) == (200, "page")
    assert 1 < closed_after(links[0], drip) < 10
    for link in links:
        link.close()
    assert ask(listening) == (200, "page")


def test_a_long_answer_that_nobody_takes(listening: Listener, ended: threading.Event) -> None:
    """The one thread has made it whole and is free again; it waits on the disk, and not for ever."""
    before = _resident()
    link = begun(listening, b"GET /workbook HTTP/1.1\r\nHost: a\r\n\r\n")
    assert ended.wait(15)
    assert ask(listening) == (200, "page")
    assert _resident() - before < len(PART) * PARTS // 4
    until = time.monotonic() + 15
    while listening.connections() and time.monotonic() < until:
        time.sleep(0.1)
    assert listening.connections() == [], "who takes nothing of it is let go"
    link.close()


def test_a_long_answer_taken_at_once_is_not_kept(listening: Listener) -> None:
    """What the client has taken makes room for the rest, however long the answer: a workbook of a million
    rows costs no more than one of a thousand.
    """
    kept = 0
    with socket.create_connection(listening.socket.getsockname(), 10) as client:
        client.sendall(b"GET /workbook HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        while client.recv(1 << 16):
            buffers = [
                outbuf.buf.getfile()
                for channel in listening.connections()
                for outbuf in list(channel.outbufs)
                if outbuf.buf is not None
            ]
            kept = max(kept, sum(sys.getsizeof(file) for file in buffers if isinstance(file, io.BytesIO)))
    assert 0 < kept < 8 * 1024 * 1024


def test_a_long_answer_taken_slowly_comes_whole(listening: Listener) -> None:
    link = begun(listening, b"GET /workbook HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    taken, pauses = 0, 0
    while part := link.recv(1 << 20):
        taken += len(part)
        if taken > pauses * 4_000_000:
            pauses += 1
            time.sleep(0.3)
    assert taken > len(PART) * PARTS
    link.close()


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_heads_and_bodies_have_limits(listening: Listener) -> None:
    assert ask(listening, headers={"X-Long": "x" * 40_000})[0] == 431
    for size in (150_000, 900_000):  # read and refused, and refused unread
        typed = b"text=" + b"y" * (size if size < 400_000 else 10)
        head = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(max(size, len(typed))),
        }
        assert ask(listening, "/form", method="POST", body=typed, headers=head) == (
            413,
            "too large, says the application",
        )
    typed = b"text=" + b"y" * 50_000
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    assert ask(listening, "/form", method="POST", body=typed, headers=head) == (200, "50000")


def test_more_connections_than_there_is_room_for(
    listening: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that wait longest make room; whoever comes with a request is answered."""
    monkeypatch.setattr(serving, "CONNECTIONS", 40)
    links = [begun(listening, b"GET / HT") for _n in range(60)]
    time.sleep(1.5)
    assert len(listening.connections()) <= 32
    assert ask(listening) == (200, "page")
    for link in links:
        link.close()


def test_those_who_are_sending_stay_where_there_is_no_more_room(
    listening: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside connections on which nothing was asked, and those that fell silent, uploads are at work: none of
    them makes room.
    """
    monkeypatch.setattr(serving, "CONNECTIONS", 40)
    head = (
        b"POST /form HTTP/1.1\r\nHost: a\r\nContent-Type:"
        b" application/x-www-form-urlencoded\r\nContent-Length: 50005\r\n\r\ntext="
    )
    uploads = [begun(listening, head) for _n in range(10)]
    time.sleep(0.2)
    others = [begun(listening, said) for _n in range(15) for said in (b"", b"GET / HT")]
    for _part in range(10):
        for link in uploads:
            link.sendall(b"y" * 5000)
        time.sleep(0.15)
    assert [link.recv(12) for link in uploads] == [b"HTTP/1.1 200"] * 10
    for link in (*uploads, *others):
        link.close()


def test_what_was_begun_is_answered_when_it_stops(listening: Listener) -> None:
    begun: list[Any] = []
    asking = threading.Thread(target=lambda: begun.append(ask(listening, "/slow")))
    asking.start()
    time.sleep(0.4)
    listening.stop()
    asking.join(10)
    assert begun == [(200, "slow page")]


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_processes_whose_watcher_was_killed_end_too(serve: Callable[..., Server]) -> None:
    server = serve(WORKERS="2")
    watcher, *workers = server.pids()
    assert len(workers) == 2
    os.kill(watcher, 9)
    until = time.monotonic() + 30
    while time.monotonic() < until and any(Path(f"/proc/{pid}").exists() for pid in workers):
        time.sleep(0.2)
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
    assert server.running is not None
    server.running.wait()
    server.running = None


@pytest.fixture
def watched(serve: Callable[..., Server]) -> Iterator[Callable[[str], Server]]:
    """Starts a server of one process by a program of its own."""
    started: list[Server] = []

    def start(program: str) -> Server:
        given = serve(WORKERS="1", begin=False)
        (given.folder / "log").write_text("")
        with (given.folder / "log").open("ab") as out:
            given.running = subprocess.Popen(
                [sys.executable, "-c", program],
                cwd=ROOT,
                env=given.environment,
                stderr=out,
                start_new_session=True,
            )
        started.append(given)
        return given

    yield start
    for server in started:
        server.end(signal.SIGKILL)


HANGING = """
from app.gate import server
from wsgi import create_app
server.HANGS, server.LOOK = 3, 0.5
server.serve(create_app(command_line=False))
"""


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_a_process_that_hangs_is_replaced(watched: Callable[[str], Server]) -> None:
    """Stopped in its tracks as by a loop that lets go of nothing, it is ended, and the office goes on."""
    given, until = watched(HANGING), time.monotonic() + 60
    while len(given.pids()) < 2 and time.monotonic() < until:
        time.sleep(0.2)
    worker = given.pids()[1]
    os.kill(worker, signal.SIGSTOP)
    while worker in given.pids() and time.monotonic() < until:
        time.sleep(0.2)
    assert "hangs" in (given.folder / "log").read_text()
    assert http_status(given) == 200
    assert given.running is not None
    given.running.terminate()
    assert given.running.wait(30) == 0
    given.running = None


BREAKS = """
import os
from app.gate import server
from wsgi import create_app
forks, fork = [], os.fork
def failing():
    forks.append("")
    if len(forks) in (2, 3):
        raise BlockingIOError("no room for a process")
    return fork()
server.os.fork, server.LOOK = failing, 0.5
server.serve(create_app(command_line=False))
"""
AT_ONCE = """
from app.gate import server
from wsgi import create_app
def breaks(*about):
    raise ValueError("no place to listen")
server.listener = breaks
server.serve(create_app(command_line=False))
"""


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_where_no_process_can_be_started_it_is_tried_again(watched: Callable[[str], Server]) -> None:
    given, until = watched(BREAKS), time.monotonic() + 60
    while len(given.pids()) < 2 and time.monotonic() < until:
        time.sleep(0.2)
    worker = given.pids()[1]
    os.kill(worker, signal.SIGKILL)
    while (
        (worker in given.pids() or len(given.pids()) < 2)
        and given.running.poll() is None
        and time.monotonic() < until
    ):  # type: ignore[union-attr]
        time.sleep(0.2)
    assert "no room for a process" in (given.folder / "log").read_text()
    assert http_status(given) == 200


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_a_process_that_dies_at_once_is_started_less_and_less_often(watched: Callable[[str], Server]) -> None:
    log, until = watched(AT_ONCE).folder / "log", time.monotonic() + 60
    while "ended" not in log.read_text() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(5)
    assert 2 <= log.read_text().count("another takes its place") <= 6


def http_status(server: Server) -> int:
    """What ``/health`` says, waited for as long as it takes to come."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    link.request("GET", "/health")
    return link.getresponse().status
