"""Lending stock: the kinds of things that the desk lends, how many are there, to whom, for how long and on
what conditions.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Balance,
    Columns,
    Form,
    OneEach,
    States,
    Wrong,
    clock,
    closed,
    deadline,
    fields,
    moving,
    posts,
    say,
    setting,
    step,
    units,
)
from models.custody import stock_take
from models.duties import F1, F2, M1, M2, S3
from models.parts import CUSTODY

KINDS = {
    "trolley": ("手推车", "Trolley"),
    "ladder": ("梯子", "Ladder"),
    "tools": ("工具", "Tools"),
    "umbrella": ("雨伞", "Umbrella"),
    "wheelchair": ("轮椅", "Wheelchair"),
    "other": ("其他", "Other"),
}
BORROWERS = {
    "resident": ("业主住户", "Resident"),
    "staff": ("员工", "Staff"),
    "visitor": ("访客", "Visitor"),
    "contractor": ("装修施工人员", "Renovation worker"),
}


COUNT_EVERY = setting(
    "item.count_every", ("盘点周期", "Stock-take every"), units.months(1), by=M2, least=1, most=12
)


def count_by(item: "Item") -> datetime:
    """A stock-take every month, or as often as is set."""
    counted = item.counted_at or item.created_at
    return stock_take.months_after(counted, COUNT_EVERY.of(item, counted))


class Item(Form, title=("外借物品", "Lending item"), part=CUSTODY):
    """A kind of thing that is lent. Numbered pieces stand in a register of their own (field practice: the
    same day, residents and staff, no renovation workers).
    """

    label = "called"
    icon = "box"
    menu_at = 4
    called: Mapped[str] = fields.text("物品", "Item", max=40)
    kind: Mapped[str] = fields.choice("类别", "Kind", KINDS, default="tools", filter=True)
    numbered: Mapped[bool] = fields.yes_no(
        "逐件编号",
        "Numbered pieces",
        default=True,
        once=True,
        help=("每件有编号，借出时按编号登记。", "Each piece has a number, by which it is lent."),
    )
    point: Mapped[str] = fields.text(
        "借用点", "Lent at", max=40, default="前台", help=("前台、门岗等。", "The desk, a gate post.")
    )
    lending = fields.section("借用规定", "How it is lent")
    lent_to: Mapped[list[str]] = fields.choices(
        "可借给", "May borrow", BORROWERS, default=lambda: ["resident", "staff"]
    )
    limit_days: Mapped[int] = fields.whole(
        "借用期限（天）",
        "Days",
        default=0,
        max=60,
        help=("0 为当天归还。", "0: back the same day."),
    )
    at_a_time: Mapped[int] = fields.whole("每次限借", "At most, each time", min=1, max=100, default=1)
    deposit: Mapped[Decimal] = fields.amount("押金（每件）", "Deposit, each", default=Decimal(0))
    price: Mapped[Decimal | None] = fields.amount("赔偿价（每件）", "Price if lost, each")
    conditions: Mapped[str | None] = fields.long_text(
        "借用须知",
        "Conditions",
        max=300,
        help=("如：限小区内使用，载重不超过 50 公斤，不得转借。", "Such as: within the estate, up to 50 kg."),
    )
    keeping = fields.section("库存", "Stock", by_step=True)
    in_stock: Mapped[int] = fields.whole(
        "在库",
        "In stock",
        balance=Balance(
            at_least=0,
            short=("%(record)s在库只有 %(there)s 件。", "Only %(there)s of %(record)s in stock."),
        ),
    )
    deposits: Mapped[Decimal] = fields.amount("在押押金", "Deposits held", balance=Balance(at_least=0))
    taken_in: Mapped[int] = fields.whole(
        "累计入库",
        "Taken in",
        default=0,
        help=("未编号的物品，含盘点差异。", "Of those without numbers, with what stock-takes found."),
    )
    owned = posts("in_stock", gives="taken_in")
    came: Mapped[int | None] = fields.whole("入库数量", "Taken in now", min=1, max=1000)
    counted: Mapped[int | None] = fields.whole("盘点数", "Counted", max=10_000)
    counted_at: Mapped[datetime | None] = fields.moment("上次盘点", "Last counted")
    difference: Mapped[str | None] = fields.text("差异说明", "Why it differs", max=200, wide=True)

    states = States(
        kept=moving("可外借", "Lent out"), off_loan=closed("停借", "Not lent any more", side=True)
    )
    edit_in = ("kept", "off_loan")
    access = Access(
        read=(M1, S3, F1, F2), create=(S3,), edit=(S3,), export=(M1, S3), import_=(S3,), void=(M1,)
    )
    one_each = (OneEach("called", ("已有这种物品。", "There is already an item of this name."), ("kept",)),)
    shows = Columns(
        "called", "kind", "in_stock", "deposits", "limit_days", "deposit", "point", "state", "due_at"
    )

    count_due = deadline("盘点", "Stock-take", "kept", until=count_by, step="count")

    @step(
        "kept",
        None,
        by=[F2, S3],
        label=("盘点", "Stock-take"),
        help=(
            "清点在库数量；与账面不符的须说明。",
            "Count what is there; say why it isn't what the books say.",
        ),
        asks=["counted!", "difference?"],
    )
    def count(self) -> None:
        self.counted_at = clock.now()
        more = (self.counted or 0) - self.in_stock
        if more and self.numbered:
            raise Wrong(
                "counted",
                say(
                    "账面在库 %(there)s，请在“编号物品”里登记缺失或找回的编号。",
                    "The books say %(there)s: please enter the pieces that are missing or turned up.",
                    there=self.in_stock,
                ),
            )
        if more and not self.difference:
            raise Wrong(
                "difference",
                say(
                    "账面在库 %(there)s，盘点 %(counted)s，请说明差异。",
                    "The books say %(there)s, counted were %(counted)s: please say why.",
                    there=self.in_stock,
                    counted=self.counted,
                ),
            )
        self.taken_in += more

    @step(
        "kept",
        None,
        by=[S3],
        label=("入库", "Take in"),
        help=(
            "未编号的物品按数量入库；编号的在“编号物品”里逐件登记。",
            "Pieces without numbers, by how many.",
        ),
        asks=["came!"],
    )
    def take_in(self) -> None:
        if self.numbered:
            raise Wrong("came", say("请在“编号物品”里逐件登记。", "Please enter each numbered piece."))
        self.taken_in += self.came or 0

    @step("kept", "off_loan", by=[S3], label=("停借", "Withdraw"), asks=["remark"], danger=True)
    def withdraw(self) -> None: ...

    @step("off_loan", "kept", by=[S3], label=("恢复外借", "Lend again"))
    def bring_back(self) -> None: ...

    def hint(self) -> str:
        """How many are there."""
        return str(say("在库 %(there)s", "%(there)s in stock", there=self.in_stock))
