"""Whether everything is as the history has it: chains, records, the tables inside them, files; read in step,
in one picture of the database.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app.declare.fields import Field
from app.declare.record import Record
from app.ground.database import db, is_sqlite, reading
from app.ground.language import gettext as _
from app.keep import attachments, history_marks, history_seals
from app.keep.attachments import Attachment
from app.keep.capability import plugged
from app.keep.history import Line, Seal, filled
from app.keep.history_chain import Chain, Fault, Rule

ROWS = 1000  # read at a time
TELLING = 50_000  # records after which one hears how far it came
NEAR = timedelta(minutes=2)  # between a state's own moment and that of the line that tells of it
UNSAID = object()

Told = Callable[[str, int], None]


def verify(
    forms: Iterable[type[Record]], files: Path | None = None, told: Told | None = None
) -> Iterator[Fault]:
    """What isn't as it was. With ``files``, the folder of the stored ones, their bytes are read too. ``told``
    hears how far it came.
    """
    classes = list(forms)
    marks = {
        cls.name: history_marks.read(cls.name) for cls in classes
    }  # before the picture is taken: they are never ahead of it
    with snapshot() as connection:
        rule = Rule(connection)
        yield from rule.faults()
        for cls in classes:
            yield from _Form(cls, connection, rule, marks[cls.name], files, told).faults()
        for name, count in rule.unknown.items():
            yield Fault(
                "", "", 0, 0, _("%(n)s lines are under the key %(key)s, which isn't here.", n=count, key=name)
            )


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that sees one moment of the database from its first question to its last, and writes
    nothing.
    """
    with db.engine.connect() as connection:
        if not is_sqlite():
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with reading():
            connection.begin()
        try:
            yield connection
        finally:
            connection.rollback()


class _InStep:
    """Rows in the order of the record they belong to, given out record by record."""

    def __init__(self, rows: Iterable[tuple[int, Any]]) -> None:
        self.rows = iter(rows)
        self.next = next(self.rows, None)

    def of(self, key: int) -> Iterator[Any]:
        """The rows of a record, which must be asked for in order."""
        while self.next is not None and self.next[0] == key:
            row = self.next[1]
            self.next = next(self.rows, None)
            yield row

    def before(self, key: int | None) -> Iterator[tuple[int, Any]]:
        """The rows that stand before a record's and belong to none; all that are left with None."""
        while self.next is not None and (key is None or self.next[0] < key):
            row = self.next
            self.next = next(self.rows, None)
            yield row


class _Box:
    """How a field's value in the database is held against what the history says of it."""

    def __init__(self, field: Field) -> None:
        self.field, self.kind = field, field.kind
        start = None if callable(field.default) else field.default
        self.start = None if start is None else filled(field.kind.dump(start))

    def agrees(self, value: Any, kept: Any, loose: bool) -> bool:
        """Whether they are the same; ``loose`` where old lines left out noughts."""
        if value is None and (kept is UNSAID or filled(kept) is None):
            return True
        said = None if value is None else self.kind.dump(value)
        if kept is UNSAID:
            return filled(said) is None or filled(said) == self.start or (loose and said == 0)
        if filled(said) == filled(kept):
            return True
        if kept is None or value is None:
            return False
        try:
            return bool(self.kind.load(kept) == value)
        except (ValueError, TypeError, ArithmeticError):
            return False


class _Table:
    """The lines of a table inside a form, in step with its records."""

    def __init__(self, field: Field, connection: Connection) -> None:
        line = field.kind.line
        self.name, self.label = field.name, field.label
        self.boxes = [(field.name, _Box(field)) for field in line.fields.values()]
        columns = line.__table__.c
        asked = [columns.of_id, columns.position, *(columns[field.column] for field in line.fields.values())]
        self.rows = _InStep(
            (row[0], row[1:]) for row in _streamed(connection, select(*asked).order_by(columns.of_id))
        )

    def agrees(self, key: int, kept: Any) -> bool:
        """Whether a record's lines are those that the history says."""
        rows = sorted(self.rows.of(key), key=lambda row: row[0])
        told = [] if kept is UNSAID or kept is None else kept
        return len(rows) == len(told) and all(
            box.agrees(value, said.get(name, UNSAID), True)
            for row, said in zip(rows, told, strict=True)
            for (name, box), value in zip(self.boxes, row[1:], strict=True)
        )


def _streamed(connection: Connection, statement: Any, rows: int = ROWS) -> Iterator[Any]:
    return iter(connection.execute(statement.execution_options(stream_results=True, yield_per=rows)))


class _Form:
    """One form's records and their history, read side by side."""

    def __init__(
        self,
        cls: Any,
        connection: Connection,
        rule: Rule,
        marks: Sequence[int] | None,
        files: Path | None,
        told: Told | None,
    ) -> None:
        self.cls, self.name, self.rule, self.marks, self.files, self.told = (
            cls,
            cls.name,
            rule,
            marks,
            files,
            told,
        )
        self.connection = connection
        fields = [field for field in cls.fields.values() if field.balance is None]
        self.boxes = [(field.name, field.column, _Box(field)) for field in fields if not field.is_lines]
        self.tables = [_Table(field, connection) for field in fields if field.is_lines]
        history: Any = Line.__table__
        asked = select(history).where(history.c.form == cls.name).order_by(history.c.record_id, history.c.seq)
        self.lines = _InStep(
            (row["record_id"], row) for row in (row._mapping for row in _streamed(connection, asked))
        )
        seals = select(Seal.marks).where(Seal.form == cls.name).order_by(Seal.first_id)
        self.seals = _InStep(history_seals.sealed(_streamed(connection, seals, 1)))
        kept: Any = Attachment.__table__
        asked = select(kept).where(kept.c.form == cls.name).order_by(kept.c.record_id, kept.c.id)
        self.attached = _InStep((row.record_id, row) for row in _streamed(connection, asked))
        verifiers = (kept.verifier(cls, connection) for kept in plugged)
        self.verifiers = [verifier for verifier in verifiers if verifier is not None]

    def fault(self, record: str, key: int, line: int, sentence: str) -> Fault:
        """A sentence about a record of this form."""
        return Fault(self.name, record, key, line, sentence)

    def faults(self) -> Iterator[Fault]:
        """Record by record."""
        table: Any = self.cls.__table__
        last, count = 0, 0
        for row in _streamed(self.connection, select(table).order_by(table.c.id)):
            yield from self._between(last + 1, row.id)
            yield from self._record(row._mapping)
            for verifier in self.verifiers:
                verifier.there(row)
            last, count = row.id, count + 1
            if self.told is not None and count % TELLING == 0:
                self.told(self.name, count)
        yield from self._between(last + 1, None)
        for verifier in self.verifiers:
            yield from (Fault(self.name, number, 0, 0, sentence) for number, sentence in verifier.faults())
        if self.marks is None and count and history_marks.folder() is not None:
            yield self.fault(
                "",
                0,
                0,
                _(
                    "the marks of its records are missing from DATA_DIR; whether older ones were put back"
                    " isn't known"
                ),
            )
        if self.told is not None:
            self.told(self.name, count)

    def _between(self, low: int, high: int | None) -> Iterator[Fault]:
        """What belongs to records that aren't there."""
        named = set()
        for key, line in self.lines.before(high):
            if key not in named:
                named.add(key)
                yield self.fault(
                    f"id {key}", key, line["seq"], _("line %(line)s belongs to no record", line=line["seq"])
                )
        for key, file in self.attached.before(high):
            yield self.fault(
                f"id {key}", key, 0, _("the file “%(name)s” belongs to no record", name=file.name)
            )
        for table in self.tables:
            for key in sorted({key for key, _row in table.rows.before(high)}):
                yield self.fault(
                    f"id {key}", key, 0, _("a line of “%(table)s” belongs to no record", table=table.label)
                )
        gone = [key for key, _sealed in self.seals.before(high)]
        marks = self.marks or ()
        gone += [
            key for key in range(low, min(len(marks), len(marks) if high is None else high)) if marks[key]
        ]
        for key in sorted(set(gone) - named):
            yield self.fault(
                f"id {key}", key, 0, _("it was here once: it was removed, or an older copy was put back")
            )

    def _record(self, record: Mapping[str, Any]) -> Iterator[Fault]:
        key, number = record["id"], record["number"]
        seal = next(self.seals.of(key), None)
        chain = Chain(self.name, self.rule, number, key, seal)
        yield from chain.faults(self.lines.of(key), record)
        if self.marks is not None and key < len(self.marks) and record["version"] < self.marks[key]:
            sentence = _(
                "it has %(version)s lines and had %(mark)s: an older copy was put back",
                version=record["version"],
                mark=self.marks[key],
            )
            yield self.fault(number, key, 0, sentence)
        if chain.whole:
            yield from self._compare(record, chain)
            yield from self._files(record, chain.values)
        else:  # what can't be rebuilt can't be compared; its rows are passed over
            for table in self.tables:
                table.agrees(key, None)
            yield from self._bytes(record, list(self.attached.of(key)))

    def _compare(self, record: Mapping[str, Any], chain: Chain) -> Iterator[Fault]:
        """Each box, each table, the state and the place, against what the lines come to."""
        told, loose = chain.values, not chain.keyed_from_the_start
        off = [
            name
            for name, column, box in self.boxes
            if not box.agrees(record[column], told.get(name, UNSAID), loose)
        ]
        off += [
            table.name
            for table in self.tables
            if not table.agrees(record["id"], told.get(table.name, UNSAID))
        ]
        off += [name for name in ("area_id", "office_id") if filled(record[name]) != told.get(name)]
        if "number" in told or not loose:
            off += ["number"] if record["number"] != told.get("number") else []
        if "state" in record and filled(record["state"]) != told.get("state", self._first_state(record)):
            off.append("state")
        if not loose:
            off += [name for name, said in chain.made.items() if record[name] != said]
        if (
            chain.state_at is not None
            and "state_at" in record
            and abs(record["state_at"] - chain.state_at) > NEAR
        ):
            off.append("state_at")
        for name in off:
            yield self.fault(
                record["number"],
                record["id"],
                0,
                _("“%(box)s” isn't what its history says", box=self._label(name)),
            )

    def _first_state(self, record: Mapping[str, Any]) -> Any:
        """The state of a record none of whose lines speaks of one: it is older than its form's states."""
        return self.cls.states.first if getattr(self.cls, "states", None) else filled(record["state"])

    def _label(self, name: str) -> str:
        return str(self.cls.fields[name].label) if name in self.cls.fields else name

    def _files(self, record: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Fault]:
        """The files of a record against what its lines say of them, and the stored bytes."""
        rows = list(self.attached.of(record["id"]))
        key, number = record["id"], record["number"]
        for row in rows:
            kept = told.get(f"{attachments.FILE}{row.id}", UNSAID)
            if kept is UNSAID:
                yield self.fault(number, key, 0, _("no line tells of the file “%(name)s”", name=row.name))
            elif kept != (None if row.removed_at is not None else attachments.said(row)):
                yield self.fault(
                    number, key, 0, _("the file “%(name)s” isn't what its history says", name=row.name)
                )
        there = {f"{attachments.FILE}{row.id}" for row in rows}
        for name, kept in told.items():
            if name.startswith(attachments.FILE) and kept is not None and name not in there:
                yield self.fault(number, key, 0, _("the file “%(name)s” is missing", name=kept["name"]))
        yield from self._bytes(record, rows)

    def _bytes(self, record: Mapping[str, Any], rows: Sequence[Any]) -> Iterator[Fault]:
        if self.files is None:
            return
        for row in rows:
            path = attachments.place_in(self.files, row.sha256)
            try:
                with path.open("rb") as file:
                    right = hashlib.file_digest(file, "sha256").hexdigest() == row.sha256
                sentence = "" if right else _("the stored file “%(name)s” was changed", name=row.name)
            except OSError:
                sentence = _("the stored file “%(name)s” is gone", name=row.name)
            if sentence:
                yield self.fault(record["number"], record["id"], 0, sentence)
