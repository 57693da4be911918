"""The frame around every page: the menu of what a person may open, with what waits there; small things for
templates.
"""

import json
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g
from flask_login import current_user
from markupsafe import Markup, escape

from app.act import entry as boxed
from app.declare import conditions
from app.declare.fields import Field
from app.declare.form import Form
from app.declare.person import Person
from app.declare.record import Record, registry
from app.ground import clock, given
from app.ground.language import gettext as _
from app.ground.language import locale
from app.keep import attachments, deadlines
from app.lists import overdue
from app.people import access
from views import icons, widgets
from views.boxes import asked, options


@dataclass
class Entry:
    """One line of the menu: a form's with what is open and overdue, or of what stands beside the forms."""

    title: Any
    url: str
    icon: str = "file"
    cls: type[Record] | None = None
    open: int = 0
    late: int = 0


def person() -> Person:
    """Who is signed in."""
    who: Person = current_user._get_current_object()
    return who


def placed() -> tuple[type[Record], ...]:
    """All that has screens, as the menu has it: by part of the office, controlled forms first."""
    known = current_app.extensions
    if "placed" not in known:
        places = [(cls.part.order, not cls.code, cls.menu_at, cls) for cls in registry.values() if cls.part]
        known["placed"] = tuple(cls for *_place, cls in sorted(places, key=lambda place: place[:3]))
    return known["placed"]


def may_open(cls: type[Record]) -> bool:
    """Whether such records are any business of this person's, asked once a request."""
    known: dict[str, bool] = g.setdefault("may_open", {})
    if cls.name not in known:
        known[cls.name] = access.opens(person(), cls)
    return known[cls.name]


def readable() -> dict[str, type[Record]]:
    """What a person may open."""
    return {cls.name: cls for cls in placed() if may_open(cls)}


def kept() -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """The counts by state of what this person may open, and of its overdue ones, asked once a page."""
    if "kept" not in g:
        g.kept = overdue.counts(person(), readable())
    return g.kept


def counts_of(cls: type[Record]) -> dict[str, int]:
    """A form's counts by state, as this person may see them."""
    return kept()[0].get(cls.name, {})


def open_of(cls: type[Form]) -> int:
    """How many of a form are in hand, as this person may see them."""
    counts = counts_of(cls)
    return sum(counts.get(state, 0) for state in cls.open_states())


def late_of(cls: type[Record]) -> int:
    """How many of a form are overdue, as this person may see them."""
    return kept()[1].get(cls.name, 0)


def menu() -> list[tuple[Any, list[Entry]]]:
    """Flask-Admin's menu as this person may see it: what is in no part of the office, then part by part."""
    if "menu" in g:
        return g.menu
    admin = current_app.extensions["admin"][0]
    groups: list[tuple[Any, list[Entry]]] = [("", [])]
    for item in (*admin.menu(), *admin.menu_links()):
        if item.is_category():
            groups.append((item.name, [_entry(child) for child in item.get_children()]))
        elif item is not admin.index_view.menu and item.is_accessible() and item.is_visible():
            groups[0][1].append(_entry(item))
    g.menu = [(part, entries) for part, entries in groups if entries]
    return g.menu


def _entry(item: Any) -> Entry:
    entry = Entry(item.name, item.get_url(), getattr(item._view, "icon", "file"))
    if (cls := current_app.extensions["screens"].get(item)) is not None:
        entry.cls, entry.icon, entry.late = cls, cls.icon, late_of(cls)
        entry.open = open_of(cls) if issubclass(cls, Form) and cls.states else 0
    return entry


def creatable() -> list[type[Record]]:
    """What a person may make, controlled forms first."""
    may = [cls for cls in placed() if access.may(person(), cls, "create")]
    return sorted(may, key=lambda cls: not cls.code)


def common() -> list[Entry]:
    """The commonest places, for the bar of a phone: the first two forms."""
    return [entry for _part, entries in menu() for entry in entries if entry.cls and entry.cls.code][:2]


def due(at: Any, label: str = "") -> Markup:
    """A due time as it runs: how much is left, or by how much it is overdue; with the full moment as
    title.
    """
    if at is None:
        return Markup('<span class="muted">—</span>')
    tone = deadlines.urgency(at)
    left = (at - clock.now()).total_seconds()
    words = span(abs(left))
    text = _("Overdue %(time)s", time=words) if left < 0 else _("%(time)s left", time=words)
    said, moment = escape(f"{label} {text}".strip()), f"{clock.local(at):%Y-%m-%d %H:%M}"
    return Markup(f'<span class="due {tone}" title="{moment}">{said}</span>')  # noqa: S704


def span(seconds: float) -> str:
    """A length of time in the two or one units that tell enough."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return _("%(n)s min", n=minutes)
    if minutes < 48 * 60:
        return (
            _("%(h)s h %(m)s min", h=minutes // 60, m=minutes % 60)
            if minutes < 600
            else _("%(h)s h", h=minutes // 60)
        )
    return _("%(n)s days", n=minutes // 1440)


def state_chip(cls: type[Form], name: str) -> Markup:
    """A state as a coloured chip; never by colour alone."""
    return _chip(cls, name, locale())


@lru_cache(maxsize=1024)
def _chip(cls: type[Form], name: str, _locale: str) -> Markup:
    state = cls.states.get(name)
    return Markup('<span class="state {}">{}</span>').format(
        state.tone if state else "", escape(str(state.label if state else name))
    )


def when(entry: boxed.Entry, field: Field) -> str:
    """A box's conditions for the script that shows and hides it: those on boxes of this page. The others are
    judged already.
    """
    rules = [
        _rule(entry, box, wanted)
        for name, wanted in (field.shown_when or {}).items()
        if (box := entry.box(name))
    ]
    return json.dumps(rules) if rules else ""


def _rule(entry: boxed.Entry, box: Field, wanted: Any) -> dict[str, Any]:
    """One condition: the box it hangs on, its values, whether any but these are meant, and whether an empty
    box will do.
    """
    return {
        "box": entry.prefix + box.name + ("-id" if box.is_reference else ""),
        "of": ["1" if value is True else str(value) for value in conditions.values_of(wanted) if value],
        "not": isinstance(wanted, conditions.Not),
        "empty": conditions.fits(wanted, box.kind.weighed("")),
    }


def kept_photos(typed: str) -> list[tuple[str, str]]:
    """The photos that came with a step's form before it was mended: each with its mark, and its name."""
    marks = [(mark, attachments.marked(mark, person())) for mark in typed.split("\n")]
    return [(mark, photo.name) for mark, photo in marks if photo is not None]


def begins_with(field: Field) -> str:
    """What a box says, for the same script, while it is hidden."""
    value = field.start()
    return "" if value is None else field.kind.typed(value)


def blank_line(entry: boxed.Entry, field: Field, at: Any) -> boxed.Entry:
    """An empty row of a line table, with its defaults."""
    return entry.line(field, at).with_defaults()


def shown_typed(entry: boxed.Entry, field: Field) -> str:
    """What a person typed into a box, as it would read."""
    if field.is_lines:
        return _("%(n)s lines", n=len(entry.lines.get(field.name, ())))
    value = entry.values.get(field.name)
    return entry.typed.get(field.name, "") if value is None else field.read(value)


def line_columns(field: Field, rows: Any) -> list[Field]:
    """The columns of a line table worth a place: those with something in them, or the first four of an empty
    one.
    """
    parts = [part for part in field.kind.line.fields.values() if not part.by_step]
    filled = [
        part for part in parts if not all(part.kind.says_nothing(getattr(row, part.column)) for row in rows)
    ]
    return filled or parts[:4]


def line_value(part: Field, row: Any) -> str:
    """A cell of a line table."""
    return part.text_of(row) or "—"


def day_words(moment: Any) -> str:
    """A day as one says it, with its weekday."""
    if locale() == "zh_Hans_CN":
        return f"{moment.month}月{moment.day}日 星期{'一二三四五六日'[moment.weekday()]}"
    return f"{moment:%A} {moment.day} {moment:%B}"


def colon() -> str:
    """What stands between a label and its value."""
    return "：" if locale() == "zh_Hans_CN" else ": "


def comma() -> str:
    """What stands between words that are listed."""
    return "、" if locale() == "zh_Hans_CN" else ", "


def found_as(briefly: bool = False) -> str:
    """How what this person may open is typed into the search, each way with a comma behind it."""
    said = [
        str(cls.fields[cls.label].label).lower() if briefly else str(cls.found_as)
        for cls in readable().values()
        if cls.found_as
    ]
    return "".join(way + comma() for way in said)


def theme() -> str:
    """The chosen theme, or nothing for the system's."""
    chosen = given.cookie("theme")
    return chosen if chosen in ("light", "dark") else ""


def init(app: Flask) -> None:
    """Give the templates what every page needs."""
    app.jinja_env.filters["day_words"] = day_words
    app.jinja_env.globals.update(
        kept_photos=kept_photos,
        when=when,
        begins_with=begins_with,
        blank_line=blank_line,
        shown_typed=shown_typed,
        line_columns=line_columns,
        line_value=line_value,
        options=lambda field: options(field, person()),
        typed_box=asked,
        submission=lambda: secrets.token_urlsafe(16),
    )
    app.jinja_env.globals.update(
        icon=icons.icons_of(app, (cls.icon for cls in placed())),
        menu=menu,
        creatable=creatable,
        common=common,
        due=due,
        state_chip=state_chip,
        chosen_theme=theme,
        given=given,
        colon=colon,
        comma=comma,
        found_as=found_as,
        me=person,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    declared = (field.kind for cls in registry.values() for field in cls.fields.values())
    app.jinja_env.globals["widget"] = widgets.widgets_of(app, declared)
