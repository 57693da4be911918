"""The duties as the office reads them: who may do what, written down a second time by hand.

A clause that is dropped from, added to or moved between the declarations shows here, whatever else still
works.
"""

from typing import Any

import pytest
from office import Estate

import models.duties  # noqa: F401
from app.declare import duties
from app.declare.duties import OPERATIONS
from app.declare.form import Form
from app.declare.record import registry

# What each clause opens, form by form (the handbook's duties of the four posts; the forms' steps are field
# practice).
ACCESS: dict[str, dict[str, str]] = {
    "office": {
        "read": "M1 M2",
        "create": "M2",
        "edit": "M2",
        "print": "M1 M2",
        "attach": "M2",
        "look_up": "M1 M3 S2 P2 F1",
    },
    "area": {
        "read": "M1 M3 S2 P2 F1",
        "print": "M1 M3 S2 P2 F1",
        "look_up": "M1 M3 S2 P2 F1",
    },
    "user": {
        "read": "M1 M2",
        "create": "M1",
        "edit": "M1",
        "export": "M1",
        "print": "M1 M2",
        "attach": "M1",
        "look_up": "M1 M3 S2 P2 F1",
    },
    "building": {
        "read": "M1 M3 S2 P2 F1",
        "create": "M3",
        "edit": "M3 S7",
        "export": "M3 S7",
        "print": "M1 M3 S2 P2 F1",
        "attach": "M3 S7",
        "look_up": "M1 M3 S2 P2 F1",
    },
    "unit": {
        "read": "M1 M3 S2 P2 F1",
        "create": "M3 P3 S7",
        "edit": "M3 P3 S7",
        "export": "M3 S7",
        "import_": "M3 S7",
        "print": "M1 M3 S2 P2 F1",
        "attach": "M3 P3 S7",
        "look_up": "M1 M3 S2 P2 F1",
    },
    "key": {
        "read": "M1 S3 P6 F1",
        "create": "P6",
        "edit": "P6",
        "export": "M1 S3 P6",
        "import_": "P6",
        "print": "M1 S3 P6 F1",
        "attach": "P6",
        "look_up": "M1 S3 P6 F1",
    },
    "key_loan": {
        "read": "M1 S3 P6 F1",
        "create": "P6",
        "edit": "P6",
        "export": "M1 S3",
        "print": "M1 S3 P6 F1",
        "attach": "P6",
        "personal": "M1 S3 P6",
        "void": "M1",
        "look_up": "M1 S3 P6 F1",
    },
    "customer": {
        "read": "M1 M3 S2 P2 F1",
        "create": "P3 S7",
        "edit": "P3 S7",
        "export": "M3 S7",
        "print": "M1 M3 S2 P2 F1",
        "attach": "P3 S7",
        "personal": "M1 S3 S4 S7 P3 P7 P8",
        "look_up": "M1 M3 S2 P2 F1",
    },
    "owner_register": {
        "read": "M1 M3 S2 P2 F1",
        "create": "P3 S7",
        "edit": "P3 S7",
        "export": "M3 P3 S7",
        "print": "M1 M3 S2 P2 F1",
        "import_": "P3 S7",
        "attach": "P3 S7",
        "personal": "M1 S3 S4 S7 P3 P7 P8",
        "look_up": "M1 M3 S2 P2 F1",
    },
    "complaint": {
        "read": "M1 M9 M10 S2 S4 P8 F1",
        "create": "F1 P8 S4",
        "edit": "P8 S4",
        "export": "M10 S3",
        "print": "M1 M9 M10 S2 S4 P8 F1",
        "attach": "F1 P8 S4",
        "personal": "M1 M9 S4 P8 P10",
        "void": "M1",
        "look_up": "M1 M9 M10 S2 S4 P8 F1",
    },
    "work_order": {
        "read": "M1 M3 S2 S3 P2 P7 F1",
        "create": "F1 P7 S3",
        "edit": "P7 S3",
        "export": "M1 M10 S3",
        "print": "M1 M3 S2 S3 P2 P7 F1",
        "attach": "F1 P7 S3",
        "personal": "M1 S3 S4 P7 P10",
        "void": "M1",
        "look_up": "M1 M3 S2 S3 P2 P7 F1",
    },
}

# step: from -> to; by whom; what it asks; how many guards, and whose second person it may not be.
STEPS: dict[str, str] = {
    "key": (
        """
        count: kept -> ; P6 S3; ; 0
        report_missing: kept -> missing; P6 S3; remark; 0
        find: missing -> kept; P6; ; 0
        give_up: kept missing -> given_up; P6; remark; 0
    """
    ),
    "key_loan": (
        """
        take_back: lent -> returned; P6; returned_at? returner unit_condition? sealed_bag? checked? remark?; 5
        extend: lent -> ; P6; remark; 1
        report_lost: lent -> lost; P6; loss_story; 0
        settle: lost -> settled; S3; fee lock_changed?; 0
        void: lent lost -> void; M1; void_reason; 0
    """
    ),
    "complaint": (
        """
        accept: received -> investigating; P8 S4 M9; level class_ handler department?; 0
        propose: investigating -> proposed; @handler; investigation? cause measures nature compensation?; 0
        approve: proposed -> handling; S3 M9; ; 1 handler proposed_by
        send_back: proposed -> investigating; S3 M9; sent_back_because; 0 handler proposed_by
        draft_answer: investigating handling -> ; @handler; answer_way answer; 1
        approve_answer: investigating handling -> ; S3 M9; ; 1 handler proposed_by
        reply: handling -> answered; @handler; answer_way answer answered_at? prevention?; 3
        refer: investigating -> answered; @handler; referred_to answer_way answer; 2
        follow_up: answered -> followed_up investigating; P10; satisfied rating customer_words?; \
            0 handler complained_of
        close: followed_up -> closed; S3 M10; ; 0 handler proposed_by
        assign: investigating proposed handling -> ; M9 S3; handler department?; 0
        regrade: investigating proposed handling -> ; M9; level; 0
        escalate: received -> ; F1; escalation; 0
        void: received investigating proposed handling answered followed_up -> void; M1; void_reason; 0
    """
    ),
    "work_order": (
        """
        dispatch: reported -> dispatched; P7 S3; \
            assignee department? arrive_by? outside_firm? firm_consent?; 2
        start: dispatched -> in_progress; P7 @assignee; arrived_at?; 3
        finish: in_progress -> finished; P7 @assignee; \
            outcome not_repaired_because? cause work_done finished_at? materials? labour_fee? payment? \
            customer_signed? unsigned_because? firm_consent?; 6
        follow_up: finished -> followed_up; P10; rating customer_words?; 0 assignee
        file: followed_up finished -> filed; F6; ; 3
        agree_price: reported dispatched in_progress -> ; P7 S3; price price_agreed_by price_agreed_at?; 2
        reassign: reported dispatched in_progress -> dispatched; P7 S3 M1; \
            assignee arrive_by? outside_firm? firm_consent? remark?; 2
        hold: dispatched in_progress -> held; P7 @assignee; hold_reason hold_until; 1
        resume: held -> in_progress dispatched; P7 @assignee; ; 0
        give_back: dispatched -> reported; P7 @assignee; return_reason; 0
        reopen: finished followed_up -> dispatched; P7 P10 S3; assignee arrive_by? remark; 1
        sample: followed_up -> ; S3; sample_result; 0 followed_up_by
        look_again: finished followed_up -> ; P10; leak_result; 2
        press: dispatched in_progress held -> ; P7 S3; ; 0
        escalate: reported dispatched in_progress -> ; F1; escalation; 0
        void: reported dispatched in_progress held finished followed_up -> void; M1; void_reason; 0
    """
    ),
}

ROLES = {
    "manager": ("M", 18, "office"),
    "supervisor": ("S", 10, "office"),
    "specialist": ("P", 14, "area"),
    "frontdesk": ("F", 7, "office"),
}
HANDED = {"manager": "M18", "supervisor": "S10", "specialist": "P14", "frontdesk": "F7"}


def told(cls: Any) -> list[str]:
    """A form's steps as the table writes them."""
    found = []
    for one in cls.steps.values():
        by, asks = " ".join(map(str, one.by)), " ".join(one.asks)
        found.append(
            f"{one.name}: {' '.join(one.source)} -> {' '.join(one.targets)}; {by}; {asks}; {len(one.guards)}"
            f" {' '.join(one.not_by)}".rstrip()
        )
    return found


@pytest.mark.parametrize("form", sorted(registry))
def test_each_operation_is_opened_by_these_clauses(form: str) -> None:
    opened = {name: " ".join(map(str, registry[form].access.by(name))) for name in OPERATIONS}
    assert {name: by for name, by in opened.items() if by} == ACCESS[form]


@pytest.mark.parametrize(
    "form", sorted(name for name, cls in registry.items() if issubclass(cls, Form) and cls.steps)
)
def test_each_step_is_these_clauses_way(form: str) -> None:
    assert told(registry[form]) == [" ".join(line.split()) for line in STEPS[form].strip().splitlines()]


def test_nothing_stands_in_the_table_alone() -> None:
    assert ACCESS.keys() == registry.keys()
    assert STEPS.keys() == {name for name, cls in registry.items() if issubclass(cls, Form) and cls.steps}


def test_the_forty_nine_clauses() -> None:
    for name, (letter, count, reach) in ROLES.items():
        codes = {f"{letter}{at}" for at in range(1, count + 1)}
        assert {one.code for one in duties.clauses.values() if one.role.name == name} == codes
        assert duties.roles[name].reach == reach
    assert len(duties.clauses) == 49
    assert {name: one.code for name, one in duties.handed_down.items()} == HANDED


def test_each_clause_opens_something_or_says_why_not() -> None:
    opening = (
        " ".join(" ".join(opened.values()) for opened in ACCESS.values()) + " " + " ".join(STEPS.values())
    )
    words = set(opening.replace(";", " ").split())
    for code, one in duties.clauses.items():
        assert code in words or one.reason or code in HANDED.values(), code
        assert not (one.reason and code in words), f"{code} opens something and says why it can't"


@pytest.mark.parametrize(
    ("level", "name", "other"),
    [
        ("general", "supervisor", "manager"),
        ("serious", "manager", "supervisor"),
        ("major", "manager", "supervisor"),
    ],
)
def test_a_plan_is_approved_by_level(office: Estate, level: str, name: str, other: str) -> None:
    """General by the supervisor (S3), serious and major by the manager (M9)."""
    complaint = office.complaint()
    office.step(complaint, "accept", "specialist", level=level, class_="A", handler=office["specialist"])
    office.step(complaint, "propose", "specialist", cause="保洁漏扫", measures="当天补扫", nature="justified")
    refused = office.why_not(complaint, "approve", other)
    assert refused is not None
    assert refused.kind == "duty"
    assert refused.clauses == (("S3",) if level == "general" else ("M9",))
    assert office.why_not(complaint, "approve", name) is None
    office.step(complaint, "approve", name)
    assert complaint.state == "handling"


@pytest.mark.parametrize(
    ("level", "name", "other"),
    [
        ("general", "supervisor", "manager"),
        ("serious", "supervisor", "manager"),
        ("major", "manager", "supervisor"),
    ],
)
def test_it_is_closed_by_level(office: Estate, level: str, name: str, other: str) -> None:
    """By the supervisor (S3); a major one by the manager (M10)."""
    complaint = office.complaint()
    office.step(complaint, "accept", "specialist", level=level, class_="A", handler=office["specialist"])
    office.step(complaint, "propose", "specialist", cause="保洁漏扫", measures="当天补扫", nature="justified")
    office.step(complaint, "approve", "supervisor" if level == "general" else "manager")
    office.step(complaint, "reply", "specialist", answer_way="phone", answer="已补扫，向您致歉")
    office.step(complaint, "follow_up", "colleague", satisfied="yes", rating="5")
    refused = office.why_not(complaint, "close", other)
    assert refused is not None
    assert refused.kind == "duty"
    assert office.why_not(complaint, "close", name) is None
