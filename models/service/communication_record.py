"""Communication record (QR-0223): what a customer and the office had to say to each other, each further
contact, and the answer.
"""

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Call,
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
    figure,
    not_ahead,
    not_before,
    say,
    step,
    waiting,
)
from models.duties import F1, M1, M10, P10, P11, S3, S4
from models.estate.building import Building
from models.estate.customer import Customer
from models.estate.unit import Unit
from models.keeping import kept
from models.parts import SERVICE
from models.service.communication_rules import (
    ANSWER,
    MATTERS,
    TO_COMPLAINT,
    TO_ORDER,
    WAYS,
    WHILE_TYPING,
    FurtherContact,
    none_ahead,
    only_added,
    something_added,
)
from models.service.complaint import Complaint
from models.service.work_order import WorkOrder


class CommunicationRecord(
    Form, code="QR-0223", title=("客户沟通", "Communication"), prefix="GT", part=SERVICE
):
    """A contact with a customer, until it is answered and nothing of it is left."""

    icon = "message"
    in_diary = ("create", "reply")
    carried_over = ("recorded",)
    menu_at = 4
    guide = (
        "与客户的电话、面谈、信函和短信都记在这里。之后的每次联系用“补记沟通”逐条记下，记下的不再改动。须先答复，才"
        "能关闭；需要维修或投诉的，转成派工单或投诉单，互相关联。",
        "Calls, visits, letters and messages with a customer stand here. Each further contact is noted in a"
        " line of its own, which nobody changes afterwards. It is closed only when answered; what needs a"
        " repair or is a complaint becomes one, linked both ways.",
    )
    about = "unit"
    lies_in = ("unit", "building")
    contact = fields.section("沟通", "Contact")
    way: Mapped[str] = fields.choice("沟通方式", "Way", WAYS, default="call", filter=True)
    talked_at: Mapped[datetime] = fields.moment("沟通时间", "When", default=clock.now)
    unit: Mapped[Unit | None] = fields.reference(
        "房屋", "Unit", help=("房号、姓名或手机后四位。", "Unit code, a name, or a phone's last four digits.")
    )
    building: Mapped[Building | None] = fields.reference("楼栋", "Building")
    customer: Mapped[Customer | None] = fields.reference("客户", "Customer")
    spoke_with: Mapped[str] = fields.name("沟通对象", "Spoke with")
    phone: Mapped[str | None] = fields.phone("电话", "Phone")
    matter: Mapped[str] = fields.choice("沟通事项", "About", MATTERS, default="enquiry", filter=True)
    content: Mapped[str] = fields.long_text("沟通内容", "What was said")
    opinion: Mapped[str | None] = fields.long_text("客户意见", "Customer's opinion", max=1000)

    answering = fields.section("答复", "Answer", by_step=True)
    answer: Mapped[str | None] = fields.long_text("答复内容", "Answer")
    answered_at: Mapped[datetime | None] = fields.moment("答复时间", "Answered at")
    answered_by: Mapped[User | None] = fields.reference("答复人", "Answered by")
    follow_up_on: Mapped[date | None] = fields.day(
        "跟进日期",
        "Follow up on",
        help=("还须再联系的，到哪天。", "Where there is more to say: until which day."),
    )

    later = fields.section("后续沟通", "Further contacts", by_step=True)
    contacts: Mapped[list[FurtherContact]] = fields.lines(
        "后续沟通", "Further contacts", FurtherContact, at_most=50
    )

    figures = {"contacts": figure("沟通量", "Contacts", by=("way", "matter", "area"))}
    states = States(
        recorded=waiting("待答复", "Recorded"),
        answered=done("已答复", "Answered"),
        closed=closed("已关闭", "Closed"),
    )
    access = Access(
        read=(M1, M10, S3, S4, P10, P11, F1),
        create=(P10, P11),
        edit=(P10, P11),
        export=(M10, S3),
        personal=(M1, S4, P10, P11),
        void=(M1,),
    )
    shows = Columns(
        "number", "unit", "content", "matter", "way", "state", "due_at", "created_by", "created_at"
    )
    highlights = {"title": "content", "line": ("unit", "spoke_with")}
    paper = Paper(
        title=("客户沟通记录表", "Communication record"),
        signs=(("记录人", "Recorded by"), ("客服主管", "Supervisor")),
        keep_years=kept("communication_record", 3),
    )

    answer_due = deadline("答复", "Answer", "recorded", since="created_at", within=ANSWER)
    follow_up_due = deadline("跟进", "Follow up", "answered", until="follow_up_on", step="note")
    calls = (
        Call(
            "note",
            due="follow_up_due",
            who="spoke_with",
            phone="phone",
            tells=("content", "opinion", "answer", "follow_up_on"),
            rule=("写明跟进日期的，到期再联系。", "Where a day was set to follow up on."),
        ),
    )

    to_order = becomes(WorkOrder, ("转派工单", "Make a work order"), by=[P10, P11, S4], fill=TO_ORDER)
    to_complaint = becomes(Complaint, ("转投诉", "Make a complaint"), by=[P10, P11, S4], fill=TO_COMPLAINT)

    @step(
        "recorded",
        "answered",
        by=[P10, P11, S4],
        label=("答复", "Answer"),
        help=(
            "客户已得到答复；还须跟进的写明日期。",
            "The customer has an answer; say until when to follow up.",
        ),
        asks=["answer", "answered_at?", "follow_up_on?"],
        guards=[not_before("answered_at", "talked_at"), not_ahead("answered_at")],
    )
    def reply(self) -> None:
        self.answered_at = self.answered_at or clock.now()
        self.answered_by_id = self.acting.id

    @step(
        ("recorded", "answered"),
        None,
        by=[P10, P11, S4],
        label=("补记沟通", "Note a contact"),
        help=("每次联系记一行。", "A line for each contact."),
        asks=["contacts", "follow_up_on?"],
        guards=[only_added, something_added, none_ahead],
    )
    def note(self) -> None:
        for line in self.contacts:
            line.spoken_by_id = line.spoken_by_id or self.acting.id
        if self.follow_up_on is not None and self.follow_up_on <= clock.today():
            self.follow_up_on = None

    @step(
        "answered",
        "closed",
        by=[P10, P11, S4],
        label=("关闭", "Close"),
        help=("客户没有其他问题。", "The customer has nothing more to ask."),
        waits_for=["to_order", "to_complaint"],
    )
    def close(self) -> None: ...

    def check(self) -> None:
        """It was said before now."""
        if not self.version and self.talked_at > clock.now() + WHILE_TYPING:
            raise Wrong("talked_at", say("沟通时间不能在将来。", "It can't have been said in the future."))
