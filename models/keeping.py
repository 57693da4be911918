"""How long the records of a form are kept (保存期), each form's years a setting of its own."""

from app.declaring import Setting, setting, units
from models.duties import M2


def kept(form: str, years: int) -> Setting[int]:
    """So many years, unless the manager says otherwise."""
    return setting(
        f"{form}.keep_years", ("单据保存期", "Records kept for"), units.years(years), by=M2, least=1, most=100
    )
