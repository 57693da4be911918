"""Cadences: what is to be done of each thing in every period, and which records say that it was done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Index

from app.declare.conditions import Conditions
from app.declare.duties import Clause
from app.declare.setting import Setting
from app.ground import clock, periods
from app.ground.spelling import known_words
from app.ground.words import Pair, Words, words

Window = tuple[date, date]  # its first and last day
Windows = Callable[[date, int | None], Window]
PERIODS = ("week", "month", "quarter", "year")


@dataclass(frozen=True)
class Cadence:
    """What is due of each record of a class in every window: a record of ``done_by`` that names it ``by`` a
    reference, its ``at`` within the window, of which the conditions ``when`` hold.
    """

    label: Words
    period: str
    done_by: Any
    by: str
    at: str
    when: Conditions
    while_in: tuple[str, ...]
    since: str
    after_days: int | Setting[int]
    windows: Windows | None
    called_by: Any
    called: tuple[str, str]
    duties: tuple[Clause, ...]
    name: str = ""

    def window(self, day: date, office: int | None) -> Window:
        """An office's window in which a day lies."""
        return self.windows(day, office) if self.windows is not None else calendar(self.period, day)

    def settled_by(self, last: date, office: int | None) -> date:
        """Since when at the latest something must be there to be due in a window that ends on a day."""
        days = self.after_days
        return last - timedelta(
            days=days.at(clock.day_start(last), office) if isinstance(days, Setting) else days
        )


def calendar(period: str, day: date) -> Window:
    """The week (from Monday), month, quarter or year in which a day lies."""
    if period == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    within = periods.of(period, day)
    return within.first, within.end - timedelta(days=1)


@known_words()
def every(
    period: str,
    label: Pair,
    *,
    done_by: Any,
    by: str,
    at: str,
    when: Conditions | None = None,
    while_in: str | Sequence[str] = (),
    since: str = "created_at",
    after_days: int | Setting[int] = 0,
    windows: Windows | None = None,
    called_by: Any = None,
    called: tuple[str, str] = ("", ""),
    duties: Sequence[Clause] = (),
) -> Any:
    """Declare what is due of each record in every ``period`` (``"week"``, ``"month"``, ``"quarter"``,
    ``"year"``), while it is in these states.

    ``since`` is the box from which on it is due; one that lies less than ``after_days`` before a window's end
    waits for the next. ``windows`` gives, for a day, other first and last days than the calendar's.
    ``called_by`` is a form whose records call for a round beside: from and to its two boxes ``called``.
    ``duties`` are the clauses whose holders find it on their first page; without any, those that may make a
    record of ``done_by``.
    """
    states = (while_in,) if isinstance(while_in, str) else tuple(while_in)
    opens = tuple(duties) or done_by.access.by("create")
    return Cadence(
        words(label),
        period,
        done_by,
        by,
        at,
        when or {},
        states,
        since,
        after_days,
        windows,
        called_by,
        called,
        opens,
    )


def keep_index(cadence: Cadence) -> None:
    """What says that something was done is found by its thing and its time."""
    table: Any = cadence.done_by.__table__
    column = f"{cadence.by}_id"
    name = f"ix_{table.name}_{column}_{cadence.at}"
    if column in table.c and cadence.at in table.c and name not in {index.name for index in table.indexes}:
        Index(name, table.c[column], table.c[cadence.at])
