"""Interviews: planned, held, reviewed, and closed only when nothing of them is left; over HTTP, by whose
duty it is.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import NOON, Estate, lines
from sending import boxes, enter, key_of, only, row_of, send, step, told

from app.ground import clock
from app.ground.database import db
from app.keep import history

AsUser = Callable[[str], FlaskClient]
PLAN = {
    "unit": "1-1-101",
    "audience": "household",
    "occasion": "planned",
    "way": "home",
    "appointed_at": "2026-11-25T10:00",
    "interviewee": "陈女士",
}
HELD = {
    "interviewee": "陈女士",
    "security": "5",
    "cleaning": "3",
    "suggestions": "夜间巡逻再密一些",
    "sign_offered": "1",
    "signed": "1",
}


def planned(client: FlaskClient, **typed: str) -> Any:
    """An interview that was planned."""
    return row_of("interview", key_of(enter(client, "interview", **{**PLAN, **typed})))


def held(office: Estate, client: FlaskClient, *matters: dict[str, str], **typed: Any) -> Any:
    """An interview that was held, with its matters."""
    record = planned(client)
    sent = {**HELD, "interviewers": str(office["specialist"]), **lines("matters", *matters), **typed}
    answer = step(client, record, "hold", **sent)
    assert answer.status_code == 302, told(answer.text)
    return record


def test_planned_held_reviewed_and_closed(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = planned(client)
        assert (record.number, record.state, record.due_name) == ("FT-202611-0001", "planned", "hold_due")
        sent = {**HELD, "interviewers": str(office["specialist"])}
        answer = step(client, record, "hold", **sent, **lines("matters", {"what": "单元门关不上"}))
        assert answer.status_code == 302
        assert (record.state, record.met_at, record.security, record.desk) == ("held", NOON, "5", None)
        assert step(client, record, "look_over", review="跟进").status_code == 403
        assert step(as_user("supervisor"), record, "look_over", review="跟进").status_code == 302
        assert (record.state, record.reviewed_by.full_name) == ("reviewed", "苏主管")
        refused = step(client, record, "close")
        assert (refused.status_code, "还有事项没有着落" in refused.text) == (403, True)
        matter = {
            "id": str(record.matters[0].id),
            "what": "单元门关不上",
            "settled": "task",
            "result": "工程部周五换",
        }
        assert step(client, record, "settle", **lines("matters", matter)).status_code == 302
        assert step(client, record, "close").status_code == 302
        assert record.state == "closed"


def test_a_matter_that_is_settled_says_how(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = held(office, client, {"what": "单元门关不上"})
        matter = {"id": str(record.matters[0].id), "what": "单元门关不上", "settled": "answered"}
        assert step(client, record, "settle", **lines("matters", matter)).status_code == 422
        assert record.matters[0].settled is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"security": "6"}, "请从列表中选择"),
        ({"met_at": "2026-11-25T12:00"}, "不能晚于现在"),
        ({"interviewers": ""}, "必填"),
        ({"interviewers": "99999"}, "没有"),
        ({"security": "", "cleaning": "", "suggestions": ""}, "请至少记下一项"),
    ],
)
def test_what_can_not_have_been_is_said_at_its_box(
    office: Estate, as_user: AsUser, typed: dict[str, str], sentence: str
) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = planned(client)
        sent = {**HELD, "interviewers": str(office["specialist"]), **typed}
        answer = step(client, record, "hold", **sent)
        assert answer.status_code == 422
        assert sentence in answer.text, told(answer.text)
        assert record.state == "planned"


def test_a_household_has_a_unit_and_the_plan_lies_ahead(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("supervisor")
        for typed, sentence in (
            ({"unit": ""}, "请填房号"),
            ({"appointed_at": "2026-11-20T10:00"}, "约定时间已过"),
        ):
            answer = send(client, "/admin/interview/new/", {**PLAN, **typed})
            assert (answer.status_code, sentence in answer.text) == (422, True)
        record = planned(client, unit="", audience="committee", place="业委会办公室")
        assert (record.unit_id, record.area_id) == (None, None)
        assert planned(client, occasion="free", appointed_at="2026-11-23T10:00").state == "planned"


def test_what_somebody_told_of_themselves_is_covered(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = held(office, client, personal_notes="家有九十岁老人")
        page = client.get(f"/admin/interview/details/?id={record.id}").text
        assert "个性化信息" in page
        assert "九十岁" not in page
        shown = send(client, f"/admin/interview/reveal/?id={record.id}&field=personal_notes", {})
        assert "家有九十岁老人" in shown.text
        assert record.number not in client.get("/admin/interview/?search=九十岁").text
        assert record.number in client.get("/admin/interview/?search=陈女士").text
        assert "look:personal_notes" in [line.act for line in _history(record)]


def _history(record: Any) -> Any:
    db.session.rollback()
    return history.lines(record.name, record.id)


def test_on_paper_the_scale_stands_beside_each_score(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = held(office, client, *({"what": f"事项{at}"} for at in range(20)))
        page = client.get(f"/admin/interview/print/?id={record.id}").text
        assert '<span class="box on">5 很满意</span>' in page
        assert page.count("1 很不满意") == 5
        assert all(f"事项{at}" in page for at in range(20))
        blank = client.get("/admin/interview/print/?blank=1").text
        assert ("客户访谈记录" in blank, "5 很满意" in blank, "FT-" in blank) == (True, True, False)


def test_interviews_are_the_supervisors_and_the_specialists(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        record = planned(as_user("specialist"))
        assert send(as_user("frontdesk"), "/admin/interview/new/", PLAN).status_code == 403
        assert as_user("frontdesk").get(f"/admin/interview/details/?id={record.id}").status_code == 403
        assert as_user("specialist2").get(f"/admin/interview/details/?id={record.id}").status_code == 404
        assert as_user("manager").get(f"/admin/interview/details/?id={record.id}").status_code == 200


def reviewed(office: Estate, as_user: AsUser, *matters: str) -> Any:
    """An interview that was held and reviewed, with its matters."""
    record = held(office, as_user("specialist"), *({"what": what} for what in matters))
    assert step(as_user("supervisor"), record, "look_over", review="跟进").status_code == 302
    return record


def test_each_matter_becomes_a_record_of_its_own(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = reviewed(office, as_user, "单元门关不上", "保洁态度差", "想要停车位")
        door, cleaner, space = record.matters
        orders = f"/admin/interview/become/to_order/?id={record.id}&line={door.id}"
        sent = {
            **boxes(client.get(orders).text),
            "category": "doors",
            "channel": "visit",
            "urgency": "normal",
            "extent": "small",
        }
        assert sent["description"] == "单元门关不上"
        assert send(client, orders, sent).status_code == 302
        complaints = f"/admin/interview/become/to_complaint/?id={record.id}&line={cleaner.id}"
        sent = {**boxes(client.get(complaints).text), "subject": "attitude", "channel": "visit"}
        assert send(client, complaints, sent).status_code == 302
        order = only("work_order")
        page = client.get(f"/admin/interview/details/?id={record.id}").text
        assert page.count(order.number) >= 2, "with its matter and beside the record"
        assert f"line={space.id}" in page
        assert f"line={door.id}&amp;" not in page
        refused = step(client, record, "close")
        assert (refused.status_code, "还有事项没有着落" in refused.text) == (403, True)
        rows = [{"id": str(line.id), "what": line.what} for line in record.matters]
        rows[2] |= {"settled": "answered", "result": "已说明车位已租完"}
        assert step(client, record, "settle", **lines("matters", *rows)).status_code == 302
        assert step(client, record, "close").status_code == 302
        assert record.state == "closed"


def test_a_matter_is_not_dropped_nor_closed_by_a_voided_order(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = reviewed(office, as_user, "单元门关不上")
        answer = step(client, record, "settle", **lines("matters"))
        assert (answer.status_code, "事项记下后不能删去" in answer.text) == (422, True)
        address = f"/admin/interview/become/to_order/?id={record.id}&line={record.matters[0].id}"
        sent = {**boxes(client.get(address).text), "category": "doors", "channel": "visit"}
        sent |= {"urgency": "normal", "extent": "small"}
        answers = [send(client, address, sent) for _click in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        db.session.rollback()
        order = only("work_order")
        other_tab = send(client, address, {**sent, "submission": "another tab"})
        assert (other_tab.status_code, order.number in other_tab.text) == (403, True)
        office.step(order, "void", "manager", void_reason="重复")
        assert step(client, record, "close").status_code == 403
        assert send(client, address, {**sent, "submission": "a third"}).status_code == 302
        assert step(client, record, "close").status_code == 302


@pytest.mark.parametrize("line", ["", "99999", "-1", "x"])
def test_a_forged_matter_makes_nothing(office: Estate, as_user: AsUser, line: str) -> None:
    with clock.set_to(NOON):
        record = reviewed(office, as_user, "单元门关不上")
        address = f"/admin/interview/become/to_order/?id={record.id}&line={line}"
        assert send(as_user("specialist"), address, {"at_once": "1"}).status_code == 404


def test_each_household_once_a_year_by_plan(office: Estate, as_user: AsUser) -> None:
    """The year's plan tells who was not asked yet, with the form filled; what was held counts."""
    with clock.set_to(NOON):
        for unit in ("1-1-101", "1-1-102"):
            people = lines("people", {"kind": "owner", "full_name": f"{unit} 的业主"})
            office.create("owner_register", "specialist", unit=office[unit], move_in="2020-05-01", **people)
        client = as_user("specialist")
        record = planned(client)
        plan = "/admin/owner_register/plan/interviewed/"
        page = client.get(plan).text
        assert all(f"/admin/interview/new/?unit-id={office[unit]}" in page for unit in ("1-1-101", "1-1-102"))
        sent = {**HELD, "interviewers": str(office["specialist"])}
        assert step(client, record, "hold", **sent).status_code == 302
        page = client.get(plan).text
        assert f"/admin/interview/new/?unit-id={office['1-1-101']}" not in page
        assert f"/admin/interview/new/?unit-id={office['1-1-102']}" in page
