"""Every example of docs/declaring.md is a form of this library: built, with its tables, and opened. Run by
tests/test_declaring.py in a process of its own.
"""

import re
from collections.abc import Callable
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from conftest import token
from flask import Flask
from flask.testing import FlaskClient

from app.declare.ledger import Ledger
from app.declare.record import registry

PAGE = (Path(__file__).parents[2] / "docs" / "declaring.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```python(?: (form))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def built() -> list[str]:
    """The names of the forms that the page declares; an example of a form's body stands in one that begins as
    the page's ``Mending`` does.
    """
    before, space, ground, at = set(registry), {"__name__": __name__}, "", 0
    for match in FENCED.finditer(PAGE):
        line = PAGE.count("\n", 0, match.start()) + 1
        source = match[2]
        if match[1] == "form":
            at += 1
            title = f'code="EX-{at}", title=("例", "Example"), prefix="E{at}", part=LIBRARY'
            body = indent(source.replace('"Mending"', f'"Example{at}"'), "    ")
            source = f"class Example{at}(Form, {title}):\n{ground}{body}"
            line -= source.count("\n", 0, source.index(body))
        elif "class Mending" in source:
            ground = source[source.index("    book:") :]
        exec(compile("\n" * line + source, "docs/declaring.md", "exec", dont_inherit=True), space)
    return [name for name in registry if name not in before]


FORMS = built()


def test_the_page_has_examples() -> None:
    assert len(FORMS) > 12


@pytest.mark.parametrize("name", FORMS)
def test_its_screens_open(app: Flask, as_user: Callable[[str], FlaskClient], name: str) -> None:
    client, cls = as_user("libby" if name == "shelf" else "clara"), registry[name]
    place = f"/admin/{name}/"
    assert client.get(place).status_code == 200
    page = client.get(f"{place}new/")
    if issubclass(cls, Ledger):
        assert page.status_code == 403
        return
    assert page.status_code == 200
    for field in cls.fields.values():
        assert field.by_step or field.worked_out or str(field.label) in page.text


@pytest.mark.parametrize("name", [name for name in FORMS if name.startswith("example")])
def test_a_record_is_made_and_goes_its_way(
    app: Flask, as_user: Callable[[str], FlaskClient], name: str
) -> None:
    """With what is needed typed; each step that is offered has its dialog."""
    client, place = as_user("clara"), f"/admin/{name}/"
    boxes: dict[str, Any] = {
        "book": "Water Margin",
        "floor": "Ground floor",
        "cover": "paper",
        "kind": "cloth",
    }
    boxes |= {"ready_on": "2026-12-20", "csrf_token": token(client)}
    made = client.post(f"{place}new/", data=boxes)
    assert made.status_code == 302, made.text
    page = client.get(made.headers["Location"])
    assert page.status_code == 200
    assert "Water Margin" in page.text
    for step in re.findall(rf"{place}step/(\w+)/", page.text):
        key = made.headers["Location"].rsplit("=", 1)[1]
        assert client.get(f"{place}step/{step}/?id={key}").status_code == 200
