"""The demo's communication records and interviews, each as far on its way as its time allows."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.act import links
from app.act.replay import Story
from app.ground import clock
from app.ground.database import db
from models.service.communication_record import CommunicationRecord
from models.service.complaint import SUBJECTS
from seeds.estate import Estate, Place
from seeds.repairs import NOW, Order, by_day, daytimes

SAID: dict[str, list[tuple[str, str]]] = {
    "enquiry": [
        ("询问物业费缴到哪个月、能否手机缴", "已告知缴费截止月份和手机缴费办法"),
        ("问装修申请要带什么材料", "已说明材料清单和办理时间"),
        ("打听地下车位还有没有出租的", "已登记，有空位时电话通知"),
    ],
    "suggestion": [
        ("建议快递柜旁加一盏灯", "已转工程部列入本月改造"),
        ("希望儿童游乐场铺软垫", "已汇总，提交季度改善计划"),
    ],
    "thanks": [("感谢保安帮忙把老人送回家", "已转告当班人员并致谢")],
    "cleaning": [("反映周末楼道垃圾清得晚", "已调整周末保洁班次")],
    "neighbours": [("说楼上晚上拖椅子声音大", "已与楼上沟通，送了脚垫")],
    "fees": [("对公摊电费明细有疑问", "已逐项解释并给了明细")],
}
MORE = ("回电确认，客户表示满意", "客户未接，改日再拨", "发微信告知进度", "客户来前台又问了一次，已说明")
SUGGESTIONS = ("希望多组织社区活动", "夜间巡逻可以再密一些", "电梯里的广告太多", "绿化修剪后及时清走枝叶", "")
TO_FOLLOW = ("单元门闭门器太响", "楼道灯不亮", "对公摊费用有疑问", "希望协调楼上噪声")
RESULTS = {"answered": "已当面解释，客户理解", "task": "已交工程部，本周内完成"}
PERSONAL = ("家有九十岁老人，上门前先打电话", "夜班，下午两点后方便", "孩子今年上小学")
LAST = 9  # records that are in hand
LONG = "客户从头说起：搬来五年，前三年没有报修过，今年夏天起厨房吊顶渗水、阳台地漏返味、单元门常关不上。" * 45


def in_hand(story: Story, left: int) -> Story:
    """The last ones that came are still in hand, at every station; some of them for too long."""
    return story._replace(acts=story.acts[: 1 + left % 3]) if left < LAST else story


def communications(count: int, estate: Estate, now: datetime, seed: int) -> Iterator[Story]:
    """The contacts with customers, in the order they came; one of them of the longest text."""
    return _stories(Communication, count, estate, now, random.Random(f"{seed} communication_record"))


def interviews(count: int, estate: Estate, now: datetime, seed: int) -> Iterator[Story]:
    """The interviews, in the order they were planned."""
    return _stories(Interview, count, estate, now, random.Random(f"{seed} interview"))


def _stories(
    of: "type[Communication | Interview]", count: int, estate: Estate, now: datetime, chance: random.Random
) -> Iterator[Story]:
    lived = estate.lived
    for at, moment in enumerate(daytimes(count, estate, now, chance)):
        story = of(estate, chance.choice(lived), moment, now, chance).told(long=at == count // 2)
        yield in_hand(story, count - 1 - at)


class Communication(Order):
    """One contact on its way."""

    def told(self, long: bool) -> Story:
        """Recorded, answered, maybe noted again, closed."""
        chance, place, who = self.chance, self.place, self.specialist
        matter = chance.choice(list(SAID))
        content, answer = chance.choice(SAID[matter])
        self.labels.update(unit=place.code, customer=place.owner or None, answered_by=who.name)
        way = chance.choices(("call", "visit", "letter", "message"), (60, 25, 3, 12))[0]
        clause = "P11" if way == "visit" else "P10"
        self.act(
            0,
            who,
            clause,
            "create",
            unit=place.id,
            customer=place.customer,
            spoke_with=place.owner or "住户",
            phone=place.phone or None,
            way=way,
            talked_at=NOW,
            matter=matter,
            content=LONG[:2000] if long else content,
            opinion=LONG[:1000] if long else None,
        )
        until = None
        if chance.random() < 0.2:
            until = clock.local(self.at + timedelta(days=5)).date()
        answered = self.act(
            chance.randrange(5, 300),
            who,
            clause,
            "step:reply",
            state="answered",
            answer=answer,
            answered_at=NOW,
            answered_by=who.id,
            follow_up_on=until,
        )
        if answered and (not until or self._noted(long)):
            self.act(chance.randrange(600, 4000), who, clause, "step:close", state="closed")
        return Story(place.office, place.area, self.acts, self.labels)

    def _noted(self, long: bool) -> bool:
        """A contact or more, days later."""
        lines: list[dict[str, Any]] = []
        for _each in range(12 if long else self.chance.choice((1, 1, 2))):
            wait = self.chance.randrange(1000, 4000)
            at = self.at + timedelta(minutes=wait)
            said = self.chance.choice(MORE)
            lines = [*lines, {"spoken_at": at, "way": "call", "gist": said, "spoken_by": self.specialist.id}]
            sets = {"contacts": lines, "follow_up_on": None}
            if not self.act(wait, self.specialist, "P10", "step:note", **sets):
                return False
        return True


class Interview(Order):
    """One interview on its way."""

    def __init__(
        self, estate: Estate, place: Place, at: datetime, now: datetime, chance: random.Random
    ) -> None:
        super().__init__(estate, place, at, now, chance)
        self.labels.update(unit=place.code, customer=place.owner or None)

    def told(self, long: bool) -> Story:
        """Planned, held, reviewed, its matters settled, closed."""
        chance, place, who = self.chance, self.place, self.specialist
        meets = by_day(self.at + timedelta(days=chance.randrange(1, 9)), chance).replace(second=0)
        self.act(
            0,
            who,
            "P11",
            "create",
            unit=place.id,
            customer=place.customer,
            interviewee=place.owner or "住户",
            phone=place.phone or None,
            interviewers=[who.id],
            way=chance.choices(("home", "office", "outdoors", "phone"), (60, 20, 5, 15))[0],
            appointed_at=meets,
            questions=[{"question": name} for name in ("overall", "cleaning", "repair")],
        )
        if self._held(meets, long) and self._reviewed():
            self.act(chance.randrange(60, 900), who, "P11", "step:close", state="closed")
        return Story(place.office, place.area, self.acts, self.labels)

    def _held(self, meets: datetime, long: bool) -> bool:
        """At the appointed time or an hour after."""
        chance = self.chance
        topics = chance.sample(TO_FOLLOW, chance.choices((0, 1, 2), (60, 30, 10))[0])
        self.matters: list[dict[str, Any]] = [{"what": what} for what in topics]
        if long:
            self.matters = [{"what": LONG[at : at + 200]} for at in range(20)]
        scores = {
            name: chance.choices("54321", (45, 35, 14, 4, 2))[0]
            for name in ("security", "cleaning", "greenery", "repair", "desk")
        }
        offered = chance.random() < 0.8
        return self.act(
            (meets - self.at).total_seconds() // 60 + chance.randrange(0, 60),
            self.specialist,
            "P11",
            "step:hold",
            state="held",
            met_at=NOW,
            questions=[
                {"question": "overall", "answer": "总体满意"},
                {"question": "cleaning", "answer": LONG[:500] if long else "比去年好"},
                {"question": "repair", "answer": "来得快"},
            ],
            suggestions=LONG[:1000] if long else chance.choice(SUGGESTIONS) or None,
            personal_notes=chance.choice(PERSONAL) if chance.random() < 0.3 else None,
            matters=self.matters,
            sign_offered=offered,
            signed=offered and chance.random() < 0.9,
            **scores,
        )

    def _reviewed(self) -> bool:
        """The supervisor read it, and each matter came to an end."""
        supervisor = self.staff.supervisor
        self.labels["reviewed_by"] = supervisor.name
        if not self.act(
            self.chance.randrange(300, 2000),
            supervisor,
            "S5",
            "step:look_over",
            state="reviewed",
            review="按意见跟进，下月回访",
            reviewed_by=supervisor.id,
        ):
            return False
        if not self.matters:
            return True
        ends = (self.chance.choice(list(RESULTS)) for _each in self.matters)
        settled = [
            {**matter, "settled": end, "result": RESULTS[end]}
            for matter, end in zip(self.matters, ends, strict=True)
        ]
        return self.act(
            self.chance.randrange(600, 4000), self.specialist, "P11", "step:settle", matters=settled
        )


def pass_on(estate: Estate, most: int = 3) -> None:
    """Some of what customers said and waits for an answer has become a complaint, linked both ways."""
    records: Any = CommunicationRecord
    open_ones = select(records).where(records.state == "recorded", records.matter.in_(SUBJECTS))
    for record in db.session.execute(open_ones.order_by(records.id).limit(most)).scalars().all():
        who = estate.staff[record.office_id].by_area[record.area_id]
        links.make(record, "to_complaint", who, "P10")
    db.session.commit()
