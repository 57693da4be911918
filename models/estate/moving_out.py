"""Moving out for good: who lived in a unit has an end day in the register."""

from datetime import date

from app.declaring import Person, saving
from models.estate.owner_register import OwnerRegister, stays
from models.estate.unit import Unit


def end_occupancy(unit: Unit, day: date, person: Person, clause: str) -> None:
    """The unit's tenants leave on a day; where there are none, the owner's family does, and the owner lives
    there no more.
    """
    register = saving.find(OwnerRegister, unit_id=unit.id)
    if register is None:
        return
    here = [occupancy for occupancy in register.people if stays(occupancy)]
    tenants = [occupancy for occupancy in here if occupancy.kind == "tenant"]
    with saving.changing(register, person, "moved_out", clause):
        for occupancy in tenants or here:
            occupancy.lives_here = False
            if occupancy.kind != "owner":
                occupancy.until = day
