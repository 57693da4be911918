"""The demo's lending stock, and what was lent of it."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.act.bulk import last_id, tell
from app.act.replay import Act, Story
from app.ground import clock
from models.custody.item import Item
from models.custody.item_loan import ItemLoan
from models.custody.item_piece import ItemPiece
from models.custody.lending import PIECE_IS
from seeds.estate import Estate, Place, Staff
from seeds.keys import stock_takes
from seeds.people import name_of, phone_of
from seeds.repairs import daytimes

WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("custody.toml").read_text(encoding="utf-8"))
STILL_OUT, RECENT = 2, timedelta(days=4)  # of the last loans, some are out now
NEVER = timedelta(days=9999)


@dataclass
class Stock:
    """A kind of thing in an office's stock, as the loans need it."""

    id: int
    office: int
    kind: dict[str, Any]
    pieces: list[tuple[int, str]] = field(default_factory=list)
    free_at: dict[int, datetime] = field(default_factory=dict)
    acts: dict[int, list[Act]] = field(default_factory=dict)
    gone: int = 0

    def spares(self) -> bool:
        """Whether more of it may be lost or damaged, and the desk still has some to lend."""
        pieces = [piece for piece, _tag in self.pieces if self.free_at.get(piece, clock.now()) > clock.now()]
        return self.gone + len(pieces) < (len(self.pieces) or self.kind["stock"]) // 3

    def free(self, moment: datetime) -> list[tuple[int, str]]:
        """The pieces that are there."""
        return [piece for piece in self.pieces if self.free_at.get(piece[0], moment) <= moment]


def fill(count: int, estate: Estate, now: datetime, chance: random.Random) -> None:
    """The stock and its loans."""
    stocks = _stocks(estate)
    stories = list(_loans(count, stocks, estate, now, chance))
    _tell_stock(stocks, estate, chance)
    tell(ItemLoan, stories)


def _stocks(estate: Estate) -> list[Stock]:
    """What there is, with the ids that it will have."""
    item, piece = last_id(Item), last_id(ItemPiece)
    stocks = []
    for office in estate.staff:
        for kind in WORDS["ITEMS"]:
            item += 1
            stock = Stock(item, office, kind)
            for at in range(1, kind.get("pieces", 0) + 1):
                piece += 1
                stock.pieces.append((piece, f"{kind['called']}-{at:02d}"))
            stocks.append(stock)
    return stocks


def _tell_stock(stocks: list[Stock], estate: Estate, chance: random.Random) -> None:
    items, pieces = [], []
    for stock in stocks:
        staff, kind = estate.staff[stock.office], stock.kind
        sets = {name: value for name, value in kind.items() if name not in ("pieces", "stock")}
        money = {name: Decimal(kind[name]) for name in ("deposit", "price")}
        lost = sum(acts[-1].sets["state"] != "kept" for acts in stock.acts.values()) + stock.gone
        owned = len(stock.pieces) or kind["stock"]
        made = sets | money | {"numbered": bool(stock.pieces)}
        acts = [
            Act(estate.start, staff.supervisor, "S3", "create", made),
        ]
        if not stock.pieces:
            came = {"came": owned, "taken_in": owned}
            acts.append(Act(estate.start, staff.supervisor, "S3", "step:take_in", came))
        for at in stock_takes(estate.start):
            counted = {"counted_at": at, "counted": owned - lost}
            acts.append(Act(at, staff.desk[0], "F2", "step:count", counted))
        items.append(Story(stock.office, None, acts))
        for piece, tag in stock.pieces:
            made = {"tag": tag, "item": stock.id, "looks": chance.choice(WORDS["LOOKS"]) or None}
            begin = Act(estate.start, staff.supervisor, "S3", "create", made)
            pieces.append(
                Story(stock.office, None, [begin, *stock.acts.get(piece, ())], {"item": kind["called"]})
            )
    tell(Item, items)
    tell(ItemPiece, pieces)


def _loans(
    count: int, stocks: list[Stock], estate: Estate, now: datetime, chance: random.Random
) -> Iterator[Story]:
    """Nearly all back the same day; some out, some late, a few damaged or lost."""
    lived = estate.lived
    times = daytimes(count, estate, now - timedelta(minutes=5), chance)
    for at, moment in enumerate(times):
        place = chance.choice(lived)
        here = [stock for stock in stocks if stock.office == place.office]
        able = [stock for stock in here if not stock.pieces or stock.free(moment)]
        last = now - moment < RECENT or at >= len(times) - STILL_OUT
        yield _loan(chance.choice(able), place, moment, estate, now, chance, last)


def _loan(
    stock: Stock,
    place: Place,
    moment: datetime,
    estate: Estate,
    now: datetime,
    chance: random.Random,
    last: bool,
) -> Story:
    kind, desk = stock.kind, chance.choice(estate.staff[place.office].desk)
    piece = chance.choice(stock.free(moment)) if stock.pieces else None
    quantity = 1 if piece else chance.randrange(1, kind.get("at_a_time", 1) + 1)
    deposit = Decimal(kind["deposit"]) * quantity
    due = clock.day_end((clock.local(moment) + timedelta(days=kind.get("limit_days", 0))).date())
    borrower, purpose = place.owner or name_of(chance), chance.choice(WORDS["PURPOSES"])
    if chance.random() < 0.01:
        borrower, purpose = WORDS["LONGEST_FIRM"], WORDS["LONGEST_PURPOSE"]
    sets: dict[str, Any] = {
        "item": stock.id,
        "piece": piece[0] if piece else None,
        "quantity": quantity,
        "borrower_kind": "resident",
        "borrower": borrower,
        "unit": place.id,
        "phone": place.phone or phone_of(chance),
        "id_shown": chance.choice(("identity", "owner_card", "owner_card")),
        "purpose": purpose or None,
        "told": True,
        "deposit": deposit,
        "lent_at": moment,
        "due_back": due,
    }
    acts = [Act(moment, desk, "F2", "create", sets)]
    back = moment + timedelta(minutes=chance.randrange(15, 400))
    if back < now and not (last and chance.random() < 0.6):
        acts += _back(stock, back, deposit, borrower, estate.staff[place.office], chance)
    state = acts[-1].sets.get("state", "lent")
    if piece:
        _moved(stock, piece[0], acts)
    elif state != "returned":
        stock.gone += quantity
    labels = {"item": kind["called"], "unit": place.code, "piece": piece[1] if piece else None}
    return Story(place.office, place.area, acts, labels)


def _back(
    stock: Stock, back: datetime, deposit: Decimal, borrower: str, staff: Staff, chance: random.Random
) -> Iterator[Act]:
    """Brought back whole; or damaged or lost, and settled by the supervisor."""
    desk, rare, price = chance.choice(staff.desk), chance.random(), Decimal(stock.kind["price"])
    if not stock.spares():
        rare = 1.0
    if rare < 0.006:
        story = chance.choice(WORDS["LOSSES"])
        yield Act(back, desk, "F2", "step:report_lost", {"state": "lost", "what_happened": story})
        fee = price
    else:
        whole = rare >= 0.03
        sets: dict[str, Any] = {"returned_at": back, "returner": borrower}
        if whole:
            sets |= {"state": "returned", "condition": "good", "given_back": deposit}
        else:
            sets |= {
                "state": "damaged",
                "condition": "damaged",
                "what_happened": chance.choice(WORDS["DAMAGES"]),
            }
        yield Act(back, desk, "F2", "step:take_back", sets)
        if whole:
            return
        fee = (price / 4).quantize(Decimal("0.01"))
    settled = back + timedelta(hours=chance.randrange(2, 70))
    if settled < clock.now():
        given_back = max(deposit - fee, Decimal(0))
        sets = {"state": "settled", "fee": fee, "given_back": given_back}
        yield Act(settled, staff.supervisor, "S3", "step:settle", sets)


def _moved(stock: Stock, piece: int, acts: list[Act]) -> None:
    """What the piece's own book says of a loan: out, back, to be mended, gone."""
    out, told = acts[0], stock.acts.setdefault(piece, [])
    told.append(Act(out.at, out.who, "F2", "item_loan:lent", {"state": "lent"}))
    stock.free_at[piece] = clock.now() + NEVER
    if len(acts) == 1:
        return
    back, state = acts[1], acts[1].sets["state"]
    told.append(Act(back.at, back.who, "F2", f"item_loan:{state}", {"state": PIECE_IS[state]}))
    if state == "returned":
        stock.free_at[piece] = back.at
    mended = back.at + timedelta(hours=21)
    if state == "damaged" and mended < clock.now():
        told.append(Act(mended, back.who, "F2", "step:mended", {"state": "kept"}))
        if len(acts) > 2:  # settled: until then the loan has it
            stock.free_at[piece] = max(mended, acts[2].at)
