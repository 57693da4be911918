"""Numbers that a library may set: within bounds, from a moment on, by whose duty it is; what is open goes on
by what held when it began.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from conftest import sender
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from library_aside import CLOSED_IN, FEE, KEEP, Aside
from library_duties import L1

from app.declare.in_force import EVERYWHERE, SetTo, holding
from app.declaring import setting, units
from app.ground import clock
from app.ground.database import db
from app.ground.spelling import DeclarationError

AsUser = Callable[[str], FlaskClient]
set_ = sender("/admin/settings/")
aside = sender("/admin/aside/")


def due(app: Flask, made: Any) -> timedelta:
    """How long a hold is kept, from its making."""
    key = int(made.headers["Location"].rsplit("=", 1)[1])
    with app.app_context():
        record = db.session.get(Aside, key)
        assert record is not None
        assert record.due_at is not None
        return record.due_at - record.created_at


def local(moment: datetime) -> str:
    """A moment as a browser sends it."""
    return f"{clock.local(moment):%Y-%m-%dT%H:%M}"


def wrong(answer: Any) -> str:
    """What a page says is wrong."""
    assert answer.status_code == 422, answer.text
    return re.sub(r"<[^>]+>", "", re.findall(r'<div class="errors".*?</div>', answer.text, re.DOTALL)[0])


def test_the_declarations_value_holds_until_somebody_sets_another(app: Flask, as_user: AsUser) -> None:
    clerk, librarian = as_user("clara"), as_user("libby")
    assert due(app, aside(clerk, "new/", book="Emma", copies="1")) == timedelta(days=7)
    page = librarian.get("/admin/settings/").text
    for text in ("Kept for", "7 days", "1–30 days", "as declared"):
        assert text in page
    assert set_(librarian, "aside.keep/", value="10", because="Holidays").status_code == 302
    assert due(app, aside(clerk, "new/", book="Emma", copies="1")) == timedelta(days=10)
    page = librarian.get("/admin/settings/aside.keep/").text
    for text in ("10 days", "Libby", "Holidays"):
        assert text in page
    assert set_(librarian, "aside.keep/", back="1", value="10").status_code == 302
    assert due(app, aside(clerk, "new/", book="Emma", copies="1")) == timedelta(days=7)


def test_it_comes_into_force_at_its_moment_and_what_began_before_stays(app: Flask, as_user: AsUser) -> None:
    clerk, librarian = as_user("clara"), as_user("libby")
    tomorrow = clock.minute(clock.now() + timedelta(days=1))
    made = aside(clerk, "new/", book="Persuasion", copies="1")
    assert set_(librarian, "aside.keep/", value="2", from_at=local(tomorrow)).status_code == 302
    assert "2 days from" in librarian.get("/admin/settings/").text
    with clock.set_to(tomorrow - timedelta(minutes=1)):
        assert due(app, aside(as_user("clara"), "new/", book="Emma", copies="1")) == timedelta(days=7)
    with clock.set_to(tomorrow + timedelta(minutes=1)):
        clerk = as_user("clara")
        assert due(app, aside(clerk, "new/", book="Emma", copies="1")) == timedelta(days=2)
        key = made.headers["Location"].rsplit("=", 1)[1]
        assert aside(clerk, f"step/arrive/?id={key}", version="1").status_code == 302
        assert due(app, made) == timedelta(days=7), "promised before"
    page = librarian.get("/admin/settings/aside.keep/").text
    row = re.findall(r'name="row" value="(\d+)"', page)[0]
    assert set_(librarian, "aside.keep/withdraw/", row=row).status_code == 302
    assert "2 days from" not in librarian.get("/admin/settings/").text
    with clock.set_to(tomorrow + timedelta(minutes=1)):
        assert due(app, aside(as_user("clara"), "new/", book="Emma", copies="1")) == timedelta(days=7)


def test_a_wrong_one_is_refused_with_what_it_would_break(app: Flask, as_user: AsUser) -> None:
    librarian = as_user("libby")
    for typed in ("-1", "0", "31", "", "x", "3.5"):
        assert wrong(set_(librarian, "aside.keep/", value=typed)), typed
    assert "Between 1 and 30" in wrong(set_(librarian, "aside.keep/", value="-1"))
    assert "would be 48 hours" in wrong(set_(librarian, "aside.keep/", value="1"))
    at = local(clock.now() + timedelta(days=30))
    assert set_(librarian, "aside.copies/", value="4", from_at=at).status_code == 302
    assert "4 books already" in wrong(set_(librarian, "aside.copies/", value="5", from_at=at))
    assert "What is past" in wrong(set_(librarian, "aside.copies/", value="5", from_at="2026-01-01T10:00"))
    assert "as it is" in wrong(set_(librarian, "aside.copies/", value="3"))
    assert "Nothing was set" in wrong(set_(librarian, "aside.fee/", back="1"))
    # shorter from a moment on, while the other is longer only until then
    later = local(clock.now() + timedelta(days=60))
    assert set_(librarian, "aside.keep/", value="3", from_at=later).status_code == 302
    assert "would be 100 hours" in wrong(set_(librarian, "aside.keep_short/", value="100"))
    assert "would be 100 hours" in wrong(set_(librarian, "aside.keep_short/", value="100", from_at=later))


def test_who_may(app: Flask, as_user: AsUser) -> None:
    clerk = as_user("clara")
    page = clerk.get("/admin/settings/aside.keep/")
    assert page.status_code == 200
    assert "<form class" not in page.text[page.text.index("<main") :], "only read"
    refused = set_(clerk, "aside.keep/", value="9")
    assert refused.status_code == 403
    assert "Libby" in refused.text
    assert set_(clerk, "aside.keep/withdraw/", row="1").status_code == 403
    assert app.test_client().get("/admin/settings/").status_code == 302
    assert clerk.get("/admin/settings/work_order.arrive/").status_code == 404
    with app.app_context():
        assert KEEP.by == (L1,)


def test_every_kind_of_value(app: Flask, as_user: AsUser) -> None:
    librarian = as_user("libby")
    assert set_(librarian, "aside.fee/", value="1.25").status_code == 302
    assert set_(librarian, "aside.closed_in/", value=["1", "2"]).status_code == 302
    with app.app_context():
        assert (str(FEE.now()), CLOSED_IN.now()) == ("1.25", ["1", "2"])
        assert FEE.shown(FEE.now()) == "1.25 yuan"
    assert "January、February" in librarian.get("/admin/settings/").text
    assert set_(librarian, "aside.closed_in/").status_code == 302, "none at all"
    with app.app_context():
        assert CLOSED_IN.now() == []


def test_they_are_found_listed_and_told_of_in_the_duties(app: Flask, as_user: AsUser) -> None:
    assert "/admin/settings/aside.keep_short/" in as_user("clara").get("/search?q=asked").text
    run = app.test_cli_runner()
    said = {each["name"]: each for each in json.loads(run.invoke(args=["settings", "--json"]).output)}
    keep = said["aside.keep_short"]
    assert (keep["unit"], keep["default"], keep["least"], keep["most"]) == ("hours", 48, 1, 168)
    assert keep["not_over"] == "aside.keep"
    duties = {each["clause"]: each for each in json.loads(run.invoke(args=["duties", "--json"]).output)}
    assert "setting:aside.keep" in duties["L1"]["opens"]


def test_a_list_asks_the_database_no_more_for_them(app: Flask, as_user: AsUser) -> None:
    from sqlalchemy import event

    clerk = as_user("clara")
    for at in range(3):
        aside(clerk, "new/", book=f"Novel {at}", copies="1")
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
    clerk.get("/admin/aside/")
    asked.clear()
    clerk.get("/admin/aside/")
    alone = [statement for statement in asked if "setting_value" in statement]
    assert len(alone) == 1, "read with the person"
    assert "sign_in" in alone[0]


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        (lambda: setting("aside.keep", ("a", "b"), units.days(1), by=L1, least=1, most=2), "twice"),
        (
            lambda: setting("aside.a", ("a", "b"), units.days(0), by=L1, least=1, most=2),
            "beyond its bounds",
        ),
        (lambda: setting("aside.a", ("a", "b"), units.days(1), by=L1), "needs its bounds"),
        (lambda: setting("aside", ("a", "b"), units.days(1), by=L1, least=1, most=2), "before a dot"),
        (
            lambda: setting("aside.a", ("a", "b"), units.days(9), by=L1, least=1, most=9, not_over=KEEP),
            "over that of 'aside.keep'",
        ),
        (
            lambda: setting("aside.a", ("a", "b"), units.months(1), by=L1, least=1, most=2, not_over=KEEP),
            "can't be held against",
        ),
        (lambda: setting("aside.a", ("a", "b"), units.days(1), by=L1, leats=1), "did you mean 'least'"),
    ],
)
def test_a_wrong_declaration_stops_the_start(declare: Callable[[], Any], said: str) -> None:
    with pytest.raises(DeclarationError, match=r"test_settings\.py") as stopped:
        declare()
    assert said in str(stopped.value)


def test_a_setting_of_a_form_that_isnt_there_stops_the_start() -> None:
    from app.declare import setting as settings_

    setting("set_aseid.keep", ("a", "b"), units.days(1), by=L1, least=1, most=2)
    try:
        with pytest.raises(DeclarationError, match="speaks of 'set_aseid'; did you mean 'aside'"):
            settings_.check({"aside", "loan"})
    finally:
        del settings_.settings["set_aseid.keep"]


START = clock.day_start(datetime(2026, 11, 1).date())
acts = st.lists(
    st.tuples(
        st.integers(0, 50), st.sampled_from([EVERYWHERE, 1, 2]), st.one_of(st.none(), st.integers(1, 9))
    ),
    unique_by=lambda act: act[:2],
)


@settings(max_examples=300, deadline=None)
@given(acts, st.integers(0, 60), st.sampled_from([None, 1, 2]))
def test_the_value_in_force_at_a_moment(
    acts: list[tuple[int, int, int | None]], at: int, office: int | None
) -> None:
    """The last that came into force, an office's own before what holds everywhere; one given back is none."""
    rows = tuple(
        SetTo(key, value, where, START + timedelta(days=day), START, None, "")
        for key, (day, where, value) in enumerate(sorted(acts, key=lambda act: act[0]))
    )
    holds = holding(rows, START + timedelta(days=at), office)
    wanted = None
    for where in (EVERYWHERE, office):
        began = [(day, value) for day, place, value in acts if place == where and day <= at]
        wanted = (max(began)[1] if began else None) or wanted
    assert (holds.value if holds else None) == wanted
