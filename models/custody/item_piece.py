"""Numbered pieces of the lending stock: each is with one borrower at a time, mended, or given up."""

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    OneEach,
    States,
    Wrong,
    closed,
    fields,
    moving,
    posts,
    say,
    step,
    waiting,
)
from models.custody.item import Item
from models.duties import F1, F2, M1, S3
from models.parts import CUSTODY


class ItemPiece(Form, title=("编号物品", "Numbered piece"), part=CUSTODY):
    """One trolley, one ladder: its number, and where it is."""

    label = "tag"
    icon = "box"
    menu_at = 5
    about = "item"
    tag: Mapped[str] = fields.text(
        "编号", "Number", max=30, help=("贴在物品上的编号，如 手推车-01。", "What stands on it: trolley-01.")
    )
    item: Mapped[Item] = fields.reference("物品", "Item", once=True, filter=True)
    looks: Mapped[str | None] = fields.text("成色", "What it looks like", max=100)

    states = States(
        kept=moving("在库", "In stock"),
        lent=moving("已借出", "Lent", side=True),
        damaged=waiting("待修", "To be mended", side=True),
        lost=closed("已遗失", "Lost", side=True),
        given_up=closed("已报废", "Given up", side=True),
    )
    edit_in = ("kept", "damaged")
    access = Access(
        read=(M1, S3, F1, F2), create=(S3,), edit=(S3, F2), export=(M1, S3), import_=(S3,), void=()
    )
    one_each = (OneEach("tag", ("已有这个编号。", "There is already a piece of this number.")),)
    shows = Columns("tag", "item", "looks", "state")

    here = posts("item.in_stock", gives=1, while_in="kept")

    @step("kept", "damaged", by=[F2, S3], label=("送修", "To be mended"), asks=["looks!"])
    def to_mend(self) -> None: ...

    @step("damaged", "kept", by=[F2, S3], label=("修复", "Mended"), asks=["looks?"])
    def mended(self) -> None: ...

    @step("kept", "lost", by=[F2, S3], label=("登记缺失", "Missing"), asks=["remark"], danger=True)
    def report_missing(self) -> None: ...

    @step("lost", "kept", by=[F2, S3], label=("已找到", "Found"), asks=["remark"])
    def find(self) -> None: ...

    @step(
        ("kept", "damaged", "lost"),
        "given_up",
        by=[S3],
        label=("报废", "Give up"),
        asks=["remark"],
        danger=True,
    )
    def give_up(self) -> None: ...

    def check(self) -> None:
        """Pieces stand of what is lent by the piece."""
        if not self.item.numbered:
            raise Wrong("item", say("这种物品不逐件编号。", "Pieces of this have no numbers."))

    def hint(self) -> str:
        """What it is, and whether it is there."""
        return f"{self.item} · {self.states[self.state].label}"
