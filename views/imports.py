"""Bringing a sheet in: upload, preview, confirm. Nothing is written before the person has seen what
would be.
"""

from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request
from sqlalchemy.exc import IntegrityError

from app.act import saving
from app.declare.record import registry
from app.ground import given, statistics, upkeep
from app.ground.database import db, start_writing, stop_writing
from app.ground.language import gettext as _
from app.people import access
from app.people.refusal import Refusal
from app.sheets import previews
from app.sheets.assigning import Way
from app.sheets.bringing_in import bring_in
from app.sheets.sheet_import import CHANGED, CREATED, PROBLEM, UNCHANGED, importers, ticks_of
from app.workbook.sheet_reader import Workbook, open_workbook
from app.workbook.sheet_refused import SheetRefused
from views.frame import person

SHOWN = 300


def _cls(form: str) -> Any:
    cls = registry.get(form)
    if cls is None or not cls.access.by("import_"):
        abort(404)
    if access.may(person(), cls, "import_") is None:
        raise Refusal("duty", _("Importing this isn't among your duties."), cls.access.by("import_"))
    return cls


def _page(cls: Any, status: int = 200, **more: Any) -> Any:
    return (
        render_template(
            "import.html",
            cls=cls,
            ticks=ticks_of(cls.name),
            ticked=_ticked(cls),
            shown=SHOWN,
            CREATED=CREATED,
            CHANGED=CHANGED,
            UNCHANGED=UNCHANGED,
            PROBLEM=PROBLEM,
            **more,
        ),
        status,
    )


def _ticked(cls: Any) -> dict[str, bool]:
    """What was ticked beside the sheet."""
    return {name: given.boxes().ticked(name) for name in ticks_of(cls.name)}


def _opened(data: bytes, filename: str) -> Workbook:
    """The sheet, read while nobody waits for this request's transaction."""
    db.session.rollback()
    stop_writing()
    return open_workbook(data, filename)


def _preview(cls: Any) -> Any:
    """The uploaded sheet, read; nothing written."""
    sent = next(iter(given.files("sheet")), None)
    if sent is None:
        return _page(cls, 422, wrong=_("Please choose a sheet first."))
    data, filename = sent.read(), sent.filename or ""
    book = _opened(data, filename)
    if cls.name not in importers:  # it saves as a person would, and takes it back
        start_writing()
    outcome = bring_in(cls.name, book, person(), Way(), **_ticked(cls))
    db.session.rollback()
    stop_writing()
    token = previews.keep(data, person(), cls.name)
    return _page(cls, outcome=outcome, filename=filename, submission=token)


def _confirm(cls: Any) -> Any:
    """The sheet of the preview that was agreed to, read again and written whole, or not at all; a second
    click finds it brought in.
    """
    token, filename = given.boxes().text("submission", 64), given.boxes().text("filename")
    if (data := previews.kept(token, person(), cls.name)) is None:
        if saving.submitted(token, person(), cls) is not None:
            return _brought_before(cls)
        raise SheetRefused(_("The sheet is no longer here. Please choose it again."))
    book = _opened(data, filename)
    start_writing()
    try:
        if saving.submitted(token, person(), cls) is not None:
            return _brought_before(cls)
        saving.remember_selection(token, person(), cls)
    except IntegrityError:  # the first click's, which was still at it
        return _brought_before(cls)
    outcome = bring_in(cls.name, book, person(), Way(dry_run=False), **_ticked(cls))
    if not outcome.written:
        db.session.rollback()
        return _page(cls, 422, outcome=outcome, filename=filename)
    db.session.commit()
    upkeep.soon(statistics.statistics)
    previews.drop(token, person(), cls.name)
    flash(
        _(
            "%(created)s new, %(changed)s changed, %(unchanged)s unchanged.",
            created=outcome.count(CREATED),
            changed=outcome.count(CHANGED),
            unchanged=outcome.count(UNCHANGED),
        )
    )
    return redirect(f"/admin/{cls.name}/")


def _brought_before(cls: Any) -> Any:
    db.session.rollback()
    flash(_("This sheet was brought in already."))
    return redirect(f"/admin/{cls.name}/")


def init(app: Flask) -> None:
    """The import's address of each form that has one."""

    @app.route("/admin/<form>/import/", methods=["GET", "POST"], endpoint="imports")
    def imports(form: str) -> Any:
        cls = _cls(form)
        if request.method == "GET":
            return _page(cls)
        try:
            return _confirm(cls) if given.boxes().ticked("confirm") else _preview(cls)
        except SheetRefused as refused:
            db.session.rollback()
            return _page(cls, 422, wrong=str(refused))
