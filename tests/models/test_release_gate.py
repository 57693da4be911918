"""The gate, on a phone: a slip's number is typed or its code scanned; green or red, with the lines to
compare; let out or refused by the guard, who says his name.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from office import NOON, Estate, lines
from sending import send, sentence

from app.act import acts, saving
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history, history_verify
from app.people.refusal import Refusal
from views import codes

AsUser = Callable[[str], FlaskClient]
SCAN = "/admin/release_slip/scan/"


def approved(office: Estate, **typed: Any) -> Any:
    """A slip for today that may leave."""
    slip = office.slip(**typed)
    return office.step(slip, "approve", "specialist")


def verdict(answer: Any) -> tuple[int, str, str]:
    """The status, whether it is green or red, and what the band says."""
    band = BeautifulSoup(answer.text, "html.parser").select_one(".verdict")
    assert band is not None
    return answer.status_code, band["class"][1], " ".join(band.get_text(" ").split())  # type: ignore[index]


def scan(client: FlaskClient, **asked: Any) -> Any:
    return client.get(SCAN, query_string=asked)


def answer(client: FlaskClient, slip: Any, step: str, version: int = 2, **typed: str) -> Any:
    return send(client, f"{SCAN}?id={slip.id}", {"step": step, "version": str(version), **typed})


def state(slip: Any) -> str:
    db.session.rollback()
    db.session.expire_all()
    return str(slip.state)


def test_green_with_the_lines_to_compare(office: Estate, as_user: AsUser) -> None:
    """By number or its last digits; what is on the van is compared with them, nothing more is told."""
    goods = lines(
        "goods",
        {"item": "冰箱", "count": "1", "counted_in": "台", "kind": "household"},
        {"item": "纸箱", "count": "24", "counted_in": "箱", "kind": "household"},
    )
    slip, gate = approved(office, plate="沪A12345", **goods), as_user("frontdesk")
    assert SCAN in gate.get("/admin/release_slip/").text
    assert SCAN not in as_user("supervisor").get("/admin/release_slip/").text
    for typed in (slip.number, str(int(slip.number[-4:]))):
        page = scan(gate, number=typed)
        assert verdict(page) == (200, "go", "相符即可放行"), typed
        text = BeautifulSoup(page.text, "html.parser").select_one(".compare").get_text(" ")  # type: ignore[union-attr]
        assert all(word in text for word in ("冰箱", "1", "台", "纸箱", "24", "箱", "沪A12345", "1-1-101"))
        assert "13912345678" not in page.text
        assert "5678" not in text
    assert sentence(answer(gate, slip, "release").text).count("值岗人") == 1
    sent = answer(gate, slip, "release", guard_name="岗亭甲", gate="东门")
    assert sent.status_code == 302
    assert state(slip) == "released"
    assert (slip.guard_name, slip.gate) == ("岗亭甲", "东门")
    following = gate.get(sent.headers["Location"]).text
    assert 'name="guard_name" value="岗亭甲"' in following, "the guard says his name once"
    other = approved(office)
    page = scan(gate, number=other.number, guard_name="岗亭甲", gate="东门").text
    assert re.search(r'id="guard_name"[^>]*value="岗亭甲"', page) or 'value="岗亭甲"' in page


def test_the_code_of_the_slip_opens_it(office: Estate, as_user: AsUser) -> None:
    """The one printed on what is torn off; a made-up one is told as such, and tells nothing of the slip."""
    slip, gate = approved(office), as_user("frontdesk")
    told = SimpleNamespace(name="release_slip", id=slip.id, number=slip.number)
    with gate.application.app_context():
        page = codes.scanned_at(told)
    assert verdict(gate.get(page))[:2] == (200, "go")
    for asked in (
        {"id": slip.id},
        {"id": slip.id, "mark": "f" * 16},
        {"id": slip.id, "mark": "伪造"},
        {"id": 10**12, "mark": "f" * 16},
        {"number": "FX-209912-0001"},
        {"number": "https://example.org/"},
        {"number": "' OR 1=1 --"},
    ):
        forged = scan(gate, **asked)
        assert verdict(forged)[:2] == (404, "stop"), asked
        assert "旧沙发" not in forged.text
    assert state(slip) == "approved"


def test_two_gates_scan_one_slip(office: Estate, as_user: AsUser) -> None:
    """One lets it out; the other is told that, who and when, and it leaves a trace."""
    with clock.set_to(NOON):
        slip, east, west = approved(office), as_user("frontdesk"), as_user("frontdesk2")
        for gate in (east, west):
            assert verdict(scan(gate, number=slip.number))[1] == "go"
        assert answer(east, slip, "release", guard_name="岗亭甲", gate="东门").status_code == 302
        late = answer(west, slip, "release", guard_name="岗亭乙", gate="西门")
        assert verdict(late) == (409, "stop", "不能放行 已放行 11-24 12:00 · 周前台 · 岗亭甲 · 东门")
        assert verdict(scan(west, number=slip.number))[2].startswith("不能放行 已放行 11-24 12:00")
        assert answer(west, slip, "refuse", guard_name="岗亭乙", refused_why="不符").status_code == 409
    assert state(slip) == "released"
    assert slip.guard_name == "岗亭甲"
    told = [line.act for line in history.lines("release_slip", slip.id)]
    assert told[2:] == ["step:release", "refused:release", "refused:refuse"]
    assert list(history_verify.verify([registry["release_slip"]])) == []


@pytest.mark.load
def test_eight_gates_let_one_slip_out_once(office: Estate) -> None:
    """At the same moment: one wins, the others are told, and a household moves out once."""
    unit = office["1-1-101"]
    people = lines("people", {"kind": "tenant", "full_name": "赵女士", "lives_here": "1"})
    register = office.create("owner_register", "specialist", unit=unit, **people)
    day = f"{clock.today():%Y-%m-%d}"
    told_on = f"{clock.today() - timedelta(days=4):%Y-%m-%d}"
    slip = office.slip(reason="moving_out", day=day, told_on=told_on)
    office.step(slip, "approve", "supervisor", water_reading="1", power_reading="2")
    key, start = slip.id, Barrier(8)

    def let_out(hand: int) -> str:
        with office.app.app_context():
            gate = Estate(office.app, office.ids)
            own = db.session.get(registry["release_slip"], key)
            start.wait()
            try:
                gate.step(own, "release", "frontdesk", guard_name=f"第{hand}岗")
            except (Refusal, saving.Conflict) as late:
                return type(late).__name__
            finally:
                db.session.remove()
            return "out"

    with ThreadPoolExecutor(8) as hands:
        outcomes = list(hands.map(let_out, range(8)))
    assert sorted(outcomes) == ["Refusal"] * 7 + ["out"]
    assert state(slip) == "released"
    moved = [line.act for line in history.lines("owner_register", register.id)]
    assert moved == ["create", "moved_out"]
    assert len(list(db.session.execute(db.select(registry["vacancy_change"].id)))) == 1
    forms = [registry[name] for name in ("release_slip", "owner_register", "vacancy_change")]
    assert list(history_verify.verify(forms)) == []


def test_not_its_day(office: Estate, as_user: AsUser) -> None:
    """Too early; after midnight, before the office's own clock has run and after; each a clear answer."""
    gate = as_user("frontdesk")
    with clock.set_to(NOON):
        slip = approved(office, day="2026-11-25")
        assert verdict(scan(gate, number=slip.number)) == (200, "stop", "不能放行 还没到搬运日期。")
        assert answer(gate, slip, "release", guard_name="岗亭甲").status_code == 422
    with clock.set_to(NOON + timedelta(days=1, hours=12, minutes=1)):
        assert verdict(scan(gate, number=slip.number)) == (200, "stop", "不能放行 已过期，请另开新条。")
        assert answer(gate, slip, "release", guard_name="岗亭甲").status_code == 422
        assert state(slip) == "approved"
        acts.tick()
        said = verdict(scan(gate, number="FX-202611-0001"))
    assert said[:2] == (200, "stop")
    assert said[2].startswith("不能放行 已过期 11-26 00:0") or said[2].startswith("不能放行 已过期")


def test_not_approved_or_somebody_elses(office: Estate, as_user: AsUser) -> None:
    """What nobody approved doesn't leave; another office's slip isn't there; who has no such duty is told."""
    slip, gate = office.slip(), as_user("frontdesk")
    assert verdict(scan(gate, number=slip.number))[1:] == (
        "stop",
        f"不能放行 待审批 {clock.local(slip.created_at):%m-%d %H:%M} · 周前台",
    )
    office.step(slip, "approve", "specialist")
    assert verdict(scan(as_user("other_frontdesk"), number=slip.number))[:2] == (404, "stop")
    assert verdict(scan(as_user("specialist2"), number=slip.number))[:2] == (404, "stop")
    assert verdict(scan(as_user("supervisor"), number=slip.number))[1] == "stop"
    assert answer(as_user("supervisor"), slip, "release", guard_name="苏主管").status_code == 409
    assert as_user("repairer").get(SCAN).status_code == 403
    assert gate.get("/admin/key_loan/scan/").status_code == 404
    assert gate.post(f"{SCAN}?id={slip.id}", data={"step": "release"}).status_code == 400, "no token"
    assert state(slip) == "approved"


def test_refused_and_written_anew(office: Estate, as_user: AsUser) -> None:
    """What doesn't match is refused with why; its page offers a new slip, filled with what was written."""
    slip, gate = approved(office, plate="沪A12345"), as_user("frontdesk")
    lacking = answer(gate, slip, "refuse", guard_name="岗亭甲")
    assert lacking.status_code == 422
    assert "拒放原因" in sentence(lacking.text)
    sent = answer(gate, slip, "refuse", guard_name="岗亭甲", refused_why="多出空调外机一台")
    assert sent.status_code == 302
    page = scan(gate, number=slip.number)
    assert verdict(page)[1] == "stop"
    assert "门岗拒放" in verdict(page)[2]
    again = f"/admin/release_slip/become/again/?id={slip.id}"
    assert again in page.text.replace("&amp;", "&")
    new = BeautifulSoup(gate.get(again).text, "html.parser")
    values = {tag["name"]: tag.get("value", "") for tag in new.select("main input[name]")}
    assert (values["goods-0-item"], values["plate"], values["applicant"]) == ("旧沙发", "沪A12345", "王先生")


def test_slips_back_from_the_gate_are_ticked_off(office: Estate, as_user: AsUser) -> None:
    """Those released and not back are a list; several are ticked off at once."""
    slips, desk = [approved(office) for _n in range(3)], as_user("frontdesk")
    for slip in slips:
        office.step(slip, "release", "frontdesk", guard_name="岗亭甲")
    page = desk.get("/admin/release_slip/?state=released").text
    assert all(slip.number in page for slip in slips)
    keys = [str(slip.id) for slip in slips[:2]]
    sent = send(desk, "/admin/release_slip/action/", {"action": "take_back", "rowid": keys})
    assert sent.status_code == 302
    assert [state(slip) for slip in slips] == ["returned", "returned", "released"]
    page = desk.get("/admin/release_slip/?state=released").text
    assert slips[2].number in page
    assert slips[0].number not in page
