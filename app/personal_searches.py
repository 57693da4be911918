"""Searches for a whole telephone or identity number by whoever sees such numbers masked: allowed, noted, and few a day.

So a masked number can't be found out by trying: each try is a line in the searcher's own history, and past the day's limit
(``MASKED_SEARCHES_A_DAY``) such a question finds nobody by number any more.
"""

from flask import current_app, g, has_request_context
from sqlalchemy import func, select

from app import access, clock, history, search
from app.database import db, stop_writing, writing
from app.person import Person
from app.record import registry
from app.search import Query

ACT = "searched_number"


def sees_all(person: Person) -> bool:
    """Whether the person may see personal numbers in full wherever they may read records that hold them."""
    for cls in registry.values():
        if cls.access.by("personal") and access.reach_of(person, cls) and access.may(person, cls, "personal") is None:
            return False
    return True


def understand(person: Person, words: str) -> Query:
    """The question as this person may ask it; a whole number asked by whom it is masked for is noted first."""
    query = search.understand(words)
    if not query.whole or not person.id or sees_all(person):
        return query
    return query if _note(person) else search.impersonal(query)


def _note(person: Person) -> bool:
    """Write the try down, once a request; False when the day's limit is used up."""
    if has_request_context() and "number_search" in g:
        return bool(g.number_search)
    from app.people import User

    limit = int(getattr(current_app.config.get("SETTINGS"), "masked_searches_a_day", 40))
    since = clock.day_start(clock.today())
    line = history.Line
    asked = select(func.count()).where(line.form == "user", line.record_id == person.id, line.act == ACT, line.at >= since)
    used = db.session.execute(asked).scalar_one()
    db.session.rollback()
    with writing():
        user = db.session.get(User, person.id)
        if user is not None:
            history.write(user, person, ACT)
        db.session.commit()
    stop_writing()
    if has_request_context():
        g.number_search = used < limit
    return bool(used < limit)
