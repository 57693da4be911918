"""``flask history verify|rotate``."""

import json
import sys
import time

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select, text

from app.declare.record import registry
from app.ground.database import db, is_sqlite, writing
from app.ground.language import gettext as _
from app.keep import history_keys, history_seals
from app.keep.history import Line
from app.keep.history_verify import verify as faults_of

history = AppGroup("history", help="The history: chained, keyed, verified.")


def check() -> None:
    """Raise a sentence where the database's history is under a key that isn't here: what was written now,
    nobody could verify.
    """
    last = db.session.execute(select(Line.key_id).order_by(Line.id.desc()).limit(1)).scalar()
    db.session.rollback()
    if last and history_keys.keys().get(last) is None:
        raise click.ClickException(
            _(
                "The history is under the key %(key)s, which is neither in HISTORY_KEY nor in"
                " DATA_DIR/history_key.",
                key=last,
            )
        )


@history.command("verify")
@click.argument("form", required=False)
@click.option("--no-files", is_flag=True, help="Don't read the stored files; their rows are still compared.")
@click.option("--json", "as_json", is_flag=True)
def verify(form: str | None, no_files: bool, as_json: bool) -> None:
    """Compare every record, line and file with what the history says of it; exits 1 where one is off."""
    if form is not None and form not in registry:
        raise click.ClickException(_("There is no form %(name)s; forms lists them.", name=form))
    classes = [cls for cls in registry.of_each_table() if form in (None, cls.name)]
    counted: dict[str, int] = {}

    def told(name: str, count: int) -> None:
        counted[name] = count
        if count and not as_json:
            click.echo(_("%(form)s: %(n)s records …", form=name, n=f"{count:,}"), err=True)

    faults = []
    for fault in faults_of(classes, None if no_files else current_app.config["SETTINGS"].attachments, told):
        faults.append(
            {
                "form": fault.form,
                "record": fault.record,
                "id": fault.record_id,
                "line": fault.line,
                "message": str(fault),
            }
        )
        if not as_json:
            click.echo(fault)
    if as_json:
        click.echo(
            json.dumps(
                {"whole": not faults, "records": counted, "faults": faults}, ensure_ascii=False, indent=1
            )
        )
    else:
        click.echo(_("%(n)s faults found.", n=len(faults)) if faults else _("The history is whole."))
    sys.exit(1 if faults else 0)


@history.command("rotate")
def rotate() -> None:
    """Take a new key into use, and seal all that was chained before; the old keys are kept for reading it.

    Keys that come from HISTORY_KEY are renewed there: put the new one before the old with a comma, start
    every server anew, then run this.
    """
    keys = history_keys.keys()
    if keys.place is not None:
        keys.renew()
        time.sleep(2 * history_keys.GLANCE)  # until every process has looked at the file again
    with writing():
        db.session.rollback()
        connection = db.session.connection()
        if not is_sqlite():
            connection.execute(text("LOCK TABLE history IN SHARE ROW EXCLUSIVE MODE"))
        count = history_seals.seal(
            connection, {cls.name: cls.__table__.name for cls in registry.of_each_table()}, keys.current
        )
        db.session.commit()
    click.echo(_("%(n)s records are sealed under the key %(key)s.", n=f"{count:,}", key=keys.current.id))
