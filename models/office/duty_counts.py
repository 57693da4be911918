"""What a shift counts and hands over, thing by thing: by the books, counted, and the difference."""

from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declaring import Line, fields

COUNTED = {
    "cash": ("现金（元）", "Cash (yuan)"),
    "deposits": ("押金（元）", "Deposits (yuan)"),
    "keys": ("钥匙", "Keys"),
    "gas_cards": ("燃气卡", "Gas cards"),
    "parcels": ("邮件包裹", "Mail and parcels"),
    "loans": ("外借物品", "Items lent"),
    "storage": ("寄存物品", "Things stored"),
    "remotes": ("遥控器", "Remote controls"),
    "papers": ("文件资料", "Papers"),
    "tools": ("工具", "Tools"),
    "other": ("其他", "Other"),
}
MONEY = ("cash", "deposits")
ALWAYS = ("cash", "deposits", "keys", "gas_cards", "parcels", "loans", "storage", "remotes")


class Count(Line, of="duty_log"):
    """One thing counted at the end of a shift. By the books there should be what the records say; of what no
    record tells, what the last shift counted and what came and went since.
    """

    item: Mapped[str] = fields.choice("物品", "Thing", COUNTED)
    detail: Mapped[str | None] = fields.text("说明", "Particulars", max=60)
    by_records: Mapped[Decimal | None] = fields.quantity("系统账面", "By the records", by_step=True)

    def _as_it_was(self) -> Decimal | None:
        return self.opening

    opening: Mapped[Decimal | None] = fields.quantity(
        "上班结存", "From the last shift", worked_out=_as_it_was
    )
    moved: Mapped[Decimal | None] = fields.quantity("本班增减", "Came and went", min=Decimal(-1_000_000))

    def _book(self) -> Decimal:
        if self.by_records is not None:
            return self.by_records
        return (self.opening or Decimal(0)) + (self.moved or Decimal(0))

    book: Mapped[Decimal | None] = fields.quantity("账面", "By the books", worked_out=_book)
    counted: Mapped[Decimal | None] = fields.quantity("实点", "Counted")

    def _difference(self) -> Decimal | None:
        return None if self.counted is None else self.counted - (self.book or Decimal(0))

    difference: Mapped[Decimal | None] = fields.quantity("差异", "Difference", worked_out=_difference)
    reason: Mapped[str | None] = fields.text("差异原因", "Why it differs", max=200)
