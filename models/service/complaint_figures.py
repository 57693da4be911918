"""What is counted of complaints."""

from app.declaring import figure, not_
from models.duties import M9, M10, P8, P10, S3, S4, S6

OVERSEE = (M9, M10, S3, S4, S6, P8, P10)  # who reads how complaints are handled
FIGURES = {
    "intake": figure("投诉量", "Complaints received", by=("subject", "area", "level", "channel")),
    "justified": figure(
        "有效投诉率",
        "Justified",
        share={"nature": "justified"},
        of={"nature": ("justified", "unjustified")},
        by=("subject", "area"),
    ),
    "settled": figure(
        "投诉办结率", "Settled", share={"state": "closed"}, by=("subject", "area", "handler"), read=OVERSEE
    ),
    "asked_after": figure(
        "投诉回访率",
        "Followed up",
        share={"satisfied": not_()},
        of={"answered_at": not_()},
        by=("subject", "area"),
        at="answered_at",
        read=OVERSEE,
    ),
    "content": figure(
        "投诉满意率",
        "Satisfied with the answer",
        share={"satisfied": "yes"},
        of={"satisfied": not_()},
        on_home=True,
        by=("subject", "area", "handler"),
        read=OVERSEE,
    ),
}
