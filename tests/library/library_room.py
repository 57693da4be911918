"""A reading room's booking: a day as a deadline, a price worked out, a second pair of eyes, and a place that
gives the area.
"""

from datetime import date
from decimal import Decimal

from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped

from app.declaring import (
    DAILY,
    Access,
    Area,
    Columns,
    Form,
    States,
    deadline,
    done,
    fields,
    moving,
    step,
    waiting,
)


class RoomBooking(Form, code="LIB-8", title=("阅览室预约", "Booking of a room"), prefix="RB", part=LIBRARY):
    """A room kept for a reader on a day."""

    on_home = DAILY
    guide = ("阅览室一次订一天。", "A room is kept for a day.")
    floor: Mapped[Area] = fields.reference("楼层", "Floor")
    reader: Mapped[str] = fields.name("读者", "Reader")
    on: Mapped[date] = fields.day("日期", "Day")
    hours: Mapped[Decimal] = fields.quantity("小时", "Hours")

    def _price(self) -> Decimal:
        return self.hours * Decimal("1.10") / 3

    price: Mapped[Decimal] = fields.amount("价格", "Price", worked_out=_price)
    states = States(
        asked=waiting("已预约", "Asked"), checked=moving("已核对", "Checked"), given=done("已交付", "Given")
    )
    access = Access(read=(L1, C1), create=(C1,), edit=(C1,))
    shows = Columns("number", "floor", "reader", "on", "price", "state")
    held = deadline("使用", "Use it", ("asked", "checked"), until="on")

    @step("asked", "checked", by=[C1, L1], label=("核对", "Check"), help=("房间空闲。", "The room is free."))
    def look(self) -> None: ...

    @step(
        "checked",
        "given",
        by=[C1, L1],
        label=("交付", "Give"),
        help=("由核对人以外的人交钥匙。", "The key is handed over, by somebody who didn't check."),
        not_by=["look"],
    )
    def give(self) -> None: ...
