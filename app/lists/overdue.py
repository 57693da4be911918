"""How many records wait where, for the menu and the tabs of every page: by state as kept; the overdue ones
counted, to a thousand, by an index alone.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select, union_all

from app.act import tally
from app.act.asking import LATE
from app.declare.form import Form
from app.declare.person import Person
from app.declare.record import Record
from app.ground import clock
from app.ground.database import Moment, among, db, literally
from app.people import access
from app.people.access import Reach

MOST = literally(1000)


def _counted_by(cls: Any, reach: Reach) -> list[ColumnElement[bool]]:
    """A reach in few conditions, each answered by an index alone: an area lies in one office, so its rows
    needn't be read for theirs.
    """
    if reach.holder:
        return [reach.where(cls)]
    here = among(cls.office_id, reach.offices)
    return (
        [here]
        if reach.areas is None
        else [among(cls.area_id, reach.areas), and_(here, cls.area_id.is_(None))]
    )


def _overdue(cls: Any, reach: Reach) -> Any:
    overdue = cls.due_at < bindparam("now", type_=Moment())
    each = [select(cls.id).where(scope, overdue).limit(MOST).subquery() for scope in _counted_by(cls, reach)]
    inner = (
        each[0] if len(each) == 1 else union_all(*(select(piece) for piece in each)).limit(MOST).subquery()
    )
    return select(literally(cls.name), literally(LATE), func.count()).select_from(inner)


@lru_cache(maxsize=1024)
def _counts(reaches: tuple[tuple[Any, Reach], ...]) -> Any:
    placed = tuple((cls.name, reach) for cls, reach in reaches if not reach.holder)
    kept = [tally.counted_by_state(placed)] if placed else []
    held = [
        select(literally(cls.name), cls.state, func.count()).where(reach.where(cls)).group_by(cls.state)
        for cls, reach in reaches
        if reach.holder
    ]
    timed = [(cls, reach) for cls, reach in reaches if issubclass(cls, Form) and cls.deadlines and reach]
    return union_all(*kept, *held, *(_overdue(cls, reach) for cls, reach in timed))


def counts(
    person: Person, classes: Mapping[str, type[Record]]
) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """How many records of each form are in each state, and how many overdue, within a person's reach: asked
    in one statement.
    """
    by_state: dict[str, dict[str, int]] = {name: {} for name in classes}
    late: dict[str, int] = {}
    asked = tuple((cls, access.reach_of(person, cls)) for cls in classes.values())
    for form, state, count in (
        db.session.connection().execute(_counts(asked), {"now": clock.now()}) if asked else ()
    ):
        if state == LATE:
            late[form] = int(count)
        else:
            by_state[form][state] = int(count)
    return by_state, late
