"""Two people at one record: the second sees what changed beside what they typed."""

import pytest
from office import Estate

from app.act.saving import Conflict
from app.people.refusal import Refusal


def test_the_second_sees_what_changed_and_who_did_it(office: Estate) -> None:
    order = office.order()
    seen = order.version
    office.edit(order, "specialist", description="卫生间", reporter="陈女士")
    with pytest.raises(Conflict) as conflict:
        office.edit(order, "colleague", seen, description="阳台")
    assert conflict.value.changes == {"description": ["厨房水管漏水", "卫生间"]}
    assert conflict.value.who == "钱专员"
    assert order.description == "卫生间"


def test_saved_twice_meanwhile_shows_first_before_and_last_after(office: Estate) -> None:
    order = office.order()
    seen = order.version
    office.edit(order, "specialist", description="一")
    office.edit(order, "supervisor", description="二")
    with pytest.raises(Conflict) as conflict:
        office.edit(order, "colleague", seen, description="三")
    assert (conflict.value.changes, conflict.value.who) == ({"description": ["厨房水管漏水", "二"]}, "苏主管")


def test_changed_there_and_back_is_no_conflict(office: Estate) -> None:
    order = office.order()
    seen = order.version
    office.edit(order, "specialist", description="一")
    office.edit(order, "specialist", description="厨房水管漏水")
    assert office.edit(order, "colleague", seen, description="三")


def test_a_box_one_does_not_save_is_no_conflict(office: Estate) -> None:
    order = office.order()
    seen = order.version
    office.step(order, "escalate", "frontdesk", escalation="急")
    assert office.edit(order, "specialist", seen, description="阳台")
    assert (order.escalation, order.description) == ("急", "阳台")


def test_a_step_meanwhile_is_a_conflict_for_a_step(office: Estate) -> None:
    order = office.order()
    seen = order.version
    office.step(order, "dispatch", "specialist", assignee=office["specialist"])
    with pytest.raises(Refusal) as refused:
        office.step(order, "dispatch", "colleague", seen, assignee=office["colleague"])
    assert refused.value.kind == "state"
    with pytest.raises(Conflict):
        office.step(order, "reassign", "colleague", seen, assignee=office["colleague"])
    assert order.assignee_id == office["specialist"]


def test_an_unrelated_edit_meanwhile_is_none_for_a_step(office: Estate) -> None:
    order = office.order()
    seen = order.version
    office.edit(order, "specialist", description="阳台")
    assert (
        office.step(order, "dispatch", "specialist", seen, assignee=office["specialist"]).state
        == "dispatched"
    )


def test_a_version_that_never_was_is_refused(office: Estate) -> None:
    order = office.order()
    for version in (order.version + 1, 10**9):
        with pytest.raises(Conflict):
            office.edit(order, "specialist", version, description="阳台")


def test_no_version_counts_as_the_oldest(office: Estate) -> None:
    """A post whose version was lost or forged to nothing never overwrites unseen."""
    order = office.order()
    with pytest.raises(Conflict):
        office.edit(order, "specialist", -1, description="阳台")


def test_saving_without_a_change_writes_nothing(office: Estate) -> None:
    order = office.order()
    assert not office.edit(order, "specialist")
    assert order.version == 1


def test_lines_that_changed_meanwhile_are_a_conflict(office: Estate) -> None:
    from office import lines

    register = office.create(
        "owner_register",
        "specialist",
        unit=office["1-1-101"],
        **lines("people", {"kind": "owner", "full_name": "王建国"}),
    )
    seen = register.version
    office.edit(register, "specialist", **{"people-0-full_name": "王建军"})
    with pytest.raises(Conflict) as conflict:
        office.edit(register, "colleague", seen, **{"people-0-full_name": "王建民"})
    assert "people" in conflict.value.changes
