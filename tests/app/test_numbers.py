"""Serial numbers: no gap, no twin, given back by what fails."""

from datetime import UTC, datetime

import pytest
from office import NOON, Estate

from app.act.entry import Wrong
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history_verify, numbers


def test_they_count_on(office: Estate) -> None:
    with clock.set_to(NOON):
        assert [office.order().number for _time in range(3)] == [
            "PG-202611-0001",
            "PG-202611-0002",
            "PG-202611-0003",
        ]


def test_each_office_form_and_month_has_its_own(office: Estate) -> None:
    with clock.set_to(NOON):
        assert office.order().number == "PG-202611-0001"
        assert office.complaint().number == "TS-202611-0001"
        assert office.order("other_frontdesk", unit=office["枫1-1-101"]).number == "PG-202611-0001"
    with clock.set_to(datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)):
        assert office.order().number == "PG-202611-0002"
    with clock.set_to(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)):  # December at the office
        assert office.order().number == "PG-202612-0001"


def test_what_fails_gives_its_number_back(office: Estate) -> None:
    with clock.set_to(NOON):
        office.order()
        with pytest.raises(Wrong):
            office.order(unit="")
        with pytest.raises(RuntimeError), office.writing():
            numbers.take(registry["work_order"], office["澄园"], NOON)
            raise RuntimeError
        assert office.order().number == "PG-202611-0002"
        assert numbers.missing(registry["work_order"]) == []


def test_voiding_keeps_the_number(office: Estate) -> None:
    with clock.set_to(NOON):
        office.step(office.order(), "void", "manager", void_reason="重复")
        assert office.order().number == "PG-202611-0002"


def test_more_than_four_digits(office: Estate) -> None:
    with office.writing():
        assert numbers.take(registry["work_order"], office["澄园"], NOON, 10_000)[-2:] == [
            "PG-202611-9999",
            "PG-202611-10000",
        ]


def test_a_number_without_its_record_is_told(office: Estate) -> None:
    with clock.set_to(NOON):
        orders = [office.order() for _time in range(3)]
    for order in (orders[0], orders[2]):
        number = order.number
        with office.writing():
            db.session.execute(
                db.text("DELETE FROM work_order WHERE number = :number AND office_id = :office"),
                {"number": number, "office": office["澄园"]},
            )
        assert number in numbers.missing(registry["work_order"])
        assert any(number in sentence for sentence in history_verify.verify([registry["work_order"]]))


def test_of_another_office_it_is_told_too(office: Estate) -> None:
    """Both offices have the same numbers; one's record doesn't stand in for the other's."""
    with clock.set_to(NOON):
        office.order()
        office.order("other_frontdesk", unit=office["枫1-1-101"])
    with office.writing():
        db.session.execute(
            db.text("DELETE FROM work_order WHERE office_id = :office"), {"office": office["枫林"]}
        )
    assert numbers.missing(registry["work_order"]) == ["PG-202611-0001"]
