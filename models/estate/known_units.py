"""The units an estate has, found by how a sheet writes them: exactly, without the entrance, or without the
noughts Excel took away.
"""

from collections.abc import Iterable

from app.ground.text import natural
from models.estate.register_place import Place, kind_of_door
from models.estate.unit import Unit

Parts = tuple[str, ...]


def _key(code: str) -> Parts:
    return tuple(code.upper().split("-"))


def _loose(parts: Parts) -> Parts:
    return tuple(natural(part) for part in parts)


class KnownUnits:
    """The units within one's reach."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_text: dict[str, Unit] = {}
        self.by_code: dict[Parts, Unit] = {}
        self._without_entrance: dict[Parts, list[Unit]] = {}
        self._loosely: dict[Parts, list[Unit]] = {}
        self._parts: dict[str, set[int]] = {}
        for unit in units:
            key = _key(unit.code_name)
            self.by_text[unit.code_name] = unit
            self.by_code[key] = unit
            short = (key[0], key[-1]) if len(key) > 1 else key
            self._parts.setdefault(natural(key[0]), set()).add(len(key))
            self._without_entrance.setdefault(short, []).append(unit)
            for loose in {_loose(key), _loose(short)}:
                self._loosely.setdefault(loose, []).append(unit)

    def of(self, code: str) -> Unit | None:
        """The unit of this very code."""
        return self.by_text.get(code) or self.by_code.get(_key(code))

    def named(self, text: str) -> Place | None:
        """The place of the unit whose whole code this very text is."""
        unit = self.by_text.get(text)
        parts = unit.code_name.split("-") if unit is not None else []
        if len(parts) == 1:
            return Place("", None, parts[0])
        return (
            Place(parts[0], parts[1] if len(parts) == 3 else None, parts[-1]) if 1 < len(parts) < 4 else None
        )

    def parts_of(self, building: str) -> set[int]:
        """Of how many parts the codes of a building's units are: 2 where it has no entrances; empty for a
        building nobody knows.
        """
        return self._parts.get(natural(building), set())

    def has_building(self, name: str) -> bool:
        """Whether it has units of a building that is called so."""
        return bool(self.parts_of(name))

    def meant(self, place: Place) -> Unit | None:
        """The only unit that fits a place; None where none or several do. 商铺12 may be 商铺-12."""
        word = kind_of_door(place.door) if place.building == "" else ""
        for told in (place[:3], (word, None, place.door[len(word) :].strip("-")) if word else None):
            parts = tuple(part.upper() for part in told or () if part)
            if not parts:
                continue
            if len(parts) != 2 and parts in self.by_code:
                return self.by_code[parts]
            exactly = self._without_entrance.get(parts, []) if place.entrance is None else []
            units = exactly or self._loosely.get(_loose(parts), [])
            if units:
                return units[0] if len(units) == 1 else None
        return None

    def place_of(self, place: Place) -> Place:
        """The place as the estate writes it, where it has the unit."""
        unit = self.meant(place)
        return (self.named(unit.code_name) if unit is not None else None) or place
