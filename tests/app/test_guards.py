"""What guards share is the engine's, and each says its sentence at its box."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from office import NOON, Estate

from app.declare import fields
from app.declare.conditions import not_
from app.declare.form import Form, States, moving
from app.declare.guards import Guard, guard, needed_when, not_ahead, not_before, some_photo
from app.ground import clock
from app.ground.spelling import DeclarationError
from app.people.refusal import Refusal

DAY = timedelta(days=1)
BOXES = {
    name: field.named(name, None, False)
    for name, field in {
        "lent_at": fields.moment("借出时间", "Lent at"),
        "back_at": fields.moment("归还时间", "Back at"),
        "due_on": fields.day("应还日期", "Due on"),
        "bag": fields.text("封袋号", "Bag"),
    }.items()
}


def row(**values: Any) -> Any:
    """A record's boxes."""
    return SimpleNamespace(fields=BOXES, **{name: values.get(name) for name in (*BOXES, "key", "kind")})


@pytest.mark.parametrize(
    ("rule", "values", "holds"),
    [
        (not_ahead("back_at"), {}, True),
        (not_ahead("back_at"), {"back_at": NOON}, True),
        (not_ahead("back_at"), {"back_at": NOON + timedelta(seconds=50)}, True),
        (not_ahead("back_at"), {"back_at": NOON + timedelta(minutes=2)}, False),
        (not_ahead("due_on"), {"due_on": date(2026, 11, 24)}, True),
        (not_ahead("due_on"), {"due_on": date(2026, 11, 25)}, False),
        (not_before("back_at", "lent_at"), {"lent_at": NOON}, True),
        (not_before("back_at", "lent_at"), {"back_at": NOON}, True),
        (not_before("back_at", "lent_at"), {"back_at": NOON, "lent_at": NOON + timedelta(seconds=40)}, True),
        (not_before("back_at", "lent_at"), {"back_at": NOON, "lent_at": NOON + timedelta(minutes=1)}, False),
        (not_before("due_on", "lent_at"), {"due_on": date(2026, 11, 24), "lent_at": NOON}, True),
        (not_before("due_on", "lent_at"), {"due_on": date(2026, 11, 23), "lent_at": NOON}, False),
        (needed_when("bag", {"kind": "left"}), {"kind": "unit"}, True),
        (needed_when("bag", {"kind": "left"}), {"kind": "left"}, False),
        (needed_when("bag", {"kind": "left"}), {"kind": "left", "bag": "7"}, True),
        (needed_when("bag", {"key.kind": not_("unit")}), {"key": SimpleNamespace(kind="left")}, False),
        (needed_when("bag", {"key.kind": not_("unit")}), {}, True),
    ],
)
def test_it_holds_or_not(rule: Guard, values: dict[str, Any], holds: bool) -> None:
    with clock.set_to(NOON):
        assert rule.holds(row(**values)) is holds


def test_each_says_its_sentence_at_its_box() -> None:
    told = [
        (rule.at, rule.said(row()))
        for rule in (
            not_ahead("back_at"),
            not_before("back_at", "lent_at"),
            needed_when("bag", {"kind": "left"}),
        )
    ]
    assert told == [
        ("back_at", "归还时间不能晚于现在。"),
        ("back_at", "归还时间不能早于借出时间。"),
        ("bag", "请填写封袋号。"),
    ]
    assert not_ahead("back_at", ("还没到。", "Not yet.")).said(row()) == "还没到。"


def since(record: Any) -> datetime | None:
    """When it began."""
    return record.lent_at and record.lent_at + DAY


def test_the_bound_may_be_worked_out_and_then_has_its_sentence() -> None:
    rule = not_before("back_at", since, ("最早次日归还。", "A day later."))
    assert rule.holds(row(back_at=NOON + DAY, lent_at=NOON))
    assert not rule.holds(row(back_at=NOON, lent_at=NOON))
    assert rule.name == "not_before(back_at, since)"
    with pytest.raises(TypeError, match="needs the sentence"):
        not_before("back_at", since)


def test_a_photo_is_asked_for_at_the_photos() -> None:
    rule = some_photo("after")
    assert (rule.at, rule.photos) == ("photos:after", "after")
    record = SimpleNamespace(photo_kinds={"after": "维修后"})
    assert rule.said(record) == "至少需要一张照片（维修后）。"


def test_it_is_asked_whatever_the_dialog_makes_of_the_duty(
    office: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here whoever is named may not take the step, and the step itself asks who that is."""
    order = office.order()
    dispatch = replace(type(order).steps["dispatch"], not_by=("assignee",))
    monkeypatch.setitem(type(order).steps, "dispatch", dispatch)
    with pytest.raises(Refusal, match="外单位维修须客户同意"):
        office.step(order, "dispatch", "specialist", assignee=office["specialist"], outside_firm="某公司")


def test_a_guard_that_no_step_names_stops_the_start() -> None:
    with pytest.raises(DeclarationError, match="no step names: the class speaks of 'forgotten'"):

        class Careless(Form, title=("粗心", "Careless")):
            states = States(made=moving("在办", "Made"))

            @guard("不行。", "No.")
            def forgotten(self: Any) -> bool:
                return False
