"""What is counted of interviews: how many were held of those appointed, and the score of each service."""

from app.declaring import figure, not_

SERVICES = {
    "security": ("秩序安全满意度", "Security, score"),
    "cleaning": ("清洁满意度", "Cleaning, score"),
    "greenery": ("绿化满意度", "Greenery, score"),
    "repair": ("维修满意度", "Repair, score"),
    "desk": ("客服满意度", "Desk, score"),
}
FIGURES = {
    "talks": figure(
        "完成访谈", "Interviews held", of={"met_at": not_()}, by=("audience", "way", "area"), at="met_at"
    ),
    "talked_of_planned": figure(
        "访谈完成率",
        "Held of those appointed",
        share={"met_at": not_()},
        by=("audience", "area"),
        at="appointed_at",
    ),
    **{
        f"{name}_score": figure(*label, mean=name, of={name: not_()}, by=("area", name), at="met_at")
        for name, label in SERVICES.items()
    },
}
