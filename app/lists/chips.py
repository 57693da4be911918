"""The filters of a list as they stand above it and on a workbook's cover: the set ones with what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.act.asking import Asked, filters
from app.declare.fields import Field
from app.declare.person import Person
from app.ground.text import whole
from app.people import access
from app.people.users import Area


@dataclass
class Chip:
    """One filter: the parameters of an address that set it, their values, and what these say."""

    field: Field
    label: Any
    drawn: str
    keys: Sequence[str]
    values: Sequence[str]
    text: str


def chips(cls: Any, asked: Asked, person: Person) -> list[Chip]:
    """All filters of a list."""

    def label(target: Any, key: str) -> str:
        cls, number = target or Area, whole(key) or 0
        record = access.get(person, cls, number) or access.get(person, cls, number, "look_up")
        return "" if record is None else str(record)

    chips = []
    for name, field in filters(cls).items():
        if (filter := field.kind.filter) is not None:
            keys = filter.keys(name)
            values = [asked.filters.get(key, "") for key in keys]
            said = filter.said(field.kind, values, label)
            if said or filter.drawn:
                chips.append(Chip(field, field.label, filter.drawn, keys, values, said))
    return chips
