"""An empty sheet of a form to be filled in and brought in: its heads with their choices, and a second sheet
that says what each column needs.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from app.ground.language import gettext as _
from app.workbook.sheet_tables import Column
from app.workbook.sheet_writer import COVER, sheet_name

LINES = 1_000  # that offer their choices
LISTED = 255  # characters of choices that Excel takes in a cell's own list


def offered(columns: Iterable[Column]) -> list[Column]:
    """The columns that a person may fill in."""
    return [column for column in columns if not column.ignored]


def blank_sheet(title: str, columns: Sequence[Column]) -> bytes:
    """The empty sheet, as a workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    taken: set[str] = set()
    page = book.add_worksheet(sheet_name(title, taken))
    about = book.add_worksheet(sheet_name(_("How to fill it in") + COVER, taken))
    head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    plain, needed = (
        book.add_format({**head, "bg_color": "#E3F1EF"}),
        book.add_format({**head, "bg_color": "#FBEFD0"}),
    )
    text, wrapped = (
        book.add_format({"num_format": "@"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    page.freeze_panes(1, 0)
    for at, width in enumerate((22, 10, 60)):
        about.set_column(at, at, width, wrapped)
    for at, said in enumerate((_("Column"), _("Needed"), _("What to write"))):
        about.write_string(0, at, said, plain)
    for at, column in enumerate(columns):
        label, choices = str(column.called), [str(label) for label in (column.choices or {}).values()]
        page.set_column(at, at, max(column.width, 2 * len(label) + 2), text if column.personal else None)
        page.write_string(0, at, label, needed if column.required else plain)
        if choices and len(",".join(choices)) <= LISTED:
            page.data_validation(1, at, LINES, at, {"validate": "list", "source": choices})
        about.write_string(at + 1, 0, label)
        about.write_string(at + 1, 1, _("Yes") if column.required else "")
        about.write_string(
            at + 1, 2, "；".join(part for part in (str(column.hint), "、".join(choices)) if part)
        )
    book.close()
    return out.getvalue()


def needed(columns: Iterable[Column]) -> list[Any]:
    """What people call the columns without which nothing comes in."""
    named = offered(columns)
    return [column.called for column in named if column.required] or [
        column.called for column in named if column.key
    ]
