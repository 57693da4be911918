"""Titles of which there are several copies: what stands on the shelf, and what readers left for those they
have.
"""

from decimal import Decimal

from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Balance,
    Columns,
    Form,
    Line,
    Record,
    States,
    done,
    fields,
    moving,
    posts,
    step,
)


class Title(Record, title=("书目", "Title"), part=LIBRARY):
    """A book of which there are several copies."""

    label = "called"
    called: Mapped[str] = fields.text("书名", "Title", max=40)
    copies: Mapped[int] = fields.whole("册数", "Copies", default=0)
    on_shelf: Mapped[int] = fields.whole(
        "在架",
        "On the shelf",
        sort=True,
        balance=Balance(
            at_least=0,
            short=("《%(record)s》在架只有 %(there)s 册。", "Only %(there)s of %(record)s on the shelf."),
        ),
    )
    pledged: Mapped[Decimal] = fields.amount("押金", "Pledged", balance=Balance(at_least=0, at_most=500))
    owned = posts("on_shelf", gives="copies")
    access = Access(read=(L1, C1), create=(L1, C1), edit=(L1, C1), export=(L1,))
    shows = Columns("called", "copies", "on_shelf", "pledged")


class Taking(Form, code="LIB-31", title=("多册借阅", "Taking"), prefix="TK", part=LIBRARY):
    """Copies out of the house, against a pledge."""

    book: Mapped[Title] = fields.reference("书目", "Title")
    count: Mapped[int] = fields.whole("册数", "Copies", min=1)
    reader: Mapped[str] = fields.name("读者", "Reader")
    pledge: Mapped[Decimal | None] = fields.amount("押金", "Pledge")
    copy_of_own: Mapped[str | None] = fields.text("自带书", "Reader's own")
    states = States(out=moving("已借出", "Out"), back=done("已归还", "Back"))
    access = Access(read=(L1, C1), create=(C1,), edit=(C1,), void=(L1,))
    shows = Columns("number", "book", "count", "state")
    highlights = {"title": "book", "line": "reader"}
    out = posts("book.on_shelf", takes="count", while_in="out", unless="copy_of_own")
    held = posts("book.pledged", gives="pledge", while_in="out")

    @step("out", "back", by=[C1], label=("收回", "Take back"), bulk=True)
    def take_back(self) -> None: ...


class Bundle(Line, of="parcel"):
    book: Mapped[Title] = fields.reference("书目", "Title")
    count: Mapped[int] = fields.whole("册数", "Copies", min=1)


class Parcel(Form, title=("邮包", "Parcel"), prefix="PC", part=LIBRARY):
    """Copies of several titles sent to another library, for good."""

    bundles: Mapped[list[Bundle]] = fields.lines("书目", "Bundles", Bundle)
    states = States(sent=done("已寄出", "Sent"), gone=done("已到", "There"))
    access = Access(read=(L1, C1), create=(C1,), edit=(C1,), void=(L1,))
    shows = Columns("number", "state")
    sent = posts("bundles.book.on_shelf", takes="count")

    @step("sent", "gone", by=[C1], label=("送到", "There"))
    def arrive(self) -> None: ...
