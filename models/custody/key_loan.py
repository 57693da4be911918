"""Key loan (QR-0008SD): a key handed out from the register, until it is back and checked, or lost and
settled.
"""

import logging
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped

from app.act import saving
from app.act.entry import Wrong
from app.declare import fields
from app.declare.duties import Access
from app.declare.form import Form, Guard, Paper, States, closed, deadline, done, moving, step, waiting
from app.declare.person import SYSTEM, Person
from app.declare.record import Columns, OneEach
from app.ground import clock
from app.ground.database import db, writing
from app.ground.language import gettext
from app.ground.language import lazy_gettext as _
from app.ground.upkeep import chore
from app.people import access
from models.custody.key import Key
from models.duties import F1, M1, P6, S3

log = logging.getLogger("guanjia.key_loan")

BORROWERS = {"staff": _("Staff"), "contractor": _("Contractor"), "owner": _("Owner"), "viewer": _("Viewing")}
PLEDGES = {"none": _("None"), "id": _("ID shown"), "deposit": _("Deposit")}


class KeyLoan(Form, code="QR-0008SD", title=_("Key loan"), prefix="YS", part="custody"):
    """A key handed out: one key can't be lent twice, the returner is named, the unit is looked at when the
    key is back (field practice).
    """

    icon = "key"
    about = "key"
    lending = fields.section(_("Lending"))
    key: Mapped[Key] = fields.reference(_("Key"), once=True)
    borrower_kind: Mapped[str] = fields.choice(_("Borrower is"), BORROWERS, default="staff", filter=True)
    borrower: Mapped[str] = fields.name(_("Borrower"))
    department: Mapped[str | None] = fields.text(_("Department or firm"), max=60)
    phone: Mapped[str] = fields.phone(_("Phone"))
    reason: Mapped[str] = fields.text(_("Reason"), max=200, wide=True)
    pledge: Mapped[str] = fields.choice(_("Pledge"), PLEDGES, default="none")
    deposit: Mapped[Decimal | None] = fields.amount(_("Deposit"), shown_when={"pledge": "deposit"})
    lent_at: Mapped[datetime] = fields.moment(_("Lent at"), default=clock.now)
    due_back: Mapped[datetime] = fields.moment(_("Due back"), default=clock.end_of_day, once=True)
    extended: Mapped[bool] = fields.yes_no(_("Extended"), by_step=True)

    consent = fields.section(_("Key left by an owner"))
    owner_consent: Mapped[str | None] = fields.text(
        _("Owner's consent"), max=120, help=_("Who agreed, how and when: needed for a key an owner left.")
    )
    accompanied_by: Mapped[str | None] = fields.name(_("Second person"))
    sealed_bag: Mapped[str | None] = fields.text(_("Sealed bag"), max=30)

    back = fields.section(_("Return"), by_step=True)
    returned_at: Mapped[datetime | None] = fields.moment(_("Returned at"), default=None)
    returner: Mapped[str | None] = fields.name(_("Brought back by"))
    unit_condition: Mapped[str | None] = fields.text(
        _("What the place looked like"), max=200, help=_("Doors and windows shut, water and power off.")
    )
    checked: Mapped[bool] = fields.yes_no(_("The key opens its door"))

    loss = fields.section(_("Loss"), by_step=True)
    loss_story: Mapped[str | None] = fields.long_text(_("How it was lost"), max=500)
    fee: Mapped[Decimal | None] = fields.amount(_("Charged"))
    lock_changed: Mapped[bool] = fields.yes_no(_("Lock changed"))

    states = States(
        lent=moving(_("Lent")),
        returned=done(_("Returned")),
        lost=waiting(_("Lost"), side=True),
        settled=closed(_("Settled"), side=True),
    )
    access = Access(
        read=(M1, S3, P6, F1), create=(P6,), edit=(P6,), export=(M1, S3), personal=(M1, S3, P6), void=(M1,)
    )
    shows = Columns("number", "key", "borrower", "reason", "state", "due_at", "lent_at")
    highlights = {"title": "key", "line": "borrower"}
    paper = Paper(
        title=_("Register of key loans"),
        register=True,
        landscape=True,
        signs=(_("Borrower"), _("Key keeper")),
        keep_years=2,
        columns=(
            "number",
            "key",
            "borrower",
            "department",
            "phone",
            "reason",
            "lent_at",
            "due_back",
            "returned_at",
            "returner",
            "unit_condition",
            "state",
        ),
    )

    one_each = (OneEach("key", _("This key is out: %(number)s."), ("lent",)),)

    overdue = deadline(_("Return"), "lent", until=lambda loan: loan.due_back)

    @step(
        "lent",
        "returned",
        by=[P6],
        label=_("Take back"),
        asks=["returned_at?", "returner", "unit_condition?", "sealed_bag?", "checked?", "remark?"],
        guards=[
            Guard(
                lambda loan: loan.returned_at is None or loan.returned_at >= clock.minute(loan.lent_at),
                _("It can't have come back before it was lent."),
            ),
            Guard(
                lambda loan: loan.returner == loan.borrower or bool(loan.remark),
                _("The borrower brings it back. If it was somebody else, say why in the remark."),
            ),
            Guard(
                lambda loan: loan.key.kind not in ("unit", "left") or bool(loan.unit_condition),
                _("Please say what the place looked like."),
            ),
            Guard(
                lambda loan: loan.key.kind != "left" or bool(loan.sealed_bag),
                _("An owner's key goes back into a sealed bag: please give its number."),
            ),
        ],
    )
    def take_back(self) -> None:
        """The key is back, and it opens its door."""
        self.returned_at = self.returned_at or clock.now()

    @step(
        "lent",
        None,
        by=[P6],
        label=_("Extend"),
        asks=["remark"],
        guards=[
            Guard(lambda loan: not loan.extended, _("It was extended already; a day more is all there is."))
        ],
    )
    def extend(self) -> None:
        """One day more, once, with a reason."""
        self.due_back += timedelta(days=1)
        self.extended = True

    @step("lent", "lost", by=[P6], label=_("Report lost"), asks=["loss_story"], danger=True)
    def report_lost(self) -> None:
        """The key is gone; the register doesn't lend it any more."""
        saving.change(
            self.key,
            self.acting,
            "key_loan:lost",
            "P6",
            lendable=False,
            state="missing",
            state_at=clock.now(),
        )

    @step("lost", "settled", by=[S3], label=_("Settle"), asks=["fee", "lock_changed?"])
    def settle(self) -> None:
        """Charged, and the lock changed where needed."""

    def saved(self, person: Person) -> None:
        """The key reads as lent while the loan has it, and hangs again when it is back or was never out.

        What is read of it is judged once it is held: meanwhile it may have been found missing, or given up.
        """
        states = {"lent": ("kept", "lent"), "returned": ("lent", "kept"), "void": ("lent", "kept")}
        before, after = states.get(self.state, ("", ""))
        saving.lock(self.key)
        if not self.version:
            self.check()
        if self.key.state == before:
            clause = access.may_here(person, self, "edit") or access.may_here(person, self, "void")
            saving.change(
                self.key,
                person,
                f"key_loan:{self.state}",
                str(clause or ""),
                state=after,
                state_at=clock.now(),
            )

    def check(self) -> None:
        """A key that may not be lent isn't lent; what an owner left needs consent and a second person."""
        soon = clock.now() + timedelta(minutes=1)
        if self.lent_at > soon:
            raise Wrong("lent_at", gettext("The time lies ahead."))
        if self.returned_at is not None and not clock.minute(self.lent_at) <= self.returned_at <= soon:
            raise Wrong("returned_at", gettext("It came back between being lent and now."))
        if self.due_back < self.lent_at:
            raise Wrong("due_back", gettext("Due back lies before it was lent."))
        if self.state != "lent":
            return
        is_new = not self.version  # one that is out goes on to its end, whatever is said of its key meanwhile
        if is_new and (
            not self.key.lendable or self.key.state not in ("kept", "lent")
        ):  # by whom it is lent already is said after
            raise Wrong("key", gettext("This key may not be lent."))
        if self.accompanied_by and self.accompanied_by == self.borrower:
            raise Wrong("accompanied_by", gettext("The second person is somebody else than the borrower."))
        if self.key.kind == "left" and not (self.owner_consent and self.accompanied_by and self.sealed_bag):
            raise Wrong(
                "owner_consent",
                gettext(
                    "A key left by an owner needs the owner's consent, a second person and its sealed bag."
                ),
            )


def mark_those_out() -> int:
    """Keys that a loan has, lent before a key said so of itself or poured in with their loans: they read as
    lent; how many. The caller commits.

    One that can't be marked is told in the log and keeps none of the others.
    """
    loans = (
        select(KeyLoan)
        .join(Key, KeyLoan.key_id == Key.id)  # type: ignore[attr-defined]
        .where(Key.state == "kept", KeyLoan.state == "lent")
    )
    marked = 0
    for loan in list(db.session.execute(loans.order_by(KeyLoan.id)).scalars()):
        try:
            with db.session.begin_nested():
                saving.change(loan.key, SYSTEM, "key_loan:lent", state="lent", state_at=clock.now())
            marked += 1
        except (Wrong, ValueError, LookupError, IntegrityError) as error:
            log.error("key of loan %s not marked as lent: %s", loan.number, type(error).__name__)
    return marked


@chore(every=timedelta(days=1))
def keys_that_are_out() -> None:
    """Day by day, for the loans of an earlier version and those poured in: once marked, there are none left
    to mark.
    """
    with writing():
        mark_those_out()
        db.session.commit()
