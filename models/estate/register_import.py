"""Brings what was read from an office's own sheet into the owner register: what would change, and changing
it, all or nothing.

An empty cell erases nothing, and a person whom the sheet doesn't mention stays: a sheet adds to the register
and corrects it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from app.act import saving
from app.declare.fields import Field
from app.declare.kinds import PhoneKind
from app.declare.person import Person
from app.declare.record import Record
from app.ground.database import db
from app.ground.language import gettext as _
from app.people import access
from app.people.refusal import Refusal
from app.sheets.assigning import Way
from app.sheets.sheet_import import CHANGED, CREATED, UNCHANGED, Change, Outcome, importer, sentence_of
from app.sheets.sheet_import import PROBLEM as BAD
from app.workbook.sheet_cells import NOTICE, PROBLEM, Finding
from app.workbook.sheet_reader import Cell, Workbook
from models.estate.known_units import KnownUnits
from models.estate.owner_register import Occupancy, OwnerRegister, Vehicle, stays
from models.estate.register_columns import COLUMNS
from models.estate.register_entries import (
    OF_PERSON,
    OF_REGISTER,
    OF_UNIT,
    RegisterSheet,
    Source,
    UnitEntry,
)
from models.estate.register_matching import SAME_PERSON, SAME_VEHICLE, paired, same_name
from models.estate.register_place import Place, level_of, parse_unit
from models.estate.register_sheet import read_register
from models.estate.register_writing import Plan, building_called, building_of, write
from models.estate.unit import Unit

OF_VEHICLE = ("brand", "space")


@importer(
    OwnerRegister,
    COLUMNS,
    create_units=("新建系统中没有的房屋", "Create units that the estate doesn't have yet"),
)
def bring_in(book: Workbook, person: Person, way: Way, create_units: bool = False) -> Outcome:
    """Understand a workbook, compare it with the register, and write the differences if that may be."""
    reach = access.reach(person, OwnerRegister.access.by("import_"))
    units = KnownUnits(db.session.execute(select(Unit).where(reach.where(Unit))).scalars())
    sheet = read_register(book, estate=units, assigned=way.assigned)
    outcome = Outcome(
        problems=list(sheet.problems),
        notices=list(sheet.notices),
        not_data=sheet.not_data,
        rows_total=sheet.rows_total,
    )
    outcome.understand(sheet.tables, COLUMNS, way, sheet.legends)
    plans = _Comparing(sheet, person, create_units, outcome, units).plans()
    outcome.changes = [plan.change for plan in plans]
    _held_back(plans, outcome)
    _account(sheet, plans, outcome)
    outcome.written = outcome.may_be_written(way)
    if outcome.written:
        _write(plans, person, outcome)
    return outcome


def _write(plans: list[Plan], person: Person, outcome: Outcome) -> None:
    """Write the plans; what stands in the way of one of them after all is its line's problem, and the caller
    undoes the others.
    """
    for plan in plans:
        if plan.change.status == BAD:
            continue
        try:
            write(plan, person)
        except (saving.Wrong, saving.Conflict, Refusal) as fault:
            source = plan.told.source
            place = source.sheet, source.row, source.column("unit")
            outcome.problems.append(Finding(*place, sentence_of(fault), PROBLEM))
            outcome.left_out |= plan.told.rows
            plan.change.status, plan.change.details, outcome.written = BAD, [], False
            return


def _held_back(plans: list[Plan], outcome: Outcome) -> None:
    """A unit comes in with all its lines or with none: where the good ones come in alone, those of a unit
    with a problem stay out together, and with them those of its people in another sheet.
    """
    outcome.left_out = {(problem.sheet, problem.row) for problem in outcome.problems if problem.row}
    sharing: dict[tuple[str, int], list[Plan]] = {}
    for plan in plans:
        for row in plan.told.rows:
            sharing.setdefault(row, []).append(plan)
    staying = [plan for plan in plans if plan.change.status == BAD]
    staying += [plan for row in outcome.left_out for plan in sharing.get(row, ())]
    while staying:  # each takes its lines along, and so whoever shares one of them
        plan = staying.pop()
        plan.change.status, plan.change.details = BAD, []
        rows = plan.told.rows - outcome.left_out
        outcome.left_out |= rows
        staying += [other for row in rows for other in sharing[row]]


def _account(sheet: RegisterSheet, plans: list[Plan], outcome: Outcome) -> None:
    """Every row of the sheet stands behind exactly one change, or is a problem's."""
    bad = set(sheet.rows_with_problems) | {(problem.sheet, problem.row) for problem in outcome.problems}
    counted: set[tuple[str, int]] = set()  # tables side by side share their rows
    for plan in plans:
        rows = plan.told.rows - counted
        counted |= rows
        plan.change.rows = len(rows - bad) if plan.change.status != BAD else len(rows)
        bad -= rows if plan.change.status == BAD else set()
    lost = {row for row in bad if row[1]} & (set(sheet.rows_used) | set(sheet.rows_with_problems))
    if lost:
        outcome.changes.append(Change("", BAD, "", len(lost)))


class _Comparing:
    """One sheet against the register."""

    def __init__(
        self, sheet: RegisterSheet, person: Person, create_units: bool, outcome: Outcome, units: KnownUnits
    ) -> None:
        self.sheet, self.person, self.create_units, self.outcome, self.units = (
            sheet,
            person,
            create_units,
            outcome,
            units,
        )
        self.with_entrances = {
            unit.unit_parts[0] for unit in sheet.units if unit.unit_parts[1] is not None
        }  # buildings
        reach = access.reach(person, OwnerRegister.access.by("import_"))
        rows = db.session.execute(select(OwnerRegister).where(reach.where(OwnerRegister))).scalars()
        self.registers = {row.unit_id: row for row in rows}
        self.areas: dict[str, int | None] = {}  # of new units, by how their building is called
        self.refusals: dict[tuple[str, int | None, int | None], str] = {}  # by form, office and area

    def plans(self) -> list[Plan]:
        """What each unit comes to, in the order of the sheet."""
        return [self._plan(told) for told in self.sheet.units]

    def _plan(self, told: UnitEntry) -> Plan:
        where = f"{told.source.sheet} {told.source.row}"
        unit = self._unit(told)
        if unit is None and self.create_units and not told.has_problem:
            self._shaped(told)
        if told.has_problem or (unit is None and not (self.create_units and told.unit_code)):
            if not told.has_problem:
                self._no_unit(told)
            return Plan(told, None, None, {}, [], [], {}, Change(told.shown, BAD, where))
        register = self.registers.get(unit.id) if unit is not None else None
        values, people, vehicles, unit_values = self._differences(told, unit, register)
        plan = Plan(
            told, unit, register, values, people, vehicles, unit_values, Change(told.shown, UNCHANGED, where)
        )
        self._checked(plan)
        self._judged(plan)
        details = _details(plan)
        plan.change.details = details
        plan.change.status = CREATED if register is None else CHANGED if details else UNCHANGED
        return plan

    def _unit(self, told: UnitEntry) -> Unit | None:
        if told.unit_code is None:
            return self.units.meant(Place(*told.unit_parts))
        unit = self.units.of(told.unit_code)
        if unit is not None or not self.sheet.own:
            return unit
        # A line that somebody added, as people write units.
        place: Place | None = parse_unit(Cell("", 0, "", told.unit_code)).value
        if place is None or place.building is None:
            told.unit_code = None
            return None
        place = place._replace(building=level_of(place.before) + place.building)
        told.unit_parts = (place.building or "", place.entrance, place.door)
        told.unit_code = (
            f"{place.building}-{place.entrance}-{place.door}" if place.entrance is not None else None
        )
        return self.units.meant(place)

    def _shaped(self, told: UnitEntry) -> None:
        """The code of a new unit: without an entrance only in a building that has none, with one only in a
        building that has them.
        """
        building, entrance, door = told.unit_parts
        parts = self.units.parts_of(building)
        if told.without_entrance and 3 not in parts and building not in self.with_entrances:
            told.unit_code = f"{building}-{door}"
            self._tell(
                told.source, "unit", NOTICE, _("%(unit)s has no entrance; it is created so.", unit=told.shown)
            )
        elif entrance is not None and parts == {2}:
            told.unit_code = None

    def _no_unit(self, told: UnitEntry) -> None:
        if told.unit_code is not None:
            message = _(
                "There is no unit %(unit)s in the estate. Mend the code, or choose to create units that"
                " aren't there yet.",
                unit=told.shown,
            )
        elif told.unit_parts[1] is not None:
            message = _(
                "%(unit)s names an entrance, and the estate's units of that building have none.",
                unit=told.shown,
            )
        else:
            message = _(
                "%(unit)s doesn't say which entrance, and more or less than one unit fits. Write"
                " building-entrance-door, such as 3-1-1102.",
                unit=told.shown,
            )
        self._problem(told.source, "unit", message)

    def _differences(
        self, told: UnitEntry, unit: Unit | None, register: OwnerRegister | None
    ) -> tuple[Any, ...]:
        values = _changed(OF_REGISTER, told, register)
        unit_values = _changed(OF_UNIT, told, unit)
        return values, list(self._people(told, register)), list(_vehicles(told, register)), unit_values

    def _people(
        self, told: UnitEntry, register: OwnerRegister | None
    ) -> Iterable[tuple[Occupancy | None, dict[str, Any]]]:
        had = list(register.people) if register is not None else []
        lines = paired(told.people, had, SAME_PERSON)
        for person, line in zip(told.people, lines, strict=True):
            changed = _changed(("is_company", *OF_PERSON), person, line)
            if line is None:
                changed = {"kind": person.kind, "full_name": person.name, **changed}
            else:
                renamed = (
                    line.full_name != person.name
                    if self.sheet.own
                    else not same_name(line.full_name, person.name)
                )
                changed |= {"full_name": person.name} if renamed else {}
                changed |= {"kind": person.kind} if line.kind != person.kind else {}
            yield line, changed
        for line in had:
            if not any(line is known for known in lines) and line.kind in told.kinds_given and stays(line):
                message = _(
                    "%(name)s stands in the register for %(unit)s and not in this sheet; kept.",
                    name=line.full_name,
                    unit=told.shown,
                )
                self._tell(told.source, "unit", NOTICE, message)

    def _checked(self, plan: Plan) -> None:
        """What a box of the panel would refuse is refused here too, before anything is written."""
        for fields, values, source in (
            (OwnerRegister.fields, plan.values, plan.told.source),
            (Unit.fields, plan.unit_values, plan.told.source),
            *(
                (Occupancy.fields, changed, told.source)
                for told, (_line, changed) in zip(plan.told.people, plan.people, strict=True)
            ),
            *(
                (Vehicle.fields, changed, told.source)
                for told, (_line, changed) in zip(plan.told.vehicles, plan.vehicles, strict=True)
            ),
        ):
            for name, value in values.items():
                if isinstance(fields[name].kind, PhoneKind):
                    continue  # one short of a digit comes in with a notice, and is listed to be put right
                try:
                    fields[name].kind.parse(fields[name].kind.typed(value))
                except ValueError as fault:
                    self._problem(source or plan.told.source, name, f"{fields[name].label}: {fault}")
        for told, (line, changed) in zip(plan.told.people, plan.people, strict=True):
            since, until = (changed.get(name, getattr(line, name, None)) for name in ("since", "until"))
            if since and until and until < since:
                self._problem(
                    told.source or plan.told.source, "until", _("The end lies before the beginning.")
                )
        for name, rows in (("people", plan.people), ("vehicles", plan.vehicles)):
            had = len(getattr(plan.register, name)) if plan.register is not None else 0
            most = OwnerRegister.fields[name].kind.at_most
            if had + sum(line is None for line, _changed in rows) > most:
                self._problem(plan.told.source, "unit", _("At most %(count)s lines.", count=most))

    def _judged(self, plan: Plan) -> None:
        """What the person may not do is a problem of its line, before anything is written."""
        unit, register = plan.unit, plan.register
        changes = bool(plan.values) or any(changed for _line, changed in (*plan.people, *plan.vehicles))
        at = (
            (self.person.office_id, self._area_of_new(plan))
            if unit is None
            else (unit.office_id, unit.area_id)
        )
        refused = ""
        if unit is None:
            refused = self._refused(Unit, *at)
        elif plan.unit_values and access.may_here(self.person, unit, "edit") is None:
            refused = str(Refusal("duty", _("Editing this isn't among your duties."), Unit.access.by("edit")))
        if register is None:
            refused = refused or self._refused(OwnerRegister, *at)
        elif changes and not refused:
            refused = str(saving.may_edit(register, self.person) or "")
        if refused:
            self._problem(plan.told.source, next(iter(plan.unit_values), "unit") if unit else "unit", refused)

    def _area_of_new(self, plan: Plan) -> int | None:
        """The area in which a new unit will lie; a new building is nobody's yet."""
        called = building_called(plan.told.unit_code or "")
        if called not in self.areas:
            building = building_of(called, self.person)
            self.areas[called] = building.area_id if building is not None else -1
        return self.areas[called]

    def _refused(self, cls: type[Record], office: int | None, area: int | None) -> str:
        """Why the person may make no such record there; empty where they may."""
        if (cls.name, office, area) not in self.refusals:
            by = cls.access.by("create")
            reach = access.reach(self.person, by)
            message = (
                _("This place isn't in your area.") if reach else _("Creating this isn't among your duties.")
            )
            may = reach.contains(office, area)
            self.refusals[cls.name, office, area] = "" if may else str(Refusal("area", message, by))
        return self.refusals[cls.name, office, area]

    def _problem(self, source: Source, name: str, message: str) -> None:
        self._tell(source, name, PROBLEM, message)

    def _tell(self, source: Source, name: str, level: str, message: str) -> None:
        column = source.column(name)
        told = self.outcome.problems if level == PROBLEM else self.outcome.notices
        told.append(Finding(source.sheet, source.row, column, message, level))


def _changed(names: Iterable[str], told: Any, had: Any) -> dict[str, Any]:
    """What the sheet gives that isn't there already; empty cells give nothing."""
    changes = {}
    for name in names:
        value = getattr(told, name)
        if value in (None, ""):
            continue
        if had is None or getattr(had, name) != value:
            changes[name] = value
    return changes


def _vehicles(
    told: UnitEntry, register: OwnerRegister | None
) -> Iterable[tuple[Vehicle | None, dict[str, Any]]]:
    had: list[Vehicle] = list(register.vehicles) if register is not None else []
    lines = paired(told.vehicles, had, SAME_VEHICLE)
    for vehicle, line in zip(told.vehicles, lines, strict=True):
        changed = _changed(OF_VEHICLE, vehicle, line)
        yield line, changed if line is not None else {"plate": vehicle.plate or "—", **changed}


def _details(plan: Plan) -> list[tuple[str, str, str]]:
    """(label, before, after) of everything that changes, personal values masked."""
    details = [
        *_told(OwnerRegister.fields, plan.values, plan.register),
        *_told(Unit.fields, plan.unit_values, plan.unit),
    ]
    for line, changed in plan.people:
        who = line.full_name if line is not None else changed["full_name"]
        if line is None:
            details.append((Occupancy.fields["kind"].read(changed["kind"]), "", who))
        else:
            details += [
                (f"{who} {label}", before, after)
                for label, before, after in _told(Occupancy.fields, changed, line)
            ]
    for vehicle, changed in plan.vehicles:
        if vehicle is None:
            details.append((_("Vehicle"), "", changed["plate"]))
        else:
            details += [
                (f"{vehicle.plate} {label}", before, after)
                for label, before, after in _told(Vehicle.fields, changed, vehicle)
            ]
    return details


def _told(fields: Mapping[str, Field], values: Mapping[str, Any], had: Any) -> Iterable[tuple[str, str, str]]:
    for name, value in values.items():
        before = getattr(had, name) if had is not None else None
        yield str(fields[name].label), fields[name].read(before), fields[name].read(value)
