"""What the address of a list asks for: state, words, filters, order, page. What it doesn't know is left out,
never evaluated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement

from app.declare.fields import Field
from app.declare.figure import PartKind
from app.declare.indexing import filtered_by
from app.declare.kinds import Kind, MomentKind
from app.declare.record import Record
from app.ground.language import lazy_gettext as _l
from app.ground.ordering import ORDER
from app.ground.text import whole

SIZES = (20, 50, 100, 200)
FIGURE = "figure"  # what an address calls the part of a figure whose records it asks for
LATE, OPEN = "late", "open"  # what a list of a form with states tells beside each of them
MADE, PLAIN = MomentKind(), Kind()
KINDS: Mapping[str, Kind] = {"created_at": MADE, "due_at": MADE}  # of the columns that every record has


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
        said: dict[str, Any] = {
            "state": self.state,
            "search": self.words,
            **self.filters,
            "sort": ("-" if self.down else "") + self.sort if self.sort else "",
            "size": str(self.size) if self.size != 50 else "",
        }
        return {
            name: str(value) for name, value in {**said, **changed}.items() if value not in ("", None, False)
        }


def asked(cls: type[Record], arguments: Mapping[str, str], size: int = 50) -> Asked:
    """Read an address's parameters; unknown ones, and values no filter knows, are ignored."""
    states = getattr(cls, "states", None) or {}
    state = arguments.get("state", "")
    told = {
        key: value
        for name, field in filters(cls).items()
        if field.kind.filter is not None
        for key, value in field.kind.filter.asked(name, arguments).items()
    }
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
    part = {FIGURE: Field(_l("Figure"), PartKind(cls), name="id")} if cls.figures else {}
    return {**filtered_by(cls), **part, "created_at": Field(_l("Made on"), MADE, name="created_at")}


@lru_cache(maxsize=256)
def _parameters(cls: type[Record]) -> dict[str, tuple[Field, int]]:
    """The parameters of an address that filter a list: whose each is, and which of its own."""
    return {
        key: (field, at)
        for name, field in filters(cls).items()
        if field.kind.filter is not None
        for at, key in enumerate(field.kind.filter.keys(name))
    }


def condition(cls: Any, key: str, value: str) -> ColumnElement[bool] | None:
    """The condition of one parameter; None for a value that fits no such field."""
    field, at = _parameters(cls).get(key, (None, 0))
    if field is None or field.kind.filter is None:
        return None
    try:
        return field.kind.filter.condition(field.kind, getattr(cls, field.column), at, value)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _kind_of(cls: Any, sort: str) -> Kind:
    """The kind of a column that a list is sorted by."""
    return next((field.kind for field in cls.fields.values() if field.column == sort), KINDS.get(sort, PLAIN))


def key_of(cls: Any, sort: str, row: tuple[int, Any]) -> str:
    """A row of a page, by its sort value and id, as an address says it; an answer to words has no value."""
    key, value = row
    return f"{_kind_of(cls, sort).key(value) if value != '' else ''}~{key}"


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
    try:
        begins = _kind_of(cls, sort).of_key(value)
    except ValueError:
        return None
    return None if begins is None else (begins, number)
