"""The screens of a declared form: Flask-Admin's own views of its list, record, new record, edit and actions,
over their hooks; beside them what it hasn't.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_admin import expose
from flask_admin.actions import action
from flask_admin.contrib.sqla import ModelView
from flask_admin.helpers import is_form_submitted
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.act import look_up, saving, steps
from app.act.entry import Entry
from app.declare.form import Form
from app.declare.record import Record
from app.ground import again, given
from app.ground.database import db
from app.ground.language import gettext as _
from app.ground.language import lazy_gettext as _l
from app.ground.text import whole
from app.keep import history
from app.lists import listing
from app.people import access
from app.people.refusal import Refusal
from views import (
    accounts,
    becoming,
    bulk,
    calls,
    file_page,
    files,
    list_page,
    looks,
    plans,
    printing,
    record_page,
    scanning,
    sheets,
)
from views.boxes import Story, checks_of, page_of, sections
from views.errors import AT_ONCE
from views.frame import may_open, person

Answer = Response | str | tuple[str, int]


class FormView(ModelView):  # type: ignore[misc]
    """One form's list, record, create, edit and actions; steps, export, print, reveal and look-up."""

    can_delete = False
    can_view_details = can_export = True  # to whom is asked of each person, and a refusal says why
    export_types = ["xlsx"]
    page_size = listing.Asked.size
    page_size_options = listing.SIZES
    can_set_page_size = True
    column_auto_select_related = False  # rows are read as plain values; nothing is joined unasked
    form = Entry
    list_template = "list.html"
    details_template = "record.html"
    create_template = edit_template = "edit.html"

    def __init__(self, cls: type[Record]) -> None:
        shown: Any = cls
        names = listing.available(cls)
        self.column_list = tuple(name for name in cls.shows if name in names)
        self.column_details_list = self.column_export_list = names
        self.column_labels = {name: listing.label_of(cls, name) for name in names}
        self.column_sortable_list = tuple(shown.sorted_by())
        self.form_columns = tuple(field.name for field in saving.entered(cls, creating=True))
        for step in getattr(cls, "steps", {}).values():
            setattr(self, f"step:{step.name}", action(step.name, step.label)(partial(bulk.take, self, step)))
        super().__init__(
            cls,
            db,
            name=cls.title,
            category=cls.part and cls.part.label,
            endpoint=cls.name,
            url=f"/admin/{cls.name}",
        )

    # Who may

    def is_accessible(self) -> bool:
        """Whoever has a clause that reads such records, or one of them in hand; or may refer to them when
        looking up.
        """
        return may_open(self.model) or (request.endpoint or "").endswith(".look_up")

    def inaccessible_callback(self, name: Any, **kwargs: Any) -> Any:
        """Say who could."""
        raise Refusal(
            "duty",
            _("%(title)s isn't among your duties.", title=self.model.title),
            self.model.access.by("read"),
        )

    def need(self, operation: str) -> None:
        """Refuse an operation that none of the person's duties opens, nor what they have in hand."""
        if not access.reach_of(person(), self.model, operation):
            raise Refusal("duty", _("This isn't among your duties."), self.model.access.by(operation))

    # What Flask-Admin's views ask for

    def get_one(self, id: Any) -> Any:
        """The record, if it exists within the person's reach; else 404, as if it weren't there."""
        record = access.get(person(), self.model, whole(str(id)) or 0)
        return record if record is not None else abort(404)

    def get_list(self, *args: Any, **kwargs: Any) -> tuple[int, list_page.Shown]:
        """How many there are and the page of them, for what the address asks in our words."""
        shown = list_page.read(self.model)
        return shown.page.total, shown

    def create_form(self, obj: Any = None) -> Entry:
        """The boxes of a new record: empty, or as they were typed."""
        self.need("create")
        entry = Entry(person(), saving.entered(self.model, creating=True))
        return entry.read(given.boxes()) if is_form_submitted() else entry.with_defaults(given.address())

    def edit_form(self, obj: Any = None) -> Entry:
        """The boxes of a record: as it has them, or as they were typed."""
        if (refusal := saving.may_edit(obj, person())) is not None:
            raise refusal
        entry = Entry(person(), saving.entered(self.model, creating=False))
        return entry.read(given.boxes(), obj) if is_form_submitted() else entry.from_record(obj)

    def validate_form(self, form: Any) -> bool:
        """Whether it may be saved; a form that was sent before is a record already, whatever its boxes say
        now.
        """
        if super().validate_form(form) or not is_form_submitted():
            return bool(is_form_submitted())
        return isinstance(form, Entry) and form.record is None and self.sent_before() is not None

    def create_model(self, form: Entry) -> Any:
        """Make the record; the same form sent twice makes one."""
        return self.make(form, lambda: saving.create(self.model, form, person(), self.token()))

    def make(self, entry: Entry, how: Callable[[], Any]) -> Any:
        """A record made of what was typed, or the one that came of it when it was sent before; None where it
        can't be: what stands in the way is kept in the entry.
        """
        if entry.validate():
            try:
                return self.made(how())
            except saving.Wrong as wrong:
                entry.refuse(wrong, self.model.fields)
            except IntegrityError as error:
                if again.is_left_to_repeat(error):
                    raise
                entry.errors["step"] = _(AT_ONCE.text)
            except Refusal:
                if self.sent_before() is None:
                    raise
            db.session.rollback()
        before = self.sent_before()
        return None if before is None else self.made(before)

    def update_model(self, form: Entry, model: Any) -> bool:
        """Save the boxes of a record; what somebody changed meanwhile is kept beside what was typed."""
        version = given.boxes().number("version")
        try:
            changed = saving.edit(model, form, person(), -1 if version is None else version)
            db.session.commit()
            self._settled()
            flash(_("Saved.") if changed else _("Nothing was changed."))
            return True
        except saving.Wrong as wrong:
            form.refuse(wrong, self.model.fields)
        except IntegrityError as error:
            if again.is_left_to_repeat(error):
                raise
            form.errors["step"] = _(AT_ONCE.text)
        except saving.Conflict as conflict:
            if self._stands(model, form):
                self._settled()
                flash(_("Saved."))
                return True
            form.conflict = conflict
        db.session.rollback()
        return False

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        """The record's own page, or a new one's where another is to follow."""
        again = is_created and given.boxes().ticked("another")
        return f"/admin/{self.model.name}/{'new' if again else 'details'}/?id={inspect(model).identity[0]}"

    def action_form(self, obj: Any = None) -> Any:
        """What is asked of a selection; what no declaration speaks of isn't there. The list draws its own."""
        if not is_form_submitted():
            return None
        form = super().action_form(obj)
        return form if form.action.data in dict(super().get_actions_list()[0]) else abort(404)

    def get_list_row_actions(self) -> list[Any]:
        """None: a row's next step is drawn with its row."""
        return []

    def get_actions_list(self) -> tuple[list[Any], dict[Any, Any]]:
        """What the person may do with a selection."""
        actions, confirmations = super().get_actions_list()
        labels = dict(actions)
        return [(name, labels[name]) for name in bulk.offered(self.model, person())], confirmations

    def render(self, template: str, **context: Any) -> Any:
        """A page with what its template needs beside what Flask-Admin tells it; a form that wasn't saved has
        a status of its own.
        """
        if template == self.list_template:
            context |= list_page.told(self.model, context["data"], context["actions"])
        elif template == self.details_template:
            context |= record_page.told(context["model"])
        form: Any = context.get("form")
        if template == self.edit_template:
            context |= {"sections": sections(form.fields), "story": Story(self.model, person())}
        page = super().render(template, **{"cls": self.model, **context})
        if not isinstance(form, Entry) or not is_form_submitted():
            return page
        return page, 409 if form.conflict else 422

    # A form sent

    @staticmethod
    def token() -> str:
        """The mark of the form that was sent; the same one when it is sent twice."""
        return given.boxes().text("submission", 64)

    def sent_before(self) -> Any:
        """The record that came of this very form when it was sent before."""
        made = saving.submitted(self.token(), person(), self.model)
        return None if made is None else db.session.get(self.model, made)

    def _settled(self) -> None:
        """The next page tells the browser that what it kept of this form was saved."""
        if token := self.token():
            flash(token, "saved")

    def made(self, record: Any) -> Any:
        """A record that was made, now for good. A new account's password is told at once: by no address, and
        only this once.
        """
        key, name = record.id, record.number if self.model.prefix else str(record)
        db.session.commit()
        self._settled()
        if self.model.signs_in and accounts.is_new(key):
            abort(make_response(accounts.give(key)))
        flash(_("Saved as %(number)s.", number=name))
        return record

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

    # Selections

    @action("print", _l("Print"))
    def print_selection(self, ids: list[str]) -> Answer:
        """The selected records' sheets, one after the other."""
        return bulk.print_sheets(self)

    @action("export", _l("Export"))
    def export_selection(self, ids: list[str]) -> Answer:
        """The selected records as a workbook."""
        return bulk.export(self)

    # What Flask-Admin hasn't

    def asked_for(self) -> Any:
        """The record that the address names."""
        return self.get_one(given.address().text("id"))

    @expose("/step/<step_name>/", methods=("GET", "POST"))
    def step(self, step_name: str) -> Answer:
        """A step's boxes, then the step itself."""
        record = self.asked_for()
        step = self.model.steps.get(step_name) if issubclass(self.model, Form) else None
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
            asked = steps.asked_fields(step, self.model, record)
            return self.step_page(record, step, Entry(person(), asked).from_record(record))
        marks, wrong = files.take_in(step, record)
        record = self.asked_for()
        entry = steps.read(record, step, person(), files.Sent(given.boxes(), marks))
        entry.errors |= wrong
        return self._take(record, step, entry)

    def _take(self, record: Any, step: Any, entry: Entry) -> Answer:
        if self.perform(record, step, entry):
            return self._taken(record, step)
        return self.step_page(record, step, entry), 422

    def perform(self, record: Any, step: Any, entry: Entry) -> bool:
        """Take a step with what was typed; whether it was, now or when it was sent before. What stands in the
        way is kept in the entry.
        """
        version = given.boxes().number("version")
        if not entry.errors:
            try:
                steps.perform(record, step, person(), entry, version, self.token())
                db.session.commit()
                return True
            except saving.Wrong as wrong:
                entry.refuse(wrong, self.model.fields)
            except Refusal as refused:
                entry.refuse(saving.Wrong(refused.at or "step", str(refused)), self.model.fields)
            except saving.Conflict as conflict:
                entry.errors["step"] = _(
                    "%(who)s changed this meanwhile. Please look at the record again.", who=conflict.who
                )
            except IntegrityError as error:
                if again.is_left_to_repeat(error):
                    raise
                entry.errors["step"] = _(AT_ONCE.text)
            db.session.rollback()
            db.session.refresh(record)
            return bool(self.sent_before() is record)
        return False

    def _taken(self, record: Any, step: Any) -> Response:
        """Onwards after a step; a dialog's script is told where."""
        self._settled()
        flash(Story(self.model, person()).said(record, step))
        back = given.boxes().text("back")
        onwards = {"/": "/", calls.PLACE: f"{calls.PLACE}?after={record.name}:{record.id}"}
        go = onwards.get(back, page_of(record))
        return Response(status=204, headers={"X-Go": go}) if given.header("X-Dialog") else redirect(go)

    def step_page(self, record: Any, step: Any, entry: Entry) -> str:
        """The page of a step; a script shows its form as a dialog."""
        looked = checks_of(record, person(), (step,))
        return self.render(
            "step.html", record=record, step=step, entry=entry, fields=entry.fields, checks=looked
        )

    @expose("/become/<link_name>/", methods=("GET", "POST"))
    def become(self, link_name: str) -> Answer:
        """What a record makes: the new one's boxes, then that one itself."""
        return becoming.become(self, self.asked_for(), link_name)

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Answer:
        """The list as a workbook, as filtered, sorted and masked for who asks: streamed, where Flask-Admin's
        own holds all of it in memory.
        """
        self.need("export")
        return sheets.export(self) if export_type in self.export_types else abort(404)

    @expose("/whole_file/")
    def file_view(self) -> str:
        """All that is about a record, on a page."""
        return file_page.draw(self, self.asked_for())

    @expose("/print/")
    def print_view(self) -> str:
        """A record, or the list as a register, on paper."""
        self.need("print")
        return printing.draw(self)

    @expose("/scan/", methods=("GET", "POST"))
    def scan(self) -> Any:
        """Where such papers are scanned: what is to be compared, and the two answers."""
        return scanning.draw(self)

    @expose("/plan/<plan_name>/")
    def plan(self, plan_name: str) -> str:
        """What is due by plan of such records, round by round."""
        return plans.draw(self, plan_name)

    @expose("/reveal/", methods=("POST",))
    def reveal(self) -> Answer:
        """A personal box in full, for whose duty needs it; a logged act."""
        return looks.reveal(self, self.asked_for())

    @expose("/look_up/")
    def look_up(self) -> Any:
        """Suggestions for a reference, of what saving will accept."""
        words = given.address().text("q")
        rows = look_up.suggest(person(), self.model, words)
        exact = look_up.exactly(person(), self.model, words) if rows else None
        return {"found": looks.suggestions(self.model, rows, exact)}

    @expose("/columns/", methods=("POST",))
    def columns(self) -> Answer:
        """Keep a person's columns and page size."""
        sent = given.boxes()
        looks.keep_columns(self.model, person(), sent.getlist("column"), sent.number("size"))
        db.session.commit()
        return redirect(f"/admin/{self.model.name}/{sent.address('address').encoded()}")

    # What isn't exposed here: nothing is deleted, a cell is no form, and its look-up takes any id.
    ajax_lookup = ajax_update = delete_view = None
