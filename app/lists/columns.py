"""The columns a list shows or a sheet holds, and the one select that reads them with their references."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.types import NullType

from app.act.asking import KINDS
from app.declare.fields import Field
from app.declare.form import Form
from app.declare.kinds import ChoiceKind, Kind
from app.declare.record import Record
from app.ground.language import lazy_gettext as _l
from app.people.users import User

STORED = ("as kept",)


@dataclass
class Column:
    """A column of a list or sheet: where its value comes from and how it is read."""

    name: str
    label: Any
    value: Any
    show: Callable[[Any], str]
    kind: Kind
    field: Field | None = None

    def cells(self, full: bool) -> Callable[[Any], Any] | None:
        """What makes a sheet's cells of its values; None where they are cells already."""
        return self.kind.cells() if self.field is None else self.field.cells(full)


class Plan:
    """Which columns a list shows or a sheet holds, and the one select that reads them."""

    def __init__(self, cls: type[Record], names: Sequence[str], full: bool = False) -> None:
        self.cls, self.full = cls, full
        self._made: dict[tuple[Any, ...], Select[Any]] = {}
        self.joins: list[tuple[Any, Any]] = []
        self.columns = [self._column(name) for name in names if name in available(cls)]

    def _column(self, name: str) -> Column:
        cls: Any = self.cls
        if name in ENGINE:
            kind = _kind_of(cls, name)
            made_by = name == "created_by"
            value = self._label(User, cls.created_by_id) if made_by else getattr(cls, name)
            return Column(name, ENGINE[name], value, kind.show, kind)
        field = cls.fields[name]
        value, show = getattr(cls, field.column), field.reader(self.full)
        if field.is_reference:
            value, show = self._label(field.kind.target, value), str
        return Column(name, field.label, value, show, field.kind, field)

    def _label(self, target: Any, key: Any) -> Any:
        other = aliased(target)
        self.joins.append((other, other.id == key))
        named = target.fields.get(target.label)
        if named is not None and named.is_reference:
            return self._label(named.kind.target, getattr(other, named.column))
        return getattr(other, target.label)

    def select(self, *more: Any) -> Select[Any]:
        """The statement, without conditions: more columns first, then the plan's own."""
        if more not in self._made:
            self._made[more] = self._select(*more)
        return self._made[more]

    def of(self, *more: Any) -> Select[Any]:
        """The same for the records whose ids are given as ``ids``."""
        key = ("of", *more)
        if key not in self._made:
            cls: Any = self.cls
            self._made[key] = self.select(*more).where(cls.id.in_(bindparam("ids", expanding=True)))
        return self._made[key]

    def stored(self) -> Select[Any]:
        """The statement, without conditions, whose values come as the database keeps them."""
        if STORED not in self._made:
            self._made[STORED] = self._select(raw=True)
        return self._made[STORED]

    def _select(self, *more: Any, raw: bool = False) -> Select[Any]:
        values = (type_coerce(column.value, NullType) if raw else column.value for column in self.columns)
        asked = select(*more, *values).select_from(self.cls)
        for other, on in self.joins:
            asked = asked.outerjoin(other, on)
        return asked


@lru_cache(maxsize=512)
def plan_of(cls: type[Record], names: tuple[str, ...], full: bool = False) -> Plan:
    """A plan, made once for each choice of columns."""
    return Plan(cls, names, full)


ENGINE: dict[str, Any] = {
    "number": _l("Number"),
    "state": _l("State"),
    "due_at": _l("Due"),
    "created_at": _l("Made"),
    "created_by": _l("Made by"),
}


def label_of(cls: type[Record], name: str) -> Any:
    """The head of a column."""
    return cls.fields[name].label if name in cls.fields else ENGINE[name]


class _Named(Kind):
    """A number, or who made a record."""

    width = 16


def _kind_of(cls: Any, name: str) -> Kind:
    """The kind of a column that every record has."""
    if name != "state":
        return KINDS.get(name, _Named())
    kind = ChoiceKind({state.name: state.label for state in cls.states.values()})
    kind.width = 16
    return kind


@lru_cache(maxsize=256)
def available(cls: type[Record]) -> tuple[str, ...]:
    """Every column a person may choose for a list or sheet, in the form's order."""
    engine = ["number"] if cls.prefix else []
    form = ["state", "due_at"] if issubclass(cls, Form) and cls.states else []
    return (
        *engine,
        *(name for name, field in cls.fields.items() if not field.is_lines),
        *form,
        "created_at",
        "created_by",
    )
