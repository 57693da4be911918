"""Who gets in and what every answer says to the browser: one rule before each request, one set of headers
after it.

Everything but the endpoints in ``OPEN`` needs a signed-in person; every POST needs its CSRF token; nothing
else writes.
"""

import secrets
from urllib.parse import urlencode

from flask import Flask, Response, abort, current_app, g, redirect, request, session
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from app.gate import sign_in
from app.ground import assets, database, given, proxies
from app.ground.database import db

OPEN = frozenset({"login", "health", "static", "language", "theme"})
FIRST = frozenset(
    {"first_password", "logout"}
)  # for who is to change a one-time password before anything else
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
READS = frozenset({"GET", "HEAD", "OPTIONS"})

csrf = CSRFProtect()


def csp_nonce() -> str:
    """The mark that lets an inline script of ours run on this answer."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def page_asked() -> str:
    """The page a person was on: of a form that was sent, the page it stands on."""
    stands_alone = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    return given.local_path(given.here() if request.method in READS or stands_alone else given.came_from())


def _let_in() -> AnyResponse | None:
    """The rule before each request: known people only, a token on every write, and a write transaction only
    where one writes.
    """
    database.stop_writing()
    if request.method not in METHODS:
        raise request.routing_exception or MethodNotAllowed(sorted(METHODS))
    if request.endpoint not in OPEN:
        if not current_user.is_authenticated:
            return _turn_away()
        sign_in.note_seen()
        if current_user.must_change and request.endpoint not in FIRST:
            return (
                abort(403)
                if given.wants_json()
                else redirect("/password?" + urlencode({"next": page_asked()}, safe="/"))
            )
    if request.method in READS:
        return None
    if not given.all_named():
        abort(400)
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
    if database.is_sqlite():
        # a read transaction begun by the look-up would be in the way of one that writes
        db.session.rollback()
    database.start_writing()
    return None


def _turn_away() -> AnyResponse | None:
    """To the sign-in page and back; whoever isn't a person reading pages gets 401."""
    lost = sign_in.TOKEN in session
    if given.wants_json() or (request.method not in READS and not lost):
        abort(401)
    asked = {"next": page_asked()}
    if lost:
        asked["why"] = "ended" if request.method in READS else "kept"
    return redirect("/login?" + urlencode(asked, safe="/"))


def _headers(response: Response) -> Response:
    heads = response.headers
    nonce = f"'nonce-{csp_nonce()}'"
    heads.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; script-src 'self' {nonce}; style-src 'self' {nonce}; img-src 'self' data:"
        " blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    )
    heads.setdefault("X-Content-Type-Options", "nosniff")
    heads.setdefault("X-Frame-Options", "DENY")
    heads.setdefault("Referrer-Policy", "same-origin")
    heads.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    heads.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    heads.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if current_app.config.get("SESSION_COOKIE_SECURE") and request.is_secure:
        heads.setdefault("Strict-Transport-Security", "max-age=31536000")
    if (
        request.endpoint == "static"
        and request.method in ("GET", "HEAD")
        and response.status_code in (200, 304)
    ):  # the file is there
        if given.part("mark") == assets.mark():
            heads["Cache-Control"] = "public, max-age=31536000, immutable"
    elif heads.get("Cache-Control", "no-cache") == "no-cache":
        heads["Cache-Control"] = "no-store"
    return response


def _finish(error: BaseException | None) -> None:
    database.stop_writing()


def init(app: Flask) -> None:
    """Put the rule before every request and the headers on every answer."""
    proxies.init(app)
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        # A hundred thousand Chinese characters are nearly a megabyte once encoded; a long table has many
        # boxes.
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        MAX_FORM_PARTS=10_000,
    )
    app.config.setdefault("WTF_CSRF_ENABLED", True)
    csrf.init_app(app)
    app.before_request(_let_in)
    app.after_request(_headers)
    app.teardown_request(_finish)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
