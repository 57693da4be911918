"""Bringing a sheet in: upload, say what its columns are, preview, confirm. Nothing is written before the
person has seen what would be.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, abort, flash, redirect, render_template, request
from sqlalchemy.exc import IntegrityError

from app.act import saving
from app.declare.record import registry
from app.ground import given, statistics, upkeep
from app.ground.database import db, start_writing, stop_writing
from app.ground.language import gettext as _
from app.sheets import layouts, previews
from app.sheets.assigning import CODES, MOST, TABLES, AskedTable, Way
from app.sheets.blank_sheet import blank_sheet, needed, offered
from app.sheets.bringing_in import bring_in, columns_for, judge
from app.sheets.mending import marked
from app.sheets.previews import REST
from app.sheets.sheet_import import CHANGED, CREATED, PROBLEM, UNCHANGED, Outcome, importers, ticks_of
from app.workbook.sheet_heads import LONG, UNSAID, Assigned, Assignment, code_of
from app.workbook.sheet_reader import Workbook, open_workbook
from app.workbook.sheet_refused import SheetRefused
from views.frame import person
from views.sheets import XLSX

SHOWN = 300
LEFT_OUT = "-"  # what a choice says for a column, or for what a code means: nothing of it is taken in
_LAYOUT = re.compile(r"[0-9a-f]{32}")


def _cls(form: str) -> Any:
    cls = registry.get(form)
    if cls is None or not cls.access.by("import_"):
        abort(404)
    judge(cls, person())
    return cls


def _page(cls: Any, status: int = 200, **more: Any) -> Any:
    columns = columns_for(cls.name)
    return (
        render_template(
            "import.html",
            cls=cls,
            columns={column.field: column for column in columns},
            offers=offered(columns),
            needed=needed(columns),
            ticks=ticks_of(cls.name),
            ticked=_ticked(cls),
            shown=SHOWN,
            chosen=chosen,
            CREATED=CREATED,
            CHANGED=CHANGED,
            UNCHANGED=UNCHANGED,
            PROBLEM=PROBLEM,
            LEFT_OUT=LEFT_OUT,
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


@dataclass(frozen=True)
class Said:
    """What the choices of a preview say of each layout, as they were sent; forged ones lead nowhere, for what
    isn't a column of the form, or a word of its choices, isn't taken.
    """

    layouts: dict[str, tuple[list[str], dict[str, list[tuple[str, str]]]]]

    @property
    def mark(self) -> str:
        """Tells whether two previews were asked and answered alike."""
        return hashlib.sha256(json.dumps(self.layouts, sort_keys=True).encode()).hexdigest()

    def assigned(self, form: str) -> dict[str, Assignment]:
        """The same, as a sheet is read by it."""
        columns = {column.field: column for column in columns_for(form)}
        return {
            layout: Assignment(
                tuple(name if name in columns else "" if name == LEFT_OUT else UNSAID for name in said),
                {
                    name: {
                        code_of(code): "" if word == LEFT_OUT else word
                        for code, word in codes
                        if word == LEFT_OUT or word in (columns[name].choices or ())
                    }
                    for name, codes in told.items()
                    if name in columns
                },
            )
            for layout, (said, told) in self.layouts.items()
        }


def _sent() -> Said:
    boxes = given.boxes()
    sent = {}
    for layout in boxes.getlist("layout")[:TABLES]:
        if _LAYOUT.fullmatch(layout):
            codes = {
                name: list(
                    zip(
                        [text[:LONG] for text in boxes.getlist(f"code-{layout}-{name}")[:CODES]],
                        boxes.getlist(f"word-{layout}-{name}"),
                        strict=False,
                    )
                )
                for name in boxes.getlist(f"coded-{layout}")[:MOST]
            }
            sent[layout] = (boxes.getlist(f"column-{layout}")[:MOST], codes)
    return Said(sent)


def _shown(tables: list[AskedTable]) -> Said:
    """What the choices of a preview say before anybody touches them."""
    return Said(
        {
            table.layout: (
                [chosen(head) for head in table.heads],
                {
                    name: [(code.text, _word(code)) for code in table.codes if code.column == name]
                    for name in dict.fromkeys(code.column for code in table.codes)
                },
            )
            for table in tables
        }
    )


def chosen(head: Any) -> str:
    """What a head's choice stands at."""
    return head.column or (UNSAID if head.open else LEFT_OUT)


def _word(code: Any) -> str:
    return code.word or (LEFT_OUT if code.how == "said" else "")


def _way(cls: Any, said: Assigned, *, dry_run: bool = True, good_only: bool = False) -> Way:
    """How a sheet is read: as its choices say, else as was agreed to before."""
    known = layouts.remembered(cls.name, person(), columns_for(cls.name))
    return Way(dry_run, good_only, {**known, **said}, agreed_only=True)


def _read(cls: Any, book: Workbook, said: Said) -> Outcome:
    """What would become of a sheet; nothing written."""
    if cls.name not in importers:  # it saves as a person would, and takes it back
        start_writing()
    outcome = bring_in(cls.name, book, person(), _way(cls, said.assigned(cls.name)), **_ticked(cls))
    db.session.rollback()
    stop_writing()
    return outcome


def _preview(cls: Any, outcome: Outcome, token: str, filename: str, status: int = 200, **more: Any) -> Any:
    return _page(
        cls,
        status,
        outcome=outcome,
        filename=filename,
        submission=token,
        as_read=_shown(outcome.asked).mark,
        **more,
    )


def _uploaded(cls: Any) -> Any:
    """The uploaded sheet, read; nothing written."""
    sent = next(iter(given.files("sheet")), None)
    if sent is None:
        return _page(cls, 422, wrong=_("Please choose a sheet first."))
    data, filename = sent.read(), sent.filename or ""
    outcome = _read(cls, _opened(data, filename), Said({}))
    return _preview(cls, outcome, previews.keep(data, person(), cls.name), filename)


def _again(cls: Any, token: str, filename: str) -> Any:
    """The sheet of a preview, read as its choices say; or its lines, with what is wrong noted in them."""
    if (data := previews.kept(token, person(), cls.name)) is None:
        raise SheetRefused(_("The sheet is no longer here. Please choose it again."))
    book = _opened(data, filename)
    outcome = _read(cls, book, _sent())
    if given.boxes().ticked("mark"):
        return _workbook(marked(book, outcome), _("marked"), filename)
    return _preview(cls, outcome, token, filename)


def _confirm(cls: Any, token: str, filename: str) -> Any:
    """The sheet of the preview that was agreed to, read again and written: whole, its good lines alone, or
    not at all; a second click finds it brought in.
    """
    if (data := previews.kept(token, person(), cls.name)) is None:
        if saving.submitted(token, person(), cls) is not None:
            return _brought_before(cls)
        raise SheetRefused(_("The sheet is no longer here. Please choose it again."))
    book, said, boxes = _opened(data, filename), _sent(), given.boxes()
    if said.layouts and boxes.text("as_read") != said.mark:
        return _preview(cls, _read(cls, book, said), token, filename, changed=True)
    start_writing()
    try:
        if saving.submitted(token, person(), cls) is not None:
            return _brought_before(cls)
        saving.remember_selection(token, person(), cls)
    except IntegrityError:  # the first click's, which was still at it
        return _brought_before(cls)
    agreed = said.assigned(cls.name)
    way = _way(cls, agreed, dry_run=False, good_only=boxes.text("confirm") == "good")
    outcome = bring_in(cls.name, book, person(), way, **_ticked(cls))
    if not outcome.written:
        db.session.rollback()
        stop_writing()
        return _preview(cls, outcome, token, filename, 422)
    rest = ""  # kept before anything is, so that nothing comes in whose rest can't be taken along
    if outcome.left_out:
        rest = previews.keep(marked(book, outcome, outcome.left_out), person(), _rest(cls))
    settled = {table.layout for table in outcome.asked if table.read and table.settled}
    layouts.remember(cls.name, person(), {name: agreed[name] for name in settled & agreed.keys()})
    db.session.commit()
    stop_writing()
    upkeep.soon(statistics.statistics)
    previews.drop(token, person(), cls.name)
    return _came_in(cls, outcome, rest)


def _came_in(cls: Any, outcome: Outcome, rest: str) -> Any:
    """What to say of it; and the lines that stayed out, to be taken along."""
    flash(outcome.counted)
    if not rest:
        return redirect(f"/admin/{cls.name}/")
    return redirect(f"/admin/{cls.name}/import/?{REST}={rest}&lines={len(outcome.left_out)}")


def _rest(cls: Any) -> str:
    """As what the lines of a form's sheet that stayed out are kept."""
    return f"{cls.name}.{REST}"


def _brought_before(cls: Any) -> Any:
    db.session.rollback()
    flash(_("This sheet was brought in already."))
    return redirect(f"/admin/{cls.name}/")


def _workbook(data: bytes, said: str, filename: str) -> Response:
    name = quote(f"{filename.rpartition('.')[0][:80] or filename[:80]} {said}.xlsx")
    how = f"attachment; filename=sheet.xlsx; filename*=UTF-8''{name}"
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": how})


def _asked(cls: Any) -> Any:
    """The empty page; the empty sheet; or the lines that stayed out of the last one."""
    address = given.address()
    if address.ticked("template"):
        columns = [column for column in offered(columns_for(cls.name)) if column.in_blank]
        return _workbook(blank_sheet(str(cls.title), columns), _("template"), str(cls.title))
    rest = address.text(REST, 64)
    kept = previews.kept(rest, person(), _rest(cls)) if rest else None
    if kept is not None and address.ticked("download"):
        return _workbook(kept, _("to mend"), str(cls.title))
    if rest and kept is None:
        return _page(cls, wrong=_("These lines are no longer here. Please bring in the whole sheet again."))
    return _page(cls, rest=rest, lines=address.number("lines") or 0)


def init(app: Flask) -> None:
    """The import's address of each form that has one."""

    @app.route("/admin/<form>/import/", methods=["GET", "POST"], endpoint="imports")
    def imports(form: str) -> Any:
        cls = _cls(form)
        if request.method == "GET":
            return _asked(cls)
        boxes = given.boxes()
        token, filename = boxes.text("submission", 64), boxes.text("filename")
        try:
            if boxes.ticked("confirm"):
                return _confirm(cls, token, filename)
            return _again(cls, token, filename) if token else _uploaded(cls)
        except SheetRefused as refused:
            db.session.rollback()
            return _page(cls, 422, wrong=str(refused))
