"""When units that stand empty are inspected: every month, every half month in the rains; and how long they
stand so.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date
from sqlalchemy.types import TypeEngine

from app.declaring import clock, kinds, setting, units
from models.duties import M2

if TYPE_CHECKING:
    from models.premises.vacancy_ledger import VacancyLedger

RAINY_MONTHS = setting(
    "vacancy_ledger.rainy_months",
    ("雨季月份（加密巡查）", "Rainy months, inspected more often"),
    units.months_of_the_year(5, 6, 7, 8, 9),
    by=M2,
)
SETTLING = setting(
    "vacancy_ledger.settling",
    ("空置满多少天起巡查", "Inspected once empty for"),
    units.days(7),
    by=M2,
    least=0,
    most=31,
)
RAINY_ROUND = setting(
    "vacancy_ledger.rainy_round",
    ("雨季巡查周期", "Inspected in the rainy months every"),
    units.days(15),
    by=M2,
    least=5,
    most=31,
)


def round_of(day: date, office: int | None) -> tuple[date, date]:
    """The first and last day of the round in which a day lies: a month; a part of it in the rains, of which
    the last goes to the month's end.
    """
    first = day.replace(day=1)
    last, begins = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1), clock.day_start(first)
    if str(day.month) not in RAINY_MONTHS.at(begins, office):
        return first, last
    days = RAINY_ROUND.at(begins, office)
    rounds = max(1, round(last.day / days))
    at = min((day.day - 1) // days, rounds - 1)
    starts = first + timedelta(days=at * days)
    return starts, last if at == rounds - 1 else starts + timedelta(days=days - 1)


def next_inspection(line: VacancyLedger) -> date:
    """The last day of the round that follows the last inspection; of a unit that was empty too short a time,
    of the one after.
    """
    office, since = line.office_id, line.since or clock.today()
    if line.inspected_at is not None:
        _first, last = round_of(clock.local(line.inspected_at).date(), office)
        return round_of(last + timedelta(days=1), office)[1]
    _first, last = round_of(since, office)
    settled = (last - since).days >= SETTLING.of(line, clock.day_start(since))
    return last if settled else round_of(last + timedelta(days=1), office)[1]


def note_missed(line: VacancyLedger) -> None:
    """That it was missed stands in its history; what is due stays so."""


class DaysKind(kinds.Kind):
    """The days since a day, counted when they are read, so that they never are yesterday's."""

    widget = "number"
    numeric = True
    sheet = "whole"
    width = 8

    def column(self) -> TypeEngine[Any]:
        return Date()

    def show(self, value: date) -> str:
        return str(self.cell(value))

    def cell(self, value: date) -> int:
        return (clock.today() - value).days

    def dump(self, value: date) -> str:
        return value.isoformat()

    def load(self, kept: str) -> date:
        return date.fromisoformat(kept)

    def of_key(self, text: str) -> date:
        return date.fromisoformat(text)
