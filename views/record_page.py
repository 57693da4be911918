"""The record: its head with the steps one may take, its way through the states, its boxes, and what belongs to it."""

from typing import Any

from sqlalchemy import select

from app import access, history, saving, steps
from app.database import db
from app.form import Form
from app.language import short_moment
from app.person import Person
from app.record import registry
from views import cards, files
from views.boxes import Story, marked, shown_groups, title_of
from views.frame import person

SHOWN_LINES = 30


def draw_record(view: Any, record: Any) -> str:
    """The page of a record."""
    who = person()
    is_form = isinstance(record, Form) and bool(record.states)
    lines = list(reversed(history.lines(record.name, record.id)))
    offered = steps.offered(record, who) if is_form else []
    return view.render(  # type: ignore[no-any-return]
        "record.html", cls=type(record), record=record, title=title_of(record), mark=marked(record), is_form=is_form,
        groups=shown_groups(record, who), offered=[one for one in offered if not one.danger], dangerous=[one for one in offered if one.danger],
        refused=steps.refused(record, who) if is_form else [], editable=saving.may_edit(record, who) is None, path=_path(record, lines) if is_form else [],
        lines=lines[:SHOWN_LINES], more_lines=max(0, len(lines) - SHOWN_LINES), story=Story(type(record), who), related=related(record, who), card=cards.card(record, who),
        files=files.of(record), can={name: access.may_here(who, record, name) for name in ("personal", "attach", "print")},
    )  # fmt: skip


def _path(record: Any, lines: list[Any]) -> list[dict[str, Any]]:
    """The stations of the main way; the passed ones with who and when."""
    seen: dict[str, Any] = {}
    for line in lines:
        change = line.changes.get("state")
        if change:
            seen.setdefault(change[1], line)
    stations = [state for state in record.states.values() if not state.side or state.name == record.state]
    names = [state.name for state in stations]
    now = names.index(record.state) if record.state in names else -1
    found = []
    for at, state in enumerate(stations):
        line = seen.get(state.name) if at <= now else None
        past = at < now or (at == now and state.final)
        found.append(
            {
                "label": state.label,
                "class": "past" if past else "now" if at == now else "",
                "small": f"{short_moment(line.at)} {line.user_name}" if line else "",
            }
        )
    return found


def related(record: Any, who: Person, limit: int = 8) -> list[Any]:
    """Other forms' records about the record itself, or about the same thing: the same unit, the same key."""
    about = getattr(record, record.about) if record.about else None
    targets = {(type(one), one.id) for one in (record, about) if one is not None and one.name not in ("user", "office")}
    found: list[Any] = []
    for cls in registry.values():
        if not (issubclass(cls, Form) and access.may(who, cls, "read")):
            continue
        for one in cls.fields.values():
            for key in (key for target, key in targets if one.is_reference and one.kind.target is target and not one.by_step):  # type: ignore[attr-defined]
                asked = select(cls).where(access.rows(who, cls), getattr(cls, one.column) == key)
                found += db.session.execute(asked.order_by(cls.created_at.desc(), cls.id.desc()).limit(limit)).scalars()
    others = {(one.name, one.id): one for one in found if (one.name, one.id) != (record.name, record.id)}
    return sorted(others.values(), key=lambda one: one.created_at, reverse=True)[:limit]
