"""The demo estate, read like an office's own books: nothing in it could not have happened."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from office import HISTORY_KEY
from sqlalchemy import Engine, event, select

from app.act import bulk
from app.declare import duties
from app.declare.form import Form
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history
from app.people.users import User
from wsgi import create_app

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # half past two at the office


def made(folder: Path, units: int, records: int) -> Flask:
    """An application whose database was filled by the command."""
    kept = {"DATA_DIR": str(folder), "SECRET_KEY": "k" * 40, "HISTORY_KEY": HISTORY_KEY}
    app = create_app({"DATABASE_URL": f"sqlite:///{folder / 'demo.db'}", **kept})
    with app.app_context():
        run = app.test_cli_runner()
        assert run.invoke(args=["db", "upgrade"]).exit_code == 0
        result = run.invoke(
            args=["demo", "--units", str(units), "--records", str(records), "--now", "2026-11-24T14:30"]
        )
        assert result.exit_code == 0, result.output
    return app


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A small one."""
    app = made(tmp_path_factory.mktemp("demo"), 240, 1500)
    with app.app_context(), clock.set_to(NOW):
        yield app
        db.session.remove()
        db.engine.dispose()


def books() -> Iterator[tuple[Any, Any, list[Any]]]:
    """Every form's records, each with its history."""
    for cls in registry.values():
        if issubclass(cls, Form) and cls.states:
            for record in db.session.execute(select(cls)).scalars():
                yield cls, record, list(history.lines(cls.name, record.id))


def test_each_step_was_possible_where_it_was_taken(demo: Flask) -> None:
    """From its state, to its state, with what it asks, after what came before, by somebody whose duty and
    area it is.
    """
    users = {row.id: row for row in db.session.execute(select(User)).scalars()}
    wrong = Counter[str]()
    for cls, record, lines in books():
        known: dict[str, Any] = {}
        for before, line in zip([None, *lines], lines, strict=False):
            was = known.get("state")
            known.update({name: pair[1] for name, pair in line.changes.items()})
            if before is not None and line.at < before.at:
                wrong[f"{cls.name}: {line.act} before {before.act}"] += 1
            if not line.act.startswith("step:"):
                continue
            step = cls.steps[line.act.removeprefix("step:")]
            boxes = [ask.name for ask in step.asked if ask.needed and not ask.photos]  # it has no files
            needed = [name for name in boxes if known.get(name) in (None, "")]
            codes = {str(clause) for clause in step.by} | {
                clause.code
                for clause in duties.handed_down.values()
                if any(isinstance(by, duties.Holder) for by in step.by)
            }
            user = users.get(line.user_id)
            clauses = {
                clause.code for clause in duties.clauses.values() if user and clause.role.name in user.roles
            }
            if was not in step.source or (step.targets and known["state"] not in step.targets):
                wrong[f"{cls.name}: {line.act} from {was} to {known['state']}"] += 1
            if needed:
                wrong[f"{cls.name}: {line.act} without {needed}"] += 1
            if line.clause not in codes & clauses:
                wrong[f"{cls.name}: {line.act} by {line.clause}"] += 1
            if (
                user
                and user.roles == ["specialist"]
                and line.clause not in ("P14",)
                and record.area_id not in (None, *user.areas)
            ):
                wrong[f"{cls.name}: {line.act} in another's area"] += 1
            for name in step.not_by:
                if known.get(name) == line.user_id and name not in line.changes:
                    wrong[f"{cls.name}: {line.act} by its own {name}"] += 1
    assert not wrong


def test_each_record_keeps_its_own_rules(demo: Flask) -> None:
    """What a person couldn't save isn't there either; moments follow each other."""
    orders, loans = registry["work_order"], registry["key_loan"]
    for cls, record, _lines in books():
        assert record.created_at <= record.state_at <= NOW, (cls.name, record.number)
        if record.state in cls.open_states() and cls.name in ("complaint", "key", "release_slip"):
            record.check()
    for row in db.session.execute(select(orders)).scalars():
        times = [at for at in (row.created_at, row.arrived_at, row.finished_at) if at is not None]
        assert times == sorted(times), row.number
        assert not row.paid or row.arrived_at is None or row.price is not None, row.number
        assert row.state not in ("finished", "followed_up", "filed") or row.outcome, row.number
        assert (row.room is None) or not row.public, row.number
        assert row.category != "lifts" or row.assignee is None or row.department == "电梯维保", row.number
    out: dict[int, datetime] = {}
    for row in db.session.execute(select(loans).order_by(loans.lent_at)).scalars():
        assert row.lent_at <= (row.returned_at or NOW), row.number
        assert out.get(row.key_id, row.lent_at) <= row.lent_at, f"{row.number}: the key was still out"
        out[row.key_id] = row.returned_at or NOW
    db.session.rollback()


def test_the_day_is_in_the_middle_of_work(demo: Flask) -> None:
    """Something waits at every station, most is put away, and nothing has waited for a dispatch since
    yesterday.
    """
    orders: Any = registry["work_order"]
    states = Counter(db.session.execute(select(orders.state)).scalars())
    assert states["filed"] > sum(states.values()) * 0.8
    assert states.keys() >= {"reported", "dispatched", "in_progress"}
    assert states.keys() & {"finished", "followed_up"}
    waiting = db.session.execute(select(orders.created_at).where(orders.state == "reported")).scalars()
    assert all((NOW - at).total_seconds() < 24 * 3600 for at in waiting)


def test_its_history_is_whole(demo: Flask) -> None:
    assert demo.test_cli_runner().invoke(args=["history", "verify"]).exit_code == 0


def test_the_same_each_time(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The heads of the chains stand for all that was done, by whom and when."""
    heads = []
    for _time in range(2):
        with made(tmp_path_factory.mktemp("again"), 40, 60).app_context():
            heads.append(
                [
                    (cls.name, *db.session.execute(select(cls.number, cls.head).order_by(cls.id)).all())
                    for cls in registry.values()
                ]
            )
            db.session.remove()
            db.engine.dispose()
    assert heads[0] == heads[1]
    assert any(len(of) > 50 for of in heads[0])


def test_a_filling_that_broke_off_is_not_taken_for_an_estate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(
        {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'demo.db'}",
            "DATA_DIR": str(tmp_path),
            "SECRET_KEY": "k" * 40,
        }
    )

    def run(*words: str) -> Any:
        with app.app_context():
            result = app.test_cli_runner().invoke(args=[*words])
            db.session.remove()
            db.engine.dispose()
        return result

    fill = ("demo", "--units", "8", "--records", "30")
    assert run("db", "upgrade").exit_code == 0
    with monkeypatch.context() as patched:
        patched.setattr("seeds.complaints.stories", lambda *_of: (_ for _ in ()).throw(KeyboardInterrupt))
        assert run(*fill).exit_code == 1
    for words in (fill, (*fill, "--if-empty")):
        result = run(*words)
        assert (result.exit_code, "broke off" in result.output) == (1, True), result.output
    for file in tmp_path.glob("demo.db*"):
        file.unlink()
    assert run("db", "upgrade").exit_code == 0
    assert run(*fill, "--if-empty").exit_code == 0
    assert run(*fill, "--if-empty").exit_code == 0


def test_processes_that_make_parts_ready_ask_the_database_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are forked while its write lock is held, and would wait for it for ever."""
    monkeypatch.setattr(bulk.tell, "__defaults__", (50,))
    here, asked = os.getpid(), tmp_path / "asked"

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if os.getpid() != here:
            with asked.open("a") as file:
                file.write(statement + "\n")

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with made(tmp_path, 240, 3000).app_context():
            db.session.remove()
            db.engine.dispose()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert not asked.exists(), asked.read_text()[:1000]


def test_a_large_one_has_two_offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with people and buildings of its own, who see nothing of the other."""
    monkeypatch.setattr("seeds.estate.ONE_OFFICE", 300)
    with made(tmp_path, 301, 20).app_context():
        users = db.session.execute(select(User.username, User.office_id)).all()
        assert len({name for name, _office in users}) == len(users)
        offices = {office for _name, office in users}
        assert len(offices) == 2
        units: Any = registry["unit"]
        counts = Counter(db.session.execute(select(units.office_id)).scalars())
        assert counts.keys() == offices
        assert sum(counts.values()) == 301
        db.session.remove()
        db.engine.dispose()
