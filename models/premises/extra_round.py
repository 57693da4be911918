"""Extra rounds: after a storm all vacant units are inspected once more."""

from datetime import date, timedelta

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    States,
    Wrong,
    act,
    clock,
    closed,
    fields,
    moving,
    say,
    setting,
    units,
)
from models.duties import F1, M1, M2, P3, P6, S3
from models.parts import PREMISES

WITHIN = setting(
    "extra_round.within", ("加查须在几天内完成", "Extra round within"), units.days(2), by=M2, least=0, most=30
)
CAUSES = {
    "storm": ("暴雨后加查", "After a storm"),
    "typhoon": ("台风后加查", "After a typhoon"),
    "frost": ("寒潮后加查", "After a frost"),
    "other": ("加查", "Extra round"),
}


def some_days() -> date:
    """The last day of a round that is called for now."""
    return clock.today() + timedelta(days=WITHIN.now())


class ExtraRound(Form, title=("加查", "Extra round"), prefix="JR", part=PREMISES):
    """Every unit that stands empty is to be inspected between two days, whatever the plan says."""

    icon = "clock"
    menu_at = 3
    label = "cause"
    cause: Mapped[str] = fields.choice("原因", "Cause", CAUSES, default="storm")
    first_day: Mapped[date] = fields.day("自", "From", default=clock.today)
    last_day: Mapped[date] = fields.day("至", "To", default=some_days)

    states = States(called=moving("进行中", "Called"), ran_out=closed("已结束", "Over"))
    access = Access(read=(M1, S3, P3, P6, F1), create=(M1, S3), edit=(M1, S3), void=(M1,))
    shows = Columns("number", "cause", "first_day", "last_day", "state", "created_by")
    ends = act("called", "ran_out", ("到期结束", "Over"), at="last_day")

    def check(self) -> None:
        """It has its days in order."""
        if self.last_day < self.first_day:
            raise Wrong("last_day", say("结束早于开始。", "It ends before it begins."))

    def __str__(self) -> str:
        return self.fields["cause"].text_of(self)
