"""``flask ledger remake``: a ledger's lines are brought to what its events come to."""

import sys
from typing import Any

import click
from flask.cli import AppGroup

from app.act import ledgers
from app.declare.ledger import Ledger
from app.declare.record import registry
from app.ground.database import db, writing
from app.ground.language import gettext as _

ledger = AppGroup("ledger", help="Ledgers kept by events.")


@ledger.command("remake")
@click.argument("name")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 where a line isn't what its events say.")
def remake(name: str, check: bool) -> None:
    """Work out every line of a ledger anew from its events, and tell what differed; numbers are kept."""
    cls: Any = registry.get(name)
    kept = sorted(other.name for other in registry.values() if issubclass(other, Ledger))
    if cls is None or cls.name not in kept:
        raise click.ClickException(
            _("There is no ledger %(name)s; there are: %(names)s.", name=name, names=", ".join(kept))
        )
    count = 0
    with writing():
        for difference in ledgers.remade(cls):
            count += 1
            click.echo(
                f"{difference.line} {difference.box}: {difference.kept!r} -> {difference.anew!r}", err=True
            )
        if check:
            db.session.rollback()
        else:
            db.session.commit()
    click.echo(_("%(n)s boxes differed.", n=count) if count else _("Every line is what its events say."))
    sys.exit(1 if check and count else 0)
