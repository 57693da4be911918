"""Kept counts: how many records of a form are in each state, an office and area. Tabs and menus read them, lists never count far."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, and_, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.access import Reach
from app.database import among, db, is_sqlite
from app.record import Key, Model
from app.rows import Row, counting, named, together

if TYPE_CHECKING:
    from app.record import Record


class Tally(Model):
    """A count of records; area 0 stands for none."""

    __tablename__ = "tally"

    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    office_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    area_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(24), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


Place = tuple[int, int, str]


def place(record: "Record") -> Place:
    """Where a record is counted."""
    return (record.office_id or 0, record.area_id or 0, getattr(record, "state", ""))


def move(form: str, changes: Mapping[Place, int]) -> None:
    """Add to the counts, in one order for everybody so that two writers never wait for each other."""
    for where, more in sorted(changes.items()):
        if more:
            together(counted(form, where, more))


def counted(form: str, where: Place, more: int = 1) -> Row:
    """What is added to one count."""
    office, area, state = where
    values = {"form": form, "office_id": office, "area_id": area, "state": state, "count": more}
    return Row(counting(Tally.__table__, "count", is_sqlite()), named(Tally.__table__, values))


def moved(form: str, before: Place | None, after: Place) -> None:
    """A record went from one place to another, or came."""
    if before != after:
        changes = Counter({after: 1})
        if before is not None:
            changes[before] -= 1
        move(form, changes)


@lru_cache(maxsize=1024)
def counted_by_state(reaches: tuple[tuple[str, Reach], ...]) -> Any:
    """The statement for the counts of several forms by state, each within a reach."""
    alike: dict[Reach, list[str]] = {}
    for name, reach in reaches:
        alike.setdefault(reach, []).append(name)
    conditions = []
    for reach, names in alike.items():
        inside = and_(among(Tally.form, names), among(Tally.office_id, reach.offices))
        conditions.append(inside if reach.areas is None else and_(inside, among(Tally.area_id, (0, *reach.areas))))
    return select(Tally.form, Tally.state, func.sum(Tally.count)).where(or_(*conditions)).group_by(Tally.form, Tally.state)


def by_state(reaches: Mapping[str, Reach]) -> dict[str, dict[str, int]]:
    """The counts of several forms by state, each within a reach."""
    found: dict[str, dict[str, int]] = {name: {} for name in reaches}
    if reaches:
        for form, state, count in db.session.connection().execute(counted_by_state(tuple(reaches.items()))):
            found[form][state] = int(count)
    return found


def recount(cls: "type[Record]") -> None:
    """Count a form anew (after records were brought in by the thousand)."""
    state: Any = getattr(cls, "state", None)
    columns = [cls.office_id, func.coalesce(cls.area_id, 0)] + ([state] if state is not None else [])
    db.session.execute(Tally.__table__.delete().where(Tally.__table__.c.form == cls.name))  # type: ignore[attr-defined]
    rows = db.session.execute(select(*columns, func.count()).group_by(*columns)).all()
    move(cls.name, {(row[0], row[1], row[2] if state is not None else ""): row[-1] for row in rows})
