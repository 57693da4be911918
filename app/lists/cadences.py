"""What is due by plan, what was done and what was missed: worked out from the records that say so, by the
index that a cadence keeps; no row is kept for a period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Integer, cast, exists, false, func, not_, select

from app.declare.cadence import Cadence, Window
from app.declare.conditions import Not, values_of
from app.declare.kinds import DayKind
from app.declare.person import Person
from app.declare.record import Record, registry
from app.ground import clock
from app.ground.database import db
from app.people import access
from app.people.access import Reach

DONE = "done"
PAGE, MOST = 50, 100


@dataclass(frozen=True)
class Round:
    """A window in which something is due of each thing: of the calendar, or one that a record calls for."""

    first: date
    last: date
    office: int | None = None  # by whose settings
    call: Any = None

    @property
    def is_over(self) -> bool:
        """Whether what wasn't done in it was missed."""
        return self.last < clock.today()


@dataclass(frozen=True)
class Row:
    """A thing in a round: its label, when it was done last, the record that did it in this round."""

    key: int
    thing: int
    label: str
    last: Any
    record: int | None


def rounds(cadence: Cadence, who: Person, day: date) -> list[Round]:
    """The rounds in which a day lies: the calendar's, then those that were called for."""
    return [Round(*cadence.window(day, who.office_id), who.office_id), *_called(cadence, who, day)]


def beside(cadence: Cadence, round_: Round, step: int) -> Window:
    """The calendar's window before or after one."""
    day = round_.first - timedelta(days=1) if step < 0 else round_.last + timedelta(days=1)
    return cadence.window(day, round_.office)


def called(cadence: Cadence, who: Person, key: int) -> Round | None:
    """The round that a record calls for, within a person's reach."""
    call: Any = access.get(who, cadence.called_by, key) if cadence.called_by is not None else None
    return None if call is None or call.is_void else Round(*_days(cadence, call), call.office_id, call)


def _called(cadence: Cadence, who: Person, day: date) -> list[Round]:
    form = cadence.called_by
    if form is None or form.name not in registry:
        return []
    first, last = (getattr(form, name) for name in cadence.called)
    asked = select(form).where(access.rows(who, form), form.state != "void", first <= day, last >= day)
    calls = db.session.execute(asked.order_by(form.id)).scalars()
    return [Round(*_days(cadence, call), call.office_id, call) for call in calls]


def _days(cadence: Cadence, call: Any) -> Window:
    first, last = (getattr(call, name) for name in cadence.called)
    return first, last


def reach_of(cls: type[Record], cadence: Cadence, who: Person) -> Reach:
    """The things that are a person's to look after: where their duties let them do what is due."""
    return access.reach(who, cadence.duties) if access.reach_of(who, cls) else access.NOWHERE


def counts(cls: Any, cadence: Cadence, round_: Round, reach: Reach) -> tuple[int, int]:
    """How many things a round has, and of how many it was done."""
    bound = _bound(cls, cadence, round_, reach)
    done = _done(cls, cadence, round_)
    asked = select(func.count(), func.sum(cast(done, Integer))).where(*bound)
    count, count_done = db.session.execute(asked).one()
    return int(count), int(count_done or 0)


def left(wanted: Sequence[tuple[Any, Cadence, Round, Reach]]) -> list[int]:
    """Of how many things each of these rounds is still to be done; counted to a hundred, in one statement."""
    asked = [_left(*each).scalar_subquery() for each in wanted]
    return [int(count) for count in db.session.connection().execute(select(*asked)).one()] if asked else []


def _left(cls: Any, cadence: Cadence, round_: Round, reach: Reach) -> Any:
    bound = _bound(cls, cadence, round_, reach)
    inner = select(cls.id).where(*bound, not_(_done(cls, cadence, round_))).limit(MOST).subquery()
    return select(func.count()).select_from(inner)


def page(
    cls: Any, cadence: Cadence, round_: Round, reach: Reach, is_done: bool, after: int = 0
) -> tuple[list[Row], bool]:
    """The things of a round of which it was done, or wasn't, from one on; and whether there are more."""
    thing, done = _thing(cls, cadence), _done(cls, cadence, round_)
    asked = select(cls.id, thing).where(*_bound(cls, cadence, round_, reach), thing > after)
    asked = asked.where(done if is_done else not_(done)).order_by(thing).limit(PAGE + 1)
    pairs = [(row[0], row[1]) for row in db.session.execute(asked)]
    keys = [of for _key, of in pairs[:PAGE]]
    labels, last = _labels(cadence, keys), _last(cadence, keys, None)
    records = _last(cadence, keys, round_) if is_done else {}
    rows = [
        Row(key, of, labels.get(of, ""), last.get(of, (None, None))[1], records.get(of, (None, None))[0])
        for key, of in pairs[:PAGE]
    ]
    return rows, len(pairs) > PAGE


def address(cadence: Cadence, thing: int) -> str:
    """Where the record is made that does it for a thing, filled as far as is known."""
    plain = {
        name: str(value)
        for name, wanted in cadence.when.items()
        if not isinstance(wanted, Not)
        for value in values_of(wanted)[:1]
    }
    return f"/admin/{cadence.done_by.name}/new/?{urlencode({f'{cadence.by}-id': thing, **plain})}"


def _thing(cls: Any, cadence: Cadence) -> Any:
    """The column of a class that says which thing a record is about: itself, or what its reference names."""
    is_itself = cadence.done_by.fields[cadence.by].kind.target is cls
    return cls.id if is_itself else getattr(cls, f"{cadence.by}_id")


def _bound(cls: Any, cadence: Cadence, round_: Round, reach: Reach) -> list[ColumnElement[bool]]:
    """What a round binds: within a reach, in the states, since early enough."""
    by = round_.last if round_.call is not None else cadence.settled_by(round_.last, round_.office)
    since = getattr(cls, cadence.since) <= (by if _is_day(cls, cadence.since) else clock.day_end(by))
    bound: list[ColumnElement[bool]] = [reach.where(cls) if reach else false(), since]
    if cadence.while_in:
        bound.append(cls.state.in_(cadence.while_in))
    if round_.call is not None:
        bound.append(cls.office_id == round_.call.office_id)
    return bound


def _is_day(cls: Any, name: str) -> bool:
    """Whether a record's time is kept as a day, not as a moment."""
    return name in cls.fields and isinstance(cls.fields[name].kind, DayKind)


def _is_doing(cadence: Cadence, round_: Round | None) -> list[ColumnElement[bool]]:
    """What is asked of a record that does it: its time in the round, its conditions, that it isn't voided."""
    form = cadence.done_by
    at = getattr(form, cadence.at)
    fits: list[ColumnElement[bool]] = [form.state != "void"] if getattr(form, "states", None) else []
    if round_ is not None:
        first, last = round_.first, round_.last + timedelta(days=1)
        begins, ends = (day if _is_day(form, cadence.at) else clock.day_start(day) for day in (first, last))
        fits += [at >= begins, at < ends]
    for name, wanted in cadence.when.items():
        column, values = getattr(form, form.fields[name].column), values_of(wanted)
        fits.append(column.not_in(values) if isinstance(wanted, Not) else column.in_(values))
    return fits


def _done(cls: Any, cadence: Cadence, round_: Round) -> ColumnElement[bool]:
    by = getattr(cadence.done_by, f"{cadence.by}_id")
    return exists().where(by == _thing(cls, cadence), *_is_doing(cadence, round_))


def _last(cadence: Cadence, keys: Sequence[int], round_: Round | None) -> Mapping[int, tuple[int, Any]]:
    """Of some things the record that did it last, and when."""
    form = cadence.done_by
    by, at = getattr(form, f"{cadence.by}_id"), getattr(form, cadence.at)
    asked = select(by, form.id, at).where(by.in_(keys), *_is_doing(cadence, round_)).order_by(at, form.id)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(asked)}


def _labels(cadence: Cadence, keys: Sequence[int]) -> Mapping[int, str]:
    target: Any = cadence.done_by.fields[cadence.by].kind.target
    records = db.session.execute(select(target).where(target.id.in_(keys))).scalars()
    return {record.id: str(record) for record in records}
