"""The rules of a repair: from when its time counts, who is asked how it went, and who may name somebody
(field practice).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from app.declaring import By, Guard, clock
from models.duties import M1, P7, S3

if TYPE_CHECKING:
    from models.service.work_order import WorkOrder

MONTH = timedelta(days=30)
WEEK = timedelta(days=7)
WHILE_TYPING = timedelta(minutes=10)
ARRIVE = {"emergency": 15, "urgent": 30, "normal": 120}


def arrival(order: "WorkOrder", since: datetime | None = None) -> datetime:
    """When somebody should be there: the appointed time, else by urgency (field practice: 15 min, 30 min, 2
    h).
    """
    if order.appointed_at and order.urgency == "normal":
        return order.appointed_at
    return (since or clock.now()) + timedelta(minutes=ARRIVE[order.urgency])


def move_arrival(order: "WorkOrder", before: Mapping[str, Any]) -> None:
    """Before anybody is there: a higher urgency brings the arrival forward, another appointed time moves it.

    While it is on hold the time stands still, so it counts from the hold on.
    """
    if order.arrive_by is None or order.arrived_at is not None or order.state not in ("dispatched", "held"):
        return
    appointed = order.appointed_at and order.fields["appointed_at"].kind.dump(order.appointed_at)
    if ARRIVE[order.urgency] < ARRIVE[before["urgency"]]:
        order.arrive_by = min(order.arrive_by, arrival(order, order.held_at))
    elif order.urgency == "normal" and order.appointed_at and appointed != before["appointed_at"]:
        order.arrive_by = order.appointed_at


def earliest(order: "WorkOrder") -> datetime:
    """Before when nothing of a repair can have been: the new visit or the report; a slip written up
    afterwards tells of the days before.
    """
    if order.late_slip and not order.reopened_at:
        return order.created_at - WEEK
    return clock.minute(order.reopened_at or order.created_at)


def _may_still_arrive(order: "WorkOrder") -> bool:
    """Whether an arrival that was typed lies ahead (or was met before the slip was written); one that stood
    there isn't judged again.
    """
    if order.arrive_by is None or not inspect(order).attrs.arrive_by.history.has_changes():
        return True
    return order.arrive_by >= (earliest(order) if order.late_slip else clock.now() - WHILE_TYPING)


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
    """All emergencies, all paid and all unhappy ones, and of the rest four in ten by the number's last digit
    (field practice: at least 30 %).

    With three in ten, half of all months would fall short of it.
    """
    return (
        order.urgency == "emergency"
        or order.paid
        or order.outcome == "not_repaired"
        or order.reopened > 0
        or order.number[-1] in "1479"
    )


def wants_sample(order: "WorkOrder") -> bool:
    """The supervisor asks a second time where the customer is unhappy, and in one order of ten by the
    number's last digit.
    """
    return not order.sample_result and (order.rating in ("1", "2") or order.number[-1] == "7")


def due_look_again(order: "WorkOrder") -> datetime | None:
    """Leaks are looked at once more between one and two months after (field practice)."""
    return (
        order.finished_at + 2 * MONTH if order.leak and not order.leak_result and order.finished_at else None
    )


def reassigners(order: "WorkOrder") -> list[By]:
    """What nobody was sent to is dispatched; once escalated, the head of department may name somebody."""
    return [P7, S3, M1] if order.state != "reported" else [M1] if order.escalated_at else []


PRICED = Guard(
    lambda order: not order.paid or order.price is not None,
    ("有偿维修须先议定价格。", "Paid work can't start before a price is agreed."),
)
PRICE_AGREED = (
    Guard(
        lambda order: (
            order.price_agreed_at is None or order.price_agreed_at <= clock.now() + timedelta(minutes=1)
        ),
        ("时间不能在将来。", "The time lies ahead."),
    ),
    Guard(
        lambda order: order.price_agreed_at is None or order.price_agreed_at >= earliest(order),
        (
            "报价确认时间不能早于报修时间（补单除外）。",
            "It can't have been agreed before it was reported, unless it was written up afterwards.",
        ),
    ),
)
LOOK_AGAIN = (
    Guard(lambda order: order.leak, ("只有漏水需要复查。", "Only leaks are looked at again.")),
    Guard(
        lambda order: order.finished_at + MONTH <= clock.now(),
        ("渗漏维修满一个月后才能复查。", "A leak is looked at again from a month after it was mended."),
    ),
)
TO_ARRIVE = Guard(
    _may_still_arrive, ("要求到场时间已经过去，请重新填写。", "The time to arrive by lies in the past.")
)
CONSENT = Guard(
    lambda order: not order.outside_firm or order.firm_consent or order.public,
    ("外单位维修须客户同意。", "An outside firm works only with the customer's consent."),
)
ARRIVED = (
    PRICED,
    Guard(
        lambda order: order.arrived_at is None or order.arrived_at >= earliest(order),
        (
            "到场不能早于报修，补单除外。",
            "It can't have begun before it was reported, unless it was written up afterwards.",
        ),
    ),
    Guard(
        lambda order: order.arrived_at is None or order.arrived_at <= clock.now() + timedelta(minutes=1),
        ("时间不能在将来。", "The time lies ahead."),
    ),
)

FINISHED = (
    Guard(
        lambda order: order.outcome != "not_repaired" or bool(order.not_repaired_because),
        ("请写明未修复的原因。", "Please say why it wasn't repaired."),
    ),
    Guard(
        lambda order: (
            order.outcome != "repaired"
            or order.public
            or order.customer_signed
            or bool(order.unsigned_because)
        ),
        (
            "须有客户签字，或写明未签字原因。",
            "The customer's signature, or why there is none, is needed.",
        ),
    ),
    PRICED,
    CONSENT,
    Guard(
        lambda order: (
            order.finished_at is None or order.finished_at >= (order.arrived_at or order.created_at)
        ),
        ("完工不能早于到场。", "It can't be finished before it began."),
    ),
    Guard(
        lambda order: order.finished_at is None or order.finished_at <= clock.now() + timedelta(minutes=1),
        ("时间不能在将来。", "The time lies ahead."),
    ),
)

TO_FILE = (
    Guard(
        lambda order: order.state != "finished" or not wants_follow_up(order),
        ("应先回访。", "It is to be followed up first."),
    ),
    Guard(
        lambda order: not order.leak or bool(order.leak_result),
        ("漏水须先复查。", "The leak is to be looked at again first."),
    ),
    Guard(
        lambda order: order.rating not in ("1", "2") or bool(order.sample_result),
        (
            "客户不满意：请重新上门，或由主管抽查处理。",
            "The customer is unhappy: reopen it, or let the supervisor look into it.",
        ),
    ),
)
