"""How many pages a second a server gives eight people at once, in one process and in two; who asks shares the
machine with who answers.
"""

import multiprocessing
import threading
import time
from pathlib import Path
from typing import Any

from bench import ours
from bench.client import Client

ASKERS, EACH, SECONDS = 2, 4, 5.0  # processes that ask, connections of each, how long
PAGES = (ours.PLACE, f"{ours.PLACE}?state=finished", "/", f"{ours.PLACE}?category=water")


def measure(database: str, address: str, rows: int, work: Path) -> list[tuple[bool, str]]:
    """The same pages from one process and from two."""
    rates = {
        workers: _pages_a_second(address, rows, work / f"ours-{database}-{rows}", work / "ours.log", workers)
        for workers in (1, 2)
    }
    said = (
        f"{database} pages at {rows:,}: {rates[1]:.0f}/s in one process, {rates[2]:.0f}/s in two (more than"
        " in one)"
    )
    print("  " + said, flush=True)
    return [(rates[2] > rates[1] > 0, said)]


def _pages_a_second(address: str, rows: int, folder: Path, log: Path, workers: int) -> float:
    with ours.running(address, rows, folder, log, WORKERS=str(workers)) as sites:
        client = sites["manager"].client
        context = multiprocessing.get_context("fork")
        told: Any = context.Queue()
        askers = [
            context.Process(target=_ask, args=(client.link.port, client.cookies, told))
            for _n in range(ASKERS)
        ]
        for asker in askers:
            asker.start()
        counts = [told.get(timeout=10 * SECONDS) for _asker in askers]
        for asker in askers:
            asker.join()
    return sum(counts) / SECONDS if all(counts) else 0.0


def _ask(port: int, cookies: dict[str, str], told: Any) -> None:
    """Open pages until the time is over; told is how many came, or nought where one didn't."""
    end, counts = time.monotonic() + SECONDS, [0] * EACH

    def go(at: int) -> None:
        client = Client(port)
        client.cookies = dict(cookies)
        while time.monotonic() < end:
            _seconds, status, _body = client.ask(PAGES[counts[at] % len(PAGES)])
            if status != 200:
                counts[at] = -(10**9)
                return
            counts[at] += 1

    threads = [threading.Thread(target=go, args=(at,)) for at in range(EACH)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.put(max(0, sum(counts)))
