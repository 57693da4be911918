"""Every icon that a page or a form names is there; one that a form misspells stops the start with the right
word.
"""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.declare.record import registry
from app.ground.spelling import DeclarationError
from views import icons

ROOT = Path(__file__).parent.parent.parent


def test_every_icon_that_is_named_is_there() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "views").glob("*.py")]
    named = {name for file in files for name in re.findall(r"\bicon\([\"'](\w+)[\"']\)", file.read_text())}
    drawn = {file.stem for file in (ROOT / "templates" / "icons").glob("*.svg")}
    assert named
    assert named | {cls.icon for cls in registry.values()} <= drawn


def test_a_misspelt_one_stops_the_start() -> None:
    app = Flask("shop", template_folder=str(ROOT / "templates"))
    with pytest.raises(DeclarationError, match="'wrnech'; did you mean 'wrench'"):
        icons.icons_of(app, ["wrnech"])
