"""Key register: every key the office keeps, of units and of equipment rooms; what may be lent and what may
not; counted every month.
"""

from datetime import datetime

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    Held,
    OneEach,
    States,
    Wrong,
    clock,
    closed,
    deadline,
    fields,
    moving,
    say,
    setting,
    step,
    units,
    waiting,
)
from models.custody import stock_take
from models.duties import F1, M1, M2, P6, S3
from models.estate.building import Building
from models.estate.unit import Unit
from models.parts import CUSTODY

KINDS = {
    "unit": ("房屋", "Unit"),
    "equipment": ("设备房", "Equipment room"),
    "public": ("公共区域", "Public area"),
    "left": ("业主留存", "Left by an owner"),
}


COUNT_EVERY = setting(
    "key.count_every", ("盘点周期", "Stock-take every"), units.months(1), by=M2, least=1, most=12
)


def count_by(key: "Key") -> datetime:
    """A stock-take every month, or as often as is set."""
    counted = key.counted_at or key.created_at
    return stock_take.months_after(counted, COUNT_EVERY.of(key, counted))


class Key(Form, title=("钥匙", "Key"), part=CUSTODY):
    """A key: of what, which set and copy, where it hangs, whether it may be lent (field practice: not those
    of switch, fire and monitoring rooms).
    """

    label = "tag"
    icon = "key"
    in_diary = ("report_missing", "find", "give_up")
    carried_over = ("missing",)
    on_books = {"keys": Held("kept")}
    menu_at = 2
    about = "unit"
    lies_in = ("unit", "building")
    tag: Mapped[str] = fields.text(
        "钥匙", "Key", max=40, help=("钥匙牌上的字样。", "What stands on its tag.")
    )
    kind: Mapped[str] = fields.choice("类别", "Kind", KINDS, default="unit")
    unit: Mapped[Unit | None] = fields.reference("房屋", "Unit", shown_when={"kind": ("unit", "left")})
    building: Mapped[Building | None] = fields.reference(
        "楼栋", "Building", shown_when={"kind": ("equipment", "public")}
    )
    room: Mapped[str | None] = fields.text(
        "房间", "Room", max=60, shown_when={"kind": ("equipment", "public")}
    )
    key_set: Mapped[str | None] = fields.text("套别", "Set and copy", max=20)
    cabinet: Mapped[str | None] = fields.text("柜号", "Cabinet and hook", max=30)
    lendable: Mapped[bool] = fields.yes_no("可外借", "May be lent", default=True)
    custody_letter: Mapped[str | None] = fields.text(
        "留存委托书",
        "Custody letter",
        max=60,
        shown_when={"kind": "left"},
        help=("业主签字的委托书编号和日期。", "Number and date of the letter the owner signed."),
    )
    counted_at: Mapped[datetime | None] = fields.moment("上次盘点", "Last counted", by_step=True)

    states = States(
        kept=moving("在管", "In custody"),
        lent=moving("已借出", "Lent", side=True),
        missing=waiting("缺失", "Missing", side=True),
        given_up=closed("已退管", "Given up", side=True),
    )
    edit_in = ("kept", "lent", "missing")
    access = Access(read=(M1, S3, P6, F1), create=(P6,), edit=(P6,), export=(M1, S3, P6), import_=(P6,))
    one_each = (OneEach("tag", ("已有这个钥匙牌。", "There is already a key with this tag.")),)
    shows = Columns("tag", "kind", "unit", "room", "key_set", "cabinet", "lendable", "state", "due_at")
    count_due = deadline("盘点", "Stock-take", "kept", until=count_by, step="count")

    @step(
        "kept",
        None,
        by=[P6, S3],
        label=("盘点", "Stock-take"),
        help=("钥匙在登记的位置。", "The key hangs where the register says."),
        bulk=True,
    )
    def count(self) -> None:
        self.counted_at = clock.now()

    @step(
        "kept",
        "missing",
        by=[P6, S3],
        label=("登记缺失", "Report missing"),
        help=(
            "盘点未找到，找到前不外借。",
            "The stock-take didn't find it; it isn't lent until it turns up.",
        ),
        asks=["remark"],
        danger=True,
    )
    def report_missing(self) -> None: ...

    @step(
        "missing",
        "kept",
        by=[P6],
        label=("已找到", "Found"),
        help=("钥匙已找到，视同已盘点。", "It turned up, and counts as counted."),
    )
    def find(self) -> None:
        self.counted_at = clock.now()

    @step(
        ("kept", "missing"),
        "given_up",
        by=[P6],
        label=("退管", "Give up"),
        help=(
            "交还业主或注销，管理处不再保管。",
            "Given back to its owner, or written off: the office doesn't keep it any more.",
        ),
        asks=["remark"],
        danger=True,
    )
    def give_up(self) -> None: ...

    def check(self) -> None:
        """A unit's key names its unit; one that an owner left has the letter they signed."""
        if self.kind in ("unit", "left") and self.unit is None:
            raise Wrong("unit", say("请填写房屋。", "Please give the unit."))
        if self.kind == "left" and not self.custody_letter:
            raise Wrong(
                "custody_letter",
                say(
                    "业主留存的钥匙须有业主签字的留存委托书。",
                    "A key left by an owner needs the custody letter they signed.",
                ),
            )

    def hint(self) -> str:
        """Where it opens."""
        return " · ".join(text for text in (str(self.unit or ""), self.room or "") if text)
