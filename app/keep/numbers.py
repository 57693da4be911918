"""Serial numbers without gaps or twins: one series an office, form and month, counted in the transaction that
saves the record.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Integer, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.declare.record import Key, Model, Record
from app.ground import clock
from app.ground.database import db, is_sqlite
from app.ground.language import gettext as _
from app.ground.rows import counting, named
from app.keep.capability import Capability


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

    def there(self, record: Any) -> None:
        """The record of a number is there."""
        month, _dash, serial = record.number.removeprefix(f"{self.cls.prefix}-").rpartition("-")
        series = self.series.get((record.office_id or 0, month)) or self.series.get((0, month))
        if series and serial.isascii() and serial.isdigit() and 0 < (at := int(serial)) <= series[0]:
            series[1][at // 8] |= 1 << at % 8

    def missing(self) -> Iterator[str]:
        """The numbers whose record didn't come by."""
        for (_office, month), (last, ticked) in sorted(self.series.items()):
            for serial in range(1, last + 1):
                if not ticked[serial // 8] >> serial % 8 & 1:
                    yield written(self.cls, month, serial)

    def faults(self) -> Iterator[tuple[str, str]]:
        """A number without its record."""
        for number in self.missing():
            yield number, _("the record is missing")


def missing(cls: type[Record]) -> list[str]:
    """Numbers that were given out but whose record is gone."""
    given = Given(cls, db.session.connection())
    for record in db.session.execute(select(cls.office_id, cls.number)):
        given.there(record)
    return list(given.missing())


class Numbers(Capability):
    """A record's number, given once."""

    follows_state = False

    def settle(self, record: Any) -> None:
        """A record without a number gets the next one."""
        if record.number is None:
            give(record)

    def of(self, record: Any) -> tuple[int, datetime, str]:
        """What tells its series, and its number."""
        return record.office_id, record.created_at, record.number

    def poured(self, cls: type[Record], first: int, kept: Sequence[tuple[int, datetime, str]]) -> None:
        """Give out the numbers that were expected, a block from each series; an error where others come."""

        def series(numbered: tuple[int, datetime, str]) -> tuple[int, str]:
            return numbered[0], series_of(cls, numbered[1])

        for (office, _month), group in groupby(sorted(kept, key=series), key=series):
            block = list(group)
            if take(cls, office, block[0][1], len(block)) != [number for _office, _at, number in block]:
                raise RuntimeError("Somebody else is making such records; nothing of this part was written.")

    def verifier(self, cls: type[Record], connection: Connection) -> Given:
        """Every number that was given out has its record."""
        return Given(cls, connection)
