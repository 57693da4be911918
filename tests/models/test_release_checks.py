"""What is looked at before goods leave: nothing keeps them back, the supervisor decides and says why."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from office import NOON, Estate, lines
from sending import send

from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history, history_verify

AsUser = Callable[[str], FlaskClient]
OWNER = {"kind": "owner", "full_name": "王先生", "phone": "13912345678", "lives_here": "1"}
TENANT = {"kind": "tenant", "full_name": "赵女士", "phone": "13612345678", "lives_here": "1"}
CHILD = {"kind": "family", "full_name": "王小明", "lives_here": "1"}
LEAVING = {"reason": "moving_out", "day": "2026-11-27", "told_on": "2026-11-24"}
UMBRELLAS = {"kind": "umbrella", "most": "3", "limit_days": "2", "numbered": ""}
METERS = {"water_reading": "812", "power_reading": "10455"}


def checks(page: str) -> dict[str, str]:
    """What each check on a page says; nothing open is empty."""
    said = {}
    for line in BeautifulSoup(page, "html.parser").select(".checks li"):
        label, *parts = [part.get_text() for part in line.select("span, a")]
        said[label] = "" if parts == ["无"] else " ".join(parts)
    return said


def entered(office: Estate, *people: dict[str, str], **more: str) -> Any:
    """The register's line of 1-1-101."""
    unit = office["1-1-101"]
    return office.create("owner_register", "specialist", unit=unit, **lines("people", *people), **more)


def page_of(client: FlaskClient, slip: Any) -> str:
    return client.get(f"/admin/release_slip/details/?id={slip.id}").text


def acts_on(slip: Any) -> list[Any]:
    """What the history says of the checks that were passed."""
    db.session.rollback()
    told = [line.changes for line in history.lines(slip.name, slip.id)]
    return [changes["checks"][1] for changes in told if "checks" in changes]


def test_nothing_open_is_the_specialists_to_approve(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        entered(office, OWNER, paid_until="2026-12-31")
        slip, specialist = office.slip(), as_user("specialist")
        green = {"欠费": "", "未结违章": "", "未还物品": "", "未还钥匙": ""}
        assert checks(page_of(specialist, slip)) == green
        address = f"/admin/release_slip/step/approve/?id={slip.id}"
        assert checks(specialist.get(address).text) == green
        assert send(specialist, address, {"version": "1"}).status_code == 302
    assert acts_on(slip) == []


def test_with_something_open_the_supervisor_says_why(office: Estate, as_user: AsUser) -> None:
    """Arrears, a violation, something lent and a key out are told, each with its page; the specialist no
    longer approves, the supervisor does with a reason, and all of it is on record.
    """
    with clock.set_to(NOON):
        entered(office, OWNER, TENANT, paid_until="2026-09-30")
        there = {"person": "赵女士", "finding": "楼道堆物", "kind": "common_area"}
        violation = office.create("violation", "specialist", unit=office["1-1-101"], **there)
        loan = office.loan(office.key())
        item = office.create("item", "supervisor", called="爱心伞", **UMBRELLAS)
        office.step(item, "take_in", "supervisor", came="5")
        lent = {"borrower": "赵女士", "phone": "13612345678", "told": "1", "unit": office["1-1-101"]}
        umbrella = office.create("item_loan", "frontdesk", item=item.id, **lent)
        slip, specialist, supervisor = (
            office.slip(applicant_kind="tenant"),
            as_user("specialist"),
            as_user("supervisor"),
        )
        page = page_of(supervisor, slip)
        assert checks(page) == {
            "欠费": "物业费交至 2026-09-30。",
            "未结违章": violation.number,
            "未还物品": umbrella.number,
            "未还钥匙": loan.number,
            "业主同意": "业主尚未同意。",
        }
        assert f'href="/admin/violation/details/?id={violation.id}"' in page
        address = f"/admin/release_slip/step/approve/?id={slip.id}"
        assert send(specialist, address, {"version": "1", "reason_to_pass": "x"}).status_code == 403
        slip = db.session.get(registry["release_slip"], slip.id)
        assert send(supervisor, address, {"version": str(slip.version)}).status_code == 422
        sent = {"version": str(slip.version), "reason_to_pass": "业主电话担保，月底结清"}
        assert send(supervisor, address, sent).status_code == 302
        (passed,) = acts_on(slip)
        assert passed["why"] == "业主电话担保，月底结清"
        assert [each["check"][0] for each in passed["open"]] == [
            *("欠费", "未结违章", "未还物品", "未还钥匙", "业主同意")
        ]
        page = page_of(as_user("manager"), slip)
        assert "业主电话担保，月底结清" in page
        assert violation.number in page
    assert list(history_verify.verify([registry["release_slip"]])) == []


def test_three_days_notice_before_moving_out(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        supervisor = as_user("supervisor")
        in_time, late = office.slip(**LEAVING), office.slip(**{**LEAVING, "day": "2026-11-25"})
        assert checks(page_of(supervisor, in_time))["提前告知"] == ""
        assert checks(page_of(supervisor, late))["提前告知"] == "提前 1 天告知，应为 3 天。"


@pytest.mark.parametrize(
    ("people", "left"),
    [
        ([OWNER, TENANT], [("王先生", True, None), ("赵女士", False, date(2026, 11, 27))]),
        ([OWNER, CHILD], [("王先生", False, None), ("王小明", False, date(2026, 11, 27))]),
    ],
)
def test_moving_out_ends_who_lives_there(office: Estate, people: list[Any], left: list[Any]) -> None:
    """A tenant leaves on that day and the owner stays what they were; without a tenant the owner's household
    leaves, and remains the owner's. The unit stands empty then, with its last readings; said once, though two
    vans leave.
    """
    with clock.set_to(NOON):
        register = entered(office, *people)
        slip = office.slip(applicant_kind="owner", **LEAVING)
        second = office.slip(applicant_kind="owner", **LEAVING)
        for each in (slip, second):
            office.step(each, "approve", "supervisor", **METERS)
    with clock.set_to(clock.from_local(clock.local(NOON).replace(day=27, tzinfo=None))):
        for each in (slip, second):
            office.step(each, "release", "frontdesk", guard_name="岗亭甲")
    db.session.expire_all()
    assert [(each.full_name, each.lives_here, each.until) for each in register.people] == left
    (change,) = db.session.execute(db.select(registry["vacancy_change"])).scalars()
    assert (change.kind, change.reason, change.remark) == ("vacated", "moved_out", slip.number)
    assert (str(change.water_reading), str(change.power_reading)) == ("812.000", "10455.000")
    assert [row.state for row in db.session.execute(db.select(registry["vacancy_ledger"])).scalars()]
    last = history.lines("owner_register", register.id)[-1]
    assert (last.act, last.clause, last.user_name) == ("moved_out", "F1", "周前台")
    assert list(history_verify.verify([registry["owner_register"], registry["customer"]])) == []


def test_what_is_refused_at_the_gate_ends_nothing(office: Estate) -> None:
    with clock.set_to(NOON):
        register = entered(office, OWNER, TENANT)
        slip = office.slip(
            applicant_kind="tenant", **{**LEAVING, "told_on": "2026-11-20"}, owner_consent="同意"
        )
        office.step(slip, "approve", "supervisor", **METERS)
        office.step(slip, "refuse", "frontdesk", guard_name="岗亭甲", refused_why="多出一台空调")
    assert [each.until for each in register.people] == [None, None]
