"""The card beside a record: the facts of what it is about, and what is open there."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.declare.person import Person
from app.declare.record import Record
from app.ground.language import gettext as _
from app.lists.listing import OPEN, Asked
from app.lists.related import open_about
from app.people import access
from views.boxes import page_of


@dataclass
class Card:
    """What stands beside a record."""

    what: str
    title: str
    url: str
    lines: list[str]
    chips: list[tuple[str, str, str]]


def card(record: Record, who: Person) -> Card | None:
    """The card of what a record is about, or is about in its turn; None where nothing has a card within one's
    reach.
    """
    subject: Any = record
    while (facts := subject.facts()) is None:
        subject = getattr(subject, subject.about) if subject.about else None
        if subject is None:
            return None
    if access.get(who, type(subject), subject.id) is None:
        return None
    chips = [
        (words, colour, page_of(of))
        for words, colour, of in facts.minds
        if access.get(who, type(of), of.id) is not None
    ]
    url = f"/admin/{subject.name}/whole_file/?id={subject.id}" if subject.has_file else page_of(subject)
    return Card(str(subject.title), str(subject), url, facts.lines, chips + _open_chips(subject, who))


def _open_chips(subject: Any, who: Person) -> list[tuple[str, str, str]]:
    """How many records of each form are open about it."""
    chips = []
    for of in open_about(subject, who):
        count = f"{of.count}{'+' * of.more}"
        question = Asked(state=OPEN, filters={f"{of.by}-id": str(subject.id)})
        words = _("%(title)s open: %(n)s", title=of.cls.title, n=count)
        chips.append((words, "moving", f"/admin/{of.cls.name}/?{urlencode(question.parameters())}"))
    return chips
