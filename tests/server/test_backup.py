"""Backup and restore on both databases: while people save, into an empty place, over what is there, and of
what isn't whole.
"""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest
from ground import OwnDatabase
from office import HISTORY_KEY, Estate
from sending import photo
from serving import ROOT, command
from sqlalchemy import create_engine, text

from app.declare.record import registry
from app.ground.database import db, writing
from app.keep import attachments, history, history_keys, history_marks, history_seals

Flask = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(office: Estate, tmp_path: Path) -> Iterator[Path]:
    """The DATA_DIR of the office at hand: its files and marks, the latter as they are."""
    place = tmp_path / "here"
    (place / "attachments").mkdir(parents=True)
    history_marks.init(office.app, place / "history")
    with office.writing():
        tables = {cls.name: cls.__table__.name for cls in registry.values() if cls.name != "area"}
        history_seals.seal(db.session.connection(), tables, history_keys.keys().current)
    yield place
    del office.app.extensions["history_marks"]


@pytest.fixture
def other(ground: Any, tmp_path: Path) -> Iterator[str]:
    """The address of another, empty database of the same kind."""
    if ground.url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other.db'}"
        return
    with closing(OwnDatabase()) as own:
        yield own.url


def flask(url: str, folder: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """A command on a database and a DATA_DIR."""
    given = {
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": "k" * 40,
        "HISTORY_KEY": HISTORY_KEY,
        "DEFAULT_LOCALE": "en",
        **more,
    }
    return command(words, {**os.environ, **given})


def with_a_photo(office: Estate, folder: Path) -> Any:
    """An order with a photo."""
    order = office.order()
    data = photo()
    sha256 = hashlib.sha256(data).hexdigest()
    place = folder / "attachments" / sha256[:2] / sha256
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    with office.writing():
        row = attachments.Attachment(
            form="work_order",
            record_id=order.id,
            sha256=sha256,
            name="水表.jpg",
            media_type="image/jpeg",
            size=len(data),
            kind="",
            user_id=1,
        )
        db.session.add(row)
        db.session.flush()
        history.write(order, office.person("specialist"), "attach", "P7", attachments.came(row))
    return order


def count(url: str, table: str) -> int:
    """How many rows a table has."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return int(rows)


def test_made_while_people_save_and_put_back_elsewhere(
    office: Estate, ground: Any, folder: Path, other: str, tmp_path: Path
) -> None:
    """All that was saved before it began is in it, its history is whole there, and the photo is what it
    was.
    """
    with_a_photo(office, folder)
    stop = threading.Event()

    def work() -> int:
        with office.app.app_context():
            desk, done = Estate(office.app).look(), 0
            while not stop.is_set():
                desk.edit(desk.order(), "specialist", description=f"改了 {done}")
                done += 1
            db.session.remove()
        return done

    db.session.remove()
    with ThreadPoolExecutor(2) as people:
        at_work = [people.submit(work) for _time in range(2)]
        try:
            before = count(ground.url, "work_order")
            made = flask(ground.url, folder, "backup", str(tmp_path / "office.tar"))
        finally:
            stop.set()
        assert all(worker.result() for worker in at_work)
    assert made.returncode == 0, made.stdout + made.stderr
    assert (tmp_path / "office.tar").stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob(".guanjia-*"))
    there = tmp_path / "there"
    put = flask(other, there, "restore", str(tmp_path / "office.tar"))
    assert put.returncode == 0, put.stdout + put.stderr
    assert count(other, "work_order") >= before
    verified = flask(other, there, "history", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert [path.read_bytes() for path in (there / "attachments").glob("??/*")] == [photo()]
    again = flask(other, there, "restore", str(tmp_path / "office.tar"))
    assert again.returncode == 1
    assert "--force" in again.stderr
    assert flask(other, there, "restore", "--force", str(tmp_path / "office.tar")).returncode == 0
    assert flask(other, there, "history", "verify").returncode == 0


def test_a_backup_that_was_changed_is_refused_and_nothing_is_touched(
    office: Estate, ground: Any, folder: Path, other: str, tmp_path: Path
) -> None:
    with_a_photo(office, folder)
    db.session.remove()
    made = flask(ground.url, folder, "backup", str(tmp_path))
    assert made.returncode == 0, made.stdout + made.stderr
    (file,) = tmp_path.glob("guanjia-*.tar")
    data = bytearray(file.read_bytes())
    at = data.index(photo())
    data[at + 300] ^= 1
    (tmp_path / "spoilt.tar").write_bytes(data)
    (tmp_path / "half.tar").write_bytes(file.read_bytes()[:-40_000])
    (tmp_path / "none.tar").write_bytes(b"no tar at all")
    there = tmp_path / "there"
    for name in ("spoilt.tar", "half.tar", "none.tar"):
        refused = flask(other, there, "restore", str(tmp_path / name))
        assert (refused.returncode, "Traceback" in refused.stderr) == (1, False), refused.stderr
    assert not (there / "attachments").exists()
    refused = flask(other, there, "restore", str(file), HISTORY_KEY="n" * 40)
    assert (refused.returncode, "HISTORY_KEY" in refused.stderr) == (1, True), refused.stderr
    with tarfile.open(file) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
    assert manifest["rows"]["work_order"] == 1
    assert flask(other, there, "restore", str(file)).returncode == 0


def test_what_breaks_off_leaves_what_was_there(
    office: Estate, ground: Any, folder: Path, tmp_path: Path
) -> None:
    """Put over the office itself while somebody holds its database: not a row, not a file is other than
    before.
    """
    order = with_a_photo(office, folder)
    key = order.id
    db.session.remove()
    assert flask(ground.url, folder, "backup", str(tmp_path / "office.tar")).returncode == 0
    office.edit(db.session.get(registry["work_order"], key), "specialist", description="改了")
    with writing() if ground.url.startswith("postgresql") else nullcontext():
        held = db.session.connection()
    held.execute(text("SELECT 1 FROM work_order"))
    if not ground.url.startswith("sqlite"):
        held.execute(text("LOCK TABLE work_order IN ACCESS SHARE MODE"))
    refused = flask(ground.url, folder, "restore", "--force", str(tmp_path / "office.tar"))
    assert refused.returncode == 1, refused.stdout
    assert "Traceback" not in refused.stderr
    db.session.rollback()
    assert db.session.get(registry["work_order"], key).description == "改了"
    db.session.remove()
    assert flask(ground.url, folder, "history", "verify").returncode == 0
    assert len(list((folder / "attachments").glob("??/*"))) == 1


OLDER = """
import sys
from flask_migrate import downgrade, upgrade
from office import furnish
from app.gate import backup
from app.ground import told_plainly
from app.ground.database import db, writing
from wsgi import create_app
app = create_app()
with app.app_context():
    upgrade()
    with writing():
        furnish()
        db.session.commit()
    db.session.remove()
    downgrade(revision="8d1f0a6c2b47")
    db.session.remove()
    db.engine.dispose()
# as the older program, which knew its tables
backup.verified, told_plainly.see_that_it_is_ready = lambda *about: [], lambda: None
done = app.test_cli_runner().invoke(args=["backup", sys.argv[1]])
print(done.output)
sys.exit(done.exit_code)
"""


def test_a_backup_of_an_older_version_is_brought_up_and_put_back(
    ground: Any, other: str, tmp_path: Path
) -> None:
    there, file = tmp_path / "there", tmp_path / "older.tar"
    given = {
        "DATABASE_URL": other,
        "DATA_DIR": str(there),
        "SECRET_KEY": "k" * 40,
        "HISTORY_KEY": HISTORY_KEY,
    }
    about = {**os.environ, **given, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    made = subprocess.run(
        [sys.executable, "-c", OLDER, str(file)],
        cwd=ROOT,
        env=about,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    put = flask(other, there, "restore", "--force", str(file))
    assert put.returncode == 0, put.stdout + put.stderr
    assert count(other, "unit") > 0
    verified = flask(other, there, "history", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
