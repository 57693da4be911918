"""The engine knows nothing of property management: a lending library works its day on one form of forty
lines, in a process of its own.
"""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from ground import OwnDatabase

LIBRARY = Path(__file__).parent.parent / "library"


def run(*files: Path, **environ: str) -> None:
    """The library's own tests, in a process of their own."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--confcutdir",
        str(LIBRARY),
        "-o",
        "addopts=",
        *map(str, files or (LIBRARY,)),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=LIBRARY.parent.parent, env={**os.environ, **environ}
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_a_library_works_its_day_on_the_engine() -> None:
    run()


@pytest.mark.postgres
def test_what_a_library_does_by_itself_it_does_on_postgres_too() -> None:
    with closing(OwnDatabase()) as database:
        run(LIBRARY / "test_acts.py", LIBRARY_DATABASE_URL=database.url)


@pytest.mark.postgres
def test_what_a_library_has_in_stock_it_has_on_postgres_too() -> None:
    with closing(OwnDatabase()) as database:
        run(LIBRARY / "test_balances.py", LIBRARY_DATABASE_URL=database.url)


def test_both_stand_in_one_process() -> None:
    script = Path(__file__).with_name("two_trades.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=LIBRARY.parent.parent)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
