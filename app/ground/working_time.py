"""Working time by the Chinese calendar with its moved workdays, in the office's zone.

The published days come from the ``chinesecalendar`` package. A year it doesn't know yet isn't guessed: plain
Mondays to Fridays are counted, and from November on ``calendar_warning`` says that the next year's calendar
is missing.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import chinese_calendar

from app.ground import clock
from app.ground.language import gettext as _

HOURS = ((time(8, 30), time(12, 0)), (time(13, 30), time(18, 0)))  # field practice


@lru_cache(maxsize=64)
def known_year(year: int) -> bool:
    """Whether the year's days off and moved workdays are published in the package."""
    try:
        chinese_calendar.is_workday(date(year, 6, 15))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether the office works on a day; in an unknown year, Monday to Friday."""
    return bool(chinese_calendar.is_workday(day)) if known_year(day.year) else day.weekday() < 5


def calendar_warning(today: date) -> str | None:
    """From November on, a sentence when the next year's calendar isn't known; at any time, when this year's
    isn't.
    """
    wanted = today.year + 1 if today.month >= 11 else today.year
    if known_year(wanted):
        return None
    return _(
        "The working calendar of %(year)s isn't known yet: Monday to Friday are counted until the package"
        " that holds it is updated.",
        year=wanted,
    )


def _spans(day: date, hours: Sequence[tuple[time, time]]) -> list[tuple[datetime, datetime]]:
    """The working spans of a day, in the office's wall clock."""
    return (
        [(datetime.combine(day, start), datetime.combine(day, end)) for start, end in hours]
        if is_working_day(day)
        else []
    )


def add_working(
    start: datetime,
    minutes: int | None = None,
    days: int | None = None,
    hours: Sequence[tuple[time, time]] = HOURS,
) -> datetime:
    """The moment so many working minutes or days after a start (aware; the answer is in UTC).

    Days keep the clock time: three working days from Friday 10:00 are Wednesday 10:00. What begins outside
    working hours begins with the next ones.
    """
    here = _begin(clock.local(start).replace(tzinfo=None), hours)
    if days is not None:
        left, day = days, here.date()
        while left > 0:
            day += timedelta(days=1)
            left -= is_working_day(day)
        return clock.from_local(datetime.combine(day, here.time()))
    rest = timedelta(minutes=minutes or 0)
    day = here.date()
    while True:
        for opens, closes in _spans(day, hours):
            opens = max(opens, here)
            if opens < closes:
                if rest <= closes - opens:
                    return clock.from_local(opens + rest)
                rest -= closes - opens
        day += timedelta(days=1)


def _begin(here: datetime, hours: Sequence[tuple[time, time]]) -> datetime:
    """The moment itself within working hours, else when the next ones begin."""
    day = here.date()
    while True:
        for opens, closes in _spans(day, hours):
            if here < closes:
                return max(opens, here)
        day += timedelta(days=1)


def working_minutes(start: datetime, end: datetime, hours: Sequence[tuple[time, time]] = HOURS) -> int:
    """How many working minutes lie between two moments; none when the end comes first."""
    first, last = (clock.local(moment).replace(tzinfo=None) for moment in (start, end))
    total, day = timedelta(0), first.date()
    while day <= last.date():
        for opens, closes in _spans(day, hours):
            total += max(min(closes, last) - max(opens, first), timedelta(0))
        day += timedelta(days=1)
    return int(total.total_seconds() // 60)
