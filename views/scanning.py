"""Where things pass: a paper's number is typed or its code scanned, what it says is compared, and it passes
or is refused; on a phone, in large letters.
"""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, make_response, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.act import steps
from app.act.entry import Entry
from app.declare.fields import Field
from app.ground import clock, given
from app.ground.database import db
from app.ground.language import gettext as _
from app.ground.text import whole
from app.keep import history, numbers
from app.people import access
from views import becoming, codes, files
from views.boxes import Box, Story, box, checks_of
from views.bulk import takes
from views.frame import person

CAMERA = "camera=(self), microphone=(), geolocation=()"
TYPED = 40  # characters of a number


@dataclass
class Verdict:
    """Whether a record may pass; if not, why, and who brought it where it stands, and when."""

    passes: bool
    why: str = ""
    by: str = ""


def scans(cls: Any) -> bool:
    """Whether the person stands where such papers are scanned."""
    rule = getattr(cls, "scanned", None)
    return rule is not None and takes(person(), cls, cls.steps[rule.passes])


def draw(view: Any) -> Any:
    """The page: a number is asked for; or the record that was named; or an answer to it is taken."""
    cls = view.model
    if getattr(cls, "scanned", None) is None:
        abort(404)
    if request.method == "POST":
        record = view.asked_for()
        name = given.boxes().one_of("step", (cls.scanned.passes, cls.scanned.refuses))
        return _take(view, record, cls.steps[name]) if name else abort(404)
    asked = given.address()
    number, key = asked.text("number", TYPED), asked.number("id")
    if not number and key is None:
        return _page(view)
    record = access.get(person(), cls, key) if key is not None else _of_number(cls, number)
    if record is None:
        return _page(view, unknown=_("There is no such paper here. Don't let it pass.")), 404
    if key is not None and not codes.is_ours(record, asked.text("mark")):
        return _page(view, unknown=_("This code wasn't printed here. Don't let it pass.")), 404
    return _page(view, record)


def _of_number(cls: Any, typed: str) -> Any:
    """The record of a number within the person's reach; the last digits will do for this month's."""
    number, who = typed.upper(), person()
    if (serial := whole(typed)) is not None:
        number = numbers.written(cls, numbers.series_of(cls, clock.now()), serial)
    asked = select(cls).where(access.rows(who, cls), cls.number == number)
    return db.session.execute(asked.order_by(cls.office_id != who.office_id, cls.id).limit(1)).scalar()


def _verdict(record: Any) -> Verdict:
    step = record.steps[record.scanned.passes]
    refusal = steps.in_the_way(record, step, person()) or steps.unmet_before(record, step)
    if refusal is None:
        return Verdict(True)
    if refusal.kind != "state":
        return Verdict(False, str(refusal))
    line = next(line for line in reversed(history.lines(record.name, record.id)) if "state" in line.changes)
    kept = [record.fields[name].text_of(record) for name in record.scanned.keeps]
    by = [f"{clock.local(line.at):%m-%d %H:%M}", line.user_name if line.user_id else _("The system"), *kept]
    return Verdict(False, str(record.states[record.state].label), " · ".join(filter(None, by)))


def _asked(record: Any) -> list[Field]:
    """The boxes of both answers, each once; what only the refusal needs may stay empty."""
    rule = record.scanned
    boxes = steps.asked_fields(record.steps[rule.passes], type(record), record)
    known = {field.name for field in boxes}
    other = steps.asked_fields(record.steps[rule.refuses], type(record), record)
    return boxes + [replace(field, required=False) for field in other if field.name not in known]


def _compared(record: Any) -> list[Box]:
    boxes = [box(record, record.fields[name], person()) for name in record.scanned.compares]
    return [shown for shown in boxes if not shown.empty and shown.field.applies(record)]


def _page(view: Any, record: Any = None, entry: Entry | None = None, unknown: str = "") -> Response:
    verdict = _verdict(record) if record is not None else None
    told: dict[str, Any] = {"record": record, "verdict": verdict, "unknown": unknown, "entry": entry}
    told["stays"] = {name: text for name in view.model.scanned.keeps if (text := _said(name))}
    if record is not None:
        passes = record.steps[view.model.scanned.passes]
        judged = steps.judged(record, person())
        told["compared"] = _compared(record)
        told["checks"] = checks_of(record, person(), (passes,))
        told |= becoming.told(record, person())
        told["others"] = [step for step, no in judged if no is None and step.targets and not step.danger]
        if entry is None and verdict is not None and verdict.passes:
            told["entry"] = entry = Entry(person(), _asked(record)).from_record(record)
            entry.typed |= {name: text for name, text in told["stays"].items() if not entry.typed.get(name)}
    page = make_response(view.render("scan.html", scanned=view.model.scanned, **told))
    page.headers["Permissions-Policy"] = CAMERA
    return page


def _said(name: str) -> str:
    """A box as it was said last, which the next begins with."""
    return given.boxes().text(name) or given.address().text(name)


def _take(view: Any, record: Any, step: Any) -> Any:
    """One of the answers. Where another was quicker, the page says who and when."""
    if view.sent_before() is record:
        return _onwards(view, record, step)
    if (refusal := steps.in_the_way(record, step, person())) is not None:
        steps.note_refused(record, step, person(), refusal)
        db.session.commit()
        return _page(view, record), 409
    marks, wrong = files.take_in(step, record)
    record = view.asked_for()
    sent = files.Sent(given.boxes(), marks)
    entry = steps.read(record, step, person(), sent)
    entry.errors |= wrong
    if view.perform(record, step, entry):
        return _onwards(view, record, step)
    errors, elsewhere = entry.errors, entry.elsewhere
    shown = Entry(person(), _asked(record)).read(sent, record)
    shown.errors, shown.elsewhere = errors, elsewhere
    shown.typed |= {name: entry.typed[name] for name in marks}
    return _page(view, record, shown), 422


def _onwards(view: Any, record: Any, step: Any) -> Response:
    """To the next one, with what stays the same."""
    flash(Story(view.model, person()).said(record, step))
    kept = {name: text for name in view.model.scanned.keeps if (text := _said(name))}
    return redirect(f"/admin/{view.model.name}/scan/{'?' if kept else ''}{urlencode(kept)}")
