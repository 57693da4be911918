"""What somebody means who says a unit or a building in their own way: the labels the estate can have for it,
by the import's own reader.
"""

import re
from collections.abc import Sequence

from app.workbook.sheet_reader import Cell
from models.estate.register_place import Place, kind_of_door, level_of, parse_building, parse_unit

_MARKED = re.compile("[栋幢座楼单#＃]")
_SAID_FIRST = re.compile(r"\s*[0-9A-Za-z０-９一二两三四五六七八九十]")
MARKS = (
    "栋",
    "幢",
    "座",
    "号楼",
    "号栋",
    "楼",
    "#",
    "#楼",
    "#栋",
)  # what a number of a building is followed by


def units_meant(text: str) -> Sequence[str]:
    """Codes a text can mean: building, entrance and door; the entrance open where it wasn't said, the
    building for a door alone.
    """
    if len(text) > 40 or (re.search(r"\s", text.strip()) and not _MARKED.search(text)):
        return ()
    place: Place | None = parse_unit(Cell("", 1, "A", text)).value
    if place is None or _named_before(place):
        return ()
    building, entrance, door = place[:3]
    if building is None:
        fronts = ["*-" if entrance is None else f"*-{entrance}-", *([""] if kind_of_door(door) else [])]
    else:
        building = place.before + building
        fronts = [f"{building}-*-", f"{building}-"] if entrance is None else [f"{building}-{entrance}-"]
    return [f"{front}{door_code}" for front in fronts for door_code in _padded(door)]


def _named_before(place: Place) -> bool:
    """Whether the name of an estate stands before a building; a phase of one is part of its name."""
    return place.before != level_of(place.before)


def _padded(door: str) -> Sequence[str]:
    """A door's number with and without the nought of a floor below ten: 329 is 0329."""
    return (door, f"0{door}") if re.fullmatch("[1-9][0-9]{2}", door) else (door,)


def buildings_meant(text: str) -> Sequence[str]:
    """Names a building's number can have in the estate; none where a phase or another name stands
    before it.
    """
    if len(text) > 20 or not _SAID_FIRST.match(text):
        return ()
    place: Place | None = parse_building(Cell("", 1, "A", text)).value
    if place is None or place.building is None or _named_before(place):
        return []
    building = place.before + place.building
    return [building, *(building + mark for mark in MARKS)]
