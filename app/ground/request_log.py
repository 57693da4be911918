"""One line a request on standard error, each with an id that the answer and the error page carry too; and
``/health``.

A line never holds what stands behind the ``?`` of an address: people search for names and phones there.
"""

import logging
import re
import time
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, g, has_request_context, jsonify, request
from flask.logging import default_handler, wsgi_errors_stream
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.ground import given
from app.ground.database import db

NAMED = re.compile(r"[A-Za-z0-9_.-]{6,64}")

log = logging.getLogger("guanjia.request")


class _WithId(logging.Filter):
    """Gives every line written during a request that request's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a line."""
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return True


def _begin() -> None:
    g.begun = time.perf_counter()
    named = given.header("X-Request-ID") if current_app.config["SETTINGS"].proxy_count else ""
    g.request_id = named if NAMED.fullmatch(named) else uuid.uuid4().hex[:12]


def _end(response: Response) -> Response:
    if "request_id" not in g:
        _begin()
    response.headers["X-Request-ID"] = g.request_id
    took = (time.perf_counter() - g.begun) * 1000
    who: Any = g.get(
        "_login_user"
    )  # only if somebody asked: a line of the log is no reason to ask the database
    user = getattr(who, "username", "-")
    path = quote(request.path[:300], safe="/-_.~!*'():@,;=+$&")
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    log.info(
        "%s %s %s %s %s %s %.1fms",
        now,
        g.request_id,
        quote(str(user)),
        request.method,
        path,
        response.status_code,
        took,
    )
    return response


def health() -> tuple[Response, int]:
    """Whether the application and its database answer; for a proxy or a watchdog, without a login."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        log.exception("health: the database doesn't answer")
        return jsonify(status="database"), 503
    return jsonify(status="ok"), 200


def init(app: Flask) -> None:
    """Log every request of an application."""
    if not log.handlers:
        stream: Any = wsgi_errors_stream
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)
        log.propagate = False
        default_handler.addFilter(_WithId())
        default_handler.setFormatter(
            logging.Formatter("%(asctime)s %(request_id)s %(levelname)s %(name)s: %(message)s")
        )
    log.setLevel(app.config["SETTINGS"].log_level)
    app.logger.setLevel(app.config["SETTINGS"].log_level)
    app.before_request(_begin)
    app.after_request(_end)
    app.add_url_rule("/health", "health", health)
