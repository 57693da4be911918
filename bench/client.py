"""One browser's worth of HTTP: a keep-alive connection with cookies, and the boxes of a page's forms as
nobody filled them in.
"""

import html.parser
import http.client
import http.cookies
import time
import urllib.parse
from collections.abc import Mapping
from typing import Any


class Boxes(html.parser.HTMLParser):
    """What a browser would send for each form of a page if nobody typed anything."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.select: str | None = None
        self.area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        """Keep an input's, a select's or a text's starting value."""
        has = dict(pairs)
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        boxes, name, kind = self.forms[-1], has.get("name"), has.get("type")
        if tag == "input" and name and kind not in ("submit", "button", "file", "reset"):
            if kind not in ("checkbox", "radio") or "checked" in has:
                boxes[name] = has.get("value") or ("on" if kind == "checkbox" else "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in has or self.select not in boxes):
            boxes[self.select] = has.get("value") or ""
        elif tag == "textarea" and name:
            self.area, boxes[name] = name, ""

    def handle_data(self, data: str) -> None:
        """A text's own text."""
        if self.area:
            self.forms[-1][self.area] += data.lstrip("\r\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave a select or a text."""
        self.select = None if tag == "select" else self.select
        self.area = None if tag == "textarea" else self.area

    def of(self, wanted: Mapping[str, Any]) -> dict[str, str]:
        """The form that has most of these boxes."""
        return dict(max(self.forms, key=lambda form: len(form.keys() & wanted.keys()), default={}))


class Client:
    """A connection to a server of this machine. Redirects aren't followed."""

    def __init__(self, port: int) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=900)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, boxes: Mapping[str, Any] | None = None) -> tuple[float, int, bytes]:
        """Seconds, status and body; a connection that was dropped while idle is opened again, outside the
        clock.
        """
        heads = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": "text/html,*/*",
        }
        body = None if boxes is None else urllib.parse.urlencode(boxes, doseq=True)
        if body is not None:
            heads["Content-Type"] = "application/x-www-form-urlencoded"
        for last in (False, True):
            start = time.perf_counter()
            try:
                self.link.request("GET" if body is None else "POST", path, body, heads)
                answer = self.link.getresponse()
                text = answer.read()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.link.close()
                if last:
                    raise
        spent = time.perf_counter() - start
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.update(
                {name: morsel.value for name, morsel in http.cookies.SimpleCookie(line).items()}
            )
        return spent, answer.status, text

    def submit(self, path: str, typed: Mapping[str, Any]) -> tuple[float, int, bytes]:
        """Load a form (not timed), fill it in and send it (timed)."""
        page = self.ask(path)[2].decode()
        return self.ask(urllib.parse.urlsplit(path).path, {**Boxes(page).of(typed), **typed})

    def sign_in(self, username: str, password: str) -> None:
        """Sign in at ours. Raises RuntimeError where it is refused."""
        status = self.submit("/login", {"username": username, "password": password})[1]
        if status not in (302, 303):
            raise RuntimeError(f"sign-in answered {status}")
