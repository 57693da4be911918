"""What a person typed into the boxes of a form: kept as typed, checked box by box, turned into values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.act import look_up
from app.declare import conditions
from app.declare.conditions import stands
from app.declare.fields import Field
from app.declare.person import Person
from app.declare.record import Wrong as Wrong
from app.declare.record import too_much
from app.ground.database import db
from app.ground.language import gettext as _
from app.ground.language import lazy_gettext as _l
from app.ground.text import clean, whole
from app.keep import attachments
from app.people import access

UNTOUCHED = "•••"
NO_SUCH = _l("There is no such record; please pick one from the list.")


class Typed(Protocol):
    """A request's form: several values a name."""

    def getlist(self, key: str) -> list[str]:
        """All values of a name."""


class Pairs(dict[str, Any]):
    """Plain values in place of a request's form, for commands and tests; an int for a reference is its id."""

    def getlist(self, key: str) -> list[str]:
        """All values of a name, as text."""
        values = self.get(key)
        if values is None and isinstance(self.get(key.removesuffix("-id")), int):
            values = self[key.removesuffix("-id")]
        if values is None:
            return []
        return [str(value) for value in values] if isinstance(values, (list, tuple)) else [str(values)]


@dataclass
class Entry:
    """The typed boxes of one form, line tables included; in the shape that Flask-Admin asks of a form."""

    person: Person
    fields: Sequence[Field]
    typed: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    lines: dict[str, list["Entry"]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    required: Mapping[str, bool] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)  # kept, so that saving reads them no second time
    prefix: str = ""
    record: Any = None  # as it stands, where the boxes are not a new one's
    template: Any = None  # what a new one was filled from, where it is made of another record
    elsewhere: dict[str, Any] = field(
        default_factory=dict
    )  # labels of boxes that are wrong and not on this page
    conflict: Any = None  # what somebody else saved while this was typed

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def validate(self) -> bool:
        """Whether what was typed may be saved as far as the boxes tell."""
        return not self.errors

    def needs(self, box: Field) -> bool:
        """Whether a box must be filled here."""
        return self.required.get(box.name, bool(box.required))

    def covered(self, box: Field) -> bool:
        """Whether a box stands covered, and so keeps what the record says."""
        return box.personal and not box.anew and self.typed.get(box.name) == UNTOUCHED

    def from_record(self, record: Any) -> "Entry":
        """The boxes as a record has them; personal ones covered: seeing one in full is an act of its own."""
        self.record = record
        for box in self.fields:
            if box.anew or box.kind.takes_files or box.kind.aside:
                self.typed[box.name] = self.labels[box.name] = ""
                continue
            if box.is_lines:
                rows = [
                    (row.id, self.line(box, at).from_record(row))
                    for at, row in enumerate(getattr(record, box.name))
                ]
                for key, entry in rows:
                    entry.typed["id"] = "" if key is None else str(key)
                self.lines[box.name] = [entry for _key, entry in rows]
                continue
            value = getattr(record, box.column)
            if box.is_reference and value is not None:
                self.labels[box.name] = str(getattr(record, box.name))
            self.typed[box.name] = (
                "" if value is None else UNTOUCHED if box.personal and value else box.kind.typed(value)
            )
        return self

    def posted(self) -> dict[str, str]:
        """The plain boxes as a browser sends them: of a reference its label, and its id beside."""
        keys = {f"{name}-id": self.typed[name] for name in self.labels}
        return {**self.typed, **self.labels, **keys}

    def with_defaults(self, given: Mapping[str, str] | None = None) -> "Entry":
        """The boxes of a new record; some filled already (an address that brings the unit along)."""
        for box in self.fields:
            if box.is_lines:
                self.lines[box.name] = []
                continue
            value = box.start()
            start = "" if value is None else box.kind.typed(value)
            if box.is_reference:
                self._read_reference(box, Pairs({f"{box.name}-id": start, **(given or {})}))
            else:
                told = f"{box.name}-id" if box.kind.refers else box.name
                self.typed[box.name] = clean((given or {}).get(told, start))
        return self

    def line(self, box: Field, at: int) -> "Entry":
        """An empty row of a line table."""
        return Entry(
            self.person,
            tuple(part for part in box.kind.line.fields.values() if not part.by_step),
            prefix=f"{self.prefix}{box.name}-{at}-",
        )

    def read(self, typed: Typed, before: Any = None) -> "Entry":
        """Take what was typed and check it. ``before`` is the record as it was, on which covered and hidden
        boxes hang.
        """
        self.record = before
        stood = self._stood(before)
        for box in self.fields:
            if box.is_lines:
                self._read_lines(box, typed, before)
            elif box.is_reference:
                self._read_reference(box, typed)
            else:
                self.typed[box.name] = "\n".join(
                    clean(part[:200_000]) for part in typed.getlist(self.prefix + box.name)
                ).strip()
                if stood is not None and self.covered(box) and not getattr(stood, box.column):
                    self.typed[box.name] = ""  # nothing stands there that a cover could keep
        for box in self.fields:
            if box.is_lines:
                self._leave_hidden_lines(box)
            else:
                self._check(box, before)
        return self

    def _stood(self, before: Any) -> Any:
        """What stood in the boxes before: the record, or what a new one was filled from."""
        return self.template if before is None else before

    def _read_lines(self, box: Field, typed: Typed, before: Any) -> None:
        rows: list[Entry] = []
        had = {str(line.id): line for line in getattr(before, box.name, ())}
        at_most = box.kind.at_most
        count = next(iter(typed.getlist(f"{self.prefix}{box.name}-count")), "0")
        for at in range(min(whole(count) or 0, at_most + 1)):
            row = self.line(box, at)
            names = [part.name for part in row.fields if part.worked_out is None]
            key = next(iter(typed.getlist(f"{row.prefix}id")), "")
            if any(
                clean("".join(typed.getlist(row.prefix + name)))
                for name in names
                if not _is_default(row, name, typed)
            ):
                row.read(typed, had.get(key))
                row.typed["id"] = key
                rows.append(row)
        if len(rows) > at_most:
            self.errors[box.name] = _("At most %(count)s lines.", count=at_most)
        self.lines[box.name] = rows
        if self.needs(box) and not rows:
            self.errors[box.name] = _("At least one line is needed.")
        if any(row.errors for row in rows):
            self.errors.setdefault(box.name, _("Please mend the marked lines."))

    def _leave_hidden_lines(self, box: Field) -> None:
        """A table that isn't there says nothing: no line, or what it said where the record has no such table,
        whatever is typed here.
        """
        if self.shows(box):
            return
        self.errors.pop(box.name, None)
        self.lines[box.name] = []
        if self.left_out(box):
            del self.lines[box.name]

    def _check(self, box: Field, before: Any) -> None:
        typed = self.typed[box.name]
        if box.kind.takes_files:
            self._check_photos(box, box.kind.of, before)
            return
        if not self.shows(box):
            self.values[box.name] = getattr(before, box.column) if self.left_out(box) else box.start()
            return
        if (stood := self._stood(before)) is not None and self.covered(box):
            self.values[box.name] = getattr(stood, box.column)
            return
        if typed and self._stands(box, typed, before):
            self.values[box.name] = getattr(before, box.column)
            return
        if not typed and box.is_reference and self.labels[box.name]:
            self.values[box.name], self.errors[box.name] = None, _(NO_SUCH.text)
            return
        if not typed:
            several = box.kind.refers == "many"
            self.values[box.name] = self._unseen(box, before) if several else box.kind.nothing()
            if self.needs(box) and box.worked_out is None:
                self.errors[box.name] = _("Needed.")
            return
        try:
            value = box.kind.parse(typed)
            self.values[box.name] = self._referred(box, typed, before) if box.is_reference else value
            if box.kind.refers == "many":
                for key in value:
                    self._referred(box, str(key))
                self.values[box.name] = value + self._unseen(box, before)
        except ValueError as error:
            self.values[box.name] = None
            self.errors[box.name] = str(error)

    def _check_photos(self, box: Field, kind: str, before: Any) -> None:
        """The photos that came with the dialog; one the record has already will do where one is needed."""
        marks = self.typed[box.name].split("\n")
        photos = [photo for mark in marks if (photo := attachments.marked(mark, self.person)) is not None]
        self.values[box.name] = photos
        if self.needs(box) and not photos and not attachments.has(before, kind):
            self.errors[box.name] = _("Needed.")

    def _stands(self, box: Field, typed: str, before: Any) -> bool:
        """Whether a plain box says what it said before: what was let in is not judged again, nor cut to what
        one can type.
        """
        if before is None or box.kind.refers or box.kind.aside:
            return False
        value = getattr(before, box.column)
        return value is not None and typed == box.kind.typed(value)

    def shows(self, field: Field) -> bool:
        """Whether a box is there at all, given what stands in the others, here or in the record."""
        return all(self._allows(name, wanted) for name, wanted in (field.shown_when or {}).items())

    def left_out(self, field: Field) -> bool:
        """Whether the record has no such box, whatever is typed here."""
        wanted = (field.shown_when or {}).items()
        return not all(self._allows(name, value) for name, value in wanted if self.box(name) is None)

    def box(self, name: str) -> Field | None:
        """The box of that name on this page; none where it is another page's, or the record has none."""
        here = next((field for field in self.fields if field.name == name and name in self.typed), None)
        return None if here is None or self.left_out(here) else here

    def _allows(self, name: str, wanted: Any) -> bool:
        box = self.box(name)
        if box is None:
            return self.record is None or conditions.fits(wanted, stands(self.record, name))
        says = box.kind.weighed(self.typed[box.name]) if self.shows(box) else box.start()
        return conditions.fits(wanted, says)

    def _read_reference(self, box: Field, typed: Typed) -> None:
        """Only the hidden box carries an id. A text without one, or beside another's, must itself name a
        record.
        """
        boxes = [typed.getlist(self.prefix + name) for name in (box.name, f"{box.name}-id")]
        text, key = (clean(next(iter(given), "")[:200]) for given in boxes)
        self._refer(box, "" if boxes[0] and not text else key, text)
        if text and (not key or (box.name in self.found and text not in (key, self.labels[box.name]))):
            self._refer(box, str(look_up.exactly(self.person, box.kind.target, text) or ""), text)

    def _refer(self, box: Field, key: str, text: str) -> None:
        self.typed[box.name], self.labels[box.name] = key, text
        self.found.pop(box.name, None)
        record = self._find(box, key)
        if record is not None:
            self.found[box.name] = record
            self.labels[box.name] = str(record)

    def _find(self, box: Field, typed: str) -> Any:
        """The record that an id names, of those the person may refer to; what the record at hand names
        already stands, whoever edits it.
        """
        if (key := whole(typed)) is None:
            return None
        stood = self._stood(self.record)
        if box.is_reference and stood is not None and getattr(stood, box.column, None) == key:
            return getattr(stood, box.name)
        target = box.kind.target
        return access.get(self.person, target, key) or access.get(self.person, target, key, "look_up")

    def _referred(self, box: Field, typed: str, before: Any = None) -> int:
        """The id of a record that the person may look up; any other, or a closed account newly chosen, is as
        if it weren't there.
        """
        record = self._find(box, typed)
        is_kept = record is not None and getattr(before, box.column, None) == record.id
        if record is None or not (getattr(record, "active", True) or is_kept):
            raise ValueError(_(NO_SUCH.text))
        return int(record.id)

    def _unseen(self, box: Field, before: Any) -> list[int]:
        """The references a record had that this person isn't shown: who can't see them can't have taken them
        away.
        """
        return [key for key in getattr(before, box.column, None) or [] if self._find(box, str(key)) is None]

    def apply(self, record: Any) -> None:
        """Put the values into a record; lines keep their identity where they were there before."""
        for box in self.fields:
            if box.kind.takes_files or box.kind.aside:
                continue
            if box.is_lines:
                if box.name in self.lines:
                    self._apply_lines(box, record)
            elif box.name in self.values and box.worked_out is None:
                setattr(record, box.column, self.values[box.name])

    def _apply_lines(self, box: Field, record: Any) -> None:
        line = box.kind.line
        had = {str(row.id): row for row in getattr(record, box.name) if row.id is not None}
        rows = []
        for at, entry in enumerate(self.lines[box.name]):
            row = had.get(entry.typed.get("id", "")) or line()
            for part in entry.fields:
                if part.worked_out is None:
                    setattr(row, part.column, entry.values.get(part.name))
            for part in entry.fields:
                if part.worked_out is not None:
                    value = part.follows(row)
                    too_much(part, f"{box.name}-{at}-{part.name}" if entry.prefix else box.name, value)
                    setattr(row, part.name, value)
            row.position = at
            rows.append(row)
        with db.session.no_autoflush:
            setattr(record, box.name, rows)

    def refuse(self, wrong: Wrong, boxes: Mapping[str, Field]) -> None:
        """Keep what a rule says of a box, or of a line's (``people-0-until``); of one that isn't here by its
        label among all ``boxes``.
        """
        for start, row in (
            (f"{name}-{at}-", row) for name, rows in self.lines.items() for at, row in enumerate(rows)
        ):
            if wrong.field.startswith(start):
                row.errors[wrong.field.removeprefix(start)] = wrong.message
                return
        self.errors[wrong.field] = wrong.message
        if wrong.field in boxes:
            self.elsewhere[wrong.field] = boxes[wrong.field].label

    def _drawn(self, box: Field) -> bool:
        return box.worked_out is None and not self.left_out(box)

    def all_errors(self) -> Iterable[tuple[str, Any, str]]:
        """(input's id, label, message) for the summary on top, lines included; no id, and maybe no label, of
        what has no box here.
        """
        here = {box.name for box in self.fields}
        yield from (
            ("", self.elsewhere.get(name, ""), said) for name, said in self.errors.items() if name not in here
        )
        for box in self.fields:
            for at, row in enumerate(self.lines.get(box.name, ()) if box.is_lines else (), 1):
                for name, _label, message in row.all_errors():
                    yield name, f"{box.label} {at} · {_label}", message
            if box.name in self.errors and not (
                box.is_lines and any(row.errors for row in self.lines.get(box.name, ()))
            ):
                yield self.prefix + box.name if self._drawn(box) else "", box.label, self.errors[box.name]


def _is_default(row: Entry, name: str, typed: Typed) -> bool:
    box = next(part for part in row.fields if part.name == name)
    start = box.start()
    return start is not None and clean("".join(typed.getlist(row.prefix + name))) == box.kind.typed(start)
