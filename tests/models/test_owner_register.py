"""The owner register: one line a unit, its people kept in step with the list of customers."""

from decimal import Decimal
from typing import Any

import pytest
from office import Estate, WrongBoxes, lines

from app.act.entry import Wrong
from app.declare.record import registry
from app.ground.database import db
from app.keep import history, history_verify
from app.people.refusal import Refusal

OWNER = {
    "kind": "owner",
    "full_name": "王建国",
    "phone": "13900000011",
    "id_kind": "identity",
    "id_number": "110101199003070011",
    "lives_here": "1",
}
TENANT = {
    "kind": "tenant",
    "full_name": "林小雨",
    "phone": "13900000022",
    "since": "2026-01-01",
    "until": "",
    "lives_here": "1",
}


def entered(
    office: Estate, *people: dict[str, str], name: str = "specialist", unit: str = "1-1-101", **more: Any
) -> Any:
    """A unit's line with its people."""
    return office.create("owner_register", name, unit=office[unit], **lines("people", *people), **more)


def customers() -> list[Any]:
    """All customers, oldest first."""
    cls = registry["customer"]
    return list(db.session.execute(db.select(cls).order_by(cls.id)).scalars())


def test_its_people_become_customers(office: Estate) -> None:
    register = entered(office, OWNER, TENANT)
    assert [(customer.full_name, customer.phone) for customer in customers()] == [
        ("王建国", "13900000011"),
        ("林小雨", "13900000022"),
    ]
    assert [person.customer_id for person in register.people] == [customer.id for customer in customers()]
    assert (register.owners, register.tenants, register.phone, register.area_id) == (
        "王建国",
        "林小雨",
        "13900000011",
        office["1栋"],
    )


def test_who_owns_two_units_is_one_customer(office: Estate) -> None:
    entered(office, OWNER)
    entered(office, OWNER, unit="1-1-102")
    assert len(customers()) == 1


def test_a_new_phone_reaches_the_customer(office: Estate) -> None:
    register = entered(office, OWNER)
    office.edit(register, "specialist", **{"people-0-phone": "13900000099"})
    (customer,) = customers()
    assert customer.phone == "13900000099"
    assert [line.act for line in history.lines("customer", customer.id)] == ["register", "register"]


@pytest.mark.parametrize("given", [{"phone": "13900000022"}, {"phone": ""}])
def test_editing_does_not_make_the_same_person_anew(office: Estate, given: dict[str, str]) -> None:
    """Without an ID number a person is still the one the line names."""
    register = entered(office, {"kind": "owner", "full_name": "王建国", **given})
    office.edit(register, "specialist", pets="一只猫")
    office.edit(register, "specialist", **{"people-0-phone": "13900000033"})
    assert len(customers()) == 1


def test_a_browser_that_posts_only_what_it_shows_keeps_the_customer(office: Estate) -> None:
    """The customer of a line is filled in by the register itself and stands in no box."""
    register = entered(office, {"kind": "owner", "full_name": "王建国", "phone": ""})
    (row,) = register.people
    office.edit(
        register,
        "specialist",
        **lines(
            "people", {"id": str(row.id), "kind": "owner", "full_name": "王建国", "phone": "13900000033"}
        ),
    )
    assert len(customers()) == 1


def test_its_line_says_how_large_the_unit_is_also_after_it_was_measured_anew(office: Estate) -> None:
    unit = db.session.get(registry["unit"], office["1-1-101"])
    office.edit(unit, "manager", area="89.5")
    register = entered(office, OWNER)
    assert register.area == Decimal("89.5")
    office.edit(unit, "manager", area="91.25")
    db.session.refresh(register)
    assert register.area == Decimal("91.25")
    assert history.lines("owner_register", register.id)[-1].changes == {"area": ["89.500", "91.250"]}
    assert list(history_verify.verify([registry["owner_register"], registry["unit"]])) == []


def test_one_line_a_unit(office: Estate) -> None:
    entered(office, OWNER)
    with pytest.raises(Wrong) as wrong:
        entered(office, TENANT)
    assert wrong.value.field == "unit"


def test_an_end_lies_after_its_beginning(office: Estate) -> None:
    with pytest.raises(Wrong) as wrong:
        entered(office, OWNER, {**TENANT, "until": "2025-12-31"})
    assert wrong.value.field == "people-1-until"


@pytest.mark.parametrize("day", ["2026-02-31", "2026-13-01", "1800-01-01", "昨天"])
def test_a_day_that_is_none_is_said_at_its_line(office: Estate, day: str) -> None:
    with pytest.raises(WrongBoxes) as wrong:
        entered(office, {**TENANT, "since": day})
    assert "people" in wrong.value.errors


def test_who_moved_out_is_no_tenant_any_more(office: Estate) -> None:
    assert entered(office, OWNER, {**TENANT, "until": "2026-06-30"}).tenants is None


@pytest.mark.parametrize(
    ("person", "wrong"),
    [
        ({**OWNER, "id_number": "110105194912310021"}, True),
        ({**OWNER, "id_number": "11010519491231002X"}, False),
        ({**OWNER, "id_number": "", "phone": "18999999999"}, True),
        (TENANT, False),
    ],
)
def test_numbers_to_be_put_right_are_marked(office: Estate, person: dict[str, str], wrong: bool) -> None:
    assert entered(office, person).to_put_right == wrong


@pytest.mark.parametrize(
    ("name", "may"), [("specialist", True), ("supervisor", True), ("manager", False), ("frontdesk", False)]
)
def test_edited_by_p3_and_s7(office: Estate, name: str, may: bool) -> None:
    if may:
        assert entered(office, OWNER, name=name).id
        return
    with pytest.raises(Refusal) as refused:
        entered(office, OWNER, name=name)
    assert (refused.value.kind, set(refused.value.clauses)) == ("duty", {"P3", "S7"})


def test_a_specialist_of_another_building_finds_nothing_of_it(office: Estate) -> None:
    register = entered(office, OWNER)
    assert [
        name
        for name in (
            "manager",
            "supervisor",
            "specialist",
            "colleague",
            "specialist2",
            "frontdesk",
            "other_manager",
            "other_specialist",
        )
        if office.sees(register, name)
    ] == [
        "manager",
        "supervisor",
        "specialist",
        "colleague",
        "frontdesk",
    ]
    with pytest.raises(WrongBoxes):
        entered(office, TENANT, name="specialist2", unit="1-1-102")


def test_nor_of_its_people_among_the_customers(office: Estate) -> None:
    entered(office, OWNER)
    (customer,) = customers()
    assert office.sees(customer, "specialist")
    assert not office.sees(customer, "specialist2")


def test_its_unit_is_not_changed_afterwards(office: Estate) -> None:
    register = entered(office, OWNER)
    office.edit(register, "specialist", unit=office["1-1-102"], pets="一只狗")
    assert (register.unit_id, register.pets) == (office["1-1-101"], "一只狗")


STRANGER = {
    "kind": "owner",
    "full_name": "刘外栋",
    "phone": "13700000077",
    "id_number": "310115197603152468",
    "lives_here": "1",
}


@pytest.mark.parametrize("known", [("id_number",), ("full_name", "phone")])
def test_nobody_is_taken_over_from_another_building(office: Estate, known: tuple[str, ...]) -> None:
    """Whose ID number or name and telephone a specialist knows stays another's: not read, not changed, not
    moved; hers is a record of its own.
    """
    entered(office, STRANGER, name="specialist2", unit="2-1-201")
    (theirs,) = customers()
    before, seen = history.as_at("customer", theirs.id), office.sees(theirs, "specialist")
    assert (seen, theirs.area_id) == (False, office["2栋"])
    taken = {
        "kind": "owner",
        "full_name": "冒名",
        "phone": "13900000033",
        **{name: STRANGER[name] for name in known},
    }
    register = entered(office, taken)
    db.session.expire_all()
    assert not office.sees(theirs, "specialist")
    assert history.as_at("customer", theirs.id) == before
    assert [line.seq for line in history.lines("customer", theirs.id)] == [1]
    assert register.people[0].customer_id != theirs.id
    assert len(customers()) == 2
    assert [customer.area_id for customer in customers()] == [office["2栋"], office["1栋"]]


def test_who_reaches_both_buildings_finds_the_one_customer(office: Estate) -> None:
    entered(office, STRANGER, name="specialist2", unit="2-1-201")
    register = entered(office, STRANGER, name="supervisor")
    (customer,) = customers()
    assert register.people[0].customer_id == customer.id
    assert customer.area_id is None, "the whole office's"


def test_what_follows_from_an_act_names_who_acted_and_by_which_clause(office: Estate) -> None:
    register = entered(office, OWNER)
    office.edit(register, "supervisor", **{"people-0-phone": "13900000099"})
    (customer,) = customers()
    said = [(line.user_name, line.clause, line.act) for line in history.lines("customer", customer.id)]
    assert said == [("钱专员", "P3", "register"), ("苏主管", "S7", "register")]
    unit: Any = db.session.get(registry["unit"], office["1-1-101"])
    office.edit(unit, "manager", area="88.5")
    line = history.lines("owner_register", register.id)[-1]
    assert (line.user_name, line.clause, line.changes) == ("马经理", "M3", {"area": [None, "88.500"]})
    assert len(customers()) == 1
    assert [line.seq for line in history.lines("customer", customer.id)] == [1, 2], (
        "the manager's act changes nobody"
    )


def test_an_effect_reaches_no_further_than_whoever_acts(office: Estate) -> None:
    """The net below every effect: another's record isn't changed by anybody's step, save or import."""
    entered(office, STRANGER, name="specialist2", unit="2-1-201")
    (theirs,) = customers()
    with office.writing(), pytest.raises(Refusal):
        office.set(theirs, "specialist", full_name="冒名")
    db.session.expire_all()
    assert theirs.full_name == "刘外栋"
