"""Photos and papers of a record: taken in, shown to whoever may read the record, taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, abort, flash, redirect, send_file
from werkzeug.datastructures import FileStorage

from app.act import saving
from app.declare.record import registry
from app.ground import clock, given
from app.ground.database import db, start_writing, stop_writing
from app.ground.language import gettext as _
from app.keep import attachments
from app.keep.attachments import Attachment, FileRefused, Stored
from app.people import access
from app.people.refusal import Refusal
from views.frame import person


def of(record: Any) -> Sequence[Attachment]:
    """The files of a record, for its page."""
    return attachments.of(record)


def _record(form: str, operation: str = "read") -> Any:
    """The record of the address if this person may do the operation on it; else as if it weren't there, or a
    refusal.
    """
    cls = registry.get(form)
    record = access.get(person(), cls, given.address().number("id") or 0) if cls is not None else None
    if record is None:
        abort(404)
    if operation != "read" and access.may_here(person(), record, operation) is None:
        raise Refusal(
            "duty", _("Adding files to this isn't among your duties."), record.access.by(operation), record
        )
    return record


def _file(record: Any) -> Attachment:
    """The file of the address, be it there still or taken away, if it is one of the record's; else as if it
    weren't there.
    """
    attachment = db.session.get(Attachment, given.address().number("file") or 0)
    if attachment is None or (attachment.form, attachment.record_id) != (record.name, record.id):
        abort(404)
    return attachment


def attach(form: str) -> Any:
    """Take in the files sent with a post: the good ones are kept, each of the others is told with its reason.

    They are read and stored first, while nobody waits for this request's transaction.
    """
    stop_writing()
    record = _record(form, "attach")
    back, sent, room = f"/admin/{form}/details/?id={record.id}", given.files("file"), attachments.room(record)
    db.session.rollback()
    stored, wrong = _stored(sent[:room])
    wrong += [str(attachments.full())] * len(sent[room:])
    if stored:
        start_writing()
        wrong += _added(_record(form, "attach"), stored)
        db.session.commit()
    added = [_("%(n)s files added.", n=len(sent) - len(wrong))] if len(sent) > len(wrong) else []
    flash(" ".join((*added, *dict.fromkeys(wrong))) or _("Please choose a file first."))
    return redirect(back)


def take_in(step: Any, record: Any) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Lay the photos that were sent with a step into the store, while nobody waits for this request's
    transaction: a mark for each, and what is wrong with the others, by their boxes.
    """
    sent = {ask.name: files for ask in step.asked if ask.photos and (files := given.files(ask.name))}
    if not sent:
        return {}, {}
    room = attachments.room(record)
    db.session.rollback()
    stop_writing()
    marks, wrong = {}, {}
    for name, files in sent.items():
        stored, said = _stored(files[:room])
        said += [str(attachments.full())] * (len(files) > room)
        marks[name] = [attachments.mark(photo, person()) for photo in stored]
        if said:
            wrong[name] = " ".join(dict.fromkeys(said))
    start_writing()
    return marks, wrong


@dataclass(frozen=True)
class Sent:
    """The boxes of a form, with the marks of the photos that came with them."""

    boxes: given.Given
    marks: Mapping[str, Sequence[str]]

    def getlist(self, key: str) -> list[str]:
        """All values of a name."""
        return [*self.boxes.getlist(key), *self.marks.get(key, ())]


def _stored(sent: Sequence[FileStorage]) -> tuple[list[Stored], list[str]]:
    """The files that could be read, in the store, and what is wrong with the others."""
    stored, wrong = [], []
    for file in sent:
        try:
            stored.append(attachments.store(file.read(), file.filename or ""))
        except FileRefused as refused:
            wrong.append(str(refused))
    return stored, wrong


def _added(record: Any, stored: Sequence[Stored]) -> list[str]:
    """Keep stored files with a record; what stands in the way of some of them."""
    wrong = []
    clause = str(access.may_here(person(), record, "attach") or "")
    for file in stored:
        with saving.changing(record, person(), "attach", clause, judged=True, rules=False) as change:
            try:
                row = attachments.add(record, file, given.boxes().text("kind"), person())
                change.changes = attachments.came(row) if row is not None else {}
            except FileRefused as refused:
                wrong.append(str(refused))
    return wrong


def detach(form: str) -> Any:
    """Take a file away from a record that may still be edited; it stays in the store, and the history says
    who took it.

    What was accepted, closed or voided keeps its evidence.
    """
    record = _record(form)
    if (refusal := saving.may_edit(record, person())) is not None:
        raise refusal
    with saving.changing(record, person(), "detach", judged=True, rules=False) as change:
        if (refusal := saving.may_edit(record, person())) is not None:  # somebody moved it on meanwhile
            raise refusal
        change.clause = str(access.may_here(person(), record, "edit") or "")
        row = _file(record)
        if row.removed_at is None:  # else it was clicked twice
            row.removed_at = clock.now()
            change.changes = attachments.went(row)
    db.session.commit()
    flash(_("The file was taken away."))
    return redirect(f"/admin/{form}/details/?id={record.id}")


def file(form: str) -> Response:
    """A file or its thumbnail, never as a page of our own origin."""
    attachment = _file(_record(form))
    path = attachments.place(
        attachment.sha256, thumb=attachment.is_photo and given.address().text("size") == "thumb"
    )
    if attachment.removed_at is not None or not path.exists():
        abort(404)
    answer = send_file(path, mimetype=attachment.media_type, etag=False)
    how = "inline" if attachment.is_photo else "attachment"
    name = attachment.name.rpartition(".")[0] + ".jpg" if attachment.is_photo else attachment.name
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def init(app: Flask) -> None:
    """The addresses of files, beside those of their records."""
    app.post("/admin/<form>/attach/")(attach)
    app.post("/admin/<form>/detach/")(detach)
    app.get("/admin/<form>/file/")(file)
