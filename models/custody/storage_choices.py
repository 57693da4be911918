"""What a storage can say, and its paper: a register, and a sheet with the tag in two parts to be torn off."""

from app.declaring import Paper
from models.keeping import kept

LEFT, FOUND = {"kind": "left"}, {"kind": "found"}
KINDS = {"left": ("客户寄存", "Left by a customer"), "found": ("拾获物", "Found")}
ENDS = {
    "handed_over": ("移交公安或失物招领", "Handed to the police or a lost-property office"),
    "given_back": ("送还失主", "Brought to its owner"),
    "cleared": ("按规定处理", "Disposed of by the rules"),
}
FORBIDDEN = {
    "cash": ("现金和有价证券", "Cash and securities"),
    "valuables": ("珠宝首饰等贵重物品", "Jewels and other valuables"),
    "dangerous": ("易燃易爆有毒等危险品", "Inflammable or poisonous goods"),
    "illegal": ("违法违禁品", "Illegal goods"),
    "perishable": ("易腐物品", "Perishable goods"),
}
GUIDE = (
    "寄存前逐项询问违禁物品；寄存牌一式两联，一联系在物品上，一联交寄存人，领取时核对牌号。拾获物由两人清点、张贴招领，"
    "认领人出示证件并说出特征。",
    "Forbidden goods are asked for one by one. The tag has two parts, on the goods and with whoever left"
    " them; they must match. What was found is counted by two, announced, and claimed by description.",
)
PAPER = Paper(
    title=("客户物品寄存登记表", "Register of storage"),
    register=True,
    copies=(
        ("登记联", "Register"),
        ("寄存牌·物品联", "Tag, on the goods"),
        ("寄存牌·寄存人联", "Tag, the depositor's"),
    ),
    tear_off=("tag", "goods", "left_at", "collect_by", "depositor"),
    signs=(("寄存人", "Depositor"), ("领取人", "Collector"), ("经办人", "Desk")),
    keep_years=kept("storage", 2),
    columns=(
        "number",
        "tag",
        "left_at",
        "depositor",
        "finder",
        "unit",
        "phone",
        "shelf",
        "collect_by",
        "collected_at",
        "collector",
        "state",
    ),
)
