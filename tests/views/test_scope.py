"""A word planted in building 2 reaches nobody of building 1: by no page, count, suggestion, sheet or message;
and what a list says, its sheet says.
"""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from office import NOON, Estate, lines
from sending import asked_of, send

from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.lists import listing

AsUser = Callable[[str], FlaskClient]
WORD = "独角兽"
QUESTIONS: tuple[dict[str, str], ...] = (
    {},
    {"q": "独角", "search": "独角"},
    {"q": "0000"},
    {"unit": "3", "created_at_from": "2020-01-01"},
)
NOISE = re.compile(
    r'(?:nonce-|nonce=|name="(?:csrf_token|submission)" value=)"?[^"\s\']+|[0-9a-f]{12}|\?v=[0-9a-f]+'
)


def plant(office: Estate) -> dict[str, int]:
    """Everything there is in building 2, urgent and late, each with the word."""
    order = office.order(unit=office["2-1-201"], description=WORD, reporter=WORD, urgency="emergency")
    complaint = office.complaint(unit=office["2-1-201"], statement=WORD, complainant=WORD)
    key = office.create("key", "specialist2", tag=WORD, kind="unit", unit=office["2-1-201"], lendable="1")
    loan = office.create(
        "key_loan",
        "specialist2",
        key=key.id,
        borrower=WORD,
        phone="13700000001",
        reason=WORD,
        borrower_kind="staff",
    )
    people = lines("people", {"kind": "owner", "full_name": WORD, "phone": "13999990000"})
    register = office.create("owner_register", "specialist2", unit=office["2-1-201"], pets=WORD, **people)
    keys = {record.name: record.id for record in (order, complaint, key, loan, register)}
    return {
        **keys,
        "customer": register.people[0].customer_id,
        "unit": office["2-1-201"],
        "building": office["2栋"],
    }


def text_of(answer: Any) -> str:
    """Everything an answer says, a workbook's cells too."""
    if answer.data[:2] == b"PK":
        book = zipfile.ZipFile(io.BytesIO(answer.data))
        return "".join(book.read(name).decode("utf-8", "ignore") for name in book.namelist())
    return str(answer.json) if answer.is_json else answer.text


def test_a_word_planted_next_door_shows_nowhere(app: Flask, office: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    with clock.set_to(NOON):
        office.order()
        before = {
            page: NOISE.sub("", client.get(page).text)
            for page in ("/", "/admin/work_order/", "/admin/complaint/", "/admin/unit/", "/search?q=1-1-101")
        }
        planted = plant(office)
        assert {page: NOISE.sub("", client.get(page).text) for page in before} == before, (
            "not even a count moved"
        )
    for rule in app.url_map.iter_rules():
        form = rule.endpoint.partition(".")[0]
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("static", "home.static"):
            continue
        for name in [form] if form in planted else planted if "<form>" in rule.rule else ["work_order"]:
            address = rule.rule.replace("<form>", name).replace("<export_type>", "xlsx")
            steps = (
                list(getattr(registry[name], "steps", {"none": None})) if "<step_name>" in address else [""]
            )
            for step in steps:
                asks = rule.endpoint.rpartition(".")[2] in (
                    "index_view",
                    "look_up",
                    "searching",
                    "export",
                    "print_view",
                )
                for query in ({"id": planted[name]}, *(QUESTIONS if asks else ())):
                    answer = client.get(address.replace("<step_name>", step), query_string=query)
                    said = text_of(answer)
                    assert WORD not in said, (address, query)
                    assert answer.status_code < 500, (address, query)


def test_nor_by_a_selection_of_all(office: Estate, as_user: AsUser) -> None:
    planted, client = plant(office), as_user("specialist")
    order: Any = db.session.get(registry["work_order"], planted["work_order"])
    office.step(order, "dispatch", "specialist2", assignee=office["repairer"])
    ids = [str(order.id)]
    for typed in (
        {"rowid": ids},
        {"all": "1", "address": "search=独角"},
        {"all": "1", "address": "unit=" + str(office["2-1-201"])},
    ):
        answer = send(client, "/admin/work_order/action/", {"action": "start", "asked": "1", **typed})
        assert WORD not in answer.text
    db.session.rollback()
    assert order.state == "dispatched"


def test_the_sheet_is_the_list_while_others_go_on_writing(office: Estate, as_user: AsUser) -> None:
    """All that were there when it began, each once; not the page alone, and none by halves."""
    numbers = [office.order().number for _n in range(60)]
    client = as_user("manager")
    answer = client.get("/admin/work_order/export/xlsx/?size=20", buffered=False)
    chunks = iter(answer.iter_encoded())
    begun = [next(chunks)]
    later = [office.order().number for _n in range(5)]
    data = b"".join([*begun, *chunks])
    book = zipfile.ZipFile(io.BytesIO(data))
    said = "".join(
        book.read(name).decode("utf-8", "ignore")
        for name in book.namelist()
        if "sheet" in name or "shared" in name
    )
    numbers_read = re.findall(r"PG-\d{6}-\d{4}", said)
    assert len(numbers_read) == len(set(numbers_read))
    assert set(numbers) <= set(numbers_read) <= {*numbers, *later}


def test_a_large_form_asks_no_more_than_a_small_one(app: Flask, office: Estate, as_user: AsUser) -> None:
    """Fifty lines: the same few questions to the database as with one."""
    people = [{"kind": "family", "full_name": f"住户{n}", "phone": f"1390000{n:04}"} for n in range(50)]
    large = office.create(
        "owner_register", "specialist", unit=office["1-1-101"], **lines("people", *people)
    ).id
    small = office.create(
        "owner_register", "specialist", unit=office["1-1-102"], **lines("people", people[0])
    ).id
    client, asked = as_user("specialist"), {}
    for view in ("edit", "details"):
        for key in (small, large):
            client.get(f"/admin/owner_register/{view}/?id={key}")
            with asked_of(app) as said:
                client.get(f"/admin/owner_register/{view}/?id={key}")
            asked[view, key] = len(said)
        assert asked[view, large] == asked[view, small] <= 20, asked


def test_a_list_looked_at_again_leaves_nothing_behind(office: Estate, as_user: AsUser) -> None:
    """The statements of a list are kept, each once."""
    client = as_user("manager")
    for name in ("unit", "customer", "building", "work_order", "key"):
        cls: Any = registry[name]
        kept = set()
        for _time in range(3):
            assert client.get(f"/admin/{name}/").status_code == 200
            kept.add(len(listing.plan_of(cls, tuple(cls.shows))._made))
        assert len(kept) == 1, name
