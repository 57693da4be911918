"""What a log lets one choose from, how it stands on paper, and what the guide says of it."""

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
GUIDE = (
    "当班人员开本班记录；“收集本班记录”从各表单带出本班事项和未结事项，未结很多的表单合为一行，逾期和紧急的另列。交班前逐项清点，"
    "差异写明原因，未结事项不能遗漏。接班人不能是交班人，可以拒接并写明原因；无人接班时交班人留岗。现金有差异的，主管签认后"
    "才能关闭。接班即开下一班记录。",
    "Whoever is on duty opens the shift's log. Gathering brings what happened and what is open; of a form"
    " with very many open one line says how many, and the overdue and urgent ones have their own. Before the"
    " shift is handed over everything is counted, each difference explained, nothing open left out. The taker"
    " is never the giver, and may refuse with a reason; where nobody comes, the giver stays. A difference in"
    " cash is signed by the supervisor before the log closes. Taking over opens the next log.",
)
