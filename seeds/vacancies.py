"""The demo's empty units: how they came to stand empty, their keys, visits and inspections, reduced fees."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from app.act.replay import Act, Story
from app.ground import clock
from seeds import words
from seeds.estate import Estate, Place, Staff
from seeds.people import name_of, phone_of
from seeds.repairs import by_day

DAY = timedelta(days=1)


def changes(count: int, estate: Estate, now: datetime, chance: random.Random) -> list[Story]:
    """So many changes: each vacant unit became so, the newest of what befell it since, a few in use again."""
    empty = [place for place in estate.places if place.vacant]
    again = [place for place in estate.places if not place.vacant and place.owner][7::60]
    each = (now - estate.start) * (len(empty) + len(again)) / max(count, 1)
    first: list[Story] = []
    later: list[Story] = []
    for at, place in enumerate([*empty, *again]):
        flat = Empty(place, estate.staff[place.office], now, chance)
        stories = list(flat.lived(estate.start, min(each * 1.3, 30 * DAY), at < len(empty), at))
        kept = 1 if at < len(empty) else 2  # how it became empty, and where it is used again that too
        there, rest = [stories[0], *stories[-1:][: kept - 1]], stories[1 : len(stories) - kept + 1]
        if len(first) + len(there) <= count:
            first += there
            later += rest
    later.sort(key=lambda story: story.acts[0].at)
    told = [*first, *later[max(0, len(later) - (count - len(first))) :]]
    return sorted(told, key=lambda story: story.acts[0].at)


class Empty:
    """A unit that stands empty, and what is recorded of it."""

    def __init__(self, place: Place, staff: Staff, now: datetime, chance: random.Random) -> None:
        self.place, self.staff, self.now, self.chance = place, staff, now, chance
        self.who = staff.by_area[place.area]
        self.meters = [Decimal(chance.randrange(3000, 90_000)).scaleb(-1) for _meter in range(3)]
        self.trouble = ""

    def lived(self, start: datetime, each: timedelta, still: bool, at: int) -> Iterator[Story]:
        """Its changes: empty since soon after the start, and still so; or in use again."""
        chance = self.chance
        moment = by_day(start + DAY * (1 + chance.random() * 9), chance)
        end = self.now if still else start + (self.now - start) * 0.7
        sets = {"reason": chance.choice(words.VACANT_BECAUSE["owned" if self.place.owner else "unsold"])}
        if self.place.owner:
            sets |= {"party": self.place.owner, "phone": self.place.phone}
        yield self.told(moment, "vacated", in_charge=self.who.id, **sets, **self.readings())
        moment += timedelta(minutes=20)
        yield self.told(moment, "keys_in", keys_count=2, key_tags=f"{self.place.code} 入户")
        fee = still and at % 9 == 4 and self.place.owner != ""
        while (moment := by_day(moment + each * (0.7 + 0.5 * chance.random()), chance)) < end:
            if chance.random() < 0.12:
                yield self.visit(moment)
            elif fee:
                fee = False
                yield self.reduction(moment, at)
            else:
                yield self.inspection(moment)
        if not still and end < self.now:
            yield self.told(
                end, "occupied", occupied_as="lived_in", party=self.place.owner, **self.readings()
            )

    def readings(self) -> dict[str, Decimal]:
        """The meters, a little further than last time."""
        self.meters = [meter + Decimal(self.chance.randrange(4)).scaleb(-1) for meter in self.meters]
        return dict(zip(("water_reading", "power_reading", "gas_reading"), self.meters, strict=True))

    def visit(self, moment: datetime) -> Story:
        """Somebody looked at it."""
        firms = words.KEY_BORROWERS["viewer"][0]
        boxes = {"party": name_of(self.chance), "phone": phone_of(self.chance)}
        boxes |= {"firm": self.chance.choice(firms), "accompanied_by": self.who.name}
        return self.told(moment, "visit", **boxes)

    def inspection(self, moment: datetime) -> Story:
        """Somebody went through it: first what was wrong last time."""
        chance, boxes = self.chance, dict(words.ALL_WELL)
        if self.trouble and chance.random() < 0.6:
            boxes, self.trouble = {**boxes, "seen_again": "mended"}, ""
        elif self.trouble:
            boxes |= {"seen_again": "unchanged", "finding": self.trouble}
        elif chance.random() < 0.12:
            found = chance.choice(words.EMPTY_FAULTS)
            boxes |= found
            self.trouble = found["finding"]
        return self.told(moment, "inspection", **boxes, **self.readings())

    def reduction(self, moment: datetime, at: int) -> Story:
        """The reduced fee: applied for, and what came of it."""
        day = clock.local(moment).date()
        boxes: dict[str, Any] = {"party": self.place.owner, "phone": self.place.phone}
        boxes |= {"reduced_from": day, "reduced_to": day + timedelta(days=180), "owner_confirmed": True}
        story = self.told(moment, "reduction", inspected_on=day, **boxes, **self.readings())
        if len(story.acts) < 2 or (decided := story.acts[-1].at + DAY) > self.now:
            return story
        verified = story.acts[-1]._replace(sets={**story.acts[-1].sets, "state": "surveyed"})
        acts = [story.acts[0], verified]
        if at % 4 == 0:
            said = {"state": "declined", "opinion": "空置未满六个月，不符合减免条件。"}
            acts.append(Act(decided, self.staff.manager, "M4", "step:decline", said))
        else:
            share = {"state": "reduced", "fee_share": Decimal(70)}
            acts.append(Act(decided, self.staff.manager, "M4", "step:approve", share))
        return story._replace(acts=acts)

    def told(self, moment: datetime, kind: str, **boxes: Any) -> Story:
        """One change; checked by the supervisor within days, a few voided."""
        chance = self.chance
        filled = {name: value for name, value in boxes.items() if value not in (None, "")}
        clause = "P6" if kind.startswith("keys") else "P3"
        sets = {"unit": self.place.id, "kind": kind, "happened_at": moment, **filled}
        acts = [Act(moment, self.who, clause, "create", sets)]
        checked = by_day(moment + DAY * (0.2 + chance.random() * 2), chance)
        if kind == "visit" and chance.random() < 0.04:
            void = {"state": "void", "void_reason": chance.choice(words.VOIDS)}
            acts.append(Act(moment + timedelta(hours=1), self.staff.manager, "M1", "step:void", void))
        elif checked < self.now:
            acts.append(Act(checked, self.staff.supervisor, "S3", "step:verify", {"state": "checked"}))
        labels = {"unit": self.place.code, "in_charge": self.who.name}
        return Story(self.place.office, self.place.area, acts, labels)
