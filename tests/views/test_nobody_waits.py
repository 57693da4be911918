"""Nothing slow stands between lock and commit: while one's photo is read, one's sheet, one's password, one's
page, another's save doesn't wait.
"""

import io
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import PASSWORD, Estate
from PIL import Image
from sending import ORDER, boxes, send, token

from app.gate import passwords
from app.ground import apart
from app.ground.database import db
from app.keep import attachments
from tests.views.test_sheets import book

AsUser = Callable[[str], FlaskClient]
SLOW = 40.0  # seconds that the planted hook takes, unless the other one is done before


def photo() -> bytes:
    """A small photo, another one each time."""
    data = io.BytesIO()
    Image.effect_noise((40, 30), 60).save(data, "JPEG")
    return data.getvalue()


KEYS = book(["钥匙", "类别", "房屋"], ["A-15", "房屋", "1-1-101"])


def attach(client: FlaskClient, order: int) -> Any:
    """Add a photo to the order."""
    return send(client, f"/admin/work_order/attach/?id={order}", {"file": [(io.BytesIO(photo()), "a.jpg")]})


def finish(client: FlaskClient, order: int) -> Any:
    """Finish the order, with a photo of it."""
    typed = {"outcome": "repaired", "cause": "老化", "work_done": "已换", "customer_signed": "1"}
    sent = {"photos:after": [(io.BytesIO(photo()), "a.jpg")]}
    return send(client, f"/admin/work_order/step/finish/?id={order}", {**typed, **sent})


def preview(client: FlaskClient, order: int) -> Any:
    """Look at a sheet."""
    mark = token(client, "/profile")
    answer = client.post(
        "/admin/key/import/", data={"csrf_token": mark, "sheet": (io.BytesIO(KEYS), "a.xlsx")}
    )
    client.__dict__["looked_at"] = boxes(answer.text).get("submission")
    return answer


def confirm(client: FlaskClient, order: int) -> Any:
    """Bring the sheet in that was looked at."""
    typed = {"confirm": "1", "submission": client.__dict__["looked_at"]}
    return client.post("/admin/key/import/", data={"csrf_token": token(client, "/profile"), **typed})


def sign_in(client: FlaskClient, order: int) -> Any:
    """Sign in once more."""
    return client.post(
        "/login",
        data={"username": "specialist", "password": PASSWORD, "csrf_token": token(client, "/profile")},
    )


def change_password(client: FlaskClient, order: int) -> Any:
    """Choose another password."""
    word = "quite another word"
    return send(client, "/profile/password", {"old": PASSWORD, "new": word, "again": word})


def wrong_order(client: FlaskClient, order: int) -> Any:
    """Send a form with a box left empty: the page comes again."""
    return send(client, "/admin/work_order/new/", {**ORDER, "description": ""})


def wrong_edit(client: FlaskClient, order: int) -> Any:
    """Send an edit of another version."""
    return send(client, f"/admin/work_order/edit/?id={order}", {**ORDER, "description": "x", "version": "99"})


ACTS: dict[str, tuple[Callable[[FlaskClient, int], Any], Any, str, int]] = {
    "a photo is read": (attach, apart, "read", 302),
    "a photo is stored": (attach, attachments, "_write", 302),
    "a photo is on the disk": (attach, attachments.os, "fsync", 302),
    "a step's photo is read": (finish, apart, "read", 302),
    "a step's photo is stored": (finish, attachments, "_write", 302),
    "a sheet is looked at": (preview, apart, "read", 200),
    "a sheet is brought in": (confirm, apart, "read", 302),
    "a password is tried": (sign_in, passwords, "verify", 302),
    "a password is set": (change_password, passwords, "hashed", 302),
    "a page is drawn again": (wrong_order, Flask, "update_template_context", 422),
    "a conflict is drawn": (wrong_edit, Flask, "update_template_context", 409),
    "a sheet's page is drawn": (preview, Flask, "update_template_context", 200),
}


@pytest.mark.parametrize("name", ACTS)
def test_while_one_is_at_it_anothers_save_does_not_wait(
    name: str, office: Estate, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, owner, hook, status = ACTS[name]
    made, slow_one, other = office.order(), as_user("specialist"), as_user("supervisor")
    if act is finish:
        office.step(made, "dispatch", "specialist", assignee=office["repairer"])
        office.step(made, "start", "specialist")
    order, version = made.id, made.version
    db.session.rollback()
    if act is confirm:
        assert preview(slow_one, order).status_code == 200
    begun, done, answers = threading.Event(), threading.Event(), []
    real = getattr(owner, hook)
    at_it = threading.local()

    def slow(*given: Any, **more: Any) -> Any:
        if getattr(at_it, "here", False) and not begun.is_set():
            begun.set()
            done.wait(SLOW)
        return real(*given, **more)

    monkeypatch.setattr(owner, hook, slow)

    def take() -> None:
        at_it.here = True
        answers.append(act(slow_one, order).status_code)

    send(other, "/admin/work_order/new/", {**ORDER, "description": ""})
    taker = threading.Thread(target=take)
    taker.start()
    assert begun.wait(60), "the hook is on the way"
    began = time.monotonic()
    saved = send(other, "/admin/work_order/new/", ORDER).status_code
    edited = send(
        other,
        f"/admin/work_order/edit/?id={order}",
        {**ORDER, "description": "另一处", "version": str(version)},
    ).status_code
    waited = time.monotonic() - began
    done.set()
    taker.join(60)
    assert (saved, edited) == (302, 302)
    assert waited < SLOW - 10
    assert answers == [status]
