"""Who may do what: clauses of duty, what they open, and whose rows they reach. The one rule everything
asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, and_, false, or_, select

from app.declare.duties import By, Clause, Holder, clauses, handed_down
from app.declare.person import Person
from app.declare.record import Record
from app.ground.database import among, db
from app.keep.history import last_changes

HANDED = (
    "read",
    "attach",
    "print",
)  # what a record handed to somebody of another area opens to them, personal data still masked


@dataclass(frozen=True)
class Reach:
    """Rows one may reach: of these offices, and where areas are named only theirs and those of no area; or
    those a ``holder`` has in hand.
    """

    offices: tuple[int, ...]
    areas: tuple[int, ...] | None
    holder: int = 0

    def __bool__(self) -> bool:
        return bool(self.offices or self.holder)

    def contains(self, office: int | None, area: int | None) -> bool:
        """Whether a row of that office and area lies within."""
        return office in self.offices and (self.areas is None or area is None or area in self.areas)

    def covers(self, other: "Reach") -> bool:
        """Whether every row of another reach lies within."""
        inside = self.areas is None or (other.areas is not None and set(other.areas) <= set(self.areas))
        return (
            bool(self)
            and set(other.offices) <= set(self.offices)
            and inside
            and other.holder in (0, self.holder)
        )

    def where(self, cls: type[Record]) -> ColumnElement[bool]:
        """The same as a condition on a class's rows."""
        if self.holder:
            return or_(*(getattr(cls, f"{name}_id") == self.holder for name in handed_by(cls)))
        inside = among(cls.office_id, self.offices)
        return (
            inside
            if self.areas is None
            else and_(inside, or_(cls.area_id.is_(None), among(cls.area_id, self.areas)))
        )


NOWHERE = Reach((), ())


def reach(person: Person, by: Iterable[By]) -> Reach:
    """How far a person's duties among these clauses go together."""
    held = [clause for clause in by if isinstance(clause, Clause) and clause.code in person.clauses]
    if not held:
        return NOWHERE
    if any(clause.role.reach == "office" for clause in held):
        return Reach(person.offices, None)
    return Reach(person.offices, person.areas)


def reach_of(person: Person, cls: type[Record], operation: str = "read") -> Reach:
    """How far a person gets with an operation on such records: by their duties, or without one to what they
    have in hand.
    """
    reached = reach(person, cls.access.by(operation))
    if reached or not person.id or operation not in HANDED or not handed_by(cls):
        return reached
    return Reach((), None, person.id)


def opens(person: Person, cls: type[Record]) -> bool:
    """Whether such records are any business of a person's: by a duty that reads them, or because they have
    one in hand.
    """
    reached = reach_of(person, cls)
    return bool(reached.offices) or (
        bool(reached)
        and db.session.execute(select(cls.id).where(reached.where(cls)).limit(1)).first() is not None
    )


def holds(person: Person, cls: type[Record], hands: Iterable[str]) -> bool:
    """Whether one of these fields of any such record within their reach names a person."""
    named = or_(*(getattr(cls, f"{name}_id") == person.id for name in hands))
    asked = select(cls.id).where(named, rows(person, cls)).limit(1)
    return bool(person.id) and db.session.execute(asked).first() is not None


def may(person: Person, cls: type[Record], operation: str) -> Clause | None:
    """The clause by which a person may do an operation on such records at all, or None."""
    return next((clause for clause in cls.access.by(operation) if clause.code in person.clauses), None)


def may_here(person: Person, record: Record, operation: str) -> Clause | None:
    """The clause by which a person may do an operation on this record, or None; a record handed to them opens
    what working on it takes.
    """
    by = next((clause for clause in record.access.by(operation) if within(person, record, clause)), None)
    return handed(person, record) if by is None and operation in HANDED else by


def within(person: Person, record: Record, by: By) -> Clause | None:
    """The clause under which ``by`` lets this person touch this record, or None."""
    if isinstance(by, Holder):
        if getattr(record, f"{by.field}_id", None) != person.id:
            return None
        return next(
            (handed_down[name] for name in person.roles if name in handed_down), None
        ) or handed_under(record, by.field)
    return (
        by
        if by.code in person.clauses and reach(person, [by]).contains(record.office_id, record.area_id)
        else None
    )


def rows(person: Person, cls: type[Record], operation: str = "read") -> ColumnElement[bool]:
    """The rows of a class on which a person may do an operation, as a condition."""
    reached = reach_of(person, cls, operation)
    return reached.where(cls) if reached else false()


@cache
def handed_by(cls: type[Record]) -> tuple[str, ...]:
    """The fields by which such records are handed to somebody, whose own they then are to work on."""
    by = [clause for step in getattr(cls, "steps", {}).values() for clause in step.by]
    return tuple(sorted({clause.field for clause in by if isinstance(clause, Holder)}))


def handed_under(record: Record, field: str) -> Clause | None:
    """The clause by which a field came to name whom it names: that of the act that set it. Asked at once for
    all at hand that name the same.
    """
    if (field, record.version) not in _known_hands(record):
        rows = {row.id: row for row in (record, *_handed_alike(record, field))}
        said = last_changes(record.name, list(rows), field)
        for key, row in rows.items():
            _known_hands(row)[field, row.version] = clauses.get(said.get(key, ""))
    return _known_hands(record)[field, record.version]


def _known_hands(record: Record) -> dict[tuple[str, int], Clause | None]:
    known: dict[tuple[str, int], Clause | None] = record.__dict__.setdefault("handed_under", {})
    return known


def _handed_alike(record: Record, field: str) -> list[Record]:
    """The other records read so far of whom a field names the same person."""
    holder, read = getattr(record, f"{field}_id"), {"id", "version", f"{field}_id"}
    alike = (row for row in db.session if type(row) is type(record) and read <= vars(row).keys())
    return [row for row in alike if row.id and getattr(row, f"{field}_id") == holder]


def handed(person: Person, record: Record) -> Clause | None:
    """The clause by which a person works on a record that was handed to them, wherever it lies, or None."""
    return next(
        (clause for name in handed_by(type(record)) if (clause := within(person, record, Holder(name)))), None
    )


def get(person: Person, cls: type[Record], key: int, operation: str = "read") -> Record | None:
    """A record by its id, if it exists within the person's reach: a foreign one is as if it weren't there.

    What was handed to somebody they may read, wherever it lies: they couldn't work on it otherwise.
    """
    if not 0 < key < 2**63:
        return None
    record = db.session.get(cls, key)
    return record if record is not None and may_here(person, record, operation) else None
