"""Settings: by form, each with what is in force, since when and by whom, and what comes; whoever's duty it is
changes them here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect
from flask_admin import BaseView, expose
from flask_admin.helpers import is_form_submitted
from sqlalchemy import select

from app.act import setting_changes
from app.act.entry import Entry
from app.act.setting_changes import BACK, Change
from app.declare import fields, in_force, setting
from app.declare.fields import Field
from app.declare.in_force import EVERYWHERE, SetTo
from app.declare.part import SETTINGS
from app.declare.record import Wrong, registry
from app.declare.setting import Setting
from app.ground import clock, given
from app.ground.database import db
from app.ground.language import gettext as _
from app.ground.language import lazy_gettext as _l
from app.people import access
from app.people.refusal import Refusal
from app.people.users import User
from views.frame import person, placed
from views.searching import Page


@dataclass
class Told:
    """A setting as it stands: what holds (in which office), and what comes."""

    setting: Setting[Any]
    holds: list[tuple[str, str, SetTo | None]]
    coming: Sequence[SetTo]
    may_change: bool

    @property
    def bounds(self) -> str:
        """Between what it may be set."""
        said = self.setting
        return f"{said.kind.show(said.least)}–{said.shown(said.most)}" if said.unit.bounded else ""

    @property
    def default(self) -> str:
        """What holds where nobody set it."""
        return self.setting.shown(self.setting.default)


def seen() -> dict[type[Any], list[Setting[Any]]]:
    """The settings that are this person's business: of forms they have a duty to read, or theirs to set."""
    by_form = setting.of_forms(registry)
    known = dict.fromkeys((*placed(), *registry.values()))
    grouped = {
        cls: [each for each in by_form[cls.name] if access.may(person(), cls, "read") or _may_change(each)]
        for cls in known
        if cls.name in by_form
    }
    return {cls: group for cls, group in grouped.items() if group}


def _may_change(each: Setting[Any]) -> bool:
    return setting_changes.may_change(person(), each) is not None


def told(each: Setting[Any], names: dict[int, str]) -> Told:
    """A setting as it stands now: where it holds everywhere, and in those of a person's offices that have
    their own.
    """
    now, rows = clock.now(), in_force.rows().get(each.name, ())
    holds = [_held(each, in_force.holding(rows, now, EVERYWHERE), "")]
    for office, name in names.items():
        row = in_force.holding(rows, now, office)
        if row is not None and row.office:
            holds.append(_held(each, row, name))
    coming = [row for row in rows if row.from_at > now and row.office in (EVERYWHERE, *names)]
    return Told(each, holds, coming, _may_change(each))


def _held(each: Setting[Any], row: SetTo | None, place: str) -> tuple[str, str, SetTo | None]:
    return place, each.shown(each.default if row is None else each.value_of(row)), row


def office_names() -> dict[int, str]:
    """The person's offices."""
    return {row.id: row.full_name for row in setting_changes.offices(person())}


def places() -> dict[str, tuple[str, str]]:
    """Where this person may set something, everywhere first; one office alone is everywhere."""
    here = {str(key): (name, name) for key, name in office_names().items()}
    if not setting_changes.may_everywhere(person()):
        return here
    everywhere = {str(EVERYWHERE): ("所有管理处", "All offices")}
    return everywhere if len(here) == 1 else everywhere | here


def people(rows: Iterable[SetTo]) -> dict[int, str]:
    """The names of those who set something."""
    keys = {row.set_by for row in rows if row.set_by}
    asked = select(User.id, User.full_name).where(User.id.in_(keys))
    return {row.id: row.full_name for row in db.session.execute(asked)} if keys else {}


def boxes(each: Setting[Any]) -> list[Field]:
    """What is asked when a setting is changed."""
    label, unit = each.label, each.unit.label
    said = (f"{label.chinese}（{unit.chinese}）", f"{label.english} ({unit.english})")
    value = fields.of_kind(*(said if str(unit) else (label.chinese, label.english)), each.kind)
    needed = each.unit.bounded
    begins = fields.moment(
        "生效时间", "In force from", help=("留空即刻生效。", "Left empty: at once."), required=False
    )
    asked = [value.named("value", None, needed), begins.named("from_at", None, False)]
    options = places()
    if len(options) > 1:
        where = fields.choice("适用", "Holds in", options, default=next(iter(options)))
        asked.append(where.named("office", None, True))
    return [*asked, fields.text("原因", "Because", required=False, wide=True).named("because", None, False)]


class SettingsView(BaseView):  # type: ignore[misc]
    """The pages of settings."""

    icon = "sliders"

    def __init__(self) -> None:
        super().__init__(
            _l("Settings"), SETTINGS.label, endpoint="settings", url="/admin/settings", static_folder=None
        )

    def is_accessible(self) -> bool:
        """Whoever has any that are their business."""
        return any(
            access.may(person(), registry[each.form], "read") or _may_change(each)
            for each in setting.settings.values()
            if each.form in registry
        )

    def inaccessible_callback(self, name: Any, **kwargs: Any) -> Any:
        """Say who could."""
        by = next((each.by for each in setting.settings.values()), ())
        raise Refusal("duty", _("%(title)s isn't among your duties.", title=_("Settings")), by)

    @expose("/")
    def index(self) -> Any:
        """All of them, by form."""
        names = office_names()
        groups = [(cls, [told(each, names) for each in group]) for cls, group in seen().items()]
        rows = [row for _cls, group in groups for each in group for row in _rows_of(each)]
        return self.render("settings.html", groups=groups, people=people(rows))

    @expose("/<which>/", methods=["GET", "POST"])
    def one(self, which: str) -> Any:
        """One of them: what it was set to and when, and, for whom it is theirs, its change."""
        each = self._asked()
        entry = Entry(person(), boxes(each))
        if is_form_submitted():
            self._need(each)
            if answer := self._set(each, entry.read(given.boxes())):
                return answer
            return self._page(each, entry), 422
        return self._page(each, entry.with_defaults({"value": self._now(each)}))

    @expose("/<which>/withdraw/", methods=["POST"])
    def withdraw(self, which: str) -> Any:
        """Take a coming value back."""
        each = self._asked()
        self._need(each)
        try:
            setting_changes.withdraw(each, given.boxes().number("row") or 0, person())
            db.session.commit()
            flash(_("Withdrawn."))
        except Wrong as wrong:
            db.session.rollback()
            flash(wrong.message)
        return redirect(f"/admin/settings/{each.name}/")

    def _asked(self) -> Setting[Any]:
        name = given.part("which")
        each = next((each for group in seen().values() for each in group if each.name == name), None)
        return each or abort(404)

    def _need(self, each: Setting[Any]) -> None:
        if not _may_change(each):
            raise Refusal("duty", _("Changing this setting isn't among your duties."), each.by)

    def _now(self, each: Setting[Any]) -> str:
        return each.kind.typed(each.now(int(next(iter(places())))))

    def _set(self, each: Setting[Any], entry: Entry) -> Any:
        """Set it as asked; nothing where a box is wrong, which then says so."""
        back = given.boxes().ticked("back")
        if back:
            entry.errors.pop("value", None)
        if not entry.validate():
            return None
        values = entry.values
        value = BACK if back else values["value"]
        begins: datetime | None = values["from_at"]
        office = int(values.get("office") or next(iter(places())))
        try:
            setting_changes.change(each, Change(value, begins, office, values["because"] or ""), person())
            db.session.commit()
        except Wrong as wrong:
            db.session.rollback()
            entry.refuse(wrong, {})
            return None
        flash(_("Saved."))
        return redirect(f"/admin/settings/{each.name}/")

    def _page(self, each: Setting[Any], entry: Entry) -> Any:
        names = office_names()
        rows = [row for row in in_force.rows().get(each.name, ()) if row.office in (EVERYWHERE, *names)]
        upper = each.not_over
        lower = [other for other in setting.settings.values() if other.not_over is each]
        return self.render(
            "setting.html",
            told=told(each, names),
            cls=registry[each.form],
            entry=entry,
            rows=rows[::-1],
            offices=names,
            people=people(rows),
            now=clock.now(),
            upper=upper,
            lower=lower,
        )


def _rows_of(each: Told) -> list[SetTo]:
    return [row for _place, _text, row in each.holds if row is not None] + [*each.coming]


def pages() -> list[Page]:
    """What a search finds of them."""
    return [
        Page(each.label, f"/admin/settings/{each.name}/", each.shown(each.now()), cls.title)
        for cls, group in seen().items()
        for each in group
    ]
