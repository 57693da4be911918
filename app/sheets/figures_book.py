"""Figures as a workbook: a sheet that has them all, then one a form with its periods, what tells them apart,
and charts that Excel draws itself.
"""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.ground import clock
from app.ground.language import gettext as _
from app.ground.periods import Period
from app.lists.figures import NONE, Number, Told
from app.workbook.sheet_writer import sheet_name

WHOLE, FORMATS = "#,##0", {"share": "0.0%", "sum": "#,##0.00", "mean": "0.00"}
CHART = {"width": 560, "height": 250}
BESIDE = 5  # the column in which charts stand
ROOM = 14  # rows that a chart covers


def figures_book(
    told: Mapping[Any, Sequence[Told]], period: Period, offices: Sequence[str], made_by: str
) -> bytes:
    """The workbook of a period."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheets = _Sheets(book)
    sheets.cover(told, period, offices, made_by)
    for cls, some in told.items():
        sheets.form(str(cls.title), some)
    book.close()
    return out.getvalue()


class _Sheets:
    """The sheets of a book, one after the other."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.taken: set[str] = set()
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.over = book.add_format({"bold": True, "font_size": 12})
        self.label = book.add_format({"font_color": "#55616A"})
        self.head = book.add_format({"bold": True, "bg_color": "#E3F1EF", "bottom": 1})
        self.right = book.add_format({"align": "right"})
        self.whole = book.add_format({"num_format": WHOLE})
        self.formats = {name: book.add_format({"num_format": said}) for name, said in FORMATS.items()}

    def cover(
        self, told: Mapping[Any, Sequence[Told]], period: Period, offices: Sequence[str], made_by: str
    ) -> None:
        """What it is of, and each figure in a line."""
        page = self._page(_("Statistics"), (20, 26, 14, 14, 12))
        page.write_string(0, 0, f"{_('Statistics')} {period}", self.title)
        about = (
            (_("Office"), "、".join(offices)),
            (_("Period"), str(period)),
            (_("Made by"), made_by),
            (_("Made at"), f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"),
        )
        for row, (name, value) in enumerate(about, 2):
            page.write_string(row, 0, name, self.label)
            page.write_string(row, 1, value)
        row = len(about) + 3
        heads = (_("Form"), _("Figure"), _("This period"), _("The one before"), _("Records"))
        self._heads(page, row, heads)
        for cls, some in told.items():
            for each in some:
                row += 1
                page.write_string(row, 0, str(cls.title))
                page.write_string(row, 1, str(each.figure.label))
                self._value(page, row, 2, each, each.now)
                self._value(page, row, 3, each, each.before)
                page.write_number(row, 4, each.now.records)

    def form(self, title: str, told: Sequence[Told]) -> None:
        """A form's figures, each with its periods and what tells it apart."""
        page = self._page(title, (26, 14, 12))
        row = 0
        for each in told:
            page.write_string(row, 0, str(each.figure.label), self.over)
            row = self._table(page, row + 1, each, _("Period"), each.trend, "column")
            for name, numbers in each.by.items():
                if numbers:
                    row = self._table(page, row, each, each.heading(name), numbers, "bar")

    def _page(self, name: str, widths: Sequence[int]) -> Any:
        page = self.book.add_worksheet(sheet_name(name, self.taken))
        for at, width in enumerate(widths):
            page.set_column(at, at, width)
        return page

    def _heads(self, page: Any, row: int, heads: Sequence[str]) -> None:
        for at, head in enumerate(heads):
            page.write_string(row, at, head, self.head)

    def _value(self, page: Any, row: int, at: int, told: Told, number: Number) -> None:
        """A number as one; a share as a part of one, as Excel writes percents."""
        if number.value is None:
            page.write_string(row, at, NONE, self.right)
            return
        measures = told.figure.measures
        value = number.value / Decimal(100) if measures == "share" else number.value
        page.write_number(row, at, float(value), self.formats.get(measures, self.whole))

    def _table(
        self, page: Any, row: int, told: Told, heading: str, numbers: Sequence[Number], kind: str
    ) -> int:
        """A table and its chart; the row below both."""
        name = str(told.figure.label)
        self._heads(page, row, (heading, name, _("Records")))
        for at, number in enumerate(numbers, row + 1):
            page.write_string(at, 0, number.label)
            self._value(page, at, 1, told, number)
            page.write_number(at, 2, number.records)
        first, last = row + 1, row + len(numbers)
        chart = self.book.add_chart({"type": kind})
        sheet = page.get_name()
        chart.add_series(
            {
                "name": [sheet, row, 1],
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, 1, last, 1],
                "fill": {"color": "#0B6B64"},
                "gap": 60,
            }
        )
        chart.set_title({"name": f"{name} · {heading}", "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        chart.set_size(CHART)
        if kind == "bar":
            chart.set_y_axis({"reverse": True})
        axis = {"min": 0, **({"max": 1} if told.figure.measures == "share" else {})}
        (chart.set_x_axis if kind == "bar" else chart.set_y_axis)(axis)
        page.insert_chart(row, BESIDE, chart)
        return row + max(len(numbers) + 2, ROOM)
