"""The vehicles and parking spaces of a register's line (field practice)."""

import re

from app.ground.language import gettext as _
from models.estate.register_entries import VehicleEntry, shared
from models.estate.register_line import Line
from models.estate.register_words import PENDING

_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{4,6}[挂学警港澳领使]?")


def vehicles_of(line: Line) -> list[VehicleEntry]:
    """The vehicles and spaces a line names; the first plate stands in the first space."""
    if not {"plate", "space"} & line.fields:
        return []
    plates = [plate for text in _told(line, "plate") for plate in _plates(text)]
    spaces = _told(line, "space")
    brands = line.several("brand")
    if any(not _PLATE.fullmatch(plate) for plate in plates):
        line.notice(_("This doesn't look like a number plate; taken as written."), "plate")
    if plates and spaces and len(plates) != len(spaces):
        line.notice(
            _(
                "%(plates)s plates and %(spaces)s spaces: paired in their order.",
                plates=len(plates),
                spaces=len(spaces),
            ),
            "space",
        )
    if len(brands) > max(len(plates), len(spaces)):
        line.problem(_("A make or colour without a number plate or space. Write whose it is."), "brand")
    given = shared({"plate", "space", "brand"} & line.fields)
    vehicles = []
    for at in range(max(len(plates), len(spaces))):
        plate, space, brand = (
            values[at] if at < len(values) else None for values in (plates, spaces, brands)
        )
        vehicles.append(VehicleEntry(plate, brand, space, given, line.source))
    return vehicles


def _told(line: Line, column: str) -> list[str]:
    """The plates or spaces of a line; a word without a digit or letter (无车, 待定, 见上) is none."""
    told = []
    for text in line.several(column):
        if re.search(r"[0-9A-Za-z]", text) or (
            column == "space" and text not in PENDING and not text.startswith(("无", "没", "未", "见"))
        ):
            told.append(text)
        else:
            line.notice(_("“%(word)s” is no number plate or space and was left out.", word=text[:20]), column)
    return told


def _plates(text: str) -> list[str]:
    """The plates in a text: one written with spaces or a dot in it, or several with only a space between."""
    bare = re.sub(r"[\s·.•-]", "", text).upper()
    plates = _PLATE.findall(bare)
    return plates if "".join(plates) == bare else [bare]
