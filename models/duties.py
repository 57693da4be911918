"""The 49 clauses of the handbook's duties (part one, "duties of customer-service posts"), and the four roles
they belong to.

A clause names what it opens through the declarations of the forms; one that opens nothing in the software
says why. M18, S10, P14 and F7 ("other work handed down") let whoever is named on a record do what was handed
to them.
"""

from app.declare.duties import clause, role
from app.ground.language import lazy_gettext as _
from app.people.users import offer_roles

MANAGER = role("manager", _("Manager"), "office")
SUPERVISOR = role("supervisor", _("Supervisor"), "office")
SPECIALIST = role("specialist", _("Specialist"), "area")
FRONT_DESK = role("frontdesk", _("Front desk"), "office")

LATER = _("Its records come with a later part of the handbook.")
PERSONAL = _("A duty of one's own conduct; no screen can do it.")

M1 = clause("M1", MANAGER, _("Run, supervise and coordinate the department"))
M2 = clause("M2", MANAGER, _("Put rules, flows and controlled documents into practice"))
M3 = clause("M3", MANAGER, _("Know the estate, its facilities and customers"))
M4 = clause("M4", MANAGER, _("Know the fee standards; answer for all collection figures"), LATER)
M5 = clause("M5", MANAGER, _("Split the year's collection targets among people and watch them"), LATER)
M6 = clause("M6", MANAGER, _("Organise move-ins and coordinate on site"), LATER)
M7 = clause("M7", MANAGER, _("Help approve renovations and verify them afterwards"), LATER)
M8 = clause("M8", MANAGER, _("Follow the rectification of a house's legacy defects"), LATER)
M9 = clause("M9", MANAGER, _("Bring departments together to settle complaints in time"))
M10 = clause(
    "M10", MANAGER, _("Complaints, follow-up visits and their statistics; active contact with customers")
)
M11 = clause("M11", MANAGER, _("Overall management of paid services"), LATER)
M12 = clause("M12", MANAGER, _("Approve announcements and notices to customers"), LATER)
M13 = clause("M13", MANAGER, _("Month, quarter and year plans"), LATER)
M14 = clause("M14", MANAGER, _("Inspect every member's service daily and have failures mended"), LATER)
M15 = clause("M15", MANAGER, _("Train and assess the staff"), LATER)
M16 = clause("M16", MANAGER, _("Appraise staff; propose promotion, demotion, reward and penalty"), LATER)
M17 = clause("M17", MANAGER, _("Report problems upward for a decision"), LATER)
M18 = clause("M18", MANAGER, _("Other work handed down"), handed=True)

S1 = clause("S1", SUPERVISOR, _("Study, and keep the company's rules"), PERSONAL)
S2 = clause("S2", SUPERVISOR, _("Know units, residents, fees and how they are worked out"))
S3 = clause("S3", SUPERVISOR, _("Manage the affairs assigned; daily records; report on time"))
S4 = clause(
    "S4", SUPERVISOR, _("Receive customers; hear, record, explain and settle suggestions and complaints")
)
S5 = clause("S5", SUPERVISOR, _("Keep good relations; visit homes and organise surveys"), LATER)
S6 = clause("S6", SUPERVISOR, _("Reach the satisfaction rate that is set"), LATER)
S7 = clause(
    "S7", SUPERVISOR, _("Publicise laws and policy, pass notices on, keep the customer register going")
)
S8 = clause("S8", SUPERVISOR, _("Arrange people for administration and logistics"), LATER)
S9 = clause("S9", SUPERVISOR, _("Handle emergencies and report them at once"), LATER)
S10 = clause("S10", SUPERVISOR, _("Other work handed down"), handed=True)

P1 = clause(
    "P1",
    SPECIALIST,
    _("Carry out every flow by the documents"),
    _("The guide that tells them is open to everybody."),
)
P2 = clause("P2", SPECIALIST, _("Know the estate, its customers and the services"))
P3 = clause(
    "P3",
    SPECIALIST,
    _("Sign for, issue, collect, file and keep building and customer files and quality records"),
)
P4 = clause("P4", SPECIALIST, _("Move-in formalities; follow legacy defects"), LATER)
P5 = clause("P5", SPECIALIST, _("Renovation on site: take applications, inspect works, help accept"), LATER)
P6 = clause("P6", SPECIALIST, _("Hand out, take back and keep keys"))
P7 = clause(
    "P7", SPECIALIST, _("Record requests, pass them to the right department, track and press until done")
)
P8 = clause("P8", SPECIALIST, _("Receive complaints and handle them well"))
P9 = clause("P9", SPECIALIST, _("Press for fees in one's own area"), LATER)
P10 = clause("P10", SPECIALIST, _("Letters, calls, visits and return visits"))
P11 = clause("P11", SPECIALIST, _("Keep in touch with the customers of one's area; gather opinions"), LATER)
P12 = clause("P12", SPECIALIST, _("Carry out surveys"), LATER)
P13 = clause("P13", SPECIALIST, _("Report problems for a decision"), LATER)
P14 = clause("P14", SPECIALIST, _("Other work handed down"), handed=True)

F1 = clause(
    "F1",
    FRONT_DESK,
    _("Take calls, repairs, opinions and requests and deal with them at once; escalate the rest"),
)
F2 = clause("F2", FRONT_DESK, _("Messages, storage and lending, on record"), LATER)
F3 = clause("F3", FRONT_DESK, _("Receive and guide visitors"), LATER)
F4 = clause("F4", FRONT_DESK, _("Sort and hand out newspapers, letters and magazines"), LATER)
F5 = clause("F5", FRONT_DESK, _("Serve meetings"), LATER)
F6 = clause("F6", FRONT_DESK, _("Sort repair slips and file them"))
F7 = clause("F7", FRONT_DESK, _("Other work handed down"), handed=True)

KNOWS_ESTATE = (M1, M3, S2, P2, F1)

offer_roles()
