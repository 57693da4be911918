"""Settings: numbers of field practice, each declared once with what it is, its unit and its bounds; an office
changes them in the panel, from a moment on.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from werkzeug.utils import cached_property

from app.declare import in_force
from app.declare.duties import Clause
from app.declare.in_force import SetTo
from app.declare.kind import Kind
from app.declare.units import Measure
from app.ground import clock
from app.ground.spelling import DeclarationError, hint, known_words, line_of
from app.ground.words import Pair, Words, words, words_or_none

T = TypeVar("T")


class Setting(Generic[T]):
    """A number that an office may set, and what holds when."""

    def __init__(
        self,
        name: str,
        label: Words,
        measure: Measure[T],
        by: Sequence[Clause],
        least: Any,
        most: Any,
        not_over: "Setting[Any] | None",
        help: Words | None,
        place: tuple[str, int],
    ) -> None:
        self.name, self.label, self.by, self.help = name, label, tuple(by), help
        self.form, _dot, self.short = name.partition(".")
        self.unit, self.default = measure.unit, measure.default
        exact = isinstance(measure.default, Decimal)
        self.least, self.most = (
            Decimal(bound) if exact and bound is not None else bound for bound in (least, most)
        )
        self.not_over = not_over
        self.place, self._measure = place, measure

    @cached_property
    def kind(self) -> Kind:
        """How a value of it is typed, checked and shown."""
        return self._measure.kind(self.least, self.most)

    def at(self, moment: datetime, office: int | None = None) -> T:
        """The value in force at a moment, in an office or where no office has its own."""
        set_to = self.set_to(moment, office)
        return self.default if set_to is None else self.value_of(set_to)

    def now(self, office: int | None = None) -> T:
        """The value in force now."""
        return self.at(clock.now(), office)

    def of(self, record: Any, moment: datetime | None = None) -> T:
        """The value in force for a record: in its office, now or at a moment."""
        return self.at(moment or clock.now(), record.office_id)

    def after(self, start: datetime, record: Any) -> datetime:
        """The moment that lies so long after a start: by what is in force at the start, in a record's
        office.
        """
        assert self.unit.moved is not None, f"{self.name} is no length of time"
        return self.unit.moved(start, self.of(record, start))  # type: ignore[arg-type]

    def set_to(self, moment: datetime, office: int | None = None) -> SetTo | None:
        """The act by which the value in force was set; None where the default holds."""
        rows = in_force.rows().get(self.name)
        return None if rows is None else in_force.holding(rows, moment, office)

    def value_of(self, set_to: SetTo) -> T:
        """What an act of setting set it to; what holds without it where it was given back."""
        value: T = self.default if set_to.value is None else self.kind.load(set_to.value)
        return value

    def shown(self, value: Any) -> str:
        """A value with its unit, as people read it."""
        text, unit = self.kind.show(value), str(self.unit.label)
        if value == 1 and unit.isascii():
            unit = unit.removesuffix("s")
        return f"{text}{'' if unit == '%' else ' '}{unit}" if unit else text or "—"

    def weighed(self, value: Any) -> Any:
        """A value in the smallest unit of its nature, to be held against another's."""
        return value * self.unit.size

    def __repr__(self) -> str:
        return f"<setting {self.name}>"


settings: dict[str, Setting[Any]] = {}


@known_words()
def setting(
    name: str,
    label: Pair,
    measure: Measure[T],
    *,
    by: Clause | Sequence[Clause],
    least: Any = None,
    most: Any = None,
    not_over: Setting[Any] | None = None,
    help: Pair | None = None,
) -> Setting[T]:
    """Declare a setting: ``work_order.arrive``, whose first part is the form it stands with; ``by`` whom it
    is changed, between which bounds, and which other's value it is never over.
    """
    caller = sys._getframe(2)
    file = caller.f_code.co_filename
    place = file, line_of(file, caller.f_lineno, f'"{name}"')
    clauses = (by,) if isinstance(by, Clause) else by
    declared = Setting(
        name, words(label), measure, clauses, least, most, not_over, words_or_none(help), place
    )
    if faults := _faults(declared):
        said = (f"{place[0]}:{place[1]}: setting {name!r} {fault}" for fault in faults)
        raise DeclarationError("\n".join(said))
    settings[name] = declared
    return declared


def _faults(declared: Setting[Any]) -> Sequence[str]:
    """What is wrong with a declaration by itself."""
    faults = []
    if (other := settings.get(declared.name)) is not None:
        faults.append(f"is declared twice: {other.place[0]}:{other.place[1]} has it already")
    if not declared.short.isidentifier():
        faults.append("needs the name of a form before a dot, and its own behind it")
    if not declared.by:
        faults.append("needs by whom it is changed")
    if declared.unit.bounded:
        if declared.least is None or declared.most is None:
            return [*faults, "needs its bounds, least and most"]
        if not declared.least <= declared.default <= declared.most:
            faults.append(f"has a default beyond its bounds: {declared.default}")
    over = declared.not_over
    if over is not None and over.unit.nature != declared.unit.nature:
        faults.append(f"can't be held against {over.name!r}: {declared.unit.nature}, {over.unit.nature}")
    elif over is not None and declared.weighed(declared.default) > over.weighed(over.default):
        faults.append(f"has a default over that of {over.name!r}")
    return faults


def of_forms(forms: Collection[str]) -> Mapping[str, list[Setting[Any]]]:
    """The settings of these forms, in the order of the forms and as declared."""
    grouped: dict[str, list[Setting[Any]]] = {form: [] for form in forms}
    for declared in settings.values():
        if declared.form in grouped:
            grouped[declared.form].append(declared)
    return {form: group for form, group in grouped.items() if group}


def check(forms: Collection[str]) -> None:
    """Raise DeclarationError for settings of forms that nobody declared."""
    strays = [declared for declared in settings.values() if declared.form not in forms]
    if strays:
        raise DeclarationError(
            "\n".join(
                f"{stray.place[0]}:{stray.place[1]}: setting {stray.name!r} speaks of {stray.form!r};"
                f" {hint(stray.form, forms)}"
                for stray in strays
            )
        )
