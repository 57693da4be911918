"""What a shift counts and hands over, thing by thing: by the books, counted, and the difference."""

from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declaring import Line, fields

COUNTED = {
    "cash": ("现金（元）", "Cash (yuan)"),
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
ALWAYS = ("cash", "keys", "gas_cards", "parcels", "loans", "storage", "remotes")


class Count(Line, of="duty_log"):
    """One thing counted at the end of a shift."""

    item: Mapped[str] = fields.choice("物品", "Thing", COUNTED)
    detail: Mapped[str | None] = fields.text("说明", "Particulars", max=60)
    book: Mapped[Decimal | None] = fields.quantity("账面", "By the books")
    counted: Mapped[Decimal | None] = fields.quantity("实点", "Counted")

    def _difference(self) -> Decimal | None:
        return None if self.counted is None else self.counted - (self.book or Decimal(0))

    difference: Mapped[Decimal | None] = fields.quantity("差异", "Difference", worked_out=_difference)
    reason: Mapped[str | None] = fields.text("差异原因", "Why it differs", max=200)


def counts_to_make() -> list[Count]:
    """The lines a new log begins with: nothing that is always counted can be forgotten."""
    return [Count(item=item, position=at) for at, item in enumerate(ALWAYS)]
