"""Keeps the list of customers in step with the people whom the owner register names."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from app import clock, numbers, saving
from app.database import db
from app.person import SYSTEM
from models.estate.customer import Customer

if TYPE_CHECKING:
    from models.estate.owner_register import Occupancy, OwnerRegister

COPIED = ("full_name", "is_company", "sex", "phone", "phone2", "id_kind", "id_number", "employer", "mailing_address")


def keep_in_step(register: "OwnerRegister") -> None:
    """Find or make the customer of each person of a unit: by ID number, else by name and phone."""
    for one in register.people:
        customer = _customer_of(one, register.office_id or 0)
        if customer is None:
            customer = _new(one, register)
        elif any(getattr(one, name) != getattr(customer, name) for name in COPIED if getattr(one, name) not in (None, "")):
            _update(customer, one)
        if customer.area_id not in (None, register.area_id):
            saving.change(customer, SYSTEM, "register", area_id=None)  # somebody of several buildings is the whole office's
        if one.customer_id != customer.id:  # type: ignore[attr-defined]
            one.customer_id = customer.id  # type: ignore[attr-defined]
    db.session.flush()


def _customer_of(one: "Occupancy", office: int) -> Customer | None:
    known: int | None = one.customer_id  # type: ignore[attr-defined]
    if known is not None:
        return db.session.get(Customer, known)
    asked = select(Customer).where(Customer.office_id == office)
    if one.id_number:
        found = db.session.execute(asked.where(Customer.id_number == one.id_number)).scalars().first()
        if found is not None:
            return found
    if one.phone:
        return db.session.execute(asked.where(Customer.full_name == one.full_name, Customer.phone == one.phone)).scalars().first()
    return None


def _new(one: "Occupancy", register: "OwnerRegister") -> Customer:
    customer = Customer(office_id=register.office_id, area_id=register.area_id, created_at=clock.now(), version=0, head="")
    for name in COPIED:
        setattr(customer, name, getattr(one, name))
    db.session.add(customer)
    numbers.give(customer)
    saving.finish_new(customer, SYSTEM, "", act="register")
    return customer


def _update(customer: Customer, one: "Occupancy") -> None:
    given = {name: getattr(one, name) for name in COPIED if getattr(one, name) not in (None, "")}
    saving.change(customer, SYSTEM, "register", **given)
