"""Why a file isn't read as a workbook, as sentences for the person."""

from app.language import gettext as _


class SheetRefused(Exception):
    """A file that can't be read as a workbook; ``message`` is the sentence for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def broken() -> SheetRefused:
    """What to raise for a file that is cut off or spoilt."""
    return SheetRefused(_("The file is broken. Open it in Excel or WPS, save it again and try once more."))


def too_far(rows: int, columns: int) -> SheetRefused:
    """What to raise for a sheet whose rectangle would fill the memory."""
    return SheetRefused(
        _("A sheet reaches too far (%(rows)s rows, %(columns)s columns). Delete the empty part and try again.", rows=rows, columns=columns)
    )
