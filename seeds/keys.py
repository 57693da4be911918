"""The demo's key register and key loans."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app import clock
from app.bulk import Act, Story, tell
from app.database import db
from models.custody.key import Key
from seeds import words
from seeds.estate import Estate, name_of, phone_of
from seeds.repairs import moments


def register(estate: Estate, chance: random.Random) -> list[tuple[int, str, int, int]]:
    """The keys: of empty units and of each building's rooms; the lendable ones as (id, tag, office, area)."""
    key = int(db.session.execute(select(func.coalesce(func.max(Key.id), 0))).scalar_one())
    stories, lendable = [], []
    for office, staff in estate.staff.items():
        for place in [one for one in estate.places if one.office == office and one.vacant]:
            stories.append(
                Story(
                    office,
                    place.area,
                    [
                        Act(
                            estate.start,
                            staff.by_area[place.area],
                            "P6",
                            "create",
                            {
                                "tag": f"{place.code} 入户",
                                "kind": "unit",
                                "unit": place.id,
                                "key_set": "A套",
                                "cabinet": f"1柜{chance.randrange(1, 60)}号",
                            },
                        )
                    ],
                    {"unit": place.code},
                )
            )
            key += 1
            lendable.append((key, f"{place.code} 入户", office, place.area))
        for area, person in staff.by_area.items():
            for room, may in words.ROOMS:
                tag = f"{estate.areas[area]}{room}"
                stories.append(
                    Story(
                        office,
                        area,
                        [
                            Act(
                                estate.start,
                                person,
                                "P6",
                                "create",
                                {
                                    "tag": tag,
                                    "kind": "equipment",
                                    "building": area,
                                    "room": room,
                                    "key_set": "B套",
                                    "cabinet": f"2柜{chance.randrange(1, 60)}号",
                                    "lendable": may,
                                },
                            )
                        ],
                        {"building": estate.areas[area]},
                    )
                )
                key += 1
                if may:
                    lendable.append((key, tag, office, area))
    tell(Key, stories)
    return lendable


def loans(count: int, keys: list[tuple[int, str, int, int]], estate: Estate, now: datetime, chance: random.Random) -> Iterator[Story]:
    """The loans: nearly all back the same day, a few out now, a few overdue; no key out twice."""
    free: dict[int, datetime] = {}
    times = list(moments(count, estate.start + timedelta(days=1), now, chance))
    for at, moment in enumerate(times):
        able = [one for one in chance.sample(keys, min(12, len(keys))) if free.get(one[0], moment) <= moment]
        if not able:
            able = [one for one in keys if free.get(one[0], moment) <= moment][:1]
        if not able:
            continue
        key, tag, office, area = able[0]
        who = estate.staff[office].by_area[area]
        due = clock.day_start(clock.local(moment).date() + timedelta(days=1)) - timedelta(minutes=1)
        borrower = chance.choice([one.name for one in estate.staff[office].repairers] + [name_of(chance)])
        sets = {
            "key": key,
            "borrower_kind": chance.choices(("staff", "contractor", "viewer"), (70, 20, 10))[0],
            "borrower": borrower,
            "department": chance.choice(("工程部", *words.FIRMS)),
            "phone": phone_of(chance),
            "reason": chance.choice(words.KEY_REASONS),
            "lent_at": moment,
            "due_back": due,
        }
        acts = [Act(moment, who, "P6", "create", sets)]
        back = moment + timedelta(minutes=chance.randrange(20, 300))
        late = at >= count - 6 and chance.random() < 0.35
        if back < now and not late:
            acts.append(
                Act(
                    back,
                    who,
                    "P6",
                    "step:take_back",
                    {
                        "state": "returned",
                        "returned_at": back,
                        "returner": borrower,
                        "checked": True,
                        "unit_condition": "门窗已关，水电已断",
                    },
                )
            )
            free[key] = back
        else:
            free[key] = now + timedelta(days=9999)
        yield Story(office, area, acts, {"key": tag})
