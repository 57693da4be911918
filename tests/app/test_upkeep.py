"""Upkeep: chores done by the running server, nobody waiting; a SQLite database knows its tables, and what it
says is saved is on the disk.
"""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from office import PASSWORD, Estate
from sending import ORDER
from serving import Server, Visitor

from app.act import saving, submissions
from app.ground import clock, statistics, upkeep
from app.ground.database import db, writing

ON_SQLITE = pytest.mark.parametrize("ground", ["sqlite"], indirect=True)


def seen(file: Path) -> dict[str, int]:
    """How many rows the planner believes each table to have."""
    with closing(sqlite3.connect(file)) as link:
        if not link.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
            return {}
        return dict(link.execute("SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl"))


def until(happens: Any) -> bool:
    """Whether something comes true within a few seconds."""
    end = time.monotonic() + 10
    while not happens() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(happens())


@ON_SQLITE
def test_a_server_that_was_started_looks_at_its_tables(ground: Any, tmp_path: Path) -> None:
    assert seen(ground.file) == {}
    server = Server(tmp_path, ground.url).start()
    try:
        Visitor(server).go("/login")
        assert until(lambda: seen(ground.file).get("unit") == 5), seen(ground.file)
        assert Visitor(server).sign_in("manager", PASSWORD).go("/").status == 200
    finally:
        server.end()


@ON_SQLITE
def test_only_what_has_grown_is_looked_at_again(office: Estate, ground: Any) -> None:
    office.order()
    statistics.statistics()
    assert seen(ground.file)["work_order"] == 1
    office.order()
    statistics.statistics()
    assert seen(ground.file)["work_order"] == 1
    office.order()
    statistics.statistics()
    assert seen(ground.file)["work_order"] == 3


@ON_SQLITE
def test_an_index_that_came_with_an_upgrade_is_looked_at(office: Estate, ground: Any) -> None:
    """Unknown, it would be taken for better than those that serve."""
    office.order()
    statistics.statistics()
    asked = "SELECT count(*) FROM sqlite_stat1 WHERE idx = 'ix_work_order_office_state'"
    with office.writing():
        db.session.execute(db.text("DELETE FROM sqlite_stat1 WHERE idx = 'ix_work_order_office_state'"))
    assert db.session.execute(db.text(asked)).scalar_one() == 0
    db.session.rollback()
    statistics.statistics()
    assert db.session.execute(db.text(asked)).scalar_one() == 1


@ON_SQLITE
def test_what_is_acknowledged_is_on_the_disk(office: Estate, tmp_path: Path) -> None:
    assert db.session.execute(db.text("PRAGMA synchronous")).scalar_one() == 2
    from wsgi import create_app

    relaxed = create_app({"DATA_DIR": str(tmp_path), "SQLITE_SYNCHRONOUS": "normal"})
    with relaxed.app_context():
        assert db.session.execute(db.text("PRAGMA synchronous")).scalar_one() == 1


def test_a_filling_leaves_the_planner_knowing(office: Estate) -> None:
    from datetime import UTC, datetime

    from app.act.bulk import tell
    from app.act.replay import Act, Story
    from models.service.work_order import WorkOrder

    boxes = {"reporter": "王女士", "category": "water", "description": "漏水", "channel": "phone"}
    act = Act(datetime(2026, 11, 1, tzinfo=UTC), office.person("manager"), "F1", "create", boxes)
    with office.writing():
        tell(WorkOrder, [Story(office["澄园"], None, [act])] * 30)
    on_sqlite = db.engine.dialect.name == "sqlite"
    asked = (
        "SELECT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = :name"
        if on_sqlite
        else "SELECT reltuples FROM pg_class WHERE relname = :name"
    )
    assert db.session.execute(db.text(asked), {"name": "work_order"}).scalars().first() == 30


def test_one_chore_that_fails_keeps_no_other(
    office: Estate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []
    monkeypatch.setattr(upkeep, "chores", {})

    @upkeep.chore(every=timedelta(hours=1))
    def breaks() -> None:
        raise ValueError("no such thing")

    @upkeep.chore(every=timedelta(hours=1))
    def works() -> None:
        done.append("once")

    upkeep.do_what_is_due()
    upkeep.do_what_is_due()
    assert done == ["once"]
    assert "breaks" in caplog.text
    upkeep.soon(works)
    upkeep.do_what_is_due()
    assert done == ["once", "once"]


def test_what_a_chore_left_half_written_is_undone_before_the_next(
    office: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next one, and everybody at work, would wait for it; also where all are done by the command."""
    monkeypatch.setattr(upkeep, "chores", {})
    held: list[bool] = []

    @upkeep.chore(every=timedelta(hours=1))
    def breaks() -> None:
        with writing():
            db.session.execute(
                db.insert(submissions.Submission),
                {"token": "t", "user_id": 1, "form": "", "record_id": 1, "at": clock.now()},
            )
            raise ValueError("no such thing")

    @upkeep.chore(every=timedelta(hours=1))
    def looks() -> None:
        held.append(db.session().in_transaction())

    upkeep.do_what_is_due()
    assert held == [False]
    with pytest.raises(ValueError, match="no such thing"):
        upkeep.chores["breaks"].do()
    assert not db.session().in_transaction()


@ON_SQLITE
def test_a_table_that_is_emptied_now_and_then_is_looked_at_by_what_is_in_it(
    office: Estate, ground: Any
) -> None:
    """Its rows' own numbers only ever grow: by them it would have grown much for ever."""

    def posted(first: int, last: int) -> None:
        rows = [
            {"token": f"{at}", "user_id": 1, "form": "", "record_id": at, "at": clock.now()}
            for at in range(first, last)
        ]
        with office.writing():
            db.session.execute(db.insert(submissions.Submission), rows)
            db.session.execute(
                db.delete(submissions.Submission).where(submissions.Submission.record_id < first)
            )

    posted(0, 10)
    posted(10, 20)
    posted(20, 30)
    statistics.statistics()
    assert seen(ground.file)["submission"] == 10
    posted(30, 45)
    statistics.statistics()
    assert seen(ground.file)["submission"] == 10


def test_posts_too_old_to_be_sent_again_are_forgotten(office: Estate, ground: Any, tmp_path: Path) -> None:
    """By the running server, while people save; what was posted lately leads to its record still."""
    order = office.order(token="lately")
    key, cls = order.id, type(order)
    old = clock.now() - submissions.REMEMBERED - timedelta(minutes=1)
    rows = [
        {"token": f"old-{at}", "user_id": 1, "form": "work_order", "record_id": key, "at": old}
        for at in range(3 * submissions.AT_ONCE + 7)
    ]
    with office.writing():
        db.session.execute(db.insert(submissions.Submission), rows)
    db.session.remove()

    def kept() -> list[str]:
        db.session.rollback()
        return list(db.session.execute(db.select(submissions.Submission.token)).scalars())

    server = Server(tmp_path, ground.url).start()
    try:
        desk = Visitor(server).sign_in("frontdesk", PASSWORD)
        assert desk.send("/admin/work_order/new/", {**ORDER, "submission": "just now"}).status == 302
        assert until(lambda: len(kept()) == 2), len(kept())
        assert saving.submitted("lately", office.person("frontdesk"), cls) == key
    finally:
        server.end()
