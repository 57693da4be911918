"""Names of people: what one may hold, and what in a name box gives somebody away."""

import re
import unicodedata

from app.ground.language import gettext as _
from app.ground.text import narrow

_BETWEEN = r"[\s\-_.·()]{0,2}"  # what people write between the groups of a number
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)日?")
_ID_NUMBER = re.compile(
    rf"(?<![0-9A-Z])\d{{6}}{_BETWEEN}\d{{4}}{_BETWEEN}\d{{4}}{_BETWEEN}(?:\d{{3}}[0-9X]|\d)(?![0-9A-Z])",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(rf"\d{{7,}}|(?:\d{_BETWEEN}){{10,}}|(?<!\d)\d{{3,4}}[\s\-.·]\d{{4}}(?!\d)")


def fault_of_name(name: str) -> str:
    """Why a text is no name, in a sentence that doesn't repeat it; empty for one that may be.

    A house's or a shop's digits are none of it: a telephone has seven digits or more in a row, or ten and
    more in groups.
    """
    text = "".join(
        str(unicodedata.digit(sign, sign)) for sign in narrow(name) if unicodedata.category(sign) != "Cf"
    )
    if not re.search(r"\d", text):
        return ""
    if _DAY.search(text):
        return _("A day is no name. Please write who it is.")
    if _ID_NUMBER.search(text):
        return _(
            "This holds an ID number, which everybody would read. A name goes here; the number has a box of"
            " its own."
        )
    if _TELEPHONE.search(text):
        return _(
            "This holds a telephone number, which everybody would read. A name goes here; the number has a"
            " box of its own."
        )
    return ""
