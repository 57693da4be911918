"""The duties as the office reads them: who may do what stands in a table that is reviewed (duties.txt).

A clause that is dropped from, added to or moved between the declarations shows there, whatever else still
works.
"""

from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from office import Estate

import models.duties  # noqa: F401
from app.declare import duties
from app.declare.record import registry
from app.gate.duties_table import table

TABLE = Path(__file__).with_name("duties.txt").read_text(encoding="utf-8")

ROLES = {
    "manager": ("M", 18, "office"),
    "supervisor": ("S", 10, "office"),
    "specialist": ("P", 14, "area"),
    "frontdesk": ("F", 7, "office"),
}
HANDED = {"manager": "M18", "supervisor": "S10", "specialist": "P14", "frontdesk": "F7"}


def test_who_may_do_what_is_as_it_was_reviewed(app: Flask, tmp_path: Path) -> None:
    """A clause dropped, added or moved, a guard or a second person less: a difference of one file."""
    written = tmp_path / "duties.txt"
    result = app.test_cli_runner().invoke(args=["duties", "--write", str(written)])
    assert result.exit_code == 0, result.output
    lines = [text.splitlines() for text in (TABLE, written.read_text(encoding="utf-8"))]
    changed = list(unified_diff(*lines, "as reviewed", "as declared", n=1, lineterm=""))
    assert not changed, "\n".join(("run `make duties`, and read what it changes:", *changed))


def test_the_table_shows_what_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these, taken out of a declaration, is another table."""
    assert table() == TABLE
    order: Any = registry["work_order"]
    less: list[tuple[str, Any]] = [
        ("by", order.steps["dispatch"].by[1:]),
        ("by", (*order.steps["dispatch"].by, duties.clauses["F1"])),
        ("asks", order.steps["dispatch"].asks[:-1]),
        ("guards", order.steps["dispatch"].guards[1:]),
        ("not_by", ("assignee",)),
        ("source", ("reported", "held")),
        ("targets", ()),
        ("bulk", True),
        ("by_when", order.steps["reassign"].by_when),
    ]
    for name, value in less:
        with monkeypatch.context() as patch:
            patch.setattr(order.steps["dispatch"], name, value)
            assert table() != TABLE, name
    with monkeypatch.context() as patch:
        patch.setitem(order.access.opens, "void", ())
        assert table() != TABLE
    with monkeypatch.context() as patch:
        patch.setattr(order, "edit_in", order.edit_in[:-1])
        assert table() != TABLE


def test_the_forty_nine_clauses() -> None:
    for name, (letter, count, reach) in ROLES.items():
        codes = {f"{letter}{at}" for at in range(1, count + 1)}
        assert {clause.code for clause in duties.clauses.values() if clause.role.name == name} == codes
        assert duties.roles[name].reach == reach
    assert len(duties.clauses) == 49
    assert {name: clause.code for name, clause in duties.handed_down.items()} == HANDED


def test_each_clause_opens_something_or_says_why_not() -> None:
    words = set(TABLE.split())
    for code, clause in duties.clauses.items():
        assert code in words or clause.reason or code in HANDED.values(), code
        assert not (clause.reason and code in words), f"{code} opens something and says why it can't"


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
