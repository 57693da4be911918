"""Key register: every key the office keeps, of units and of equipment rooms; what may be lent and what may
not; counted every month.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Mapped

from app.act.entry import Wrong
from app.declare import fields
from app.declare.duties import Access
from app.declare.form import Form, States, closed, deadline, moving, step, waiting
from app.declare.record import Columns, OneEach
from app.ground import clock
from app.ground.language import gettext
from app.ground.language import lazy_gettext as _
from models.duties import F1, M1, P6, S3
from models.estate.building import Building
from models.estate.unit import Unit

KINDS = {
    "unit": _("Unit"),
    "equipment": _("Equipment room"),
    "public": _("Public area"),
    "left": _("Left by an owner"),
}


def month_after(key: "Key") -> datetime:
    """The end of the month after the one in which a key was last counted: a stock-take every month."""
    month = clock.local(key.counted_at or key.created_at).date().replace(day=1)
    for _month in range(2):
        month = (month + timedelta(days=31)).replace(day=1)
    return clock.day_start(month) - timedelta(minutes=1)


class Key(Form, title=_("Key"), part="custody"):
    """A key: of what, which set and copy, where it hangs, whether it may be lent (field practice: not those
    of switch, fire and monitoring rooms).
    """

    label = "tag"
    icon = "key"
    about = "unit"
    lies_in = ("unit", "building")
    tag: Mapped[str] = fields.text(_("Key"), max=40, help=_("What stands on its tag."))
    kind: Mapped[str] = fields.choice(_("Kind"), KINDS, default="unit")
    unit: Mapped[Unit | None] = fields.reference(_("Unit"), shown_when={"kind": ("unit", "left")})
    building: Mapped[Building | None] = fields.reference(
        _("Building"), shown_when={"kind": ("equipment", "public")}
    )
    room: Mapped[str | None] = fields.text(_("Room"), max=60, shown_when={"kind": ("equipment", "public")})
    key_set: Mapped[str | None] = fields.text(_("Set and copy"), max=20)
    cabinet: Mapped[str | None] = fields.text(_("Cabinet and hook"), max=30)
    lendable: Mapped[bool] = fields.yes_no(_("May be lent"), default=True)
    custody_letter: Mapped[str | None] = fields.text(
        _("Custody letter"),
        max=60,
        shown_when={"kind": "left"},
        help=_("Number and date of the letter the owner signed."),
    )
    counted_at: Mapped[datetime | None] = fields.moment(_("Last counted"), by_step=True)

    states = States(
        kept=moving(_("In custody")),
        lent=moving(_("Lent"), side=True),
        missing=waiting(_("Missing"), side=True),
        given_up=closed(_("Given up"), side=True),
    )
    edit_in = ("kept", "lent", "missing")
    access = Access(read=(M1, S3, P6, F1), create=(P6,), edit=(P6,), export=(M1, S3, P6), import_=(P6,))
    one_each = (OneEach("tag", _("There is already a key with this tag.")),)
    shows = Columns("tag", "kind", "unit", "room", "key_set", "cabinet", "lendable", "state", "due_at")
    count_due = deadline(_("Stock-take"), "kept", until=month_after, step="count")

    @step("kept", None, by=[P6, S3], label=_("Stock-take"), bulk=True)
    def count(self) -> None:
        """The key hangs where the register says."""
        self.counted_at = clock.now()

    @step("kept", "missing", by=[P6, S3], label=_("Report missing"), asks=["remark"], danger=True)
    def report_missing(self) -> None:
        """The stock-take didn't find it; it isn't lent until it turns up."""

    @step("missing", "kept", by=[P6], label=_("Found"))
    def find(self) -> None:
        """It turned up, and counts as counted."""
        self.counted_at = clock.now()

    @step(("kept", "missing"), "given_up", by=[P6], label=_("Give up"), asks=["remark"], danger=True)
    def give_up(self) -> None:
        """Given back to its owner, or written off: the office doesn't keep it any more."""

    def check(self) -> None:
        """A unit's key names its unit; one that an owner left has the letter they signed."""
        if self.kind in ("unit", "left") and self.unit is None:
            raise Wrong("unit", gettext("Please give the unit."))
        if self.kind == "left" and not self.custody_letter:
            raise Wrong(
                "custody_letter", gettext("A key left by an owner needs the custody letter they signed.")
            )

    def hint(self) -> str:
        """Where it opens."""
        return " · ".join(one for one in (str(self.unit or ""), self.room or "") if one)
