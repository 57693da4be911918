"""What is due by plan: the page of a cadence's rounds, and what of them waits for somebody on their first
page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import abort

from app.declare.cadence import Cadence
from app.declare.person import Person
from app.ground import clock, given
from app.ground.language import gettext as _
from app.ground.language import show_day, show_moment
from app.ground.text import YEARS
from app.lists import cadences
from app.lists.cadences import DONE, Round
from app.people import access
from views.frame import person


@dataclass
class Plan:
    """A cadence's round that waits for somebody."""

    title: str
    url: str
    left: str
    until: str


def draw(view: Any, name: str) -> str:
    """The page for the address: a day ``on`` which the round lies, or the record that ``call``s for one."""
    cls, who, asked = view.model, person(), given.address()
    cadence = cls.cadences.get(name) or abort(404)
    reach = access.reach_of(who, cls)
    if not reach:
        view.need("read")
    day = _day(asked.text("on"))
    round_, *others = cadences.rounds(cadence, who, day)
    if (key := asked.number("call")) is not None:
        round_ = cadences.called(cadence, who, key) or abort(404)
    show = DONE if asked.text("show") == DONE else ""
    rows, more = cadences.page(cls, cadence, round_, reach, show == DONE, asked.number("after") or 0)
    total, done = cadences.counts(cls, cadence, round_, reach)

    def url(**changes: str) -> str:
        said = {"on": day.isoformat(), "call": "" if key is None else str(key), "show": show, **changes}
        return "?" + urlencode({name: value for name, value in said.items() if value})

    return view.render(
        "plan.html",
        cadence=cadence,
        round=round_,
        rows=[(row, cadences.address(cadence, row.thing), _said(row.last)) for row in rows],
        more=rows[-1].thing if more else 0,
        total=total,
        done=done,
        left=total - done,
        show=show,
        url=url,
        others=others,
        before=cadences.beside(cadence, round_, -1)[0].isoformat(),
        after=cadences.beside(cadence, round_, 1)[0].isoformat(),
        may_make=access.may(who, cadence.done_by, "create"),
        may_call=cadence.called_by is not None and access.may(who, cadence.called_by, "create"),
        span=span(round_),
    )


def _day(text: str) -> date:
    """The day that an address names; today for what is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return day if day.year in YEARS else clock.today()


def _said(last: date | None) -> str:
    """When something was done last."""
    return show_moment(last) if isinstance(last, datetime) else show_day(last)


def span(round_: Round) -> str:
    """From which day to which."""
    return f"{show_day(round_.first)} – {show_day(round_.last)}"


def waiting(who: Person, forms: Iterable[Any]) -> list[Plan]:
    """The rounds of today in which something is left to do for a person, whose duty it is."""
    wanted = [
        (cls, cadence, round_, reach)
        for cls in forms
        for cadence in cls.cadences.values()
        if (reach := cadences.reach_of(cls, cadence, who))
        for round_ in cadences.rounds(cadence, who, clock.today())
    ]
    return [
        _plan(cls, cadence, round_, left)
        for (cls, cadence, round_, _reach), left in zip(wanted, cadences.left(wanted), strict=True)
        if left
    ]


def _plan(cls: Any, cadence: Cadence, round_: Round, left: int) -> Plan:
    call = "" if round_.call is None else f" {round_.call}"
    place = f"/admin/{cls.name}/plan/{cadence.name}/"
    return Plan(
        f"{cls.title}{call} {cadence.label}",
        place if round_.call is None else f"{place}?call={round_.call.id}",
        _("%(n)s to do", n=left if left < cadences.MOST else f"{cadences.MOST - 1}+"),
        _("until %(day)s", day=show_day(round_.last)),
    )
