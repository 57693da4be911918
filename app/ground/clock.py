"""Moments: stored in UTC, shown in the office's zone.

Every module asks this one for the time, so that tests and ``tick --at`` can set it.
"""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_set_to: list[datetime] = []


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _set_to[-1] if _set_to else datetime.now(UTC)


def minute(moment: datetime) -> datetime:
    """The minute a moment lies in, as people type it."""
    return moment.replace(second=0, microsecond=0)


def today() -> date:
    """The present day in the office's zone."""
    return now().astimezone(ZONE).date()


def local(moment: datetime) -> datetime:
    """A stored moment in the office's zone; a naive one is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZONE)


def from_local(moment: datetime) -> datetime:
    """A naive wall-clock moment of the office, in UTC."""
    return moment.replace(tzinfo=ZONE).astimezone(UTC)


def day_start(day: date) -> datetime:
    """The UTC moment at which a day of the office begins."""
    return from_local(datetime.combine(day, time()))


def day_end(day: date) -> datetime:
    """The UTC moment of a day of the office's last minute."""
    return day_start(day + timedelta(days=1)) - timedelta(minutes=1)


def end_of_day() -> datetime:
    """The last minute of the office's present day, in UTC."""
    return day_end(today())


def months_after(moment: datetime, months: int) -> datetime:
    """The same time so many months later, of the same day or the last that the month has; in UTC."""
    here = local(moment).replace(tzinfo=None)
    year, month = divmod(here.year * 12 + here.month - 1 + months, 12)
    day = min(here.day, monthrange(year, month + 1)[1])
    return from_local(here.replace(year=year, month=month + 1, day=day))


def month_of(moment: datetime) -> str:
    """The office's month of a moment, as ``202611``."""
    return f"{local(moment):%Y%m}"


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Within the block it is this moment (aware)."""
    _set_to.append(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.pop()
