"""A damage that a reader reports: it sends the book to the binder and buys what is lost; closed when that is
done.
"""

from datetime import date, timedelta

from library_binding import BOTH, COVERS, Binding
from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Area,
    Call,
    Columns,
    Form,
    Line,
    States,
    becomes,
    clock,
    closed,
    deadline,
    done,
    fields,
    guard,
    links,
    step,
    waiting,
)


class Purchase(Form, code="LIB-12", title=("采购", "Purchase"), prefix="PU", part=LIBRARY):
    """Something that is bought; the librarian's alone."""

    what: Mapped[str] = fields.text("名称", "What", max=60)
    why: Mapped[str | None] = fields.text("原因", "Why")
    phone: Mapped[str | None] = fields.phone("电话", "Telephone")
    states = States(wanted=waiting("待采购", "Wanted"), bought=done("已采购", "Bought"))
    access = Access(read=(L1,), create=(L1,), edit=(L1,), void=(L1,), personal=(L1,))
    shows = Columns("number", "what", "state")

    @step("wanted", "bought", by=[L1], label=("购入", "Buy"))
    def buy(self) -> None: ...


class Loss(Line, of="damage_report"):
    """A thing that is lost."""

    thing: Mapped[str] = fields.text("遗失物", "Lost thing", max=80)


class DamageReport(Form, code="LIB-11", title=("损坏报告", "Damage report"), prefix="DR", part=LIBRARY):
    """What a reader says is broken or lost."""

    floor: Mapped[Area] = fields.reference("楼层", "Floor")
    book: Mapped[str] = fields.text("书名", "Book")
    cover: Mapped[str | None] = fields.choice("封面", "Cover", COVERS)
    reader: Mapped[str | None] = fields.name("读者", "Reader")
    phone: Mapped[str | None] = fields.phone("电话", "Telephone")
    lost: Mapped[list[Loss]] = fields.lines("遗失", "Lost", Loss)
    liked: Mapped[str | None] = fields.choice(
        "满意", "Content", {"yes": ("是", "Yes"), "no": ("否", "No")}, by_step=True
    )
    photo_kinds = {"worn": ("破损", "Worn"), "seen": ("现场", "As seen")}
    states = States(
        told=waiting("已报告", "Told"),
        looked_at=waiting("已查看", "Looked at"),
        answered=waiting("已回电", "Rung", side=True),
        settled=closed("已结", "Settled"),
    )
    edit_in = ("told", "looked_at")
    access = Access(read=BOTH, create=(C1,), edit=(C1,), void=(L1,), personal=(C1,))
    shows = Columns("number", "book", "state")

    def _in_a_month(self) -> date:
        return clock.today() + timedelta(30)

    def _reason(self, loss: Loss) -> str:
        return f"{self.book}: {loss.thing}"

    @guard("请先说明封面。", "Say which cover it has first.", at="cover")
    def cover_known(report: "DamageReport") -> bool:
        """Its cover is known."""
        return report.cover is not None

    to_binding = becomes(
        Binding,
        ("送装订", "To the binder"),
        by=[C1],
        while_in=("told", "looked_at"),
        guards=[cover_known],
        help=("交给装订人。", "Whoever binds it has it."),
        fill={"floor": "floor", "book": "book", "cover": "cover", "ready_on": _in_a_month},
    )
    to_purchase = becomes(
        lambda: Purchase,
        ("采购", "Buy"),
        by=BOTH,
        each="lost",
        at_once=True,
        fill={"what": "lost.thing", "why": _reason, "phone": "phone"},
    )
    to_copy = becomes(
        Purchase, ("另购一本", "Buy a copy"), by=[L1], files=False, again=True, fill={"what": "book"}
    )

    @guard("读者不满意才另约。", "Only where the reader isn't content.", at="liked")
    def unhappy(report: "DamageReport") -> bool:
        """The reader said so."""
        return report.liked == "no"

    @guard("读者还没有电话。", "The reader has no telephone yet.", at="phone")
    def in_reach(report: "DamageReport") -> bool:
        """There is a number to call."""
        return report.phone is not None

    to_amends = becomes(
        Binding,
        ("重做", "Do it again"),
        by=[C1],
        guards=[unhappy],
        fill={"floor": "floor", "book": "book", "ready_on": _in_a_month},
    )
    ring_due = deadline("回电", "Ring", "looked_at", minutes=60, step="ring")
    calls = (
        Call(
            "ring",
            due="ring_due",
            who="reader",
            phone="phone",
            tells=("book", "cover"),
            ready=in_reach,
            rule=("查看后都回电。", "All whose book was looked at."),
            unhappy="to_amends",
        ),
    )

    @step("told", "looked_at", by=[C1], label=("查看", "Look"))
    def look(self) -> None:
        links.make(self, "to_copy", self.acting, "C1")

    @step(
        "looked_at",
        "answered",
        by=[C1],
        label=("回电", "Ring"),
        help=("问读者是否满意。", "Is the reader content?"),
        asks=["liked"],
    )
    def ring(self) -> None: ...

    @step(
        ("told", "looked_at", "answered"),
        "settled",
        by=BOTH,
        label=("结案", "Settle"),
        bulk=True,
        waits_for=["to_binding", "to_purchase"],
    )
    def settle(self) -> None: ...
