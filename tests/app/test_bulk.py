"""Records by the thousand: whether one process makes them or several, they are what saved ones are."""

from datetime import timedelta
from typing import Any

import pytest
from office import NOON, Estate

from app.act import bulk, search, tally
from app.act.replay import Act, Story
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db, writing
from app.keep import history, history_verify, numbers
from app.people import access


def stories(office: Estate, count: int) -> list[Story]:
    """Orders of two offices, five hours apart across the end of a month; every other one dispatched."""
    stories_told = []
    for at in range(count):
        moment = NOON + timedelta(days=5, minutes=at * 300)
        here = at % 3 != 2
        who = office.person("specialist" if here else "other_specialist")
        unit = "1-1-101" if here else "枫1-1-101"
        sets = {
            "unit": office[unit],
            "reporter": "陈女士",
            "phone": f"1381234{at:04d}",
            "channel": "phone",
            "category": "water",
            "urgency": "normal",
            "extent": "small",
            "description": f"水管漏水{at}",
        }
        acts = [Act(moment, who, "P7", "create", sets)]
        if at % 2:
            acts.append(
                Act(
                    moment + timedelta(minutes=5),
                    who,
                    "P7",
                    "step:dispatch",
                    {"state": "dispatched", "assignee": who.id},
                )
            )
        stories_told.append(
            Story(
                office["澄园" if here else "枫林"],
                office["1栋" if here else "枫1栋"],
                acts,
                {"unit": unit, "assignee": who.name},
            )
        )
    return stories_told


def said(cls: Any, key: int) -> dict[str, Any]:
    """What a record says, but for its place in the order of things."""
    record = db.session.get(cls, key)
    assert record is not None
    return {
        **history.dumped(record),
        "number": "",
        "version": record.version,
        "due": record.due_at and record.due_at - record.created_at,
    }


@pytest.mark.parametrize("part", [1000, 4])
def test_they_are_what_saved_ones_are(office: Estate, part: int) -> None:
    cls: Any = registry["work_order"]
    with clock.set_to(NOON):
        before = office.order().id
    with writing():
        assert bulk.tell(cls, stories(office, 14), part=part) == 14
    assert numbers.missing(cls) == []
    assert list(history_verify.verify([cls])) == []
    keys = list(db.session.execute(db.select(cls.id).order_by(cls.id)).scalars())
    assert keys == list(range(before, before + 15))
    reach = access.reach(office.person("manager"), cls.access.by("read"))
    counted = dict(
        db.session.execute(
            db.select(cls.state, db.func.count()).where(cls.office_id == office["澄园"]).group_by(cls.state)
        ).all()
    )
    assert {
        state: count for state, count in tally.by_state({cls.name: reach})[cls.name].items() if count
    } == counted
    assert search.Answers(search.understand("13812340012"), reach, cls.name).newest() == [before + 13]
    assert db.session.get(cls, before + 13).number == "PG-202612-0003"
    assert search.Answers(search.understand("PG-202612-0003"), reach, cls.name).newest() == [before + 13]
    assert office.order().id == before + 15


def test_in_parts_they_say_the_same(office: Estate) -> None:
    cls: Any = registry["work_order"]
    with writing():
        bulk.tell(cls, stories(office, 9))
        bulk.tell(cls, stories(office, 9), part=2)
    first = min(db.session.execute(db.select(cls.id)).scalars())
    assert [said(cls, first + at) for at in range(9)] == [said(cls, first + 9 + at) for at in range(9)]


def test_where_one_can_t_be_made_nothing_of_its_part_is_there(office: Estate) -> None:
    """The parts before it stand; the numbers of the others aren't given out."""
    cls: Any = registry["work_order"]
    told = stories(office, 9)
    told[7].acts[0].sets["labour_fee"] = "much"  # type: ignore[index]
    with writing(), pytest.raises(RuntimeError, match="broke off"):
        bulk.tell(cls, told, part=3)
    db.session.rollback()
    assert db.session.execute(db.select(db.func.count()).select_from(cls)).scalar_one() == 6
    assert numbers.missing(cls) == []
