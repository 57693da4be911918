"""What a change of an empty unit is told by: what happened, why it stands empty, what an inspection saw."""

from collections.abc import Mapping
from typing import Any

from app.declaring import fields

KINDS = {
    "vacated": ("转为空置", "Became vacant"),
    "occupied": ("启用", "Occupied"),
    "keys_in": ("收存钥匙", "Keys in"),
    "keys_out": ("交出钥匙", "Keys out"),
    "visit": ("看房", "Buyer's visit"),
    "inspection": ("巡查", "Inspection"),
    "reduction": ("空置减免申请", "Application for the reduced fee"),
}
REASONS = {
    "unsold": ("未售出", "Unsold"),
    "unlet": ("未出租", "Unlet"),
    "not_moved_in": ("未入住", "Not moved in"),
    "not_fitted_out": ("未装修", "Not fitted out"),
    "moved_out": ("已搬出", "Moved out"),
    "developer": ("开发商留存或抵押", "Kept or mortgaged by the developer"),
    "dispute": ("经济纠纷未决", "In dispute"),
    "sealed": ("法院查封", "Sealed by court"),
    "other": ("其他", "Other"),
}
OCCUPIED_AS = {
    "lived_in": ("自住", "Lived in by the owner"),
    "let": ("出租", "Let"),
    "fitting_out": ("装修", "Being fitted out"),
}
SUPPLIES = {
    "off": ("已关闭", "Shut off"),
    "normal": ("正常", "Normal"),
    "faulty": ("不正常", "Faulty"),
    "none": ("未通", "Not connected"),
}
DOORS = {
    "shut": ("关好完好", "Shut and whole"),
    "open": ("未关", "Left open"),
    "damaged": ("损坏", "Damaged"),
}
LEAKS = {"none": ("无", "None"), "damp": ("返潮起皮", "Damp or flaking"), "leak": ("渗漏", "Leaking")}
CLEANLINESS = {"clean": ("整洁", "Clean"), "dusty": ("积尘", "Dusty"), "dirty": ("需清扫", "To be cleaned")}
SEEN_AGAIN = {
    "mended": ("已处理", "Mended"),
    "unchanged": ("未处理", "Not mended"),
    "worse": ("加重", "Worse"),
}
ENDS = {
    "used": ("已使用", "Used"),
    "fitting_out": ("开始装修", "Fitting out"),
    "run_out": ("期满", "Run out"),
    "withdrawn": ("申请人撤回", "Withdrawn"),
}

METERED = {"kind": ("vacated", "occupied", "inspection", "reduction")}
MET = {"kind": ("vacated", "occupied", "keys_in", "keys_out", "visit", "reduction")}
KEYS = {"kind": ("keys_in", "keys_out")}
INSPECTION = {"kind": "inspection"}
REDUCTION = {"kind": "reduction"}


def seen(chinese: str, english: str, of: Mapping[str, tuple[str, str]]) -> Any:
    """A box of an inspection that is always filled in."""
    return fields.choice(chinese, english, of, required=True, shown_when=INSPECTION)


# What the staff's guide says of empty flats.
GUIDE = (
    "房屋空出、启用、收交钥匙、看房、巡查和减免申请，都在“空置房动态”里登记一条；台账由系统随之更新，不用另填。"
    "空置房每月至少巡查一次，雨季每半月一次，大风暴雨后加查；先看上次的问题，再看水电燃气、门窗、渗漏和卫生。\n"
    "主管核对每条动态；减免申请核对后由经理批准，启用或超出用量即终止。",
    "Whatever befalls an empty flat is one line here: empty, in use, keys, visits, inspections, the reduced"
    " fee; the ledger follows by itself. Inspect at least once a month, every half month in the rains, and"
    " after a storm; first what was wrong last time.\n"
    "The supervisor checks each line; a reduced fee is approved by the manager, and ended by use.",
)
