"""A small estate for tests: an office with three buildings and its people, and a second office of which the
first knows nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher

from app.act import saving, steps, tally
from app.act.entry import Entry, Pairs
from app.declare.person import SYSTEM, Person
from app.declare.record import Record, registry
from app.ground.database import db, writing
from app.people import access
from app.people.refusal import Refusal
from app.people.rights import person_of
from app.people.users import Office, User

PASSWORD = "a word for tests"
HISTORY_KEY = "a history key for tests and for nothing else"
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # twelve o'clock at the office, a Tuesday
BUILDINGS = ("1栋", "2栋", "3栋")
UNITS = ("1-1-101", "1-1-102", "2-1-201", "3-1-1102")
PEOPLE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    # user name: full name, role, buildings
    "manager": ("马经理", "manager", ()),
    "supervisor": ("苏主管", "supervisor", ()),
    "supervisor2": ("宋主管", "supervisor", ()),
    "specialist": ("钱专员", "specialist", ("1栋",)),
    "colleague": ("孙专员", "specialist", ("1栋",)),
    "specialist2": ("李专员", "specialist", ("2栋",)),
    "frontdesk": ("周前台", "frontdesk", ()),
    "frontdesk2": ("吴前台", "frontdesk", ()),
    "repairer": ("郑师傅", "", ()),
}
STRANGERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "other_manager": ("冯经理", "manager", ()),
    "other_supervisor": ("陈主管", "supervisor", ()),
    "other_specialist": ("褚专员", "specialist", ("枫1栋",)),
    "other_frontdesk": ("卫前台", "frontdesk", ()),
}
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # a password is verified in no time
STAFF = ("manager", "supervisor", "specialist", "frontdesk")


class WrongBoxes(Exception):
    """What was typed didn't pass: box → message."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(str(errors))
        self.errors = errors


@cache
def password_hash() -> str:
    """The one password of everybody here, hashed once and at the least cost."""
    return QUICK.hash(PASSWORD)


def _put(cls: type[Record], office: int | None, area: int | None = None, **values: Any) -> int:
    record = cls(office_id=office, area_id=area, created_at=NOON, **values)
    saving.add(record, SYSTEM)
    return record.id


def _people(
    office: int, people: dict[str, tuple[str, str, tuple[str, ...]]], buildings: dict[str, int]
) -> None:
    for username, (name, role, areas) in people.items():
        _put(
            User,
            office,
            username=username,
            full_name=name,
            roles=[role] if role else [],
            areas=[buildings[area] for area in areas],
            offices=[],
            active=True,
            rights=1,
            password_hash=password_hash(),
            department="工程部" if not role else None,
        )


def furnish() -> None:
    """Put the estate into an empty database. The caller commits."""
    for name, code, buildings, units, people in (
        ("澄园", "CY", BUILDINGS, UNITS, PEOPLE),
        ("枫林", "FL", ("枫1栋",), ("枫1-1-101",), STRANGERS),
    ):
        office = _put(Office, None, full_name=name, short_code=code)
        areas: dict[str, int] = {}
        for tower in buildings:
            areas[tower] = _put(registry["building"], office, code_name=tower)
        for tower in units:
            building = areas[tower.split("-")[0] + "栋"]
            _put(
                registry["unit"],
                office,
                building,
                code_name=tower,
                building_id=building,
                kind="flat",
                use="lived_in",
            )
        _people(office, people, areas)


@dataclass
class Estate:
    """The office at hand: what one does there, in a line each. Everything is committed, or undone and
    raised.
    """

    app: Any
    ids: dict[str, int] = field(default_factory=dict)

    def look(self) -> "Estate":
        """Learn the ids of units, buildings and people."""
        for cls in (registry["unit"], registry["building"], User, Office):
            label: Any = getattr(cls, cls.label if cls is not User else "username")
            for key, name in db.session.execute(db.select(cls.id, label)):
                self.ids[name] = key
        db.session.rollback()
        return self

    def __getitem__(self, name: str) -> int:
        return self.ids[name]

    def person(self, name: str) -> Person:
        """Somebody's rights as of now."""
        who = person_of(name)
        assert who is not None, name
        return who

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that writes: committed at the end, undone where something is raised."""
        db.session.rollback()
        try:
            with writing():
                yield
                db.session.commit()
        except BaseException:
            db.session.rollback()
            raise

    @staticmethod
    def read(form: str, person: Person, typed: dict[str, Any]) -> Entry:
        """What somebody typed into the boxes of a new record, defaults included."""
        boxes = saving.entered(registry[form], creating=True)
        start = Entry(person, boxes).with_defaults()
        return Entry(person, boxes).read(Pairs({**start.typed, **typed}))

    def create(self, form: str, name: str, token: str = "", **typed: Any) -> Any:
        """Make a record as a person does. Raises WrongBoxes, Wrong or Refusal."""
        with self.writing():
            person = self.person(name)
            entry = self.read(form, person, typed)
            if entry.errors:
                raise WrongBoxes(entry.errors)
            return saving.create(registry[form], entry, person, token)

    def edit(self, record: Any, name: str, version: int | None = None, **typed: Any) -> bool:
        """Save some boxes of a record; the others stay as they are."""
        with self.writing():
            boxes = saving.entered(type(record), creating=False)
            person = self.person(name)
            had = posted(Entry(person, boxes).from_record(record))
            left = {name: value for name, value in had.items() if name.removesuffix("-id") not in typed}
            entry = Entry(person, boxes).read(Pairs({**left, **typed}), record)
            if entry.errors:
                raise WrongBoxes(entry.errors)
            return saving.edit(record, entry, person, record.version if version is None else version)

    def set(self, record: Any, name: str, **values: Any) -> None:
        """Set boxes of a record as part of somebody's act, whatever the screens would let them. The caller
        commits.
        """
        with saving.changing(record, self.person(name), "edit"):
            for box, value in values.items():
                setattr(record, box, value)

    def step(
        self, record: Any, step: str, name: str, version: int | None = None, token: str = "", **typed: Any
    ) -> Any:
        """Take a step as a person does. Raises WrongBoxes, Wrong, Refusal or Conflict."""
        with self.writing():
            declared, person = type(record).steps[step], self.person(name)
            if (refusal := steps.in_the_way(record, declared, person)) is not None:
                raise refusal
            entry = steps.read(record, declared, person, Pairs(typed))
            if entry.errors:
                raise WrongBoxes(entry.errors)
            steps.perform(record, declared, person, entry, version, token)
            return record

    def why_not(self, record: Any, step: str, name: str) -> Refusal | None:
        """What stands in the way of a step for somebody."""
        return steps.in_the_way(record, type(record).steps[step], self.person(name))

    def sees(self, record: Any, name: str, operation: str = "read") -> bool:
        """Whether somebody finds the record at all."""
        return access.get(self.person(name), type(record), record.id, operation) is not None

    def key(self, tag: str = "A-01", **values: Any) -> Any:
        """A key of the register, by default of unit 1-1-101."""
        return self.create(
            "key",
            "specialist",
            **{"tag": tag, "kind": "unit", "unit": self["1-1-101"], "lendable": "1", **values},
        )

    def order(self, name: str = "frontdesk", **typed: Any) -> Any:
        """A work order, by default a normal small one about unit 1-1-101."""
        given = {
            "unit": self["1-1-101"],
            "reporter": "陈女士",
            "phone": "13812340042",
            "category": "water",
            "description": "厨房水管漏水",
            "channel": "phone",
        }
        return self.create("work_order", name, **{**given, **typed})

    def complaint(self, name: str = "frontdesk", **typed: Any) -> Any:
        """A complaint, by default about the cleaning, from unit 1-1-101."""
        given = {
            "unit": self["1-1-101"],
            "complainant": "王先生",
            "phone": "13912345678",
            "subject": "cleaning",
            "statement": "楼道三天没有打扫",
            "channel": "phone",
        }
        return self.create("complaint", name, **{**given, **typed})

    def loan(self, key: Any, name: str = "specialist", **typed: Any) -> Any:
        """A key handed to a member of staff until tonight."""
        given = {"key": key.id, "borrower": "郑师傅", "phone": "13700000001", "reason": "入户检修"}
        return self.create("key_loan", name, **{**given, **typed})

    def slip(self, name: str = "frontdesk", **typed: Any) -> Any:
        """A release slip for today, by default of an owner's old sofa from unit 1-1-101."""
        given = {
            "unit": self["1-1-101"],
            "applicant_kind": "owner",
            "applicant": "王先生",
            "phone": "13912345678",
            "reason": "moving_part",
            "authority": "in_person",
            **lines("goods", {"item": "旧沙发", "count": "1", "counted_in": "套", "kind": "household"}),
        }
        return self.create("release_slip", name, **{**given, **typed})


def posted(entry: Entry) -> dict[str, Any]:
    """The boxes of an entry as a browser would post them, line tables included."""
    sent: dict[str, Any] = {entry.prefix + name: value for name, value in entry.typed.items()}
    for box in entry.fields:
        if box.is_reference:
            name = entry.prefix + box.name
            sent[name], sent[f"{name}-id"] = entry.labels.get(box.name, ""), sent[name]
    for name, rows in entry.lines.items():
        sent[f"{entry.prefix}{name}-count"] = str(len(rows))
        for row in rows:
            sent.update(posted(row))
    return sent


def lines(name: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """The boxes of a line table."""
    sent: dict[str, Any] = {f"{name}-count": str(len(rows))}
    for at, row in enumerate(rows):
        sent.update({f"{name}-{at}-{box}": value for box, value in row.items()})
    return sent


def kept(form: str) -> dict[tuple[int, int, str], int]:
    """The counts as kept, noughts left out."""
    table = tally.Tally
    rows = db.session.execute(
        db.select(table.office_id, table.area_id, table.state, table.count).where(table.form == form)
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows if row[3]}


def counted(form: str) -> dict[tuple[int, int, str], int]:
    """The counts as they are."""
    counts: dict[tuple[int, int, str], int] = {}
    for record in db.session.execute(db.select(registry[form])).scalars():
        counts[tally.place(record)] = counts.get(tally.place(record), 0) + 1
    return counts
