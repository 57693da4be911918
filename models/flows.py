"""The handbook's flows (thirteen) and regulations (five): their titles, the forms each goes by, and what the
forms don't say by themselves.
"""

from app.declaring import flow, regulation

flow(
    "reception",
    ("接待", "Reception"),
    (
        "起身、问清是谁、哪一户、什么事，当场登记；能办的当场办，不能办的说明由谁、何时答复。",
        "Stand up, ask who, which unit and what about, and register it there and then. What can be done is"
        " done at once; of the rest say who will answer, and when.",
    ),
    forms=["work_order", "complaint", "communication_record", "item_loan", "storage", "release_slip"],
)
flow(
    "phone",
    ("接听电话", "Answering the phone"),
    (
        "铃响三声内接听，报部门和姓名；边听边登记，复述一遍，等客户先挂断。",
        "Answer within three rings, with department and name; register while listening, say it back, and let"
        " the customer hang up first.",
    ),
    forms=["work_order", "complaint", "communication_record"],
)
flow(
    "repair",
    ("报修处理", "Repairs"),
    (
        "从报修到归档一张派工单到底：派工、到场、完工、回访，各有时限；特急的先修后补单。",
        "One order from the report to the file: sent, there, done, followed up, each within its time. An"
        " emergency is worked on first and written up afterwards.",
    ),
    forms=["work_order"],
)
flow(
    "complaint",
    ("投诉处理", "Complaints"),
    (
        "先听完、再记录、后处理；按级别批准方案，答复后由他人回访，客户不满意的重新调查。",
        "Hear it out, record it, then deal with it. The plan is approved by its level; somebody else follows"
        " up, and an unhappy customer's complaint is looked into again.",
    ),
    forms=["complaint"],
)
flow(
    "follow_up",
    ("客户回访", "Following up"),
    (
        "维修和投诉办结后按规则回访，回访人不是经办人；不满意的返修、重新调查或转投诉。",
        "Repairs and complaints are followed up by rule, never by whoever handled them; an unhappy customer"
        " gets another visit, another look, or a complaint.",
    ),
    forms=["work_order", "complaint"],
)
flow(
    "interview",
    ("客户访谈", "Interviews"),
    (
        "按年度计划走访住户，业委会和重点客户更勤；访谈中提出的每件事都要有着落。",
        "Households are visited by the year's plan, the owners' committee and key customers more often; each"
        " matter that comes up is brought to its end.",
    ),
    forms=["interview"],
)
flow(
    "collection",
    ("费用收缴", "Collecting fees"),
    (
        "按期出账、送达、催缴，逾期逐级催费；不得以停水停电等方式催缴。",
        "Charges are made, delivered and pressed for in their time, step by step; never by cutting water or"
        " power.",
    ),
)
flow(
    "lending",
    ("外借物品", "Lending"),
    (
        "核对证件、告知借用须知、按物品的规定收押金；归还时验看，损坏遗失的由主管结清。",
        "Look at a document, tell the conditions, take the deposit that the item says; look at it when it is"
        " back. Damage and loss are settled by the supervisor.",
    ),
    forms=["item_loan", "item", "item_piece"],
)
flow(
    "paid_services",
    ("有偿增值服务", "Paid services"),
    (
        "先报价、客户确认后再做，做完签认、收款、回访。目前从派工单的“有偿”办理。",
        "A quote that the customer agrees to comes first; then the work, the signature, the payment, the"
        " follow-up. For now it goes by work orders that are paid.",
    ),
    forms=["work_order"],
)
flow(
    "storage",
    ("物品寄存保管", "Storage"),
    (
        "寄存牌一式两联，领取时核对；现金、贵重、危险、违禁和易腐物品不寄存。拾获物由两人清点。",
        "The tag has two parts that must match. Cash, valuables, dangerous, illegal and perishable goods"
        " aren't taken; what was found is counted by two.",
    ),
    forms=["storage"],
)
flow(
    "violations",
    ("客户违章处理", "Violations"),
    (
        "先劝导、再通知、后上报，全程留痕，不罚款。",
        "Words first, then a notice, then the authority, all on record; nobody is fined.",
    ),
    forms=["violation"],
)
flow(
    "moving_out",
    ("客户物品搬出", "Moving goods out"),
    (
        "凭放行条搬出，门岗核对；全部搬出的抄表、结清、收回钥匙，房屋转空置。",
        "Goods leave by a slip that the gate compares. Who moves out for good has the meters read, settles,"
        " gives the keys back; the unit is then vacant.",
    ),
    forms=["release_slip", "vacancy_change"],
)
flow(
    "owners_committee",
    ("与业委会沟通协调", "The owners' committee"),
    (
        "会议和提出的事项逐项记录、按期答复。目前在客户访谈和客户沟通里记录。",
        "Meetings and what is raised are recorded, and answered in time. For now it stands in interviews and"
        " communication records.",
    ),
    forms=["interview", "communication_record"],
)

regulation(
    "centre",
    ("客服中心管理制度", "The service centre"),
    (
        "二十四小时有人；客户的每项诉求都有记录，没有答复不得关闭。",
        "Somebody is there day and night; every request is on record, and none closes without an answer.",
    ),
    forms=["communication_record", "work_order", "complaint"],
)
regulation(
    "files",
    ("客户档案管理制度", "Customer files"),
    (
        "一户一档，资料齐全；个人信息遮挡，查看全号逐次留痕，借阅要登记。",
        "One file a unit, complete. Personal data is masked, each look in full is on record, and so is the"
        " borrowing of a file.",
    ),
    forms=["owner_register"],
)
regulation(
    "shifts",
    ("值班与交接班管理制度", "Shifts and hand-overs"),
    (
        "按排班值守；不交接不下班，未结事项逐项移交，差异双方签认。",
        "By the roster; no shift ends without a hand-over, open matters are carried on, differences signed"
        " by both.",
    ),
    forms=["duty_log", "shift"],
)
regulation(
    "goods",
    ("物品出入管理规定", "Goods in and out"),
    (
        "没有放行条不得搬出；门岗按编号或二维码核对，当日未用即作废。",
        "Nothing leaves without a slip; the gate checks it by number or QR code, and unused it ends with its"
        " day.",
    ),
    forms=["release_slip"],
)
regulation(
    "vacancy",
    ("空置房管理制度", "Vacant units"),
    (
        "动态逐笔登记，台账自动生成；钥匙受控，按期巡查，雨季加密，暴雨后必查，问题转派工单。",
        "Each change is recorded, and the ledger follows. Keys are under control; units are inspected in"
        " time, more often in the rains and after each storm, and problems become work orders.",
    ),
    forms=["vacancy_change", "vacancy_ledger", "key", "key_loan"],
)
