"""Long answers, row by row: all of them in their order, also for whoever gives up half-way, and a fault is told."""

from typing import Any

import pytest
from office import Estate
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import streaming
from app.database import db
from app.record import registry


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
        list(streaming.streamed(text("SELECT id FROM no_such_table")))
