"""Boxes for templates: a form's fields grouped as on paper, values as people read them, and the sentences of
the history.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from app.act import look_up
from app.act.entry import Entry
from app.declare import checks
from app.declare.fields import Field, Section
from app.declare.form import Form, Step
from app.declare.person import Person
from app.declare.record import Record, registry
from app.ground.database import db
from app.ground.language import gettext as _
from app.ground.language import lazy_gettext as _l
from app.ground.words import Words
from app.keep.attachments import FILE
from app.keep.linked import LINK
from app.people import access

ACTS = {
    "create": _l("made it"),
    "seed": _l("made it"),
    "seal": _l("sealed what was there"),
    "edit": _l("changed it"),
    "import": _l("brought it in from a sheet"),
    "look": _l("looked at personal data"),
    "attach": _l("added a file"),
    "detach": _l("took a file away"),
    "print": _l("printed it, personal data in full"),
    "export": _l("exported a list"),
    "password": _l("changed the password"),
    "one_time_password": _l("gave a one-time password"),
    "searched_number": _l("searched for a number"),
    "remade": _l("worked it out anew from its events"),
    "linked": _l("made it of another record"),
    "link_voided": _l("voided the linked record"),
}


@cache
def _own_words() -> dict[str, Words]:
    """What forms call acts that are their own."""
    return {act: said for cls in registry.values() for act, said in cls.act_words.items()}


def sections(fields: Iterable[Field]) -> list[tuple[Section | None, list[Field]]]:
    """Fields under their headings, in the order of the paper form."""
    grouped: list[tuple[Section | None, list[Field]]] = []
    for field in fields:
        if not grouped or grouped[-1][0] is not field.section:
            grouped.append((field.section, []))
        grouped[-1][1].append(field)
    return [(over(heading, group), group) for heading, group in grouped]


def over(heading: Section | None, fields: Sequence[Field]) -> Section | None:
    """The heading over a group; none where its only field says the same."""
    return (
        None
        if heading and len(fields) == 1 and str(heading.label).startswith(str(fields[0].label))
        else heading
    )


def page_of(record: Any) -> str:
    """The address of a record's own page."""
    return f"/admin/{record.name}/details/?id={record.id}"


@dataclass
class Box:
    """A field of a record with its value, ready to be read."""

    field: Field
    text: Any
    empty: bool
    covered: bool = False
    url: str = ""
    lines: Sequence[Any] = ()


def box(record: Any, field: Field, who: Person) -> Box:
    """A record's field as this person reads it."""
    if field.is_lines:
        rows = getattr(record, field.name)
        return Box(field, "", not rows, lines=rows)
    value = getattr(record, field.column)
    if value is None or value in ("", []):
        return Box(field, "—", True)
    if field.is_reference:
        other = getattr(record, field.name)
        seen = access.may(who, type(other), "read") if other is not None else None
        return Box(field, str(other), False, url=page_of(other) if seen else "")
    return Box(field, field.read(value), False, covered=field.personal)


@dataclass
class Asked:
    """A field as its widget draws it to be filled in."""

    field: Field
    id: str
    typed: str
    label: str
    wrong: str
    needs: bool
    covered: bool
    in_line: bool  # within a table's line


def asked(entry: Entry, field: Field) -> Asked:
    """A field with what stands in it."""
    name, typed = field.name, entry.typed.get(field.name, "")
    return Asked(
        field,
        entry.prefix + name,
        typed,
        entry.labels.get(name, typed),
        entry.errors.get(name, ""),
        entry.needs(field),
        entry.covered(field),
        bool(entry.prefix),
    )


def options(field: Field, who: Person) -> list[Any]:
    """The records that a field of several references offers this person."""
    target: Any = field.kind.target
    asked = (
        select(target)
        .where(look_up.reach(who, target).where(target))
        .order_by(*((target.order_key,) if target.in_order else ()), target.id)
        .limit(500)
    )
    return list(db.session.execute(asked).scalars())


def shown_groups(record: Any, who: Person) -> list[tuple[Section | None, list[Box]]]:
    """A record's boxes under their headings; groups of which nothing is filled in yet, and which steps fill
    in, are left out.
    """
    groups = []
    for heading, fields in sections(type(record).fields.values()):
        boxes = [box(record, field, who) for field in fields if _holds(record, field)]
        if (under := fields[0].section) is not None and under.by_step:
            boxes = [box for box in boxes if not box.field.kind.says_nothing(_value(record, box.field))]
        if boxes:
            groups.append((over(heading, [box.field for box in boxes]), boxes))
    return groups


def _value(record: Any, field: Field) -> Any:
    return getattr(record, field.column)


def _holds(record: Any, field: Field) -> bool:
    return field.applies(record) and (field.name != "void_reason" or bool(record.void_reason))


@dataclass
class CheckSeen:
    """A check as it is told: its label, and what stands open (its text, and its page where one may read
    it).
    """

    label: Words
    open: Sequence[tuple[str, str]]


def checks_of(record: Any, who: Person, before: Iterable[Step]) -> list[CheckSeen]:
    """The checks before any of these steps, as a person may read them."""
    names = {step.name for step in before}
    return [
        CheckSeen(
            looked.check.label, [(checks.text_of(thing), _page_for(thing, who)) for thing in looked.open]
        )
        for looked in checks.looked_at(record)
        if names.intersection(looked.check.before)
    ]


def _page_for(thing: Any, who: Person) -> str:
    if not isinstance(thing, Record) or access.may_here(who, thing, "read") is None:
        return ""
    return page_of(thing)


class Story:
    """Sentences about a form's acts."""

    def __init__(self, cls: Any, who: Person) -> None:
        self.cls, self.who = cls, who

    def act(self, line: Any) -> str:
        """What a line of the history did."""
        kind, _sep, name = line.act.partition(":")
        if kind == "step" and name in getattr(self.cls, "steps", {}):
            return str(self.cls.steps[name].label)
        if kind == "act" and name in getattr(self.cls, "acts", {}):
            return str(self.cls.acts[name].label)
        if kind == "refused":
            step = getattr(self.cls, "steps", {}).get(name)
            return _("tried “%(step)s” and was refused", step=step.label if step else name)
        if kind == "link" and name in getattr(self.cls, "links", {}):
            return str(self.cls.links[name].label)
        if name in getattr(registry.get(kind), "states", ()):
            other: Any = registry[kind]
            return f"{other.title} {other.states[name].label}"
        return str(ACTS.get(kind) or _own_words().get(line.act) or _own_words().get(kind) or kind)

    def changes(self, line: Any) -> list[Markup]:
        """What each changed box was and became, masked."""
        lines = []
        for name, pair in line.changes.items():
            if name.startswith(FILE):
                lines += [Markup("{}").format(file["name"]) for file in pair if file]
                continue
            if name == checks.KEPT:
                lines += self._passed(pair[1])
                continue
            if name.startswith(LINK):
                lines += [Markup("{}").format(other["number"]) for other in pair if other]
                continue
            field = self.cls.fields.get(name)
            if field is None or line.act == "create" or (field.is_lines and not pair[0]):
                continue
            before, after = (self.value(field, value) for value in pair)
            lines.append(
                Markup("{} {} → {}").format(str(field.label), before, after)
                if pair[0] not in (None, "", [], False)
                else Markup("{} {}").format(str(field.label), after)
            )
        return lines

    @staticmethod
    def _passed(kept: Any) -> Iterator[Markup]:
        """What stood open when somebody passed it, and why they did."""
        for looked in kept["open"]:
            yield Markup("{} {}").format(str(Words(*looked["check"])), "、".join(looked["open"]))
        if kept["why"]:
            yield Markup("{} {}").format(str(checks.WHY), kept["why"])

    def value(self, field: Field, kept: Any) -> str:
        """A value of the history as it may be read: personal ones masked, references by their label."""
        if kept is None or kept in ("", []):
            return _("empty")
        if field.is_lines:
            return _("%(n)s lines", n=len(kept))
        if field.is_reference:
            other = db.session.get(field.kind.target, kept)
            return str(other) if other is not None else "?"
        return field.read(field.kind.load(kept))

    def said(self, record: Any, step: Step) -> str:
        """The sentence after a step."""
        if step.story:
            values = {
                name: box(record, field, self.who).text
                for name, field in record.fields.items()
                if f"%({name})s" in step.story.english
            }
            return step.story.filled(**values)
        if isinstance(record, Form):
            return _(
                "%(number)s: %(step)s done, now %(state)s.",
                number=record.number,
                step=step.label,
                state=record.states[record.state].label,
            )
        return _("Done.")
