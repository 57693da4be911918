"""A rule that refuses says so: at its box where that stands on the page, else above it by the box's label."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import NOON, Estate, lines
from sending import COMPLAINT, ORDER, boxes, send, told

from app.act.entry import Wrong
from app.declare.record import registry
from app.ground import clock

AsUser = Callable[[str], FlaskClient]
NO = "这样不行。"
LOAN = {"borrower_kind": "staff", "pledge": "none"}


def refusing(monkeypatch: pytest.MonkeyPatch, form: str, name: str) -> None:
    """Have the form's rule refuse what stands in a box."""

    def check(record: Any) -> None:
        raise Wrong(name, NO)

    monkeypatch.setattr(registry[form], "check", check)


@pytest.mark.parametrize("form", ["work_order", "complaint", "key_loan"])
def test_each_box_of_a_form_is_named_wherever_its_rule_refuses(
    office: Estate, as_user: AsUser, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Whether the page at hand has the box or not: in a new form, an edit and a step's dialog."""
    client, key = as_user("specialist"), office.key()
    record = {"work_order": office.order, "complaint": office.complaint}.get(form, lambda: office.loan(key))()
    step, asked = {
        "work_order": ("dispatch", {"assignee": "郑师傅"}),
        "complaint": ("void", {"void_reason": "重复"}),
        "key_loan": ("extend", {"remark": "还要一天"}),
    }[form]
    names = {"work_order": "frontdesk", "complaint": "frontdesk", "key_loan": "specialist"}
    voider = as_user("manager") if form == "complaint" else client
    made = {"work_order": ORDER, "complaint": COMPLAINT}.get(form) or {
        **LOAN,
        "key": key.tag,
        "borrower": "郑师傅",
        "phone": "13700000001",
        "reason": "检修",
        "lent_at": "2026-11-20T10:00",
        "due_back": "2027-01-01T10:00",
    }
    maker, editor = as_user(names[form]), client if form != "complaint" else as_user("frontdesk")
    edit = f"/admin/{form}/edit/?id={record.id}"
    had = {**made, **boxes(editor.get(edit).text)} if editor.get(edit).status_code == 200 else None
    cls = registry[form]
    for name, field in cls.fields.items():
        refusing(monkeypatch, form, name)
        answers = {"new": send(maker, f"/admin/{form}/new/", made)}
        if had is not None:
            answers["edit"] = send(editor, edit, had)
        answers["step"] = send(voider, f"/admin/{form}/step/{step}/?id={record.id}", asked)
        for where, answer in answers.items():
            said = [line for line in told(answer.text) if NO in line]
            assert (answer.status_code, len(said)) == (422, 1), (where, name, told(answer.text))
            assert said[0].startswith(str(field.label)), (where, name, said)


def test_what_is_worked_out_in_a_line_is_said_at_the_line(office: Estate, as_user: AsUser) -> None:
    order = office.order()
    office.step(order, "dispatch", "specialist", assignee=office["specialist"])
    office.step(order, "start", "specialist")
    typed = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}
    rows = lines(
        "materials",
        {},
        {"item": "管", "quantity": "1", "price": "1"},
        {"item": "泵", "quantity": "999999", "price": "99999999"},
    )
    answer = send(as_user("specialist"), f"/admin/work_order/step/finish/?id={order.id}", {**typed, **rows})
    assert answer.status_code == 422
    (said,) = told(answer.text)
    assert said.startswith("用料 2 · 金额"), said


def test_a_rule_about_a_line_is_said_at_the_line(office: Estate, as_user: AsUser) -> None:
    """The lines left empty before it don't count."""
    until = {"kind": "tenant", "full_name": "王建国", "since": "2026-11-01", "until": "2026-10-01"}
    typed = {"unit": "1-1-101", **lines("people", {}, {"kind": "owner", "full_name": "王小明"}, {}, until)}
    answer = send(as_user("specialist"), "/admin/owner_register/new/", typed)
    assert answer.status_code == 422
    (said,) = told(answer.text)
    assert "2 · 止：" in said, said
    assert 'id="people-3-until-wrong"' in answer.text, "beside its box too"


def test_due_back_before_it_was_lent_is_said_where_due_back_is_no_box(
    office: Estate, as_user: AsUser
) -> None:
    """When it is due back is agreed once: an edit has no box for it."""
    with clock.set_to(NOON - timedelta(days=3)):
        loan = office.loan(office.key())
    client = as_user("specialist")
    with clock.set_to(NOON):
        had = boxes(client.get(f"/admin/key_loan/edit/?id={loan.id}").text)
        typed = {**had, **LOAN, "lent_at": "2026-11-24T11:00"}
        answer = send(client, f"/admin/key_loan/edit/?id={loan.id}", typed)
    assert answer.status_code == 422
    (said,) = told(answer.text)
    assert said.startswith("应还时间"), said
