"""The words of a call: its step and deadline, and the boxes that a caller has at hand."""

from collections.abc import Iterator
from typing import Any

from app.declare.faults import Fault, wrong


def faults_of(cls: Any) -> Iterator[Fault]:
    """What a form's calls speak of."""
    for call in getattr(cls, "calls", ()):
        speaker = f"the call of {call.step}"
        yield from wrong(speaker, (call.step,), cls.steps)
        yield from wrong(f"due of {speaker}", (call.due,), cls.deadlines)
        yield from wrong(f"who and tells of {speaker}", (call.who, *call.tells), cls.fields)
        personal = {name for name, field in cls.fields.items() if field.personal}
        yield from wrong(f"phone of {speaker}", (call.phone,), personal)
        yield from wrong(f"unhappy of {speaker}", filter(None, (call.unhappy,)), cls.links)
