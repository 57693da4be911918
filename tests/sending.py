"""What a person's browser sends from the pages of a form, and what the answer tells them."""

import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from office import PASSWORD
from PIL import Image
from sqlalchemy import event

from app.declare.record import registry
from app.ground.database import db


class Browser(FlaskClient):
    """Reads each answer to its end unless told otherwise: an unread download would be given up at some later
    moment, amid another test.
    """

    def open(self, *args: Any, buffered: bool = True, **options: Any) -> Any:
        """Ask for a page."""
        return super().open(*args, buffered=buffered, **options)


ORDER = {
    "unit": "1-1-101",
    "reporter": "陈女士",
    "phone": "13812340042",
    "category": "water",
    "description": "厨房水管漏水",
    "channel": "phone",
    "urgency": "normal",
    "extent": "small",
}
COMPLAINT = {
    "unit": "1-1-101",
    "complainant": "王先生",
    "phone": "13912345678",
    "subject": "cleaning",
    "statement": "楼道三天没有打扫",
    "channel": "phone",
    "people_count": "1",
}
STEPS = {  # of an order, whichever it is
    "outcome": "repaired",
    "cause": "老化",
    "work_done": "换",
    "customer_signed": "1",
    "rating": "4",
    "remark": "x",
    "hold_reason": "x",
    "hold_until": "2099-12-01T09:00",
    "void_reason": "x",
    "return_reason": "x",
}


@contextmanager
def asked_of(app: Flask) -> Iterator[list[str]]:
    """The statements that an application's database is asked within."""
    asked: list[str] = []

    def note(*seen: Any) -> None:
        asked.append(seen[2])

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(db.engine, "before_cursor_execute", note)


def photo() -> bytes:
    """A small photo, always the same."""
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    return data.getvalue()


def token(client: FlaskClient, at: str = "/login") -> str:
    """The CSRF token of a page."""
    match = re.search(r'name="csrf_token" value="([^"]+)"', client.get(at).text)
    assert match is not None, at
    return match[1]


def sign(client: FlaskClient, username: str = "manager", password: str = PASSWORD, **more: str) -> Any:
    """Sign in as a browser does."""
    return client.post(
        "/login", data={"username": username, "password": password, "csrf_token": token(client), **more}
    )


def send(client: FlaskClient, address: str, typed: dict[str, Any], **more: Any) -> Any:
    """Send a form with the token of this person's session, asked for once."""
    mark = client.__dict__.setdefault("mark", "") or token(client, "/profile")
    client.__dict__["mark"] = mark
    return client.post(address, data={"csrf_token": mark, **typed, **more})


def enter(client: FlaskClient, form: str, **typed: Any) -> Any:
    """Send a new record with what its boxes begin with."""
    return send(client, f"/admin/{form}/new/", typed)


def step(client: FlaskClient, row: Any, name: str, **typed: Any) -> Any:
    """Take a step of a record, which has then what came of it."""
    answer = send(client, f"/admin/{row.name}/step/{name}/?id={row.id}", typed)
    db.session.rollback()
    return answer


def key_of(answer: Any) -> int:
    """The id of the record that a form made."""
    assert answer.status_code == 302, sentence(answer.text)
    return int(answer.headers["Location"].rpartition("=")[2])


def row_of(form: str, key: int) -> Any:
    """A record as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(registry[form], key)


def only(form: str) -> Any:
    """The one record that there is of a form."""
    db.session.rollback()
    return db.session.execute(db.select(registry[form])).scalars().one()


def boxes(page: str) -> dict[str, str]:
    """The one-line and several-line boxes of a page, with what stands in them."""
    main = page[page.index("<main") : page.index("</main>")]
    typed = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and 'type="radio"' not in tag:
            typed[name[1]] = html.unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', main, re.DOTALL):
        typed[name] = html.unescape(text)
    return typed


def told(page: str) -> list[str]:
    """The sentences above a form that wasn't saved."""
    lines = re.findall(r"<li>(.*?)</li>", _errors(page), re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", line)) for line in lines]


def sentence(page: str) -> str:
    """What a page says went wrong, in one string."""
    without_links = re.sub(r"</?a\b[^>]*>", "", _errors(page))
    return html.unescape(re.sub(r"<[^>]+>", " ", without_links))


def _errors(page: str) -> str:
    match = re.search(r'<div class="errors".*?</div>', page, re.DOTALL)
    return match[0] if match else ""


def chinese(text: str) -> bool:
    """Whether a sentence is Chinese, names and numbers aside."""
    return bool(re.search("[\u4e00-\u9fff]", text)) and not re.search(r"[A-Za-z]{4,} [a-z]{3,}", text)
