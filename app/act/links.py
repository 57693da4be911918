"""Links: one record makes another, filled already, linked both ways, its files following; whole or not at
all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from app.act import hindrances, saving
from app.act.entry import Entry, Pairs, Typed
from app.declare.becoming import Becomes
from app.declare.form import Form
from app.declare.person import Person
from app.declare.record import Record
from app.ground import clock
from app.ground.language import gettext as _
from app.keep import attachments, history, linked, transaction
from app.keep.attachments import Stored
from app.people import access
from app.people.refusal import Refusal


@dataclass(frozen=True)
class Offer:
    """A link of a record, or of one of its lines, with what stands in a person's way."""

    link: Becomes
    line: Any
    refusal: Refusal | None


def offers(record: Form, person: Person, ties: Sequence[linked.Tie]) -> list[Offer]:
    """What a record can make now, each with what stands in a person's way; of a table, one for each line."""
    return [
        Offer(link, line, in_the_way(record, link, person, line, ties))
        for link in record.links.values()
        for line in (getattr(record, link.each) if link.each else (None,))
    ]


def in_the_way(
    record: Form, link: Becomes, person: Person, line: Any = None, ties: Sequence[linked.Tie] | None = None
) -> Refusal | None:
    """The first true cause why a person can't make this of a record now, or None."""
    if (refusal := hindrances.of_duty(record, link.label, link.by, person)) is not None:
        return refusal
    target = link.target
    if access.may(person, target, "create") is None:
        sentence = _("Making a record of “%(title)s” isn't among your duties.", title=target.title)
        return Refusal("duty", sentence, target.access.by("create"), record)
    refusal = hindrances.of_state(record, link.label, link.while_in or record.open_states())
    if (refusal := refusal or hindrances.of_guards(record, link.guards)) is not None:
        return refusal
    made = made_by(link, line, linked.made_of(record) if ties is None else ties)
    if made is not None and not link.again:
        said = _("It was made already: %(title)s %(number)s.", title=target.title, number=linked.called(made))
        return Refusal("guard", said, see=made if access.get(person, target, made.id) else None)
    return None


def made_by(link: Becomes, line: Any, ties: Sequence[linked.Tie]) -> Any:
    """What a link made last of a record, or of a line of it, that wasn't voided since; or None."""
    key = line.id if line is not None else None
    return next(
        (
            tie.other
            for tie in reversed(ties)
            if not tie.is_source and tie.holds and (tie.link.name, tie.link.line_id) == (link.name, key)
        ),
        None,
    )


def lines_with_records(record: Record) -> set[int]:
    """The ids of a record's lines of which something was made that still counts."""
    return {tied.link.line_id for tied in linked.made_of(record) if tied.link.line_id is not None}


def line_of(record: Form, link: Becomes, key: int | None) -> Any:
    """The line of a record of which one is made; None where it is made of the record, LookupError for a line
    that isn't there.
    """
    if not link.each:
        return None
    line = next((row for row in getattr(record, link.each) if row.id == key), None)
    if line is None:
        raise LookupError
    return line


def filled(record: Form, link: Becomes, line: Any = None) -> Any:
    """What would be made, not saved: its boxes filled from the record and its line."""
    made = link.target()
    for box in made.fields.values():
        setattr(made, box.column, [] if box.is_lines else box.start())
    for name, source in link.fill.items():
        box = made.fields[name]
        value = _value(record, line, source)
        setattr(made, box.column, value.id if isinstance(value, Record) else value)
    made.created_at, made.version = clock.now(), 0
    made.office_id, made.area_id = record.office_id, record.area_id
    if isinstance(made, Form) and made.states:
        made.state = made.states.first
    saving.refer(made)
    return made


def _value(record: Any, line: Any, source: Any) -> Any:
    """What a box of the new one is filled with."""
    if callable(source):
        return source(record) if line is None else source(record, line)
    _table, _dot, part = source.rpartition(".")
    row = line if _table else record
    return getattr(row, row.fields[part].column)


def entry_of(template: Any, person: Person) -> Entry:
    """The boxes of the new one as a person is shown them: those of personal data covered."""
    return Entry(person, saving.entered(type(template), creating=True)).from_record(template)


def typed(template: Any, person: Person, boxes: Typed) -> Entry:
    """The same as a person typed them, checked; what is covered, and what they couldn't look up, stays as it
    was filled.
    """
    fields = saving.entered(type(template), creating=True)
    return Entry(person, fields, template=template).read(boxes)


def complete(template: Any, person: Person) -> Entry:
    """The same, checked as if they were typed so: its errors say what is still to be asked."""
    return typed(template, person, Pairs(_posted(entry_of(template, person))))


def _posted(entry: Entry) -> Mapping[str, Any]:
    """The boxes of an entry as a browser would send them, its tables included."""
    sent = {entry.prefix + name: value for name, value in entry.posted().items()}
    for name, rows in entry.lines.items():
        sent[f"{entry.prefix}{name}-count"] = str(len(rows))
        for row in rows:
            sent |= _posted(row)
    return sent


def make_entered(
    record: Form, link: Becomes, person: Person, entry: Entry, token: str = "", line: Any = None
) -> Record:
    """Make it of boxes that a person saw: both forms' duties, the state and what was made already are judged,
    the record held meanwhile. Raises Refusal, or Wrong for a rule between boxes. The caller commits.
    """
    transaction.hold(record)
    if (refusal := in_the_way(record, link, person, line)) is not None:
        raise refusal
    clause = next((held for by in link.by if (held := access.within(person, record, by))), None)
    made = saving.create(link.target, entry, person, token)
    _link(record, link, line, made, person, str(clause or ""))
    return made


def make(record: Form, name: str, person: Person, clause: str = "", line: Any = None) -> Record:
    """Make it as part of another act, such as a step's effect, whose clauses were judged; all that is needed
    has to be filled in. Made already, it is what was made. Raises Wrong. The caller commits.
    """
    link = record.links[name]
    transaction.hold(record)
    before = made_by(link, line, linked.made_of(record))
    if before is not None and not link.again:
        return cast(Record, before)
    made = filled(record, link, line)
    for box in saving.entered(link.target, creating=True):
        if box.required and box.applies(made) and getattr(made, box.column) in (None, "", []):
            said = _("%(title)s can't be made: %(box)s is empty.", title=link.target.title, box=box.label)
            raise saving.Wrong("step", said)
    saving.add(made, person, clause=clause)
    _link(record, link, line, made, person, clause)
    return cast(Record, made)


def _link(record: Form, link: Becomes, line: Any, made: Record, person: Person, clause: str) -> None:
    """Tie both, and let the files follow: each record has them for itself from here on, whatever is taken
    away from the other.
    """
    linked.tie(record, link.name, line.id if line is not None else None, made, person, clause)
    if not link.files:
        return
    came: dict[str, Any] = {}
    for file in attachments.of(record):
        stored = Stored(file.name, file.sha256, file.media_type, file.size)
        row = attachments.add(made, stored, file.kind, person)
        came |= attachments.came(row) if row is not None else {}
    if came:
        history.write(made, person, "attach", clause, came)
