"""What is kept of every record beside its own row, one object each: deadlines, numbers, history, search,
counts, posts.

Whoever saves goes through the list and knows none of them by name. A new one is plugged in and is told of
whatever befalls a record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection

from app.declare.person import Person
from app.declare.record import Record
from app.ground.rows import Row


@dataclass
class Act:
    """Who does what to a record, by which clause and post; and what it changes, box by box (before, after),
    once that is known.
    """

    person: Person
    name: str
    clause: str = ""
    token: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)


class Verifier(Protocol):
    """Holds what a capability keeps of a form against its records, which come by one after the other."""

    def there(self, record: Any) -> None:
        """A record's row comes by."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """When all came by: numbers of records, and what isn't right with them."""


class Capability:
    """One thing that is kept of every record; each overrides what concerns it.

    Rows that it gives back are written together with those of the others, in one round trip where the
    database can.
    """

    follows_state = True  # whether a step that moves nothing but the state concerns it

    def settle(self, record: Any) -> None:
        """Work out what stands on the record itself, before it is written."""

    def of(self, record: Any) -> Any:
        """What it keeps of a record as it stands (one that is poured in is no mapped one yet)."""

    def made(self, record: Record, act: Act) -> Iterable[Row]:
        """The rows to be written with a new record, which has its number and id."""
        return ()

    def changed(self, record: Record, act: Act, before: Any) -> Iterable[Row]:
        """The rows to be written with a changed record; ``before`` is what ``of`` said before."""
        return ()

    def followed(self, record: Record, act: Act) -> None:
        """Let other records follow, once a record and what goes with it is written."""

    def left(self, record: Record, act: Act) -> Iterable[Row]:
        """The rows to be written where a record was saved without a change."""
        return ()

    def poured(self, cls: type[Record], first: int, kept: Sequence[Any]) -> None:
        """Records came by the thousand, their ids going on from the first, with what ``of`` said of each."""

    def counted_anew(self, cls: type[Record]) -> None:
        """What is counted of a form's records is to be counted anew."""

    def verifier(self, cls: type[Record], connection: Connection) -> Verifier | None:
        """What holds a form's records against what is kept of them, read by this connection."""
        return None


plugged: list[Capability] = []  # in the order in which they are told


def plug(*more: Capability) -> None:
    """Let capabilities be told of every record from here on."""
    plugged.extend(more)
