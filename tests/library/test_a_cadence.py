"""What is due every month, done and missed; and what a flood calls for beside. Run by
tests/app/test_another_trade.py in a process of its own.
"""

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from conftest import token
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library_rounds import Cabinet, Dusting, Flood

from app.act import saving
from app.declare.cadence import calendar
from app.declare.person import SYSTEM
from app.ground import clock
from app.ground.database import db, writing
from app.ground.spelling import DeclarationError
from app.lists import cadences
from app.people.rights import person_of
from app.people.users import Area, Office

AsUser = Callable[[str], FlaskClient]
PLAN = "/admin/cabinet/plan/dusting/"
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SIGNS = count(1)
SOURCE = Path(__file__).with_name("library_rounds.py").read_text(encoding="utf-8")
LONG_AGO = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """The same noon."""
    with clock.set_to(NOON):
        yield


@contextmanager
def at_work(app: Flask) -> Iterator[None]:
    """A transaction of the library's."""
    with app.app_context(), writing():
        yield
        db.session.commit()


def cabinet(app: Flask, since: date = LONG_AGO) -> tuple[int, str]:
    """A cabinet in a room of its own: the room's id and name."""
    with at_work(app):
        office = db.session.execute(db.select(Office.id)).scalars().first()
        name = f"Cell {next(SIGNS)}"
        room = Area(code_name=name, office_id=office)
        saving.add(room, SYSTEM)
        saving.add(Cabinet(sign=f"C-{name}", room_id=room.id, stands_since=since), SYSTEM)
        return int(room.id), name


def dust(app: Flask, room: int, day: date, how: str = "dry", state: str = "dusted") -> None:
    """Somebody dusted a room."""
    with at_work(app):
        saving.add(Dusting(room_id=room, day=day, how=how, state=state), SYSTEM)


def seen(client: FlaskClient, **asked: str) -> dict[str, str]:
    """The rows of the page: room, and where its button leads."""
    page = client.get(PLAN, query_string=asked)
    assert page.status_code == 200, page.text
    body = page.text.partition("<tbody>")[2]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return {
        re.sub("<[^>]+>", "", row.partition("</td>")[0]): html.unescape(
            (re.search(r'class="btn small" href="([^"]+)"', row) or ["", ""])[1]
        )
        for row in rows
    }


def test_due_done_and_missed(app: Flask, as_user: AsUser) -> None:
    _room, name = cabinet(app)
    clerk = as_user("libby")
    address = seen(clerk)[name]
    form = clerk.get(address).text
    assert f'value="{name}"' in form, "the record is filled already"
    assert re.search(r'value="dry"[^>]*(checked|selected)', form)
    sent = {"room": name, "day": "2026-11-20", "how": "dry", "csrf_token": token(clerk)}
    assert clerk.post("/admin/dusting/new/", data=sent).status_code == 302
    assert name not in seen(clerk)
    assert name in seen(clerk, show="done")
    assert name in seen(clerk, on="2026-10-05"), "October was missed"
    assert seen(clerk, on="2026-10-05")[name] == "", "and isn't made up for"
    assert name in seen(clerk, on="2026-12-01"), "December is due"
    assert ">Missed<" in clerk.get(f"{PLAN}?on=2026-10-05").text


def test_what_does_not_count(app: Flask, as_user: AsUser) -> None:
    """Done another way, voided, on the eve or the morrow of the month; the last day counts."""
    room, name = cabinet(app)
    clerk = as_user("libby")
    dust(app, room, date(2026, 11, 10), how="wet")
    dust(app, room, date(2026, 11, 10), state="void")
    dust(app, room, date(2026, 10, 31))
    dust(app, room, date(2026, 12, 1))
    assert name in seen(clerk)
    dust(app, room, date(2026, 11, 30))
    assert name not in seen(clerk)


def test_a_thing_is_due_when_it_has_stood_long_enough(app: Flask, as_user: AsUser) -> None:
    _early, early = cabinet(app, date(2026, 11, 20))
    _late, late = cabinet(app, date(2026, 11, 21))
    due = seen(as_user("libby"))
    assert early in due
    assert late not in due
    assert late in seen(as_user("libby"), on="2026-12-15")


def test_a_flood_calls_for_a_round_of_its_own(app: Flask, as_user: AsUser) -> None:
    room, name = cabinet(app)
    dust(app, room, date(2026, 11, 3))
    clerk = as_user("libby")
    assert "/admin/flood/new/" in clerk.get(PLAN).text, "one button calls for it"
    with at_work(app):
        flood = Flood(begins=date(2026, 11, 23), ends=date(2026, 11, 25))
        flood.office_id = db.session.execute(db.select(Office.id)).scalars().first()
        saving.add(flood, SYSTEM)
        key = str(flood.id)
    assert name not in seen(clerk), "the month's is done"
    assert name in seen(clerk, call=key), "the flood's isn't"
    dust(app, room, date(2026, 11, 24))
    assert name not in seen(clerk, call=key)
    assert clerk.get(f"{PLAN}?call=9999").status_code == 404


def test_it_stands_on_the_first_page_of_whose_duty_it_is(app: Flask, as_user: AsUser) -> None:
    cabinet(app)
    assert "Cabinet Dust" in as_user("libby").get("/").text
    assert "Cabinet Dust" not in as_user("clara").get("/").text, "it isn't hers to do"


def test_odd_addresses(app: Flask, as_user: AsUser) -> None:
    clerk = as_user("libby")
    for on in ("", "soon", "0001-01-01", "9999-12-31", "2026-02-30"):
        assert clerk.get(PLAN, query_string={"on": on, "after": "x", "show": "all"}).status_code == 200, on
    assert clerk.get("/admin/cabinet/plan/none/").status_code == 404
    assert app.test_client().get(PLAN).status_code in (302, 401)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
    since=st.lists(st.integers(-60, 60), min_size=1, max_size=4),
    done=st.lists(
        st.tuples(st.integers(0, 3), st.integers(-70, 70), st.sampled_from(("dry", "wet")), st.booleans()),
        max_size=8,
    ),
    at=st.integers(-60, 60),
)
def test_it_says_what_counting_by_hand_says(
    app: Flask, since: list[int], done: list[tuple[int, int, str, bool]], at: int
) -> None:
    start = date(2026, 6, 15)
    rooms = [cabinet(app, start + timedelta(days))[0] for days in since]
    for of, days, how, voided in done:
        dust(app, rooms[of % len(rooms)], start + timedelta(days), how, "void" if voided else "dusted")
    first, last = calendar("month", start + timedelta(at))
    bound = [room for room, days in zip(rooms, since, strict=True) if start + timedelta(days + 10) <= last]
    kept = {
        rooms[of % len(rooms)]
        for of, days, how, voided in done
        if how == "dry" and not voided and first <= start + timedelta(days) <= last
    }
    with app.app_context():
        reach = cadences.reach_of(Cabinet, Cabinet.cadences["dusting"], person_of("libby"))  # type: ignore[arg-type]
        round_ = cadences.Round(first, last)
        cadence = Cabinet.cadences["dusting"]
        told = {
            is_done: {
                row.thing
                for after in (min(rooms) - 1,)
                for row in cadences.page(Cabinet, cadence, round_, reach, is_done, after)[0]
            }
            for is_done in (True, False)
        }
        total, count_done = cadences.counts(Cabinet, cadence, round_, reach)
        left = min(total - count_done, cadences.MOST)
        assert cadences.left([(Cabinet, cadence, round_, reach)]) == [left]
    assert told[True] == kept & set(bound)
    assert told[False] == set(bound) - kept


@pytest.mark.parametrize(
    ("period", "day", "window"),
    [
        ("week", date(2026, 11, 24), (date(2026, 11, 23), date(2026, 11, 29))),
        ("week", date(2027, 1, 1), (date(2026, 12, 28), date(2027, 1, 3))),
        ("month", date(2028, 2, 29), (date(2028, 2, 1), date(2028, 2, 29))),
        ("month", date(2026, 12, 31), (date(2026, 12, 1), date(2026, 12, 31))),
        ("quarter", date(2026, 11, 24), (date(2026, 10, 1), date(2026, 12, 31))),
        ("quarter", date(2026, 4, 1), (date(2026, 4, 1), date(2026, 6, 30))),
        ("year", date(2026, 11, 24), (date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_the_calendars_windows(period: str, day: date, window: tuple[date, date]) -> None:
    assert calendar(period, day) == window


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"month"', '"mnoth"', "did you mean 'month'"),
        ('by="room"', 'by="roam"', "did you mean 'room'"),
        ('at="day"', 'at="dya"', "did you mean 'day'"),
        ('when={"how": "dry"}', 'when={"hwo": "dry"}', "did you mean 'how'"),
        ('when={"how": "dry"}', 'when={"how": "dyr"}', "did you mean 'dry'"),
        ('since="stands_since"', 'since="stand_since"', "did you mean 'stands_since'"),
        ('"ends")', '"edns")', "did you mean 'ends'"),
        ("after_days=10", "after_dyas=10", "did you mean 'after_days'"),
    ],
)
def test_a_word_that_leads_nowhere_stops_the_start(right: str, wrong: str, said: str) -> None:
    head, cls = SOURCE[: SOURCE.index("class Dusting")], SOURCE[SOURCE.index("class Cabinet") :]
    assert right in cls, right
    source = head + "\n" + cls.replace(right, wrong, 1).replace("class Cabinet", "class Closet", 1)
    space = {"__name__": __name__, "Dusting": Dusting, "Flood": Flood}
    with pytest.raises(DeclarationError, match=said):
        exec(compile(source, "wrong.py", "exec", dont_inherit=True), space)
