"""The history: enough to rebuild a record as it was, and chained so that nobody tampers unseen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from office import NOON, Estate, lines

from app.act import steps
from app.act.entry import Pairs
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history, history_verify
from app.keep.history_chain import Fault
from app.keep.history_verify import verify

DONE = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}


def worked(office: Estate) -> tuple[Any, list[dict[str, Any]]]:
    """An order with a life, and what it said after each act."""
    seen = []
    acts: list[Callable[[], Any]] = [
        lambda: office.edit(order, "specialist", description="改了", phone="13900000000", warranty="1"),
        lambda: office.edit(order, "specialist", unit=office["1-1-102"], warranty=""),
        lambda: office.step(order, "dispatch", "specialist", assignee=office["specialist"]),
        lambda: office.step(order, "give_back", "specialist", return_reason="忙"),
        lambda: office.step(order, "dispatch", "specialist", assignee=office["colleague"]),
        lambda: office.step(order, "start", "colleague"),
        lambda: office.step(
            order,
            "finish",
            "colleague",
            **DONE,
            labour_fee="20",
            **lines(
                "materials",
                {"item": "管", "quantity": "1.5", "price": "3"},
                {"item": "胶", "quantity": "1", "price": "2"},
            ),
        ),
        lambda: office.step(order, "reopen", "supervisor", assignee=office["colleague"], remark="漏"),
    ]
    with clock.set_to(NOON):
        order = office.order()
        seen.append(history.dumped(order))
    for at, act in enumerate(acts, 1):
        with clock.set_to(NOON + timedelta(minutes=at)):
            act()
            seen.append(history.dumped(order))
    return order, seen


def some(values: dict[str, Any]) -> dict[str, Any]:
    """Without the boxes that are empty."""
    return {name: value for name, value in values.items() if value not in (None, "", [], False)}


def test_a_record_is_rebuilt_as_it_was_at_each_version(office: Estate) -> None:
    order, seen = worked(office)
    assert order.version == len(seen)
    for version, was in enumerate(seen, 1):
        assert some(history.as_at("work_order", order.id, version=version)) == some(was)


def test_and_at_each_moment(office: Estate) -> None:
    order, seen = worked(office)
    for at, was in enumerate(seen):
        assert some(history.as_at("work_order", order.id, NOON + timedelta(minutes=at, seconds=30))) == some(
            was
        )
    assert history.as_at("work_order", order.id, NOON - timedelta(seconds=1)) == {}


def test_nothing_and_nought_are_told_apart(office: Estate) -> None:
    building = office.create("building", "manager", code_name="4栋")
    assert office.edit(building, "manager", entrances="0")
    assert (building.entrances, building.version) == (0, 2)
    assert history.as_at("building", building.id)["entrances"] == 0
    assert office.edit(building, "manager", entrances="")
    assert history.as_at("building", building.id)["entrances"] is None


def test_each_line_says_who_when_and_by_which_clause(office: Estate) -> None:
    with clock.set_to(NOON):
        order = office.order("supervisor")
        office.edit(order, "specialist", description="改了")
    made, edited = history.lines("work_order", order.id)
    assert (made.user_id, made.user_name, made.clause, made.at) == (
        office["supervisor"],
        "苏主管",
        "S3",
        NOON,
    )
    assert (edited.clause, edited.changes) == ("P7", {"description": ["厨房水管漏水", "改了"]})


def test_a_refused_step_leaves_a_line_and_nothing_else(office: Estate) -> None:
    order = office.order()
    before = history.dumped(order)
    with office.writing():
        person, step = office.person("frontdesk"), type(order).steps["dispatch"]
        refusal = steps.in_the_way(order, step, person)
        assert refusal is not None
        steps.note_refused(order, step, person, refusal)
    line = history.lines("work_order", order.id)[-1]
    assert (line.act, line.user_name, line.changes) == ("refused:dispatch", "周前台", {})
    assert history.dumped(order) == before
    assert list(history_verify.verify([type(order)])) == []


def said() -> list[Fault]:
    """What verify finds in the whole database."""
    return list(verify(registry.of_each_table()))


def run(office: Estate, statement: str, **values: Any) -> None:
    """Tamper with the database behind the engine's back."""
    with office.writing():
        assert db.session.execute(db.text(statement), values).rowcount != 0  # type: ignore[attr-defined]


def test_an_honest_history_is_whole(office: Estate) -> None:
    worked(office)
    assert said() == []


@pytest.mark.parametrize(
    ("box", "value"),
    [
        ("user_name", "别人"),
        ("clause", "M1"),
        ("act", "edit"),
        ("at", "2020-01-01 00:00:00.000000"),
        ("user_id", 1),
        ("changes", "{}"),
        ("hash", "0" * 64),
    ],
)
@pytest.mark.parametrize("seq", [1, 4, 9])
def test_an_edited_line_is_found(office: Estate, box: str, value: Any, seq: int) -> None:
    order, _seen = worked(office)
    kind = (
        "JSON"
        if box == "changes" and "postgres" in office.app.config["SQLALCHEMY_DATABASE_URI"]
        else "TIMESTAMP"
        if box == "at" and "postgres" in office.app.config["SQLALCHEMY_DATABASE_URI"]
        else ""
    )
    run(
        office,
        f"UPDATE history SET {box} = {f'CAST(:value AS {kind})' if kind else ':value'} WHERE form ="
        " 'work_order' AND record_id = :id AND seq = :seq",
        value=value,
        id=order.id,
        seq=seq,
    )
    fault = said()[0]
    assert fault.record == order.number
    assert fault.line in (seq, seq + 1 if box == "hash" else seq)


@pytest.mark.parametrize("seq", [1, 4, 9])
def test_a_removed_line_is_found(office: Estate, seq: int) -> None:
    order, _seen = worked(office)
    run(
        office,
        "DELETE FROM history WHERE form = 'work_order' AND record_id = :id AND seq = :seq",
        id=order.id,
        seq=seq,
    )
    assert (said()[0].record, said()[0].line) == (order.number, seq)


def test_all_lines_removed_is_found(office: Estate) -> None:
    order, _seen = worked(office)
    run(office, "DELETE FROM history WHERE form = 'work_order' AND record_id = :id", id=order.id)
    assert order.number in said()[0]


@pytest.mark.parametrize("with_version", [False, True])
def test_an_added_line_is_found(office: Estate, with_version: bool) -> None:
    order, _seen = worked(office)
    run(
        office,
        "INSERT INTO history (form, record_id, seq, at, user_id, user_name, clause, act, changes, hash)"
        " SELECT form, record_id, 10, at, user_id, user_name, clause, act, changes, hash FROM history WHERE"
        " form = 'work_order' AND record_id = :id AND seq = 9",
        id=order.id,
    )
    if with_version:
        run(office, "UPDATE work_order SET version = 10 WHERE id = :id", id=order.id)
    assert order.number in said()[0]


def test_a_well_made_line_added_behind_the_end_is_found(office: Estate) -> None:
    order, _seen = worked(office)
    row = history.line(
        "work_order",
        order.id,
        order.version + 1,
        order.head,
        office.person("manager"),
        "M1",
        "edit",
        {"phone": ["1", "2"]},
        NOON,
    )
    with office.writing():
        db.session.execute(db.insert(history.Line), [row])
    assert order.number in said()[0]


def test_reordered_lines_are_found(office: Estate) -> None:
    order, _seen = worked(office)
    for at, other in ((4, 1000), (5, 4), (1000, 5)):
        run(
            office,
            "UPDATE history SET seq = :other WHERE form = 'work_order' AND record_id = :id AND seq = :one",
            id=order.id,
            one=at,
            other=other,
        )
    assert order.number in said()[0]
    assert said()[0].line == 4


def test_a_line_moved_to_another_record_is_found(office: Estate) -> None:
    order, _seen = worked(office)
    other = office.order()
    run(
        office,
        "UPDATE history SET record_id = :other, seq = 2 WHERE form = 'work_order' AND record_id = :id AND"
        " seq = 9",
        id=order.id,
        other=other.id,
    )
    assert {sentence.split(":")[0] for sentence in said()} == {
        f"work_order {order.number}",
        f"work_order {other.number}",
    }


def test_one_chain_put_in_place_of_another_is_found(office: Estate) -> None:
    order, _seen = worked(office)
    run(office, "UPDATE work_order SET head = :head WHERE id = :id", head="1" * 64, id=order.id)
    assert order.number in said()[0]


def test_a_record_removed_with_its_history_is_found(office: Estate) -> None:
    orders = [office.order() for _time in range(3)]
    for order in (orders[1], orders[2], orders[0]):
        number, key = order.number, order.id
        run(office, "DELETE FROM history WHERE form = 'work_order' AND record_id = :id", id=key)
        run(office, "DELETE FROM work_order WHERE id = :id", id=key)
        assert number in [sentence.record for sentence in said()]


def test_a_record_removed_alone_leaves_lines_that_tell(office: Estate) -> None:
    key = office.order().id
    run(office, "DELETE FROM work_order WHERE id = :id", id=key)
    assert (f"id {key}", 1) in [(sentence.record, sentence.line) for sentence in said()]


def test_a_bulk_step_writes_a_line_for_each(office: Estate) -> None:
    orders = [office.order() for _time in range(3)]
    with office.writing():
        results = steps.perform_each(
            type(orders[0]),
            [order.id for order in orders],
            type(orders[0]).steps["void"],
            office.person("manager"),
            Pairs({"void_reason": "演练"}),
        )
        assert [result.refusal for result in results] == [None] * 3
    assert {history.lines("work_order", order.id)[-1].act for order in orders} == {"step:void"}
    assert said() == []
