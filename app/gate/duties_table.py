"""Who may do what, as one table to be read in review: each form's operations and steps, with the clauses that
open them, the states in which it is edited, what is asked, what must hold, and whose second pair of eyes it
takes.
"""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from app.declare import setting
from app.declare.checks import Check
from app.declare.duties import OPERATIONS
from app.declare.form import Form, Step
from app.declare.record import Record, registry

HEAD = "Who may do what. Written by `make duties` from the declarations: a difference is read and committed."
WIDTH, INDENT = 110, 14


def table() -> str:
    """The whole table; a form a paragraph, in the order of their names."""
    return "\n\n".join([HEAD, *("\n".join(_form(registry[name])) for name in sorted(registry))]) + "\n"


def _form(cls: type[Record]) -> Iterator[str]:
    yield f"{cls.name} {cls.code or ''}".rstrip()
    for operation in OPERATIONS:
        yield from _line(operation.rstrip("_"), map(str, cls.access.by(operation)))
    if issubclass(cls, Form):
        yield from _line("editable in:", cls.editable_in())
    for figure in cls.figures.values():
        yield from _line(f"figure {figure.name}", map(str, figure.read))
    for step in getattr(cls, "steps", {}).values():
        yield from _step(step, getattr(cls, "checks", ()))
    own: dict[str, list[str]] = {}
    for each in setting.of_forms([cls.name]).get(cls.name, ()):
        own.setdefault(" ".join(map(str, each.by)), []).append(each.short)
    for by, names in own.items():
        yield from _line(f"settings {by}", names)
    for link in getattr(cls, "links", {}).values():
        yield f"  {link.name}: makes {link.target.name}{f', one of each of {link.each}' if link.each else ''}"
        yield from _line("by", map(str, link.by), 4)
        yield from _line("while", link.while_in, 4)
        yield from _line("guards", (guard.name.replace(" ", "") for guard in link.guards), 4)


def _step(step: Step, checks: Sequence[Check]) -> Iterator[str]:
    to = " ".join(step.targets) or "the same state"
    yield f"  {step.name}: {' '.join(step.source)} -> {to}{', over a selection' * step.bulk}"
    yield from _line("by", map(str, step.by), 4)
    if step.by_when is not None:
        yield from _line("narrowed by", (step.by_when.__name__,), 4)
    looked_at = (check.looks.__name__ for check in checks if step.name in check.before)
    yield from _line("looked at", looked_at, 4)
    yield from _line("not by", step.not_by, 4)
    yield from _line("asks", step.asks, 4)
    yield from _line("waits for", step.waits_for, 4)
    yield from _line("guards", (guard.name.replace(" ", "") for guard in step.guards), 4)


def _line(what: str, words: Iterable[str], indent: int = 2) -> Iterator[str]:
    """A line of words behind what they are; nothing where there are none."""
    said = wrap(" ".join(words), WIDTH - indent - INDENT, break_on_hyphens=False, break_long_words=False)
    for at, part in enumerate(said):
        yield f"{' ' * indent}{what if at == 0 else '':{INDENT}}{part}"
