"""Proxies in front, and whose address a request comes from."""

import logging
from ipaddress import ip_address
from typing import Any

from flask import Flask, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.ground import given

log = logging.getLogger("guanjia.proxies")


def address() -> str:
    """Where a request comes from, for counting tries.

    A proxy that nobody told of hides everybody behind one address. There the last one it forwards counts too:
    were it made up, the tries under each name would still be counted, and nobody shuts out all the others.
    """
    peer = request.remote_addr or "nowhere"
    return f"{peer} {_forwarded()[-60:]}" if hidden() else peer


def hidden() -> bool:
    """Whether this request came through a proxy that PROXY_COUNT doesn't know of."""
    return (
        not current_app.config["SETTINGS"].proxy_count
        and bool(_forwarded())
        and _near(request.remote_addr or "")
    )


def _forwarded() -> str:
    return given.header("X-Forwarded-For").rpartition(",")[2].strip()


def _near(peer: str) -> bool:
    try:
        return ip_address(peer).is_private
    except ValueError:
        return False


def init(app: Flask) -> None:
    """Believe as many proxies as the settings say; of one they don't know the log tells once."""
    count = app.config["SETTINGS"].proxy_count
    if count:
        # The host isn't taken from the proxy's word: it is to pass the Host header on.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
        return
    told: list[Any] = []

    def tell() -> None:
        if not told and hidden():
            told.append(request.remote_addr)
            log.warning(
                "requests come through a proxy at %s, but PROXY_COUNT is 0: set it to the number of proxies"
                " in front, or else all people count as one address",
                request.remote_addr,
            )

    app.before_request(tell)
