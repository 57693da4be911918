"""One box over all forms a person may see."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, redirect, render_template
from sqlalchemy import select

from app.act import look_up, personal_searches, search
from app.declare.person import Person
from app.ground import given
from app.ground.database import db
from app.ground.words import Words
from app.lists.highlights import title_of
from app.people import access
from views.boxes import box, page_of
from views.frame import person, readable

EACH, MOST = 6, 12


@dataclass(frozen=True)
class Page:
    """A page beside the records that a search finds by the words of its title and of what it is about."""

    title: Words
    url: str
    more: str
    about: Words


Pages = Callable[[], Iterable[Page]]


def pages_of(words: str, known: Iterable[Pages]) -> list[Page]:
    """The pages in whose words all that was asked for stands, in either language."""
    groups = search.understand(words).groups
    return [
        page
        for pages in known
        for page in pages()
        if groups and all(set(group) & _tokens(page) for group in groups)
    ][:MOST]


def _tokens(page: Page) -> set[str]:
    said = (*page.title.ways, *page.about.ways)
    return {token for text in said for token in search.split(text)}


def answers(who: Person, words: str) -> list[tuple[Any, list[Any], bool]]:
    """(class, its newest records that answer, whether there are more)."""
    query = personal_searches.understand(who, words)
    answered = []
    for name, cls in readable().items():
        keys = search.Answers(query, access.reach_of(who, cls), name).newest(EACH + 1)
        if keys:
            asked = select(cls).where(cls.id.in_(keys[:EACH])).options(*look_up.with_about(cls))
            rows = db.session.execute(asked).scalars().all()
            answered.append((cls, sorted(rows, key=lambda row: -row.id), len(keys) > EACH))
    return sorted(answered, key=lambda answer: 0 if answer[0].code else 1)


def beside(cls: Any, rows: Sequence[Any]) -> dict[int, str]:
    """What stands beside the records' names among the answers, by their ids: what each is about, what tells
    it from others, or its list's second column.
    """
    titles = {row.id: title_of(row) for row in rows}
    hints = cls.hints([row for row in rows if titles[row.id] == str(row)])
    second = cls.fields.get(cls.shows[1]) if len(cls.shows) > 1 else None
    return {
        row.id: (hints[row.id] or (str(box(row, second, person()).text) if second else ""))
        if row.id in hints
        else titles[row.id]
        for row in rows
    }


def init(app: Flask, known: Sequence[Pages] = ()) -> None:
    """The search page, which finds records, and these pages beside them."""

    @app.get("/search")
    def searching() -> Any:
        words = given.address().text("q")
        answered = answers(person(), words) if words else []
        pages = pages_of(words, known) if words else []
        total = [row for _cls, rows, _more in answered for row in rows]
        numbered = [row for row in total if row.prefix and row.number == words.strip().upper()]
        is_alone = len(total) == 1 and not pages and not any(more for _cls, _rows, more in answered)
        if is_alone or len(numbered) == 1:
            row = (numbered or total)[0]
            return redirect(page_of(row))
        return render_template("search.html", words=words, found=answered, beside=beside, pages=pages)
