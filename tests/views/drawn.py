"""What the pages draw for somebody to send: forms with their boxes, hidden values included, and the links
beside them.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Pairs = list[tuple[str, str]]


@dataclass
class Letter:
    """A request as a browser would send it from a page."""

    method: str
    path: str
    query: Pairs = field(default_factory=list)
    boxes: Pairs = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """A page read for its forms and links."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address, self.links, self.letters = address, [], []
        self.open: Letter | None = None
        self.select = ""
        self.feed(html)

    links: list[str]
    letters: list[Letter]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Forms, their boxes, and links."""
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and has.get("href", "").startswith(("/", "?")):
            self.links.append(
                has["href"] if has["href"].startswith("/") else self.address.partition("?")[0] + has["href"]
            )
        elif tag == "form":
            self.open = Letter(has.get("method", "get").upper(), has.get("action") or self.address)
            self.letters.append(self.open)
        elif self.open is not None and tag in ("input", "textarea", "button", "select") and has.get("name"):
            if has.get("type") == "file":
                self.open.files.append(has["name"])
            elif tag == "select":
                self.select = has["name"]
            else:
                self.open.boxes.append((has["name"], has.get("value", "")))
        elif self.open is not None and tag == "option" and self.select:
            self.open.boxes.append((self.select, has.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """A form's end."""
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
