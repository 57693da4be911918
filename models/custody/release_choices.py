"""What a release slip can say: who asks, by what authority, for which goods, and why."""

from app.declaring import Paper, Scanned
from models.keeping import kept

APPLICANTS = {
    "owner": ("业主", "Owner"),
    "tenant": ("租户", "Tenant"),
    "contractor": ("施工单位", "Contractor"),
    "deputy": ("受托人", "Deputy"),
    "staff": ("本公司员工", "Our staff"),
}
AUTHORITIES = {
    "in_person": ("本人到场", "In person"),
    "letter": ("书面委托", "Letter"),
    "phone": ("电话核实", "Phone-verified"),
    "seal": ("单位盖章", "Company seal"),
    "agency": ("中介代办", "Agency"),
}
REASONS = {
    "moving_out": ("全部搬出", "Moving out"),
    "moving_part": ("部分搬出", "Moving part"),
    "renovation": ("装修", "Renovation"),
    "company_goods": ("公司物品", "Company goods"),
}
LEFT = {"reason": "moving_out"}
OURS = {"reason": "company_goods"}
PHONED = {"authority": "phone"}
PROVEN = {"authority": ("letter", "seal", "agency")}
PHOTOS = {
    "authority": ("委托凭证", "Authority"),
    "goods": ("物品", "Goods"),
    "gate": ("门岗", "At the gate"),
}
SCANNED = Scanned(
    ("门岗核对", "At the gate"),
    passes="release",
    refuses="refuse",
    compares=("unit", "building", "applicant", "reason", "day", "hours", "plate", "people_count", "goods"),
    keeps=("guard_name", "gate"),
)
GUIDE = (
    "物品搬出先办放行条，审批后当日有效。门岗用前台账号登录手机，在“门岗核对”里扫码或输入编号，"
    "核对物品和数量并写明值岗人：相符放行，不符拒放，另开新条。放行联收回后在“放行条”里核销。",
    "Nothing leaves without a slip. Once approved it holds for its day; the gate's phone is signed in"
    " with a desk's account: by the slip's code or number the guard, who gives his name, compares goods and"
    " counts. What matches goes, what doesn't is refused and needs a new slip. Slips that come back are"
    " ticked off.",
)
PAPER = Paper(
    copies=(("存根联", "Stub"), ("放行联", "Slip")),
    tear_off=(
        *("unit", "building", "applicant_kind", "applicant", "reason", "day", "hours", "plate"),
        *("people_count", "goods", "approved_by", "approved_at", "guard_name", "gate", "gate_at"),
        *("carrier", "carrier_id", "refused_why"),
    ),
    signs=(
        ("申请人", "Applicant"),
        ("经办人", "Desk"),
        ("审批人（盖章）", "Approved (stamp)"),
        ("门岗", "Gate"),
    ),
    keep_years=kept("release_slip", 1),
)
