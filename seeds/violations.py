"""The demo's violations: most end on the spot or with the notice, a few go to the authority."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from app.act.replay import Story
from models.service.violation_rules import AT_ONCE
from seeds import words
from seeds.estate import Estate
from seeds.people import name_of
from seeds.repairs import MINUTE, NOW, Order, by_day, moments

DAY = 24 * 60
OPEN = {  # what is open now, and how many days ago it was found
    "reported": 16,
    "warned": 9,
    "verified": 5,
    "mended": 4,
    "notified": 2,
    "step:speak": 1,
    "create": 0.1,
}
REPORTED = {"reported_to": "街道综合行政执法队", "report_reference": "澄园函〔报〕", "reported_at": NOW}


def stories(count: int, estate: Estate, now: datetime, seed: int) -> Iterator[Story]:
    """The violations in the order they were found; some units have the same kind again."""
    chance = random.Random(f"{seed} violation")
    lived = estate.lived
    known: dict[tuple[int, str], list[datetime]] = {}
    begun = estate.start + timedelta(days=1)
    times = [(by_day(moment, chance), "") for moment in moments(count, begun, now, chance)]
    times += [(now - timedelta(days=ago), stays) for stays, ago in OPEN.items() if count > len(OPEN)]
    for moment, stays in sorted(times):
        if begun < moment < now - MINUTE:
            place = chance.choice(lived[:20] if chance.random() < 0.2 else lived)
            violation = Violation(estate, place, moment, now, chance)
            violation.stays, violation.recent = stays, violation.recent and not stays
            yield violation.told(known)


class Violation(Order):
    """One violation on its way."""

    stays = reached = ""  # the state or act at which it is still; what it came to so far

    def told(self, known: dict[tuple[int, str], list[datetime]]) -> Story:
        """Found, and what follows."""
        chance, place = self.chance, self.place
        kind = self.kind = chance.choice(list(words.VIOLATIONS))
        facts, rule, self.demand = chance.choice(words.VIOLATIONS[kind])
        before = known.setdefault((place.id, kind), [])
        times = 1 + sum(self.at - moment < timedelta(days=365) for moment in before)
        before.append(self.at)
        works = kind in ("illegal_building", "structural", "hours", "dumping")
        self.labels.update(unit=place.code, customer=place.owner or None)
        self.act(
            0,
            self.specialist,
            "P11",
            "create",
            unit=place.id,
            customer=place.customer,
            person=place.owner or None,
            phone=place.phone or None,
            kind=kind,
            found_at=self.at,
            finding=facts,
            rule_broken=rule,
            works_firm="安居装饰工程队" if works else None,
            foreman=name_of(chance) if works else None,
            times=times,
        )
        if self.acts:
            self._go()
        return Story(place.office, place.area, self.acts, self.labels)

    def act(self, after: float, who: Any, clause: str, name: str, **sets: Any) -> bool:
        """The next act so many minutes later; by day, whatever it is."""
        if self.stays and self.stays == self.reached:
            return False
        self.reached = str(sets.get("state", name))
        return super().act((self._by_day(after) - self.at) / MINUTE, who, clause, name, **sets)

    def _by_day(self, after: float) -> datetime:
        return by_day(self.at + MINUTE * after, random.Random(0))

    def _go(self) -> None:
        chance, who, manager = self.chance, self.specialist, self.staff.manager
        severe = self.kind in AT_ONCE
        there = not severe and chance.random() < 0.55 and not self.stays
        said = "mended" if there else chance.choice(("promised", "promised", "refused", "absent"))
        spot = {"spoken_by": who.name, "spoken_at": NOW, "spot_result": said}
        ends = {"state": "mended_there"} if there else {}
        if not self.act(chance.randrange(2, 15), who, "P11", "step:speak", **spot, **ends) or there:
            return
        if severe and not self.act(chance.randrange(60, 600), manager, "M9", "step:report", **REPORTED):
            return
        days = chance.choice((1, 3, 7)) if self.stays != "warned" else 3
        presses = self.stays in ("warned", "reported")
        if not self._notified(chance.randrange(30, 300), "step:notify", "notified", days):
            return
        if chance.random() < 0.8 and not presses:
            self._mended()
        elif self._notified(days * DAY + 120, "step:warn", "warned", 3):
            if chance.random() < 0.6 and not presses:
                self._mended()
            elif self.act(3 * DAY + 300, manager, "M9", "step:report", **REPORTED, state="reported"):
                result = "执法部门已责令整改。"
                self.act(10 * DAY, manager, "M9", "step:close", state="closed", result=result)

    def _notified(self, after: float, step: str, state: str, days: int) -> bool:
        """Told in writing what is to be mended, and by when."""
        second = step == "step:warn"
        order, mend_by = ("second_order", "second_mend_by") if second else ("demand", "mend_by")
        signed = self.chance.choice(("signed", "signed", "signed", "refused"))
        sets = {
            "state": state,
            order: self.demand,
            mend_by: self._by_day(after) + timedelta(days=days),
            "signed": signed,
            "witness": name_of(self.chance) if signed == "refused" else None,
        }
        if not second:
            sets |= {"notified_at": NOW, "served": self.chance.choice(("in_person", "posted"))}
        return self.act(after, self.specialist, "P11", step, **sets)

    def _mended(self) -> None:
        """Looked at again, verified, closed."""
        chance, supervisor = self.chance, self.staff.supervisor
        mended = {"state": "mended", "mended_at": NOW}
        if not self.act(chance.randrange(200, DAY), self.specialist, "P5", "step:mend", **mended):
            return
        if self.act(chance.randrange(60, DAY), supervisor, "S3", "step:verify", state="verified"):
            self.act(30, supervisor, "S3", "step:close", state="closed", result="已恢复原状。")
