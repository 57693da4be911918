"""What is counted of empty flats: what befell them, and what inspections found."""

from app.declaring import figure, not_
from models.premises.vacancy_choices import INSPECTION

FIGURES = {
    "changes": figure(
        "空置房动态", "What befell empty flats", by=("kind", "reason", "area"), at="happened_at"
    ),
    "inspections": figure(
        "空置房巡查", "Inspections", of=INSPECTION, by=("area", "cleanliness"), at="happened_at"
    ),
    "problems": figure(
        "巡查发现问题率",
        "Inspections that found something",
        share={"finding": not_()},
        of=INSPECTION,
        by=("area",),
        at="happened_at",
    ),
}
