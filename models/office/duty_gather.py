"""What a log gathers by itself: the shift's events, what is open, what should be there; and what of that a
hand-over would leave unmentioned.

Of a form with few open records each has its line. Of one with many the pressing ones have theirs (the longest
overdue, the urgent), and one line says how many are open in all: all of them are mentioned by it.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import inspect, select

from app.declaring import clock, db, handing_on, say
from models.office.duty_counts import ALWAYS, Count
from models.office.duty_lines import MOST, Event, Matter

if TYPE_CHECKING:
    from models.office.duty_log import DutyLog

DAY = timedelta(days=1)


def previous_of(log: "DutyLog") -> "DutyLog | None":
    """The log that a new one follows: the last of its post that began before it, else of any post."""
    cls = type(log)
    of_office = select(cls).where(
        cls.office_id == log.office_id, cls.state != "void", cls.id != (log.id or 0)
    )
    if log.previous_number:
        return db.session.execute(of_office.where(cls.number == log.previous_number)).scalars().first()
    asked = of_office.order_by(cls.created_at.desc(), cls.id.desc()).limit(2 * len(ALWAYS))
    before = [row for row in db.session.execute(asked).scalars() if row.duty_day <= log.duty_day]
    return next((row for row in before if row.post == log.post), next(iter(before), None))


def begin(log: "DutyLog", previous: "DutyLog | None") -> None:
    """A new log: what was counted and left open by the one before it, and what is open now."""
    if previous is not None:
        log.previous_number = previous.number
        log.gathered_until = previous.gathered_until or previous.handed_over_at
        log.matters = [*log.matters, *_carried(previous)]
    was = {(line.item, line.detail): line.counted for line in previous.counts} if previous is not None else {}
    here = {(line.item, line.detail) for line in log.counts}
    more = [key for key in dict.fromkeys([*((item, None) for item in ALWAYS), *was]) if key not in here]
    log.counts = [*log.counts, *(Count(item=item, detail=detail) for item, detail in more)]
    for line in log.counts:
        line.opening = was.get((line.item, line.detail))
    refresh_matters(log, previous)


def _carried(previous: "DutyLog") -> Iterator[Matter]:
    """What was written into the log before by hand and isn't settled."""
    for line in previous.matters:
        if not line.of_form and not line.settled:
            names = ("what", "record_number", "urgent", "due", "advice")
            yield Matter(carried_from=line.id, **{name: getattr(line, name) for name in names})


def gather(log: "DutyLog") -> None:
    """The events since it was gathered last, and what is open now."""
    now, first = clock.now(), (log.begins_at or log.created_at) - timedelta(hours=1)
    since = max(log.gathered_until or first, clock.now() - DAY)
    deeds = handing_on.deeds(log.office_id or 0, since, now)
    events = [
        Event(happened_at=deed.at, what=deed.what[:MOST], record_number=deed.number, by_whom=deed.who)
        for deed in deeds
    ]
    log.events, log.gathered_until = [*log.events, *events], now
    number(log.events)
    refresh_matters(log)


def refresh_matters(log: "DutyLog", previous: "DutyLog | None" = None) -> None:
    """Its lines as things are now: what is settled drops out, what came stands there; what was said of each
    stays, and goes over from the log before.
    """
    by_hand = [line for line in log.matters if not line.of_form]
    said = {
        _key(line): line.advice for line in (previous.matters if previous is not None else ()) if line.of_form
    }
    had = {_key(line): line for line in log.matters if line.of_form}
    lines: list[Matter] = []
    for matter in handing_on.open_matters(log.office_id or 0):
        form = matter.cls.name
        if matter.summed_up:
            line = had.get((form, None)) or Matter(of_form=form, advice=said.get((form, None)))
            line.what, line.urgent = str(matter)[:MOST], False
            lines.append(line)
        for record in matter.records:
            key = (form, record.number)
            line = had.get(key) or Matter(
                of_form=form,
                record_number=record.number,
                what=handing_on.told(record)[:MOST],
                urgent=handing_on.presses(record),
                advice=said.get(key),
            )
            line.due = record.due_at
            lines.append(line)
    log.matters = [*lines, *by_hand]
    number(log.matters)


def number(lines: list[Event] | list[Matter] | list[Count]) -> None:
    """In the order in which they stand."""
    for at, line in enumerate(lines):
        line.position = at


def _key(line: Matter) -> tuple[str | None, str | None]:
    return line.of_form, line.record_number


def refresh_counts(log: "DutyLog") -> None:
    """What should be there, of each thing as of when it was counted; nothing that is always counted is
    missing.
    """
    here = {line.item for line in log.counts}
    if missing := [item for item in ALWAYS if item not in here]:
        log.counts = [*log.counts, *(Count(item=item) for item in missing)]
        number(log.counts)
    books = handing_on.by_books(log.office_id or 0)
    for line in log.counts:
        if line.counted is None or inspect(line).attrs.counted.history.has_changes():
            line.by_records = books.get(line.item) if not line.detail else None
        for name in ("book", "difference"):
            setattr(line, name, line.fields[name].follows(line))


def unmentioned(log: "DutyLog") -> list[str]:
    """What is open and no line speaks of: records by their numbers, how many of a form, and what the log
    before says.
    """
    here = {_key(line) for line in log.matters}
    said = {line.record_number for line in log.matters}
    carried = {line.carried_from for line in log.matters}
    missing = []
    for matter in handing_on.open_matters(log.office_id or 0):
        if matter.summed_up and (matter.cls.name, None) not in here:
            missing.append(str(matter))
        missing += [record.number for record in matter.records if record.number not in said]
    previous = previous_of(log) if log.previous_number else None
    left = [line for line in previous.matters if not line.of_form and not line.settled] if previous else []
    told = [line.what for line in left if line.id not in carried]
    return missing + [say("上一班：%(what)s", "The last shift's: %(what)s", what=what) for what in told]
