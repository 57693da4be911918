"""Commands on a database that isn't there, is empty, older or newer: a sentence and 1, with ``--json`` JSON,
and never a traceback.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from wsgi import create_app

COMMANDS = (
    ("user", "add", "wang", "--name", "王", "--role", "manager", "--office-name", "澄园"),
    ("user", "disable", "wang"),
    ("user", "password", "wang"),
    ("import", "owner_register", "{sheet}"),
    ("import", "owner_register", "{sheet}", "--json"),
    ("export", "work_order", "--out", "{out}"),
    ("history", "verify"),
    ("history", "verify", "--json"),
    ("history", "rotate"),
    ("demo",),
    ("demo", "--if-empty"),
    ("recount",),
    ("upkeep",),
    ("serve",),
)
Site = Callable[[str], Flask]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An application on the database of an address."""
    (tmp_path / "sheet.xlsx").write_bytes(b"no sheet")

    def made(url: str) -> Flask:
        return create_app({"DATABASE_URL": url, "DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": "k" * 40})

    return made


def told(app: Flask, command: tuple[str, ...], folder: Path) -> str:
    """The sentence a command ends with."""
    words = [word.format(sheet=folder / "sheet.xlsx", out=folder / "out.xlsx") for word in command]
    ran = app.test_cli_runner().invoke(args=words)
    assert ran.exit_code == 1, ran.output
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    assert "Traceback" not in ran.output
    if "--json" in command:
        sentence = json.loads(ran.stdout)["error"]
    else:
        sentence = ran.output
        assert sentence.startswith("Error: "), sentence
    assert re.search("[\u4e00-\u9fff]", sentence), sentence
    return str(sentence)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nobody_answers_at_the_database_s_address(
    site: Site, tmp_path: Path, command: tuple[str, ...]
) -> None:
    sentence = told(site("postgresql://guanjia:hush@127.0.0.1:1/guanjia"), command, tmp_path)
    assert "127.0.0.1:1" in sentence
    assert "hush" not in sentence


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_empty_database(site: Site, tmp_path: Path, command: tuple[str, ...]) -> None:
    assert "db upgrade" in told(site(f"sqlite:///{tmp_path / 'empty.db'}"), command, tmp_path)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_of_an_older_version(site: Site, tmp_path: Path, command: tuple[str, ...]) -> None:
    assert "db upgrade" in told(at(site, tmp_path, "0001"), command, tmp_path)


def test_a_database_of_a_newer_version(site: Site, tmp_path: Path) -> None:
    app = at(site, tmp_path, "head")
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'fedcba987654'"))
    engine.dispose()
    assert "fedcba987654" in told(app, ("history", "verify"), tmp_path)


@pytest.mark.parametrize(
    "url", ["sqlite:///{folder}/data", "sqlite:///{folder}/sheet.xlsx"], ids=["a folder", "no database"]
)
def test_what_is_no_database(site: Site, tmp_path: Path, url: str) -> None:
    assert told(site(url.format(folder=tmp_path)), ("history", "verify"), tmp_path)


@pytest.mark.parametrize("command", [("forms", "--json"), ("duties", "--json")], ids=" ".join)
def test_what_needs_no_database_works_without(site: Site, command: tuple[str, ...]) -> None:
    assert (
        site("postgresql://guanjia@127.0.0.1:1/guanjia").test_cli_runner().invoke(args=command).exit_code == 0
    )


@pytest.mark.parametrize("command", [("upgrade",), ("current",)], ids=" ".join)
def test_migrating_what_isn_t_there(site: Site, tmp_path: Path, command: tuple[str, ...]) -> None:
    assert "127.0.0.1:1" in told(
        site("postgresql://guanjia:hush@127.0.0.1:1/guanjia"), ("db", *command), tmp_path
    )


@pytest.mark.parametrize(
    "command",
    [("import", "nothing", "{sheet}", "--json"), ("history", "verify", "nothing", "--json")],
    ids=" ".join,
)
def test_what_a_command_refuses_is_json_where_that_was_asked(
    site: Site, tmp_path: Path, command: tuple[str, ...]
) -> None:
    assert "nothing" in told(at(site, tmp_path, "head"), command, tmp_path)


def at(site: Site, folder: Path, revision: str) -> Any:
    """An application whose database was brought to a revision."""
    app = site(f"sqlite:///{folder / 'there.db'}")
    assert app.test_cli_runner().invoke(args=["db", "upgrade", revision]).exit_code == 0
    return app
