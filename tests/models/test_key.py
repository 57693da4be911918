"""The key register: every key is counted every month, and one that isn't there is lent to nobody."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from office import NOON, Estate, WrongBoxes, counted, kept

from app.act.entry import Wrong
from app.ground import clock, upkeep
from app.ground.database import db
from app.keep import history, history_verify
from app.people.refusal import Refusal
from models.custody.key_loan import KeyLoan


def due(key: object) -> str:
    """When a key is due, by the office's clock."""
    at: datetime = key.due_at  # type: ignore[attr-defined]
    return f"{clock.local(at):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("days", "by"),
    [(0, "2026-12-31 23:59"), (6, "2026-12-31 23:59"), (7, "2027-01-31 23:59"), (68, "2027-02-28 23:59")],
)
def test_counted_every_month(office: Estate, days: int, by: str) -> None:
    """From the 24th of November on: counted on the last of November, the first of December, the last of
    January.
    """
    with clock.set_to(NOON):
        key = office.key()
        assert due(key) == "2026-12-31 23:59"
    with clock.set_to(NOON + timedelta(days=days)):
        office.step(key, "count", "specialist")
        assert (due(key), key.counted_at) == (by, clock.now())


def test_a_key_that_is_lent_does_not_hang_there(office: Estate) -> None:
    key = office.key()
    loan = office.loan(key)
    for step in ("count", "report_missing", "give_up"):
        with pytest.raises(Refusal) as refused:
            office.step(key, step, "specialist", remark="x")
        assert refused.value.kind == "state"
    office.step(loan, "take_back", "specialist", returner="郑师傅", unit_condition="门窗已关")
    assert office.why_not(key, "count", "specialist") is None


def test_what_the_stock_take_does_not_find_is_lent_to_nobody(office: Estate) -> None:
    key = office.key()
    with pytest.raises(WrongBoxes):
        office.step(key, "report_missing", "specialist")
    office.step(key, "report_missing", "specialist", remark="十一月盘点不在柜")
    assert (key.state, key.due_at) == ("missing", None)
    with pytest.raises(Wrong):
        office.loan(key)
    office.step(key, "find", "specialist")
    assert (key.state, key.due_name) == ("kept", "count_due")
    assert office.loan(key).state == "lent"
    assert list(history_verify.verify([type(key)])) == []


def test_a_lost_key_is_missing_from_the_register(office: Estate) -> None:
    key = office.key()
    office.step(office.loan(key), "report_lost", "specialist", loss_story="掉进电梯井")
    assert (key.state, key.due_at) == ("missing", None)


def test_given_up_it_is_neither_lent_nor_counted_nor_edited(office: Estate) -> None:
    key = office.key("寄-01", kind="left", custody_letter="托-1")
    office.step(key, "give_up", "specialist", remark="业主取回，托管书作废")
    assert (key.state, key.due_at) == ("given_up", None)
    with pytest.raises(Wrong):
        office.loan(key, owner_consent="同意", accompanied_by="孙专员", sealed_bag="B-1")
    with pytest.raises(Refusal):
        office.edit(key, "specialist", cabinet="2柜")


def test_the_stock_take_is_the_keepers_and_the_supervisors(office: Estate) -> None:
    key = office.key()
    able = [
        name
        for name in ("manager", "supervisor", "specialist", "specialist2", "frontdesk")
        if office.why_not(key, "count", name) is None
    ]
    assert able == ["supervisor", "specialist"]


def states(key: Any) -> list[tuple[str, str, str]]:
    """The states of a key as its history has them: which, by what, under which clause."""
    db.session.rollback()
    lines = [line for line in history.lines("key", key.id) if "state" in line.changes]
    return [(line.changes["state"][1], line.act, line.clause) for line in lines]


def test_a_lent_key_reads_as_lent_until_it_is_back(office: Estate) -> None:
    key = office.key()
    loan = office.loan(key)
    office.step(loan, "extend", "specialist", remark="还没修完")
    assert (key.state, key.due_at) == ("lent", None), "it isn't counted while it is out"
    office.edit(key, "specialist", cabinet="B-2")
    with pytest.raises(Wrong, match=loan.number):
        office.loan(key)
    office.step(loan, "take_back", "specialist", returner="郑师傅", unit_condition="门窗已关")
    assert (key.state, key.due_name) == ("kept", "count_due")
    again = office.loan(key)
    office.step(again, "void", "manager", void_reason="写错了")
    office.step(office.loan(key), "report_lost", "specialist", loss_story="掉了")
    assert states(key) == [
        ("kept", "create", "P6"),
        ("lent", "key_loan:lent", "P6"),
        ("kept", "key_loan:returned", "P6"),
        ("lent", "key_loan:lent", "P6"),
        ("kept", "key_loan:void", "M1"),
        ("lent", "key_loan:lent", "P6"),
        ("missing", "key_loan:lost", "P6"),
    ]
    assert list(history_verify.verify([type(key), type(loan)])) == []
    assert kept("key") == counted("key")


def test_keys_lent_before_they_said_so_are_marked(office: Estate) -> None:
    """What an earlier version left: a loan that is out, its key in custody."""
    key, other = office.key(), office.key("A-02")
    office.loan(key)
    with office.writing():
        office.set(key, "specialist", state="kept")
    upkeep.chores["keys_that_are_out"].do()
    db.session.expire_all()
    assert (key.state, other.state) == ("lent", "kept")
    upkeep.chores["keys_that_are_out"].do()
    assert [line.act for line in history.lines("key", key.id)][-2:] == ["edit", "key_loan:lent"]
    assert list(history_verify.verify([type(key)])) == []


@pytest.mark.parametrize("state", ["missing", "given_up"])
def test_a_key_found_missing_while_it_is_being_lent_is_not_lent(
    office: Estate, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """The stock-take comes between the look at the register and the lending: as it then stands, the key is
    lent to nobody.
    """
    key, check = office.key(), KeyLoan.check

    def checked(loan: Any) -> None:
        check(loan)
        cls = type(loan.key)
        moved = db.update(cls).where(cls.id == loan.key.id, cls.state == "kept").values(state=state)
        db.session.execute(moved.execution_options(synchronize_session=False))

    monkeypatch.setattr(KeyLoan, "check", checked)
    with pytest.raises(Wrong) as wrong:
        office.loan(key)
    assert wrong.value.field == "key"
    assert db.session.execute(db.select(db.func.count()).select_from(KeyLoan)).scalar_one() == 0


def test_one_key_that_cannot_be_marked_keeps_no_other(
    office: Estate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Three are out; what is known of the second one breaks its register's own rule."""
    keys = [office.key(tag) for tag in ("A-01", "A-02", "A-03")]
    for key in keys:
        office.loan(key)
        with office.writing():
            office.set(key, "specialist", state="kept")
    cls, check = type(keys[0]), type(keys[0]).check

    def checked(key: Any) -> None:
        check(key)
        if key.tag == "A-02":
            raise Wrong("tag", "broken")

    monkeypatch.setattr(cls, "check", checked)
    upkeep.chores["keys_that_are_out"].do()
    db.session.rollback()
    db.session.expire_all()
    assert [key.state for key in keys] == ["lent", "kept", "lent"]
    assert len([line for line in caplog.messages if "not marked as lent" in line]) == 1
    assert list(history_verify.verify([cls])) == []
    assert kept("key") == counted("key")
