"""Long answers of the database, row by row: flat in memory, and one picture of it as it was at the start.

Something else works on the next rows while one is in use: PostgreSQL's own server, or for SQLite a process
that reads the file.
"""

import marshal
import sqlite3
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.exc import OperationalError

from app.ground.database import ONE_WAY, PATIENCE, db, is_sqlite
from app.ground.row_reader import LENGTH

NEAR, FAR = (
    50,
    250,
)  # rows at a time: few stay in the processor's cache, but over a line each asking takes its time
READER = (sys.executable, "-I", "-S", str(Path(__file__).with_name("row_reader.py")))


def streamed(statement: Any) -> Iterator[Any]:
    """The rows that a select finds. Raises SQLAlchemy's errors."""
    return _from_file(statement) if is_sqlite() else _from_server(statement)


def _from_server(statement: Any) -> Iterator[Any]:
    with db.engine.connect() as connection, ThreadPoolExecutor(1) as thread:
        parts = (
            connection.execution_options(stream_results=True, yield_per=FAR)
            .execute(statement)
            .partitions(FAR)
        )
        coming = deque(thread.submit(next, parts, None) for _ in range(2))
        while (rows := coming.popleft().result()) is not None:
            coming.append(thread.submit(next, parts, None))
            yield from rows


def _from_file(statement: Any) -> Iterator[Any]:
    question, turn = _question(statement)
    with subprocess.Popen(READER, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:  # noqa: S603 (a file of ours)
        try:
            marshal.dump(question, reader.stdin)  # type: ignore[arg-type]
            reader.stdin.close()  # type: ignore[union-attr]
            yield from _coming(reader.stdout) if turn is None else map(turn, _coming(reader.stdout))
        finally:
            reader.kill()


def _question(statement: Any) -> tuple[Any, Callable[[Any], Any] | None]:
    """A select as the reader takes it, and what makes of the values that a file keeps those of the columns'
    types; None where they are the same.
    """
    dialect = db.engine.dialect
    made = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    given = made.construct_params()
    values = tuple(_as_kept(made.binds.get(name), given[name], dialect) for name in made.positiontup or ())
    turns = [
        column.type.dialect_impl(dialect).result_processor(dialect, None)
        for column in statement.selected_columns
    ]
    place, options = dialect.create_connect_args(db.engine.url)
    question = tuple(place), {"timeout": PATIENCE, **options}, ONE_WAY, str(made), values, NEAR
    if not any(turns):
        return question, None
    return question, lambda row: tuple(
        turn(value) if turn else value for turn, value in zip(turns, row, strict=True)
    )


def _as_kept(bind: Any, value: Any, dialect: Dialect) -> Any:
    """A value of a question as the file keeps such values; one of a list (IN) is a plain one."""
    turn = None if bind is None else bind.type.dialect_impl(dialect).bind_processor(dialect)
    return turn(value) if turn else value


def _coming(pipe: Any) -> Iterator[Any]:
    """The reader's rows, until it says that there are no more."""
    while length := pipe.read(LENGTH):
        if not (size := int.from_bytes(length, "big")):
            return
        rows = marshal.loads(pipe.read(size))  # noqa: S302 (it comes from a process of ours)
        if isinstance(rows, str):
            raise OperationalError("", None, sqlite3.OperationalError(rows))
        yield from rows
    raise OperationalError("", None, sqlite3.OperationalError("reading broke off"))
