"""Units: the flats, shops and offices of the estate, by building, entrance and door (``3-1-1102``)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from app.act import saving
from app.declare import fields
from app.declare.duties import Access
from app.declare.person import Person
from app.declare.record import Columns, Facts, OneEach, Record, registry
from app.ground import clock
from app.ground.database import db
from app.ground.language import gettext
from app.ground.language import lazy_gettext as _
from app.people import access
from models.duties import KNOWS_ESTATE, M3, P3, S7
from models.estate.building import Building
from models.estate.spoken_place import units_meant

KINDS = {
    "flat": _("Flat"),
    "shop": _("Shop"),
    "office": _("Office unit"),
    "parking": _("Parking space"),
    "other": _("Other"),
}
USES = {
    "lived_in": _("Lived in by the owner"),
    "let": _("Let"),
    "vacant": _("Vacant"),
    "unsold": _("Unsold"),
    "fitting_out": _("Being fitted out"),
}


class Unit(Record, title=_("Unit"), part="estate"):
    """A unit of the estate."""

    label = "code_name"
    icon = "house"
    code_name: Mapped[str] = fields.text(
        _("Unit"), max=30, help=_("Building-entrance-door, such as 3-1-1102.")
    )
    building: Mapped[Building] = fields.reference(_("Building"))
    kind: Mapped[str] = fields.choice(_("Kind"), KINDS, default="flat")
    use: Mapped[str] = fields.choice(_("Use"), USES, default="lived_in")
    layout: Mapped[str | None] = fields.text(_("Layout"), max=30)
    area: Mapped[Decimal | None] = fields.quantity(_("Area (m²)"))

    access = Access(
        read=KNOWS_ESTATE, create=(M3, P3, S7), edit=(M3, P3, S7), export=(M3, S7), import_=(M3, S7)
    )
    one_each = (OneEach("code_name", _("There is already a unit of this code.")),)
    shows = Columns("code_name", "building", "kind", "use", "layout", "area")
    found_through = "owner_register.unit"
    in_order = True

    @classmethod
    def spoken(cls, text: str) -> Sequence[str]:
        """3栋1单元1102, 3#1-1102, 三号楼一单元1102室, 3.1.1102: as callers say it and sheets write it."""
        return units_meant(text)

    def hint(self) -> str:
        """Its owners."""
        register = registry["owner_register"]
        asked = select(register.owners).where(register.unit_id == self.id)  # type: ignore[attr-defined]
        return db.session.execute(asked).scalar_one_or_none() or ""

    def facts(self) -> Facts:
        """Who lives there, how large it is, whom to mind."""
        size = f"{self.fields['area'].text_of(self)} m²" if self.area else ""
        found = Facts(
            [" · ".join(one for one in (size, self.layout or "", self.fields["use"].text_of(self)) if one)]
        )
        cls: Any = registry["owner_register"]
        register = db.session.execute(select(cls).where(cls.unit_id == self.id)).scalars().first()
        if register is not None:
            here = [one for one in register.people if one.until is None or one.until >= clock.today()]
            owners = "、".join(one.full_name for one in here if one.kind == "owner")
            others = sum(one.kind != "owner" for one in here)
            words = (
                gettext("%(names)s (owner)", names=owners) if owners else "",
                gettext("%(n)s others", n=others) if others else "",
            )
            found.lines.insert(0, " · ".join(one for one in words if one))
            if register.special_care:
                found.minds.append(
                    (gettext("Care: %(what)s", what=register.special_care), "waiting", register)
                )
        return found

    def saved(self, person: Person) -> None:
        """The register's line says the unit's size, and stands where the unit does."""
        cls: Any = registry["owner_register"]
        register = db.session.execute(select(cls).where(cls.unit_id == self.id)).scalars().first()
        if register is not None and (register.area, register.order_key) != (self.area, self.order_key):
            saving.change(register, person, "register", str(access.may_here(person, self, "edit") or ""))
