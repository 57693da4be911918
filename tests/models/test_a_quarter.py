"""A quarter of an office on its clock alone: every day something new comes in and nobody sees to it; whatever
forms say they do by themselves is done as their rules say, each once. With the clock off for three days,
twice, or two clocks at once that are set back now and then, it comes to the same end.
"""

import random
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from ground import OwnDatabase
from office import HISTORY_KEY
from sqlalchemy import make_url, select, text

from app.act import acts, saving
from app.declare.form import Form
from app.declare.ledger import Ledger
from app.declare.person import SYSTEM
from app.declare.record import Wrong, registry
from app.ground import clock
from app.ground.database import db, writing
from app.keep import due_acts, history, history_verify
from app.keep.due_acts import DueAct
from app.lists import cadences
from app.lists.cadences import Round
from app.people.access import Reach
from app.people.users import Office
from wsgi import create_app

BEGUN = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)
QUARTER = [BEGUN + DAY * day for day in range(1, 91)]
OFF = {*range(20, 23), *range(50, 53)}  # days without a clock
UNITS, RECORDS, A_DAY = 600, 1200, 2

pytestmark = pytest.mark.long


def site(url: str, folder: Path) -> Flask:
    """The office's application on a database."""
    kept = {"DATA_DIR": str(folder), "SECRET_KEY": "k" * 40, "HISTORY_KEY": HISTORY_KEY}
    return create_app({"DATABASE_URL": url, **kept})


def forms() -> list[Any]:
    """Those that do something by themselves."""
    return [cls for cls in registry.values() if issubclass(cls, Form) and cls.acts]


def fill(app: Flask) -> None:
    """The demo estate at the quarter's beginning."""
    with app.app_context():
        run = app.test_cli_runner()
        assert run.invoke(args=["db", "upgrade"]).exit_code == 0
        at = f"{clock.local(BEGUN):%Y-%m-%dT%H:%M}"
        filled = run.invoke(args=["demo", "--units", str(UNITS), "--records", str(RECORDS), "--now", at])
        assert filled.exit_code == 0, filled.output
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def copies(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Flask]]:
    """Offices that are the same to the last row, each with a database of its own."""
    if request.param == "sqlite":
        fill(site(f"sqlite:///{tmp_path / 'first.db'}", tmp_path))

        def copied(name: str) -> Flask:
            folder = tmp_path / name
            folder.mkdir()
            shutil.copyfile(tmp_path / "first.db", folder / "office.db")
            return site(f"sqlite:///{folder / 'office.db'}", folder)

        yield copied
        return
    with closing(OwnDatabase()) as own:
        fill(site(own.url, tmp_path))
        made = []

        def copied_there(name: str) -> Flask:
            with own.server.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {own.name}_{name} TEMPLATE {own.name}"))
            made.append(f"{own.name}_{name}")
            url = make_url(own.url).set(database=made[-1]).render_as_string(hide_password=False)
            return site(url, tmp_path)

        yield copied_there
        with own.server.connect() as connection:
            for name in made:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def within(app: Flask) -> Iterator[None]:
    """Within an office; nothing of it is connected afterwards."""
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


class Desk:
    """What comes in every day: what came in before, once more, with its days and moments as long from now;
    some of it as it stood when something was done to it already. A ledger's lines come by its events; of
    what nobody made yet there is one now and then.
    """

    def __init__(self) -> None:
        self.chance, self.days = random.Random(7), 0
        sources = dict.fromkeys(cls.keeping.of if issubclass(cls, Ledger) else cls for cls in forms())
        self.models = {
            cls: list(db.session.execute(select(cls.id).order_by(cls.id)).scalars()) for cls in sources
        }

    def take_in(self) -> None:
        """A day's records of each form."""
        self.days += 1
        for cls, keys in self.models.items():
            for key in self.chance.sample(keys, min(A_DAY, len(keys))):
                take_in(once_more(cls, key, self.chance.randint(1, 3)))
            if not keys and self.days % 9 == 1:
                take_in(cls(office_id=1))


def take_in(record: Any) -> None:
    """A new record, unless its form's rules say no: what only one may have is taken."""
    with writing():
        try:
            saving.add(record, SYSTEM)
            db.session.commit()
        except Wrong:
            db.session.rollback()


def once_more(cls: Any, key: int, version: int) -> Any:
    """A new record that says what another said in an early version; as it was made, if that was its end."""
    model = db.session.get(cls, key)
    said = history.as_at(cls.name, key, version=version)
    if cls.states[said["state"]].final:
        said = history.as_at(cls.name, key, version=1)
    shift = clock.now() - model.created_at
    record = cls(office_id=model.office_id, area_id=model.area_id, state=said["state"])
    for field in cls.fields.values():
        value = said.get(field.name)
        if value is None or field.worked_out is not None:
            continue
        setattr(record, field.column, value_of(field, value, shift))
    return record


def value_of(field: Any, said: Any, shift: timedelta) -> Any:
    """What the history keeps of a box, so much later."""
    if field.is_lines:
        line = field.kind.line
        parts = [part for part in line.fields.values() if part.worked_out is None]
        return [
            line(**{part.column: value_of(part, row[part.name], shift) for part in parts if row[part.name]})
            for row in said
        ]
    value = field.kind.load(said)
    if not field.kind.tells_when:
        return value
    return value + shift if isinstance(value, datetime) else value + timedelta(days=shift.days)


def left_undone() -> list[str]:
    """What is due by now and wasn't done."""
    undone = []
    for cls in forms():
        states = {state for rule in cls.acts.values() for state in rule.source}
        for record in db.session.execute(select(cls).where(cls.state.in_(states))).scalars():
            for rule in cls.acts.values():
                moment = due_acts.moment_of(rule, record)
                if moment is not None and moment <= clock.now() and not done_for(record, rule.name, moment):
                    undone.append(f"{record.number} {rule.name} {moment}")
                if rule.when is not None and rule.binds(record.state) and rule.when(record):
                    undone.append(f"{record.number} {rule.name}")
    db.session.rollback()
    return undone


def done_for(record: Any, rule: str, moment: datetime) -> bool:
    """Whether a rule acted for a moment."""
    row = db.session.get(DueAct, (record.name, record.id, rule))
    return row is not None and row.acted_for is not None and row.acted_for >= moment


def two_ticks(app: Flask) -> None:
    """Two clocks at once."""
    ready, wrong = threading.Barrier(2), []

    def ticks() -> None:
        with app.app_context():
            ready.wait()
            try:
                acts.tick()
            except Exception as error:
                wrong.append(error)

    both = [threading.Thread(target=ticks) for _clock in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert wrong == []


def books() -> Iterator[tuple[Any, list[Any]]]:
    """Every record of these forms, with its history."""
    line = history.Line
    for cls in forms():
        lines: dict[int, list[Any]] = {}
        asked = select(line).where(line.form == cls.name).order_by(line.record_id, line.seq)
        for told in db.session.execute(asked).scalars():
            lines.setdefault(told.record_id, []).append(told)
        for record in db.session.execute(select(cls)).scalars():
            yield record, lines[record.id]


def end() -> dict[str, Any]:
    """What became of every record: its state, its boxes but those that tell when, what it did of itself."""
    become: dict[str, Any] = {}
    for record, lines in books():
        fields = record.fields.items()
        boxes = [name for name, field in fields if not (field.kind.tells_when or field.is_lines)]
        done = Counter(line.act for line in lines if line.act.startswith("act:"))
        become[f"{record.name} {record.number}"] = (record.state, history.dumped(record, boxes), done)
    return become | planned()


def planned() -> dict[str, Any]:
    """What was due by plan in each round of the quarter, and done."""
    rounds: dict[str, Any] = {}
    offices = tuple(db.session.execute(select(Office.id).order_by(Office.id)).scalars())
    last = clock.local(QUARTER[-1]).date()
    for cls in registry.values():
        for cadence in cls.cadences.values():
            day = clock.local(BEGUN).date()
            while day <= last:
                window = cadence.window(day, offices[0])
                told = Round(*window, offices[0])
                rounds[f"{cls.name} {window[0]}"] = cadences.counts(cls, cadence, told, Reach(offices, None))
                day = window[1] + DAY
    return rounds


def once_and_no_more() -> None:
    """Each act was the system's; one that moves a record did so no more often than that came to where it
    acts.
    """
    for record, lines in books():
        came = [line.changes["state"][1] for line in lines if "state" in line.changes]
        for rule in record.acts.values():
            own = [line for line in lines if line.act == f"act:{rule.name}"]
            assert all(line.user_id is None for line in own)
            if rule.target is not None:
                assert len(own) <= sum(state in rule.source for state in came), record.number
                assert all(line.changes["state"][1] == rule.target for line in own)


def test_a_quarter_by_the_clock(copies: Callable[[str], Flask]) -> None:
    with within(copies("steady")):
        came_due: set[tuple[str, str]] = set()
        acted: Counter[tuple[str, str]] = Counter()
        desk = Desk()
        for day, now in enumerate(QUARTER):
            with clock.set_to(now):
                desk.take_in()
                came_due |= {(row.form, row.rule) for row in due_acts.due(now, None, 10_000)}
                ticked = acts.tick()
                assert ticked.failed == set()
                acted += ticked.done
                assert day % 6 or left_undone() == []
        assert came_due - acted.keys() == set()
        assert len({form for form, _rule in acted}) > 3, acted
        once_and_no_more()
        assert list(history_verify.verify(forms())) == []
        assert sum(acted.values()) > len(QUARTER) * A_DAY, acted
        steady = end()
        assert all(total >= done for total, done in planned().values())
        assert len(planned()) >= 3, "a round a month"
    with within(copies("off")):
        desk = Desk()
        for day, now in enumerate(QUARTER):
            with clock.set_to(now):
                desk.take_in()
                assert day in OFF or acts.tick().failed == set()
        assert end() == steady
    app = copies("two")
    with within(app):
        desk = Desk()
        for day, now in enumerate(QUARTER):
            with clock.set_to(now):
                desk.take_in()
                db.session.remove()
                two_ticks(app)
            if day % 7 == 0:
                with clock.set_to(now - timedelta(hours=1)):
                    assert acts.tick().done.total() == 0
        assert end() == steady
