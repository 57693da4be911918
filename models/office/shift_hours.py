"""The shifts of a day, the posts that hold them, and their hours (field practice)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from app.declaring import Setting, Wrong, clock, say, setting, units
from models.duties import M2

SHIFTS = {"early": ("早班", "Early"), "middle": ("中班", "Middle"), "night": ("夜班", "Night")}
POSTS = {"desk": ("客服前台", "Front desk"), "monitor": ("监控中心", "Monitoring room")}
AHEAD = setting(
    "duty_log.ahead", ("可提前开记录", "Opened ahead by"), units.minutes(60), by=M2, least=15, most=240
)
TAKE_OVER = setting(
    "duty_log.take_over", ("接班时限", "Take over"), units.minutes(15), by=M2, least=5, most=120
)
RELIEF = setting(
    "duty_log.relief",
    ("无人接班，再次交班", "Nobody came: handed over again after"),
    units.minutes(60),
    by=M2,
    least=10,
    most=240,
)
SIGN = setting(
    "duty_log.sign", ("签认差异时限", "Sign the difference"), units.working_days(1), by=M2, least=1, most=5
)
REVIEW = setting("duty_log.review", ("审阅时限", "Review"), units.working_days(1), by=M2, least=1, most=10)
LONGEST = timedelta(hours=24)


def _hour(name: str, said: tuple[str, str], hour: int) -> Setting[int]:
    """An hour at which a shift begins or ends."""
    return setting(f"shift.{name}", said, units.count(hour, ("点", "o'clock")), by=M2, least=0, most=24)


HOURS: Mapping[str, tuple[Setting[int], Setting[int]]] = {
    "early": (
        _hour("early_from", ("早班开始", "Early begins"), 8),
        _hour("early_to", ("早班结束", "Early ends"), 16),
    ),
    "middle": (
        _hour("middle_from", ("中班开始", "Middle begins"), 16),
        _hour("middle_to", ("中班结束", "Middle ends"), 24),
    ),
    "night": (
        _hour("night_from", ("夜班开始", "Night begins"), 0),
        _hour("night_to", ("夜班结束", "Night ends"), 8),
    ),
}


def span(day: date, shift: str, office: int | None = None) -> tuple[datetime, datetime]:
    """When a shift of a day begins and ends; one that ends no later than it begins goes over midnight."""
    first, last = (hour.at(clock.day_start(day), office) for hour in HOURS[shift])
    begins, ends = (clock.day_start(day) + timedelta(hours=hour) for hour in (first, last))
    return begins, ends if last > first else ends + timedelta(days=1)


def check(begins: datetime, ends: datetime) -> None:
    """Hours end after they begin, and within a day."""
    if not begins < ends <= begins + LONGEST:
        raise Wrong(
            "ends_at", say("下班应在上班之后，且不超过 24 小时。", "It ends within a day of its beginning.")
        )


def at(moment: datetime, office: int | None = None) -> tuple[date, str]:
    """The day and shift that a moment lies in."""
    day = clock.local(moment).date()
    for near in (day, day - timedelta(days=1)):
        for shift in SHIFTS:
            begins, ends = span(near, shift, office)
            if begins <= moment < ends:
                return near, shift
    return day, next(iter(SHIFTS))


def coming(moment: datetime) -> tuple[date, str]:
    """The shift that is on, or the one that begins within the time a log may be opened before it."""
    return at(moment + timedelta(minutes=TAKE_OVER.at(moment)))


def coming_day() -> date:
    """The day of the shift that is on or about to begin."""
    return coming(clock.now())[0]


def coming_shift() -> str:
    """The shift that is on or about to begin."""
    return coming(clock.now())[1]


def called(day: date, shift: str, post: str) -> str:
    """What a shift is called at the office: ``2026-11-24 早班 客服前台``."""
    return f"{day:%Y-%m-%d} {SHIFTS[shift][0]} {POSTS[post][0]}"
