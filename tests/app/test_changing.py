"""One way to change a record, whoever does: what goes with it is written beside it, or nothing is. What is
kept of records is plugged in, and hears of whatever befalls one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from office import Estate, counted, kept
from test_bulk import stories

from app.act import bulk, saving, search, steps
from app.act.entry import Wrong
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db, writing
from app.keep import capability, history, history_verify
from app.keep.capability import Act, Capability
from app.people.access import Reach
from app.people.refusal import Refusal


class Diary(Capability):
    """A capability of a test's own: what it hears."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def of(self, record: Any) -> str:
        return f"{record.name} {getattr(record, 'state', '')}"

    def made(self, record: Any, act: Act) -> Iterable[Any]:
        self.heard.append(("made", record.number, act.name, act.person.username))
        return ()

    def changed(self, record: Any, act: Act, before: str) -> Iterable[Any]:
        self.heard.append(("changed", record.number, act.name, before, sorted(act.changes)))
        return ()

    def left(self, record: Any, act: Act) -> Iterable[Any]:
        self.heard.append(("left", record.number, act.name))
        return ()

    def poured(self, cls: Any, first: int, kept: Sequence[Any]) -> None:
        self.heard.append(("poured", cls.name, first, kept[0]))

    def counted_anew(self, cls: Any) -> None:
        self.heard.append(("counted anew", cls.name))

    def verifier(self, cls: Any, connection: Any) -> Any:
        diary = self

        class Counting:
            def there(self, record: Any) -> None:
                diary.heard.append(("there", record.number))

            def faults(self) -> Iterator[tuple[str, str]]:
                yield "PG-0", "it isn't in the diary"

        return Counting()


@pytest.fixture
def diary() -> Iterator[Diary]:
    """Plugged in beside the engine's own."""
    kept = Diary()
    capability.plug(kept)
    yield kept
    capability.plugged.remove(kept)


def test_what_is_plugged_in_hears_of_making_editing_and_steps(office: Estate, diary: Diary) -> None:
    order = office.order()
    office.edit(order, "specialist", description="卫生间水管漏水")
    office.edit(order, "specialist")
    office.step(order, "dispatch", "specialist", assignee=office["repairer"])
    office.step(order, "void", "manager", void_reason="重复")
    number = order.number
    assert [line for line in diary.heard if line[1] == number] == [
        ("made", number, "create", "frontdesk"),
        ("changed", number, "edit", "work_order reported", ["description"]),
        ("left", number, "edit"),
        ("changed", number, "step:dispatch", "work_order reported", diary.heard[3][4]),
        ("changed", number, "step:void", "work_order dispatched", ["state", "void_reason"]),
    ]


def test_and_of_selections_of_thousands_of_counts_and_of_verifying(office: Estate, diary: Diary) -> None:
    cls: Any = registry["work_order"]
    orders = [office.order() for _each in range(3)]
    plain = replace(cls.steps["dispatch"], asks=(), guards=(), not_by=(), by_when=None, effect=None)
    diary.heard.clear()
    with office.writing():
        steps.perform_each(cls, [order.id for order in orders], plain, office.person("specialist"))
    assert diary.heard == [
        ("changed", order.number, "step:dispatch", "work_order reported", ["state"]) for order in orders
    ]
    diary.heard.clear()
    with writing():
        bulk.tell(cls, stories(office, 3))
    assert diary.heard == [("poured", "work_order", orders[-1].id + 1, "work_order reported")]
    diary.heard.clear()
    faults = [str(fault) for fault in history_verify.verify([cls])]
    assert [line[0] for line in diary.heard] == ["there"] * 6
    assert len(faults) == 1
    assert "it isn't in the diary" in faults[0]


def test_counted_anew_is_whatever_counts(office: Estate, diary: Diary) -> None:
    from app.gate.commands import recount

    office.app.cli.add_command(recount)
    answer = office.app.test_cli_runner().invoke(args=["recount"])
    assert answer.exit_code == 0, answer.output
    assert ("counted anew", "work_order") in diary.heard


def test_a_changed_record_has_all_that_goes_with_it(office: Estate) -> None:
    order = office.order()
    with office.writing(), saving.changing(order, office.person("specialist"), "mend", "P7") as change:
        order.description, order.state = "消防栓漏水", "dispatched"
    assert set(change.changes) == {"description", "state"}
    line = history.lines("work_order", order.id)[-1]
    assert (line.act, line.clause, line.seq, line.hash) == ("mend", "P7", order.version, order.head)
    assert line.changes["description"] == ["厨房水管漏水", "消防栓漏水"]
    assert kept("work_order") == counted("work_order")
    everywhere = Reach((office["澄园"],), None)
    assert search.Answers(search.understand("消防栓"), everywhere, "work_order").newest() == [order.id]
    assert search.Answers(search.understand("厨房"), everywhere, "work_order").newest() == []
    assert clock.now() - order.state_at < timedelta(minutes=1)
    assert list(history_verify.verify([type(order)])) == []


def test_a_change_of_nothing_leaves_no_line(office: Estate) -> None:
    order = office.order()
    with office.writing(), saving.changing(order, office.person("specialist"), "mend"):
        order.description = "厨房水管漏水"
    assert [line.act for line in history.lines("work_order", order.id)] == ["create"]


def test_a_rule_that_doesn_t_hold_leaves_everything(office: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    order = office.order()

    def check(_order: Any) -> None:
        raise Wrong("description", "no")

    monkeypatch.setattr(type(order), "check", check)
    change = saving.changing(order, office.person("specialist"), "mend")
    with pytest.raises(Wrong), office.writing(), change:
        order.description = "消防栓漏水"
    db.session.expire_all()
    assert (order.description, order.version) == ("厨房水管漏水", 1)
    assert kept("work_order") == counted("work_order")
    assert list(history_verify.verify([type(order)])) == []


def test_it_reaches_no_further_than_whoever_acts(office: Estate) -> None:
    order = office.order()
    change = saving.changing(order, office.person("other_specialist"), "mend")
    with pytest.raises(Refusal), office.writing(), change:
        order.description = "消防栓漏水"
    db.session.expire_all()
    assert order.description == "厨房水管漏水"
