"""One way by which a record is made or edited: all or nothing, within one's reach, once for a form sent
twice.
"""

from datetime import timedelta
from typing import Any

import pytest
from office import NOON, Estate, WrongBoxes
from sqlalchemy.exc import IntegrityError

from app.act import saving, submissions
from app.act.entry import Wrong
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history
from app.people.refusal import Refusal


def how_many(form: str) -> int:
    """How many records there are of a form."""
    return int(db.session.execute(db.select(db.func.count()).select_from(registry[form])).scalar_one())


def test_a_new_record_has_all_that_belongs_to_it(office: Estate) -> None:
    order = office.order()
    assert (order.state, order.version, order.created_by_id) == ("reported", 1, office["frontdesk"])
    assert (order.office_id, order.area_id) == (office["澄园"], office["1栋"])
    (line,) = history.lines("work_order", order.id)
    assert line.hash == order.head
    assert line.changes["description"] == [None, "厨房水管漏水"]


def test_sent_twice_it_is_made_once(office: Estate) -> None:
    order = office.order(token="a" * 32)
    person, cls = office.person("frontdesk"), registry["work_order"]
    assert saving.submitted("a" * 32, person, cls) == order.id
    with pytest.raises(IntegrityError):  # the second of two at the very same moment
        office.order(token="a" * 32)
    assert how_many("work_order") == 1
    assert office.order().number.endswith("-0002"), "the second used up a number"


def test_anothers_token_leads_nowhere(office: Estate) -> None:
    office.order(token="b" * 32)
    assert saving.submitted("b" * 32, office.person("manager"), registry["work_order"]) is None
    assert saving.submitted("b" * 32, office.person("frontdesk"), registry["complaint"]) is None
    assert saving.submitted("", office.person("frontdesk"), registry["work_order"]) is None


def test_a_form_that_was_wrong_may_be_sent_again(office: Estate) -> None:
    with pytest.raises(Wrong):
        office.order(token="c" * 32, unit="")
    assert office.order(token="c" * 32).id


@pytest.mark.parametrize(
    ("form", "name", "may"),
    [
        ("work_order", "frontdesk", True),
        ("work_order", "specialist", True),
        ("work_order", "supervisor", True),
        ("work_order", "manager", False),
        ("complaint", "frontdesk", True),
        ("complaint", "specialist", True),
        ("complaint", "supervisor", True),
        ("complaint", "manager", False),
    ],
)
def test_whose_duty_it_is_to_make_one(office: Estate, form: str, name: str, may: bool) -> None:
    make = office.order if form == "work_order" else office.complaint
    if may:
        assert make(name).id
        return
    with pytest.raises(Refusal) as refused:
        make(name)
    assert (refused.value.kind, how_many(form)) == ("duty", 0)
    assert refused.value.who


def test_without_a_role_nothing_is_made(office: Estate) -> None:
    with pytest.raises((Refusal, WrongBoxes)):
        office.order("repairer")
    with pytest.raises(Refusal):
        office.create(
            "work_order", "repairer", reporter="x", category="water", description="x", public_area="大门"
        )


def test_a_specialist_makes_none_in_anothers_building(office: Estate) -> None:
    with pytest.raises(WrongBoxes):
        office.order("specialist2", unit=office["1-1-101"])
    with pytest.raises(WrongBoxes):
        office.order("specialist2", unit="", public_area="x", building=office["1栋"])
    assert how_many("work_order") == 0


def test_nor_moves_one_there(office: Estate) -> None:
    order = office.order("specialist")
    with pytest.raises(WrongBoxes):
        office.edit(order, "specialist", unit=office["2-1-201"])
    assert order.unit_id == office["1-1-101"]


def test_what_lost_its_unit_leaves_the_building(office: Estate) -> None:
    order = office.order()
    office.edit(order, "supervisor", unit="", public_area="大门口")
    assert order.area_id is None


def test_a_rule_between_boxes_leaves_no_trace(office: Estate) -> None:
    with pytest.raises(Wrong):
        office.order(unit="")
    assert how_many("work_order") == 0
    assert (
        db.session.execute(db.select(history.Line).where(history.Line.form == "work_order")).first() is None
    )
    assert db.session.execute(db.text("SELECT count(*) FROM search")).scalar_one() > 0


def test_what_steps_fill_in_is_not_typed_at_the_start(office: Estate) -> None:
    order = office.order(
        state="filed",
        assignee=office["specialist"],
        price="1",
        rating="5",
        number="X",
        office_id="2",
        created_by_id="1",
        version="9",
    )
    assert (order.state, order.assignee_id, order.price, order.rating, order.version, order.office_id) == (
        "reported",
        None,
        None,
        None,
        1,
        office["澄园"],
    )
    office.edit(order, "specialist", state="filed", assignee=office["specialist"], total="99")
    assert (order.state, order.assignee_id, order.total) == ("reported", None, 0)


def test_two_at_once_are_kept_apart_by_the_index(office: Estate) -> None:
    office.key("A-01")
    with pytest.raises(IntegrityError), office.writing():
        key: Any = registry["key"](
            tag="A-01",
            kind="unit",
            lendable=True,
            number="999999",
            office_id=office["澄园"],
            version=0,
            head="",
        )
        db.session.add(key)
        db.session.flush()


def test_forgotten_tokens(office: Estate) -> None:
    with clock.set_to(NOON):
        office.order(token="d" * 32)
    with clock.set_to(NOON + submissions.REMEMBERED):
        assert submissions.forget_submissions() == 0
        assert saving.submitted("d" * 32, office.person("frontdesk"), registry["work_order"])
    with clock.set_to(NOON + submissions.REMEMBERED + timedelta(minutes=1)):
        assert submissions.forget_submissions() == 1
        assert saving.submitted("d" * 32, office.person("frontdesk"), registry["work_order"]) is None
