"""What is refused at the front door is refused at every other: by a selection, by the address, by a second
role, by rights that are gone in an open tab.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import Estate
from sending import ORDER, asked_of, boxes, chinese, send, sentence, told

from app.act import steps
from app.act.entry import Pairs
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history, history_verify
from app.people.refusal import Refusal
from app.people.users import User

AsUser = Callable[[str], FlaskClient]
WORK = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}
FOLLOW = {"rating": "2"}


def acts(record: Any) -> list[str]:
    """What happened to a record, in the words of its history."""
    db.session.rollback()
    return [line.act for line in history.lines(record.name, record.id)]


def begun(office: Estate, **typed: Any) -> Any:
    """An order somebody is at."""
    order = office.order(**typed)
    office.step(order, "dispatch", "specialist", assignee=office["specialist"])
    return order


def ended(office: Estate, **typed: Any) -> Any:
    """An order whose work is done."""
    order = begun(office, **typed)
    office.step(order, "start", "specialist")
    return office.step(order, "finish", "specialist", **WORK)


def unhappy(office: Estate) -> Any:
    """An order whose customer is not content."""
    return office.step(ended(office), "follow_up", "colleague", **FOLLOW)


def loan(office: Estate) -> Any:
    """A key that is out."""
    return office.loan(office.key(f"A-{uuid4().hex[:8]}"))


def proposed(office: Estate) -> Any:
    """A complaint whose handler has a plan."""
    complaint = office.complaint()
    office.step(complaint, "accept", "supervisor", level="general", class_="A", handler=office["supervisor"])
    return office.step(complaint, "propose", "supervisor", cause="少人", measures="补人", nature="justified")


def answering(office: Estate) -> Any:
    """A complaint whose plan was agreed to."""
    return office.step(proposed(office), "approve", "supervisor2")


def future(minutes: int) -> str:
    """A moment as it is typed."""
    return f"{clock.local(clock.now() + timedelta(minutes=minutes)):%Y-%m-%dT%H:%M}"


# What stands in the way (guard, second person, state, duty), met with an otherwise right form: record, step,
# who, what is typed.
REFUSED: tuple[tuple[Callable[[Estate], Any], str, str, dict[str, Any]], ...] = (
    (lambda office: begun(office, paid="1"), "start", "specialist", {}),
    (begun, "start", "specialist", {"arrived_at": "2020-01-01T10:00"}),
    (begun, "start", "specialist", {"arrived_at": future(600)}),
    (
        lambda office: office.step(begun(office), "start", "specialist"),
        "finish",
        "specialist",
        {**WORK, "outcome": "not_repaired"},
    ),
    (
        lambda office: office.step(begun(office), "start", "specialist"),
        "finish",
        "specialist",
        {**WORK, "customer_signed": ""},
    ),
    (lambda office: ended(office, urgency="emergency"), "file", "frontdesk", {}),
    (
        lambda office: office.step(ended(office, leak="1"), "follow_up", "colleague", rating="5"),
        "file",
        "frontdesk",
        {},
    ),
    (unhappy, "file", "frontdesk", {}),
    (ended, "follow_up", "specialist", {"rating": "5"}),
    (proposed, "approve", "supervisor", {}),
    (proposed, "send_back", "supervisor", {"sent_back_because": "不行"}),
    (answering, "approve_answer", "supervisor2", {}),
    (answering, "reply", "supervisor", {"answer_way": "written", "answer": "已补人"}),
    (
        answering,
        "reply",
        "supervisor",
        {"answer_way": "phone", "answer": "已补人", "answered_at": future(600)},
    ),
    (loan, "take_back", "specialist", {"returned_at": "2020-01-01T10:00", "returner": "郑师傅"}),
    (loan, "settle", "supervisor", {"fee": "50"}),
    (lambda office: office.order(), "start", "specialist", {}),
    (lambda office: office.order(), "dispatch", "frontdesk", {"assignee": "钱专员"}),
    (lambda office: office.order(), "void", "supervisor", {"void_reason": "重复"}),
    (
        lambda office: office.complaint(),
        "accept",
        "frontdesk",
        {"level": "general", "class_": "A", "handler": "钱专员"},
    ),
)


def test_each_refusal_holds_by_address_by_dialog_and_by_selection(office: Estate, as_user: AsUser) -> None:
    """The same cause is told each time in Chinese, and nothing moves."""
    browsers = {name: as_user(name) for name in ("specialist", "supervisor", "supervisor2", "frontdesk")}
    for at, (make, step, name, typed) in enumerate(REFUSED):
        record, client = make(office), browsers[name]
        before, state = acts(record), record.state
        address = f"/admin/{record.name}/step/{step}/?id={record.id}"
        for heads in ({}, {"X-Dialog": "1"}):
            mark = boxes(client.get("/profile").text)["csrf_token"]
            answer = client.post(
                address, data={**typed, "csrf_token": mark, "version": str(record.version)}, headers=heads
            )
            assert answer.status_code in (403, 422), (at, step, answer.status_code)
            said = sentence(answer.text) if answer.status_code == 403 else " ".join(told(answer.text))
            assert chinese(said), (at, step, said)
        answer = send(
            client,
            f"/admin/{record.name}/action/",
            {"action": step, "asked": "1", "rowid": [str(record.id)], **typed},
        )
        if type(record).steps[step].bulk:
            assert (
                answer.status_code == 200 and record.number in answer.text
            ) or answer.status_code == 422, (at, step)
        else:
            assert (answer.status_code, chinese(sentence(answer.text))) == (403, True), (at, step)
        assert [act for act in acts(record) if not act.startswith("refused:")] == before, (at, step)
        assert record.state == state


def test_a_selection_tells_of_each_and_moves_the_others(office: Estate, as_user: AsUser) -> None:
    good, bad = [begun(office) for _n in range(3)], [begun(office, paid="1") for _n in range(2)]
    foreign = office.order(unit=office["2-1-201"])
    keys = [str(key.id) for key in (*good, *bad, foreign)]
    answer = send(
        as_user("specialist"), "/admin/work_order/action/", {"action": "start", "asked": "1", "rowid": keys}
    )
    assert answer.status_code == 200
    assert all(key.number in answer.text for key in bad)
    assert foreign.number not in answer.text, "as if it weren't there"
    db.session.rollback()
    assert [key.state for key in (*good, *bad, foreign)] == ["in_progress"] * 3 + ["dispatched"] * 2 + [
        "reported"
    ]
    assert list(history_verify.verify([registry["work_order"]])) == []


def test_more_than_fit_one_request_are_told(
    office: Estate, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest are taken; nobody believes that all were."""
    made, client = [begun(office) for _n in range(5)], as_user("specialist")
    monkeypatch.setattr("views.bulk.AT_ONCE", 3)
    first = send(client, "/admin/work_order/action/", {"action": "start", "all": "1", "address": ""})
    assert "3" in first.text
    assert "其余" in first.text
    answer = send(
        client, "/admin/work_order/action/", {"action": "start", "all": "1", "address": "", "asked": "1"}
    )
    assert "其余" in client.get(answer.location).text
    db.session.rollback()
    assert [order.state for order in made] == ["dispatched"] * 2 + ["in_progress"] * 3


def test_nobody_checks_their_own_work_through_a_second_role(office: Estate) -> None:
    """Somebody who is specialist and supervisor at once, by the step and by a selection."""
    with office.writing():
        account = db.session.get(User, office["supervisor"])
        office.set(account, "manager", roles=["supervisor", "specialist"], areas=[office["1栋"]])
    complaint = proposed(office)
    order = office.order()
    office.step(order, "dispatch", "specialist", assignee=office["supervisor"])
    office.step(order, "start", "supervisor")
    office.step(order, "finish", "supervisor", **WORK)
    for record, step, typed in ((complaint, "approve", {}), (order, "follow_up", {"rating": "5"})):
        with pytest.raises(Refusal) as refused:
            office.step(record, step, "supervisor", **typed)
        assert refused.value.kind == "second", (step, refused.value)
        cls: Any = type(record)
        with office.writing():
            (result,) = steps.perform_each(
                cls, [record.id], cls.steps[step], office.person("supervisor"), Pairs(typed)
            )
        assert result.refusal is not None
        assert result.refusal.kind == "second"


def test_a_dozen_at_once_leave_a_line_each(office: Estate) -> None:
    cls: Any = registry["complaint"]
    made = [proposed(office) for _n in range(12)]
    with office.writing():
        results = steps.perform_each(
            cls, [order.id for order in made], cls.steps["approve"], office.person("supervisor2")
        )
    assert [result.refusal for result in results] == [None] * 12
    assert {tuple(acts(order)[-2:]) for order in made} == {("step:propose", "step:approve")}
    assert list(history_verify.verify([cls])) == []


@pytest.mark.parametrize("taken", ["role", "area", "account"])
def test_rights_taken_away_while_the_page_is_open(office: Estate, as_user: AsUser, taken: str) -> None:
    """The form, the dialog, the look-up, the search, the sheet and the file of an open tab are worth nothing
    from then on.
    """
    order, client = office.order(), as_user("specialist")
    page = boxes(client.get(f"/admin/work_order/edit/?id={order.id}").text)
    mark = boxes(client.get("/profile").text)["csrf_token"]
    assert client.get("/admin/work_order/?search=厨房").text.count("厨房水管漏水")
    given: dict[str, Any] = {
        "role": {"roles": []},
        "area": {"areas": [office["2栋"]]},
        "account": {"active": False},
    }[taken]
    with office.writing():
        office.set(db.session.get(User, office["specialist"]), "manager", **given)
    before = acts(order)
    for address, typed in (
        (f"/admin/work_order/edit/?id={order.id}", {**page, **ORDER, "description": "改"}),
        (f"/admin/work_order/step/dispatch/?id={order.id}", {"assignee": "孙专员"}),
        (f"/admin/work_order/reveal/?id={order.id}&field=phone", {}),
        ("/admin/work_order/new/", ORDER),
        (
            "/admin/work_order/action/",
            {"action": "dispatch", "asked": "1", "assignee": "孙专员", "rowid": [str(order.id)]},
        ),
    ):
        answer = client.post(address, data={**typed, "csrf_token": mark})
        assert answer.status_code in (302, 403, 404, 422) or (taken == "area" and "action" in address), (
            address,
            answer.status_code,
        )
    for address in (
        "/",
        "/search?q=厨房",
        "/admin/work_order/?search=厨房",
        "/admin/work_order/look_up/?q=PG",
        "/admin/unit/look_up/?q=1-1-101",
        f"/admin/work_order/details/?id={order.id}",
        f"/admin/work_order/print/?id={order.id}",
        "/admin/owner_register/export/xlsx/",
    ):
        shown = client.get(address)
        text = shown.data.decode("utf-8", "ignore")
        assert "水管漏水" not in text, address
        assert shown.status_code != 200 or "1-1-101" not in text.replace("q=1-1-101", ""), address
    assert acts(order) == before


def test_who_may_is_asked_once_for_all_that_are_refused(office: Estate, app: Flask, as_user: AsUser) -> None:
    """Three and nine orders that aren't a specialist's to file: each line says who files them."""
    client, counts = as_user("specialist"), []
    for many in (3, 9):
        keys = [str(begun(office).id) for _n in range(many)]
        mark = boxes(client.get("/profile").text)["csrf_token"]
        with asked_of(app) as asked:
            answer = client.post(
                "/admin/work_order/action/",
                data={"action": "file", "asked": "1", "rowid": keys, "csrf_token": mark},
            )
        assert answer.text.count("周前台") == many, answer.text
        counts.append(
            len([said for said in asked if "user.active" in said.replace('"', "") and "LIMIT" in said])
        )
    assert counts == [1, 1]
