"""Whom the office calls: by rule, one after the other; an unhappy customer's complaint follows, linked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from office import NOON, Estate
from sending import boxes, send
from sqlalchemy import select

from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history

AsUser = Callable[[str], FlaskClient]
DONE = {"outcome": "repaired", "cause": "老化", "work_done": "换软管", "customer_signed": "1"}


def finished(office: Estate, **typed: Any) -> Any:
    """An emergency that was seen to, and so is followed up."""
    order = office.order(urgency="emergency", **typed)
    office.step(order, "dispatch", "specialist", assignee=office["repairer"])
    office.step(order, "start", "specialist")
    return office.step(order, "finish", "specialist", **DONE)


def test_the_calls_of_the_day_one_after_the_other(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        first, second = finished(office), finished(office, reporter="李女士")
        client = as_user("specialist")
        page = client.get("/calls/").text
        main = page[page.index("<main") :]
        assert (first.number in main, second.number in main) == (True, True)
        assert "138****0042" not in main
        assert "13812340042" not in main
        shown = send(client, f"/admin/work_order/reveal/?id={first.id}&field=phone", {})
        assert "13812340042" in shown.text
        db.session.rollback()
        assert history.lines("work_order", first.id)[-1].act == "look:phone"
        sent = {"rating": "5", "back": "/calls/"}
        answer = send(client, f"/admin/work_order/step/follow_up/?id={first.id}", sent)
        assert answer.headers["Location"] == f"/calls/?after=work_order:{first.id}"
        page = client.get(answer.headers["Location"]).text
        main = page[page.index("<main") :]
        assert f"work_order:{first.id}:follow_up" not in main
        assert f"work_order:{second.id}:follow_up" in main
        assert "become/to_complaint" not in main


def test_an_unhappy_customer_becomes_a_complaint(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        order, client = finished(office), as_user("specialist")
        sent = {"rating": "1", "customer_words": "又漏了", "back": "/calls/"}
        answer = send(client, f"/admin/work_order/step/follow_up/?id={order.id}", sent)
        address = f"/admin/work_order/become/to_complaint/?id={order.id}"
        assert address in client.get(answer.headers["Location"]).text
        typed = boxes(client.get(address).text)
        assert typed["statement"] == f"{order.number} 厨房水管漏水\n又漏了"
        made = send(client, address, {**typed, "subject": "repair", "channel": "phone"})
        assert made.status_code == 302
        db.session.rollback()
        complaint: Any = db.session.execute(select(registry["complaint"])).scalars().one()
        assert (complaint.complainant, complaint.phone) == ("陈女士", "13812340042")
        page = client.get(f"/admin/complaint/details/?id={complaint.id}").text
        assert f"/admin/work_order/details/?id={order.id}" in page
        happy = finished(office)
        office.step(happy, "follow_up", "specialist", rating="5")
        refused = client.get(f"/admin/work_order/become/to_complaint/?id={happy.id}")
        assert (refused.status_code, "客户不满意的，才转投诉" in refused.text) == (403, True)


def test_who_handled_it_does_not_call(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        order = office.order(urgency="emergency")
        office.step(order, "dispatch", "specialist", assignee=office["specialist"])
        office.step(order, "start", "specialist")
        office.step(order, "finish", "specialist", **DONE)
        mark = f"work_order:{order.id}:follow_up"
        assert mark not in as_user("specialist").get("/calls/").text
        assert mark in as_user("colleague").get("/calls/").text
        assert mark not in as_user("specialist2").get("/calls/").text, "another's area"
        assert as_user("specialist2").get(f"/calls/?at={mark}").status_code == 404


def test_a_leak_is_asked_about_when_it_is_time(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        order = finished(office, leak="1")
        office.step(order, "follow_up", "specialist", rating="5")
    mark = f"work_order:{order.id}:look_again"
    with clock.set_to(NOON + timedelta(days=5)):
        assert mark not in as_user("specialist").get("/calls/").text
    with clock.set_to(NOON + timedelta(days=40)):
        assert mark in as_user("specialist").get("/calls/").text


def test_calls_are_nobodys_without_the_duty(office: Estate, as_user: AsUser) -> None:
    refused = as_user("frontdesk").get("/calls/")
    assert (refused.status_code, "不在您的职责内" in refused.text) == (403, True)
    assert as_user("supervisor").get("/calls/").status_code == 200
