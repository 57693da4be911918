"""the history is keyed: what was chained before is sealed as it stands, files of records are told of

Revision ID: 5b0d7c1e9a42
Follows: b3f1a90c6d27
"""

import base64
import hashlib
import hmac
import os
import sys
from array import array
from collections import defaultdict
from datetime import UTC, datetime

import orjson
import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from flask import current_app

revision = "5b0d7c1e9a42"
down_revision = "b3f1a90c6d27"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = {
    "office": "office", "building": "area", "user": "user", "unit": "unit", "customer": "customer", "owner_register": "owner_register",
    "key": "key", "key_loan": "key_loan", "complaint": "complaint", "work_order": "work_order",
}
PART, SEALED = 500, 1000
MARK = 12  # bytes of a mark that are kept


def upgrade() -> None:
    """Add the keys' names and the seals; tell of the files that are there, seal what is there."""
    op.add_column("history", sa.Column("key_id", sa.String(length=8), nullable=False, server_default=""))
    op.create_table(
        "history_seal",
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("first_id", KEY, autoincrement=False, nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("form", "first_id", name=op.f("pk_history_seal")),
    )
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM history LIMIT 1")).first() is not None:
        for form, table in TABLES.items():
            tell_of_files(connection, form, table)
        connection.execute(_seals.delete())
        for form, table in TABLES.items():
            seal(connection, form, table)


def downgrade() -> None:
    """Take the seals and the names away, unless lines are under a key: without its name none could be
    verified any more, nor told from one that somebody changed.
    """
    keyed = sa.text("SELECT count(*) FROM history WHERE key_id <> ''")
    if count := op.get_bind().execute(keyed).scalar_one():
        raise CommandError(
            f"{count} lines of the history are chained under a key, which an older version can't verify:"
            " restore a backup of that version instead. Nothing was changed."
        )
    op.drop_table("history_seal")
    op.drop_column("history", "key_id")


def tell_of_files(connection: sa.Connection, form: str, table: str) -> None:
    """A line for each record that has files, which says what they are: earlier lines said only that one came or went."""
    asked = sa.text("SELECT DISTINCT record_id FROM attachment WHERE form = :form ORDER BY record_id")
    ids = list(connection.execute(asked, {"form": form}).scalars())
    for at in range(0, len(ids), PART):
        low, high = ids[at], ids[at : at + PART][-1]
        changes = _files(connection, form, low, high)
        records = sa.table(table, *map(sa.column, ("id", "version", "head")))
        rows = connection.execute(sa.select(records).where(records.c.id.between(low, high))).all()
        lines = [_line(form, row, changes[row.id]) for row in rows if row.id in changes]
        if lines:
            connection.execute(_history.insert(), lines)
            moved = [{"key": line["record_id"], "to": line["seq"], "hash": line["hash"]} for line in lines]
            values = {"version": sa.bindparam("to"), "head": sa.bindparam("hash")}
            connection.execute(records.update().where(records.c.id == sa.bindparam("key")).values(**values), moved)


_history = sa.table(
    "history",
    sa.column("form"),
    sa.column("record_id"),
    sa.column("seq"),
    sa.column("at", sa.DateTime),
    sa.column("user_id"),
    sa.column("user_name"),
    sa.column("clause"),
    sa.column("act"),
    sa.column("changes", sa.JSON),
    sa.column("key_id"),
    sa.column("hash"),
)


_seals = sa.table(
    "history_seal",
    sa.column("form"),
    sa.column("first_id"),
    sa.column("key_id"),
    sa.column("at", sa.DateTime),
    sa.column("marks"),
)


def seal(connection: sa.Connection, form: str, table: str) -> None:
    """The mark of the key at hand over the head of each record as it stands, a thousand records a row; the
    marks outside of the database begin anew with what is sealed.
    """
    key = current_app.extensions["history_keys"].current
    records = sa.table(table, *map(sa.column, ("id", "version", "head")))
    asked = sa.select(records).order_by(records.c.id).limit(SEALED)
    versions, last = array("I"), 0
    while rows := connection.execute(asked.where(records.c.id > last)).all():
        marks = []
        for row in rows:
            said = f"seal {form} {row.id} {row.version} {row.head}".encode()
            mark = hmac.digest(key.secret, said, "sha256")[:MARK]
            marks.append(f"{row.id} {row.version} {base64.urlsafe_b64encode(mark).decode()}")
            versions.extend([0] * (row.id - len(versions)))
            versions.append(row.version)
        last = rows[-1].id
        at = datetime.now(UTC).replace(tzinfo=None)
        made = {"form": form, "first_id": rows[0].id, "key_id": key.id, "at": at, "marks": "\n".join(marks)}
        connection.execute(_seals.insert(), made)
    begin_marks(form, versions)


def begin_marks(form: str, versions: "array[int]") -> None:
    """How far each record has come, four bytes a record at its id, in a file of DATA_DIR."""
    folder = current_app.extensions.get("history_marks")
    if folder is None:
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.byteorder == "big":
        versions.byteswap()
    draft = folder / f".{form}"
    draft.touch(mode=0o600)
    draft.write_bytes(versions.tobytes())
    os.replace(draft, folder / form)


def _files(connection: sa.Connection, form: str, low: int, high: int) -> dict[int, dict[str, list[object]]]:
    """What the new lines say, by record: each file that is there, and of one taken away that it was there."""
    names = ("id", "record_id", "sha256", "kind", "name", "media_type", "size", "user_id")
    moments = (sa.column("made_at", sa.DateTime), sa.column("removed_at", sa.DateTime))
    files = sa.table("attachment", *map(sa.column, names), *moments, sa.column("form"))
    asked = sa.select(files).where(files.c.form == form, files.c.record_id.between(low, high)).order_by(files.c.id)
    found: dict[int, dict[str, list[object]]] = defaultdict(dict)
    for row in connection.execute(asked):
        said = {name: getattr(row, name) for name in ("name", "sha256", "kind", "media_type", "size", "user_id")}
        said["made_at"] = row.made_at.replace(tzinfo=UTC).isoformat()
        found[row.record_id][f"file:{row.id}"] = [None, said] if row.removed_at is None else [said, None]
    return found


def _line(form: str, row: sa.Row, changes: dict[str, list[object]]) -> dict[str, object]:
    """A line behind a record's others. Like them it names no key: the seal is what covers it."""
    at = datetime.now(UTC)
    said = [form, row.id, row.version + 1, at.isoformat(), None, "system", "", "seal", changes]
    chained = hashlib.sha256(row.head.encode() + orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {
        "form": form, "record_id": row.id, "seq": row.version + 1, "at": at.replace(tzinfo=None), "user_id": None, "user_name": "system",
        "clause": "", "act": "seal", "changes": changes, "key_id": "", "hash": chained,
    }
