"""Whatever is typed or forged: a sentence at its box in the person's language, all that was typed still
there, nothing saved.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from fuzz import OURS
from office import Estate, lines
from sending import COMPLAINT, ORDER, boxes, chinese, send, sentence, token, told

from app.declare.record import registry
from app.ground.database import db
from app.keep import history_verify, numbers

AsUser = Callable[[str], FlaskClient]
LONG = "水" * 100_000
EMPTY = (
    ("work_order", "frontdesk", 3),
    ("complaint", "frontdesk", 3),
    ("key_loan", "specialist", 4),
    ("key", "specialist", 1),
    ("owner_register", "specialist", 1),
    ("customer", "specialist", 1),
    ("unit", "specialist", 2),
    ("building", "manager", 1),
    ("user", "manager", 2),
)
TEXTS = (
    "😀👩‍👩‍👧",
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A0",
    "＝1+1",
    "@SUM(1)",
    '"><svg onload=alert(1)>',
    "{{7*7}}",
    "%s %(x)s",
    "é\u0301",
)
AMOUNTS = (
    "-1",
    "-0.01",
    "1.0123456789",
    "0.001",
    "1e400",
    "NaN",
    "Infinity",
    "一百",
    "9" * 30,
    "1.2.3",
    "0x10",
)
DAYS = (
    "2026-02-31",
    "2026-02-31T10:00",
    "2026-13-01T10:00",
    "31.02.2026",
    "0000-00-00T00:00",
    "99999-01-01",
    "2026-11-24T25:00",
    "明天",
    "1899-12-31",
)
ODD = ("²", "1" * 5000, "\0", "9" * 18, "😀", "٣", "-1", "1.5", "' OR 1=1 --", "%", "\u202egpj", "../../etc")


def saved(form: str) -> list[Any]:
    """All records of a form, by their history's end."""
    db.session.rollback()
    cls: Any = registry[form]
    return list(db.session.execute(db.select(cls.id, cls.version, cls.head).order_by(cls.id)))


def values(form: str, *names: str) -> list[Any]:
    """Some boxes of all records of a form."""
    db.session.rollback()
    cls: Any = registry[form]
    return [
        tuple(row)
        for row in db.session.execute(db.select(*(getattr(cls, name) for name in names)).order_by(cls.id))
    ]


def test_empty_boxes_are_each_named(as_user: AsUser, office: Estate) -> None:
    people = {name: as_user(name) for name in ("manager", "specialist", "frontdesk")}
    for form, name, needed in EMPTY:
        before, answer = saved(form), send(people[name], f"/admin/{form}/new/", {})
        assert answer.status_code == 422
        sentences = told(answer.text)
        assert len(sentences) >= needed, (form, sentences)
        assert all(chinese(sentence) for sentence in sentences), (form, sentences)
        assert saved(form) == before


@pytest.mark.parametrize(("form", "given"), [("work_order", ORDER), ("complaint", COMPLAINT)])
def test_what_was_typed_is_still_there(
    as_user: AsUser, office: Estate, form: str, given: dict[str, str]
) -> None:
    typed = {**given, "phone": "12", "remark": "a\nb <i>&amp;"}
    answer = send(as_user("frontdesk"), f"/admin/{form}/new/", typed)
    assert answer.status_code == 422
    kept = boxes(answer.text)
    assert {"unit", "phone"} <= kept.keys()
    assert {box: kept[box] for box in typed if box in kept} == {
        box: text for box, text in typed.items() if box in kept
    }
    assert saved(form) == []


def test_a_hundred_thousand_characters(as_user: AsUser, office: Estate) -> None:
    client = as_user("frontdesk")
    answer = send(client, "/admin/work_order/new/", {**ORDER, "description": LONG, "reporter": LONG})
    assert answer.status_code == 422
    sentences = told(answer.text)
    assert len(sentences) == 2
    assert all("100000" in sentence and chinese(sentence) for sentence in sentences), sentences
    assert boxes(answer.text)["description"] == LONG, "nothing of it is lost"
    assert saved("work_order") == []
    send(client, "/language", {"locale": "en"})
    sentences = told(
        send(client, "/admin/work_order/new/", {**ORDER, "description": LONG, "phone": "x"}).text
    )
    assert len(sentences) == 2
    assert all(sentence.isascii() for sentence in sentences), "in English for who reads English"


def test_odd_texts_are_kept_as_written_and_run_nowhere(as_user: AsUser, office: Estate) -> None:
    client = as_user("specialist")
    for text in TEXTS:
        answer = send(client, "/admin/work_order/new/", {**ORDER, "description": text, "reporter": text})
        assert answer.status_code == 302, told(answer.text)
    assert values("work_order", "description", "reporter") == [(text, text) for text in TEXTS]
    keys = [key for (key,) in values("work_order", "id")]
    pages = [
        f"/admin/work_order/{view}/?id={key}"
        for key in keys
        for view in ("details", "edit", "print", "step/dispatch")
    ]
    pages += [
        "/",
        "/admin/work_order/",
        "/admin/work_order/print/",
        *("/search?" + urlencode({"q": text}) for text in TEXTS),
    ]
    for page in pages:
        shown = client.get(page, follow_redirects=True)
        assert shown.status_code == 200, page
        assert "<script>alert" not in shown.text, page
        assert "<svg onload" not in shown.text, page


def test_unseen_signs_are_left_out(as_user: AsUser, office: Estate) -> None:
    client = as_user("frontdesk")
    for text in ("a\0b", "水\u202e管\u2066", "\ufeff漏水\x07", "一\r\n二"):
        assert send(client, "/admin/work_order/new/", {**ORDER, "description": text}).status_code == 302
    assert values("work_order", "description") == [("ab",), ("水管",), ("漏水",), ("一\n二",)]


def test_amounts_that_are_none(as_user: AsUser, office: Estate) -> None:
    order = office.order()
    office.step(order, "dispatch", "specialist", assignee=office["specialist"])
    office.step(order, "start", "specialist")
    client, key, version, before = as_user("specialist"), order.id, order.version, saved("work_order")
    for amount in AMOUNTS:
        typed = {
            "outcome": "repaired",
            "cause": "老化",
            "work_done": "换管",
            "customer_signed": "1",
            "version": str(version),
            "labour_fee": amount,
            **lines("materials", {"item": "管", "quantity": "1", "price": amount}),
        }
        answer = send(client, f"/admin/work_order/step/finish/?id={key}", typed)
        assert answer.status_code == 422, amount
        sentences = told(answer.text)
        assert len(sentences) == 2, (amount, sentences)
        assert all(chinese(sentence) for sentence in sentences), sentences
        kept = boxes(answer.text)
        assert (
            kept["labour_fee"],
            kept["materials-0-price"],
            kept["materials-0-item"],
            kept["work_done"],
        ) == (
            amount,
            amount,
            "管",
            "换管",
        )
    assert saved("work_order") == before


def test_days_that_are_none(as_user: AsUser, office: Estate) -> None:
    desk, keeper = as_user("frontdesk"), as_user("specialist")
    for day in DAYS:
        answer = send(desk, "/admin/work_order/new/", {**ORDER, "appointed_at": day})
        assert answer.status_code == 422, day
        (said,) = told(answer.text)
        assert chinese(said)
        assert boxes(answer.text)["appointed_at"] == day
        people = lines("people", {"kind": "owner", "full_name": "王建国", "since": day})
        answer = send(keeper, "/admin/owner_register/new/", {"unit": "1-1-101", "move_in": day, **people})
        assert answer.status_code == 422, day
        assert len(told(answer.text)) == 2
        assert boxes(answer.text)["people-0-since"] == day
    assert saved("work_order") == saved("owner_register") == []


def test_back_before_it_was_lent(as_user: AsUser, office: Estate) -> None:
    loan, client = office.loan(office.key()), as_user("specialist")
    before = saved("key_loan")
    typed = {"returned_at": "2020-01-01T10:00", "returner": "郑师傅", "version": str(loan.version)}
    answer = send(client, f"/admin/key_loan/step/take_back/?id={loan.id}", typed)
    assert answer.status_code == 422
    assert any("借出" in sentence for sentence in told(answer.text)), told(answer.text)
    assert boxes(answer.text)["returned_at"] == "2020-01-01T10:00"
    assert saved("key_loan") == before


def test_forged_numbers_signs_and_names_break_no_page(app: Flask, as_user: AsUser, office: Estate) -> None:
    """Every address with every parameter forged: a page or a sentence, never a fault of ours."""
    key = str(office.order().id)
    office.create(
        "owner_register",
        "specialist",
        unit=office["1-1-101"],
        **lines("people", {"kind": "owner", "full_name": "欧阳"}),
    )
    client, broken = as_user("manager"), []
    mark = token(client, "/profile")
    for rule in app.url_map.iter_rules():
        form = rule.endpoint.partition(".")[0]
        if rule.endpoint in ("logout", "sign_out_everywhere", "static", "home.static") or (
            form in registry and form not in ("work_order", "owner_register", "user")
        ):
            continue
        address = (
            rule.rule.replace("<form>", "work_order")
            .replace("<export_type>", "xlsx")
            .replace("<step_name>", "dispatch")
        )
        for odd in ODD[:5]:
            given = {**dict.fromkeys(OURS, odd), "id": key}
            for method in sorted(set(rule.methods or ()) & {"GET", "POST"}):
                data = {**given, "csrf_token": mark, "username": "manager"} if method == "POST" else None
                answer = client.open(address, method=method, query_string=given, data=data)
                answer.close()
                if answer.status_code >= 500:
                    broken.append((method, address, odd[:8], answer.status_code))
    assert not broken, "\n".join(map(str, broken))


def test_lists_ignore_what_no_filter_knows(as_user: AsUser, office: Estate) -> None:
    """Undeclared filters, sorts and paths into other tables are never evaluated."""
    office.order(phone="13812340042")
    client = as_user("frontdesk")
    odd = [
        {name: odd}
        for odd in ODD
        for name in ("page", "size", "sort", "unit", "created_at_from", "office.phone", "after", "before")
    ]
    odd += [
        {"sort": "-total", "after": odd}
        for odd in ("5", "~5", "NaN~5", "1e999~5", "0.001~5", "12.50~²", "12.50~5")
    ]
    odd += [{"after": odd} for odd in ("2026-02-31~5", "~5", "12~5")]
    for given in (
        {"phone": "1"},
        {"phone__startswith": "138"},
        {"flt0_phone_contains": "138"},
        {"flt1_0": "138"},
        {"phone_from": "1"},
        {"assignee__password_hash": "$argon2"},
        {"created_by.password_hash": "$argon2"},
        {"sort": "phone"},
        {"sort": "-password_hash"},
        {"id": "1,2"},
        *odd,
    ):
        answer = client.get("/admin/work_order/", query_string=given)
        assert answer.status_code == 200, given
        assert ("厨房水管漏水" in answer.text) == (given.get("unit", "\0") == "\0"), (
            "what names no unit finds none"
        )


def test_a_filter_that_is_set_is_named_and_can_be_cleared(as_user: AsUser, office: Estate) -> None:
    office.order(), office.order(unit=office["1-1-102"], category="gas", description="煤气味")
    client = as_user("manager")
    for given, there, away in (
        ({"unit-id": str(office["1-1-101"])}, "厨房水管漏水", "煤气味"),
        ({"unit": "1-1-101"}, "厨房水管漏水", "煤气味"),
        ({"category": "gas"}, "煤气味", "厨房水管漏水"),
        ({"created_at_from": "2020-01-01"}, "煤气味", "不会有的"),
        ({"created_at_to": "2020-01-01"}, "2020", "煤气味"),
    ):
        page = client.get("/admin/work_order/", query_string=given)
        assert page.status_code == 200, given
        assert there in page.text
        assert away not in page.text
        assert 'class="chip on"' in page.text


def test_a_name_for_signing_in_that_is_taken(as_user: AsUser, office: Estate) -> None:
    """Also by somebody of another office."""
    before, client = saved("user"), as_user("manager")
    for name in ("specialist", "other_specialist"):
        answer = send(client, "/admin/user/new/", {"full_name": "新人", "username": name, "active": "1"})
        assert answer.status_code == 422
        assert [chinese(sentence) for sentence in told(answer.text)] == [True]
        assert boxes(answer.text)["full_name"] == "新人"
    assert saved("user") == before


def test_without_its_token_nothing_is_written(as_user: AsUser, office: Estate) -> None:
    client = as_user("frontdesk")
    for mark in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}):
        answer = client.post("/admin/work_order/new/", data={**ORDER, **mark})
        assert answer.status_code == 400
        assert chinese(sentence(answer.text))
        assert 'href="/admin/work_order/new/"' in answer.text, "the way back to what was typed"
    assert saved("work_order") == []


def test_a_fault_of_ours_has_a_sentence_and_shows_nothing_inside(
    as_user: AsUser, office: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_said: Any) -> Any:
        raise RuntimeError("a secret of the inside")

    client = as_user("frontdesk")
    monkeypatch.setattr(numbers, "give", broken)
    answer = send(client, "/admin/work_order/new/", ORDER)
    assert answer.status_code == 500
    assert chinese(sentence(answer.text))
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    monkeypatch.undo()
    assert saved("work_order") == []
    assert send(client, "/admin/work_order/new/", ORDER).status_code == 302
    assert list(history_verify.verify([registry["work_order"]])) == []
