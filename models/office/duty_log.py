"""Duty log (QR-0332SD): one sheet a shift, handed over by one person and taken over by another."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    Holder,
    OneEach,
    Person,
    States,
    User,
    clock,
    closed,
    deadline,
    done,
    fields,
    moving,
    needed_when,
    not_ahead,
    step,
    waiting,
)
from models.duties import F1, M1, P10, S3, S8
from models.office import duty_choices as choices
from models.office import duty_gather, shift_hours
from models.office import duty_rules as rules
from models.office.duty_counts import MONEY, Count
from models.office.duty_lines import Event, Matter
from models.office.shift import Shift
from models.office.shift_hours import POSTS, RELIEF, REVIEW, SHIFTS, SIGN, TAKE_OVER
from models.parts import OFFICE

KEEPER, TAKER = Holder("keeper"), Holder("handed_to")


class DutyLog(Form, code="QR-0332SD", title=("值班记录", "Duty log"), prefix="ZB", part=OFFICE):
    """A shift at a desk: what happened, what is open, what was counted, who handed it to whom."""

    icon = "clock"
    menu_at = 1
    guide = choices.GUIDE
    heading = fields.section("班次", "Shift")
    duty_day: Mapped[date] = fields.day("日期", "Day", default=shift_hours.coming_day, once=True, sort=True)
    shift: Mapped[str] = fields.choice("班次", "Shift", SHIFTS, default=shift_hours.coming_shift, once=True)
    post: Mapped[str] = fields.choice("岗位", "Post", POSTS, default="desk", once=True, filter=True)
    begins_at: Mapped[datetime | None] = fields.moment(
        "上班时间", "Begins", help=("不填则按班次时间。", "Left open, the shift's own hours.")
    )
    ends_at: Mapped[datetime | None] = fields.moment("下班时间", "Ends")
    weather: Mapped[str | None] = fields.choice("天气", "Weather", choices.WEATHER)
    keeper: Mapped[User | None] = fields.reference(
        "值班负责人", "In charge", help=("不填则为登记人。", "Left open, whoever opens the log.")
    )
    on_duty: Mapped[list[int]] = fields.references("值班人员", "On duty", lambda: User)
    slot: Mapped[str | None] = fields.text("班次名称", "Shift's name", max=40, by_step=True)
    roster: Mapped[Shift | None] = fields.reference("排班", "Roster", by_step=True)
    previous_number: Mapped[str | None] = fields.text(
        "上一班记录", "Log before", max=40, by_step=True, search=False
    )
    next_number: Mapped[str | None] = fields.text(
        "下一班记录", "Log after", max=40, by_step=True, search=False
    )

    events_of = fields.section("本班情况", "Events of the shift")
    instructions: Mapped[str | None] = fields.long_text("上级指示", "Instructions from above", max=1000)
    events: Mapped[list[Event]] = fields.lines("本班事项", "Events", Event, at_most=2000)
    gathered_until: Mapped[datetime | None] = fields.moment("收集至", "Gathered until", by_step=True)
    emergencies: Mapped[str | None] = fields.long_text("突发事件", "Emergencies", max=1000)

    open_of = fields.section("未结事项", "Open matters")
    matters: Mapped[list[Matter]] = fields.lines("未结事项", "Open matters", Matter, at_most=2000)

    counting = fields.section("清点", "Count")
    counts: Mapped[list[Count]] = fields.lines("清点", "Count", Count, at_most=40)

    giving = fields.section("交班", "Handing over", by_step=True)
    handed_to: Mapped[User | None] = fields.reference("交给", "Handed to")
    handed_over_by: Mapped[User | None] = fields.reference("交班人", "Handed over by")
    handed_over_at: Mapped[datetime | None] = fields.moment("交班时间", "Handed over at")
    no_show_at: Mapped[datetime | None] = fields.moment("无人接班", "Nobody came")
    no_show_note: Mapped[str | None] = fields.text(
        "未到人员及处理", "Who didn't come, what was done", max=200
    )

    taking = fields.section("接班", "Taking over", by_step=True)
    arrived_at: Mapped[datetime | None] = fields.moment("到岗时间", "Arrived at")
    taken_over_by: Mapped[User | None] = fields.reference("接班人", "Taken over by")
    taken_over_at: Mapped[datetime | None] = fields.moment("接班时间", "Taken over at")
    agrees: Mapped[str | None] = fields.choice("接班意见", "The taker", choices.AGREES)
    difference: Mapped[str | None] = fields.long_text("接班异常情况", "What differs", max=500)
    refusal: Mapped[str | None] = fields.choice("拒接原因", "Refused because", choices.REFUSALS)
    refusal_note: Mapped[str | None] = fields.text("拒接说明", "About the refusal", max=200)
    refused_by: Mapped[User | None] = fields.reference("拒接人", "Refused by")
    times_refused: Mapped[int] = fields.whole("拒接次数", "Times refused", default=0)

    reviewing = fields.section("主管审阅", "Review", by_step=True)
    signed_by: Mapped[User | None] = fields.reference("差异签认人", "Difference signed by")
    sign_opinion: Mapped[str | None] = fields.text("差异处理意见", "About the difference", max=200)
    reviewed_by: Mapped[User | None] = fields.reference("审阅人", "Reviewed by")
    opinion: Mapped[str | None] = fields.long_text("审阅意见", "Opinion", max=500)

    states = States(
        running=moving("当班", "On duty"),
        handed_over=waiting("待接班", "Handed over"),
        differs=waiting("差异待签", "Difference to sign", side=True),
        closed=done("已接班", "Taken over"),
        reviewed=closed("已审阅", "Reviewed"),
    )
    access = Access(
        read=(M1, S3, S8, F1, P10), create=(F1, P10, S3), edit=(F1, P10, S3), export=(M1, S3), void=(M1,)
    )
    shows = Columns("number", "slot", "post", "keeper", "handed_over_by", "taken_over_by", "state", "due_at")
    highlights = {"title": "slot", "line": ("taken_over_by", "handed_over_by", "keeper")}
    paper = choices.PAPER
    one_each = (
        OneEach(
            "slot",
            ("这一班已有值班记录：%(number)s。", "This shift has its log: %(number)s."),
            ("running", "handed_over", "differs", "closed", "reviewed"),
        ),
    )

    def _hand_over_by(self) -> datetime | None:
        return RELIEF.after(self.no_show_at, self) if self.no_show_at else self.ends_at

    hand_over_due = deadline("交班", "Hand over", "running", until=_hand_over_by, step="hand_over")
    take_over_due = deadline("接班", "Take over", "handed_over", within=TAKE_OVER)
    sign_due = deadline("签认差异", "Sign the difference", "differs", within=SIGN)
    review_due = deadline("审阅", "Review", "closed", within=REVIEW)

    @step(
        "running",
        None,
        by=[KEEPER, F1, P10, S3],
        label=("收集本班记录", "Gather"),
        help=(
            "从各表单收集本班发生的事项和未结事项；已写的交代保留，可再修改。",
            "What happened in the shift and what is open is gathered from the forms; what was written stays.",
        ),
    )
    def gather(self) -> None:
        duty_gather.gather(self)

    @step(
        "running",
        "handed_over",
        by=[KEEPER, S3],
        label=("交班", "Hand over"),
        help=(
            "逐项清点、交代未结事项后交班，本班事项自动收集；接班前仍由您留岗。",
            "Counted, every open matter said; events are gathered. Until it is taken over you stay.",
        ),
        asks=["handed_to?", "remark?"],
        guards=[rules.at_its_end, rules.counted, rules.explained, rules.open_matters_said],
    )
    def hand_over(self) -> None:
        rules.mention_all(self)
        duty_gather.gather(self)
        self.handed_over_by_id, self.handed_over_at = self.acting.id, clock.now()

    @step(
        "handed_over",
        ("closed", "differs"),
        by=[F1, P10, S3, TAKER],
        not_by=["hand_over", "keeper"],
        label=("接班", "Take over"),
        help=(
            "核对清点和未结事项后接班；有差异的写明。",
            "What was counted and what is open is looked at; a difference is noted.",
        ),
        asks=["arrived_at?", "agrees", "difference?"],
        guards=[not_ahead("arrived_at"), needed_when("difference", {"agrees": "no"})],
    )
    def take_over(self) -> str:
        self.taken_over_by_id, self.taken_over_at = self.acting.id, clock.now()
        self.arrived_at = self.arrived_at or clock.now()
        cash = any(line.item in MONEY and line.difference for line in self.counts)
        self.next_number = rules.next_shift(self)
        return "differs" if cash or self.agrees == "no" else "closed"

    @step(
        "handed_over",
        "running",
        by=[F1, P10, S3, TAKER],
        not_by=["hand_over", "keeper"],
        label=("拒接", "Refuse"),
        help=("退回交班人继续当班。", "It goes back to the giver, who stays on duty."),
        asks=["refusal!", "refusal_note!"],
        danger=True,
    )
    def refuse(self) -> None:
        self.refused_by_id, self.times_refused = self.acting.id, self.times_refused + 1

    @step(
        ("running", "handed_over"),
        "running",
        by=[KEEPER, S3],
        label=("无人接班", "Nobody came"),
        help=("交班人留岗，等人接班后再交。", "The giver stays, and hands over when somebody comes."),
        asks=["no_show_note!"],
        guards=[rules.at_its_end],
    )
    def nobody_came(self) -> None:
        self.no_show_at = clock.now()

    @step(
        "differs",
        "closed",
        by=[S3],
        not_by=["hand_over", "take_over", "keeper"],
        label=("签认差异", "Sign the difference"),
        help=("主管核实差异并签认。", "The supervisor has looked into it."),
        asks=["sign_opinion"],
    )
    def sign(self) -> None:
        self.signed_by_id = self.acting.id

    @step(
        "closed",
        "reviewed",
        by=[S3],
        not_by=["hand_over", "take_over", "keeper"],
        label=("审阅", "Review"),
        help=("主管审阅本班记录。", "The supervisor reads the log."),
        asks=["opinion?"],
        bulk=True,
    )
    def review(self) -> None:
        self.reviewed_by_id = self.acting.id

    def check(self) -> None:
        """Its hours are the shift's, and not to come; who is in charge is on duty; what is always counted
        stands there.
        """
        self.slot = shift_hours.called(self.duty_day, self.shift, self.post)
        if not self.version:
            rules.opened(self)
        rules.right_hours(self)
        if self.state == "running":
            duty_gather.refresh_counts(self)
        if self.keeper_id and self.keeper_id not in self.on_duty:
            self.on_duty = [self.keeper_id, *self.on_duty]

    def saved(self, person: Person) -> None:
        """The roster says so: on duty while the log is open, off duty when it was taken over."""
        rules.tell_roster(self, person)
