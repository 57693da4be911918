"""People at their desks in front of the running server: what each page took them, and what became of each
form they sent.
"""

import http.client
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from office import PASSWORD
from sending import ORDER
from serving import Answer, Server, Visitor

NAMES = ("supervisor", "supervisor2", "specialist", "frontdesk", "frontdesk2")
ORDERS = "/admin/work_order/"


class Worker(threading.Thread):
    """Makes an order, opens it, looks at the list, pauses; a form that got no answer is sent again as
    it was.
    """

    def __init__(self, server: Server, name: str, pause: float = 0.0) -> None:
        super().__init__(daemon=True)
        self.client, self.pause = Visitor(server).sign_in(name, PASSWORD), pause
        self.took: list[float] = []
        self.made: list[str] = []
        self.wrong: list[str] = []
        self.again = 0
        self.ended = threading.Event()

    def run(self) -> None:
        """Until told to end."""
        while not self.ended.is_set():
            made = self.timed(f"{ORDERS}new/", {**ORDER, "submission": uuid.uuid4().hex})
            if made.status == 302:
                self.made.append(made.location)
                self.timed(made.location)
            self.timed(ORDERS)

    def timed(self, address: str, typed: dict[str, Any] | None = None) -> Answer:
        """One request, sent again where the connection broke."""
        begun = time.perf_counter()
        while True:
            try:
                answer = self.client.go(address) if typed is None else self.client.send(address, typed)
                break
            except (OSError, http.client.HTTPException):
                self.again += 1
                time.sleep(0.05)
        self.took.append(time.perf_counter() - begun)
        if answer.status not in (200, 302):
            self.wrong.append(f"{address}: {answer.status} {answer.text[:200]}")
        self.ended.wait(self.pause)
        return answer


def at_work(server: Server, pause: float = 0.0, people: int = 12) -> list[Worker]:
    """So many people, signed in and not yet begun."""
    return [Worker(server, NAMES[at % len(NAMES)], pause) for at in range(people)]


@contextmanager
def working(workers: list[Worker]) -> Iterator[None]:
    """Meanwhile they work."""
    for worker in workers:
        worker.start()
    yield
    for worker in workers:
        worker.ended.set()
    for worker in workers:
        worker.join(60)


def work_for(workers: list[Worker], seconds: float) -> None:
    """Let them work for a while."""
    with working(workers):
        time.sleep(seconds)
