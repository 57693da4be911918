"""Long answers, row by row: all of them in their order, also for whoever gives up half-way, and a fault is
told.
"""

import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from office import Estate
from sqlalchemy import column, select, table
from sqlalchemy.exc import SQLAlchemyError

from app.declare.record import registry
from app.ground import streaming
from app.ground.database import db


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few rows at a time that some orders make several parts."""
    monkeypatch.setattr(streaming, "NEAR", 2)
    monkeypatch.setattr(streaming, "FAR", 2)


@pytest.mark.parametrize("count", [0, 2, 7])
def test_every_row_once_and_in_order(office: Estate, few: None, count: int) -> None:
    made = [office.order().id for _one in range(count)]
    db.session.rollback()
    cls: Any = registry["work_order"]
    assert [row[0] for row in streaming.streamed(db.select(cls.id).order_by(cls.id))] == sorted(made)


def test_given_up_half_way_it_leaves_nothing_behind(office: Estate, few: None) -> None:
    """A download that was broken off: the next one, and whoever writes, find the database as it should be."""
    made = [office.order().id for _one in range(7)]
    db.session.rollback()
    cls: Any = registry["work_order"]
    for taken in range(1, 6):
        rows = streaming.streamed(db.select(cls.id).order_by(cls.id))
        assert [next(rows)[0] for _one in range(taken)] == made[:taken]
        rows.close()  # type: ignore[attr-defined]
    made.append(office.order().id)
    db.session.rollback()
    assert [row[0] for row in streaming.streamed(db.select(cls.id).order_by(cls.id))] == made


def test_a_fault_of_the_database_is_told(office: Estate, few: None) -> None:
    with pytest.raises(SQLAlchemyError):
        list(streaming.streamed(select(column("id")).select_from(table("no_such_table"))))


def test_values_are_what_their_columns_say(office: Estate) -> None:
    """A moment, a yes or no, an amount and nothing at all: the same as any other select finds, asked for by
    them too.
    """
    order = office.order(appointed_at="2026-11-27 09:30")
    cls: Any = registry["work_order"]
    asked = db.select(
        cls.created_at, cls.appointed_at, cls.public, cls.labour_fee, cls.unit_id, cls.held_at
    ).where(
        cls.id.in_([order.id, order.id + 1]), cls.created_at <= order.created_at, cls.public.is_(order.public)
    )
    rows = [tuple(row) for row in db.session.execute(asked)]
    db.session.rollback()
    assert [tuple(row) for row in streaming.streamed(asked)] == rows
    assert len(rows) == 1
    assert rows[0][0].tzinfo is not None


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_a_reader_that_is_killed_is_no_end_of_the_rows(
    office: Estate, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of a list must not pass for the whole of it."""
    for _one in range(3):
        office.order()
    db.session.rollback()
    monkeypatch.setattr(streaming, "READER", (sys.executable, "-c", "import sys; sys.stdin.read()"))
    with pytest.raises(SQLAlchemyError, match="broke off"):
        list(streaming.streamed(db.select(registry["work_order"].id)))


def test_no_reader_is_left_behind(office: Estate, few: None) -> None:
    for _one in range(7):
        office.order()
    db.session.rollback()
    rows = streaming.streamed(db.select(registry["work_order"].id))
    next(rows)
    rows.close()  # type: ignore[attr-defined]
    list(streaming.streamed(db.select(registry["work_order"].id)))
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    assert [child for child in children if "row_reader" in Path(f"/proc/{child}/cmdline").read_text()] == []
