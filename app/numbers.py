"""Serial numbers without gaps or twins: one series an office, form and month, counted in the transaction that saves the record."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import db, is_sqlite
from app.record import Key, Model

if TYPE_CHECKING:
    from app.record import Record


class Series(Model):
    """How far a series of numbers has come. Its row's lock is what keeps parallel writers apart until they commit."""

    __tablename__ = "series"

    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    office_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(String(6), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


def series_of(cls: "type[Record]", at: datetime) -> str:
    """The month of a form's series; registers without a prefix count on for ever."""
    return clock.month_of(at) if cls.prefix else ""


def written(cls: "type[Record]", month: str, serial: int) -> str:
    """A number as people read it: ``PG-202611-0042``."""
    return f"{cls.prefix}-{month}-{serial:04d}" if cls.prefix else f"{serial:06d}"


def take(cls: "type[Record]", office_id: int, at: datetime, count: int = 1) -> list[str]:
    """The next numbers of a series. They are given back if the transaction fails, since the counter is part of it."""
    month = series_of(cls, at)
    last = db.session.execute(_counted(cls, office_id, month, count).returning(Series.last)).scalar_one()
    return [written(cls, month, serial) for serial in range(last - count + 1, last + 1)]


def give(record: "Record") -> None:
    """The next number of its series for a record, and with the same question its id, so that its first line can be written beside it."""
    cls = type(record)
    table = cls.__table__
    if is_sqlite():  # whoever writes is alone, and no record is ever deleted
        key: Any = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
    else:
        key = func.nextval(func.pg_get_serial_sequence(f'"{table.name}"', "id"))  # type: ignore[attr-defined]
    month = series_of(cls, record.created_at)
    last, free = db.session.execute(_counted(cls, record.office_id or 0, month, 1).returning(Series.last, key)).one()
    record.number, record.id = written(cls, month, last), record.id or free


def _counted(cls: "type[Record]", office_id: int, month: str, count: int) -> Any:
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    statement = insert(Series).values(form=cls.name, office_id=office_id, month=month, last=count)
    return statement.on_conflict_do_update(index_elements=["form", "office_id", "month"], set_={"last": Series.last + count})


def missing(cls: "type[Record]") -> list[str]:
    """Numbers that were given out but whose record is gone."""
    gone: list[str] = []
    for row in db.session.execute(select(Series).where(Series.form == cls.name)).scalars():
        start = f"{cls.prefix}-{row.month}-" if cls.prefix else ""
        asked = select(cls.number).where(cls.number.startswith(start, autoescape=True))
        there = set(db.session.execute(asked.where(cls.office_id == row.office_id) if row.office_id else asked).scalars())
        gone += [number for serial in range(1, row.last + 1) if (number := written(cls, row.month, serial)) not in there]
    return gone
