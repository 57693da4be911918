"""Figures worked out: each by one statement, within what a person reaches; every number with the address of
the list that has its records.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from app.act.asking import FIGURE, Asked
from app.declare.figure import AREA, MISSED, STATE, Figure, Part, bounds, column_of, met_of, value_of
from app.declare.kinds import ChoiceKind, YesNoKind
from app.declare.person import Person
from app.declare.record import Record, registry
from app.ground import clock, periods
from app.ground.database import among, db
from app.ground.language import lazy_gettext as _l
from app.ground.periods import Period
from app.people import access
from app.people.access import Reach
from app.people.users import Area

KEY = "figure_key"  # no column's name
TREND = "trend"  # the part of a statement that goes through the periods
STATISTICS = "/admin/statistics/"
KEPT_FOR, MOST_KEPT = 300.0, 1000  # seconds, and numbers, of the first page
SPANS = {"day": 31, "month": 12, "quarter": 8, "year": 5}  # periods of a trend
NONE = "—"
TENTH = Decimal("0.1")


@dataclass
class Cell:
    """What was counted: how many records, and how many of them meet the share, or what they add up to."""

    records: int = 0
    amount: Decimal = Decimal(0)

    def add(self, records: int, amount: Any) -> None:
        """Add what another part of the reach has."""
        self.records += records
        self.amount += Decimal(amount or 0)


@dataclass(frozen=True)
class Number:
    """A figure's number: its value (None over no records), as people read it, its records and their list."""

    label: str
    value: Decimal | None
    text: str
    records: int
    url: str
    missed: str = ""  # the list of those that don't meet a share


@dataclass
class Told:
    """A figure as it is told: now, before, through the periods, and by what it is told apart."""

    cls: Any
    figure: Figure
    period: Period
    now: Number
    before: Number
    trend: Sequence[Number]
    by: Mapping[str, Sequence[Number]] = field(default_factory=dict)

    def heading(self, name: str) -> str:
        """What a table by something has above its labels."""
        return str(label_of(self.cls, name))


def label_of(cls: Any, name: str) -> Any:
    """What a figure is told apart by, as people call it."""
    if name == STATE:
        return _l("State")
    if name != AREA:
        return cls.fields[name].label
    places = [place for place in registry.values() if issubclass(place, Area)]
    return min(places, key=lambda place: place.part is None).title


def reach_of(person: Person, cls: type[Record], figure: Figure) -> Reach:
    """How far a person reads a figure that their duties open: as far as its records."""
    read = access.reach(person, cls.access.by("read"))
    return read if not figure.read or access.reach(person, figure.read) else access.NOWHERE


def reads_any(person: Person) -> bool:
    """Whether any figure is a person's business."""
    return any(reach_of(person, cls, figure) for cls in registry.values() for figure in cls.figures.values())


def readable(person: Person) -> dict[type[Record], list[Figure]]:
    """The figures that a person may read, by their forms."""
    told = {
        cls: [figure for figure in cls.figures.values() if reach_of(person, cls, figure)]
        for cls in registry.values()
        if cls.figures
    }
    return {cls: figures for cls, figures in told.items() if figures}


def told(
    cls: Any,
    figure: Figure,
    person: Person,
    period: Period,
    office: int | None = None,
    by: Iterable[str] | None = None,
) -> Told:
    """A figure for a period, of all offices or one; one statement, and one for each kind of names in it."""
    reach = reach_of(person, cls, figure)
    period = at_least(figure, period)
    names = [name for name in (figure.by if by is None else by) if name in figure.by]
    span = period.last(max(SPANS[period.kind], 2))
    cells = _counted(cls, figure, reach, span, names, office)
    labels = _Labels(cls)
    labels.read(cells)
    whole = Part(figure, office=office)

    def number(label: str, part: Part, key: tuple[str, str | None]) -> Number:
        return _number(cls, label, part, cells.get(key, Cell()))

    trend = [
        number(each.brief, replace(whole, period=each), (TREND, str(at))) for at, each in enumerate(span)
    ]
    within = replace(whole, period=period)
    by_names = {
        name: [
            number(value_of(cls, name, key, labels.of), replace(within, by={name: key}), (name, key or None))
            for key in _ordered(cls, name, cells)
        ]
        for name in names
    }
    return Told(cls, figure, period, trend[-1], trend[-2], trend, by_names)


def at_least(figure: Figure, period: Period) -> Period:
    """The period, or the one around it where a figure is told for longer ones only."""
    longer = max(periods.KINDS.index(figure.per), periods.KINDS.index(period.kind))
    return periods.of(periods.KINDS[longer], period.first)


Cells = dict[tuple[str, str | None], Cell]


def _counted(
    cls: Any, figure: Figure, reach: Reach, span: Sequence[Period], names: Sequence[str], office: int | None
) -> Cells:
    """Everything a figure is told by, asked in one statement."""
    cells: Cells = {}
    for what, key, records, amount in db.session.connection().execute(
        statement(cls, figure, reach, span, names, office)
    ):
        cells.setdefault((what, key), Cell()).add(records, amount)
    return cells


def statement(
    cls: Any, figure: Figure, reach: Reach, span: Sequence[Period], names: Sequence[str], office: int | None
) -> Any:
    """The statement: through the periods of a span, and for its last one by each of the names."""
    at: Any = getattr(cls, figure.at)
    through = case(
        *((at < bounds(cls, figure, period)[1], literal(str(index))) for index, period in enumerate(span))
    )
    parts = [(TREND, through, (span[0], span[-1]))]
    parts += [(name, _key(cls, name), (span[-1], span[-1])) for name in names]
    amount, asked = _amount(cls, figure), []
    for what, key, (first, last) in parts:
        begins, ends = bounds(cls, figure, first)[0], bounds(cls, figure, last)[1]
        holding = [*Part(figure, office=office).where(cls), at >= begins, at < ends]
        for piece in _pieces(cls, reach):
            chosen = select(literal(what, String), cast(key, String).label(KEY), func.count(), amount)
            asked.append(chosen.select_from(cls).where(piece, *holding).group_by(KEY))
    return union_all(*asked)


HomeKey = tuple[str, str, Reach, str]


def at_home(person: Person) -> list[Number]:
    """This month's numbers of the figures that the first page shows, each with the statistics' address.

    They are kept for minutes, in this process: nobody waits for them each time, and what they lead to is
    counted anew.
    """
    month = periods.of("month", clock.today())
    here = {
        (cls.name, figure.name, reach, month.code): (cls, figure)
        for cls in registry.values()
        for figure in cls.figures.values()
        if figure.on_home and (reach := reach_of(person, cls, figure))
    }
    kept: dict[HomeKey, tuple[float, Cell]] = current_app.extensions.setdefault("figures_at_home", {})
    if len(kept) > MOST_KEPT:
        kept.clear()
    old = [key for key in here if key not in kept or kept[key][0] < time.monotonic()]
    for key, cell in zip(old, _at_home(old, here, month), strict=True):
        kept[key] = time.monotonic() + KEPT_FOR, cell
    numbers = []
    for key, (cls, figure) in here.items():
        cell = kept[key][1]
        value = value_over(figure, cell)
        url = f"{STATISTICS}?{urlencode({'form': cls.name, 'period': month.code})}"
        numbers.append(Number(str(figure.label), value, shown(cls, figure, value), cell.records, url))
    return numbers


def _at_home(
    keys: Sequence[HomeKey], here: Mapping[HomeKey, tuple[Any, Figure]], month: Period
) -> list[Cell]:
    """Several figures for a month, counted by one statement."""
    asked, cells = [], [Cell() for _key in keys]
    for at, key in enumerate(keys):
        cls, figure = here[key]
        amount = type_coerce(_amount(cls, figure), BigInteger)
        for piece in _pieces(cls, key[2]):
            counted = select(literal(at, Integer), func.count(), amount).select_from(cls)
            asked.append(counted.where(piece, *Part(figure, period=month).where(cls)))
    for at, records, summed in db.session.connection().execute(union_all(*asked)) if asked else ():
        cls, figure = here[keys[at]]
        places = getattr(getattr(cls, figure.box).type, "places", 0) if figure.box else 0
        cells[at].add(records, Decimal(summed or 0).scaleb(-places))
    return cells


def _amount(cls: Any, figure: Figure) -> Any:
    """What is added up beside the count of records."""
    if figure.measures == "share":
        return func.sum(case((met_of(cls, figure), 1), else_=0))
    return func.sum(figure.added(cls)) if figure.box else cast(null(), BigInteger)


def _key(cls: Any, name: str) -> Any:
    """What tells apart, as a text."""
    column = column_of(cls, name)
    declared = cls.fields.get(name)
    if declared is not None and isinstance(declared.kind, YesNoKind):
        return case((column.is_(True), "1"), (column.is_(False), "0"))
    return column


def _pieces(cls: Any, reach: Reach) -> list[ColumnElement[bool]]:
    """A reach in few conditions, each answered by an index with the moment behind it."""
    here = among(cls.office_id, reach.offices)
    if reach.areas is None:
        return [here]
    own = [among(cls.area_id, reach.areas)] if reach.areas else []
    return [*own, and_(here, cls.area_id.is_(None))]


class _Labels:
    """The names of the records that tell a figure apart, read in one go for each class."""

    def __init__(self, cls: Any) -> None:
        self.cls = cls
        self.known: dict[tuple[Any, str], str] = {}

    def read(self, cells: Cells) -> None:
        """Those that stand in some cells."""
        wanted: dict[Any, set[int]] = {}
        for name, key in cells:
            if key is None or name == TREND or (target := self._target(name)) is False:
                continue
            wanted.setdefault(target, set()).add(int(key))
        for target, keys in wanted.items():
            real: Any = target or Area
            for row in db.session.execute(select(real).where(real.id.in_(keys))).scalars():
                self.known[target, str(row.id)] = str(row)

    def _target(self, name: str) -> Any:
        if name == AREA:
            return None
        declared = self.cls.fields.get(name)
        return declared.kind.target if declared is not None and declared.is_reference else False

    def of(self, target: Any, key: str) -> str:
        """The name of a record."""
        return self.known.get((target, key), key)


def _ordered(cls: Any, name: str, cells: Cells) -> list[str]:
    """What a figure is told apart by: a scale in its order, all else by how many there are; none given
    last.
    """
    known = {key or "": cell for (what, key), cell in cells.items() if what == name}
    declared = cls.fields.get(name)
    if declared is not None and isinstance(declared.kind, ChoiceKind) and declared.kind.scale:
        order = {key: at for at, key in enumerate(declared.kind.options)}
        return sorted(known, key=lambda key: (key == "", order.get(key, len(order))))
    return sorted(known, key=lambda key: (key == "", -known[key].records, key))


def _number(cls: Any, label: str, part: Part, cell: Cell) -> Number:
    figure = part.figure
    value = value_over(figure, cell)
    address = _address(cls, part) if cell.records else ""
    missed = ""
    if figure.measures == "share" and cell.records > cell.amount:
        missed = _address(cls, replace(part, side=MISSED))
    return Number(label, value, shown(cls, figure, value), cell.records, address, missed)


def value_over(figure: Figure, cell: Cell) -> Decimal | None:
    """What a figure comes to; None over no records, but for how many there are."""
    if figure.measures == "count":
        return Decimal(cell.records)
    if not cell.records:
        return None
    if figure.measures == "sum":
        return cell.amount
    return cell.amount / cell.records * (100 if figure.measures == "share" else 1)


def shown(cls: Any, figure: Figure, value: Decimal | None) -> str:
    """A figure's value as people read it."""
    if value is None:
        return NONE
    if figure.measures == "count":
        return f"{value:,.0f}"
    if figure.measures == "share":
        return f"{_tenths(value)}%"
    kind = cls.fields[figure.box].kind
    if figure.measures == "mean" or isinstance(kind, ChoiceKind):
        return f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
    return str(kind.show(kind.rounded(value)))


def _tenths(value: Decimal) -> str:
    """A share to a tenth; 100 and 0 stand for all and none alone."""
    rounded = value.quantize(TENTH, ROUND_HALF_UP)
    if rounded == 100 and value < 100:
        rounded -= TENTH
    if rounded == 0 and value > 0:
        rounded += TENTH
    return f"{rounded.normalize():f}" if rounded == rounded.to_integral_value() else f"{rounded}"


def _address(cls: Any, part: Part) -> str:
    """The list of a part's records."""
    return f"/admin/{cls.name}/?{urlencode(Asked(filters={FIGURE: part.code}).parameters())}"
