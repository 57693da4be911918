"""Serial numbers without gaps or twins: one series an office, form and month, counted in the transaction that
saves the record.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.declare.record import Key, Model, Record
from app.ground import clock
from app.ground.database import db, is_sqlite
from app.ground.rows import counting, named


class Series(Model):
    """How far a series of numbers has come. Its row's lock is what keeps parallel writers apart until they
    commit.
    """

    __tablename__ = "series"

    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    office_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(String(6), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


def series_of(cls: type[Record], at: datetime) -> str:
    """The month of a form's series; registers without a prefix count on for ever."""
    return clock.month_of(at) if cls.prefix else ""


def written(cls: type[Record], month: str, serial: int) -> str:
    """A number as people read it: ``PG-202611-0042``."""
    return f"{cls.prefix}-{month}-{serial:04d}" if cls.prefix else f"{serial:06d}"


def take(cls: type[Record], office_id: int, at: datetime, count: int = 1) -> list[str]:
    """The next numbers of a series. They are given back if the transaction fails, since the counter is part
    of it.
    """
    month = series_of(cls, at)
    last = db.session.execute(
        _counting(None, is_sqlite()), _counted(cls, office_id, month, count)
    ).scalar_one()
    return [written(cls, month, serial) for serial in range(last - count + 1, last + 1)]


def give(record: Record) -> None:
    """The next number of its series for a record, and with the same question its id, so that its first line
    can be written beside it.
    """
    cls = type(record)
    month = series_of(cls, record.created_at)
    counted = _counted(cls, record.office_id or 0, month, 1)
    last, free = db.session.execute(_counting(cls.__table__, is_sqlite()), counted).one()
    record.number, record.id = written(cls, month, last), record.id or free


def _counted(cls: type[Record], office_id: int, month: str, count: int) -> dict[str, Any]:
    return named(Series.__table__, {"form": cls.name, "office_id": office_id, "month": month, "last": count})


@cache
def _counting(table: Any, on_sqlite: bool) -> Any:
    """The statement that counts a series on and tells how far it came; with a table, also a free id of it."""
    counted = counting(Series.__table__, "last", on_sqlite)
    if table is None:
        return counted.returning(Series.last)
    if on_sqlite:  # whoever writes is alone, and no record is ever deleted
        key: Any = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
    else:
        key = func.nextval(func.pg_get_serial_sequence(f'"{table.name}"', "id"))
    return counted.returning(Series.last, key)


class Given:
    """The numbers that were given out of a form's series, ticked off as their records come by: a bit each."""

    def __init__(self, cls: type[Record], connection: Connection) -> None:
        self.cls = cls
        rows = connection.execute(select(Series).where(Series.form == cls.name)).all()
        self.series = {(row.office_id, row.month): (row.last, bytearray(row.last // 8 + 1)) for row in rows}

    def there(self, office: int | None, number: str) -> None:
        """The record of a number is there."""
        month, _dash, serial = number.removeprefix(f"{self.cls.prefix}-").rpartition("-")
        last, ticked = self.series.get((office or 0, month), (0, b""))
        found = self.series.get((0, month), (0, b"")) if not last else (last, ticked)
        if serial.isascii() and serial.isdigit() and 0 < (at := int(serial)) <= found[0]:
            found[1][at // 8] |= 1 << at % 8  # type: ignore[index]

    def missing(self) -> Iterator[str]:
        """The numbers whose record didn't come by."""
        for (_office, month), (last, ticked) in sorted(self.series.items()):
            for serial in range(1, last + 1):
                if not ticked[serial // 8] >> serial % 8 & 1:
                    yield written(self.cls, month, serial)


def missing(cls: type[Record]) -> list[str]:
    """Numbers that were given out but whose record is gone."""
    given = Given(cls, db.session.connection())
    for office, number in db.session.execute(
        select(cls.office_id, cls.number).execution_options(yield_per=1000)
    ):
        given.there(office, number)
    return list(given.missing())
