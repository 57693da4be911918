"""The words of a ledger: what it says of its events, and what its functions read of them."""

from collections.abc import Iterator
from types import CodeType
from typing import Any

from app.declare.faults import Fault, wrong
from app.declare.function_words import astray, chains_of


def faults_of(cls: Any) -> Iterator[Fault]:
    """What a ledger says of its events and reads of them; nobody may write it by hand."""
    if (keeping := getattr(cls, "keeping", None)) is None:
        return
    if keeping.of is None:
        yield Fault("a ledger is kept from the records of a form: the class", cls.__name__, ("of",))
        return
    events, other = cls.events, keeping.of.fields
    about = {
        field.name
        for field in cls.fields.values()
        if field.is_reference and field.name in other and other[field.name].kind.target is field.kind.target
    }
    yield from wrong("by of the ledger", (keeping.by,), about)
    times = {name for name, field in other.items() if field.kind.tells_when}
    yield from wrong("at of the ledger", (keeping.at,), {*times, "created_at"})
    kinds = {name: field.kind.options for name, field in other.items() if hasattr(field.kind, "options")}
    yield from wrong("told_by of the ledger", (keeping.told_by,), kinds)
    options = kinds.get(keeping.told_by, {})
    for kind, event in events.items():
        yield from wrong(f"on of {event.name}", (kind,) if options else (), options)
    for kind in options:
        if kind not in events:
            yield Fault("an event that no function takes: the ledger", kind, events)
    for operation in ("create", "edit", "import_", "void"):
        if cls.access.by(operation):
            yield Fault("a ledger is kept by its events, and nobody may", operation, ("read", "export"))
    for name in (*cls.steps, *(field.name for field in cls.fields.values() if field.is_lines)):
        yield Fault("a ledger has neither steps nor tables: the class", name, ())
    for event in {event.name: event for event in events.values()}.values():
        yield from _of_the_event(cls, event)


def _of_the_event(cls: Any, event: Any) -> Iterator[Fault]:
    """What the function of an event reads and writes of its line, and reads of the event."""
    code = getattr(event.effect, "__code__", None)
    if not isinstance(code, CodeType) or code.co_argcount < 2:
        return
    for of, argument in ((cls, code.co_varnames[0]), (cls.keeping.of, code.co_varnames[1])):
        for chain in chains_of(code, argument):
            if (fault := astray(of, event.name, chain)) is not None:
                yield fault
