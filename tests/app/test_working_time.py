"""Working time by the Chinese calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ground import clock, working_time


def at(text: str) -> datetime:
    return clock.from_local(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-01", False),
        ("2026-02-17", False),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-10", True),
        ("2026-09-20", True),
        ("2026-11-24", True),
        ("2026-11-21", False),
    ],
)
def test_days_off_and_moved_workdays_of_2026(day: str, works: bool) -> None:
    assert working_time.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-24T10:00", 1, "2026-11-25T10:00"),
        ("2026-11-20T10:00", 3, "2026-11-25T10:00"),
        ("2026-09-30T16:00", 1, "2026-10-08T16:00"),
        ("2026-11-21T10:00", 1, "2026-11-24T08:30"),
        ("2026-11-24T20:00", 1, "2026-11-26T08:30"),
    ],
)
def test_working_days_keep_the_clock_and_skip_holidays(start: str, days: int, due: str) -> None:
    assert working_time.add_working(at(start), days=days) == at(due)


def test_minutes_run_only_in_working_hours() -> None:
    assert working_time.add_working(at("2026-11-24T11:50"), minutes=30) == at("2026-11-24T13:50")
    assert working_time.add_working(at("2026-11-20T17:50"), minutes=20) == at("2026-11-23T08:40")


@given(st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 1)), st.integers(0, 5000))
def test_what_is_added_is_measured_again(start: datetime, minutes: int) -> None:
    begin = start.replace(tzinfo=UTC)
    end = working_time.add_working(begin, minutes=minutes)
    assert end >= begin
    assert abs(working_time.working_minutes(begin, end) - minutes) <= 1
    assert working_time.add_working(begin, minutes=minutes + 1) >= end


def test_a_missing_year_is_said_in_november_and_not_guessed() -> None:
    missing = next(year for year in range(2026, 2040) if not working_time.known_year(year))
    assert working_time.calendar_warning(date(missing - 1, 10, 31)) is None
    assert str(missing) in (working_time.calendar_warning(date(missing - 1, 11, 1)) or "")
    monday = next(date(missing, 3, day) for day in range(1, 8) if date(missing, 3, day).weekday() == 0)
    assert working_time.is_working_day(monday)
    assert not working_time.is_working_day(monday - timedelta(days=1))
