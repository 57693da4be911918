"""The rules of keeping goods for others: what is refused, whose tag it is, who counted what was found."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.declaring import By, Wrong, clock, guard, say, setting, units
from models.custody.storage_choices import FORBIDDEN
from models.duties import F2, M2, S4

if TYPE_CHECKING:
    from models.custody.storage import Storage

KEEP = setting("storage.keep", ("寄存期限", "Goods kept for"), units.days(3), by=M2, least=1, most=60)
HANDED_AFTER = setting(
    "storage.handed_after",
    ("逾期后多久移交主管", "Handed to the supervisor when past its time for"),
    units.days(1),
    by=M2,
    least=1,
    most=30,
)


def soon_over() -> datetime:
    """Until when goods are kept where nothing else is agreed."""
    return clock.day_end(clock.today() + timedelta(days=KEEP.now()))


def check(storage: "Storage") -> None:
    """What must be said of it, by its kind."""
    if not storage.goods:
        raise Wrong("goods", say("请逐件登记物品。", "Please enter the goods, one by one."))
    if storage.left_at > clock.now() + timedelta(minutes=1):
        raise Wrong("left_at", say("时间不能在将来。", "The time lies ahead."))
    if storage.collect_by < storage.left_at:
        raise Wrong("collect_by", say("应取时间早于存入时间。", "It is fetched before it came."))
    if storage.kind == "found":
        if storage.recounted_by_id == storage.counted_by_id:
            raise Wrong(
                "recounted_by", say("清点人和复点人不能是同一人。", "The second person is somebody else.")
            )
        return
    left = [what for what in FORBIDDEN if what not in (storage.none_of or ())]
    if left:
        raise Wrong(
            "none_of",
            say(
                "尚未确认不含：%(what)s。含有的不予寄存。",
                "Not yet asked for: %(what)s. What has any of it isn't kept.",
                what=storage.fields["none_of"].read(left),
            ),
        )


def _said(tag: str | None) -> str:
    return (tag or "").replace(" ", "").upper()


@guard("牌号与物品上的一联不符，不能领取。", "The tag doesn't match the part on the goods.", at="tag_shown")
def tags_match(storage: "Storage") -> bool:
    """The part of whoever comes is the part on the goods."""
    return storage.kind == "found" or _said(storage.tag_shown) == _said(storage.tag or storage.number)


@guard("只有拾获物需要招领。", "Only what was found is announced.", at="notice_place")
def is_found(storage: "Storage") -> bool:
    """It was found."""
    return storage.kind == "found"


@guard(
    "拾获物先张贴招领，再认领。", "What was found is announced before anybody claims it.", at="description"
)
def is_announced(storage: "Storage") -> bool:
    """A notice was put up, where it was found."""
    return storage.kind != "found" or storage.notice_at is not None


@guard("未到应取时间。", "Its time isn't over yet.")
def is_past(storage: "Storage") -> bool:
    """Its time is over."""
    return storage.collect_by <= clock.now()


def handed_by(storage: "Storage") -> datetime:
    """When it is the supervisor's: a little after its time, in which the customer is reminded."""
    return HANDED_AFTER.after(storage.collect_by, storage)


def hand_over(storage: "Storage") -> None:
    """It is the supervisor's from now on."""
    storage.handed_at = clock.now()


def who_gives(storage: "Storage") -> Sequence[By]:
    """The desk gives it out; what was handed to the supervisor, the supervisor."""
    return [S4] if storage.state == "with_supervisor" else [F2]
