"""Service levels: when a form is due, worked out from its declared rules; the clock stands still while it is
held.
"""

from datetime import date, datetime, timedelta
from typing import Any

from app.declare.form import Deadline, Form
from app.ground import clock, working_time
from app.keep.capability import Capability

SOON = timedelta(minutes=30)


def _figure(rule: Any, record: Form) -> Any:
    return rule(record) if callable(rule) else rule


def _until(until: Any, record: Form) -> datetime | None:
    """The moment a box or a function of the record names; a day lasts until its end."""
    moment = until(record) if callable(until) else getattr(record, until)
    return clock.day_end(moment) if isinstance(moment, date) and not isinstance(moment, datetime) else moment


def moment_of(rule: Deadline, record: Form) -> datetime | None:
    """The moment a rule gives for a record; a hold since its start doesn't count, and an agreed moment stays
    as it is; None when the rule doesn't bind it.
    """
    if rule.until is not None:
        return _until(rule.until, record)
    start: datetime | None = rule.since(record) if callable(rule.since) else getattr(record, rule.since)
    minutes, days = _figure(rule.minutes, record), _figure(rule.working_days, record)
    setting = _figure(rule.within, record)
    if start is None or (minutes is None and days is None and setting is None):
        return None
    many = None if setting is None else setting.of(record, start)  # as it was when the time began
    if record.resumed_at is not None and start < record.resumed_at:
        start += timedelta(seconds=record.held_seconds)
    if setting is not None:
        moved: datetime = setting.unit.moved(start, many)
        return moved
    return (
        start + timedelta(minutes=minutes)
        if minutes is not None
        else working_time.add_working(start, days=days)
    )


def now_due(rule: Deadline, record: Form) -> datetime | None:
    """The moment a rule gives for a record in its present state; while that is held only an agreed one."""
    if record.state not in rule.while_in or (record.held_at is not None and rule.until is None):
        return None
    return moment_of(rule, record)


def set_due(record: Form) -> None:
    """Put the earliest deadline of the present state on a record; none while it is closed, and while it is
    held only an agreed moment.
    """
    moments = [(at, rule.name) for rule in record.deadlines.values() if (at := now_due(rule, record))]
    record.due_at, record.due_name = min(moments) if moments else (None, None)


class Deadlines(Capability):
    """When a record is due: worked out whenever it is saved."""

    def settle(self, record: Any) -> None:
        """A record that has states has deadlines."""
        if getattr(record, "states", None):
            set_due(record)


def hold(record: Form) -> None:
    """Stop the clock."""
    record.held_at = clock.now()


def resume(record: Form) -> None:
    """Let the clock run on; the time held doesn't count."""
    if record.held_at is not None:
        record.resumed_at = clock.now()
        record.held_seconds += int((record.resumed_at - record.held_at).total_seconds())
        record.held_at = None


def urgency(due_at: datetime | None) -> str:
    """``late``, ``soon`` or nothing: how a due time is coloured."""
    if due_at is None:
        return ""
    left = due_at - clock.now()
    return "late" if left < timedelta(0) else "soon" if left <= SOON else ""
