"""Balances: what records post to a number of another, or to their own. The number is kept beside its
postings, equal to their sum, and never goes past its bounds, however many post at once.

A record posts what it declares of itself, as long as it stands so; saving it posts the difference. So nothing
posted is ever edited: what doesn't hold any more (a loan that came back, a payment that is voided) is
reversed by a posting of its own.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Index,
    Integer,
    String,
    bindparam,
    func,
    inspect,
    literal,
    select,
    type_coerce,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from app.declare.fields import Field
from app.declare.person import Person
from app.declare.record import Key, Model, Record, Wrong, registry
from app.ground import clock
from app.ground.database import Moment, db
from app.ground.language import gettext as _
from app.ground.pouring import pour, turned
from app.ground.rows import Row, several
from app.keep import due_acts
from app.keep.capability import Act, Capability, Verifier
from app.people import access

log = logging.getLogger("guanjia.balances")

Account = tuple[str, str, int]  # a form, its balance, a record's id
Given = Mapping[Account, int]  # in the smallest units: fen, pieces
NOTHING: Given = {}
HOLDERS = 3  # how many of those who have it a refusal names
FAULTS = 100  # of a balance, told by one who verifies


class Posting(Model):
    """So much more or less of a balance: by which line of which record's history, who, when. Never edited."""

    __tablename__ = "posting"
    __table_args__ = (
        Index("ix_posting_record", "form", "box", "record_id", "id"),
        Index("ix_posting_by", "by_form", "by_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    form: Mapped[str] = mapped_column(String(40))
    box: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int] = mapped_column(Key)
    amount: Mapped[int] = mapped_column(BigInteger)
    by_form: Mapped[str] = mapped_column(String(40))
    by_id: Mapped[int] = mapped_column(Key)
    seq: Mapped[int] = mapped_column(Integer)
    act: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[int | None] = mapped_column(Key)
    at: Mapped[datetime] = mapped_column(Moment)


NAMES = tuple(column.name for column in Posting.__table__.columns if column.name != "id")


@dataclass(frozen=True, eq=False)
class Way:
    """The way from a record that posts to the balance it posts to."""

    lines: str  # the table whose lines post, or nothing
    column: str  # the column that names whose balance it is
    form: str
    box: str
    sign: int
    value: str | int
    units: int  # in one
    states: frozenset[str] | None
    unless: str  # the column that must be empty
    at: str  # the box where a refusal is said

    def parts(self, record: Any) -> Iterable[Any]:
        """What posts: the record, or its lines."""
        return getattr(record, self.lines) if self.lines else (record,)

    def given(self, record: Any) -> Iterator[tuple[Account, int]]:
        """What a record posts on this way as it stands."""
        if self.states is not None and record.state not in self.states:
            return
        if self.unless and getattr(record, self.unless) is not None:
            return
        for part in self.parts(record):
            key = getattr(part, self.column)
            value = self.value if isinstance(self.value, int) else getattr(part, self.value)
            if key is not None and value:
                yield (self.form, self.box, key), self.sign * int(value * self.units)


@cache
def ways(cls: Any) -> tuple[Way, ...]:
    """The ways of a class's records."""
    return tuple(_way(cls, rule) for rule in cls.posts.values())


def _way(cls: Any, rule: Any) -> Way:
    lines, reference, box = rule.way
    of = cls.fields[lines].kind.line if lines else cls
    target = of.fields[reference].kind.target if reference else cls
    column = of.fields[reference].column if reference else "id"
    units = 10 ** target.fields[box].kind.places
    at = lines or (rule.value if isinstance(rule.value, str) else reference or box)
    states = None if rule.while_in is None else frozenset(rule.while_in)
    sign = 1 if rule.takes is None else -1
    unless = cls.fields[rule.unless].column if rule.unless else ""
    return Way(lines, column, target.name, box, sign, rule.value, units, states, unless, at)


def given(record: Any) -> Given:
    """What a record posts as it stands, in all."""
    if not record.posts:
        return NOTHING
    sums: Counter[Account] = Counter()
    for way in ways(registry.every[record.name]):
        for account, units in way.given(record):
            sums[account] += units
    return {account: units for account, units in sums.items() if units}


@cache
def balances(cls: Any) -> tuple[Field, ...]:
    """The boxes of a class that are balances."""
    return tuple(field for field in cls.fields.values() if field.balance is not None)


class Balances(Capability):
    """What a record posts, kept up with what it says."""

    def settle(self, record: Any) -> None:
        """Nobody else writes a balance."""
        for field in balances(type(record)) if isinstance(record, Record) else ():
            said = inspect(record).attrs[field.name].history
            if (record.version and said.has_changes()) or (
                not record.version and getattr(record, field.name)
            ):
                raise RuntimeError(f"{record.name}.{field.name} is a balance: it is posted to, not written")

    def of(self, record: Any) -> Given:
        """What it posts as it stands."""
        return given(record)

    def made(self, record: Record, act: Act) -> Iterable[Row]:
        """A new record posts all that it says."""
        return _post(record, act, NOTHING, is_new=True)

    def changed(self, record: Record, act: Act, before: Given) -> Iterable[Row]:
        """What is more or less than before; what is less, by a posting that reverses."""
        return _post(record, act, before)

    def poured(self, cls: type[Record], first: int, kept: Sequence[Given]) -> None:
        """What records that came by the thousand post as they stand."""
        if not cls.posts:
            return
        at, sums, values = clock.now(), Counter[Account](), []
        for key, said in enumerate(kept, first):
            for account, units in said.items():
                sums[account] += units
                values.append((*account, units, cls.name, key, 1, "create", None, at))
        table: Any = Posting.__table__
        pour(db.session.connection(), table.name, NAMES, turned(db.engine.dialect, table, NAMES, values))
        for (form, box, key), units in sorted(sums.items()):
            db.session.execute(_adding(form, box, 0), {"whose": key, "more": units})

    def counted_anew(self, cls: type[Record]) -> None:
        """By the postings; what was off is told in the log."""
        for field in balances(cls):
            for off in off_balance(cls, field, db.session.connection()):
                log.error(
                    "%s %s: %s was %s, its postings come to %s",
                    cls.name,
                    off.number,
                    field.name,
                    off.there,
                    off.posted,
                )
                more = off.posted - off.there
                db.session.execute(_adding(cls.name, field.name, 0), {"whose": off.id, "more": more})

    def verifier(self, cls: type[Record], connection: Connection) -> Verifier | None:
        """Each balance is the sum of its postings, and each record posts what it says."""
        return Sums(cls, connection) if balances(cls) or cls.posts else None


def _post(record: Any, act: Act, before: Given, is_new: bool = False) -> list[Row]:
    """Bring the balances to what a record says, in one order for everybody; the rows that tell of it."""
    after = given(record)
    if after == before:
        return []
    told: list[Sequence[Any]] = []
    by = (record.name, record.id, record.version, act.name, act.person.id or None)
    for account in sorted(before.keys() | after.keys()):
        more = after.get(account, 0) - before.get(account, 0)
        if not more:
            continue
        form, box, key = account
        if is_new and (form, key) == (record.name, record.id):
            _begin(record, box, more)
        else:
            _add(record, account, more, act)
        told.append((*account, more, *by, clock.now()))
        due_acts.stir(form, key)
    return [several(Posting.__table__, NAMES, told)]


def _begin(record: Any, box: str, units: int) -> None:
    """What a new record posts to itself stands in it as it is written."""
    value = _of_units(record.fields[box], units)
    if _is_past(record.fields[box], value, units):
        raise Wrong(box, _said(record.fields[box], record, 0))
    setattr(record, box, value)


def _add(record: Any, account: Account, more: int, act: Act) -> None:
    """Add to a balance, or raise Wrong where that would bring it past its bound: the row itself is asked, so
    that of two at once the second meets what the first left.
    """
    form, box, key = account
    sign = 1 if more > 0 else -1
    values = {"whose": key, "more": more}
    target = registry[form]
    kept = db.session.execute(_adding(form, box, sign), values).scalar_one_or_none()
    if kept is None:
        raise Wrong(_at(record, account), _refused(target, box, key, act))
    here = db.session.identity_map.get(identity_key(target, key))
    if here is not None:
        set_committed_value(here, box, _of_units(target.fields[box], kept))


def _at(record: Any, account: Account) -> str:
    """The box where a refusal is said: the one that says how much."""
    return next(way.at for way in ways(registry.every[record.name]) if (way.form, way.box) == account[:2])


@cache
def _adding(form: str, box: str, sign: int) -> Any:
    """The statement that adds to a balance and tells what it comes to; only within the bound that adding so
    (``sign``) could pass.
    """
    cls: Any = registry.every[form]
    table, balance = cls.__table__, cls.fields[box].balance
    kept: Any = type_coerce(table.c[box], BigInteger)
    to: Any = kept + bindparam("more", type_=BigInteger)
    asked = update(table).where(table.c.id == bindparam("whose"))
    if sign < 0 and balance.at_least is not None:
        asked = asked.where(to >= _in_units(cls.fields[box], balance.at_least))
    if sign > 0 and balance.at_most is not None:
        asked = asked.where(to <= _in_units(cls.fields[box], balance.at_most))
    return asked.values({box: to}).returning(kept)


def _in_units(field: Field, value: int | Decimal) -> int:
    return int(value * 10**field.kind.places)


def _of_units(field: Field, units: int) -> int | Decimal:
    """So many of the smallest units, as the box has it."""
    return Decimal(units).scaleb(-field.kind.places) if field.kind.places else units


def signed(field: Field, units: int) -> str:
    """So many of the smallest units as people read them, more or less."""
    return ("+" if units > 0 else "−") + field.kind.show(_of_units(field, abs(units)))


def _is_past(field: Field, value: int | Decimal, sign: int) -> bool:
    balance = field.balance
    low, high = (balance.at_least, balance.at_most) if balance is not None else (None, None)
    return (sign < 0 and low is not None and value < low) or (sign > 0 and high is not None and value > high)


def _refused(cls: Any, box: str, key: int, act: Act) -> str:
    """What is there, and who has it, as far as whoever asks may know."""
    record: Any = db.session.get(cls, key, populate_existing=True)
    said = _said(cls.fields[box], record, getattr(record, box))
    holders = _holders((cls.name, box, key), cls.fields[box], act.person)
    return _("%(said)s Out: %(who)s", said=said, who="；".join(holders)) if holders else said


def _said(field: Field, record: Record, there: Any) -> str:
    """The sentence of a bound."""
    shown = field.read(there) or "0"
    if field.balance is not None and field.balance.short is not None:
        return field.balance.short.filled(record=record, there=shown)
    return _("%(record)s, %(box)s: there is %(there)s.", record=record, box=field.label, there=shown)


def _holders(account: Account, field: Field, person: Person) -> list[str]:
    """Who has of it what isn't there, the latest first, of those whom one may know of."""
    here = (Posting.form, Posting.box, Posting.record_id)
    by = (Posting.by_form, Posting.by_id)
    taken = func.sum(Posting.amount)
    asked = select(*by, taken.label("units")).where(
        *(name == value for name, value in zip(here, account, strict=True))
    )
    asked = asked.group_by(*by).having(taken < 0).order_by(func.max(Posting.id).desc())
    told = []
    for row_ in db.session.execute(asked.limit(HOLDERS)):
        record: Any = db.session.get(registry[row_.by_form], row_.by_id)
        if record is not None and person.id and access.may_here(person, record, "read") is not None:
            much = field.read(_of_units(field, -int(row_.units)))
            told.append(f"{record} {_spot(record)} {much}".replace("  ", " "))
    return told


def _spot(record: Any) -> str:
    """What stands in a record's second line: whose it is."""
    names = getattr(record, "highlights", {}).get("line", ())
    texts = (record.fields[name].text_of(record) for name in ((names,) if isinstance(names, str) else names))
    return next((text for text in texts if text), "")


def off_balance(cls: Any, field: Field, connection: Connection) -> Sequence[Any]:
    """The records whose balance isn't the sum of its postings: id, number, what is kept, what was posted."""
    table = cls.__table__
    posted = (
        select(Posting.record_id, func.sum(Posting.amount).label("sum"))
        .where(Posting.form == cls.name, Posting.box == field.name)
        .group_by(Posting.record_id)
        .subquery()
    )
    kept, sum_ = type_coerce(table.c[field.name], BigInteger), func.coalesce(posted.c.sum, 0)
    asked = select(table.c.id, table.c.number, kept.label("there"), sum_.label("posted"))
    asked = asked.outerjoin_from(table, posted, posted.c.record_id == table.c.id).where(kept != sum_)
    return connection.execute(asked.order_by(table.c.id).limit(FAULTS)).all()


def off_posts(cls: Any, connection: Connection) -> Sequence[Any]:
    """The records that didn't post what they say: which balance, what they posted, and should have."""
    nought = literal(0, BigInteger)
    parts: list[Any] = [
        select(
            Posting.by_id,
            Posting.form,
            Posting.box,
            Posting.record_id,
            Posting.amount.label("posted"),
            nought.label("owed"),
        ).where(Posting.by_form == cls.name)
    ]
    parts += [_due(cls, way) for way in ways(cls)]
    every = union_all(*parts).subquery()
    posted, due = func.sum(every.c.posted), func.sum(every.c.owed)
    whose = (every.c.by_id, every.c.form, every.c.box, every.c.record_id)
    asked = select(*whose, posted.label("posted"), due.label("owed")).group_by(*whose).having(posted != due)
    return connection.execute(asked.order_by(*whose).limit(FAULTS)).all()


def _due(cls: Any, way: Way) -> Any:
    """What each record should have posted on a way."""
    table = cls.__table__
    of = cls.fields[way.lines].kind.line.__table__ if way.lines else table
    said: Any = (
        literal(way.value * way.units, BigInteger)
        if isinstance(way.value, int)
        else type_coerce(of.c[way.value], BigInteger)
    )
    account = (literal(way.form), literal(way.box), of.c[way.column])
    nought = literal(0, BigInteger)
    asked = select(table.c.id, *account, nought, func.coalesce(said, 0) * way.sign)
    if way.lines:
        asked = asked.join_from(table, of, of.c.of_id == table.c.id)
    if way.states is not None:
        asked = asked.where(table.c.state.in_(sorted(way.states)))
    if way.unless:
        asked = asked.where(table.c[way.unless].is_(None))
    return asked.where(of.c[way.column].is_not(None))


class Sums(Verifier):
    """Whether balances are the sums of their postings, and these what the records say, whose history is
    verified.
    """

    def __init__(self, cls: Any, connection: Connection) -> None:
        self.cls, self.connection = cls, connection

    def there(self, record: Any) -> None:
        """All are asked at once, when they came by."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Balances that are off, and postings that are missing, too many or changed."""
        for field in balances(self.cls):
            for off in off_balance(self.cls, field, self.connection):
                kept, posted = (_of_units(field, units) for units in (off.there, off.posted))
                yield (
                    off.number,
                    _(
                        "“%(box)s” is %(kept)s, its postings come to %(posted)s",
                        box=field.label,
                        kept=kept,
                        posted=posted,
                    ),
                )
        for off in off_posts(self.cls, self.connection):
            field = registry[off.form].fields[off.box]
            posted, due = (_of_units(field, units) for units in (off.posted, off.owed))
            number = self.connection.execute(
                select(self.cls.__table__.c.number).where(self.cls.__table__.c.id == off.by_id)
            ).scalar()
            yield (
                number or f"id {off.by_id}",
                _(
                    "it posted %(posted)s to “%(box)s” of %(form)s %(id)s, and says %(due)s",
                    posted=posted,
                    box=field.label,
                    form=registry[off.form].title,
                    id=off.record_id,
                    due=due,
                ),
            )
