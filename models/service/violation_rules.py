"""The rules of a violation: words on the spot first, what must be reported at once, how long an objection may
come, and what waits for its answer (field practice).
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.declaring import Wrong, clock, db, guard, needed_when, say, setting, units
from models.duties import M2

if TYPE_CHECKING:
    from models.service.violation import Violation

AT_ONCE = ("illegal_building", "structural")  # the company answers for it if these aren't reported
REPORT = setting(
    "violation.report",
    ("上报时限（违章搭建、改变结构）", "Report of illegal building and structural change"),
    units.hours(24),
    by=M2,
    least=1,
    most=7 * 24,
    help=("自发现起算。", "From when it was found."),
)
OBJECT = setting(
    "violation.object",
    ("申诉期限", "Objections"),
    units.days(5),
    by=M2,
    least=1,
    most=60,
    help=("自通知起算。", "From the notice on."),
)
AGAIN = setting(
    "violation.again",
    ("同类违章累计期", "The same kind counts again within"),
    units.months(12),
    by=M2,
    least=1,
    most=60,
)
OPEN = ("recorded", "notified", "warned")


def now(_violation: "Violation") -> datetime:
    """This moment."""
    return clock.now()


def report_by(violation: "Violation") -> datetime | None:
    """When the authority must have the report of what can't wait; None once it has, or for any other kind."""
    if violation.kind not in AT_ONCE or violation.reported_at is not None:
        return None
    return REPORT.after(violation.found_at, violation)


def was_at(violation: "Violation") -> str:
    """Where it stood before it was said to be mended."""
    second, reported = violation.second_mend_by, violation.reported_at
    if second is None:
        return "notified"
    return "reported" if reported is not None and reported > second else "warned"


def earlier(violation: "Violation") -> int:
    """How many of the same kind the same unit had within a time before."""
    cls, found = type(violation), violation.found_at
    if violation.unit_id is None:
        return 0
    asked = select(func.count()).where(
        cls.unit_id == violation.unit_id,
        cls.kind == violation.kind,
        cls.state != "void",
        cls.id != (violation.id or 0),
        cls.found_at <= found,
        cls.found_at > clock.months_after(found, -AGAIN.of(violation, found)),
    )
    return db.session.execute(asked).scalar_one()


def check_facts(violation: "Violation") -> None:
    """It lies somewhere, and behind us; an order's time is yet to come when it is given."""
    if violation.found_at > clock.now() + timedelta(minutes=1):
        raise Wrong("found_at", say("发现时间不能在将来。", "It can't have been found in the future."))
    if violation.unit_id is None and violation.building_id is None:
        raise Wrong("unit", say("请填写房号或楼栋。", "Please give the unit or the building."))


PAST = ("整改期限须在此刻之后。", "The time to mend by is yet to come.")
WITNESSED = needed_when(
    "witness",
    {"signed": ("refused", "absent")},
    ("拒签或无人时，请填写见证人。", "Where nobody signed, a witness is needed."),
)


@guard("请先登记现场劝导。", "Words on the spot come first: please record them.", at="spot_result")
def spoken_first(violation: "Violation") -> bool:
    """Somebody spoke to them, or tried to."""
    return violation.spot_result is not None


@guard(
    "违章搭建、改变结构须先上报主管部门。",
    "Illegal building and structural change are reported to the authority first.",
    at="spot_result",
)
def may_end_there(violation: "Violation") -> bool:
    """What is put right at once ends there, unless the authority must know of it."""
    return violation.spot_result != "mended" or report_by(violation) is None


@guard(
    "违章搭建、改变结构未上报，不能结案。",
    "It can't be closed before it was reported to the authority.",
    at="reported_to",
)
def was_reported(violation: "Violation") -> bool:
    """The report that was due at once was made."""
    return report_by(violation) is None


@guard("整改期限未到。", "The time to mend by isn't over yet.", at="second_order")
def time_is_over(violation: "Violation") -> bool:
    """A second notice follows a deadline that passed."""
    return violation.mend_by is not None and violation.mend_by < clock.now()


@guard("申诉尚未答复。", "The objection isn't answered yet.", at="objection")
def was_answered(violation: "Violation") -> bool:
    """No pressing on while an objection waits for its answer."""
    return violation.objection is None or violation.objection_result is not None


@guard("没有待答复的申诉。", "No objection waits for an answer.", at="objection")
def objected(violation: "Violation") -> bool:
    """There is an objection."""
    return violation.objection is not None


@guard("申诉已答复。", "The objection was answered already.", at="objection")
def objects_once(violation: "Violation") -> bool:
    """What was answered stands."""
    return violation.objection_result is None


@guard("申诉已过期限。", "It is too late for an objection.", at="objected_at")
def objects_in_time(violation: "Violation") -> bool:
    """It came within its days."""
    since, came = violation.notified_at, violation.objected_at or clock.now()
    return since is None or came <= OBJECT.after(since, violation)


@guard(
    "只有违章搭建、改变结构可直接上报；其他的先发二次通知，逾期再上报。",
    "Only illegal building and structural change are reported at once; others when a second notice ran out.",
    at="reported_to",
)
def may_report(violation: "Violation") -> bool:
    """At once for what can't wait; else when the second notice ran out."""
    if violation.kind in AT_ONCE and violation.reported_at is None:
        return True
    ran_out = violation.second_mend_by is not None and violation.second_mend_by < clock.now()
    return violation.state == "warned" and ran_out
