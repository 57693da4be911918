"""The rules of a communication record: its ways and matters, its further contacts, and what it becomes."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.orm import Mapped

from app.declaring import Line, User, clock, fields, guard, setting, units
from models.duties import M2
from models.service.complaint import SUBJECTS

if TYPE_CHECKING:
    from models.service.communication_record import CommunicationRecord

ANSWER = setting(
    "communication_record.answer",
    ("首次答复时限", "First answer"),
    units.working_days(1),
    by=M2,
    least=1,
    most=10,
)
WAYS = {
    "call": ("电话", "Call"),
    "visit": ("面谈", "Visit"),
    "letter": ("信函", "Letter"),
    "message": ("短信或微信", "Message"),
}
MATTERS = {
    "enquiry": ("咨询", "Enquiry"),
    "suggestion": ("建议", "Suggestion"),
    "thanks": ("表扬", "Thanks"),
    **SUBJECTS,
}
CHANNEL_OF = {"call": "phone", "visit": "visit", "letter": "letter", "message": "online"}
WHILE_TYPING = timedelta(minutes=1)


class FurtherContact(Line, of="communication_record"):
    """A further contact about the same matter."""

    spoken_at: Mapped[datetime] = fields.moment("时间", "When", default=clock.now)
    way: Mapped[str] = fields.choice("方式", "Way", WAYS, default="call")
    gist: Mapped[str] = fields.text("沟通内容", "What was said", max=500)
    spoken_by: Mapped[User | None] = fields.reference("沟通人", "By")


@guard(
    "记下的沟通不再改动，请另加一行。",
    "What was noted isn't changed any more: please add a line.",
    at="contacts",
)
def only_added(record: "CommunicationRecord") -> bool:
    """Lines that stood there stand there as they were."""
    kept = [line for line in record.contacts if line.id is not None]
    boxes = FurtherContact.fields.values()
    gone = inspect(record).attrs.contacts.history.deleted
    return not gone and not any(
        inspect(line).attrs[box.column].history.has_changes() for line in kept for box in boxes
    )


@guard("请至少补记一次沟通。", "Please note at least one contact.", at="contacts")
def something_added(record: "CommunicationRecord") -> bool:
    """A line was added."""
    return any(line.id is None for line in record.contacts)


@guard("沟通时间不能在将来。", "A contact can't lie ahead.", at="contacts")
def none_ahead(record: "CommunicationRecord") -> bool:
    """No contact lies ahead."""
    return all(line.spoken_at <= clock.now() + WHILE_TYPING for line in record.contacts)


def channel_of(record: "CommunicationRecord") -> str:
    """How it reached the office, as others put it."""
    return CHANNEL_OF[record.way]


def subject_of(record: "CommunicationRecord") -> str | None:
    """What a complaint of it is about, where that is said."""
    return record.matter if record.matter in SUBJECTS else None


OF_CUSTOMER = {
    "unit": "unit",
    "building": "building",
    "customer": "customer",
    "phone": "phone",
    "channel": channel_of,
}
TO_ORDER = {**OF_CUSTOMER, "reporter": "spoke_with", "description": "content"}
TO_COMPLAINT = {
    **OF_CUSTOMER,
    "complainant": "spoke_with",
    "statement": "content",
    "demand": "opinion",
    "subject": subject_of,
}
