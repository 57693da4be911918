"""Rights: those of a user as they are at this request, and who else holds a duty."""

from collections.abc import Iterable
from functools import lru_cache

from flask import g, has_request_context
from sqlalchemy import select

from app.declare import in_force
from app.declare.duties import By, Clause, Holder, roles
from app.declare.person import Person
from app.declare.record import Record
from app.ground.database import db
from app.people.access import within
from app.people.users import Area, User

MOST = 4  # names of those who may do what somebody was refused


@lru_cache(maxsize=512)
def _loaded(user_id: int, rights: int, database: str) -> Person | None:
    ask = db.session.execute
    columns = (
        User.id,
        User.full_name,
        User.username,
        User.office_id,
        User.roles,
        User.offices,
        User.areas,
        User.settings,
        User.one_time_until,
    )
    user = ask(select(*columns).where(User.id == user_id)).one_or_none()
    if user is None:
        return None
    offices = tuple(sorted({user.office_id, *(user.offices or ())}))
    within = (Area.id.in_(user.areas or ()), Area.office_id.in_(offices))
    areas = ask(select(Area.id, Area.code_name).where(*within).order_by(Area.id)).all()
    held = tuple(name for name in roles if name in (user.roles or ()))
    return Person(
        user.id,
        user.full_name,
        user.username,
        user.office_id,
        held,
        offices,
        tuple(row.id for row in areas),
        tuple(row.code_name for row in areas),
        user.settings or {},
        user.one_time_until is not None,
    )


def load(user_id: int, rights: int) -> Person | None:
    """A user's rights at a state of their ``rights`` counter, remembered between requests."""
    return _loaded(user_id, rights, str(db.engine.url))


def forget() -> None:
    """Drop what is remembered (a test's database was made anew)."""
    _loaded.cache_clear()
    in_force.forget()


def person_of(username: str) -> Person | None:
    """The person of a user name, for commands and tests."""
    row = db.session.execute(select(User.id, User.rights).where(User.username == username)).one_or_none()
    return load(row.id, row.rights) if row else None


def everybody() -> list[Person]:
    """All active people, each with the rights of now; asked once a request."""
    known: dict[str, list[Person]] = g.setdefault("everybody", {}) if has_request_context() else {}
    if not known:
        known[""] = _everybody()
    return known[""]


def _everybody() -> list[Person]:
    rows = db.session.execute(
        select(User.id, User.rights).where(User.active.is_(True)).order_by(User.id).limit(500)
    ).all()
    return [person for row in rows if (person := load(row.id, row.rights))]


def holders(by: Iterable[By], record: Record | None) -> tuple[str, ...]:
    """Up to four names of active people who could do what these clauses open on a record."""
    wanted = list(by)
    named = [
        holder.field
        for holder in wanted
        if isinstance(holder, Holder) and record is not None and getattr(record, f"{holder.field}_id", None)
    ]
    names = dict.fromkeys(str(getattr(record, field)) for field in named)
    codes = {clause.code for clause in wanted if isinstance(clause, Clause)}
    for person in everybody() if codes else ():
        if len(names) >= MOST:
            break
        if codes & person.clauses and (record is None or _reaches(person, wanted, record)):
            names[person.name] = None
    return tuple(names)[:MOST]


def _reaches(person: Person, by: list[By], record: Record) -> bool:
    return any(within(person, record, clause) for clause in by if isinstance(clause, Clause))
