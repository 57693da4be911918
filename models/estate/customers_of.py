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
    for occupancy in register.people:
        customer = (
            _linked(occupancy) or _found(occupancy, register, person) or _new(occupancy, register, person)
        )
        _tell(customer, occupancy, register, person)
        if occupancy.customer_id != customer.id:
            occupancy.customer_id = customer.id
    db.session.flush()


def _linked(occupancy: "Occupancy") -> Customer | None:
    known: int | None = occupancy.customer_id
    return db.session.get(Customer, known) if known is not None else None


def _found(occupancy: "Occupancy", register: "OwnerRegister", person: Person) -> Customer | None:
    asked = select(Customer).where(
        Customer.office_id == register.office_id, access.rows(person, Customer, "edit")
    )
    if occupancy.id_number:
        customer = (
            db.session.execute(asked.where(Customer.id_number == occupancy.id_number)).scalars().first()
        )
        if customer is not None:
            return customer
    if occupancy.phone:
        return (
            db.session.execute(
                asked.where(Customer.full_name == occupancy.full_name, Customer.phone == occupancy.phone)
            )
            .scalars()
            .first()
        )
    return None


def _new(occupancy: "Occupancy", register: "OwnerRegister", person: Person) -> Customer:
    said = {name: getattr(occupancy, name) for name in COPIED}
    customer = Customer(office_id=register.office_id, area_id=register.area_id, **said)
    saving.add(customer, person, "register", str(access.may(person, Customer, "create") or ""))
    return customer


def _tell(customer: Customer, occupancy: "Occupancy", register: "OwnerRegister", person: Person) -> None:
    """What the register says of somebody else than the customer's record did; somebody of several buildings
    is the whole office's.
    """
    given = {name: getattr(occupancy, name) for name in COPIED if getattr(occupancy, name) not in (None, "")}
    given = {name: value for name, value in given.items() if value != getattr(customer, name)}
    if customer.area_id not in (None, register.area_id):
        given["area_id"] = None
    clause = access.may_here(person, customer, "edit") if given else None
    if clause is not None:
        with saving.changing(customer, person, "register", str(clause)):
            for name, value in given.items():
                setattr(customer, name, value)
