"""Who reads aloud in which week: a form with a box of a kind that this trade brings along."""

from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped
from week import WeekKind

from app.declaring import Access, Columns, Form, States, done, fields, moving, step


class Reading(Form, code="LIB-10", title=("朗读", "Reading aloud"), prefix="RA", part=LIBRARY):
    """A story told to children."""

    week: Mapped[str] = fields.of_kind("周次", "Week", WeekKind(), sort=True)
    reader: Mapped[str] = fields.name("讲述人", "Reader")
    states = States(planned=moving("已安排", "Planned"), held=done("已举行", "Held"))
    access = Access(read=(L1, C1), create=(C1,), edit=(C1,), export=(L1,), import_=(L1, C1))
    shows = Columns("number", "week", "reader", "state")

    @step("planned", "held", by=[C1], label=("举行", "Hold"), asks=["week"])
    def hold(self) -> None: ...
