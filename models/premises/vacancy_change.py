"""Vacancy change (QR-0333SD): what befalls a unit that stands empty, a line each, from which the ledger of
vacant units follows.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declaring import (
    DAILY,
    Access,
    Columns,
    Form,
    Person,
    States,
    User,
    Wrong,
    act,
    becomes,
    clock,
    closed,
    done,
    fields,
    moving,
    needed_when,
    not_ahead,
    not_before,
    say,
    step,
    waiting,
)
from models.duties import F1, M1, M4, P3, P6, S3
from models.estate.unit import Unit
from models.parts import PREMISES
from models.premises import vacancy_choices as choices
from models.premises import vacancy_figures
from models.premises.vacancy_choices import INSPECTION, KEYS, MET, METERED, REDUCTION, seen
from models.premises.vacancy_paper import PHOTOS, REGISTER
from models.premises.vacancy_rules import (
    SHARE,
    TO_ORDER,
    check_new,
    follow,
    long_empty,
    run_out,
    something_found,
)
from models.service.work_order import WorkOrder


class VacancyChange(
    Form, code="QR-0333SD", title=("空置房动态", "Vacancy change"), prefix="KD", part=PREMISES
):
    """A unit that becomes vacant or occupied, its keys, a visit, an inspection, a reduced fee asked for."""

    icon = "house"
    menu_at = 1
    on_home = DAILY
    guide = choices.GUIDE
    about = "unit"
    photo_kinds = PHOTOS
    change = fields.section("动态", "Change")
    unit: Mapped[Unit] = fields.reference("房屋", "Unit", once=True)
    kind: Mapped[str] = fields.choice(
        "类别", "Kind", choices.KINDS, default="inspection", filter=True, once=True
    )
    happened_at: Mapped[datetime] = fields.moment("时间", "When", default=clock.now, sort=True)
    reason: Mapped[str | None] = fields.choice(
        "空置原因",
        "Vacant because",
        choices.REASONS,
        required=True,
        filter=True,
        shown_when={"kind": "vacated"},
    )
    in_charge: Mapped[User | None] = fields.reference("责任人", "In charge", shown_when={"kind": "vacated"})
    occupied_as: Mapped[str | None] = fields.choice(
        "启用为", "Occupied as", choices.OCCUPIED_AS, required=True, shown_when={"kind": "occupied"}
    )
    use_before: Mapped[str | None] = fields.choice(
        "空置前用途", "Used before", choices.OCCUPIED_AS, by_step=True, shown_when={"kind": "vacated"}
    )
    party: Mapped[str | None] = fields.name("对方姓名", "Other party", shown_when=MET)
    phone: Mapped[str | None] = fields.phone("电话", "Phone", shown_when=MET)
    firm: Mapped[str | None] = fields.text(
        "单位或中介", "Firm or agency", max=60, shown_when={"kind": ("visit", "keys_in", "keys_out")}
    )
    accompanied_by: Mapped[str | None] = fields.name(
        "陪同人", "Accompanied by", required=True, shown_when={"kind": "visit"}
    )
    keys_count: Mapped[int | None] = fields.whole(
        "钥匙数量", "Number of keys", min=1, max=99, required=True, shown_when=KEYS
    )
    key_tags: Mapped[str | None] = fields.text("钥匙牌号", "Key tags", max=120, shown_when=KEYS)

    meters = fields.section("表底", "Meter readings")
    water_reading: Mapped[Decimal | None] = fields.quantity("水表", "Water meter", shown_when=METERED)
    power_reading: Mapped[Decimal | None] = fields.quantity("电表", "Power meter", shown_when=METERED)
    gas_reading: Mapped[Decimal | None] = fields.quantity("燃气表", "Gas meter", shown_when=METERED)

    inspection = fields.section("巡查", "Inspection")
    last_finding: Mapped[str | None] = fields.text(
        "上次问题", "Found last time", max=500, wide=True, by_step=True, shown_when=INSPECTION
    )
    seen_again: Mapped[str | None] = fields.choice(
        "上次问题复看", "Last finding now", choices.SEEN_AGAIN, shown_when=INSPECTION
    )
    water: Mapped[str | None] = seen("水", "Water", choices.SUPPLIES)
    power: Mapped[str | None] = seen("电", "Power", choices.SUPPLIES)
    gas: Mapped[str | None] = seen("燃气", "Gas", choices.SUPPLIES)
    doors: Mapped[str | None] = seen("门窗锁", "Doors, windows, locks", choices.DOORS)
    leaks: Mapped[str | None] = seen("渗漏", "Leaks", choices.LEAKS)
    cleanliness: Mapped[str | None] = seen("卫生", "Cleanliness", choices.CLEANLINESS)
    in_use: Mapped[bool] = fields.yes_no("有他人使用痕迹", "Traces of use", shown_when=INSPECTION)
    finding: Mapped[str | None] = fields.long_text("发现问题", "Found", max=500, shown_when=INSPECTION)
    to_mend: Mapped[str | None] = fields.text("需处理", "To mend", max=200, wide=True, shown_when=INSPECTION)

    reduced_fee = fields.section("空置减免", "Reduced fee")
    reduced_from: Mapped[date | None] = fields.day("减免起", "From", required=True, shown_when=REDUCTION)
    reduced_to: Mapped[date | None] = fields.day("减免止", "To", required=True, shown_when=REDUCTION)
    owner_confirmed: Mapped[bool] = fields.yes_no("业主已确认表底", "Owner confirmed", shown_when=REDUCTION)
    inspected_on: Mapped[date | None] = fields.day("现场查验日期", "Inspected on", shown_when=REDUCTION)

    checking = fields.section("核对", "Checking", by_step=True)
    opinion: Mapped[str | None] = fields.text("主管意见", "Supervisor's opinion", max=300, wide=True)
    fee_share: Mapped[Decimal | None] = fields.quantity(
        "减免后收费比例（%）", "Share charged (%)", shown_when=REDUCTION
    )
    ended_on: Mapped[date | None] = fields.day("减免终止日", "Ended on", shown_when=REDUCTION)
    ended_by: Mapped[str | None] = fields.choice("终止原因", "Ended by", choices.ENDS, shown_when=REDUCTION)

    figures = vacancy_figures.FIGURES
    states = States(
        recorded=waiting("待核对", "Recorded"),
        checked=done("已核对", "Checked"),
        surveyed=waiting("待批准", "To be approved", side=True),
        reduced=moving("减免中", "Fee reduced", side=True),
        over=closed("减免已终止", "Ended", side=True),
        declined=closed("未批准", "Refused", side=True),
    )
    access = Access(
        read=(M1, M4, S3, P3, P6, F1),
        create=(P3, P6),
        edit=(P3, P6),
        export=(M1, S3),
        import_=(P3,),
        personal=(M1, S3, P3, P6),
        void=(M1,),
    )
    shows = Columns("number", "unit", "kind", "happened_at", "reason", "finding", "state", "created_by")
    highlights = {"title": "unit", "line": ("finding", "kind"), "mark": "leaks:leak"}
    paper = REGISTER
    to_order = becomes(
        WorkOrder,
        ("转派工单", "Make a work order"),
        by=[P3, P6],
        while_in=("recorded", "checked"),
        guards=[something_found],
        fill=TO_ORDER,
    )
    ran_out = act("reduced", "over", ("减免期满", "Run out"), at="reduced_to", does=run_out)

    @step(
        "recorded",
        ("checked", "surveyed"),
        by=[S3],
        not_by=["created_by"],
        label=("核对", "Check"),
        help=(
            "核对登记内容，可写抽查要求；减免申请转经理批准。",
            "What it says is so; a reduced fee goes on to the manager.",
        ),
        asks=["opinion?"],
        guards=[needed_when("inspected_on", REDUCTION)],
        bulk=True,
    )
    def verify(self) -> str:
        if self.kind != "reduction":
            return "checked"
        self.fee_share = SHARE.of(self)
        return "surveyed"

    @step(
        "recorded",
        None,
        by=[P3, P6],
        label=("拍照", "Take photos"),
        help=("现场、问题部位和表底。", "Of the place, of what is wrong, of the meters."),
        asks=["photos:scene?", "photos:fault?", "photos:meter?"],
    )
    def take_photos(self) -> None: ...

    @step(
        "surveyed",
        "reduced",
        by=[M4],
        label=("批准减免", "Approve"),
        help=("按比例收取空置期间物业费。", "The fee is charged at a share while it stands empty."),
        asks=["fee_share", "remark?"],
        guards=[long_empty],
    )
    def approve(self) -> None: ...

    @step("surveyed", "declined", by=[M4], label=("不批准", "Refuse"), asks=["opinion!"], danger=True)
    def decline(self) -> None: ...

    @step(
        "reduced",
        "over",
        by=[P3, M4],
        label=("终止减免", "End"),
        help=("启用、装修或期满即终止。", "Use, fitting out or the last day ends it."),
        asks=["ended_on", "ended_by", "remark?"],
        guards=[not_ahead("ended_on"), not_before("ended_on", "reduced_from")],
    )
    def end(self) -> None: ...

    def check(self) -> None:
        """It has happened; what was found is said where something is to be mended; a period has its days in
        order.
        """
        if not self.version:
            if clock.minute(self.happened_at) > clock.now():
                raise Wrong("happened_at", say("时间不能在将来。", "The time lies ahead."))
            check_new(self)
        if self.fee_share is not None and self.fee_share > 100:
            raise Wrong("fee_share", say("不超过 100%。", "Not more than 100 %."))
        if self.to_mend and not self.finding:
            raise Wrong("finding", say("请写明发现的问题。", "Please say what was found."))
        if self.reduced_from and self.reduced_to and self.reduced_to < self.reduced_from:
            raise Wrong("reduced_to", say("减免止早于减免起。", "It ends before it begins."))

    def saved(self, person: Person) -> None:
        """The unit's use, and a reduced fee, follow."""
        follow(self, person)
