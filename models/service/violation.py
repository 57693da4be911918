"""Violation (QR-0229SD): words on the spot, a notice to mend, a second one, the authority; no fine."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    Paper,
    States,
    clock,
    closed,
    deadline,
    done,
    fields,
    moving,
    not_ahead,
    not_before,
    step,
    waiting,
)
from models.duties import F1, M1, M9, M10, P5, P10, P11, S3
from models.estate.building import Building
from models.estate.customer import Customer
from models.estate.unit import Unit
from models.parts import SERVICE
from models.service import violation_rules as rules
from models.service.violation_choices import ANSWERS, FIGURES, KINDS, ON_THE_SPOT, SERVED, SIGNATURES


class Violation(Form, code="QR-0229SD", title=("客户违章", "Violation"), prefix="WZ", part=SERVICE):
    """What somebody did against the estate's rules, until it is mended or the authority has it."""

    icon = "warning"
    in_diary = ("create", "notify", "report")
    carried_over = ("recorded", "notified", "warned")
    menu_at = 3
    guide = (
        "发现违章先当场劝导，当场整改的到此为止。未改的发整改通知，逾期发二次通知，再不改由经理上报主管部门。"
        "违章搭建和改变结构须在期限内上报。任何环节都不罚款。",
        "Words on the spot come first: what is mended there ends there. Then a notice, a second one, and the"
        " authority. Illegal building and structural change are reported in time. Nobody is fined.",
    )
    about = "unit"
    lies_in = ("unit", "building")
    photo_kinds = {
        "scene": ("违章现场", "The scene"),
        "served": ("送达", "How it was served"),
        "mended": ("整改后", "Mended"),
    }
    unit: Mapped[Unit | None] = fields.reference(
        "房屋", "Unit", help=("房号、姓名或手机后四位。", "Unit code, a name, or a phone's last four digits.")
    )
    building: Mapped[Building | None] = fields.reference("楼栋", "Building")
    place: Mapped[str | None] = fields.text("地点", "Place", max=80)
    kind: Mapped[str] = fields.choice("违章类别", "Kind", KINDS, filter=True)
    person: Mapped[str | None] = fields.name("当事人", "Person")
    customer: Mapped[Customer | None] = fields.reference("客户", "Customer")
    phone: Mapped[str | None] = fields.phone("电话", "Phone")
    found_at: Mapped[datetime] = fields.moment("发现时间", "Found at", default=clock.now)
    finding: Mapped[str] = fields.long_text("违章事实", "Facts", max=1000)
    rule_broken: Mapped[str | None] = fields.text("违反条款", "Rule broken, with its clause", wide=True)
    works_firm: Mapped[str | None] = fields.text("施工单位", "Works firm", max=80)
    foreman: Mapped[str | None] = fields.name("施工负责人", "Foreman")
    witness: Mapped[str | None] = fields.name("见证人", "Witness")
    times: Mapped[int] = fields.whole(
        "一年内同类第几次", "Times of its kind in a year", by_step=True, default=1
    )

    spot = fields.section("现场劝导", "Words on the spot", by_step=True)
    spoken_by: Mapped[str | None] = fields.name("劝导人", "Spoken to by")
    spoken_at: Mapped[datetime | None] = fields.moment("劝导时间", "Spoken to at")
    spot_result: Mapped[str | None] = fields.choice("劝导结果", "Result", ON_THE_SPOT)

    notice = fields.section("整改通知", "Notice to mend", by_step=True)
    demand: Mapped[str | None] = fields.long_text("整改要求", "What is to be mended", max=500)
    mend_by: Mapped[datetime | None] = fields.moment("整改期限", "To be mended by")
    notified_at: Mapped[datetime | None] = fields.moment("通知时间", "Notified at")
    served: Mapped[str | None] = fields.choice("送达方式", "Served", SERVED)
    signed: Mapped[str | None] = fields.choice("签收情况", "Signed for", SIGNATURES)
    undertaking: Mapped[bool] = fields.yes_no("已签责任承担书", "Undertaking signed")
    second_order: Mapped[str | None] = fields.long_text("二次通知要求", "Second notice", max=500)
    second_mend_by: Mapped[datetime | None] = fields.moment("二次整改期限", "Second time to mend by")

    objecting = fields.section("申诉", "Objection", by_step=True)
    objection: Mapped[str | None] = fields.long_text("申诉内容", "Objection", max=500)
    objected_at: Mapped[datetime | None] = fields.moment("申诉时间", "Objected at")
    objection_answer: Mapped[str | None] = fields.long_text("申诉答复", "Answer to it", max=500)
    objection_result: Mapped[str | None] = fields.choice("答复结果", "Outcome", ANSWERS)

    ending = fields.section("整改与上报", "Mending and report", by_step=True)
    mended_at: Mapped[datetime | None] = fields.moment("整改完成时间", "Mended at")
    reported_to: Mapped[str | None] = fields.text("上报部门", "Reported to", max=80)
    report_reference: Mapped[str | None] = fields.text("上报文号", "Reference", max=60)
    reported_at: Mapped[datetime | None] = fields.moment("上报时间", "Reported at")
    result: Mapped[str | None] = fields.long_text("处理结果", "Result", max=500)

    states = States(
        recorded=waiting("待处理", "Recorded"),
        notified=moving("已通知", "Notified"),
        warned=moving("已二次通知", "Second notice", side=True),
        mended=waiting("待核验", "Mended"),
        verified=done("已核验", "Verified"),
        reported=moving("已上报", "With the authority", side=True),
        mended_there=closed("当场已改", "Mended there", side=True),
        closed=closed("已结案", "Closed"),
    )
    access = Access(
        read=(M1, M9, S3, P5, P11, P10, F1),
        create=(P5, P11),
        edit=(P5, P11),
        export=(M10, S3),
        import_=(P5,),
        personal=(M1, M9, S3, P5, P11),
        void=(M1,),
    )
    shows = Columns("number", "unit", "kind", "finding", "times", "state", "due_at", "found_at")
    highlights = {"title": "finding", "line": ("unit", "place")}
    paper = Paper(
        title=("客户违章记录及整改通知", "Violation and notice to mend"),
        copies=(("存根联", "Ours"), ("客户联", "Customer's")),
        signs=(
            ("当事人", "Person"),
            ("见证人", "Witness"),
            ("经办人", "Issued by"),
            ("客服主管", "Supervisor"),
        ),
    )
    figures = FIGURES

    mend_due = deadline("整改", "Mend", "notified", until="mend_by", step="mend")
    second_due = deadline("二次整改", "Mend, second notice", "warned", until="second_mend_by", step="mend")
    report_due = deadline(
        "上报主管部门",
        "Report to the authority",
        (*rules.OPEN, "mended", "verified"),
        until=rules.report_by,
        step="report",
    )

    @step(
        "recorded",
        ("recorded", "mended_there"),
        by=[P5, P11],
        label=("现场劝导", "Words on the spot"),
        help=("先当面劝导；当场整改的到此为止。", "Spoken to first; what is mended there ends there."),
        asks=["spoken_by", "spoken_at?", "spot_result", "photos:mended?"],
        guards=[not_ahead("spoken_at"), not_before("spoken_at", "found_at"), rules.may_end_there],
    )
    def speak(self) -> str:
        self.spoken_at = self.spoken_at or clock.now()
        return "mended_there" if self.spot_result == "mended" else "recorded"

    @step(
        "recorded",
        "notified",
        by=[P5, P11],
        label=("发整改通知", "Notify"),
        help=("书面通知整改要求和期限。", "In writing: what is to be mended, and by when."),
        asks=["demand", "mend_by", "served", "signed", "witness?", "undertaking?", "photos:served?"],
        guards=[
            rules.spoken_first,
            not_before("mend_by", rules.now, sentence=rules.PAST),
            rules.WITNESSED,
        ],
    )
    def notify(self) -> None:
        self.notified_at = clock.now()

    @step(
        ("notified", "warned", "reported"),
        "mended",
        by=[P5],
        label=("已整改", "Mended"),
        help=("现场复查，拍照为证。", "Looked at again, with a photo as proof."),
        asks=["mended_at?", "photos:mended"],
        guards=[not_ahead("mended_at"), not_before("mended_at", "found_at")],
    )
    def mend(self) -> None:
        self.mended_at = self.mended_at or clock.now()

    @step(
        "mended",
        "verified",
        by=[S3],
        not_by=["mend"],
        label=("核验", "Verify"),
        help=("主管核验整改属实。", "The supervisor has seen that it is mended."),
    )
    def verify(self) -> None: ...

    @step(
        "mended",
        ("notified", "warned", "reported"),
        by=[S3],
        label=("整改不合格", "Not mended"),
        help=("未改好，退回继续整改。", "It isn't: back to where it was."),
        asks=["remark"],
    )
    def send_back(self) -> str:
        self.mended_at = None
        return rules.was_at(self)

    @step(
        ("verified", "reported"),
        "closed",
        by=[S3, M9],
        label=("结案", "Close"),
        help=("写明处理结果。", "With the result."),
        asks=["result"],
        guards=[rules.was_reported],
    )
    def close(self) -> None: ...

    @step(
        "notified",
        "warned",
        by=[P5, P11],
        label=("二次通知", "Second notice"),
        help=("逾期未改，再次书面通知。", "Not mended in time: a second notice."),
        asks=["second_order", "second_mend_by", "signed!", "witness?", "photos:served?"],
        guards=[
            rules.time_is_over,
            rules.was_answered,
            not_before("second_mend_by", rules.now, sentence=rules.PAST),
            rules.WITNESSED,
        ],
    )
    def warn(self) -> None: ...

    @step(
        rules.OPEN,
        (*rules.OPEN, "reported"),
        by=[M9],
        label=("上报主管部门", "Report to the authority"),
        help=("写明上报部门和文号。", "To whom, with the reference."),
        asks=["reported_to", "report_reference", "reported_at?"],
        guards=[
            rules.may_report,
            rules.was_answered,
            not_ahead("reported_at"),
            not_before("reported_at", "found_at"),
        ],
    )
    def report(self) -> str:
        self.reported_at = self.reported_at or clock.now()
        return "reported" if self.state == "warned" else self.state

    @step(
        ("notified", "warned"),
        None,
        by=[P5, P11],
        label=("登记申诉", "Objection"),
        help=("当事人在申诉期限内书面申诉。", "In writing, and in time."),
        asks=["objection", "objected_at?"],
        guards=[
            rules.objects_once,
            rules.objects_in_time,
            not_ahead("objected_at"),
            not_before("objected_at", "notified_at"),
        ],
    )
    def object_to(self) -> None:
        self.objected_at = self.objected_at or clock.now()

    @step(
        ("notified", "warned"),
        ("notified", "warned", "closed"),
        by=[S3],
        not_by=["notify"],
        label=("答复申诉", "Answer the objection"),
        help=("维持或撤销通知，说明理由。", "The notice stands or is withdrawn, and why."),
        asks=["objection_answer", "objection_result"],
        guards=[rules.objected],
    )
    def answer_objection(self) -> str:
        if self.objection_result == "withdrawn":
            self.result = self.objection_answer
            return "closed"
        return self.state

    def check(self) -> None:
        """It lies somewhere and behind us; how many times it was so already stands on it."""
        rules.check_facts(self)
        if self.state == "recorded":
            self.times = 1 + rules.earlier(self)
