"""A unit that stands empty because somebody moved out: its change is recorded by what brought it about."""

from decimal import Decimal

from app.declaring import Person, clock, saving
from models.estate.unit import Unit
from models.premises.vacancy_change import VacancyChange
from models.premises.vacancy_ledger import VacancyLedger


def stands_empty(unit: Unit, person: Person, clause: str, remark: str, **readings: Decimal | None) -> None:
    """Record that a unit became vacant now, with its last meter readings; nothing where it stands empty
    already.
    """
    line = saving.find(VacancyLedger, unit_id=unit.id)
    if line is not None and line.state == "vacant":
        return
    change = VacancyChange(
        unit_id=unit.id,
        kind="vacated",
        happened_at=clock.now(),
        reason="moved_out",
        remark=remark,
        **readings,
    )
    saving.add(change, person, "create", clause)
