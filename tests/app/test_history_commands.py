"""``history verify`` and ``history rotate`` on an installation of its own: what they say, as sentences and as
JSON, and with what they end.
"""

import json
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from office import Estate, furnish
from sqlalchemy import text

from app.ground.database import db, writing
from app.keep import history_keys, history_marks
from app.people import rights
from wsgi import create_app


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Flask]:
    """An installation with its database, key and marks in DATA_DIR, furnished, with one order."""
    rights.forget()
    app = create_app({"DATA_DIR": str(tmp_path), "SECRET_KEY": "k" * 40})
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
    with app.app_context():
        with writing():
            furnish()
            db.session.commit()
        Estate(app).look().order()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()
    rights.forget()


def verified(app: Flask, *more: str) -> tuple[int, Any]:
    """How ``history verify --json`` ends, and what it says."""
    ran = app.test_cli_runner().invoke(args=["history", "verify", "--json", *more])
    return ran.exit_code, json.loads(ran.stdout)


def change(app: Flask, statement: str) -> None:
    """Change the database behind the application's back."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_what_verify_says(installed: Flask, tmp_path: Path) -> None:
    code, said = verified(installed)
    assert (code, said["whole"], said["faults"]) == (0, True, [])
    assert (said["records"]["work_order"], said["records"]["user"]) == (1, 13)
    run = installed.test_cli_runner()
    assert "历史记录" in run.invoke(args=["history", "verify"]).output
    change(installed, "UPDATE work_order SET description = '不漏了'")
    code, said = verified(installed)
    (fault,) = said["faults"]
    assert (code, said["whole"], fault["form"], fault["id"], fault["line"]) == (1, False, "work_order", 1, 0)
    assert fault["record"].startswith("PG-")
    assert verified(installed, "complaint")[0] == 0
    told = run.invoke(args=["history", "verify", "work_order"])
    assert (told.exit_code, fault["record"] in told.output) == (1, True)


def test_the_key_is_the_owner_s_alone_and_is_renewed(installed: Flask, tmp_path: Path) -> None:
    place = tmp_path / "history_key"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    (first,) = place.read_text().split()
    assert installed.test_cli_runner().invoke(args=["history", "rotate"]).exit_code == 0
    new, old = place.read_text().split()
    assert old == first
    assert len(new) >= 32
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert verified(installed) == (0, verified(installed)[1])
    with installed.app_context():
        Estate(installed).look().order()
        named = [
            row[0]
            for row in db.session.execute(
                text("SELECT key_id FROM history WHERE form = 'work_order' ORDER BY id")
            )
        ]
        db.session.remove()
    assert named[0] != named[1], "the running process took the new key up"
    assert verified(installed)[0] == 0
    change(installed, "DELETE FROM history_seal WHERE form = 'work_order'")
    code, said = verified(installed)
    assert (code, [fault["form"] for fault in said["faults"]]) == (1, ["work_order"])


def test_a_key_of_the_environment_is_renewed_there(installed: Flask, tmp_path: Path) -> None:
    kept = (tmp_path / "history_key").read_text().strip()
    given = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "k" * 40, "HISTORY_KEY": f"{'n' * 40}, {kept}"}
    app = create_app(given)
    code, said = verified(app)
    assert (code, len(said["faults"])) == (1, 1)
    assert "history rotate" in said["faults"][0]["message"]
    assert app.test_cli_runner().invoke(args=["history", "rotate"]).exit_code == 0
    assert verified(app)[0] == 0
    without = create_app({**given, "HISTORY_KEY": "m" * 40})
    assert verified(without)[0] == 1
    refused = without.test_cli_runner().invoke(args=["serve", "--port", "1"])
    assert (refused.exit_code, "HISTORY_KEY" in refused.output) == (1, True), refused.output


def test_a_renewed_key_is_seen_where_the_folder_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder shared over the network says of a file what it said a minute ago, until the file is opened."""
    place = tmp_path / "history_key"
    place.write_text("a" * 40)
    said, remembered = os.stat(place), os.stat
    monkeypatch.setattr(os, "stat", lambda path, **more: said if path == place else remembered(path, **more))
    monkeypatch.setattr(history_keys, "GLANCE", 0)
    here, there = history_keys.Keys(place=place), history_keys.Keys(place=place)
    assert here.current == there.current
    here.renew()
    assert there.current.secret != b"a" * 40
    assert there.get(history_keys.key_of("a" * 40).id) is not None


def test_a_database_made_anew_begins_marks_of_its_own(installed: Flask, tmp_path: Path) -> None:
    """The trial's was removed, its folder kept: nothing of the new one is missed, and the old marks are kept
    beside.
    """
    assert (tmp_path / "history" / "work_order").is_file()
    with installed.app_context():
        db.engine.dispose()
    for file in tmp_path.glob("guanjia.db*"):
        file.unlink()
    assert installed.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
    rights.forget()
    with installed.app_context():
        with writing():
            furnish()
            db.session.commit()
        db.session.remove()
    assert verified(installed) == (0, verified(installed)[1])
    assert len(list(tmp_path.glob("history-*/work_order"))) == 1


def test_rotate_begins_the_marks_of_a_form_without_records_anew(installed: Flask, tmp_path: Path) -> None:
    (tmp_path / "history" / "complaint").write_bytes(b"\1\0\0\0" * 3)
    assert verified(installed)[0] == 1
    assert installed.test_cli_runner().invoke(args=["history", "rotate"]).exit_code == 0
    assert verified(installed)[0] == 0


def test_of_two_who_raise_a_mark_at_once_the_higher_stays(
    installed: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, entered, leave = os.pread, threading.Event(), threading.Event()

    def held(*about: int) -> bytes:
        said = read(*about)
        if not entered.is_set():
            entered.set()
            leave.wait(5)
        return said

    def put(version: int) -> None:
        with installed.app_context():
            history_marks.put("complaint", 1, [version])

    monkeypatch.setattr(os, "pread", held)
    first, second = threading.Thread(target=put, args=(5,)), threading.Thread(target=put, args=(9,))
    first.start()
    assert entered.wait(5)
    second.start()
    second.join(0.5)
    leave.set()
    first.join(5)
    second.join(5)
    with installed.app_context():
        assert history_marks.read("complaint")[1] == 9  # type: ignore[index]
