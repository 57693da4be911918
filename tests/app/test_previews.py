"""Sheets that were looked at and not brought in: few of each person, few in all, none for long."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.ground import upkeep
from app.sheets import previews


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where they lie."""
    app = Flask("previews")
    app.config["SETTINGS"] = SimpleNamespace(data_dir=tmp_path)
    with app.app_context():
        yield tmp_path / "imports"


def person(key: int) -> Any:
    """Somebody."""
    return SimpleNamespace(id=key)


def keep(data: bytes, key: int, age: float = 0.0) -> str:
    """A sheet that was looked at so many seconds ago."""
    token = previews.keep(data, person(key), "key")
    then = time.time() - age
    os.utime(previews._place(token, person(key), "key"), (then, then))
    return token


def test_a_sheet_is_its_persons_alone_and_gone_once_it_was_brought_in(folder: Path) -> None:
    token = keep(b"sheet", 7)
    assert previews.kept(token, person(7), "key") == b"sheet"
    assert previews.kept(token, person(8), "key") is None
    assert previews.kept(token, person(7), "unit") is None
    assert previews.kept("../../secret_key", person(7), "key") is None
    previews.drop(token, person(7), "key")
    assert previews.kept(token, person(7), "key") is None
    assert list(folder.iterdir()) == []


def test_each_persons_last_ones_are_kept(folder: Path) -> None:
    tokens = [keep(b"x", 7, age=100 - at) for at in range(10)]
    other = keep(b"y", 8, age=300)
    previews.tidy_up()
    assert [previews.kept(token, person(7), "key") is not None for token in tokens] == [False] * (
        10 - previews.EACH
    ) + [True] * previews.EACH
    assert previews.kept(other, person(8), "key") == b"y"


def test_none_is_kept_for_long_though_nobody_sends_another(folder: Path) -> None:
    old, new = keep(b"old", 7, age=previews.AGE + 1), keep(b"new", 8, age=10)
    assert "tidy_up" in upkeep.chores
    upkeep.chores["tidy_up"].do()
    assert previews.kept(old, person(7), "key") is None
    assert previews.kept(new, person(8), "key") == b"new"


def test_the_lines_to_mend_are_counted_apart_and_kept_for_a_day(folder: Path) -> None:
    rest = previews.keep(b"rest", person(7), f"key.{previews.REST}")
    then = time.time() - 23 * 3600
    os.utime(previews._place(rest, person(7), f"key.{previews.REST}"), (then, then))
    tokens = [keep(b"x", 7, age=100 - at) for at in range(10)]
    previews.tidy_up()
    assert previews.kept(rest, person(7), f"key.{previews.REST}") == b"rest"
    assert sum(previews.kept(token, person(7), "key") is not None for token in tokens) == previews.EACH
    then = time.time() - 25 * 3600
    os.utime(previews._place(rest, person(7), f"key.{previews.REST}"), (then, then))
    previews.tidy_up()
    assert previews.kept(rest, person(7), f"key.{previews.REST}") is None


def test_all_of_them_stay_within_bounds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "BYTES", 5_000)
    for key in range(100):
        keep(b"x" * 1_000, key)
    assert len(list(folder.iterdir())) == 5
    monkeypatch.setattr(previews, "BYTES", 10**9)
    for key in range(100):
        keep(b"x", key)
    assert len(list(folder.iterdir())) == previews.ALL
