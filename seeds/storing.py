"""What the demo's desk keeps for customers, and what was found."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from app.act.replay import Act, Story
from app.ground import clock
from models.custody.keeping import KEEP
from models.custody.storage_choices import FORBIDDEN
from seeds.estate import Estate, Place
from seeds.lending import WORDS
from seeds.people import id_of, name_of, phone_of
from seeds.repairs import daytimes


def stories(count: int, estate: Estate, now: datetime, chance: random.Random) -> Iterator[Story]:
    """Most fetched in a day or two, a few not; one in eight was found."""
    lived = estate.lived
    for at, moment in enumerate(daytimes(count, estate, now - timedelta(minutes=5), chance)):
        place, found = chance.choice(lived), chance.random() < 0.12
        acts = _found(place, moment, estate, chance) if found else _left(place, moment, at, estate, chance)
        acts += _after(acts, place, found, estate, now, chance)
        unit = None if found else place.code
        staff = estate.staff[place.office]
        labels = {"unit": unit, "counted_by": acts[0].who.name, "recounted_by": staff.supervisor.name}
        yield Story(place.office, None if found else place.area, acts, labels if found else {"unit": unit})


def _goods(kinds: list[Any], chance: random.Random) -> list[dict[str, Any]]:
    if chance.random() < 0.01:
        what, features = WORDS["LONGEST_GOODS"], WORDS["LONGEST_FEATURES"]
        return [{"what": what, "pieces": 9, "features": features, "value": Decimal("128000.50")}] * 12
    return [
        {"what": what, "pieces": 1, "features": features, "value": Decimal(value) if value else None}
        for what, features, value in chance.sample(kinds, chance.choice((1, 1, 1, 2, 3)))
    ]


def _left(place: Place, moment: datetime, at: int, estate: Estate, chance: random.Random) -> list[Act]:
    sets: dict[str, Any] = {
        "kind": "left",
        "tag": f"A{at + 1000}",
        "goods": _goods(WORDS["GOODS"], chance),
        "none_of": list(FORBIDDEN),
        "shelf": chance.choice(WORDS["SHELVES"]),
        "left_at": moment,
        "collect_by": clock.day_end((clock.local(moment) + timedelta(days=KEEP.default)).date()),
        "unit": place.id,
        "depositor": place.owner or name_of(chance),
        "phone": place.phone or phone_of(chance),
        "id_kind": "identity",
        "id_number": id_of(chance),
    }
    return [Act(moment, chance.choice(estate.staff[place.office].desk), "F2", "create", sets)]


def _found(place: Place, moment: datetime, estate: Estate, chance: random.Random) -> list[Act]:
    staff = estate.staff[place.office]
    desk = chance.choice(staff.desk)
    sets: dict[str, Any] = {
        "kind": "found",
        "goods": _goods(WORDS["FOUND"], chance),
        "shelf": chance.choice(WORDS["SHELVES"]),
        "left_at": moment,
        "collect_by": clock.day_end((clock.local(moment) + timedelta(days=KEEP.default)).date()),
        "finder": name_of(chance),
        "place": chance.choice(WORDS["PLACES"]),
        "counted_by": desk.id,
        "recounted_by": staff.supervisor.id,
    }
    noticed = moment + timedelta(minutes=30)
    acts = [Act(moment, desk, "F2", "create", sets)]
    if noticed < clock.now():
        notice = {"notice_place": chance.choice(WORDS["NOTICES"]), "notice_at": noticed}
        acts.append(Act(noticed, desk, "F2", "step:announce", notice))
    return acts


def _after(
    acts: list[Act], place: Place, found: bool, estate: Estate, now: datetime, chance: random.Random
) -> Iterator[Act]:
    """Fetched; or past its time, and with the supervisor."""
    staff, came, sets = estate.staff[place.office], acts[0].at, acts[0].sets
    desk = chance.choice(staff.desk)
    fetched = came + timedelta(hours=chance.choice((2, 5, 20, 26, 44, 52)))
    if chance.random() < (0.6 if found else 0.94):
        if fetched < now:
            who = name_of(chance) if found else sets["depositor"]
            told: dict[str, Any] = (
                {"description": f"{sets['place']}，{sets['goods'][0]['features']}"} if found else {}
            )
            if not found:
                told["tag_shown"] = sets["tag"]
            told |= {"collector": who, "collector_id_kind": "identity", "collector_id": id_of(chance)}
            told |= {"state": "collected", "collected_at": fetched, "signed": True}
            yield Act(fetched, desk, "F2", "step:collect", told)
        return
    over = sets["collect_by"] + timedelta(hours=9, minutes=chance.randrange(60))
    if over + timedelta(hours=6) < now:
        yield Act(over, desk, "F2", "step:remind", {"reminded_at": over})
        handed = over + timedelta(hours=5)
        yield Act(
            handed,
            staff.supervisor,
            "S4",
            "step:hand_over",
            {"state": "with_supervisor", "handed_at": handed},
        )
        ended = handed + timedelta(days=30)
        if ended < now:
            how = {"state": "dealt_with", "end": "handed_over", "remark": "移交辖区派出所，回执附后"}
            yield Act(ended, staff.supervisor, "S4", "step:deal_with", how)
