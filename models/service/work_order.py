"""Work order (QR-0225SD): a repair from the call to the file."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Mapped

from app.declaring import (
    DAILY,
    Access,
    Columns,
    Form,
    Line,
    Paper,
    States,
    User,
    Wrong,
    becomes,
    clock,
    closed,
    deadline,
    deadlines,
    done,
    fields,
    moving,
    say,
    step,
    waiting,
)
from models.duties import F1, F6, M1, M3, M10, P2, P7, P10, S2, S3, S4
from models.estate.building import Building
from models.estate.customer import Customer
from models.estate.unit import Unit
from models.keeping import kept
from models.parts import SERVICE
from models.service import CHANNELS, RATINGS, repair_figures
from models.service.complaint import Complaint
from models.service.repair_calls import CALLS, TO_COMPLAINT, unhappy
from models.service.repair_choices import CATEGORIES, EXTENTS, GUIDE, OUTCOMES, PAYMENTS, URGENCIES
from models.service.repair_rules import (
    ARRIVED,
    ASSIGNEE,
    FINISHED,
    LOOK_AGAIN,
    PRICE_AGREED,
    TO_FILE,
    arrival,
    begins,
    consented,
    dispatch_within,
    due_look_again,
    emergency_within,
    finish_by,
    finish_within,
    follow_up_within,
    move_arrival,
    paid_within,
    reassigners,
    renewed_arrival,
    sample_within,
    taken_up_ahead,
    to_arrive,
    warranty_within,
)


class Material(Line, of="work_order"):
    """A material used."""

    item: Mapped[str] = fields.text("名称", "Item", max=60)
    unit: Mapped[str | None] = fields.text("单位", "Counted in", max=10)
    quantity: Mapped[Decimal] = fields.quantity("数量", "Quantity", default=Decimal(1))
    price: Mapped[Decimal] = fields.amount("单价", "Unit price", default=Decimal("0.00"))

    def _amount(self) -> Decimal:
        return self.quantity * self.price

    amount: Mapped[Decimal] = fields.amount("金额", "Amount", worked_out=_amount)


class WorkOrder(Form, code="QR-0225SD", title=("派工单", "Work order"), prefix="PG", part=SERVICE):
    """A repair: reported, dispatched, worked on, followed up and filed."""

    icon = "wrench"
    in_diary = ("create", "finish", "escalate")
    carried_over = ("reported", "dispatched", "in_progress", "held")
    menu_at = 1
    on_home = DAILY
    guide = GUIDE
    about = "unit"
    lies_in = ("unit", "building")
    photo_kinds = {"before": ("维修前", "Before"), "after": ("维修后", "After"), "other": ("其他", "Other")}
    report = fields.section("报修", "Report")
    unit: Mapped[Unit | None] = fields.reference(
        "房屋", "Unit", help=("房号、姓名或手机后四位。", "Unit code, a name, or a phone's last four digits.")
    )
    public_area: Mapped[str | None] = fields.text(
        "公共区域",
        "Public area",
        max=60,
        help=("不在房屋内时填写：单元门口、电梯、车库……", "Where it isn't a unit: entrance, lift, garage …"),
    )
    building: Mapped[Building | None] = fields.reference("楼栋", "Building")
    room: Mapped[str | None] = fields.text("房内位置", "Place in the unit", max=40)
    reporter: Mapped[str] = fields.name("报修人", "Reported by")
    customer: Mapped[Customer | None] = fields.reference("客户", "Customer")
    phone: Mapped[str | None] = fields.phone("电话", "Phone")
    channel: Mapped[str] = fields.choice("报修方式", "Reported through", CHANNELS, default="phone")
    category: Mapped[str] = fields.choice("类别", "Category", CATEGORIES, filter=True)
    urgency: Mapped[str] = fields.choice("紧急程度", "Urgency", URGENCIES, default="normal", filter=True)
    extent: Mapped[str] = fields.choice("大小", "Extent", EXTENTS, default="small")
    description: Mapped[str] = fields.long_text("报修内容", "What is to be done")
    public: Mapped[bool] = fields.yes_no("公共维修", "Public works")
    warranty: Mapped[bool] = fields.yes_no("保修", "Under warranty")
    paid: Mapped[bool] = fields.yes_no("有偿", "Paid service")
    leak: Mapped[bool] = fields.yes_no("漏水", "Leak")
    appointed_at: Mapped[datetime | None] = fields.moment("预约时间", "Appointed time")
    late_slip: Mapped[bool] = fields.yes_no(
        "补单",
        "Written up afterwards",
        help=("特急先修后补单。", "An emergency was worked on first; the slip comes after."),
    )

    dispatching = fields.section("派工", "Dispatch", by_step=True)
    assignee: Mapped[User | None] = fields.reference("处理人", "Assignee", filter=True)
    department: Mapped[str | None] = fields.text("部门", "Department", max=40)
    outside_firm: Mapped[str | None] = fields.text("外单位", "Outside firm", max=60)
    firm_consent: Mapped[bool] = fields.yes_no("客户同意外单位维修", "Customer agreed to the outside firm")
    arrive_by: Mapped[datetime | None] = fields.moment("要求到场", "Arrive by", default=None)
    price: Mapped[Decimal | None] = fields.amount("约定价格", "Agreed price")
    price_agreed_by: Mapped[str | None] = fields.name("价格确认人", "Price agreed by")
    price_agreed_at: Mapped[datetime | None] = fields.moment("价格确认时间", "Price agreed at")

    work = fields.section("维修", "Work", by_step=True)
    arrived_at: Mapped[datetime | None] = fields.moment("实际到场", "Arrived at", default=None)
    finished_at: Mapped[datetime | None] = fields.moment("完工时间", "Finished at")
    on_time: Mapped[bool | None] = fields.yes_no("按时完工", "Finished on time", default=None)
    outcome: Mapped[str | None] = fields.choice("修复情况", "Outcome", OUTCOMES)
    not_repaired_because: Mapped[str | None] = fields.text(
        "未修复原因", "Not repaired because", max=200, shown_when={"outcome": "not_repaired"}
    )
    cause: Mapped[str | None] = fields.text("原因", "Cause", max=200)
    work_done: Mapped[str | None] = fields.long_text("维修内容", "Work done")
    materials: Mapped[list[Material]] = fields.lines("用料", "Materials", Material, sums=("amount",))
    labour_fee: Mapped[Decimal] = fields.amount("人工费", "Labour fee", default=Decimal("0.00"))

    def _total(self) -> Decimal:
        return sum((material.amount for material in self.materials), self.labour_fee or Decimal(0))

    total: Mapped[Decimal] = fields.amount("合计", "Total", sort=True, worked_out=_total)
    payment: Mapped[str | None] = fields.choice("付款方式", "Paid by", PAYMENTS)
    customer_signed: Mapped[bool] = fields.yes_no("客户已签字", "Customer signed")
    unsigned_because: Mapped[str | None] = fields.text(
        "未签字原因", "No signature because", max=100, shown_when={"customer_signed": False}
    )

    waiting_for = fields.section("挂起", "On hold", by_step=True)
    hold_reason: Mapped[str | None] = fields.text("挂起原因", "On hold because", max=200)
    hold_until: Mapped[datetime | None] = fields.moment("约定恢复时间", "Taken up again")
    return_reason: Mapped[str | None] = fields.text("退回原因", "Returned because", max=200)
    escalated_at: Mapped[datetime | None] = fields.moment("上报时间", "Escalated")
    escalation: Mapped[str | None] = fields.text("上报原因", "Escalated because", max=200)

    after = fields.section("回访", "Follow-up", by_step=True)
    rating: Mapped[str | None] = fields.rating("评价", "Rating", RATINGS)
    customer_words: Mapped[str | None] = fields.long_text("客户意见", "Customer's words", max=500)
    followed_up_by: Mapped[User | None] = fields.reference("回访人", "Followed up by")
    sample_result: Mapped[str | None] = fields.text("主管抽查", "Supervisor's sample", max=200)
    leak_result: Mapped[str | None] = fields.text("漏水复查", "Leak looked at again", max=200)
    reopened: Mapped[int] = fields.whole("再次上门次数", "Visits again", default=0)
    reopened_at: Mapped[datetime | None] = fields.moment("再次上门登记时间", "Reopened at")

    states = States(
        reported=waiting("已报修", "Reported"),
        dispatched=moving("已派工", "Dispatched"),
        in_progress=moving("处理中", "In progress"),
        held=waiting("挂起", "On hold", side=True),
        finished=done("已完工", "Finished"),
        followed_up=done("已回访", "Followed up"),
        filed=closed("已归档", "Filed"),
    )
    edit_in = ("reported", "dispatched", "in_progress", "held")
    access = Access(
        read=(M1, M3, S2, S3, P2, P7, F1),
        create=(F1, P7, S3),
        edit=(P7, S3),
        export=(M1, M10, S3),
        attach=(F1, P7, S3),
        personal=(M1, S3, S4, P7, P10),
        void=(M1,),
    )
    shows = Columns("number", "unit", "description", "category", "state", "due_at", "assignee", "created_at")
    highlights = {"title": "description", "line": ("unit", "public_area"), "mark": "urgency:emergency"}
    paper = Paper(
        copies=(("存档联", "Filing copy"), ("客户联", "Customer's copy"), ("财务联", "Finance copy")),
        signs=(
            ("维修人", "Repairer"),
            ("客户", "Customer"),
            ("客服主管", "Supervisor"),
            ("归档人", "Filed by"),
        ),
        keep_years=kept("work_order", 3),
    )

    figures = repair_figures.FIGURES

    dispatch_due = deadline("派工", "Dispatch", "reported", since="created_at", within=dispatch_within)
    arrive_due = deadline("到场", "Arrive", "dispatched", until="arrive_by")
    finish_due = deadline("完工", "Finish", "in_progress", since=begins, within=finish_within)
    emergency_due = deadline("完工", "Finish", "in_progress", since=begins, within=emergency_within)
    warranty_due = deadline("完工", "Finish", "in_progress", since=begins, within=warranty_within)
    paid_due = deadline("完工", "Finish", "in_progress", since="price_agreed_at", within=paid_within)
    follow_up_due = deadline("回访", "Follow up", "finished", since="finished_at", within=follow_up_within)
    leak_due = deadline(
        "复查", "Look again", ("finished", "followed_up"), until=due_look_again, step="look_again"
    )
    sample_due = deadline("抽查", "Sample", "followed_up", within=sample_within, step="sample")
    resume_due = deadline("恢复", "Resume", "held", until="hold_until", step="resume")
    escalated_due = deadline(
        "部门负责人处理",
        "Head of department",
        ("reported", "dispatched", "in_progress"),
        until="escalated_at",
        step="reassign",
    )

    calls = CALLS
    to_complaint = becomes(
        Complaint,
        ("转投诉", "Make a complaint"),
        by=[P10, S3],
        while_in=("finished", "followed_up"),
        guards=[unhappy],
        fill=TO_COMPLAINT,
    )

    @step(
        "reported",
        "dispatched",
        by=[P7, S3],
        label=("派工", "Dispatch"),
        help=("派人并要求到场时间。", "Somebody is told to go, by a time."),
        asks=["assignee", "department?", "arrive_by?", "outside_firm?", "firm_consent?"],
        guards=[consented, to_arrive],
        story=(
            "已派给 %(assignee)s，要求 %(arrive_by)s 前到达。",
            "Dispatched to %(assignee)s, to arrive by %(arrive_by)s.",
        ),
    )
    def dispatch(self) -> None:
        self.arrive_by = self.arrive_by or arrival(self)
        self.department = self.department or (self.assignee.department if self.assignee else None)
        self.escalated_at = None

    @step(
        "dispatched",
        "in_progress",
        by=[P7, ASSIGNEE],
        label=("到场", "Arrive"),
        help=("维修人已到场。", "The repairer is there."),
        asks=["arrived_at?"],
        bulk=True,
        story=("已于 %(arrived_at)s 到场。", "Arrived at %(arrived_at)s."),
        guards=ARRIVED,
    )
    def start(self) -> None:
        self.arrived_at = self.arrived_at or clock.now()

    @step(
        "in_progress",
        "finished",
        by=[P7, ASSIGNEE],
        label=("完工", "Finish"),
        help=("维修完成，或写明未能修复的原因。", "The work is done, or it is said why it couldn't be."),
        guards=FINISHED,
        asks=[
            "outcome",
            "not_repaired_because?",
            "cause",
            "work_done",
            "finished_at?",
            "materials?",
            "labour_fee?",
            "payment?",
            "customer_signed?",
            "unsigned_because?",
            "firm_consent?",
            "photos:after?",
        ],
    )
    def finish(self) -> None:
        self.finished_at = self.finished_at or clock.now()
        self.on_time = self.finished_at <= finish_by(self)
        self.labour_fee = self.labour_fee or Decimal("0.00")

    @step(
        "finished",
        "followed_up",
        by=[P10],
        not_by=["assignee"],
        label=("回访", "Follow up"),
        help=(
            "询问客户意见；不满意的重新上门。",
            "The customer is asked how it went; an unhappy one gets a new visit by reopening.",
        ),
        asks=["rating", "customer_words?"],
    )
    def follow_up(self) -> None:
        self.followed_up_by_id = self.acting.id

    @step(
        ("followed_up", "finished"),
        "filed",
        by=[F6],
        label=("归档", "File"),
        help=("整理归档。", "Sorted and put away."),
        bulk=True,
        guards=TO_FILE,
    )
    def file(self) -> None: ...

    @step(
        ("reported", "dispatched", "in_progress"),
        None,
        by=[P7, S3],
        label=("议价", "Agree price"),
        help=("有偿维修开工前客户确认价格。", "The customer agrees to a price before paid work starts."),
        guards=PRICE_AGREED,
        asks=["price", "price_agreed_by", "price_agreed_at?"],
    )
    def agree_price(self) -> None:
        self.paid = True
        self.price_agreed_at = self.price_agreed_at or clock.now()

    @step(
        ("reported", "dispatched", "in_progress"),
        "dispatched",
        by=[P7, S3, M1],
        by_when=reassigners,
        label=("改派", "Reassign"),
        help=(
            "改派他人，也可改由外单位；已上报的由部门负责人指派。",
            "Somebody else goes, an outside firm too; what was escalated is the head of"
            " department's to give.",
        ),
        guards=[consented, to_arrive],
        asks=["assignee", "arrive_by?", "outside_firm?", "firm_consent?", "remark?"],
    )
    def reassign(self) -> None:
        self.arrive_by = renewed_arrival(self)
        self.department = self.assignee.department if self.assignee is not None else self.department
        self.arrived_at = self.escalated_at = None

    @step(
        ("dispatched", "in_progress"),
        "held",
        by=[P7, ASSIGNEE],
        label=("挂起", "Hold"),
        help=(
            "缺件或客户不在，时限暂停。",
            "Parts are missing or the customer is away: the clock stands still.",
        ),
        asks=["hold_reason", "hold_until"],
        guards=[taken_up_ahead],
    )
    def hold(self) -> None:
        deadlines.hold(self)

    @step(
        "held",
        ("in_progress", "dispatched"),
        by=[P7, ASSIGNEE],
        label=("恢复", "Resume"),
        help=("从挂起处继续。", "It goes on where it stood."),
    )
    def resume(self) -> str:
        waited = clock.now() - self.held_at if self.held_at else timedelta(0)
        self.arrive_by = self.arrive_by + waited if self.arrive_by and not self.arrived_at else self.arrive_by
        deadlines.resume(self)
        return "in_progress" if self.arrived_at else "dispatched"

    @step(
        "dispatched",
        "reported",
        by=[P7, ASSIGNEE],
        label=("退回", "Return to dispatch"),
        help=("处理人无法处理，退回派工。", "The assignee can't do it: back to dispatch."),
        asks=["return_reason"],
    )
    def give_back(self) -> None:
        self.assignee_id = self.arrive_by = None

    @step(
        ("finished", "followed_up"),
        "dispatched",
        by=[P7, P10, S3],
        label=("重新上门", "Reopen"),
        help=("客户不满意，再次上门并计次。", "The customer is unhappy: a new visit, counted."),
        asks=["assignee", "arrive_by?", "remark"],
        guards=[to_arrive],
    )
    def reopen(self) -> None:
        self.reopened += 1
        self.reopened_at = clock.now()
        self.arrive_by = renewed_arrival(self)
        self.arrived_at = self.finished_at = self.outcome = self.not_repaired_because = (
            self.unsigned_because
        ) = None
        self.rating = self.customer_words = self.followed_up_by_id = self.sample_result = self.leak_result = (
            None
        )
        self.customer_signed = False

    @step(
        "followed_up",
        None,
        by=[S3],
        not_by=["followed_up_by"],
        label=("抽查", "Sample"),
        help=("主管抽样再次回访。", "The supervisor follows up a second time on a sample."),
        asks=["sample_result"],
    )
    def sample(self) -> None: ...

    @step(
        ("finished", "followed_up"),
        None,
        by=[P10],
        label=("复查", "Look again"),
        help=("漏水修好一段时间后再看一次。", "A leak is looked at once more, some time later."),
        asks=["leak_result"],
        guards=LOOK_AGAIN,
    )
    def look_again(self) -> None: ...

    @step(
        ("dispatched", "in_progress", "held"),
        None,
        by=[P7, S3],
        label=("催办", "Press"),
        help=(
            "催促经办人按时完成，次数记入历史。",
            "Whoever has it is asked to be done on time; the history counts how often.",
        ),
        bulk=True,
    )
    def press(self) -> None: ...

    @step(
        ("reported", "dispatched", "in_progress"),
        None,
        by=[F1],
        label=("上报", "Escalate"),
        help=("前台不能处理的上报部门负责人。", "What the desk can't handle goes to the head of department."),
        asks=["escalation"],
    )
    def escalate(self) -> None:
        self.escalated_at = clock.now()

    def edited(self, before: Mapping[str, Any]) -> None:
        """What was agreed of the arrival follows the urgency and the appointed time."""
        move_arrival(self, before)

    def check(self) -> None:
        """A place is needed; what is appointed lies ahead."""
        if self.unit is None and not self.public_area:
            raise Wrong("unit", say("请填房号或公共区域。", "Please give the unit or the public area."))
        if self.late_slip and self.urgency != "emergency":
            raise Wrong(
                "late_slip",
                say(
                    "只有特急维修可以先修后补单。",
                    "Only an emergency is worked on first and written up afterwards.",
                ),
            )
        if (
            self.appointed_at
            and not self.arrived_at
            and self.state == "reported"
            and self.appointed_at < self.created_at - timedelta(hours=1)
            and not self.late_slip
        ):
            raise Wrong("appointed_at", say("预约时间已过。", "The appointed time lies in the past."))
