"""The demo's key register and key loans."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from app.act.bulk import last_id, tell
from app.act.replay import Act, Story
from app.declare.person import Person
from app.ground import clock
from models.custody.key import Key
from seeds import words
from seeds.estate import Estate
from seeds.people import name_of, phone_of
from seeds.repairs import by_day, moments


def register(estate: Estate, chance: random.Random) -> list[tuple[int, str, int, int]]:
    """The keys: of empty units, of each building's rooms, a few left by owners; the lendable ones as (id,
    tag, office, area).
    """
    key = last_id(Key)
    stories = []
    lendable: list[tuple[int, str, int, int]] = []
    for office, staff in estate.staff.items():
        here = [place for place in estate.places if place.office == office]
        for place in [flat for flat in here if flat.vacant]:
            sets = {
                "tag": f"{place.code} 入户",
                "kind": "unit",
                "unit": place.id,
                "key_set": "A套",
                "cabinet": f"1柜{chance.randrange(1, 60)}号",
            }
            stories.append(
                _key(office, place.area, staff.by_area[place.area], estate.start, sets, unit=place.code)
            )
            key += 1
            lendable.append((key, str(sets["tag"]), office, place.area))
        for area, keeper in staff.by_area.items():
            for room, may in words.ROOMS:
                sets = {
                    "tag": f"{estate.areas[area]}{room}",
                    "kind": "equipment",
                    "building": area,
                    "room": room,
                    "key_set": "B套",
                    "cabinet": f"2柜{chance.randrange(1, 60)}号",
                    "lendable": may,
                }
                stories.append(_key(office, area, keeper, estate.start, sets, building=estate.areas[area]))
                key += 1
                if may:
                    lendable.append((key, str(sets["tag"]), office, area))
        for at, place in enumerate([flat for flat in here if flat.owner and not flat.vacant][::80], 1):
            sets = {
                "tag": f"{place.code} 业主留存",
                "kind": "left",
                "unit": place.id,
                "key_set": "封袋",
                "cabinet": f"3柜{at}号",
                "custody_letter": f"留存委托书第{at:03d}号",
            }
            stories.append(
                _key(office, place.area, staff.by_area[place.area], estate.start, sets, unit=place.code)
            )
            key += 1
    tell(Key, stories)
    return lendable


def _key(
    office: int, area: int, keeper: Person, start: datetime, sets: dict[str, Any], **labels: str
) -> Story:
    """A key taken into custody, and counted in the last months."""
    acts = [Act(start, keeper, "P6", "create", sets)]
    acts += [Act(moment, keeper, "P6", "step:count", {"counted_at": moment}) for moment in stock_takes(start)]
    return Story(office, area, acts, labels)


def stock_takes(start: datetime) -> list[datetime]:
    """The last two mornings on which the keys were counted, before any was lent: the 28th of a month."""
    days = [clock.today() - timedelta(days=back) for back in range(62, -1, -1)]
    mornings = [clock.day_start(day) + timedelta(hours=7, minutes=30) for day in days if day.day == 28]
    return [morning for morning in mornings if start < morning < clock.now()]


def loans(
    count: int, keys: list[tuple[int, str, int, int]], estate: Estate, now: datetime, chance: random.Random
) -> Iterator[Story]:
    """The loans: nearly all back the same day, a few out now, a few overdue; no key out twice."""
    free: dict[int, datetime] = {}
    came = moments(count, estate.start + timedelta(days=1), now - timedelta(minutes=1), chance)
    times = sorted(
        by_day(moment, chance)
        for moment in came
        if by_day(moment, random.Random(0)) < now - timedelta(hours=2)
    )
    for at, moment in enumerate(times):
        able = [key for key in chance.sample(keys, min(12, len(keys))) if free.get(key[0], moment) <= moment]
        if not able:
            able = [key for key in keys if free.get(key[0], moment) <= moment][:1]
        if not able:
            continue
        out = at >= len(times) - 6 and chance.random() < 0.35
        story = _loan(able[0], moment, estate, chance, now, out)
        back = story.acts[-1].at if len(story.acts) > 1 else now + timedelta(days=9999)
        free[able[0][0]] = back
        yield story


def _loan(
    lent: tuple[int, str, int, int],
    moment: datetime,
    estate: Estate,
    chance: random.Random,
    now: datetime,
    out: bool,
) -> Story:
    """A key lent at a moment and, unless it is still out, taken back within hours."""
    key, tag, office, area = lent
    who = estate.staff[office].by_area[area]
    due = clock.day_end(clock.local(moment).date())
    of_unit = tag.endswith("入户")
    kind = chance.choices(("staff", "contractor", "viewer"), (70, 20, 10 if of_unit else 0))[0]
    firms, for_units, for_rooms = words.KEY_BORROWERS[kind]
    at_work = chance.randrange(len(words.DEPARTMENTS))
    borrower = estate.staff[office].repairers[at_work].name if kind == "staff" else name_of(chance)
    sets = {
        "key": key,
        "borrower_kind": kind,
        "borrower": borrower,
        "department": chance.choice(firms) if firms else words.DEPARTMENTS[at_work],
        "phone": phone_of(chance),
        "reason": chance.choice(for_units if of_unit else for_rooms),
        "pledge": "none" if kind == "staff" else "id",
        "lent_at": moment,
        "due_back": due,
    }
    acts = [Act(moment, who, "P6", "create", sets)]
    back = moment + timedelta(minutes=chance.randrange(20, 300))
    if back < now and not out:
        condition = "门窗已关，水电已断" if of_unit else None
        sets = {
            "state": "returned",
            "returned_at": back,
            "returner": borrower,
            "checked": True,
            "unit_condition": condition,
        }
        acts.append(Act(back, who, "P6", "step:take_back", sets))
    return Story(office, area, acts, {"key": tag})
