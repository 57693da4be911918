"""The demo estate's places and people: offices, buildings, units, users, customers and the owner register;
all generated.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.act import saving
from app.act.bulk import last_id, tell
from app.act.replay import Act, Story
from app.declare.person import SYSTEM, Person
from app.declare.record import Record
from app.gate import passwords
from app.ground import clock
from app.ground.database import db
from app.people.rights import load
from app.people.users import Office, User
from models.estate.building import Building
from models.estate.customer import Customer
from models.estate.customers_of import COPIED
from models.estate.owner_register import OwnerRegister
from models.estate.unit import Unit
from seeds import words
from seeds.people import cars_of, people_of

PASSWORD = "guanjia-demo"
DOORS, FLOORS, ENTRANCES = 2, 15, 2
ONE_OFFICE = 5000  # units up to which one office looks after all


@dataclass
class Place:
    """A unit, as the stories need it."""

    id: int
    code: str
    area: int
    office: int
    area_m2: Decimal
    vacant: bool = False
    owner: str = ""
    phone: str = ""
    customer: int | None = None


@dataclass(frozen=True)
class Sized:
    """A unit's code that knows the unit's size in m², as the register asks for it."""

    code: str
    area: Decimal

    def __str__(self) -> str:
        return self.code


@dataclass
class Staff:
    """Who works where in an office."""

    office: int
    manager: Person
    supervisor: Person
    desk: list[Person]
    caller: Person  # asks customers how it went, in all areas
    by_area: dict[int, Person] = field(default_factory=dict)
    repairers: list[Person] = field(default_factory=list)


@dataclass
class Estate:
    """All of it."""

    places: list[Place]
    staff: dict[int, Staff]
    areas: dict[int, str]
    start: datetime

    @property
    def lived(self) -> list[Place]:
        """Where somebody lives; everything where nobody does."""
        return [place for place in self.places if not place.vacant] or self.places


def raw(cls: type[Record], at: datetime, **values: Any) -> Any:
    """One record made by the system, with number and history."""
    record = cls(created_at=at, **values)
    saving.add(record, SYSTEM, "seed")
    return record


def make(units: int, chance: random.Random, start: datetime) -> Estate:
    """Make offices, people, units and the register."""
    kept = passwords.hashed(PASSWORD)
    shares = (
        [("澄园管理处客户服务中心", "CY", units)]
        if units <= ONE_OFFICE
        else [
            ("澄园管理处客户服务中心", "CY", units * 4 // 5),
            ("听涛苑管理处客户服务中心", "TT", units - units * 4 // 5),
        ]
    )
    places: list[Place] = []
    staff: dict[int, Staff] = {}
    areas: dict[int, str] = {}
    for at, (full, code, count) in enumerate(shares):
        office = raw(Office, start, full_name=full, short_code=code, address=words.BUILDING_ADDRESS)
        buildings = [
            raw(
                Building,
                start,
                code_name=f"{number}栋",
                office_id=office.id,
                entrances=ENTRANCES,
                floors=FLOORS,
            )
            for number in range(1, -(-count // (DOORS * FLOORS * ENTRANCES)) + 1)
        ]
        areas.update({building.id: building.code_name for building in buildings})
        staff[office.id] = _staff(
            office.id,
            [building.id for building in buildings],
            chance,
            kept,
            start,
            "" if at == 0 else f"-{code.lower()}",
        )
        places += _units(
            office.id, [building.id for building in buildings], count, chance, start, staff[office.id]
        )
    db.session.commit()
    _register(places, chance, start, staff)
    return Estate(places, staff, areas, start)


def _user(
    username: str,
    full: str,
    office: int,
    roles: list[str],
    start: datetime,
    kept: str | None,
    areas: list[int] | None = None,
    department: str = "客服部",
) -> Person:
    user = raw(
        User,
        start,
        username=username,
        full_name=full,
        office_id=office,
        roles=roles,
        areas=areas or [],
        department=department,
        password_hash=kept,
    )
    person = load(user.id, user.rights)
    assert person is not None
    return person


def _staff(
    office: int, areas: list[int], chance: random.Random, kept: str, start: datetime, suffix: str
) -> Staff:
    """Two buildings to a specialist: the first demo specialist has buildings 3 and 4, where there are so
    many.
    """

    def surname() -> str:
        return chance.choice(words.SURNAMES)

    staff = Staff(
        office,
        _user(f"manager{suffix}", f"{surname()}经理", office, ["manager"], start, kept),
        _user(f"supervisor{suffix}", f"{surname()}主管", office, ["supervisor"], start, kept),
        [
            _user(f"frontdesk{suffix}", f"{surname()}前台", office, ["frontdesk"], start, kept),
            _user(f"frontdesk{suffix}b", f"{surname()}前台", office, ["frontdesk"], start, kept),
        ],
        _user(f"caller{suffix}", f"{surname()}专员", office, ["specialist"], start, kept, areas),
    )
    pairs = [areas[at : at + 2] for at in range(0, len(areas), 2)]
    if len(pairs) > 1:
        pairs[0], pairs[1] = pairs[1], pairs[0]
    for at, pair in enumerate(pairs):
        tail = "" if at == 0 else str(at + 1)
        person = _user(
            f"specialist{suffix}{'-' if suffix and tail else ''}{tail}",
            f"{surname()}专员",
            office,
            ["specialist"],
            start,
            kept,
            pair,
        )
        staff.by_area.update(dict.fromkeys(pair, person))
    for at, department in enumerate(words.DEPARTMENTS):
        staff.repairers.append(
            _user(
                f"repair{suffix}-{at + 1}", f"{surname()}师傅", office, [], start, None, department=department
            )
        )
    return staff


def _units(
    office: int, areas: list[int], count: int, chance: random.Random, start: datetime, staff: Staff
) -> list[Place]:
    first = last_id(Unit) + 1
    spots = (
        (building, entrance, floor, door)
        for building in range(1, len(areas) + 1)
        for entrance in range(1, ENTRANCES + 1)
        for floor in range(1, FLOORS + 1)
        for door in range(1, DOORS + 1)
    )
    stories, places = [], []
    for at, (building, entrance, floor, door) in zip(range(count), spots, strict=False):
        layout, low, high = words.LAYOUTS[(door * 7 + building) % 4]
        area = Decimal(chance.randrange(low * 10, high * 10)).scaleb(-1).quantize(Decimal("0.001"))
        use = chance.choices(("lived_in", "let", "vacant", "unsold", "fitting_out"), (78, 12, 5, 2, 3))[0]
        code = f"{building}-{entrance}-{floor:02d}{door:02d}"
        sets = {
            "code_name": code,
            "building": areas[building - 1],
            "kind": "flat",
            "use": use,
            "layout": layout,
            "area": area,
        }
        stories.append(
            Story(
                office,
                areas[building - 1],
                [Act(start, staff.manager, "M3", "create", sets)],
                {"building": f"{building}栋"},
            )
        )
        places.append(Place(first + at, code, areas[building - 1], office, area, use in ("vacant", "unsold")))
    tell(Unit, stories)
    return places


def _register(places: list[Place], chance: random.Random, start: datetime, staff: dict[int, Staff]) -> None:
    """The register's lines and the customers behind them."""
    key = last_id(Customer)
    customers: list[Story] = []
    registers: list[Story] = []
    for place in places:
        people = people_of(place.vacant, chance, start)
        for person in people:
            key += 1
            person["customer"] = key
            customers.append(
                Story(
                    place.office,
                    place.area,
                    [
                        Act(
                            start,
                            SYSTEM,
                            "",
                            "register",
                            {name: person[name] for name in COPIED if person.get(name) is not None},
                        )
                    ],
                )
            )
        if people:
            place.owner, place.phone, place.customer = (
                people[0]["full_name"],
                people[0]["phone"],
                people[0]["customer"],
            )
        cars = cars_of(chance) if people and chance.random() < 0.45 else []
        sets: dict[str, Any] = {
            "unit": place.id,
            "people": people,
            "vehicles": cars,
            "fee_rate": Decimal("2.8000"),
            "move_in": people[0]["since"] if people else None,
            "paid_until": date(clock.today().year, chance.choice((6, 9, 12)), 30),
        }
        if chance.random() < 0.04:
            sets["special_care"] = chance.choice(words.CARE)
        if chance.random() < 0.1:
            sets["pets"] = chance.choice(("犬一只", "猫两只", "猫一只"))
        who = staff[place.office].by_area[place.area]
        registers.append(
            Story(
                place.office,
                place.area,
                [Act(start, who, "P3", "create", sets)],
                {"unit": Sized(place.code, place.area_m2)},
            )
        )
    tell(Customer, customers)
    tell(OwnerRegister, registers)
