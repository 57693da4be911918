"""The acts of setting: each a record with its history, added to and never changed; ``declare.in_force`` reads
them.
"""

from datetime import datetime

from sqlalchemy.orm import Mapped

from app.declare import fields
from app.declare.record import Record


class SettingValue(Record, title=("参数设置", "Setting")):
    """A setting was set to a value (None: back to what holds without it), or a coming one withdrawn."""

    label = "setting"
    setting: Mapped[str] = fields.text("参数", "Setting", max=80, search=False)
    value: Mapped[str | None] = fields.long_text("值", "Value", search=False)
    from_at: Mapped[datetime] = fields.moment("生效时间", "In force from")
    everywhere: Mapped[bool] = fields.yes_no("所有管理处", "All offices")
    because: Mapped[str | None] = fields.text("原因", "Because", max=200, search=False)
    withdraws: Mapped[int | None] = fields.whole("撤回", "Withdraws", max=2**62)
