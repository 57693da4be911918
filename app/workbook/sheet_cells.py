"""What a cell of a hand-made sheet means: texts, names, days, decimals, choices; never changed in silence.

A problem is what would lose or falsify something; a notice is what comes in as written but should be looked
at. No message quotes what is personal.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from app.ground.language import gettext as _
from app.ground.names import fault_of_name
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
# A run of spaces is taken whole: tried at each of its lengths, a long one would take for ever.
_DAY = re.compile(
    r"(\d{4})\s*+[-./年\\]\s*+(\d{1,2})(?:\s*+[-./月\\]\s*+(\d{1,2})(?:\s*+[日号])?|\s*+月)?"
    r"(?:\s++\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_PACKED_DAY = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_AMOUNT = re.compile(
    r"([-+\d.,]*+)(?:元|人民币|RMB|平方米|平米|平方|m2|㎡|每月|个月|月|·|/|m²)*+", re.IGNORECASE
)  # and its units
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


def parse_name(cell: Cell) -> Parsed:
    """A person's name: a text that holds no telephone, ID number or day."""
    read = parse_text(cell)
    fault = fault_of_name(read.value or "")
    return Parsed(None, (fault,)) if fault else read


def parse_day(cell: Cell) -> Parsed:
    """A day from Excel's date or serial number, ``2020年3月5日``, ``2020.3.5`` or ``20200305``; a month
    alone is its first day.
    """
    value, text = cell.value, flat(cell)
    if isinstance(value, datetime):
        return Parsed(value.date())
    if isinstance(value, date):
        return Parsed(value)
    if is_nothing(text) or fault_of(text):
        return fault_of(text) or Parsed()
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 10_000 <= value < 80_000:
        return Parsed(date(1899, 12, 30) + timedelta(days=int(value)))
    if re.fullmatch(r"\d{5}(\.0)?", text):
        return Parsed(
            date(1899, 12, 30) + timedelta(days=int(text[:5])),
            (),
            (_("A number was read as a day of Excel's; please check."),),
        )
    found = _DAY.fullmatch(text) or _PACKED_DAY.fullmatch(text)
    if found is None:
        return _no_day()
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if isinstance(value, float) and month == 1:
        return Parsed(
            None,
            (
                _(
                    "Excel keeps January and October alike as this number. Write it as 2020-10 in a cell of"
                    " text."
                ),
            ),
        )
    try:
        read = date(year, month, day or 1)
    except ValueError:
        return Parsed(None, (_("There is no such day as %(day)s.", day=text[:30]),))
    return Parsed(read, (), () if day else (_("Only the month is given; the first of it is taken."),))


def _no_day() -> Parsed:
    return Parsed(None, (_("This is not a day. Write it as 2020-03-05."),))


def parse_decimal(cell: Cell) -> Parsed:
    """A Decimal of 15 digits at most, as Excel shows it; thousands commas, ¥ and units after it (元, ㎡,
    元/㎡·月) are left off.
    """
    value, text = cell.value, flat(cell)
    if is_nothing(text) or fault_of(text):
        return fault_of(text) or Parsed()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Parsed(Decimal(format(value, ".15g")) + 0)
    amount = _AMOUNT.fullmatch(re.sub(r"[\s¥￥]", "", text))
    bare = amount[1] if amount else ""
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    try:
        if not re.fullmatch(r"[-+]?\d{1,15}(\.\d{1,10})?", bare):
            raise InvalidOperation
        return Parsed(Decimal(bare))
    except InvalidOperation:
        return Parsed(None, (_("This is not a number. Write only digits, such as 89.50."),))


def parse_positive(cell: Cell) -> Parsed:
    """A Decimal that can't be below zero: an area in m², an amount or a rate in yuan."""
    read = parse_decimal(cell)
    if read.value is not None and read.value < 0:
        return Parsed(None, (_("A number below zero makes no sense here."),))
    return read


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


def choice_parser(words: Mapping[str, str], *, strict: bool = True) -> Parser:
    """A parser for a choice: each word stands for its key. An unknown word is a problem, or where not
    ``strict`` a notice and nothing.
    """
    known = {folded(word): key for word, key in words.items()}

    def parse(cell: Cell) -> Parsed:
        text = flat(cell)
        if is_nothing(text):
            return Parsed()
        key = known.get(folded(text))
        if key is not None:
            return Parsed(key)
        if strict:
            return fault_of(text) or Parsed(
                None,
                (
                    _(
                        "“%(word)s” is not known here. Known: %(known)s.",
                        word=text[:20],
                        known="、".join(list(words)[:12]),
                    ),
                ),
            )
        return Parsed(None, (), (_("“%(word)s” is not known here and was left out.", word=text[:20]),))

    return parse
