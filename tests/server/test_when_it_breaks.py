"""A full disk, a locked database, a killed server, a database that is gone for a while: a sentence each,
nothing by halves, and afterwards it goes on.
"""

import http.client
import io
import random
import resource
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from office import PASSWORD, Estate, counted, kept
from PIL import Image
from sending import ORDER, chinese, sentence
from serving import Answer, Server, Visitor
from sqlalchemy import create_engine, text

from app.declare.record import registry
from app.ground.database import db
from app.keep import history_verify, numbers

Serve = Callable[..., Server]
ORDERS = "/admin/work_order/"


def whole(forms: tuple[str, ...] = ("work_order", "complaint", "user")) -> None:
    """Nothing stands there by halves: numbers, history, counts, search and what was posted agree."""
    db.session.rollback()
    for form in forms:
        cls: Any = registry[form]
        assert numbers.missing(cls) == []
        assert list(history_verify.verify([cls])) == []
        assert kept(form) == counted(form)
    for form, key in db.session.execute(text("SELECT form, record_id FROM submission")):
        assert db.session.get(registry[form], key) is not None


def orders() -> list[str]:
    """The numbers of all work orders."""
    db.session.rollback()
    cls: Any = registry["work_order"]
    return list(db.session.execute(db.select(cls.number).order_by(cls.id)).scalars())


def photo(side: int = 300) -> bytes:
    """A photo that no packing makes small."""
    data = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(data, "JPEG")
    return data.getvalue()


def busy(answer: Answer, *words: str) -> None:
    """A sentence of the person's own language, and the number under which the log has it."""
    assert answer.status == 503, answer.text[:500]
    said = sentence(answer.text)
    assert chinese(said), said
    assert all(word in said for word in words), said
    assert "Traceback" not in answer.text
    assert "OperationalError" not in answer.text


@contextmanager
def no_room(server: Server) -> Iterator[None]:
    """Meanwhile the server's processes can make no file longer than a page."""
    for pid in server.pids():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        for pid in server.pids():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_no_room_on_the_disk(serve: Serve, office: Estate, tmp_path: Path) -> None:
    """Reading goes on; what can't be kept is refused whole, photos too."""
    key = office.order().id
    server = serve()
    client, before = Visitor(server).sign_in("specialist", PASSWORD), orders()
    with no_room(server):
        busy(client.send(f"{ORDERS}new/", ORDER))
        client.go("/profile")
        busy(client.attach(f"{ORDERS}attach/?id={key}", "a.jpg", photo()))
        for page in ("/", ORDERS, f"{ORDERS}details/?id={key}", "/search?q=厨房", "/health"):
            assert client.go(page).status in (200, 302), page
        stranger = Visitor(server)
        stranger.go("/login")
        busy(stranger.send("/login", {"username": "manager", "password": PASSWORD}))
        assert [path for path in (tmp_path / "attachments").rglob("*") if path.is_file()] == []
    assert orders() == before
    client.go("/profile")
    assert client.send(f"{ORDERS}new/", ORDER).status == 302
    assert client.attach(f"{ORDERS}attach/?id={key}", "a.jpg", photo()).status == 302
    assert len(orders()) == 2
    whole()


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_a_full_disk_says_so(as_user: Any, office: Estate, app: Any) -> None:
    """SQLite's own word for a disk without room, met in the middle of a save."""
    from sending import send

    client = as_user("frontdesk")
    with app.app_context():
        connection = db.engine.raw_connection()
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        connection.close()
        answer = next(
            refused
            for _n in range(200)
            if (refused := send(client, f"{ORDERS}new/", ORDER)).status_code != 302
        )
        assert answer.status_code == 503
        assert "磁盘已满" in sentence(answer.text)
        connection = db.engine.raw_connection()
        connection.execute("PRAGMA max_page_count = 1073741823")
        connection.close()
    assert send(client, f"{ORDERS}new/", ORDER).status_code == 302
    whole()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Meanwhile another process writes and doesn't end."""
    engine = create_engine(url)
    with engine.connect() as other:
        if engine.dialect.name == "sqlite":
            other.exec_driver_sql("DELETE FROM submission WHERE token = ''")
        else:
            other.exec_driver_sql("LOCK TABLE work_order, sign_in_failure IN EXCLUSIVE MODE")
        yield
        other.rollback()
    engine.dispose()


def test_locked_for_longer_than_one_waits(serve: Serve, office: Estate, ground: Any) -> None:
    server = serve(waits=1)
    client, before = Visitor(server).sign_in("specialist", PASSWORD), orders()
    with locked(ground.url):
        busy(client.send(f"{ORDERS}new/", ORDER), "请重试")
        for page in ("/", ORDERS, "/search?q=没有"):
            assert client.go(page).status == 200, page
        stranger = Visitor(server)
        stranger.go("/login")
        busy(stranger.send("/login", {"username": "manager", "password": PASSWORD}))
    assert orders() == before
    client.go("/profile")
    assert client.send(f"{ORDERS}new/", ORDER).status == 302
    whole()


def cut(ground: Any) -> None:
    """End every connection to the database."""
    db.session.remove()
    with ground.database.server.connect() as ruler:
        ruler.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": ground.database.name},
        )
    ground.let_go()


@contextmanager
def away(ground: Any) -> Iterator[None]:
    """Meanwhile the database takes no connections."""
    with ground.database.server.connect() as ruler:
        ruler.execute(text(f"ALTER DATABASE {ground.database.name} ALLOW_CONNECTIONS false"))
        cut(ground)
        try:
            yield
        finally:
            ruler.execute(text(f"ALTER DATABASE {ground.database.name} ALLOW_CONNECTIONS true"))


@pytest.mark.parametrize("ground", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_database_that_went_and_came_back(serve: Serve, office: Estate, ground: Any) -> None:
    server = serve()
    client, before = Visitor(server).sign_in("specialist", PASSWORD), orders()
    with away(ground):
        busy(client.go("/"))
        busy(client.send(f"{ORDERS}new/", ORDER))
        busy(client.go("/login"))
        assert client.go("/health").status == 503
    assert client.go("/profile").status == 200, "still signed in"
    assert client.send(f"{ORDERS}new/", ORDER).status == 302
    assert len(orders()) == len(before) + 1
    cut(ground)
    assert client.go(ORDERS).status == 200, "connections that were lost meanwhile are made anew"
    whole()


class Desk(threading.Thread):
    """Somebody who makes one order after the other until the server is gone; what was answered is remembered,
    and what wasn't.
    """

    def __init__(self, server: Server, name: str) -> None:
        super().__init__()
        self.client = Visitor(server).sign_in(name, PASSWORD)
        self.answered: list[str] = []
        self.unanswered: dict[str, Any] = {}

    def run(self) -> None:
        """Until no answer comes."""
        while not self.unanswered:
            typed = {**ORDER, "submission": uuid.uuid4().hex}
            try:
                refused = self.client.send(f"{ORDERS}new/", typed)
                assert refused.status == 302, refused.text[:500]
                self.answered.append(refused.location)
            except (OSError, http.client.HTTPException):  # no answer, or one that broke off
                self.unanswered = typed


@pytest.mark.load
def test_killed_in_the_middle_of_saves(serve: Serve, office: Estate) -> None:
    """No half record, no number missing or twice; whoever got no answer sends again and has one record."""
    server, chance = serve(), random.Random(7)
    for _round in range(2):
        desks = [Desk(server, name) for name in ("frontdesk", "frontdesk2", "specialist", "supervisor")]
        for desk in desks:
            desk.start()
        time.sleep(0.3 + chance.random() / 2)
        server.end(signal.SIGKILL)
        for desk in desks:
            desk.join(60)
        numbers_there = orders()
        assert len(set(numbers_there)) == len(numbers_there) >= sum(len(desk.answered) for desk in desks)
        whole()
        server.start()
        for desk in desks:
            again = desk.client.send(f"{ORDERS}new/", desk.unanswered)
            assert again.status == 302, again.text[:500]
            assert desk.client.send(f"{ORDERS}new/", desk.unanswered).location == again.location
            assert desk.client.go(again.location).status == 200
            assert all(desk.client.go(number).status == 200 for number in desk.answered[-3:])
        asked = text("SELECT count(*) FROM submission WHERE form = 'work_order'")
        db.session.rollback()
        assert db.session.execute(asked).scalar_one() == len(orders()), (
            "one record for each form that was filled in"
        )
        whole()
