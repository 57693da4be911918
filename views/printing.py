"""Prints: a record on paper as the form stands there, or a list as a ruled register; by the browser's own
printing.
"""

from typing import Any

from flask import abort
from markupsafe import Markup
from sqlalchemy import select

from app.ground import clock, given
from app.ground.database import db, stop_writing, writing
from app.keep import history, transaction
from app.lists import listing, printing
from app.lists.listing import List
from app.people import access
from app.people.users import Office
from views import codes
from views.boxes import page_of
from views.frame import person

AT_MOST, SHEETS = 2000, 200


def draw(view: Any) -> str:
    """The page for the address: ``id`` (one or several, by commas), ``blank``, or the list as filtered."""
    cls = view.model
    if given.address().ticked("blank"):
        return _page(view, _sheets(cls, None, False))
    if given.address().ticked("id"):
        return _records(view, cls)
    return _register(view, cls)


def _records(view: Any, cls: Any) -> str:
    keys = given.address().numbers("id")[:SHEETS]
    records = [record for key in keys if (record := access.get(person(), cls, key)) is not None]
    if not records or len(records) < len(keys):
        abort(404)
    sheets = []
    for record in records:
        full = access.may_here(person(), record, "personal")
        sheets += _sheets(cls, record, full is not None)
    page = _page(view, sheets)
    _note([record for record in records if access.may_here(person(), record, "personal") is not None])
    return page


def _sheets(cls: Any, record: Any, full: bool) -> list[dict[str, Any]]:
    """A sheet for each copy of a record; one for all where they are torn off the first. Blank ones aren't
    numbered.
    """
    paper, qr = cls.paper, codes.drawn(page_of(record)) if record is not None else ""
    copies = (paper.copies if cls.prefix and (record is not None or paper.tear_off) else ()) or ("",)
    parts = printing.layout(cls, record, full)
    drawn = [{"named": copy, "at": at, "parts": parts, "qr": qr} for at, copy in enumerate(copies, 1)]
    if paper.tear_off:
        for torn in drawn[1:]:
            torn["parts"] = printing.layout(cls, record, full, paper.tear_off)
        if record is not None and getattr(cls, "scanned", None) is not None:
            drawn[-1]["qr"] = codes.drawn(codes.scanned_at(record))
        return [{"record": record, "copies": drawn}]
    return [{"record": record, "copies": [copy]} for copy in drawn]


def _note(records: list[Any]) -> None:
    """A print with personal data in full is an act."""
    if not records or not any(table.personal for table in records[0].fields.values()):
        return
    cls, keys = type(records[0]), [record.id for record in records]
    db.session.rollback()
    with writing():
        for record in transaction.hold_all(cls, keys):
            history.write(record, person(), "print", str(access.may_here(person(), record, "personal") or ""))
        db.session.commit()
    stop_writing()


def _office() -> str:
    return (
        db.session.execute(
            select(Office.full_name).where(Office.id == person().office_id)
        ).scalar_one_or_none()
        or ""
    )


def _page(view: Any, sheets: list[dict[str, Any]]) -> str:
    return view.render(
        "print/sheet.html",
        sheets=sheets,
        office=_office(),
        Table=printing.Table,
        printed=clock.local(clock.now()),
    )


def _register(view: Any, cls: Any) -> str:
    """The list as filtered, as a ruled register; no box is left open."""
    listed = List(cls, person(), listing.asked(cls, given.address()), "print")
    plan = listing.plan_of(cls, cls.paper.columns or tuple(cls.shows))
    rows = []
    for row in listed.stream(plan):
        rows.append(
            (
                row[0],
                [
                    column.show(value) if value not in (None, "", []) else "／"
                    for column, value in zip(plan.columns, row[1:], strict=True)
                ],
            )
        )
        if len(rows) > AT_MOST:
            break
    more, rows = len(rows) > AT_MOST, rows[:AT_MOST]
    lines = _lines_of(cls, [key for key, _cells in rows])
    tight = ["" if column.kind.wraps else Markup(' class="tight"') for column in plan.columns]
    return view.render(
        "print/register.html",
        columns=plan.columns,
        rows=rows,
        lines=lines,
        more=more,
        at_most=AT_MOST,
        office=_office(),
        printed=clock.local(clock.now()),
        who=person().name,
        tight=tight,
    )


def _lines_of(cls: Any, keys: list[int]) -> dict[int, list[str]]:
    """Under each line of a register, its people: a masked line each."""
    lines: dict[int, list[str]] = {}
    table = next((field for field in cls.fields.values() if field.is_lines), None)
    if table is None:
        return lines
    line, parts = (
        table.kind.line,
        [part for part in table.kind.line.fields.values() if not part.is_reference and part.kind.tells_alone],
    )
    for at in range(0, len(keys), 500):
        for row in db.session.execute(
            select(line).where(line.of_id.in_(keys[at : at + 500])).order_by(line.of_id, line.position)
        ).scalars():
            texts = [printing.value_of(row, part, False) for part in parts]
            lines.setdefault(row.of_id, []).append(" ".join(text for text in texts if text))
    return lines
