"""Which person and which vehicle of a unit a sheet means: the surest likeness first, and each only once."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from models.estate.owner_register import Occupancy, Vehicle
from models.estate.register_entries import PersonEntry, VehicleEntry

Told = TypeVar("Told")
Had = TypeVar("Had")
_ABOUT = (
    "kind",
    "sex",
    "phone",
    "phone2",
    "phone3",
    "id_number",
    "relation",
    "since",
    "until",
    "rent",
    "employer",
    "lives_here",
)


def paired(
    told: Sequence[Told], had: Sequence[Had], likenesses: Sequence[Callable[[Told, Had], bool]]
) -> list[Had | None]:
    """For each that is told the one it is, or None for a new one."""
    pairs: list[Had | None] = [None] * len(told)
    left = list(had)
    for alike in likenesses:
        for at, told_person in enumerate(told):
            if (
                pairs[at] is None
                and (line := next((line for line in left if alike(told_person, line)), None)) is not None
            ):
                pairs[at] = line
                left = [other for other in left if other is not line]
    return pairs


def same_name(name: str, other: str) -> bool:
    """Whether two names are one but for widths and spaces: （中国） and (中国)."""
    return name == other or plain_name(name) == plain_name(other)


def plain_name(name: str) -> str:
    """A name without its widths, spaces and cases."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()


def _unchanged(told: PersonEntry, line: Occupancy) -> bool:
    return told.name == line.full_name and all(
        getattr(told, name) in (None, getattr(line, name)) for name in _ABOUT
    )


def _same_number(told: PersonEntry, line: Occupancy) -> bool:
    return told.id_number is not None and told.id_number == line.id_number


def _named(told: PersonEntry, line: Occupancy) -> bool:
    return same_name(told.name, line.full_name) and not (told.id_number and line.id_number)


SAME_PERSON: tuple[Callable[[PersonEntry, Occupancy], bool], ...] = (
    _unchanged,
    _same_number,
    lambda told, line: (
        _named(told, line)
        and told.kind == line.kind
        and told.phone is not None
        and told.phone in (line.phone, line.phone2, line.phone3)
    ),
    lambda told, line: _named(told, line) and told.kind == line.kind,
    _named,
)


def _bare(plate: str | None) -> str:
    return re.sub(r"\W", "", plate or "").upper()


def _told_of(told: VehicleEntry, line: Vehicle) -> Any:
    return told.brand in (None, line.brand) and told.space in (None, line.space)


SAME_VEHICLE: tuple[Callable[[VehicleEntry, Vehicle], bool], ...] = (
    lambda told, line: (told.plate or "—") == line.plate and _told_of(told, line),
    lambda told, line: (
        _bare(told.plate) == _bare(line.plate) and (bool(_bare(told.plate)) or told.space == line.space)
    ),
    lambda told, line: told.plate is None and told.space == line.space,
)
