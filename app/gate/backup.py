"""``flask backup``: the office in one file, while people save: the database as of one moment, then what it
refers to, verified after.

The marks of the history come first and the files last: marks are never ahead of the database, and what a
record refers to is always there.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection, create_engine, func, inspect, select, table, text

from app.declare.record import registry
from app.ground import clock, database, on_disk, settings
from app.ground.database import db, is_sqlite
from app.ground.language import gettext as _
from app.keep import history_keys, history_marks, history_verify

KEPT = ("secret_key", "history_key", "folder")  # beside attachments and marks, what of DATA_DIR goes along
MANIFEST, SQLITE, DUMP = "manifest.json", "database.sqlite", "database.dump"
FORMAT, CHUNK = 1, 1 << 20


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@with_appcontext
def backup(target: Path) -> None:
    """Write the database, attachments and kept keys to one file (TARGET, or a new one in the folder TARGET),
    and verify it.
    """
    target = target.absolute()
    if target.is_dir():
        target /= f"guanjia-{stamp()}.tar"
    if target.exists():
        raise click.ClickException(_("%(file)s is there already.", file=target))
    if not target.parent.is_dir():
        raise click.ClickException(_("There is no folder %(folder)s.", folder=target.parent))
    with TemporaryDirectory(prefix=".guanjia-", dir=target.parent) as folder:
        draft = Path(folder) / "backup.tar"
        manifest = write(draft, Path(folder))
        check(draft, manifest)
        os.chmod(draft, 0o600)
        on_disk.whole(draft)
        os.rename(draft, target)
        on_disk.names(target.parent)
    click.echo(
        _(
            "%(records)s records and %(files)s files in %(file)s, verified.",
            records=how_many(manifest),
            files=len(manifest["files"]),
            file=target,
        )
    )
    if manifest["faults"]:
        said = [_("It is kept, but the history of what was backed up isn't whole:"), *manifest["faults"][:20]]
        raise click.ClickException("\n".join(said))
    for name in manifest["from_environment"]:
        click.echo(_("%(name)s comes from the environment and isn't in it: keep it elsewhere.", name=name))


def how_many(manifest: Mapping[str, Any]) -> str:
    """The records in a backup, as a sentence says it."""
    return f"{sum(manifest['rows'].get(cls.__table__.name, 0) for cls in registry.of_each_table()):,}"


def write(draft: Path, folder: Path) -> dict[str, Any]:
    """Write the file; its manifest, which stands at its end."""
    chosen = current_app.config["SETTINGS"]
    data: Path = chosen.data_dir
    marks = folder / "history"
    if (data / "history").is_dir():
        shutil.copytree(data / "history", marks)
    manifest: dict[str, Any] = {"format": FORMAT, "made_at": clock.now().isoformat(), "keys": [], "files": {}}
    manifest["from_environment"] = [
        name for name in ("SECRET_KEY", "HISTORY_KEY") if not (data / name.lower()).is_file()
    ]
    copy = folder / (SQLITE if is_sqlite() else DUMP)
    manifest |= copied_sqlite(copy) if is_sqlite() else dumped_postgres(copy)
    manifest["keys"] = [key.id for key in history_keys.keys().all()]
    url = f"sqlite:///{copy}" if is_sqlite() else db.engine.url.render_as_string(hide_password=False)
    manifest["faults"] = verified(
        url, data / "attachments", history_keys.keys(), marks if marks.is_dir() else None
    )
    with tarfile.open(draft, "w") as tar:
        for name, path in ((copy.name, copy), *_files(data, marks)):
            manifest["files"][name] = _add(tar, name, path)
        said = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(said), 0o600
        tar.addfile(entry, io.BytesIO(said))
    return manifest


def _files(data: Path, marks: Path) -> Iterator[tuple[str, Path]]:
    yield from ((f"data/{name}", data / name) for name in KEPT if (data / name).is_file())
    yield from ((f"data/history/{path.name}", path) for path in sorted(marks.glob("[!.]*")))
    for path in sorted((data / "attachments").glob("??/*")):
        if re.fullmatch("[0-9a-f]{64}(-small)?", path.name):
            yield f"data/attachments/{path.parent.name}/{path.name}", path


def _add(tar: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    """Put a file in; its size and hash."""
    entry = tarfile.TarInfo(name)
    with path.open("rb") as file:
        entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        tar.addfile(entry, file)
    return {"size": entry.size, "sha256": sha256}


def copied_sqlite(copy: Path) -> dict[str, Any]:
    """Copy a SQLite database as of one moment; nobody waits, and however much is saved meanwhile it comes to
    its end.
    """
    with db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("VACUUM INTO ?", (str(copy),))
    engine = create_engine(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            if (said := connection.exec_driver_sql("PRAGMA integrity_check").scalar()) != "ok":
                raise click.ClickException(_("The copy of the database isn't whole: %(said)s", said=said))
            return {"database": "sqlite", "server": 0, **_about(connection)}
    finally:
        engine.dispose()


def dumped_postgres(copy: Path) -> dict[str, Any]:
    """Dump a PostgreSQL database as of one moment, which the counts are of too."""
    with history_verify.snapshot() as connection:
        server = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
        if (ours := major("pg_dump")) < server:
            raise click.ClickException(
                _(
                    "pg_dump is of version %(ours)s, the database of %(server)s; install that version's"
                    " client.",
                    ours=ours,
                    server=server,
                )
            )
        moment = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={moment}",
            "--file",
            str(copy),
        )
        run("pg_restore", "--file", os.devnull, str(copy), to_database=False)  # reads it from end to end
        return {"database": "postgresql", "server": server, **_about(connection)}


def _about(connection: Connection) -> dict[str, Any]:
    """The version of a database, and how many rows each table has."""
    tables = [
        name for name in inspect(connection).get_table_names() if not name.startswith(("search", "sqlite_"))
    ]
    rows = {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in tables
    }
    version = (
        connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if "alembic_version" in tables
        else None
    )
    return {"version": version, "rows": rows}


def major(program: str) -> int:
    """The major version of one of PostgreSQL's programs."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        raise click.ClickException(
            _("%(program)s isn't there; install PostgreSQL's client.", program=program)
        ) from None
    match = re.search(r"\) (\d+)", said)
    return int(match[1]) if match else 0


def run(program: str, *words: str, to_database: bool = True) -> None:
    """Run one of PostgreSQL's programs on the database at hand; its password isn't among the words, which
    others may see.
    """
    from psycopg import pq
    from psycopg.conninfo import make_conninfo

    names = {
        default.keyword.decode() for default in pq.Conninfo.get_defaults()
    }  # the engine's own options are left out
    known = {
        name: value
        for name, value in db.engine.dialect.create_connect_args(db.engine.url)[1].items()
        if name in names
    }
    about = {**os.environ, "PGPASSWORD": str(known.pop("password", os.environ.get("PGPASSWORD", "")))}
    where = ["--dbname", make_conninfo(**{"options": "-c lock_timeout=600s", **known})] if to_database else []
    done = subprocess.run([program, *where, *words], capture_output=True, text=True, env=about, check=False)  # noqa: S603
    if done.returncode:
        raise click.ClickException(
            _("%(program)s ended with: %(said)s", program=program, said=done.stderr.strip()[-2000:])
        )


def check(draft: Path, manifest: Mapping[str, Any]) -> None:
    """Read a backup from end to end and hold each file against the manifest."""
    wanted = dict(manifest["files"])
    for name, chunks in members(draft):
        if name == MANIFEST:
            continue
        about, digest, size = wanted.pop(name, None), hashlib.sha256(), 0
        for chunk in chunks():
            digest.update(chunk)
            size += len(chunk)
        if about is None or about["sha256"] != digest.hexdigest() or about["size"] != size:
            raise click.ClickException(_("%(name)s in the backup isn't what its list says.", name=name))
    if wanted:
        raise click.ClickException(_("%(name)s is missing from the backup.", name=next(iter(wanted))))


def members(file: Path) -> Iterator[tuple[str, Callable[[], Iterator[bytes]]]]:
    """The files in a backup, one after the other: name and what gives the bytes. Raises a sentence where it
    is no backup.
    """
    try:
        with tarfile.open(file, "r:") as tar:
            for entry in tar:
                inside: Any = tar.extractfile(entry) if entry.isreg() else None
                if (
                    inside is None
                    or not re.fullmatch(r"[a-z0-9_.-]+(/[a-z0-9_-]+)*", entry.name)
                    or ".." in entry.name
                ):
                    raise click.ClickException(_("%(file)s isn't a backup of this program.", file=file))
                yield entry.name, partial(_chunks, inside)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise click.ClickException(_("%(file)s can't be read: %(error)s", file=file, error=error)) from None


def _chunks(file: Any) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


@contextmanager
def elsewhere(url: str, keys: history_keys.Keys, marks: Path | None) -> Iterator[None]:
    """The engine on another database, with other keys and marks."""
    app = Flask("elsewhere")
    settings.init(app, replace(current_app.config["SETTINGS"], database_url=url))
    history_keys.init(app, keys)
    if marks is not None:
        history_marks.init(app, marks)
    migrations = current_app.extensions.get("migrate")
    database.init(app, url, migrations.directory if migrations else "")
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def verified(url: str, files: Path | None, keys: history_keys.Keys, marks: Path | None) -> list[str]:
    """What isn't as the history of a database says."""
    with elsewhere(url, keys, marks):
        return [str(fault) for fault in history_verify.verify(registry.of_each_table(), files)]


def stamp() -> str:
    """A moment as part of a name."""
    return f"{clock.local(clock.now()):%Y%m%d-%H%M%S}"
