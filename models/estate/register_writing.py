"""Writes what one unit of a sheet comes to: the unit where it is missing, its line in the register, its
people and vehicles.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.act import saving
from app.act.entry import Entry
from app.declare.person import Person
from app.ground.database import db
from app.people import access
from app.sheets.sheet_import import CHANGED, Change
from models.estate.building import Building
from models.estate.owner_register import Occupancy, OwnerRegister, Vehicle
from models.estate.register_entries import UnitEntry
from models.estate.register_place import kind_of_door
from models.estate.unit import Unit


@dataclass
class Plan:
    """What one unit of the sheet comes to."""

    told: UnitEntry
    unit: Unit | None
    register: OwnerRegister | None
    values: dict[str, Any]
    people: list[tuple[Occupancy | None, dict[str, Any]]]
    vehicles: list[tuple[Vehicle | None, dict[str, Any]]]
    unit_values: dict[str, Any]
    change: Change


def write(plan: Plan, person: Person) -> None:
    """Bring one unit of the sheet in: the unit, its line of the register, its people and vehicles."""
    unit = plan.unit or _new_unit(plan, person)
    if plan.unit is not None and plan.unit_values:
        clause = str(access.may_here(person, plan.unit, "edit") or "")
        with saving.changing(plan.unit, person, "import", clause):
            for name, value in plan.unit_values.items():
                setattr(plan.unit, name, value)
    if plan.register is None:
        entry = Entry(person, saving.entered(OwnerRegister, creating=True))
        entry.values = {
            **{field.name: field.start() for field in entry.fields if not field.is_lines},
            "unit": unit.id,
            **plan.values,
        }
        entry.lines = {
            "people": _rows(person, "people", plan.people, []),
            "vehicles": _rows(person, "vehicles", plan.vehicles, []),
        }
        saving.create(OwnerRegister, entry, person, act="import")
    elif plan.change.status == CHANGED:
        names = (
            set(plan.values)
            | ({"people"} if any(changed for _l, changed in plan.people) else set())
            | ({"vehicles"} if any(changed for _l, changed in plan.vehicles) else set())
        )
        if not names:
            return
        entry = Entry(person, [OwnerRegister.fields[name] for name in OwnerRegister.fields if name in names])
        entry.values = dict(plan.values)
        entry.lines = {
            "people": _rows(person, "people", plan.people, plan.register.people),
            "vehicles": _rows(person, "vehicles", plan.vehicles, plan.register.vehicles),
        }
        saving.edit(plan.register, entry, person, plan.register.version, act="import")


def _rows(
    person: Person, name: str, told: Iterable[tuple[Any, dict[str, Any]]], had: Iterable[Any]
) -> list[Entry]:
    """The rows of a line table: those that were there, changed where the sheet says so, then the new ones."""
    changes = {id(line): changed for line, changed in told if line is not None}
    fields = tuple(OwnerRegister.fields[name].kind.line.fields.values())
    rows = []
    for line in had:
        values = {field.name: getattr(line, field.column) for field in fields}
        rows.append(
            Entry(person, fields, typed={"id": str(line.id)}, values={**values, **changes.get(id(line), {})})
        )
    for line, changed in told:
        if line is None:
            start = {field.name: field.start() for field in fields}
            rows.append(Entry(person, fields, values={**start, **changed}))
    return rows


def building_called(code: str) -> str:
    """How the building of a new unit is called."""
    name = code.split("-")[0] if "-" in code else kind_of_door(code) or "商铺"
    return f"{name}栋" if name[-1:].isascii() else name  # 商铺 and 南楼 are names already


def building_of(called: str, person: Person) -> Building | None:
    """The building that is called so in a person's office."""
    names = (called, called.removesuffix("栋"))
    asked = select(Building).where(Building.office_id == person.office_id, Building.code_name.in_(names))
    return db.session.execute(asked).scalars().first()


def _new_unit(plan: Plan, person: Person) -> Unit:
    """A unit that the estate didn't have, and its building where that is missing too."""
    code = plan.told.unit_code or ""
    called = building_called(code)
    building = building_of(called, person)
    if building is None:
        entry = Entry(person, [Building.fields["code_name"]])
        entry.values = {"code_name": called}
        building = saving.create(
            Building, entry, person, act="import", allowed=OwnerRegister.access.by("import_")
        )  # type: ignore[assignment]
    entry = Entry(person, saving.entered(Unit, creating=True))
    entry.values = {
        "code_name": code,
        "building": building.id,  # type: ignore[union-attr]
        "kind": "shop"
        if re.search("[商店]?铺", code)
        else "parking"
        if kind_of_door(code) == "车位"
        else "flat",
        "use": "lived_in",
        **plan.unit_values,
    }
    return saving.create(Unit, entry, person, act="import")  # type: ignore[return-value]
