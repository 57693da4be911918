"""What a vacancy change is held against, and what follows from it: the unit's line of the ledger, what its
last inspection found, how the unit is used, a reduced fee that use ends.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.declaring import (
    Person,
    User,
    Wrong,
    access,
    clock,
    db,
    guard,
    registry,
    saving,
    say,
    setting,
    units,
)
from models.duties import M4

if TYPE_CHECKING:
    from models.premises.vacancy_change import VacancyChange

EMPTY_FOR = setting(
    "vacancy_change.empty_for",
    ("空置满多久可减免", "Empty for, before a reduced fee"),
    units.months(6),
    by=M4,
    least=0,
    most=60,
)
SHARE = setting(
    "vacancy_change.share",
    ("减免后收费比例", "Share charged of an empty unit"),
    units.percent(70),
    by=M4,
    least=0,
    most=100,
)
WATER = setting(
    "vacancy_change.water",
    ("月均用水超过即终止减免", "Water a month that ends a reduced fee"),
    units.count(1, ("吨", "t")),
    by=M4,
    least=0,
    most=100,
)
POWER = setting(
    "vacancy_change.power",
    ("月均用电超过即终止减免", "Power a month that ends a reduced fee"),
    units.count(10, ("度", "kWh")),
    by=M4,
    least=0,
    most=1000,
)
EMPTY = ("vacant", "unsold")  # uses of a unit
OF_EMPTY_UNITS = ("occupied", "inspection", "reduction")
MONTH = Decimal(30)  # days, over which use is taken on average


def line_of(change: VacancyChange) -> Any:
    """The ledger's line of a change's unit, or None."""
    return saving.find(registry["vacancy_ledger"], unit_id=change.unit_id)


def day_of(change: VacancyChange) -> date:
    """The office's day on which it happened."""
    return clock.local(change.happened_at).date()


def check_new(change: VacancyChange) -> None:
    """A new change fits how the unit stands: it becomes vacant where it isn't, and is inspected, occupied or
    charged less where it is. What was found last is answered first.
    """
    line, day = line_of(change), day_of(change)
    if change.kind == "vacated":
        if line is not None and line.state == "vacant" and line.since <= day:
            said = say(
                "该房自 %(day)s 起已在空置房台账中。", "It stands empty since %(day)s.", day=line.since
            )
            raise Wrong("unit", said)
        change.use_before = None if change.unit.use in EMPTY else change.unit.use
    elif change.kind in OF_EMPTY_UNITS:
        if line is None or line.since is None or line.since > day:
            raise Wrong(
                "unit",
                say(
                    "该房不在空置房台账中，请先登记“转为空置”。",
                    "It isn't in the ledger of vacant units; record first that it became vacant.",
                ),
            )
        if line.until is not None and line.until < day:
            said = say("该房已于 %(day)s 启用。", "It is occupied since %(day)s.", day=line.until)
            raise Wrong("unit", said)
    if change.kind == "inspection" and line is not None and line.finding:
        change.last_finding = line.finding
        if change.seen_again is None:
            said = say(
                "上次发现：%(what)s。请填写复看结果。",
                "Found last time: %(what)s. Please say how it is now.",
                what=line.finding,
            )
            raise Wrong("seen_again", said)


def follow(change: VacancyChange, person: Person) -> None:
    """A unit whose becoming vacant is voided is used as before; use ends a reduced fee."""
    if change.is_void:
        if change.kind == "vacated" and change.use_before and change.unit.use in EMPTY:
            use_as(change.unit, change.use_before, person)
        return
    if change.kind == "occupied":
        end_reduced(change, person, "fitting_out" if change.occupied_as == "fitting_out" else "used")
    elif change.kind == "inspection" and _is_used(_reduced(change), change):
        end_reduced(change, person, "used")


def use_as(unit: Any, use: str, person: Person) -> None:
    """The unit says how it is used; by whoever recorded the change."""
    with saving.changing(
        unit, person, "vacancy_change", str(access.may_here(person, unit, "edit") or ""), judged=True
    ):
        unit.use = use


def end_reduced(change: VacancyChange, person: Person, cause: str) -> None:
    """The reduced fee of the unit, if it has one, ends with the day of a change."""
    if (reduced := _reduced(change)) is not None:
        with saving.changing(reduced, person, "vacancy_change:over", judged=True):
            reduced.state, reduced.ended_by = "over", cause
            reduced.ended_on = max(day_of(change), reduced.reduced_from)


def run_out(change: VacancyChange) -> None:
    """The last day of a reduced fee is over."""
    change.ended_on, change.ended_by = change.reduced_to, "run_out"


def _reduced(change: VacancyChange) -> Any:
    """The reduced fee that a change's unit has now."""
    form: Any = type(change)
    asked = select(form).where(form.unit_id == change.unit_id, form.state == "reduced")
    return db.session.execute(asked.order_by(form.id)).scalars().first()


def _is_used(reduced: Any, change: VacancyChange) -> bool:
    """Whether more water or power was used since a fee was reduced than an empty unit's, on average."""
    if reduced is None:
        return False
    months = Decimal((change.happened_at - reduced.happened_at) // timedelta(days=1)) / MONTH
    used = (
        (reduced.water_reading, change.water_reading, WATER),
        (reduced.power_reading, change.power_reading, POWER),
    )
    return months >= 1 and any(
        before is not None and now is not None and now - before > months * limit.of(change)
        for before, now, limit in used
    )


@guard("空置时间不够，或已启用，不能减免。", "It isn't empty, or not for long enough.", at="fee_share")
def long_empty(change: VacancyChange) -> bool:
    """Whether the unit stands empty for as long as a reduced fee asks."""
    line = line_of(change)
    if line is None or line.state != "vacant" or change.reduced_from is None:
        return False
    start = clock.day_start(line.since)
    return EMPTY_FOR.after(start, change) <= max(clock.now(), clock.day_start(change.reduced_from))


@guard("没有发现问题，不用派工。", "Nothing was found that is to be mended.")
def something_found(change: VacancyChange) -> bool:
    """Whether an inspection found something."""
    return bool(change.finding)


def to_be_done(change: VacancyChange) -> str:
    """What a work order of an inspection says."""
    return f"空置房巡查：{'；'.join(text for text in (change.finding, change.to_mend) if text)}"


def trade_of(change: VacancyChange) -> str:
    """The trade that what was found most likely is a matter of."""
    if change.leaks in ("leak", "damp") or change.water == "faulty":
        return "water"
    if change.power == "faulty":
        return "electricity"
    if change.gas == "faulty":
        return "gas"
    return "doors" if change.doors in ("open", "damaged") else "other"


def maker(change: VacancyChange) -> str:
    """Who found it reports it."""
    return db.session.get_one(User, change.created_by_id).full_name if change.created_by_id else ""


def by_patrol(_change: VacancyChange) -> str:
    """It was found on a round."""
    return "patrol"


TO_ORDER = {
    "unit": "unit",
    "description": to_be_done,
    "category": trade_of,
    "reporter": maker,
    "channel": by_patrol,
}
