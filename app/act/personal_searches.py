"""Searches for a whole telephone or identity number by whoever sees such numbers masked: allowed, noted, and
few a day.

So a masked number can't be found out by trying: each try is a line in the searcher's own history, and past
the day's limit (``MASKED_SEARCHES_A_DAY``) such a question finds nobody by number any more. A number typed
sign by sign is one look, a day is none.
"""

import hmac

from flask import current_app, g, has_request_context
from sqlalchemy import func, select

from app.act import search
from app.act.search import Query
from app.declare.kinds import WHOLE
from app.declare.person import Person
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db, writing
from app.keep import history, transaction
from app.people import access
from app.people.users import User

ACT = "searched_number"
GOES_ON = "searched_number:on"
TRAIL = "asked"


def sees_all(person: Person) -> bool:
    """Whether the person may see personal numbers in full wherever they may read records that hold them."""
    for cls in registry.values():
        if (
            cls.access.by("personal")
            and access.reach_of(person, cls)
            and access.may(person, cls, "personal") is None
        ):
            return False
    return True


def understand(person: Person, words: str) -> Query:
    """The question as this person may ask it; a whole number asked by whom it is masked for is noted
    first.
    """
    if not person.id or sees_all(person):
        return search.understand(words)
    query = search.understand(words, masked=True)
    return search.impersonal(query) if query.numbers and not _note(person, " ".join(query.numbers)) else query


def _note(person: Person, number: str) -> bool:
    """Write the try down, once a request; False when the day's looks are used up."""
    known: dict[str, bool] = g.setdefault("number_searches", {}) if has_request_context() else {}
    if number not in known:
        db.session.rollback()
        with writing():
            known[number] = _look(person, number)
            db.session.commit()
    return known[number]


def _look(person: Person, number: str) -> bool:
    """Whether a try is within the day's looks. Counted and written while the person's own row is held: of
    many at once none slips by.

    A number typed sign by sign is one look: what begins the one asked before, or goes on from it, is the
    same.
    """
    user = db.session.get_one(User, person.id)
    transaction.hold(user)
    line = history.Line
    limit: int = current_app.config["SETTINGS"].masked_searches_a_day
    today = (line.form == "user", line.record_id == person.id, line.at >= clock.day_start(clock.today()))
    used = db.session.execute(select(func.count()).where(*today, line.act == ACT)).scalar_one()
    last = db.session.execute(
        select(line.changes).where(*today, line.act.in_((ACT, GOES_ON))).order_by(line.seq.desc()).limit(1)
    ).scalar()
    marks, before = _marks(number), (last or {}).get(TRAIL, [None, []])[1]
    if marks[-1] in before:
        return used <= limit
    goes_on = bool(before) and before[-1] in marks
    history.write(user, person, GOES_ON if goes_on else ACT, "", {TRAIL: [None, marks]})
    return used <= limit if goes_on else used < limit


def _marks(number: str) -> list[str]:
    """A mark of a number and of each of its beginnings, from the shortest that may be somebody's own: it
    tells the same ones, and nothing of them.
    """
    key = current_app.config["SETTINGS"].secret_key.encode()
    return [
        hmac.digest(key, number[:end].encode(), "sha256")[:9].hex()
        for end in range(min(WHOLE, len(number)), len(number) + 1)
    ]
