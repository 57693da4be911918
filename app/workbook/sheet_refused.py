"""Why a file isn't read as a workbook, as sentences for the person."""

from app.ground import apart
from app.ground.language import gettext as _
from app.ground.language import lazy_gettext as _l

# The reader's word for it, and the sentence.
SAID = {
    "other": _l("This is not a workbook of Excel or WPS. Save it as .xlsx and try again."),
    "protected": _l("The file is protected by a password. Save it without one and try again."),
    "unpacked": _l(
        "Unpacked, the file is too large. Put what is needed into a workbook of its own and try again."
    ),
    "far": _l(
        "The sheets reach too far or hold too much. Delete empty rows and columns, or divide the file, and"
        " try again."
    ),
    "long": _l("A cell holds more text than Excel allows. Shorten it and try again."),
    apart.SPACE: _l(
        "Reading the file takes too much memory. Delete empty rows and columns, or divide the file, and try"
        " again."
    ),
    apart.TIME: _l(
        "Reading the file takes too long. Save it anew in Excel or WPS without what isn't needed, and try"
        " again."
    ),
    apart.BUSY: _l("Other files are being read just now. Please try again in a minute."),
}
BROKEN = _l("The file is broken. Open it in Excel or WPS, save it again and try once more.")


class SheetRefused(Exception):
    """A file that can't be read as a workbook; ``message`` is the sentence for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def unread(why: str) -> SheetRefused:
    """What to raise for a file that wasn't read, by the word that says why."""
    return SheetRefused(_(SAID.get(why, BROKEN).text))
