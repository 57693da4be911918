"""The screens of a declared form: Flask-Admin's ModelView generated from the declaration, at its own
addresses.
"""

from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import BaseForm
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.act import look_up, saving, search, steps
from app.act.entry import Entry
from app.declare.form import Form
from app.declare.record import Record
from app.ground import given
from app.ground.database import db
from app.ground.language import gettext as _
from app.keep import history
from app.lists import listing
from app.lists.listing import Plan
from app.people import access
from app.people.refusal import Refusal
from views import accounts, bulk, files, looks, printing, sheets
from views.boxes import Story, sections
from views.errors import AT_ONCE
from views.frame import person
from views.list_page import draw_list
from views.record_page import draw_record

Answer = Response | str | tuple[str, int]


class FormView(ModelView):  # type: ignore[misc]
    """One form's list, record, create, edit, steps, bulk actions, export, print and look-up."""

    can_delete = False
    can_view_details = True
    can_export = True
    export_types = ["xlsx"]
    list_template, details_template, create_template, edit_template = (
        "list.html",
        "record.html",
        "edit.html",
        "edit.html",
    )

    def __init__(self, cls: type[Record]) -> None:
        self.cls: Any = cls
        self.column_list = tuple(name for name in cls.shows if name in cls.fields)
        super().__init__(
            cls, db, name=str(cls.name), endpoint=cls.name, url=f"/admin/{cls.name}", category=cls.part
        )

    def scaffold_form(self) -> type[BaseForm]:
        """The boxes are the declaration's own; Flask-Admin's form class stays empty."""
        return BaseForm  # type: ignore[no-any-return]

    def scaffold_list_columns(self) -> list[str]:
        """The columns the declaration shows."""
        return list(self.column_list)

    def scaffold_sortable_columns(self) -> dict[str, str]:
        """Only what an index serves, and not by Flask-Admin's own parameters."""
        return {}

    def scaffold_auto_joins(self) -> list[Any]:
        """Rows are read as plain values; nothing is joined unasked."""
        return []

    def is_accessible(self) -> bool:
        """Whoever has a clause that reads such records, or one of them in hand; or may refer to them when
        looking up.
        """
        return access.opens(person(), self.cls) or (request.endpoint or "").endswith(".look_up")

    def inaccessible_callback(self, name: Any, **kwargs: Any) -> Any:
        """Say who could."""
        raise Refusal(
            "duty", _("%(title)s isn't among your duties.", title=self.cls.title), self.cls.access.by("read")
        )

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)

    def need(self, operation: str) -> None:
        """Refuse an operation that none of the person's duties opens, nor what they have in hand."""
        if not access.reach_of(person(), self.cls, operation):
            raise Refusal("duty", _("This isn't among your duties."), self.cls.access.by(operation))

    def found(self, operation: str = "read") -> Any:
        """The record of the address, if it exists within the person's reach; else 404, as if it weren't
        there.
        """
        record = access.get(person(), self.cls, given.address().number("id") or 0, operation)
        return record if record is not None else abort(404)

    def _get_list_url(self, view_args: Any = None) -> str:
        return f"/admin/{self.cls.name}/"

    @expose("/")
    def index_view(self) -> str:
        """The list."""
        return draw_list(self)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Answer:
        """A new record: an empty form, then the record made; the same form sent twice makes one."""
        self.need("create")
        boxes = saving.entered(self.cls, creating=True)
        if request.method == "GET":
            return self.form_page(Entry(person(), boxes).with_defaults(given.address()), None)
        entry = Entry(person(), boxes).read(given.boxes())
        if not entry.errors:
            try:
                made = self._named(saving.create(self.cls, entry, person(), self.token()))
                db.session.commit()
                return self._made(*made)
            except saving.Wrong as wrong:
                entry.refuse(wrong, self.cls.fields)
            except IntegrityError:  # the same form once more among others: its token is kept already
                entry.errors["step"] = _(AT_ONCE.text)
            except Refusal:
                if self.sent_before() is None:
                    raise
            db.session.rollback()
        if (before := self.sent_before()) is not None:
            return self._made(*self._named(before))
        return self.form_page(entry, None), 422

    @staticmethod
    def token() -> str:
        """The mark of the form that was sent; the same one when it is sent twice."""
        return given.boxes().text("submission", 64)

    def sent_before(self) -> Any:
        """The record that came of this very form when it was sent before."""
        made = saving.submitted(self.token(), person(), self.cls)
        return None if made is None else db.session.get(self.cls, made)

    def _named(self, record: Any) -> tuple[int, str]:
        return record.id, record.number if self.cls.prefix else str(record)

    def _settled(self) -> None:
        """The next page tells the browser that what it kept of this form was saved."""
        if token := self.token():
            flash(token, "saved")

    def _made(self, key: int, name: str) -> Answer:
        self._settled()
        if self.cls.signs_in and accounts.is_new(key):
            return accounts.give(key)
        flash(_("Saved as %(number)s.", number=name))
        return redirect(
            f"/admin/{self.cls.name}/{'new' if given.boxes().ticked('another') else 'details'}/?id={key}"
        )

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Answer:
        """The boxes of a record; a second person's save shows what changed meanwhile beside what was
        typed.
        """
        record = self.found()
        if (refusal := saving.may_edit(record, person())) is not None:
            raise refusal
        boxes = saving.entered(self.cls, creating=False)
        if request.method == "GET":
            return self.form_page(Entry(person(), boxes).from_record(record), record)
        entry = Entry(person(), boxes).read(given.boxes(), record)
        version = given.boxes().number("version")
        if not entry.errors:
            try:
                changed = saving.edit(record, entry, person(), -1 if version is None else version)
                db.session.commit()
                self._settled()
                flash(_("Saved.") if changed else _("Nothing was changed."))
                return redirect(f"/admin/{self.cls.name}/details/?id={record.id}")
            except saving.Wrong as wrong:
                entry.refuse(wrong, self.cls.fields)
            except IntegrityError:
                entry.errors["step"] = _(AT_ONCE.text)
            except saving.Conflict as conflict:
                if self._stands(record, entry):
                    self._settled()
                    flash(_("Saved."))
                    return redirect(f"/admin/{self.cls.name}/details/?id={record.id}")
                return self.form_page(entry, record, conflict), 409
            db.session.rollback()
        return self.form_page(entry, record), 422

    @staticmethod
    def _stands(record: Any, entry: Entry) -> bool:
        """Whether the record says already what was typed, as after the first of two clicks; nothing of the
        try is kept.
        """
        db.session.rollback()
        before = history.dumped(record)
        with db.session.no_autoflush:
            entry.apply(record)
            after = history.dumped(record)
        db.session.rollback()
        return not history.difference(before, after)

    def form_page(self, entry: Entry, record: Any, conflict: saving.Conflict | None = None) -> str:
        """The page of a form to fill in."""
        story = Story(self.cls, person())
        return self.render(
            "edit.html",
            cls=self.cls,
            record=record,
            entry=entry,
            sections=sections(entry.fields),
            conflict=conflict,
            story=story,
        )  # type: ignore[no-any-return]

    @expose("/details/")
    def details_view(self) -> str:
        """The record."""
        return draw_record(self, self.found())

    @expose("/step/<step_name>/", methods=("GET", "POST"))
    def step(self, step_name: str) -> Answer:
        """A step's boxes, then the step itself."""
        record = self.found()
        step = self.cls.steps.get(step_name) if issubclass(self.cls, Form) else None
        if step is None:
            abort(404)
        if request.method == "POST" and self.sent_before() is record:
            return self._taken(record, step)
        refusal = steps.in_the_way(record, step, person())
        if refusal is not None:
            if request.method == "POST":
                steps.note_refused(record, step, person(), refusal)
                db.session.commit()
            raise refusal
        if request.method == "GET":
            return self.step_page(
                record, step, Entry(person(), steps.asked_fields(step, self.cls)).from_record(record)
            )
        marks, wrong = files.take_in(step, record)
        record = self.found()
        entry = steps.read(record, step, person(), files.Sent(given.boxes(), marks))
        entry.errors |= wrong
        return self._take(record, step, entry)

    def _take(self, record: Any, step: Any, entry: Entry) -> Answer:
        version = given.boxes().number("version")
        if not entry.errors:
            try:
                steps.perform(record, step, person(), entry, version, self.token())
                db.session.commit()
                return self._taken(record, step)
            except saving.Wrong as wrong:
                entry.refuse(wrong, self.cls.fields)
            except Refusal as refused:
                entry.refuse(saving.Wrong(refused.at or "step", str(refused)), self.cls.fields)
            except saving.Conflict as conflict:
                entry.errors["step"] = _(
                    "%(who)s changed this meanwhile. Please look at the record again.", who=conflict.who
                )
            except IntegrityError:
                entry.errors["step"] = _(AT_ONCE.text)
            db.session.rollback()
            db.session.refresh(record)
            if self.sent_before() is record:
                return self._taken(record, step)
        return self.step_page(record, step, entry), 422

    def _taken(self, record: Any, step: Any) -> Response:
        """Onwards after a step; a dialog's script is told where."""
        self._settled()
        flash(Story(self.cls, person()).said(record, step))
        go = "/" if given.boxes().text("back") == "/" else f"/admin/{self.cls.name}/details/?id={record.id}"
        return Response(status=204, headers={"X-Go": go}) if given.header("X-Dialog") else redirect(go)

    def step_page(self, record: Any, step: Any, entry: Entry) -> str:
        """The page of a step; a script shows its form as a dialog."""
        return self.render(
            "step.html", cls=self.cls, record=record, step=step, entry=entry, fields=entry.fields
        )  # type: ignore[no-any-return]

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Answer:
        """A step over a selection, with a result per record."""
        return bulk.act(self)

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Answer:
        """The list as a workbook, as filtered, sorted and masked for who asks."""
        self.need("export")
        return sheets.export(self) if export_type == "xlsx" else abort(404)

    @expose("/print/")
    def print_view(self) -> str:
        """A record, or the list as a register, on paper."""
        self.need("print")
        return printing.draw(self)

    @expose("/reveal/", methods=("POST",))
    def reveal(self) -> Answer:
        """A personal box in full, for whose duty needs it; a logged act."""
        return looks.reveal(self, self.found())

    @expose("/look_up/")
    def look_up(self) -> Any:
        """Suggestions for a reference, of what saving will accept."""
        words = given.address().text("q")
        rows = look_up.suggest(person(), self.cls, words)
        exact = look_up.exactly(person(), self.cls, words)
        return {"found": [{**looks.suggestion(row), "exact": row.id == exact} for row in rows]}

    @expose("/columns/", methods=("POST",))
    def columns(self) -> Answer:
        """Keep a person's columns and page size."""
        sent = given.boxes()
        looks.keep_columns(self.cls, person(), sent.getlist("column"), sent.number("size"))
        db.session.commit()
        return redirect(f"/admin/{self.cls.name}/{sent.address('address').encoded()}")

    def ajax_lookup(self) -> Any:
        """Flask-Admin's own look-up takes any id; ours is ``look_up``."""
        abort(404)

    ajax_update = delete_view = ajax_lookup


__all__ = ["FormView", "Plan", "listing", "search"]
