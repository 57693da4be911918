"""Bringing a sheet in: by the form's own way where it has one, else box by box."""

from collections.abc import Sequence
from typing import Any

from app.declare.person import Person
from app.declare.record import Record, registry
from app.ground.language import gettext as _
from app.people import access
from app.people.refusal import Refusal
from app.sheets import record_import
from app.sheets.assigning import Way
from app.sheets.sheet_import import Outcome, importers
from app.workbook.sheet_reader import Workbook
from app.workbook.sheet_tables import Column


def columns_for(form: str) -> Sequence[Column]:
    """The columns that a form's sheet may have."""
    return importers[form].columns if form in importers else record_import.columns_of(registry[form])


def judge(cls: type[Record], person: Person) -> None:
    """Raises Refusal for somebody who may bring in no sheet of a form."""
    if access.may(person, cls, "import_") is None:
        raise Refusal("duty", _("Importing this isn't among your duties."), cls.access.by("import_"))


def bring_in(form: str, book: Workbook, person: Person, way: Way, **ticks: Any) -> Outcome:
    """Understand a workbook and, if its outcome may be written, write it. The caller commits. Raises
    Refusal.
    """
    cls = registry[form]
    if not cls.access.by("import_"):
        raise ValueError(_("%(form)s can't be brought in from a sheet.", form=form))
    if person.id:
        judge(cls, person)
    if form in importers:
        return importers[form].bring_in(book, person, way, **ticks)
    return record_import.bring_in(cls, book, person, way)
