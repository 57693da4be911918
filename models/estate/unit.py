"""Units: the flats, shops and offices of the estate, by building, entrance and door (``3-1-1102``)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from app.declaring import (
    STOCK,
    Access,
    Columns,
    Facts,
    OneEach,
    Person,
    Record,
    access,
    clock,
    db,
    fields,
    registry,
    saving,
    say,
)
from models.duties import KNOWS_ESTATE, M3, P3, S7
from models.estate.building import Building
from models.estate.spoken_place import units_meant
from models.parts import ESTATE

KINDS = {
    "flat": ("住宅", "Flat"),
    "shop": ("商铺", "Shop"),
    "office": ("办公", "Office unit"),
    "parking": ("车位", "Parking space"),
    "other": ("其他", "Other"),
}
USES = {
    "lived_in": ("自住", "Lived in by the owner"),
    "let": ("出租", "Let"),
    "vacant": ("空置", "Vacant"),
    "unsold": ("未售", "Unsold"),
    "fitting_out": ("装修中", "Being fitted out"),
}


PAPERS = {
    "move_in": ("入住资料", "Move-in papers"),
    "contract": ("合同", "Contract"),
    "id_copy": ("身份证复印件", "Copy of ID"),
    "keys": ("钥匙签收单", "Keys signed for"),
    "renovation": ("装修资料", "Renovation papers"),
    "other": ("其他", "Other"),
}
TAKEN: Mapping[str, Any] = {
    "use": ("lived_in", "let", "vacant", "fitting_out")
}  # not one that is still unsold
MUST_HAVE: Mapping[str, Mapping[str, Any]] = {
    **dict.fromkeys(("move_in", "contract", "id_copy", "keys"), TAKEN),
    "renovation": {"use": "fitting_out"},
}


class Unit(Record, title=("房屋", "Unit"), part=ESTATE):
    """A unit of the estate."""

    label = "code_name"
    icon = "house"
    menu_at = 2
    on_home = STOCK
    has_file = True
    photo_kinds = PAPERS
    papers = MUST_HAVE
    found_as = ("房号（3-1-1102 或 31102）", "a unit (3-1-1102 or 31102)")
    code_name: Mapped[str] = fields.text(
        "房屋",
        "Unit",
        max=30,
        help=("楼-单元-房号，如 3-1-1102。", "Building-entrance-door, such as 3-1-1102."),
    )
    building: Mapped[Building] = fields.reference("楼栋", "Building")
    kind: Mapped[str] = fields.choice("类别", "Kind", KINDS, default="flat")
    use: Mapped[str] = fields.choice("用途", "Use", USES, default="lived_in")
    layout: Mapped[str | None] = fields.text("户型", "Layout", max=30)
    area: Mapped[Decimal | None] = fields.quantity("建筑面积（㎡）", "Area (m²)")

    access = Access(
        read=KNOWS_ESTATE, create=(M3, P3, S7), edit=(M3, P3, S7), export=(M3, S7), import_=(M3, S7)
    )
    one_each = (OneEach("code_name", ("已有这个房号。", "There is already a unit of this code.")),)
    shows = Columns("code_name", "building", "kind", "use", "layout", "area")
    found_through = "owner_register.unit"
    in_order = True

    @classmethod
    def spoken(cls, text: str) -> Sequence[str]:
        """3栋1单元1102, 3#1-1102, 三号楼一单元1102室, 3.1.1102: as callers say it and sheets write it."""
        return units_meant(text)

    @classmethod
    def hints(cls, rows: Sequence[Any]) -> Mapping[int, str]:
        """Their owners."""
        register: Any = registry["owner_register"]
        keys = [row.id for row in rows]
        asked = select(register.unit_id, register.owners).where(register.unit_id.in_(keys))
        owners = {row.unit_id: row.owners for row in db.session.execute(asked)}
        return {key: owners.get(key) or "" for key in keys}

    def facts(self) -> Facts:
        """Who lives there, how large it is, whom to mind."""
        size = f"{self.fields['area'].text_of(self)} m²" if self.area else ""
        facts_here = Facts(
            [" · ".join(text for text in (size, self.layout or "", self.fields["use"].text_of(self)) if text)]
        )
        register = saving.find(registry["owner_register"], unit_id=self.id)
        if register is not None:
            here = [
                person for person in register.people if person.until is None or person.until >= clock.today()
            ]
            owners = "、".join(person.full_name for person in here if person.kind == "owner")
            others = sum(person.kind != "owner" for person in here)
            words = (
                say("%(names)s（业主）", "%(names)s (owner)", names=owners) if owners else "",
                say("另有 %(n)s 人", "%(n)s others", n=others) if others else "",
            )
            facts_here.lines.insert(0, " · ".join(word for word in words if word))
            if register.special_care:
                facts_here.minds.append(
                    (say("关照：%(what)s", "Care: %(what)s", what=register.special_care), "waiting", register)
                )
        return facts_here

    def saved(self, person: Person) -> None:
        """The register's line says the unit's size, and stands where the unit does."""
        register = saving.find(registry["owner_register"], unit_id=self.id)
        if register is not None and (register.area, register.order_key) != (self.area, self.order_key):
            clause = str(access.may_here(person, self, "edit") or "")
            with saving.changing(register, person, "register", clause):
                """Both follow from the unit."""
