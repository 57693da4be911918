"""What a log lets one choose from, and how it stands on paper."""

from app.declaring import Paper
from models.keeping import kept

WEATHER = {
    "sunny": ("晴", "Sunny"),
    "cloudy": ("多云", "Cloudy"),
    "overcast": ("阴", "Overcast"),
    "rain": ("雨", "Rain"),
    "storm": ("暴雨", "Rainstorm"),
    "typhoon": ("台风", "Typhoon"),
    "snow": ("雪", "Snow"),
    "fog": ("雾霾", "Fog"),
}
REFUSALS = {
    "unexplained": ("上一班情况未交代清楚", "The last shift wasn't explained"),
    "cash": ("现金与账面不符", "Cash doesn't match the books"),
    "event": ("事件正在处理", "An event is still being handled"),
    "unfit": ("人员饮酒或身体不适", "Somebody is drunk or unwell"),
    "other": ("其他", "Other"),
}
AGREES = {"yes": ("无异议", "Agrees"), "no": ("有差异", "Notes a difference")}
PAPER = Paper(
    title=("客服值班记录表", "Duty log"),
    signs=(("交班人", "Handed over by"), ("接班人", "Taken over by"), ("客服主管", "Supervisor")),
    keep_years=kept("duty_log", 3),
)
