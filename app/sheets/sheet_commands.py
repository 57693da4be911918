"""``flask export`` and ``flask import``."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask

from app.declare.person import Person
from app.declare.record import registry
from app.ground import statistics
from app.ground.database import db, writing
from app.ground.language import gettext as _
from app.lists.listing import Asked, List
from app.people import access
from app.people.refusal import Refusal
from app.people.rights import everybody, person_of
from app.sheets import sheets
from app.sheets.assigning import Way
from app.sheets.bringing_in import bring_in, columns_for
from app.sheets.layouts import remembered
from app.sheets.sheet_import import Outcome, importers, ticks_of
from app.workbook.sheet_reader import open_workbook
from app.workbook.sheet_refused import SheetRefused
from app.workbook.sheet_writer import write_workbook


def _for(cls: Any, operation: str, username: str | None) -> Person:
    """The named person, or the first who may do it: in the whole office rather than in an area."""
    if username is not None:
        who = person_of(username)
        if who is None:
            raise click.ClickException(_("There is no user %(name)s.", name=username))
        return who
    able = [person for person in everybody() if access.may(person, cls, operation)]
    if not able:
        raise click.ClickException(_("Nobody may do this yet; make a user with: flask --app wsgi user add"))
    return min(able, key=lambda user: 0 if access.reach(user, cls.access.by(operation)).areas is None else 1)


def _cls(form: str) -> Any:
    if form not in registry:
        raise click.ClickException(_("There is no form %(name)s; forms lists them.", name=form))
    return registry[form]


@click.command("export")
@click.argument("form")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--user", "username", help="Whose eyes: scope and masks are this user's.")
def export(form: str, out: Path, username: str | None) -> None:
    """Write a form's records to a workbook."""
    cls = _cls(form)
    person = _for(cls, "export", username)
    if access.may(person, cls, "export") is None:
        raise click.ClickException(
            str(Refusal("duty", _("Exporting this isn't among your duties."), cls.access.by("export")))
        )
    listed = List(cls, person, Asked(), "export")
    plan = sheets.plan_of(cls, person)
    columns = sheets.sheet_columns(plan)
    with out.open("wb") as file:
        count = write_workbook(
            file,
            name=str(cls.title),
            columns=columns,
            rows=listed.stored(plan),
            cover=sheets.cover_of(listed, person, plan),
            extra=sheets.line_sheets(listed, plan.full),
        )
    click.echo(_("%(n)s rows in %(file)s.", n=f"{count:,}", file=out))


@click.command("import")
@click.argument("form")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be; write nothing.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--user", "username", help="Who brings it in.")
def import_(form: str, file: Path, dry_run: bool, as_json: bool, username: str | None, **ticks: bool) -> None:
    """Bring a sheet in, all or nothing; exits 1, with nothing written, where there are problems."""
    cls = _cls(form)
    with writing():
        try:
            person = _for(cls, "import_", username)
            outcome = bring_in(
                form,
                open_workbook(file),
                person,
                Way(dry_run, assigned=remembered(form, person, columns_for(form))),
                **{name: ticks[name] for name in ticks_of(form)},
            )
        except (SheetRefused, Refusal, ValueError) as refused:
            message = {"sheet": "", "row": 0, "column": "", "message": str(refused)}
            click.echo(
                json.dumps(
                    {"created": 0, "changed": 0, "unchanged": 0, "problems": [message], "notices": []},
                    ensure_ascii=False,
                )
                if as_json
                else str(refused)
            )
            sys.exit(1)
        if outcome.written:
            db.session.commit()
            statistics.statistics()
        else:
            db.session.rollback()
    if as_json:
        click.echo(json.dumps(outcome.as_json(), ensure_ascii=False, indent=1, default=str))
    else:
        _tell(outcome)
    sys.exit(1 if outcome.problems or outcome.unknown else 0)


def _tell(outcome: Outcome) -> None:
    for finding in (*outcome.unknown, *outcome.problems, *outcome.notices):
        click.echo(f"{finding.sheet}!{finding.column}{finding.row}: {finding.message}")
    click.echo(outcome.counted)
    click.echo(_("Written.") if outcome.written else _("Nothing was written."))


def init(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(export)
    app.cli.add_command(_with_ticks(import_))


def _with_ticks(command: click.Command) -> click.Command:
    """The command with what forms let one tick beside a sheet, each an option."""
    said = {name: label for form in importers for name, label in ticks_of(form).items()}
    ticks = [
        click.Option([f"--{name.replace('_', '-')}"], is_flag=True, help=f"{label.english}.")
        for name, label in said.items()
    ]
    return click.Command(
        command.name, callback=command.callback, params=[*command.params, *ticks], help=command.help
    )
