"""A small site of its own for the tests of sign-in and security: four people, the frame, and a few addresses
that go wrong.
"""

from pathlib import Path
from typing import Any

from flask import Flask, request
from flask.testing import FlaskClient
from flask_admin import Admin
from office import PASSWORD
from sending import token
from serving import ROOT

from app import engine
from app.act import saving, search
from app.declare.person import SYSTEM
from app.declare.record import registry
from app.gate import passwords
from app.ground import settings
from app.ground.database import db, writing
from app.people import rights
from app.people.refusal import Refusal
from app.people.rights import person_of
from app.people.users import Office, User
from views import errors, frame, look, profile, record_links
from views import sign_in as sign_in_views


def build(folder: Path, staffed: bool = True, **environ: str) -> Flask:
    """An application with an empty office, its people, and no other screens than those under test."""
    rights.forget()
    chosen = settings.load({"DATA_DIR": str(folder), **environ})
    app = engine.create("guanjia", chosen, str(ROOT))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        Admin(app)
        app.extensions["screens"] = {}
        for part in (frame, look, record_links, sign_in_views, errors, profile):
            part.init(app)
    app.add_url_rule("/", "home.index", lambda: f"home of {frame.person().name}, {frame.person().title}")
    app.add_url_rule(
        "/form", "form", lambda: "saved" if request.method == "POST" else "a form", methods=["GET", "POST"]
    )
    app.add_url_rule("/refused", "refused", _refused)
    with app.app_context(), writing():
        db.create_all()
        search.create_tables(db.session.connection())
        if staffed:
            _people()
        db.session.commit()
    return app


def _refused() -> str:
    raise Refusal("duty", "Only some may.", registry["user"].access.by("edit"))


def _people() -> None:
    office = Office(full_name="澄园", short_code="CY", number="1")
    db.session.add(office)
    db.session.flush()
    office.office_id = office.id
    kept = passwords.hashed(PASSWORD)
    for name in ("manager", "supervisor", "specialist", "frontdesk"):
        values: dict[str, Any] = {
            "full_name": name.title(),
            "username": name,
            "roles": [name],
            "areas": [],
            "offices": [],
            "number": name,
        }
        user = User(**values, office_id=office.id, active=True, rights=1, password_hash=kept)
        saving.add(user, SYSTEM)


def send(client: FlaskClient, address: str, **data: str) -> Any:
    """Post a form with the token of one's account page."""
    return client.post(address, data={"csrf_token": token(client, "/profile"), **data})


def change(app: Flask, username: str, **values: Any) -> None:
    """Change an account as the panel does."""
    with app.app_context(), writing():
        user = saving.find(User, username=username)
        with saving.changing(user, person_of("manager") or SYSTEM, "edit"):
            for name, value in values.items():
                setattr(user, name, value)
        db.session.commit()


def cookie(client: FlaskClient) -> str:
    """The session cookie as the browser keeps it."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    return str(cookie.value)
