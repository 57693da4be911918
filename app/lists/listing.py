"""Lists that don't slow: pages reached by key, counts from kept tallies, rows read as plain values with their
references in one go.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from werkzeug.utils import cached_property

from app.act import personal_searches, search, tally
from app.act.asking import LATE as LATE
from app.act.asking import OPEN as OPEN
from app.act.asking import SIZES as SIZES
from app.act.asking import Asked as Asked
from app.act.asking import asked as asked
from app.act.asking import begins_at, key_of
from app.act.asking import condition as condition
from app.act.asking import filters as filters
from app.declare.person import Person
from app.declare.record import Record
from app.ground import clock
from app.ground.database import among, db, is_sqlite
from app.ground.ordering import ORDER, may_be_empty
from app.ground.streaming import streamed
from app.lists.columns import ENGINE as ENGINE
from app.lists.columns import Column as Column
from app.lists.columns import Plan as Plan
from app.lists.columns import available as available
from app.lists.columns import label_of as label_of
from app.lists.columns import plan_of as plan_of
from app.people import access
from app.people.access import Reach

AT_MOST = 10_000


@lru_cache(maxsize=1024)
def scopes_of(cls: Any, reach: Reach) -> list[ColumnElement[bool]]:
    """A reach as conditions that one index each serves. An area lies in one office: its rows needn't be read
    for theirs.
    """
    if reach.holder:
        return [reach.where(cls)]
    if reach.areas is None:
        return [cls.office_id == office for office in reach.offices] or [false()]
    here = (
        cls.office_id + 0 if is_sqlite() else cls.office_id
    )  # by the index of the areas: most rows of an office have one
    return [cls.area_id == area for area in reach.areas] + [
        and_(cls.area_id.is_(None), among(here, reach.offices))
    ]


@dataclass(frozen=True)
class Way:
    """How a list is gone through: by what, down or up, from a key on, and whether several parts of a scope
    are laid together.
    """

    sort: str
    down: bool
    after: bool
    parts: bool


def _keys(cls: Any, scopes: Sequence[Any], conditions: Sequence[Any], way: Way) -> Any:
    """The statement for the ids of a page: each part of the scope by its own index, then all in one order."""
    column = getattr(cls, way.sort)
    parts = []
    for scope in scopes:
        asked = select(cls.id, column.label("key")).where(scope, *conditions)
        if way.after:
            here, there = (
                tuple_(column, cls.id),
                tuple_(bindparam("after", type_=column.type), bindparam("after_id", type_=cls.id.type)),
            )
            asked = asked.where(here < there if way.down else here > there)
        asked = asked.order_by(
            *((column.desc(), cls.id.desc()) if way.down else (column.asc(), cls.id.asc()))
        )
        parts.append(
            asked.limit(bindparam("all", type_=Integer))
            if way.parts
            else asked.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer))
        )
    if not way.parts:
        return parts[0]
    every = union_all(*(select(part.subquery()) for part in parts)).subquery()
    order = (every.c.key.desc(), every.c.id.desc()) if way.down else (every.c.key.asc(), every.c.id.asc())
    return (
        select(every)
        .order_by(*order)
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )


@lru_cache(maxsize=1024)
def _plain_keys(cls: Any, reach: Reach, of_a_state: bool, way: Way) -> Any:
    """The same, made once for what is looked at most: a whole list, or one state of it."""
    conditions = [cls.state == bindparam("wanted")] if of_a_state else []
    if may_be_empty(cls, way.sort):
        conditions.append(getattr(cls, way.sort).is_not(None))
    return _keys(cls, scopes_of(cls, reach), conditions, way)


def _order(cls: Any, sort: str, down: bool) -> tuple[Any, Any]:
    column = getattr(cls, sort)
    return (column.desc(), cls.id.desc()) if down else (column.asc(), cls.id.asc())


@lru_cache(maxsize=1024)
def _within(plan: Plan, more: tuple[Any, ...], reach: Reach, sort: str, down: bool) -> Any:
    """The statement for those of some ids that lie within a reach, in an order."""
    return (
        plan.of(*more)
        .where(reach.where(plan.cls))
        .order_by(*_order(plan.cls, sort, down))
        .limit(bindparam("limit", type_=Integer))
    )


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

    def __init__(
        self,
        cls: type[Record],
        person: Person,
        question: Asked,
        operation: str = "read",
        counts: Mapping[str, int] | None = None,
    ) -> None:
        self.cls: Any = cls
        self.counts = counts
        self.asked = question
        self.reach: Reach = access.reach_of(person, cls, operation)
        if operation != "read":
            read = access.reach_of(person, cls)
            self.reach = self.reach if self.reach.areas is not None or read.areas is None else read
        self.person = person

    @cached_property
    def sort(self) -> str:
        """What the rows are ordered by."""
        return self.asked.sort or (
            "due_at" if self.asked.state == LATE else ORDER if self.cls.in_order else "created_at"
        )

    @cached_property
    def down(self) -> bool:
        """Whether the greatest come first."""
        return self.asked.down if self.asked.sort else self.sort == "created_at"

    @property
    def order(self) -> tuple[Any, Any]:
        """The same in SQL."""
        return _order(self.cls, self.sort, self.down)

    @cached_property
    def query(self) -> search.Query:
        """The words asked for."""
        return personal_searches.understand(self.person, self.asked.words)

    @cached_property
    def answers(self) -> search.Answers:
        """What answers the words."""
        return search.Answers(self.query, self.reach, self.cls.name)

    @cached_property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions besides scope and words."""
        holding: list[ColumnElement[bool]] = []
        if self.asked.state == LATE:
            holding.append(self.cls.due_at < clock.now())
        elif self.asked.state == OPEN:
            holding.append(self.cls.state.in_(self.cls.open_states()))
        elif self.asked.state:
            holding.append(self.cls.state == self.asked.state)
        holding += [
            fits
            for key, value in self.asked.filters.items()
            if (fits := condition(self.cls, key, value)) is not None
        ]
        if self.asked.keys:
            holding.append(self.cls.id.in_(self.asked.keys))
        if may_be_empty(self.cls, self.sort):
            holding.append(getattr(self.cls, self.sort).is_not(None))
        if self.asked.words and not self.query:
            holding.append(false())
        return holding

    @cached_property
    def scopes(self) -> list[ColumnElement[bool]]:
        """The scope in parts that one index each serves."""
        return scopes_of(self.cls, self.reach)

    def where(self) -> ColumnElement[bool]:
        """Scope, filters and words as one condition (for exports, prints and bulk steps)."""
        parts = [or_(*self.scopes), *self.conditions]
        if self.query:
            parts.append(self.cls.id.in_(self.answers.ids()))
        return and_(*parts)

    def keys(
        self, limit: int, after: tuple[Any, int] | None = None, backwards: bool = False, offset: int = 0
    ) -> list[tuple[int, Any]]:
        """Ids with their sort values, from a key on; ``backwards`` from there towards the beginning (nearest
        first).
        """
        if self.query and not self.conditions and self.sort == "created_at" and self.down and not offset:
            at = after[1] if after else None
            newest = self.answers.newest(limit, None if backwards else at, (at or 0) if backwards else None)
            return [(key, "") for key in newest]
        way = Way(self.sort, self.down != backwards, after is not None, len(self.scopes) > 1)
        if self.query or self.asked.narrowed:
            conditions = list(self.conditions)
            if self.query:
                conditions.append(self.cls.id.in_(self.answers.ids()))
            asked = _keys(self.cls, self.scopes, conditions, way)
        else:
            asked = _plain_keys(self.cls, self.reach, bool(self.asked.state), way)
        value, key = after or (None, None)
        places = {
            "limit": limit,
            "all": limit + offset,
            "offset": offset,
            "after": value,
            "after_id": key,
            "wanted": self.asked.state,
        }
        return [(row[0], row[1]) for row in db.session.connection().execute(asked, places)]

    @property
    def _is_kept(self) -> bool:
        """Whether the kept counts tell how many there are."""
        asks_more = bool(self.query) or self.asked.narrowed or may_be_empty(self.cls, self.sort)
        return not asks_more and (self.counts is not None or not self.reach.holder)

    def total(self) -> tuple[int, bool]:
        """How many rows, and whether there are more than were counted."""
        if self.query and not self.conditions:
            counted = self.answers.count(AT_MOST + 1)
        elif self._is_kept:
            counts = (
                self.counts
                if self.counts is not None
                else tally.by_state({self.cls.name: self.reach})[self.cls.name]
            )
            return (counts.get(self.asked.state, 0) if self.asked.state else sum(counts.values())), False
        else:
            counted = self._counted()
        return min(counted, AT_MOST), counted > AT_MOST

    def _counted(self) -> int:
        """How many rows fit, as far as is counted in each piece of the reach; asked in one statement."""
        pieces = []
        for scope in self.scopes:
            inner: Any = select(literal_column("1")).select_from(self.cls).where(scope, *self.conditions)
            if self.query:
                inner = inner.where(self.cls.id.in_(self.answers.ids()))
            counted = select(func.count()).select_from(inner.limit(AT_MOST + 1).subquery())
            pieces.append(counted.scalar_subquery())
        return sum(db.session.connection().execute(select(*pieces)).one()) if pieces else 0

    def _begin(self, text: str) -> tuple[Any, int] | None:
        """Where an address says that a page begins or ends; a key without its value is one of an answer to
        words alone.
        """
        begins = begins_at(self.cls, text, self.sort)
        by_words = self.query and not self.conditions and self.sort == "created_at" and self.down
        return begins if begins is None or begins[0] != "" or by_words else None

    def page(self, plan: Plan, *more: Any) -> Page:
        """The page asked for: rows as (id, …more, …columns)."""
        want, size = self.asked, self.asked.size
        start, back = (self._begin(text) for text in (want.after, want.before))
        if self.query and start is None and back is None and want.page == 1 and not want.last:
            rows = self._first(plan, *more)
            if len(rows) <= size:  # the first page is all: nothing is left to count
                return Page(rows, len(rows), False, 1 if rows else 0)
        total, more_than = self.total()
        number = want.page
        backwards, offset = back is not None or want.last, 0
        if want.last:
            size = size if more_than else (total % size or size)
            number = max(1, -(-total // want.size))
        elif back is None and start is None and number > 1:
            number = min(number, max(1, -(-total // size)))
            backwards, offset, size = self._jump(number, size, total, more_than)
        keys = self.keys(size + 1, back if back is not None else start, backwards, offset)
        beyond, keys = len(keys) > size, keys[:size]
        if backwards:
            keys.reverse()
        rows = self.rows(plan, [key for key, _value in keys], *more)
        earlier = number > 1 and (beyond if backwards and not offset else True)
        later = (
            (not want.last and (back is not None or (offset and backwards and number * want.size < total)))
            if backwards
            else beyond
        )
        return Page(
            rows,
            total,
            more_than,
            (number - 1) * want.size + 1 if rows else 0,
            key_of(self.cls, self.sort, keys[-1]) if keys and later else "",
            key_of(self.cls, self.sort, keys[0]) if keys and earlier else "",
        )

    def _first(self, plan: Plan, *more: Any) -> list[Any]:
        """The first answers to the words, one more than a page has: few ones are read at once, each asked
        whether it lies within reach.
        """
        few = self.answers.few
        if few is None:
            return self.rows(plan, [key for key, _value in self.keys(self.asked.size + 1)], *more)
        asked = _within(plan, (self.cls.id, *more), self.reach, self.sort, self.down)
        asked = asked.where(*self.conditions) if self.conditions else asked
        return (
            list(db.session.connection().execute(asked, {"ids": few, "limit": self.asked.size + 1}))
            if few
            else []
        )

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
        by_key = {
            row[0]: row for row in db.session.connection().execute(plan.of(self.cls.id, *more), {"ids": keys})
        }
        return [by_key[key] for key in keys if key in by_key]

    def stream(self, plan: Plan, *more: Any) -> Iterator[Any]:
        """All rows, newest first, each led by its id."""
        return self._read(plan.select(self.cls.id, *more))

    def stored(self, plan: Plan) -> Iterator[Any]:
        """All rows, newest first, each value as the database keeps it."""
        return self._read(plan.stored())

    def _read(self, statement: Any) -> Iterator[Any]:
        return streamed(statement.where(self.where()).order_by(*self.order))
