"""``flask tick``: what is due is done, by the clock or at a moment that is said."""

import contextlib
import sys
from datetime import datetime

import click

from app.act import acts
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.ground.language import gettext as _
from app.keep import due_acts


def _moment(context: click.Context, option: click.Parameter, typed: str | None) -> datetime | None:
    """A moment of the office's clock, unless it says its own zone."""
    if not typed:
        return None
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise click.BadParameter(_("A moment is written as 2026-11-30T18:00.")) from None
    return moment if moment.tzinfo else clock.from_local(moment)


@click.command("tick")
@click.option("--at", callback=_moment, help="Do what is due by this moment, as if it were now.")
@click.option("--anew", is_flag=True, help="Work out anew first when each record is due.")
def tick(at: datetime | None, anew: bool) -> None:
    """Do by itself what is due; what went wrong is listed, and exits 1."""
    with clock.set_to(at) if at else contextlib.nullcontext():
        if anew:
            acts.acts_anew()
        done = acts.tick().done
    for (form, name), count in sorted(done.items()):
        cls = registry[form]
        click.echo(f"{cls.title} · {getattr(cls, 'acts', {})[name].label}: {count}")
    if not done:
        click.echo(_("Nothing was due."))
    wrong = due_acts.faults()
    for row in wrong:
        cls = registry[row.form]
        number = getattr(db.session.get(cls, row.record_id), "number", row.record_id)
        label = getattr(cls, "acts", {})[row.rule].label
        said = _("went wrong, tries: %(n)s", n=row.tries)
        click.echo(f"{cls.title} {number} · {label}: {said}. {row.fault}", err=True)
    if wrong:
        sys.exit(1)
