"""What was read from a sheet of the owner register: units, their people and vehicles, each with where it
stood and which fields it told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.workbook.sheet_cells import PROBLEM, Finding
from app.workbook.sheet_tables import NotData, SheetTables

UNITS = ("unit", "entrance_door", "building_door", "shop")  # the fields that name a unit, whole or its door
# What a sheet may tell: of a unit itself, of who lives there as a whole, of each person.
OF_UNIT = ("area", "kind", "layout", "use")
OF_REGISTER = (
    "move_in",
    "fee_rate",
    "paid_until",
    "pets",
    "special_care",
    "emergency_contact",
    "emergency_phone",
    "remark",
)
OF_PERSON = (
    "relation",
    "sex",
    "phone",
    "phone2",
    "phone3",
    "id_kind",
    "id_number",
    "lives_here",
    "employer",
    "mailing_address",
    "since",
    "until",
    "rent",
)
_SHARED: dict[frozenset[str], frozenset[str]] = {}


def shared(names: Iterable[str]) -> frozenset[str]:
    """A set of field names, held once however many lines tell the same fields."""
    known = frozenset(names)
    return _SHARED.setdefault(known, known)


@dataclass(frozen=True, slots=True)
class Source:
    """A line of a sheet: the columns' letters by field of the sheet."""

    sheet: str
    row: int
    columns: Mapping[str, str]

    def column(self, name: str) -> str:
        """The letters of a field's column, or of the one that names the unit."""
        return next((self.columns[field] for field in (name, *UNITS) if field in self.columns), "A")


@dataclass(slots=True)
class PersonEntry:
    """A person of a unit; ``given`` names the fields that stood as columns, so an empty one of them is empty
    in the sheet.
    """

    kind: str  # owner, family, tenant, other
    name: str
    sex: str | None = None
    id_kind: str | None = None
    id_number: str | None = None
    phone: str | None = None
    phone2: str | None = None
    phone3: str | None = None
    relation: str | None = None
    lives_here: bool | None = None
    employer: str | None = None
    mailing_address: str | None = None
    since: date | None = None
    until: date | None = None
    rent: Decimal | None = None
    is_company: bool = False
    given: frozenset[str] = frozenset()
    source: Source | None = None


@dataclass(slots=True)
class VehicleEntry:
    """A vehicle of a unit and where it parks; a space without a vehicle has no plate."""

    plate: str | None
    brand: str | None = None
    space: str | None = None
    given: frozenset[str] = frozenset()
    source: Source | None = None


@dataclass(slots=True)
class UnitEntry:
    """A unit as the sheet tells it.

    ``unit_code`` is None where the sheet told no entrance; then ``unit_parts`` (building, entrance or None,
    door; all texts) finds the only unit that fits. ``given`` names the fields of the unit that stood as
    columns, with ``people`` and ``vehicles``; ``kinds_given`` the kinds of people the sheet tells of at all,
    so that an import ends no tenancy that a list of owners doesn't mention.
    """

    unit_code: str | None
    unit_parts: tuple[str, str | None, str]
    area: Decimal | None = None
    kind: str | None = None
    layout: str | None = None
    use: str | None = None
    fee_rate: Decimal | None = None
    move_in: date | None = None
    paid_until: date | None = None
    pets: str | None = None
    special_care: str | None = None
    emergency_contact: str | None = None
    emergency_phone: str | None = None
    remark: str | None = None
    people: list[PersonEntry] = field(default_factory=list)
    vehicles: list[VehicleEntry] = field(default_factory=list)
    given: frozenset[str] = frozenset()
    kinds_given: frozenset[str] = frozenset()
    sources: list[Source] = field(default_factory=list)
    has_problem: bool = False
    without_entrance: bool = (
        False  # told by building and door alone, not written 3-1102, where 3 may be an entrance
    )

    @property
    def source(self) -> Source:
        """The first line that tells of it."""
        return self.sources[0]

    @property
    def rows(self) -> set[tuple[str, int]]:
        """Every line that tells of it, those of its people and vehicles in another sheet too."""
        beside = [*(person.source for person in self.people), *(vehicle.source for vehicle in self.vehicles)]
        return {(source.sheet, source.row) for source in (*self.sources, *beside) if source is not None}

    @property
    def shown(self) -> str:
        """The unit as people read it, ``3-?-1102`` without an entrance."""
        if self.unit_code is not None:
            return self.unit_code
        building, entrance, door = self.unit_parts
        return f"{building}-{entrance or '?'}-{door}"


@dataclass
class RegisterSheet:
    """All that was found in a workbook.

    Every row of every sheet is in exactly one of ``rows_used``, ``rows_with_problems`` and ``not_data``;
    ``rows_total`` is their sum.
    """

    filename: str
    own: bool = False  # a workbook of ours, each cell of it as the register has it
    units: list[UnitEntry] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)
    not_data: list[NotData] = field(default_factory=list)
    tables: list[SheetTables] = field(default_factory=list)
    legends: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # codes that the book explains
    rows_used: list[tuple[str, int]] = field(default_factory=list)
    rows_with_problems: list[tuple[str, int]] = field(default_factory=list)
    rows_total: int = 0
    failed: set[tuple[str, int]] = field(default_factory=set)  # the rows with a problem, while it is read

    def tell(self, finding: Finding) -> None:
        """Take note of a problem, whose row has failed then, or of a notice."""
        if finding.level == PROBLEM:
            self.problems.append(finding)
            self.failed.add((finding.sheet, finding.row))
        else:
            self.notices.append(finding)

    def settle(self, rows: Iterable[tuple[str, int]], units: Iterable[UnitEntry]) -> None:
        """Note which rows of data are used and which have a problem, and so which units."""
        for row in rows:
            (self.rows_with_problems if row in self.failed else self.rows_used).append(row)
        self.units = list(units)
        for unit in self.units:
            unit.has_problem = any((source.sheet, source.row) in self.failed for source in unit.sources)
