"""What goes wrong under a command is told in a sentence (with ``--json``, as JSON), and ends it with 1: one
door for all commands.
"""

import json
import sys
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo
from sqlalchemy import select, table, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app.ground.database import db
from app.ground.language import gettext as _

ANYWHERE = frozenset(
    {"db", "duties", "forms", "restore", "routes", "run", "shell"}
)  # these need no database, or none that is ready
MISSING = ("no such table", "no such column", "UndefinedTable", "UndefinedColumn", "InvalidSchemaName")


def init(app: Flask) -> None:
    """Every command that the application has, now or later, goes through this door."""
    plain_get = app.cli.get_command

    def get_command(ctx: click.Context, name: str) -> click.Command | None:
        command = plain_get(ctx, name)
        if command is not None and "invoke" not in vars(command):
            command.invoke = _plainly(command, name)  # type: ignore[method-assign]
        return command

    app.cli.get_command = get_command  # type: ignore[method-assign, assignment]


def _plainly(command: click.Command, name: str) -> Any:
    invoke = command.invoke

    def told(ctx: click.Context) -> Any:
        as_json = bool(ctx.params.get("as_json")) or "--json" in (*ctx._protected_args, *ctx.args)
        if not current_app:
            ctx.with_resource(ctx.ensure_object(ScriptInfo).load_app().app_context())
        try:
            if name not in ANYWHERE:
                see_that_it_is_ready()
            return invoke(ctx)
        except click.UsageError:
            raise
        except click.ClickException as error:
            sentence = error.format_message()
        except DBAPIError as error:
            sentence = sentence_of(error)
        if as_json:
            click.echo(json.dumps({"error": sentence}, ensure_ascii=False))
            sys.exit(1)
        raise click.ClickException(sentence)

    return told


def sentence_of(error: DBAPIError) -> str:
    """What a database's error comes to."""
    if _misses_tables(error):
        return _older()
    said = str(error.orig).strip().splitlines()
    where = db.engine.url.render_as_string()  # without its password
    if isinstance(error, OperationalError):
        return _(
            "The database %(where)s can't be reached or used: %(said)s",
            where=where,
            said=said[0] if said else _named(error),
        )
    return _("The database %(where)s refused: %(said)s", where=where, said=said[0] if said else _named(error))


def _named(error: DBAPIError) -> str:
    return f"{type(error.orig).__name__} {error.orig}"


def _misses_tables(error: DBAPIError) -> bool:
    return any(word in _named(error) for word in MISSING)


def _older() -> str:
    return _("The database is empty, or older than this version. First: flask --app wsgi db upgrade")


def see_that_it_is_ready() -> None:
    """Raise a sentence where the database isn't of this version. One without a version, made by the
    declarations, is as it is.
    """
    asked = text("SELECT version_num FROM alembic_version")
    try:
        with db.engine.connect() as connection:
            version = connection.execute(asked).scalar()
    except (OperationalError, ProgrammingError) as error:
        if not _misses_tables(error):
            raise
        with db.engine.connect() as connection:
            connection.execute(select(text("1")).select_from(table("series")).limit(1)).first()
        return
    if "migrate" not in current_app.extensions:
        return
    if version == _script().get_current_head():
        return
    see_that_it_is_known(version)
    raise click.ClickException(_older())


def _script() -> Any:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(current_app.extensions["migrate"].directory)


def see_that_it_is_known(version: str | None) -> None:
    """Raise a sentence where a database is of a version that no migration here has."""
    if version not in (None, *(revision.revision for revision in _script().walk_revisions())):
        raise click.ClickException(
            _(
                "The database is of a newer version than this one (%(version)s). Please run that version.",
                version=version,
            )
        )
