"""Figures: what is counted of a form's records, said once and read wherever numbers stand.

A number and the list that it opens ask for the same records by the same clause (``Part.where``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, and_, case, cast, true

from app.declare.conditions import Conditions, clauses_of
from app.declare.duties import Clause
from app.declare.filters import Filter, Labels
from app.declare.kind import ChoiceKind, Kind
from app.declare.kinds import DayKind
from app.ground import periods
from app.ground.database import among
from app.ground.language import gettext as _
from app.ground.periods import Period
from app.ground.spelling import known_words
from app.ground.text import whole
from app.ground.words import Words

AREA, STATE = "area", "state"  # by what every record can be told apart, beside its boxes
MADE = "created_at"
MET, MISSED = "met", "missed"  # of a share: the records that count, and the others
Of = Literal["count", "share", "sum", "mean"]


@dataclass(frozen=True, eq=False)
class Figure:
    """A measure of a form: how many of its records, which share of them, the sum or the mean of a box; by
    what it is told apart, per what period, by which of its moments.
    """

    label: Words
    of: Conditions
    share: Conditions | None = None
    sum: str = ""
    mean: str = ""
    by: tuple[str, ...] = ()
    per: str = "month"
    at: str = MADE
    read: tuple[Clause, ...] = ()
    on_home: bool = False
    name: str = ""

    @property
    def measures(self) -> Of:
        """What it tells of the records."""
        return "share" if self.share is not None else "sum" if self.sum else "mean" if self.mean else "count"

    @property
    def counts(self) -> bool:
        """Whether it tells how many there are, and nothing else."""
        return self.measures == "count"

    @property
    def box(self) -> str:
        """The box that is added up; nothing where records are counted."""
        return self.sum or self.mean

    def added(self, cls: Any) -> Any:
        """The column that is added up; a rating as the number it is."""
        column = getattr(cls, self.box)
        return cast(column, Integer) if isinstance(cls.fields[self.box].kind, ChoiceKind) else column


@known_words()
def figure(
    chinese: str,
    english: str,
    *,
    of: Conditions | None = None,
    share: Conditions | None = None,
    sum: str = "",
    mean: str = "",
    by: Sequence[str] = (),
    per: str = "month",
    at: str = MADE,
    read: Sequence[Clause] = (),
    on_home: bool = False,
) -> Figure:
    """Declare a figure; without ``share``, ``sum`` or ``mean`` it counts."""
    named = Words(chinese, english)
    return Figure(named, of or {}, share, sum, mean, tuple(by), per, at, tuple(read), on_home)


@dataclass(frozen=True)
class Part:
    """Some of the records that a figure is made of: those of a period, that meet its share or don't, with a
    value in a box, of an office.
    """

    figure: Figure
    side: str = ""
    period: Period | None = None
    by: Mapping[str, str] = field(default_factory=dict)
    office: int | None = None

    @property
    def code(self) -> str:
        """As an address names it: ``on_time~missed~2026-11~category=water``."""
        parts = [self.figure.name, self.side, self.period.code if self.period else ""]
        parts += [f"{name}={value}" for name, value in self.by.items()]
        parts += [f"office={self.office}"] if self.office else []
        return "~".join(part for part in parts if part)

    def where(self, cls: Any) -> list[ColumnElement[bool]]:
        """The clauses that its records, and no others, fulfil."""
        figure = self.figure
        holding = [*clauses_of(cls, figure.of), *_not_void(cls, figure)]
        if figure.box:
            holding.append(getattr(cls, figure.box).is_not(None))
        if self.side and figure.share is not None:
            met = met_of(cls, figure)
            holding.append(met if self.side == MET else ~met)
        if self.period is not None:
            holding += within(cls, figure, self.period)
        holding += [_named(cls, name, value) for name, value in self.by.items()]
        return holding + ([cls.office_id == self.office] if self.office else [])

    def said(self, cls: Any, label: Labels) -> Iterator[str]:
        """What it says of itself, part by part."""
        yield str(self.figure.label)
        if self.side:
            yield _("met") if self.side == MET else _("not met")
        if self.period is not None:
            yield str(self.period)
        for name, value in self.by.items():
            yield value_of(cls, name, value, label)


def met_of(cls: Any, figure: Figure) -> ColumnElement[bool]:
    """Whether a record meets a share, as a clause that is never unknown."""
    return case((and_(true(), *clauses_of(cls, figure.share or {})), 1), else_=0) == 1


def _not_void(cls: Any, figure: Figure) -> list[ColumnElement[bool]]:
    """What was voided counts nowhere, unless a figure speaks of states itself; by when they were made, the
    others are said one by one, as the index of states and that moment has them.
    """
    states = getattr(cls, "states", None) or {}
    if "void" not in states or STATE in figure.of:
        return []
    others = [name for name in states if name != "void"]
    return [among(cls.state, others) if figure.at == MADE else cls.state != "void"]


def within(cls: Any, figure: Figure, period: Period) -> list[ColumnElement[bool]]:
    """Whether a record's moment lies in a period."""
    column: Any = getattr(cls, figure.at)
    start, end = bounds(cls, figure, period)
    return [column >= start, column < end]


def bounds(cls: Any, figure: Figure, period: Period) -> tuple[Any, Any]:
    """Where a period begins and ends, as a figure's moment is kept."""
    declared = cls.fields.get(figure.at)
    by_days = declared is not None and isinstance(declared.kind, DayKind)
    return (period.first, period.end) if by_days else (period.begins, period.ends)


def column_of(cls: Any, name: str) -> Any:
    """The column that tells a figure's records apart."""
    if name == AREA:
        return cls.area_id
    return cls.state if name == STATE else getattr(cls, cls.fields[name].column)


def value_of(cls: Any, name: str, value: str, label: Labels) -> str:
    """What a value that tells apart says."""
    if value == "":
        return _("None given")
    if name == STATE:
        return str(cls.states[value].label) if value in cls.states else value
    if name == AREA:
        return label(None, value)
    declared = cls.fields[name]
    if declared.is_reference:
        return label(declared.kind.target, value)
    return str(declared.kind.choices().get(value, value))


def _named(cls: Any, name: str, value: str) -> ColumnElement[bool]:
    """The clause of a value that tells apart."""
    column = column_of(cls, name)
    if value == "":
        return column.is_(None)  # type: ignore[no-any-return]
    if _is_told_by_id(cls, name):
        return column == whole(value)  # type: ignore[no-any-return]
    return column == (value if name == STATE else cls.fields[name].kind.parse(value))  # type: ignore[no-any-return]


def _is_told_by_id(cls: Any, name: str) -> bool:
    """Whether what tells records apart is another record."""
    return name == AREA or (name in cls.fields and cls.fields[name].is_reference)


def read_part(cls: Any, code: str) -> Part | None:
    """The part of a figure that an address names; None for what is none."""
    name, *rest = code.split("~")
    figure = cls.figures.get(name)
    if figure is None:
        return None
    side, period, office, by = "", None, None, {}
    for piece in rest:
        box, equals, value = piece.partition("=")
        if equals and box == "office" and (office := whole(value)) is not None:
            continue
        if equals and box in figure.by and _is_value(cls, box, value):
            by[box] = value
        elif piece in (MET, MISSED) and figure.share is not None and not side:
            side = piece
        elif period is None and (period := periods.read(piece)) is not None:
            continue
        else:
            return None
    return Part(figure, side, period, by, office)


def _is_value(cls: Any, name: str, value: str) -> bool:
    if value == "":
        return True
    if name == STATE:
        return value in cls.states
    if _is_told_by_id(cls, name):
        return whole(value) is not None
    return value in cls.fields[name].kind.choices()


class PartFilter(Filter):
    """By the part of a figure, as a number leads to its records; nobody types it."""

    drawn = ""

    def condition(self, kind: Kind, column: Any, at: int, value: str) -> ColumnElement[bool] | None:
        part = read_part(kind.target, value)
        return None if part is None else and_(*part.where(kind.target))

    def said(self, kind: Kind, values: Sequence[str], label: Labels) -> str:
        part = read_part(kind.target, values[0])
        return " · ".join(part.said(kind.target, label)) if part is not None else ""


class PartKind(Kind):
    """The records of a figure of a class."""

    filter = PartFilter()

    def __init__(self, target: Any) -> None:
        self.target = target
