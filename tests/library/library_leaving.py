"""A reader who leaves the library: looked at first is what they still have."""

from collections.abc import Iterable

from library_duties import C1, L1, LIBRARY
from library_loan import LibraryLoan
from sqlalchemy import select
from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Area,
    By,
    Check,
    Columns,
    Form,
    Scanned,
    States,
    db,
    done,
    fields,
    say,
    step,
    waiting,
)


def books_out(leaving: "Leaving") -> Iterable[LibraryLoan]:
    """The loans of that reader that are out."""
    asked = select(LibraryLoan).where(LibraryLoan.reader == leaving.reader, LibraryLoan.state == "out")
    return db.session.execute(asked.order_by(LibraryLoan.id)).scalars()


def card_back(leaving: "Leaving") -> list[str] | None:
    """Their card, if they had one."""
    if not leaving.card:
        return None
    return [] if leaving.card_returned else [say("读者证未收回。", "The card isn't back.")]


class Leaving(Form, code="LIB-11", title=("退证", "Leaving"), prefix="LV", part=LIBRARY):
    floor: Mapped[Area] = fields.reference("楼层", "Floor")
    reader: Mapped[str] = fields.name("读者", "Reader")
    card: Mapped[str | None] = fields.text("读者证", "Card")
    card_returned: Mapped[bool] = fields.yes_no("证已收回", "Card returned")
    porter: Mapped[str | None] = fields.name("门卫", "Porter", by_step=True)
    why: Mapped[str | None] = fields.text("原因", "Why", by_step=True)
    states = States(
        asked=waiting("待办", "Asked"), left=done("已退", "Left"), kept=done("留下", "Kept", side=True)
    )
    access = Access(read=(L1, C1), create=(C1,), edit=(C1,))
    shows = Columns("number", "reader", "state")
    checks = (
        Check("未还图书", "Books out", books_out, before="sign_off"),
        Check("读者证", "Card", card_back, before=("sign_off",)),
    )

    def _signers(self) -> list[By]:
        return [L1] if self.stands_open else [C1, L1]

    @step(
        "asked",
        "left",
        by=[C1, L1],
        by_when=_signers,
        label=("办结", "Sign off"),
        bulk=True,
        asks=["porter?"],
    )
    def sign_off(self) -> None: ...

    scanned = Scanned(
        ("门口核对", "At the door"),
        passes="sign_off",
        refuses="keep",
        compares=("reader", "card"),
        keeps=("porter",),
    )

    @step("asked", "kept", by=[C1, L1], label=("留下", "Keep"), asks=["why", "porter?"], danger=True)
    def keep(self) -> None: ...

    @step("left", "asked", by=[L1], label=("重开", "Open again"), danger=True)
    def open_again(self) -> None: ...
