"""The office's periods: a day, a month, a quarter or a year; as addresses and people name them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.ground import clock
from app.ground.text import YEARS
from app.ground.words import say

KINDS = ("day", "month", "quarter", "year")  # from the shortest on
MONTHS = {"month": 1, "quarter": 3, "year": 12}
NAMES = tuple(name[:3] for name in clock.MONTHS)
_CODE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?")


@dataclass(frozen=True)
class Period:
    """A period of the office's calendar, by its kind and its first day."""

    kind: str
    first: date

    @property
    def code(self) -> str:
        """As an address names it: ``2026``, ``2026-Q4``, ``2026-11`` or ``2026-11-24``."""
        if self.kind == "quarter":
            return f"{self.first.year}-Q{self._quarter}"
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.kind]]

    @property
    def _quarter(self) -> int:
        return (self.first.month + 2) // 3

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.moved(1).first

    @property
    def begins(self) -> datetime:
        """The moment it begins."""
        return clock.day_start(self.first)

    @property
    def ends(self) -> datetime:
        """The moment the next one begins."""
        return clock.day_start(self.end)

    @property
    def is_known(self) -> bool:
        """Whether it lies within the years that an office's papers speak of."""
        return self.first.year in YEARS

    def moved(self, by: int) -> "Period":
        """So many periods later, or earlier."""
        if self.kind == "day":
            return Period(self.kind, self.first + timedelta(days=by))
        months = self.first.year * 12 + self.first.month - 1 + by * MONTHS[self.kind]
        return Period(self.kind, date(months // 12, months % 12 + 1, 1))

    def last(self, count: int) -> list["Period"]:
        """So many periods that end with this one, the earliest first."""
        return [self.moved(back) for back in range(1 - count, 1)]

    def __str__(self) -> str:
        year, month, day = self.first.year, self.first.month, self.first.day
        if self.kind == "year":
            return say("%(y)s年", "%(y)s", y=year)
        if self.kind == "quarter":
            return say("%(y)s年第%(q)s季度", "%(y)s Q%(q)s", y=year, q=self._quarter)
        if self.kind == "month":
            return say("%(y)s年%(m)s月", "%(name)s %(y)s", y=year, m=month, name=NAMES[month - 1])
        return say("%(y)s年%(m)s月%(d)s日", "%(day)s", y=year, m=month, d=day, day=self.first.isoformat())

    @property
    def brief(self) -> str:
        """As short as it can be told apart beside its neighbours."""
        year, month = self.first.year, self.first.month
        if self.kind == "year":
            return str(year)
        if self.kind == "quarter":
            return say("%(y)s年%(q)s季", "%(y)s Q%(q)s", y=year % 100, q=self._quarter)
        if self.kind == "month":
            name = say("%(m)s月", "%(name)s", m=month, name=NAMES[month - 1])
            return say("%(y)s年%(name)s", "%(name)s %(y)s", y=year % 100, name=name) if month == 1 else name
        return f"{month}-{self.first.day:02d}"


def of(kind: str, day: date) -> Period:
    """The period of a kind in which a day lies."""
    if kind == "day":
        return Period(kind, day)
    months = MONTHS[kind]
    return Period(kind, date(day.year, (day.month - 1) // months * months + 1, 1))


def read(code: str) -> Period | None:
    """The period that an address names; None for what is none, or lies in no year of an office."""
    match = _CODE.fullmatch(code)
    if match is None or int(match[1]) not in YEARS:
        return None
    year, quarter, month, day = (int(part) if part else 0 for part in match.groups())
    kind = "quarter" if quarter else "day" if match[4] else "month" if match[3] else "year"
    try:
        first = date(
            year, (quarter - 1) * 3 + 1 if quarter else month if match[3] else 1, day if match[4] else 1
        )
    except ValueError:
        return None
    return Period(kind, first)
