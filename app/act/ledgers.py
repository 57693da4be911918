"""Ledgers kept by events: a line is worked out anew from all events of its thing whenever one of them is
made, changed or voided, in the same transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.act import saving
from app.declare.form import Form
from app.declare.ledger import NO_LINE, act_of
from app.declare.person import SYSTEM
from app.declare.record import Record, registry
from app.ground.database import db
from app.keep import history, transaction
from app.keep.capability import Act, Capability, plug

BATCH = 200  # things whose events are read together


@dataclass(frozen=True)
class Difference:
    """A box of a line that isn't what its events come to: as kept, and as worked out anew."""

    line: str
    box: str
    kept: Any
    anew: Any


class Ledgers(Capability):
    """Whatever befalls an event, the lines of the ledgers that are kept from it follow."""

    def followed(self, record: Any, act: Act) -> None:
        """Work out anew the line of the thing that the record names, and of the one that it named before."""
        for ledger in record.kept_in:
            if ledger.name not in registry:
                continue
            by, beside = ledger.keeping.by, type(record) is not ledger.keeping.of
            if not beside:
                things = {getattr(record, f"{by}_id"), act.before.get(by)}
                kind = NO_LINE if record.is_void else getattr(record, ledger.keeping.told_by)
                name = act_of(ledger.keeping.of, kind)
            else:
                things, name = _things_beside(ledger, record), act.name
            for thing in things - {None}:
                _keep(ledger, thing, Act(act.person, name, act.clause), beside)


plug(Ledgers())


def _things_beside(ledger: Any, record: Record) -> set[int | None]:
    """The thing of a ledger that a record beside its events is, or names."""
    target = ledger.fields[ledger.keeping.by].kind.target
    named = (box.column for box in record.fields.values() if box.is_reference and box.kind.target is target)
    return {record.id} if isinstance(record, target) else {getattr(record, column) for column in named}


def _keep(ledger: Any, thing: int, act: Act, beside: bool) -> None:
    """Bring the line of a thing to what its events come to, once its row is held: whoever else writes an
    event of that thing waits, and reads this one. What is ``beside`` makes no line.
    """
    line = saving.find(ledger, **{f"{ledger.keeping.by}_id": thing})
    if line is not None:
        transaction.hold(line)
    elif beside:
        return
    _bring(ledger, line, _worked_out(ledger, thing, _events(ledger, [thing])), act)


def _events(ledger: Any, things: Sequence[int]) -> list[Any]:
    """The events of some things in the order in which they happened, those that were voided left out."""
    keeping = ledger.keeping
    of, column = keeping.of, getattr(keeping.of, f"{keeping.by}_id")
    asked = select(of).where(column.in_(things)).order_by(getattr(of, keeping.at), of.id)
    events = db.session.execute(asked.execution_options(populate_existing=True)).scalars()
    return [event for event in events if not event.is_void]


def _worked_out(ledger: Any, thing: int, events: Iterable[Any]) -> Any:
    """A line as the events of its thing leave it; saved by nobody."""
    line = ledger()
    for box in _boxes(ledger):
        setattr(line, box.column, box.start())
    line.state = NO_LINE
    setattr(line, f"{ledger.keeping.by}_id", thing)
    for event in events:
        ledger.events[getattr(event, ledger.keeping.told_by)].effect(line, event)
    return line


def _boxes(ledger: Any) -> list[Any]:
    """The boxes that events fill in."""
    return [box for name, box in ledger.fields.items() if name not in Form.fields]


def _bring(ledger: Any, line: Any, anew: Any, act: Act) -> None:
    """Write what was worked out: as a new line, or into the one there is. A thing without a line and without
    what opens one gets none.
    """
    if line is None and anew.state != NO_LINE:
        saving.add(anew, act.person, act.name, act.clause)
    elif line is not None:
        with saving.changing(line, act.person, act.name, act.clause, judged=True):
            for box in _boxes(ledger):
                if box.worked_out is None:
                    setattr(line, box.column, getattr(anew, box.column))
            line.state = anew.state


def remade(ledger: Any) -> Iterator[Difference]:
    """Bring every line to what its events come to, by the system; what differed is told. The caller commits
    or undoes it.
    """
    by = f"{ledger.keeping.by}_id"
    events, lines = getattr(ledger.keeping.of, by), getattr(ledger, by)
    things = sorted(
        {
            *db.session.execute(select(events).distinct()).scalars(),
            *db.session.execute(select(lines)).scalars(),
        }
    )
    for at in range(0, len(things), BATCH):
        batch = things[at : at + BATCH]
        kept = {getattr(line, by): line for line in transaction.hold_all(ledger, _ids(ledger, by, batch))}
        told: dict[int, list[Any]] = {thing: [] for thing in batch}
        for event in _events(ledger, batch):
            told[getattr(event, by)].append(event)
        for thing in batch:
            line = kept.get(thing)
            before = history.dumped(line) if line is not None else {}
            anew = _worked_out(ledger, thing, told[thing])
            _bring(ledger, line, anew, Act(SYSTEM, "remade"))
            line = line if line is not None else anew
            if line.id is not None:
                for name, (was, now) in history.difference(before, history.dumped(line)).items():
                    yield Difference(line.number, name, was, now)
        db.session.flush()
        db.session.expunge_all()


def _ids(ledger: Any, by: str, things: Sequence[int]) -> list[int]:
    return list(db.session.execute(select(ledger.id).where(getattr(ledger, by).in_(things))).scalars())
