"""The demo's work orders: weather, seasons and peaks, each order's steps by the right people at times that
fit.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.act.replay import Act, Story
from app.ground import clock
from models.service.repair_limits import ARRIVE, FINISH, FINISH_EMERGENCY
from seeds import words
from seeds.estate import Estate, Place, Staff

HOURS = [1, 1, 0.5, 0.5, 0.5, 1, 2, 5, 9, 9, 8, 7, 5, 5, 6, 6, 6, 7, 9, 10, 9, 6, 3, 2]
SEASON = {
    1: 1.25,
    2: 1.1,
    3: 0.9,
    4: 0.85,
    5: 0.9,
    6: 1.15,
    7: 1.35,
    8: 1.3,
    9: 1.0,
    10: 0.85,
    11: 0.95,
    12: 1.2,
}
MINUTE = timedelta(minutes=1)
DAY, LATE = 24 * 60, 0.05  # minutes; the share that takes days
STALLS = {
    "step:dispatch": (timedelta(hours=1), 0.6),
    "step:agree_price": (timedelta(hours=1), 0.3),
    "step:start": (timedelta(hours=4), 0.5),
    "step:finish": (timedelta(hours=20), 0.3),
}
AT_LEISURE = (timedelta(days=3), 0.25)
BY_DAY = {
    "step:follow_up",
    "step:sample",
    "step:look_again",
    "step:file",
    "step:propose",
    "step:approve",
    "step:reply",
    "step:refer",
    "step:close",
}
RUSH = (3, 7, 12, 20, 31, 48, 70)  # minutes ago: somebody always is on the telephone
NOW = object()  # stands for the moment of the act in what it sets


def days(start: datetime, end: datetime) -> Iterator[date]:
    """The office's days between two moments."""
    day, last = clock.local(start).date(), clock.local(end).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def by_day(moment: datetime, chance: random.Random) -> datetime:
    """Nobody is called, and nothing is filed, at night: then it is done in the next morning."""
    hour = clock.local(moment).hour
    if 8 <= hour < 20:
        return moment
    morning = clock.day_start(clock.local(moment).date() + timedelta(days=1 if hour >= 20 else 0))
    return morning + timedelta(hours=8, minutes=chance.randrange(120))


def moments(count: int, start: datetime, now: datetime, chance: random.Random) -> Iterator[datetime]:
    """When things are reported: more in deep winter and high summer, on Mondays, on stormy days, in the
    morning and after work.
    """
    weights = [
        (
            day,
            SEASON[day.month]
            * (1.25 if day.weekday() == 0 else 1.0)
            * (2.2 if chance.random() < 0.02 else chance.uniform(0.8, 1.2)),
        )
        for day in days(start, now)
    ]
    total, done, given = sum(weight for _day, weight in weights), 0.0, 0
    for day, weight in weights:
        done += weight
        want = round(count * done / total) - given
        given += want
        yield from _of_day(day, want, now, chance)


def daytimes(count: int, estate: Estate, until: datetime, chance: random.Random) -> list[datetime]:
    """When so many things happened that are done by day, in their order."""
    came = moments(count, estate.start + timedelta(days=1), until, chance)
    return sorted(at for moment in came if (at := by_day(moment, chance)) < until)


def _of_day(day: date, count: int, now: datetime, chance: random.Random) -> list[datetime]:
    morning = clock.day_start(day)
    hours = chance.choices(range(24), HOURS, k=count)
    moments = sorted(morning + timedelta(hours=hour, seconds=chance.randrange(3600)) for hour in hours)
    if moments and moments[-1] >= now:
        span = max((now - morning).total_seconds() - 60, 60)
        moments = sorted(
            morning + timedelta(seconds=span * ((moment - morning).total_seconds() / 86400))
            for moment in moments
        )
    return moments


def stories(count: int, estate: Estate, now: datetime, chance: random.Random) -> Iterator[Story]:
    """The orders in the order they came."""
    rare = {count * 3 // 10, count // 2 + 7, count * 9 // 10} if count >= 900 else set()
    faults = {month: _faults(month) for month in range(1, 13)}
    lived = estate.lived
    hot = lived[:: max(1, len(lived) // 40)]
    for at, moment in enumerate(moments(count, estate.start + timedelta(days=1), now, chance)):
        moment = max(moment, now - MINUTE * RUSH[count - 1 - at]) if count - 1 - at < len(RUSH) else moment
        place = chance.choice(hot) if chance.random() < 0.08 else chance.choice(lived)
        yield Order(estate, place, moment, now, chance).story(faults[clock.local(moment).month], at in rare)


def _faults(month: int) -> tuple[list[tuple[str, str, str]], list[float]]:
    shares = {
        "water": 30,
        "electricity": 18,
        "gas": 4,
        "masonry": 5,
        "doors": 14,
        "lifts": 7,
        "public": 9,
        "smart": 6,
        "green": 4,
        "other": 6,
    }
    faults, weights = [], []
    for category, pairs in words.FAULTS.items():
        for thing, fault, months in pairs:
            faults.append((category, thing, fault))
            weights.append(
                shares[category] / len(pairs) * (3.0 if month in months else 0.15 if months else 1.0)
            )
    return faults, weights


class Order:
    """One order on its way, as far as it has come by now."""

    def __init__(
        self, estate: Estate, place: Place, at: datetime, now: datetime, chance: random.Random
    ) -> None:
        self.staff: Staff = estate.staff[place.office]
        self.place, self.at, self.now, self.chance = place, at, now, chance
        self.acts: list[Act] = []
        self.labels: dict[str, Any] = {}
        self.more: dict[str, Any] = {}
        self.came = at
        self.specialist = self.staff.by_area[place.area]
        self.recent = now - at < AT_LEISURE[0]

    def act(self, after: float, who: Any, clause: str, name: str, **sets: Any) -> bool:
        """The next act so many minutes later, unless that lies ahead, or nobody got to it yet."""
        moment = self.at + MINUTE * after
        if name in BY_DAY:
            moment = by_day(moment, self.chance)
        if moment >= self.now or (self.recent and name != "create" and self._stalls(name)):
            return False
        self.at = moment
        self.acts.append(
            Act(
                moment,
                who,
                clause,
                name,
                {key: moment if value is NOW else value for key, value in sets.items()},
            )
        )
        return True

    def _stalls(self, name: str) -> bool:
        """Whether nobody got to an act yet: a dispatch waits for minutes, a follow-up for days."""
        span, share = STALLS.get(name, AT_LEISURE)
        return self.now - self.at < span and self.chance.random() < share

    def story(self, faults: tuple[list[tuple[str, str, str]], list[float]], rare: bool) -> Story:
        """Report, then what follows."""
        self._report(*self.chance.choices(faults[0], faults[1])[0], rare)
        if self.chance.random() < 0.02:
            self.act(
                self.chance.randrange(5, 60),
                self.staff.manager,
                "M1",
                "step:void",
                state="void",
                void_reason=self.chance.choice(words.VOIDS),
            )
        elif self._dispatch() and self._work():
            self._after()
        return Story(self.place.office, self.place.area, self.acts, self.labels, self.more)

    def _report(self, category: str, thing: str, fault: str, rare: bool) -> None:
        chance, place = self.chance, self.place
        what = thing + fault
        self.urgency = (
            "emergency"
            if any(word in what for word in words.EMERGENCIES)
            else chance.choices(("normal", "urgent"), (83, 17))[0]
        )
        public = category in ("lifts", "public", "green") or thing in words.PUBLIC_THINGS
        spot = chance.choice(words.SAID[thing][0] or [""])
        wishes = (
            words.PUBLIC_WISHES
            if public
            else words.WATER_WISHES
            if "爆裂" in what or "漏水" in what
            else words.HOME_WISHES
        )
        text = words.RARE if rare else f"{spot}{what}，{chance.choice(wishes)}".rstrip("，")
        self.paid = not public and chance.random() < 0.3
        who, clause = (
            (chance.choice(self.staff.desk), "F1") if chance.random() < 0.75 else (self.specialist, "P7")
        )
        self.held = 0
        self.leak = "渗水" in fault or "漏水" in fault
        sets: dict[str, Any] = {
            "unit": place.id,
            "reporter": place.owner or "住户",
            "phone": place.phone or None,
            "customer": place.customer,
            "channel": chance.choices(("phone", "counter", "online", "visit", "patrol"), (60, 15, 12, 5, 8))[
                0
            ],
            "category": category,
            "urgency": self.urgency,
            "extent": chance.choices(("small", "larger"), (80, 20))[0],
            "description": text,
            "public": public,
            "warranty": not public and not self.paid and chance.random() < 0.15,
            "paid": self.paid,
            "leak": self.leak,
            "room": None if public else spot or None,
        }
        if public:
            sets["public_area"] = f"{spot}{thing}"
        self.extent = sets["extent"]
        self.public, self.category, self.thing = public, category, thing
        self.free = not (public or self.paid or sets["warranty"])
        self.labels["unit"] = place.code
        self.labels["customer"] = place.owner or None
        self.acts.append(Act(self.at, who, clause, "create", sets))

    def _dispatch(self) -> bool:
        wait = (
            self.chance.choice((1, 2, 3, 4))
            if self.urgency == "emergency"
            else self.chance.choice((2, 4, 6, 9, 12, 14, 14, 25))
        )
        trade = (
            3
            if self.category == "lifts"
            else (4 if self.thing in words.CLEANING else 5)
            if self.category == "green"
            else self.chance.randrange(3)
        )
        self.repairer = self.staff.repairers[trade]
        who, clause = (
            (self.specialist, "P7") if self.chance.random() < 0.85 else (self.staff.supervisor, "S3")
        )
        self.labels["assignee"] = self.repairer.name
        due = self.at + MINUTE * (wait + ARRIVE[self.urgency].default)
        if not self.act(
            wait,
            who,
            clause,
            "step:dispatch",
            state="dispatched",
            assignee=self.repairer.id,
            department=words.DEPARTMENTS[trade],
            arrive_by=due,
        ):
            return False
        if self.paid:
            self.price = Decimal(self.chance.randrange(3, 30) * 10)
            by = self.place.owner or "住户"
            return self.act(
                4,
                self.specialist,
                "P7",
                "step:agree_price",
                price=self.price,
                price_agreed_by=by,
                price_agreed_at=NOW,
            )
        return True

    def _work(self) -> bool:
        within = ARRIVE[self.urgency].default
        wait = max(3, self.chance.gauss(within * 0.7, within * 0.25))
        if not self.act(wait, self.specialist, "P7", "step:start", state="in_progress", arrived_at=NOW):
            return False
        if self.chance.random() < 0.03:
            until = self.at + timedelta(days=2)
            if not self.act(
                20,
                self.specialist,
                "P7",
                "step:hold",
                state="held",
                hold_reason=self.chance.choice(words.HOLDS),
                hold_until=until,
            ):
                return False
            self.more = {"held_at": self.at}
            held = self.chance.randrange(1000, 3000)
            if not self.act(held, self.specialist, "P7", "step:resume", state="in_progress"):
                return False
            self.held = held
            self.more = {"held_at": None, "resumed_at": self.at, "held_seconds": held * 60}
        return self._finish()

    def _finish(self) -> bool:
        chance = self.chance
        wait = chance.choice((15, 20, 30, 40, 55, 80, 120, 240, 600))
        if random.Random(f"{self.came} {self.place.code}").random() < LATE:
            wait += DAY + 120 * (wait % 9)
        _spots, causes, works, goods = words.SAID[self.thing]
        done = self.done = chance.random() < 0.97
        used = [
            (item, *words.MATERIALS[item])
            for item in goods
            if done and not self.free and chance.random() < 0.7
        ]
        materials: list[dict[str, Any]] = [
            {"item": item, "unit": unit, "quantity": Decimal(1), "price": Decimal(price)}
            for item, unit, price in used
        ]
        labour = (
            max(self.price - sum((material["price"] for material in materials), Decimal(0)), Decimal(20))
            if self.paid and done
            else Decimal(0)
        )
        sets: dict[str, Any] = {
            "finished_at": NOW,
            "on_time": self.at + MINUTE * wait <= self._finish_by() + MINUTE * self.held,
            "outcome": "repaired" if done else "not_repaired",
            "cause": chance.choice(causes),
            "work_done": chance.choice(works) if done else "已检查，待另约",
            "materials": materials,
            "labour_fee": labour.quantize(Decimal("0.01")),
            "customer_signed": not self.public,
        }
        if not done:
            sets["not_repaired_because"] = "需厂家配件，已向客户说明"
        if self.paid and done:
            sets["payment"] = chance.choice(("wechat", "alipay", "cash"))
        return self.act(wait, self.specialist, "P7", "step:finish", state="finished", **sets)

    def _finish_by(self) -> datetime:
        """When the work is to be done, a hold aside."""
        limit = FINISH_EMERGENCY if self.urgency == "emergency" else FINISH[self.extent]
        assert limit.unit.moved is not None
        return limit.unit.moved(self.came, limit.default)

    def _after(self) -> None:
        chance = self.chance
        rating = chance.choices("54321", (60, 28, 8, 3, 1) if self.done else (0, 0, 5, 4, 1))[0]
        if not self.act(
            chance.randrange(120, 1300),
            self.specialist,
            "P10",
            "step:follow_up",
            state="followed_up",
            rating=rating,
            customer_words=(chance.choice(words.WORDS[rating]) or None) if self.done else "还没修好，等配件",
            followed_up_by=self.specialist.id,
        ):
            return
        self.labels["followed_up_by"] = self.specialist.name
        sampled = (
            "已电话致歉，安排复修"
            if rating in "21"
            else "电话抽查，与回访一致"
            if self.leak or chance.random() < 0.08
            else ""
        )
        if sampled and not self.act(400, self.staff.supervisor, "S3", "step:sample", sample_result=sampled):
            return
        if self.leak and not self.act(
            45 * 1440, self.specialist, "P10", "step:look_again", leak_result="复查无渗漏"
        ):
            return
        self.act(
            chance.randrange(200, 1600), chance.choice(self.staff.desk), "F6", "step:file", state="filed"
        )
