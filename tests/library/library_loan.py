"""A lending library's loan: a form of another trade, declared in one file."""

from datetime import date, timedelta
from decimal import Decimal

from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    Line,
    OneEach,
    States,
    clock,
    deadline,
    done,
    fields,
    guard,
    moving,
    step,
)


class Damage(Line, of="library_loan"):
    what: Mapped[str] = fields.text("名称", "What")
    cost: Mapped[Decimal] = fields.amount("金额", "Cost")


class LibraryLoan(Form, code="LIB-7", title=("图书借阅", "Loan of a book"), prefix="LN", part=LIBRARY):
    """A book out of the house until it is back."""

    book: Mapped[str] = fields.text("书名", "Book", max=40)
    reader: Mapped[str] = fields.name("读者", "Reader")
    phone: Mapped[str | None] = fields.phone("电话", "Telephone")
    due_on: Mapped[date] = fields.day("应还日期", "Due on", default=lambda: clock.today() + timedelta(28))
    damages: Mapped[list[Damage]] = fields.lines("损坏", "Damages", Damage, sums=["cost"])

    def _fine(self) -> Decimal:
        return sum((damage.cost for damage in self.damages), Decimal(0))

    fine: Mapped[Decimal | None] = fields.amount("罚款", "Fine", worked_out=_fine)
    states = States(out=moving("已借出", "Out"), back=done("已归还", "Back"))
    access = Access(
        read=(L1, C1), create=(C1,), edit=(C1,), export=(L1,), import_=(L1, C1), personal=(L1,), void=(L1,)
    )
    shows = Columns("number", "book", "reader", "phone", "due_on", "state")
    one_each = (OneEach("book", ("此书已借出。", "This book is out already."), ("out",)),)
    overdue = deadline("归还", "Return", "out", until="due_on")

    @guard("须先交罚款。", "The fine comes first.", at="damages")
    def fine_paid(loan: "LibraryLoan") -> bool:
        return not loan.fine

    @step(
        "out", "back", by=[C1], label=("收回", "Take back"), asks=["remark?"], bulk=True, guards=[fine_paid]
    )
    def take_back(self) -> None: ...
