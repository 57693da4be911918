"""What a cell of a hand-made sheet says, and whether it says anything; never changed in silence.

A problem is what would lose or falsify something; a notice is what comes in as written but should be looked
at. No message quotes what is personal.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from app.ground.language import gettext as _
from app.ground.text import clean
from app.workbook.sheet_reader import Cell

PROBLEM, NOTICE = "problem", "notice"
SHORT = 60  # characters up to which a text is kept folded for the next time
SEVERAL = re.compile(r"[/、,，;；|\n]+")
NOTHING = frozenset(
    {
        "-",
        "--",
        "---",
        "—",
        "——",
        "/",
        "\\",
        "无",
        "暂无",
        "没有",
        "空",
        "n/a",
        "na",
        "null",
        "none",
        "未知",
        "不详",
        "0000-00-00",
    }
)
_FAULTS = frozenset({"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_BRACKETED = re.compile(r"\(((?:[^()]|\([^()]*+\))*+)\)")
_HINTS = frozenset({"m2", "㎡", "m²", "平方米", "平米", "元", "必填", "选填", "可选", "*"})


class Parsed(NamedTuple):
    """What a cell says: the value (None for nothing), and what is to be said about it."""

    value: Any = None
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell of a cell or row: ``level`` is ``problem`` (put it right first) or ``notice``; row 0
    is the whole sheet or file.
    """

    sheet: str
    row: int
    column: str
    message: str
    level: str


Parser = Callable[[Cell], Parsed]


def flat(cell: Cell) -> str:
    """The cell as text on its own: half-width, no control characters, a whole number without ``.0``, line
    breaks kept.
    """
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value.strip()
        if value.isprintable():  # neither controls nor direction marks nor foreign spaces
            return unicodedata.normalize("NFKC", value).strip()
        return clean(unicodedata.normalize("NFKC", value)).replace("\u200b", "").strip()
    return _written(value)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == datetime.min.time()
            else value.isoformat(" ", "minutes")
        )
    return str(value)


def is_nothing(text: str) -> bool:
    """Whether a text only says that there is nothing: a dash, 无, N/A."""
    return not text or (len(text) <= 10 and text.lower() in NOTHING)


def fault_of(text: str) -> Parsed | None:
    """What a formula's error in a cell comes to."""
    if text[:1] == "#" and text in _FAULTS:
        return Parsed(
            None,
            (_("The formula gives an error (%(error)s). Put the value itself in the cell.", error=text),),
        )
    return None


def parse_text(cell: Cell) -> Parsed:
    """A text as written: spaces around it and control characters go, full-width signs and leading zeros
    stay.
    """
    if isinstance(cell.value, str):
        written = cell.value.strip() if cell.value.isprintable() else clean(cell.value)
        return fault_of(written) or Parsed(written or None)
    return Parsed(flat(cell) or None)


def folded(text: str) -> str:
    """A text without what people write differently: width, case, spaces, punctuation, units, what stands in
    brackets.
    """
    return _folded_again(text) if len(text) <= SHORT else _folded(text)


def _folded(text: str) -> str:
    text = _BRACKETED.sub(_without_hint, unicodedata.normalize("NFKC", text).lower())
    return re.sub(r"[\s\W_]+|㎡|m²|m2", "", text)


_folded_again = lru_cache(maxsize=4096)(_folded)


def _without_hint(bracketed: re.Match[str]) -> str:
    """Nothing where what stands in brackets is a unit, or says how to fill the column in."""
    said = bracketed[1]
    hint = said in _HINTS or said.startswith(("元/", "yuan")) or "格式" in said or "如" in said
    return "" if hint else bracketed[0]
