"""The words of the demo estate, as ``words.toml`` has them: generated names and the stories of repairs and
complaints. None of it is about anybody.
"""

import tomllib
from pathlib import Path
from typing import Any

_words: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

SURNAMES: str = _words["SURNAMES"]
GIVEN: str = _words["GIVEN"]
BUILDING_ADDRESS: str = _words["BUILDING_ADDRESS"]
EMPLOYERS: list[str] = _words["EMPLOYERS"]
CARS: list[str] = _words["CARS"]
CARE: list[str] = _words["CARE"]
LAYOUTS: list[tuple[str, int, int]] = _words["LAYOUTS"]
ROOMS: list[tuple[str, bool]] = _words["ROOMS"]

FAULTS: dict[str, list[tuple[str, str, list[int]]]] = _words["FAULTS"]
PUBLIC_THINGS: list[str] = _words["PUBLIC_THINGS"]
EMERGENCIES: list[str] = _words["EMERGENCIES"]
HOME_WISHES: list[str] = _words["HOME_WISHES"]
PUBLIC_WISHES: list[str] = _words["PUBLIC_WISHES"]
WATER_WISHES: list[str] = _words["WATER_WISHES"]
SAID = {
    thing: tuple([] if part == "-" else part.split() for part in parts)
    for thing, parts in _words["THINGS"].items()
}
CLEANING: list[str] = _words["CLEANING"]
DEPARTMENTS: list[str] = _words["DEPARTMENTS"]
MATERIALS: dict[str, tuple[str, str]] = _words["MATERIALS"]
HOLDS: list[str] = _words["HOLDS"]
WORDS: dict[str, list[str]] = _words["WORDS"]
VOIDS: list[str] = _words["VOIDS"]
RARE: str = _words["RARE"]

COMPLAINTS: dict[str, list[tuple[str, str]]] = _words["COMPLAINTS"]
REASONS: dict[str, list[str]] = _words["REASONS"]
RESPONSIBLE: dict[str, list[str]] = _words["RESPONSIBLE"]
MEASURES: list[str] = _words["MEASURES"]

KEY_BORROWERS: dict[str, tuple[list[str], list[str], list[str]]] = _words["KEY_BORROWERS"]
VIOLATIONS: dict[str, list[tuple[str, str, str]]] = _words["VIOLATIONS"]

VACANT_BECAUSE: dict[str, list[str]] = _words["VACANT_BECAUSE"]
ALL_WELL: dict[str, str] = _words["ALL_WELL"]
EMPTY_FAULTS: list[dict[str, str]] = _words["EMPTY_FAULTS"]
