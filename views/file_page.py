"""A thing's file on a page: what belongs to it, the papers that miss, and all records about it; as far as one
may see, and whatever forms there are.
"""

from typing import Any
from urllib.parse import urlencode

from flask import abort

from app.act import saving
from app.declare.record import Record
from app.keep import attachments
from app.lists import whole_file
from app.lists.highlights import line_of, marked, title_of
from app.lists.listing import filters
from app.lists.whole_file import Part
from app.people import access
from views.boxes import Box, box
from views.frame import person


def draw(view: Any, record: Record) -> str:
    """The page of a record that has a file; of any other there is none."""
    if not record.has_file:
        abort(404)
    who = person()
    parts = whole_file.of(record, who)
    files = attachments.of(record)
    return str(
        view.render(
            "file.html",
            record=record,
            facts=record.facts(),
            itself=_boxes(record, ""),
            own=[(part, row, _boxes(row, part.by)) for part in parts if part.own for row in part.records],
            parts=[part for part in parts if not part.own],
            papers=whole_file.papers(record, files),
            files=files,
            all_of=lambda part: _all_of(part, record),
            title_of=title_of,
            line_of=lambda row: _beside(row, record),
            marked=marked,
            editable=saving.may_edit(record, who) is None,
            can={name: access.may_here(who, record, name) for name in ("attach", "personal")},
        )
    )


def _boxes(row: Any, but: str) -> list[Box]:
    """What is filled in of a record, but for the box that names the thing."""
    fields = [field for field in row.fields.values() if field.applies(row) and field.name != but]
    told = [field for field in fields if not field.kind.says_nothing(getattr(row, field.column))]
    return [filled for field in told if not (filled := box(row, field, person())).empty]


def _beside(row: Any, record: Record) -> str:
    """What stands beside a record's title, unless it is the thing itself."""
    line = line_of(row)
    return "" if line in (str(record), title_of(row)) else line


def _all_of(part: Part, record: Record) -> str:
    """The list of a form's records about the thing, where a filter tells them."""
    if part.by not in filters(part.cls):
        return ""
    return f"/admin/{part.cls.name}/?{urlencode({part.by: str(record), f'{part.by}-id': record.id})}"
