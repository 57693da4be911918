"""The limits of a repair (field practice), which the manager may set: until when somebody is sent, is there,
is done, and who is asked how it went.
"""

from app.declaring import setting, units
from models.duties import M2

DAY, WEEK = 24 * 60, 7 * 24  # the most minutes, and hours, that such limits may have

DISPATCH_NORMAL = setting(
    "work_order.dispatch_normal",
    ("派工时限（一般）", "Dispatch, normal"),
    units.minutes(15),
    by=M2,
    least=1,
    most=DAY,
)
DISPATCH_URGENT = setting(
    "work_order.dispatch_urgent",
    ("派工时限（紧急）", "Dispatch, urgent"),
    units.minutes(15),
    by=M2,
    least=1,
    most=DAY,
    not_over=DISPATCH_NORMAL,
)
DISPATCH = {
    "emergency": setting(
        "work_order.dispatch_emergency",
        ("派工时限（特急）", "Dispatch, emergency"),
        units.minutes(5),
        by=M2,
        least=1,
        most=DAY,
        not_over=DISPATCH_URGENT,
    ),
    "urgent": DISPATCH_URGENT,
    "normal": DISPATCH_NORMAL,
}

ARRIVE_NORMAL = setting(
    "work_order.arrive_normal",
    ("到场时限（一般）", "Arrive, normal"),
    units.minutes(120),
    by=M2,
    least=5,
    most=3 * DAY,
    help=("有预约的，以预约时间为准。", "Where a time was appointed, that counts."),
)
ARRIVE_URGENT = setting(
    "work_order.arrive_urgent",
    ("到场时限（紧急）", "Arrive, urgent"),
    units.minutes(30),
    by=M2,
    least=5,
    most=DAY,
    not_over=ARRIVE_NORMAL,
)
ARRIVE = {
    "emergency": setting(
        "work_order.arrive_emergency",
        ("到场时限（特急）", "Arrive, emergency"),
        units.minutes(15),
        by=M2,
        least=5,
        most=DAY,
        not_over=ARRIVE_URGENT,
    ),
    "urgent": ARRIVE_URGENT,
    "normal": ARRIVE_NORMAL,
}

FINISH_LARGER = setting(
    "work_order.finish_larger",
    ("完工时限（较大）", "Finish, larger"),
    units.hours(72),
    by=M2,
    least=1,
    most=8 * WEEK,
)
FINISH = {
    "small": setting(
        "work_order.finish_small",
        ("完工时限（小修）", "Finish, small"),
        units.hours(24),
        by=M2,
        least=1,
        most=8 * WEEK,
        not_over=FINISH_LARGER,
    ),
    "larger": FINISH_LARGER,
}
FINISH_EMERGENCY = setting(
    "work_order.finish_emergency",
    ("完工时限（特急）", "Finish, emergency"),
    units.hours(24),
    by=M2,
    least=1,
    most=8 * WEEK,
    not_over=FINISH_LARGER,
)
FINISH_WARRANTY = setting(
    "work_order.finish_warranty",
    ("完工时限（保修）", "Finish, under warranty"),
    units.hours(72),
    by=M2,
    least=1,
    most=8 * WEEK,
)
FINISH_PAID = setting(
    "work_order.finish_paid",
    ("完工时限（有偿）", "Finish, paid service"),
    units.hours(72),
    by=M2,
    least=1,
    most=8 * WEEK,
    help=("自价格确认起算。", "From the agreed price on."),
)

FOLLOW_UP = setting(
    "work_order.follow_up",
    ("回访时限", "Follow up"),
    units.hours(24),
    by=M2,
    least=1,
    most=2 * WEEK,
    help=("自完工起算。", "From the finished work on."),
)
FOLLOW_UP_SHARE = setting(
    "work_order.follow_up_share",
    ("其余维修的回访比例，至少", "Follow up of the rest, at least"),
    units.percent(30),
    by=M2,
    least=0,
    most=100,
    help=(
        "特急、有偿、未修复和返修的全部回访，其余按此比例。",
        "All emergencies, all paid, unrepaired and reopened ones are followed up; of the rest this share.",
    ),
)
SAMPLE = setting(
    "work_order.sample",
    ("主管抽查时限", "Supervisor's sample"),
    units.hours(72),
    by=M2,
    least=1,
    most=4 * WEEK,
)
SAMPLE_SHARE = setting(
    "work_order.sample_share",
    ("主管抽查比例", "Supervisor's sample, share"),
    units.percent(10),
    by=M2,
    least=0,
    most=100,
    help=("客户不满意的全部抽查。", "Where the customer is unhappy, all are."),
)
LEAK_UNTIL = setting(
    "work_order.leak_until",
    ("漏水复查，最迟", "Leaks looked at again, at the latest"),
    units.months(2),
    by=M2,
    least=1,
    most=12,
    help=("自完工起算。", "From the finished work on."),
)
LEAK_FROM = setting(
    "work_order.leak_from",
    ("漏水复查，最早", "Leaks looked at again, at the earliest"),
    units.months(1),
    by=M2,
    least=0,
    most=12,
    not_over=LEAK_UNTIL,
)
WRITTEN_UP = setting(
    "work_order.written_up",
    ("补单可追溯", "Slips written up afterwards reach back"),
    units.days(7),
    by=M2,
    least=1,
    most=30,
)
