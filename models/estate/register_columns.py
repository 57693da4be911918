"""The columns of an owner register (QR-0336SD), and how the cells of each are read."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from app.declare.kinds import AmountKind, QuantityKind, RateKind
from app.ground.language import gettext as _
from app.ground.words import Words, words
from app.workbook.sheet_cells import (
    Parsed,
    Parser,
    fault_of,
    flat,
    is_nothing,
    parse_text,
)
from app.workbook.sheet_reader import Cell
from app.workbook.sheet_tables import Column
from models.estate.customer import ID_KINDS, SEXES
from models.estate.owner_register import ROLES, Occupancy, OwnerRegister, Vehicle
from models.estate.register_cells import parse_day, parse_name, parse_positive
from models.estate.register_entries import UNITS
from models.estate.register_numbers import parse_id_numbers, parse_phones
from models.estate.register_place import parse_building, parse_entrance, parse_unit
from models.estate.register_words import CODES, HEADS, PENDING, plain
from models.estate.unit import KINDS, USES, Unit


def _or_pending(parse: Parser) -> Parser:
    """A parser for which 待补 and its like say that there is nothing yet."""

    def read(cell: Cell) -> Parsed:
        pending = isinstance(cell.value, str) and cell.value.strip() in PENDING
        return Parsed() if pending else parse(cell)

    return read


def _rounded(places: int) -> Parser:
    """A parser of numbers with as many places as are kept; what a formula made beyond them is rounded, and
    that is told where it shows.
    """

    def read(cell: Cell) -> Parsed:
        value, problems, notices = parse_positive(cell)
        if value is None or value == round(value, places):
            return Parsed(value, problems, notices)
        kept = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return Parsed(kept, problems, (*notices, _("Rounded to %(places)s decimal places.", places=places)))

    return _or_pending(read)


def _choice(field: str, *, needed: bool = False) -> Parser:
    """A parser for words that stand for a key; one nobody knows is a problem where it is ``needed``, else
    left out with a notice.
    """
    words: Mapping[str, str] = CODES[field]

    def read(cell: Cell) -> Parsed:
        text = flat(cell)
        if is_nothing(text) or (key := words.get(plain(text))) is not None:
            return Parsed(None if is_nothing(text) else key)
        if not needed:
            return Parsed(None, (), (_("“%(word)s” is not known here and was left out.", word=text[:20]),))
        known = "、".join(list(words)[:12])
        return fault_of(text) or Parsed(
            None, (_("“%(word)s” is not known here. Known: %(known)s.", word=text[:20], known=known),)
        )

    return read


_phones, _ids, _day = _or_pending(parse_phones), _or_pending(parse_id_numbers), _or_pending(parse_day)
_PHONES = ("phone", "phone2", "phone3", "emergency_phone", "tenant_phone", "family_phone")
_IDS = ("id_number", "tenant_id", "family_id")
_PLACES: dict[str, Parser] = {
    **dict.fromkeys(UNITS, parse_unit),
    "building": parse_building,
    "entrance": parse_entrance,
}
_OTHERS: dict[str, Parser] = {
    "area": _rounded(QuantityKind.places),
    "fee_rate": _rounded(RateKind.places),
    "rent": _rounded(AmountKind.places),
    **dict.fromkeys(("move_in", "paid_until", "since", "until"), _day),
    **{field: _choice(field) for field in ("kind", "use", "id_kind")},
    **{field: _choice(field, needed=True) for field in ("lives_here", "is_company")},
}
RECURRING = frozenset(_OTHERS)  # what the same cells say in line after line
READERS: dict[str, Parser] = {
    **dict.fromkeys(HEADS.values(), parse_text),
    **_PLACES,
    **_OTHERS,
    **dict.fromkeys(_PHONES, _phones),
    **dict.fromkeys(_IDS, _ids),
    "emergency_contact": parse_name,
}
_KEYS = frozenset((*UNITS, "owner_key"))
_OPTIONS = {
    field: {key: words(pair) for key, pair in options.items()}
    for field, options in (
        ("kind", KINDS),
        ("use", USES),
        ("id_kind", ID_KINDS),
        ("sex", SEXES),
        ("person_kind", ROLES),
    )
}
_LABELS: dict[str, Any] = {
    "serial": Words("序号", "Running number"),
    "floor": Words("楼层", "Floor"),
    "unit": Words("房号（整套或室号）", "Unit, whole or its door"),
    "entrance_door": Words("单元和房号（1-1102）", "Entrance and door (1-1102)"),
    "building_door": Words("楼栋和房号（3-1102）", "Building and door (3-1102)"),
    "shop": Words("铺位", "Shop"),
    "building": Words("楼栋", "Building"),
    "entrance": Words("单元", "Entrance"),
    "kind": Words("房屋类型", "Kind of unit"),
    "use": Words("房屋使用状况", "Use of the unit"),
    "level": Words("分期、分区（苑、期、区）", "Phase or part of the estate"),
    "owner_key": Words("业主编号（人员在另一张表）", "Owner's number in another sheet"),
    "owner_name": Words("业主姓名", "Owner's name"),
    "name": Words("姓名", "Name"),
    "person_kind": Words("身份（业主、家属、租户）", "As (owner, family, tenant)"),
    "phone": Words("业主电话", "Owner's telephone"),
    "phone2": Words("业主第二电话", "Owner's second telephone"),
    "phone3": Words("业主第三电话", "Owner's third telephone"),
    "id_number": Words("业主证件号码", "Owner's ID number"),
    "tenant_name": Words("租户姓名", "Tenant's name"),
    "tenant_phone": Words("租户电话", "Tenant's telephone"),
    "tenant_id": Words("租户证件号码", "Tenant's ID number"),
    "family_name": Words("家属姓名", "Family member's name"),
    "family_phone": Words("家属电话", "Family member's telephone"),
    "family_id": Words("家属证件号码", "Family member's ID number"),
}


_OTHER_WAYS = frozenset(
    {
        "entrance_door",
        "building_door",
        "shop",
        "building",
        "entrance",
        "level",
        "owner_key",
        "name",
        "person_kind",
        "relation",
    }
)
_DAY = Words("如 2026-11-24", "Such as 2026-11-24")
_HINTS: dict[str, Any] = {
    "unit": Words("楼栋-单元-门号，如 3-1-1102", "Building-entrance-door, such as 3-1-1102"),
    "area": Words("平方米，如 89.5", "In m², such as 89.5"),
    "fee_rate": Words("每月每平方米元数，如 2.8", "Yuan a m² and month, such as 2.8"),
    "rent": Words("每月元数，如 3200", "Yuan a month, such as 3200"),
    **dict.fromkeys(("move_in", "paid_until", "since", "until"), _DAY),
}


def _label(field: str) -> Any:
    """What people call a column: by the form's own box where there is one."""
    for cls in (OwnerRegister, Occupancy, Vehicle, Unit):
        if field not in _LABELS and field in cls.fields:
            return cls.fields[field].label
    return _LABELS[field]


def _is_known(field: str, text: str) -> bool:
    return is_nothing(text) or plain(text) in CODES[field]


COLUMNS = tuple(
    Column(
        field,
        tuple(head for head, other in HEADS.items() if other == field),
        read,
        key=field in _KEYS,
        ignored=field in ("serial", "floor"),
        label=_label(field),
        hint=_HINTS.get(field, ""),
        in_blank=field not in _OTHER_WAYS,
        choices=_OPTIONS.get(field, {}),
        known=partial(_is_known, field) if field in _OPTIONS else None,
    )
    for field, read in READERS.items()
)
