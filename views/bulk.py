"""Steps over a selection, and the list of what became of each record; its sheets."""

from typing import Any

from flask import abort, flash, redirect
from sqlalchemy import select

from app.act import saving, steps
from app.act.entry import Entry
from app.ground import given
from app.ground.database import db
from app.ground.language import gettext as _
from app.lists import listing
from app.lists.listing import List
from app.people.refusal import Refusal
from views.frame import person
from views.printing import SHEETS

AT_MOST = 2000


def act(view: Any) -> Any:
    """The step named by ``action`` over ``rowid`` values, or over all that the address matches
    (``all=1``).
    """
    cls: Any = view.cls
    sent = given.boxes()
    action = sent.text("action")
    step = getattr(cls, "steps", {}).get(action)
    if step is None and action not in ("print", "export"):
        abort(404)
    if step is not None and not step.bulk:
        raise Refusal(
            "guard", _("%(step)s is taken record by record, not over a selection.", step=step.label)
        )
    keys, more = _keys(cls)
    back = f"/admin/{cls.name}/{sent.address('address').encoded()}"
    if not keys:
        flash(_("Nothing was selected."))
        return redirect(back)
    if action == "export":
        return _export(view, keys, back)
    if step is None:
        return _print(view, keys, back)
    if more:
        flash(
            _(
                "At most %(n)s at once: the rest stays as it is. Please take the step again for it.",
                n=f"{AT_MOST:,}",
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
        return redirect(back)
    results = steps.perform_each(cls, keys, step, person(), sent)
    saving.remember_selection(token, person(), cls)
    db.session.commit()
    bad = [one for one in results if one.refusal is not None]
    flash(
        _(
            "%(step)s: %(done)s done, %(not_)s not.",
            step=step.label,
            done=len(results) - len(bad),
            not_=len(bad),
        )
    )
    return (
        view.render("bulk_result.html", cls=cls, step=step, bad=bad, done=len(results) - len(bad), back=back)
        if bad
        else redirect(back)
    )


def _ask(view: Any, step: Any, keys: list[int], entry: Entry) -> Any:
    """What the step asks for, once for all that are selected."""
    address = given.boxes().address("address").encoded().removeprefix("?")
    return view.render(
        "bulk_step.html",
        cls=view.cls,
        step=step,
        keys=keys,
        entry=entry,
        fields=entry.fields,
        address=address,
    )


def _export(view: Any, keys: list[int], back: str) -> Any:
    """The selected records as a workbook; all that the address matches by the address itself."""
    view.need("export")
    chosen = (
        "".join(back.partition("?")[1:])
        if given.boxes().text("all") == "1"
        else f"?id={','.join(map(str, keys))}"
    )
    return redirect(f"/admin/{view.cls.name}/export/xlsx/{chosen}")


def _print(view: Any, keys: list[int], back: str) -> Any:
    """The selected records' sheets, one after the other."""
    view.need("print")
    if len(keys) > SHEETS:
        flash(_("At most %(n)s sheets are printed at a time; please select fewer.", n=SHEETS))
        return redirect(back)
    return redirect(f"/admin/{view.cls.name}/print/?id={','.join(map(str, keys))}")


def _keys(cls: Any) -> tuple[list[int], bool]:
    """The selected records' ids, no more than fit one request, and whether there are more."""
    sent = given.boxes()
    if sent.text("all") == "1":
        question = listing.asked(cls, sent.address("address"))
        wanted = (
            select(cls.id)
            .where(List(cls, person(), question).where())
            .order_by(cls.id.desc())
            .limit(AT_MOST + 1)
        )
        keys = list(db.session.execute(wanted).scalars())
    else:
        keys = sent.numbers("rowid")
    return keys[:AT_MOST], len(keys) > AT_MOST
