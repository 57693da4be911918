"""A reader that does what hostile files make of readers.

Run by ``app.ground.apart`` in a process of its own.
"""

import os
import sys
import time

from app.ground.apart_process import Unread


def work(data: bytes, how: str) -> object:
    """What the test asks for."""
    if how == "fill":
        return len([bytes(1 << 20) for _at in range(100_000)])
    if how == "compute":
        while True:
            pass
    if how == "sleep":
        time.sleep(600)
    if how == "abort":
        os.abort()
    if how == "leave":
        os._exit(3)
    if how == "refuse":
        raise Unread("long")
    if how == "fault":
        raise ValueError(data)
    if how == "look":
        import app.ground.photo_apart
        import app.workbook.sheet_apart  # noqa: F401

        return sorted(sys.modules), sorted(os.environ)
    return data[::-1]
