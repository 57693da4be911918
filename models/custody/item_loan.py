"""Item loan (QR-0330SD): something lent from the stock at the desk, until it is back, or paid for."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    Held,
    OneEach,
    Person,
    States,
    Wrong,
    clock,
    closed,
    deadline,
    done,
    fields,
    guard,
    moving,
    not_ahead,
    not_before,
    posts,
    say,
    step,
    waiting,
)
from models.custody import lending
from models.custody.item import BORROWERS, Item
from models.custody.item_piece import ItemPiece
from models.custody.loan_choices import BACK_AS, GUIDE, PAPER, SHOWN
from models.duties import F1, F2, M1, S3
from models.estate.unit import Unit
from models.parts import CUSTODY


class ItemLoan(Form, code="QR-0330SD", title=("物品借用", "Item loan"), prefix="JY", part=CUSTODY):
    """Something lent: who may have it, how long and against what is by the kind of item; back the same day
    unless that says otherwise.
    """

    icon = "box"
    in_diary = ("create", "take_back", "report_lost")
    carried_over = ("lent", "damaged", "lost")
    on_books = {
        "loans": Held("lent", adds="quantity"),
        "deposits": Held("lent", "damaged", "lost", adds="deposit"),
    }
    menu_at = 3
    guide = GUIDE
    about = "item"
    out = fields.section("借出", "Lending")
    item: Mapped[Item] = fields.reference("物品", "Item", once=True)
    piece: Mapped[ItemPiece | None] = fields.reference(
        "编号", "Piece", once=True, help=("逐件编号的物品必填。", "Needed where pieces are numbered.")
    )
    quantity: Mapped[int] = fields.whole("数量", "Quantity", min=1, max=100, default=1, once=True)
    borrower_kind: Mapped[str] = fields.choice(
        "借用人类别", "Borrower is", BORROWERS, default="resident", filter=True
    )
    borrower: Mapped[str] = fields.name("借用人", "Borrower")
    unit: Mapped[Unit | None] = fields.reference("房号", "Unit")
    phone: Mapped[str] = fields.phone("电话", "Phone")
    id_shown: Mapped[str] = fields.choice("出示证件", "Document shown", SHOWN, default="identity")
    purpose: Mapped[str | None] = fields.text("用途", "What for", max=100, wide=True)
    told: Mapped[bool] = fields.yes_no("已告知借用须知", "Told the conditions")
    deposit: Mapped[Decimal | None] = fields.amount(
        "押金", "Deposit", help=("不填按物品的规定收取。", "Left empty, as the item says.")
    )
    lent_at: Mapped[datetime] = fields.moment("借出时间", "Lent at", default=clock.now)
    due_back: Mapped[datetime | None] = fields.moment(
        "应还时间", "Due back", help=("不填按物品的借用期限。", "Left empty, as the item says.")
    )
    reminded_at: Mapped[datetime | None] = fields.moment("催还时间", "Reminded at", by_step=True)

    back = fields.section("归还", "Return", by_step=True)
    returned_at: Mapped[datetime | None] = fields.moment("归还时间", "Returned at")
    returner: Mapped[str | None] = fields.name("归还人", "Brought back by")
    condition: Mapped[str | None] = fields.choice("归还状况", "Came back", BACK_AS)
    given_back: Mapped[Decimal | None] = fields.amount(
        "退还押金",
        "Deposit given back",
        help=("不填：完好的全额退还。", "Left empty: all of it, if it is good."),
    )

    loss = fields.section("损坏或遗失", "Damage or loss", by_step=True)
    what_happened: Mapped[str | None] = fields.long_text("经过", "What happened", max=500)
    fee: Mapped[Decimal | None] = fields.amount("赔偿", "Charged")

    states = States(
        lent=moving("已借出", "Lent"),
        returned=done("已归还", "Returned"),
        damaged=waiting("损坏待结清", "Damaged", side=True),
        lost=waiting("遗失待结清", "Lost", side=True),
        settled=closed("已结清", "Settled", side=True),
    )
    gone = posts(
        "item.in_stock", takes="quantity", unless="piece", while_in=("lent", "damaged", "lost", "settled")
    )
    held = posts("item.deposits", gives="deposit", while_in=("lent", "damaged", "lost"))
    access = Access(
        read=(M1, S3, F1, F2),
        create=(F2,),
        edit=(F2,),
        export=(M1, S3),
        import_=(F2,),
        personal=(M1, S3, F2),
        void=(M1,),
    )
    shows = Columns("number", "item", "piece", "quantity", "borrower", "unit", "state", "due_at", "lent_at")
    highlights = {"title": "item", "line": ("borrower", "unit")}
    paper = PAPER
    one_each = (
        OneEach(
            "piece",
            ("这件已借出：%(number)s。", "This piece is out: %(number)s."),
            ("lent", "damaged", "lost"),
        ),
    )

    overdue = deadline("归还", "Return", "lent", until="due_back")

    @guard(
        "由借用人本人归还；他人代还的，请在备注中说明。",
        "The borrower brings it back. If it was somebody else, say why in the remark.",
        at="remark",
    )
    def brought_by(loan: "ItemLoan") -> bool:
        return not loan.returner or loan.returner == loan.borrower or bool(loan.remark)

    @step(
        "lent",
        ("returned", "damaged"),
        by=[F2],
        label=("归还", "Take back"),
        help=(
            "验看后收回；损坏或缺件的转主管结清。",
            "Looked at and taken back; damage goes to the supervisor.",
        ),
        asks=["condition", "returned_at?", "returner?", "given_back?", "what_happened?", "remark?"],
        guards=[not_before("returned_at", "lent_at"), not_ahead("returned_at"), brought_by],
    )
    def take_back(self) -> str:
        self.returned_at = self.returned_at or clock.now()
        self.returner = self.returner or self.borrower
        return lending.came_back(self)

    @step(
        "lent",
        None,
        by=[F2],
        label=("催还", "Remind"),
        help=("已联系借用人归还。", "The borrower was called."),
        bulk=True,
    )
    def remind(self) -> None:
        self.reminded_at = clock.now()

    @step("lent", "lost", by=[F2], label=("报失", "Report lost"), asks=["what_happened"], danger=True)
    def report_lost(self) -> None: ...

    @step(
        ("damaged", "lost"),
        "settled",
        by=[S3],
        label=("结清", "Settle"),
        help=("赔偿并退还其余押金。", "Charged, and what is left of the deposit given back."),
        asks=["fee", "given_back?", "remark?"],
    )
    def settle(self) -> None:
        lending.settled(self)

    def work_out(self) -> None:
        """Until when and against what, where nothing was said: as the item has it."""
        lending.by_the_rules(self)
        super().work_out()

    def check(self) -> None:
        """Who may borrow it, how many at a time, which piece."""
        if self.lent_at > clock.now() + timedelta(minutes=1):
            raise Wrong("lent_at", say("时间不能在将来。", "The time lies ahead."))
        if self.due_back is not None and self.due_back < self.lent_at:
            raise Wrong("due_back", say("应还时间早于借出时间。", "Due back lies before it was lent."))
        if self.state == "lent":
            lending.check(self)

    def saved(self, person: Person) -> None:
        """A numbered piece is where its loan is."""
        lending.move_piece(self, person)
