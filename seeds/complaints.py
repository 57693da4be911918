"""The demo's complaints, each as far on its way as its time allows."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from app.act.replay import Story
from app.declare.person import Person
from seeds import words
from seeds.estate import Estate
from seeds.repairs import NOW, Order, moments


def stories(count: int, estate: Estate, now: datetime, chance: random.Random) -> Iterator[Story]:
    """The complaints in the order they came."""
    lived = estate.lived
    for moment in moments(count, estate.start + timedelta(days=1), now, chance):
        yield Complaint(estate, chance.choice(lived), moment, now, chance).told()


class Complaint(Order):
    """One complaint on its way."""

    def told(self) -> Story:
        """Received, and what follows."""
        chance, place, staff = self.chance, self.place, self.staff
        subject = self.subject = chance.choice(list(words.COMPLAINTS))
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
            kinds = (
                ("C",)
                if subject == "neighbours"
                else ("A", "B")
                if subject in ("repair", "facilities")
                else ("A",)
            )
            self._go(
                chance.choices(("general", "serious", "major"), (82, 14, 4))[0],
                chance.choices(kinds, (3, 1)[: len(kinds)])[0],
            )
        return Story(place.office, place.area, self.acts, self.labels)

    def _go(self, level: str, kind: str) -> None:
        chance, staff, handler = self.chance, self.staff, self.specialist
        self.labels["handler"] = handler.name
        approver, clause = (staff.supervisor, "S3") if level == "general" else (staff.manager, "M9")
        closer, closing = (staff.manager, "M10") if level == "major" else (staff.supervisor, "S3")
        other = staff.caller
        self.labels["followed_up_by"] = other.name
        accept = {
            "state": "investigating",
            "level": level,
            "class_": kind,
            "handler": handler.id,
            "accepted_at": NOW,
            "department": chance.choice(words.RESPONSIBLE[self.subject]),
        }
        if not self.act(chance.randrange(3, 25), staff.supervisor, "S4", "step:accept", **accept):
            return
        for again in range(2 if chance.random() < 0.07 else 1, 0, -1):
            answered = (
                self._referred(handler) if kind == "C" else self._settled(handler, (approver, clause), kind)
            )
            asked = (
                {"satisfied": "yes", "rating": chance.choice("554"), "state": "followed_up"}
                if again == 1
                else {
                    "satisfied": "no",
                    "rating": "2",
                    "state": "investigating",
                    "returned": 1,
                    "answered_at": None,
                    "accepted_at": NOW,
                }
            )
            if not answered or not self.act(
                chance.randrange(600, 3000), other, "P10", "step:follow_up", followed_up_by=other.id, **asked
            ):
                return
        self.act(chance.randrange(60, 900), closer, closing, "step:close", state="closed")

    def _referred(self, handler: Person) -> bool:
        """Outside our powers: explained, and referred to whoever can."""
        to = self.chance.choice(("社区居委会", "街道办事处", "业主委员会", "派出所"))
        said = {
            "referred_to": to,
            "answer_way": "phone",
            "answer": f"已说明情况，并转{to}协调。",
            "answered_at": NOW,
        }
        return self.act(
            self.chance.randrange(60, 600), handler, "P14", "step:refer", state="answered", **said
        )

    def _settled(self, handler: Person, approver: tuple[Person, str], kind: str) -> bool:
        """Found out, agreed to, handled and answered."""
        chance = self.chance
        settled = {
            "cause": chance.choice(words.REASONS[self.subject]),
            "measures": chance.choice(words.MEASURES),
            "nature": "justified",
        }
        said = {
            "answer_way": "phone",
            "answer": "已核实并处理，向您致歉，今后加强检查。"
            if kind == "A"
            else "已报开发商整改，我们跟进到完成。",
            "prevention": "纳入每日检查",
            "answered_at": NOW,
        }
        return (
            self.act(
                chance.randrange(60, 400),
                handler,
                "P14",
                "step:propose",
                state="proposed",
                proposed_by=handler.id,
                **settled,
            )
            and self.act(chance.randrange(30, 300), *approver, "step:approve", state="handling")
            and self.act(chance.randrange(200, 1500), handler, "P14", "step:reply", state="answered", **said)
        )
