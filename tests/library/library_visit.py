"""A reader's visit: what is counted of it."""

from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped

from app import declaring as d
from app.declaring import fields, figure

AIMS = {"borrow": ("借书", "To borrow"), "read": ("阅览", "To read")}
MARKS = {"5": ("好", "Good"), "3": ("一般", "Fair"), "1": ("差", "Poor")}


class Visit(d.Form, title=("到访", "Visit"), prefix="VI", part=LIBRARY):
    floor: Mapped[d.Area] = fields.reference("楼层", "Floor")
    aim: Mapped[str] = fields.choice("目的", "Aim", AIMS, default="read", filter=True)
    books: Mapped[int | None] = fields.whole("册数", "Books")
    liked: Mapped[str | None] = fields.rating("评价", "Liked it", MARKS)
    states = d.States(here=d.moving("在馆", "Here"), gone=d.closed("已离开", "Gone"))
    access = d.Access(read=(C1, L1), create=(C1, L1), edit=(C1,), void=(L1,))
    shows = d.Columns("number", "floor", "aim", "books", "liked", "state")

    came = figure("到访量", "Visits", by=("aim", "area", "state"))
    lending = figure("借书占比", "Came to borrow", share={"aim": "borrow"}, by=("area",))
    carried = figure("借出册数", "Books carried", sum="books", by=("area",))
    praise = figure("平均评价", "Praise", mean="liked", of={"liked": d.not_()}, read=(L1,))

    @d.step("here", "gone", by=[C1], label=("离开", "Leave"))
    def leave(self) -> None: ...
