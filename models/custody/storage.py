"""Storage (QR-0331SD): goods that customers leave at the desk, and what was found, until they are fetched or
handed to the supervisor.
"""

from datetime import datetime

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    Held,
    OneEach,
    Person,
    States,
    User,
    act,
    clock,
    closed,
    deadline,
    done,
    fields,
    moving,
    needed_when,
    not_ahead,
    not_before,
    step,
    waiting,
)
from models.custody import keeping
from models.custody.storage_choices import ENDS, FORBIDDEN, FOUND, GUIDE, KINDS, LEFT, PAPER
from models.custody.stored_goods import Goods
from models.duties import F1, F2, M1, S3, S4
from models.estate.customer import ID_KINDS
from models.estate.unit import Unit
from models.parts import CUSTODY


class Storage(Form, code="QR-0331SD", title=("物品寄存", "Storage"), prefix="JC", part=CUSTODY):
    """Small goods kept at the desk against a tag in two parts, one on the goods, one with whoever left them;
    and found property, until somebody describes it.
    """

    icon = "box"
    in_diary = ("create", "collect", "hand_over")
    carried_over = ("kept", "with_supervisor")
    on_books = {"storage": Held("kept")}
    menu_at = 6
    guide = GUIDE
    kind: Mapped[str] = fields.choice("类别", "Kind", KINDS, default="left", once=True, filter=True)
    tag: Mapped[str | None] = fields.text(
        "寄存牌号",
        "Tag",
        max=20,
        once=True,
        shown_when=LEFT,
        help=("两联牌上的号码；不填则以本单号为牌号。", "On both parts; this form's number if empty."),
    )
    goods: Mapped[list[Goods]] = fields.lines(
        "寄存物品", "Goods", Goods, at_most=30, sums=["value"], required=True
    )
    none_of: Mapped[list[str] | None] = fields.choices(
        "已逐项询问，不含", "Asked for, and none of", FORBIDDEN, wide=True, shown_when=LEFT, required=True
    )
    shelf: Mapped[str] = fields.text("存放位置", "Where it stands", max=30)
    left_at: Mapped[datetime] = fields.moment("存入时间", "Left at", default=clock.now)
    collect_by: Mapped[datetime] = fields.moment("应取时间", "To be collected by", default=keeping.soon_over)
    unit: Mapped[Unit | None] = fields.reference("房号", "Unit")

    bringing = fields.section("寄存人或拾获人", "Who brought it")
    depositor: Mapped[str | None] = fields.name("寄存人", "Depositor", required=True, shown_when=LEFT)
    phone: Mapped[str | None] = fields.phone("电话", "Phone", required=True, shown_when=LEFT)
    id_kind: Mapped[str | None] = fields.choice("证件类型", "Kind of document", ID_KINDS, shown_when=LEFT)
    id_number: Mapped[str | None] = fields.id_number("证件号码", "ID number", shown_when=LEFT)

    finder: Mapped[str | None] = fields.name("拾获人", "Finder", required=True, shown_when=FOUND)
    place: Mapped[str | None] = fields.text("拾获地点", "Found at", max=80, required=True, shown_when=FOUND)
    counted_by: Mapped[User | None] = fields.reference(
        "清点人", "Counted by", required=True, shown_when=FOUND
    )
    recounted_by: Mapped[User | None] = fields.reference(
        "复点人", "Counted again by", required=True, shown_when=FOUND
    )
    notice_place: Mapped[str | None] = fields.text(
        "招领张贴处", "Notice put up at", max=80, by_step=True, shown_when=FOUND
    )
    notice_at: Mapped[datetime | None] = fields.moment(
        "招领时间", "Notice at", by_step=True, shown_when=FOUND
    )

    fetching = fields.section("领取", "Collection", by_step=True)
    reminded_at: Mapped[datetime | None] = fields.moment("提醒时间", "Reminded at")
    tag_shown: Mapped[str | None] = fields.text("所持牌号", "Tag shown", max=20, shown_when=LEFT)
    description: Mapped[str | None] = fields.text(
        "认领人所述时间、地点、特征", "As the claimer describes it", max=200, wide=True, shown_when=FOUND
    )
    collector: Mapped[str | None] = fields.name("领取人", "Collected by")
    collector_id_kind: Mapped[str | None] = fields.choice("领取人证件", "Collector's document", ID_KINDS)
    collector_id: Mapped[str | None] = fields.id_number("领取人证件号码", "Collector's ID number")
    collected_at: Mapped[datetime | None] = fields.moment("领取时间", "Collected at")
    signed: Mapped[bool] = fields.yes_no("已当面点清并签字", "Looked through and signed")

    ending = fields.section("逾期处理", "Past its time", by_step=True)
    handed_at: Mapped[datetime | None] = fields.moment("移交主管时间", "Handed over at")
    end: Mapped[str | None] = fields.choice("处理方式", "What became of it", ENDS)

    states = States(
        kept=moving("寄存中", "Stored"),
        collected=done("已领取", "Collected"),
        with_supervisor=waiting("已移交主管", "With the supervisor", side=True),
        dealt_with=closed("已处理", "Dealt with", side=True),
    )
    access = Access(
        read=(M1, S3, S4, F1, F2),
        create=(F2,),
        edit=(F2,),
        export=(M1, S3),
        personal=(M1, S4, F2),
        void=(M1,),
    )
    shows = Columns("number", "kind", "tag", "depositor", "finder", "unit", "shelf", "state", "due_at")
    highlights = {"title": ("depositor", "finder"), "line": ("unit", "place"), "mark": "kind:found"}
    photo_kinds = {"goods": ("物品", "Goods"), "notice": ("招领启事", "Notice")}
    paper = PAPER
    one_each = (
        OneEach("tag", ("牌号在用：%(number)s。", "In use: %(number)s."), ("kept", "with_supervisor")),
    )

    past_time = deadline("领取", "Collect", "kept", until="collect_by", step="collect")
    goes_on = act(
        "kept",
        "with_supervisor",
        ("逾期移交主管", "Past its time: to the supervisor"),
        at=keeping.handed_by,
        does=keeping.hand_over,
    )

    @step(
        "kept",
        None,
        by=[F2],
        label=("张贴招领", "Put up a notice"),
        asks=["notice_place", "photos:notice?"],
        guards=[keeping.is_found],
    )
    def announce(self) -> None:
        self.notice_at = clock.now()

    @step(
        ("kept", "with_supervisor"),
        "collected",
        by=[F2, S4],
        by_when=keeping.who_gives,
        label=("领取", "Collect"),
        help=("核对两联牌号，当面点清。", "Both parts of the tag match, and all is there."),
        asks=[
            *("tag_shown?", "description?", "collector", "collector_id_kind?", "collector_id?"),
            *("collected_at?", "signed?", "remark?"),
        ],
        guards=[
            keeping.tags_match,
            needed_when("description", FOUND),
            needed_when("collector_id", FOUND),
            keeping.is_announced,
            not_before("collected_at", "left_at"),
            not_ahead("collected_at"),
        ],
    )
    def collect(self) -> None:
        self.collected_at = self.collected_at or clock.now()

    @step("kept", None, by=[F2], label=("提醒领取", "Remind"), bulk=True)
    def remind(self) -> None:
        self.reminded_at = clock.now()

    @step(
        "kept",
        "with_supervisor",
        by=[S4],
        label=("移交主管", "Hand to the supervisor"),
        asks=["remark?"],
        guards=[keeping.is_past],
    )
    def hand_over(self) -> None:
        self.handed_at = clock.now()

    @step("with_supervisor", "dealt_with", by=[S4], label=("处理", "Deal with it"), asks=["end", "remark"])
    def deal_with(self) -> None: ...

    def saved(self, person: Person) -> None:
        """Without a tag of the office's own its number is the tag."""
        if self.kind == "left" and not self.tag:
            self.tag = self.number

    def check(self) -> None:
        """Forbidden goods were asked for, one by one; what was found was counted by two."""
        keeping.check(self)
