"""Machines on one database: one with another key or folder says so and doesn't start; two that share both
serve as one.
"""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desks import ORDERS
from office import PASSWORD, Estate
from PIL import Image
from sending import ORDER
from serving import Server, Visitor

Serve = Callable[..., Server]


def refused(folder: Path, ground: Any, **environ: str) -> str:
    """What a start on this database says that comes to nothing."""
    folder.mkdir(exist_ok=True)
    answer = Server(folder, ground.url, **environ).flask("serve")
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stderr
    return answer.stderr


def test_another_key_or_folder_stops_the_start(serve: Serve, ground: Any, tmp_path: Path) -> None:
    serve().end()
    said = refused(tmp_path, ground, SECRET_KEY="another key, of a machine that was set up apart")
    assert "SECRET_KEY" in said
    assert "DATA_DIR: " not in said
    assert "another key, of" not in said
    assert "installation accept" in said
    said = refused(tmp_path / "elsewhere", ground)
    assert "DATA_DIR" in said
    assert "SECRET_KEY: " not in said
    serve().end()


def test_a_change_on_purpose_is_accepted(serve: Serve, ground: Any, tmp_path: Path) -> None:
    serve().end()
    moved = Server(tmp_path, ground.url, SECRET_KEY="a new key since the old one was seen by others")
    assert moved.flask("serve").returncode == 1
    assert moved.flask("installation", "accept").returncode == 0
    moved.start().end()
    assert "SECRET_KEY" in refused(tmp_path, ground)


def test_a_folder_s_damaged_file_stops_the_start(serve: Serve, ground: Any, tmp_path: Path) -> None:
    """As after a power cut: an empty one is no folder's name, and says so as a sentence."""
    (tmp_path / "folder").write_text("")
    said = refused(tmp_path, ground)
    assert "DATA_DIR" in said
    assert "damaged" in said


def test_the_database_holds_nothing_of_the_key(serve: Serve, ground: Any, office: Estate) -> None:
    from app.gate.installation import Mark
    from app.ground.database import db

    server = serve()
    kept = {mark.name: mark.value for mark in db.session.execute(db.select(Mark)).scalars()}
    assert set(kept) == {"key", "folder"}
    assert server.environment["SECRET_KEY"] not in str(kept)
    assert os.stat(server.folder / "folder").st_mode & 0o077 == 0


@pytest.mark.parametrize("ground", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_two_machines_that_share_key_and_folder_are_one_office(serve: Serve, office: Estate) -> None:
    """Signed in at one, one works at the other; a photo of the one is seen at the other; wrong tries count
    together.
    """
    here, there = serve(RATELIMIT_LOGIN="6 per minute"), serve(RATELIMIT_LOGIN="6 per minute")
    person = Visitor(here).sign_in("frontdesk", PASSWORD)
    made = person.send(f"{ORDERS}new/", ORDER).location
    key = made.rpartition("=")[2]
    picture = io.BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(picture, "JPEG")
    person.go("/profile")
    assert person.attach(f"{ORDERS}attach/?id={key}", "a.jpg", picture.getvalue()).status == 302
    person.server = there
    page = person.go(made)
    assert page.status == 200
    photo = next(part.split('"')[0] for part in page.text.split('src="') if "/file/" in part[:80])
    assert person.go(photo.replace("&amp;", "&")).status == 200
    tries = []
    for n in range(8):
        stranger = Visitor((here, there)[n % 2])
        stranger.go("/login")
        tries.append(stranger.send("/login", {"username": f"nobody{n}", "password": "wrong"}).status)
    assert tries == [401] * 6 + [429] * 2
