"""Texts that strangers send take time in proportion to their length, whatever stands in them: nothing that
reads one goes over it again and again.
"""

import importlib
import pkgutil
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app.workbook
import models.estate
from app.act import search
from app.declare import kind
from app.ground import text
from app.workbook import sheet_cells
from app.workbook.sheet_cells import folded
from app.workbook.sheet_reader import SIGNS_MOST, Cell, Sheet
from app.workbook.sheet_tables import Column, find_tables
from models.estate import register_columns, register_place, register_roles, register_vehicles

MODULES = [
    importlib.import_module(f"{package.__name__}.{module.name}")
    for package, beginning in ((app.workbook, "sheet_"), (models.estate, "register_"))
    for module in pkgutil.iter_modules(package.__path__)
    if module.name.startswith(beginning)
]
PIECES = [
    *"0129AaxX -./,、;:：()（）[]#+*※'\n\t元月年日第页注号栋楼单室期区东一如E",
    "/月",
    "(如",
    "(格式",
    "m2",
    "公司",
    "单元",
    "业主",
    "备注",
    "第1页",
    "13812345678 ",
    "3-",
    "1.",
    "栋1-",
    "86 ",
    ") ",
    "( ",
    "注1 ",
    "a1:",
]
BEGINNINGS = [
    "",
    "注",
    "第1页",
    "2020",
    "2020-1",
    "2020-1-1",
    "1",
    "(",
    "3栋",
    "13812345678",
    "a",
    "业主",
    "A",
    "*",
    "86",
    "元",
]
BOUND = 0.4  # seconds of the processor for the longest text; twice over it would take 4 and more
OF_ONE_LINE = (
    Column("title", ("书名",), sheet_cells.parse_text, key=True),
    Column("reader", ("读者",), sheet_cells.parse_text),
)


def _cell(parse: Callable[[Cell], Any]) -> Callable[[str], Any]:
    return lambda said: parse(Cell("S", 1, "A", said))


def _table(said: str) -> Any:
    rows = [["书名", "读者"], [said, None], [None, said], [said, said]]
    return find_tables(Sheet("S", False, [list(row) for row in rows]), OF_ONE_LINE)


def _head(said: str) -> Any:
    return find_tables(
        Sheet("S", False, [[said, said], [said, "读者"], ["书名", "读者"], ["a", "b"]]), OF_ONE_LINE
    )


def _patterns(module: Any) -> dict[str, Callable[[str], Any]]:
    """What the module's own patterns make of a text, tried from its beginning and anywhere in it."""
    patterns: dict[str, Callable[[str], Any]] = {}
    for name, pattern in vars(module).items():
        if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
            patterns[f"{module.__name__}.{name}"] = pattern.fullmatch
    return patterns


READERS: dict[str, Callable[[str], Any]] = {
    **{
        name: _cell(value)
        for module in MODULES
        for name, value in vars(module).items()
        if name.startswith("parse_")
    },
    **{
        name: pattern
        for module in (*MODULES, kind, search, text)
        for name, pattern in _patterns(module).items()
    },
    "choice": _cell(register_columns.READERS["kind"]),
    "folded": folded,
    "table": _table,
    "head": _head,
    "place_in": register_place.place_in,
    "legend": lambda said: register_roles.legend_in([said]),
    "plates": register_vehicles._plates,
    "question": search.understand,
    "tokens": lambda said: list(search.split(said)),
    "clean": text.clean,
}


def took(reader: Callable[[str], Any], said: str) -> float:
    """Seconds of the processor."""
    began = time.thread_time()
    reader(said)
    return time.thread_time() - began


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60)
@given(
    st.sampled_from(BEGINNINGS),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=2),
    st.sampled_from(["", "x", ")", "!", "1"]),
)
def test_time_grows_with_the_length_and_no_faster(
    name: str, beginning: str, again: list[str], ending: str
) -> None:
    """At each length ten times the one before, so that what doubles with every sign is found before it takes
    for ever.
    """
    piece = "".join(again)
    for length in (30, 300, 3_000, SIGNS_MOST):
        said = beginning + piece * (length // len(piece)) + ending
        assert took(READERS[name], said) < BOUND * max(length / SIGNS_MOST, 0.1), (name, length, said[:60])
