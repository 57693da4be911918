"""The demo's release slips: most leave on their day and come back from the gate, some never come to use."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from app.act.replay import Act, Story
from app.declare.person import SYSTEM, Person
from app.ground import clock
from seeds.estate import Estate, Place
from seeds.people import id_of, name_of, phone_of
from seeds.repairs import by_day, moments

GOODS: dict[str, list[tuple[str, str, int, str]]] = {
    "moving_out": [
        ("双人床", "household", 2, "张"),
        ("衣柜", "household", 3, "组"),
        ("冰箱", "household", 1, "台"),
        ("洗衣机", "household", 1, "台"),
        ("空调", "household", 3, "台"),
        ("纸箱（衣物、书籍）", "household", 24, "箱"),
        ("沙发", "household", 1, "套"),
        ("电视机", "household", 2, "台"),
    ],
    "moving_part": [
        ("旧沙发", "household", 1, "套"),
        ("电动车", "household", 1, "辆"),
        ("书柜", "household", 2, "组"),
        ("钢琴", "household", 1, "架"),
        ("儿童床", "household", 1, "张"),
        ("行李箱", "household", 4, "个"),
    ],
    "renovation": [
        ("瓷砖", "materials", 18, "箱"),
        ("电锤", "materials", 1, "把"),
        ("木方", "materials", 40, "根"),
        ("切割机", "materials", 1, "台"),
        ("剩余水泥", "materials", 6, "袋"),
        ("拆下的旧门，含门框、门套和五金，须由两人搬运并在电梯内加护板", "materials", 3, "樘"),
    ],
    "company_goods": [
        ("待修水泵", "equipment", 1, "台"),
        ("报废显示器", "equipment", 5, "台"),
        ("文件柜", "office", 2, "组"),
        ("复印机", "office", 1, "台"),
    ],
}
LONGEST = (
    "家具分两车搬运，第一车为大件，第二车为纸箱；电梯使用时间已与监控中心约定，搬运时请铺设防护垫，注意不要碰撞墙面、"
    "门框和消防设施，搬完后由业主本人签字确认，并请保洁清理通道。"
)
REFUSALS = ("多出空调外机一台", "电视机数量不符，条上一台，车上两台", "车牌与放行条不符")
GUARDS = ("岗亭值守甲", "岗亭值守乙", "岗亭值守丙")
FIRMS = ("康居装饰", "迅达安装")
MINUTE = timedelta(minutes=1)
LATEST = (  # hours ago, and how far it has come: today's, and some that are late
    (0.2, "applied"),
    (0.7, "applied"),
    (0.9, "approved"),
    (1.5, "approved"),
    (2, "approved"),
    (2.5, "released"),
    (3, "released"),
    (26, "released"),
    (220, "released"),
)


def stories(count: int, estate: Estate, now: datetime, seed: int) -> Iterator[Story]:
    """The slips in the order they were written; the latest wait at each station."""
    chance = random.Random(f"{seed} release_slip")
    lived = [place for place in estate.places if not place.vacant and place.owner] or estate.places
    latest = LATEST if count >= 2 * len(LATEST) else ()
    came = moments(count - len(latest), estate.start + timedelta(days=1), now - MINUTE, chance)
    written = [(at, "") for at in (by_day(moment, chance) for moment in came) if at < now]
    written += [(now - timedelta(hours=hours), stop) for hours, stop in latest]
    for at, stop in sorted(written):
        yield Slip(estate, chance.choice(lived), at, now, chance, stop).told()


class Slip:
    """One slip on its way, as far as it has come by now."""

    def __init__(
        self,
        estate: Estate,
        place: Place,
        at: datetime,
        now: datetime,
        chance: random.Random,
        stop: str = "",
    ) -> None:
        self.place, self.at, self.now, self.chance, self.stop = place, at, now, chance, stop
        self.staff = estate.staff[place.office]
        self.specialist: Person = self.staff.by_area[place.area]
        self.desk = chance.choice(self.staff.desk)
        self.acts: list[Act] = []
        self.labels: dict[str, Any] = {"unit": place.code, "customer": place.owner or None}
        reasons = ("moving_out", "moving_part", "renovation", "company_goods")
        self.reason = chance.choices(reasons, (0 if stop == "released" else 1, 5, 4, 1))[0]
        ahead = 3 if self.reason == "moving_out" else 0 if stop else chance.choice((0, 0, 0, 1))
        self.day = clock.local(at).date() + timedelta(days=ahead)

    def act(self, at: datetime, who: Person, clause: str, name: str, **sets: Any) -> bool:
        """The next act, unless it lies ahead."""
        if at >= self.now:
            return False
        self.acts.append(Act(at, who, clause, name, sets))
        return True

    def told(self) -> Story:
        """Written, and what follows."""
        chance, morning = self.chance, clock.day_start(self.day) + timedelta(hours=8)
        self.act(self.at, self.desk, "F1", "create", **self._written())
        tomorrow = morning + timedelta(days=1, minutes=chance.randrange(90))
        approved = self.at + MINUTE * (5 if self.stop else chance.randrange(4, 60))
        if self.stop:
            if self.stop != "applied" and self._approve(approved) and self.stop == "released":
                self._release(approved + 20 * MINUTE)
        elif clock.local(approved).date() > self.day or not self._approve(approved):
            self._expire()
        else:
            self._at_the_gate(max(approved, morning) + MINUTE * chance.randrange(10, 400), tomorrow)
        return Story(self.place.office, self.place.area, self.acts, self.labels)

    def _at_the_gate(self, at: datetime, tomorrow: datetime) -> None:
        """Compared there, unless nobody came."""
        chance = self.chance
        if chance.random() < 0.05 or clock.local(at).date() != self.day:
            self._expire()
        elif chance.random() < 0.04:
            why, guard = chance.choice(REFUSALS), chance.choice(GUARDS)
            at_gate = {"refused_why": why, "guard_name": guard, "gate_at": at}
            self.act(at, self.desk, "F1", "step:refuse", state="refused", **at_gate)
        elif self._release(at):
            back = tomorrow + timedelta(days=chance.choice((0, 0, 1, 3)))
            self.act(back, self.desk, "F1", "step:take_back", state="returned", back_at=back)

    def _expire(self) -> None:
        """Its day went by."""
        self.act(clock.day_end(self.day), SYSTEM, "", "act:expires", state="expired")

    def _approve(self, at: datetime) -> bool:
        """Approved by whoever may."""
        final = self.reason == "moving_out"
        who, clause = (self.staff.supervisor, "S3") if final else (self.specialist, "P7")
        self.labels["approved_by"] = who.name
        sets = {"state": "approved", "approved_by": who.id, "approved_at": at}
        return self.act(at, who, clause, "step:approve", **sets)

    def _release(self, at: datetime) -> bool:
        """Let out by the guard."""
        guard, gate = self.chance.choice(GUARDS), self.chance.choice(("东门", "西门"))
        at_gate = {"guard_name": guard, "gate": gate, "gate_at": at, "carrier": name_of(self.chance)}
        return self.act(at, self.desk, "F1", "step:release", state="released", **at_gate)

    def _written(self) -> dict[str, Any]:
        chance, place = self.chance, self.place
        kind = {"moving_out": "tenant", "renovation": "contractor", "company_goods": "staff"}.get(
            self.reason, chance.choices(("owner", "tenant", "deputy"), (7, 2, 1))[0]
        )
        theirs = kind in ("owner", "tenant")
        goods = chance.sample(GOODS[self.reason], chance.choice((1, 2, 2, 3, 4)))
        sets: dict[str, Any] = {
            "unit": place.id,
            "customer": place.customer,
            "applicant_kind": kind,
            "applicant": place.owner if kind == "owner" and place.owner else name_of(chance),
            "firm": chance.choice(FIRMS) if kind == "contractor" else None,
            "phone": place.phone if kind == "owner" and place.phone else phone_of(chance),
            "id_number": id_of(chance) if theirs else None,
            "id_checked": True,
            "reason": self.reason,
            "details": LONGEST if chance.random() < 0.03 else None,
            "day": self.day,
            "plate": f"沪A{chance.randrange(10**5):05d}" if chance.random() < 0.6 else None,
            "people_count": chance.choice((None, 2, 3, 4)),
            "goods": [
                {"item": item, "kind": kind_of, "count": most, "counted_in": unit}
                for item, kind_of, most, unit in goods
            ],
            "authority": "in_person" if theirs else "seal" if kind == "staff" else "phone",
        }
        if sets["authority"] == "phone":
            self.labels["verified_by"] = self.desk.name
            sets |= {"verified_with": place.owner or "业主", "verified_by": self.desk.id}
            sets["verified_at"] = self.at
        if kind == "staff":
            sets["authority_proof"] = "管理处公章"
        if kind == "tenant" and chance.random() < 0.9:
            sets["owner_consent"] = f"{place.owner or '业主'}电话同意"
        if self.reason == "moving_out":
            sets["told_on"] = clock.local(self.at).date()
            for meter in ("water_reading", "power_reading", "gas_reading"):
                sets[meter] = chance.randrange(100, 9000)
        return sets
