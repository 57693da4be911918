"""A form of another trade that speaks every word there is to declare with, in each place where one can
stand.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declaring import (
    DAILY,
    Access,
    Area,
    Balance,
    By,
    Call,
    Check,
    Columns,
    Form,
    Held,
    Holder,
    Line,
    Office,
    OneEach,
    Paper,
    Record,
    Scanned,
    States,
    User,
    act,
    becomes,
    clause,
    clock,
    closed,
    deadline,
    done,
    fields,
    figure,
    guard,
    kinds,
    moving,
    needed_when,
    not_,
    not_ahead,
    not_before,
    part,
    posts,
    role,
    setting,
    some_photo,
    step,
    units,
    waiting,
)

SHOP = part("shop", "店铺", "Shop", 1)
CHIEF = role("chief", ("店长", "Chief"), "office")
C1, C2 = clause("C1", CHIEF, ("对此负责", "Answer for it")), clause("C2", CHIEF, ("动手做", "Do it"))
WAIT = setting(
    "repair_slip.wait", ("等候", "Wait"), units.days(3), by=C1, least=1, most=9, help=("多久", "How long")
)
NOTICE = setting(
    "repair_slip.notice", ("通知", "Notice"), units.hours(8), by=[C1], least=1, most=24, not_over=WAIT
)
WORTHS = {"low": ("低", "Low"), "high": ("高", "High")}


class Drawer(Record, title=("抽屉", "Drawer")):
    """Where small parts are kept."""

    parts: Mapped[int] = fields.whole("零件", "Parts", balance=Balance(at_least=0))


class Piece(Line, of="repair_slip"):
    """A part that was put in."""

    what: Mapped[str] = fields.text("名称", "What")
    drawer: Mapped[Drawer | None] = fields.reference("抽屉", "Drawer", to=lambda: Drawer)
    many: Mapped[int] = fields.whole("数量", "How many", min=1, max=9)
    price: Mapped[Decimal] = fields.amount("价格", "Price", min=Decimal(0))
    fitted: Mapped[bool] = fields.yes_no("已安装", "Fitted")
    note: Mapped[str | None] = fields.text("说明", "Note", shown_when={"fitted": True})

    def _sum(self) -> Decimal:
        return self.many * self.price

    sum_of: Mapped[Decimal] = fields.amount("小计", "Sum", worked_out=_sum)


@guard("不值钱。", "It is cheap.", at="worth")
def is_dear(slip: "RepairSlip") -> bool:
    """Whether it costs more than most."""
    return slip.total > 100 and slip.owner.full_name != ""


def begun(slip: "RepairSlip") -> datetime | None:
    """When somebody could begin."""
    return slip.ready_at if slip.urgent else None


def parts_missing(slip: "RepairSlip") -> list[str] | None:
    """What isn't there yet."""
    return [piece.what for piece in slip.pieces if not piece.fitted] if slip.urgent else None


class Order(Form, code="R-2", title=("订单", "Order"), prefix="OR", part=SHOP):
    """A part that is ordered."""

    part_name: Mapped[str] = fields.text("名称", "Part")
    keeper: Mapped[User | None] = fields.reference("保管人", "Keeper")
    many: Mapped[int | None] = fields.whole("数量", "How many")
    states = States(wanted=waiting("待订", "Wanted"))
    access = Access(read=(C1,), create=(C1,))
    shows = Columns("number", "part_name", "state")


class RepairSlip(Form, code="R-1", title=("维修单", "Repair slip"), prefix="RS", part=SHOP):
    """A thing left for repair."""

    label = "number"
    icon = "wrench"
    menu_at = 3
    on_home = DAILY
    has_file = True
    papers = {"seen": {"urgent": True}}
    in_diary = ("create", "mend")
    carried_over = ("taken", "mending")
    on_books = {"things": Held("taken", "mended"), "cash": Held("mended", adds="total")}
    guide = ("修好了再收钱。", "Mend it first, then ask for the money.")
    found_as = ("牌号", "the tag on it")
    act_words = {"stocktake": ("盘点", "counted it")}
    about = "owner"
    is_place = False
    signs_in = False
    in_order = False
    lies_in = ("spot",)
    found_through = "repair_slip.owner"
    photo_kinds = {"seen": ("送来时", "As it came")}
    taking = fields.section("收件", "Taking in", by_step=False)
    owner: Mapped[User] = fields.reference("物主", "Owner", to=lambda: User, once=True)
    helper: Mapped[User | None] = fields.reference("帮手", "Helper", by_step=True)
    spot: Mapped[Area | None] = fields.reference("位置", "Spot", to=lambda: Area)
    places: Mapped[list[int]] = fields.references("地点", "Places", to=lambda: Area)
    thing: Mapped[str] = fields.text(
        "物品",
        "Thing",
        max=40,
        help=("是什么", "What it is"),
        wide=True,
        unique=False,
        search=True,
        filter=False,
    )
    story: Mapped[str | None] = fields.long_text("经过", "Story", max=400, required=False)
    worth: Mapped[str] = fields.choice("价值", "Worth", of=WORTHS, default="low", filter=True)
    marks: Mapped[list[str]] = fields.choices("标记", "Marks", of=WORTHS, required=False, default=list)
    liked: Mapped[str | None] = fields.rating("满意", "Liked", of=WORTHS)
    urgent: Mapped[bool] = fields.yes_no("急", "Urgent")
    why: Mapped[str | None] = fields.text(
        "原因", "Why", shown_when={"urgent": True, "worth": ("high",), "liked": not_("low")}
    )
    pieces: Mapped[list[Piece]] = fields.lines("零件", "Pieces", of=Piece, at_most=20, sums=("price",))
    weight: Mapped[Decimal | None] = fields.quantity("重量", "Weight", min=Decimal(0))
    rate: Mapped[Decimal | None] = fields.rate("单价", "Rate")
    phone: Mapped[str | None] = fields.phone("电话", "Telephone")
    paper_id: Mapped[str | None] = fields.id_number("证件号", "Number of papers")
    keeper: Mapped[str | None] = fields.name("保管人", "Keeper")
    account: Mapped[str | None] = fields.user_name("账号", "Account")
    tag: Mapped[str | None] = fields.of_kind("牌号", "Tag", kind=kinds.TextKind(8))
    due_on: Mapped[date] = fields.day("应还日期", "Due on", default=clock.today)
    ready_at: Mapped[datetime | None] = fields.moment("完成时间", "Ready at", by_step=True)

    def _total(self) -> Decimal:
        return sum((piece.sum_of for piece in self.pieces), Decimal(0))

    total: Mapped[Decimal] = fields.amount("合计", "Total", sort=True, worked_out=_total)
    owed: Mapped[Decimal] = fields.amount(
        "欠款",
        "Owed",
        balance=Balance(
            at_least=0, at_most=9999, short=("%(record)s 只欠 %(there)s。", "%(record)s owes %(there)s.")
        ),
    )
    drawer: Mapped[Drawer | None] = fields.reference("抽屉", "Drawer", to=lambda: Drawer)
    costs = posts("owed", gives="total", while_in=("mending", "mended"))
    outside = posts("drawer.parts", gives=1, while_in="taken")
    missing = posts("pieces.drawer.parts", takes="many", unless="urgent")

    states = States(
        taken=waiting("已收件", "Taken in"),
        mending=moving("维修中", "In hand"),
        mended=done("已修好", "Ready"),
        fetched=closed("已取走", "Gone", side=False),
    )
    edit_in = ("taken", "mending")
    access = Access(
        read=(C1, C2),
        create=(C2,),
        edit=(C2,),
        export=(C1,),
        print=(C1,),
        import_=(C1,),
        attach=(C2,),
        personal=(C1,),
        void=(C1,),
        look_up=(C1,),
    )
    shows = Columns("number", "owner", "thing", "worth", "state", "due_at")
    sorts = ("created_at", "due_at", "due_on")
    highlights = {"title": "thing", "line": ("owner", "spot"), "mark": "worth:high"}
    one_each = (
        OneEach(
            field="thing",
            sentence=("已在店里：%(other)s 的 %(number)s。", "It is here already: %(number)s of %(other)s."),
            states=("taken", "mending"),
        ),
    )
    paper = Paper(
        size="A5",
        title=("单据", "Slip"),
        copies=(("留底", "Ours"), ("物主联", "Owner's")),
        tear_off=("thing",),
        signs=(("物主", "Owner"),),
        register=True,
        columns=("number", "thing"),
        landscape=True,
        keep_years=setting("repair_slip.keep", ("保存期", "Kept"), units.years(2), by=C1, least=1, most=9),
    )

    checks = (
        Check(chinese="缺件", english="Parts", looks=parts_missing, before=("begin", "mend")),
        Check("零件", "Pieces", parts_missing, before="fetch"),
    )

    scanned = Scanned(
        label=("柜台核对", "At the counter"),
        passes="mend",
        refuses="fetch",
        compares=("thing", "pieces"),
        keeps=("helper",),
    )

    def _mend_within(self) -> int | None:
        return 60 if self.urgent else None

    def _agreed_for(self) -> datetime | None:
        return self.ready_at

    def _menders(self) -> list[By]:
        return [C1] if self.worth == "high" or self.stands_open else [C2]

    mend_due = deadline("修理", "Mend", while_in="taken", since="created_at", minutes=_mend_within)
    fetch_due = deadline("取件", "Fetch", while_in=("mended",), working_days=3, step="fetch")
    told_due = deadline("通知", "Tell", while_in="mended", within=NOTICE)
    agreed = deadline("约定", "Agreed", while_in="mending", until=_agreed_for)
    promised = deadline("承诺", "Promised", while_in="mending", until="due_on")

    def _is_old(self) -> bool:
        return self.ready_at is not None and self.worth == "low"

    def _remind(self) -> None:
        self.urgent = True

    forgets = act("mended", "fetched", ("无人领取", "Nobody came"), at="fetch_due")
    presses = act(
        source=("taken", "mending"), target=None, label=("催办", "Press"), at="due_on", does=_remind
    )
    ends = act("mended", "fetched", ("了结", "End"), when=_is_old, after=["receipt.slip"])
    came = figure("收件量", "Taken in", by=("worth", "owner", "area", "state"), per="month", on_home=True)
    in_time = figure(
        chinese="按时率",
        english="In time",
        share={"urgent": False, "state": ("mended", "fetched")},
        of={"liked": not_("low"), "why": None},
        at="ready_at",
        read=(C1,),
    )
    earned = figure("收入", "Earned", sum="total", at="due_on")
    figures = {"happiness": figure("满意度", "How happy", mean="liked")}

    @guard(chinese="请说明。", english="Please say why.", at="photos:seen")
    def is_thought_over(slip: "RepairSlip") -> bool:
        """Told, or paid for."""
        return slip.why is not None or slip.keeper == slip.owner.full_name

    @step(
        source="taken",
        target="mending",
        by=[C2, Holder("helper")],
        label=("接手", "Take in hand"),
        help=("有人修了。", "Somebody mends it."),
        asks=["helper", "worth?", "weight!", "photos:seen?"],
        bulk=False,
        danger=False,
        story=("%(helper)s 修理 %(thing)s。", "%(helper)s mends %(thing)s."),
        guards=[
            is_dear,
            is_thought_over,
            not_ahead("ready_at", sentence=("还没到。", "Not yet.")),
            not_before("ready_at", "due_on"),
            not_before("ready_at", other=begun, sentence=("太早。", "Too early.")),
            needed_when("why", when={"urgent": True, "spot.code_name": not_()}),
            needed_when(box="story", when={"worth": "high"}, sentence=("请说明。", "Please say why.")),
            some_photo(kind="seen", sentence=("请拍照。", "A photo, please.")),
        ],
    )
    def begin(self) -> None:
        self.ready_at = clock.now()

    @step(
        "mending",
        ("mended", "taken"),
        by=[C2],
        label=("修理", "Mend"),
        help=("又能用了。", "It works again."),
        not_by=["owner", "created_by", "begin"],
        by_when=_menders,
    )
    def mend(self) -> str:
        return "mended" if self.ready_at and self.acting else "taken"

    def _ordered(self, piece: Piece) -> int:
        return (self.total > 0 and piece.many) or 1

    @guard("先估价。", "It needs a price first.", at="worth")
    def is_priced(slip: "RepairSlip") -> bool:
        """It has a price."""
        return slip.worth == "high"

    to_order = becomes(
        Order,
        ("订件", "Order a part"),
        by=[C1, Holder("helper")],
        fill={"part_name": "thing", "keeper": "owner"},
        while_in=("taken", "mending"),
        guards=[is_priced],
        at_once=False,
        again=True,
        files=False,
        help=("缺件时。", "Where a part is missing."),
    )
    to_spare = becomes(
        Order,
        ("备件", "Spare part"),
        by=[C1],
        each="pieces",
        fill={"part_name": "pieces.what", "many": _ordered},
    )

    calls = (
        Call(
            "fetch",
            due="fetch_due",
            who="keeper",
            phone="phone",
            rule=("修好的都通知。", "All that is mended."),
            tells=("thing", "total"),
            ready=is_dear,
            unhappy="to_order",
        ),
    )

    @step(
        "mended",
        "fetched",
        by=[C2],
        label=("取件", "Fetch"),
        help=("物主取走了。", "Its owner took it."),
        waits_for=["to_order"],
    )
    def fetch(self) -> None: ...

    @property
    def area_from(self) -> int | None:
        """The owner's."""
        return self.owner.area_id

    def hint(self) -> str:
        """What it is."""
        return self.thing

    def facts(self) -> None:
        """No card."""

    def check(self) -> None:
        """Nothing more."""
        self.why = self.why or self.story

    def work_out(self) -> None:
        """As declared."""
        super().work_out()

    def saved(self) -> None:
        """Its office knows."""
        self.owner_id = self.owner_id or self.helper_id


class Receipt(Form, title=("收据", "Receipt"), prefix="RC", part=SHOP):
    """Money for a repair."""

    slip: Mapped[RepairSlip] = fields.reference("维修单", "Repair slip")


OFFICE = Office
