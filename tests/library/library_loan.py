"""A lending library's loan: a form of another trade, declared in one file."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declare import fields
from app.declare.duties import Access, clause, role
from app.declare.form import Form, Guard, States, deadline, done, moving, step
from app.declare.record import Columns, Line, OneEach
from app.ground import clock

LIBRARIAN, CLERK = role("librarian", "Librarian", "office"), role("clerk", "Clerk", "area")
L1, C1 = clause("L1", LIBRARIAN, "Answer for the stock"), clause("C1", CLERK, "Lend and take back books")
FINE = Guard(lambda loan: not loan.fine, "The fine comes first.")


class Damage(Line, of="library_loan"):
    what: Mapped[str] = fields.text("What")
    cost: Mapped[Decimal] = fields.amount("Cost")


class LibraryLoan(Form, code="LIB-7", title="Loan of a book", prefix="LN", part="library"):
    """A book out of the house until it is back."""

    book: Mapped[str] = fields.text("Book", max=40)
    reader: Mapped[str] = fields.name("Reader")
    phone: Mapped[str | None] = fields.phone("Telephone")
    due_on: Mapped[date] = fields.day("Due on", default=lambda: clock.today() + timedelta(days=28))
    damages: Mapped[list[Damage]] = fields.lines("Damages", Damage, sums=["cost"])
    fine: Mapped[Decimal | None] = fields.amount(
        "Fine", worked_out=lambda loan: sum((one.cost for one in loan.damages), Decimal(0))
    )
    states = States(out=moving("Out"), back=done("Back"))
    access = Access(
        read=(L1, C1), create=(C1,), edit=(C1,), export=(L1,), import_=(L1, C1), personal=(L1,), void=(L1,)
    )
    shows = Columns("number", "book", "reader", "phone", "due_on", "state")
    one_each = (OneEach("book", "This book is out already.", ("out",)),)
    overdue = deadline("Return", "out", until=lambda loan: clock.day_start(loan.due_on + timedelta(days=1)))

    @step("out", "back", by=[C1], label="Take back", asks=["remark?"], bulk=True, guards=[FINE])
    def take_back(self) -> None:
        """The book stands on its shelf again."""
