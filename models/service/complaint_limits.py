"""The limits of a complaint (field practice), which the manager may set: until when there is an answer, a
plan and an end, and what makes one major.
"""

from app.declaring import setting, units
from models.duties import M2

FIRST_ANSWER = setting(
    "complaint.first_answer",
    ("首次答复时限", "First answer"),
    units.minutes(30),
    by=M2,
    least=5,
    most=24 * 60,
)
PLAN = setting("complaint.plan", ("处理方案时限", "Plan"), units.working_days(1), by=M2, least=1, most=10)
CLOSE_MAJOR = setting(
    "complaint.close_major",
    ("关闭时限（重大）", "Close, major"),
    units.working_days(10),
    by=M2,
    least=1,
    most=60,
)
CLOSE_SERIOUS = setting(
    "complaint.close_serious",
    ("关闭时限（严重）", "Close, serious"),
    units.working_days(5),
    by=M2,
    least=1,
    most=60,
    not_over=CLOSE_MAJOR,
)
CLOSE_GENERAL = setting(
    "complaint.close_general",
    ("关闭时限（一般）", "Close, general"),
    units.working_days(3),
    by=M2,
    least=1,
    most=60,
    not_over=CLOSE_SERIOUS,
)
CLOSE = {"general": CLOSE_GENERAL, "serious": CLOSE_SERIOUS, "major": CLOSE_MAJOR}
FOLLOW_UP = setting(
    "complaint.follow_up",
    ("回访时限", "Follow up"),
    units.days(3),
    by=M2,
    least=1,
    most=30,
    help=("自答复起算。", "From the answer on."),
)
UNSOLVED = setting(
    "complaint.unsolved",
    ("逾此未解决，即为重大", "Major once unsolved for"),
    units.months(1),
    by=M2,
    least=1,
    most=12,
)
PEOPLE = setting(
    "complaint.people",
    ("同一事项达此人数，即为重大", "Major from so many on one matter"),
    units.count(10, ("人", "people")),
    by=M2,
    least=2,
    most=1000,
)
