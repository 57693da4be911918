"""The database: one handle for both SQLite and PostgreSQL, and the column types the engine stores in."""

import re
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

import orjson
from flask import Flask, before_render_template
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    event,
    literal_column,
)
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import Pool
from sqlalchemy.types import JSON, TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of every mapped class; constraint names are fixed so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMES)


_writing: ContextVar[bool] = ContextVar("writing", default=False)


class OfficeSession(Session):
    """The session of a request: on PostgreSQL one that only reads is in no transaction, since each statement
    sees what is committed anyhow; that spares two round trips a page.
    """

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        """The database as this context uses it, chosen before anything begins."""
        bind = super().get_bind(*args, **kwargs)
        return bind if _writing.get() or not isinstance(bind, Engine) else _reader(bind)


@lru_cache(maxsize=64)
def _reader(engine: Engine) -> Engine:
    """The same connections, for questions alone."""
    if engine.dialect.name == "sqlite":
        return engine
    reader = engine.execution_options(isolation_level="AUTOCOMMIT")
    event.listen(reader, "before_cursor_execute", _only_asks)
    return reader


def _only_asks(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    """Raise for a change, or a lock, that no transaction would keep together."""
    holds = getattr(getattr(context.compiled, "statement", None), "_for_update_arg", None)
    if context.isinsert or context.isupdate or context.isdelete or holds is not None:
        raise RuntimeError("This context only reads; what writes begins with writing() or start_writing().")


db = SQLAlchemy(model_class=Base, session_options={"autoflush": False, "class_": OfficeSession})

IDLE = 2.0  # seconds after which a connection may be gone
PATIENT = "patient"  # marks an engine behind a pooler, whose transactions say themselves how long they wait
ON_DISK, IN_MEMORY = 1, 2
PATIENCE = 60  # seconds one waits for another's write before being told that the system is busy
CACHE = -4_000  # SQLite's pages in memory for each connection, in KiB, by its own sign
ONE_WAY = {
    "query_only": 1,
    "cache_size": -1000,
    "temp_store": ON_DISK,
}  # for a read from end to end, by no page twice

_NAME = re.compile("[a-z][a-z0-9_]*")


def _moment_to_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    moment = value if value.tzinfo is UTC or value.tzinfo is None else value.astimezone(UTC)
    return moment.isoformat(" ", "microseconds")[:26]


def _moment_from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as naive UTC."""

    impl = DateTime
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """For SQLite straight to its text, the same as SQLAlchemy writes."""
        return _moment_to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """For SQLite straight from its text."""
        return _moment_from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC without a zone."""
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None and value.tzinfo else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to an aware moment in UTC."""
        return value.replace(tzinfo=UTC) if value is not None else None


class Scaled(TypeDecorator[Decimal]):
    """A Decimal kept as a whole number of its smallest unit: fen for money, thousandths for quantities."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Exactly, or not at all: a value with more places than the column keeps is an error."""
        if value is None:
            return None
        whole = Decimal(value).scaleb(self.places)
        if whole != whole.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} places")
        return int(whole)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Back to a Decimal with all its places."""
        return None if value is None else Decimal(value).scaleb(-self.places)


Json = JSON(none_as_null=True)


def as_json(value: Any) -> str:
    """A value as JSON keeps it in a column."""
    return orjson.dumps(value).decode()


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun within take SQLite's write lock at once, so that none fails half-way as locked."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """A transaction begun within takes no lock, whatever the context around it does."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def start_writing() -> None:
    """The rest of this request's (or command's) context writes; ends a read transaction already begun."""
    _writing.set(True)


def is_writing() -> bool:
    """Whether transactions begun from here on write."""
    return _writing.get()


def stop_writing() -> None:
    """Undo ``start_writing`` for a context that goes on."""
    _writing.set(False)


@event.listens_for(Engine, "connect")
def _connect(connection: Any, record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = (
            None  # SQLAlchemy's begin event below starts transactions, not the driver
        )
        for pragma in (
            "journal_mode=WAL",
            # what was acknowledged outlives a power cut; ``SQLITE_SYNCHRONOUS`` may relax it
            "synchronous=FULL",
            "foreign_keys=ON",
            f"cache_size={CACHE}",
            f"temp_store={IN_MEMORY}",
        ):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Pool, "checkin")
def _put_back(connection: Any, record: Any) -> None:
    record.info["idle_since"] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _taken(connection: Any, record: Any, proxy: Any) -> None:
    """A connection that lay idle for a while is asked first whether its server is still there; one just used
    needs no such question.
    """
    if (
        isinstance(connection, sqlite3.Connection)
        or time.monotonic() - record.info.get("idle_since", time.monotonic()) < IDLE
    ):
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except connection_errors() as error:
        raise DisconnectionError from error


def connection_errors() -> Any:
    """What PostgreSQL's driver raises; the driver is loaded where it is in use."""
    import psycopg

    return psycopg.Error


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    """SQLite's transactions begin here: one that writes takes the lock at once, one that reads is a picture
    of the moment. PostgreSQL's driver begins those of a context that writes.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
    elif connection.get_execution_options().get(PATIENT) and _writing.get():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")


def literally(value: int | str) -> Any:
    """An id, a figure or one of the code's own names as part of a statement, which then needn't be written
    anew each time.
    """
    return literal_column(str(value) if isinstance(value, int) else f"'{_NAME.fullmatch(value)[0]}'")  # type: ignore[index]


def among(column: Any, values: Iterable[int | str]) -> ColumnElement[bool]:
    """Whether a column holds one of a few ids or of the code's own names."""
    choices = [literally(value) for value in values]
    return cast(ColumnElement[bool], column == choices[0] if len(choices) == 1 else column.in_(choices))


def is_sqlite() -> bool:
    """Whether the database at hand is SQLite."""
    return db.engine.dialect.name == "sqlite"


@contextmanager
def large_cache(connection: Connection) -> Iterator[None]:
    """For rows by the thousand into many indexes: SQLite keeps their pages in memory, and moves them from the
    log to their place more rarely.
    """
    settings = (
        {"cache_size": (-512_000, CACHE), "wal_autocheckpoint": (25_000, 1000)}
        if connection.dialect.name == "sqlite"
        else {}
    )
    raw: Any = connection.connection.dbapi_connection
    for name, (within, _after) in settings.items():
        raw.execute(f"PRAGMA {name}={within}")
    try:
        yield
    finally:
        for name, (_within, after) in settings.items():
            raw.execute(f"PRAGMA {name}={after}")


def _options(url: str, pooled: bool) -> dict[str, Any]:
    """How connections are kept, and how long one waits for another's lock unless the address says so itself
    (``timeout``, ``options``).

    Behind a pooler that hands each transaction to another connection, nothing is left behind with one: no
    prepared statement, and the time to wait goes with each transaction.
    """
    if not url.startswith("postgresql"):
        return {} if "timeout=" in url else {"connect_args": {"timeout": PATIENCE}}
    connect: dict[str, Any] = {}
    if pooled:
        connect = {"prepare_threshold": None}
    elif "options=" not in url:
        connect = {"options": f"-c lock_timeout={PATIENCE}s"}
    return {
        "pool_size": 10,
        "max_overflow": 10,
        "connect_args": connect,
        "execution_options": {PATIENT: pooled},
    }


def _draw_freely(_app: Flask, **_about: Any) -> None:
    """Before a page is drawn: whatever was begun to be written and isn't committed is undone, so that nobody
    waits for the drawing.
    """
    if _writing.get():
        db.session.rollback()
        stop_writing()


def init(app: Flask, url: str, migrations: str = "", synchronous: str = "FULL", pooled: bool = False) -> None:
    """Bind the database and its migrations to an application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "hide_parameters": True,
        "json_serializer": as_json,
        "json_deserializer": orjson.loads,
        "pool_use_lifo": True,  # the connection used last has the pages in memory
        **_options(url, pooled),
    }
    db.init_app(app)
    before_render_template.connect(_draw_freely, app)
    if url.startswith("sqlite") and synchronous != "FULL":
        with app.app_context():
            event.listen(
                db.engine,
                "connect",
                lambda connection, _record: connection.execute(f"PRAGMA synchronous={synchronous}"),
            )
    if migrations:
        from flask_migrate import Migrate

        Migrate(app, db, directory=migrations, render_as_batch=True, compare_type=True)
