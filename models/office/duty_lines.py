"""What a log is made of: the shift's events, and the matters that are open at its end. A record's number and
due time stand there as they were gathered; nobody types them.
"""

from datetime import datetime

from sqlalchemy.orm import Mapped

from app.declaring import Line, fields

MOST = 200  # characters of a line


class Event(Line, of="duty_log"):
    """Something that happened in the shift."""

    happened_at: Mapped[datetime | None] = fields.moment("时间", "At")
    what: Mapped[str] = fields.text("事项", "What happened", max=MOST)

    def _number(self) -> str | None:
        return self.record_number

    record_number: Mapped[str | None] = fields.text(
        "单号", "Record", max=40, search=False, worked_out=_number
    )
    by_whom: Mapped[str | None] = fields.text("经手人", "By", max=60)


class Matter(Line, of="duty_log"):
    """A matter that is open at the end of the shift, and carried on."""

    what: Mapped[str] = fields.text("事项", "Matter", max=MOST)

    def _number(self) -> str | None:
        return self.record_number

    record_number: Mapped[str | None] = fields.text(
        "单号", "Record", max=40, search=False, worked_out=_number
    )

    def _due(self) -> datetime | None:
        return self.due

    due: Mapped[datetime | None] = fields.moment("时限", "Due", worked_out=_due)
    urgent: Mapped[bool] = fields.yes_no("紧急", "Urgent")
    advice: Mapped[str | None] = fields.text("交代", "What to know", max=MOST)
    settled: Mapped[bool] = fields.yes_no("已办结", "Settled")
    of_form: Mapped[str | None] = fields.text("来源", "Comes from", max=40, by_step=True, search=False)
    carried_from: Mapped[int | None] = fields.whole("上一班", "From the last shift", by_step=True)
