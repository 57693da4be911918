"""Roster: who is on duty when, at the desk or another post that holds the shift (S8)."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    OneEach,
    Paper,
    States,
    User,
    act,
    closed,
    deadline,
    fields,
    moving,
    step,
    waiting,
)
from models.duties import F1, M1, P10, S3, S8
from models.keeping import kept
from models.office import shift_hours
from models.office.shift_hours import POSTS, SHIFTS, TAKE_OVER
from models.parts import OFFICE


class Shift(Form, title=("排班", "Shift"), prefix="PB", part=OFFICE):
    """A shift of the roster: its people, and whether somebody held it."""

    label = "slot"
    icon = "clock"
    menu_at = 2
    guide = (
        "主管按天排早、中、夜班；换班要写原因。开始后没有人开值班记录或接班的班次，系统记为“无人到岗”，显示在主管首页。",
        "The supervisor plans the early, middle and night shifts; a change says why. One that began"
        " without a log or a hand-over is marked by the system, and stands on the supervisor's home page.",
    )
    act_words = {"duty_log:open": ("到岗", "came on duty"), "duty_log:over": ("下班", "went off duty")}
    duty_day: Mapped[date] = fields.day("日期", "Day", default=shift_hours.coming_day, sort=True)
    shift: Mapped[str] = fields.choice(
        "班次", "Shift", SHIFTS, default=shift_hours.coming_shift, filter=False
    )
    post: Mapped[str] = fields.choice("岗位", "Post", POSTS, default="desk", filter=True)
    keeper: Mapped[User] = fields.reference("值班负责人", "In charge")
    people: Mapped[list[int]] = fields.references("值班人员", "On duty", lambda: User)
    begins_at: Mapped[datetime | None] = fields.moment(
        "上班时间", "Begins", help=("不填则按班次时间。", "Left open, the shift's own hours.")
    )
    ends_at: Mapped[datetime | None] = fields.moment("下班时间", "Ends")
    swap_reason: Mapped[str | None] = fields.text("换班原因", "Changed because", max=200, by_step=True)
    slot: Mapped[str | None] = fields.text("班次名称", "Shift's name", max=40, by_step=True)

    states = States(
        planned=waiting("已排班", "Planned"),
        manned=moving("当班", "On duty"),
        over=closed("已下班", "Over"),
        unmanned=waiting("无人到岗", "Nobody came", side=True),
        cancelled=closed("已取消", "Cancelled", side=True),
    )
    access = Access(
        read=(M1, S3, S8, F1, P10), create=(S8,), edit=(S8,), export=(M1, S3), import_=(S8,), void=(M1,)
    )
    shows = Columns("slot", "shift", "post", "keeper", "begins_at", "ends_at", "state", "due_at")
    highlights = {"title": "slot", "line": "keeper"}
    paper = Paper(
        title=("客服值班排班表", "Duty roster"),
        register=True,
        landscape=True,
        signs=(("客服主管", "Supervisor"),),
        keep_years=kept("shift", 3),
        columns=(
            "duty_day",
            "shift",
            "post",
            "begins_at",
            "ends_at",
            "keeper",
            "people",
            "swap_reason",
            "state",
        ),
    )
    one_each = (
        OneEach(
            "slot",
            ("这一班已排：%(number)s。", "This shift is planned already: %(number)s."),
            ("planned", "manned", "unmanned", "over"),
        ),
    )
    held = deadline(
        "到岗", "Come on duty", ("planned", "unmanned"), since="begins_at", within=TAKE_OVER, step="swap"
    )
    goes_unmanned = act("planned", "unmanned", ("无人到岗", "Nobody came on duty"), at="held")

    @step(
        ("planned", "unmanned", "manned"),
        None,
        by=[S8],
        label=("换班", "Change"),
        help=("换人值班，写明原因。", "Somebody else is on duty; the reason is noted."),
        asks=["keeper", "people?", "swap_reason!"],
    )
    def swap(self) -> None: ...

    @step(
        ("planned", "unmanned"),
        "cancelled",
        by=[S8],
        label=("取消", "Cancel"),
        help=("这一班不设人。", "Nobody holds this shift."),
        asks=["remark"],
        danger=True,
    )
    def cancel(self) -> None: ...

    @step(
        "manned", "over", by=[S8], label=("下班", "End"), help=("没有值班记录时手工结束。", "Ended by hand.")
    )
    def end(self) -> None: ...

    @step(
        ("planned", "unmanned"),
        "manned",
        by=[S8],
        label=("到岗", "Come on duty"),
        help=("人员已到岗。", "They are there."),
    )
    def begin(self) -> None: ...

    def check(self) -> None:
        """Its hours are the shift's where none are said, and end after they begin; who is in charge is on
        duty.
        """
        begins, ends = shift_hours.span(self.duty_day, self.shift, self.office_id)
        self.begins_at, self.ends_at = self.begins_at or begins, self.ends_at or ends
        shift_hours.check(self.begins_at, self.ends_at)
        if self.keeper_id not in self.people:
            self.people = [self.keeper_id, *self.people]
        self.slot = shift_hours.called(self.duty_day, self.shift, self.post)

    def hint(self) -> str:
        """Who is in charge."""
        return str(self.keeper)
