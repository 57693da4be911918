"""Duties: roles, the clauses of each, and what they open. Said by the handbook, cited by every form."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.ground.spelling import known_options
from app.ground.words import Pair, Words, words, words_or_none

OPERATIONS = ("read", "create", "edit", "export", "print", "import_", "attach", "personal", "void", "look_up")


@dataclass(frozen=True)
class Role:
    """A role of the office. Its reach is how far its duties go: ``area``, ``office``."""

    name: str
    title: Words = field(hash=False, compare=False)
    reach: str


@dataclass(frozen=True)
class Clause:
    """One duty of one role, as the handbook numbers it."""

    code: str
    role: Role
    text: Words = field(hash=False, compare=False)
    reason: Words | None = field(default=None, hash=False, compare=False)

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True)
class Holder:
    """Not a clause but a person: whoever a field of the record names may do it.

    By their own duty to do what is handed to them; without any role, by the clause of whoever handed it to
    them.
    """

    field: str

    def __str__(self) -> str:
        return f"@{self.field}"


By = Clause | Holder

clauses: dict[str, Clause] = {}
roles: dict[str, Role] = {}
handed_down: dict[str, Clause] = {}


def role(name: str, title: Pair, reach: str) -> Role:
    """Declare a role."""
    return roles.setdefault(name, Role(name, words(title), reach))


def clause(code: str, of: Role, text: Pair, reason: Pair | None = None, handed: bool = False) -> Clause:
    """Declare a clause. ``reason`` says why software can't open anything for it; ``handed`` marks a role's
    "other work handed down".
    """
    declared = clauses[code] = Clause(code, of, words(text), words_or_none(reason))
    if handed:
        handed_down[of.name] = declared
    return declared


@known_options(*OPERATIONS)
class Access:
    """Operation → clauses. What isn't named here nobody may do."""

    def __init__(self, *, read: Sequence[Clause], **opens: Sequence[Clause]) -> None:
        self.opens: dict[str, tuple[Clause, ...]] = {name: tuple(opens.get(name, ())) for name in OPERATIONS}
        self.opens["read"] = tuple(read)
        for name, default in (("print", "read"), ("attach", "edit"), ("look_up", "read")):
            if name not in opens:
                self.opens[name] = self.opens[default]

    def by(self, operation: str) -> tuple[Clause, ...]:
        """The clauses that open an operation."""
        return self.opens[operation]
