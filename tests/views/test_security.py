"""The rule before each request, the headers after it, the log line, and the pages for what goes wrong; over
HTTP.
"""

import errno
import logging
import re
import sqlite3
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from gate import build, send
from sending import sign, token
from sqlalchemy import text

from app.gate import security
from app.ground import assets, given, request_log
from app.ground.database import db

POLICY = (
    "default-src 'self'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
)


def _raise(error: Exception) -> Any:
    raise error


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    """A site with addresses that go wrong."""
    app = build(tmp_path, MAX_UPLOAD_MB="1", PHOTO_MAX_MB="1", RATELIMIT_LOGIN="1000 per minute")
    app.add_url_rule("/wrong/<int:code>", "wrong", lambda code: abort(code))
    app.add_url_rule("/crash", "crash", lambda: _raise(RuntimeError("a secret of the inside")))
    app.add_url_rule("/full", "full", lambda: _raise(OSError(errno.ENOSPC, "No space left on device")))
    app.add_url_rule("/unreadable", "unreadable", lambda: _raise(PermissionError(errno.EACCES, "denied")))
    app.add_url_rule(
        "/locked",
        "locked",
        lambda: str(db.session.execute(text("UPDATE user SET rights = rights + 1"))),
        methods=["POST"],
    )
    app.add_url_rule(
        "/mistake",
        "mistake",
        lambda: str(db.session.execute(text("SELECT * FROM nowhere WHERE phone = '13812340042'"))),
    )
    return app


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A browser signed in as the manager."""
    signed_in = site.test_client()
    assert sign(signed_in).status_code == 302
    return signed_in


def test_nobody_gets_nowhere(site: Flask) -> None:
    client = site.test_client()
    for rule in site.url_map.iter_rules():
        if rule.arguments or rule.endpoint in security.OPEN:
            continue
        answer = client.get(rule.rule)
        assert answer.status_code == 302, rule
        assert answer.location.startswith("/login?next="), rule
        assert client.post(rule.rule).status_code == 401, rule
        assert client.get(rule.rule, headers={"Accept": "application/json"}).status_code == 401
    assert client.get("/no/such/page").status_code == 302, "not even what there is"
    assert client.get("/health").json == {"status": "ok"}
    assert client.get("/static/components/theme.css").status_code == 200
    assert client.put("/form").status_code == client.delete("/form").status_code == 405


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "///evil.example",
        "evil.example",
        "/login?next=/x",
        "http:///evil.example",
        "//[",
        "/" + "x" * 3000,
        "／／evil.example",
    ],
)
def test_no_way_out_by_next(site: Flask, evil: str) -> None:
    assert given.local_path(evil) == "/"
    client = site.test_client()
    assert sign(client, next=evil).location == "/"
    assert client.get("/login", query_string={"next": evil}).location == "/"


def test_every_write_needs_its_token(site: Flask, client: FlaskClient) -> None:
    before = site.test_client()
    old = token(before)
    for data in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}, {"csrf_token": old}):
        answer = client.post("/form", data=data)
        assert answer.status_code == 400
        assert 'href="/form"' in answer.text, "the way back"
    assert send(client, "/form").text == "saved"
    stale = token(client, "/profile")
    client.delete_cookie("session")
    sign(client)
    assert client.post("/form", data={"csrf_token": stale}).status_code == 400
    other = site.test_client()
    again = other.post("/login", data={"username": "manager", "password": "x", "csrf_token": "old"})
    assert again.status_code == 400
    assert "data-login" in again.text
    assert 'value="manager"' in again.text


def test_headers_of_every_answer(site: Flask, client: FlaskClient) -> None:
    for address in (
        "/login",
        "/",
        "/profile",
        "/no/such",
        "/crash",
        "/health",
        "/static/components/theme.css",
    ):
        given = client.get(address).headers
        policy = given["Content-Security-Policy"]
        assert all(part in policy for part in POLICY), address
        assert "unsafe" not in policy
        assert given["X-Content-Type-Options"] == "nosniff"
        assert given["Referrer-Policy"] == "same-origin"
        assert given["Cross-Origin-Opener-Policy"] == "same-origin"
        assert re.fullmatch(r"[0-9a-f]{12}", given["X-Request-ID"])
        assert (given["Cache-Control"] == "no-store") == (not address.startswith("/static"))
    current = client.get(assets.address("components/theme.css")).headers["Cache-Control"]
    assert current == "public, max-age=31536000, immutable"
    for other in ("at-1/", "", f"at-{assets.mark()}1/"):
        kept = client.get(f"/static/{other}components/theme.css").headers["Cache-Control"]
        assert kept == "no-cache", (
            "a page of another version asks this one for its file: it isn't kept for a year"
        )
    nonces = {client.get("/").headers["Content-Security-Policy"] for _n in range(3)}
    assert len(nonces) == 3


def test_pages_hold_no_inline_script_or_style(site: Flask, client: FlaskClient) -> None:
    for page in (
        site.test_client().get("/login").text,
        client.get("/profile").text,
        client.get("/no/such").text,
    ):
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", page)


def test_cookies(site: Flask, tmp_path: Path) -> None:
    (tmp_path / "secure").mkdir()
    for app, secure in ((site, False), (build(tmp_path / "secure", BASE_URL="https://office.example"), True)):
        client = app.test_client()
        where = {"base_url": "https://localhost"} if secure else {}
        page = client.get("/login", **where)
        mark = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert mark is not None
        data = {"csrf_token": mark[1], "locale": "en"}
        answer = client.post(
            "/language", data=data, headers={"Referer": "https://localhost/login"} if secure else {}, **where
        )
        for line in answer.headers.getlist("Set-Cookie") + page.headers.getlist("Set-Cookie"):
            assert "HttpOnly" in line
            assert "SameSite=Lax" in line
            assert ("Secure" in line) == secure


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 413, 429, 500, 503])
def test_every_error_has_its_page(client: FlaskClient, code: int) -> None:
    answer = client.get(f"/wrong/{code}")
    assert answer.status_code == code
    assert answer.headers["X-Request-ID"] in answer.text
    told = client.get(f"/wrong/{code}", headers={"Accept": "application/json"})
    assert told.status_code == code
    assert told.json["request_id"] == told.headers["X-Request-ID"]


def test_a_refusal_says_why_and_who_could(client: FlaskClient) -> None:
    answer = client.get("/refused")
    assert answer.status_code == 403
    assert "Only some may." in answer.text
    assert "Manager" in answer.text


def test_nothing_of_the_inside_is_shown(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    for address, code in (("/crash", 500), ("/unreadable", 500), ("/mistake", 500), ("/full", 503)):
        answer = client.get(address)
        assert answer.status_code == code, address
        assert not re.search("secret of|Traceback|SELECT|denied", answer.text)


def test_a_locked_database_is_busy_but_is_read(site: Flask, client: FlaskClient, tmp_path: Path) -> None:
    mark = token(client, "/profile")
    with site.app_context():
        db.engine.dispose()
    other = sqlite3.connect(tmp_path / "guanjia.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    from sqlalchemy import event

    with site.app_context():
        event.listen(db.engine, "connect", lambda raw, _record: raw.execute("PRAGMA busy_timeout=100"))
    answer = client.post("/locked", data={"csrf_token": mark})
    assert answer.status_code == 503
    assert client.get("/").status_code == client.get("/health").status_code == 200
    other.execute("ROLLBACK")
    assert client.post("/locked", data={"csrf_token": mark}).status_code == 200


def test_too_large_an_upload(client: FlaskClient) -> None:
    mark = token(client, "/profile")
    answer = client.post(
        "/form", data={"csrf_token": mark, "photo": (BytesIO(b"x" * 3_000_000), "photo.jpg")}
    )
    assert answer.status_code == 413
    assert "1 MB" in answer.text


def test_a_hundred_thousand_characters_come_through(tmp_path: Path) -> None:
    client = build(tmp_path).test_client()
    sign(client)
    assert send(client, "/form", words="水" * 100_000).status_code == 200


def test_a_health_check_of_a_database_that_is_gone(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    monkeypatch.setattr(
        db.session, "execute", lambda *_said: _raise(OperationalError("SELECT 1", None, Exception("gone")))
    )
    answer = site.test_client().get("/health")
    assert answer.status_code == 503


def test_one_line_a_request_without_what_was_searched(client: FlaskClient) -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    keep = Keep()
    request_log.log.addHandler(keep)
    try:
        answer = client.get("/form?q=13812340042")
        client.get("/x%0Aforged line")
    finally:
        request_log.log.removeHandler(keep)
    assert len(lines) == 2
    assert re.fullmatch(r"\S+Z?\S* [0-9a-f]{12} manager GET /form 200 [0-9.]+ms", lines[0])
    assert answer.headers["X-Request-ID"] in lines[0]
    assert "\n" not in lines[1]


def test_a_proxys_word_counts_only_where_it_is_trusted(site: Flask, tmp_path: Path) -> None:
    (tmp_path / "behind").mkdir()
    given = {
        "X-Request-ID": "from-the-proxy",
        "X-Forwarded-For": "10.9.8.7",
        "X-Forwarded-Host": "evil.example",
    }
    assert site.test_client().get("/health", headers=given).headers["X-Request-ID"] != "from-the-proxy"
    behind = build(tmp_path / "behind", PROXY_COUNT="1").test_client()
    assert behind.get("/health", headers=given).headers["X-Request-ID"] == "from-the-proxy"
    assert behind.get("/health", headers={"X-Request-ID": "bad id\t"}).headers["X-Request-ID"] != "bad id\t"
