"""The rules of an interview: its tables, what must be said of it and when it is over."""

from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.orm import Mapped

from app.declaring import Line, fields, guard, links, not_
from models.service.interview_choices import QUESTIONS, WAYS_SETTLED

if TYPE_CHECKING:
    from models.service.interview import Interview


class Question(Line, of="interview"):
    """A question, and what the customer said to it."""

    question: Mapped[str] = fields.choice("问题", "Question", QUESTIONS)
    answer: Mapped[str | None] = fields.text("回答", "Answer", max=500)


class Matter(Line, of="interview"):
    """A matter to follow, and how it ended."""

    what: Mapped[str] = fields.text("待跟进事项", "Matter", max=200)
    settled: Mapped[str | None] = fields.choice("办理", "Settled", WAYS_SETTLED)
    result: Mapped[str | None] = fields.text(
        "结果", "Result", max=300, required=True, shown_when={"settled": not_()}
    )


def channel_of(interview: "Interview", matter: Matter) -> str:
    """How what came up in it reached the office."""
    return "phone" if interview.way == "phone" else "visit"


@guard(
    "请至少记下一项评分、回答或意见。",
    "Please put down a score, an answer or a suggestion at least.",
    at="suggestions",
)
def something_said(interview: "Interview") -> bool:
    """The customer said something."""
    scores = (
        interview.security,
        interview.cleaning,
        interview.greenery,
        interview.repair,
        interview.desk,
    )
    answers = (line.answer for line in interview.questions)
    return any((*scores, *answers, interview.suggestions))


@guard(
    "还有事项没有着落：请转派工单或投诉单，或写明答复、交办的结果。",
    "A matter is open still: please make it a work order or a complaint, or say how it ended.",
    at="matters",
)
def nothing_open(interview: "Interview") -> bool:
    """Each matter came to an end, or is a record of its own."""
    made = links.lines_with_records(interview)
    return all(line.settled or line.id in made for line in interview.matters)


@guard(
    "事项记下后不能删去，请写明结果。",
    "A matter stays once it was put down: please say how it ended.",
    at="matters",
)
def none_dropped(interview: "Interview") -> bool:
    """No matter was taken away."""
    return not inspect(interview).attrs.matters.history.deleted


OF_CUSTOMER = {"unit": "unit", "building": "building", "customer": "customer", "phone": "phone"}
TO_ORDER = {
    **OF_CUSTOMER,
    "reporter": "interviewee",
    "description": "matters.what",
    "channel": channel_of,
}
TO_COMPLAINT = {
    **OF_CUSTOMER,
    "complainant": "interviewee",
    "statement": "matters.what",
    "channel": channel_of,
}
