"""What people said of the layouts of sheets, kept for their office: the next sheet of one asks nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.declare.person import Person
from app.declare.record import Key, Model
from app.ground import clock
from app.ground.database import Json, Moment, db
from app.workbook.sheet_heads import Assigned, Assignment
from app.workbook.sheet_tables import Column

MOST = 200  # layouts of a form in an office; the one agreed to longest ago goes first


class SheetLayout(Model):
    """A layout of sheets and which columns of a form its heads are, as a person of the office agreed to."""

    __tablename__ = "sheet_layout"

    office_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    layout: Mapped[str] = mapped_column(String(32), primary_key=True)
    columns: Mapped[Any] = mapped_column(Json)
    meanings: Mapped[Any] = mapped_column(Json)
    agreed_by: Mapped[str] = mapped_column(String(60))
    agreed_at: Mapped[datetime] = mapped_column(Moment)


def remembered(form: str, person: Person, columns: Iterable[Column]) -> Assigned:
    """What was said of layouts in a person's office; one that names a column that isn't there any more is
    forgotten.
    """
    known = {column.field for column in columns} | {""}
    asked = select(SheetLayout).where(SheetLayout.office_id == person.office_id, SheetLayout.form == form)
    return {
        kept.layout: Assignment(tuple(kept.columns), kept.meanings, f"{kept.agreed_by} {kept.agreed_at:%F}")
        for kept in db.session.execute(asked).scalars()
        if known.issuperset(kept.columns) and known.issuperset(kept.meanings)
    }


def remember(form: str, person: Person, agreed: Mapping[str, Assignment]) -> None:
    """Keep what a person agreed to, instead of what was kept of those layouts."""
    for layout, said in agreed.items():
        kept = SheetLayout(office_id=person.office_id, form=form, layout=layout)
        kept.columns, kept.meanings = (
            list(said.fields),
            {name: dict(of) for name, of in said.meanings.items()},
        )
        kept.agreed_by, kept.agreed_at = person.name, clock.now()
        db.session.merge(kept)
    db.session.flush()
    mine = (SheetLayout.office_id == person.office_id, SheetLayout.form == form)
    newest = select(SheetLayout.layout).where(*mine).order_by(SheetLayout.agreed_at.desc()).limit(MOST)
    db.session.execute(
        delete(SheetLayout)
        .where(*mine, SheetLayout.layout.not_in(newest.subquery().select()))
        .execution_options(synchronize_session=False)
    )
