"""A unit that stands empty because somebody moved out: its change is recorded by what brought it about."""

from decimal import Decimal

from sqlalchemy import select

from app.declaring import Person, clock, db, saving
from models.estate.unit import Unit
from models.premises.vacancy_change import VacancyChange


def stands_empty(unit: Unit, person: Person, clause: str, remark: str, **readings: Decimal | None) -> None:
    """Record that a unit became vacant now, with its last meter readings; nothing where it stands empty
    already.
    """
    befell = select(VacancyChange.kind).where(
        VacancyChange.unit_id == unit.id, VacancyChange.kind.in_(("vacated", "occupied"))
    )
    last = befell.order_by(VacancyChange.happened_at.desc(), VacancyChange.id.desc()).limit(1)
    if db.session.execute(last).scalar() == "vacated":
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
