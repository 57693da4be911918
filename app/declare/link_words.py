"""The words of a link: what it makes of which record, and the boxes that it fills."""

from collections.abc import Iterator
from typing import Any

from app.declare.duties import Holder
from app.declare.faults import Fault, wrong


def faults_of(cls: Any) -> Iterator[Fault]:
    """What a record makes: from which states and lines, and of which boxes; what of that stands in the made
    one is looked at here where its class is there, else once all are (``check_between``).
    """
    for link in getattr(cls, "links", {}).values():
        yield from wrong(f"while_in of {link.name}", link.while_in, cls.states)
        tables = {name: field for name, field in cls.fields.items() if field.is_lines}
        yield from wrong(f"each of {link.name}", filter(None, (link.each,)), tables)
        people = {field.name for field in cls.fields.values() if field.is_reference}
        holders = (clause.field for clause in link.by if isinstance(clause, Holder))
        yield from wrong(f"by of {link.name}", holders, people)
        told = [value for value in link.fill.values() if isinstance(value, str)]
        yield from wrong(f"fill of {link.name}", (word for word in told if "." not in word), cls.fields)
        of_line = [word for word in told if "." in word]
        parts = tables[link.each].kind.line.fields if link.each in tables else ()
        known = {f"{link.each}.{name}" for name in parts}
        yield from wrong(f"fill of {link.name}", of_line, known)
        if isinstance(link.to, type):
            yield from filled(cls, link)
    for step in getattr(cls, "steps", {}).values():
        yield from wrong(f"waits_for of {step.name}", step.waits_for, cls.links)


def filled(cls: Any, link: Any) -> Iterator[Fault]:
    """The boxes of what is made that a link fills: such as a person types, of the kind of what fills them."""
    typed = {
        name for name, field in link.target.fields.items() if not field.by_step and field.worked_out is None
    }
    yield from wrong(f"fill of {link.name}", link.fill, typed)
    for name, source in link.fill.items():
        box, _dot, part = source.partition(".") if isinstance(source, str) else ("", "", "")
        here = cls.fields.get(box)
        here = here.kind.line.fields.get(part) if here is not None and part and here.is_lines else here
        if here is None or name not in typed:
            continue
        there = link.target.fields[name]
        if here.is_reference != there.is_reference or (
            here.is_reference and here.kind.target is not there.kind.target
        ):
            yield Fault(f"fill of {link.name}: {name} holds something else than", box, ())
