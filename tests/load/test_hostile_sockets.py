"""Two hundred connections that begin and never end, write a byte a second or hardly read, while twelve people
work: these notice nothing.
"""

import itertools
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest
from desks import at_work, work_for
from serving import Server

SOCKETS = 200
STANDING = 4  # seconds until they are all there, and have been given what they ask for at once
SPELL = 6  # seconds of each stretch of work, calm and beset in turn
BEGUN = b"GET / HTTP/1.1\r\nHost: guanjia\r\nX-Slow: "
BODY = (
    b"POST /login HTTP/1.1\r\nHost: guanjia\r\nContent-Type:"
    b" application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nusername="
)
READING = b"GET /static/components/theme.css HTTP/1.1\r\nHost: guanjia\r\n\r\n" * 40


class Hostile:
    """Keeps so many slow connections open, in a process of its own; one that was closed is opened anew."""

    def __init__(self, server: Server) -> None:
        fork = get_context("fork")
        self.port, self.ended, self.count = server.port, fork.Event(), fork.Value("i", 0)
        self.kinds = itertools.cycle((BEGUN, BODY, READING, b""))
        self.open: dict[socket.socket, bytes] = {}
        self.process = fork.Process(target=self.run, daemon=True)

    def more(self) -> None:
        """One more connection."""
        link = socket.socket()
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        link.settimeout(2)
        try:
            link.connect(("127.0.0.1", self.port))
            kind = next(self.kinds)
            link.sendall(kind)
            self.open[link] = kind
        except OSError:
            link.close()

    def run(self) -> None:
        """A byte from each, to each, every second."""
        while not self.ended.wait(1):
            for link, kind in list(self.open.items()):
                try:
                    alive = link.recv(64) != b"" if kind == READING else kind == b"" or link.send(b"x") == 1
                except OSError:
                    alive = False
                if not alive:
                    link.close()
                    del self.open[link]
            for _n in range(SOCKETS - len(self.open)):
                self.more()
            self.count.value = len(self.open)


@contextmanager
def beset(server: Server) -> Iterator[Hostile]:
    """Meanwhile the connections are open; people begin when they stand."""
    hostile = Hostile(server)
    hostile.process.start()
    time.sleep(STANDING)
    yield hostile
    hostile.ended.set()
    hostile.process.join(30)
    hostile.process.kill()


def slowest(took: list[float]) -> float:
    """What one in twenty waits longer than."""
    return sorted(took)[len(took) * 95 // 100]


def memory(server: Server) -> float:
    """MB of all the server's processes together; what they share counts once."""
    parts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in server.pids()]
    return sum(int(re.findall(r"^Pss:\s+(\d+)", part, re.MULTILINE)[0]) for part in parts) / 1024


@pytest.mark.load
@pytest.mark.alone
@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_two_hundred_hostile_connections(serve: Callable[..., Server]) -> None:
    server = serve()
    calm, beside = measured(server)
    if slowest(beside) > 2 * slowest(
        calm
    ):  # what else the machine did may have fallen on one side: once more
        calm, beside = measured(server)
    print(
        f"p95 {slowest(calm) * 1000:.1f} ms, beset {slowest(beside) * 1000:.1f} ms, of {len(calm)} and"
        f" {len(beside)} requests"
    )
    assert slowest(beside) <= 2 * slowest(calm)


def measured(server: Server) -> tuple[list[float], list[float]]:
    """How long people's requests take while nobody is hostile, and beside the hostile connections, in
    turn.
    """
    calm: list[float] = []
    beside: list[float] = []
    for _turn in range(3):
        work_for(workers := at_work(server, pause=0.2), SPELL)
        calm += [took for worker in workers for took in worker.took]
        assert [wrong for worker in workers for wrong in worker.wrong] == []
        workers = at_work(server, pause=0.2)
        with beset(server) as hostile:
            work_for(workers, SPELL)
            assert hostile.count.value > SOCKETS * 3 // 4
            assert memory(server) <= 400
        beside += [took for worker in workers for took in worker.took]
        assert [wrong for worker in workers for wrong in worker.wrong] == []
    return calm, beside
