"""A shift's log over HTTP: opened by whoever is on duty, handed over, taken over by somebody else, read by
the supervisor.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import NOON, Estate, lines
from sending import send, sentence

from app.ground import clock
from app.ground.database import db
from app.keep import history, history_verify
from models.office import shift_hours
from models.office.duty_log import DutyLog
from models.office.shift import Shift

AsUser = Callable[[str], FlaskClient]
ALL = [
    {"item": "cash", "book": "500", "counted": "500"},
    {"item": "keys", "book": "12", "counted": "12"},
]
SHORT = [{"item": "cash", "book": "500", "counted": "480", "reason": "找零差错"}]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Twelve o'clock, in the early shift."""
    with clock.set_to(NOON):
        yield


class Desk:
    """What the people of a desk do in their browsers."""

    def __init__(self, office: Estate, as_user: AsUser) -> None:
        self.office, self.as_user = office, as_user
        self.clients: dict[str, FlaskClient] = {}

    def at(self, name: str) -> FlaskClient:
        """Somebody's browser."""
        if name not in self.clients:
            self.clients[name] = self.as_user(name)
        return self.clients[name]

    def open(self, name: str = "frontdesk", **typed: Any) -> Any:
        """Open the log of a shift; the answer."""
        given = {"duty_day": "2026-11-24", "shift": "early", "post": "desk", "weather": "sunny"}
        return send(self.at(name), "/admin/duty_log/new/", {**given, **typed})

    def opened(self, name: str = "frontdesk", **typed: Any) -> DutyLog:
        """Open it, and the log."""
        answer = self.open(name, **typed)
        assert answer.status_code == 302, sentence(answer.text)
        return self.log()

    @staticmethod
    def log() -> DutyLog:
        """The newest log as it stands now."""
        db.session.rollback()
        return db.session.execute(db.select(DutyLog).order_by(DutyLog.id.desc())).scalars().first()  # type: ignore[return-value]

    def step(self, name: str, step: str, log: DutyLog, **typed: Any) -> int:
        """Take a step; how it was answered."""
        address = f"/admin/duty_log/step/{step}/?id={log.id}"
        answer = send(self.at(name), address, {"version": str(log.version), **typed})
        db.session.rollback()
        db.session.refresh(log)
        self.said = answer.text
        return int(answer.status_code)

    def handed_over(self, counts: list[dict[str, Any]] | None = None, **typed: Any) -> DutyLog:
        """A log that waits for its taker."""
        log = self.opened(**lines("counts", *(counts or ALL)), **typed)
        assert self.step("frontdesk", "hand_over", log) == 302, sentence(self.said)
        return log


@pytest.fixture
def desk(office: Estate, as_user: AsUser) -> Desk:
    """The front desk at noon."""
    return Desk(office, as_user)


def test_from_one_shift_to_the_next(desk: Desk, office: Estate) -> None:
    log = desk.opened(
        **lines("counts", *ALL), **lines("matters", {"what": "3栋漏水", "urgent": "1", "advice": "明早回电"})
    )
    assert (log.number, log.state) == ("ZB-202611-0001", "running")
    assert log.slot == "2026-11-24 早班 客服前台"
    assert (log.keeper_id, log.on_duty) == (office["frontdesk"], [office["frontdesk"]])
    assert desk.step("frontdesk", "hand_over", log, handed_to="吴前台") == 302
    assert (log.state, log.handed_over_by_id, log.handed_to_id) == (
        "handed_over",
        office["frontdesk"],
        office["frontdesk2"],
    )
    assert desk.step("frontdesk", "take_over", log, agrees="yes") == 403, "the giver took it over"
    assert desk.step("frontdesk2", "take_over", log, agrees="yes") == 302
    assert (log.state, log.taken_over_by_id, log.arrived_at) == ("closed", office["frontdesk2"], NOON)
    assert desk.step("frontdesk2", "review", log) == 403
    assert desk.step("supervisor", "review", log, opinion="已阅") == 302
    assert (log.state, log.reviewed_by_id) == ("reviewed", office["supervisor"])
    assert list(history_verify.verify([DutyLog])) == []


def test_its_hours_are_the_shifts(desk: Desk) -> None:
    log = desk.opened()
    assert clock.local(log.begins_at).hour == 8
    assert log.ends_at - log.begins_at == timedelta(hours=8)  # type: ignore[operator]
    assert (log.due_name, log.due_at) == ("hand_over_due", log.ends_at)


@pytest.mark.parametrize(("hours", "ends"), [((0, 8), 24), ((22, 6), 25)])
def test_a_night_goes_over_midnight(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, hours: tuple[int, int], ends: int
) -> None:
    """A night from nought to eight belongs to the day it begins on, and one from 22 to 6 too."""
    monkeypatch.setattr(shift_hours, "HOURS", {**shift_hours.HOURS, "night": hours})
    night = NOON.replace(hour=18) if hours[0] == 22 else NOON - timedelta(hours=8)
    with clock.set_to(night):
        assert shift_hours.coming(clock.now())[1] == "night"
        log = desk.opened(shift="night", duty_day=str(shift_hours.coming_day()))
        assert (log.duty_day.day, clock.local(log.ends_at).day) == (24, ends)


def test_one_log_a_shift_and_post(desk: Desk) -> None:
    first = desk.opened()
    answer = desk.open("frontdesk2")
    assert answer.status_code == 422
    assert first.number in sentence(answer.text)
    assert desk.open("frontdesk2", post="monitor").status_code == 302


def test_a_shift_of_tomorrow_is_not_opened_today(desk: Desk) -> None:
    for typed in ({"duty_day": "2026-11-25"}, {"shift": "middle"}):
        answer = desk.open(**typed)
        assert answer.status_code == 422
        assert "还没到这一班" in sentence(answer.text)
    with clock.set_to(NOON.replace(hour=7, minute=30)):
        assert desk.open(shift="middle").status_code == 302, "half an hour before it begins"


def test_nothing_that_is_always_counted_can_be_forgotten(desk: Desk) -> None:
    log = desk.opened()
    assert {line.item for line in log.counts} >= {"cash", "keys", "gas_cards", "parcels", "loans", "remotes"}
    assert desk.step("frontdesk", "hand_over", log) in (403, 422)
    assert log.state == "running"


def test_a_count_that_differs_says_why(desk: Desk) -> None:
    log = desk.opened(**lines("counts", {"item": "keys", "book": "12", "counted": "11"}))
    assert desk.step("frontdesk", "hand_over", log) in (403, 422)
    assert (log.state, str(log.counts[0].difference)) == ("running", "-1.000")


def test_a_cash_difference_is_signed_by_the_supervisor(desk: Desk, office: Estate) -> None:
    log = desk.handed_over(SHORT)
    assert desk.step("frontdesk2", "take_over", log, agrees="yes") == 302
    assert log.state == "differs"
    assert desk.step("frontdesk2", "sign", log, sign_opinion="没事") == 403
    assert desk.step("supervisor", "sign", log) == 422
    assert desk.step("supervisor", "sign", log, sign_opinion="已补齐") == 302
    assert (log.state, log.signed_by_id) == ("closed", office["supervisor"])


def test_a_taker_notes_a_difference(desk: Desk) -> None:
    log = desk.handed_over()
    assert desk.step("frontdesk2", "take_over", log, agrees="no") == 422
    assert desk.step("frontdesk2", "take_over", log, agrees="no", difference="燃气卡少一张") == 302
    assert log.state == "differs"


def test_refused_with_a_reason_it_goes_back(desk: Desk, office: Estate) -> None:
    log = desk.handed_over()
    assert desk.step("frontdesk2", "refuse", log) == 422
    assert desk.step("frontdesk2", "refuse", log, refusal="cash", refusal_note="少 20 元") == 302
    assert (log.state, log.times_refused, log.refused_by_id) == ("running", 1, office["frontdesk2"])
    assert desk.step("frontdesk", "hand_over", log) == 302
    assert desk.step("specialist", "take_over", log, agrees="yes") == 302


def test_nobody_came(desk: Desk) -> None:
    log = desk.handed_over()
    with clock.set_to(NOON.replace(hour=8, minute=20)):
        desk.clients.clear()  # four hours later one signs in anew
        assert desk.step("frontdesk2", "nobody_came", log, no_show_note="x") == 403, "not whoever is on duty"
        assert desk.step("frontdesk", "nobody_came", log, no_show_note="吴前台未到，已报主管") == 302
        assert (log.state, log.no_show_at) == ("running", clock.now())
        assert log.due_at == clock.now() + timedelta(hours=1)


def test_two_take_it_over_at_once(desk: Desk) -> None:
    """The second is told that it was taken over."""
    log = desk.handed_over()
    version = log.version
    assert desk.step("frontdesk2", "take_over", log, agrees="yes") == 302
    log.version = version
    assert desk.step("specialist", "take_over", log, agrees="yes") in (403, 409)
    assert log.taken_over_by_id == desk.office["frontdesk2"]


def test_another_office_knows_nothing_of_it(desk: Desk) -> None:
    log = desk.handed_over()
    assert desk.at("other_frontdesk").get(f"/admin/duty_log/details/?id={log.id}").status_code == 404
    assert desk.step("other_frontdesk", "take_over", log, agrees="yes") in (403, 404)
    answer = desk.open(
        "frontdesk2", post="monitor", keeper="卫前台", **{"keeper-id": str(desk.office["other_frontdesk"])}
    )
    assert answer.status_code == 422, "somebody of another office is in charge"


def test_the_monitoring_room_holds_the_night(desk: Desk, office: Estate) -> None:
    """Somebody without a duty of the centre takes over what was handed to them."""
    log = desk.opened(**lines("counts", *ALL))
    assert desk.step("frontdesk", "hand_over", log, handed_to="郑师傅") == 302
    assert desk.step("repairer", "take_over", log, agrees="yes") == 302
    assert log.taken_over_by_id == office["repairer"]


def test_the_roster_knows_who_came(desk: Desk, office: Estate) -> None:
    plan = {"duty_day": "2026-11-24", "shift": "early", "post": "desk", "keeper": "周前台"}
    assert send(desk.at("frontdesk"), "/admin/shift/new/", plan).status_code == 403
    assert send(desk.at("supervisor"), "/admin/shift/new/", plan).status_code == 302
    assert send(desk.at("supervisor"), "/admin/shift/new/", plan).status_code == 422, "planned twice"
    shift = db.session.execute(db.select(Shift)).scalar_one()
    assert (shift.state, shift.due_name, shift.people) == ("planned", "held", [office["frontdesk"]])
    log = desk.handed_over()
    assert log.roster_id == shift.id
    db.session.refresh(shift)
    assert shift.state == "manned"
    assert desk.step("frontdesk2", "take_over", log, agrees="yes") == 302
    db.session.refresh(shift)
    assert shift.state == "over"
    assert [line.act for line in history.lines("shift", shift.id)][1:] == ["duty_log:open", "duty_log:over"]


@pytest.mark.parametrize("name", ["duty_log", "shift"])
def test_its_screens_open(desk: Desk, name: str) -> None:
    desk.handed_over()
    client = desk.at("supervisor")
    for page in ("", "new/", "print/?blank=1", "export/xlsx/"):
        if not (name == "duty_log" and page == ""):
            assert client.get(f"/admin/{name}/{page}").status_code in (200, 302), page
    if name == "duty_log":
        key = desk.log().id
        for page in ("details", "print"):
            assert "早班" in client.get(f"/admin/duty_log/{page}/?id={key}").text
