"""The words that functions of a declaration speak: what they read and write of a record, what they compare it
with, what they return.
"""

import dataclasses
import dis
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import CodeType
from typing import Any

from app.declare.faults import Fault

READS = ("LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR", "DELETE_ATTR")


def returned(function: Any) -> Iterator[str]:
    """The plain words that a function returns, each way of a condition."""
    instructions = list(dis.get_instructions(function))
    returns = {instruction.offset for instruction in instructions if instruction.opname.startswith("RETURN")}
    for at, instruction in enumerate(instructions):
        after = instructions[at + 1] if at + 1 < len(instructions) else instruction
        leads = after.offset in returns or (after.opname.startswith("JUMP") and after.argval in returns)
        if isinstance(instruction.argval, str) and (
            instruction.opname == "RETURN_CONST" or (instruction.opname == "LOAD_CONST" and leads)
        ):
            yield instruction.argval


@dataclass
class Chain:
    """Attributes of a function's first argument, one after another (``unit, area_id``), with their place and
    the words they are compared with.
    """

    file: str
    line: int
    names: list[str] = dataclasses.field(default_factory=list)
    compared: tuple[str, ...] = ()


def chains(function: Any) -> Iterator[Chain]:
    """What a function reads and writes of its first argument."""
    code = getattr(function, "__code__", None)
    if isinstance(code, CodeType) and code.co_argcount:
        yield from chains_of(code, code.co_varnames[0])


def chains_of(code: CodeType, argument: str) -> Iterator[Chain]:
    """What code, and functions made within it, read and write of one of its arguments."""
    chain: Chain | None = None
    instructions = list(dis.get_instructions(code))
    for at, instruction in enumerate(instructions):
        if chain is not None and instruction.opname in READS:
            chain.names.append(instruction.argval)
            chain.line = (instruction.positions and instruction.positions.lineno) or chain.line
            continue
        if chain is not None and chain.names:
            chain.compared = _compared(instructions[at : at + 2])
            yield chain
        loads = instruction.opname.startswith(("LOAD_FAST", "LOAD_DEREF")) and instruction.argval == argument
        chain = Chain(code.co_filename, code.co_firstlineno) if loads else None
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and argument in inner.co_freevars:
            yield from chains_of(inner, argument)


def _compared(following: list[dis.Instruction]) -> tuple[str, ...]:
    """The words that a value just loaded is compared with, or looked for among."""
    if (
        len(following) < 2
        or following[0].opname != "LOAD_CONST"
        or following[1].opname not in ("COMPARE_OP", "CONTAINS_OP")
    ):
        return ()
    value = following[0].argval
    return tuple(
        word
        for word in (value if isinstance(value, (tuple, frozenset)) else (value,))
        if isinstance(word, str)
    )


def astray(cls: Any, speaker: str, chain: Chain) -> Fault | None:
    """The first name of a chain that its record hasn't, references followed; or a word that what it leads to
    can't be.
    """
    for name in chain.names:
        known = {word for base in cls.__mro__ for word in (*vars(base), *inspect.get_annotations(base))}
        if name not in known:
            return Fault(
                speaker, name, {word for word in known if not word.startswith("_")}, chain.file, chain.line
            )
        field, words = cls.fields.get(name), getattr(cls, "states", {}) if name == "state" else {}
        if field is None or not field.is_reference:
            words = words or getattr(field and field.kind, "options", {})
            wrong = next((word for word in chain.compared if words and word and word not in words), None)
            return Fault(speaker, wrong, words, chain.file, chain.line) if wrong else None
        cls = field.kind.target
    return None


def written(function: Any) -> Iterator[tuple[str, str, int]]:
    """The attributes of its first argument that a function writes, each with its file and line."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or not code.co_argcount:
        return
    for before, here in pairwise(dis.get_instructions(code)):
        loads = before.opname.startswith("LOAD_FAST") and before.argval == code.co_varnames[0]
        if loads and here.opname == "STORE_ATTR":
            line = (here.positions and here.positions.lineno) or code.co_firstlineno
            yield here.argval, code.co_filename, line
