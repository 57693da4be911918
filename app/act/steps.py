"""Steps: what stands in the way of one, and the one function that performs them all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import select

from app.act import hindrances, saving
from app.act.entry import Entry, Pairs, Typed
from app.declare import checks, duties
from app.declare.fields import Field
from app.declare.form import Form, Step
from app.declare.person import Person
from app.ground.database import db
from app.ground.language import gettext as _
from app.keep import attachments, history, linked, transaction
from app.people import access
from app.people.refusal import Refusal


@dataclass
class Result:
    """What became of a step over one record of a selection."""

    key: int
    number: str
    refusal: Refusal | None = None


def asked_fields(step: Step, cls: type[Form], record: Form | None = None) -> list[Field]:
    """The boxes a step asks for, as needed there; with something open before it, why it is taken all the
    same. Over a selection that may be said once for all.
    """
    asked = [ask.field(cls.fields, cls.photo_kinds) for ask in step.asked]
    if record is None and any(step.name in check.before for check in cls.checks):
        asked.append(replace(checks.REASON, required=False))
    elif record is not None and checks.standing(record, step.name):
        asked.append(checks.REASON)
    return asked


@dataclass(frozen=True)
class Known:
    """What steps hang on beside their records, asked for many records at once: what these made and isn't done
    yet, by form and id; who took their steps last, by form, id and act.
    """

    undone: dict[tuple[str, int], list[tuple[str, Any]]] = field(default_factory=dict)
    took: dict[tuple[str, int, str], int | None] = field(default_factory=dict)

    def look_at(self, records: Iterable[Form]) -> None:
        """Ask for these records too, whatever steps leave their states."""
        waiting: dict[type[Form], tuple[set[int], set[str]]] = {}
        acts: set[tuple[str, int, str]] = set()
        for record in records:
            for step in leaving(type(record), record.state):
                if step.waits_for:
                    keys, names = waiting.setdefault(type(record), (set(), set()))
                    keys.add(record.id)
                    names.update(step.waits_for)
                taken = (name for name in step.not_by if name in record.steps)
                acts.update((record.name, record.id, _act(name)) for name in taken)
        for cls, (keys, names) in waiting.items():
            made = linked.undone(cls, sorted(keys), names)
            self.undone.update({(cls.name, key): made.get(key, []) for key in keys})
        self.took.update(dict.fromkeys(acts) | history.last_by_each(acts) if acts else {})


def in_the_way(record: Form, step: Step, person: Person, known: Known | None = None) -> Refusal | None:
    """The first true cause why a person can't take a step on a record now, or None. Guards on what a step
    asks are judged when it is asked. What is ``known`` of records that are looked at together isn't asked.
    """
    if known is None:
        known = Known()
    by = step.clauses(record)
    refusal = hindrances.of_duty(record, step.label, by, person)
    if (refusal := refusal or hindrances.of_state(record, step.label, step.source)) is not None:
        return refusal
    if _is_the_first(record, step, person, known):
        return Refusal(
            "second",
            _("%(step)s needs a second person: you handled this yourself.", step=step.label),
            [clause for clause in by if isinstance(clause, duties.Clause)],
            record,
        )
    if (refusal := _waits(record, step, person, known)) is not None:
        return refusal
    return None if step.asks else hindrances.of_guards(record, step.guards)


def _waits(record: Form, step: Step, person: Person, known: Known) -> Refusal | None:
    """What a record made and a step waits for isn't done yet; the first that the person may look at."""
    if not step.waits_for:
        return None
    told = known.undone.get((record.name, record.id))
    if told is None:
        told = linked.undone(type(record), [record.id], step.waits_for).get(record.id, [])
    made = [row for name, row in told if name in step.waits_for]
    if not made:
        return None
    seen = next((row for row in made if access.get(person, type(row), row.id) is not None), None)
    open_one = seen or made[0]
    said = _(
        "%(title)s %(number)s, made of this, isn't done yet.",
        title=open_one.title,
        number=linked.called(open_one),
    )
    return Refusal("guard", said, see=seen)


def unmet_before(record: Form, step: Step) -> Refusal | None:
    """The first guard that doesn't hold whatever is typed into the step's dialog, or None."""
    asked = {ask.name for ask in step.asked}
    return hindrances.of_guards(record, (guard for guard in step.guards if guard.at not in asked))


def _act(name: str) -> str:
    """What the history calls the taking of a step."""
    return f"step:{name}"


def _stood(record: Form, name: str, known: Known) -> int | None:
    """Who stands in a box of a record, or took another of its steps last."""
    if name not in record.steps:
        return getattr(record, f"{name}_id", None)
    taken = (record.name, record.id, _act(name))
    return known.took[taken] if taken in known.took else history.last_by(*taken)


def _is_the_first(record: Form, step: Step, person: Person, known: Known) -> bool:
    """Whether the step needs another pair of eyes than this person's."""
    return bool(person.id) and any(_stood(record, name, known) == person.id for name in step.not_by)


@cache
def telling(cls: type[Form]) -> tuple[str, ...]:
    """The columns that tell where a record lies and in whose hands it is or was: most steps hang on nothing
    else.
    """
    seconds = {name for step in cls.steps.values() for name in step.not_by if name not in cls.steps}
    people = seconds.union(access.handed_by(cls))
    return ("state", "office_id", "area_id", *sorted(f"{name}_id" for name in people))


def next_steps(cls: type[Form], person: Person, rows: Mapping[int, Any]) -> dict[int, Step]:
    """The likeliest step of each row of a list that leads somewhere, is none of danger, and that nothing
    stands in the way of.

    ``rows`` have the columns of ``telling``. What hangs on a record's other boxes is asked of the records,
    read in one go.
    """
    ways = {
        state: [step for step in leaving(cls, state) if step.targets and not step.danger]
        for state in cls.states
    }
    steps_by_id: dict[int, Step] = {}
    unclear: list[int] = []
    for key, row in rows.items():
        able = (step for step in ways.get(row.state, ()) if _is_told_able(row, step, person))
        if (first := next(able, None)) is None:
            continue
        if (
            first.by_when is None
            and not first.waits_for
            and (first.asks or not first.guards)
            and cls.steps.keys().isdisjoint(first.not_by)
        ):
            steps_by_id[key] = first
        else:
            unclear.append(key)
    known = Known()
    with checks.asking_nothing():
        records = (
            db.session.execute(select(cls).where(cls.id.in_(unclear))).scalars().all() if unclear else ()
        )
        known.look_at(records)
        for record in records:
            free = (way for way in ways[record.state] if in_the_way(record, way, person, known) is None)
            if (step := next(free, None)) is not None:
                steps_by_id[record.id] = step
    return steps_by_id


def _is_told_able(row: Any, step: Step, person: Person) -> bool:
    """Whether duty, place and hands let somebody take a step, as far as a row's own columns tell."""
    handled = person.id and any(getattr(row, f"{name}_id", None) == person.id for name in step.not_by)
    return not handled and any(
        getattr(row, f"{clause.field}_id") == person.id
        if isinstance(clause, duties.Holder)
        else access.within(person, row, clause) is not None
        for clause in step.by
    )


@cache
def leaving(cls: type[Form], state: str) -> tuple[Step, ...]:
    """The steps that leave a state, as declared, whoever may take them."""
    return tuple(step for step in cls.steps.values() if state in step.source)


def judged(record: Form, person: Person) -> list[tuple[Step, Refusal | None]]:
    """The steps that leave the present state, the likeliest first (as declared), each with what stands in
    this person's way; None beside one that they may take.
    """
    return [(step, in_the_way(record, step, person)) for step in leaving(type(record), record.state)]


def clause_of(record: Form, step: Step, person: Person) -> str:
    """The clause by which a person takes a step."""
    return next(
        (str(held) for clause in step.clauses(record) if (held := access.within(person, record, clause))), ""
    )


def read(record: Form, step: Step, person: Person, typed: Typed) -> Entry:
    """The boxes a step asks for, as typed."""
    return Entry(person, asked_fields(step, type(record), record)).read(typed, record)


def perform(
    record: Form,
    step: Step,
    person: Person,
    entry: Entry | None = None,
    version: int | None = None,
    token: str = "",
) -> None:
    """Take a step: duty, area, state, second person, version and guards are checked; boxes, effect and state
    saved; history written; or nothing at all.

    Raises Refusal, Conflict, or Wrong for a box. The caller commits.
    """
    with saving.changing(record, person, _act(step.name), token=token, always=True, judged=True) as taken:
        if (refusal := in_the_way(record, step, person)) is not None:
            raise refusal
        if version is not None:
            saving.check_version(record, version, [ask.name for ask in step.asked])
        taken.clause = clause_of(record, step, person)
        if entry is not None:
            taken.changes |= _add_photos(record, person, entry)
            entry.apply(record)
            saving.refer(record, taken.before)
        if (refusal := hindrances.of_guards(record, step.guards)) is not None:
            raise refusal
        if open_before := checks.standing(record, step.name):
            reason = entry.values.get(checks.REASON.name) if entry is not None else None
            if not reason:
                raise Refusal("guard", _("Please say why, with that open."), at=checks.REASON.name)
            taken.changes |= checks.kept(open_before, reason)
        target = (step.effect(_acting(record, person)) if step.effect is not None else None) or step.target
        record.state = target or record.state
    if record.is_void:
        linked.tell_voided(record, person)


def _add_photos(record: Form, person: Person, entry: Entry) -> dict[str, Any]:
    """Keep the photos that came with a step, before anything that counts them is asked; what the history says
    of them.
    """
    said: dict[str, Any] = {}
    for box in entry.fields:
        if not box.kind.takes_files:
            continue
        for photo in entry.values[box.name]:
            try:
                row = attachments.add(record, photo, box.kind.of, person)
            except attachments.FileRefused as refused:
                raise saving.Wrong(box.name, str(refused)) from refused
            said |= attachments.came(row) if row is not None else {}
    return said


def _acting(record: Form, person: Person) -> Form:
    """The record, knowing for its effect who acts."""
    record.__dict__["acting"] = person
    return record


def note_refused(record: Form, step: Step, person: Person, refusal: Refusal) -> None:
    """A forged or late step leaves no trace but a line of the history."""
    saving.lock(record)
    history.write(record, person, f"refused:{step.name}", "", {})


def perform_each(
    cls: type[Form], keys: Sequence[int], step: Step, person: Person, typed: Typed | None = None
) -> list[Result]:
    """Take a step over a selection, with a result per record. One that moves the state alone runs as one
    statement; the others one by one, each whole or not at all.
    """
    outcomes: list[Result] = []
    records = {item.id: item for item in transaction.hold_all(cls, keys, access.rows(person, cls))}
    able: list[Form] = []
    known = Known()
    known.look_at(records.values())
    for key in keys:
        record = records.get(key)
        if record is None:
            continue
        refusal = in_the_way(record, step, person, known)
        outcomes.append(Result(key, record.number, refusal))
        if refusal is None:
            able.append(record)
    if cls.moves_alone(step):
        moving = [(record, clause_of(record, step, person)) for record in able]
        saving.move(moving, step.target or cls.states.first, person, _act(step.name))
        return outcomes
    results = {result.key: result for result in outcomes}
    for record in able:
        results[record.id].refusal = _try(record, step, person, typed or Pairs())
    return outcomes


def _try(record: Form, step: Step, person: Person, typed: Typed) -> Refusal | None:
    entry = read(record, step, person, typed)
    if entry.errors:
        name, message = next(iter(entry.errors.items()))
        label = next(box.label for box in entry.fields if box.name == name)
        return Refusal("guard", f"{label}: {message}")
    try:
        with db.session.begin_nested():
            perform(record, step, person, entry)
    except Refusal as refusal:
        db.session.refresh(record)
        return refusal
    except saving.Wrong as wrong:
        db.session.refresh(record)
        return Refusal("guard", wrong.message)
    return None
