"""Lists that don't slow: pages reached by key, counts from kept tallies, rows read as plain values with their references in one go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, literal, literal_column, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from app import access, clock, personal_searches, search, tally
from app.access import Reach
from app.database import Moment, db
from app.fields import Field
from app.form import Form
from app.kinds import ChoiceKind, DayKind, MomentKind, ReferencesKind, YesNoKind
from app.language import lazy_gettext as _l
from app.person import Person
from app.record import Record

AT_MOST = 10_000
LATE_AT_MOST = 1000
SIZES = (20, 50, 100, 200)
LATE = "late"


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

    def parameters(self, **changed: Any) -> dict[str, str]:
        """The same as an address's parameters, with some changed; a change of the question starts at the first page."""
        found: dict[str, Any] = {
            "state": self.state, "search": self.words, **self.filters, "sort": ("-" if self.down else "") + self.sort if self.sort else "",
            "size": str(self.size) if self.size != 50 else "",
        }  # fmt: skip
        return {name: str(value) for name, value in {**found, **changed}.items() if value not in ("", None, False)}


def asked(cls: type[Record], arguments: Mapping[str, str], size: int = 50) -> Asked:
    """Read an address's parameters; unknown ones, and values no filter knows, are ignored."""
    states = getattr(cls, "states", None) or {}
    state = arguments.get("state", "")
    wanted = {key: arguments[key] for name in filters(cls) for key in _filter_keys(cls, name) if arguments.get(key)}
    sort = arguments.get("sort", "").lstrip("-")
    number = arguments.get("size", "")
    page = arguments.get("page", "")
    return Asked(
        state=state if state in states or state == LATE else "", words=arguments.get("search", "").strip()[:200], filters=wanted,
        sort=sort if sort in cls.sorted_by() else "", down=not arguments.get("sort", "-") or arguments.get("sort", "-").startswith("-"),
        after=arguments.get("after", ""), before=arguments.get("before", ""), last=bool(arguments.get("last")),
        page=min(int(page), 10**9) if page.isdigit() and int(page[:12]) > 0 else 1, size=int(number) if number.isdigit() and int(number[:6]) in SIZES else size,
    )  # fmt: skip


@lru_cache(maxsize=256)
def filters(cls: type[Record]) -> dict[str, Field]:
    """The fields a list can be filtered by: choices, ticks, references and days among its columns or marked so. Never personal ones."""
    found = {}
    for name, one in cls.fields.items():
        fit = isinstance(one.kind, (ChoiceKind, YesNoKind, DayKind, MomentKind)) or one.is_reference
        if fit and one.filter is not False and not one.personal and (one.filter or name in cls.shows) and not isinstance(one.kind, ReferencesKind):
            found[name] = one
    found["created_at"] = Field(_l("Made on"), DayKind(), name="created_at")
    return found


def _filter_keys(cls: type[Record], name: str) -> tuple[str, ...]:
    kind = cls.fields[name].kind if name in cls.fields else DayKind()
    return (f"{name}_from", f"{name}_to") if isinstance(kind, (DayKind, MomentKind)) else (name,)


def condition(cls: Any, key: str, value: str) -> ColumnElement[bool] | None:
    """The condition of one filter; None for a value that fits no such field."""
    name, bound = (key[:-5], "from") if key.endswith("_from") else (key[:-3], "to") if key.endswith("_to") else (key, "")
    one: Field | None = filters(cls).get(name)
    if one is None:
        return None
    column = getattr(cls, one.column)
    try:
        if bound:
            day = DayKind().parse(value)
            if isinstance(one.kind, DayKind) and name != "created_at":
                return column >= day if bound == "from" else column <= day  # type: ignore[no-any-return]
            return column >= clock.day_start(day) if bound == "from" else column < clock.day_start(day + timedelta(days=1))  # type: ignore[no-any-return]
        if one.is_reference:
            return column == int(value) if value.isdigit() and len(value) < 19 else None  # type: ignore[no-any-return]
        return column == one.kind.parse(value)  # type: ignore[no-any-return]
    except ValueError:
        return None


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
        show = one.kind.show if self.full or not one.personal else one.kind.mask
        return Column(name, one.label, getattr(cls, one.column), show, one)

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

    def _select(self, *more: Any) -> Select[Any]:
        found = select(*more, *(column.value for column in self.columns)).select_from(self.cls)
        for other, on in self.joins:
            found = found.outerjoin(other, on)
        return found


@lru_cache(maxsize=512)
def plan_of(cls: type[Record], names: tuple[str, ...], full: bool = False) -> Plan:
    """A plan, made once for each choice of columns."""
    return Plan(cls, names, full)


def _user() -> Any:
    from app.people import User

    return User


ENGINE: dict[str, Any] = {
    "number": _l("Number"), "state": _l("State"), "due_at": _l("Due"), "created_at": _l("Made"), "created_by": _l("Made by"),
}  # fmt: skip


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
    return (*engine, *(name for name, one in cls.fields.items() if not one.is_lines), *form, "created_at", "created_by")


@lru_cache(maxsize=1024)
def scopes_of(cls: Any, reach: Reach) -> list[ColumnElement[bool]]:
    """A reach as conditions that one index each serves."""
    if reach.areas is None:
        return [cls.office_id == office for office in reach.offices] or [false()]
    own = [and_(cls.area_id == area, cls.office_id.in_(reach.offices)) for area in reach.areas]
    return own + [and_(cls.office_id == office, cls.area_id.is_(None)) for office in reach.offices] or [false()]


@lru_cache(maxsize=1024)
def _late(reaches: tuple[tuple[Any, Reach], ...]) -> Any:
    parts = []
    for cls, reach in reaches:
        inner = select(cls.id).where(or_(*scopes_of(cls, reach)), cls.due_at < bindparam("now", type_=Moment())).limit(LATE_AT_MOST).subquery()
        parts.append(select(literal(cls.name), func.count()).select_from(inner))
    return union_all(*parts)


def late_counts(person: Person, classes: Mapping[str, type[Record]]) -> dict[str, int]:
    """How many records of each form are overdue within a person's reach, asked in one statement."""
    timed = tuple((cls, access.reach(person, cls.access.by("read"))) for cls in classes.values() if issubclass(cls, Form) and cls.deadlines)
    return {row[0]: row[1] for row in db.session.connection().execute(_late(timed), {"now": clock.now()})} if timed else {}


@dataclass
class Page:
    """A page of a list: the rows' values by id, where one is, and how far it goes."""

    rows: list[Any]
    total: int
    more_than: bool
    first: int
    next_key: str = ""
    prev_key: str = ""


class List:
    """A list as a person may see it, for what the address asks."""

    def __init__(self, cls: type[Record], person: Person, question: Asked, operation: str = "read", counts: Mapping[str, int] | None = None) -> None:
        self.cls: Any = cls
        self.counts = counts
        self.asked = question
        self.reach: Reach = access.reach(person, cls.access.by(operation))
        if operation != "read":
            read = access.reach(person, cls.access.by("read"))
            self.reach = self.reach if self.reach.areas is not None or read.areas is None else read
        self.person = person

    @cached_property
    def sort(self) -> str:
        """What the rows are ordered by."""
        return self.asked.sort or ("due_at" if self.asked.state == LATE else "created_at")

    @cached_property
    def down(self) -> bool:
        """Whether the greatest come first."""
        return self.asked.down if self.asked.sort else self.asked.state != LATE

    @cached_property
    def query(self) -> search.Query:
        """The words asked for."""
        return personal_searches.understand(self.person, self.asked.words)

    @cached_property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions besides scope and words."""
        found: list[ColumnElement[bool]] = []
        if self.asked.state == LATE:
            found.append(self.cls.due_at < clock.now())
        elif self.asked.state:
            found.append(self.cls.state == self.asked.state)
        found += [one for key, value in self.asked.filters.items() if (one := condition(self.cls, key, value)) is not None]
        if self.sort != "created_at":
            found.append(getattr(self.cls, self.sort).is_not(None))
        if self.asked.words and not self.query:
            found.append(false())
        return found

    @cached_property
    def scopes(self) -> list[ColumnElement[bool]]:
        """The scope in parts that one index each serves."""
        return scopes_of(self.cls, self.reach)

    def where(self) -> ColumnElement[bool]:
        """Scope, filters and words as one condition (for exports, prints and bulk steps)."""
        parts = [or_(*self.scopes), *self.conditions]
        if self.query:
            parts.append(self.cls.id.in_(search.ids_among(self.query, self.reach, self.cls.name)))  # type: ignore[arg-type]
        return and_(*parts)

    def keys(self, limit: int, after: tuple[Any, int] | None = None, backwards: bool = False, offset: int = 0) -> list[tuple[int, Any]]:
        """Ids with their sort values, from a key on; ``backwards`` from there towards the beginning (nearest first)."""
        if self.query and not self.conditions and self.sort == "created_at" and self.down and not offset:
            at = after[1] if after else None
            found = search.find(self.query, self.reach, self.cls.name, limit, None if backwards else at, (at or 0) if backwards else None)
            return [(key, "") for key in found]
        column, down = getattr(self.cls, self.sort), self.down != backwards
        parts = []
        for scope in self.scopes:
            one = select(self.cls.id, column.label("key")).where(scope, *self.conditions)
            if self.query:
                one = one.where(self.cls.id.in_(search.ids_among(self.query, self.reach, self.cls.name)))
            if after is not None:
                here = tuple_(column, self.cls.id)
                one = one.where(here < after if down else here > after)
            one = one.order_by(*((column.desc(), self.cls.id.desc()) if down else (column.asc(), self.cls.id.asc())))
            parts.append(one.limit(limit + offset) if len(self.scopes) > 1 else one.limit(limit).offset(offset))
        if len(parts) == 1:
            return [(row[0], row[1]) for row in db.session.connection().execute(parts[0])]
        every = union_all(*(select(part.subquery()) for part in parts)).subquery()
        order = (every.c.key.desc(), every.c.id.desc()) if down else (every.c.key.asc(), every.c.id.asc())
        return [(row[0], row[1]) for row in db.session.connection().execute(select(every).order_by(*order).limit(limit).offset(offset))]

    def total(self) -> tuple[int, bool]:
        """How many rows, and whether there are more than were counted."""
        if self.query and not self.conditions:
            found = search.count(self.query, self.reach, self.cls.name, AT_MOST + 1)
        elif not self.query and not self.asked.filters and self.asked.state != LATE and self.sort == "created_at":
            counts = self.counts if self.counts is not None else tally.by_state({self.cls.name: self.reach})[self.cls.name]
            return (counts.get(self.asked.state, 0) if self.asked.state else sum(counts.values())), False
        else:
            found = sum(self._count(scope) for scope in self.scopes)
        return min(found, AT_MOST), found > AT_MOST

    def _count(self, scope: ColumnElement[bool]) -> int:
        inner = select(literal_column("1")).select_from(self.cls).where(scope, *self.conditions)
        if self.query:
            inner = inner.where(self.cls.id.in_(search.ids_among(self.query, self.reach, self.cls.name)))
        return int(db.session.connection().execute(select(func.count()).select_from(inner.limit(AT_MOST + 1).subquery())).scalar_one())

    def page(self, plan: Plan, *more: Any) -> Page:
        """The page asked for: rows as (id, …more, …columns)."""
        want, size = self.asked, self.asked.size
        total, more_than = self.total()
        start, back = _unkey(want.after, self.sort), _unkey(want.before, self.sort)
        number = want.page
        backwards, offset = back is not None or want.last, 0
        if want.last:
            size = size if more_than else (total % size or size)
            number = max(1, -(-total // want.size))
        elif back is None and start is None and number > 1:
            number = min(number, max(1, -(-total // size)))
            backwards, offset, size = self._jump(number, size, total, more_than)
        found = self.keys(size + 1, back if back is not None else start, backwards, offset)
        beyond, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        rows = self.rows(plan, [key for key, _value in found], *more)
        earlier = number > 1 and (beyond if backwards and not offset else True)
        later = (not want.last and (back is not None or (offset and backwards and number * want.size < total))) if backwards else beyond
        return Page(
            rows, total, more_than, (number - 1) * want.size + 1 if rows else 0,
            _key(found[-1]) if found and later else "", _key(found[0]) if found and earlier else "",
        )  # fmt: skip

    def _jump(self, number: int, size: int, total: int, more_than: bool) -> tuple[bool, int, int]:
        """A page by its number alone is counted to from the nearer end."""
        before, behind = (number - 1) * size, total - number * size
        if more_than or before <= behind or self.query:
            return False, before, size
        return True, max(behind, 0), size if behind >= 0 else size + behind

    def rows(self, plan: Plan, keys: Sequence[int], *more: Any) -> list[Any]:
        """The rows of these ids, in their order."""
        if not keys:
            return []
        found = {row[0]: row for row in db.session.connection().execute(plan.select(self.cls.id, *more).where(self.cls.id.in_(keys)))}
        return [found[key] for key in keys if key in found]

    def stream(self, plan: Plan, *more: Any, part: int = 1000) -> Iterator[Any]:
        """All rows, newest first, read in parts by key: flat in memory, and one picture of the list as it was at the start."""
        statement = plan.select(self.cls.id, *more).where(self.where())
        column = getattr(self.cls, self.sort)
        ordered = statement.order_by(*((column.desc(), self.cls.id.desc()) if self.down else (column.asc(), self.cls.id.asc())))
        with db.engine.connect() as connection:
            for rows in connection.execution_options(stream_results=True, yield_per=part).execute(ordered).partitions(part):
                yield from rows


def _key(found: tuple[int, Any]) -> str:
    value = found[1]
    return f"{value.isoformat() if isinstance(value, datetime) else value}~{found[0]}"


def _unkey(text: str, sort: str) -> tuple[Any, int] | None:
    value, _sep, key = text.rpartition("~")
    if not key.isdigit() or len(key) > 18:
        return None
    if not value:
        return ("", int(key))
    try:
        return (datetime.fromisoformat(value) if sort.endswith("_at") else Decimal(value)), int(key)
    except (ArithmeticError, ValueError):
        return None
