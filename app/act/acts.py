"""Acts performed: what the office does by itself at a moment (``tick``), or in the transaction that brings it
about.

Each once: the record is held, its rule is asked anew of it as it stands then, and what is done already is
passed over. So nothing happens twice where two clocks run at once, one ran twice, or one was set back. What
goes wrong with one record is undone, kept beside it and tried again at the next tick; it stops no other.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.act import saving
from app.declare.acts import OfficeAct
from app.declare.form import Form
from app.declare.person import SYSTEM
from app.declare.record import Record, registry
from app.ground import again, clock
from app.ground.database import db, writing
from app.ground.upkeep import chore
from app.keep import due_acts, transaction
from app.keep.due_acts import DueAct

log = logging.getLogger("guanjia.acts")

AT_ONCE = 200  # rows read at once; each record is a transaction of its own
PASSES = 20  # an act may bring about another, and after days off several follow one another
TRIES = 3  # where another transaction stood in the way


@dataclass
class Ticked:
    """What came of a tick: how often each rule of each form acted, and which it failed on."""

    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: set[tuple[str, int, str]] = field(default_factory=set)


def tick() -> Ticked:
    """Do all that is due by now; each record in a transaction of its own."""
    upto, ticked = clock.now(), Ticked()
    for _again in range(PASSES):
        before = ticked.done.total()
        for form, key, name in _due(upto):
            if (form, key, name) not in ticked.failed:
                _try(form, key, name, upto, ticked)
        if ticked.done.total() == before:
            break
    return ticked


def _due(upto: datetime) -> Iterator[tuple[str, int, str]]:
    """What is due, read part by part and in no transaction while it is acted on."""
    last: Any = None
    while True:
        part = due_acts.due(upto, last, AT_ONCE)
        db.session.rollback()
        yield from ((row.form, row.record_id, row.rule) for row in part if row.form in registry)
        if len(part) < AT_ONCE:
            return
        last = tuple(part[-1])


def _try(form: str, key: int, name: str, upto: datetime, ticked: Ticked) -> None:
    """One act on one record, whole or not at all; anew where another transaction stood in the way."""
    for left in reversed(range(TRIES)):
        try:
            with writing():
                acted = _act(form, key, name, upto)
                db.session.commit()
            if acted:
                ticked.done[form, name] += 1
            return
        except Exception as error:
            db.session.rollback()
            if not (left and isinstance(error, DBAPIError) and again.crossed(error)):
                ticked.failed.add((form, key, name))
                with writing():
                    _note_fault(form, key, name, error)
                    db.session.commit()
                return


def _act(form: str, key: int, name: str, upto: datetime) -> bool:
    """Act on a record if its rule still says so once it is held; whether it did."""
    cls: Any = registry[form]
    record, rule = db.session.get(cls, key), cls.acts.get(name)
    if record is None or rule is None:
        db.session.execute(delete(DueAct).where(*due_acts.row_of(form, key, name)))
        return False
    transaction.hold(record)
    if rule.when is not None:
        acts = _holds(rule, record)
        due_acts.put(record, {name: None})
        if acts:
            _perform(record, rule)
        return acts
    moment = due_acts.moment_of(rule, record)
    if moment is None or moment > upto or _acted_for(record, rule, moment):
        due_acts.put(record, {name: moment})
        return False
    _perform(record, rule)
    if rule.target is None:
        here = due_acts.row_of(form, key, name)
        db.session.execute(update(DueAct).where(*here).values(acted_for=moment))
    due_acts.put(record, {name: due_acts.moment_of(rule, record)})
    return True


def _acted_for(record: Record, rule: OfficeAct, moment: datetime) -> bool:
    """Whether a rule that leaves a record where it is acted for this moment, or a later one, already."""
    asked = select(DueAct.acted_for).where(*due_acts.row_of(record.name, record.id, rule.name))
    last = db.session.execute(asked).scalar()
    return last is not None and last >= moment


def _holds(rule: OfficeAct, record: Any) -> bool:
    return rule.binds(record.state) and rule.when is not None and rule.when(record)


def _perform(record: Any, rule: OfficeAct) -> None:
    """The act itself, in the history under the rule's name."""
    with saving.changing(record, SYSTEM, f"act:{rule.name}", always=True, judged=True):
        record.__dict__["acting"] = SYSTEM
        if rule.does is not None:
            rule.does(record)
        record.state = rule.target or record.state
        if rule.when is not None and _holds(rule, record):
            raise RuntimeError(f"{rule.name} still holds after it acted, and would act at every saving")


def _note_fault(form: str, key: int, name: str, error: Exception) -> None:
    """Keep what went wrong beside the record, which is due again at the next tick."""
    log.error("%s %s, %s: %s", form, key, name, error, exc_info=error)
    said = str(error) if isinstance(error, saving.Wrong) else f"{type(error).__name__}: {error}"
    record = db.session.get(registry[form], key)
    here = due_acts.row_of(form, key, name)
    if record is None:
        return
    if db.session.execute(select(DueAct.rule).where(*here)).first() is None:
        due_acts.put(record, {name: clock.now()})
    db.session.execute(
        update(DueAct).where(*here).values(tries=DueAct.tries + 1, failed_at=clock.now(), fault=said[:2000])
    )


def _follow(session: Session) -> None:
    """Before a transaction ends: what is brought about by what it saved, in one order for everybody."""
    if session.in_nested_transaction() or not any(kept.stirred for kept in transaction.every()):
        return
    asked: set[tuple[str, int, str]] = set()
    while any(kept.stirred for kept in transaction.every()):
        db.session.flush()
        stirred = sorted({what for kept in transaction.every() for what in kept.stirred})
        for kept in transaction.every():
            kept.stirred = {}
        following = {
            (cls.name, key, rule.name): (cls, key, rule)
            for form, saved in stirred
            for cls, key, rule in due_acts.followers(form, saved)
        }
        for what in sorted(following.keys() - asked):
            asked.add(what)
            _follow_one(*following[what])


def _follow_one(cls: Any, key: int, rule: OfficeAct) -> None:
    """Act where the rule holds; what goes wrong keeps nobody from what brought it about."""
    record = db.session.get(cls, key)
    if record is None or not rule.binds(record.state):
        return
    try:
        with db.session.begin_nested():
            transaction.hold(record)
            if _holds(rule, record):
                _perform(record, rule)
    except DBAPIError:
        raise
    except Exception as error:
        _note_fault(cls.name, key, rule.name, error)


event.listen(Session, "before_commit", _follow, insert=True)  # before what it adds to the counts is written


@chore(every=timedelta(days=1), by_clock=True)
def acts_anew() -> None:
    """Work out anew when records are due: a rule may be another than when they were saved."""
    for cls in registry.values():
        if issubclass(cls, Form) and cls.acts:
            _anew(cls)


def _anew(cls: type[Form]) -> None:
    """The records of a form, part by part: looked at as they stand, and held where they aren't due as
    kept.
    """
    states, last = {state for rule in cls.acts.values() for state in rule.source}, 0
    while True:
        asked = select(cls).where(cls.id > last, cls.state.in_(states)).order_by(cls.id).limit(AT_ONCE)
        records = db.session.execute(asked).scalars().all()
        if not records:
            return
        last, kept = records[-1].id, _kept(cls, [record.id for record in records])
        moved = [record.id for record in records if _is_moved(record, kept.get(record.id, {}))]
        db.session.rollback()
        with writing():
            for record in transaction.hold_all(cls, moved) if moved else ():
                due_acts.put(record, _wanted(record))
            db.session.commit()


def _kept(cls: type[Form], keys: list[int]) -> dict[int, dict[str, DueAct]]:
    rows: dict[int, dict[str, DueAct]] = {}
    asked = select(DueAct).where(DueAct.form == cls.name, DueAct.record_id.in_(keys))
    for row in db.session.execute(asked).scalars():
        rows.setdefault(row.record_id, {})[row.rule] = row
    return rows


def _wanted(record: Form) -> dict[str, datetime | None]:
    """When each rule of a record is due, as it says now: one whose time has come by what holds, at once."""
    return {
        rule.name: (clock.now() if _holds(rule, record) else None)
        if rule.when is not None
        else due_acts.moment_of(rule, record)
        for rule in record.acts.values()
    }


def _is_moved(record: Form, kept: dict[str, DueAct]) -> bool:
    """Whether a record isn't due as kept."""
    return any(
        _differs(record.acts[name], wanted, kept.get(name)) for name, wanted in _wanted(record).items()
    )


def _differs(rule: OfficeAct, wanted: datetime | None, row: DueAct | None) -> bool:
    if rule.when is not None:
        return wanted is not None and row is None
    if row is not None and row.acted_for and wanted and row.acted_for >= wanted:
        return False
    return wanted != (row.at if row is not None else None)
