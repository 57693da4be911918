"""The rules of a hand-over: its hours, what must stand in a log before it goes into other hands, and the log
that follows it.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.declaring import Person, Wrong, clock, db, guard, saving, say
from models.office import duty_gather, shift_hours
from models.office.duty_counts import ALWAYS
from models.office.shift import Shift
from models.office.shift_hours import AHEAD

if TYPE_CHECKING:
    from models.office.duty_log import DutyLog

TOLD = 12  # of what is missing, in one sentence


@guard(
    "还没到交班时间；中途换人，请修改值班负责人。",
    "It isn't time to hand over; where somebody else goes on with the shift, change who is in charge.",
)
def at_its_end(log: "DutyLog") -> bool:
    """Its shift ends soon, or is over."""
    return log.ends_at is None or AHEAD.after(clock.now(), log) >= log.ends_at


@guard("清点未完成，请先填写每一项的实点数。", "Not everything is counted yet.", at="counts")
def counted(log: "DutyLog") -> bool:
    """Each thing was counted, and none that always is was left out."""
    here = {line.item for line in log.counts if line.counted is not None}
    return here.issuperset(ALWAYS) and all(line.counted is not None for line in log.counts)


@guard("清点有差异的，请先写明差异原因。", "Please say first why each count differs.", at="counts")
def explained(log: "DutyLog") -> bool:
    """Each difference has its reason."""
    return all(line.reason for line in log.counts if line.difference)


@guard(
    "手工登记的紧急事项须写明交代。",
    "What to know of each urgent matter that no record tells of must be said.",
    at="matters",
)
def open_matters_said(log: "DutyLog") -> bool:
    """Of each urgent matter that was written by hand it stands what to know."""
    return all(line.advice or line.settled or line.of_form for line in log.matters if line.urgent)


def mention_all(log: "DutyLog") -> None:
    """Nothing that is open is left unmentioned: what no line speaks of is named."""
    if missing := duty_gather.unmentioned(log):
        if len(missing) > TOLD:
            missing[TOLD:] = [say("等 %(n)s 项", "%(n)s in all", n=len(missing))]
        raise Wrong(
            "matters",
            say(
                "还有未结事项没有交代：%(missing)s。请先“收集本班记录”。",
                "Open and not mentioned yet: %(missing)s. Please gather first.",
                missing="、".join(missing),
            ),
        )


def opened(log: "DutyLog") -> None:
    """A new log: in its opener's charge where nobody else is named, tied to the roster, begun with what the
    one before it left.
    """
    log.keeper_id = log.keeper_id or log.created_by_id
    planned = select(Shift.id).where(Shift.slot == log.slot, Shift.office_id == log.office_id)
    asked = planned.where(Shift.state.in_(("planned", "manned", "unmanned")))
    log.roster_id = db.session.execute(asked).scalars().first()
    saving.refer(log)
    right_hours(log)
    previous = duty_gather.previous_of(log)
    if not log.previous_number:  # opened by hand, not by who took over
        follows_a_hand_over(log, previous)
    duty_gather.begin(log, previous)


def tell_roster(log: "DutyLog", person: Person) -> None:
    """On duty while a log is open, off duty when it was taken over."""
    shift, is_on = log.roster, log.state in ("running", "handed_over")
    after = "manned" if is_on else "over"
    if shift is None or shift.state == after or log.is_void:
        return
    with saving.changing(shift, person, f"duty_log:{'open' if is_on else 'over'}", judged=True):
        shift.state = after


def right_hours(log: "DutyLog") -> None:
    """A log's hours are its shift's where none are said; it isn't opened long before its shift begins."""
    begins, ends = shift_hours.span(log.duty_day, log.shift, log.office_id)
    planned = log.roster
    log.begins_at = log.begins_at or (planned.begins_at if planned else None) or begins
    log.ends_at = log.ends_at or (planned.ends_at if planned else None) or ends
    shift_hours.check(log.begins_at, log.ends_at)
    if not log.version and log.begins_at > AHEAD.after(clock.now(), log):
        raise Wrong(
            "duty_day",
            say(
                "还没到这一班，不能提前开记录。", "That shift is still to come; its log can't be opened yet."
            ),
        )


def follows_a_hand_over(log: "DutyLog", previous: "DutyLog | None") -> None:
    """No shift of a post begins while the one before it is in nobody else's hands."""
    if (
        previous is not None
        and previous.post == log.post
        and previous.state in ("running", "handed_over")
        and previous.slot != log.slot
    ):
        raise Wrong(
            "duty_day",
            say(
                "上一班 %(number)s 还没有交接，请先接班。",
                "The shift before, %(number)s, isn't handed over and taken over yet.",
                number=previous.number,
            ),
        )


def next_shift(log: "DutyLog") -> str | None:
    """The log that whoever takes over goes on with, opened for them; None where there is one, or the next
    shift is still far.
    """
    cls, taker = type(log), log.acting
    ends: datetime = max(log.ends_at or clock.now(), clock.now())
    day, shift = shift_hours.at(ends, log.office_id)
    slots = {shift_hours.called(day, shift, post): post for post in shift_hours.POSTS}
    planned = select(Shift).where(
        Shift.office_id == log.office_id, Shift.slot.in_(slots), Shift.state.in_(("planned", "unmanned"))
    )
    theirs = [row for row in db.session.execute(planned).scalars() if taker.id in row.people]
    post = theirs[0].post if theirs else log.post
    slot = shift_hours.called(day, shift, post)
    there = select(cls.id).where(cls.office_id == log.office_id, cls.slot == slot, cls.state != "void")
    begins, _ends = shift_hours.span(day, shift, log.office_id)
    if begins > AHEAD.after(clock.now(), log) or db.session.execute(there).first() is not None:
        return None
    following = cls(office_id=log.office_id, duty_day=day, shift=shift, post=post)
    following.keeper_id, following.previous_number = taker.id, log.number
    saving.add(following, taker, "create", "")
    return following.number
