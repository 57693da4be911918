"""A violation's way over HTTP: words on the spot, a notice, a second one, the authority; an objection and its
answer; nobody is fined.
"""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import NOON, Estate, WrongBoxes
from sending import enter, key_of, photo, row_of, step

from app.act.entry import Wrong
from app.ground import clock
from app.keep import history, history_verify
from app.people.refusal import Refusal

AsUser = Callable[[str], FlaskClient]
SEEN = {"unit": "1-1-101", "kind": "common_area", "person": "王先生", "finding": "楼道堆放旧柜子两个"}
SPOKEN = {"spoken_by": "钱专员", "spot_result": "refused"}
NOTICE = {
    "demand": "三日内清空楼道",
    "mend_by": "2026-11-27T12:00",
    "served": "in_person",
    "signed": "signed",
}
SECOND = {"second_order": "再不清空将上报", "second_mend_by": "2026-12-01T12:00", "signed": "signed"}
REPORTED = {"reported_to": "街道综合行政执法队", "report_reference": "澄园函〔2026〕7 号"}


def minute(moment: datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%dT%H:%M}"


def seen(office: Estate, name: str = "specialist", **typed: Any) -> Any:
    """A violation, by default of unit 1-1-101."""
    return office.create("violation", name, **{**SEEN, "unit": office["1-1-101"], **typed})


def notified(office: Estate, **typed: Any) -> Any:
    """Spoken to in vain, and told in writing."""
    violation = seen(office, **typed)
    office.step(violation, "speak", "specialist", **SPOKEN)
    return office.step(violation, "notify", "specialist", **NOTICE)


def with_photo() -> dict[str, Any]:
    return {"photos:mended": [(io.BytesIO(photo()), "a.jpg")]}


def test_the_whole_way_over_http(office: Estate, as_user: AsUser) -> None:
    """Recorded, spoken to in vain, notified, mended with a photo, verified, closed, printed."""
    specialist, supervisor = as_user("specialist"), as_user("supervisor")
    with clock.set_to(NOON):
        key = key_of(enter(specialist, "violation", **SEEN, found_at=minute(NOON)))
        violation = row_of("violation", key)
        page = specialist.get("/admin/violation/").text
        assert "WZ-202611-0001" in page
        assert "楼道堆放旧柜子两个" in page
        assert step(specialist, violation, "notify", **NOTICE).status_code == 422, (
            "words on the spot come first"
        )
        assert step(specialist, violation, "speak", **SPOKEN).status_code == 302
        assert violation.state == "recorded"
        assert step(specialist, violation, "notify", **NOTICE).status_code == 302
        assert violation.state == "notified"
        assert step(specialist, violation, "mend").status_code == 422, "no proof"
        assert step(specialist, violation, "mend", **with_photo()).status_code == 302
        assert step(specialist, violation, "verify").status_code == 403
        assert step(supervisor, violation, "verify").status_code == 302
        assert step(supervisor, violation, "close", result="已恢复原状").status_code == 302
    assert violation.state == "closed"
    lines = history.lines("violation", key)
    assert [(line.act, line.clause) for line in lines] == [
        ("create", "P5"),
        ("step:speak", "P5"),
        ("step:notify", "P5"),
        ("step:mend", "P5"),
        ("refused:verify", ""),
        ("step:verify", "S3"),
        ("step:close", "S3"),
    ]
    assert list(history_verify.verify([type(violation)])) == []
    paper = specialist.get(f"/admin/violation/print/?id={key}").text
    for word in (
        "客户违章记录及整改通知",
        "QR-0229SD",
        "WZ-202611-0001",
        "三日内清空楼道",
        "存根联",
        "客户联",
    ):
        assert word in paper, word
    assert "罚款" not in paper
    for blank in (
        specialist.get("/admin/violation/print/?blank=1"),
        supervisor.get("/admin/violation/export/xlsx/"),
    ):
        assert blank.status_code == 200


def test_what_is_mended_there_ends_there(office: Estate) -> None:
    violation = seen(office)
    office.step(violation, "speak", "specialist", spoken_by="钱专员", spot_result="mended")
    assert (violation.state, violation.due_at) == ("mended_there", None)
    assert office.why_not(violation, "notify", "specialist").kind == "state"  # type: ignore[union-attr]


@pytest.mark.parametrize("lacking", ["demand", "mend_by", "served", "signed"])
def test_no_notice_without_order_and_deadline(office: Estate, lacking: str) -> None:
    violation = seen(office)
    office.step(violation, "speak", "specialist", **SPOKEN)
    with pytest.raises(WrongBoxes) as wrong:
        office.step(violation, "notify", "specialist", **{**NOTICE, lacking: ""})
    assert set(wrong.value.errors) == {lacking}
    assert violation.state == "recorded"


def test_a_time_to_mend_by_that_is_past_is_refused(office: Estate) -> None:
    with clock.set_to(NOON):
        violation = seen(office)
        office.step(violation, "speak", "specialist", **SPOKEN)
        with pytest.raises(Refusal) as refused:
            office.step(
                violation, "notify", "specialist", **{**NOTICE, "mend_by": minute(NOON - timedelta(1))}
            )
    assert refused.value.at == "mend_by"


def test_who_refuses_to_sign_needs_a_witness(office: Estate) -> None:
    with clock.set_to(NOON):
        violation = seen(office)
        office.step(violation, "speak", "specialist", **SPOKEN)
        with pytest.raises(Refusal) as refused:
            office.step(violation, "notify", "specialist", **{**NOTICE, "signed": "refused"})
        assert refused.value.at == "witness"
        office.step(
            violation, "notify", "specialist", **{**NOTICE, "signed": "refused", "witness": "楼长老李"}
        )
    assert violation.state == "notified"


def test_a_second_notice_and_then_the_authority(office: Estate) -> None:
    with clock.set_to(NOON):
        violation = notified(office)
        assert violation.due_name == "mend_due"
        with pytest.raises(Refusal):  # its time isn't over
            office.step(violation, "warn", "specialist", **SECOND)
    with clock.set_to(NOON + timedelta(days=4)):
        with pytest.raises(Refusal):  # not before the second notice ran out
            office.step(violation, "report", "manager", **REPORTED)
        office.step(violation, "warn", "specialist", **SECOND)
        assert (violation.state, violation.due_name) == ("warned", "second_due")
        with pytest.raises(Refusal):
            office.step(violation, "report", "manager", **REPORTED)
    with clock.set_to(NOON + timedelta(days=8)):
        assert office.why_not(violation, "report", "supervisor").kind == "duty"  # type: ignore[union-attr]
        with pytest.raises(WrongBoxes):
            office.step(violation, "report", "manager", reported_to="街道")
        office.step(violation, "report", "manager", **REPORTED)
        assert (violation.state, violation.due_at) == ("reported", None)
        office.step(violation, "close", "manager", result="执法部门已处理")
    assert violation.state == "closed"


@pytest.mark.parametrize("kind", ["illegal_building", "structural"])
def test_what_can_not_wait_is_reported_at_once(office: Estate, kind: str) -> None:
    with clock.set_to(NOON):
        violation = seen(office, kind=kind)
        assert (violation.due_at, violation.due_name) == (NOON + timedelta(days=1), "report_due")
        with pytest.raises(Refusal) as refused:  # nor does it end on the spot
            office.step(violation, "speak", "specialist", spoken_by="钱专员", spot_result="mended")
        assert refused.value.at == "spot_result"
        office.step(violation, "report", "manager", **REPORTED)
        assert (violation.state, violation.due_at, violation.reported_at) == ("recorded", None, NOON)
        office.step(violation, "speak", "specialist", **SPOKEN)
        office.step(violation, "notify", "specialist", **NOTICE)
        assert violation.due_name == "mend_due"


def test_other_kinds_are_not_reported_at_once(office: Estate) -> None:
    violation = seen(office)
    with pytest.raises(Refusal):
        office.step(violation, "report", "manager", **REPORTED)


def test_an_objection_waits_for_its_answer(office: Estate) -> None:
    with clock.set_to(NOON):
        violation = notified(office)
        office.step(violation, "object_to", "specialist", objection="柜子是物业允许放的")
    with clock.set_to(NOON + timedelta(days=4)):
        with pytest.raises(Refusal) as refused:
            office.step(violation, "warn", "specialist", **SECOND)
        assert refused.value.at == "objection"
        office.step(
            violation, "answer_objection", "supervisor", objection_answer="未曾允许", objection_result="kept"
        )
        office.step(violation, "warn", "specialist", **SECOND)
    assert violation.state == "warned"


def test_an_objection_comes_within_five_days(office: Estate) -> None:
    with clock.set_to(NOON):
        violation = notified(office)
    with clock.set_to(NOON + timedelta(days=6)), pytest.raises(Refusal):
        office.step(violation, "object_to", "specialist", objection="柜子是物业允许放的")


def test_a_notice_is_withdrawn(office: Estate) -> None:
    with clock.set_to(NOON):
        violation = notified(office)
        office.step(violation, "object_to", "specialist", objection="不是我家的")
        office.step(
            violation,
            "answer_objection",
            "supervisor",
            objection_answer="查实不是",
            objection_result="withdrawn",
        )
    assert (violation.state, violation.result) == ("closed", "查实不是")


def test_what_was_not_mended_goes_back(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        violation = notified(office)
        assert step(as_user("specialist"), violation, "mend", **with_photo()).status_code == 302
        office.step(violation, "send_back", "supervisor", remark="还剩一个柜子")
    assert (violation.state, violation.mended_at) == ("notified", None)


def test_the_same_again_within_a_year_shows(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        last_year = seen(office, found_at=minute(NOON - timedelta(days=400)))
        first = seen(office, found_at=minute(NOON - timedelta(days=30)))
        other_kind = seen(office, kind="noise")
        again = seen(office)
        elsewhere = seen(office, "specialist2", unit=office["2-1-201"])
    assert [each.times for each in (last_year, first, other_kind, again, elsewhere)] == [1, 1, 1, 2, 1]
    page = as_user("specialist").get(f"/admin/violation/details/?id={again.id}").text
    assert "一年内同类第几次" in page
    assert first.number in page, "the earlier one stands beside it"


@pytest.mark.parametrize(
    ("typed", "box"),
    [({"unit": "", "building": ""}, "unit"), ({"found_at": "2026-11-25T12:00"}, "found_at")],
)
def test_it_lies_somewhere_and_behind_us(office: Estate, typed: dict[str, str], box: str) -> None:
    with clock.set_to(NOON), pytest.raises(Wrong) as wrong:
        seen(office, **typed)
    assert wrong.value.field == box


def test_it_is_the_specialists_of_the_area(office: Estate) -> None:
    for name in ("manager", "supervisor", "frontdesk", "specialist2"):
        with pytest.raises((Refusal, WrongBoxes)):
            seen(office, name)
    violation = seen(office)
    assert office.why_not(violation, "speak", "specialist2").kind == "area"  # type: ignore[union-attr]
    assert not office.sees(violation, "other_specialist")
