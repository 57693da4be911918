"""People who stand in a sheet of their own: a number beside their name (业主编号) stands beside their units
in another one.
"""

from collections.abc import Iterable
from dataclasses import replace

from app.ground.language import gettext as _
from app.workbook.sheet_cells import flat, is_nothing
from app.workbook.sheet_tables import Table
from models.estate.register_entries import PersonEntry, Source
from models.estate.register_line import Legends, Line
from models.estate.register_matching import plain_name
from models.estate.register_people import people_of

KEY = "owner_key"


class People:
    """The people of a book's sheets of people, by their numbers."""

    def __init__(self) -> None:
        self.sources: list[Source] = []
        self._known: dict[str, tuple[Line, list[PersonEntry]]] = {}

    def add(self, table: Table, lines: Iterable[Line], legends: Legends) -> None:
        """Take in a table that names no units."""
        for line in lines:
            cell, people = line.cell(KEY), people_of(line, legends["person_kind"])
            if cell is None or KEY not in table.fields or is_nothing(flat(cell)):
                line.problem(_("This line names no unit. Write building-entrance-door, such as 3-1-1102."))
                continue
            self.sources.append(line.source)
            number = flat(cell).upper()
            known = self._known.setdefault(number, (line, people))
            if [plain_name(person.name) for person in known[1]] != [
                plain_name(person.name) for person in people
            ]:
                message = _(
                    "Rows %(one)s (“%(sheet)s”) and %(two)s have one number and name two people.",
                    one=known[0].row,
                    sheet=known[0].sheet,
                    two=line.row,
                )
                line.problem(message, cell)
                known[0].failed = True

    def of(self, line: Line) -> list[PersonEntry]:
        """The people whom a unit's line names by their numbers."""
        people: list[PersonEntry] = []
        for number in line.several(KEY):
            known = self._known.get(number.upper())
            if known is None:
                message = _("No sheet has anybody of the number “%(number)s”.", number=number[:20])
                line.problem(message, KEY)
            elif known[0].failed:
                message = _(
                    "What stands in row %(row)s of “%(sheet)s” has to be put right first.",
                    row=known[0].row,
                    sheet=known[0].sheet,
                )
                line.problem(message, KEY)
            else:
                people += [replace(person) for person in known[1]]
        return people
