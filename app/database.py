"""The database: one handle for both SQLite and PostgreSQL, and the column types the engine stores in."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase
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


db = SQLAlchemy(model_class=Base, session_options={"autoflush": False})

PATIENCE = 60  # seconds one waits for another's write before being told that the system is busy
CACHE = -32_000  # SQLite's pages in memory for each connection, in KiB, by its own sign

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as naive UTC."""

    impl = DateTime
    cache_ok = True

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


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun within take SQLite's write lock at once, so that none fails half-way as locked."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def start_writing() -> None:
    """The rest of this request's (or command's) context writes; ends a read transaction already begun."""
    _writing.set(True)


def stop_writing() -> None:
    """Undo ``start_writing`` for a context that goes on."""
    _writing.set(False)


@event.listens_for(Engine, "connect")
def _connect(connection: Any, record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # SQLAlchemy's begin event below starts transactions, not the driver
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"cache_size={CACHE}",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def is_sqlite() -> bool:
    """Whether the database at hand is SQLite."""
    return db.engine.dialect.name == "sqlite"


@contextmanager
def small_cache(connection: Connection) -> Iterator[None]:
    """For a read from end to end, which comes by no page of the database twice: SQLite keeps few of them in memory."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA cache_size=-2000")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size={CACHE}")


def _options(url: str) -> dict[str, Any]:
    """How connections are kept, and how long one waits for another's lock unless the address says so itself (``timeout``, ``options``)."""
    if not url.startswith("postgresql"):
        return {} if "timeout=" in url else {"connect_args": {"timeout": PATIENCE}}
    patience = {} if "options=" in url else {"connect_args": {"options": f"-c lock_timeout={PATIENCE}s"}}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, **patience}


def init(app: Flask, url: str, migrations: str = "") -> None:
    """Bind the database and its migrations to an application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True, **_options(url)}
    db.init_app(app)
    if migrations:
        from flask_migrate import Migrate

        Migrate(app, db, directory=migrations, render_as_batch=True, compare_type=True)
