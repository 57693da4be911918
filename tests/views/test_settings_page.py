"""The office's figures of field practice are settings: seen by whose forms they are, changed by the manager
alone, from a moment on; another office has its own.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import NOON, STAFF, Estate
from sending import asked_of, chinese, send, sentence

from app.act import setting_changes
from app.act.setting_changes import Change
from app.declare.record import Wrong, registry
from app.declare.setting import Setting, settings
from app.ground import clock
from app.ground.database import db
from app.keep import history

AsUser = Callable[[str], FlaskClient]
PRACTICE = {  # what field practice says, with its unit
    "work_order.dispatch_emergency": "5 minutes",
    "work_order.dispatch_urgent": "15 minutes",
    "work_order.dispatch_normal": "15 minutes",
    "work_order.arrive_emergency": "15 minutes",
    "work_order.arrive_urgent": "30 minutes",
    "work_order.arrive_normal": "120 minutes",
    "work_order.finish_small": "24 hours",
    "work_order.finish_larger": "72 hours",
    "work_order.follow_up": "24 hours",
    "work_order.follow_up_share": "30 percent",
    "work_order.leak_from": "1 months",
    "work_order.leak_until": "2 months",
    "complaint.first_answer": "30 minutes",
    "complaint.plan": "1 working_days",
    "complaint.close_general": "3 working_days",
    "complaint.close_serious": "5 working_days",
    "complaint.close_major": "10 working_days",
    "complaint.follow_up": "3 days",
    "complaint.unsolved": "1 months",
    "complaint.people": "10 count",
    "key.count_every": "1 months",
    "item.count_every": "1 months",
    "storage.keep": "3 days",
    "release_slip.notice": "3 days",
    "work_order.keep_years": "3 years",
    "complaint.keep_years": "3 years",
    "key_loan.keep_years": "2 years",
    "release_slip.keep_years": "1 years",
    "vacancy_change.keep_years": "3 years",
    "interview.keep_years": "3 years",
}


def place(name: str) -> str:
    """The page of a setting."""
    return f"/admin/settings/{name}/"


def arrive(office: Estate, name: str = "specialist") -> int:
    """In how many minutes after its dispatch somebody is to be at a normal order."""
    order = office.step(office.order(), "dispatch", name, assignee=office["repairer"])
    return round((order.arrive_by - order.state_at) / timedelta(minutes=1))


def test_what_field_practice_says_are_settings() -> None:
    assert {name: f"{settings[name].default} {settings[name].unit.name}" for name in PRACTICE} == PRACTICE
    kept = [cls.paper.keep_years for cls in registry.values()]
    assert all(years is None or isinstance(years, Setting) for years in kept)


def test_each_says_what_it_is_in_both_languages() -> None:
    for name, each in settings.items():
        if each.form in registry:
            assert chinese(each.label.chinese), name
            assert not chinese(each.label.english), name


@pytest.mark.parametrize("name", STAFF)
def test_who_sees_them_and_who_changes_them(as_user: AsUser, name: str) -> None:
    """M2 is the manager's; whoever works with a form sees its limits."""
    client = as_user(name)
    page = client.get("/admin/settings/")
    assert page.status_code == 200
    assert "到场时限（一般）" in page.text
    one = client.get(place("work_order.arrive_normal"))
    assert ("<h2>修改</h2>" in one.text) == (name == "manager")
    answer = send(client, place("work_order.arrive_normal"), {"value": "60"})
    assert answer.status_code == (302 if name == "manager" else 403)
    if name != "manager":
        assert "马经理" in answer.text
        assert send(client, place("work_order.arrive_normal") + "withdraw/", {"row": "1"}).status_code == 403


def test_a_changed_limit_holds_for_what_begins_after_it(office: Estate, as_user: AsUser) -> None:
    manager = as_user("manager")
    before = office.order()
    due = before.due_at
    assert arrive(office) == 120
    assert send(manager, place("work_order.arrive_normal"), {"value": "60"}).status_code == 302
    assert send(manager, place("work_order.dispatch_emergency"), {"value": "3"}).status_code == 302
    assert arrive(office) == 60
    assert office.order(urgency="emergency").due_at - clock.now() < timedelta(minutes=3)
    office.edit(before, "specialist", description="水管还在漏")
    assert before.due_at == due, "it began before"


def test_what_it_would_break_is_said(as_user: AsUser) -> None:
    manager = as_user("manager")
    for name, typed, said in (
        ("work_order.arrive_normal", "-1", "5"),
        ("work_order.arrive_normal", "20", "“到场时限（紧急）”为 30 分钟，超过“到场时限（一般）”的 20 分钟"),
        ("work_order.arrive_emergency", "45", "超过“到场时限（紧急）”的 30 分钟"),
        ("complaint.close_serious", "2", "“关闭时限（一般）”为 3 个工作日"),
        ("work_order.follow_up_share", "101", "100"),
        ("complaint.people", "十", "整数"),
    ):
        answer = send(manager, place(name), {"value": typed})
        assert answer.status_code == 422, name
        assert said in sentence(answer.text), sentence(answer.text)
    ahead = {"from_at": f"{clock.local(clock.now() + timedelta(days=9)):%Y-%m-%dT%H:%M}"}
    assert send(manager, place("work_order.arrive_normal"), {"value": "90"}, **ahead).status_code == 302
    twice = send(manager, place("work_order.arrive_normal"), {"value": "80"}, **ahead)
    assert (twice.status_code, "已设为 90 分钟" in twice.text) == (422, True)


def test_another_office_has_its_own(office: Estate, as_user: AsUser) -> None:
    """A manager of one of two offices sets nothing for both."""
    page = as_user("manager").get(place("work_order.arrive_normal")).text
    assert "所有管理处" not in page
    assert "枫林" not in page
    normal = settings["work_order.arrive_normal"]
    here, there = office["澄园"], office["枫林"]
    answer = send(as_user("manager"), place(normal.name), {"value": "50"})
    assert answer.status_code == 302
    db.session.rollback()
    with office.app.app_context():
        assert (normal.now(here), normal.now(there), normal.now()) == (50, 120, 120)
    send(as_user("manager"), place(normal.name), {"value": "40", "office": str(there)})
    with office.app.app_context():
        assert normal.now(there) == 120
    assert "50 分钟" not in as_user("other_manager").get("/admin/settings/").text


def test_a_share_is_asked_after_as_it_was_when_the_order_was_made(office: Estate) -> None:
    share = settings["work_order.follow_up_share"]
    with clock.set_to(NOON), office.writing():
        setting_changes.change(share, Change(Decimal(90), office=office["澄园"]), office.person("manager"))
    from models.service.repair_rules import wants_follow_up

    orders = [office.order() for _count in range(10)]
    assert all(wants_follow_up(order) for order in orders)


def test_each_act_of_setting_is_on_record(office: Estate, app: Flask, as_user: AsUser) -> None:
    assert send(as_user("manager"), place("complaint.people"), {"value": "8"}).status_code == 302
    db.session.rollback()
    row: Any = db.session.execute(db.select(registry["setting_value"])).scalars().one()
    (line,) = history.lines("setting_value", row.id)
    assert (line.act, line.user_name, line.clause) == ("set", "马经理", "M2")
    assert app.test_cli_runner().invoke(args=["history", "verify"]).exit_code == 0


def test_a_request_reads_them_with_the_person(app: Flask, as_user: AsUser, office: Estate) -> None:
    office.order()
    client = as_user("manager")
    client.get("/admin/work_order/")
    with asked_of(app) as asked:
        client.get("/admin/work_order/")
    (once,) = (text for text in asked if "setting_value" in text)
    assert "sign_in" in once


def test_two_at_once_break_no_rule(office: Estate) -> None:
    """One raises the urgent limit while another lowers the normal one: whoever comes second is told."""
    pairs = [("work_order.arrive_urgent", 100), ("work_order.arrive_normal", 50)]
    ready, outcomes = threading.Barrier(2), []

    def set_one(name: str, value: int) -> None:
        with office.app.app_context():
            manager = office.person("manager")
            db.session.rollback()
            ready.wait()
            try:
                with office.writing():
                    setting_changes.change(settings[name], Change(value, office=manager.office_id), manager)
                outcomes.append("set")
            except Wrong:
                outcomes.append("refused")
            db.session.remove()

    threads = [threading.Thread(target=set_one, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "set"]
