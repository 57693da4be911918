"""Key loan (QR-0008SD): a key handed out from the register, until it is back and checked, or lost and
settled.
"""

import logging
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped

from app.declaring import (
    SYSTEM,
    Access,
    Columns,
    Form,
    Held,
    OneEach,
    Paper,
    Person,
    States,
    Wrong,
    access,
    chore,
    clock,
    closed,
    db,
    deadline,
    done,
    fields,
    guard,
    moving,
    needed_when,
    not_ahead,
    not_before,
    saving,
    say,
    setting,
    step,
    units,
    waiting,
    writing,
)
from models.custody.key import Key
from models.duties import F1, M1, M2, P6, S3
from models.keeping import kept
from models.parts import CUSTODY

log = logging.getLogger("guanjia.key_loan")

BORROWERS = {
    "staff": ("员工", "Staff"),
    "contractor": ("施工单位", "Contractor"),
    "owner": ("业主", "Owner"),
    "viewer": ("看房", "Viewing"),
}
PLEDGES = {"none": ("无", "None"), "id": ("出示证件", "ID shown"), "deposit": ("押金", "Deposit")}
EXTENSION = setting("key_loan.extension", ("续借", "Extended by"), units.days(1), by=M2, least=1, most=30)
LOOKED_AT = ("请填写归还时的现场情况。", "Please say what the place looked like.")
SEALED = (
    "业主留存的钥匙归还后须重新封存，请填写封袋号。",
    "An owner's key goes back into a sealed bag: please give its number.",
)


class KeyLoan(Form, code="QR-0008SD", title=("钥匙借用", "Key loan"), prefix="YS", part=CUSTODY):
    """A key handed out: one key can't be lent twice, the returner is named, the unit is looked at when the
    key is back (field practice).
    """

    icon = "key"
    in_diary = ("create", "take_back", "report_lost")
    carried_over = ("lent", "lost")
    on_books = {"deposits": Held("lent", adds="deposit")}
    menu_at = 1
    guide = (
        "钥匙在“钥匙”里登记，借出在“钥匙借用”里办。同一把钥匙不会借出两次；业主留存的钥匙要写明业主同意和陪同人；"
        "报失的钥匙不再外借。",
        "A key stands in the key register, and is lent here. It can't be lent twice; one left by an owner"
        " needs consent and a second person; a lost one is lent no more.",
    )
    about = "key"
    lending = fields.section("借出", "Lending")
    key: Mapped[Key] = fields.reference("钥匙", "Key", once=True)
    borrower_kind: Mapped[str] = fields.choice(
        "借用人类别", "Borrower is", BORROWERS, default="staff", filter=True
    )
    borrower: Mapped[str] = fields.name("借用人", "Borrower")
    department: Mapped[str | None] = fields.text("部门或单位", "Department or firm", max=60)
    phone: Mapped[str] = fields.phone("电话", "Phone")
    reason: Mapped[str] = fields.text("事由", "Reason", max=200, wide=True)
    pledge: Mapped[str] = fields.choice("抵押", "Pledge", PLEDGES, default="none")
    deposit: Mapped[Decimal | None] = fields.amount("押金", "Deposit", shown_when={"pledge": "deposit"})
    lent_at: Mapped[datetime] = fields.moment("借出时间", "Lent at", default=clock.now)
    due_back: Mapped[datetime] = fields.moment("应还时间", "Due back", default=clock.end_of_day, once=True)
    extended: Mapped[bool] = fields.yes_no("已续借", "Extended", by_step=True)

    consent = fields.section("业主留存钥匙", "Key left by an owner")
    owner_consent: Mapped[str | None] = fields.text(
        "业主同意",
        "Owner's consent",
        max=120,
        help=(
            "谁、何时、以何种方式同意；业主留存的钥匙必填。",
            "Who agreed, how and when: needed for a key an owner left.",
        ),
    )
    accompanied_by: Mapped[str | None] = fields.name("陪同人", "Second person")
    sealed_bag: Mapped[str | None] = fields.text("封袋号", "Sealed bag", max=30)

    back = fields.section("归还", "Return", by_step=True)
    returned_at: Mapped[datetime | None] = fields.moment("归还时间", "Returned at", default=None)
    returner: Mapped[str | None] = fields.name("归还人", "Brought back by")
    unit_condition: Mapped[str | None] = fields.text(
        "房屋状况",
        "What the place looked like",
        max=200,
        help=("门窗关好，水电已断。", "Doors and windows shut, water and power off."),
    )
    checked: Mapped[bool] = fields.yes_no("钥匙可用", "The key opens its door")

    loss = fields.section("遗失", "Loss", by_step=True)
    loss_story: Mapped[str | None] = fields.long_text("遗失经过", "How it was lost", max=500)
    fee: Mapped[Decimal | None] = fields.amount("赔偿", "Charged")
    lock_changed: Mapped[bool] = fields.yes_no("已换锁", "Lock changed")

    states = States(
        lent=moving("已借出", "Lent"),
        returned=done("已归还", "Returned"),
        lost=waiting("已遗失", "Lost", side=True),
        settled=closed("已结清", "Settled", side=True),
    )
    access = Access(
        read=(M1, S3, P6, F1), create=(P6,), edit=(P6,), export=(M1, S3), personal=(M1, S3, P6), void=(M1,)
    )
    shows = Columns("number", "key", "borrower", "reason", "state", "due_at", "lent_at")
    highlights = {"title": "key", "line": "borrower"}
    paper = Paper(
        title=("钥匙借用登记表", "Register of key loans"),
        register=True,
        landscape=True,
        signs=(("借用人", "Borrower"), ("保管人", "Key keeper")),
        keep_years=kept("key_loan", 2),
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

    one_each = (OneEach("key", ("这把钥匙已借出：%(number)s。", "This key is out: %(number)s."), ("lent",)),)

    overdue = deadline("归还", "Return", "lent", until="due_back")

    @guard(
        "钥匙由借用人本人归还；他人代还的，请在备注中说明原因。",
        "The borrower brings it back. If it was somebody else, say why in the remark.",
        at="remark",
    )
    def brought_by(loan: "KeyLoan") -> bool:
        return loan.returner == loan.borrower or bool(loan.remark)

    @guard(
        "已续借过一次，不能再续借。",
        "It was extended already; once is all there is.",
        at="due_back",
    )
    def once_only(loan: "KeyLoan") -> bool:
        return not loan.extended

    @step(
        "lent",
        "returned",
        by=[P6],
        label=("归还", "Take back"),
        help=("钥匙归还并核对可用。", "The key is back, and it opens its door."),
        asks=["returned_at?", "returner", "unit_condition?", "sealed_bag?", "checked?", "remark?"],
        guards=[
            not_before("returned_at", "lent_at"),
            not_ahead("returned_at"),
            brought_by,
            needed_when("unit_condition", {"key.kind": ("unit", "left")}, LOOKED_AT),
            needed_when("sealed_bag", {"key.kind": "left"}, SEALED),
        ],
    )
    def take_back(self) -> None:
        self.returned_at = self.returned_at or clock.now()

    @step(
        "lent",
        None,
        by=[P6],
        label=("续借", "Extend"),
        help=("续借仅限一次，须注明原因。", "For longer, once, with a reason."),
        asks=["remark"],
        guards=[once_only],
    )
    def extend(self) -> None:
        self.due_back = EXTENSION.after(self.due_back, self)
        self.extended = True

    @step(
        "lent",
        "lost",
        by=[P6],
        label=("报失", "Report lost"),
        help=("钥匙遗失，不再外借。", "The key is gone; the register doesn't lend it any more."),
        asks=["loss_story"],
        danger=True,
    )
    def report_lost(self) -> None:
        with saving.changing(self.key, self.acting, "key_loan:lost", "P6"):
            self.key.lendable, self.key.state = False, "missing"

    @step(
        "lost",
        "settled",
        by=[S3],
        label=("结清", "Settle"),
        help=("赔偿结清，必要时换锁。", "Charged, and the lock changed where needed."),
        asks=["fee", "lock_changed?"],
    )
    def settle(self) -> None: ...

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
            with saving.changing(self.key, person, f"key_loan:{self.state}", str(clause or "")):
                self.key.state = after

    def check(self) -> None:
        """A key that may not be lent isn't lent; what an owner left needs consent and a second person."""
        soon = clock.now() + timedelta(minutes=1)
        if self.lent_at > soon:
            raise Wrong("lent_at", say("时间不能在将来。", "The time lies ahead."))
        if self.returned_at is not None and not clock.minute(self.lent_at) <= self.returned_at <= soon:
            raise Wrong(
                "returned_at",
                say("归还时间应在借出之后、现在之前。", "It came back between being lent and now."),
            )
        if self.due_back < self.lent_at:
            raise Wrong("due_back", say("应还时间早于借出时间。", "Due back lies before it was lent."))
        if self.state != "lent":
            return
        is_new = not self.version  # one that is out goes on to its end, whatever is said of its key meanwhile
        if is_new and (
            not self.key.lendable or self.key.state not in ("kept", "lent")
        ):  # by whom it is lent already is said after
            raise Wrong("key", say("这把钥匙不能外借。", "This key may not be lent."))
        if self.accompanied_by and self.accompanied_by == self.borrower:
            raise Wrong(
                "accompanied_by",
                say("陪同人不能是借用人本人。", "The second person is somebody else than the borrower."),
            )
        if self.key.kind == "left" and not (self.owner_consent and self.accompanied_by and self.sealed_bag):
            raise Wrong(
                "owner_consent",
                say(
                    "业主留存的钥匙须有业主同意、陪同人和封袋号。",
                    "A key left by an owner needs the owner's consent, a second person and its sealed bag.",
                ),
            )


def mark_those_out() -> int:
    """Keys that a loan has, lent before a key said so of itself or poured in with their loans: they read as
    lent; how many. The caller commits.

    One that can't be marked is told in the log and keeps none of the others.
    """
    loans = (
        select(KeyLoan)
        .join(Key, KeyLoan.key_id == Key.id)
        .where(Key.state == "kept", KeyLoan.state == "lent")
    )
    marked = 0
    for loan in list(db.session.execute(loans.order_by(KeyLoan.id)).scalars()):
        try:
            with db.session.begin_nested(), saving.changing(loan.key, SYSTEM, "key_loan:lent"):
                loan.key.state = "lent"
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
