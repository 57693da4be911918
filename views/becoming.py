"""What a record makes: the new one's boxes, filled already, and the making; on both pages, what was made of
what.
"""

from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, redirect, request
from werkzeug.wrappers import Response

from app.act import links
from app.act.entry import Entry
from app.declare.becoming import Becomes
from app.declare.form import Form
from app.declare.person import Person
from app.ground import given
from app.ground.language import gettext as _
from app.keep import linked
from app.people import access
from views.boxes import page_of
from views.frame import person

Answer = Response | str | tuple[str, int]


@dataclass
class Other:
    """A record at the other end of a link, as far as a person may know of it."""

    label: str
    number: str
    url: str = ""
    state: str = ""
    cls: Any = None


def _other(tie: linked.Tie, who: Person) -> Other:
    """What a record was made of or what was made of it. Of one beyond the person it says that it is there, by
    its number; no more.
    """
    other = tie.other
    label = _("Made of %(title)s", title=other.title) if tie.is_source else str(other.title)
    shown = Other(label, linked.called(other))
    if access.get(who, type(other), other.id) is not None:
        shown.url, shown.cls = page_of(other), type(other)
        shown.state = getattr(other, "state", "") or ""
    return shown


def told(record: Any, who: Person) -> dict[str, Any]:
    """What a record's page needs of its links: what is linked, what is offered and what is refused; what is
    made of lines stands with each of them.
    """
    ties = linked.of(record)
    offers = links.offers(record, who, ties) if isinstance(record, Form) and record.links else []
    others = [_other(tie, who) for tie in ties]
    by_line: dict[int, list[Other]] = {}
    for tie, other in zip(ties, others, strict=True):
        if tie.link.line_id is not None and not tie.is_source:
            by_line.setdefault(tie.link.line_id, []).append(other)
    return {
        "linked": others,
        "able_to_make": [offer.link for offer in offers if offer.line is None and offer.refusal is None],
        "unable_to_make": [(o.link, o.refusal) for o in offers if o.line is None and o.refusal is not None],
        "of_lines": {offer.link.each for offer in offers if offer.line is not None},
        "made_of_line": by_line,
        "line_makes": [(o.line.id, o.link) for o in offers if o.line is not None and o.refusal is None],
    }


def become(view: Any, record: Any, name: str) -> Answer:
    """Draw the new one's boxes, or make it of what was sent; one that is made at once asks only what is
    missing.
    """
    link = getattr(type(record), "links", {}).get(name)
    if link is None:
        abort(404)
    try:
        line = links.line_of(record, link, given.address().number("line"))
    except LookupError:
        abort(404)
    target = current_app.extensions["form_views"].get(link.target)
    if target is None:
        abort(404)
    if request.method == "POST" and (before := target.sent_before()) is not None:
        return _onwards(target, target.made(before))
    if (refusal := links.in_the_way(record, link, person(), line)) is not None:
        raise refusal
    template = links.filled(record, link, line)
    if request.method == "GET":
        return _page(target, record, link, links.entry_of(template, person()))
    if given.boxes().ticked("at_once"):
        entry = links.complete(template, person())
    else:
        entry = links.typed(template, person(), given.boxes())
    return _make(target, record, link, line, entry)


def _make(target: Any, record: Any, link: Becomes, line: Any, entry: Entry) -> Answer:
    """Make it, or draw its boxes with what is wrong."""
    made = target.make(entry, lambda: links.make_entered(record, link, person(), entry, target.token(), line))
    return (_page(target, record, link, entry), 422) if made is None else _onwards(target, made)


def _onwards(target: Any, made: Any) -> Response:
    return redirect(target.get_save_return_url(made))


def _page(target: Any, record: Any, link: Becomes, entry: Entry) -> str:
    page = target.render(
        target.create_template, form=entry, model=None, made_of=record, link=link, return_url=""
    )
    return page if isinstance(page, str) else page[0]
