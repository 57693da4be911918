"""Somebody without any role, to whom an order was given: it waits for them, they find it, read it, take its
steps and add photos, by the clause of whoever gave it to them.

Everything else is as if it weren't there.
"""

import io
import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import Estate
from sending import asked_of, photo, send

from app.act import steps
from app.act.personal_searches import ACT
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db, is_sqlite
from app.keep import attachments, history
from app.people.refusal import Refusal

AsUser = Callable[[str], FlaskClient]
PHONE = "13812340042"
DONE = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}


@pytest.fixture
def given(office: Estate) -> Any:
    """An order given to the repairer, among others that were not; one in another building, one given to a
    colleague.
    """
    order = office.order(phone=PHONE, description="水表间漏水")
    office.step(order, "dispatch", "specialist", assignee=office["repairer"])
    for unit in ("1-1-102", "2-1-201"):
        office.order(unit=office[unit], description="水表间也漏水", phone="13812340043")
    other = office.order(description="水表间还漏水")
    office.step(other, "dispatch", "supervisor", assignee=office["colleague"])
    return order


def numbers(page: str) -> set[str]:
    """The orders a page names."""
    return set(re.findall(r"PG-\d{6}-\d{4}", page))


def test_it_waits_is_found_and_listed_and_nothing_else_is(
    office: Estate, given: Any, as_user: AsUser
) -> None:
    client = as_user("repairer")
    home = client.get("/").text
    assert numbers(home) == {given.number}
    assert f"/admin/work_order/step/start/?id={given.id}" in home, "with its next step"
    for address in (
        "/admin/work_order/",
        "/admin/work_order/?search=水表",
        "/admin/work_order/?state=dispatched",
        "/admin/work_order/?sort=-due_at",
        "/admin/work_order/?size=20&last=1",
        "/admin/work_order/?category=water",
        "/admin/work_order/print/",
    ):
        answer = client.get(address)
        assert (answer.status_code, numbers(answer.text)) == (200, {given.number}), address
    assert client.get("/admin/work_order/?state=reported").text.count("PG-") == 0
    page = client.get("/search?q=水表")
    assert page.location == f"/admin/work_order/details/?id={given.id}", "the only one"
    counts = re.findall(r"<em[^>]*>([\d,+]+)</em>", client.get("/admin/work_order/").text)
    assert set(counts) <= {"0", "1"}


def test_many_that_answer_are_told_apart(office: Estate, given: Any, as_user: AsUser) -> None:
    """Also where the word is so frequent that the answers' scope is asked elsewhere."""
    for _n in range(101):
        office.order(description="水表间漏水")
    assert as_user("repairer").get("/search?q=漏水").location == f"/admin/work_order/details/?id={given.id}"
    assert numbers(as_user("repairer").get("/admin/work_order/?search=漏水").text) == {given.number}


def test_they_work_on_it_by_the_clause_of_who_gave_it(office: Estate, given: Any, as_user: AsUser) -> None:
    client = as_user("repairer")
    page = client.get(f"/admin/work_order/details/?id={given.id}")
    assert page.status_code == 200
    assert PHONE not in page.text
    assert "/reveal/" not in page.text
    answer = send(
        client,
        f"/admin/work_order/step/start/?id={given.id}",
        {"version": str(given.version), "arrived_at": ""},
    )
    assert answer.status_code == 302
    sent = send(client, f"/admin/work_order/attach/?id={given.id}", {"file": (io.BytesIO(photo()), "a.jpg")})
    assert sent.status_code == 302
    db.session.rollback()
    (file,) = attachments.of(given)
    assert client.get(f"/admin/work_order/file/?id={given.id}&file={file.id}").status_code == 200
    answer = send(
        client,
        f"/admin/work_order/step/finish/?id={given.id}",
        {**DONE, "version": str(given.version), "materials-count": "0"},
    )
    assert answer.status_code == 302, answer.text
    db.session.rollback()
    lines = history.lines("work_order", given.id)
    assert [(line.act, line.clause, line.user_id) for line in lines[2:]] == [
        ("step:start", "P7", office["repairer"]),
        ("attach", "P7", office["repairer"]),
        ("step:finish", "P7", office["repairer"]),
    ]
    printed = client.get(f"/admin/work_order/print/?id={given.id}")
    assert (printed.status_code, PHONE in printed.text) == (200, False)


def test_reassigned_by_the_supervisor_it_is_by_their_clause(office: Estate, given: Any) -> None:
    office.step(given, "reassign", "supervisor", assignee=office["colleague"])
    assert not office.sees(given, "repairer")
    office.step(given, "reassign", "supervisor", assignee=office["repairer"])
    office.step(given, "start", "repairer")
    assert history.lines("work_order", given.id)[-1].clause == "S3"


def test_what_was_taken_away_is_gone(office: Estate, given: Any, as_user: AsUser) -> None:
    client = as_user("repairer")
    assert client.get("/admin/work_order/").status_code == 200
    office.step(given, "reassign", "supervisor", assignee=office["colleague"])
    for address in ("details", "print", "step/start", "edit", "file"):
        assert client.get(f"/admin/work_order/{address}/?id={given.id}").status_code in (403, 404), address
    assert client.get("/admin/work_order/").status_code == 403
    assert numbers(client.get("/").text) == set()
    assert "PG-" not in client.get("/search?q=水表").text


def test_everything_else_is_not_there(office: Estate, given: Any, as_user: AsUser) -> None:
    client, cls = as_user("repairer"), registry["work_order"]
    others = [row for row in db.session.execute(db.select(cls.id)).scalars() if row != given.id]
    for key in others:
        for address in ("details", "print", "step/start", "edit", "file"):
            assert client.get(f"/admin/work_order/{address}/?id={key}").status_code == 404, (key, address)
        sent = {"file": (io.BytesIO(photo()), "b.jpg")}
        assert send(client, f"/admin/work_order/attach/?id={key}", sent).status_code == 404
    answer = send(
        client,
        "/admin/work_order/action/",
        {"action": "start", "asked": "1", "rowid": [str(other) for other in others]},
    )
    assert not numbers(answer.text)
    for address in ("new/", f"edit/?id={given.id}", "export/xlsx/", "import/"):
        assert client.get(f"/admin/work_order/{address}").status_code in (403, 404), address
    assert send(client, f"/admin/work_order/reveal/?id={given.id}&field=phone", {}).status_code == 403
    for form in (
        "complaint",
        "key",
        "key_loan",
        "unit",
        "customer",
        "building",
        "owner_register",
        "user",
        "office",
    ):
        assert client.get(f"/admin/{form}/").status_code == 403, form
        assert client.get(f"/admin/{form}/look_up/?q=1").json == {"found": []}, form
    assert client.get("/admin/work_order/look_up/?q=PG").json == {"found": []}
    with pytest.raises(Refusal):
        office.step(given, "press", "repairer")


def test_the_covered_telephone_is_no_oracle_for_them_either(
    office: Estate, given: Any, as_user: AsUser
) -> None:
    client = as_user("repairer")
    for at in range(42):
        client.get(f"/search?q=1381234{at:04}")
    assert client.get(f"/search?q={PHONE}").status_code == 200, "the day's looks are used up"
    db.session.rollback()
    noted = [line for line in history.lines("user", office["repairer"]) if line.act == ACT]
    assert len(noted) >= 40


def test_a_selection_of_their_own(office: Estate, given: Any, as_user: AsUser) -> None:
    client = as_user("repairer")
    assert 'value="start"' in client.get("/admin/work_order/").text
    answer = send(
        client, "/admin/work_order/action/", {"action": "start", "asked": "1", "all": "1", "address": ""}
    )
    assert answer.status_code == 302
    db.session.rollback()
    assert given.state == "in_progress"
    assert history.lines("work_order", given.id)[-1].clause == "P7"


def test_overdue_ones_are_counted_and_wait(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(clock.now() - timedelta(days=3)):
        order = office.order()
        office.step(order, "dispatch", "specialist", assignee=office["repairer"])
    client = as_user("repairer")
    assert '<h2 class="late">' in client.get("/").text
    assert numbers(client.get("/admin/work_order/?state=late").text) == {order.number}
    assert '<em class="hot"' in client.get("/").text


def test_who_handles_a_complaint_without_a_role(office: Estate, as_user: AsUser) -> None:
    complaint = office.complaint()
    office.step(complaint, "accept", "supervisor", level="general", class_="A", handler=office["repairer"])
    client = as_user("repairer")
    assert f"/admin/complaint/step/propose/?id={complaint.id}" in client.get("/").text
    assert client.get(f"/admin/complaint/details/?id={complaint.id}").status_code == 200
    office.step(complaint, "propose", "repairer", cause="少人", measures="补人", nature="justified")
    assert history.lines("complaint", complaint.id)[-1].clause == "S4"


def test_all_that_a_number_finds_are_worked_on_while_others_write(
    office: Estate, given: Any, as_user: AsUser, ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at the number is noted first; the step then begins as any that writes does, and nobody comes
    between.
    """
    client, each, between = as_user("repairer"), steps.perform_each, []

    def performed(*said: Any) -> Any:
        if is_sqlite():
            other = sqlite3.connect(db.engine.url.database or "", timeout=0, isolation_level=None)
            try:
                other.execute("UPDATE user SET department = department")
                between.append("written")
            except sqlite3.OperationalError:
                between.append("busy")
            finally:
                other.close()
        return each(*said)

    monkeypatch.setattr(steps, "perform_each", performed)
    sent = {"action": "start", "asked": "1", "all": "1", "address": f"search={PHONE}"}
    assert send(client, "/admin/work_order/action/", sent).status_code == 302
    assert set(between) <= {"busy"}
    db.session.rollback()
    assert given.state == "in_progress"
    assert ACT in [line.act for line in history.lines("user", office["repairer"])]


def statements(app: Flask, client: FlaskClient, address: str) -> list[str]:
    """What an address asks of the database."""
    with asked_of(app) as asked:
        assert client.get(address).status_code == 200
    return asked


def test_however_many_wait_by_whom_they_were_given_is_asked_once(
    office: Estate, app: Flask, as_user: AsUser
) -> None:
    """Some are begun, some are new; a colleague gave one, the supervisor another."""
    counts, client = [], as_user("repairer")
    for _time in range(2):
        for at in range(4):
            order = office.order()
            office.step(order, "dispatch", "specialist", assignee=office["repairer"])
            if at % 2:
                office.step(order, "start", "repairer")
        client.get("/")
        counts.append(statements(app, client, "/"))
    assert [len([said for said in asked if "FROM history" in said]) for asked in counts] == [1, 1]
    assert not [said for said in counts[1] if "history.hash" in said], "and no more of it than who gave it"
    assert len(counts[1]) == len(counts[0])
