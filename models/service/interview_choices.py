"""What an interview asks, of whom and how, and the scale of its scores (field practice)."""

from app.declaring import kinds

AUDIENCES = {
    "household": ("住户", "Household"),
    "committee": ("业委会", "Owners' committee"),
    "key": ("重点客户", "Key customer"),
}
OCCASIONS = {"planned": ("计划内", "Planned"), "free": ("临时", "Free")}
WAYS = {
    "home": ("上门", "At home"),
    "office": ("客服中心", "In the office"),
    "outdoors": ("户外", "Outdoors"),
    "questionnaire": ("问卷", "Questionnaire"),
    "phone": ("电话", "Telephone"),
}
SCORES = {
    "5": ("5 很满意", "5 very satisfied"),
    "4": ("4 满意", "4 satisfied"),
    "3": ("3 一般", "3 fair"),
    "2": ("2 不满意", "2 unsatisfied"),
    "1": ("1 很不满意", "1 very unsatisfied"),
}
QUESTIONS = {
    "overall": ("您对我们的服务总体印象如何？", "How do our services strike you as a whole?"),
    "safety": ("出入管理和巡逻，您觉得安心吗？", "Do gate and patrols make you feel safe?"),
    "cleaning": ("楼道、电梯和园区干净吗？", "Are stairs, lifts and grounds clean?"),
    "greenery": ("绿化养护有什么看法？", "What do you think of the greenery?"),
    "facilities": ("电梯、照明等设施好用吗？", "Do lifts, lights and the rest work well?"),
    "repair": ("最近报修处理得及时、妥当吗？", "Was your last repair in time and done well?"),
    "manners": ("工作人员态度怎么样？", "How are our people's manners?"),
    "housekeeper": ("管家联系得上、跟得紧吗？", "Is your housekeeper in reach and on to things?"),
    "fees": ("收费和账目有不清楚的地方吗？", "Is anything about fees and accounts unclear?"),
    "activities": ("希望我们组织哪些活动？", "Which activities would you like?"),
}
WAYS_SETTLED = {"answered": ("已答复", "Answered"), "task": ("已交办", "Task given")}
GUIDE = (
    "每户每年访谈一次，业委会和重点客户每季度一次。访谈后记下五项服务的评分、回答和待跟进事项；签名只是请客户自愿"
    "签。主管复核；每一事项都转了派工单、投诉单，或已答复、已交办，访谈才能关闭。",
    "Each household once a year, the owners' committee and key customers each quarter. Afterwards the"
    " scores of five services, the answers and the matters to follow are put down; a signature is"
    " offered, never asked for. The supervisor reviews; it is closed when every matter is a work order,"
    " a complaint or a task, or is answered.",
)
HELD = [
    "met_at?",
    "interviewee",
    "interviewers",
    "security?",
    "cleaning?",
    "greenery?",
    "repair?",
    "desk?",
    "questions?",
    "suggestions?",
    "personal_notes?",
    "matters?",
    "sign_offered?",
    "signed?",
]


class PersonalTextKind(kinds.LongTextKind):
    """A text that only whoever needs it reads: what somebody told of themselves."""

    personal = True

    def mask(self, value: str) -> str:
        """Nothing of it, not even its length."""
        return "****"

    def words(self, value: str) -> str:
        """No search finds it."""
        return ""
