"""What a setting is counted in: lengths of time, shares, numbers, money, yes or no, months of the year,
words.

Each gives the value that holds where nobody set another: ``units.minutes(30)``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

from app.declare import kinds
from app.declare.kinds import Kind
from app.ground import clock, working_time
from app.ground.words import Pair, Words

T = TypeVar("T")
MONTHS_OF_THE_YEAR = {str(at): (f"{at} 月", english) for at, english in enumerate(clock.MONTHS, 1)}


@dataclass(frozen=True)
class Unit:
    """One unit: what is said behind a value, which others it can be held against (of one ``nature``), and how
    far a moment is moved by so many of it.
    """

    name: str
    label: Words
    nature: str
    size: int = 1  # of how many of the smallest of its nature it is made
    moved: Callable[[datetime, int], datetime] | None = None
    bounded: bool = True  # a number, which has bounds


@dataclass(frozen=True)
class Measure(Generic[T]):
    """A unit with the value that holds where nobody set another, and the kind that reads and shows one."""

    unit: Unit
    default: T
    kind: Callable[[Any, Any], Kind]  # of its bounds


def _by_minutes(size: int) -> Callable[[datetime, int], datetime]:
    return lambda start, many: start + timedelta(minutes=size * many)


def _working(start: datetime, many: int) -> datetime:
    return working_time.add_working(start, days=many)


def _unit(name: str, label: Pair, nature: str, size: int = 1, **options: Any) -> Unit:
    return Unit(name, Words(*label), nature, size, **options)


MINUTES = _unit("minutes", ("分钟", "minutes"), "time", 1, moved=_by_minutes(1))
HOURS = _unit("hours", ("小时", "hours"), "time", 60, moved=_by_minutes(60))
DAYS = _unit("days", ("天", "days"), "time", 24 * 60, moved=_by_minutes(24 * 60))
WORKING_DAYS = _unit("working_days", ("个工作日", "working days"), "working time", moved=_working)
MONTHS = _unit("months", ("个月", "months"), "months", moved=clock.months_after)
YEARS = _unit(
    "years", ("年", "years"), "months", 12, moved=lambda start, many: clock.months_after(start, 12 * many)
)
PERCENT = _unit("percent", ("%", "%"), "share")
COUNT = _unit("count", ("", ""), "count")
YUAN = _unit("yuan", ("元", "yuan"), "money")
YES_NO = _unit("yes_no", ("", ""), "yes or no", bounded=False)
OF_THE_YEAR = _unit("months_of_the_year", ("", ""), "months of the year", bounded=False)
WORDS = _unit("words", ("", ""), "words", bounded=False)


def minutes(many: int) -> Measure[int]:
    """So many minutes."""
    return Measure(MINUTES, many, kinds.WholeKind)


def hours(many: int) -> Measure[int]:
    """So many hours."""
    return Measure(HOURS, many, kinds.WholeKind)


def days(many: int) -> Measure[int]:
    """So many days of 24 hours."""
    return Measure(DAYS, many, kinds.WholeKind)


def working_days(many: int) -> Measure[int]:
    """So many working days."""
    return Measure(WORKING_DAYS, many, kinds.WholeKind)


def months(many: int) -> Measure[int]:
    """So many months, each to the same day."""
    return Measure(MONTHS, many, kinds.WholeKind)


def years(many: int) -> Measure[int]:
    """So many years."""
    return Measure(YEARS, many, kinds.WholeKind)


def percent(many: int | str) -> Measure[Decimal]:
    """A share in hundredths."""
    return Measure(PERCENT, Decimal(many), lambda least, most: kinds.RateKind(Decimal(least), Decimal(most)))


def count(many: int, of: Pair = ("", "")) -> Measure[int]:
    """A number ``of`` something (people, times)."""
    return Measure(_unit("count", of, "count"), many, kinds.WholeKind)


def yuan(many: int | str) -> Measure[Decimal]:
    """Money."""
    return Measure(YUAN, Decimal(many), lambda least, most: kinds.AmountKind(Decimal(least), Decimal(most)))


def yes_no(holds: bool) -> Measure[bool]:
    """Whether something is so."""
    return Measure(YES_NO, holds, lambda _least, _most: kinds.YesNoKind())


def months_of_the_year(*months: int) -> Measure[list[str]]:
    """Some of the twelve months, by their numbers."""
    chosen = [str(month) for month in months]
    return Measure(OF_THE_YEAR, chosen, lambda _least, _most: kinds.ChoicesKind(MONTHS_OF_THE_YEAR))


def words(text: str, max: int = 200) -> Measure[str]:
    """A text, such as what stands on a print."""
    return Measure(WORDS, text, lambda _least, _most: kinds.TextKind(max))
