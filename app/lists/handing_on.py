"""What whoever hands a desk on tells the next: what happened in a time, what is open, and how much of what
should be there; of the forms that say so.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select

from app.act import tally
from app.declare.record import registry
from app.ground import clock
from app.ground.database import among, db
from app.ground.language import gettext as _
from app.keep.history import Line
from app.lists.highlights import line_of, mark_of, marked, title_of
from app.people.access import Reach

EACH = 12  # records of a form that are told one by one; of more than that the pressing ones, and how many
ACTS = 20_000  # looked through at once
STEP = "step:"


@dataclass
class Deed:
    """Something that happened: when, to what, by whom. Of many alike the last, and how many."""

    at: datetime
    what: str
    number: str = ""
    who: str = ""


@dataclass
class Open:
    """What is open of a form: how many, how many of them are late, and those that are told one by one."""

    cls: Any
    total: int
    late: int = 0
    records: Sequence[Any] = field(default_factory=list)

    @property
    def summed_up(self) -> bool:
        """Whether there are too many to tell each."""
        return self.total > len(self.records)

    def __str__(self) -> str:
        said = _("%(form)s open: %(n)s", form=self.cls.title, n=f"{self.total:,}")
        return said + (_(", %(n)s of them late", n=f"{self.late:,}") if self.late else "")


def told(record: Any) -> str:
    """An open record in a line: what it is, what it is about, where, and its state."""
    words = (title_of(record), line_of(record), str(record.states[record.state].label))
    return f"{record.title} " + " · ".join(text for text in dict.fromkeys(words) if text)


def presses(record: Any) -> bool:
    """Whether an open record is urgent by its own mark, or late."""
    return bool(marked(record)) or (record.due_at is not None and record.due_at < clock.now())


def deeds(office: int, since: datetime, until: datetime) -> list[Deed]:
    """What happened in an office from a moment to another, oldest first; of many acts alike how many."""
    forms = {name: cls for name, cls in registry.items() if cls.in_diary}
    asked = select(Line.at, Line.form, Line.record_id, Line.act, Line.user_name)
    asked = asked.where(Line.at > since, Line.at <= until).order_by(Line.at, Line.id).limit(ACTS)
    acts: dict[str, dict[str, list[Any]]] = {}
    for line in db.session.execute(asked):
        if line.form in forms and line.act.removeprefix(STEP) in forms[line.form].in_diary:
            acts.setdefault(line.form, {}).setdefault(line.act, []).append(line)
    happened = [deed for name, by_act in acts.items() for deed in _deeds_of(forms[name], by_act, office)]
    return sorted(happened, key=lambda deed: deed.at)


def _deeds_of(cls: Any, by_act: Mapping[str, list[Any]], office: int) -> Iterator[Deed]:
    keys = {line.record_id for lines in by_act.values() for line in lines}
    here = _of_office(cls, keys, office)
    for act, all_lines in by_act.items():
        lines = [line for line in all_lines if line.record_id in here]
        step = cls.steps.get(act.removeprefix(STEP)) if act.startswith(STEP) else None
        done = str(step.label) if step else _("made it")
        if len(lines) > EACH:
            said = _("%(form)s %(act)s: %(n)s", form=cls.title, act=done, n=f"{len(lines):,}")
            names = Counter(line.user_name for line in lines).most_common(2)
            yield Deed(lines[-1].at, said, who="、".join(name for name, _count in names))
            lines = [line for line in lines if marked(here[line.record_id])][-EACH:]
        for line in lines:
            record = here[line.record_id]
            about = " · ".join(dict.fromkeys(text for text in (title_of(record), line_of(record)) if text))
            said = f"{cls.title} {done} · {about}"
            yield Deed(line.at, said, record.number, line.user_name)


def _of_office(cls: Any, keys: set[int], office: int) -> dict[int, Any]:
    """Those of an office, by their ids."""
    rows: dict[int, Any] = {}
    ordered = sorted(keys)
    for at in range(0, len(ordered), 500):
        asked = select(cls).where(cls.id.in_(ordered[at : at + 500]), cls.office_id == office)
        rows |= {row.id: row for row in db.session.execute(asked).scalars()}
    return rows


def open_matters(office: int) -> list[Open]:
    """What is open in an office of each form whose open records are carried over."""
    forms = [cls for cls in registry.values() if cls.carried_over]
    counts = tally.by_state({cls.name: Reach((office,), None) for cls in forms})
    matters = []
    for cls in forms:
        total = sum(counts[cls.name].get(state, 0) for state in cls.carried_over)
        if total:
            matters.append(_open(cls, office, total))
    return matters


def _open(cls: Any, office: int, total: int) -> Open:
    """All of a few; of many those that press: the longest overdue, and the urgent ones that are due next."""
    here = select(cls).where(cls.office_id == office, among(cls.state, cls.carried_over))
    by_due = (cls.due_at.is_(None), cls.due_at, cls.id)
    if total <= EACH:
        return Open(cls, total, records=db.session.execute(here.order_by(*by_due)).scalars().all())
    is_late = cls.due_at < clock.now()
    late = db.session.execute(select(func.count()).select_from(here.where(is_late).subquery())).scalar_one()
    rows = list(db.session.execute(here.where(is_late).order_by(cls.due_at, cls.id).limit(EACH)).scalars())
    name, wanted = mark_of(cls)
    if name:
        urgent = here.where(getattr(cls, name) == wanted, or_(cls.due_at.is_(None), ~is_late))
        rows += db.session.execute(urgent.order_by(*by_due).limit(EACH)).scalars()
    return Open(cls, total, late, rows)


def by_books(office: int) -> dict[str, Decimal]:
    """How much of each thing should be there by the records of an office."""
    books: dict[str, Decimal] = {}
    held = [(cls, item, rule) for cls in registry.values() for item, rule in cls.on_books.items()]
    counts = tally.by_state({cls.name: Reach((office,), None) for cls, _item, rule in held if not rule.adds})
    for cls, item, rule in held:
        if rule.adds:
            of: Any = cls
            asked = select(func.sum(getattr(of, rule.adds)))
            asked = asked.where(of.office_id == office, among(of.state, rule.states))
            much = Decimal(db.session.execute(asked).scalar_one() or 0)
        else:
            much = Decimal(sum(counts[cls.name].get(state, 0) for state in rule.states))
        books[item] = books.get(item, Decimal(0)) + much
    return books
