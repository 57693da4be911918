"""A ledger is what its events come to, in whatever order they were recorded, changed and voided; nobody else
writes it. Run by tests/app/test_another_trade.py in a process of its own.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from conftest import sender
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library_holdings import BookFate, Holdings

from app.act import saving
from app.declare.person import SYSTEM
from app.ground.database import db, writing
from app.ground.spelling import DeclarationError
from app.keep import history, history_verify
from app.people.rights import person_of
from app.people.users import Area, Office

AsUser = Callable[[str], FlaskClient]
post = sender("/admin/book_fate/")
ROOMS = count(1)
FIRST = date(2026, 1, 1)
SOURCE = Path(__file__).with_name("library_holdings.py").read_text(encoding="utf-8")


@contextmanager
def at_work(app: Flask) -> Iterator[None]:
    """A transaction of the library's."""
    with app.app_context(), writing():
        yield
        db.session.commit()


def new_room(app: Flask) -> int:
    """A room that no book ever stood in."""
    with at_work(app):
        name = f"Room {next(ROOMS)}"
        office = db.session.execute(db.select(Office.id)).scalars().first()
        room = Area(code_name=name, office_id=office)
        saving.add(room, SYSTEM)
        return int(room.id)


def remake(app: Flask, *more: str) -> Any:
    """The command."""
    return app.test_cli_runner().invoke(args=["ledger", "remake", "holdings", *more])


def line_of(room: int) -> Any:
    """A room's line."""
    return saving.find(Holdings, room_id=room)


def told(fates: list[Any]) -> tuple[Any, ...]:
    """What a room's line says, by whoever reads its events one after the other."""
    state, copies, losses, last = "void", 0, 0, None
    for fate in sorted(fates, key=lambda fate: (fate.on_day, fate.id)):
        if fate.state == "void":
            continue
        if fate.fate == "bought":
            state, copies, last = "kept", copies + fate.copies, fate.on_day
        elif fate.fate == "lost":
            copies, losses, last = max(0, copies - fate.copies), losses + 1, fate.on_day
        else:
            state, copies = "given_up", 0
    return state, copies, losses, last


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("note", "note", "note", "change", "move", "void", "file")),
        st.integers(0, 30),
        st.sampled_from(("bought", "bought", "lost", "closed")),
        st.integers(1, 9),
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(acts=ACTS)
def test_it_equals_the_replay_of_its_changes(app: Flask, acts: list[tuple[str, int, str, int]]) -> None:
    rooms = [new_room(app), new_room(app)]
    with at_work(app):
        libby: Any = person_of("libby")
        fates: list[Any] = []
        for act, at, kind, copies in acts:
            open_ones = [fate for fate in fates if fate.state == "noted"]
            fate: Any = open_ones[at % len(open_ones)] if open_ones else None
            if act == "note":
                fate = BookFate(room_id=rooms[at % 2], fate=kind, on_day=FIRST + timedelta(at), copies=copies)
                saving.add(fate, libby, clause="L1")
                fates.append(fate)
            elif fate is not None:
                with saving.changing(fate, libby, act, "L1"):
                    if act == "change":
                        fate.on_day, fate.fate, fate.copies = FIRST + timedelta(at), kind, copies
                    elif act == "move":
                        fate.room_id = rooms[0] + rooms[1] - fate.room_id
                    else:
                        fate.state = "void" if act == "void" else "filed"
        for room in rooms:
            line, expected = line_of(room), told([fate for fate in fates if fate.room_id == room])
            if line is None:
                assert expected[0] == "void"
                continue
            assert (line.state, line.copies, line.losses, line.last) == expected
            as_told = history.as_at("holdings", line.id)
            assert (as_told["state"], as_told.get("copies")) == (line.state, line.copies)
    checked = remake(app, "--check")
    assert checked.exit_code == 0, checked.output


def test_each_change_is_in_its_history(app: Flask, as_user: AsUser) -> None:
    """In the transaction that records it, under the event's words; a selection filed over is one each."""
    room = new_room(app)
    with app.app_context():
        name = db.session.get_one(Area, room).code_name
    clerk, librarian = as_user("libby"), as_user("libby")
    fate = {"room": name, "fate": "bought", "on_day": "2026-03-01", "copies": "4"}
    made = post(clerk, "new/", **fate)
    assert made.status_code == 302, made.text
    key = made.headers["Location"].rsplit("=", 1)[1]
    assert post(clerk, "new/", **{**fate, "fate": "lost", "copies": "1"}).status_code == 302
    assert post(librarian, f"step/void/?id={key}", void_reason="twice").status_code == 302
    with app.app_context():
        line = line_of(room)
        acts = [said.act for said in history.lines("holdings", line.id)]
        assert acts == ["book_fate:bought", "book_fate:lost", "book_fate:void"]
        assert (line.state, line.copies, line.number[:3]) == ("void", 0, "HO-")
        number, key = line.number, line.id
        assert list(history_verify.verify([Holdings])) == []
    assert post(clerk, "new/", **fate).status_code == 302
    with app.app_context():
        line = line_of(room)
        assert (line.state, line.copies, line.number) == ("kept", 4, number), "its number is kept"
    page = librarian.get(f"/admin/holdings/details/?id={key}").text
    assert "Fate of books: Bought" in page
    assert "Fate of books Voided" in page


def test_nobody_has_a_way_to_write_it(app: Flask, as_user: AsUser) -> None:
    room = new_room(app)
    with at_work(app):
        saving.add(BookFate(room_id=room, fate="bought", on_day=FIRST, copies=2), SYSTEM)
    with app.app_context():
        key = line_of(room).id
    for name in ("libby", "clara"):
        client = as_user(name)
        for address in ("new/", f"edit/?id={key}", "import/", f"step/void/?id={key}"):
            sent = sender("/admin/holdings/")(client, address, copies="99", void_reason="x")
            assert sent.status_code in (403, 404), (name, address, sent.status_code)
    with app.app_context():
        assert line_of(room).copies == 2


def test_made_anew_it_is_the_same(app: Flask) -> None:
    """Lines that somebody tampered with below, or lost, come back as their events say; numbers are kept."""
    room, other = new_room(app), new_room(app)
    with at_work(app):
        for place in (room, other):
            saving.add(BookFate(room_id=place, fate="bought", on_day=FIRST, copies=5), SYSTEM)
        numbers = [line_of(place).number for place in (room, other)]
        with saving.changing(line_of(room), SYSTEM, "tampered"):
            line_of(room).copies = 500
    checked = remake(app, "--check")
    assert checked.exit_code == 1
    assert re.search(rf"{numbers[0]} copies: 500 -> 5", checked.output)
    with app.app_context():
        assert line_of(room).copies == 500, "a check changes nothing"
    assert remake(app).exit_code == 0
    with app.app_context():
        assert [line_of(place).number for place in (room, other)] == numbers
        assert line_of(room).copies == 5
        assert [said.act for said in history.lines("holdings", line_of(room).id)][-1] == "remade"
    assert remake(app, "--check").exit_code == 0
    unknown = app.test_cli_runner().invoke(args=["ledger", "remake", "book_fate"])
    assert unknown.exit_code != 0
    assert "holdings" in unknown.output


def test_what_it_reads_beside_its_events_brings_it_up_to_date(app: Flask) -> None:
    room = new_room(app)
    with at_work(app):
        saving.add(BookFate(room_id=room, fate="bought", on_day=FIRST, copies=1), SYSTEM)
        area: Any = db.session.get_one(Area, room)
        with saving.changing(area, SYSTEM, "edit"):
            area.code_name = f"attic {room}"
        assert line_of(room).sign == f"ATTIC {room}"


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('by="room"', 'by="roam"', "did you mean 'room'"),
        ('at="on_day"', 'at="on_dya"', "did you mean 'on_day'"),
        ('told_by="fate"', 'told_by="faet"', "did you mean 'fate'"),
        ('@on("lost")', '@on("lsot")', "did you mean 'lost'"),
        ('    @on("closed")\n', "    @staticmethod\n", "an event that no function takes"),
        ("self.copies += fate.copies", "self.copies += fate.copeis", "did you mean 'copies'"),
        ("self.losses, self.last", "self.lossse, self.last", "did you mean 'losses'"),
        ("self.copies = max", "self.copis = max", "did you mean 'copies'"),
        ("export=(L1,)", "edit=(L1,)", "nobody may"),
    ],
)
def test_a_word_that_leads_nowhere_stops_the_start(right: str, wrong: str, said: str) -> None:
    head, ledger = SOURCE[: SOURCE.index("class BookFate")], SOURCE[SOURCE.index("class Holdings") :]
    assert right in ledger, right
    source = head + "\n" + ledger.replace(right, wrong, 1).replace("class Holdings", "class Wrong", 1)
    with pytest.raises(DeclarationError, match=said):
        exec(
            compile(source, "wrong.py", "exec", dont_inherit=True),
            {"__name__": __name__, "BookFate": BookFate},
        )
