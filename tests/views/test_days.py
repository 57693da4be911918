"""A day stays the day that was typed, a minute before midnight and a minute after: in the form, the list, the
filter, the sheet and on paper, wherever the server stands.
"""

import io
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from office import Estate, lines
from sending import ORDER, boxes, send, told

from app.declare.record import registry
from app.ground import clock
from app.ground.database import db

AsUser = Callable[[str], FlaskClient]
MOMENTS = ("2026-11-23T23:59", "2026-11-24T00:01")
DAYS = ("2026-02-28", "2026-03-01", "2024-02-29", "1990-12-31")


@pytest.fixture(params=["UTC", "America/New_York"])
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose own clock is set to another place's time; at the office it is the evening of 24
    November.
    """
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    with clock.set_to(datetime(2026, 11, 24, 12, 0, tzinfo=UTC)):
        yield
    monkeypatch.undo()
    time.tzset()


def sheet(client: FlaskClient, form: str, head: str) -> list[Any]:
    """A column of a form's workbook."""
    rows = list(
        openpyxl.load_workbook(io.BytesIO(client.get(f"/admin/{form}/export/xlsx/").data))
        .worksheets[1]
        .values
    )
    at = next(number for number, row in enumerate(rows) if head in row)
    return [row[rows[at].index(head)] for row in rows[at + 1 :] if row[rows[at].index(head)]]


def ids(form: str) -> list[int]:
    """The ids of a form's records."""
    db.session.rollback()
    cls: Any = registry[form]
    return list(db.session.execute(db.select(cls.id).order_by(cls.id)).scalars())


def test_a_moment_around_midnight(elsewhere: None, office: Estate, as_user: AsUser) -> None:
    keeper, manager = as_user("specialist"), as_user("manager")
    for at, moment in enumerate(MOMENTS):
        office.key(f"A-{at}")
        typed = {
            "key": f"A-{at}",
            "borrower": "郑师傅",
            "borrower_kind": "staff",
            "phone": "13700000001",
            "reason": "检修",
            "pledge": "none",
        }
        answer = send(keeper, "/admin/key_loan/new/", {**typed, "lent_at": moment, "due_back": moment})
        assert answer.status_code == 302, told(answer.text)
    for key, moment in zip(ids("key_loan"), MOMENTS, strict=True):
        shown = moment.replace("T", " ")
        assert boxes(keeper.get(f"/admin/key_loan/edit/?id={key}").text)["lent_at"] == moment
        assert shown in keeper.get(f"/admin/key_loan/details/?id={key}").text
        assert shown in keeper.get(f"/admin/key_loan/print/?id={key}").text
        assert shown in keeper.get("/admin/key_loan/").text
        day = moment[:10]
        listed = keeper.get(f"/admin/key_loan/?lent_at_from={day}&lent_at_to={day}").text
        assert [f"A-{at}" in listed for at in range(2)] == [moment[:10] == day for moment in MOMENTS]
    assert sorted(sheet(manager, "key_loan", "借出时间")) == [
        datetime.fromisoformat(moment) for moment in MOMENTS
    ]


def test_when_it_was_made(elsewhere: None, office: Estate, as_user: AsUser) -> None:
    """By the office's day, its filter and its number's month."""
    for moment in (datetime(2026, 10, 31, 15, 59, tzinfo=UTC), datetime(2026, 10, 31, 16, 1, tzinfo=UTC)):
        with clock.set_to(moment):
            office.order()
    client = as_user("manager")
    for day, number, other in (
        ("2026-10-31", "PG-202610-0001", "PG-202611-0001"),
        ("2026-11-01", "PG-202611-0001", "PG-202610-0001"),
    ):
        page = client.get(f"/admin/work_order/?created_at_from={day}&created_at_to={day}").text
        assert number in page
        assert other not in page
    assert sorted(sheet(client, "work_order", "登记时间"))[0] == datetime(2026, 10, 31, 23, 59)


def test_a_day_is_a_day(elsewhere: None, office: Estate, as_user: AsUser) -> None:
    keeper = as_user("specialist")
    for unit, day in zip(("1-1-101", "1-1-102"), DAYS[::2], strict=False):
        people = lines("people", {"kind": "owner", "full_name": "王建国", "since": day})
        assert (
            send(
                keeper,
                "/admin/owner_register/new/",
                {"unit": unit, "move_in": day, "paid_until": day, **people},
            ).status_code
            == 302
        )
    for key, day in zip(ids("owner_register"), DAYS[::2], strict=False):
        page = boxes(keeper.get(f"/admin/owner_register/edit/?id={key}").text)
        assert (page["move_in"], page["people-0-since"]) == (day, day)
        assert keeper.get(f"/admin/owner_register/details/?id={key}").text.count(day) >= 3
        assert (
            keeper.get(f"/admin/owner_register/?move_in_from={day}&move_in_to={day}").text.count("王建国")
            == 1
        )
    assert sorted(str(cell)[:10] for cell in sheet(keeper, "owner_register", "入住日期")) == sorted(DAYS[::2])


def test_an_appointed_time_comes_back_as_typed(elsewhere: None, office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    for moment in ("2026-12-31T23:59", "2027-01-01T00:01"):
        answer = send(client, "/admin/work_order/new/", {**ORDER, "appointed_at": moment})
        assert moment.replace("T", " ") in client.get(answer.location).text
