"""How a list is filtered by a kind of field: what the address says, the condition it becomes, what the filter
then says of itself.

A kind names its filter; ``drawn`` is the macro of ``templates/filters.html`` that offers it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, Text, and_, cast, false

from app.ground import clock
from app.ground.text import whole

if TYPE_CHECKING:
    from app.declare.kind import Kind

Labels = Callable[[Any, str], str]  # the label of a class's record by its id, for whoever asks


class Filter:
    """By one value, typed into the kind's own box."""

    drawn: ClassVar[str] = "typed"
    few: ClassVar[bool] = False  # of few values: an index serves it, and together with any other such

    def keys(self, name: str) -> tuple[str, ...]:
        """The parameters of an address that a field of this name is filtered by."""
        return (name,)

    def asked(self, name: str, arguments: Mapping[str, str]) -> dict[str, str]:
        """What of an address's parameters is meant for it."""
        return {key: arguments[key] for key in self.keys(name) if arguments.get(key)}

    def condition(self, kind: "Kind", column: Any, at: int, value: str) -> ColumnElement[bool] | None:
        """The condition that its ``at``-th parameter becomes; None, or ValueError, for what says nothing."""
        return column == kind.parse(value)  # type: ignore[no-any-return]

    def said(self, kind: "Kind", values: Sequence[str], label: Labels) -> str:
        """What the values of its parameters say; nothing where none is set."""
        try:
            return kind.show(kind.parse(values[0])) if values[0] else ""
        except ValueError:
            return values[0]


class Chosen(Filter):
    """By one of the kind's choices."""

    drawn = "choice"
    few = True

    def said(self, kind: "Kind", values: Sequence[str], label: Labels) -> str:
        return str(kind.choices().get(values[0], values[0]))


class ChosenAmong(Chosen):
    """By one of several that a record may have at once: kept as a list, whose keys are plain words."""

    few = False

    def condition(self, kind: "Kind", column: Any, at: int, value: str) -> ColumnElement[bool] | None:
        return and_(*(cast(column, Text).contains(f'"{key}"', autoescape=True) for key in kind.parse(value)))


class Days(Filter):
    """From a day to a day, both included."""

    drawn = "days"

    def keys(self, name: str) -> tuple[str, ...]:
        return f"{name}_from", f"{name}_to"

    def condition(self, kind: "Kind", column: Any, at: int, value: str) -> ColumnElement[bool] | None:
        day = kind.parse(value)
        return column <= day if at else column >= day  # type: ignore[no-any-return]

    def said(self, kind: "Kind", values: Sequence[str], label: Labels) -> str:
        return f"{values[0]} – {values[1]}" if any(values) else ""


class DaysOfMoments(Days):
    """The same of moments, by the office's clock."""

    def condition(self, kind: "Kind", column: Any, at: int, value: str) -> ColumnElement[bool] | None:
        day = clock.local(kind.parse(value)).date() + timedelta(days=at)
        return column < clock.day_start(day) if at else column >= clock.day_start(day)  # type: ignore[no-any-return]


class Named(Filter):
    """By a record, told by its id alone; a name beside it that leads to none finds nothing."""

    drawn = "reference"

    def keys(self, name: str) -> tuple[str, ...]:
        return f"{name}-id", name

    def asked(self, name: str, arguments: Mapping[str, str]) -> dict[str, str]:
        return dict(list(super().asked(name, arguments).items())[:1])

    def condition(self, kind: "Kind", column: Any, at: int, value: str) -> ColumnElement[bool] | None:
        key = whole(value)
        return false() if at else column == key if key is not None else None

    def said(self, kind: "Kind", values: Sequence[str], label: Labels) -> str:
        key, name = values
        return (label(kind.target, key) if key else "") or name or key
