"""The units an estate has, found by how a sheet writes them: exactly, without the entrance, or without the
noughts Excel took away.
"""

from collections.abc import Iterable

from models.estate.register_place import Place
from models.estate.unit import Unit


def _key(code: str) -> tuple[str, ...]:
    return tuple(code.upper().split("-"))


def _loose(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.lstrip("0") or "0" for part in parts)


class KnownUnits:
    """The units within one's reach."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_text: dict[str, Unit] = {}
        self.by_code: dict[tuple[str, ...], Unit] = {}
        self._without_entrance: dict[tuple[str, ...], list[Unit]] = {}
        self._loosely: dict[tuple[str, ...], list[Unit]] = {}
        self._parts: dict[str, set[int]] = {}
        for unit in units:
            key = _key(unit.code_name)
            self.by_text[unit.code_name] = unit
            self.by_code[key] = unit
            short = (key[0], key[-1])
            self._parts.setdefault(_loose(key)[0], set()).add(len(key))
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
        return (
            Place(parts[0], parts[1] if len(parts) == 3 else None, parts[-1])
            if len(parts) in (2, 3)
            else None
        )

    def parts_of(self, building: str) -> set[int]:
        """Of how many parts the codes of a building's units are: 2 where it has no entrances; empty for a
        building nobody knows.
        """
        return self._parts.get(_loose([building.upper()])[0], set())

    def meant(self, place: Place) -> Unit | None:
        """The only unit that fits a place; None where none or several do."""
        parts = tuple(
            part.upper() for part in (place.building or "", place.entrance, place.door) if part is not None
        )
        if place.entrance is not None and parts in self.by_code:
            return self.by_code[parts]
        exactly = self._without_entrance.get(parts, []) if place.entrance is None else []
        found = exactly or self._loosely.get(_loose(parts), [])
        return found[0] if len(found) == 1 else None

    def place_of(self, place: Place) -> Place:
        """The place as the estate writes it, where it has the unit."""
        unit = self.meant(place)
        return (self.named(unit.code_name) if unit is not None else None) or place
