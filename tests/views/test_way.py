"""The line of states above a record: the stations it passed, where it stands, and what lies ahead; nothing it
never was in.
"""

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from office import Estate

from app.ground import clock

AsUser = Callable[[str], FlaskClient]
DONE = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}


def way(client: FlaskClient, record: Any) -> list[tuple[str, str]]:
    """(class, state) of each station."""
    page = client.get(f"/admin/{record.name}/details/?id={record.id}").text
    return re.findall(
        r'<li class="(\w*)"(?: aria-current="step")?>([^<]+)',
        page[page.index('<ol class="path"') :].split("</ol>")[0],
    )


def test_a_voided_record_shows_only_what_it_passed(office: Estate, as_user: AsUser) -> None:
    client = as_user("manager")
    fresh, begun = office.order(), office.order()
    office.step(fresh, "void", "manager", void_reason="重复")
    assert way(client, fresh) == [("past", "已报修"), ("past", "已作废")]
    office.step(begun, "dispatch", "specialist", assignee=office["colleague"])
    office.step(begun, "void", "manager", void_reason="重复")
    assert way(client, begun) == [("past", "已报修"), ("past", "已派工"), ("past", "已作废")]


def test_what_was_skipped_was_not_passed(office: Estate, as_user: AsUser) -> None:
    """An order held before anybody was there; one filed that nobody had to follow up; a complaint explained
    and referred.
    """
    client = as_user("manager")
    held = office.order()
    office.step(held, "dispatch", "specialist", assignee=office["colleague"])
    until = f"{clock.local(clock.end_of_day()):%Y-%m-%dT%H:%M}"
    office.step(held, "hold", "specialist", hold_reason="等配件", hold_until=until)
    assert way(client, held)[:3] == [("past", "已报修"), ("past", "已派工"), ("now", "挂起")]
    assert [kind for kind, _state in way(client, held)[3:]] == [""] * 4
    orders = [office.order() for _n in range(2)]
    order = next(order for order in orders if order.number[-1] not in "1479")
    for step, typed in (("dispatch", {"assignee": office["colleague"]}), ("start", {}), ("finish", DONE)):
        office.step(order, step, "specialist", **typed)
    office.step(order, "file", "frontdesk")
    assert [kind for kind, _state in way(client, order)] == ["past"] * 5, (
        "reported, dispatched, in progress, finished, filed"
    )
    complaint = office.complaint()
    office.step(complaint, "accept", "supervisor", level="general", class_="C", handler=office["specialist"])
    office.step(complaint, "refer", "specialist", referred_to="街道", answer_way="phone", answer="不归我们管")
    assert [kind for kind, _state in way(client, complaint)] == ["past", "past", "now", "", ""]


def test_a_new_visit_is_on_its_way_again(office: Estate, as_user: AsUser) -> None:
    order = office.order()
    for step, typed in (("dispatch", {"assignee": office["colleague"]}), ("start", {}), ("finish", DONE)):
        office.step(order, step, "specialist", **typed)
    office.step(order, "reopen", "specialist", assignee=office["colleague"], remark="还漏")
    assert [kind for kind, _state in way(as_user("manager"), order)] == ["past", "now", "", "", "", ""]
