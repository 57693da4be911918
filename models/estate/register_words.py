"""The words of registers, out of their data file: what a head or a word is known as, and what it may be."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.workbook.sheet_cells import folded

_DATA: dict[str, Any] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")  # beside this file, by its name
)
_PARTS = re.compile(r"[^()|]+|[()|]")


def _all_of(words: str) -> Iterator[str]:
    """Every word that a line of the file stands for."""
    while (named := re.search(r"<(\w+)>", words)) is not None:
        words = words.replace(named[0], _DATA["sets"][named[1]])
    for word in words.split():
        yield from _alternatives(_PARTS.findall(word))[0]


def _alternatives(parts: list[str]) -> tuple[list[str], list[str]]:
    """The words that signs stand for up to a closing bracket, and the signs behind it."""
    told: list[str] = []
    each = [""]
    while parts and parts[0] != ")":
        sign, *parts = parts
        if sign == "|":
            told, each = told + each, [""]
            continue
        inner = [sign]
        if sign == "(":
            inner, parts = _alternatives(parts)
            parts = parts[1:]
        each = [before + after for before in each for after in inner]
    return told + each, parts


def plain(word: str) -> str:
    """A word without what people write differently; a sign alone, such as √, is itself."""
    return folded(word) or word.strip()


def _by_word(lines: Mapping[str, str]) -> dict[str, str]:
    """What each word stands for; of two that say the same word the first one."""
    known: dict[str, str] = {}
    for meaning, words in lines.items():
        known.setdefault(plain(meaning), meaning)
        for word in _all_of(words):
            known.setdefault(plain(word), meaning)
    return known


HEADS = _by_word(_DATA["heads"])
APART = frozenset(map(plain, _all_of(f"({_DATA['groups']['apart']})")))
CODES = {field: _by_word(lines) for field, lines in _DATA["words"].items()}
PENDING, EMPTY, NOBODY, ABOVE, ELSEWHERE, SURNAMES = (
    frozenset(_all_of(_DATA["nothing"][name]))
    for name in ("pending", "empty", "nobody", "above", "elsewhere", "surnames")
)
