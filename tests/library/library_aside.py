"""A book kept at the desk for a reader: how long, how many and for whom are numbers the librarian may set."""

from datetime import datetime

from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    Setting,
    States,
    Wrong,
    closed,
    deadline,
    done,
    fields,
    moving,
    say,
    setting,
    step,
    units,
)

KEEP = setting("aside.keep", ("保留", "Kept for"), units.days(7), by=L1, least=1, most=30)
KEEP_SHORT = setting(
    "aside.keep_short",
    ("保留（热门书）", "Kept for, of books much asked for"),
    units.hours(48),
    by=L1,
    least=1,
    most=24 * 7,
    not_over=KEEP,
)
COPIES = setting(
    "aside.copies",
    ("一次最多", "At most at once"),
    units.count(3, ("本", "books")),
    by=L1,
    least=1,
    most=9,
)
FEE = setting("aside.fee", ("保留费", "Fee"), units.yuan("0.50"), by=L1, least="0", most="10")
CLOSED_IN = setting("aside.closed_in", ("闭馆月份", "Closed in"), units.months_of_the_year(8), by=L1)


class Aside(Form, code="LIB-15", title=("图书留存", "Book set aside"), prefix="SA", part=LIBRARY):
    """A book kept at the desk until its reader comes."""

    book: Mapped[str] = fields.text("书名", "Book")
    copies: Mapped[int] = fields.whole("册数", "Copies", default=1)
    popular: Mapped[bool] = fields.yes_no("热门", "Much asked for")
    ready_at: Mapped[datetime | None] = fields.moment("到馆时间", "Ready at", by_step=True)
    states = States(asked=moving("已预约", "Asked"), ready=done("可取", "Ready"), gone=closed("已取", "Gone"))
    access = Access(read=(L1, C1), create=(C1,), edit=(C1,))
    shows = Columns("number", "book", "state", "due_at")

    def _within(self) -> Setting[int]:
        return KEEP_SHORT if self.popular else KEEP

    fetch_due = deadline("取书", "Fetch", ("asked", "ready"), since="created_at", within=_within)

    @step("asked", "ready", by=[C1], label=("到馆", "Is here"))
    def arrive(self) -> None: ...

    @step("ready", "gone", by=[C1], label=("取走", "Fetch"))
    def fetch(self) -> None: ...

    def check(self) -> None:
        """Not more than the librarian lets."""
        most = COPIES.of(self, self.created_at)
        if self.copies > most:
            raise Wrong("copies", say("最多 %(most)s 本。", "At most %(most)s books.", most=most))
