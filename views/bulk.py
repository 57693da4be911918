"""Steps over a selection, and the list of what became of each record; its sheets."""

from typing import Any

from flask import flash, redirect
from sqlalchemy import select

from app.act import saving, steps
from app.act.entry import Entry
from app.declare import duties
from app.declare.person import Person
from app.ground import given
from app.ground.database import db
from app.ground.given import AT_ONCE
from app.ground.language import gettext as _
from app.lists import listing
from app.lists.listing import List
from app.people import access
from app.people.refusal import Refusal
from views.frame import person
from views.printing import SHEETS

BUTTONS = 6  # steps that find a place above a list


def offered(cls: Any, who: Person) -> list[str]:
    """What a person may do with a selection: the steps declared for one that their duties or their hands
    take, then print and export.
    """
    every = getattr(cls, "steps", {}).values()
    taken = [step.name for step in every if step.bulk and takes(who, cls, step)]
    sheets = ["print"] if cls.prefix and access.reach_of(who, cls, "print") else []
    return taken[:BUTTONS] + sheets + (["export"] if access.reach_of(who, cls, "export") else [])


def takes(who: Person, cls: Any, step: Any) -> bool:
    """Whether a duty of theirs takes a step, or a record that is in their hands."""
    if any(isinstance(by, duties.Clause) and by.code in who.clauses for by in step.by):
        return True
    hands = [by.field for by in step.by if isinstance(by, duties.Holder)]
    return bool(hands) and access.holds(who, cls, hands)


def take(view: Any, step: Any, ids: list[str]) -> Any:
    """A step over a selection: what it asks for is asked once for all."""
    cls, sent = view.model, given.boxes()
    if not step.bulk:
        raise Refusal(
            "guard", _("%(step)s is taken record by record, not over a selection.", step=step.label)
        )
    keys, more = _keys(cls)
    if not keys:
        return _nothing(view)
    if more:
        flash(
            _(
                "At most %(n)s at once: the rest stays as it is. Please take the step again for it.",
                n=f"{AT_ONCE:,}",
            )
        )
    fields = steps.asked_fields(step, cls)
    if fields and not sent.ticked("asked"):
        return _ask(view, step, keys, Entry(person(), fields).with_defaults())
    entry = Entry(person(), fields).read(sent)
    if entry.errors:
        return _ask(view, step, keys, entry), 422
    token = sent.text("submission", 64)
    if saving.submitted(token, person(), cls) is not None:
        return redirect(_back(view))
    results = steps.perform_each(cls, keys, step, person(), sent)
    saving.remember_selection(token, person(), cls)
    db.session.commit()
    bad = [result for result in results if result.refusal is not None]
    done = len(results) - len(bad)
    flash(_("%(step)s: %(done)s done, %(not_)s not.", step=step.label, done=done, not_=len(bad)))
    if not bad:
        return redirect(_back(view))
    return view.render("bulk_result.html", step=step, bad=bad, done=done, back=_back(view))


def _back(view: Any) -> str:
    """The list as it was when the selection was made."""
    return f"/admin/{view.model.name}/{given.boxes().address('address').encoded()}"


def _nothing(view: Any) -> Any:
    flash(_("Nothing was selected."))
    return redirect(_back(view))


def _ask(view: Any, step: Any, keys: list[int], entry: Entry) -> Any:
    """What the step asks for, once for all that are selected."""
    address = given.boxes().address("address").encoded().removeprefix("?")
    return view.render(
        "bulk_step.html", step=step, keys=keys, entry=entry, fields=entry.fields, address=address
    )


def export(view: Any) -> Any:
    """The selected records as a workbook; all that the address matches by the address itself."""
    keys, _more = _keys(view.model)
    if not keys:
        return _nothing(view)
    view.need("export")
    every = given.boxes().text("all") == "1"
    chosen = "".join(_back(view).partition("?")[1:]) if every else f"?id={','.join(map(str, keys))}"
    return redirect(f"/admin/{view.model.name}/export/xlsx/{chosen}")


def print_sheets(view: Any) -> Any:
    """The selected records' sheets, one after the other."""
    keys, _more = _keys(view.model)
    if not keys:
        return _nothing(view)
    view.need("print")
    if len(keys) > SHEETS:
        flash(_("At most %(n)s sheets are printed at a time; please select fewer.", n=SHEETS))
        return redirect(_back(view))
    return redirect(f"/admin/{view.model.name}/print/?id={','.join(map(str, keys))}")


def _keys(cls: Any) -> tuple[list[int], bool]:
    """The selected records' ids, no more than fit one request, and whether there are more."""
    sent = given.boxes()
    if sent.text("all") == "1":
        question = listing.asked(cls, sent.address("address"))
        wanted = (
            select(cls.id)
            .where(List(cls, person(), question).where())
            .order_by(cls.id.desc())
            .limit(AT_ONCE + 1)
        )
        keys = list(db.session.execute(wanted).scalars())
    else:
        keys = sent.numbers("rowid")
    return keys[:AT_ONCE], len(keys) > AT_ONCE
