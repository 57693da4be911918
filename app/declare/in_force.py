"""What settings were set to: which value holds at a moment, for an office.

All rows there are of settings are kept in memory, under the mark of the newest: an act that sets one writes a
row more and changes none, so where the newest is the same all are. A request reads that mark with the person
who asks (one statement); whoever works without a request reads it once in each transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from flask import g, has_request_context
from sqlalchemy import BigInteger, Boolean, Text, column, func, select, table
from sqlalchemy.sql import Select

from app.ground.database import Moment, db

ROWS = table(
    "setting_value",
    column("id", BigInteger),
    column("head", Text),
    column("office_id", BigInteger),
    column("created_at", Moment),
    column("created_by_id", BigInteger),
    column("setting", Text),
    column("value", Text),
    column("from_at", Moment),
    column("everywhere", Boolean),
    column("because", Text),
    column("withdraws", BigInteger),
)
EVERYWHERE = 0  # in place of an office: all of them


@dataclass(frozen=True)
class SetTo:
    """One act of setting: to what (None: back to what holds without it), where, from when, by whom."""

    id: int
    value: Any
    office: int
    from_at: datetime
    set_at: datetime
    set_by: int | None
    because: str


Rows = Mapping[str, tuple[SetTo, ...]]  # of each setting, in the order in which they come into force


def newest() -> Select[Any]:
    """The mark of the newest row, to be read along with something else."""
    return select(ROWS.c.head).where(ROWS.c.id == select(func.max(ROWS.c.id)).scalar_subquery())


def note(mark: str | None) -> None:
    """This context goes by the rows as they are at a mark."""
    read_anew()
    g.settings_mark = mark


def rows() -> Rows:
    """All rows that weren't withdrawn, of each setting."""
    if "settings_gone_by" in g:
        return g.settings_gone_by  # type: ignore[no-any-return]
    if not has_request_context() and g.get("settings_read_in") is not db.session().get_transaction():
        read_anew()
    known: Rows | None = g.get("settings_set")
    if known is None:
        if "settings_mark" not in g:
            g.settings_mark = db.session.execute(newest()).scalar()
            g.settings_read_in = db.session().get_transaction()
        known = g.settings_set = _rows_at(g.settings_mark, str(db.engine.url)) if g.settings_mark else {}
    return known


def go_by(known: Rows) -> None:
    """This context goes by these rows to its end: a process forked for a part of some work has no database
    of its own.
    """
    g.settings_gone_by = known


def read_anew() -> None:
    """Something was set in this context."""
    g.pop("settings_mark", None)
    g.pop("settings_set", None)


def forget() -> None:
    """Drop what is remembered (a test's database was made anew)."""
    _rows_at.cache_clear()


@lru_cache(maxsize=32)
def _rows_at(mark: str, database: str) -> Rows:
    said = db.session.execute(select(ROWS).order_by(ROWS.c.id)).all()
    withdrawn = {row.withdraws for row in said}
    kept: dict[str, list[SetTo]] = {}
    for row in said:
        if row.withdraws is None and row.id not in withdrawn:
            kept.setdefault(row.setting, []).append(_set_to(row))
    return {name: tuple(sorted(each, key=lambda row: row.from_at)) for name, each in kept.items()}


def _set_to(row: Any) -> SetTo:
    value = None if row.value is None else orjson.loads(row.value)
    office = EVERYWHERE if row.everywhere else row.office_id
    return SetTo(row.id, value, office, row.from_at, row.created_at, row.created_by_id, row.because or "")


def holding(set_to: tuple[SetTo, ...], at: datetime, office: int | None) -> SetTo | None:
    """Which of a setting's rows holds at a moment: an office's own goes before what holds everywhere; None
    where the declaration's default does.
    """
    for where in (office, EVERYWHERE) if office else (EVERYWHERE,):
        last = next((row for row in reversed(set_to) if row.office == where and row.from_at <= at), None)
        if last is not None and last.value is not None:
            return last
    return None
