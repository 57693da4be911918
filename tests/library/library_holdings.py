"""What each room holds: a ledger kept by what befalls its books."""

from datetime import date

from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped

from app.declaring import Access, Area, Columns, Form, Ledger, States, closed, done, fields, moving, on, step

FATES = {"bought": ("购入", "Bought"), "lost": ("遗失", "Lost"), "closed": ("闭室", "Room closed")}


class BookFate(Form, title=("图书增减", "Fate of books"), prefix="BF", part=LIBRARY):
    room: Mapped[Area] = fields.reference("阅览室", "Room")
    fate: Mapped[str] = fields.choice("事由", "Fate", FATES, default="bought")
    on_day: Mapped[date] = fields.day("日期", "Day")
    copies: Mapped[int] = fields.whole("册数", "Copies", default=1)
    states = States(noted=moving("已登记", "Noted"), filed=done("已归档", "Filed"))
    access = Access(read=(L1, C1), create=(C1, L1), edit=(C1, L1), import_=(L1,), void=(L1,))
    shows = Columns("number", "room", "fate", "on_day", "copies", "state")

    @step("noted", "filed", by=[L1], label=("归档", "File"), bulk=True)
    def file(self) -> None: ...


class Holdings(
    Ledger,
    of=BookFate,
    by="room",
    at="on_day",
    told_by="fate",
    beside=(Area,),
    title=("馆藏台账", "Holdings"),
    prefix="HO",
    part=LIBRARY,
):
    room: Mapped[Area] = fields.reference("阅览室", "Room")
    copies: Mapped[int] = fields.whole("册数", "Copies", default=0)
    losses: Mapped[int] = fields.whole("遗失次数", "Losses", default=0)
    last: Mapped[date | None] = fields.day("最近", "Last")

    def _sign(self) -> str:
        return self.room.code_name.upper()

    sign: Mapped[str | None] = fields.text("架标", "Sign", worked_out=_sign)
    states = States(kept=moving("在册", "Kept"), given_up=closed("已撤", "Given up"))
    access = Access(read=(L1, C1), export=(L1,))
    shows = Columns("number", "room", "copies", "losses", "last", "state")

    @on("bought")
    def takes_in(self, fate: BookFate) -> None:
        self.state, self.last = "kept", fate.on_day
        self.copies += fate.copies

    @on("lost")
    def loses(self, fate: BookFate) -> None:
        """No room has fewer than none: so the order in which it happened counts."""
        self.copies = max(0, self.copies - fate.copies)
        self.losses, self.last = self.losses + 1, fate.on_day

    @on("closed")
    def is_closed(self, fate: BookFate) -> None:
        self.state, self.copies = "given_up", 0
