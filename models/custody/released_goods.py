"""The lines of a release slip: what leaves, and how many of it."""

from sqlalchemy.orm import Mapped

from app.declaring import Line, fields

KINDS = {
    "household": ("家具家电及贵重物品", "Furniture, appliances, valuables"),
    "office": ("办公家具及设备", "Office furniture and machines"),
    "materials": ("建材及工具", "Building materials and tools"),
    "equipment": ("维修或报废设备", "Repaired or scrapped equipment"),
    "other": ("其他", "Other"),
}


class Goods(Line, of="release_slip"):
    """Goods that leave."""

    item: Mapped[str] = fields.text("名称", "Item", max=60)
    kind: Mapped[str] = fields.choice("类别", "Kind", KINDS, default="household")
    count: Mapped[int] = fields.whole("数量", "Count", min=1, max=99_999, default=1)
    counted_in: Mapped[str | None] = fields.text("单位", "Counted in", max=10)
