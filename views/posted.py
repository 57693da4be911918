"""What was posted to a record's balances lately: how much, by which record, when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.act import balances
from app.act.balances import Posting
from app.declare.person import Person
from app.declare.record import registry
from app.ground.database import db
from app.people import access

LATEST = 8


@dataclass
class Posted:
    """One posting as its card shows it; ``by`` is nothing where one may not read who posted it."""

    box: Any
    amount: str
    title: Any
    by: Any
    at: datetime


def told(record: Any, who: Person) -> list[Posted]:
    """The latest postings of all its balances, the newest first."""
    cls: Any = type(record)
    fields = {field.name: field for field in balances.balances(cls)}
    if not fields:
        return []
    here = (Posting.form == record.name, Posting.box.in_(fields), Posting.record_id == record.id)
    asked = select(Posting).where(*here).order_by(Posting.id.desc()).limit(LATEST)
    rows = db.session.execute(asked).scalars().all()
    posters = _posters({(row.by_form, row.by_id) for row in rows}, who)
    return [
        Posted(
            fields[row.box].label,
            balances.signed(fields[row.box], row.amount),
            registry[row.by_form].title,
            posters.get((row.by_form, row.by_id)),
            row.at,
        )
        for row in rows
    ]


def _posters(keys: set[tuple[str, int]], who: Person) -> dict[tuple[str, int], Any]:
    """The records that posted, those that one may read."""
    known: dict[tuple[str, int], Any] = {}
    for form in {form for form, _key in keys}:
        cls: Any = registry[form]
        ids = [key for of, key in keys if of == form]
        asked = select(cls).where(cls.id.in_(ids), access.rows(who, cls))
        known |= {(form, other.id): other for other in db.session.execute(asked).scalars()}
    return known
