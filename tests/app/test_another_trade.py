"""The engine knows nothing of property management: a lending library works its day on one form of forty
lines, in a process of its own.
"""

import subprocess
import sys
from pathlib import Path

LIBRARY = Path(__file__).parent.parent / "library"


def test_a_library_works_its_day_on_the_engine() -> None:
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
        str(LIBRARY),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=LIBRARY.parent.parent)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_both_stand_in_one_process() -> None:
    script = Path(__file__).with_name("two_trades.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=LIBRARY.parent.parent)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
