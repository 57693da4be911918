"""``flask restore``: a backup put where this installation's settings point; all of it or nothing, and nothing
is overwritten unasked.
"""

import json
import os
import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect, text

from app.gate.backup import (
    DUMP,
    FORMAT,
    KEPT,
    MANIFEST,
    SQLITE,
    check,
    elsewhere,
    how_many,
    major,
    members,
    run,
    stamp,
    verified,
)
from app.ground import told_plainly
from app.ground.database import db, is_sqlite
from app.ground.language import gettext as _
from app.keep import history_keys


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--force",
    is_flag=True,
    help="Overwrite what is there; what files were there is kept in DATA_DIR/replaced-….",
)
@with_appcontext
def restore(file: Path, force: bool) -> None:
    """Put a backup's database, attachments and keys where the settings point. Stop every server first."""
    data: Path = current_app.config["SETTINGS"].data_dir
    manifest = manifest_of(file)
    fits(manifest)
    if not force and (there := what_is_there(data)):
        raise click.ClickException(
            _("There is something already: %(what)s. --force overwrites it.", what=there)
        )
    with TemporaryDirectory(prefix=".restoring-", dir=data) as folder:
        staged = Path(folder)
        unpack(file, staged)
        keys = keys_of(staged, manifest)
        if is_sqlite():
            brought_up(f"sqlite:///{staged / SQLITE}", staged / "data", keys, manifest)
        with ExitStack() as undo:
            swap(data, staged, undo)
            if not is_sqlite():
                run(
                    "pg_restore",
                    "--clean",
                    "--if-exists",
                    "--no-owner",
                    "--no-privileges",
                    "--single-transaction",
                    "--exit-on-error",
                    str(staged / DUMP),
                )
            undo.pop_all()
    if not is_sqlite():
        url = db.engine.url.render_as_string(hide_password=False)
        db.engine.dispose()
        brought_up(url, data, keys, manifest)
    click.echo(
        _(
            "%(records)s records and %(files)s files of %(at)s are back, verified.",
            records=how_many(manifest),
            files=len(manifest["files"]),
            at=manifest["made_at"],
        )
    )


def brought_up(url: str, data: Path, keys: history_keys.Keys, manifest: dict[str, Any]) -> None:
    """What an older version backed up becomes what this one knows, and then is verified, with the files and
    marks beside it.
    """
    from flask_migrate import upgrade

    if manifest["version"] is not None:
        with elsewhere(url, keys, data / "history"):
            upgrade()
    whole(verified(url, data / "attachments", keys, _there(data / "history")), manifest)


def _there(folder: Path) -> Path | None:
    return folder if folder.is_dir() else None


def manifest_of(file: Path) -> dict[str, Any]:
    """A backup's manifest, once every file in it was held against it."""
    manifest: dict[str, Any] = {}
    for name, chunks in members(file):
        if name == MANIFEST:
            try:
                manifest = json.loads(b"".join(chunks()))
            except ValueError:
                break
    if manifest.get("format") != FORMAT:
        raise click.ClickException(_("%(file)s isn't a backup of this program.", file=file))
    check(file, manifest)
    return manifest


def fits(manifest: dict[str, Any]) -> None:
    """Raise a sentence where a backup can't go into the database that the settings name."""
    ours = "sqlite" if is_sqlite() else "postgresql"
    if manifest["database"] != ours:
        raise click.ClickException(
            _(
                "It is of a %(theirs)s database; DATABASE_URL names a %(ours)s one.",
                theirs=manifest["database"],
                ours=ours,
            )
        )
    told_plainly.see_that_it_is_known(manifest["version"])
    if ours == "sqlite":
        return
    with db.engine.connect() as connection:
        server = connection.dialect.server_version_info[0]  # type: ignore[index]
    if min(server, major("pg_restore")) < manifest["server"]:
        raise click.ClickException(
            _(
                "It is of PostgreSQL %(theirs)s; neither the server nor pg_restore may be older (%(server)s,"
                " %(ours)s).",
                theirs=manifest["server"],
                server=server,
                ours=major("pg_restore"),
            )
        )


def what_is_there(data: Path) -> str:
    """What a restore would overwrite; empty for a fresh installation, which has nothing but keys just
    made.
    """
    where = db.engine.url.render_as_string()
    if not is_sqlite():
        with db.engine.connect() as connection:
            tables = inspect(connection).get_table_names()
        db.engine.dispose()
        return where if tables else _attachments(data)
    file = Path(str(db.engine.url.database))
    return str(file) if file.exists() and file.stat().st_size else _attachments(data)


def _attachments(data: Path) -> str:
    folder = data / "attachments"
    return str(folder) if folder.is_dir() and any(folder.iterdir()) else ""


def unpack(file: Path, staged: Path) -> None:
    """Lay a backup's files out in a folder."""
    for name, chunks in members(file):
        place = staged / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for chunk in chunks():
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())


def keys_of(staged: Path, manifest: dict[str, Any]) -> history_keys.Keys:
    """The history's keys as they will be: of the environment where they come from there, else the
    backup's.
    """
    chosen, kept = current_app.config["SETTINGS"], staged / "data" / "history_key"
    keys = history_keys.Keys(place=kept) if not chosen.history_key and kept.is_file() else history_keys.keys()
    if missing := sorted(set(manifest["keys"]) - {key.id for key in keys.all()}):
        raise click.ClickException(
            _(
                "The history's key %(key)s isn't here: set HISTORY_KEY to what it was where the backup was"
                " made.",
                key=missing[0],
            )
        )
    return history_keys.Keys([key.secret.decode() for key in keys.all()])


def whole(faults: list[str], manifest: dict[str, Any]) -> None:
    """Raise what isn't as the history says, and was when the backup was made."""
    if new_faults := [fault for fault in faults if fault not in manifest["faults"]]:
        raise click.ClickException("\n".join([_("The backup's history isn't whole:"), *new_faults[:20]]))


def swap(data: Path, staged: Path, undo: ExitStack) -> None:
    """Put the staged files in the place of what is there, which is kept; ``undo`` puts everything back."""
    replaced = data / f"replaced-{stamp()}"
    pairs = [(data / name, staged / "data" / name) for name in (*KEPT, "attachments", "history")]
    if is_sqlite():
        file = Path(str(db.engine.url.database))
        db.engine.dispose()
        nobody_at_it(file)
        pairs = [
            (file, staged / SQLITE),
            *((file.with_name(file.name + end), staged / "none") for end in ("-wal", "-shm")),
            *pairs,
        ]
    else:
        nobody_else_connected()
    for place, new in pairs:
        if place.name in KEPT and not new.exists():
            continue
        if place.exists():
            replaced.mkdir(mode=0o700, exist_ok=True)
            _move(place, replaced / place.name, undo)
        if new.exists():
            _move(new, place, undo)


def _move(path: Path, other: Path, undo: ExitStack) -> None:
    shutil.move(path, other)
    undo.callback(shutil.move, other, path)


def nobody_else_connected() -> None:
    """Raise a sentence where somebody else is connected to a PostgreSQL database: pg_restore would wait for
    them without end.
    """
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    with db.engine.connect() as connection:
        others = connection.execute(text(asked)).scalar_one()
    db.engine.dispose()
    if others:
        raise click.ClickException(
            _("Somebody is at %(file)s: stop the server first.", file=db.engine.url.render_as_string())
        )


def nobody_at_it(file: Path) -> None:
    """Raise a sentence where a process has a SQLite database open."""
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(file, timeout=1)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error):
            return  # it is no database any more: that is what backups are for
        mode = "wal"
    if mode == "wal":
        raise click.ClickException(_("Somebody is at %(file)s: stop the server first.", file=file))
