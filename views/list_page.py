"""The list: tabs, chips, one lean table, and where one is."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape
from sqlalchemy import literal

from app.act import look_up, steps
from app.declare.form import Form
from app.declare.person import Person
from app.ground import given
from app.ground.language import gettext as _
from app.ground.language import locale
from app.ground.ordering import ORDER
from app.lists import listing
from app.lists.chips import chips
from app.lists.highlights import spot
from app.lists.listing import LATE, OPEN, Asked, List, Page, Plan
from app.people import access
from views import looks, scanning
from views.frame import counts_of, due, late_of, open_of, person, state_chip

NONE = "—"
BLANK: Any = literal("")  # the same ones each time: statements are kept by what they ask for
_MARKS = re.compile("[&<>\"']")


@dataclass
class Shown:
    """A page of a list as somebody asked for it."""

    question: Asked
    listed: List
    plan: Plan
    page: Page

    def __iter__(self) -> Iterator[Any]:
        return iter(self.page.rows)


def read(cls: Any) -> Shown:
    """The page that the address asks for, in the columns that the person chose."""
    who = person()
    settings = looks.settings_of(cls, who)
    question = listing.asked(cls, look_up.by_name(who, cls, given.address()), settings.get("size", 50))
    listed = List(cls, who, question, counts=counts_of(cls))
    plan = listing.plan_of(cls, tuple(settings.get("columns") or cls.shows))
    return Shown(question, listed, plan, listed.page(plan, _mark(cls)[0], *_telling(cls)))


def told(cls: Any, shown: Shown, actions: list[Any]) -> dict[str, Any]:
    """What the list's template needs."""
    who, question, plan = person(), shown.question, shown.plan
    address = _url(question)
    return {
        "asked": question,
        "page": shown.page,
        "plan": plan,
        "rows": _rows(cls, plan, shown.page, who, _mark(cls), pick=bool(actions)),
        "tabs": _tabs(cls, question),
        "chips": chips(cls, question, who),
        "url": address,
        "ticks": _ticks(cls, tuple(column.name for column in plan.columns), locale()),
        "can": {
            name: bool(access.reach_of(who, cls, name)) for name in ("create", "export", "import_", "print")
        },
        "heads": _heads(cls, plan, shown.listed, address),
        "scans": scanning.scans(cls),
    }


def _url(question: Asked) -> Callable[..., str]:
    parameters = question.parameters()
    start = "?" + urlencode(parameters)

    def address(**changed: Any) -> str:
        if parameters.keys().isdisjoint(changed):
            return (
                start
                + ("&" if parameters else "")
                + urlencode({name: value for name, value in changed.items() if value not in ("", None)})
            )
        return "?" + urlencode(question.parameters(**changed))

    return address


@lru_cache(maxsize=512)
def _ticks(cls: Any, chosen: tuple[str, ...], _locale: str) -> Markup:
    """The columns one may choose, the chosen ones ticked; the same for all who chose alike, so drawn once a
    language.
    """
    tick = Markup('<label class="tick"><input type="checkbox" name="column" value="{}"{}> {}</label>')
    return Markup("").join(
        tick.format(name, Markup(" checked") if name in chosen else "", str(listing.label_of(cls, name)))
        for name in listing.available(cls)
    )


def _mark(cls: Any) -> tuple[Any, str, str]:
    """The column that marks urgent rows, the value that does, and its word."""
    name, _sep, wanted = getattr(cls, "highlights", {}).get("mark", "").partition(":")
    return (getattr(cls, name), wanted, cls.fields[name].read(wanted)[:1]) if name else (BLANK, "never", "")


def _cell(cls: Any, column: Any) -> Callable[[Any], str]:
    """How a column's values are drawn, as HTML; what recurs on a page is drawn once."""
    if column.name == "state":
        chips = {name: str(state_chip(cls, name)) for name in cls.states}
        return lambda value: chips.get(value) or str(escape(value))
    if column.name == "due_at":
        return due
    show, brief = column.show, column.kind.brief()
    if brief is not None:
        return lambda value: NONE if value is None else _in_brief(show(value), brief)
    kept = {None: NONE}

    def draw(value: Any) -> str:
        drawn_before = kept.get(value) if recurs else None
        if drawn_before is None:
            text = "" if value is None or value == [] else show(value)
            drawn_before = (str(escape(text)) if _MARKS.search(text) else text) or NONE
            if recurs:
                kept[value] = drawn_before
        return drawn_before

    recurs = column.kind.filter is not None and column.kind.filter.few
    return draw


def _in_brief(text: str, brief: Callable[[str], str]) -> str:
    if _MARKS.search(text):
        return f'<span title="{escape(text)}">{escape(brief(text))}</span>'
    return f'<span title="{text}">{brief(text)}</span>'


@lru_cache(maxsize=512)
def _classes(plan: Plan) -> list[str]:
    """Each column's class: numbers to the right; on a phone four of them make the row, not those whose value
    tells nothing without the column's head: a bare 是, or a 15.
    """
    cls: Any = plan.cls
    telling = [column.name for column in plan.columns if column.kind.tells_alone]
    title, line = (next(iter(spot(cls, name)), None) for name in ("title", "line"))
    if title is None and line is None:
        title, line = (*telling, None, None)[:2]
    spots = {title: "s1", line: "s3", "state": "s2", "due_at": "s4"}
    if "state" not in cls.shows:
        spots |= dict(zip([name for name in telling if name not in spots], ("s2", "s4"), strict=False))
    class_names = []
    for at, column in enumerate(plan.columns):
        classes = [spots.get(column.name, "s1" if at == 0 and not title else "")]
        if column.name == "number":
            classes.append("mono")
        if column.name == "created_at" or column.kind.numeric:
            classes.append("num")
        class_names.append(" ".join(cls for cls in classes if cls))
    return class_names


def _rows(cls: Any, plan: Plan, page: Any, who: Person, mark: tuple[Any, str, str], pick: bool) -> Markup:
    """The table's rows, written out: a list is looked at more often than anything else."""
    draw = [_cell(cls, column) for column in plan.columns]
    classes = _classes(plan)
    opening = [f'<td class="{name}">' if name else "<td>" for name in classes]
    marked = next((at for at, name in enumerate(classes) if name.startswith("s1")), 0)
    linked = {0, marked}
    quick, select, place = (
        _next_steps(cls, who, page.rows),
        str(escape(_("Select %(what)s", what="\0"))),
        f"/admin/{cls.name}",
    )
    named = plan.columns[marked].show
    html: list[str] = []
    for row in page.rows:
        key, values = row[0], row[2 + len(_telling(cls)) :]
        parts = []
        for at, value in enumerate(values):
            text = draw[at](value)
            if at == marked and row[1] == mark[1]:
                text = f'<span class="urgent">{escape(mark[2])}</span>{text}'
            parts.append(
                f'{opening[at]}<a href="{place}/details/?id={key}">{text}</a></td>'
                if at in linked
                else f"{opening[at]}{text}</td>"
            )
        said = named(values[marked])[:60] if values[marked] is not None else str(key)
        box = (
            f'<td><input type="checkbox" name="rowid" value="{key}"'
            f' aria-label="{select.replace(chr(0), escape(said))}"></td>'
        )
        step = quick.get(key)
        offered = (
            f'<a class="btn small" data-dialog href="{place}/step/{step[0]}/?id={key}">{step[1]}</a>'
            if step
            else ""
        )
        html.append(f'<tr>{box if pick else ""}{"".join(parts)}<td class="steps">{offered}</td></tr>')
    return Markup("\n".join(html))  # noqa: S704  (every value in it is escaped)


@cache
def _telling(cls: Any) -> tuple[Any, ...]:
    """The columns read beside those shown, by which a row's next step is found."""
    return (
        tuple(getattr(cls, name) for name in steps.telling(cls))
        if issubclass(cls, Form) and cls.states
        else ()
    )


def _next_steps(cls: Any, who: Person, rows: list[Any]) -> dict[int, tuple[str, Markup]]:
    """The name and label of the step offered at each row."""
    names = steps.telling(cls) if _telling(cls) else ()
    told = {row[0]: SimpleNamespace(**dict(zip(names, row[2:], strict=False))) for row in rows}
    return (
        {key: (step.name, escape(step.label)) for key, step in steps.next_steps(cls, who, told).items()}
        if names
        else {}
    )


def _tabs(cls: Any, question: Asked) -> list[tuple[str, Any, int, bool]]:
    """(state, label, count, chosen), the overdue last."""
    if not (issubclass(cls, Form) and cls.states):
        return []
    counts = counts_of(cls)
    tabs = [("", _("All"), sum(counts.values()), not question.state)]
    if question.state == OPEN:
        tabs.append((OPEN, _("In hand"), open_of(cls), True))
    tabs += [
        (name, state.label, counts.get(name, 0), question.state == name)
        for name, state in cls.states.items()
        if counts.get(name) or not state.side
    ]
    if cls.deadlines:
        tabs.append((LATE, _("Overdue"), late_of(cls), question.state == LATE))
    return tabs


def _heads(
    cls: Any, plan: Plan, listed: List, address: Callable[..., str]
) -> list[tuple[Any, str, str, str]]:
    """(label, class, address that sorts by it or nothing, arrow)."""
    heads = []
    for column, classes in zip(plan.columns, _classes(plan), strict=True):
        name = (
            ORDER
            if cls.in_order and column.name == cls.label
            else column.field.column
            if column.field
            else column.name
        )
        if name in cls.sorted_by():
            chosen = listed.sort == name
            down = listed.down if chosen else False
            heads.append(
                (
                    column.label,
                    classes,
                    address(sort=("" if chosen and down else "-") + name),
                    (" ↓" if down else " ↑") if chosen else "",
                )
            )
        else:
            heads.append((column.label, classes, "", ""))
    return heads
