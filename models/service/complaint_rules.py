"""The rules of a complaint: how serious it is by its facts and its age, and who may then judge it (field
practice).
"""

from datetime import datetime
from typing import TYPE_CHECKING

from app.declaring import By, clock, guard, say
from models.duties import M9, M10, P8, S3, S4
from models.service.complaint_limits import CLOSE, FIRST_ANSWER, PEOPLE, UNSOLVED

if TYPE_CHECKING:
    from models.service.complaint import Complaint

ORDER = tuple(CLOSE)


def is_major(complaint: "Complaint") -> bool:
    """Major by rule: many people on one matter, injury or heavy loss, from government or media, unsolved for
    long.
    """
    unsolved = complaint.state not in ("followed_up", "closed", "void")
    old = (
        unsolved
        and complaint.created_at is not None
        and clock.now() > UNSOLVED.after(complaint.created_at, complaint)
    )
    return (
        complaint.people_count >= PEOPLE.of(complaint, complaint.created_at)
        or complaint.heavy_loss
        or complaint.channel in ("government", "media")
        or old
    )


def standing(complaint: "Complaint") -> str | None:
    """The level it stands at: as judged, a step higher for each level's time that passed without an answer,
    or major by rule.
    """
    if is_major(complaint):
        return "major"
    level = complaint.level
    if level is None or complaint.answered_at is not None:
        return level
    for higher in ORDER[ORDER.index(level) + 1 :]:
        if CLOSE[level].after(complaint.created_at, complaint) >= clock.now():
            break
        level = higher
    return level


def first_answer_by(complaint: "Complaint") -> datetime | None:
    """Until when somebody takes it up; what was escalated already isn't a second time."""
    return None if complaint.escalated_at else FIRST_ANSWER.after(complaint.created_at, complaint)


def escalate_late(complaint: "Complaint") -> None:
    """Nobody took it up in its time: it is the head of department's too."""
    complaint.escalated_at = clock.now()
    complaint.escalation = str(say("逾期未受理", "Not taken up in its time"))


def unanswered_by(complaint: "Complaint") -> datetime | None:
    """Until when there is an answer at the level it has; at the highest it climbs no further."""
    level = complaint.level
    if level is None or level == ORDER[-1] or complaint.answered_at is not None:
        return None
    return CLOSE[level].after(complaint.created_at, complaint)


def rise(complaint: "Complaint") -> None:
    """A step up."""
    complaint.level = ORDER[ORDER.index(complaint.level or "") + 1]


def month_old(complaint: "Complaint") -> datetime | None:
    """When it has been unsolved for long; what is major stays so."""
    return None if complaint.level == ORDER[-1] else UNSOLVED.after(complaint.created_at, complaint)


def become_major(complaint: "Complaint") -> None:
    """Major by rule."""
    complaint.level = ORDER[-1]


def answered_from(complaint: "Complaint") -> datetime:
    """From when an answer can be: the complaint, or its coming back unsatisfied."""
    came_back = complaint.accepted_at if complaint.returned else None
    return clock.minute(came_back or complaint.created_at)


def accepters(complaint: "Complaint") -> list[By]:
    """The specialist or the supervisor; what is major or was escalated also the manager, at once."""
    return [M9, P8, S4] if complaint.escalated_at or standing(complaint) == "major" else [P8, S4]


def approvers(complaint: "Complaint") -> list[By]:
    """A general complaint's plan is the supervisor's to approve, a serious or major one's the manager's."""
    return [S3] if standing(complaint) == "general" else [M9]


def assigners(complaint: "Complaint") -> list[By]:
    """A general complaint's handler is the supervisor's or the manager's to name, of the others the
    manager's.
    """
    return [M9, S3] if standing(complaint) == "general" else [M9]


def closers(complaint: "Complaint") -> list[By]:
    """A major complaint is the manager's to close."""
    return [M10] if standing(complaint) == "major" else [S3]


SINCE = ("答复时间不能早于投诉时间。", "It can't have been answered before it was complained.")


@guard("书面答复须先批准再发出。", "A written answer is approved before it goes.", at="answer")
def answer_approved(complaint: "Complaint") -> bool:
    """What goes in writing goes as it was approved."""
    return complaint.answer_way != "written" or (
        complaint.answer_approved_by is not None and complaint.answer == complaint.approved_answer
    )


@guard("没有可批准的方案。", "There is no plan to approve.", at="measures")
def planned(complaint: "Complaint") -> bool:
    """There is a plan."""
    return bool(complaint.measures)


@guard("请先等处理方案批准。", "The plan is to be approved first.", at="answer")
def plan_approved(complaint: "Complaint") -> bool:
    """The plan was approved, where one is needed."""
    return complaint.state == "handling" or complaint.class_ == "C"


@guard("没有起草的答复。", "There is no drafted answer.", at="answer")
def drafted(complaint: "Complaint") -> bool:
    """There is a draft."""
    return bool(complaint.answer)


@guard("只有 C 类可解释转介。", "Only class C is explained and referred.", at="class_")
def only_class_c(complaint: "Complaint") -> bool:
    """It lies outside our powers."""
    return complaint.class_ == "C"
