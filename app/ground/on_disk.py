"""What is said to be kept outlives a power cut: beside a file's bytes its name is on the disk too."""

import os
import sys
from pathlib import Path


def whole(file: Path) -> None:
    """The bytes of a file that others wrote are on the disk."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def names(folder: Path) -> None:
    """The names of the files in a folder are on the disk; Windows sees to that itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
