"""Keeps the list of customers in step with the people whom the owner register names."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.declaring import Person, access, db, saving
from models.estate.customer import Customer

if TYPE_CHECKING:
    from models.estate.owner_register import Occupancy, OwnerRegister

COPIED = (
    "full_name",
    "is_company",
    "sex",
    "phone",
    "phone2",
    "id_kind",
    "id_number",
    "employer",
    "mailing_address",
)


def keep_in_step(register: "OwnerRegister", person: Person) -> None:
    """Find or make the customer of each person of a unit: by ID number, else by name and phone.

    Found and changed are only those whom whoever saved the register may edit: another's customer is as if he
    weren't there.
    """
    for one in register.people:
        customer = _linked(one) or _found(one, register, person) or _new(one, register, person)
        _tell(customer, one, register, person)
        if one.customer_id != customer.id:
            one.customer_id = customer.id
    db.session.flush()


def _linked(one: "Occupancy") -> Customer | None:
    known: int | None = one.customer_id
    return db.session.get(Customer, known) if known is not None else None


def _found(one: "Occupancy", register: "OwnerRegister", person: Person) -> Customer | None:
    asked = select(Customer).where(
        Customer.office_id == register.office_id, access.rows(person, Customer, "edit")
    )
    if one.id_number:
        found = db.session.execute(asked.where(Customer.id_number == one.id_number)).scalars().first()
        if found is not None:
            return found
    if one.phone:
        return (
            db.session.execute(asked.where(Customer.full_name == one.full_name, Customer.phone == one.phone))
            .scalars()
            .first()
        )
    return None


def _new(one: "Occupancy", register: "OwnerRegister", person: Person) -> Customer:
    said = {name: getattr(one, name) for name in COPIED}
    customer = Customer(office_id=register.office_id, area_id=register.area_id, **said)
    saving.add(customer, person, "register", str(access.may(person, Customer, "create") or ""))
    return customer


def _tell(customer: Customer, one: "Occupancy", register: "OwnerRegister", person: Person) -> None:
    """What the register says of somebody else than the customer's record did; somebody of several buildings
    is the whole office's.
    """
    given = {name: getattr(one, name) for name in COPIED if getattr(one, name) not in (None, "")}
    given = {name: value for name, value in given.items() if value != getattr(customer, name)}
    if customer.area_id not in (None, register.area_id):
        given["area_id"] = None
    clause = access.may_here(person, customer, "edit") if given else None
    if clause is not None:
        with saving.changing(customer, person, "register", str(clause)):
            for name, value in given.items():
                setattr(customer, name, value)
