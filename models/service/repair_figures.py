"""What is counted of repairs."""

from app.declaring import figure, not_
from models.duties import M1, M10, P10, S3, S6

FIGURES = {
    "reports": figure("报修量", "Repairs reported", by=("category", "area", "urgency", "channel")),
    "in_time": figure(
        "按时完工率",
        "Finished on time",
        share={"on_time": True},
        of={"on_time": not_()},
        by=("category", "area", "assignee"),
        at="finished_at",
        on_home=True,
    ),
    "repaired": figure(
        "修复率",
        "Repaired",
        share={"outcome": "repaired"},
        of={"outcome": not_()},
        by=("category", "area", "assignee"),
        at="finished_at",
    ),
    "asked_after": figure(
        "回访率",
        "Followed up",
        share={"rating": not_()},
        of={"finished_at": not_()},
        by=("category", "area", "urgency"),
        at="finished_at",
        read=(M1, M10, S3, S6, P10),
    ),
    "satisfied": figure(
        "报修满意率",
        "Satisfied with the repair",
        share={"rating": ("4", "5")},
        of={"rating": not_()},
        by=("category", "area", "assignee", "rating"),
        at="finished_at",
        read=(M1, M10, S3, S6, P10),
    ),
    "earned": figure(
        "有偿维修金额",
        "Paid repairs",
        sum="total",
        of={"paid": True},
        by=("category", "area"),
        at="finished_at",
    ),
}
