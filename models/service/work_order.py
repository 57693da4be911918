"""Work order (QR-0225SD): a repair from the call to the file."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Mapped

from app.act.entry import Wrong
from app.declare import fields
from app.declare.duties import Access, Holder
from app.declare.form import Form, Guard, Paper, States, closed, deadline, done, moving, step, waiting
from app.declare.record import Columns, Line
from app.ground import clock
from app.ground.language import gettext
from app.ground.language import lazy_gettext as _
from app.keep import deadlines
from app.people.users import User
from models.duties import F1, F6, M1, M3, M10, P2, P7, P10, S2, S3, S4
from models.estate.building import Building
from models.estate.customer import Customer
from models.estate.unit import Unit
from models.service import CHANNELS, RATINGS
from models.service.repair_rules import (
    CONSENT,
    LOOK_AGAIN,
    PRICE_AGREED,
    PRICED,
    TO_ARRIVE,
    arrival,
    begins,
    due_look_again,
    earliest,
    move_arrival,
    reassigners,
    wants_follow_up,
    wants_sample,
)

CATEGORIES = {
    "water": _("Water"),
    "electricity": _("Electricity"),
    "gas": _("Gas"),
    "masonry": _("Masonry"),
    "doors": _("Doors and windows"),
    "lifts": _("Lifts"),
    "public": _("Public facilities"),
    "smart": _("Smart systems"),
    "green": _("Cleaning and greenery"),
    "other": _("Other"),
}
URGENCIES = {"emergency": _("Emergency"), "urgent": _("Urgent"), "normal": _("Normal")}
EXTENTS = {"small": _("Small"), "larger": _("Larger")}
OUTCOMES = {"repaired": _("Repaired"), "not_repaired": _("Not repaired")}
PAYMENTS = {
    "cash": _("Cash"),
    "wechat": _("WeChat"),
    "alipay": _("Alipay"),
    "transfer": _("Transfer"),
    "none": _("Not yet"),
}
DISPATCH = {"emergency": 5, "urgent": 15, "normal": 15}
DAY = 24 * 60
ASSIGNEE = Holder("assignee")


class Material(Line, of="work_order"):
    """A material used."""

    item: Mapped[str] = fields.text(_("Item"), max=60)
    unit: Mapped[str | None] = fields.text(_("Counted in"), max=10)
    quantity: Mapped[Decimal] = fields.quantity(_("Quantity"), default=Decimal(1))
    price: Mapped[Decimal] = fields.amount(_("Unit price"), default=Decimal("0.00"))
    amount: Mapped[Decimal] = fields.amount(
        _("Amount"), worked_out=lambda line: (line.quantity * line.price).quantize(Decimal("0.01"))
    )


class WorkOrder(Form, code="QR-0225SD", title=_("Work order"), prefix="PG", part="service"):
    """A repair: reported, dispatched, worked on, followed up and filed."""

    icon = "wrench"
    about = "unit"
    lies_in = ("unit", "building")
    photo_kinds = {"before": _("Before"), "after": _("After"), "other": _("Other")}
    report = fields.section(_("Report"))
    unit: Mapped[Unit | None] = fields.reference(
        _("Unit"), help=_("Unit code, a name, or a phone's last four digits.")
    )
    public_area: Mapped[str | None] = fields.text(
        _("Public area"), max=60, help=_("Where it isn't a unit: entrance, lift, garage …")
    )
    building: Mapped[Building | None] = fields.reference(_("Building"))
    room: Mapped[str | None] = fields.text(_("Place in the unit"), max=40)
    reporter: Mapped[str] = fields.name(_("Reported by"))
    customer: Mapped[Customer | None] = fields.reference(_("Customer"))
    phone: Mapped[str | None] = fields.phone(_("Phone"))
    channel: Mapped[str] = fields.choice(_("Reported through"), CHANNELS, default="phone")
    category: Mapped[str] = fields.choice(_("Category"), CATEGORIES, filter=True)
    urgency: Mapped[str] = fields.choice(_("Urgency"), URGENCIES, default="normal", filter=True)
    extent: Mapped[str] = fields.choice(_("Extent"), EXTENTS, default="small")
    description: Mapped[str] = fields.long_text(_("What is to be done"))
    public: Mapped[bool] = fields.yes_no(_("Public works"))
    warranty: Mapped[bool] = fields.yes_no(_("Under warranty"))
    paid: Mapped[bool] = fields.yes_no(_("Paid service"))
    leak: Mapped[bool] = fields.yes_no(_("Leak"))
    appointed_at: Mapped[datetime | None] = fields.moment(_("Appointed time"))
    late_slip: Mapped[bool] = fields.yes_no(
        _("Written up afterwards"), help=_("An emergency was worked on first; the slip comes after.")
    )

    dispatching = fields.section(_("Dispatch"), by_step=True)
    assignee: Mapped[User | None] = fields.reference(_("Assignee"), filter=True)
    department: Mapped[str | None] = fields.text(_("Department"), max=40)
    outside_firm: Mapped[str | None] = fields.text(_("Outside firm"), max=60)
    firm_consent: Mapped[bool] = fields.yes_no(_("Customer agreed to the outside firm"))
    arrive_by: Mapped[datetime | None] = fields.moment(_("Arrive by"), default=None)
    price: Mapped[Decimal | None] = fields.amount(_("Agreed price"))
    price_agreed_by: Mapped[str | None] = fields.name(_("Price agreed by"))
    price_agreed_at: Mapped[datetime | None] = fields.moment(_("Price agreed at"))

    work = fields.section(_("Work"), by_step=True)
    arrived_at: Mapped[datetime | None] = fields.moment(_("Arrived at"), default=None)
    finished_at: Mapped[datetime | None] = fields.moment(_("Finished at"))
    outcome: Mapped[str | None] = fields.choice(_("Outcome"), OUTCOMES)
    not_repaired_because: Mapped[str | None] = fields.text(
        _("Not repaired because"), max=200, shown_when={"outcome": "not_repaired"}
    )
    cause: Mapped[str | None] = fields.text(_("Cause"), max=200)
    work_done: Mapped[str | None] = fields.long_text(_("Work done"))
    materials: Mapped[list[Material]] = fields.lines(_("Materials"), Material, sums=("amount",))
    labour_fee: Mapped[Decimal] = fields.amount(_("Labour fee"), default=Decimal("0.00"))
    total: Mapped[Decimal] = fields.amount(
        _("Total"),
        sort=True,
        worked_out=lambda order: (
            (order.labour_fee or Decimal(0)) + sum((one.amount for one in order.materials), Decimal("0.00"))
        ),
    )
    payment: Mapped[str | None] = fields.choice(_("Paid by"), PAYMENTS)
    customer_signed: Mapped[bool] = fields.yes_no(_("Customer signed"))
    unsigned_because: Mapped[str | None] = fields.text(
        _("No signature because"), max=100, shown_when={"customer_signed": False}
    )

    waiting_for = fields.section(_("On hold"), by_step=True)
    hold_reason: Mapped[str | None] = fields.text(_("On hold because"), max=200)
    hold_until: Mapped[datetime | None] = fields.moment(_("Taken up again"))
    return_reason: Mapped[str | None] = fields.text(_("Returned because"), max=200)
    escalated_at: Mapped[datetime | None] = fields.moment(_("Escalated"))
    escalation: Mapped[str | None] = fields.text(_("Escalated because"), max=200)

    after = fields.section(_("Follow-up"), by_step=True)
    rating: Mapped[str | None] = fields.rating(_("Rating"), RATINGS)
    customer_words: Mapped[str | None] = fields.long_text(_("Customer's words"), max=500)
    followed_up_by: Mapped[User | None] = fields.reference(_("Followed up by"))
    sample_result: Mapped[str | None] = fields.text(_("Supervisor's sample"), max=200)
    leak_result: Mapped[str | None] = fields.text(_("Leak looked at again"), max=200)
    reopened: Mapped[int] = fields.whole(_("Visits again"), default=0)
    reopened_at: Mapped[datetime | None] = fields.moment(_("Reopened at"))

    states = States(
        reported=waiting(_("Reported")),
        dispatched=moving(_("Dispatched")),
        in_progress=moving(_("In progress")),
        held=waiting(_("On hold"), side=True),
        finished=done(_("Finished")),
        followed_up=done(_("Followed up")),
        filed=closed(_("Filed")),
    )
    edit_in = ("reported", "dispatched", "in_progress", "held")
    access = Access(
        read=(M1, M3, S2, S3, P2, P7, F1),
        create=(F1, P7, S3),
        edit=(P7, S3),
        export=(M1, M10, S3),
        attach=(F1, P7, S3),
        personal=(M1, S3, S4, P7, P10),
        void=(M1,),
    )
    shows = Columns("number", "unit", "description", "category", "state", "due_at", "assignee", "created_at")
    highlights = {"title": "description", "line": "unit", "mark": "urgency:emergency"}
    paper = Paper(
        copies=(_("Filing copy"), _("Customer's copy"), _("Finance copy")),
        signs=(_("Repairer"), _("Customer"), _("Supervisor"), _("Filed by")),
        keep_years=3,
    )

    dispatch_due = deadline(
        _("Dispatch"), "reported", since="created_at", minutes=lambda order: DISPATCH[order.urgency]
    )
    arrive_due = deadline(_("Arrive"), "dispatched", until=lambda order: order.arrive_by)
    finish_due = deadline(
        _("Finish"),
        "in_progress",
        since=begins,
        minutes=lambda order: DAY if order.extent == "small" else 3 * DAY,
    )
    emergency_due = deadline(
        _("Finish"),
        "in_progress",
        since=begins,
        minutes=lambda order: DAY if order.urgency == "emergency" else None,
    )
    warranty_due = deadline(
        _("Finish"), "in_progress", since=begins, minutes=lambda order: 3 * DAY if order.warranty else None
    )
    paid_due = deadline(
        _("Finish"),
        "in_progress",
        since="price_agreed_at",
        minutes=lambda order: 3 * DAY if order.paid and not order.reopened_at else None,
    )
    follow_up_due = deadline(
        _("Follow up"),
        "finished",
        since="finished_at",
        minutes=lambda order: DAY if wants_follow_up(order) else None,
    )
    leak_due = deadline(_("Look again"), ("finished", "followed_up"), until=due_look_again, step="look_again")
    sample_due = deadline(
        _("Sample"),
        "followed_up",
        minutes=lambda order: 3 * DAY if wants_sample(order) else None,
        step="sample",
    )
    resume_due = deadline(_("Resume"), "held", until=lambda order: order.hold_until, step="resume")
    escalated_due = deadline(
        _("Head of department"),
        ("reported", "dispatched", "in_progress"),
        until=lambda order: order.escalated_at,
        step="reassign",
    )

    @step(
        "reported",
        "dispatched",
        by=[P7, S3],
        label=_("Dispatch"),
        asks=["assignee", "department?", "arrive_by?", "outside_firm?", "firm_consent?"],
        guards=[CONSENT, TO_ARRIVE],
        story=_("Dispatched to %(assignee)s, to arrive by %(arrive_by)s."),
    )
    def dispatch(self) -> None:
        """Somebody is told to go, by a time."""
        self.arrive_by = self.arrive_by or arrival(self)
        self.department = self.department or self.assignee.department  # type: ignore[union-attr]
        self.escalated_at = None

    @step(
        "dispatched",
        "in_progress",
        by=[P7, ASSIGNEE],
        label=_("Arrive"),
        asks=["arrived_at?"],
        bulk=True,
        story=_("Arrived at %(arrived_at)s."),
        guards=[
            PRICED,
            Guard(
                lambda order: order.arrived_at is None or order.arrived_at >= earliest(order),
                _("It can't have begun before it was reported, unless it was written up afterwards."),
            ),
            Guard(
                lambda order: (
                    order.arrived_at is None or order.arrived_at <= clock.now() + timedelta(minutes=1)
                ),
                _("The time lies ahead."),
            ),
        ],
    )
    def start(self) -> None:
        """The repairer is there."""
        self.arrived_at = self.arrived_at or clock.now()

    @step(
        "in_progress",
        "finished",
        by=[P7, ASSIGNEE],
        label=_("Finish"),
        guards=[
            Guard(
                lambda order: order.outcome != "not_repaired" or bool(order.not_repaired_because),
                _("Please say why it wasn't repaired."),
            ),
            Guard(
                lambda order: (
                    order.outcome != "repaired"
                    or order.public
                    or order.customer_signed
                    or bool(order.unsigned_because)
                ),
                _("The customer's signature, or why there is none, is needed."),
            ),
            PRICED,
            CONSENT,
            Guard(
                lambda order: (
                    order.finished_at is None or order.finished_at >= (order.arrived_at or order.created_at)
                ),
                _("It can't be finished before it began."),
            ),
            Guard(
                lambda order: (
                    order.finished_at is None or order.finished_at <= clock.now() + timedelta(minutes=1)
                ),
                _("The time lies ahead."),
            ),
        ],
        asks=[
            "outcome",
            "not_repaired_because?",
            "cause",
            "work_done",
            "finished_at?",
            "materials?",
            "labour_fee?",
            "payment?",
            "customer_signed?",
            "unsigned_because?",
            "firm_consent?",
        ],
    )
    def finish(self) -> None:
        """The work is done, or it is said why it couldn't be."""
        self.finished_at = self.finished_at or clock.now()
        self.labour_fee = self.labour_fee or Decimal("0.00")

    @step(
        "finished",
        "followed_up",
        by=[P10],
        not_by=["assignee"],
        label=_("Follow up"),
        asks=["rating", "customer_words?"],
    )
    def follow_up(self) -> None:
        """The customer is asked how it went; an unhappy one gets a new visit by reopening."""
        self.followed_up_by_id = self.acting.id

    @step(
        ("followed_up", "finished"),
        "filed",
        by=[F6],
        label=_("File"),
        bulk=True,
        guards=[
            Guard(
                lambda order: order.state != "finished" or not wants_follow_up(order),
                _("It is to be followed up first."),
            ),
            Guard(
                lambda order: not order.leak or bool(order.leak_result),
                _("The leak is to be looked at again first."),
            ),
            Guard(
                lambda order: order.rating not in ("1", "2") or bool(order.sample_result),
                _("The customer is unhappy: reopen it, or let the supervisor look into it."),
            ),
        ],
    )
    def file(self) -> None:
        """Sorted and put away."""

    @step(
        ("reported", "dispatched", "in_progress"),
        None,
        by=[P7, S3],
        label=_("Agree price"),
        guards=PRICE_AGREED,
        asks=["price", "price_agreed_by", "price_agreed_at?"],
    )
    def agree_price(self) -> None:
        """The customer agrees to a price before paid work starts."""
        self.paid = True
        self.price_agreed_at = self.price_agreed_at or clock.now()

    @step(
        ("reported", "dispatched", "in_progress"),
        "dispatched",
        by=[P7, S3, M1],
        by_when=reassigners,
        label=_("Reassign"),
        guards=[CONSENT, TO_ARRIVE],
        asks=["assignee", "arrive_by?", "outside_firm?", "firm_consent?", "remark?"],
    )
    def reassign(self) -> None:
        """Somebody else goes, an outside firm too; what was escalated is the head of department's to give."""
        self.arrive_by = self.arrive_by if self.arrive_by and self.arrive_by > clock.now() else arrival(self)
        self.department = self.assignee.department if self.assignee is not None else self.department
        self.arrived_at = self.escalated_at = None

    @step(
        ("dispatched", "in_progress"),
        "held",
        by=[P7, ASSIGNEE],
        label=_("Hold"),
        asks=["hold_reason", "hold_until"],
        guards=[
            Guard(
                lambda order: order.hold_until > clock.now(),
                _("It is taken up again at a time that lies ahead."),
            )
        ],
    )
    def hold(self) -> None:
        """Parts are missing or the customer is away: the clock stands still."""
        deadlines.hold(self)

    @step("held", ("in_progress", "dispatched"), by=[P7, ASSIGNEE], label=_("Resume"))
    def resume(self) -> str:
        """It goes on where it stood."""
        waited = clock.now() - self.held_at if self.held_at else timedelta(0)
        self.arrive_by = self.arrive_by + waited if self.arrive_by and not self.arrived_at else self.arrive_by
        deadlines.resume(self)
        return "in_progress" if self.arrived_at else "dispatched"

    @step("dispatched", "reported", by=[P7, ASSIGNEE], label=_("Return to dispatch"), asks=["return_reason"])
    def give_back(self) -> None:
        """The assignee can't do it: back to dispatch."""
        self.assignee_id = self.arrive_by = None

    @step(
        ("finished", "followed_up"),
        "dispatched",
        by=[P7, P10, S3],
        label=_("Reopen"),
        asks=["assignee", "arrive_by?", "remark"],
        guards=[TO_ARRIVE],
    )
    def reopen(self) -> None:
        """The customer is unhappy: a new visit, counted."""
        self.reopened += 1
        self.reopened_at = clock.now()
        self.arrive_by = self.arrive_by if self.arrive_by and self.arrive_by > clock.now() else arrival(self)
        self.arrived_at = self.finished_at = self.outcome = self.not_repaired_because = (
            self.unsigned_because
        ) = None
        self.rating = self.customer_words = self.followed_up_by_id = self.sample_result = self.leak_result = (
            None
        )
        self.customer_signed = False

    @step("followed_up", None, by=[S3], not_by=["followed_up_by"], label=_("Sample"), asks=["sample_result"])
    def sample(self) -> None:
        """The supervisor follows up a second time on a sample."""

    @step(
        ("finished", "followed_up"),
        None,
        by=[P10],
        label=_("Look again"),
        asks=["leak_result"],
        guards=LOOK_AGAIN,
    )
    def look_again(self) -> None:
        """A leak, one to two months later."""

    @step(("dispatched", "in_progress", "held"), None, by=[P7, S3], label=_("Press"), bulk=True)
    def press(self) -> None:
        """Whoever has it is asked to be done on time; the history counts how often."""

    @step(("reported", "dispatched", "in_progress"), None, by=[F1], label=_("Escalate"), asks=["escalation"])
    def escalate(self) -> None:
        """What the desk can't handle goes to the head of department."""
        self.escalated_at = clock.now()

    def edited(self, before: Mapping[str, Any]) -> None:
        """What was agreed of the arrival follows the urgency and the appointed time."""
        move_arrival(self, before)

    def check(self) -> None:
        """A place is needed; what is appointed lies ahead."""
        if self.unit is None and not self.public_area:
            raise Wrong("unit", gettext("Please give the unit or the public area."))
        if self.late_slip and self.urgency != "emergency":
            raise Wrong(
                "late_slip", gettext("Only an emergency is worked on first and written up afterwards.")
            )
        if (
            self.appointed_at
            and not self.arrived_at
            and self.state == "reported"
            and self.appointed_at < self.created_at - timedelta(hours=1)
            and not self.late_slip
        ):
            raise Wrong("appointed_at", gettext("The appointed time lies in the past."))
