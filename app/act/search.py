"""Search: tokens of one and two characters for Chinese, words and digits for the rest, kept in the
transaction that saves.

One table for all forms. SQLite keeps it as FTS5, PostgreSQL as an array under a GIN index. A row's key holds
the form and the record's id, so that the newest of one form are found without sorting; office and area stand
among the tokens, so that scope is part of the question. Personal numbers are found only whole (a phone also
by its last four digits), never by a part.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

from sqlalchemy import ARRAY, BigInteger, Column, MetaData, Table, Text, TextClause, delete, select, text
from werkzeug.utils import cached_property

from app.declare.kinds import WHOLE, national
from app.declare.record import Record, registry
from app.ground.database import db, is_sqlite
from app.ground.pouring import pour
from app.ground.rows import Row, instead, row
from app.ground.text import clean, narrow
from app.keep.capability import Act, Capability
from app.people.access import Reach

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(f"[{_CHINESE}]+|[a-z0-9]+(?:[-_.][a-z0-9]+)*")
SQLITE_TABLE = (
    'CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(tokens, detail=none, tokenize="unicode61'
    " remove_diacritics 0 tokenchars '-_.@'\")"
)
POSTGRES_TABLE = (
    "CREATE TABLE IF NOT EXISTS search (key BIGINT PRIMARY KEY, tokens TEXT[] NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_search_tokens ON search USING gin (tokens)",
)
_TABLE = Table(
    "search",
    MetaData(),
    Column("rowid", BigInteger),
    Column("key", BigInteger),
    Column("tokens", Text().with_variant(ARRAY(Text), "postgresql")),
)
_TOKEN = re.compile(r"[\w.@+-]+")  # what a question's tokens are made of, and no quotation mark
SHIFT = 40
FEW = 100  # answers up to which a word is rare
EVERYWHERE = Reach((), None)  # for a question whose answers' scope is asked afterwards
SHORT = 60  # characters up to which a text's tokens are kept for the next record
_DAY = re.compile(
    r"(?:19|20)\d\d(?:-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01]|)|(?:0[1-9]|1[0-2])(?:[0-2]\d?|3[01]?))"
)  # or its beginning
_ONE_PHONE = re.compile(r"\s*+(?:\+?86)?+[\s\-]*+(1(?:[\s\-]*+\d){10})\s*+")


def space(form: str) -> int:
    """The first key of a form's rows."""
    return (crc32(form.encode()) & 0x3FFFFF) << SHIFT


def split(words: str) -> Sequence[str]:
    """The tokens of a text: Chinese by one and two characters, others by word and by the words' parts."""
    return _split_again(words) if len(words) <= SHORT else tuple(_split(words))


def _split(words: str) -> Iterator[str]:
    for run in _RUNS.findall(narrow(clean(words)).lower()):
        if run[0] > "\u3000":
            yield from run
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        else:
            yield run[:60]
            parts = re.split(r"[-_.]", run)
            if len(parts) > 1:
                yield from (part[:60] for part in parts if part)
                yield "".join(parts)[:60]
            if len(parts) == 3:
                yield (parts[0] + parts[2])[:60]  # a door without its entrance: 31102 for 3-1-1102


@lru_cache(maxsize=4_000)
def _split_again(words: str) -> Sequence[str]:
    """Names, units and departments come again and again."""
    return tuple(_split(words))


def tokens_of(record: Record) -> list[str]:
    """What a record is found by, scope included."""
    tokens: list[str] = [f"@o{record.office_id}", f"@a{record.area_id or 0}"]
    tokens += _split(record.number)  # it comes but once: kept, it would push out what recurs
    for field in record.fields.values():
        if not field.is_found:
            continue
        if field.is_lines:
            for row in getattr(record, field.name):
                for part in row.fields.values():
                    if part.is_found:
                        tokens += _field_tokens(part, row)
        else:
            tokens += _field_tokens(field, record)
    return list(dict.fromkeys(tokens))


def _field_tokens(field: Any, row: Any) -> Iterable[str]:
    value = getattr(row, field.column)
    if value in (None, "", []):
        return ()
    if field.is_reference:
        other = getattr(row, field.name)
        return split(str(other)) if other is not None else ()
    return (*field.kind.tokens(value), *split(field.kind.words(value)))


class Search(Capability):
    """A record is found by its words."""

    follows_state = False

    def of(self, record: Any) -> list[str]:
        """Its tokens."""
        return tokens_of(record)

    def made(self, record: Record, act: Act) -> Iterable[Row]:
        """A new record's tokens."""
        return (row(_TABLE, _values(record, tokens_of(record))),)

    def changed(self, record: Record, act: Act, before: list[str]) -> Iterable[Row]:
        """A changed record's tokens in place of its earlier ones."""
        tokens = tokens_of(record)
        if tokens == before:
            return ()
        values = _values(record, tokens)
        if not is_sqlite():
            return (instead(_TABLE, "key", values),)
        db.session.execute(delete(_TABLE).where(_TABLE.c.rowid == values["rowid"]))
        return (row(_TABLE, values),)

    def poured(self, cls: type[Record], first: int, kept: Sequence[Sequence[str]]) -> None:
        """Their tokens, as fast as their rows."""
        rows = ((space(cls.name) + key, _kept(tokens)) for key, tokens in enumerate(kept, first))
        pour(db.session.connection(), "search", _names(), rows)


def _values(record: Record, tokens: Sequence[str]) -> dict[str, Any]:
    return dict(zip(_names(), (space(record.name) + record.id, _kept(tokens)), strict=True))


def _names() -> tuple[str, str]:
    return ("rowid" if is_sqlite() else "key", "tokens")


def _kept(tokens: Sequence[str]) -> Any:
    return " ".join(tokens) if is_sqlite() else list(tokens)


@dataclass(frozen=True)
class Query:
    """What was asked, as alternatives of tokens that must all be there; ``numbers`` are those asked for that
    may be somebody's own.
    """

    groups: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups)


def understand(asked: str, masked: bool = False) -> Query:
    """The question a person typed. Four digits may be a phone's last ones, many a whole number; ``31102`` is
    a unit's code without dashes.

    A day is nobody's number. Written without dashes it might be one: not where such numbers are ``masked``.
    """
    groups: list[tuple[str, ...]] = []
    numbers: list[str] = []
    words = narrow(clean(asked[:200])).lower()
    if phone := _ONE_PHONE.fullmatch(words):
        words = re.sub(r"\D", "", phone[1])
    for part in [words] if any(not label.startswith("*") for label in _labels(words)) else words.split():
        begun, meant = len(groups), _spoken(part)
        digits = national(re.sub(r"[\s\-]", "", part))
        if digits.isdigit() or re.fullmatch(r"\d{14,17}[\dx]", digits):
            is_place = bool(meant) and part.count("-") > 1 and len(digits) < 10
            is_day = _DAY.fullmatch(part) is not None and (masked or "-" in part)
            whole = (
                (f"@tel{digits}", f"@id{digits}") if len(digits) >= WHOLE and not (is_day or is_place) else ()
            )
            groups.append((part.strip("-+"), digits, *((f"@tail{digits}",) if len(digits) == 4 else whole)))
            numbers += [digits] if whole else []
        else:
            for run in _RUNS.findall(part):
                if run[0] > "\u3000":
                    groups += [(run[at : at + 2],) for at in range(len(run) - 1)] or [(run,)]
                else:
                    groups.append((run, run.replace("-", "")))
        groups[begun:] = [(*group, *meant) for group in groups[begun:]]  # all the words, or what they mean
    return Query(
        tuple(
            dict.fromkeys(
                tuple(dict.fromkeys(token for token in group if token)) for group in groups if any(group)
            )
        ),
        tuple(numbers),
    )


def _labels(part: str) -> list[str]:
    """The labels of any record that a part of a question can mean, as people say them."""
    return [label for cls in registry.values() for label in cls.spoken(part)]


def _spoken(part: str) -> tuple[str, ...]:
    """The tokens of those labels; of one with a part that wasn't said, the others' together."""
    groups = []
    for label in _labels(part):
        said = [part for part in label.lower().split("-") if part != "*"]
        groups.append(
            "-".join(said) if "*" not in label else said[-1] if label.startswith("*") else "".join(said)
        )
    return tuple(token for token in groups if token.isascii() and _RUNS.fullmatch(token))


def impersonal(query: Query) -> Query:
    """The same question, finding nobody by a personal number."""
    return Query(
        tuple(
            tuple(token for token in group if not token.startswith(("@tel", "@id"))) or ("@none",)
            for group in query.groups
        )
    )


def _scope(reach: Reach) -> list[tuple[str, ...]]:
    """The tokens of which a record must have one: its office's, and its area's where that bounds the
    reach.
    """
    if reach is EVERYWHERE or reach.holder:  # what somebody has in hand no token tells
        return []
    scope = [tuple(f"@o{office}" for office in reach.offices) or ("@nowhere",)]
    return scope + ([tuple(f"@a{area}" for area in (0, *reach.areas))] if reach.areas is not None else [])


def _match(query: Query, reach: Reach) -> str:
    """The question for FTS5, scope included."""
    groups = [*query.groups, *_scope(reach)]
    return " AND ".join(
        "(" + " OR ".join('"' + token.replace('"', "") + '"' for token in group) + ")" for group in groups
    )


def condition(
    query: Query, reach: Reach, form: str, before: int | None = None, after: int | None = None
) -> tuple[str, dict[str, Any]]:
    """A condition in SQL on the table's rows, and its parameters.

    PostgreSQL is told the tokens as literals: a plan kept for any word would be a bad one for a rare word.
    """
    low, high = (
        space(form) + (1 + after if after is not None else 0),
        space(form) + (before if before is not None else 1 << SHIFT) - 1,
    )
    if is_sqlite():
        return "search MATCH :match AND rowid BETWEEN :low AND :high", {
            "low": low,
            "high": high,
            "match": _match(query, reach),
        }
    parts = [f"key BETWEEN {low} AND {high}"]
    for group in [*query.groups, *_scope(reach)]:
        tokens = ", ".join(f"'{token if _TOKEN.fullmatch(token) else '@none'}'" for token in group)
        parts.append(f"tokens {'@>' if len(group) == 1 else '&&'} CAST(ARRAY[{tokens}] AS TEXT[])")
    return " AND ".join(parts), {}


class Answers:
    """The records of a form that answer a question, as far as a reach goes."""

    def __init__(self, query: Query, reach: Reach, form: str) -> None:
        self.query, self.reach, self.form = query, reach, form
        self.key = "rowid" if is_sqlite() else "key"
        self.nothing = not query or not reach

    @cached_property
    def few(self) -> list[int] | None:
        """All that answer anywhere, where that is so few that their scope is better asked of the records
        themselves; None for frequent words.

        The tokens of an office stand at each of its records: laying them beside a word that stands at three
        costs more than all the rest.
        """
        if self.nothing:
            return []
        keys = self._keys(condition(self.query, EVERYWHERE, self.form), "", FEW + 1)
        return None if len(keys) > FEW else keys

    @cached_property
    def _rare(self) -> list[int] | None:
        """The few that answer and lie within reach; None for frequent words."""
        cls = registry[self.form]
        if self.reach.holder and self.few is None:  # nobody has many in hand
            return list(
                db.session.execute(
                    select(cls.id).where(self.reach.where(cls), cls.id.in_(self.ids()))
                ).scalars()
            )
        if not self.few:
            return self.few
        return list(
            db.session.execute(select(cls.id).where(cls.id.in_(self.few), self.reach.where(cls))).scalars()
        )

    def _keys(self, condition: tuple[str, Mapping[str, Any]], order: str, limit: int) -> list[int]:
        where, params = condition
        asked = text(f"SELECT {self.key} FROM search WHERE {where} {order} LIMIT {limit}")  # noqa: S608
        return [row[0] - space(self.form) for row in db.session.connection().execute(asked, params)]

    def newest(self, limit: int = 20, before: int | None = None, after: int | None = None) -> list[int]:
        """Ids, newest first; older than ``before``, or the next newer than ``after`` (oldest first then)."""
        if self._rare is not None:
            within = [
                key
                for key in self._rare
                if (before is None or key < before) and (after is None or key > after)
            ]
            return sorted(within, reverse=after is None)[:limit]
        asked = condition(self.query, self.reach, self.form, before, after)
        return self._keys(asked, f"ORDER BY {self.key} {'DESC' if after is None else 'ASC'}", limit)

    def count(self, at_most: int) -> int:
        """How many records answer, counted no further than ``at_most``."""
        if self._rare is not None:
            return min(len(self._rare), at_most)
        where, params = condition(self.query, self.reach, self.form)
        asked = f"SELECT count(*) FROM (SELECT 1 FROM search WHERE {where} LIMIT {at_most}) AS found"  # noqa: S608
        return int(db.session.execute(text(asked), params).scalar_one())

    def ids(self) -> TextClause:
        """A subquery of the ids, to be put beside other conditions."""
        where, params = condition(self.query, self.reach, self.form)
        return text(f"SELECT {self.key} - {space(self.form)} FROM search WHERE {where}").bindparams(**params)  # noqa: S608


def create_tables(connection: Any) -> None:
    """Make the table as the database at hand keeps it, where no migrations are run."""
    statements = (SQLITE_TABLE,) if connection.dialect.name == "sqlite" else POSTGRES_TABLE
    for statement in statements:
        connection.execute(text(statement))
