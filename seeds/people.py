"""The demo's people, generated: names, telephones, ID numbers of no place, who belongs to a unit, and their
cars.
"""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models.estate.register_numbers import id_check_digit
from seeds import words


def name_of(chance: random.Random) -> str:
    """A generated name."""
    return chance.choice(words.SURNAMES) + "".join(chance.choices(words.GIVEN, k=chance.choice((1, 2, 2))))


def phone_of(chance: random.Random) -> str:
    """A generated mobile number."""
    return f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"


def id_of(chance: random.Random) -> str:
    """A generated ID number with a right check digit, of a region code that isn't given to any place."""
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(19_000))
    first = f"999{chance.randrange(1000):03d}{born:%Y%m%d}{chance.randrange(1000):03d}"
    return first + id_check_digit(first)


def people_of(vacant: bool, chance: random.Random, start: datetime) -> list[dict[str, Any]]:
    """Who belongs to a unit: an owner or two, often family, sometimes a tenant or a company."""
    if vacant and chance.random() < 0.4:
        return []
    moved = (start - timedelta(days=chance.randrange(200, 3000))).date()
    people = [
        _owner(at == 0 and chance.random() < 0.02, vacant, moved, chance)
        for at in range(chance.choices((1, 2), (85, 15))[0])
    ]
    people += [
        _family(moved, chance)
        for _at in range(0 if vacant else chance.choices((0, 1, 2, 3), (30, 30, 28, 12))[0])
    ]
    return [*people, _tenant(moved, chance)] if not vacant and chance.random() < 0.12 else people


def _owner(company: bool, vacant: bool, moved: date, chance: random.Random) -> dict[str, Any]:
    return {
        "kind": "owner",
        "full_name": f"{name_of(chance)[0]}氏商贸有限公司" if company else name_of(chance),
        "is_company": company,
        "sex": None if company else chance.choice(("male", "female")),
        "phone": phone_of(chance),
        "id_kind": "credit_code" if company else "identity",
        "id_number": f"91999{chance.randrange(10**13):013d}" if company else id_of(chance),
        "since": moved,
        "lives_here": not vacant,
        "employer": chance.choice(words.EMPLOYERS) or None,
    }


def _family(moved: date, chance: random.Random) -> dict[str, Any]:
    return {
        "kind": "family",
        "full_name": name_of(chance),
        "relation": chance.choice(("配偶", "子女", "父母")),
        "sex": chance.choice(("male", "female")),
        "phone": phone_of(chance) if chance.random() < 0.6 else None,
        "since": moved,
        "lives_here": True,
    }


def _tenant(moved: date, chance: random.Random) -> dict[str, Any]:
    return {
        "kind": "tenant",
        "full_name": name_of(chance),
        "phone": phone_of(chance),
        "id_kind": "identity",
        "id_number": id_of(chance),
        "since": moved,
        "rent": Decimal(chance.randrange(15, 60) * 100),
        "lives_here": True,
    }


def cars_of(chance: random.Random) -> list[dict[str, Any]]:
    """A unit's car and where it stands."""
    plate, space = f"京A·{chance.randrange(10**5):05d}", f"B-{chance.randrange(1, 900):03d}"
    return [{"plate": plate, "brand": chance.choice(words.CARS), "space": space}]
