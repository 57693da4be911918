"""Eight desks lend and take back at once: what is in stock is never below zero, and the sum of what was
posted.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from office import Estate
from sending import row_of
from sqlalchemy.exc import IntegrityError

from app.act.entry import Wrong
from app.declare.record import registry
from app.ground.database import db
from app.keep import history_verify

DESKS, EACH, UMBRELLAS = 8, 12, 5


@pytest.mark.load
def test_eight_desks_lend_five_umbrellas(office: Estate) -> None:
    rules = {"called": "爱心伞", "kind": "umbrella", "numbered": "", "point": "前台", "lent_to": "staff"}
    item = office.create("item", "supervisor", **rules, deposit="20", at_a_time="2", limit_days="0").id
    office.step(row_of("item", item), "take_in", "supervisor", came=str(UMBRELLAS))
    start = Barrier(DESKS)

    def desk(hand: int) -> Counter[str]:
        told: Counter[str] = Counter()
        with office.app.app_context():
            here = Estate(office.app, office.ids)
            start.wait()
            for at in range(EACH):
                typed = {"item": item, "quantity": str(1 + at % 2), "borrower_kind": "staff", "told": "1"}
                typed |= {"borrower": f"员工{hand}", "phone": "13700000001", "id_shown": "staff_card"}
                try:
                    loan = here.create("item_loan", "frontdesk", **typed)
                except Wrong as wrong:
                    told["refused" if "在库只有" in wrong.message else wrong.message] += 1
                    continue
                except IntegrityError:
                    told["kept apart"] += 1
                    continue
                assert db.session.get(registry["item"], item).in_stock >= 0  # type: ignore[union-attr]
                if at % 3:
                    here.step(loan, "take_back", "frontdesk", condition="good")
                told["lent"] += 1
            db.session.remove()
        return told

    with ThreadPoolExecutor(DESKS) as hands:
        outcomes = sum(hands.map(desk, range(DESKS)), Counter())
    assert outcomes.keys() <= {"lent", "refused", "kept apart"}
    assert outcomes.total() == DESKS * EACH
    assert outcomes["lent"] >= UMBRELLAS / 2
    db.session.rollback()
    loans: Any = registry["item_loan"]
    out = db.session.execute(
        db.select(db.func.coalesce(db.func.sum(loans.quantity), 0)).where(loans.state == "lent")
    ).scalar_one()
    record = row_of("item", item)
    assert (record.in_stock, record.deposits) == (UMBRELLAS - out, Decimal(20 * out))
    assert list(history_verify.verify([loans, registry["item"]])) == []
