"""Bringing a sheet in over HTTP as a person does: what a preview shows, choosing in it, and its buttons."""

import io
import json
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
from flask.testing import FlaskClient
from sending import token
from werkzeug.datastructures import MultiDict


def book(*rows: Sequence[Any], **sheets: list[list[Any]]) -> bytes:
    """A workbook of these rows; further sheets by their names."""
    made, data = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)  # type: ignore[union-attr]
    for name, lines in sheets.items():
        page = made.create_sheet(name)
        for row in lines:
            page.append(row)
    made.save(data)
    return data.getvalue()


class Choice:
    """A choice list of a preview: which line it stands in, its options by their texts, what is chosen."""

    def __init__(self, name: str, line: str) -> None:
        self.name, self.line = name, line
        self.options: dict[str, str] = {}
        self.value = ""


class Shown(HTMLParser):
    """A preview's form, as a browser would send it."""

    def __init__(self, client: FlaskClient, form: str, answer: Any) -> None:
        super().__init__()
        self.client, self.form, self.answer, self.text = client, form, answer, answer.text
        self.sent: list[tuple[str, str] | Choice] = []
        self.inside = self.option = False
        self.row = self.value = ""
        self.marked = False
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = about.get("class") == "bringing"
        elif tag in ("tr", "td"):
            self.row = "" if tag == "tr" else self.row + " "
        elif self.inside and tag == "input":
            self.sent.append((about["name"], about.get("value", "")))
        elif self.inside and tag == "select":
            self.sent.append(Choice(about["name"], " ".join(self.row.split())))
        elif self.inside and tag == "option":
            self.option, self.value, self.marked = True, about["value"], "selected" in about
            if self.marked:
                self._choice.value = self.value

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.option = self.option and tag != "option"

    def handle_data(self, data: str) -> None:
        if self.option:
            self._choice.options[data.strip()] = self.value
        else:
            self.row += data

    @property
    def _choice(self) -> Choice:
        return next(part for part in reversed(self.sent) if isinstance(part, Choice))

    @property
    def choices(self) -> Iterator[Choice]:
        """All choice lists."""
        return (part for part in self.sent if isinstance(part, Choice))

    @property
    def buttons(self) -> list[str]:
        """What its buttons say."""
        main = self.text[self.text.index("<main") :]
        return [
            re.sub(r"<[^>]+>", "", text).strip() for text in re.findall(r"<button[^>]*>(.*?)</button>", main)
        ]

    @property
    def asks(self) -> list[str]:
        """The lines of heads that nobody knows."""
        return [choice.line for choice in self.choices if choice.value == "?"]

    def choose(self, head: str, said: str) -> "Shown":
        """Choose in the line of a head or code."""
        choice = next(
            choice
            for choice in self.choices
            if re.search(rf"(^|[A-Z]+ |“){re.escape(head)}( |”|$)", choice.line)
        )
        choice.value = choice.options[said]
        return self

    def press(self, **button: str) -> Any:
        """Send the form by a button."""
        fields: MultiDict[str, str] = MultiDict([("csrf_token", token(self.client, "/profile"))])
        for part in self.sent:
            name, value = (part.name, part.value) if isinstance(part, Choice) else part
            if name != "csrf_token":
                fields.add(name, value)
        for name, said in button.items():
            fields[name] = said
        return self.client.post(f"/admin/{self.form}/import/", data=fields)

    def read(self) -> "Shown":
        """Have it read as chosen."""
        return Shown(self.client, self.form, self.press(read="1"))


def upload(client: FlaskClient, form: str, data: bytes, name: str = "a.xlsx", **more: str) -> Shown:
    """Choose a sheet and have it read."""
    sent = {"csrf_token": token(client, "/profile"), "sheet": (io.BytesIO(data), name), **more}
    return Shown(client, form, client.post(f"/admin/{form}/import/", data=sent))


def command(app: Any, folder: Path, form: str, data: bytes, *options: str, name: str = "a.xlsx") -> Any:
    """What ``import`` says of a sheet."""
    file = folder / name
    file.write_bytes(data)
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["import", form, str(file), "--json", *options])
    return json.loads(result.output)
