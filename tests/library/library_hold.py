"""A book kept for a reader until a day: pressed, expired and settled by the library itself."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from library_duties import C1, L1, LIBRARY
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    States,
    act,
    closed,
    db,
    deadline,
    done,
    fields,
    moving,
    step,
    waiting,
)


class Hold(Form, code="LIB-12", title=("预约", "Hold"), prefix="HD", part=LIBRARY):
    """A reader waits for a book."""

    book: Mapped[str] = fields.text("书名", "Book")
    keep_until: Mapped[date | None] = fields.day("保留至", "Keep until", by_step=True)
    pressed: Mapped[int] = fields.whole("催办次数", "Pressed", default=0, by_step=True)
    fee: Mapped[Decimal] = fields.amount("费用", "Fee", default=Decimal(2))
    states = States(
        asked=waiting("待找书", "Asked for"),
        kept=moving("已留书", "Kept"),
        fetched=done("已取走", "Fetched"),
        settled=closed("已结清", "Settled"),
        expired=closed("已过期", "Expired", side=True),
    )
    access = Access(read=(L1, C1), create=(C1,), edit=(C1,), void=(L1,))
    shows = Columns("number", "book", "keep_until", "state")
    find_due = deadline("找书", "Find", "asked", since="created_at", minutes=60)

    def _pressed_at(self) -> datetime:
        return self.created_at + timedelta(hours=24 * (self.pressed + 1))

    def _press(self) -> None:
        if self.book == "Necronomicon":
            raise RuntimeError("nobody dares look for it")
        self.pressed += 1

    def _is_paid(self) -> bool:
        paid = select(func.coalesce(func.sum(Payment.amount), 0)).where(Payment.hold_id == self.id)
        if self.book == "Ledger":
            raise RuntimeError("nobody can add this up")
        return bool(db.session.execute(paid).scalar_one() >= self.fee)

    def _mark(self) -> None:
        self.remark = f"{self.remark or ''}!"

    marks = act("asked", None, ("找书超时", "Not found in time"), at="find_due", does=_mark)
    presses = act("asked", None, ("催办", "Press"), at=_pressed_at, does=_press)
    expires = act("kept", "expired", ("过期", "Expire"), at="keep_until")
    settles = act("fetched", "settled", ("结清", "Settle"), when=_is_paid, after=["payment.hold"])

    @step("asked", "kept", by=[C1], label=("留书", "Keep"), asks=["keep_until"])
    def keep(self) -> None: ...

    @step("kept", "fetched", by=[C1], label=("取走", "Fetch"))
    def fetch(self) -> None: ...


class Payment(Form, code="LIB-13", title=("付款", "Payment"), prefix="PY", part=LIBRARY):
    """Money for a hold."""

    hold: Mapped[Hold] = fields.reference("预约", "Hold")
    amount: Mapped[Decimal] = fields.amount("金额", "Amount")
    states = States(paid=done("已付", "Paid"))
    access = Access(read=(L1, C1), create=(C1,))
    shows = Columns("number", "hold", "amount", "state")
