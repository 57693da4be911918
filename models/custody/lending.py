"""The rules of lending: who may have what, how many, until when and against what (by the kind of item); and
where its piece is.
"""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from app.declaring import Person, Wrong, access, clock, saving, say

if TYPE_CHECKING:
    from models.custody.item_loan import ItemLoan

PIECE_IS = {"lent": "lent", "returned": "kept", "void": "kept", "damaged": "damaged", "lost": "lost"}


def check(loan: "ItemLoan") -> None:
    """What the item's kind says of who may have it and how; of what is out already no more is asked."""
    item = loan.item
    if loan.borrower_kind not in item.lent_to:
        raise Wrong(
            "borrower_kind",
            say(
                "%(item)s只借给%(whom)s。",
                "%(item)s is lent to: %(whom)s.",
                item=item,
                whom=item.fields["lent_to"].text_of(item),
            ),
        )
    if loan.borrower_kind == "resident" and loan.unit is None:
        raise Wrong("unit", say("业主住户借用请填写房号。", "Please give the resident's unit."))
    if loan.unit is not None and loan.unit.office_id != item.office_id:
        raise Wrong("unit", say("这个房号不属于本管理处。", "This unit is another office's."))
    if loan.version:
        return
    if item.state != "kept":
        raise Wrong("item", say("%(item)s已停借。", "%(item)s isn't lent any more.", item=item))
    if item.conditions and not loan.told:
        raise Wrong(
            "told", say("请先告知：%(what)s", "Please tell them first: %(what)s", what=item.conditions)
        )
    if loan.quantity > item.at_a_time:
        raise Wrong(
            "quantity", say("每次限借 %(most)s 件。", "At most %(most)s at a time.", most=item.at_a_time)
        )
    _check_piece(loan)


def _check_piece(loan: "ItemLoan") -> None:
    item, piece = loan.item, loan.piece
    if not item.numbered:
        if piece is not None:
            raise Wrong(
                "piece", say("%(item)s不逐件编号。", "Pieces of %(item)s have no numbers.", item=item)
            )
        return
    if piece is None:
        raise Wrong("piece", say("请填写编号。", "Please give the piece's number."))
    if piece.item_id != loan.item_id:
        raise Wrong(
            "piece", say("%(piece)s不是%(item)s。", "%(piece)s is no %(item)s.", piece=piece, item=item)
        )
    if loan.quantity != 1:
        raise Wrong("quantity", say("编号物品逐件登记，数量为 1。", "Numbered pieces are lent one by one."))
    if piece.state not in ("kept", "lent"):  # by whom it is lent already is said after
        raise Wrong(
            "piece",
            say(
                "%(piece)s%(state)s，不能外借。",
                "%(piece)s isn't lent: %(state)s.",
                piece=piece,
                state=piece.states[piece.state].label,
            ),
        )


def by_the_rules(loan: "ItemLoan") -> None:
    """Until when, and against how much, where nothing was said."""
    if loan.due_back is None:
        days = timedelta(days=loan.item.limit_days)
        loan.due_back = clock.day_end((clock.local(loan.lent_at) + days).date())
    if loan.deposit is None:
        loan.deposit = loan.item.deposit * loan.quantity


def came_back(loan: "ItemLoan") -> str:
    """Good, it is returned and the deposit goes back; else the supervisor settles it."""
    if loan.condition != "good":
        if not loan.what_happened:
            raise Wrong("what_happened", say("请填写损坏或缺件的经过。", "Please say what happened to it."))
        loan.given_back = None
        return "damaged"
    _give_back(loan, loan.deposit or Decimal(0))
    return "returned"


def settled(loan: "ItemLoan") -> None:
    """The fee is taken off the deposit, unless it was paid by itself."""
    _give_back(loan, max((loan.deposit or Decimal(0)) - (loan.fee or Decimal(0)), Decimal(0)))


def _give_back(loan: "ItemLoan", amount: Decimal) -> None:
    if loan.given_back is None:
        loan.given_back = amount
    if loan.given_back > (loan.deposit or 0):
        raise Wrong(
            "given_back",
            say("退还的押金不能超过所收押金。", "No more of the deposit goes back than was taken."),
        )


def move_piece(loan: "ItemLoan", person: Person) -> None:
    """A numbered piece is where its loan is; whether it may be lent is judged once it is held."""
    piece, state = loan.piece, PIECE_IS.get(loan.state)
    if piece is None or state is None:
        return
    saving.lock(piece)
    if not loan.version:
        _check_piece(loan)
    if piece.state != state and (piece.state == "lent" or not loan.version):
        clause = access.may_here(person, loan, "edit") or access.may_here(person, loan, "void")
        with saving.changing(piece, person, f"item_loan:{loan.state}", str(clause or "")):
            piece.state = state
