"""A worn book at the binder's, until somebody who didn't bind it has put it on its shelf again."""

from datetime import date
from decimal import Decimal

from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped

from app import declaring as d
from app.declaring import fields, step

BOTH = (C1, L1)
COVERS = {"paper": ("纸面", "Paper"), "cloth": ("布面", "Cloth"), "leather": ("皮面", "Leather")}


class Work(d.Line, of="binding"):
    what: Mapped[str] = fields.text("工序", "Work")
    cost: Mapped[Decimal] = fields.amount("费用", "Cost")


class Binding(d.Form, code="LIB-9", title=("图书装订", "Binding"), prefix="BD", part=LIBRARY):
    floor: Mapped[d.Area] = fields.reference("楼层", "Floor")
    book: Mapped[str] = fields.text("书名", "Book")
    ready_on: Mapped[date] = fields.day("完成日期", "Ready on")
    cover: Mapped[str] = fields.choice("封面", "Cover", COVERS, default="paper", filter=True)
    dye: Mapped[str | None] = fields.text("颜色", "Dye", required=True, shown_when={"cover": d.not_("paper")})
    binder: Mapped[d.User | None] = fields.reference("装订人", "Binder", by_step=True)
    pages: Mapped[int | None] = fields.whole("页数", "Pages", by_step=True)
    works: Mapped[list[Work]] = fields.lines("工序", "Works", Work, sums=["cost"])

    def _total(self) -> Decimal:
        return sum((work.cost for work in self.works), Decimal(0))

    total: Mapped[Decimal] = fields.amount("合计", "Total", worked_out=_total)
    photo_kinds = {"worn": ("破损", "Worn"), "bound": ("装订后", "Bound")}
    states = d.States(
        brought=d.waiting("待装订", "Brought"),
        given=d.moving("装订中", "Given out"),
        bound=d.done("已装订", "Bound"),
        shelved=d.closed("已上架", "Shelved"),
    )
    access = d.Access(read=BOTH, create=(C1,), edit=(C1,), export=(L1,), import_=(C1,), void=(L1,))
    shows = d.Columns("number", "floor", "book", "cover", "binder", "total", "ready_on", "state")
    bind = d.deadline("装订", "Bind", ("brought", "given"), until="ready_on")

    @step("brought", "given", by=BOTH, label=("发出", "Give out"), asks=["binder", "pages", "photos:worn?"])
    def give(self) -> None: ...

    @step("given", "bound", by=BOTH, label=("完成", "Finish"), asks=["pages!", "works?", "photos:bound"])
    def finish(self) -> None: ...

    @step("bound", "given", by=BOTH, not_by=["finish"], label=("退回", "Send back"), asks=["remark"])
    def send_back(self) -> None: ...

    @step("bound", "shelved", by=BOTH, not_by=["finish"], label=("上架", "Shelve"), bulk=True)
    def shelve(self) -> None: ...

    @step("shelved", None, by=[C1], label=("盘点", "Count"), bulk=True)
    def count(self) -> None: ...
