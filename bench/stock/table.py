"""The one table every tool serves: work orders with 20 columns, over 20,000 units, and the rows of orders.py
in it.
"""

import datetime
import os

import sqlalchemy as sa
from orders import EXPORTED, LISTED, PAGE, RARE, STATES, UNITS, orders, unit_code  # noqa: F401  (for the tools)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Unit(Base):
    __tablename__ = "peer_unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)

    def __str__(self):
        return self.code


class WorkOrder(Base):
    __tablename__ = "peer_work_order"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(12), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("peer_unit.id"), index=True)
    reporter: Mapped[str] = mapped_column(sa.String(20))
    phone: Mapped[str] = mapped_column(sa.String(20))
    source: Mapped[str] = mapped_column(sa.String(8))
    category: Mapped[str] = mapped_column(sa.String(8))
    nature: Mapped[str] = mapped_column(sa.String(8))
    urgency: Mapped[str] = mapped_column(sa.String(8))
    location: Mapped[str] = mapped_column(sa.String(40))
    description: Mapped[str] = mapped_column(sa.Text)
    assignee: Mapped[str | None] = mapped_column(sa.String(20))
    department: Mapped[str | None] = mapped_column(sa.String(20))
    created_at: Mapped[datetime.datetime] = mapped_column(index=True)
    appointed_at: Mapped[datetime.datetime | None]
    finished_at: Mapped[datetime.datetime | None]
    fee: Mapped[float] = mapped_column(sa.Numeric(10, 2))
    rating: Mapped[int | None]
    remark: Mapped[str | None] = mapped_column(sa.String(80))
    unit: Mapped[Unit] = relationship()


def stamp(value):
    """A moment as SQLAlchemy keeps it in SQLite."""
    return f"{value:%Y-%m-%d %H:%M:%S}.000000" if isinstance(value, datetime.datetime) else value


def fill(url, rows):
    """Tables, indexes and rows, unless this database holds them already; then what the planner needs to know
    (ANALYZE).
    """
    engine = sa.create_engine(url)
    if sa.inspect(engine).has_table("peer_work_order"):
        with engine.connect() as link:
            if link.scalar(sa.select(sa.func.count()).select_from(WorkOrder)) == rows:
                return engine
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    units = ((i + 1, unit_code(i)) for i in range(UNITS))
    raw = engine.raw_connection()
    if engine.dialect.name == "sqlite":
        raw.execute("PRAGMA journal_mode=WAL")  # kept in the file; helps every tool's writes alike
        raw.executemany("INSERT INTO peer_unit VALUES (?,?)", units)
        raw.executemany(
            f"INSERT INTO peer_work_order VALUES ({','.join('?' * 20)})",
            (tuple(map(stamp, row)) for row in orders(rows)),
        )
        raw.commit()
        raw.execute("ANALYZE")
    else:
        for table, source in (("peer_unit", units), ("peer_work_order", orders(rows))):
            with raw.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                for row in source:
                    copy.write_row(row)
            raw.cursor().execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
        raw.commit()
        raw.driver_connection.autocommit = True
        raw.cursor().execute("VACUUM ANALYZE")
        raw.driver_connection.autocommit = False
    raw.commit()
    raw.close()
    return engine


def engine():
    return sa.create_engine(os.environ["PEERS_URL"])
