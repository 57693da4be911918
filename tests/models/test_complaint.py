"""The complaint in the office's words: who approves at which level, what comes back, and who may not judge
their own work.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from office import NOON, PEOPLE, STRANGERS, Estate, WrongBoxes

from app.act import acts
from app.act.entry import Wrong
from app.ground import clock
from app.ground.database import db
from app.keep import history, history_verify
from app.people.refusal import Refusal

TEN = NOON - timedelta(hours=2)  # within working hours: noon is the office's rest
PLAN = {"cause": "排班漏了一天", "measures": "补扫并加一次检查", "nature": "justified"}
SAID = {"answer_way": "phone", "answer": "已致歉并补扫"}


def accepted(
    office: Estate, complaint: Any, level: str = "general", handler: str = "specialist", class_: str = "A"
) -> Any:
    """Judged and given to a handler."""
    return office.step(complaint, "accept", "specialist", level=level, class_=class_, handler=office[handler])


def answered(office: Estate, complaint: Any, by: str = "supervisor", handler: str = "specialist") -> Any:
    """From investigation to the customer's answer."""
    office.step(complaint, "propose", handler, **PLAN)
    office.step(complaint, "approve", by)
    return office.step(complaint, "reply", handler, **SAID)


def look(complaint: Any) -> Any:
    """The complaint as it stands by now."""
    return db.session.get(type(complaint), complaint.id, populate_existing=True)


def test_the_whole_way_with_one_refusal_and_one_return(office: Estate) -> None:
    complaint = accepted(office, office.complaint())
    office.step(complaint, "propose", "specialist", **PLAN)
    office.step(complaint, "send_back", "supervisor", sent_back_because="措施不够")
    assert complaint.state == "investigating"
    answered(office, complaint)
    office.step(complaint, "follow_up", "colleague", satisfied="no", rating="2")
    assert (complaint.state, complaint.returned) == ("investigating", 1)
    answered(office, complaint)
    office.step(complaint, "follow_up", "colleague", satisfied="yes", rating="4")
    assert (complaint.state, complaint.returned, complaint.followed_up_by_id) == (
        "followed_up",
        1,
        office["colleague"],
    )
    office.step(complaint, "close", "supervisor")
    assert complaint.state == "closed"
    assert history.lines("complaint", complaint.id)[-1].clause == "S3"
    assert list(history_verify.verify([type(complaint)])) == []


@pytest.mark.parametrize(
    ("level", "approver", "other", "closer"),
    [
        ("general", "supervisor", "manager", "supervisor"),
        ("serious", "manager", "supervisor", "supervisor"),
        ("major", "manager", "supervisor", "manager"),
    ],
)
def test_the_level_says_who_approves_and_who_closes(
    office: Estate, level: str, approver: str, other: str, closer: str
) -> None:
    complaint = accepted(office, office.complaint(), level)
    office.step(complaint, "propose", "specialist", **PLAN)
    for step in ("approve", "send_back"):
        refused = office.why_not(complaint, step, other)
        assert refused is not None
        assert refused.kind == "duty"
        assert refused.who == (
            (office.person("manager").name,)
            if approver == "manager"
            else (office.person("supervisor").name, office.person("supervisor2").name)
        )
    office.step(complaint, "approve", approver)
    office.step(complaint, "reply", "specialist", **SAID)
    office.step(complaint, "follow_up", "colleague", satisfied="yes", rating="4")
    for name in ("supervisor", "manager"):
        assert (office.why_not(complaint, "close", name) is None) == (name == closer)


def test_the_manager_finds_a_serious_one_and_nobody_else_may(office: Estate) -> None:
    complaint = accepted(office, office.complaint(), "serious")
    office.step(complaint, "propose", "specialist", **PLAN)
    assert [name for name in (*PEOPLE, *STRANGERS) if office.why_not(complaint, "approve", name) is None] == [
        "manager"
    ]


@pytest.mark.parametrize(
    "typed", [{"people_count": "10"}, {"heavy_loss": "1"}, {"channel": "government"}, {"channel": "media"}]
)
def test_it_becomes_major_by_rule(office: Estate, typed: dict[str, str]) -> None:
    assert accepted(office, office.complaint(**typed)).level == "major"


@pytest.mark.parametrize("typed", [{"people_count": "12"}, {"channel": "media"}])
def test_what_is_major_goes_to_the_manager_at_once(office: Estate, typed: dict[str, str]) -> None:
    complaint = office.complaint(**typed)
    assert complaint.level == "major"
    assert office.why_not(complaint, "accept", "manager") is None
    assert office.why_not(office.complaint(), "accept", "manager").kind == "duty"  # type: ignore[union-attr]


def test_what_the_desk_can_not_handle_is_the_managers_to_accept(office: Estate) -> None:
    with clock.set_to(NOON):
        complaint = office.complaint()
        office.step(complaint, "escalate", "frontdesk", escalation="要求见经理")
        assert (complaint.due_at, complaint.due_name) == (NOON, "escalated_due")
        assert office.why_not(complaint, "accept", "manager") is None
        assert office.why_not(complaint, "escalate", "specialist").kind == "duty"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("level", "days", "by"),
    [
        ("general", 3, "supervisor"),
        ("general", 3.1, "manager"),
        ("serious", 7, "manager"),
        ("general", 7.1, "manager"),
    ],
)
def test_unanswered_past_its_time_it_goes_a_step_up(office: Estate, level: str, days: float, by: str) -> None:
    with clock.set_to(TEN):
        complaint = accepted(office, office.complaint(), level)
        office.step(complaint, "propose", "specialist", **PLAN)
    with clock.set_to(TEN + timedelta(days=days)):
        assert [
            name for name in ("supervisor", "manager") if office.why_not(complaint, "approve", name) is None
        ] == [by]


def test_an_answer_stops_the_climb(office: Estate) -> None:
    with clock.set_to(TEN):
        complaint = answered(office, accepted(office, office.complaint()))
    with clock.set_to(TEN + timedelta(days=20)):
        office.step(complaint, "follow_up", "colleague", satisfied="yes", rating="4")
        assert office.why_not(complaint, "close", "supervisor") is None


@pytest.mark.parametrize("class_", ["A", "B", "C"])
def test_unsolved_after_a_month_it_is_major_whatever_its_class(office: Estate, class_: str) -> None:
    with clock.set_to(NOON):
        complaint = accepted(office, office.complaint(), class_=class_)
    with clock.set_to(NOON + timedelta(days=31)):
        assert office.step(complaint, "propose", "specialist", **PLAN).level == "major"


def ticked(at: datetime) -> list[tuple[str, str]]:
    """What the office's clock did at a moment."""
    with clock.set_to(at):
        return sorted(acts.tick().done)


def acted(complaint: Any) -> list[str]:
    """What the office did of itself to a complaint."""
    return [
        line.act
        for line in history.lines("complaint", complaint.id)
        if line.act.startswith("act:") and line.user_id is None
    ]


def test_nobody_takes_it_up_it_is_escalated_once(office: Estate) -> None:
    with clock.set_to(NOON):
        complaint, desk = office.complaint(), office.complaint()
        office.step(desk, "escalate", "frontdesk", escalation="要求见经理")
        assert office.why_not(complaint, "accept", "manager") is not None
    assert ticked(NOON + timedelta(minutes=29)) == []
    assert ticked(NOON + timedelta(minutes=30)) == [("complaint", "escalates")]
    assert ticked(NOON + timedelta(minutes=40)) == []
    complaint, desk = look(complaint), look(desk)
    assert (complaint.escalated_at, complaint.escalation) == (NOON + timedelta(minutes=30), "逾期未受理")
    assert (desk.escalated_at, desk.escalation) == (NOON, "要求见经理")
    assert (acted(complaint), acted(desk)) == (["act:escalates"], [])
    with clock.set_to(NOON + timedelta(minutes=31)):
        assert office.why_not(complaint, "accept", "manager") is None


def test_unanswered_it_climbs_once_for_each_levels_time_and_is_as_late_as_it_was(office: Estate) -> None:
    with clock.set_to(TEN):
        complaint = accepted(office, office.complaint())
        due = complaint.due_at
    levels = []
    for days in (2.9, 3, 4, 6.9, 7, 8, 29, 32):
        ticked(TEN + timedelta(days=days))
        levels.append(look(complaint).level)
    assert levels == ["general", "serious", "serious", "serious", "major", "major", "major", "major"]
    assert acted(complaint) == ["act:rises", "act:rises"]
    assert look(complaint).due_at == due
    assert list(history_verify.verify([type(complaint)])) == []


def test_answered_it_climbs_no_further(office: Estate) -> None:
    with clock.set_to(TEN):
        complaint = answered(office, accepted(office, office.complaint()))
    for days in (4, 8, 29):
        assert ticked(TEN + timedelta(days=days)) == []
    assert ticked(TEN + timedelta(days=30)) == [("complaint", "ages")], "but it isn't solved"
    assert (look(complaint).level, acted(complaint)) == ("major", ["act:ages"])


def test_solved_within_the_month_it_does_not_become_major_by_waiting(office: Estate) -> None:
    with clock.set_to(NOON):
        complaint = answered(office, accepted(office, office.complaint()))
        office.step(complaint, "follow_up", "colleague", satisfied="yes", rating="4")
    with clock.set_to(NOON + timedelta(days=31)):
        office.step(complaint, "close", "supervisor")
        assert (complaint.state, complaint.level) == ("closed", "general")


def test_what_came_back_is_answered_at_its_own_time(office: Estate) -> None:
    with clock.set_to(NOON):
        complaint = answered(office, accepted(office, office.complaint()))
        office.step(complaint, "follow_up", "colleague", satisfied="no", rating="2")
        assert complaint.answered_at is None


@pytest.mark.parametrize("typed", [{"people_count": "9"}, {"channel": "letter"}])
def test_it_does_not_become_major_below_the_rule(office: Estate, typed: dict[str, str]) -> None:
    assert accepted(office, office.complaint(**typed)).level == "general"


def test_unsolved_after_a_month_the_plan_is_the_managers_to_approve(office: Estate) -> None:
    with clock.set_to(NOON):
        complaint = accepted(office, office.complaint())
        office.step(complaint, "propose", "specialist", **PLAN)
    with clock.set_to(NOON + timedelta(days=31)):
        refused = office.why_not(complaint, "approve", "supervisor")
        assert refused is not None
        assert refused.kind == "duty"


def test_a_written_answer_is_approved_before_it_goes(office: Estate) -> None:
    complaint = accepted(office, office.complaint())
    office.step(complaint, "propose", "specialist", **PLAN)
    office.step(complaint, "approve", "supervisor")
    written = {"answer_way": "written", "answer": "敬复王先生"}
    with pytest.raises(Refusal):
        office.step(complaint, "reply", "specialist", **written)
    assert (complaint.state, complaint.answer) == ("handling", None)
    with pytest.raises(Refusal):
        office.step(complaint, "approve_answer", "supervisor")
    office.step(complaint, "draft_answer", "specialist", **written)
    office.step(complaint, "approve_answer", "supervisor")
    assert complaint.answer_approved_by_id == office["supervisor"]
    assert office.step(complaint, "reply", "specialist", **written).state == "answered"


def test_another_text_than_the_approved_one_does_not_go(office: Estate) -> None:
    complaint = accepted(office, office.complaint())
    office.step(complaint, "propose", "specialist", **PLAN)
    office.step(complaint, "approve", "supervisor")
    office.step(complaint, "draft_answer", "specialist", answer_way="written", answer="敬复王先生")
    office.step(complaint, "approve_answer", "supervisor")
    with pytest.raises(Refusal):
        office.step(complaint, "reply", "specialist", answer_way="written", answer="这不是批过的那一份")


def test_a_new_draft_needs_a_new_approval(office: Estate) -> None:
    complaint = accepted(office, office.complaint())
    office.step(complaint, "propose", "specialist", **PLAN)
    office.step(complaint, "approve", "supervisor")
    office.step(complaint, "draft_answer", "specialist", answer_way="written", answer="一")
    office.step(complaint, "approve_answer", "supervisor")
    office.step(complaint, "draft_answer", "specialist", answer_way="written", answer="二")
    assert complaint.answer_approved_by_id is None


def test_class_c_is_explained_and_referred(office: Estate) -> None:
    complaint = accepted(office, office.complaint(), class_="C")
    office.step(
        complaint, "refer", "specialist", referred_to="街道办", answer_way="phone", answer="已说明并转街道办"
    )
    assert (complaint.state, complaint.referred_to) == ("answered", "街道办")
    assert complaint.answered_at is not None


@pytest.mark.parametrize("class_", ["A", "B"])
def test_other_classes_are_not_referred(office: Estate, class_: str) -> None:
    complaint = accepted(office, office.complaint(), class_=class_)
    with pytest.raises(Refusal):
        office.step(complaint, "refer", "specialist", referred_to="街道办", answer_way="phone", answer="x")
    assert complaint.state == "investigating"


def test_a_written_referral_is_approved_before_it_goes(office: Estate) -> None:
    complaint = accepted(office, office.complaint(), class_="C")
    written = {"answer_way": "written", "answer": "已转街道办"}
    with pytest.raises(Refusal):
        office.step(complaint, "refer", "specialist", referred_to="街道办", **written)
    office.step(complaint, "draft_answer", "specialist", **written)
    office.step(complaint, "approve_answer", "supervisor")
    assert office.step(complaint, "refer", "specialist", referred_to="街道办", **written).state == "answered"


def test_without_a_plan_no_answer_is_drafted_but_to_refer(office: Estate) -> None:
    complaint = accepted(office, office.complaint())
    with pytest.raises(Refusal):
        office.step(complaint, "draft_answer", "specialist", answer_way="written", answer="敬复")


def test_the_one_complained_about_does_not_handle_it(office: Estate) -> None:
    complaint = office.complaint(subject="attitude", complained_of=office["specialist"])
    with pytest.raises(Wrong) as wrong:
        accepted(office, complaint)
    assert (wrong.value.field, complaint.state, complaint.handler_id) == ("handler", "received", None)


def test_neither_the_handler_nor_the_one_complained_about_follows_up(office: Estate) -> None:
    complaint = office.complaint(subject="attitude", complained_of=office["colleague"])
    answered(office, accepted(office, complaint))
    for name in ("specialist", "colleague"):
        assert office.why_not(complaint, "follow_up", name).kind == "second"  # type: ignore[union-attr]


def test_a_handler_does_not_approve_or_close_their_own(office: Estate) -> None:
    complaint = accepted(office, office.complaint(), handler="supervisor")
    office.step(complaint, "propose", "supervisor", **PLAN)
    assert office.why_not(complaint, "approve", "supervisor").kind == "second"  # type: ignore[union-attr]
    office.step(complaint, "approve", "supervisor2")
    office.step(complaint, "reply", "supervisor", **SAID)
    office.step(complaint, "follow_up", "colleague", satisfied="yes", rating="5")
    assert office.why_not(complaint, "close", "supervisor").kind == "second"  # type: ignore[union-attr]
    assert office.why_not(complaint, "close", "supervisor2") is None


def test_who_proposed_does_not_approve_after_giving_it_to_another(office: Estate) -> None:
    complaint = accepted(office, office.complaint(), handler="supervisor")
    office.step(complaint, "propose", "supervisor", **PLAN)
    office.step(complaint, "assign", "supervisor", handler=office["specialist"], level="general")
    refused = office.why_not(complaint, "approve", "supervisor")
    assert refused is not None
    assert refused.kind == "second"


def test_a_supervisor_does_not_lower_a_level_that_is_the_managers(office: Estate) -> None:
    complaint = accepted(office, office.complaint(), "serious")
    office.step(complaint, "propose", "specialist", **PLAN)
    with pytest.raises((Refusal, Wrong, WrongBoxes)):
        office.step(complaint, "assign", "supervisor", handler=office["specialist"], level="general")


def test_assigning_without_a_level_keeps_it(office: Estate) -> None:
    complaint = accepted(office, office.complaint(), "general")
    office.step(complaint, "assign", "supervisor", handler=office["colleague"])
    assert (complaint.handler_id, complaint.level) == (office["colleague"], "general")


def test_only_the_handler_proposes(office: Estate) -> None:
    complaint = accepted(office, office.complaint())
    assert {
        name
        for name in ("manager", "supervisor", "colleague", "frontdesk", "specialist2")
        if office.why_not(complaint, "propose", name) is None
    } == set()
    office.step(complaint, "propose", "specialist", **PLAN)
    assert history.lines("complaint", complaint.id)[-1].clause == "P14"


def test_no_plan_no_approval(office: Estate) -> None:
    complaint = accepted(office, office.complaint())
    with pytest.raises(WrongBoxes):
        office.step(complaint, "propose", "specialist", **{**PLAN, "measures": ""})


def test_its_deadlines(office: Estate) -> None:
    with clock.set_to(TEN):  # a Tuesday
        complaint = office.complaint()
        assert (complaint.due_at, complaint.due_name) == (TEN + timedelta(minutes=30), "first_answer_due")
        accepted(office, complaint)
        assert (complaint.due_at, complaint.due_name) == (TEN + timedelta(days=1), "plan_due")
        office.step(complaint, "propose", "specialist", **PLAN)
        office.step(complaint, "approve", "supervisor")
        assert (complaint.due_at, complaint.due_name) == (TEN + timedelta(days=3), "close_due")
        office.step(complaint, "reply", "specialist", **SAID)
        assert complaint.due_at == TEN + timedelta(days=3)
    assert complaint.answered_at == TEN


@pytest.mark.parametrize(("level", "days"), [("general", 3), ("serious", 7), ("major", 14)])
def test_it_is_closed_within_working_days_by_level(office: Estate, level: str, days: int) -> None:
    """Three, five and ten working days from Tuesday: Friday, next Tuesday, the Tuesday after."""
    with clock.set_to(TEN):
        complaint = accepted(office, office.complaint(), level)
        office.step(complaint, "propose", "specialist", **PLAN)
        office.step(complaint, "approve", "supervisor" if level == "general" else "manager")
        assert complaint.due_at == TEN + timedelta(days=days)


def test_proposing_does_not_move_the_plans_deadline(office: Estate) -> None:
    with clock.set_to(TEN):
        complaint = accepted(office, office.complaint())
        due = complaint.due_at
    with clock.set_to(TEN + timedelta(hours=20)):
        office.step(complaint, "propose", "specialist", **PLAN)
        assert complaint.due_at == due


def test_an_answer_lies_between_the_complaint_and_now(office: Estate) -> None:
    with clock.set_to(NOON):
        complaint = accepted(office, office.complaint())
        office.step(complaint, "propose", "specialist", **PLAN)
        office.step(complaint, "approve", "supervisor")
        for moment in ("2026-11-24T11:59", "2026-11-24T12:05"):
            with pytest.raises(Refusal):
                office.step(complaint, "reply", "specialist", **SAID, answered_at=moment)
        office.step(complaint, "reply", "specialist", **SAID, answered_at="2026-11-24T12:00")


def test_what_happened_did_not_happen_tomorrow(office: Estate) -> None:
    with clock.set_to(NOON), pytest.raises(Wrong):
        office.complaint(happened_at="2026-11-25T12:00")


def test_voided_by_the_manager_only(office: Estate) -> None:
    complaint = office.complaint()
    assert office.why_not(complaint, "void", "supervisor").kind == "duty"  # type: ignore[union-attr]
    assert office.step(complaint, "void", "manager", void_reason="误录").state == "void"
