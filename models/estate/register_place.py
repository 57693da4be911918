"""Which unit a line of a hand-made register means (field practice): ``3-1-1102``, ``3栋1单元1102``,
``3#1102``.
"""

import re
from typing import NamedTuple

from app.ground.language import gettext as _
from app.workbook.sheet_cells import Parsed, flat, is_nothing
from app.workbook.sheet_reader import Cell

_BUILDING = r"(?P<building>[A-Z]?\d{1,3}[A-Z]?|[A-Z])"
_BUILDING_MARK = r"(?:号楼|号栋|栋|幢|座|楼|#楼|#栋|#)"
_ENTRANCE = r"(?P<entrance>\d{1,2}|[A-Z])"
_ENTRANCE_MARK = r"(?:号?单元|门|梯|单)"
_KINDS = "商铺|商|铺|门面|车位|车库|储藏室|地下室|负"  # what stands before a door's number
_DOOR = rf"(?P<door>(?:{_KINDS}|[A-Z])?-?\d{{1,5}}[A-Z]?(?:[A-Z]\d)?)"
_DOOR_MARK = r"(?:号房|室|号|房|户|铺)?"
_FLOOR = r"(?:\d{1,2}(?:层|楼|F)-?)?"
_BEFORE = r"(?P<before>.*?[^\dA-Z#\-、,;&+~和及与至])??"
_AT_ENTRANCE = rf"{_ENTRANCE}(?:{_ENTRANCE_MARK}-?|-)"
_UNIT = re.compile(
    rf"{_BEFORE}{_BUILDING}(?P<mark>{_BUILDING_MARK}-?|-)(?:{_AT_ENTRANCE})?{_FLOOR}{_DOOR}{_DOOR_MARK}"
)
_PLAIN = re.compile(r"(\d{1,3})-(\d{1,2})-(\d{1,5})")
_UNIT_AND_DOOR = re.compile(rf"{_AT_ENTRANCE}{_FLOOR}{_DOOR}{_DOOR_MARK}")
_DOOR_ONLY = re.compile(rf"(?:\d{{1,2}}(?:层|F)-?)?{_DOOR}{_DOOR_MARK}")
_NAMED_UNIT = re.compile(  # 南楼301, 紫荆苑-8: a building with a name of its own
    rf"(?P<building>[\u4e00-\u9fff]{{1,7}}(?:[楼阁轩厦馆苑居庭府邸堂墅坊]|商铺|(?=-)))-?(?:{_AT_ENTRANCE})?{_DOOR}{_DOOR_MARK}"
)
_BUILDING_ONLY = re.compile(rf"{_BEFORE}{_BUILDING}{_BUILDING_MARK}?")
_NAMED_BUILDING = re.compile(r"[\u4e00-\u9fff]{2,8}")
_ENDS_AS_BUILDING = re.compile(r".*[楼栋幢座]")
_LEVELS = "期|区|苑|园|院|组团|片区|地块|街坊|坊|村|里|弄"
_LEVEL = re.compile(rf"(?:第?\d{{1,2}}|[A-Z]|[一二三四五六七八九十]|[东南西北中]{{1,2}})号?(?:{_LEVELS})")
_LEVEL_IN = re.compile(
    r"(?<![\dA-Z])(?:\d{1,2}|[A-Z]|[一二三四五六七八九十]|[东南西北])号?(?:期|区|苑|园|组团|地块)"
)
_ENTRANCE_ONLY = re.compile(rf"{_ENTRANCE}{_ENTRANCE_MARK}?")
_BUILDING_IN = re.compile(
    rf"(?<![\dA-Z]){_BUILDING}(?:号楼|号栋|栋|幢|座|#楼|#)(?:{_ENTRANCE}{_ENTRANCE_MARK})?"
)
_ENTRANCE_IN = re.compile(r"(?<![\dA-Z])(\d{1,2}|[A-Z])号?单元")
_NUMERALS = re.compile(r"[一二两三四五六七八九十]{1,3}(?=号?[楼栋幢座单门梯#])")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}


class Place(NamedTuple):
    """A unit's place as far as it was told; building and entrance without leading zeros, the door as
    written. A unit with neither (``商铺12``) has an empty building.
    """

    building: str | None
    entrance: str | None
    door: str
    # written 3-1102: what stands first may be the entrance, where the building is known from elsewhere
    dashed: bool = False
    before: str = ""  # what stood before the building: a phase, a part or the name of the estate


def _bare(text: str) -> str:
    text = re.sub(r"[\s\u200b]", "", text).upper()
    text = re.sub(r"[–—−﹣‐‑―_/.]+|-{2,}", "-", text)
    return _NUMERALS.sub(lambda match: str(_number(match[0])), text)


def _number(signs: str) -> int:
    if "十" in signs:
        tens, _ten, ones = signs.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return int("".join(str(_DIGITS[sign]) for sign in signs))


def _unpadded(text: str | None) -> str | None:
    return None if text is None else text.lstrip("0") or "0"


def _turned_into_a_day(cell: Cell) -> bool:
    return cell.value is not None and not isinstance(cell.value, (str, int, float))


def parse_unit(cell: Cell) -> Parsed:
    """A Place: whole (``3-1-1102``), without entrance (``3#1102``) or a door alone (``1102``), whose building
    is told elsewhere.
    """
    if _turned_into_a_day(cell):
        message = _(
            "Excel has turned this unit into a date or time. Format the cell as text and type it again, such"
            " as 3-1-1102."
        )
        return Parsed(None, (message,))
    if isinstance(cell.value, float) and not cell.value.is_integer():
        message = _(
            "Excel kept this unit as a number, which loses noughts. Format the cell as text and type it"
            " again, such as 3-1-1102."
        )
        return Parsed(None, (message,))
    plain = _PLAIN.fullmatch(flat(cell))
    if plain:
        return Parsed(Place(_unpadded(plain[1]), _unpadded(plain[2]), plain[3]))
    text = _bare(re.sub(r"^(\d+)\.0$", r"\1", flat(cell)))
    if is_nothing(text):
        return Parsed()
    for way in (_UNIT, _UNIT_AND_DOOR, _DOOR_ONLY, _NAMED_UNIT):
        if (match := way.fullmatch(text)) is not None and not _hides_a_building(match):
            told = match.groupdict()
            building, entrance = _unpadded(told.get("building")), _unpadded(told.get("entrance"))
            dashed = told.get("mark") == "-" and not entrance
            return Parsed(
                Place(building, entrance, told["door"], dashed, (told.get("before") or "").strip("-"))
            )
    message = _(
        "“%(word)s” is not a unit. Write building-entrance-door, such as 3-1-1102.", word=flat(cell)[:20]
    )
    return Parsed(None, (message,))


def _hides_a_building(match: re.Match[str]) -> bool:
    """Whether what stands before a building's number is a building itself: ``南楼3-301``."""
    return _ENDS_AS_BUILDING.fullmatch(match.groupdict().get("before") or "") is not None


def kind_of_door(door: str) -> str:
    """What a door's own number says it is: 商铺 of 商铺12; empty for a number alone."""
    match = re.match(_KINDS, door)
    return match[0] if match is not None else ""


def level_of(before: str) -> str:
    """The phase or part of an estate, whose buildings count from 1 again, at the end of a text: ``一期``,
    ``A区``, ``5苑``; empty where it names none.
    """
    ends = [match for match in _LEVEL.finditer(_bare(before).strip("-")) if match.end() == len(match.string)]
    return ends[0][0] if ends else ""


def level_in(text: str) -> str | None:
    """The phase or part of the estate that a title or a sheet's name tells, such as ``一期``; None where it
    tells none or several.
    """
    levels = set(_LEVEL_IN.findall(_bare(text)))
    return levels.pop() if len(levels) == 1 else None


def parse_building(cell: Cell) -> Parsed:
    """A Place with a building alone, from a column of its own: ``3``, ``3栋``, ``一期3栋``, ``三号楼``,
    ``A座``, ``商铺``.
    """
    text = _bare(flat(cell))
    if is_nothing(text):
        return Parsed()
    match = None if _turned_into_a_day(cell) else _BUILDING_ONLY.fullmatch(text)
    if match is not None and not _hides_a_building(match):
        return Parsed(Place(_unpadded(match["building"]), None, "", before=match["before"] or ""))
    if _NAMED_BUILDING.fullmatch(text) and level_of(text) != text:
        return Parsed(Place(text, None, ""))
    return _no_part(cell)


def parse_entrance(cell: Cell) -> Parsed:
    """An entrance from a column of its own: ``1``, ``1单元``."""
    text = _bare(flat(cell))
    if is_nothing(text):
        return Parsed()
    match = None if _turned_into_a_day(cell) else _ENTRANCE_ONLY.fullmatch(text)
    return _no_part(cell) if match is None else Parsed(_unpadded(match["entrance"]))


def _no_part(cell: Cell) -> Parsed:
    return Parsed(
        None,
        (
            _(
                "“%(word)s” is neither a building nor an entrance. Write only its number or letter.",
                word=flat(cell)[:20],
            ),
        ),
    )


def place_in(text: str) -> tuple[str, str | None] | None:
    """The building (and entrance) a title or a sheet's name tells, such as ``3号楼业主信息表``; None where it
    tells none or several.
    """
    places = {
        (_unpadded(match["building"]) or "", _unpadded(match["entrance"]))
        for match in _BUILDING_IN.finditer(_bare(text))
    }
    return places.pop() if len(places) == 1 else None


def entrance_in(text: str) -> str | None:
    """The entrance a heading tells without its building, such as ``2单元``; None where it tells none or
    several.
    """
    entrances = {_unpadded(entrance) for entrance in _ENTRANCE_IN.findall(_bare(text))}
    return entrances.pop() if len(entrances) == 1 else None


def agreed(place: Place, other: Place) -> Place | None:
    """The unit that two columns of one line tell, the one completing the other; None where they tell of
    two.
    """
    for told, also in zip(place[:2], other[:2], strict=True):
        if told is not None and also is not None and told != also:
            return None
    if _unpadded(place.door) != _unpadded(other.door):
        return None
    fuller, lesser = (place, other) if place.building is not None else (other, place)
    return fuller._replace(entrance=fuller.entrance or lesser.entrance, dashed=False)


def joined(place: Place, building: str | None, entrance: str | None) -> Place:
    """A place completed by what columns of their own or the title say."""
    if (
        place.dashed
        and building != place.building
        and place.entrance is None
        and _may_be_entrance(place.building, building)
    ):
        return Place(building, place.building, place.door)
    of_this = building is None or place.building in (None, building)
    return place._replace(
        building=place.building or building, entrance=place.entrance or (entrance if of_this else None)
    )


def _may_be_entrance(first: str | None, building: str | None) -> bool:
    """Whether what stands first in ``3-1102`` can be an entrance of a building told elsewhere; a named one
    has no numbered entrances.
    """
    return bool(
        first and building and _ENTRANCE_ONLY.fullmatch(first) and not _NAMED_BUILDING.fullmatch(building)
    )
