"""A list as a workbook, streamed as it is made."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import Response, stream_with_context

from app.ground import clock, given
from app.ground.database import db, stop_writing, writing
from app.ground.given import AT_ONCE
from app.lists import listing
from app.lists.listing import List
from app.people import access
from app.sheets import sheets
from app.workbook.sheet_writer import stream_workbook
from views.frame import person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(view: Any) -> Response:
    """The list that the address asks for, or a selection of it (``id``, by commas), as filtered, sorted and
    masked for who asks.
    """
    who, cls = person(), view.model
    asked = given.address()
    chosen = tuple(asked.numbers("id")[:AT_ONCE])
    listed = List(cls, who, replace(listing.asked(cls, asked), keys=chosen), "export")
    names = [name for name in asked.getlist("column") if name in listing.available(cls)]
    plan = sheets.plan_of(cls, who, names)
    cover = sheets.cover_of(listed, who, plan)
    db.session.rollback()
    with writing():
        sheets.note_export(who, cls, str(access.may(who, cls, "export") or ""))
        db.session.commit()
    stop_writing()
    parts = stream_workbook(
        name=str(cls.title),
        columns=sheets.sheet_columns(plan),
        rows=listed.stored(plan),
        cover=cover,
        extra=sheets.line_sheets(listed, plan.full),
    )
    name = f"{cls.title}-{clock.local(clock.now()):%Y%m%d-%H%M}.xlsx"
    heads = {
        "Content-Disposition": f"attachment; filename=export.xlsx; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(stream_with_context(parts), mimetype=XLSX, headers=heads)
