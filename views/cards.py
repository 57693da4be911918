"""The card beside a record: of its unit, who lives there and what is open; and the second line of a suggestion."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from app import access
from app.database import db
from app.form import Form
from app.language import gettext as _
from app.person import Person
from app.record import registry
from models.custody.key import Key
from models.estate.customer import Customer
from models.estate.owner_register import OwnerRegister
from models.estate.unit import Unit


@dataclass
class Card:
    """What stands beside a record."""

    title: str
    url: str
    lines: list[str] = field(default_factory=list)
    chips: list[tuple[str, str, str]] = field(default_factory=list)


def card(record: Any, who: Person) -> Card | None:
    """The card of the unit that a record is about, or None."""
    unit = record if isinstance(record, Unit) else getattr(record, "unit", None)
    if unit is None and isinstance(getattr(record, "key", None), Key):
        unit = record.key.unit
    if not isinstance(unit, Unit) or access.get(who, Unit, unit.id) is None:
        return None
    found = Card(unit.code_name, f"/admin/unit/details/?id={unit.id}")
    facts = [
        f"{unit.fields['area'].kind.show(unit.area)} m²" if unit.area else "",
        unit.layout or "",
        unit.fields["use"].kind.show(unit.use),
    ]
    found.lines.append(" · ".join(one for one in facts if one))
    register = db.session.execute(select(OwnerRegister).where(OwnerRegister.unit_id == unit.id)).scalars().first()  # type: ignore[attr-defined]
    if register is not None:
        here = [one for one in register.people if not one.until]
        owners = "、".join(one.full_name for one in here if one.kind == "owner")
        others = len(here) - sum(one.kind == "owner" for one in here)
        found.lines.insert(
            0,
            " · ".join(
                one
                for one in (_("%(names)s (owner)", names=owners) if owners else "", _("%(n)s others", n=others) if others else "")
                if one
            ),
        )
        if register.special_care:
            found.chips.append(
                (_("Care: %(what)s", what=register.special_care), "waiting", f"/admin/owner_register/details/?id={register.id}")
            )
    found.chips += _open_chips(unit, who)
    return found


def _open_chips(unit: Unit, who: Person) -> list[tuple[str, str, str]]:
    chips = []
    for name, cls in registry.items():
        if not (issubclass(cls, Form) and cls.states and access.may(who, cls, "read")):
            continue
        column: Any = getattr(cls, "unit_id", None)
        if column is None:
            continue
        count = db.session.execute(
            select(func.count()).where(column == unit.id, cls.state.in_(cls.open_states()), access.rows(who, cls))
        ).scalar_one()
        if count:
            chips.append((_("%(title)s open: %(n)s", title=cls.title, n=count), "moving", f"/admin/{name}/?unit={unit.id}"))
    return chips


def hint(row: Any) -> str:
    """What tells a suggestion from others: a unit's owners, a customer's masked phone, a user's department."""
    if isinstance(row, Unit):
        return db.session.execute(select(OwnerRegister.owners).where(OwnerRegister.unit_id == row.id)).scalar_one_or_none() or ""  # type: ignore[attr-defined]
    if isinstance(row, Customer):
        return Customer.fields["phone"].kind.mask(row.phone) if row.phone else ""
    if isinstance(row, Key):
        return " · ".join(one for one in (str(row.unit or ""), row.room or "") if one)
    return getattr(row, "department", None) or ""
