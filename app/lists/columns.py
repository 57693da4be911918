"""The columns a list shows or a sheet holds, and the one select that reads them with their references."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.types import NullType

from app.declare.fields import Field
from app.declare.form import Form
from app.declare.kinds import MomentKind
from app.declare.record import Record
from app.ground.language import lazy_gettext as _l

STORED = ("as kept",)


@dataclass
class Column:
    """A column of a list or sheet: where its value comes from and how it is read."""

    name: str
    label: Any
    value: Any
    show: Callable[[Any], str]
    field: Field | None = None


class Plan:
    """Which columns a list shows or a sheet holds, and the one select that reads them."""

    def __init__(self, cls: type[Record], names: Sequence[str], full: bool = False) -> None:
        self.cls, self.full = cls, full
        self._made: dict[tuple[Any, ...], Select[Any]] = {}
        self.joins: list[tuple[Any, Any]] = []
        self.columns = [self._column(name) for name in names if name in available(cls)]

    def _column(self, name: str) -> Column:
        cls: Any = self.cls
        if name == "created_by":
            return Column(name, ENGINE[name], self._label(_user(), cls.created_by_id), _text)
        if name in ENGINE:
            return Column(name, ENGINE[name], getattr(cls, name), _show_engine(cls, name))
        one = cls.fields[name]
        if one.is_reference:
            return Column(name, one.label, self._label(one.kind.target, getattr(cls, one.column)), _text, one)
        return Column(name, one.label, getattr(cls, one.column), one.reader(self.full), one)

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
        found = select(*more, *values).select_from(self.cls)
        for other, on in self.joins:
            found = found.outerjoin(other, on)
        return found


@lru_cache(maxsize=512)
def plan_of(cls: type[Record], names: tuple[str, ...], full: bool = False) -> Plan:
    """A plan, made once for each choice of columns."""
    return Plan(cls, names, full)


def _user() -> Any:
    from app.people.users import User

    return User


ENGINE: dict[str, Any] = {
    "number": _l("Number"),
    "state": _l("State"),
    "due_at": _l("Due"),
    "created_at": _l("Made"),
    "created_by": _l("Made by"),
}


def _text(value: Any) -> str:
    return str(value)


def _show_engine(cls: Any, name: str) -> Callable[[Any], str]:
    if name == "state":
        return lambda value: str(cls.states[value].label) if value in cls.states else str(value)
    return MomentKind().show if name in ("due_at", "created_at") else _text


@lru_cache(maxsize=256)
def available(cls: type[Record]) -> tuple[str, ...]:
    """Every column a person may choose for a list or sheet, in the form's order."""
    engine = ["number"] if cls.prefix else []
    form = ["state", "due_at"] if issubclass(cls, Form) and cls.states else []
    return (
        *engine,
        *(name for name, one in cls.fields.items() if not one.is_lines),
        *form,
        "created_at",
        "created_by",
    )
