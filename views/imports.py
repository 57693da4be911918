"""Bringing a sheet in: upload, preview, confirm. Nothing is written before the person has seen what would be."""

import os
import re
import secrets
import time
from pathlib import Path
from typing import Any

from flask import Flask, abort, current_app, flash, redirect, render_template, request, session
from sqlalchemy.exc import IntegrityError
from werkzeug.utils import secure_filename

from app import access, given, saving, statistics, upkeep
from app.database import db, start_writing, stop_writing
from app.language import gettext as _
from app.record import registry
from app.sheet_import import CHANGED, CREATED, PROBLEM, UNCHANGED, bring_in, importers, ticks_of
from app.sheet_refused import SheetRefused
from views.frame import person

SHOWN, KEPT_SECONDS = 300, 3600


def _folder() -> Path:
    found = Path(current_app.config["SETTINGS"].data_dir) / "imports"
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def _forget_old(folder: Path) -> None:
    for one in folder.iterdir():
        if one.stat().st_mtime < time.time() - KEPT_SECONDS:
            one.unlink(missing_ok=True)


def _keep(data: bytes, filename: str) -> str:
    """Keep an uploaded sheet until it is confirmed; the name is the uploader's alone, held in their session."""
    folder = _folder()
    _forget_old(folder)
    token = secrets.token_hex(16)
    (folder / token).write_bytes(data)
    os.chmod(folder / token, 0o600)
    session["sheet"] = [token, secure_filename(filename)[-80:] or "sheet"]
    return token


def _kept() -> tuple[bytes, str]:
    token, filename = session.get("sheet") or ["", ""]
    path = _folder() / token
    if not re.fullmatch(r"[0-9a-f]{32}", token) or not path.is_file():
        raise SheetRefused(_("The sheet is no longer here. Please choose it again."))
    return path.read_bytes(), filename


def _cls(form: str) -> Any:
    cls = registry.get(form)
    if cls is None or not cls.access.by("import_"):
        abort(404)
    if access.may(person(), cls, "import_") is None:
        raise access.Refusal("duty", _("Importing this isn't among your duties."), cls.access.by("import_"))
    return cls


def _page(cls: Any, status: int = 200, **more: Any) -> Any:
    return render_template(
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
    ), status


def _ticked(cls: Any) -> dict[str, bool]:
    """What was ticked beside the sheet."""
    return {name: given.boxes().ticked(name) for name in ticks_of(cls.name)}


def _preview(cls: Any) -> Any:
    """The uploaded sheet, read; nothing written."""
    sent = next(iter(given.files("sheet")), None)
    if sent is None:
        return _page(cls, 422, wrong=_("Please choose a sheet first."))
    data = sent.read()
    db.session.rollback()
    if cls.name in importers:  # it compares, and writes nothing: nobody need wait for it
        stop_writing()
    outcome = bring_in(cls.name, data, sent.filename or "", person(), True, **_ticked(cls))
    db.session.rollback()
    return _page(cls, outcome=outcome, filename=sent.filename, submission=_keep(data, sent.filename or ""))


def _confirm(cls: Any) -> Any:
    """The kept sheet, read again and written whole, or not at all; a second click finds it brought in."""
    token = given.boxes().text("submission", 64)
    start_writing()
    try:
        brought = saving.submitted(token, person(), cls) is not None
        if not brought:
            data, filename = _kept()
            saving.remember_selection(token, person(), cls)
    except IntegrityError:  # the first click's, which was still at it
        brought = True
    if brought:
        db.session.rollback()
        flash(_("This sheet was brought in already."))
        return redirect(f"/admin/{cls.name}/")
    outcome = bring_in(cls.name, data, filename, person(), False, **_ticked(cls))
    if not outcome.written:
        db.session.rollback()
        return _page(cls, 422, outcome=outcome, filename=filename)
    db.session.commit()
    upkeep.soon(statistics.statistics)
    (_folder() / session.pop("sheet")[0]).unlink(missing_ok=True)
    flash(
        _(
            "%(created)s new, %(changed)s changed, %(unchanged)s unchanged.",
            created=outcome.count(CREATED),
            changed=outcome.count(CHANGED),
            unchanged=outcome.count(UNCHANGED),
        )
    )
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
