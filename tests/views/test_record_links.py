"""Every link on a record's page opens for whoever sees it there; one that says how many leads to so many."""

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from office import Estate

from app.declare.record import registry
from app.ground.database import db
from tests.views.test_offered import busy, rows  # noqa: F401

AsUser = Callable[[str], FlaskClient]
EVERYBODY = ("manager", "supervisor", "specialist", "specialist2", "frontdesk", "repairer")
FORMS = ("unit", "work_order", "complaint", "key", "key_loan", "building", "owner_register")


def links(page: str) -> dict[str, str]:
    """The addresses that a page's main part leads to, with what is written on them."""
    main = page[page.index("<main") : page.index("</main>")]
    matches = re.findall(r'<a [^>]*href="([^"#]+)"[^>]*>(.*?)</a>', main, re.DOTALL)
    return {html.unescape(address): re.sub(r"<[^>]+>", "", text).strip() for address, text in matches}


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_link_opens_and_a_counted_one_leads_to_that_many(
    busy: Estate,  # noqa: F811
    as_user: AsUser,
    name: str,
) -> None:
    closed = busy.order()
    busy.step(closed, "void", "manager", void_reason="重复")
    people = {"people-count": "1", "people-0-kind": "owner", "people-0-full_name": "王建国"}
    busy.create("owner_register", "specialist", unit=busy["1-1-101"], special_care="独居老人", **people)
    client, seen, counted = as_user(name), set[str](), 0
    for form in FORMS:
        cls = registry[form]
        for key in db.session.execute(db.select(cls.id).order_by(cls.id.desc()).limit(4)).scalars().all():
            page = client.get(f"/admin/{form}/details/?id={key}")
            if page.status_code != 200:
                continue
            for address, text in links(page.text).items():
                if address in seen:
                    continue
                seen.add(address)
                answer = client.get(address)
                assert answer.status_code == 200, (form, key, address, text)
                if number := re.search(r"在办 (\d+)$", text):
                    assert len(rows(answer.text)) == int(number[1]), (address, text)
                    assert f"/ {number[1]}</span>" in answer.text, (address, text)
                    counted += 1
    assert seen or name == "repairer"
    assert counted or name not in ("manager", "supervisor", "specialist", "frontdesk")


def test_the_records_in_hand_are_a_choice_of_the_list_that_says_so(busy: Estate, as_user: AsUser) -> None:  # noqa: F811
    closed = busy.order(description="重复的一单")
    busy.step(closed, "void", "manager", void_reason="重复")
    client = as_user("supervisor")
    page = client.get(f"/admin/work_order/?unit-id={busy['1-1-101']}&state=open").text
    assert closed.id not in rows(page)
    assert re.search(r'state=open[^>]*aria-current="page">在办<em>', page), "what was chosen is said"
    assert closed.id in rows(client.get(f"/admin/work_order/?unit-id={busy['1-1-101']}").text)
    assert "重复的一单" not in client.get("/admin/work_order/print/?state=open").text
    assert client.get("/admin/work_order/export/xlsx/?state=open").status_code == 200
