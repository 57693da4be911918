"""A proxy in front that PROXY_COUNT doesn't know of: whoever keeps the office's settings is told at home, and
only they.
"""

from collections.abc import Callable

from flask.testing import FlaskClient

THROUGH = {"X-Forwarded-For": "203.0.113.9"}


def test_a_proxy_that_nobody_told_of_is_told_at_home(as_user: Callable[[str], FlaskClient]) -> None:
    manager, desk = as_user("manager"), as_user("frontdesk")
    assert "PROXY_COUNT" in manager.get("/", headers=THROUGH).text
    assert "PROXY_COUNT" not in manager.get("/").text
    assert "PROXY_COUNT" not in desk.get("/", headers=THROUGH).text
    assert (
        "PROXY_COUNT" not in manager.get("/", headers=THROUGH, environ_base={"REMOTE_ADDR": "9.9.9.9"}).text
    )
