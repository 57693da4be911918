"""Customer interview (QR-0335SD): planned or free, five services scored, each matter followed to its end."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    Paper,
    States,
    User,
    Wrong,
    becomes,
    clock,
    closed,
    deadline,
    done,
    fields,
    moving,
    not_ahead,
    say,
    step,
    waiting,
)
from models.duties import M1, M10, P11, S3, S5, S6
from models.estate.building import Building
from models.estate.customer import Customer
from models.estate.unit import Unit
from models.keeping import kept
from models.parts import SERVICE
from models.service import interview_figures
from models.service import interview_rules as rules
from models.service.complaint import Complaint
from models.service.interview_choices import (
    AUDIENCES,
    GUIDE,
    HELD,
    OCCASIONS,
    SCORES,
    WAYS,
    PersonalTextKind,
)
from models.service.interview_rules import Matter, Question
from models.service.work_order import WorkOrder


class Interview(Form, code="QR-0335SD", title=("客户访谈", "Interview"), prefix="FT", part=SERVICE):
    """A talk with a customer about the services, from its plan until nothing of it is left to do."""

    icon = "people"
    menu_at = 5
    guide = GUIDE
    about = "unit"
    lies_in = ("unit", "building")
    planning = fields.section("访谈安排", "Plan")
    occasion: Mapped[str] = fields.choice("类型", "Occasion", OCCASIONS, default="planned", filter=True)
    audience: Mapped[str] = fields.choice("访谈对象", "Whom", AUDIENCES, default="household", filter=True)
    unit: Mapped[Unit | None] = fields.reference(
        "房屋", "Unit", help=("房号、姓名或手机后四位。", "Unit code, a name, or a phone's last four digits.")
    )
    building: Mapped[Building | None] = fields.reference("楼栋", "Building")
    customer: Mapped[Customer | None] = fields.reference("客户", "Customer")
    interviewee: Mapped[str | None] = fields.name("受访人", "Interviewee")
    phone: Mapped[str | None] = fields.phone("电话", "Phone")
    interviewers: Mapped[list[int]] = fields.references("访谈人", "Interviewers", lambda: User)
    way: Mapped[str] = fields.choice("访谈方式", "Way", WAYS, default="home")
    place: Mapped[str | None] = fields.text("地点", "Place", max=80)
    appointed_at: Mapped[datetime] = fields.moment("约定时间", "Appointed for")
    questions: Mapped[list[Question]] = fields.lines("访谈问题", "Questions", Question, at_most=10)

    scoring = fields.section("满意度", "Satisfaction", by_step=True)
    met_at: Mapped[datetime | None] = fields.moment("访谈时间", "Held at")
    security: Mapped[str | None] = fields.rating("秩序安全", "Security", SCORES)
    cleaning: Mapped[str | None] = fields.rating("清洁", "Cleaning", SCORES)
    greenery: Mapped[str | None] = fields.rating("绿化", "Greenery", SCORES)
    repair: Mapped[str | None] = fields.rating("维修", "Repair", SCORES)
    desk: Mapped[str | None] = fields.rating("客服", "Desk", SCORES)

    hearing = fields.section("意见与跟进", "Opinions and what follows", by_step=True)
    suggestions: Mapped[str | None] = fields.long_text("意见和建议", "Suggestions", max=1000)
    personal_notes: Mapped[str | None] = fields.of_kind(
        "个性化信息",
        "Personal notes",
        PersonalTextKind(500),
        wide=True,
        search=False,
        help=("家庭情况、习惯和需要照顾之处。", "Family, habits, and what needs care."),
    )
    matters: Mapped[list[Matter]] = fields.lines("待跟进事项", "Matters to follow", Matter, at_most=20)
    measures: Mapped[str | None] = fields.long_text("处理及改进措施", "Measures", max=1000)
    sign_offered: Mapped[bool] = fields.yes_no("已请客户签名", "Signature offered")
    signed: Mapped[bool] = fields.yes_no("客户已签名", "Signed", shown_when={"sign_offered": True})

    reviewing = fields.section("复核", "Review", by_step=True)
    review: Mapped[str | None] = fields.text("复核意见", "Review", max=300, wide=True)
    reviewed_by: Mapped[User | None] = fields.reference("复核人", "Reviewed by")

    states = States(
        planned=waiting("待访谈", "Planned"),
        held=moving("已访谈", "Held"),
        reviewed=done("已复核", "Reviewed"),
        closed=closed("已关闭", "Closed"),
    )
    access = Access(
        read=(M1, M10, S3, S5, S6, P11),
        create=(S5, P11),
        edit=(S5, P11),
        export=(M10, S6),
        attach=(S5, P11),
        personal=(M1, S5, P11),
        void=(M1,),
    )
    shows = Columns("number", "unit", "interviewee", "audience", "state", "due_at", "appointed_at", "met_at")
    highlights = {"title": ("interviewee", "audience"), "line": ("unit", "place")}
    paper = Paper(
        title=("客户访谈记录", "Record of an interview"),
        signs=(
            ("访谈人", "Interviewer"),
            ("客户（自愿）", "Customer, if they like"),
            ("复核人", "Reviewed by"),
        ),
        keep_years=kept("interview", 3),
    )

    figures = interview_figures.FIGURES
    hold_due = deadline("访谈", "Interview", "planned", until="appointed_at")

    to_order = becomes(
        WorkOrder,
        ("转派工单", "Make a work order"),
        by=[S5, P11],
        each="matters",
        while_in=("held", "reviewed"),
        fill=rules.TO_ORDER,
    )
    to_complaint = becomes(
        Complaint,
        ("转投诉", "Make a complaint"),
        by=[S5, P11],
        each="matters",
        while_in=("held", "reviewed"),
        fill=rules.TO_COMPLAINT,
    )

    @step(
        "planned",
        "held",
        by=[S5, P11],
        label=("记录访谈", "Put down"),
        help=(
            "访谈已进行：评分、回答、意见和待跟进事项。",
            "It was held: scores, answers, opinions, matters.",
        ),
        asks=HELD,
        guards=[rules.something_said, not_ahead("met_at")],
    )
    def hold(self) -> None:
        self.met_at = self.met_at or clock.now()

    @step(
        "held",
        "reviewed",
        by=[S5],
        label=("复核", "Review"),
        help=("主管看过并给出意见。", "The supervisor read it and says what is to be done."),
        asks=["review", "measures?"],
    )
    def look_over(self) -> None:
        self.reviewed_by_id = self.acting.id

    @step(
        ("held", "reviewed"),
        None,
        by=[S5, P11],
        label=("办理事项", "Settle matters"),
        help=("逐项写明答复或交办的结果。", "How each matter was answered, or to whom it was given."),
        asks=["matters?"],
        guards=[rules.none_dropped],
    )
    def settle(self) -> None: ...

    @step(
        "reviewed",
        "closed",
        by=[S5, P11],
        label=("关闭", "Close"),
        help=("所有事项都有着落。", "Nothing of it is left to do."),
        guards=[rules.nothing_open],
    )
    def close(self) -> None: ...

    def check(self) -> None:
        """A household has its unit; what is appointed newly lies ahead, unless it came about by itself."""
        if self.audience == "household" and self.unit is None:
            raise Wrong("unit", say("访谈住户请填房号。", "Please give the household's unit."))
        ahead = clock.now() - timedelta(hours=1)
        if not self.version and self.occasion == "planned" and self.appointed_at < ahead:
            raise Wrong("appointed_at", say("约定时间已过。", "The appointed time lies in the past."))
