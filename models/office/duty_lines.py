"""What a log is made of: the shift's events, and the matters that are open at its end."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from app.declaring import Line, fields

MOST = 200  # characters of a line


class Event(Line, of="duty_log"):
    """Something that happened in the shift."""

    happened_at: Mapped[datetime | None] = fields.moment("时间", "At")
    what: Mapped[str] = fields.text("事项", "What happened", max=MOST)
    record_number: Mapped[str | None] = fields.text("单号", "Record", max=40, search=False)
    by_whom: Mapped[str | None] = fields.text("经手人", "By", max=60)


class Matter(Line, of="duty_log"):
    """A matter that is open at the end of the shift, and carried on."""

    what: Mapped[str] = fields.text("未结事项", "Open matter", max=MOST)
    record_number: Mapped[str | None] = fields.text("单号", "Record", max=40, search=False)
    urgent: Mapped[bool] = fields.yes_no("紧急", "Urgent")
    due: Mapped[datetime | None] = fields.moment("时限", "Due")
    advice: Mapped[str | None] = fields.text("交代", "What to know", max=MOST)
    settled: Mapped[bool] = fields.yes_no("已办结", "Settled")
    of_form: Mapped[str | None] = fields.text("来源", "Comes from", max=40, by_step=True, search=False)
    carried_from: Mapped[int | None] = fields.whole("上一班", "From the last shift", by_step=True)
