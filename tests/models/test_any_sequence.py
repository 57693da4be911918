"""Whatever steps are tried on a form, by whomever, in whatever order, with whatever in the boxes: it stays a
form of the office.

Its state is a declared one, its history verifies and rebuilds it, its counts and sums are right, and nobody
took a step that wasn't theirs.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from office import NOON, PEOPLE, Estate, WrongBoxes, lines

from app.act import saving, search, tally
from app.act.entry import Wrong
from app.act.saving import Conflict
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history, history_verify
from app.people import access
from app.people.refusal import Refusal

NAMES = tuple(PEOPLE)
TEXTS = (
    "",
    "已处理",
    "=1+1",
    "<script>alert(1)</script>",
    "长" * 3000,
    "\x00\u202e倒",
    "😀",
    "-5",
    "0.005",
    "99999999999999",
    "2026-02-31",
    "2026-11-25T09:00",
    "1",
    "x",
)
AMOUNTS = st.decimals("0", "9999", places=2)


def box(office: Estate, field: Any, draw: Any) -> dict[str, Any]:
    """Something for a box: mostly what fits, sometimes what doesn't."""
    kind, name = field.kind, field.name
    if draw(st.integers(0, 9)) == 0:
        return {name: draw(st.sampled_from(TEXTS))}
    if field.is_lines:
        rows = draw(st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=3))
        return lines(
            name,
            *(
                {"item": "角阀", "quantity": f"{quantity:.2f}", "price": str(price)}
                for quantity, price in rows
            ),
        )
    if field.is_reference:
        return {
            name: str(draw(st.sampled_from([office[name] for name in NAMES if name in office.ids] + [999])))
        }
    if hasattr(kind, "options"):
        return {name: draw(st.sampled_from([*kind.options, "no such"]))}
    return {
        "tick": lambda: {name: draw(st.sampled_from(["1", ""]))},
        "moment": lambda: {
            name: f"{clock.local(NOON + timedelta(hours=draw(st.integers(-30, 60)))):%Y-%m-%dT%H:%M}"
        },
        "day": lambda: {name: f"{clock.local(NOON + timedelta(days=draw(st.integers(-3, 60)))):%Y-%m-%d}"},
        "amount": lambda: {name: str(draw(AMOUNTS))},
    }.get(kind.widget, lambda: {name: draw(st.sampled_from(["已处理", "水阀老化", *TEXTS]))})()


def begun(office: Estate, form: str, draw: Any) -> Any:
    """A new form."""
    if form == "key_loan":
        tag = f"K-{db.session.execute(db.select(db.func.count()).select_from(registry['key'])).scalar_one()}"
        key = office.create("key", "specialist", tag=tag, kind="unit", unit=office["1-1-101"], lendable="1")
        return office.create(
            "key_loan",
            "specialist",
            key=key.id,
            borrower="郑师傅",
            phone="13700000001",
            reason="检修",
            borrower_kind="staff",
        )
    more = (
        {"paid": draw(st.sampled_from(["1", ""])), "urgency": draw(st.sampled_from(["normal", "emergency"]))}
        if form == "work_order"
        else {}
    )
    return office.order(**more) if form == "work_order" else office.complaint()


@pytest.mark.long
@pytest.mark.parametrize("form", ["work_order", "complaint", "key_loan"])
@settings(max_examples=60, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(data=st.data())
def test_it_stays_a_form_of_the_office(office: Estate, form: str, data: Any) -> None:
    cls: Any = registry[form]
    with clock.set_to(NOON - timedelta(hours=1)):
        record = begun(office, form, data.draw)
    key = record.id
    for at in range(data.draw(st.integers(1, 14))):
        with clock.set_to(NOON + timedelta(minutes=10 * at)):
            step = cls.steps[
                data.draw(
                    st.sampled_from(
                        [
                            *cls.steps,
                            *(step.name for step in cls.steps.values() if record.state in step.source),
                        ]
                    )
                )
            ]
            able = [name for name in NAMES if office.why_not(record, step.name, name) is None]
            name = data.draw(st.sampled_from([*NAMES, *able, *able, *able]))
            boxes: dict[str, Any] = {}
            for ask in step.asked:
                boxes |= box(office, cls.fields[ask.name], data.draw) if not ask.photos else {}
            was, version = record.state, record.version
            try:
                office.step(
                    record,
                    step.name,
                    name,
                    version=data.draw(st.sampled_from([None, version, version, version - 1])),
                    **boxes,
                )
            except (Refusal, Wrong, WrongBoxes, Conflict):
                record = db.session.get(cls, key)
                assert (record.state, record.version) == (was, version), "refused, and yet something changed"
            else:
                assert was in step.source, "out of its state"
                assert name in able, "not theirs"
                assert record.state in (step.targets or (was,)), "led elsewhere"
                assert record.version == version + 1
    check(office, cls, key)


def check(office: Estate, cls: Any, key: int) -> None:
    """What must hold of a record at any time."""
    db.session.rollback()
    record = db.session.get(cls, key)
    assert record.state in cls.states
    assert list(history_verify.verify([cls])) == []
    assert {name: value or None for name, value in history.dumped(record).items()} == {
        name: history.as_at(record.name, key).get(name) or None for name in history.dumped(record)
    }
    counted = dict(db.session.execute(db.select(cls.state, db.func.count()).group_by(cls.state)).all())
    reach = access.reach(office.person("manager"), cls.access.by("read"))
    assert {state: n for state, n in tally.by_state({cls.name: reach})[cls.name].items() if n} == counted
    assert key in search.Answers(search.understand(record.number), reach, cls.name).newest(5)
    if cls.name == "work_order":
        materials = sum((material.amount for material in record.materials), Decimal(0))
        assert record.total == materials + (record.labour_fee or 0)
        assert all(
            material.amount == (material.quantity * material.price).quantize(Decimal("0.01"))
            for material in record.materials
        )
    if record.state not in cls.open_states():
        assert record.due_at is None


def test_a_form_that_is_voided_keeps_its_number_and_moves_no_more(office: Estate) -> None:
    for form in ("work_order", "complaint"):
        record = office.order() if form == "work_order" else office.complaint()
        number = record.number
        office.step(record, "void", "manager", void_reason="重复登记")
        assert (record.state, record.number) == ("void", number)
        for step in type(record).steps:
            assert all(office.why_not(record, step, name) is not None for name in NAMES)
        assert saving.may_edit(record, office.person("manager")) is not None
