"""Complaint (QR-0226SD): from the desk to the closing, approved by level, never followed up by the one who
handled it alone.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declaring import (
    DAILY,
    Access,
    Call,
    Columns,
    Form,
    Holder,
    Paper,
    Setting,
    States,
    User,
    Wrong,
    act,
    clock,
    closed,
    deadline,
    done,
    fields,
    moving,
    not_ahead,
    not_before,
    say,
    step,
    waiting,
)
from models.duties import F1, M1, M9, M10, P8, P10, S2, S3, S4
from models.estate.building import Building
from models.estate.customer import Customer
from models.estate.unit import Unit
from models.keeping import kept
from models.parts import SERVICE
from models.service import CHANNELS, RATINGS, complaint_figures
from models.service.complaint_limits import CLOSE, FIRST_ANSWER, FOLLOW_UP, PLAN
from models.service.complaint_rules import (
    SINCE,
    accepters,
    answer_approved,
    answered_from,
    approvers,
    assigners,
    become_major,
    closers,
    drafted,
    escalate_late,
    first_answer_by,
    is_major,
    month_old,
    only_class_c,
    plan_approved,
    planned,
    rise,
    unanswered_by,
)

SOURCES = {**CHANNELS, "government": ("政府部门", "Government"), "media": ("媒体", "Media")}
SUBJECTS = {
    "security": ("秩序安全", "Security"),
    "cleaning": ("清洁", "Cleaning"),
    "greenery": ("绿化", "Greenery"),
    "repair": ("维修", "Repair"),
    "facilities": ("设施设备", "Facilities"),
    "attitude": ("服务态度", "Staff attitude"),
    "fees": ("收费", "Fees"),
    "neighbours": ("邻里", "Neighbours"),
    "other": ("其他", "Other"),
}
CLASSES = {
    "A": ("A 类：我方服务", "A: our service"),
    "B": ("B 类：开发遗留", "B: builder's defect"),
    "C": ("C 类：外部或社会原因", "C: outside or social causes"),
}
LEVELS = {"general": ("一般", "General"), "serious": ("严重", "Serious"), "major": ("重大", "Major")}
NATURES = {
    "open": ("待查", "To be found"),
    "justified": ("有效", "Justified"),
    "unjustified": ("无效", "Unjustified"),
}
WAYS = {
    "phone": ("电话", "Telephone"),
    "visit": ("上门", "Visit"),
    "counter": ("前台", "Counter"),
    "written": ("书面", "In writing"),
}
OPEN = ("received", "investigating", "proposed", "handling", "answered", "followed_up")
HANDLER = Holder("handler")


class Complaint(Form, code="QR-0226SD", title=("客户投诉", "Complaint"), prefix="TS", part=SERVICE):
    """A customer's complaint."""

    icon = "message"
    in_diary = ("create", "reply", "escalate")
    carried_over = ("received", "investigating", "proposed", "handling", "answered")
    menu_at = 2
    on_home = DAILY
    guide = (
        "受理时定级别、类别和经办人。经办人提出方案，一般的由主管批准，严重和重大的由经理批准；书面答复要先批准再"
        "发出；回访不能由经办人自己做。客户不满意，自动退回调查并计次。",
        "Accepting sets level, class and handler. The supervisor approves a general plan, the manager a"
        " serious or major one. A written answer is approved before it goes. The handler never does the"
        " follow-up.",
    )
    about = "unit"
    lies_in = ("unit", "building")
    report = fields.section("客户投诉", "Complaint")
    channel: Mapped[str] = fields.choice("投诉方式", "Came through", SOURCES, default="phone")
    complainant: Mapped[str] = fields.name("投诉人", "Complainant")
    customer: Mapped[Customer | None] = fields.reference("客户", "Customer")
    phone: Mapped[str | None] = fields.phone("电话", "Phone")
    unit: Mapped[Unit | None] = fields.reference(
        "房屋", "Unit", help=("房号、姓名或手机后四位。", "Unit code, a name, or a phone's last four digits.")
    )
    building: Mapped[Building | None] = fields.reference("楼栋", "Building")
    happened_at: Mapped[datetime | None] = fields.moment("发生时间", "Happened")
    happened_where: Mapped[str | None] = fields.text("发生地点", "Where", max=80)
    subject: Mapped[str] = fields.choice("投诉事项", "About", SUBJECTS, filter=True)
    complained_of: Mapped[User | None] = fields.reference("被投诉人", "Person complained about")
    statement: Mapped[str] = fields.long_text("投诉内容", "Statement")
    demand: Mapped[str | None] = fields.long_text("客户要求", "Customer's demand", max=500)
    people_count: Mapped[int] = fields.whole(
        "涉及人数", "People on this matter", min=1, max=100000, default=1
    )
    heavy_loss: Mapped[bool] = fields.yes_no("受伤或重大损失", "Injury or heavy loss")
    escalated_at: Mapped[datetime | None] = fields.moment("上报时间", "Escalated", by_step=True)
    escalation: Mapped[str | None] = fields.text("上报原因", "Escalated because", max=200, by_step=True)

    judging = fields.section("定性", "Judgement", by_step=True)
    level: Mapped[str | None] = fields.choice("级别", "Level", LEVELS, filter=True)
    judged: Mapped[str | None] = fields.choice("初定级别", "Level as judged", LEVELS)
    class_: Mapped[str | None] = fields.choice("类别", "Class", CLASSES)
    nature: Mapped[str] = fields.choice("性质", "Nature", NATURES, default="open")
    handler: Mapped[User | None] = fields.reference("经办人", "Handler", filter=True)
    accepted_at: Mapped[datetime | None] = fields.moment("受理时间", "Accepted at")
    department: Mapped[str | None] = fields.text("责任部门", "Department responsible", max=40)

    finding = fields.section("调查与措施", "Investigation and measures", by_step=True)
    investigation: Mapped[str | None] = fields.long_text("调查情况", "Investigation")
    cause: Mapped[str | None] = fields.long_text("原因", "Cause", max=500)
    measures: Mapped[str | None] = fields.long_text("处理措施", "Measures")
    prevention: Mapped[str | None] = fields.long_text("预防措施", "Prevention", max=500)
    compensation: Mapped[Decimal | None] = fields.amount("补偿金额", "Compensation")
    proposed_by: Mapped[User | None] = fields.reference("方案提出人", "Proposed by")
    sent_back_because: Mapped[str | None] = fields.text("退回原因", "Sent back because", max=200)

    answering = fields.section("答复", "Answer", by_step=True)
    answer_way: Mapped[str | None] = fields.choice("答复方式", "Answered by", WAYS)
    answer: Mapped[str | None] = fields.long_text("答复内容", "Answer to the customer")
    approved_answer: Mapped[str | None] = fields.long_text("批准的答复", "Answer as approved")
    answer_approved_by: Mapped[User | None] = fields.reference("书面答复批准人", "Written answer approved by")
    answered_at: Mapped[datetime | None] = fields.moment("答复时间", "Answered at")
    referred_to: Mapped[str | None] = fields.text("转介单位", "Referred to", max=100)

    after = fields.section("回访", "Follow-up", by_step=True)
    satisfied: Mapped[str | None] = fields.choice(
        "满意", "Satisfied", {"yes": ("是", "Yes"), "no": ("否", "No")}
    )
    rating: Mapped[str | None] = fields.rating("评价", "Rating", RATINGS)
    customer_words: Mapped[str | None] = fields.long_text("客户意见", "Customer's words", max=500)
    followed_up_by: Mapped[User | None] = fields.reference("回访人", "Followed up by")
    returned: Mapped[int] = fields.whole("不满意退回次数", "Came back unsatisfied", default=0)

    states = States(
        received=waiting("待受理", "Received"),
        investigating=moving("调查中", "Under investigation"),
        proposed=waiting("待审批", "Plan proposed"),
        handling=moving("处理中", "In handling"),
        answered=done("已答复", "Answered"),
        followed_up=done("已回访", "Followed up"),
        closed=closed("已关闭", "Closed"),
    )
    edit_in = ("received", "investigating")
    access = Access(
        read=(M1, M9, M10, S2, S4, P8, F1),
        create=(F1, P8, S4),
        edit=(P8, S4),
        export=(M10, S3),
        attach=(F1, P8, S4),
        personal=(M1, M9, S4, P8, P10),
        void=(M1,),
    )
    shows = Columns(
        "number", "unit", "statement", "subject", "level", "state", "due_at", "handler", "created_at"
    )
    highlights = {"title": "statement", "line": "unit", "mark": "level:major"}
    paper = Paper(
        title=("客户投诉处理单", "Complaint form"),
        signs=(
            ("客户", "Customer"),
            ("经办人", "Handler"),
            ("客服主管", "Supervisor"),
            ("客服经理", "Manager"),
        ),
        keep_years=kept("complaint", 3),
    )

    figures = complaint_figures.FIGURES

    first_answer_due = deadline(
        "首次答复", "First answer", "received", since="created_at", within=FIRST_ANSWER
    )
    plan_due = deadline("处理方案", "Plan", ("investigating", "proposed"), since="accepted_at", within=PLAN)

    def _close_within(self) -> Setting[int]:
        return CLOSE[self.judged or self.level or "general"]

    close_due = deadline(
        "关闭",
        "Close",
        OPEN[1:],
        since="created_at",
        within=_close_within,
    )
    escalated_due = deadline("部门负责人处理", "Head of department", "received", until="escalated_at")
    escalates = act(
        "received",
        None,
        ("逾期未受理，上报", "Not taken up: escalated"),
        at=first_answer_by,
        does=escalate_late,
    )
    rises = act(OPEN[1:4], None, ("逾期未答复，升级", "Unanswered: a step up"), at=unanswered_by, does=rise)
    ages = act(
        OPEN[:5],
        None,
        ("久未解决，定为重大", "Unsolved for long: major"),
        at=month_old,
        does=become_major,
    )
    follow_up_due = deadline("回访", "Follow up", "answered", since="answered_at", within=FOLLOW_UP)
    calls = (
        Call(
            "follow_up",
            due="follow_up_due",
            who="complainant",
            phone="phone",
            tells=("statement", "measures", "answer", "answered_at", "handler"),
            rule=("答复后全部回访，不由经办人自己做。", "Every one that was answered, never by its handler."),
        ),
    )

    @step(
        "received",
        "investigating",
        by=[P8, S4, M9],
        by_when=accepters,
        label=("受理", "Accept"),
        help=("听取、定性并交经办人。", "Heard, judged and given to a handler."),
        asks=["level", "class_", "handler", "department?"],
        story=("已受理，由 %(handler)s 经办。", "Accepted; %(handler)s handles it."),
    )
    def accept(self) -> None:
        self.accepted_at = clock.now()
        self.judged = "major" if is_major(self) else self.level

    @step(
        "investigating",
        "proposed",
        by=[HANDLER],
        label=("提出方案", "Propose"),
        help=("经办人说明查明的情况和处理措施。", "The handler says what was found and what is to be done."),
        asks=["investigation?", "cause", "measures", "nature", "compensation?"],
    )
    def propose(self) -> None:
        self.proposed_by_id = self.acting.id

    @step(
        "proposed",
        "handling",
        by=[S3, M9],
        by_when=approvers,
        not_by=["handler", "proposed_by"],
        label=("批准", "Approve"),
        help=("按级别批准方案。", "The plan is agreed to, by level."),
        guards=[planned],
    )
    def approve(self) -> None: ...

    @step(
        "proposed",
        "investigating",
        by=[S3, M9],
        by_when=approvers,
        not_by=["handler", "proposed_by"],
        label=("退回重拟", "Send back"),
        help=("方案不妥，退回。", "The plan doesn't do."),
        asks=["sent_back_because"],
    )
    def send_back(self) -> None: ...

    @step(
        ("investigating", "handling"),
        None,
        by=[HANDLER],
        label=("起草答复", "Draft answer"),
        help=("书面答复先起草，批准后发出。", "A written answer is drafted, to be approved before it goes."),
        asks=["answer_way", "answer"],
        guards=[plan_approved],
    )
    def draft_answer(self) -> None:
        self.answer_approved_by_id = self.approved_answer = None

    @step(
        ("investigating", "handling"),
        None,
        by=[S3, M9],
        by_when=approvers,
        not_by=["handler", "proposed_by"],
        label=("批准答复", "Approve answer"),
        help=("书面答复可以发出。", "The written answer may go."),
        guards=[drafted],
    )
    def approve_answer(self) -> None:
        self.approved_answer = self.answer
        self.answer_approved_by_id = self.acting.id

    @step(
        "handling",
        "answered",
        by=[HANDLER],
        label=("答复", "Answer"),
        help=("客户已得到答复。", "The customer has the answer."),
        asks=["answer_way", "answer", "answered_at?", "prevention?"],
        guards=[answer_approved, not_before("answered_at", answered_from, SINCE), not_ahead("answered_at")],
    )
    def reply(self) -> None:
        self.answered_at = self.answered_at or clock.now()

    @step(
        "investigating",
        "answered",
        by=[HANDLER],
        label=("解释转介", "Explain and refer"),
        help=("超出权限：向客户解释并转介。", "Outside our powers: explained, and referred to whoever can."),
        asks=["referred_to", "answer_way", "answer"],
        guards=[only_class_c, answer_approved],
    )
    def refer(self) -> None:
        self.answered_at = clock.now()

    @step(
        "answered",
        ("followed_up", "investigating"),
        by=[P10],
        not_by=["handler", "complained_of"],
        label=("回访", "Follow up"),
        help=(
            "回访客户；不满意退回调查并计次。",
            "The customer is asked; unsatisfied goes back under investigation, counted.",
        ),
        asks=["satisfied", "rating", "customer_words?"],
    )
    def follow_up(self) -> str:
        self.followed_up_by_id = self.acting.id
        if self.satisfied == "yes":
            return "followed_up"
        self.returned += 1
        self.accepted_at = clock.now()
        self.answer_approved_by_id = self.approved_answer = self.answered_at = None
        return "investigating"

    @step(
        "followed_up",
        "closed",
        by=[S3, M10],
        by_when=closers,
        not_by=["handler", "proposed_by"],
        label=("关闭", "Close"),
        help=("已解决，客户认可。", "Settled, and the customer said so."),
    )
    def close(self) -> None: ...

    @step(
        OPEN[1:4],
        None,
        by=[M9, S3],
        by_when=assigners,
        label=("指派", "Assign"),
        help=("更换经办人；升级的由经理接手。", "Another handler; the manager takes over what escalated."),
        asks=["handler", "department?"],
    )
    def assign(self) -> None: ...

    @step(
        OPEN[1:4],
        None,
        by=[M9],
        label=("调整级别", "Change level"),
        help=("经理重新判定级别。", "The manager judges anew how serious it is."),
        asks=["level"],
    )
    def regrade(self) -> None:
        self.judged = self.level

    @step(
        "received",
        None,
        by=[F1],
        label=("上报", "Escalate"),
        help=(
            "前台不能处理的，立即上报部门负责人。",
            "What the desk can't handle goes to the head of department at once.",
        ),
        asks=["escalation"],
    )
    def escalate(self) -> None:
        self.escalated_at = clock.now()

    def check(self) -> None:
        """What is major by rule is major, before anybody judged it too; a handler isn't the one complained
        about.
        """
        if is_major(self):
            self.level = "major"
        if self.happened_at and self.happened_at > clock.now() + timedelta(minutes=1):
            raise Wrong("happened_at", say("发生时间不能在将来。", "It can't have happened in the future."))
        if self.handler_id and self.handler_id == self.complained_of_id:
            raise Wrong(
                "handler",
                say("被投诉人不能经办本投诉。", "The person complained about doesn't handle the complaint."),
            )
