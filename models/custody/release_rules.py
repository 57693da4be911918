"""The rules of a release slip: whose word opens the gate, for which day, and what the gate may do (field
practice).
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.declaring import By, Wrong, access, becomes, clock, guard, needed_when, registry, say, setting, units
from models.custody.release_choices import PROVEN
from models.custody.released_goods import Goods
from models.duties import F1, M2, P7, P10, S3
from models.estate.moving_out import end_occupancy
from models.premises.vacating import stands_empty

if TYPE_CHECKING:
    from models.custody.release_slip import ReleaseSlip

BACK = setting(
    "release_slip.back",
    ("放行联交回期限", "Slips back from the gate"),
    units.days(7),
    by=M2,
    least=1,
    most=31,
)
VALID = setting(
    "release_slip.valid",
    ("有效天数", "Valid for"),
    units.count(1, ("天", "days")),
    by=M2,
    least=1,
    most=7,
    help=("自搬运日期起，到最后一天结束为止。", "From its day on, until the end of the last."),
)
MAY_COME_ALONE = ("owner", "tenant")
CALLED = ("verified_with", "verified_by", "verified_at")  # what is said of a call


def approvers(slip: "ReleaseSlip") -> list[By]:
    """The specialist; the supervisor where somebody moves out for good, or something stands open."""
    return [S3] if slip.reason == "moving_out" or slip.stands_open else [P7, S3]


def last_day(slip: "ReleaseSlip") -> date:
    """The last day on which a slip holds."""
    return slip.day + timedelta(days=VALID.of(slip, slip.created_at) - 1)


@guard("还没到搬运日期。", "Its day is still to come.", at="day")
def begun(slip: "ReleaseSlip") -> bool:
    """Its day has come."""
    return slip.day <= clock.today()


@guard("已过期，请另开新条。", "It has expired: please write a new slip.", at="day")
def not_over(slip: "ReleaseSlip") -> bool:
    """It still holds today."""
    return last_day(slip) >= clock.today()


def goods_again(slip: "ReleaseSlip") -> list[Goods]:
    """The same goods, for a slip that takes the place of this one."""
    return [
        Goods(item=line.item, kind=line.kind, count=line.count, counted_in=line.counted_in)
        for line in slip.goods
    ]


def new_slip() -> Any:
    """What takes the place of a slip that was refused or not used."""
    return registry["release_slip"]


SAME = (
    *("unit", "building", "customer", "applicant_kind", "applicant", "firm", "phone", "id_number"),
    *("id_checked", "reason", "details", "hours", "plate", "people_count", "authority"),
    *("authority_proof", "verified_with", "verified_by", "verified_at", "owner_consent", "told_on"),
    *("water_reading", "power_reading", "gas_reading", "final_bill"),
)


AGAIN = becomes(
    new_slip,
    ("另开新条", "New slip"),
    by=[F1, P10],
    while_in=("refused", "expired"),
    fill=dict(zip(SAME, SAME, strict=True)) | {"goods": goods_again},
)
MOVED_OUT = [
    needed_when(
        meter,
        {"reason": "moving_out"},
        ("全部搬出须抄末次表数。", "Moving out needs the last meter readings."),
    )
    for meter in ("water_reading", "power_reading")
]


def move_out(slip: "ReleaseSlip") -> None:
    """What follows when a household's goods have left: nobody of it lives there any more, and the unit stands
    empty.
    """
    if slip.unit is None:
        return
    clause = str(access.may_here(slip.acting, slip, "create") or "")
    readings = {name: getattr(slip, name) for name in ("water_reading", "power_reading", "gas_reading")}
    end_occupancy(slip.unit, slip.day, slip.acting, clause)
    stands_empty(slip.unit, slip.acting, clause, slip.number, **readings)


def check_place(slip: "ReleaseSlip") -> None:
    """Goods leave a unit; the company's own may leave a building."""
    if slip.unit is None and (slip.reason != "company_goods" or slip.building is None):
        raise Wrong(
            "unit",
            say(
                "请填写房号；公司物品可只填楼栋。",
                "Please give the unit; the company's goods may give a building instead.",
            ),
        )


def check_goods(slip: "ReleaseSlip") -> None:
    """Something leaves, on a day that isn't over when the slip is written."""
    if not slip.goods:
        raise Wrong("goods", say("请填写物品清单。", "Please list the goods."))
    if slip.day < clock.local(slip.created_at or clock.now()).date():
        raise Wrong("day", say("搬运日期不能早于登记日期。", "Its day can't be before it was written."))


def check_authority(slip: "ReleaseSlip") -> None:
    """Whoever doesn't move their own goods has somebody's word for it, and that word its proof."""
    if slip.authority == "in_person" and slip.applicant_kind not in MAY_COME_ALONE:
        raise Wrong(
            "authority",
            say(
                "受托人、施工单位和员工须有委托书、电话核实或盖章。",
                "A deputy, a contractor or staff needs a letter, a call to the owner, or a seal.",
            ),
        )
    if slip.authority in PROVEN["authority"] and not slip.authority_proof:
        raise Wrong(
            "authority_proof",
            say(
                "请填写委托书编号、盖章单位或中介公司。",
                "Please give the letter's number, whose seal it is, or the agency.",
            ),
        )
    missing = [name for name in CALLED if not getattr(slip, name)]
    if slip.authority == "phone" and missing:
        raise Wrong(
            missing[0],
            say(
                "电话核实须写明与谁、由谁、何时核实。",
                "A call is written down: with whom, by whom and when.",
            ),
        )
    if slip.verified_at and slip.verified_at > clock.now() + timedelta(minutes=1):
        raise Wrong("verified_at", say("时间不能在将来。", "The time lies ahead."))
