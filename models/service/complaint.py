"""Complaint (QR-0226SD): from the desk to the closing, approved by level, never followed up by the one who
handled it alone.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.act.entry import Wrong
from app.declare import fields
from app.declare.duties import Access, Holder
from app.declare.form import Form, Guard, Paper, States, closed, deadline, done, moving, step, waiting
from app.declare.record import Columns
from app.ground import clock
from app.ground.language import gettext
from app.ground.language import lazy_gettext as _
from app.people.users import User
from models.duties import F1, M1, M9, M10, P8, P10, S2, S3, S4
from models.estate.building import Building
from models.estate.customer import Customer
from models.estate.unit import Unit
from models.service import CHANNELS, RATINGS
from models.service.complaint_rules import (
    APPROVED,
    CLOSE_WITHIN,
    accepters,
    answered_from,
    approvers,
    assigners,
    closers,
    is_major,
)

SOURCES = {**CHANNELS, "government": _("Government"), "media": _("Media")}
SUBJECTS = {
    "security": _("Security"),
    "cleaning": _("Cleaning"),
    "greenery": _("Greenery"),
    "repair": _("Repair"),
    "facilities": _("Facilities"),
    "attitude": _("Staff attitude"),
    "fees": _("Fees"),
    "neighbours": _("Neighbours"),
    "other": _("Other"),
}
CLASSES = {"A": _("A: our service"), "B": _("B: builder's defect"), "C": _("C: outside or social causes")}
LEVELS = {"general": _("General"), "serious": _("Serious"), "major": _("Major")}
NATURES = {"open": _("To be found"), "justified": _("Justified"), "unjustified": _("Unjustified")}
WAYS = {"phone": _("Telephone"), "visit": _("Visit"), "counter": _("Counter"), "written": _("In writing")}
OPEN = ("received", "investigating", "proposed", "handling", "answered", "followed_up")
HANDLER = Holder("handler")


class Complaint(Form, code="QR-0226SD", title=_("Complaint"), prefix="TS", part="service"):
    """A customer's complaint."""

    icon = "message"
    about = "unit"
    lies_in = ("unit", "building")
    report = fields.section(_("Complaint"))
    channel: Mapped[str] = fields.choice(_("Came through"), SOURCES, default="phone")
    complainant: Mapped[str] = fields.name(_("Complainant"))
    customer: Mapped[Customer | None] = fields.reference(_("Customer"))
    phone: Mapped[str | None] = fields.phone(_("Phone"))
    unit: Mapped[Unit | None] = fields.reference(
        _("Unit"), help=_("Unit code, a name, or a phone's last four digits.")
    )
    building: Mapped[Building | None] = fields.reference(_("Building"))
    happened_at: Mapped[datetime | None] = fields.moment(_("Happened"))
    happened_where: Mapped[str | None] = fields.text(_("Where"), max=80)
    subject: Mapped[str] = fields.choice(_("About"), SUBJECTS, filter=True)
    complained_of: Mapped[User | None] = fields.reference(_("Person complained about"))
    statement: Mapped[str] = fields.long_text(_("Statement"))
    demand: Mapped[str | None] = fields.long_text(_("Customer's demand"), max=500)
    people_count: Mapped[int] = fields.whole(_("People on this matter"), min=1, max=100000, default=1)
    heavy_loss: Mapped[bool] = fields.yes_no(_("Injury or heavy loss"))
    escalated_at: Mapped[datetime | None] = fields.moment(_("Escalated"), by_step=True)
    escalation: Mapped[str | None] = fields.text(_("Escalated because"), max=200, by_step=True)

    judging = fields.section(_("Judgement"), by_step=True)
    level: Mapped[str | None] = fields.choice(_("Level"), LEVELS, filter=True)
    class_: Mapped[str | None] = fields.choice(_("Class"), CLASSES)
    nature: Mapped[str] = fields.choice(_("Nature"), NATURES, default="open")
    handler: Mapped[User | None] = fields.reference(_("Handler"), filter=True)
    accepted_at: Mapped[datetime | None] = fields.moment(_("Accepted at"))
    department: Mapped[str | None] = fields.text(_("Department responsible"), max=40)

    finding = fields.section(_("Investigation and measures"), by_step=True)
    investigation: Mapped[str | None] = fields.long_text(_("Investigation"))
    cause: Mapped[str | None] = fields.long_text(_("Cause"), max=500)
    measures: Mapped[str | None] = fields.long_text(_("Measures"))
    prevention: Mapped[str | None] = fields.long_text(_("Prevention"), max=500)
    compensation: Mapped[Decimal | None] = fields.amount(_("Compensation"))
    proposed_by: Mapped[User | None] = fields.reference(_("Proposed by"))
    sent_back_because: Mapped[str | None] = fields.text(_("Sent back because"), max=200)

    answering = fields.section(_("Answer"), by_step=True)
    answer_way: Mapped[str | None] = fields.choice(_("Answered by"), WAYS)
    answer: Mapped[str | None] = fields.long_text(_("Answer to the customer"))
    approved_answer: Mapped[str | None] = fields.long_text(_("Answer as approved"))
    answer_approved_by: Mapped[User | None] = fields.reference(_("Written answer approved by"))
    answered_at: Mapped[datetime | None] = fields.moment(_("Answered at"))
    referred_to: Mapped[str | None] = fields.text(_("Referred to"), max=100)

    after = fields.section(_("Follow-up"), by_step=True)
    satisfied: Mapped[str | None] = fields.choice(_("Satisfied"), {"yes": _("Yes"), "no": _("No")})
    rating: Mapped[str | None] = fields.rating(_("Rating"), RATINGS)
    customer_words: Mapped[str | None] = fields.long_text(_("Customer's words"), max=500)
    followed_up_by: Mapped[User | None] = fields.reference(_("Followed up by"))
    returned: Mapped[int] = fields.whole(_("Came back unsatisfied"), default=0)

    states = States(
        received=waiting(_("Received")),
        investigating=moving(_("Under investigation")),
        proposed=waiting(_("Plan proposed")),
        handling=moving(_("In handling")),
        answered=done(_("Answered")),
        followed_up=done(_("Followed up")),
        closed=closed(_("Closed")),
    )
    edit_in = ("received", "investigating")
    access = Access(
        read=(M1, M9, M10, S2, S4, P8, F1),
        create=(F1, P8, S4),
        edit=(P8, S4),
        export=(M10, S3),
        attach=(F1, P8, S4),
        personal=(M1, M9, S4, P8, P10),
        void=(M1,),
    )
    shows = Columns(
        "number", "unit", "statement", "subject", "level", "state", "due_at", "handler", "created_at"
    )
    highlights = {"title": "statement", "line": "unit", "mark": "level:major"}
    paper = Paper(
        title=_("Complaint form"),
        signs=(_("Customer"), _("Handler"), _("Supervisor"), _("Manager")),
        keep_years=3,
    )

    first_answer_due = deadline(_("First answer"), "received", since="created_at", minutes=30)
    plan_due = deadline(_("Plan"), ("investigating", "proposed"), since="accepted_at", working_days=1)
    close_due = deadline(
        _("Close"),
        OPEN[1:],
        since="created_at",
        working_days=lambda complaint: CLOSE_WITHIN[complaint.level or "general"],
    )
    escalated_due = deadline(
        _("Head of department"), "received", until=lambda complaint: complaint.escalated_at
    )
    follow_up_due = deadline(_("Follow up"), "answered", since="answered_at", minutes=3 * 24 * 60)

    @step(
        "received",
        "investigating",
        by=[P8, S4, M9],
        by_when=accepters,
        label=_("Accept"),
        asks=["level", "class_", "handler", "department?"],
        story=_("Accepted; %(handler)s handles it."),
    )
    def accept(self) -> None:
        """Heard, judged and given to a handler."""
        self.accepted_at = clock.now()

    @step(
        "investigating",
        "proposed",
        by=[HANDLER],
        label=_("Propose"),
        asks=["investigation?", "cause", "measures", "nature", "compensation?"],
    )
    def propose(self) -> None:
        """The handler says what was found and what is to be done."""
        self.proposed_by_id = self.acting.id

    @step(
        "proposed",
        "handling",
        by=[S3, M9],
        by_when=approvers,
        not_by=["handler", "proposed_by"],
        label=_("Approve"),
        guards=[Guard(lambda complaint: bool(complaint.measures), _("There is no plan to approve."))],
    )
    def approve(self) -> None:
        """The plan is agreed to, by level."""

    @step(
        "proposed",
        "investigating",
        by=[S3, M9],
        by_when=approvers,
        not_by=["handler", "proposed_by"],
        label=_("Send back"),
        asks=["sent_back_because"],
    )
    def send_back(self) -> None:
        """The plan doesn't do."""

    @step(
        ("investigating", "handling"),
        None,
        by=[HANDLER],
        label=_("Draft answer"),
        asks=["answer_way", "answer"],
        guards=[
            Guard(
                lambda complaint: complaint.state == "handling" or complaint.class_ == "C",
                _("The plan is to be approved first."),
            ),
        ],
    )
    def draft_answer(self) -> None:
        """A written answer is drafted, to be approved before it goes."""
        self.answer_approved_by_id = self.approved_answer = None

    @step(
        ("investigating", "handling"),
        None,
        by=[S3, M9],
        by_when=approvers,
        not_by=["handler", "proposed_by"],
        label=_("Approve answer"),
        guards=[Guard(lambda complaint: bool(complaint.answer), _("There is no drafted answer."))],
    )
    def approve_answer(self) -> None:
        """The written answer may go."""
        self.approved_answer = self.answer
        self.answer_approved_by_id = self.acting.id

    @step(
        "handling",
        "answered",
        by=[HANDLER],
        label=_("Answer"),
        asks=["answer_way", "answer", "answered_at?", "prevention?"],
        guards=[
            APPROVED,
            Guard(
                lambda complaint: (
                    complaint.answered_at is None
                    or answered_from(complaint) <= complaint.answered_at <= clock.now() + timedelta(minutes=1)
                ),
                _("The answer's time lies between the complaint and now."),
            ),
        ],
    )
    def reply(self) -> None:
        """The customer has the answer."""
        self.answered_at = self.answered_at or clock.now()

    @step(
        "investigating",
        "answered",
        by=[HANDLER],
        label=_("Explain and refer"),
        asks=["referred_to", "answer_way", "answer"],
        guards=[
            Guard(lambda complaint: complaint.class_ == "C", _("Only class C is explained and referred.")),
            APPROVED,
        ],
    )
    def refer(self) -> None:
        """Outside our powers: explained, and referred to whoever can."""
        self.answered_at = clock.now()

    @step(
        "answered",
        ("followed_up", "investigating"),
        by=[P10],
        not_by=["handler", "complained_of"],
        label=_("Follow up"),
        asks=["satisfied", "rating", "customer_words?"],
    )
    def follow_up(self) -> str:
        """The customer is asked; unsatisfied goes back under investigation, counted."""
        self.followed_up_by_id = self.acting.id
        if self.satisfied == "yes":
            return "followed_up"
        self.returned += 1
        self.accepted_at = clock.now()
        self.answer_approved_by_id = self.approved_answer = self.answered_at = None
        return "investigating"

    @step(
        "followed_up",
        "closed",
        by=[S3, M10],
        by_when=closers,
        not_by=["handler", "proposed_by"],
        label=_("Close"),
    )
    def close(self) -> None:
        """Settled, and the customer said so."""

    @step(OPEN[1:4], None, by=[M9, S3], by_when=assigners, label=_("Assign"), asks=["handler", "department?"])
    def assign(self) -> None:
        """Another handler; the manager takes over what escalated."""

    @step(OPEN[1:4], None, by=[M9], label=_("Change level"), asks=["level"])
    def regrade(self) -> None:
        """The manager judges anew how serious it is."""

    @step("received", None, by=[F1], label=_("Escalate"), asks=["escalation"])
    def escalate(self) -> None:
        """What the desk can't handle goes to the head of department at once."""
        self.escalated_at = clock.now()

    def check(self) -> None:
        """What is major by rule is major, before anybody judged it too; a handler isn't the one complained
        about.
        """
        if is_major(self):
            self.level = "major"
        if self.happened_at and self.happened_at > clock.now() + timedelta(minutes=1):
            raise Wrong("happened_at", gettext("It can't have happened in the future."))
        if self.handler_id and self.handler_id == self.complained_of_id:
            raise Wrong("handler", gettext("The person complained about doesn't handle the complaint."))
