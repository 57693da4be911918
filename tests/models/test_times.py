"""Moments that a step or an edit gives lie where they can; what was agreed of an arrival follows the
urgency.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from office import NOON, Estate

from app.act.entry import Wrong
from app.ground import clock
from app.people.refusal import Refusal


def typed(at: datetime) -> str:
    """A moment as the box has it."""
    return f"{clock.local(at):%Y-%m-%dT%H:%M}"


def dispatched(office: Estate, **more: Any) -> Any:
    """An order that goes out at noon."""
    order = office.order(**more)
    office.step(order, "dispatch", "specialist", assignee=office["repairer"])
    return order


def test_a_higher_urgency_brings_the_arrival_forward(office: Estate) -> None:
    with clock.set_to(NOON):
        order = dispatched(office)
        assert order.arrive_by == NOON + timedelta(minutes=120)
    with clock.set_to(NOON + timedelta(minutes=10)):
        office.edit(order, "specialist", urgency="urgent")
        assert order.arrive_by == order.due_at == NOON + timedelta(minutes=40)
    with clock.set_to(NOON + timedelta(minutes=20)):
        office.edit(order, "specialist", urgency="emergency")
        assert order.arrive_by == order.due_at == NOON + timedelta(minutes=35)
        office.edit(order, "specialist", urgency="normal")
        assert order.arrive_by == NOON + timedelta(minutes=35), "what was promised stands"
    with clock.set_to(NOON + timedelta(minutes=34)):
        office.edit(order, "specialist", urgency="emergency")
        assert order.arrive_by == NOON + timedelta(minutes=35), "never later than it was"


def test_so_does_it_on_hold_and_not_once_somebody_is_there(office: Estate) -> None:
    with clock.set_to(NOON):
        held, there = dispatched(office), dispatched(office)
        office.step(there, "start", "specialist")
        office.step(
            held, "hold", "specialist", hold_reason="客户外出", hold_until=typed(NOON + timedelta(days=1))
        )
        before = there.arrive_by
    with clock.set_to(NOON + timedelta(hours=2)):
        office.edit(held, "specialist", urgency="emergency")
        office.edit(there, "specialist", urgency="emergency")
        assert there.arrive_by == before
        office.step(held, "resume", "specialist")
        assert held.arrive_by == NOON + timedelta(hours=2, minutes=15)


def test_another_appointed_time_moves_it(office: Estate) -> None:
    with clock.set_to(NOON):
        order = dispatched(office, appointed_at=typed(NOON + timedelta(hours=5)))
        office.edit(order, "specialist", appointed_at=typed(NOON + timedelta(days=1)))
        assert order.arrive_by == NOON + timedelta(days=1)


@pytest.mark.parametrize("step", ["dispatch", "reassign", "reopen"])
def test_nobody_is_sent_into_the_past(office: Estate, step: str) -> None:
    with clock.set_to(NOON):
        order = office.order()
        if step != "dispatch":
            office.step(order, "dispatch", "specialist", assignee=office["repairer"])
        if step == "reopen":
            office.step(order, "start", "specialist")
            done = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}
            office.step(order, "finish", "specialist", **done)
        more = {"remark": "换人"} if step != "dispatch" else {}
        for back in (timedelta(days=6), timedelta(hours=1)):
            with pytest.raises(Refusal) as refused:
                office.step(
                    order,
                    step,
                    "specialist",
                    assignee=office["specialist2"],
                    arrive_by=typed(NOON - back),
                    **more,
                )
            assert "要求到场时间" in str(refused.value)
        office.step(
            order,
            step,
            "specialist",
            assignee=office["repairer"],
            arrive_by=typed(NOON + timedelta(hours=3)),
            **more,
        )
        assert order.arrive_by == NOON + timedelta(hours=3)


def test_an_arrival_that_passed_is_not_judged_again(office: Estate) -> None:
    """The dialog brings the old time along; somebody else goes by a new one."""
    with clock.set_to(NOON):
        order = dispatched(office)
    with clock.set_to(NOON + timedelta(hours=3)):
        office.step(
            order, "reassign", "specialist", assignee=office["specialist"], arrive_by=typed(order.arrive_by)
        )
        assert order.arrive_by == NOON + timedelta(hours=5)


def test_what_was_lies_after_the_report(office: Estate) -> None:
    """A price, a coming, a new visit's coming; in the minute of the report still."""
    with clock.set_to(NOON + timedelta(seconds=40)):
        order = office.order(paid="1")
        price = {"price": "80", "price_agreed_by": "陈女士"}
        with pytest.raises(Refusal):
            office.step(
                order, "agree_price", "specialist", **price, price_agreed_at=typed(NOON - timedelta(days=6))
            )
        office.step(order, "agree_price", "specialist", **price, price_agreed_at=typed(NOON))
        office.step(order, "dispatch", "specialist", assignee=office["repairer"])
        with pytest.raises(Refusal):
            office.step(order, "start", "specialist", arrived_at=typed(NOON - timedelta(minutes=1)))
        office.step(order, "start", "specialist", arrived_at=typed(NOON))
        done = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}
        office.step(order, "finish", "specialist", **done)
    with clock.set_to(NOON + timedelta(days=2)):
        office.step(order, "reopen", "specialist", assignee=office["repairer"], remark="又漏了")
        with pytest.raises(Refusal):
            office.step(order, "start", "specialist", arrived_at=typed(NOON + timedelta(days=1)))
    with clock.set_to(NOON):
        late = office.order(urgency="emergency", late_slip="1")
        office.step(
            late,
            "dispatch",
            "specialist",
            assignee=office["repairer"],
            arrive_by=typed(NOON - timedelta(hours=3)),
        )
        with pytest.raises(Refusal):
            office.step(late, "start", "specialist", arrived_at=typed(NOON - timedelta(days=30)))
        office.step(late, "start", "specialist", arrived_at=typed(NOON - timedelta(hours=3)))


def test_a_key_comes_back_in_the_minute_it_was_lent(office: Estate) -> None:
    with clock.set_to(NOON + timedelta(seconds=50)):
        loan = office.loan(office.key())
        back = {"returner": "郑师傅", "unit_condition": "门窗已关"}
        with pytest.raises((Refusal, Wrong)):
            office.step(
                loan, "take_back", "specialist", **back, returned_at=typed(NOON - timedelta(minutes=1))
            )
        office.step(loan, "take_back", "specialist", **back, returned_at=typed(NOON))
