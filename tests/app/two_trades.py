"""A property office and a lending library in one process: each application has its own forms, people and
records, and knows nothing of the other's. Run by test_another_trade.py.
"""

import re
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "library")]

import views  # noqa: E402
import wsgi  # noqa: E402
from app import engine  # noqa: E402
from app.act import saving, search  # noqa: E402
from app.declare.person import SYSTEM  # noqa: E402
from app.gate import passwords  # noqa: E402
from app.ground import settings  # noqa: E402
from app.ground.database import db, writing  # noqa: E402
from app.people.users import Office, User, offer_roles  # noqa: E402

WORD = "a word for tests"
LOAN = {"book": "Emma", "reader": "Ada Reader", "phone": "13900001234", "due_on": "2026-12-20"}


def made(app: Flask, role: str) -> Flask:
    """The application with its tables, an office, and somebody who is called like their role."""
    with app.app_context(), writing():
        db.create_all()
        search.create_tables(db.session.connection())
        office: Any = Office(full_name=app.name, short_code="A", number="1")
        saving.add(office, SYSTEM)
        account: Any = User(
            username=role, full_name=role.title(), roles=[role], areas=[], offices=[], active=True
        )
        account.active, account.number, account.office_id, account.rights = True, "1", office.id, 1
        account.password_hash = passwords.hashed(WORD)
        saving.add(account, SYSTEM)
        db.session.commit()
    return app


def client_of(app: Flask, name: str) -> Any:
    """Somebody signed in, with the token of their session."""
    client: Any = app.test_client()
    client.post("/login", data={"username": name, "password": WORD, "csrf_token": mark(client, "/login")})
    client.mark = mark(client, "/profile")
    return client


def mark(client: Any, at: str) -> str:
    """The token of a page."""
    match = re.search(r'name="csrf_token" value="([^"]+)"', client.get(at).text)
    assert match is not None, at
    return match[1]


def in_menu(client: Any) -> set[str]:
    """The forms whose lists the menu names."""
    menu = client.get("/").text.partition('<nav class="menu"')[2].partition("</nav>")[0]
    return set(re.findall(r'href="/admin/(\w+)/"', menu))


def main() -> None:
    """Both at work, turn and turn about."""
    office = made(wsgi.create_app({"DATA_DIR": mkdtemp(), "SECRET_KEY": "k" * 40}), "manager")
    from library_loan import LibraryLoan

    offer_roles()
    chosen = settings.load({"DATA_DIR": mkdtemp(), "SECRET_KEY": "l" * 40, "DEFAULT_LOCALE": "en"})
    library = engine.create("library", chosen, str(ROOT), forms=[LibraryLoan])
    views.init(library)
    made(library, "clerk")

    manager, clerk = client_of(office, "manager"), client_of(library, "clerk")
    assert {"work_order", "complaint", "key", "unit"} <= in_menu(manager), in_menu(manager)
    assert in_menu(clerk) == {"library_loan"}, in_menu(clerk)
    assert 'lang="zh-Hans-CN"' in manager.get("/").text
    assert 'lang="en"' in clerk.get("/").text

    for at in range(2):
        answer = clerk.post(
            "/admin/library_loan/new/", data={**LOAN, "book": f"Emma {at}", "csrf_token": clerk.mark}
        )
        assert answer.status_code == 302, answer.text
        assert "Emma" not in manager.get("/admin/work_order/").text
        assert f"Emma {at}" in clerk.get("/admin/library_loan/").text
        assert f"/admin/library_loan/details/?id={at + 1}" in clerk.get("/search?q=Emma").text
        assert "/admin/library_loan/" not in manager.get("/search?q=Emma").text
    for client, address in ((manager, "/admin/library_loan/"), (clerk, "/admin/work_order/")):
        for view in ("", "new/", "details/?id=1", "step/take_back/?id=1", "import/", "attach/?id=1"):
            assert client.get(address + view).status_code in (404, 405), (address, view)


if __name__ == "__main__":
    main()
