"""Kept counts equal a recount, whatever was done."""

import random
from typing import Any

from office import Estate, WrongBoxes, counted, kept
from sending import STEPS

from app.act import steps, tally
from app.act.entry import Pairs, Wrong
from app.declare.record import registry
from app.people import access
from app.people.refusal import Refusal


def test_a_step_moves_one(office: Estate) -> None:
    order = office.order()
    place = (office["澄园"], office["1栋"])
    assert kept("work_order") == {(*place, "reported"): 1}
    office.step(order, "dispatch", "specialist", assignee=office["specialist"])
    assert kept("work_order") == {(*place, "dispatched"): 1}


def test_moving_to_another_building_moves_the_count(office: Estate) -> None:
    order = office.order()
    office.edit(order, "supervisor", unit=office["2-1-201"])
    assert kept("work_order") == {(office["澄园"], office["2栋"], "reported"): 1}


def test_each_sees_the_counts_of_their_reach(office: Estate) -> None:
    for unit in ("1-1-101", "1-1-102", "2-1-201"):
        office.order(unit=office[unit])
    office.order(unit="", public_area="大门")
    office.order("other_frontdesk", unit=office["枫1-1-101"])
    for name, count in (
        ("manager", 4),
        ("frontdesk", 4),
        ("specialist", 3),
        ("specialist2", 2),
        ("other_manager", 1),
        ("other_specialist", 1),
    ):
        reach = access.reach(office.person(name), registry["work_order"].access.by("read"))
        assert tally.by_state({"work_order": reach}) == {"work_order": {"reported": count}}, name


def test_what_fails_is_not_counted(office: Estate) -> None:
    for typed in ({"unit": ""}, {"description": ""}):
        try:
            office.order(**typed)
        except (Wrong, WrongBoxes):
            continue
    assert kept("work_order") == {}


def _somebody(chance: random.Random) -> str:
    return chance.choice(["manager", "supervisor", "specialist", "colleague", "specialist2", "frontdesk"])


def test_random_acts(office: Estate) -> None:
    chance = random.Random(20261124)
    orders: list[Any] = [
        office.order(unit=office[chance.choice(["1-1-101", "2-1-201"])]) for _time in range(4)
    ]
    typed = {**STEPS, "assignee": office["specialist"]}
    for _time in range(300):
        order = chance.choice(orders)
        step = chance.choice([*type(order).steps])
        if step == "void" and chance.random() < 0.8:
            continue
        try:
            if chance.random() < 0.15:
                with office.writing():
                    steps.perform_each(
                        type(order),
                        [order.id for order in orders],
                        type(order).steps[step],
                        office.person(_somebody(chance)),
                        Pairs(typed),
                    )
            else:
                office.step(order, step, _somebody(chance), **typed)
        except (Refusal, Wrong, WrongBoxes):
            continue
    assert kept("work_order") == counted("work_order")
    assert len({order.state for order in orders}) > 1


def test_a_recount_says_the_same(office: Estate) -> None:
    for name in ("1-1-101", "2-1-201"):
        office.step(office.order(unit=office[name]), "void", "manager", void_reason="x")
    before = kept("work_order")
    with office.writing():
        tally.recount(registry["work_order"])
    assert kept("work_order") == before


def test_after_the_furnishing_too(office: Estate) -> None:
    for form in ("unit", "building", "user", "office"):
        assert kept(form) == counted(form)
