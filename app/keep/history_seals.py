"""Seals over what was chained before the present key was there: from then on no line of it changes unseen."""

import base64
from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, column, delete, insert, select, table

from app.ground import clock
from app.keep import history_marks
from app.keep.history import Seal
from app.keep.history_keys import Key

PART = 1000
MARK = 12  # bytes of a mark that are kept


class Sealed(NamedTuple):
    """How far a record's lines are sealed, and the mark over the last of them."""

    version: int
    mark: str


def marked(key: Key, form: str, record_id: int, version: int, head: str) -> str:
    """The mark over a record's line, which stands for all before it."""
    full = bytes.fromhex(key.mark(f"seal {form} {record_id} {version} {head}".encode()))
    return base64.urlsafe_b64encode(full[:MARK]).decode()


def seal(connection: Connection, tables: Mapping[str, str], key: Key) -> int:
    """Seal the heads of all records as they stand, in place of earlier seals; how many. ``tables`` gives each
    form's.

    The marks outside of the database begin anew with what is sealed.
    """
    connection.execute(delete(Seal))
    return sum(_seal_form(connection, form, name, key) for form, name in tables.items())


def _seal_form(connection: Connection, form: str, name: str, key: Key) -> int:
    versions, at, count = array("I"), clock.now(), 0
    for part in _parts(_heads(connection, name)):
        lines = []
        for record_id, version, head in part:
            lines.append(f"{record_id} {version} {marked(key, form, record_id, version, head)}")
            versions.extend([0] * (record_id - len(versions)))
            versions.append(version)
        row = {"form": form, "first_id": part[0][0], "key_id": key.id, "at": at, "marks": "\n".join(lines)}
        connection.execute(insert(Seal), row)
        count += len(part)
    history_marks.begin_anew(form, versions)
    return count


def _heads(connection: Connection, name: str) -> Iterator[Any]:
    """Each record of a table: id, version and head, some hundred at a time."""
    columns: list[Any] = [column(name) for name in ("id", "version", "head")]
    asked = select(*columns).select_from(table(name, *columns)).order_by(columns[0]).limit(PART)
    last = -1
    while rows := connection.execute(asked.where(columns[0] > last)).all():
        yield from rows
        last = rows[-1][0]


def _parts(rows: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while part := list(islice(iterator, PART)):
        yield part


def sealed(rows: Iterable[Any]) -> Iterator[tuple[int, Sealed]]:
    """The seals of a form's records by their ids, from the rows that keep them."""
    for row in rows:
        for said in row.marks.splitlines():
            record_id, version, mark = said.split(" ")
            yield int(record_id), Sealed(int(version), mark)
