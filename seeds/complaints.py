"""The demo's complaints, each as far on its way as its time allows."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from app.bulk import Story
from seeds import words
from seeds.estate import Estate
from seeds.repairs import Order, moments


def stories(count: int, estate: Estate, now: datetime, chance: random.Random) -> Iterator[Story]:
    """The complaints in the order they came."""
    lived = [place for place in estate.places if not place.vacant] or estate.places
    for moment in moments(count, estate.start + timedelta(days=1), now, chance):
        yield Complaint(estate, chance.choice(lived), moment, now, chance).told()


class Complaint(Order):
    """One complaint on its way."""

    def told(self) -> Story:
        """Received, and what follows."""
        chance, place, staff = self.chance, self.place, self.staff
        subject = chance.choice(list(words.COMPLAINTS))
        statement, demand = chance.choice(words.COMPLAINTS[subject])
        desk = chance.choice(staff.desk)
        self.labels.update(unit=place.code, customer=place.owner or None)
        self.act(
            0,
            desk,
            "F1",
            "create",
            unit=place.id,
            complainant=place.owner or "住户",
            phone=place.phone or None,
            customer=place.customer,
            channel=chance.choice(("phone", "counter", "online")),
            subject=subject,
            statement=statement,
            demand=demand,
            people_count=chance.choice((1, 1, 1, 2, 3)),
        )
        if self.acts and (not self.recent or chance.random() < 0.8):
            self._go(chance.choices(("general", "serious", "major"), (82, 14, 4))[0], chance.choices("ABC", (75, 10, 15))[0])
        return Story(place.office, place.area, self.acts, self.labels)

    def _go(self, level: str, kind: str) -> None:
        chance, staff, handler = self.chance, self.staff, self.specialist
        self.labels["handler"] = handler.name
        approver, clause = (staff.supervisor, "S3") if level == "general" else (staff.manager, "M9")
        closer, closing = (staff.manager, "M10") if level == "major" else (staff.supervisor, "S3")
        other = next((one for one in staff.by_area.values() if one.id != handler.id), handler)
        answer = "已核实并处理，向您致歉，今后加强检查。"
        steps = [
            (
                chance.randrange(3, 25),
                staff.supervisor,
                "S4",
                "accept",
                {"state": "investigating", "level": level, "class_": kind, "handler": handler.id, "department": "客服部"},
            ),
            (
                chance.randrange(60, 400),
                handler,
                "P14",
                "propose",
                {
                    "state": "proposed",
                    "cause": "现场核实情况属实",
                    "measures": chance.choice(words.MEASURES),
                    "nature": "justified" if kind == "A" else "unjustified",
                },
            ),
            (chance.randrange(30, 300), approver, clause, "approve", {"state": "handling"}),
            (
                chance.randrange(200, 1500),
                handler,
                "P14",
                "reply",
                {"state": "answered", "answer_way": "phone", "answer": answer, "prevention": "纳入每日检查"},
            ),
            (
                chance.randrange(600, 3000),
                other,
                "P10",
                "follow_up",
                {"state": "followed_up", "satisfied": "yes", "rating": chance.choice("554"), "followed_up_by": other.id},
            ),
            (chance.randrange(60, 900), closer, closing, "close", {"state": "closed"}),
        ]
        self.labels["followed_up_by"] = other.name
        for wait, who, by, name, sets in steps:
            if name == "reply":
                sets["answered_at"] = self.at + timedelta(minutes=wait)
            if not self.act(wait, who, by, f"step:{name}", **sets):
                return
