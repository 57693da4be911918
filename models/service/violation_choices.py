"""What a violation's boxes offer, and what is counted of them."""

from app.declaring import figure, not_

KINDS = {
    "illegal_building": ("违章搭建", "Illegal building"),
    "structural": ("改变房屋结构", "Structural change"),
    "common_area": ("占用公共区域", "Occupied common area"),
    "parking": ("违规停车", "Parking"),
    "noise": ("噪声扰民", "Noise"),
    "hours": ("超时施工", "Works out of hours"),
    "dumping": ("乱倒垃圾", "Dumping"),
    "pets": ("饲养宠物", "Pets"),
    "other": ("其他", "Other"),
}
ON_THE_SPOT = {
    "mended": ("当场整改", "Mended there"),
    "promised": ("答应整改", "Promised to mend"),
    "refused": ("拒不整改", "Refused"),
    "absent": ("当事人不在场", "Nobody there"),
}
SERVED = {
    "in_person": ("当面送达", "In person"),
    "posted": ("现场张贴", "Posted up"),
    "mailed": ("邮寄", "By mail"),
}
SIGNATURES = {
    "signed": ("已签收", "Signed"),
    "refused": ("拒签", "Refused to sign"),
    "absent": ("无人签收", "Nobody to sign"),
}
ANSWERS = {"kept": ("维持通知", "The notice stands"), "withdrawn": ("撤销通知", "The notice is withdrawn")}
FIGURES = {
    "cases": figure("违章量", "Violations", by=("kind", "area")),
    "settled": figure(
        "违章办结率",
        "Settled",
        share={"state": ("mended_there", "verified", "closed")},
        by=("kind", "area"),
    ),
    "mended_at_once": figure(
        "当场整改率",
        "Mended there",
        share={"spot_result": "mended"},
        of={"spot_result": not_()},
        by=("kind", "area"),
    ),
}
