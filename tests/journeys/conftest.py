"""The real server, on a demo estate of its own, and a browser in front of it."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe import Seen
from playwright.sync_api import Browser, Page, sync_playwright
from serving import Server

CHROMIUM = next(
    (
        program
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (program := shutil.which(name))
    ),
    None,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives a browser; without one it says so, and in the checks that is a failure."""
    for item in items:
        if "journeys" in str(item.path):
            item.add_marker(pytest.mark.journeys)
            if CHROMIUM is None and os.environ.get("REQUIRE_BROWSER") != "1":
                item.add_marker(pytest.mark.skip(reason="no Chromium is found"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with a small demo estate."""
    assert CHROMIUM, "REQUIRE_BROWSER is set and no Chromium is found"
    running = Server(tmp_path_factory.mktemp("server"))
    for command in (["db", "upgrade"], ["demo", "--units", "240", "--records", "400"]):
        done = running.flask(*command)
        assert done.returncode == 0, done.stderr
    try:
        yield running.start().address
    finally:
        running.end()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What axe has found nothing on in this run."""
    own = tmp_path_factory.getbasetemp()
    return Seen((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "axe")


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(server: str, browser: Browser) -> Iterator[SignIn]:
    """A page of somebody who has signed in; at desk or phone size."""
    contexts = []

    def enter(username: str, width: int = 1440, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", base_url=server, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", "guanjia-demo")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    yield enter
    for context in contexts:
        context.close()
