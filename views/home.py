"""Home: what waits for me, by urgency, each with its next step; beside it the day's numbers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from flask_admin import AdminIndexView, expose
from sqlalchemy import func, or_, select

from app.act import steps
from app.declare import checks, duties
from app.declare.form import VOIDED, Form
from app.declare.part import DAILY, STOCK
from app.declare.person import Person
from app.ground import clock, proxies, working_time
from app.ground.database import db
from app.ground.language import gettext as _
from app.lists import waiting
from app.lists.figures import at_home
from app.lists.highlights import line_of, marked, title_of
from app.lists.listing import Asked, List
from app.people import access
from app.people.users import Office
from views import plans
from views.frame import counts_of, menu, person, placed, readable

EACH = 12  # of what presses
FEW, LEAST, ROWS = 6, 2, 24  # of what waits for a step: at most, at least, and of all steps about


@dataclass
class Waiting:
    """A record that waits, with its next step."""

    cls: Any
    record: Any
    step: Any
    title: str
    place: str
    mark: str


@dataclass
class Group:
    """Records that wait for the same reason."""

    title: str
    tone: str = ""
    rows: list[Waiting] = field(default_factory=list)
    total: int = 0
    beyond: bool = False  # there are more than could be counted at once
    url: str = ""
    more: list[tuple[str, str]] = field(default_factory=list)

    def fill(self, rows: Iterator[Waiting]) -> "Group":
        """The first of these rows."""
        self.rows = list(islice(rows, EACH))
        self.total, self.beyond = len(self.rows), next(rows, None) is not None
        return self


Way = tuple[str, Any, Sequence[int], bool]  # a state, the step out of it, the records, by a duty or in hand


class HomeView(AdminIndexView):  # type: ignore[misc]
    """The first page."""

    def __init__(self) -> None:
        super().__init__(url="/", endpoint="home")

    @expose("/")
    def index(self) -> Any:
        """What waits for whoever is signed in."""
        who = person()
        forms = {name: cls for name, cls in readable().items() if issubclass(cls, Form) and cls.states}
        return self.render(
            "home.html",
            groups=groups(who, forms),
            figures=figures(who, forms),
            month=at_home(who),
            greeting=greeting(),
            now=clock.local(clock.now()),
            warnings=warnings() if access.may(who, Office, "edit") else [],
            mine=mine(who),
            plans=plans.waiting(who, readable().values()),
        )


def warnings() -> list[str]:
    """What whoever keeps the office's settings should see to."""
    sentences = [working_time.calendar_warning(clock.today()) or ""]
    if proxies.hidden():
        sentences.append(
            _(
                "Requests come through a proxy, but PROXY_COUNT is 0: people can't be told apart by address."
                " Set it."
            )
        )
    return [sentence for sentence in sentences if sentence]


def greeting() -> str:
    """By the office's clock."""
    hour = clock.local(clock.now()).hour
    return (
        _("Good morning") if 5 <= hour < 12 else _("Good afternoon") if 12 <= hour < 18 else _("Good evening")
    )


def groups(who: Person, forms: dict[str, Any]) -> list[Group]:
    """Overdue, due today, then what waits for a step of mine; nothing twice."""
    now, tonight = clock.now(), clock.day_start(clock.today() + timedelta(days=1))
    waits = waiting.of([_wanted(cls, who) for cls in forms.values()], who, now, tonight, EACH)
    records = waiting.Records()
    late_keys = _by_due((cls, due, key) for cls, form in waits.items() for due, key in form.late)
    soon_keys = _by_due((cls, due, key) for cls, form in waits.items() for due, key in form.soon)
    later = [(cls, way) for cls, form in waits.items() for way in _ways(cls, who, form)]
    few = min(FEW, max(LEAST, ROWS // max(1, len({(cls, step.name) for cls, (_state, step, *_) in later}))))
    first = [(cls, key) for cls, (_state, _step, keys, _held) in later for key in keys[:few]]
    records.read([*late_keys[: EACH + 1], *soon_keys[: EACH + 1], *first])
    late = Group(_("Overdue"), "late").fill(_rows(records, late_keys, who, pressing=True))
    soon = Group(_("Due today")).fill(_rows(records, soon_keys, who))
    overdue = [entry for _part, entries in menu() for entry in entries if entry.late]
    if sum(entry.late for entry in overdue) > len(late.rows):
        late.total, late.beyond = sum(entry.late for entry in overdue), False
        late.more = [(f"{entry.title} {entry.late:,}", f"{entry.url}?state=late") for entry in overdue]
    by_form = [
        group
        for cls in waits
        for group in by_step(cls, who, [way for of, way in later if of is cls], records, few)
    ]
    return [group for group in (late, soon, *by_form) if group.rows or group.more]


def _wanted(cls: Any, who: Person) -> waiting.Wanted:
    """What of a form can wait for this person."""
    leading = {state: _leading(cls, state, who.clauses) for state in cls.open_states()}
    by_duty = tuple(state for state, out in leading.items() if any(_held(step, who.clauses) for step in out))
    in_hand = tuple(state for state, out in leading.items() if any(_handed(step) for step in out))
    not_due = frozenset(state for state in by_duty if _next(cls, state, leading[state], who, held=True))
    return waiting.Wanted(cls, List(cls, who, Asked()).reach, by_duty, not_due, in_hand)


def _by_due(waiting_keys: Iterable[tuple[Any, datetime, int]]) -> list[tuple[Any, int]]:
    """Records of all forms, the most urgent first."""
    return [(cls, key) for cls, _due, key in sorted(waiting_keys, key=lambda row: (row[1], row[2]))]


@lru_cache(maxsize=2048)
def _leading(cls: Any, state: str, clauses: frozenset[str]) -> tuple[Any, ...]:
    """The steps out of a state that somebody of these duties may take by one, or by having been named, the
    likeliest first.
    """
    leaving = steps.leaving(cls, state)
    return tuple(step for step in leaving if not step.danger and _held(step, clauses, handed=True))


def _rows(
    records: waiting.Records, keys: Sequence[tuple[Any, int]], who: Person, pressing: bool = False
) -> Iterator[Waiting]:
    rows = (_row(record, who, pressing, records.known) for record in records.each(keys, EACH))
    return (row for row in rows if row is not None)


def _row(record: Any, who: Person, pressing: bool, known: steps.Known) -> Waiting | None:
    cls: Any = type(record)
    likely = _likeliest(cls, record.state, record.due_name, who.clauses, pressing)
    with checks.asking_nothing():
        step = next((step for step in likely if steps.in_the_way(record, step, who, known) is None), None)
    if step is None:
        return None
    return Waiting(type(record), record, step, title_of(record), line_of(record), marked(record))


@lru_cache(maxsize=4096)
def _likeliest(
    cls: Any, state: str, due_name: str | None, clauses: frozenset[str], pressing: bool
) -> tuple[Any, ...]:
    """The steps out of a state: the one that meets the deadline, those that lead on; where it presses, any
    that moves it. None that is nobody's of these duties, nor of whoever has it in hand.
    """
    leaving = [step for step in steps.leaving(cls, state) if _held(step, clauses, handed=True)]
    meant = cls.deadlines[due_name].step if due_name in cls.deadlines else ""
    order = [
        *(step for step in leaving if step.name == meant),
        *(step for step in leaving if forward(step, cls, state)),
        *(step for step in leaving if pressing and step.targets and not step.danger),
    ]
    return tuple({step.name: step for step in order}.values())


def forward(step: Any, cls: Any, state: str) -> bool:
    """Whether a step leads on from a state along the form's way, rather than back, aside or nowhere."""
    way, states = list(cls.states), cls.states
    return not step.danger and any(
        way.index(target) > way.index(state)
        and states[target].tone != VOIDED
        and states[state].side >= states[target].side
        for target in step.targets
    )


def _ways(cls: Any, who: Person, waits: waiting.Waits) -> Iterator[Way]:
    """The states that wait for a step of this person, not today: by a duty of theirs, or by what they have in
    hand.
    """
    for state in cls.open_states():
        for held, keys in ((True, waits.later.get(state)), (False, waits.handed.get(state))):
            step = _next(cls, state, _leading(cls, state, who.clauses), who, held) if keys else None
            if keys and step is not None:
                yield state, step, keys, held


def _next(cls: Any, state: str, leading: Iterable[Any], who: Person, held: bool) -> Any:
    """The step that can be the next one from a state, by a duty of this person's (``held``) or by what was
    handed to them: it leads on, or a deadline asks for it.
    """
    asked = {rule.step for rule in cls.deadlines.values()}
    moving = (step for step in leading if step.targets and _held(step, who.clauses) is held)
    return next((step for step in moving if forward(step, cls, state) or step.name in asked), None)


def by_step(cls: Any, who: Person, ways: Iterable[Way], records: waiting.Records, few: int) -> list[Group]:
    """What is in a state from which a duty of this person leads on, or the hands it was given into, and isn't
    due today.

    One group a step, whatever states it begins in, with a ``few`` rows.
    """
    counts = counts_of(cls)
    groups: dict[str, Group] = {}
    for state, step, keys, held in ways:
        read = _rows(records, [(cls, key) for key in keys], who)
        rows = (row for row in read if row.step.name == step.name)
        shown = list(islice(rows, few)) if held else list(rows)
        _add(groups, cls, state, step, shown, few, counts.get(state, 0) if held else 0)
    for group in groups.values():
        if len(group.more) == 1:
            group.url = group.more.pop()[1]
    return list(groups.values())


def _add(
    groups: dict[str, Group], cls: Any, state: str, step: Any, rows: Sequence[Waiting], few: int, known: int
) -> None:
    """The rows whose next step it is; of ``known`` ones in the state, all of which its list shows."""
    if rows:
        count = max(known, len(rows))
        group = groups.setdefault(
            step.name, Group(_("%(form)s to: %(step)s", form=cls.title, step=step.label))
        )
        group.rows = [*group.rows, *rows][:few]
        group.total += count
        group.more.append((f"{cls.states[state].label} {count:,}", f"/admin/{cls.name}/?state={state}"))


def _handed(step: Any) -> bool:
    """Whether whoever a record was handed to takes the step."""
    return any(isinstance(by, duties.Holder) for by in step.by)


def _held(step: Any, clauses: frozenset[str], handed: bool = False) -> bool:
    """Whether one of these duties takes the step; ``handed`` counts what may have been handed to somebody
    too.
    """
    return any(by.code in clauses if isinstance(by, duties.Clause) else handed for by in step.by)


def figures(who: Person, forms: dict[str, Any]) -> Sequence[tuple[str, str]]:
    """The day's numbers: what came in today and what is open, of the forms that ask for it."""
    shown = [cls for cls in forms.values() if cls.on_home == DAILY]
    morning = clock.day_start(clock.today())
    today = [
        select(func.count()).where(or_(*List(cls, who, Asked()).scopes), cls.created_at >= morning)
        for cls in shown
    ]
    came = db.session.execute(select(*(asked.scalar_subquery() for asked in today))).one() if today else ()
    shown_figures = []
    for cls, count in zip(shown, came, strict=True):
        in_hand = sum(counts_of(cls).get(state, 0) for state in cls.open_states())
        shown_figures.append((_("%(form)s today", form=cls.title), f"{count:,}"))
        shown_figures.append((_("%(form)s in hand", form=cls.title), f"{in_hand:,}"))
    return shown_figures


def mine(who: Person) -> list[tuple[str, str]]:
    """My area in figures: how many there are of what asks for it."""
    return [
        (str(cls.title), f"{sum(counts_of(cls).values()):,}")
        for cls in placed()
        if cls.on_home == STOCK and access.may(who, cls, "read")
    ]
