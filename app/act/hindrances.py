"""What stands in the way of anything that is done to a record, a step as much as a link: whose duty it is,
where the record lies, how it stands, and its guards.
"""

from collections.abc import Iterable, Sequence

from app.declare import duties
from app.declare.duties import By
from app.declare.form import Form
from app.declare.guards import Guard
from app.declare.person import Person
from app.ground.language import gettext as _
from app.ground.words import Words
from app.keep import attachments
from app.people import access
from app.people.refusal import Refusal


def of_duty(record: Form, label: Words, by: Sequence[By], person: Person) -> Refusal | None:
    """None of these clauses lets a person do it to this record."""
    if any(access.within(person, record, clause) for clause in by):
        return None
    if any(isinstance(clause, duties.Clause) and clause.code in person.clauses for clause in by):
        return Refusal("area", _("%(step)s: this record isn't in your area.", step=label), by, record)
    return Refusal("duty", _("%(step)s isn't among your duties.", step=label), by, record)


def of_state(record: Form, label: Words, states: Sequence[str]) -> Refusal | None:
    """The record is in none of these states."""
    if record.state in states:
        return None
    return Refusal(
        "state",
        _(
            "It is %(state)s; %(step)s is possible from %(from_)s.",
            state=record.states[record.state].label,
            step=label,
            from_="、".join(str(record.states[state].label) for state in states),
        ),
    )


def of_guards(record: Form, guards: Iterable[Guard]) -> Refusal | None:
    """The first of these guards that the record doesn't satisfy."""
    for guard in guards:
        if not (attachments.has(record, guard.photos) if guard.photos else guard.holds(record)):
            return Refusal("guard", guard.said(record), at=guard.at)
    return None
