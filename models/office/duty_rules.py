"""The rules of a hand-over: its hours, and what must stand in a log before it goes into other hands."""

from typing import TYPE_CHECKING

from app.declaring import Wrong, clock, guard, say
from models.office import shift_hours
from models.office.shift_hours import AHEAD, LONGEST

if TYPE_CHECKING:
    from models.office.duty_log import DutyLog


@guard("清点未完成，请先填写每一项的实点数。", "Not everything is counted yet.", at="counts")
def counted(log: "DutyLog") -> bool:
    return bool(log.counts) and all(line.counted is not None for line in log.counts)


@guard("清点有差异的，请先写明差异原因。", "Please say first why each count differs.", at="counts")
def explained(log: "DutyLog") -> bool:
    return all(line.reason for line in log.counts if line.difference)


@guard("紧急的未结事项须逐项交代。", "What to know of each urgent matter must be said.", at="matters")
def open_matters_said(log: "DutyLog") -> bool:
    return all(line.advice for line in log.matters if line.urgent)


def right_hours(log: "DutyLog") -> None:
    """A log's hours are its shift's where none are said; it isn't opened long before its shift begins."""
    begins, ends = shift_hours.span(log.duty_day, log.shift)
    planned = log.roster
    log.begins_at = log.begins_at or (planned.begins_at if planned else None) or begins
    log.ends_at = log.ends_at or (planned.ends_at if planned else None) or ends
    if not log.begins_at < log.ends_at <= log.begins_at + LONGEST:
        raise Wrong(
            "ends_at", say("下班应在上班之后，且不超过 24 小时。", "It ends within a day of its beginning.")
        )
    if not log.version and log.begins_at > clock.now() + AHEAD:
        raise Wrong(
            "duty_day",
            say(
                "还没到这一班，不能提前开记录。", "That shift is still to come; its log can't be opened yet."
            ),
        )
