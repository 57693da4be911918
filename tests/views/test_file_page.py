"""One file a unit: all that is about it on a page, drawn from the declarations, as far as one may see."""

import io
import re
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from office import Estate, lines
from sending import asked_of, photo, send

from app.declare.record import registry
from app.lists import whole_file

AsUser = Callable[[str], FlaskClient]
PEOPLE = lines(
    "people",
    {"kind": "owner", "full_name": "王先生", "phone": "13912345678", "since": "2020-01-01"},
    {"kind": "tenant", "full_name": "陈女士", "phone": "13812340042", "since": "2024-05-01"},
)


def registered(office: Estate) -> Any:
    """A unit's line in the register, with its people and a car."""
    car = lines("vehicles", {"plate": "苏A12345"})
    return office.create("owner_register", "specialist", unit=office["1-1-101"], **PEOPLE, **car)


def parts(page: str) -> dict[str, str]:
    """What stands on the page, by the headings."""
    soup = BeautifulSoup(page, "html.parser")
    told = {}
    for card in soup.select("main .card"):
        if (head := card.find("h2")) is not None:
            told[" ".join(head.get_text(" ", strip=True).split())] = card.get_text(" ", strip=True)
    return told


def test_all_that_is_about_a_unit_is_in_its_file(office: Estate, as_user: AsUser) -> None:
    registered(office)
    order, complaint = office.order(), office.complaint()
    loan = office.loan(office.key())
    office.step(office.order(), "void", "manager", void_reason="误报")
    page = as_user("supervisor").get(f"/admin/unit/whole_file/?id={office['1-1-101']}").text
    told = parts(page)
    assert next(iter(told)) == "业主信息", "first what belongs to it"
    assert "王先生" in told["业主信息"]
    assert "苏A12345" in told["业主信息"]
    assert order.number in told["派工单 在办 1 · 共 2"]
    assert complaint.number in told["客户投诉 在办 1 · 共 1"]
    assert "A-01" in told["钥匙 1"]
    assert loan.number in told["钥匙借用 在办 1 · 共 1"], "through the key that it lends"


def test_as_far_as_one_may_see(office: Estate, as_user: AsUser) -> None:
    registered(office)
    office.complaint()
    office.loan(office.key())
    address = f"/admin/unit/whole_file/?id={office['1-1-101']}"
    for name in ("manager", "supervisor", "specialist", "frontdesk"):
        page = as_user(name).get(address).text
        assert "13912345678" not in page, "numbers stay covered"
        assert "139 **** 5678" in page
    assert as_user("specialist2").get(address).status_code == 404, "another's building"
    assert as_user("other_manager").get(address).status_code == 404
    assert as_user("repairer").get(address).status_code in (403, 404)
    assert as_user("supervisor").get("/admin/building/whole_file/?id=1").status_code == 404, "it has none"


def test_a_customers_file(office: Estate, as_user: AsUser) -> None:
    register = registered(office)
    customer = register.people[0].customer
    order = office.order(customer=customer.id)
    told = parts(as_user("supervisor").get(f"/admin/customer/whole_file/?id={customer.id}").text)
    assert "139 **** 5678" in told["登记内容"]
    assert order.number in told["派工单 在办 1 · 共 1"]
    assert "1-1-101" in next(text for head, text in told.items() if head.startswith("业主信息"))


def test_papers_that_miss_are_told(office: Estate, as_user: AsUser) -> None:
    client, unit = as_user("specialist"), office["1-1-101"]
    address = f"/admin/unit/whole_file/?id={unit}"
    assert "缺 4 项" in client.get(address).text
    sent = {"kind": "contract", "file": (io.BytesIO(photo()), "合同.jpg")}
    assert send(client, f"/admin/unit/attach/?id={unit}", sent).status_code == 302
    told = parts(client.get(address).text)
    assert "入住资料 缺 合同 1 身份证复印件 缺" in told["档案资料 缺 3 项"]
    record = office.app and registry["unit"]
    assert {paper.kind for paper in whole_file.papers(record(use="unsold", code_name="x"), [])} == set()
    assert "renovation" in {paper.kind for paper in whole_file.papers(record(use="fitting_out"), [])}


def test_a_form_that_names_a_unit_stands_there_by_itself() -> None:
    unit = registry["unit"]
    about = {name for name, cls in registry.items() if cls is not unit and whole_file.way_to(cls, unit)}
    naming = {
        name
        for name, cls in registry.items()
        for field in cls.fields.values()
        if field.is_reference and not field.by_step and field.kind.target is unit
    }
    assert about >= naming >= {"work_order", "complaint", "key", "owner_register"}
    assert "key_loan" in about


def test_it_asks_no_more_of_a_unit_with_many_records(office: Estate, as_user: AsUser, app: Flask) -> None:
    registered(office)
    office.order()
    client, address = as_user("supervisor"), f"/admin/unit/whole_file/?id={office['1-1-101']}"
    client.get(address)
    with asked_of(app) as few:
        client.get(address)
    for _more in range(9):
        office.order()
    with asked_of(app) as many:
        page = client.get(address).text
    assert len(many) <= len(few) <= 40
    assert len(re.findall(r'class="line"', page)) == 6, "the newest"
    assert "全部 10 条" in page
