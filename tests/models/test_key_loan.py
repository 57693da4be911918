"""Keys lent and brought back: one key can't be out twice, however many hands reach for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from office import NOON, Estate, WrongBoxes
from sqlalchemy.exc import IntegrityError

from app.act.entry import Wrong
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history, history_verify
from app.people.refusal import Refusal
from app.people.users import User


def test_lent_and_back(office: Estate) -> None:
    with clock.set_to(NOON):
        key = office.key()
        loan = office.loan(key)
        assert (loan.number, loan.state) == ("YS-202611-0001", "lent")
        assert f"{clock.local(loan.due_at):%m-%d %H:%M}" == "11-24 23:59"
        office.step(
            loan, "take_back", "specialist", returner="郑师傅", unit_condition="门窗已关", checked="1"
        )
        assert (loan.state, loan.returned_at, loan.due_at) == ("returned", NOON, None)
        assert office.loan(key).state == "lent"


def test_no_second_loan(office: Estate) -> None:
    key = office.key()
    first = office.loan(key)
    with pytest.raises(Wrong) as wrong:
        office.loan(key, "colleague")
    assert wrong.value.field == "key"
    assert first.number in wrong.value.message


def test_two_keys_of_one_room_are_two_keys(office: Estate) -> None:
    for tag in ("A-01", "A-02"):
        assert office.loan(office.key(tag)).state == "lent"


@pytest.mark.load
def test_eight_hands_reach_for_one_key(office: Estate) -> None:
    key = office.key().id
    start = Barrier(8)

    def reach(hand: int) -> str:
        with office.app.app_context():
            start.wait()
            estate = Estate(office.app, office.ids)
            try:
                number: str = estate.create(
                    "key_loan",
                    "specialist",
                    key=key,
                    borrower=f"第{hand}只手",
                    phone="13700000001",
                    reason="同时",
                ).number
            except Wrong:
                number = "refused"
            except IntegrityError:
                number = "kept apart by the index"
            db.session.remove()
            return number

    with ThreadPoolExecutor(8) as hands:
        results = list(hands.map(reach, range(8)))
    lent = [result for result in results if result.startswith("YS-")]
    assert len(lent) == 1, results
    loans = registry["key_loan"]
    db.session.rollback()
    assert [row.number for row in db.session.execute(db.select(loans)).scalars()] == lent
    assert lent[0].endswith("-0001"), "a refused loan used up a number"
    assert list(history_verify.verify([loans])) == []


def test_a_key_that_may_not_be_lent(office: Estate) -> None:
    with pytest.raises(Wrong) as wrong:
        office.loan(
            office.key(
                "配电房", kind="equipment", building=office["1栋"], unit="", room="配电房", lendable=""
            )
        )
    assert wrong.value.field == "key"


def test_a_lost_key_is_not_lent_again(office: Estate) -> None:
    key = office.key()
    loan = office.loan(key)
    office.step(loan, "report_lost", "specialist", loss_story="掉进电梯井")
    assert (loan.state, key.lendable) == ("lost", False)
    with pytest.raises(Wrong):
        office.loan(key)
    assert [line.act for line in history.lines("key", key.id)] == ["create", "key_loan:lent", "key_loan:lost"]
    with pytest.raises(WrongBoxes):
        office.step(loan, "settle", "supervisor")
    office.step(loan, "settle", "supervisor", fee="80", lock_changed="1")
    assert loan.state == "settled"
    assert list(history_verify.verify([type(loan), type(key)])) == []


def test_a_key_left_by_an_owner_needs_consent_and_a_second_person(office: Estate) -> None:
    key = office.key("寄-01", kind="left", custody_letter="托-2026-07")
    every = {"owner_consent": "王先生电话同意", "accompanied_by": "孙专员", "sealed_bag": "B-07"}
    for lacking in every:
        with pytest.raises(Wrong):
            office.loan(key, **{**every, lacking: ""})
    assert office.loan(key, **every).state == "lent"


def test_an_owners_key_goes_back_into_a_sealed_bag(office: Estate) -> None:
    key = office.key("寄-01", kind="left", custody_letter="托-2026-07")
    loan = office.loan(key, owner_consent="王先生电话同意", accompanied_by="孙专员", sealed_bag="B-07")
    back = {"returner": "郑师傅", "unit_condition": "门窗已关"}
    with pytest.raises(Refusal):
        office.step(loan, "take_back", "specialist", **back)
    office.step(loan, "take_back", "specialist", **back, sealed_bag="B-08")
    assert (loan.state, loan.sealed_bag) == ("returned", "B-08")


def test_an_owner_leaves_a_key_with_a_letter(office: Estate) -> None:
    for typed, field in (
        ({"custody_letter": ""}, "custody_letter"),
        ({"custody_letter": "托-1", "unit": ""}, "unit"),
    ):
        with pytest.raises(Wrong) as wrong:
            office.key("寄-01", kind="left", **typed)
        assert wrong.value.field == field


def test_the_second_person_is_not_the_borrower(office: Estate) -> None:
    with pytest.raises(Wrong):
        office.loan(
            office.key("寄-01", kind="left", custody_letter="托-1"),
            borrower="孙专员",
            owner_consent="同意",
            accompanied_by="孙专员",
            sealed_bag="B-1",
        )


def test_who_brings_it_back_is_who_had_it_or_it_is_said_why_not(office: Estate) -> None:
    loan = office.loan(office.key())
    with pytest.raises(Refusal):
        office.step(loan, "take_back", "specialist", returner="王师傅", unit_condition="门窗已关")
    office.step(
        loan,
        "take_back",
        "specialist",
        returner="王师傅",
        unit_condition="门窗已关",
        remark="郑师傅请假，托王师傅带回",
    )
    assert (loan.state, loan.returner) == ("returned", "王师傅")


def test_a_units_key_comes_back_with_a_look_at_the_place(office: Estate) -> None:
    loan = office.loan(office.key())
    with pytest.raises(Refusal):
        office.step(loan, "take_back", "specialist", returner="郑师傅")
    room = office.loan(office.key("泵房", kind="equipment", building=office["1栋"], unit="", room="水泵房"))
    assert office.step(room, "take_back", "specialist", returner="郑师傅").state == "returned"


def test_it_does_not_come_back_before_it_was_lent(office: Estate) -> None:
    with clock.set_to(NOON):
        loan = office.loan(office.key())
        with pytest.raises(Refusal):
            office.step(
                loan,
                "take_back",
                "specialist",
                returner="郑师傅",
                unit_condition="门窗已关",
                returned_at="2026-11-24T11:59",
            )
        assert loan.state == "lent"


def test_it_does_not_come_back_tomorrow(office: Estate) -> None:
    with clock.set_to(NOON):
        loan = office.loan(office.key())
        with pytest.raises((Refusal, Wrong)):
            office.step(
                loan,
                "take_back",
                "specialist",
                returner="郑师傅",
                unit_condition="门窗已关",
                returned_at="2026-11-25T12:00",
            )


def test_it_is_not_lent_tomorrow_and_back_today(office: Estate) -> None:
    with clock.set_to(NOON), pytest.raises((Refusal, Wrong)):
        loan = office.loan(office.key(), lent_at="2026-11-25T12:00", due_back="2026-11-25T18:00")
        office.step(loan, "take_back", "specialist", returner="郑师傅", unit_condition="门窗已关")


def test_due_back_lies_after_it_was_lent(office: Estate) -> None:
    with clock.set_to(NOON), pytest.raises(Wrong) as wrong:
        office.loan(office.key(), due_back="2026-11-24T11:00")
    assert wrong.value.field == "due_back"


def test_extended_by_a_day_once_with_a_reason(office: Estate) -> None:
    with clock.set_to(NOON):
        loan = office.loan(office.key(), due_back="2026-11-24T18:00")
        with pytest.raises(WrongBoxes):
            office.step(loan, "extend", "specialist")
        office.step(loan, "extend", "specialist", remark="活没干完")
        assert (loan.state, loan.due_at - NOON) == ("lent", timedelta(hours=30))
        with pytest.raises(Refusal):
            office.step(loan, "extend", "specialist", remark="还没干完")
        office.edit(loan, "specialist", due_back="2026-12-24T18:00")
        assert loan.due_back - NOON == timedelta(hours=30)


def test_keys_are_the_specialists_of_the_area(office: Estate) -> None:
    key = office.key()
    for name in ("manager", "supervisor", "frontdesk"):
        with pytest.raises(Refusal):
            office.loan(key, name)
    with pytest.raises(WrongBoxes):  # of another building: as if it weren't there
        office.loan(key, "specialist2")
    loan = office.loan(key)
    assert office.why_not(loan, "take_back", "specialist2").kind == "area"  # type: ignore[union-attr]
    assert office.why_not(loan, "take_back", "frontdesk").kind == "duty"  # type: ignore[union-attr]


def test_a_tag_stands_on_one_key(office: Estate) -> None:
    office.key("A-01")
    with pytest.raises(Wrong):
        office.key("A-01")


def test_the_keys_building_decides_whose_office_it_is(office: Estate) -> None:
    """Somebody who works in two offices doesn't lend a key twice by being of the other one."""
    key = office.key()
    with office.writing():
        user: Any = db.session.get(User, office["other_specialist"])
        user.offices, user.areas = [office["澄园"]], [office["1栋"], office["枫1栋"]]
        user.saved(office.person("manager"))
    loan = office.loan(key, "other_specialist")
    assert loan.office_id == key.office_id
    with pytest.raises(Wrong):
        office.loan(key, "specialist")


def test_a_key_out_already_is_not_lent_anew_by_what_is_said_of_it(office: Estate) -> None:
    """Whether a key may be lent is asked when it is lent: unticked meanwhile, the loan at hand goes on to its
    end.
    """
    key = office.key()
    loan = office.loan(key)
    office.edit(key, "specialist", lendable="")
    office.edit(loan, "specialist", reason="入户检修，要两天")
    office.step(loan, "extend", "specialist", remark="没修完")
    assert (loan.extended, loan.reason) == (True, "入户检修，要两天")
    office.step(loan, "take_back", "specialist", returner="郑师傅", unit_condition="门窗已关", checked="1")
    with pytest.raises(Wrong) as wrong:
        office.loan(key)
    assert wrong.value.field == "key"
