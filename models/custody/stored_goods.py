"""What somebody left, thing by thing."""

from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declaring import Line, fields


class Goods(Line, of="storage"):
    """One kind of thing, as it was looked at when it came."""

    what: Mapped[str] = fields.text("品名", "What", max=60)
    pieces: Mapped[int] = fields.whole("数量", "Count", min=1, max=999, default=1)
    features: Mapped[str | None] = fields.text("特征", "Features", max=120)
    value: Mapped[Decimal | None] = fields.amount("申报价值", "Declared value")
