"""Who is called about a repair, and what becomes of a customer who isn't satisfied (field practice)."""

from typing import TYPE_CHECKING

from app.declaring import Call, guard
from models.service.repair_rules import long_enough_after

if TYPE_CHECKING:
    from models.service.work_order import WorkOrder


@guard("客户不满意的，才转投诉。", "Only where the customer is unhappy.", at="rating")
def unhappy(order: "WorkOrder") -> bool:
    """The customer said so."""
    return order.rating in ("1", "2")


def statement_of(order: "WorkOrder") -> str:
    """What was to be done, and what the customer says of it."""
    return f"{order.number} {order.description}\n{order.customer_words or ''}".strip()[:2000]


def subject_of(order: "WorkOrder") -> str:
    """A complaint about a repair."""
    return "repair"


TO_COMPLAINT = {
    "unit": "unit",
    "building": "building",
    "customer": "customer",
    "complainant": "reporter",
    "phone": "phone",
    "happened_where": "room",
    "statement": statement_of,
    "subject": subject_of,
}
AT_HAND = ("description", "work_done", "outcome", "assignee", "finished_at")
CALLS = (
    Call(
        "follow_up",
        due="follow_up_due",
        who="reporter",
        phone="phone",
        tells=AT_HAND,
        rule=(
            "特急、有偿、未修复和返修的全部回访，其余按比例抽取。",
            "All emergencies, all paid, all unrepaired and all visited again; of the rest a share.",
        ),
        unhappy="to_complaint",
    ),
    Call(
        "look_again",
        due="leak_due",
        who="reporter",
        phone="phone",
        tells=AT_HAND,
        ready=long_enough_after,
        rule=("漏水修好后隔些时候再问一次。", "A leak, once more some time after."),
    ),
    Call(
        "sample",
        due="sample_due",
        who="reporter",
        phone="phone",
        tells=(*AT_HAND, "rating", "customer_words", "followed_up_by"),
        rule=(
            "不满意的全部，其余由主管抽查。",
            "All who are unhappy; of the rest a sample, by the supervisor.",
        ),
        unhappy="to_complaint",
    ),
)
