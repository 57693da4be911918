"""Records by the thousand, each with all that a saved one has: number, history, search, deadlines, lines;
counted part by part.

A record comes as its story: the acts that led to where it stands. What the acts set is replayed, so that the
history says what the record says.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import Any, cast

from sqlalchemy import Index, Table, func, select

from app.act import capabilities as capabilities  # plugs them in
from app.act.replay import Ready, Story, make_ready
from app.declare import in_force
from app.declare.record import Record
from app.ground import statistics
from app.ground.database import db, is_sqlite, large_cache
from app.ground.memory import undisturbed
from app.ground.pouring import pour
from app.keep import history, history_keys, numbers
from app.keep.capability import plugged

PART = 10_000


def last_id(cls: type[Record]) -> int:
    """The highest id given to such records; those told next go on from there."""
    return int(db.session.execute(select(func.coalesce(func.max(cls.id), 0))).scalar_one())


def tell(cls: type[Record], stories: Iterable[Story], part: int = PART) -> int:
    """Insert records from their stories, which must come in the order of their first acts; how many. Commits
    after each part.
    """
    key = last_id(cls)
    iterator, total = iter(stories), 0
    first = list(islice(iterator, part))
    table: Any = cls.__table__
    indexes = [] if key or len(first) < part else [index for index in table.indexes if not index.unique]
    with large_cache(db.session.connection()), undisturbed(), _built_last(indexes):
        for ready in _made_ready(cls, first, iterator, part, key):
            _write(cls, ready, key + total + 1)
            total += ready.count
            db.session.commit()
    _set_sequences(cls)
    db.session.commit()
    statistics.look_at(db.session.connection(), _tables(cls))
    db.session.commit()
    return total


@contextmanager
def _built_last(indexes: Sequence[Index]) -> Iterator[None]:
    """Build indexes when all rows are there: row by row, those that aren't in the order of the rows would be
    written again and again.
    """
    for index in indexes:
        index.drop(db.session.connection())
    try:
        yield
    except BaseException:
        db.session.rollback()
        raise
    finally:
        for index in indexes:
            index.create(db.session.connection(), checkfirst=True)
        db.session.commit()


def _made_ready(
    cls: type[Record], some: list[Story], stories: Iterator[Story], size: int, key: int
) -> Iterator[Ready]:
    """The parts in their order; where there is more than one, other processes make them ready while the
    earlier ones are written.
    """
    expected = _expecting(cls)
    if len(some) < size:
        yield from [make_ready(cls, some, expected(some), key)] if some else []
        return
    helpers = max(1, (os.cpu_count() or 1) - 1)
    waiting: deque[Callable[[], Ready]] = deque()
    while some or waiting:
        while some and len(waiting) <= helpers:
            waiting.append(_begin(cls, some, expected(some), key))
            key += len(some)
            some = list(islice(stories, size))
        yield waiting.popleft()()


def _begin(cls: type[Record], stories: list[Story], expected: list[str], key: int) -> Callable[[], Ready]:
    """Begin to make a part ready in a process forked for it, which so has all it needs; returned is what
    waits for the result.
    """
    fork = get_context("fork")
    here, there = fork.Pipe(duplex=False)
    known = in_force.rows()

    def make() -> None:
        in_force.go_by(known)
        there.send(make_ready(cls, stories, expected, key))

    process = fork.Process(target=make, daemon=True)
    process.start()
    there.close()

    def result() -> Ready:
        try:
            return cast(Ready, here.recv())
        except EOFError:
            raise RuntimeError("Making records ready broke off; what went wrong stands above.") from None
        finally:
            here.close()
            process.join()

    return result


def _expecting(cls: type[Record]) -> Callable[[list[Story]], list[str]]:
    """A function that tells the numbers stories will be given, in their order: some of what a record says
    hangs on its number.
    """
    known = select(numbers.Series).where(numbers.Series.form == cls.name)
    last = {(row.office_id, row.month): row.last for row in db.session.execute(known).scalars()}

    def expected(stories: list[Story]) -> list[str]:
        waiting = []
        for story in stories:
            series = story.office_id, numbers.series_of(cls, story.acts[0].at)
            last[series] = last.get(series, 0) + 1
            waiting.append(numbers.written(cls, series[1], last[series]))
        return waiting

    return expected


def _write(cls: Any, ready: Ready, first: int) -> None:
    """Write records and all that is kept of them."""
    if ready.key_id != history_keys.keys().current.id:
        raise RuntimeError("The history's key was changed meanwhile; nothing of this part was written.")
    for table, names, rows in ready.tables:
        pour(db.session.connection(), table, names, rows)
    for capability, kept in zip(plugged, ready.kept, strict=True):
        capability.poured(cls, first, kept)


def _set_sequences(cls: Any) -> None:
    """PostgreSQL's own counters go on behind the ids given out here."""
    if is_sqlite():
        return
    for own_table in _tables(cls):
        table = own_table.name
        last = func.coalesce(func.max(own_table.c.id), 1)
        db.session.execute(select(func.setval(func.pg_get_serial_sequence(f'"{table}"', "id"), last)))


def _tables(cls: Any) -> list[Table]:
    """The tables that such records fill, one row each or more."""
    line: Any = history.Line.__table__
    return [
        cls.__table__,
        line,
        *(field.kind.line.__table__ for field in cls.fields.values() if field.is_lines),
    ]
