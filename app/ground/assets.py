"""Static files, each under an address with a mark of its content, so that it may be kept for long."""

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "static"


@cache
def mark(name: str) -> str:
    """The mark of a file as it is now."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:10]


def address(name: str) -> str:
    """Where a page asks for a file."""
    return f"/static/{name}?v={mark(name)}"
