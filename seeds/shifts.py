"""The demo's roster and duty logs: three shifts a day, each handed over by one person to the next."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from app.act.bulk import last_id, tell
from app.act.replay import Act, Story
from app.declare.person import Person
from app.ground import clock
from models.office import shift_hours
from models.office.duty_counts import ALWAYS
from models.office.duty_log import DutyLog
from models.office.shift import Shift
from seeds.estate import Estate, Staff

MINUTE = timedelta(minutes=1)
AHEAD = 7  # days for which a roster stands already
BOOKS = {
    "cash": "500",
    "deposits": "200",
    "keys": "186",
    "gas_cards": "12",
    "parcels": "9",
    "loans": "3",
    "storage": "2",
    "remotes": "6",
}
WEATHER = ("sunny", "sunny", "cloudy", "cloudy", "overcast", "rain", "storm", "fog")
HAPPENED = (
    "2栋1单元电梯困人 6 分钟，维保到场放人，无人受伤",
    "业主来电咨询装修押金退还",
    "外卖车辆占用消防通道，已劝离",
    "快递柜断电，已报工程部",
    "路灯不亮 3 盏，已登记派工",
    "5栋业主反映楼上夜间噪声，已电话提醒",
)
OPEN = (
    "3-1-0902 厨房漏水待返修",
    "地库 B2 积水持续观察",
    "1栋门禁待厂家更换读头",
    "4-2-1101 业主约明早 9 点看漏点",
)
TOLD = ("已电话告知业主，明早联系", "工程部值班知悉", "厂家预计下午到", "按时回电")
LONG = (
    "台风预警期间逐栋检查门窗、地下车库挡水板、集水井水泵和配电房，"
    "发现 3 处隐患均已登记派工并拍照，请下一班每两小时复查一次并在群里报平安，"
    "遇积水超过警戒线立即启用备用泵并报主管；外墙有松动的花盆已通知业主收回，楼道窗户已全部关闭，"
    "值班电话保持畅通，所有出入口挡水板已就位。"
)


class Held(NamedTuple):
    """A shift of the roster, and who holds it."""

    id: int
    number: int  # from the first on
    day: date
    shift: str
    post: str
    keeper: Person
    begins: datetime
    ends: datetime

    @property
    def slot(self) -> str:
        """What it is called."""
        return shift_hours.called(self.day, self.shift, self.post)


def fill(count: int, estate: Estate, now: datetime, chance: random.Random) -> None:
    """A roster to a week ahead, and a log for each of the last shifts until now: so many of an office."""
    rosters: list[Story] = []
    logs: list[Story] = []
    held: list[tuple[Staff, Held]] = []
    for staff in estate.staff.values():
        held += [(staff, shift) for shift in _shifts(count, staff, estate, now)]
    held = [(staff, shift) for staff, shift in held if _planned(shift, estate) <= now]
    held.sort(key=lambda pair: _planned(pair[1], estate))
    held = [(staff, shift._replace(id=at)) for at, (staff, shift) in enumerate(held, last_id(Shift) + 1)]
    followers = {(staff.office, shift.number): shift.keeper for staff, shift in held}
    for staff, shift in held:
        acts: list[Act] = []
        if shift.begins <= now:
            taker = followers.get((staff.office, shift.number + 1), staff.supervisor)
            acts = _told(staff, shift, taker, now, chance)
            labels = {"keeper": shift.keeper.name, "roster": shift.slot, "taken_over_by": taker.name}
            logs.append(Story(staff.office, None, acts, labels))
        rosters.append(
            Story(staff.office, None, _roster(staff, shift, acts, estate), {"keeper": shift.keeper.name})
        )
    tell(Shift, rosters)
    tell(DutyLog, sorted(logs, key=lambda story: story.acts[0].at))


def _shifts(count: int, staff: Staff, estate: Estate, now: datetime) -> Iterator[Held]:
    """The last so many shifts that began, and those of the week to come."""
    people = {"early": staff.desk[0], "middle": staff.desk[1], "night": staff.caller}
    first = clock.local(estate.start).date() + timedelta(days=1)
    start = max(first, clock.local(now).date() - timedelta(days=-(-count // 3)))
    days = (clock.local(now).date() - start).days + AHEAD
    number = 0
    for at in range(days):
        day = start + timedelta(days=at)
        for shift in sorted(shift_hours.HOURS, key=lambda name: shift_hours.span(day, name)):
            begins, ends = shift_hours.span(day, shift)
            post = "monitor" if shift == "night" and day.weekday() > 4 else "desk"
            number += 1
            yield Held(0, number, day, shift, post, people[shift], begins, ends)


def _planned(shift: Held, estate: Estate) -> datetime:
    """When a shift was planned: the Thursday before its week, at ten."""
    monday = shift.day - timedelta(days=shift.day.weekday())
    return max(estate.start, clock.day_start(monday - timedelta(days=4)) + timedelta(hours=10))


def _roster(staff: Staff, shift: Held, log: list[Act], estate: Estate) -> list[Act]:
    """A shift planned; on duty from when its log was opened, over when that was taken over."""
    sets = {
        "duty_day": shift.day,
        "shift": shift.shift,
        "post": shift.post,
        "keeper": shift.keeper.id,
        "people": [shift.keeper.id],
        "begins_at": shift.begins,
        "ends_at": shift.ends,
        "slot": shift.slot,
    }
    acts = [Act(_planned(shift, estate), staff.supervisor, "S8", "create", sets)]
    for act in log:
        if act.name == "create":
            acts.append(Act(act.at, act.who, "", "duty_log:open", {"state": "manned"}))
        elif act.name == "step:take_over":
            acts.append(Act(act.at, act.who, "", "duty_log:over", {"state": "over"}))
    return acts


def _told(staff: Staff, shift: Held, taker: Person, now: datetime, chance: random.Random) -> list[Act]:
    """A log opened, written, handed over, taken over, and read by the supervisor."""
    keeper, opened = shift.keeper, shift.begins - chance.randrange(3, 12) * MINUTE
    clause, handed = ("P10", "P14") if keeper is staff.caller else ("F1", "F7")
    takes = "P10" if taker is staff.caller else "F1"
    plan: list[Act] = [
        Act(
            opened,
            keeper,
            clause,
            "create",
            {
                "duty_day": shift.day,
                "shift": shift.shift,
                "post": shift.post,
                "begins_at": shift.begins,
                "ends_at": shift.ends,
                "keeper": keeper.id,
                "on_duty": [keeper.id],
                "slot": shift.slot,
                "roster": shift.id,
                "weather": chance.choice(WEATHER),
                "instructions": LONG if chance.random() < 0.04 else None,
                "counts": [{"item": item, "opening": Decimal(BOOKS[item])} for item in ALWAYS],
            },
        )
    ]
    differs = chance.random() < 0.05
    written = shift.ends - chance.randrange(15, 40) * MINUTE
    plan.append(Act(written, keeper, clause, "edit", _written(shift, differs, chance)))
    at = shift.ends - chance.randrange(0, 8) * MINUTE
    over = {"state": "handed_over", "handed_to": taker.id, "handed_over_by": keeper.id, "handed_over_at": at}
    plan.append(Act(at, keeper, handed, "step:hand_over", over))
    if chance.random() < 0.04:
        at += 6 * MINUTE
        said = {"refusal": "unexplained", "refusal_note": "漏水一户未写明联系人", "refused_by": taker.id}
        plan.append(Act(at, taker, takes, "step:refuse", {"state": "running", "times_refused": 1, **said}))
        at += 9 * MINUTE
        plan.append(Act(at, keeper, handed, "step:hand_over", {**over, "handed_over_at": at}))
    at += chance.randrange(2, 12) * MINUTE
    taken = {
        "state": "differs" if differs else "closed",
        "taken_over_by": taker.id,
        "taken_over_at": at,
        "arrived_at": at - 10 * MINUTE,
        "agrees": "no" if differs else "yes",
        "difference": "备用金少 20 元，与交班人当面复点" if differs else None,
    }
    plan.append(Act(at, taker, takes, "step:take_over", taken))
    if differs:
        at += chance.randrange(300, 3000) * MINUTE
        signed = {
            "state": "closed",
            "signed_by": staff.supervisor.id,
            "sign_opinion": "已查明为找零，当日补齐",
        }
        plan.append(Act(at, staff.supervisor, "S3", "step:sign", signed))
    at = max(at, shift.ends) + chance.randrange(300, 1900) * MINUTE
    read = {"state": "reviewed", "reviewed_by": staff.supervisor.id}
    if chance.random() < 0.1:
        read["opinion"] = "交代清楚。下一班注意复核外借物品归还时间。"
    if chance.random() < 0.95:
        plan.append(Act(at, staff.supervisor, "S3", "step:review", read))
    return [act for act in plan if act.at <= now]


def _written(shift: Held, differs: bool, chance: random.Random) -> dict[str, Any]:
    """What stands in a log at the end of its shift."""
    hours = int((shift.ends - shift.begins).total_seconds()) // 3600
    happened = sorted(chance.sample(HAPPENED, chance.choice((0, 1, 1, 2, 3, 5))))
    moments = sorted(shift.begins + chance.randrange(hours * 55) * MINUTE for _each in happened)
    counts: list[dict[str, Any]] = []
    for item in ALWAYS:
        less = Decimal(20) if differs and item == "cash" else Decimal(0)
        book = Decimal(BOOKS[item])
        counts.append(
            {
                "item": item,
                "opening": book,
                "counted": book - less,
                "reason": "找零差错，待核" if less else None,
            }
        )
    long = chance.random() < 0.04
    return {
        "events": [
            {"happened_at": at, "what": LONG[:200] if long else what, "by_whom": shift.keeper.name}
            for at, what in zip(moments, happened, strict=True)
        ],
        "matters": [
            {"what": what, "urgent": chance.random() < 0.2, "advice": chance.choice(TOLD)}
            for what in chance.sample(OPEN, chance.choice((0, 0, 1, 2, 4)))
        ],
        "emergencies": "20:40 3栋发生电动车冒烟，2 人到场处置，已报 119 和经理"
        if chance.random() < 0.03
        else None,
        "counts": counts,
    }
