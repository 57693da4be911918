"""The words of balances: what is one, what posts to it and how much; and nobody writes it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from app.declare.balances import PostsTo
from app.declare.faults import Fault, wrong
from app.declare.fields import Field
from app.declare.function_words import written

SAID = ("record", "there")  # the places of a refusal's sentence


def faults_of(cls: Any, functions: Iterable[tuple[str, Callable[..., Any] | None]]) -> Iterator[Fault]:
    """What a class says of its balances, what it posts, and what its functions would write."""
    kept = {name: field for name, field in cls.fields.items() if field.balance is not None}
    for field in kept.values():
        yield from _balance(cls, field)
    for step in getattr(cls, "steps", {}).values():
        asked = (ask.name for ask in step.asked if ask.name in kept)
        yield from wrong(f"asks of {step.name}", asked, cls.fields.keys() - kept.keys())
    for speaker, function in functions if kept else ():
        for name, file, line in written(function):
            if name in kept:
                yield Fault(f"{speaker} writes a balance, which is only posted to: it", name, (), file, line)
    for rule in getattr(cls, "posts", {}).values():
        yield from _posts(cls, rule)


def _balance(cls: Any, field: Field) -> Iterator[Fault]:
    if not field.kind.numeric or not hasattr(cls, "posts") or field.worked_out is not None:
        yield Fault(
            "a balance, which is a number of a record and worked out of nothing else,", field.name, ()
        )
    if field.balance is not None and field.balance.short is not None:
        yield from wrong(f"the sentence of {field.name}'s balance", field.balance.short.places, SAID)


def _posts(cls: Any, rule: PostsTo) -> Iterator[Fault]:
    """Where its way leads, step by step; and how much it says, in the same places as the balance."""
    speaker, (lines, reference, box) = f"the way of {rule.name}", rule.way
    tables = {name: field.kind.line for name, field in cls.fields.items() if field.is_lines}
    of = tables.get(lines) if lines else cls
    if of is None:
        yield Fault(speaker, lines, tables)
        return
    references = {name: field.kind.target for name, field in of.fields.items() if field.is_reference}
    target = references.get(reference) if lines or reference else cls
    if target is None:
        yield Fault(speaker, reference, references)
        return
    known = {name: field for name, field in target.fields.items() if field.balance is not None}
    yield from wrong(speaker, (box,), known)
    yield from wrong(f"while_in of {rule.name}", rule.while_in or (), getattr(cls, "states", {}))
    yield from wrong(f"unless of {rule.name}", filter(None, (rule.unless,)), _plain(cls))
    if (rule.gives is None) == (rule.takes is None):
        yield Fault(f"{rule.name} gives or takes; the class", rule.name, ("gives", "takes"))
    elif isinstance(rule.value, str) and box in known:
        places = known[box].kind.places
        alike = {
            name for name, field in of.fields.items() if _is_number(field) and field.kind.places == places
        }
        yield from wrong(f"how much of {rule.name}", (rule.value,), alike)


def _plain(cls: Any) -> set[str]:
    return {name for name, field in cls.fields.items() if not field.is_lines and field.balance is None}


def _is_number(field: Field) -> bool:
    return field.kind.numeric and field.balance is None
