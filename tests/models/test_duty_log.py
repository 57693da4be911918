"""A shift's log over HTTP: opened by whoever is on duty, handed over, taken over by somebody else, read by
the supervisor.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import NOON, Estate, lines
from sending import send, sentence
from sqlalchemy.exc import IntegrityError

from app.act import acts, saving, setting_changes
from app.act.setting_changes import Change
from app.ground import clock
from app.ground.database import db
from app.keep import history, history_verify
from app.lists import handing_on
from app.people.refusal import Refusal
from models.office import shift_hours
from models.office.duty_counts import ALWAYS
from models.office.duty_log import DutyLog
from models.office.shift import Shift

AsUser = Callable[[str], FlaskClient]
LATE = NOON + timedelta(hours=3, minutes=30)  # half past three, the early shift's end is near


def counts(short: str = "0", reason: str = "找零差错") -> dict[str, Any]:
    """Everything counted, with five hundred yuan in the drawer; so many yuan too little."""
    cash = {"item": "cash", "moved": "500", "counted": str(500 - int(short))}
    others = [{"item": item, "counted": "0"} for item in ALWAYS if item != "cash"]
    return lines("counts", cash | ({"reason": reason} if short != "0" else {}), *others)


@pytest.fixture(autouse=True)
def late() -> Iterator[None]:
    """Half past three."""
    with clock.set_to(LATE):
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

    def handed_over(self, short: str = "0", **typed: Any) -> DutyLog:
        """A log that waits for its taker."""
        log = self.opened(**counts(short), **typed)
        assert self.step("frontdesk", "hand_over", log) == 302, sentence(self.said)
        return log


@pytest.fixture
def desk(office: Estate, as_user: AsUser) -> Desk:
    """The front desk at noon."""
    return Desk(office, as_user)


def test_from_one_shift_to_the_next(desk: Desk, office: Estate) -> None:
    log = desk.opened(
        **counts(), **lines("matters", {"what": "3栋漏水", "urgent": "1", "advice": "明早回电"})
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
    assert (log.state, log.taken_over_by_id, log.arrived_at) == ("closed", office["frontdesk2"], LATE)
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
def test_a_night_goes_over_midnight(desk: Desk, office: Estate, hours: tuple[int, int], ends: int) -> None:
    """A night from nought to eight belongs to the day it begins on, and one from 22 to 6 too."""
    with clock.set_to(NOON - timedelta(days=2)), office.writing():
        for hour, value in zip(shift_hours.HOURS["night"], hours, strict=True):
            if hour.default != value:
                setting_changes.change(hour, Change(value, office=office["澄园"]), office.person("manager"))
    with clock.set_to(NOON.replace(hour=14, minute=30) if hours[0] == 22 else NOON - timedelta(hours=8)):
        log = desk.opened(shift="night")
        assert (log.duty_day.day, clock.local(log.ends_at).day) == (24, ends)
        assert (clock.local(log.begins_at).hour, clock.local(log.ends_at).hour) == hours


def test_one_log_a_shift_and_post(desk: Desk) -> None:
    first = desk.opened()
    answer = desk.open("frontdesk2")
    assert answer.status_code == 422
    assert first.number in sentence(answer.text)
    assert desk.open("frontdesk2", post="monitor").status_code == 302


def test_a_shift_of_tomorrow_is_not_opened_today(desk: Desk) -> None:
    with clock.set_to(NOON):
        for typed in ({"duty_day": "2026-11-25"}, {"shift": "middle"}):
            answer = desk.open(**typed)
            assert answer.status_code == 422
            assert "还没到这一班" in sentence(answer.text)
    assert desk.open(shift="middle").status_code == 302, "half an hour before it begins"


def test_nothing_that_is_always_counted_can_be_forgotten(desk: Desk) -> None:
    log = desk.opened()
    assert {line.item for line in log.counts} >= {"cash", "keys", "gas_cards", "parcels", "loans", "remotes"}
    assert desk.step("frontdesk", "hand_over", log) in (403, 422)
    assert log.state == "running"


def test_a_count_that_differs_says_why(desk: Desk) -> None:
    log = desk.opened(**counts("20", reason=""))
    assert desk.step("frontdesk", "hand_over", log) == 422
    assert "差异原因" in sentence(desk.said)
    assert (log.state, str(log.counts[0].difference)) == ("running", "-20.000")


def test_a_cash_difference_is_signed_by_the_supervisor(desk: Desk, office: Estate) -> None:
    log = desk.handed_over("20")
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
    forged = desk.open("frontdesk2", post="monitor", on_duty=str(desk.office["other_frontdesk"]))
    assert forged.status_code == 422, "or on duty"


def test_the_monitoring_room_holds_the_night(desk: Desk, office: Estate) -> None:
    """Somebody without a duty of the centre takes over what was handed to them."""
    log = desk.opened(**counts())
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


def test_a_shift_that_nobody_takes_over_is_told_to_the_supervisor(desk: Desk, office: Estate) -> None:
    """By the office itself, a quarter of an hour after it began; until somebody takes over."""
    plan = {"duty_day": "2026-11-24", "shift": "middle", "post": "desk", "keeper": "吴前台"}
    assert send(desk.at("supervisor"), "/admin/shift/new/", plan).status_code == 302
    log = desk.handed_over()
    with clock.set_to(NOON.replace(hour=8, minute=14)):
        assert acts.tick().done.total() == 0
    with clock.set_to(NOON.replace(hour=8, minute=16)):
        desk.clients.clear()
        assert acts.tick().done == {("shift", "goes_unmanned"): 1}
        assert acts.tick().done.total() == 0, "once"
        shift = db.session.execute(db.select(Shift)).scalar_one()
        assert shift.state == "unmanned"
        home = desk.at("supervisor").get("/").text
        assert "2026-11-24 中班 客服前台" in home
        assert desk.step("frontdesk2", "take_over", log, agrees="yes") == 302
        db.session.refresh(shift)
        assert (shift.state, desk.log().roster_id) == ("manned", shift.id)


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


# What a log gathers, carries over and lets nobody forget


def told(lines_: Any) -> list[tuple[str | None, str]]:
    """The lines of a log: the record's number, and what is said."""
    return [(line.record_number, line.what) for line in lines_]


def test_a_shift_gathers_what_happened_in_it(desk: Desk, office: Estate) -> None:
    with clock.set_to(NOON - timedelta(hours=6)):
        office.complaint()  # in the night
    with clock.set_to(NOON):
        order = office.order("frontdesk")
    log = desk.opened()
    assert desk.step("frontdesk2", "gather", log) == 302, "whoever is at the desk"
    assert told(log.events) == [(order.number, "派工单 登记 · 厨房水管漏水 · 1-1-101")]
    assert log.events[0].by_whom == "周前台"
    assert (log.gathered_until, log.events[0].happened_at) == (LATE, NOON)
    assert desk.step("frontdesk", "gather", log) == 302
    assert len(log.events) == 1, "nothing twice"


def test_no_event_falls_between_two_shifts(desk: Desk, office: Estate) -> None:
    """A log that nobody gathered has its events when it is handed over; the next goes on from there."""
    order = office.order("frontdesk")
    log = desk.opened(**counts())
    assert desk.step("frontdesk", "hand_over", log) == 302
    assert [line.record_number for line in log.events] == [order.number]
    with clock.set_to(LATE + timedelta(minutes=5)):
        complaint = office.complaint()
    with clock.set_to(LATE + timedelta(minutes=9)):
        assert desk.step("frontdesk2", "take_over", log, agrees="yes") == 302
        after = desk.log()
        assert desk.step("frontdesk2", "gather", after) == 302
        assert [line.record_number for line in after.events] == [complaint.number]


def test_what_was_written_stays_when_it_is_gathered_again(desk: Desk, office: Estate) -> None:
    order = office.order("frontdesk")
    log = desk.opened()
    line = log.matters[0]
    assert (line.record_number, line.of_form) == (order.number, "work_order")
    rows = [
        {
            "id": str(line.id),
            "what": "厨房漏水，业主很急",
            "record_number": order.number,
            "advice": "明早八点上门",
        }
    ]
    own = {"what": "3栋门禁坏", "advice": "等厂家"}
    boxes = {
        "version": str(log.version),
        "events-count": "0",
        "keeper": "周前台",
        "keeper-id": str(log.keeper_id),
    }
    saved = send(
        desk.at("frontdesk"),
        f"/admin/duty_log/edit/?id={log.id}",
        {**boxes, **counts(), **lines("matters", *rows, own)},
    )
    assert saved.status_code == 302, sentence(saved.text)
    db.session.rollback()
    office.complaint()
    assert desk.step("frontdesk", "gather", log) == 302
    assert [(line.what, line.advice) for line in log.matters if line.record_number != "TS-202611-0001"] == [
        ("厨房漏水，业主很急", "明早八点上门"),
        ("3栋门禁坏", "等厂家"),
    ]
    assert "TS-202611-0001" in [line.record_number for line in log.matters]


def test_nothing_open_is_left_unmentioned(desk: Desk, office: Estate) -> None:
    log = desk.opened(**counts())
    order, complaint = office.order("frontdesk"), office.complaint()
    assert desk.step("frontdesk", "hand_over", log) == 422
    assert order.number in sentence(desk.said)
    assert complaint.number in sentence(desk.said)
    assert f'href="/search?q={order.number}"' in desk.said, "it leads there"
    assert (
        desk.at("frontdesk")
        .get(f"/search?q={order.number}")
        .headers["location"]
        .endswith(f"/admin/work_order/details/?id={order.id}")
    )
    assert desk.step("frontdesk", "gather", log) == 302
    assert {line.record_number for line in log.matters} == {order.number, complaint.number}
    assert desk.step("frontdesk", "hand_over", log) == 302


def test_what_is_settled_drops_out_and_what_is_open_goes_on(desk: Desk, office: Estate) -> None:
    order, other = office.order("frontdesk"), office.order("frontdesk", description="门铃不响")
    log = desk.opened(
        **counts(),
        **lines("matters", {"what": "地库积水", "advice": "两小时看一次"}, {"what": "送报", "settled": "1"}),
    )
    office.step(other, "void", "manager", void_reason="误报")
    assert desk.step("frontdesk", "gather", log) == 302
    assert desk.step("frontdesk", "hand_over", log) == 302
    assert desk.step("frontdesk2", "take_over", log, agrees="yes") == 302
    after = desk.log()
    assert (after.number, log.next_number, after.previous_number) == (
        "ZB-202611-0002",
        after.number,
        log.number,
    )
    assert (after.slot, after.keeper_id, after.state) == (
        "2026-11-24 中班 客服前台",
        office["frontdesk2"],
        "running",
    )
    assert [line.record_number or line.what for line in after.matters] == [order.number, "地库积水"]
    assert after.matters[1].advice == "两小时看一次"
    cash = next(line for line in after.counts if line.item == "cash")
    assert (cash.opening, cash.book) == (500, 500), "the next begins with what was counted"


def test_what_the_last_shift_left_cannot_be_struck_out(desk: Desk, office: Estate) -> None:
    log = desk.handed_over(**lines("matters", {"what": "地库积水", "advice": "看"}))
    assert desk.step("frontdesk2", "take_over", log, agrees="yes") == 302
    after = desk.log()
    boxes = {
        "version": str(after.version),
        "keeper": "吴前台",
        "keeper-id": str(after.keeper_id),
        "matters-count": "0",
    }
    with clock.set_to(LATE + timedelta(hours=8)):
        desk.clients.clear()
        page = f"/admin/duty_log/edit/?id={after.id}"
        rows = [
            {"id": str(line.id), "item": line.item, "counted": "500" if line.item == "cash" else "0"}
            for line in after.counts
        ]
        assert send(desk.at("frontdesk2"), page, {**boxes, **lines("counts", *rows)}).status_code == 302
        db.session.rollback()
        assert after.matters == []
        assert desk.step("frontdesk2", "hand_over", after) == 422
        assert "上一班：地库积水" in sentence(desk.said)


def test_keys_and_deposits_are_counted_by_their_records(desk: Desk, office: Estate) -> None:
    office.key("A-01")
    office.loan(office.key("A-02"), pledge="deposit", deposit="100")
    log = desk.opened(
        **lines("counts", {"item": "keys", "counted": "2"}, {"item": "deposits", "counted": "100"})
    )
    by_item = {line.item: line for line in log.counts}
    assert (by_item["keys"].book, by_item["keys"].difference) == (1, 1)
    assert (by_item["deposits"].book, by_item["deposits"].difference) == (100, 0)


def test_three_thousand_open_orders_are_no_three_thousand_lines(
    desk: Desk, office: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says how many; the overdue and the urgent have their own."""
    monkeypatch.setattr(handing_on, "EACH", 3)
    with clock.set_to(NOON - timedelta(days=2)):
        late = office.order("frontdesk")
    for _order in range(4):
        office.order("frontdesk")
    urgent = office.order("frontdesk", urgency="emergency", description="水管爆裂")
    log = desk.opened(**counts())
    assert told(log.matters)[0] == (None, "派工单 未结 6 件，其中逾期 1 件")
    assert [line.record_number for line in log.matters[1:]] == [late.number, urgent.number]
    office.order("frontdesk")
    assert desk.step("frontdesk", "hand_over", log) == 302, "it is one of those that are mentioned together"


def test_it_is_handed_over_at_its_end_only(desk: Desk) -> None:
    with clock.set_to(NOON):
        log = desk.opened(**counts())
        assert desk.step("frontdesk", "hand_over", log) == 422
        assert "还没到交班时间" in sentence(desk.said)


def test_no_shift_begins_while_the_one_before_is_in_nobodys_hands(desk: Desk) -> None:
    log = desk.handed_over()
    answer = desk.open("frontdesk2", shift="middle")
    assert answer.status_code == 422
    assert log.number in sentence(answer.text)


@pytest.mark.load
def test_eight_hands_take_one_log_over(desk: Desk, office: Estate) -> None:
    """One has it, and one log follows."""
    log = desk.handed_over()
    takers = ("frontdesk2", "specialist", "colleague", "specialist2") * 2
    start = Barrier(len(takers))

    def take(name: str) -> str:
        with office.app.app_context(), clock.set_to(LATE):
            start.wait()
            record = db.session.get(DutyLog, log.id)
            try:
                Estate(office.app, office.ids).step(record, "take_over", name, agrees="yes")
            except (Refusal, saving.Conflict, saving.Wrong, IntegrityError):
                return ""
            finally:
                db.session.remove()
            return name

    with ThreadPoolExecutor(len(takers)) as hands:
        took = [name for name in hands.map(take, takers) if name]
    assert len(took) == 1, took
    db.session.rollback()
    logs = db.session.execute(db.select(DutyLog).order_by(DutyLog.id)).scalars().all()
    assert [(row.state, row.keeper_id) for row in logs] == [
        ("closed", office["frontdesk"]),
        ("running", office[took[0]]),
    ]
