"""What the library does by itself: once, at its moment or with what brings it about; in the history under the
rule's name. Run by tests/app/test_another_trade.py in a process of its own, on either database.
"""

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import sender
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library_hold import Hold, Payment

from app.act import acts, bulk, saving
from app.act.replay import Act, Story
from app.declare.person import SYSTEM
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db, writing
from app.keep import due_acts, history
from app.keep.due_acts import DueAct

AsUser = Callable[[str], FlaskClient]
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
post = sender("/admin/")


@pytest.fixture(autouse=True)
def nothing_due(app: Flask) -> None:
    """Each test begins with an empty list."""
    with app.app_context(), writing():
        db.session.execute(db.delete(DueAct))
        db.session.commit()


@pytest.fixture
def ask(app: Flask, as_user: AsUser) -> Callable[..., int]:
    """Asks for a book at noon, as the clerk does at the screen; kept until a day where one is said."""

    def asked(book: str, keep_until: str = "", fetched: bool = False) -> int:
        clerk = as_user("clara")
        with clock.set_to(NOON):
            made = post(clerk, "hold/new/", book=book, fee="2.00")
            assert made.status_code == 302, made.text
            key = int(made.headers["Location"].rsplit("=", 1)[1])
            if keep_until:
                answer = post(clerk, f"hold/step/keep/?id={key}", keep_until=keep_until)
                assert answer.status_code == 302, answer.text
            if fetched:
                assert post(clerk, f"hold/step/fetch/?id={key}").status_code == 302
        return key

    return asked


def tick(app: Flask, at: datetime, *options: str) -> Any:
    """The command."""
    return app.test_cli_runner().invoke(args=["tick", "--at", at.isoformat(), *options])


def of(app: Flask, key: int) -> tuple[str, int, list[str]]:
    """A hold's state, how often it was pressed, and what its history says after its making."""
    with app.app_context():
        hold = db.session.get(Hold, key)
        assert hold is not None
        return hold.state, hold.pressed, [line.act for line in history.lines("hold", key)][1:]


def put(app: Flask, *books: str, at: datetime = NOON) -> list[int]:
    """Holds made without a screen."""
    with app.app_context(), writing(), clock.set_to(at):
        holds = [Hold(book=book, office_id=1) for book in books]
        for hold in holds:
            saving.add(hold, SYSTEM)
        db.session.commit()
        return [hold.id for hold in holds]


def test_at_its_moment_and_not_before(app: Flask, ask: Callable[..., int]) -> None:
    key = ask("Emma", keep_until="2026-11-25")
    end = clock.day_start(NOON.date() + 2 * DAY)
    assert "Nothing was due." in tick(app, end - timedelta(seconds=1)).output
    assert of(app, key)[0] == "kept"
    done = tick(app, end)
    assert done.exit_code == 0
    assert "Hold · Expire: 1" in done.output
    assert of(app, key)[0] == "expired"


def test_in_the_history_under_its_name(app: Flask, as_user: AsUser, ask: Callable[..., int]) -> None:
    key = ask("Persuasion", keep_until="2026-11-25")
    tick(app, NOON + 3 * DAY)
    assert of(app, key)[2] == ["step:keep", "act:expires"]
    page = as_user("clara").get(f"/admin/hold/details/?id={key}").text
    assert re.search(r"The system\s+Expire", page)
    with app.app_context():
        line = history.lines("hold", key)[-1]
        assert (line.user_id, line.changes["state"]) == (None, ["kept", "expired"])


def test_what_was_fetched_in_time_does_not_expire(app: Flask, ask: Callable[..., int]) -> None:
    key = ask("Sanditon", keep_until="2026-11-25", fetched=True)
    assert "Nothing was due." in tick(app, NOON + 9 * DAY).output
    assert of(app, key)[0] == "fetched"


def test_a_moment_that_is_moved_counts(app: Flask, as_user: AsUser, ask: Callable[..., int]) -> None:
    key = ask("Emma")
    with app.app_context(), writing(), clock.set_to(NOON):
        hold = db.session.get(Hold, key)
        assert hold is not None
        for day in (25, 29):
            with saving.changing(hold, SYSTEM, "edit"):
                hold.state, hold.keep_until = "kept", NOON.date().replace(day=day)
        db.session.commit()
    assert "Nothing was due." in tick(app, NOON + 3 * DAY).output
    assert "Expire: 1" in tick(app, NOON + 6 * DAY).output


def test_once_for_each_moment_also_after_three_days_off(app: Flask, ask: Callable[..., int]) -> None:
    daily, at_once = ask("Emma"), ask("Emma")
    for day in range(1, 5):
        tick(app, NOON + day * DAY + HOUR)
    known = of(app, daily)
    assert known == ("asked", 4, ["act:marks"] + ["act:presses"] * 4)
    assert of(app, at_once) == known
    late = ask("Persuasion")
    tick(app, NOON + 4 * DAY + HOUR)
    assert of(app, late)[:2] == ("asked", 4)
    assert sorted(of(app, late)[2]) == sorted(known[2])


def test_twice_or_with_the_clock_set_back_it_acts_once(app: Flask, ask: Callable[..., int]) -> None:
    key, kept = ask("Emma"), ask("Lady Susan", keep_until="2026-11-24")
    tick(app, NOON + DAY)
    known = of(app, key), of(app, kept)
    for at in (NOON + DAY, NOON + DAY - HOUR, NOON + DAY, NOON + 2 * DAY - HOUR):
        assert "Nothing was due." in tick(app, at).output
    assert (of(app, key), of(app, kept)) == known
    assert known[0][1:] == (1, ["act:marks", "act:presses"])


def test_two_clocks_at_once(app: Flask) -> None:
    keys = put(app, *["Emma"] * 12)
    ready, faults = threading.Barrier(3), []

    def ticks() -> None:
        with app.app_context():
            ready.wait()
            try:
                acts.tick()
            except Exception as error:
                faults.append(error)

    with clock.set_to(NOON + 2 * DAY):
        clocks = [threading.Thread(target=ticks) for _clock in range(3)]
        for thread in clocks:
            thread.start()
        for thread in clocks:
            thread.join()
    assert faults == []
    for key in keys:
        state, pressed, lines = of(app, key)
        assert (state, pressed, sorted(lines)) == ("asked", 2, ["act:marks", "act:presses", "act:presses"])


def test_what_goes_wrong_stops_no_other_and_is_tried_again(app: Flask) -> None:
    bad, good = put(app, "Necronomicon", "Emma")
    done = tick(app, NOON + DAY)
    assert done.exit_code == 1
    assert "Hold · Press: 1" in done.output
    assert re.search(r"Hold HD-\S+ · Press: went wrong, tries: 1\. .*nobody dares look for it", done.output)
    assert of(app, good)[1] == 1
    assert of(app, bad)[1:] == (0, ["act:marks"])
    assert "tries: 2" in tick(app, NOON + DAY + HOUR).output
    with app.app_context(), writing(), clock.set_to(NOON + DAY):
        hold = db.session.get(Hold, bad)
        assert hold is not None
        with saving.changing(hold, SYSTEM, "edit"):
            hold.book = "Emma"
        db.session.commit()
    assert tick(app, NOON + DAY + HOUR).exit_code == 0
    assert of(app, bad)[1] == 1
    with app.app_context():
        assert due_acts.faults() == []


def pay(as_user: AsUser, key: int, amount: str) -> Any:
    """Somebody pays for a hold."""
    clerk = as_user("clara")
    number = re.search(r"HD-\d{6}-\d{4}", clerk.get(f"/admin/hold/details/?id={key}").text)
    assert number is not None
    return post(clerk, "payment/new/", **{"hold": number[0], "hold-id": str(key), "amount": amount})


def test_with_what_brings_it_about(app: Flask, as_user: AsUser, ask: Callable[..., int]) -> None:
    key = ask("Emma", keep_until="2026-12-25", fetched=True)
    assert pay(as_user, key, "1.50").status_code == 302
    assert of(app, key)[0] == "fetched"
    assert pay(as_user, key, "0.50").status_code == 302
    assert of(app, key)[0] == "settled"
    assert of(app, key)[2][-1] == "act:settles"
    assert pay(as_user, key, "5").status_code == 302
    assert of(app, key)[2].count("act:settles") == 1


def test_paid_before_it_is_fetched_it_settles_with_that(
    app: Flask, as_user: AsUser, ask: Callable[..., int]
) -> None:
    key = ask("Emma", keep_until="2026-12-25")
    pay(as_user, key, "2")
    assert post(as_user("clara"), f"hold/step/fetch/?id={key}").status_code == 302
    assert of(app, key)[0] == "settled"


def test_an_act_that_fails_keeps_nobody_from_paying(
    app: Flask, as_user: AsUser, ask: Callable[..., int]
) -> None:
    key = ask("Ledger", keep_until="2026-12-25", fetched=True)
    assert pay(as_user, key, "2").status_code == 302
    assert of(app, key)[0] == "fetched"
    with app.app_context():
        assert [row.rule for row in due_acts.faults()] == ["settles"]
    assert tick(app, clock.now()).exit_code == 1
    with app.app_context(), writing():
        hold = db.session.get(Hold, key)
        assert hold is not None
        hold.book = "Emma"
        db.session.commit()
    done = tick(app, clock.now())
    assert (done.exit_code, of(app, key)[0]) == (0, "settled"), done.output


def test_what_is_undone_brings_nothing_about(app: Flask, ask: Callable[..., int]) -> None:
    key = ask("Emma", keep_until="2026-12-25", fetched=True)
    with app.app_context(), writing():
        try:
            with db.session.begin_nested():
                saving.add(Payment(hold_id=key, amount=5, office_id=1), SYSTEM)
                raise ValueError
        except ValueError:
            db.session.commit()
    assert of(app, key)[0] == "fetched"


def test_records_poured_in_act_too_and_a_rule_of_another_version_counts(app: Flask) -> None:
    with app.app_context(), writing():
        first = bulk.last_id(Hold) + 1
        act = Act(NOON, SYSTEM, "", "create", {"book": "Emma"})
        bulk.tell(Hold, [Story(1, None, [act])] * 3)
        db.session.execute(db.update(DueAct).values(at=NOON + 90 * DAY))
        db.session.execute(db.delete(DueAct).where(DueAct.record_id == first))
        db.session.commit()
    assert "Nothing was due." in tick(app, NOON + DAY).output
    done = tick(app, NOON + DAY, "--anew")
    assert "Hold · Press: 3" in done.output
    assert [of(app, first + at)[1] for at in range(3)] == [1, 1, 1]
    with app.app_context(), writing():
        db.session.execute(db.update(DueAct).values(at=NOON))
        db.session.commit()
    assert "Nothing was due." in tick(app, NOON + DAY).output, "the rule is asked before it acts"


def test_a_state_that_only_an_act_leaves_is_no_end() -> None:
    states: Any = registry["hold"].states  # type: ignore[attr-defined]
    assert [name for name, state in states.items() if state.final] == ["settled", "expired", "void"]


HOURS = st.integers(-30, 150)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    before=st.lists(HOURS, max_size=6),
    after=st.lists(HOURS, max_size=6),
    kept_for=st.none() | st.integers(0, 4),
    anew=st.booleans(),
)
def test_no_act_twice(
    app: Flask, before: list[int], after: list[int], kept_for: int | None, anew: bool
) -> None:
    """Whenever the clock runs, forwards, backwards or twice at once, and whatever is done between."""
    [key] = put(app, "Emma")

    def run(hours: list[int]) -> None:
        for hour in hours:
            with app.app_context(), clock.set_to(NOON + hour * HOUR):
                if anew:
                    acts.acts_anew()
                assert acts.tick().failed == set()

    run(before)
    if kept_for is not None:
        day = NOON.date() + kept_for * DAY
        with app.app_context(), writing(), clock.set_to(NOON):
            hold = db.session.get(Hold, key)
            assert hold is not None
            with saving.changing(hold, SYSTEM, "step:keep"):
                hold.state, hold.keep_until = "kept", day
            db.session.commit()
    run(after)
    asked = before if kept_for is not None else before + after
    latest = NOON + max(asked, default=-30) * HOUR
    presses = max(0, (latest - NOON) // DAY)
    state, pressed, lines = of(app, key)
    assert pressed == presses == lines.count("act:presses")
    assert lines.count("act:marks") == (latest >= NOON + HOUR)
    ends = kept_for is not None and any(
        NOON + hour * HOUR >= clock.day_start(NOON.date() + (kept_for + 1) * DAY) for hour in after
    )
    assert (state == "expired", lines.count("act:expires")) == (ends, int(ends))
