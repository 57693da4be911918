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
