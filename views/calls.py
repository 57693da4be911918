"""Follow-ups: who is to be called next, with the number at hand, one after the other."""

from typing import Any

from flask import abort
from flask_admin import BaseView, expose

from app.act import links, steps
from app.act.entry import Entry
from app.declare.record import registry
from app.ground import given
from app.ground.language import gettext as _
from app.ground.language import lazy_gettext as _l
from app.ground.text import whole
from app.keep import linked
from app.lists import calls
from app.people import access
from app.people.refusal import Refusal
from views.boxes import box, checks_of
from views.frame import person

PLACE = "/calls/"


def view() -> "CallsView | None":
    """The screen, in the part of the office whose forms are called about; None where none is."""
    parts = [kind.cls.part for kind in calls.every() if kind.cls.part]
    return CallsView(parts[0].label) if parts else None


class CallsView(BaseView):  # type: ignore[misc]
    """The list of calls that are due, and the one at hand."""

    icon = "phone"

    def __init__(self, part: Any) -> None:
        super().__init__(_l("Follow-ups"), part, endpoint="calls", url=PLACE.rstrip("/"), static_folder=None)

    def is_accessible(self) -> bool:
        """Whoever has the duty to make any."""
        return bool(calls.kinds(person()))

    def inaccessible_callback(self, name: Any, **kwargs: Any) -> Any:
        """Say who could."""
        by = [by for kind in calls.every() for by in kind.step.by]
        raise Refusal("duty", _("%(title)s isn't among your duties.", title=_("Follow-ups")), by)

    @expose("/")
    def index(self) -> Any:
        """What is due, and the first of it or the one that was picked, with its boxes."""
        who = person()
        waiting = [calls.due(who, kind) for kind in calls.kinds(who)]
        return self.render(
            "calls.html",
            waiting=waiting,
            called=_called(given.address().text("after")),
            **_at_hand(waiting, given.address().text("at")),
        )


def _at_hand(waiting: list[calls.Waiting], picked: str) -> dict[str, Any]:
    """The call to be made now: the one picked, else the most pressing of all."""
    pairs = [(record, each.kind) for each in waiting for record in each.records]
    if picked:
        pairs = [pair for pair in pairs if mark(*pair) == picked]
        if not pairs:
            abort(404)
    if not pairs:
        return {"record": None}
    record, kind = min(pairs, key=lambda pair: (pair[0].due_at, pair[0].id))
    step, who = kind.step, person()
    entry = Entry(who, steps.asked_fields(step, kind.cls, record)).from_record(record)
    told = [record.fields[name] for name in (kind.call.who, kind.call.phone, *kind.call.tells)]
    return {
        "record": record,
        "cls": kind.cls,
        "call": kind.call,
        "at": mark(record, kind),
        "step": step,
        "entry": entry,
        "fields": entry.fields,
        "checks": checks_of(record, who, (step,)),
        "facts": [box(record, field, who) for field in told if field.applies(record)],
        "may_reveal": access.may_here(who, record, "personal") is not None,
        "back": PLACE,
    }


def mark(record: Any, kind: calls.Kind) -> str:
    """A call as an address names it."""
    return f"{record.name}:{record.id}:{kind.call.step}"


def _called(after: str) -> dict[str, Any] | None:
    """The record called about last, with what a customer who isn't satisfied makes of it."""
    name, _sep, key = after.partition(":")
    cls: Any = registry.get(name)
    record: Any = access.get(person(), cls, whole(key) or 0) if cls is not None else None
    if record is None:
        return None
    names = {call.unhappy for call in getattr(cls, "calls", ()) if call.unhappy}
    ties = linked.of(record)
    offered = [
        offer.link
        for offer in (links.offers(record, person(), ties) if names else ())
        if offer.link.name in names and offer.line is None and offer.refusal is None
    ]
    return {"record": record, "links": offered}
