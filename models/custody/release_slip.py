"""Release slip (QR-0002SD): what may leave the estate, by whose word, on which day; what the gate said."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declaring import (
    DAILY,
    Access,
    Columns,
    Form,
    States,
    User,
    act,
    clock,
    closed,
    deadline,
    done,
    fields,
    moving,
    step,
    waiting,
)
from models.custody import release_choices as choices
from models.custody import release_rules as rules
from models.custody.release_checks import CHECKS
from models.custody.released_goods import Goods
from models.duties import F1, M1, P7, P10, S3
from models.estate.building import Building
from models.estate.customer import Customer
from models.estate.unit import Unit
from models.parts import CUSTODY


class ReleaseSlip(
    Form, code="QR-0002SD", title=("物资搬运放行条", "Release slip"), prefix="FX", part=CUSTODY
):
    """Goods on their way out: applied for, approved for a day, compared at the gate."""

    icon = "gate"
    in_diary = ("create", "release", "refuse")
    carried_over = ("applied", "approved", "released")
    menu_at = 5
    on_home = DAILY
    guide = choices.GUIDE
    about = "unit"
    lies_in = ("unit", "building")
    photo_kinds = choices.PHOTOS
    application = fields.section("申请", "Application")
    unit: Mapped[Unit | None] = fields.reference(
        "房号", "Unit", help=("房号、姓名或手机后四位。", "Unit code, a name, or a phone's last four digits.")
    )
    building: Mapped[Building | None] = fields.reference("楼栋", "Building", shown_when=choices.OURS)
    customer: Mapped[Customer | None] = fields.reference("客户", "Customer")
    applicant_kind: Mapped[str] = fields.choice("申请人类别", "Applicant is", choices.APPLICANTS, filter=True)
    applicant: Mapped[str] = fields.name("申请人", "Applicant")
    firm: Mapped[str | None] = fields.text("单位", "Firm", max=60)
    phone: Mapped[str] = fields.phone("电话", "Phone")
    id_number: Mapped[str | None] = fields.id_number("证件号码", "ID number")
    id_checked: Mapped[bool] = fields.yes_no("已核对证件", "ID checked")
    reason: Mapped[str] = fields.choice(
        "搬运原因", "Reason", choices.REASONS, default="moving_part", filter=True
    )
    details: Mapped[str | None] = fields.text("说明", "Details", max=200, wide=True)

    leaving = fields.section("物品", "Goods")
    day: Mapped[date] = fields.day("搬运日期", "Day", default=clock.today)
    hours: Mapped[str | None] = fields.text("时段", "Hours", max=40)
    plate: Mapped[str | None] = fields.text("车牌号", "Plate", max=15)
    people_count: Mapped[int | None] = fields.whole("搬运人数", "Movers", min=1, max=200)
    goods: Mapped[list[Goods]] = fields.lines("物品清单", "Goods", Goods, at_most=60)

    by_word_of = fields.section("授权", "Authority")
    authority: Mapped[str] = fields.choice("授权方式", "Authority", choices.AUTHORITIES, default="in_person")
    authority_proof: Mapped[str | None] = fields.text("凭证", "Proof", max=120, shown_when=choices.PROVEN)
    verified_with: Mapped[str | None] = fields.name("接听人", "Spoken with", shown_when=choices.PHONED)
    verified_by: Mapped[User | None] = fields.reference("核实人", "Verified by", shown_when=choices.PHONED)
    verified_at: Mapped[datetime | None] = fields.moment("核实时间", "Verified at", shown_when=choices.PHONED)
    owner_consent: Mapped[str | None] = fields.text(
        "业主同意",
        "Owner's consent",
        max=120,
        shown_when={"applicant_kind": "tenant"},
        help=("谁、何时、以何种方式同意。", "Who agreed, how and when."),
    )

    final = fields.section("全部搬出", "Moving out")
    told_on: Mapped[date | None] = fields.day(
        "告知日期", "Told on", default=clock.today, shown_when=choices.LEFT
    )
    water_reading: Mapped[Decimal | None] = fields.quantity("末次水表", "Water", shown_when=choices.LEFT)
    power_reading: Mapped[Decimal | None] = fields.quantity("末次电表", "Power", shown_when=choices.LEFT)
    gas_reading: Mapped[Decimal | None] = fields.quantity("末次燃气表", "Gas", shown_when=choices.LEFT)
    final_bill: Mapped[Decimal | None] = fields.amount("末期账单", "Final bill", shown_when=choices.LEFT)

    decision = fields.section("审批", "Approval", by_step=True)
    approved_by: Mapped[User | None] = fields.reference("审批人", "Approved by")
    approved_at: Mapped[datetime | None] = fields.moment("审批时间", "Approved at")

    at_gate = fields.section("门岗", "Gate", by_step=True)
    guard_name: Mapped[str | None] = fields.name("值岗人", "Guard")
    gate: Mapped[str | None] = fields.text("岗亭", "Gate", max=30)
    gate_at: Mapped[datetime | None] = fields.moment("门岗时间", "At the gate")
    carrier: Mapped[str | None] = fields.name("搬运人", "Carrier")
    carrier_id: Mapped[str | None] = fields.id_number("搬运人证件", "Carrier's ID number")
    refused_why: Mapped[str | None] = fields.text("拒放原因", "Refused because", max=200, wide=True)
    back_at: Mapped[datetime | None] = fields.moment("收回时间", "Slip back at")

    states = States(
        applied=waiting("待审批", "Applied"),
        approved=moving("待放行", "Approved"),
        released=done("已放行", "Released"),
        returned=closed("已核销", "Slip back"),
        refused=closed("门岗拒放", "Refused", side=True),
        expired=closed("已过期", "Expired", side=True),
    )
    access = Access(
        read=(M1, S3, P7, P10, F1),
        create=(P10, F1),
        edit=(P10, F1),
        export=(M1, S3),
        personal=(M1, S3, P7, P10),
        void=(M1,),
    )
    shows = Columns("number", "unit", "applicant", "reason", "plate", "day", "state", "due_at")
    highlights = {"title": "applicant", "line": ("unit", "building"), "mark": "reason:moving_out"}
    paper = choices.PAPER
    scanned = choices.SCANNED
    checks = CHECKS

    approve_due = deadline("审批", "Approve", "applied", until=rules.last_day)
    release_due = deadline("放行", "Release", "approved", until=rules.last_day)
    expires = act(("applied", "approved"), "expired", ("过期", "Expired"), at=rules.last_day)
    back_due = deadline("核销", "Slip back", "released", since="gate_at", within=rules.BACK)

    again = rules.AGAIN

    @step(
        "applied",
        "approved",
        by=[P7, S3],
        by_when=rules.approvers,
        label=("审批", "Approve"),
        help=("核对授权和物品后批准当日放行。", "Authority and goods are in order: it may leave on its day."),
        asks=["water_reading?", "power_reading?", "gas_reading?", "final_bill?", "remark?"],
        guards=[rules.not_over, *rules.MOVED_OUT],
    )
    def approve(self) -> None:
        self.approved_by_id, self.approved_at = self.acting.id, clock.now()

    @step(
        "approved",
        "released",
        by=[F1, P10],
        label=("放行", "Release"),
        help=("物品和数量与放行条相符。", "Goods and counts are as the slip says."),
        asks=["guard_name", "gate?", "carrier?", "carrier_id?", "photos:gate?"],
        guards=[rules.begun, rules.not_over],
    )
    def release(self) -> None:
        self.gate_at = clock.now()
        if self.reason == "moving_out":
            rules.move_out(self)

    @step(
        "approved",
        "refused",
        by=[F1, P10],
        label=("拒绝放行", "Refuse"),
        help=("物品与放行条不符，须另开新条。", "What is there isn't what the slip says: a new slip."),
        asks=["refused_why", "guard_name", "gate?", "photos:gate?"],
        danger=True,
    )
    def refuse(self) -> None:
        self.gate_at = clock.now()

    @step(
        "released",
        "returned",
        by=[F1, P10],
        label=("核销", "Slip back"),
        help=("门岗交回放行联，与存根核对。", "The gate sent its slip back; it matches the stub."),
        bulk=True,
    )
    def take_back(self) -> None:
        self.back_at = clock.now()

    def check(self) -> None:
        """It says what leaves, from where, by whose word, and for no day that is over."""
        rules.check_place(self)
        if self.state == "applied":
            rules.check_goods(self)
            rules.check_authority(self)
