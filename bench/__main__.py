"""``python -m bench``: the pages, a save and the workbooks, ours and the stock tools' side by side; exits 1
where a bound doesn't hold.
"""

import argparse
import contextlib
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import breadth, ours, peers, throughput, workbooks
from bench.peers import Site
from bench.servers import postgres

PAGES = ("first", "deep", "filter", "search", "sort")
MORE = ("last", "page by number")
OFTEN = ("home", "record", "unit", "look-up")
EVERY_FORM = "Guanjia, every form"
HOME = 10.0  # milliseconds, whatever the rows
SLOW = 3.0  # seconds: what takes longer is asked five times only
AS_GROWN, AS_SAVED = 1.3, 2.0


@dataclass
class Figure:
    """How long something took, in milliseconds."""

    database: str
    rows: int
    site: str
    what: str
    median: float
    p95: float
    times: int
    ok: bool


def together(
    database: str,
    what: str,
    asks: Sequence[tuple[int, str, Callable[[], tuple[float, int, bytes]]]],
    times: int,
    good: tuple[int, ...],
) -> list[Figure]:
    """Ask several sites in turn, so that what else the machine does falls on all alike."""
    spent: list[list[float]] = [[] for _ask in asks]
    fine = [True] * len(asks)
    for turn in range(times + 3):
        for at, (_rows, _site, ask) in enumerate(asks):
            if turn > 4 and spent[at] and min(spent[at]) > SLOW:
                continue
            seconds, status, _body = ask()
            fine[at] = fine[at] and status in good
            if turn >= 3 or seconds > SLOW:
                spent[at].append(seconds)
    figures = []
    for (rows, site, _ask), times_spent, ok in zip(asks, spent, fine, strict=True):
        p95 = sorted(times_spent)[max(0, -(-len(times_spent) * 95 // 100) - 1)]
        figures.append(
            Figure(
                database,
                rows,
                site,
                what,
                statistics.median(times_spent) * 1000,
                p95 * 1000,
                len(times_spent),
                ok,
            )
        )
        print(
            f"  {database:9} {rows:>9,}  {site:22} {what:16} {figures[-1].median:9.1f} ms  p95"
            f" {figures[-1].p95:9.1f}{'' if ok else '  NOT OK'}",
            flush=True,
        )
    return figures


def measure(database: str, sites: Sequence[tuple[int, Site]], times: int) -> list[Figure]:
    """All pages and the save."""
    figures = []
    two = sorted({what for _rows, site in sites for what in site.pages if what.startswith(ours.TWO)})
    for what in (*PAGES, *MORE, *OFTEN, *two):
        asks = [(rows, site.name, _asking(site, what)) for rows, site in sites if what in site.pages]
        figures += together(database, what, asks, times, (200,))
    savers = [(rows, site.name, site.save) for rows, site in sites if not site.name.endswith("manager")]
    return figures + together(database, "save", savers, times, (302, 303))


def relaxed(rows: int, work: Path, times: int) -> list[Figure]:
    """What it costs SQLite to say that something is saved only when it is on the disk: beside it a server of
    ours that says so earlier.
    """
    address, folder = _address("sqlite", "", "ours", rows, work), work / f"ours-sqlite-{rows}"
    with contextlib.ExitStack() as stack:
        asks = [
            (
                rows,
                f"Guanjia, {how}",
                stack.enter_context(
                    ours.running(address, rows, folder, work / "ours.log", SQLITE_SYNCHRONOUS=how)
                )["specialist"].save,
            )
            for how in ("FULL", "NORMAL")
        ]
        return together("sqlite", "save", asks, times, (302,))


def _asking(site: Site, what: str) -> Callable[[], tuple[float, int, bytes]]:
    return lambda: site.client.ask(site.pages[what])


@contextlib.contextmanager
def everything(
    database: str, server: str, sizes: Sequence[int], work: Path, python: Path
) -> Iterator[list[tuple[int, Site]]]:
    """Ours and the stock tools, each size on a database of its own, all running."""
    with contextlib.ExitStack() as stack:
        sites: list[tuple[int, Site]] = []
        for rows in sizes:
            start = time.monotonic()
            mine, stock = (_address(database, server, whose, rows, work) for whose in ("ours", "stock"))
            if database == "postgres":
                _make(mine, stock)
            folder = work / f"ours-{database}-{rows}"
            ours.prepare(mine, rows, folder)
            between = time.monotonic()
            peers.fill(python, stock, rows)
            print(
                f"{database}, {rows:,} orders: ours filled in {between - start:.0f} s, stock in"
                f" {time.monotonic() - between:.0f} s",
                flush=True,
            )
            sites += [
                (rows, site)
                for site in stack.enter_context(ours.running(mine, rows, folder, work / "ours.log")).values()
            ]
            sites += [
                (rows, stack.enter_context(peers.running(name, python, stock, rows, work)))
                for name in ("Flask-Admin", "Django admin")
            ]
        yield sites


def _address(database: str, server: str, whose: str, rows: int, work: Path) -> str:
    """Where a database of so many orders is."""
    return f"sqlite:///{work}/{whose}-{rows}.db" if database == "sqlite" else f"{server}/{whose}_{rows}"


def of_every_form(
    database: str, server: str, work: Path, times: int
) -> tuple[list[tuple[bool, str]], list[Figure]]:
    """The lists of all forms, and the clock."""
    addresses = {each: _address(database, server, "breadth", each, work) for each in breadth.EACH}
    if database == "postgres":
        _make(*addresses.values())
    said, medians = breadth.measure(database, addresses, work, times)
    figures = [
        Figure(database, each, EVERY_FORM, what, median, median, times, True)
        for what, both in medians.items()
        for each, median in zip(breadth.EACH, both, strict=True)
    ]
    return said, figures


def _make(*addresses: str) -> None:
    """Databases on the server, each made where it isn't there."""
    import psycopg

    for address in addresses:
        server, _slash, name = address.replace("+psycopg", "").rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as link:
            if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                link.execute(f"CREATE DATABASE {name}")


def bounds(figures: Sequence[Figure], sizes: Sequence[int]) -> list[tuple[bool, str]]:
    """What was promised, and what was measured."""
    known = {(figure.database, figure.rows, figure.site, figure.what): figure.median for figure in figures}
    said = [
        (figure.ok, f"{figure.site} answers {figure.what} ({figure.database}, {figure.rows:,})")
        for figure in figures
        if not figure.ok
    ]
    small, large = min(sizes), max(sizes)
    for database in dict.fromkeys(figure.database for figure in figures):
        for who in ("manager", "specialist"):
            said += _of_ours(known, database, f"Guanjia, {who}", small, large)
        said += _beside_stock(known, database, small, large)
    return said


def _of_ours(
    known: Mapping[tuple[str, int, str, str], float], database: str, site: str, small: int, large: int
) -> Iterator[tuple[bool, str]]:
    """What ours alone is held against: home within its time, and no page that grows with the rows; of the
    lists by two filters the one that grows most.
    """
    home = known[database, large, site, "home"]
    yield home <= HOME, f"{database} home, {site}: {home:.1f} ms at {large:,} (≤ {HOME:.0f})"
    grown = {
        what: known[database, large, site, what] / known[database, small, site, what]
        for _db, _rows, _site, what in known
        if what in (*PAGES, *OFTEN) or what.startswith(ours.TWO)
    }
    two = max((what for what in grown if what.startswith(ours.TWO)), key=lambda what: grown[what])
    for what in (*PAGES, *OFTEN[1:], two):
        few, many = (known[database, rows, site, what] for rows in (small, large))
        yield (
            grown[what] <= AS_GROWN,
            (
                f"{database} {what}, {site}: {many:.1f} ms at {large:,} is {grown[what]:.2f}× of {few:.1f} at"
                f" {small:,} (≤ {AS_GROWN})"
            ),
        )


def _beside_stock(
    known: Mapping[tuple[str, int, str, str], float], database: str, small: int, large: int
) -> Iterator[tuple[bool, str]]:
    """What is held against the stock tools: a small list's pages, and a save."""
    for what in PAGES:
        few = known[database, small, "Guanjia, manager", what]
        peer = min(known[database, small, name, what] for name in ("Flask-Admin", "Django admin"))
        yield few <= peer, f"{database} {what}: {few:.1f} ms at {small:,}, the faster peer {peer:.1f}"
    for rows in dict.fromkeys((small, large)):
        mine, stock = (known[database, rows, name, "save"] for name in ("Guanjia, specialist", "Flask-Admin"))
        yield (
            mine <= stock * AS_SAVED,
            (
                f"{database} save at {rows:,}: {mine:.1f} ms is {mine / stock:.2f}× of stock's {stock:.1f}"
                f" (≤ {AS_SAVED:.0f})"
            ),
        )


def asked() -> argparse.Namespace:
    """What is to be measured."""
    words = argparse.ArgumentParser(prog="bench", description=__doc__)
    words.add_argument("--rows", type=int, nargs="+", default=[1_000, 1_000_000])
    words.add_argument(
        "--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"]
    )
    words.add_argument("--times", type=int, default=30)
    words.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "guanjia-bench",
        help="kept for the next run",
    )
    words.add_argument("--out", type=Path, help="the figures as JSON")
    return words.parse_args()


def main() -> int:
    """Measure what was asked for."""
    chosen = asked()
    chosen.work.mkdir(parents=True, exist_ok=True)
    python = peers.environment(chosen.work)
    figures: list[Figure] = []
    said: list[tuple[bool, str]] = []
    most = max(chosen.rows)
    for database in chosen.databases:
        with contextlib.nullcontext("") if database == "sqlite" else postgres(chosen.work) as server:
            with everything(database, server, chosen.rows, chosen.work, python) as sites:
                figures += measure(database, sites, chosen.times)
                address = _address(database, server, "ours", most, chosen.work)
                said += throughput.measure(database, address, most, chosen.work)
                if database == "sqlite":
                    figures += relaxed(min(chosen.rows), chosen.work, chosen.times)
                if most >= workbooks.ENOUGH:
                    largest = next(site for rows, site in sites if rows == most)
                    said += workbooks.measure(database, largest, python, chosen.work)
            if most >= max(breadth.EACH):
                held, more = of_every_form(database, server, chosen.work, chosen.times)
                said, figures = said + held, figures + more
    said = bounds([figure for figure in figures if figure.site != EVERY_FORM], chosen.rows) + said
    print(f"\n{platform.python_version()}, {platform.machine()}")
    for ok, sentence in said:
        print(("  holds   " if ok else "  FAILS   ") + sentence)
    if chosen.out:
        told: dict[str, Any] = {
            "figures": [asdict(figure) for figure in figures],
            "bounds": [{"holds": ok, "what": what} for ok, what in said],
        }
        chosen.out.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return 0 if all(ok for ok, _sentence in said) else 1


if __name__ == "__main__":
    sys.exit(main())
