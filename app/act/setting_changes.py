"""Changing a setting: by whose duty it is, within its bounds, from a moment on that isn't past; never two
from one moment, nor a value that another setting forbids. What was set is never changed: a coming value is
withdrawn by an act of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from app.act import saving
from app.declare import in_force
from app.declare.duties import Clause
from app.declare.in_force import EVERYWHERE, SetTo
from app.declare.person import Person
from app.declare.record import Wrong
from app.declare.setting import Setting, settings
from app.ground import clock
from app.ground.database import as_json, db, is_sqlite
from app.ground.language import gettext as _
from app.ground.language import show_moment
from app.people import access
from app.people.refusal import Refusal
from app.people.setting_values import SettingValue
from app.people.users import Office

BACK = object()  # in place of a value: what holds without the setting's being set


@dataclass(frozen=True)
class Change:
    """What is to be set: to a value or ``BACK``, from a moment on (None: now), in an office or everywhere."""

    value: Any
    from_at: datetime | None = None
    office: int = EVERYWHERE
    because: str = ""


def may_change(person: Person, setting: Setting[Any]) -> Clause | None:
    """The clause by which a person may change a setting, or None."""
    return next((clause for clause in setting.by if clause.code in person.clauses), None)


def offices(person: Person) -> list[Any]:
    """Where a person may set something: in the offices given to them; everywhere only where that is all."""
    return list(
        db.session.execute(
            select(Office.id, Office.full_name).where(Office.id.in_(person.offices)).order_by(Office.id)
        )
    )


def may_everywhere(person: Person) -> bool:
    """Whether all offices are given to a person."""
    return db.session.execute(select(func.count()).select_from(Office)).scalar_one() <= len(person.offices)


def change(setting: Setting[Any], wanted: Change, person: Person) -> None:
    """Set it. Raises Refusal, or Wrong at the box that is to be mended. The caller commits."""
    clause = _judged(setting, wanted.office, person)
    _alone()
    now = clock.now()
    from_at = wanted.from_at or now
    if from_at < clock.minute(now):
        raise Wrong("from_at", _("What is past stays as it was: give a time that lies ahead, or none."))
    from_at = max(from_at, now)
    value = None if wanted.value is BACK else _bounded(setting, wanted.value)
    rows = in_force.rows().get(setting.name, ())
    for row in rows:
        if row.office == wanted.office and row.from_at == from_at:
            said = setting.shown(setting.value_of(row))
            raise Wrong(
                "from_at",
                _("From that moment on it is set to %(value)s already; withdraw that first.", value=said),
            )
    new = SetTo(0, value, wanted.office, from_at, now, person.id, wanted.because)
    before = in_force.holding(rows, from_at, wanted.office)
    if value is None and (before is None or before.office != wanted.office):
        raise Wrong("value", _("Nothing was set that could be given back."))
    if value is not None and _value(setting, before) == setting.kind.load(value):
        raise Wrong("value", _("It would be %(value)s then as it is.", value=setting.shown(wanted.value)))
    _held_against_others(setting, new)
    _write(setting, person, clause, "set", new)


def withdraw(setting: Setting[Any], key: int, person: Person) -> None:
    """Take a coming value back before it comes into force. Raises Refusal, Wrong. The caller commits."""
    row = next((row for row in in_force.rows().get(setting.name, ()) if row.id == key), None)
    clause = _judged(setting, row.office if row else EVERYWHERE, person)
    _alone()
    row = next((row for row in in_force.rows().get(setting.name, ()) if row.id == key), None)
    if row is None or row.from_at <= clock.now():
        raise Wrong("value", _("It isn't a coming value any more: what has held stays on record."))
    _held_against_others(setting, row, without=True)
    _write(setting, person, clause, "withdrawn", row, withdraws=row.id)


def _judged(setting: Setting[Any], office: int, person: Person) -> Clause:
    clause = may_change(person, setting)
    if clause is None:
        raise Refusal("duty", _("Changing this setting isn't among your duties."), setting.by)
    within = access.reach(person, [clause]).contains(office, None) if office else may_everywhere(person)
    if not within:
        raise Refusal("area", _("This place isn't in your area."), setting.by)
    return clause


def _alone() -> None:
    """Who sets something is alone at it: what another sets meanwhile is seen, or waits."""
    if not is_sqlite():
        db.session.execute(text("LOCK TABLE setting_value IN EXCLUSIVE MODE"))
    in_force.read_anew()


def _bounded(setting: Setting[Any], value: Any) -> Any:
    """A value as it is kept, once its kind has let it in."""
    try:
        typed = setting.kind.typed(value)
        read = setting.kind.parse(typed) if typed else setting.kind.nothing()
    except ValueError as error:
        raise Wrong("value", str(error)) from None
    if read is None and not isinstance(setting.default, str):
        raise Wrong("value", _("Needed."))
    return "" if read is None else setting.kind.dump(read)


def _value(setting: Setting[Any], row: SetTo | None) -> Any:
    return setting.default if row is None else setting.value_of(row)


def _held_against_others(setting: Setting[Any], row: SetTo, without: bool = False) -> None:
    """Raise Wrong where a setting would come to lie over one that it is never over, at any moment from then
    on, in any office.
    """
    said = dict(in_force.rows())
    others = [each for each in said.get(setting.name, ()) if each.id != row.id or not without]
    said[setting.name] = tuple(sorted([*others, *([] if without else [row])], key=lambda each: each.from_at))
    for lower, upper in _pairs(setting):
        both = [*said.get(lower.name, ()), *said.get(upper.name, ())]
        places = {row.office} if row.office else {EVERYWHERE, *(each.office for each in both)}
        moments = {row.from_at, *(each.from_at for each in both if each.from_at > row.from_at)}
        for at in sorted(moments):
            for place in places:
                low, high = (
                    _value(each, in_force.holding(said.get(each.name, ()), at, place))
                    for each in (lower, upper)
                )
                if lower.weighed(low) > upper.weighed(high):
                    raise Wrong(
                        "value",
                        _(
                            "“%(lower)s” would be %(low)s from %(at)s on, over “%(upper)s”, %(high)s.",
                            lower=lower.label,
                            low=lower.shown(low),
                            at=show_moment(at),
                            upper=upper.label,
                            high=upper.shown(high),
                        ),
                    )


def _pairs(setting: Setting[Any]) -> Iterator[tuple[Setting[Any], Setting[Any]]]:
    """The rules that a setting is part of: what is never over what."""
    for each in settings.values():
        if each.not_over is not None and setting in (each, each.not_over):
            yield each, each.not_over


def _write(
    setting: Setting[Any],
    person: Person,
    clause: Clause,
    act: str,
    row: SetTo,
    withdraws: int | None = None,
) -> None:
    record = SettingValue(
        setting=setting.name,
        value=None if withdraws or row.value is None else as_json(row.value),
        from_at=row.from_at,
        everywhere=row.office == EVERYWHERE,
        because=row.because or None,
        withdraws=withdraws,
        office_id=row.office or person.office_id,
    )
    saving.add(record, person, act, str(clause))
    in_force.read_anew()
