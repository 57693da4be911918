"""The rules of a repair: from when its time counts, who is asked how it went, and who may name somebody
(field practice).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from app.declaring import By, Holder, Setting, clock, deadlines, guard, needed_when, not_ahead, not_before
from models.duties import M1, P7, S3
from models.service.repair_limits import (
    ARRIVE,
    DISPATCH,
    FINISH,
    FINISH_EMERGENCY,
    FINISH_PAID,
    FINISH_WARRANTY,
    FOLLOW_UP,
    FOLLOW_UP_SHARE,
    LEAK_FROM,
    LEAK_UNTIL,
    SAMPLE,
    SAMPLE_SHARE,
    WRITTEN_UP,
)

if TYPE_CHECKING:
    from models.service.work_order import WorkOrder

WHILE_TYPING = timedelta(minutes=10)
FOLLOWED_UP_FIRST, SAMPLED_FIRST = "1479253608", "7305182964"  # by the number's last digit
SPARE = 10  # hundredths more than the share, short of which half of all months would fall otherwise
ASSIGNEE = Holder("assignee")
FINISHES = ("finish_due", "emergency_due", "warranty_due", "paid_due")  # the times that bind the work


def arrival(order: "WorkOrder", since: datetime | None = None) -> datetime:
    """When somebody should be there: the appointed time, else by urgency."""
    if order.appointed_at and order.urgency == "normal":
        return order.appointed_at
    return ARRIVE[order.urgency].after(since or clock.now(), order)


def renewed_arrival(order: "WorkOrder") -> datetime:
    """The arrival that is agreed while it lies ahead, else a new one."""
    agreed = order.arrive_by
    return agreed if agreed is not None and agreed > clock.now() else arrival(order)


def move_arrival(order: "WorkOrder", before: Mapping[str, Any]) -> None:
    """Before anybody is there: a higher urgency brings the arrival forward, another appointed time moves it.

    While it is on hold the time stands still, so it counts from the hold on.
    """
    if order.arrive_by is None or order.arrived_at is not None or order.state not in ("dispatched", "held"):
        return
    appointed = order.appointed_at and order.fields["appointed_at"].kind.dump(order.appointed_at)
    if ARRIVE[order.urgency].of(order) < ARRIVE[before["urgency"]].of(order):
        order.arrive_by = min(order.arrive_by, arrival(order, order.held_at))
    elif order.urgency == "normal" and order.appointed_at and appointed != before["appointed_at"]:
        order.arrive_by = order.appointed_at


def earliest(order: "WorkOrder") -> datetime:
    """Before when nothing of a repair can have been: the new visit or the report; a slip written up
    afterwards tells of the days before.
    """
    if order.late_slip and not order.reopened_at:
        return order.created_at - timedelta(days=WRITTEN_UP.of(order, order.created_at))
    return clock.minute(order.reopened_at or order.created_at)


def begins(order: "WorkOrder") -> datetime:
    """From when the time for the work counts: the new visit, a normal order's appointed time, else the
    report.
    """
    if order.reopened_at:
        return order.reopened_at
    return (
        max(order.appointed_at, order.created_at)
        if order.appointed_at and order.urgency == "normal"
        else order.created_at
    )


def wants_follow_up(order: "WorkOrder") -> bool:
    """All emergencies, all paid and all unhappy ones, and of the rest a share by the number's last digits."""
    share = FOLLOW_UP_SHARE.of(order, order.created_at)
    return (
        order.urgency == "emergency"
        or order.paid
        or order.outcome == "not_repaired"
        or order.reopened > 0
        or (share > 0 and rank(order, FOLLOWED_UP_FIRST) < share + SPARE)
    )


def rank(order: "WorkOrder", first: str) -> int:
    """Where an order stands among a hundred of its series, those first that end in the first digits."""
    return first.index(order.number[-1]) * 10 + int(order.number[-2])


def wants_sample(order: "WorkOrder") -> bool:
    """The supervisor asks a second time where the customer is unhappy, and in a share of all orders by the
    number's last digits.
    """
    share = SAMPLE_SHARE.of(order, order.created_at)
    return not order.sample_result and (order.rating in ("1", "2") or rank(order, SAMPLED_FIRST) < share)


def due_look_again(order: "WorkOrder") -> datetime | None:
    """Leaks are looked at once more, not before a time nor after another."""
    if not order.leak or order.leak_result or order.finished_at is None:
        return None
    return LEAK_UNTIL.after(order.finished_at, order)


def dispatch_within(order: "WorkOrder") -> Setting[int]:
    """Until somebody is sent, by urgency."""
    return DISPATCH[order.urgency]


def finish_within(order: "WorkOrder") -> Setting[int]:
    """For the work: a larger repair has longer than a small one."""
    return FINISH[order.extent]


def emergency_within(order: "WorkOrder") -> Setting[int] | None:
    """An emergency has its own, however large."""
    return FINISH_EMERGENCY if order.urgency == "emergency" else None


def warranty_within(order: "WorkOrder") -> Setting[int] | None:
    """So has what is under warranty."""
    return FINISH_WARRANTY if order.warranty else None


def paid_within(order: "WorkOrder") -> Setting[int] | None:
    """Paid work's counts from the agreed price, the first time."""
    return FINISH_PAID if order.paid and not order.reopened_at else None


def follow_up_within(order: "WorkOrder") -> Setting[int] | None:
    """Who is asked is asked within a time."""
    return FOLLOW_UP if wants_follow_up(order) else None


def finish_by(order: "WorkOrder") -> datetime:
    """When the work is to be done at the latest: the earliest of the times that bind it."""
    times = (deadlines.moment_of(order.deadlines[name], order) for name in FINISHES)
    return min(at for at in times if at is not None)


def sample_within(order: "WorkOrder") -> Setting[int] | None:
    """So is whoever the supervisor asks again."""
    return SAMPLE if wants_sample(order) else None


def reassigners(order: "WorkOrder") -> list[By]:
    """What nobody was sent to is dispatched; once escalated, the head of department may name somebody."""
    return [P7, S3, M1] if order.state != "reported" else [M1] if order.escalated_at else []


@guard("有偿维修须先议定价格。", "Paid work can't start before a price is agreed.", at="price")
def priced(order: "WorkOrder") -> bool:
    """Paid work has its price."""
    return not order.paid or order.price is not None


@guard("只有漏水需要复查。", "Only leaks are looked at again.", at="leak")
def only_leaks(order: "WorkOrder") -> bool:
    """It was a leak."""
    return order.leak


@guard("渗漏维修后未满复查的最早时间。", "It is too early to look at the leak again.", at="leak_result")
def long_enough_after(order: "WorkOrder") -> bool:
    """Long enough has passed since it was mended."""
    return order.finished_at is not None and LEAK_FROM.after(order.finished_at, order) <= clock.now()


@guard("要求到场时间已经过去，请重新填写。", "The time to arrive by lies in the past.", at="arrive_by")
def to_arrive(order: "WorkOrder") -> bool:
    """An arrival that was typed lies ahead (or was met before the slip was written); one that stood there
    isn't judged again.
    """
    if order.arrive_by is None or not inspect(order).attrs.arrive_by.history.has_changes():
        return True
    return order.arrive_by >= (earliest(order) if order.late_slip else clock.now() - WHILE_TYPING)


@guard("外单位维修须客户同意。", "An outside firm works only with the customer's consent.", at="firm_consent")
def consented(order: "WorkOrder") -> bool:
    """Where an outside firm works for a customer, they agreed."""
    return not order.outside_firm or order.firm_consent or order.public


@guard(
    "须有客户签字，或写明未签字原因。",
    "The customer's signature, or why there is none, is needed.",
    at="unsigned_because",
)
def signed(order: "WorkOrder") -> bool:
    """What was repaired for a customer has their signature."""
    return (
        order.outcome != "repaired" or order.public or order.customer_signed or bool(order.unsigned_because)
    )


@guard("恢复时间须晚于现在。", "It is taken up again at a time that lies ahead.", at="hold_until")
def taken_up_ahead(order: "WorkOrder") -> bool:
    """The hold ends later than now."""
    return order.hold_until is not None and order.hold_until > clock.now()


def begun(order: "WorkOrder") -> datetime:
    """Before when it can't be finished."""
    return order.arrived_at or order.created_at


@guard("应先回访。", "It is to be followed up first.", at="rating")
def followed_up_first(order: "WorkOrder") -> bool:
    """Where a follow-up is due it was made."""
    return order.state != "finished" or not wants_follow_up(order)


@guard("漏水须先复查。", "The leak is to be looked at again first.", at="leak_result")
def looked_at_again(order: "WorkOrder") -> bool:
    """A leak was looked at again."""
    return not order.leak or bool(order.leak_result)


@guard(
    "客户不满意：请重新上门，或由主管抽查处理。",
    "The customer is unhappy: reopen it, or let the supervisor look into it.",
    at="sample_result",
)
def nobody_unhappy(order: "WorkOrder") -> bool:
    """An unhappy customer was heard a second time."""
    return order.rating not in ("1", "2") or bool(order.sample_result)


PRICE_AGREED = (
    not_ahead("price_agreed_at"),
    not_before(
        "price_agreed_at",
        earliest,
        (
            "报价确认时间不能早于报修时间（补单除外）。",
            "It can't have been agreed before it was reported, unless it was written up afterwards.",
        ),
    ),
)
LOOK_AGAIN = (only_leaks, long_enough_after)
ARRIVED = (
    priced,
    not_before(
        "arrived_at",
        earliest,
        (
            "到场不能早于报修，补单除外。",
            "It can't have begun before it was reported, unless it was written up afterwards.",
        ),
    ),
    not_ahead("arrived_at"),
)
FINISHED = (
    needed_when(
        "not_repaired_because",
        {"outcome": "not_repaired"},
        ("请写明未修复的原因。", "Please say why it wasn't repaired."),
    ),
    signed,
    priced,
    consented,
    not_before("finished_at", begun, ("完工不能早于到场。", "It can't be finished before it began.")),
    not_ahead("finished_at"),
)
TO_FILE = (followed_up_first, looked_at_again, nobody_unhappy)
