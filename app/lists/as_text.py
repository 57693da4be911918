"""Statements over many forms at once, kept as text: hundreds of parts as objects take megabytes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text, union_all
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

DIALECTS: Mapping[str, Any] = {"sqlite": SQLiteDialect, "postgresql": PGDialect}


def written(parts: Sequence[Any], on: str, told: Collection[str]) -> tuple[str, Mapping[str, Any]]:
    """All parts as one statement on a database, with the values that are fixed in it; what is ``told`` by
    name comes each time.
    """
    said = union_all(*parts).compile(dialect=DIALECTS[on](paramstyle="named"))
    return str(said), {name: value for name, value in said.params.items() if name not in told}


def typed(said: str, told: Iterable[Any], **columns: Any) -> Any:
    """A written statement, with the types of what is told each time and of its columns."""
    return text(said).bindparams(*(value for value in told if f":{value.key}" in said)).columns(**columns)
