"""What was said to customers: recorded, noted again, answered, closed; over HTTP, by whose duty it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import NOON, Estate, lines
from sending import boxes, enter, key_of, only, row_of, send, step

from app.ground import clock

AsUser = Callable[[str], FlaskClient]
SAID = {
    "unit": "1-1-101",
    "spoke_with": "陈女士",
    "phone": "13812340042",
    "way": "call",
    "matter": "enquiry",
    "content": "问物业费缴到哪个月",
    "talked_at": "2026-11-24T11:30",
}


def made(client: FlaskClient, **typed: str) -> Any:
    """A contact that was put down."""
    return row_of("communication_record", key_of(enter(client, "communication_record", **{**SAID, **typed})))


def test_recorded_answered_and_closed(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = made(client)
        assert (record.number, record.state, record.area_id) == ("GT-202611-0001", "recorded", office["1栋"])
        assert step(client, record, "close").status_code == 403
        assert step(client, record, "reply").status_code == 422
        assert step(client, record, "reply", answer="缴到十二月").status_code == 302
        assert (record.state, record.answered_at, record.answered_by.full_name) == (
            "answered",
            NOON,
            "钱专员",
        )
        assert step(client, record, "close").status_code == 302
        assert (record.state, record.due_at) == ("closed", None)


def test_each_further_contact_is_noted_by_whom_and_when(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        record = made(as_user("specialist"))
        first = {"spoken_at": "2026-11-24T11:40", "way": "call", "gist": "客户未接"}
        assert step(as_user("specialist"), record, "note", **lines("contacts", first)).status_code == 302
        colleague = as_user("colleague")
        kept = boxes(colleague.get(f"/admin/communication_record/step/note/?id={record.id}").text)
        second = {"spoken_at": "2026-11-24T11:50", "way": "message", "gist": "已发微信说明"}
        sent = {**kept, **lines("contacts", {"way": "call"}, second)}
        assert step(colleague, record, "note", **sent).status_code == 302
        assert [(line.gist, line.spoken_by.full_name) for line in record.contacts] == [
            ("客户未接", "钱专员"),
            ("已发微信说明", "孙专员"),
        ]


@pytest.mark.parametrize("said", ["客户说不用回电了", ""])
def test_what_was_noted_is_neither_changed_nor_taken_away(office: Estate, as_user: AsUser, said: str) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = made(client)
        first = {"spoken_at": "2026-11-24T11:40", "way": "call", "gist": "客户未接"}
        assert step(client, record, "note", **lines("contacts", first)).status_code == 302
        kept = boxes(client.get(f"/admin/communication_record/step/note/?id={record.id}").text)
        more = {"spoken_at": "2026-11-24T11:50", "way": "call", "gist": "又拨一次"}
        changed = lines("contacts", {"way": "call", "gist": said}, more) if said else lines("contacts", more)
        changed |= {} if said else {"contacts-0-id": ""}
        answer = step(client, record, "note", **{**kept, **changed})
        assert answer.status_code == 422
        assert "记下的沟通不再改动" in answer.text
        assert [line.gist for line in record.contacts] == ["客户未接"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "至少填一行"),
        (lines("contacts", {"spoken_at": "2026-11-25T12:00", "way": "call", "gist": "x"}), "不能在将来"),
        (lines("contacts", {"spoken_at": "2026-11-24T10:00", "way": "fax", "gist": "x"}), "请从列表中选择"),
    ],
)
def test_a_note_that_says_nothing_or_lies_ahead(
    office: Estate, as_user: AsUser, typed: dict[str, str], sentence: str
) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        answer = step(client, made(client), "note", **typed)
        assert (answer.status_code, sentence in answer.text) == (422, True)


def test_it_can_not_have_been_said_tomorrow(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        typed = {**SAID, "talked_at": "2026-11-25T09:00"}
        answer = send(as_user("specialist"), "/admin/communication_record/new/", typed)
        assert (answer.status_code, "不能在将来" in answer.text) == (422, True)


def test_a_first_answer_is_due_within_a_working_day(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = made(client)
        assert (record.due_name, f"{clock.local(record.due_at):%m-%d}") == ("answer_due", "11-25")
        step(client, record, "reply", answer="周五回复", follow_up_on="2026-11-27")
        assert (record.due_name, f"{clock.local(record.due_at):%m-%d}") == ("follow_up_due", "11-27")
    with clock.set_to(NOON + timedelta(days=3)):
        client = as_user("specialist")
        kept = boxes(client.get(f"/admin/communication_record/step/note/?id={record.id}").text)
        contact = {"spoken_at": "2026-11-27T11:40", "way": "call", "gist": "客户满意"}
        assert step(client, record, "note", **{**kept, **lines("contacts", contact)}).status_code == 302
        assert (record.follow_up_on, record.due_at) == (None, None), "it was followed up"


def test_it_is_the_specialists_of_the_area(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        record = made(as_user("specialist"))
        assert send(as_user("frontdesk"), "/admin/communication_record/new/", SAID).status_code == 403
        assert send(as_user("specialist2"), "/admin/communication_record/new/", SAID).status_code == 422
        assert step(as_user("specialist2"), record, "reply", answer="x").status_code == 404
        assert step(as_user("supervisor"), record, "reply", answer="主管答复").status_code == 302
        assert record.answered_by.full_name == "苏主管"


def test_on_paper_every_contact_stands(office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    record = made(client, talked_at="2020-01-01T09:00")
    notes = [{"spoken_at": "2020-01-02T09:00", "way": "call", "gist": f"第{at}次联系"} for at in range(12)]
    assert step(client, record, "note", **lines("contacts", *notes)).status_code == 302
    page = client.get(f"/admin/communication_record/print/?id={record.id}").text
    assert all(f"第{at}次联系" in page for at in range(12))
    assert all(word in page for word in ("客户沟通记录表", "QR-0223", record.number, "钱专员"))


def test_it_becomes_an_order_and_a_complaint_linked_both_ways(office: Estate, as_user: AsUser) -> None:
    """Filled from what was said, the telephone covered; it is closed when both are done."""
    with clock.set_to(NOON):
        client = as_user("specialist")
        record = made(client, matter="repair", content="厨房水管漏水", opinion="今天修好")
        step(client, record, "reply", answer="马上派人")
        address = f"/admin/communication_record/become/to_order/?id={record.id}"
        page = client.get(address).text
        assert "13812340042" not in page
        typed = boxes(page)
        assert (typed["description"], typed["reporter"], typed["unit"]) == (
            "厨房水管漏水",
            "陈女士",
            "1-1-101",
        )
        sent = {**typed, "category": "water", "urgency": "urgent", "extent": "small", "channel": "phone"}
        assert send(client, address, sent).status_code == 302
        order = only("work_order")
        assert (order.phone, order.unit_id, order.state) == ("13812340042", record.unit_id, "reported")
        printed = client.get(f"/admin/communication_record/print/?id={record.id}").text
        assert f"派工单 {order.number}" in printed
        refused = step(client, record, "close")
        assert (refused.status_code, "还没办完" in refused.text) == (403, True)
        assert f"/admin/work_order/details/?id={order.id}" in refused.text
        for seen, other in ((record, order), (order, record)):
            shown = client.get(f"/admin/{seen.name}/details/?id={seen.id}").text
            assert other.number in shown[shown.index("关联单据") :]
        address = f"/admin/communication_record/become/to_complaint/?id={record.id}"
        typed = boxes(client.get(address).text)
        assert (typed["statement"], typed["demand"]) == ("厨房水管漏水", "今天修好")
        sent = {**typed, "subject": "repair", "channel": "phone"}
        assert send(client, address, sent).status_code == 302
        complaint = only("complaint")
        for record_made in (order, complaint):
            office.step(record_made, "void", "manager", void_reason="重复")
        assert step(client, record, "close").status_code == 302


def test_who_makes_no_order_is_told_who_does(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        record = made(as_user("specialist"))
        address = f"/admin/communication_record/become/to_order/?id={record.id}"
        refused = as_user("frontdesk").get(address)
        assert (refused.status_code, "不在您的职责内" in refused.text) == (403, True)
        assert "钱专员" in refused.text
        assert as_user("specialist2").get(address).status_code == 404
        assert (
            "become/to_order"
            not in as_user("frontdesk").get(f"/admin/communication_record/details/?id={record.id}").text
        )
