"""Long answers of the database, row by row: flat in memory, and one picture of it as it was at the start."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app.database import db, is_sqlite, small_cache

NEAR, FAR = 50, 250  # rows asked for at a time: few stay in the processor's cache, but over a line each asking takes its time


def streamed(statement: Any) -> Iterator[Any]:
    """The rows that a select finds."""
    near = is_sqlite()
    part = NEAR if near else FAR
    with db.engine.connect() as connection, small_cache(connection), ThreadPoolExecutor(1) as thread:
        parts = connection.execution_options(stream_results=True, yield_per=part).execute(statement).partitions(part)
        for rows in parts if near else _ahead(parts, thread):
            yield from rows


def _ahead(parts: Iterator[Any], thread: ThreadPoolExecutor) -> Iterator[Any]:
    """The same parts; a server of its own works on the next two while one is in use."""
    coming = deque(thread.submit(next, parts, None) for _ in range(2))
    while (rows := coming.popleft().result()) is not None:
        coming.append(thread.submit(next, parts, None))
        yield rows
