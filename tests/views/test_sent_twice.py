"""A double click, the back button, a post sent again after no answer came: one record, the same answer,
without any script.
"""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import Estate
from sending import ORDER, boxes, chinese, photo, send, token, told

from app.declare.record import registry
from app.ground.database import db
from app.keep import attachments, history, history_verify, numbers

AsUser = Callable[[str], FlaskClient]
NEW = "/admin/work_order/new/"


def orders() -> list[Any]:
    """All work orders."""
    db.session.rollback()
    cls: Any = registry["work_order"]
    return list(db.session.execute(db.select(cls).order_by(cls.id)).scalars())


def six_times(client: FlaskClient, address: str, typed: dict[str, str]) -> list[Any]:
    """The same post six times at the very same moment, each on a connection of its own, as by a person with
    more than one tab.
    """
    kept = client.get_cookie("session")
    assert kept is not None
    clients = [client.application.test_client() for _n in range(6)]
    for desk in clients:
        desk.set_cookie("session", kept.value)
    db.session.remove()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda desk: desk.post(address, data=typed), clients))
    assert {answer.status_code for answer in answers} == {302}, [told(answer.text) for answer in answers]
    return answers


def test_a_new_form_sent_twice(as_user: AsUser, office: Estate) -> None:
    client = as_user("frontdesk")
    typed = {**ORDER, "submission": boxes(client.get(NEW).text)["submission"]}
    first = send(client, NEW, typed)
    assert (first.status_code, send(client, NEW, typed).location) == (302, first.location)
    assert "PG-" in client.get(first.location).text
    assert len(orders()) == 1
    assert numbers.missing(registry["work_order"]) == []


def test_two_clicks_at_the_very_same_moment(as_user: AsUser, office: Estate) -> None:
    first = as_user("frontdesk")
    mark = token(first, "/profile")
    typed = {**ORDER, "submission": "s" * 22, "csrf_token": mark}
    answers = six_times(first, NEW, typed)
    assert len({answer.location for answer in answers}) == 1
    assert [order.number[-4:] for order in orders()] == ["0001"]
    assert list(history_verify.verify([registry["work_order"]])) == []


def test_a_save_sent_twice(as_user: AsUser, office: Estate) -> None:
    """The second finds what it says standing there already; who typed something else meanwhile is asked."""
    order, client = office.order(), as_user("specialist")
    address = f"/admin/work_order/edit/?id={order.id}"
    typed = {**boxes(client.get(address).text), **ORDER, "description": "阳台漏水"}
    answers = [send(client, address, typed) for _time in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [
        (302, f"/admin/work_order/details/?id={order.id}")
    ] * 2
    assert [(order.description, order.version) for order in orders()] == [("阳台漏水", 2)]
    other = send(client, address, {**typed, "description": "卫生间漏水"})
    assert other.status_code == 409
    assert boxes(other.text)["description"] == "卫生间漏水", "what was typed is still there"
    assert [(order.description, order.version) for order in orders()] == [("阳台漏水", 2)]


@pytest.mark.parametrize("dialog", [{}, {"X-Dialog": "1"}])
def test_a_step_sent_twice(as_user: AsUser, office: Estate, dialog: dict[str, str]) -> None:
    """One that moves on, and one that stays where it is."""
    order, client = office.order(), as_user("specialist")
    for step, typed in (
        ("dispatch", {"assignee": "钱专员"}),
        ("reassign", {"assignee": "孙专员"}),
        ("agree_price", {"price": "80", "price_agreed_by": "陈女士"}),
    ):
        address = f"/admin/work_order/step/{step}/?id={order.id}"
        page = boxes(client.get(address).text)
        given = {**page, **typed, "csrf_token": token(client, "/profile")}
        answers = [client.post(address, data=given, headers=dialog) for _time in range(2)]
        assert [answer.status_code for answer in answers] == ([204] * 2 if dialog else [302] * 2), (
            step,
            told(answers[1].text),
        )
        assert answers[0].headers.get("X-Go") == answers[1].headers.get("X-Go")
        assert answers[0].location == answers[1].location
    db.session.rollback()
    assert [line.act for line in history.lines("work_order", order.id)] == [
        "create",
        "step:dispatch",
        "step:reassign",
        "step:agree_price",
    ]


def test_a_step_clicked_twice_at_the_very_same_moment(as_user: AsUser, office: Estate) -> None:
    order, first = office.order(), as_user("specialist")
    key, mark = order.id, token(first, "/profile")
    typed = {"assignee": "钱专员", "submission": "t" * 22, "csrf_token": mark, "version": "1"}
    six_times(first, f"/admin/work_order/step/dispatch/?id={key}", typed)
    db.session.rollback()
    assert [line.act for line in history.lines("work_order", key)] == ["create", "step:dispatch"]


def test_a_step_once_taken_is_refused_to_another_form_of_it(as_user: AsUser, office: Estate) -> None:
    order, client = office.order(), as_user("specialist")
    address = f"/admin/work_order/step/dispatch/?id={order.id}"
    pages = [boxes(client.get(address).text) for _tab in range(2)]
    assert send(client, address, {**pages[0], "assignee": "钱专员"}).status_code == 302
    late = send(client, address, {**pages[1], "assignee": "孙专员"})
    assert late.status_code == 403
    assert "待派工" in late.text or "已派工" in late.text
    db.session.rollback()
    assert [line.act for line in history.lines("work_order", order.id)] == [
        "create",
        "step:dispatch",
        "refused:dispatch",
    ]


def test_a_photo_sent_twice_is_one(as_user: AsUser, office: Estate) -> None:
    order, client = office.order(), as_user("specialist")
    for _time in range(2):
        answer = send(
            client,
            f"/admin/work_order/attach/?id={order.id}",
            {"file": (io.BytesIO(photo()), "a.jpg")},
        )
        assert answer.status_code == 302
    db.session.rollback()
    assert [file.name for file in attachments.of(order)] == ["a.jpg"]
    assert [line.act for line in history.lines("work_order", order.id)] == ["create", "attach"]


def a_photo_of(client: FlaskClient, order: Any) -> Any:
    """The one photo of an order, just added."""
    sent = {"file": (io.BytesIO(photo()), "a.jpg")}
    assert send(client, f"/admin/work_order/attach/?id={order.id}", sent).status_code == 302
    db.session.rollback()
    (file,) = attachments.of(order)
    return file


def test_a_photo_is_taken_away_once_however_often_it_is_clicked(as_user: AsUser, office: Estate) -> None:
    """One after the other, and all at the very same moment: one line tells of it, and each answer is the
    record's page.
    """
    client = as_user("specialist")
    addresses, keys = [], []
    for order in (office.order(), office.order()):
        keys.append(order.id)
        addresses.append(f"/admin/work_order/detach/?id={order.id}&file={a_photo_of(client, order).id}")
    answers = [send(client, addresses[0], {}) for _time in range(2)]
    page = f"/admin/work_order/details/?id={keys[0]}"
    assert [(answer.status_code, answer.location) for answer in answers] == [(302, page)] * 2
    six_times(client, addresses[1], {"csrf_token": token(client, "/profile")})
    db.session.rollback()
    for key in keys:
        assert [line.act for line in history.lines("work_order", key)] == ["create", "attach", "detach"]


def test_a_selection_sent_twice_is_done_once(as_user: AsUser, office: Estate) -> None:
    order, client = office.order(), as_user("specialist")
    office.step(order, "dispatch", "specialist", assignee=office["specialist"])
    typed = {"action": "start", "asked": "1", "rowid": [str(order.id)]}
    assert send(client, "/admin/work_order/action/", typed).status_code == 302
    again = send(client, "/admin/work_order/action/", typed)
    assert again.status_code == 200
    assert order.number in again.text, "with the reason why not a second time"
    db.session.rollback()
    assert [line.act for line in history.lines("work_order", order.id)] == [
        "create",
        "step:dispatch",
        "step:start",
    ]


def test_two_who_make_the_same_at_once(as_user: AsUser, office: Estate) -> None:
    """One key of that tag is made, the other is told; nobody meets a fault."""
    people = [as_user("specialist"), as_user("colleague")]
    marks = [token(client, "/profile") for client in people]
    db.session.remove()
    typed = {"tag": "A-77", "kind": "unit", "unit": "1-1-101", "lendable": "1"}

    def make(at: int) -> Any:
        return people[at].post(
            "/admin/key/new/", data={**typed, "csrf_token": marks[at], "submission": f"{at}" * 22}
        )

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(make, range(2)))
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    (said,) = next(told(answer.text) for answer in answers if answer.status_code == 422)
    assert chinese(said)
