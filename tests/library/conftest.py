"""A library's application: the engine, its screens, two declared forms, and nothing of any other trade."""

import io
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT)]

from library_aside import Aside  # noqa: E402
from library_binding import Binding  # noqa: E402
from library_crate import Crate  # noqa: E402
from library_duties import C1, L1  # noqa: E402
from library_hold import Hold  # noqa: E402
from library_leaving import Leaving  # noqa: E402
from library_loan import LibraryLoan  # noqa: E402
from library_report import DamageReport, Purchase  # noqa: E402
from library_room import RoomBooking  # noqa: E402
from library_rota import Reading  # noqa: E402
from library_title import Parcel, Taking, Title  # noqa: E402
from library_visit import Visit  # noqa: E402

from app import engine  # noqa: E402
from app.act import saving, search  # noqa: E402
from app.declare.duties import Access  # noqa: E402
from app.declare.person import SYSTEM  # noqa: E402
from app.gate import passwords  # noqa: E402
from app.ground import settings  # noqa: E402
from app.ground.database import db, writing  # noqa: E402
from app.people.users import Area, Office, User, offer_roles  # noqa: E402

PASSWORD = "a word for tests"
PEOPLE = {"libby": "librarian", "clara": "clerk", "paul": "clerk"}


def token(client: FlaskClient, at: str = "/profile") -> str:
    """The CSRF token of a page."""
    match = re.search(r'name="csrf_token" value="([^"]+)"', client.get(at).text)
    assert match is not None, at
    return match[1]


def sender(place: str) -> Callable[..., Any]:
    """What sends the forms of a place as the browser does."""

    def post(client: FlaskClient, address: str, **data: Any) -> Any:
        return client.post(place + address, data={"csrf_token": token(client), **data})

    return post


def workbook(*rows: list[Any]) -> bytes:
    """A sheet of these rows."""
    made, data = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)  # type: ignore[union-attr]
    made.save(data)
    return data.getvalue()


def _put(cls: Any, **values: Any) -> Any:
    record = cls(**values)
    saving.add(record, SYSTEM)
    return record


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The whole application, made as the composition root makes it."""
    import views

    Area.access = Office.access = User.access = Access(read=(L1,), look_up=(L1, C1), create=(L1,), edit=(L1,))
    offer_roles()
    environ = {"DATA_DIR": str(tmp_path_factory.mktemp("library")), "DEFAULT_LOCALE": "en"}
    chosen = settings.load({**environ, "DATABASE_URL": os.environ.get("LIBRARY_DATABASE_URL", "")})
    app = engine.create("library", chosen, str(ROOT))
    app.register_blueprint(Blueprint("library", __name__, template_folder="templates"))
    views.init(app)
    with app.app_context(), writing():
        db.create_all()
        search.create_tables(db.session.connection())
        office = _put(Office, full_name="Main library", short_code="ML", number="1")
        rooms = [
            _put(Area, code_name=name, number=name, office_id=office.id)
            for name in ("Ground floor", "First floor")
        ]
        for at, (name, role) in enumerate(PEOPLE.items(), 1):
            areas = [rooms[0].id] if name == "clara" else []
            account = {
                "username": name,
                "full_name": name.title(),
                "roles": [role],
                "areas": areas,
                "offices": [],
                "active": True,
            }
            _put(
                User,
                **account,
                number=str(at),
                office_id=office.id,
                rights=at,
                password_hash=passwords.hashed(PASSWORD),
            )
        db.session.commit()
    return app


@pytest.fixture
def as_user(app: Flask) -> Callable[[str], FlaskClient]:
    """Signs somebody in at a browser of their own."""

    def signed_in(name: str) -> FlaskClient:
        client = app.test_client()
        box = {"username": name, "password": PASSWORD, "csrf_token": token(client, "/login")}
        assert client.post("/login", data=box).status_code == 302
        return client

    return signed_in


@pytest.fixture
def lend(as_user: Callable[[str], FlaskClient]) -> Callable[..., int]:
    """Lends a book out, as the clerk does at the screen; the new record's id."""

    def lent(book: str, **typed: str) -> int:
        client = as_user("clara")
        boxes = {
            "book": book,
            "reader": "Ada Reader",
            "phone": "13900001234",
            "due_on": "2026-12-20",
            "csrf_token": token(client),
        }
        answer = client.post("/admin/library_loan/new/", data={**boxes, **typed})
        assert answer.status_code == 302, answer.text
        return int(answer.headers["Location"].rsplit("=", 1)[1])

    return lent


__all__ = [
    "Aside",
    "Binding",
    "Crate",
    "DamageReport",
    "Hold",
    "Leaving",
    "LibraryLoan",
    "Parcel",
    "Purchase",
    "Reading",
    "RoomBooking",
    "Taking",
    "Title",
    "Visit",
]
