"""What leaves the estate: written at the desk, approved for a day, compared at the gate, ticked off when the
slip is back.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from office import NOON, Estate, WrongBoxes, lines
from sending import send, told

from app.act import acts
from app.act.entry import Wrong
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history
from app.people.refusal import Refusal

AsUser = Callable[[str], FlaskClient]
LETTING_OUT = {"guard_name": "岗亭甲"}


def slips() -> list[Any]:
    """Those there are, as the database has them now."""
    db.session.rollback()
    cls: Any = registry["release_slip"]
    return list(db.session.execute(db.select(cls).order_by(cls.id)).scalars())


def test_from_the_desk_to_the_gate_and_back(office: Estate, as_user: AsUser) -> None:
    """Written, approved, released and ticked off over HTTP, as the desk and a specialist do."""
    desk, specialist = as_user("frontdesk"), as_user("specialist")
    typed = {
        "unit": "1-1-101",
        "applicant_kind": "owner",
        "applicant": "王先生",
        "phone": "13912345678",
        "reason": "moving_part",
        "authority": "in_person",
        "day": f"{clock.today():%Y-%m-%d}",
        "plate": "沪A12345",
        **lines("goods", {"item": "旧沙发", "count": "2", "counted_in": "套", "kind": "household"}),
    }
    answer = send(desk, "/admin/release_slip/new/", typed)
    assert answer.status_code == 302, told(answer.text)
    (slip,) = slips()
    assert slip.number.startswith("FX-")
    assert (slip.state, slip.goods[0].count, slip.due_name) == ("applied", 2, "approve_due")
    for step, who, boxes in (
        ("approve", specialist, {}),
        ("release", desk, LETTING_OUT),
        ("take_back", desk, {}),
    ):
        address = f"/admin/release_slip/step/{step}/?id={slip.id}"
        assert who.get(address).status_code == 200
        assert send(who, address, {**boxes, "version": str(slip.version)}).status_code == 302
        (slip,) = slips()
    assert (slip.state, slip.approved_by_id, slip.guard_name) == ("returned", office["specialist"], "岗亭甲")
    assert slip.gate_at is not None
    assert slip.back_at is not None
    for page in ("", f"details/?id={slip.id}", f"print/?id={slip.id}", "print/", "print/?blank=1"):
        assert "放行条" in desk.get(f"/admin/release_slip/{page}").text, page


def test_stub_and_slip_stand_on_one_sheet(office: Estate, as_user: AsUser) -> None:
    """What is torn off for the gate has what the gate compares, and of whoever applied only the name."""
    slip = office.slip()
    page = as_user("specialist").get(f"/admin/release_slip/print/?id={slip.id}").text
    (sheet,) = BeautifulSoup(page, "html.parser").select(".paper")
    stub, torn = sheet.select("section")
    assert "存根联" in stub.get_text()
    assert "13912345678" in stub.get_text()
    assert torn.get("class") == ["torn"]
    text = torn.get_text()
    assert all(word in text for word in ("放行联", slip.number, "旧沙发", "王先生", "1-1-101"))
    assert "13912345678" not in text
    assert torn.select_one("svg") is not None
    blank = as_user("frontdesk").get("/admin/release_slip/print/?blank=1").text
    assert len(BeautifulSoup(blank, "html.parser").select(".paper section")) == 2


def test_whose_word_opens_the_gate(office: Estate) -> None:
    """A deputy or a contractor has a letter, a call or a seal, each with its proof."""
    for typed, box in (
        ({"applicant_kind": "contractor"}, "authority"),
        ({"applicant_kind": "deputy"}, "authority"),
        ({"applicant_kind": "deputy", "authority": "letter"}, "authority_proof"),
        ({"applicant_kind": "staff", "authority": "seal"}, "authority_proof"),
        ({"applicant_kind": "owner", "authority": "agency"}, "authority_proof"),
        ({"applicant_kind": "deputy", "authority": "phone"}, "verified_with"),
        ({"applicant_kind": "deputy", "authority": "phone", "verified_with": "王先生"}, "verified_by"),
        ({"unit": ""}, "unit"),
        (lines("goods"), "goods"),
    ):
        with pytest.raises(Wrong) as wrong:
            office.slip(**typed)
        assert wrong.value.field == box, typed
    call = {"authority": "phone", "verified_with": "王先生", "verified_by": office["frontdesk"]}
    slip = office.slip(
        applicant_kind="deputy", verified_at=f"{clock.local(clock.now()):%Y-%m-%dT%H:%M}", **call
    )
    assert slip.verified_by_id == office["frontdesk"]


def test_the_companys_goods_leave_a_building(office: Estate) -> None:
    ours = {"applicant_kind": "staff", "authority": "seal", "authority_proof": "管理处公章", "unit": ""}
    slip = office.slip(reason="company_goods", building=office["1栋"], **ours)
    assert slip.area_id == office["1栋"]


def test_moving_out_is_the_supervisors_with_the_last_readings(office: Estate) -> None:
    with clock.set_to(NOON):
        slip = office.slip(reason="moving_out", day="2026-11-27")
        assert office.why_not(slip, "approve", "specialist").kind == "duty"  # type: ignore[union-attr]
        with pytest.raises(Refusal) as refusal:
            office.step(slip, "approve", "supervisor")
        assert refusal.value.at == "water_reading"
        office.step(slip, "approve", "supervisor", water_reading="812", power_reading="10455")
        assert slip.state == "approved"


def test_it_holds_for_its_day(office: Estate) -> None:
    """Not before, and not after midnight: then it has expired, whether or not the clock of the office ran."""
    with clock.set_to(NOON):
        with pytest.raises(Wrong) as wrong:
            office.slip(day="2026-11-23")
        assert wrong.value.field == "day"
        slip = office.slip(day="2026-11-25")
        office.slip()
        office.step(slip, "approve", "specialist")
        with pytest.raises(Refusal):
            office.step(slip, "release", "frontdesk", **LETTING_OUT)
        acts.tick()
        slip, unused = slips()
        assert (slip.state, unused.state) == ("approved", "applied")
    with clock.set_to(NOON + timedelta(days=1, hours=12, minutes=1)):
        with pytest.raises(Refusal) as refusal:
            office.step(slip, "release", "frontdesk", **LETTING_OUT)
        assert "已过期" in str(refusal.value)
        acts.tick()
        acts.tick()
    slip, unused = slips()
    assert (slip.state, unused.state, slip.due_at) == ("expired", "expired", None)
    assert [line.act for line in history.lines("release_slip", slip.id)].count("act:expires") == 1


def test_what_does_not_match_is_refused_and_needs_a_new_slip(office: Estate) -> None:
    slip = office.slip()
    office.step(slip, "approve", "specialist")
    with pytest.raises(WrongBoxes):
        office.step(slip, "refuse", "frontdesk", guard_name="岗亭甲")
    office.step(slip, "refuse", "frontdesk", guard_name="岗亭甲", refused_why="多出一台空调")
    assert (slip.state, slip.due_at) == ("refused", None)
    with pytest.raises(Refusal):
        office.step(slip, "release", "frontdesk", **LETTING_OUT)


def test_who_may_what(office: Estate) -> None:
    """Applied for by desk and specialist, approved by specialist and supervisor; strangers see nothing."""
    slip = office.slip()
    for step, name in (("approve", "frontdesk"), ("approve", "manager"), ("release", "supervisor")):
        assert office.why_not(slip, step, name).kind == "duty", (step, name)  # type: ignore[union-attr]
    assert office.why_not(slip, "approve", "specialist2").kind == "area"  # type: ignore[union-attr]
    for name in ("supervisor", "manager"):
        with pytest.raises(Refusal):
            office.slip(name)
    assert not office.sees(slip, "other_frontdesk")
