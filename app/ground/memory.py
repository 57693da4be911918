"""The garbage collector, kept from looking at the same things again and again; and memory that is free, given
back to the system.
"""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from app.ground.upkeep import chore


def keep_for_good() -> None:
    """What start-up made stays until the end: the collector needn't look at it any more. What it left free
    isn't taken along by the processes that begin here.
    """
    gc.collect()
    give_back()
    gc.freeze()


@contextmanager
def undisturbed() -> Iterator[None]:
    """For a block that makes rows by the thousand and no cycles of them: the collector would find nothing, at
    a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@chore(every=timedelta(seconds=3))
def give_back() -> None:
    """What a large page or file took and left is the system's again: the C library keeps it, where it isn't
    asked.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than GNU's
            ctypes.CDLL(None).malloc_trim(0)
