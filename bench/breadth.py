"""Every form at once: its list, and home, where each form has 1,000 and 100,000 records; and a tick of the
clock with nothing due. ``python -m bench.breadth`` times such ticks.
"""

import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.client import Client
from bench.ours import FLASK, PASSWORD, ROOT, UNITS, settings
from bench.servers import free_port, served

EACH = (1_000, 100_000)
GROWN, TICK = 1.3, 1.0  # times; seconds
TICKS = 5

Ask = Callable[[], tuple[float, int, bytes]]


def measure(
    database: str, addresses: dict[int, str], work: Path, times: int
) -> tuple[list[tuple[bool, str]], dict[str, list[float]]]:
    """The lists of all forms that have a code, as a manager opens them; what holds, and the medians in
    milliseconds, small and large.
    """
    said, medians = [], {}
    with contextlib.ExitStack() as stack:
        clients = {}
        for each, address in addresses.items():
            folder = work / f"breadth-{database}-{each}"
            _prepare(address, each, folder)
            if each == max(addresses):
                said.append(_tick(database, address, folder))
            clients[each] = stack.enter_context(_running(address, folder, work / "ours.log"))
        for what, path in {"home": "/", **_lists(next(iter(addresses.values())), work, database)}.items():
            spent: dict[int, list[float]] = {each: [] for each in clients}
            for turn in range(times + 3):
                for each, client in clients.items():
                    seconds, status, _body = client.ask(path)
                    if status != 200:
                        raise RuntimeError(f"{path} answers {status}")
                    if turn >= 3:
                        spent[each].append(seconds * 1000)
            few, many = (statistics.median(spent[each]) for each in sorted(spent))
            medians[what] = [few, many]
            words = f"{database} {what}: {many:.1f} ms is {many / few:.2f}× of {few:.1f}"
            print(f"  {words}", flush=True)
            if what != "home":
                said.append(
                    (many / few <= GROWN, f"{words}, {max(EACH):,} against {min(EACH):,} (≤ {GROWN})")
                )
    return said, medians


def _prepare(address: str, each: int, folder: Path) -> None:
    """A demo estate with so many records of every form, as far as an estate has them: a desk has three shifts
    a day, and a flat stands empty but once at a time.
    """
    around, done = settings(address, folder), folder / "filled"
    folder.mkdir(parents=True, exist_ok=True)
    filling = ["demo", "--units", str(UNITS), "--each", str(each)]
    for command in (["db", "upgrade"], *(() if done.exists() else (filling,))):
        subprocess.run([*FLASK, *command], env=around, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    done.touch()


def _lists(address: str, work: Path, database: str) -> dict[str, str]:
    """The addresses of the forms' lists, by their names."""
    around = settings(address, work / f"breadth-{database}-{min(EACH)}")
    asked = subprocess.run(
        [*FLASK, "forms", "--json"], env=around, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return {form["name"]: f"/admin/{form['name']}/" for form in json.loads(asked.stdout)}


@contextlib.contextmanager
def _running(address: str, folder: Path, log: Path) -> Iterator[Client]:
    """A manager signed in to ours on a database."""
    port = free_port()
    with served([*FLASK, "serve", "--port", str(port)], settings(address, folder), port, ROOT, log):
        client = Client(port)
        client.sign_in("manager", PASSWORD)
        yield client


def _tick(database: str, address: str, folder: Path) -> tuple[bool, str]:
    """What a tick takes when all that was due is done."""
    around = settings(address, folder)
    asked = subprocess.run(
        [sys.executable, "-m", "bench.breadth"],
        env=around,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    records, seconds = asked.stdout.split()
    words = f"{database} a tick with nothing due, {int(records):,} records: {float(seconds):.3f} s (≤ {TICK})"
    print(f"  {words}", flush=True)
    return float(seconds) <= TICK, words


def ticks() -> tuple[int, float]:
    """How many records there are, and how long a tick takes after one that did all that was due."""
    from app.act import acts
    from app.declare.record import registry
    from app.ground.database import db
    from wsgi import create_app

    with create_app(command_line=False).app_context():
        records = sum(
            db.session.execute(db.select(db.func.count()).select_from(cls)).scalar_one()
            for cls in registry.values()
        )
        while acts.tick().done:
            pass
        spent = []
        for _time in range(TICKS):
            start = time.perf_counter()
            acts.tick()
            spent.append(time.perf_counter() - start)
        return records, statistics.median(spent)


if __name__ == "__main__":
    print(*ticks())
