"""How vacancy changes stand on paper: the register, and the photos that go along."""

from app.declaring import Paper
from models.keeping import kept

PHOTOS = {"scene": ("现场", "The place"), "fault": ("问题", "The fault"), "meter": ("表底", "Meters")}
REGISTER = Paper(
    title=("空置房动态登记表", "Register of vacant units"),
    register=True,
    signs=(
        ("巡查（记录）人", "Inspected by"),
        ("工程人员", "Works staff"),
        ("业主", "Owner"),
        ("客服主管", "Supervisor"),
    ),
    columns=(
        "number",
        "happened_at",
        "unit",
        "kind",
        "reason",
        "party",
        "keys_count",
        "water_reading",
        "power_reading",
        "gas_reading",
        "finding",
        "to_mend",
        "created_by",
        "opinion",
    ),
    keep_years=kept("vacancy_change", 3),
)
