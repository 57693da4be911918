"""The rules of a repair: from when its time counts, who is asked how it went, and who may name somebody (field practice)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.access import By
from app.form import Guard
from app.language import lazy_gettext as _
from models.duties import M1, P7, S3

if TYPE_CHECKING:
    from models.service.work_order import WorkOrder

MONTH = timedelta(days=30)


def begins(order: "WorkOrder") -> datetime:
    """From when the time for the work counts: the new visit, a normal order's appointed time, else the report."""
    if order.reopened_at:
        return order.reopened_at
    return max(order.appointed_at, order.created_at) if order.appointed_at and order.urgency == "normal" else order.created_at


def wants_follow_up(order: "WorkOrder") -> bool:
    """All emergencies, all paid and all unhappy ones, and of the rest four in ten by the number's last digit (field practice: at least 30 %).

    With three in ten, half of all months would fall short of it.
    """
    return order.urgency == "emergency" or order.paid or order.outcome == "not_repaired" or order.reopened > 0 or order.number[-1] in "1479"


def wants_sample(order: "WorkOrder") -> bool:
    """The supervisor asks a second time where the customer is unhappy, and in one order of ten by the number's last digit."""
    return not order.sample_result and (order.rating in ("1", "2") or order.number[-1] == "7")


def due_look_again(order: "WorkOrder") -> datetime | None:
    """Leaks are looked at once more between one and two months after (field practice)."""
    return order.finished_at + 2 * MONTH if order.leak and not order.leak_result and order.finished_at else None


def reassigners(order: "WorkOrder") -> list[By]:
    """What nobody was sent to is dispatched; once escalated, the head of department may name somebody."""
    return [P7, S3, M1] if order.state != "reported" else [M1] if order.escalated_at else []


CONSENT = Guard(
    lambda order: not order.outside_firm or order.firm_consent or order.public, _("An outside firm works only with the customer's consent.")
)
