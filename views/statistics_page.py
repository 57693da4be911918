"""Statistics: whatever figures are declared, by form; for a period and an office, against earlier periods and
told apart; every number opens its records, and all of it goes into a workbook.
"""

from typing import Any
from urllib.parse import quote, urlencode

from flask import Response
from flask_admin import BaseView, expose
from sqlalchemy import select

from app.declare.record import registry
from app.ground import clock, given, periods
from app.ground.database import db
from app.ground.language import gettext as _
from app.ground.language import lazy_gettext as _l
from app.ground.periods import Period
from app.lists import figures
from app.people.refusal import Refusal
from app.people.users import Office
from app.sheets.figures_book import figures_book
from views import charts
from views.frame import person, placed
from views.sheets import XLSX

ROWS = 15  # of what a figure is told apart by; the workbook has all


class StatisticsView(BaseView):  # type: ignore[misc]
    """The page of figures, and its workbook."""

    icon = "chart"

    def __init__(self) -> None:
        super().__init__(name=_l("Statistics"), endpoint="statistics", url="/admin/statistics")

    def is_accessible(self) -> bool:
        """Whoever reads any figure."""
        return figures.reads_any(person())

    def inaccessible_callback(self, name: Any, **kwargs: Any) -> Any:
        """Say who could."""
        every = [
            figure.read or cls.access.by("read")
            for cls in registry.values()
            for figure in cls.figures.values()
        ]
        clauses = dict.fromkeys(clause for clauses in every for clause in clauses)
        raise Refusal("duty", _("Statistics aren't among your duties."), list(clauses))

    @expose("/")
    def index(self) -> Any:
        """The figures of one form."""
        by_form = readable()
        asked = given.address()
        cls = next((form for form in by_form if form.name == asked.text("form")), next(iter(by_form)))
        period, office = period_of(asked), office_of(asked)
        told = [figures.told(cls, figure, person(), period, office) for figure in by_form[cls]]
        return self.render(
            "statistics.html",
            cls=cls,
            forms=list(by_form),
            period=period,
            kinds=KINDS,
            of=periods.of,
            this=clock.today(),
            offices=offices(),
            office=office,
            told=told,
            charts=charts,
            rows=ROWS,
            url=address(cls, period, office),
        )

    @expose("/workbook/")
    def workbook(self) -> Response:
        """All figures of a period as a workbook, with charts of its own."""
        asked = given.address()
        period, office = period_of(asked), office_of(asked)
        who, here = person(), offices()
        told = {
            cls: [figures.told(cls, figure, who, period, office) for figure in some]
            for cls, some in readable().items()
        }
        places = [here[office]] if office else list(here.values())
        made = figures_book(told, period, places, f"{who.name}（{who.title}）")
        name = f"{_('Statistics')}-{period.code}.xlsx"
        heads = {
            "Content-Disposition": f"attachment; filename=statistics.xlsx; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "no-store",
        }
        return Response(made, mimetype=XLSX, headers=heads)


KINDS = (("month", _l("Month")), ("quarter", _l("Quarter")), ("year", _l("Year")))


def readable() -> dict[Any, list[Any]]:
    """The forms whose figures this person reads, as the menu has them."""
    by_form = figures.readable(person())
    return {cls: by_form[cls] for cls in (*placed(), *by_form) if cls in by_form}


def period_of(asked: given.Given) -> Period:
    """The period that an address names; this month for what is none, or lies ahead."""
    read = periods.read(asked.text("period"))
    this = periods.of("month", clock.today())
    return read if read is not None and read.first <= clock.today() else this


def office_of(asked: given.Given) -> int | None:
    """The office that an address names, if it is one of this person's."""
    number = asked.number("office")
    return number if number in person().offices else None


def offices() -> dict[int, str]:
    """This person's offices."""
    named = select(Office.id, Office.full_name).where(Office.id.in_(person().offices)).order_by(Office.id)
    return {row.id: row.full_name for row in db.session.execute(named)}


def address(cls: Any, period: Period, office: int | None) -> Any:
    """What makes this page's address, with some of it changed."""

    def changed(**other: Any) -> str:
        said = {"form": cls.name, "period": period.code, "office": office, **other}
        return "?" + urlencode({name: value for name, value in said.items() if value})

    return changed
