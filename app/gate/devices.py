"""Devices that are known: a browser at which somebody signed in keeps a signed word of it for a year.

It opens nothing. It says that a try to sign in comes from where its person signed in before, and so isn't
counted with those of strangers.
"""

import secrets
from typing import Any

from flask import Response, current_app, g
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from app.ground import given

COOKIE = "device"
YEAR = 365 * 24 * 3600
MOST = 8  # people of one device that it keeps in mind, those who signed in last


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="device")


def _kept() -> tuple[str, list[int]]:
    """This device's mark, and who signed in at it; none where the cookie isn't ours or is too old."""
    try:
        mark, people = _signer().loads(given.cookie(COOKIE), max_age=YEAR)
    except (BadData, TypeError, ValueError):
        return "", []
    return str(mark), [int(person) for person in people]


def known(user_id: int) -> str:
    """The mark of this device if the user signed in at it before, else nothing."""
    mark, people = _kept()
    return mark if user_id in people else ""


def note(user_id: int) -> None:
    """The answer to this request makes this device known for a user."""
    mark, people = _kept()
    g.device = [
        mark or secrets.token_urlsafe(16),
        [user_id, *(other for other in people if other != user_id)][:MOST],
    ]


def keep(response: Response) -> Response:
    """Hand the browser what ``note`` noted."""
    noted: Any = g.pop("device", None)
    return for_a_year(response, COOKIE, _signer().dumps(noted)) if noted else response


def for_a_year(response: AnyResponse, name: str, value: str) -> Any:
    """Let the browser keep a value that scripts and other sites don't see."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(name, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response
