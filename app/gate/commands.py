"""Commands: ``flask --app wsgi …``."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app

from app.declare import duties, setting
from app.declare.record import Record, registry
from app.gate import (
    duties_table,
    history_commands,
    installation,
    ledger_commands,
    office_clock,
    setting_commands,
)
from app.gate.backup import backup
from app.gate.restore import restore
from app.gate.tick_command import tick
from app.gate.user_commands import user
from app.ground import settings, told_plainly
from app.ground.database import db, writing
from app.keep.capability import plugged
from app.sheets import sheet_commands

# glibc gives back what one large answer or a password's hash took, rather than keep it for the next
MEMORY = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "MALLOC_TRIM_THRESHOLD_": "1048576",
}


def described(cls: type[Record]) -> dict[str, Any]:
    """A form as ``forms --json`` lists it."""
    steps = getattr(cls, "steps", {}).values()
    return {
        "name": cls.name,
        "code": cls.code,
        "title": str(cls.title),
        "prefix": cls.prefix,
        "states": list(getattr(cls, "states", {})),
        "steps": [
            {
                "name": step.name,
                "from": list(step.source),
                "to": list(step.targets) or list(step.source),
                "clauses": [str(by) for by in step.by],
            }
            for step in steps
        ],
        "columns": [*cls.fields],
    }


def controlled() -> list[type[Record]]:
    """The registered forms that have a code."""
    return [cls for cls in registry.values() if cls.code]


def opened(code: str) -> list[str]:
    """What a clause opens: ``form:operation`` and ``form:step:name``."""
    opens = []
    for cls in registry.values():
        opens += [
            f"{cls.name}:{name.rstrip('_')}"
            for name, clauses in cls.access.opens.items()
            if code in {clause.code for clause in clauses}
        ]
        opens += [
            f"{cls.name}:link:{link.name}"
            for link in getattr(cls, "links", {}).values()
            if code in {str(by) for by in link.by}
        ]
        for step in getattr(cls, "steps", {}).values():
            if code in {str(by) for by in step.by}:
                opens.append(f"{cls.name}:step:{step.name}")
            elif (
                any(isinstance(by, duties.Holder) for by in step.by)
                and duties.handed_down.get(duties.clauses[code].role.name) is duties.clauses[code]
            ):
                opens.append(f"{cls.name}:step:{step.name}@assigned")
    mine = setting.of_forms(registry).values()
    return opens + [f"setting:{each.name}" for group in mine for each in group if code in map(str, each.by)]


@click.command("forms")
@click.option("--json", "as_json", is_flag=True)
def forms(as_json: bool) -> None:
    """List the registered forms."""
    listed = [described(cls) for cls in controlled()]
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        for form in listed:
            click.echo(f"{form['code']:10} {form['name']:16} {form['title']}")


@click.command("duties")
@click.option("--json", "as_json", is_flag=True)
@click.option("--write", "file", type=click.Path(dir_okay=False, path_type=Path), default=None)
def list_duties(as_json: bool, file: Path | None) -> None:
    """List every clause with what it opens, or why it can't; or write the table of who may do what."""
    if file is not None:
        file.write_text(duties_table.table(), encoding="utf-8")
        return
    listed = []
    for code, clause in duties.clauses.items():
        opens = opened(code)
        listed.append(
            {
                "clause": code,
                "role": clause.role.name,
                "text": str(clause.text),
                "opens": opens,
                "reason": "" if opens else str(clause.reason or ""),
            }
        )
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        for row in listed:
            click.echo(f"{row['clause']:4} {row['text']}: {', '.join(row['opens']) or row['reason']}")


@click.command("recount")
def recount() -> None:
    """Count anew all that is kept as a count."""
    with writing():
        for cls in registry.of_each_table():
            for kept in plugged:
                kept.counted_anew(cls)
        db.session.commit()


@click.command("serve")
@click.option("--host", default=None)
@click.option("--port", type=int, default=None)
@click.option("--threads", type=int, default=None)
@click.option("--workers", type=int, default=None)
def serve(**chosen: Any) -> None:
    """Serve with waitress, in several processes where the system has fork."""
    names = {"host": "HOST", "port": "PORT", "threads": "WEB_THREADS", "workers": "WORKERS"}
    given = {names[name]: str(value) for name, value in chosen.items() if value is not None}
    settings.load({**os.environ, **given})
    installation.check()
    history_commands.check()
    db.engine.dispose()
    folder = current_app.root_path
    path = os.pathsep.join(
        part for part in (folder, os.environ.get("PYTHONPATH", "")) if part
    )  # from whatever folder it is started
    about = {**MEMORY, **os.environ, **given, "PYTHONPATH": path}
    os.execve(sys.executable, [sys.executable, "-m", "wsgi"], about)  # noqa: S606 (what commands alone need isn't loaded again)


def init(app: Flask) -> None:
    """Register the commands."""
    told_plainly.init(app)
    for command in (forms, list_duties, recount, serve, backup, restore, tick, office_clock.clock):
        app.cli.add_command(command)
    app.cli.add_command(history_commands.history)
    app.cli.add_command(ledger_commands.ledger)
    app.cli.add_command(setting_commands.settings)
    app.cli.add_command(user)
    sheet_commands.init(app)
    installation.init(app)
