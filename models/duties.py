"""The 49 clauses of the handbook's duties (part one, "duties of customer-service posts"), and the four roles
they belong to.

A clause names what it opens through the declarations of the forms; one that opens nothing in the software
says why. M18, S10, P14 and F7 ("other work handed down") let whoever is named on a record do what was handed
to them.
"""

from app.declaring import clause, offer_roles, role

MANAGER = role("manager", ("客服经理", "Manager"), "office")
SUPERVISOR = role("supervisor", ("客服主管", "Supervisor"), "office")
SPECIALIST = role("specialist", ("客服专员", "Specialist"), "area")
FRONT_DESK = role("frontdesk", ("客服前台", "Front desk"), "office")

LATER = ("相关记录将在手册后续部分提供。", "Its records come with a later part of the handbook.")
PERSONAL = ("属个人行为规范，系统无从代办。", "A duty of one's own conduct; no screen can do it.")

M1 = clause("M1", MANAGER, ("负责管理、监督和协调客服部工作", "Run, supervise and coordinate the department"))
M2 = clause(
    "M2",
    MANAGER,
    ("推动客户服务制度、流程和体系文件的执行", "Put rules, flows and controlled documents into practice"),
)
M3 = clause(
    "M3", MANAGER, ("熟悉所辖物业的结构、配套和客户情况", "Know the estate, its facilities and customers")
)
M4 = clause(
    "M4",
    MANAGER,
    ("熟悉收费标准和构成，对各项收缴指标负责", "Know the fee standards; answer for all collection figures"),
)
M5 = clause(
    "M5",
    MANAGER,
    (
        "把年度收费任务分解到责任人并监督执行",
        "Split the year's collection targets among people and watch them",
    ),
    LATER,
)
M6 = clause("M6", MANAGER, ("组织客户入住手续和现场协调", "Organise move-ins and coordinate on site"), LATER)
M7 = clause(
    "M7",
    MANAGER,
    ("配合装修申请审批和装修后核验", "Help approve renovations and verify them afterwards"),
    LATER,
)
M8 = clause(
    "M8",
    MANAGER,
    ("跟进房屋质量遗留问题的整改", "Follow the rectification of a house's legacy defects"),
    LATER,
)
M9 = clause(
    "M9", MANAGER, ("协调各部门及时处理客户投诉", "Bring departments together to settle complaints in time")
)
M10 = clause(
    "M10",
    MANAGER,
    (
        "投诉处理、客户回访及统计分析，主动与客户联系",
        "Complaints, follow-up visits and their statistics; active contact with customers",
    ),
)
M11 = clause("M11", MANAGER, ("统筹有偿服务工作", "Overall management of paid services"), LATER)
M12 = clause(
    "M12", MANAGER, ("审批对客公告、通知等文件", "Approve announcements and notices to customers"), LATER
)
M13 = clause("M13", MANAGER, ("制定月、季、年度工作计划并组织实施", "Month, quarter and year plans"), LATER)
M14 = clause(
    "M14",
    MANAGER,
    (
        "每天检查部门人员服务质量，对不合格的组织整改",
        "Inspect every member's service daily and have failures mended",
    ),
    LATER,
)
M15 = clause("M15", MANAGER, ("负责部门人员的业务培训及考核", "Train and assess the staff"), LATER)
M16 = clause(
    "M16",
    MANAGER,
    ("考核人员并提出晋升、降职、奖惩意见", "Appraise staff; propose promotion, demotion, reward and penalty"),
    LATER,
)
M17 = clause("M17", MANAGER, ("反馈工作问题供上级决策", "Report problems upward for a decision"), LATER)
M18 = clause("M18", MANAGER, ("完成领导交办的其他工作", "Other work handed down"), handed=True)

S1 = clause("S1", SUPERVISOR, ("学习岗位职责，遵守公司制度", "Study, and keep the company's rules"), PERSONAL)
S2 = clause(
    "S2",
    SUPERVISOR,
    (
        "熟悉楼栋户数、居住人员、服务费标准和计算方法",
        "Know units, residents, fees and how they are worked out",
    ),
)
S3 = clause(
    "S3",
    SUPERVISOR,
    ("管理分管事务，做好日常记录并定时上报", "Manage the affairs assigned; daily records; report on time"),
)
S4 = clause(
    "S4",
    SUPERVISOR,
    (
        "接待客户，对建议、意见、投诉认真记录、解释、处理",
        "Receive customers; hear, record, explain and settle suggestions and complaints",
    ),
)
S5 = clause(
    "S5",
    SUPERVISOR,
    (
        "与客户保持良好关系，定期上门征求意见，组织调查",
        "Keep good relations; visit homes and organise surveys",
    ),
)
S6 = clause("S6", SUPERVISOR, ("达到指定的客户满意率", "Reach the satisfaction rate that is set"))
S7 = clause(
    "S7",
    SUPERVISOR,
    (
        "宣传法规政策，传达通知，做好客户登记管理",
        "Publicise laws and policy, pass notices on, keep the customer register going",
    ),
)
S8 = clause("S8", SUPERVISOR, ("安排部门行政、后勤工作", "Arrange people for administration and logistics"))
S9 = clause("S9", SUPERVISOR, ("处理突发事件并及时上报", "Handle emergencies and report them at once"), LATER)
S10 = clause("S10", SUPERVISOR, ("完成领导交办的其他工作", "Other work handed down"), handed=True)

P1 = clause(
    "P1",
    SPECIALIST,
    ("按体系文件执行各项业务流程", "Carry out every flow by the documents"),
    ("手册和使用指南对所有人开放。", "The handbook that tells them is open to everybody."),
)
P2 = clause(
    "P2", SPECIALIST, ("熟悉物业、客户情况和服务内容", "Know the estate, its customers and the services")
)
P3 = clause(
    "P3",
    SPECIALIST,
    (
        "楼宇档案、客户档案、质量记录的签收、发放、收集、存档和保管",
        "Sign for, issue, collect, file and keep building and customer files and quality records",
    ),
)
P4 = clause(
    "P4", SPECIALIST, ("办理入伙手续，跟进房屋遗留问题", "Move-in formalities; follow legacy defects"), LATER
)
P5 = clause(
    "P5",
    SPECIALIST,
    (
        "装修申请现场办理、施工检查、协助验收",
        "Renovation on site: take applications, inspect works, help accept",
    ),
)
P6 = clause("P6", SPECIALIST, ("钥匙的发放、回收及保管", "Hand out, take back and keep keys"))
P7 = clause(
    "P7",
    SPECIALIST,
    (
        "记录客户诉求，传达相应部门，跟踪督促按时完成",
        "Record requests, pass them to the right department, track and press until done",
    ),
)
P8 = clause("P8", SPECIALIST, ("接待并有效处理客户投诉", "Receive complaints and handle them well"))
P9 = clause("P9", SPECIALIST, ("责任区域各项费用的催收", "Press for fees in one's own area"), LATER)
P10 = clause("P10", SPECIALIST, ("客户来函、来电、来访及回访", "Letters, calls, visits and return visits"))
P11 = clause(
    "P11",
    SPECIALIST,
    (
        "与责任区域客户保持联系，收集反馈意见",
        "Keep in touch with the customers of one's area; gather opinions",
    ),
)
P12 = clause("P12", SPECIALIST, ("客户意见征询调查", "Carry out surveys"), LATER)
P13 = clause("P13", SPECIALIST, ("反馈工作问题供上级决策", "Report problems for a decision"), LATER)
P14 = clause("P14", SPECIALIST, ("完成领导交办的其他工作", "Other work handed down"), handed=True)

F1 = clause(
    "F1",
    FRONT_DESK,
    (
        "受理来电、报修、意见和需求并及时处理，不能处理的上报",
        "Take calls, repairs, opinions and requests and deal with them at once; escalate the rest",
    ),
)
F2 = clause("F2", FRONT_DESK, ("客户留言、物品存放及外借并记录", "Messages, storage and lending, on record"))
F3 = clause("F3", FRONT_DESK, ("前台接待及引导", "Receive and guide visitors"), LATER)
F4 = clause(
    "F4", FRONT_DESK, ("报纸、信件、书刊的分发", "Sort and hand out newspapers, letters and magazines"), LATER
)
F5 = clause("F5", FRONT_DESK, ("会议服务", "Serve meetings"), LATER)
F6 = clause("F6", FRONT_DESK, ("整理维修服务单并归档", "Sort repair slips and file them"))
F7 = clause("F7", FRONT_DESK, ("完成领导交办的其他工作", "Other work handed down"), handed=True)

KNOWS_ESTATE = (M1, M3, S2, P2, F1)

offer_roles()
