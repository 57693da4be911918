"""What waits on the first page: each thing that is due, with the step that meets it, before whoever may take
it.
"""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import Estate
from sending import photo, send, token

from app.ground import clock
from app.ground.database import db
from app.keep import attachments, history

AsUser = Callable[[str], FlaskClient]
DONE = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}


def next_step(client: FlaskClient, form: str, key: int) -> set[str]:
    """The steps that the first page offers for a record."""
    page = client.get("/").text
    return {
        part.split("/")[0]
        for part in page.split(f"/admin/{form}/step/")[1:]
        if f"id={key}&" in part.split('"')[0]
    }


def finished(office: Estate, **typed: str) -> Any:
    """An order done three months ago."""
    with clock.set_to(clock.now() - timedelta(days=90)):
        order = office.order(**typed)
        office.step(order, "dispatch", "specialist", assignee=office["specialist"])
        office.step(order, "start", "specialist")
        office.step(order, "finish", "specialist", **DONE)
    return order


def test_a_leak_to_look_at_again(office: Estate, as_user: AsUser) -> None:
    order = finished(office, leak="1")
    office.step(order, "follow_up", "colleague", rating="5")
    assert next_step(as_user("specialist"), "work_order", order.id) == {"look_again"}
    assert next_step(as_user("specialist2"), "work_order", order.id) == set()


def test_what_was_handed_to_somebody_of_another_building(office: Estate, as_user: AsUser) -> None:
    """They open it, see its numbers covered and work on it; nothing else of that building is there."""
    order, other = office.order(phone="13812340042"), office.order()
    office.step(order, "dispatch", "specialist", assignee=office["specialist2"])
    client = as_user("specialist2")
    assert next_step(client, "work_order", order.id) == {"start"}
    page = client.get(f"/admin/work_order/details/?id={order.id}")
    assert (page.status_code, "13812340042" in page.text) == (200, False)
    assert client.get(f"/admin/work_order/details/?id={other.id}").status_code == 404
    assert order.number not in client.get("/admin/work_order/").text
    data = {"csrf_token": token(client, "/profile"), "version": str(order.version), "arrived_at": ""}
    assert client.post(f"/admin/work_order/step/start/?id={order.id}", data=data).status_code == 302
    assert client.get(f"/admin/work_order/edit/?id={order.id}").status_code == 403
    attach = f"/admin/work_order/attach/?id={order.id}"
    send(client, attach, {"file": (io.BytesIO(photo()), "a.jpg")})
    db.session.rollback()
    (file,) = attachments.of(order)
    assert [line.clause for line in history.lines("work_order", order.id)][-1] == "P14"
    printed = client.get(f"/admin/work_order/print/?id={order.id}")
    assert (printed.status_code, "13812340042" in printed.text) == (200, False)
    office.step(order, "reassign", "supervisor", assignee=office["specialist"])
    for address in ("details/?", "print/?", f"file/?file={file.id}&"):
        assert client.get(f"/admin/work_order/{address}id={order.id}").status_code == 404, address
    assert send(client, attach, {"file": (io.BytesIO(photo()), "b.jpg")}).status_code == 404


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_what_was_handed_to_somebody_waits_for_them_at_every_hour(
    office: Estate, as_user: AsUser, hour: int
) -> None:
    """Due today or not, in their buildings or not, by their duty or only by having been named."""
    with clock.set_to(datetime(2026, 11, 25, hour, 40, tzinfo=UTC)):
        order, complaint = office.order(), office.complaint()
        office.step(order, "dispatch", "specialist", assignee=office["specialist2"])
        office.step(
            complaint, "accept", "supervisor", level="general", class_="A", handler=office["specialist"]
        )
        assert next_step(as_user("specialist2"), "work_order", order.id) == {"start"}
        assert next_step(as_user("specialist"), "complaint", complaint.id) == {"propose"}


def test_an_unhappy_customer_for_the_supervisor(office: Estate, as_user: AsUser) -> None:
    order = finished(office)
    with clock.set_to(clock.now() - timedelta(days=4)):
        office.step(order, "follow_up", "colleague", rating="1")
    assert next_step(as_user("supervisor"), "work_order", order.id) == {"sample"}


def test_a_hold_whose_day_has_come(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(clock.now() - timedelta(days=3)):
        order = office.order()
        office.step(order, "dispatch", "specialist", assignee=office["specialist"])
        office.step(
            order,
            "hold",
            "specialist",
            hold_reason="等配件",
            hold_until=f"{clock.local(clock.now() + timedelta(days=1)):%Y-%m-%dT%H:%M}",
        )
    assert next_step(as_user("specialist"), "work_order", order.id) == {"resume"}


def test_keys_to_count(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(clock.now() - timedelta(days=70)):
        key = office.key()
    client = as_user("specialist")
    assert next_step(client, "key", key.id) == {"count"}
    answer = client.post(
        "/admin/key/action/",
        data={"csrf_token": token(client, "/profile"), "action": "count", "rowid": str(key.id)},
    )
    assert answer.status_code == 302
    assert next_step(client, "key", key.id) == set()


def test_the_register_of_key_loans_on_paper(office: Estate, as_user: AsUser) -> None:
    """Who had it, when it was due and back, who brought it and what the place looked like; telephones
    covered.
    """
    loan = office.loan(office.key(), department="工程部")
    office.step(loan, "take_back", "specialist", returner="郑师傅", unit_condition="门窗已关，水电已断")
    page = as_user("manager").get("/admin/key_loan/print/").text
    assert all(text in page for text in (loan.number, "工程部", "郑师傅", "门窗已关，水电已断", "归还时间"))
    assert loan.phone not in page


@pytest.mark.parametrize(("form", "step"), [("work_order", "reassign"), ("complaint", "accept")])
def test_what_the_desk_escalated_for_the_manager(
    office: Estate, as_user: AsUser, form: str, step: str
) -> None:
    record = office.order() if form == "work_order" else office.complaint()
    manager = as_user("manager")
    assert next_step(manager, form, record.id) == set()
    office.step(record, "escalate", "frontdesk", escalation="业主情绪激动")
    assert next_step(manager, form, record.id) == {step}


def test_a_lent_key_reads_as_lent_everywhere(office: Estate, as_user: AsUser) -> None:
    """In the list and its tabs, at its record, in its loan's card, in the sheet, on paper; nobody is asked to
    count it.
    """
    key, client = office.key("甲-77"), as_user("specialist")
    loan = office.loan(key)
    assert office.key("甲-78").state == "kept"
    for address in ("/admin/key/?state=lent", f"/admin/key/details/?id={key.id}", "/admin/key/print/"):
        page = client.get(address).text
        assert ("甲-77" in page, "已借出" in page) == (True, True), address
    assert "甲-77" not in client.get("/admin/key/?state=kept").text
    row = next(part for part in client.get("/admin/key/").text.split("<tr>") if "甲-77" in part)
    assert ("已借出" in row, "在管" in row, "/step/" in row) == (True, False, False)
    book = zipfile.ZipFile(io.BytesIO(client.get("/admin/key/export/xlsx/?column=tag&column=state").data))
    assert re.search(
        "甲-77.{0,80}已借出",
        "".join(book.read(name).decode("utf-8", "ignore") for name in book.namelist()),
        re.DOTALL,
    )
    assert f"/admin/key/step/count/?id={key.id}" not in client.get("/").text
    office.step(loan, "take_back", "specialist", returner="郑师傅", unit_condition="门窗已关，水电已断")
    assert "在管" in client.get(f"/admin/key/details/?id={key.id}").text


def test_what_others_are_late_with_hides_nothing_that_waits_for_me(office: Estate, as_user: AsUser) -> None:
    """A plan to approve is on the supervisor's first page, whatever older complaints their handlers are late
    with; these are told by their number.
    """
    thursday = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
    with clock.set_to(thursday - timedelta(days=9)):
        for _ in range(13):
            theirs = office.complaint()
            accepted = {"level": "general", "class_": "A", "handler": office["specialist"]}
            office.step(theirs, "accept", "specialist", **accepted)
    with clock.set_to(thursday - timedelta(days=2)):
        plan = office.complaint()
        office.step(plan, "accept", "specialist", level="general", class_="A", handler=office["specialist"])
        office.step(plan, "propose", "specialist", cause="漏扫", measures="补扫", nature="justified")
    with clock.set_to(thursday):
        supervisor = as_user("supervisor")
        assert next_step(supervisor, "complaint", plan.id) == {"approve"}
        assert next_step(supervisor, "complaint", theirs.id) == set()
        assert "/admin/complaint/?state=late" in supervisor.get("/").text
