"""What the address of a list asks for: state, words, filters, order, page. What it doesn't know is left out,
never evaluated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false

from app.declare.fields import Field
from app.declare.indexing import filtered_by
from app.declare.kinds import ChoicesKind, DayKind, MomentKind, whole
from app.declare.record import Record
from app.ground import clock
from app.ground.language import lazy_gettext as _l
from app.ground.ordering import ORDER
from app.ground.text import moment

SIZES = (20, 50, 100, 200)
LATE, OPEN = "late", "open"  # what a list of a form with states tells beside each of them


@dataclass(frozen=True)
class Asked:
    """What the address of a list asks for; anything it doesn't know is left out."""

    state: str = ""
    words: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    down: bool = True
    after: str = ""
    before: str = ""
    last: bool = False
    page: int = 1
    size: int = 50
    keys: tuple[int, ...] = ()  # of a selection; the address of a list doesn't ask for it

    @property
    def narrowed(self) -> bool:
        """Whether more is asked than a state or words: what no kept count answers."""
        return bool(self.filters or self.keys) or self.state in (LATE, OPEN)

    def parameters(self, **changed: Any) -> dict[str, str]:
        """The same as an address's parameters, with some changed; a change of the question starts at the
        first page.
        """
        found: dict[str, Any] = {
            "state": self.state,
            "search": self.words,
            **self.filters,
            "sort": ("-" if self.down else "") + self.sort if self.sort else "",
            "size": str(self.size) if self.size != 50 else "",
        }
        return {
            name: str(value) for name, value in {**found, **changed}.items() if value not in ("", None, False)
        }


def asked(cls: type[Record], arguments: Mapping[str, str], size: int = 50) -> Asked:
    """Read an address's parameters; unknown ones, and values no filter knows, are ignored."""
    states = getattr(cls, "states", None) or {}
    state = arguments.get("state", "")
    given = {
        key: arguments[key] for name in filters(cls) for key in _filter_keys(cls, name) if arguments.get(key)
    }
    told = {key: value for key, value in given.items() if f"{key}-id" not in given}
    wanted = {key: value for key, value in told.items() if condition(cls, key, value) is not None}
    sort = arguments.get("sort", "").lstrip("-")
    sort = ORDER if cls.in_order and sort == cls.label else sort
    number = whole(arguments.get("size", ""))
    return Asked(
        state=state if state in states or (states and state in (LATE, OPEN)) else "",
        words=arguments.get("search", "").strip()[:200],
        filters=wanted,
        sort=sort if sort in cls.sorted_by() else "",
        down=not arguments.get("sort", "-") or arguments.get("sort", "-").startswith("-"),
        after=arguments.get("after", ""),
        before=arguments.get("before", ""),
        last=bool(arguments.get("last")),
        page=min(whole(arguments.get("page", "")) or 1, 10**9),
        size=number if number in SIZES else size,
    )


@lru_cache(maxsize=256)
def filters(cls: type[Record]) -> dict[str, Field]:
    """The fields a list can be filtered by: choices, ticks, references and days among its columns or marked
    so. Never personal ones.
    """
    found = filtered_by(cls)
    found["created_at"] = Field(_l("Made on"), DayKind(), name="created_at")
    return found


def _filter_keys(cls: type[Record], name: str) -> tuple[str, ...]:
    one = filters(cls)[name]
    if one.is_reference:
        return (f"{name}-id", name)
    return (f"{name}_from", f"{name}_to") if isinstance(one.kind, (DayKind, MomentKind)) else (name,)


def condition(cls: Any, key: str, value: str) -> ColumnElement[bool] | None:
    """The condition of one filter; None for a value that fits no such field. A reference is told by its id
    alone.
    """
    name, bound = (
        (key[:-5], "from")
        if key.endswith("_from")
        else (key[:-3], "to")
        if key.endswith("_to")
        else (key.removesuffix("-id"), "")
    )
    one: Field | None = filters(cls).get(name)
    if one is None:
        return None
    column = getattr(cls, one.column)
    try:
        if bound:
            day = DayKind().parse(value)
            if isinstance(one.kind, DayKind) and name != "created_at":
                return column >= day if bound == "from" else column <= day  # type: ignore[no-any-return]
            if bound == "from":
                return column >= clock.day_start(day)  # type: ignore[no-any-return]
            return column < clock.day_start(day + timedelta(days=1))  # type: ignore[no-any-return]
        if one.is_reference:
            of = whole(value)
            return false() if name == key else column == of if of is not None else None
        wanted = one.kind.parse(value)
        if isinstance(one.kind, ChoicesKind):  # kept as a list; its keys are plain words
            return and_(*(cast(column, Text).contains(f'"{key}"', autoescape=True) for key in wanted))
        return column == wanted  # type: ignore[no-any-return]
    except ValueError:
        return None


def key_of(found: tuple[int, Any]) -> str:
    """A row of a page, by its sort value and id, as an address says it."""
    value = found[1]
    return f"{value.isoformat() if isinstance(value, datetime) else value}~{found[0]}"


def begins_at(cls: Any, text: str, sort: str) -> tuple[Any, int] | None:
    """The sort value and id at which an address says that a page begins; None for what isn't one. Answers to
    words are told by their id alone.
    """
    value, _sep, key = text.rpartition("~")
    number = whole(key)
    if number is None:
        return None
    if not value:
        return ("", number)
    one = next((found for found in cls.fields.values() if found.column == sort), None)
    try:
        begins = (
            value
            if sort == ORDER
            else one.kind.parse(value)
            if one is not None and one.kind.numeric
            else moment(value)
        )
    except ValueError:
        return None
    return None if begins is None else (begins, number)
