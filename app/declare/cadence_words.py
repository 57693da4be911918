"""The words of a cadence: the boxes and states that it speaks of, of its things and of what is done."""

from collections.abc import Iterator
from typing import Any

from app.declare.cadence import PERIODS, Cadence
from app.declare.conditions import values_of
from app.declare.faults import Fault, wrong


def faults_of(cls: Any) -> Iterator[Fault]:
    """What cadences of a class say that leads nowhere."""
    for cadence in getattr(cls, "cadences", {}).values():
        yield from _faults(cls, cadence)


def _faults(cls: Any, cadence: Cadence) -> Iterator[Fault]:
    name, done_by = cadence.name, cadence.done_by.fields
    yield from wrong(f"the period of {name}", (cadence.period,), PERIODS)
    yield from wrong(f"while_in of {name}", cadence.while_in, getattr(cls, "states", {}))
    yield from wrong(f"since of {name}", (cadence.since,), {*_times(cls.fields), "created_at"})
    targets = {field.name: field.kind.target for field in cls.fields.values() if field.is_reference}
    naming = {
        field.name
        for field in done_by.values()
        if field.is_reference and (field.kind.target is cls or targets.get(field.name) is field.kind.target)
    }
    yield from wrong(f"by of {name}", (cadence.by,), naming)
    yield from wrong(f"at of {name}", (cadence.at,), {*_times(done_by), "created_at"})
    for box, wanted in cadence.when.items():
        yield from wrong(f"when of {name}", (box,), done_by)
        options = getattr(done_by[box].kind, "options", None) if box in done_by else None
        if options:
            yield from wrong(f"when of {name}", map(str, values_of(wanted)), options)
    if cadence.called_by is not None:
        yield from wrong(f"called of {name}", cadence.called, _times(cadence.called_by.fields))


def _times(fields: Any) -> set[str]:
    return {field.name for field in fields.values() if field.kind.tells_when}
