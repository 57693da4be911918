"""Pages for what went wrong: what happened, what to do, and the id under which the log has it."""

import errno
import traceback
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, jsonify, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException

from app.gate import security
from app.ground import again, database, given
from app.ground.database import db
from app.ground.language import gettext as _
from app.ground.language import lazy_gettext as _l
from app.people.refusal import Refusal
from views import sign_in
from views.boxes import page_of

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_ROOM = _l("The disk is full. Nothing was saved; tell the one who runs the system.")

# Status → what happened, what to do.
SAID: dict[int, tuple[Any, Any]] = {
    400: (
        _l("This request can't be understood"),
        _l("Something in the address or the form is missing or broken. Go back and try again."),
    ),
    401: (
        _l("Please sign in first"),
        _l(
            "You aren't signed in at this browser. What you typed is kept in it: sign in, and it is there"
            " again."
        ),
    ),
    403: (_l("This isn't open to you"), _l("If you need it for your work, ask one who may.")),
    404: (
        _l("There is nothing here"),
        _l(
            "The record or page doesn't exist, or isn't in your area. Check the address, or search for its"
            " number."
        ),
    ),
    405: (_l("This address doesn't work that way"), _l("Open it from the page where its button stands.")),
    413: (
        _l("That is too large"),
        _l("One upload may have at most %(n)s MB. Nothing was saved; send less at once."),
    ),
    429: (
        _l("Too many tries"),
        _l("There were too many failed tries from your address. Wait a minute, then try again."),
    ),
    500: (
        _l("Something went wrong here"),
        _l(
            "It isn't your fault, and it was written down. Try again; if it stays so, tell the number below"
            " to whoever runs the system."
        ),
    ),
    503: (_l("Busy just now"), _l("Nothing was saved; please try again.")),
}
AT_ONCE = _l(
    "Somebody saved the same at this very moment. Nothing of yours was saved; please look, and try again."
)
NOT_NOW = _l("This can't be done just now")
OLD_PAGE = (
    _l("This page was open for too long"),
    _l("Nothing was saved. What you typed is kept in this browser: open the page again, and it is there."),
)


def answer(
    status: int, title: Any = "", message: Any = "", who: tuple[str, ...] = (), record: Any = None
) -> Any:
    """The page of an error, or its JSON for a script; nothing of what was begun is kept."""
    about = (str(record), page_of(record)) if record is not None and record.id else None
    _let_go()
    said = SAID.get(status) or SAID[400 if status < 500 else 500]
    title, message = str(title or said[0]), str(message or said[1])
    if status == 413:
        message = _(SAID[413][1].text, n=current_app.config["SETTINGS"].max_upload_mb)
    if given.wants_json():
        return (
            jsonify(
                error=title, message=message, who=list(who), status=status, request_id=g.get("request_id", "")
            ),
            status,
        )
    values: dict[str, Any] = {
        "status": status,
        "title": title,
        "message": message,
        "who": who,
        "about": about,
    }
    values |= {"back": security.page_asked(), "request_id": g.get("request_id", "")}
    if status >= 500:
        _ask_no_more()
    try:
        frame = "frame.html" if status < 500 and current_user.is_authenticated else "bare.html"
        return render_template("error.html", base=frame, **values), status
    except Exception:  # the frame asks the database for its menu; without it the error is told all the same
        current_app.logger.exception("error page in its frame")
        _let_go()
        _ask_no_more()
        return render_template("error.html", base="bare.html", **values), status


def _ask_no_more() -> None:
    """Who isn't known yet is nobody on this page: finding out would ask the database, which may be what
    broke.
    """
    if "_login_user" not in g:
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def _let_go() -> None:
    """End the transaction, and write no more."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        current_app.logger.exception("rollback")
    database.stop_writing()


def of_http(error: HTTPException) -> Any:
    """An error of HTTP, raised by Flask or by ``abort``."""
    if error.code is None or error.code < 400:
        return error
    page = answer(error.code)
    if error.code == 405 and isinstance(page, tuple) and getattr(error, "valid_methods", None):
        return *page, {"Allow": ", ".join(error.valid_methods)}  # type: ignore[attr-defined]
    return page


def of_csrf(error: CSRFError) -> Any:
    """A token that is missing or of an earlier session; the sign-in page simply comes again with a new
    one.
    """
    if request.endpoint == "login":
        return sign_in.page(_("This page was open for too long. Please try again."), 400)
    return answer(400, *OLD_PAGE)


def of_refusal(refusal: Refusal) -> Any:
    """What one may not do: why, and who could."""
    return answer(
        403,
        NOT_NOW if refusal.kind in ("state", "guard") else "",
        refusal.message,
        refusal.who,
        refusal.see or refusal.record,
    )


def of_database(error: SQLAlchemyError) -> Any:
    """A locked, full or unreachable database: nothing was saved, trying again helps. A wrong statement of
    ours is no such case.
    """
    log(error)
    said = str(getattr(error, "orig", "")).lower()
    if any(mark in said for mark in ("disk is full", "no space left")):
        return answer(503, message=_(NO_ROOM.text))
    return answer(500 if any(mark in said for mark in ("no such", "syntax error", "no column")) else 503)


def of_twice(error: IntegrityError) -> Any:
    """What only one may have and another has got meanwhile, again and again; anything else that a table
    refuses is a fault of ours.
    """
    log(error)
    return answer(409, NOT_NOW, AT_ONCE) if again.crossed(error) else answer(500)


def of_disk(error: OSError) -> Any:
    """A full disk; any other fault of the system is an error like others."""
    log(error)
    if error.errno not in FULL:
        return answer(500)
    return answer(503, message=_(NO_ROOM.text))


def log(error: Exception) -> None:
    """The fault with where it arose, but not the values of its statement: they are people's data."""
    reason = getattr(error, "orig", None) or error
    where = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error(
        "%s %r: %s: %s\n%s", request.method, request.path, type(error).__name__, reason, where
    )


HANDLERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (HTTPException, of_http),
    (CSRFError, of_csrf),
    (Refusal, of_refusal),
    (IntegrityError, of_twice),
    (OperationalError, of_database),
    (NoConnection, of_database),
    (OSError, of_disk),
)


def init(app: Flask) -> None:
    """Register the pages."""
    for kind, handler in HANDLERS:
        app.register_error_handler(kind, handler)
