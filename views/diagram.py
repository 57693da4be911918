"""A form's states and steps as a drawing: its main way from the top down, states beside it on the right, each
step an arrow with its number in the table below.

A step to the next state is a straight arrow with its name. Any other has a lane of its own: on the left where
it stays within the main way, else between it and the states beside.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from app.declare.form import VOIDED, Form

WIDE, HIGH, GAP = 148, 38, 44  # a state's box, and between two
LANE, GUTTER, EDGE = 22, 92, 12  # between two lanes; beside the main way, for names; around all
NECK = 15  # half the height of a box that lanes lead to


@dataclass(frozen=True)
class Move:
    """A step, or what the office does by itself: its number, its name, from where to where."""

    number: str
    label: str
    pairs: tuple[tuple[str, str], ...]


@dataclass
class Place:
    """Where a state's box stands, and how many lanes came to either side of it."""

    row: int
    beside: bool
    lanes: dict[str, int] = field(default_factory=lambda: {"left": 0, "right": 0})


def moves(cls: type[Form], shown: Iterable[tuple[str, str, Sequence[str], Sequence[str]]]) -> list[Move]:
    """Those of (number, name, sources, targets) that lead anywhere else than where they begin, or to the
    voided.
    """
    led = []
    for number, label, sources, targets in shown:
        pairs = tuple(
            (source, target)
            for target in leads(sources, targets)
            for source in sources
            if source != target and cls.states[target].tone != VOIDED
        )
        if pairs:
            led.append(Move(number, label, pairs))
    return led


def leads(sources: Sequence[str], targets: Sequence[str]) -> list[str]:
    """To where a step leads that may as well stay: of several targets those that are no source."""
    return [target for target in targets if len(targets) == 1 or target not in sources]


class Drawing:
    """One form's drawing as it comes about."""

    def __init__(self, cls: type[Form], led: Sequence[Move]) -> None:
        states = {name: state for name, state in cls.states.items() if state.tone != VOIDED}
        self.cls, self.led = cls, led
        self.main = [name for name, state in states.items() if not state.side]
        self.places = {name: Place(at, False) for at, name in enumerate(self.main)}
        self._stand_beside([name for name, state in states.items() if state.side])
        self.straight: dict[tuple[str, str], list[Move]] = {}
        self.left: list[tuple[Move, list[tuple[str, str]]]] = []
        self.right: list[tuple[Move, list[tuple[str, str]]]] = []
        for move in led:
            self._route(move)

    def _stand_beside(self, names: Iterable[str]) -> None:
        """Each state beside the main way stands by the first that leads to it, or lower where one does."""
        taken: set[int] = set()
        for name in names:
            rows = [
                self.places[source].row
                for move in self.led
                for source, target in move.pairs
                if target == name and source in self.places
            ]
            row = min(rows, default=0)
            while row in taken:
                row += 1
            taken.add(row)
            self.places[name] = Place(row, True)

    def _route(self, move: Move) -> None:
        around = []
        for source, target in move.pairs:
            here, there = self.places[source], self.places[target]
            if not (here.beside or there.beside) and there.row == here.row + 1:
                self.straight.setdefault((source, target), []).append(move)
            else:
                around.append((source, target))
        if around:
            beside = any(self.places[name].beside for pair in around for name in pair)
            (self.right if beside else self.left).append((move, around))

    @property
    def start(self) -> int:
        """Where the main way's boxes begin, to the right of the left lanes."""
        return EDGE + LANE * len(self.left) + (LANE if self.left else 0)

    @property
    def beyond(self) -> int:
        """Where the boxes beside begin."""
        return self.start + WIDE + GUTTER + LANE * (len(self.right) + 1)

    def corner(self, name: str) -> tuple[int, int]:
        """The upper left corner of a state's box."""
        place = self.places[name]
        return self.beyond if place.beside else self.start, EDGE + place.row * (HIGH + GAP)

    def _port(self, name: str, lanes: str) -> tuple[int, int]:
        """Where a lane's line meets a box: each a little lower than the one before."""
        place, (x, y) = self.places[name], self.corner(name)
        side = "left" if lanes == "left" or place.beside else "right"
        met = place.lanes[side]
        place.lanes[side] += 1
        offset = (met * 8 + 4) % (2 * NECK) - NECK + 4
        return (x if side == "left" else x + WIDE), y + HIGH // 2 + offset

    def _lane(self, lanes: str, at: int) -> int:
        return (
            self.start - LANE * (at + 1)
            if lanes == "left"
            else self.start + WIDE + GUTTER + LANE * (at + 1) - LANE // 2
        )

    def draw(self, called: str) -> Markup:
        """The drawing; ``called`` is what it shows, for who can't see it."""
        parts = [*self._boxes(), *self._arrows()]
        for lanes, routed in (("left", self.left), ("right", self.right)):
            for at, (move, pairs) in enumerate(routed):
                parts += self._around(lanes, at, move, pairs)
        parts.sort(key=lambda part: part.startswith("<g>"))  # the numbers lie over every line
        rows = max(place.row for place in self.places.values()) + 1
        beside = any(place.beside for place in self.places.values())
        wide = (self.beyond + WIDE if beside else self.start + WIDE + GUTTER) + EDGE
        high = EDGE * 2 + rows * (HIGH + GAP) - GAP
        around = Markup(
            '<svg class="diagram" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img"'
            ' aria-label="{2}">{3}</svg>'
        )
        return around.format(wide, high, called, Markup("").join(parts))

    def _boxes(self) -> Iterator[Markup]:
        for name in self.places:
            state, (x, y) = self.cls.states[name], self.corner(name)
            yield Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="8"/>').format(
                state.tone, x, y, WIDE, HIGH
            )
            label = str(state.label)
            yield Markup('<text class="{}" x="{}" y="{}">{}</text>').format(
                "box small" if len(label.encode()) > 18 else "box", x + WIDE // 2, y + HIGH // 2, label
            )

    def _arrows(self) -> Iterator[Markup]:
        for (source, target), led in self.straight.items():
            x = self.corner(source)[0] + WIDE // 2
            y, ends = self.corner(source)[1] + HIGH, self.corner(target)[1]
            yield _line(f"M{x} {y}V{ends - 1}") + _head(x, ends, "down")
            for at, move in enumerate(led):
                middle = (y + ends) // 2 + at * 16 - (len(led) - 1) * 8 - 2
                yield _mark(x + 16, middle, move)
                yield Markup('<text class="name" x="{}" y="{}">{}</text>').format(
                    x + 29, middle, _short(move.label)
                )

    def _around(self, lanes: str, at: int, move: Move, pairs: list[tuple[str, str]]) -> Iterator[Markup]:
        x, heights = self._lane(lanes, at), []
        for name in dict.fromkeys(source for source, _target in pairs):
            port, y = self._port(name, lanes)
            heights.append(y)
            yield _line(f"M{port} {y}H{x}")
        for name in dict.fromkeys(target for _source, target in pairs):
            port, y = self._port(name, lanes)
            heights.append(y)
            towards = "right" if port > x else "left"
            yield _line(f"M{x} {y}H{port}") + _head(port, y, towards)
        yield _line(f"M{x} {min(heights)}V{max(heights)}")
        yield _mark(x, (min(heights) + max(heights)) // 2 + (at % 3 - 1) * 4, move)


def _short(label: str) -> str:
    return label if len(label) <= 16 else f"{label[:15]}…"


def _line(path: str) -> Markup:
    return Markup('<path d="{}"/>').format(path)


def _head(x: int, y: int, towards: str) -> Markup:
    turned = {
        "down": f"M{x} {y}l-4-7h8z",
        "right": f"M{x} {y}l-7-4v8z",
        "left": f"M{x} {y}l7-4v8z",
    }
    return Markup('<path class="head" d="{}"/>').format(turned[towards])


def _mark(x: int, y: int, move: Move) -> Markup:
    return Markup(
        '<g><title>{}</title><circle cx="{}" cy="{}" r="9"/><text class="mark" x="{}" y="{}">{}</text></g>'
    ).format(move.label, x, y, x, y, move.number)
