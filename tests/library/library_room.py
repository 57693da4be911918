"""A reading room's booking: a day as a deadline, a price worked out, a second pair of eyes, and a place that
gives the area.
"""

from datetime import date
from decimal import Decimal

from library_loan import C1, L1
from sqlalchemy.orm import Mapped

from app.declare import fields
from app.declare.duties import Access
from app.declare.form import Form, States, deadline, done, moving, step, waiting
from app.declare.record import Columns
from app.people.users import Area


class RoomBooking(Form, code="LIB-8", title="Booking of a room", prefix="RB", part="library"):
    """A room kept for a reader on a day."""

    floor: Mapped[Area] = fields.reference("Floor")
    reader: Mapped[str] = fields.name("Reader")
    on: Mapped[date] = fields.day("Day")
    hours: Mapped[Decimal] = fields.quantity("Hours")
    price: Mapped[Decimal] = fields.amount(
        "Price", worked_out=lambda booking: booking.hours * Decimal("1.10") / 3
    )
    states = States(asked=waiting("Asked"), checked=moving("Checked"), given=done("Given"))
    access = Access(read=(L1, C1), create=(C1,), edit=(C1,))
    shows = Columns("number", "floor", "reader", "on", "price", "state")
    held = deadline("Use it", ("asked", "checked"), until="on")

    @step("asked", "checked", by=[C1, L1], label="Check")
    def look(self) -> None:
        """The room is free."""

    @step("checked", "given", by=[C1, L1], label="Give", not_by=["look"])
    def give(self) -> None:
        """The key is handed over, by somebody who didn't check."""
