"""Gathers a register's lines by unit: several lines may tell of one unit, as long as they don't contradict
each other.
"""

import re
from typing import Any

from app.ground.language import gettext as _
from app.workbook.sheet_cells import is_nothing
from models.estate.register_entries import (
    OF_PERSON,
    OF_REGISTER,
    OF_UNIT,
    PersonEntry,
    Source,
    UnitEntry,
    VehicleEntry,
    shared,
)
from models.estate.register_line import Line
from models.estate.register_matching import plain_name, same_name
from models.estate.register_place import Place

_VALUES = (*OF_UNIT, "fee_rate", "move_in", "paid_until")
_TEXTS = ("pets", "special_care", "remark")
_ALL = frozenset((*OF_UNIT, *OF_REGISTER))


class Gathered:
    """The units read so far, in the order of their first lines."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str | None, str], UnitEntry] = {}
        self.sources: list[Source] = []
        self._owners: dict[tuple[str, str | None, str], dict[str, tuple[set[str], Line]]] = {}
        self._told_at: dict[tuple[tuple[str, str | None, str], str], Source] = {}

    def add(
        self,
        line: Line,
        place: Place,
        people: list[PersonEntry],
        vehicles: list[VehicleEntry],
        kinds: frozenset[str],
        *,
        apart: bool,
    ) -> None:
        """Take a line in. ``apart``: the line repeats the unit without going on with it, so another owner is
        a contradiction.
        """
        key = (place.building or "", place.entrance, place.door)
        self.sources.append(line.source)
        self._name_owners(key, people, line)
        unit = self.entries.get(key)
        if unit is None:
            code = key[2] if not key[0] else "-".join((key[0], key[1], key[2])) if key[1] else None
            without = code is None and not place.dashed
            unit = self.entries[key] = UnitEntry(code, key, without_entrance=without)
        elif apart:
            self._other_owner(unit, people, line)
        unit.sources.append(line.source)
        if not kinds <= unit.kinds_given:
            unit.kinds_given = shared(unit.kinds_given | kinds)
        self._fields(unit, line, kinds)
        self._values(unit, key, line)
        self._emergency(unit, line)
        for person in people:
            self._person(unit, person, line)
        for vehicle in vehicles:
            self._vehicle(unit, vehicle)

    def _name_owners(self, key: tuple[str, str | None, str], people: list[PersonEntry], line: Line) -> None:
        names = {plain_name(person.name) for person in people if person.kind == "owner"}
        if names:
            self._owners.setdefault(key, {}).setdefault(line.sheet, (set(), line))[0].update(names)

    def settle(self) -> None:
        """Two sheets that name wholly different owners of one unit contradict each other."""
        for sheets in self._owners.values():
            (first, source), *others = sheets.values()
            for names, line in others:
                if not names & first and not line.failed:
                    self._contradiction(
                        line, source.source, "owner_name" if "owner_name" in line.fields else "name"
                    )

    def _fields(self, unit: UnitEntry, line: Line, kinds: frozenset[str]) -> None:
        told = _ALL & line.fields
        if kinds:
            told |= {"people"}
        if {"plate", "space"} & line.fields:
            told |= {"vehicles"}
        if not told <= unit.given:
            unit.given = shared(unit.given | told)

    def _other_owner(self, unit: UnitEntry, people: list[PersonEntry], line: Line) -> None:
        known = [person for person in unit.people if person.kind == "owner" and person.source is not None]
        new = [plain_name(person.name) for person in people if person.kind == "owner"]
        if known and new and not set(new) & {plain_name(person.name) for person in known}:
            self._contradiction(
                line, known[0].source, "owner_name" if "owner_name" in line.fields else "name"
            )
        elif known and new and set(new) <= {plain_name(person.name) for person in known}:
            line.notice(
                _(
                    "The unit %(unit)s already stands in row %(row)s of “%(sheet)s”.",
                    unit=unit.shown,
                    row=unit.source.row,
                    sheet=unit.source.sheet,
                ),
                "unit",
            )

    def _values(self, unit: UnitEntry, key: tuple[str, str | None, str], line: Line) -> None:
        for name in (*_VALUES, *_TEXTS):
            if name not in line.cells or name in line.taken:
                continue
            value, known = line.get(name), getattr(unit, name)
            if value is None or value == known or (isinstance(value, str) and is_nothing(value)):
                continue
            if known is None:
                setattr(unit, name, value)
                self._told_at[key, name] = line.source
            elif name in _TEXTS:
                setattr(unit, name, known if value in re.split("；", known) else f"{known}；{value}")
            else:
                self._contradiction(line, self._told_at[key, name], name)

    def _emergency(self, unit: UnitEntry, line: Line) -> None:
        if not {"emergency_contact", "emergency_phone"} & line.cells.keys():
            return
        phones, contact = line.get("emergency_phone") or [], line.get("emergency_contact") or ""
        told: dict[str, Any] = {
            "emergency_contact": None if is_nothing(contact) else contact,
            "emergency_phone": phones[0] if phones else None,
        }
        if len(phones) > 1:
            line.problem(_("More than one telephone in an emergency. Keep one."), "emergency_phone")
        if unit.emergency_contact is None and unit.emergency_phone is None:
            unit.emergency_contact, unit.emergency_phone = told["emergency_contact"], told["emergency_phone"]
        elif any(value is not None and value != getattr(unit, name) for name, value in told.items()):
            line.notice(
                _("The unit already has another contact in an emergency; this one was left out."),
                "emergency_contact",
            )

    def _contradiction(self, line: Line, other: Source | None, name: str) -> None:
        if other is not None:
            line.problem(
                _(
                    "Rows %(one)s (“%(sheet)s”) and %(two)s tell of the same unit and contradict each other."
                    " Make them agree, or delete one.",
                    one=other.row,
                    sheet=other.sheet,
                    two=line.row,
                ),
                name,
            )

    def _person(self, unit: UnitEntry, person: PersonEntry, line: Line) -> None:
        for known in unit.people:
            if (
                same_name(known.name, person.name)
                and known.kind == person.kind
                and not _two_people(known, person)
            ):
                self._same_person(known, person, line)
                return
        unit.people.append(person)

    def _same_person(self, known: PersonEntry, person: PersonEntry, line: Line) -> None:
        for name in OF_PERSON:
            new, old = getattr(person, name), getattr(known, name)
            if old is None:
                setattr(known, name, new)
            elif new is not None and new != old:
                self._contradiction(line, known.source, name)
        known.given = shared(known.given | person.given)
        known.is_company = known.is_company or person.is_company

    def _vehicle(self, unit: UnitEntry, vehicle: VehicleEntry) -> None:
        for known in unit.vehicles:
            one_vehicle = known.plate == vehicle.plate and (
                known.plate is not None or known.space == vehicle.space
            )
            if one_vehicle and not _says_otherwise(known, vehicle):
                known.brand, known.space = known.brand or vehicle.brand, known.space or vehicle.space
                return
        unit.vehicles.append(vehicle)


def _says_otherwise(known: VehicleEntry, vehicle: VehicleEntry) -> bool:
    """Whether a second line has another space or colour, which would be lost in the first."""
    pairs = ((known.brand, vehicle.brand), (known.space, vehicle.space))
    return any(ours is not None and other is not None and ours != other for ours, other in pairs)


def _two_people(person: PersonEntry, other: PersonEntry) -> bool:
    """Two of a name in one unit, told apart by their ID numbers."""
    return (
        person.id_number is not None and other.id_number is not None and person.id_number != other.id_number
    )
