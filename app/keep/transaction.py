"""What a transaction keeps until its end: which records' rows it holds, to which versions it brought them,
what it adds to the kept counts, and what was saved of which something may follow. A savepoint that is undone
takes its part along.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from app.declare.record import Record
from app.ground.database import db


@dataclass
class Kept:
    """What one transaction, or one savepoint of it, has come to."""

    held: set[tuple[str, int]] = field(default_factory=set)
    moves: Counter[Any] = field(default_factory=Counter)
    versions: list[tuple[str, int, Sequence[int]]] = field(default_factory=list)
    stirred: dict[tuple[str, int], None] = field(default_factory=dict)  # saved, and something may follow

    def take_over(self, inner: "Kept") -> None:
        """A savepoint was kept: what it came to belongs to what is around it."""
        self.held |= inner.held
        self.versions += inner.versions
        self.stirred |= inner.stirred
        for what, more in inner.moves.items():
            self.moves[what] += more


_HELD: Any = {"key_share": True}  # a held row may still be referred to: no key of a record ever changes
_kept: WeakKeyDictionary[SessionTransaction, Kept] = WeakKeyDictionary()


def here() -> Kept:
    """What the innermost savepoint at hand keeps, or the transaction itself."""
    session = db.session()
    if session.get_transaction() is None:
        session.connection()
    return _kept.setdefault(_around(session), Kept())


def every() -> Iterator[Kept]:
    """What the transaction at hand keeps, from the innermost savepoint outwards."""
    session = db.session()
    at = session.get_nested_transaction() or session.get_transaction()
    while at is not None:
        if at in _kept:
            yield _kept[at]
        at = at.parent


def holds(record: Record) -> bool:
    """Whether the transaction holds a record's row, so that what it read of it stays true."""
    return any((record.name, record.id) in kept.held for kept in every())


def holding(record: Record) -> None:
    """The transaction has come to hold a record's row, or made it."""
    here().held.add((record.name, record.id))


def hold(record: Record) -> None:
    """Hold a record's row until the transaction ends, and read it anew, unless it is held already."""
    if not holds(record):
        db.session.refresh(record, with_for_update=_HELD)
        holding(record)


def hold_all(cls: Any, keys: Sequence[int], *conditions: Any) -> list[Any]:
    """Hold and read those of the records that fit, in one order for everybody: two who hold several never
    wait for each other.
    """
    records: list[Any] = []
    for at in range(0, len(keys), 500):
        wanted = select(cls).where(cls.id.in_(sorted(keys)[at : at + 500]), *conditions).order_by(cls.id)
        asked = wanted.with_for_update(**_HELD).execution_options(populate_existing=True)
        records += db.session.execute(asked).scalars()
    for record in records:
        holding(record)
    return records


def _around(session: Session) -> SessionTransaction:
    around = session.get_nested_transaction() or session.get_transaction()
    assert around is not None
    return around


@event.listens_for(Session, "after_rollback")
def _undone(session: Session) -> None:
    """What is undone isn't taken over; told before it ends (``after_soft_rollback`` would come behind
    that).
    """
    _kept.pop(_around(session), None)


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    inner = _kept.pop(transaction, None)
    if inner is not None and transaction.nested and transaction.parent is not None:
        _kept.setdefault(transaction.parent, Kept()).take_over(inner)
