"""A step that stands on a list, on the first page or at a record can be taken by whoever sees it there; and a
list asks no more of the database for it.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import Estate
from sqlalchemy import event

from app.act import steps
from app.declare.record import registry
from app.ground.database import db

AsUser = Callable[[str], FlaskClient]
WORK = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}
PLAN = {"cause": "少人", "measures": "补人", "nature": "justified"}
FORMS = ("work_order", "complaint", "key", "key_loan")
EVERYBODY = (
    "manager",
    "supervisor",
    "supervisor2",
    "specialist",
    "colleague",
    "specialist2",
    "frontdesk",
    "repairer",
)


@pytest.fixture
def busy(office: Estate) -> Estate:
    """Orders, complaints, keys and loans of two buildings, each state of them in several hands."""
    for unit, keeper in (("1-1-101", "specialist"), ("2-1-201", "specialist2")):
        place = {"unit": office[unit]}
        office.order(**place)
        office.step(office.order(**place), "escalate", "frontdesk", escalation="业主急")
        for hand in ("repairer", "specialist", "specialist2"):
            for far in range(4):
                order = office.order(**place, urgency="emergency" if far == 3 else "normal")
                office.step(order, "dispatch", keeper, assignee=office[hand])
                for step, typed in (("start", {}), ("finish", WORK))[: min(far, 2)]:
                    office.step(order, step, keeper, **typed)
                if far == 3 and hand != "specialist2":
                    office.step(
                        order,
                        "follow_up",
                        keeper if hand != keeper else "colleague",
                        rating="2" if hand == "repairer" else "5",
                    )
        office.complaint(**place)
        for level, handler in (
            ("general", "supervisor"),
            ("serious", "supervisor"),
            ("general", keeper),
            ("general", "repairer"),
        ):
            for far in range(4):
                complaint = office.complaint(**place)
                office.step(
                    complaint, "accept", "supervisor2", level=level, class_="A", handler=office[handler]
                )
                if far:
                    office.step(complaint, "propose", handler, **PLAN)
                if far > 1:
                    office.step(complaint, "approve", "supervisor2" if level == "general" else "manager")
                if far > 2:
                    office.step(complaint, "reply", handler, answer_way="phone", answer="已补人")
        keys = [
            office.create("key", keeper, tag=f"{unit}-{at}", kind="unit", lendable="1", **place)
            for at in range(3)
        ]
        office.loan(keys[0], keeper)
        office.step(office.loan(keys[1], keeper), "report_lost", keeper, loss_story="掉了")
    return office


def rows(page: str) -> set[int]:
    """The ids of the records on a list."""
    return {int(key) for key in re.findall(r'<a href="/admin/\w+/details/\?id=(\d+)"', page)}


def offered(page: str) -> set[str]:
    """The addresses of the steps a page offers."""
    main = page[page.index("<main") :]
    return {
        match.replace("&amp;", "&")
        for match in re.findall(r'href="(/admin/\w+/step/\w+/\?id=\d+[^"]*)"', main)
    }


def test_what_is_offered_can_be_taken(busy: Estate, as_user: AsUser) -> None:
    wrong = []
    for name in EVERYBODY:
        client = as_user(name)
        pages = ["/", *(f"/admin/{form}/?size=200" for form in FORMS)]
        offers = {
            address: offered(answer.text)
            for address in pages
            if (answer := client.get(address)).status_code == 200
        }
        assert offers["/"], f"something waits for {name}"
        wrong += [
            (name, page, address)
            for page, every in offers.items()
            for address in sorted(every)
            if client.get(address).status_code != 200
        ]
    assert not wrong, wrong


def test_what_could_be_taken_is_offered_in_the_list(busy: Estate, as_user: AsUser) -> None:
    """At each row the first of the record's own steps that leads somewhere."""
    for name in EVERYBODY:
        client, person = as_user(name), busy.person(name)
        for form in FORMS:
            answer = client.get(f"/admin/{form}/?size=200")
            if answer.status_code != 200:
                continue
            cls: Any = registry[form]
            wanted = set()
            for record in db.session.execute(db.select(cls).where(cls.id.in_(rows(answer.text)))).scalars():
                able = (step for step, refusal in steps.judged(record, person) if refusal is None)
                first = next((step for step in able if step.targets and not step.danger), None)
                wanted |= {f"/admin/{form}/step/{first.name}/?id={record.id}"} if first else set()
            assert offered(answer.text) == wanted, (name, form)


def test_a_list_asks_once_more_at_most(busy: Estate, app: Flask, as_user: AsUser) -> None:
    """Whatever stands on it: where the rows tell too little, the records are read in one go."""
    clients = {name: as_user(name) for name in ("supervisor", "specialist", "frontdesk")}
    asked: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, *_rest: asked.append(statement))
    for name, client in clients.items():
        for form in ("work_order", "complaint", "key", "key_loan"):
            counts = []
            for question in ("created_at_to=2000-01-01", "created_at_from=2000-01-01"):
                asked.clear()
                page = client.get(f"/admin/{form}/?{question}&size=200").text
                counts.append((len(rows(page)), len(asked)))
            (none, before), (some, after) = counts
            assert (none, some > 1) == (0, True)
            assert after <= before + 2, (name, form, counts, "the rows, and once more")
