"""How many records are overdue, for the menu and the tabs of every page: counted no further than a thousand, each by an index alone."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, literal, select, union_all

from app import access, clock
from app.access import Reach
from app.database import Moment, db
from app.form import Form
from app.person import Person
from app.record import Record

LATE_AT_MOST = 1000


def _counted_by(cls: Any, reach: Reach) -> list[ColumnElement[bool]]:
    """A reach in few conditions, each answered by an index alone: an area lies in one office, so its rows needn't be read for theirs."""
    here = cls.office_id.in_(reach.offices)
    return [here] if reach.areas is None else [cls.area_id.in_(reach.areas), and_(here, cls.area_id.is_(None))]


@lru_cache(maxsize=1024)
def _late(reaches: tuple[tuple[Any, Reach], ...]) -> Any:
    parts = []
    for cls, reach in reaches:
        overdue = cls.due_at < bindparam("now", type_=Moment())
        each = [select(cls.id).where(scope, overdue).limit(LATE_AT_MOST).subquery() for scope in _counted_by(cls, reach)]
        inner = union_all(*(select(one) for one in each)).limit(LATE_AT_MOST).subquery()
        parts.append(select(literal(cls.name), func.count()).select_from(inner))
    return union_all(*parts)


def late_counts(person: Person, classes: Mapping[str, type[Record]]) -> dict[str, int]:
    """How many records of each form are overdue within a person's reach, asked in one statement."""
    timed = tuple((cls, access.reach(person, cls.access.by("read"))) for cls in classes.values() if issubclass(cls, Form) and cls.deadlines)
    return {row[0]: row[1] for row in db.session.connection().execute(_late(timed), {"now": clock.now()})} if timed else {}
