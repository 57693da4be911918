"""What a repair is told by: its category, how urgent and how large it is, how it ended, how it was paid."""

CATEGORIES = {
    "water": ("水", "Water"),
    "electricity": ("电", "Electricity"),
    "gas": ("燃气", "Gas"),
    "masonry": ("土建", "Masonry"),
    "doors": ("门窗", "Doors and windows"),
    "lifts": ("电梯", "Lifts"),
    "public": ("公共设施", "Public facilities"),
    "smart": ("智能系统", "Smart systems"),
    "green": ("保洁绿化", "Cleaning and greenery"),
    "other": ("其他", "Other"),
}
URGENCIES = {"emergency": ("特急", "Emergency"), "urgent": ("紧急", "Urgent"), "normal": ("一般", "Normal")}
EXTENTS = {"small": ("小修", "Small"), "larger": ("较大", "Larger")}
OUTCOMES = {"repaired": ("已修复", "Repaired"), "not_repaired": ("未修复", "Not repaired")}
PAYMENTS = {
    "cash": ("现金", "Cash"),
    "wechat": ("微信", "WeChat"),
    "alipay": ("支付宝", "Alipay"),
    "transfer": ("转账", "Transfer"),
    "none": ("未付", "Not yet"),
}

# What the staff's guide says of a repair.
GUIDE = (
    "点右上角“新建 → 派工单”（键盘按 n）。房号直接打：31102、3-1-1102、业主姓名或手机后四位都能找到；"
    "不是房屋内的，填“公共区域”。急事选“特急”；先修后补的，勾“补单”。按 Ctrl+Enter 保存：单号当场给出，"
    "同一张单连点两次也只有一张。\n"
    "专员或主管派工；到场、完工由专员或处理人登记；有偿维修须先“议价”；缺件或客户不在可“挂起”，时限暂停，"
    "“恢复”后接着算。完工后按规则回访，不满意的“重新上门”，次数留在单上。前台归档。",
    "New → Work order (n). Type the unit as 31102, 3-1-1102, a name or a phone's last four digits; where"
    " it isn't a unit, fill in the public area. An emergency that was worked on first is written up"
    " afterwards. Ctrl+Enter saves and gives the number; two clicks make one order.\n"
    "Dispatch, arrive, finish, follow up and file are steps; paid work needs an agreed price first; on"
    " hold the clock stands still. A customer who isn't happy gets another visit, counted on the order.",
)
