"""Key register: every key the office keeps, of units and of equipment rooms; what may be lent and what may not."""

from sqlalchemy.orm import Mapped

from app import fields
from app.access import Access
from app.language import lazy_gettext as _
from app.record import Columns, OneEach, Record
from models.duties import F1, M1, P6, S3
from models.estate.building import Building
from models.estate.unit import Unit

KINDS = {"unit": _("Unit"), "equipment": _("Equipment room"), "public": _("Public area"), "left": _("Left by an owner")}


class Key(Record, title=_("Key"), part="custody"):
    """A key: of what, which set and copy, where it hangs, whether it may be lent (field practice: not those of switch, fire and monitoring rooms)."""

    label = "tag"
    icon = "key"
    about = "unit"
    tag: Mapped[str] = fields.text(_("Key"), max=40, help=_("What stands on its tag."))
    kind: Mapped[str] = fields.choice(_("Kind"), KINDS, default="unit")
    unit: Mapped[Unit | None] = fields.reference(_("Unit"), shown_when={"kind": ("unit", "left")})
    building: Mapped[Building | None] = fields.reference(_("Building"), shown_when={"kind": ("equipment", "public")})
    room: Mapped[str | None] = fields.text(_("Room"), max=60, shown_when={"kind": ("equipment", "public")})
    key_set: Mapped[str | None] = fields.text(_("Set and copy"), max=20)
    cabinet: Mapped[str | None] = fields.text(_("Cabinet and hook"), max=30)
    lendable: Mapped[bool] = fields.yes_no(_("May be lent"), default=True)
    custody_letter: Mapped[str | None] = fields.text(
        _("Custody letter"), max=60, shown_when={"kind": "left"}, help=_("Number and date of the letter the owner signed.")
    )
    remark: Mapped[str | None] = fields.long_text(_("Remark"), max=500)

    access = Access(read=(M1, S3, P6, F1), create=(P6,), edit=(P6,), export=(M1, S3, P6), import_=(P6,))
    one_each = (OneEach("tag", _("There is already a key with this tag.")),)
    shows = Columns("tag", "kind", "unit", "room", "key_set", "cabinet", "lendable")

    def hint(self) -> str:
        """Where it opens."""
        return " · ".join(one for one in (str(self.unit or ""), self.room or "") if one)

    @property
    def area_from(self) -> int | None:
        """The building of its unit or room; none for the office's own."""
        return self.unit.area_id if self.unit is not None else self.building_id
