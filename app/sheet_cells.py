"""What a cell of a hand-made sheet means: texts, telephone and ID numbers, days, decimals, choices; never changed in silence.

A problem is what would lose or falsify something; a notice is what comes in as written but should be looked at. No message
quotes what is personal.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from app.kind import clean, fault_of_name
from app.language import gettext as _
from app.sheet_reader import Cell

PROBLEM, NOTICE = "problem", "notice"
SEVERAL = re.compile(r"[/、,，;；|\n]+")
NOTHING = frozenset(
    {"-", "--", "---", "—", "——", "/", "\\", "无", "暂无", "没有", "空", "n/a", "na", "null", "none", "未知", "不详", "0000-00-00"}
)
_FAULTS = frozenset({"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_LOST = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})\s*[-./年\\]\s*(\d{1,2})\s*(?:[-./月\\]\s*(\d{1,2})\s*[日号]?|月?)(?:\s+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_PACKED_DAY = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_UNITS = re.compile(r"(元|人民币|RMB|平方米|平米|平方|m2|㎡|每月|个月|/?月|·|/|m²)+$", re.IGNORECASE)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Parsed(NamedTuple):
    """What a cell says: the value (None for nothing), and what is to be said about it."""

    value: Any = None
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell of a cell or row: ``level`` is ``problem`` (put it right first) or ``notice``; row 0 is the whole sheet or file."""

    sheet: str
    row: int
    column: str
    message: str
    level: str


Parser = Callable[[Cell], Parsed]


def flat(cell: Cell) -> str:
    """The cell as text on its own: half-width, no control characters, a whole number without ``.0``, line breaks kept."""
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
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    return str(value)


def is_nothing(text: str) -> bool:
    """Whether a text only says that there is nothing: a dash, 无, N/A."""
    return not text or (len(text) <= 10 and text.lower() in NOTHING)


def _fault(text: str) -> Parsed | None:
    if text[:1] == "#" and text in _FAULTS:
        return Parsed(None, (_("The formula gives an error (%(error)s). Put the value itself in the cell.", error=text),))
    return None


def parse_text(cell: Cell) -> Parsed:
    """A text as written: spaces around it and control characters go, full-width signs and leading zeros stay."""
    if isinstance(cell.value, str):
        written = cell.value.strip() if cell.value.isprintable() else clean(cell.value)
        return _fault(written) or Parsed(written or None)
    return Parsed(flat(cell) or None)


def parse_name(cell: Cell) -> Parsed:
    """A person's name: a text that holds no telephone, ID number or day."""
    read = parse_text(cell)
    fault = fault_of_name(read.value or "")
    return Parsed(None, (fault,)) if fault else read


def _lost_digits() -> Parsed:
    return Parsed(None, (_("Digits were lost because Excel kept this as a number. Format the cell as text and type it again."),))


def parse_phones(cell: Cell) -> Parsed:
    """A list of telephone numbers, as digits (with + and extension where written); several parted by / 、 , ; or a line break."""
    text = flat(cell)
    if is_nothing(text):
        return Parsed()
    if (isinstance(cell.value, (int, float)) and not float(cell.value).is_integer()) or isinstance(cell.value, (date, bool)):
        return Parsed(None, (_("This is not a telephone number. Format the cell as text and type it again."),))
    if (isinstance(cell.value, float) and cell.value >= 1e15) or _LOST.fullmatch(text):
        return _lost_digits()
    if text.isdecimal() and text.isascii() and 5 <= len(text) <= 15:
        return Parsed([text], (), (_placeholder(),) if is_placeholder(text) else ())
    numbers: list[str] = []
    problems: list[str] = []
    notices = []
    for part in SEVERAL.split(_parted_by_space(text)):
        bare = re.sub(r"[(（][^()（）\d]*[)）]", "", part).strip()
        if bare and bare != part.strip():
            notices.append(_("What stands in brackets beside the telephone number was left out."))
        _read_phone(bare, numbers, problems)
    fault = _fault(text)
    if fault:
        return fault
    notices += [_placeholder() for one in numbers if is_placeholder(one)]
    return Parsed(None if problems else numbers, tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(notices)))


def _placeholder() -> str:
    return _("The telephone number looks like a placeholder; taken as written.")


def _parted_by_space(text: str) -> str:
    """A space between two whole mobile numbers parts them; inside a number it is only spacing."""
    return re.sub(r"(?<!\d)(1\d{10})\s+(?=1\d{10}(?!\d))", r"\1/", text)


def _read_phone(part: str, numbers: list[str], problems: list[str]) -> None:
    if is_nothing(part):
        return
    digits = re.sub(r"[\s\-–—_()·.'’]", "", re.sub(r"\.0$", "", part))
    if _LOST.fullmatch(part):
        problems.extend(_lost_digits().problems)
    elif re.fullmatch(r"\+?\d{5,15}", digits):
        numbers.append(digits)
    else:
        problems.append(_("This is not a telephone number (5 to 15 digits). Put names and remarks into a column of their own."))


def is_placeholder(phone: str) -> bool:
    """Whether a number was typed only to fill the cell: its last seven digits are one digit, or a plain count."""
    tail = phone[-7:]
    return len(set(tail)) == 1 or phone in ("12345678901", "13812345678", "13123456789", "12345678910") or len(set(phone)) == 1


def parse_id_numbers(cell: Cell) -> Parsed:
    """A list of ID numbers as written (no spaces, X in capitals); a wrong check digit is a notice, lost digits a problem."""
    text = flat(cell)
    if is_nothing(text):
        return Parsed()
    if (isinstance(cell.value, (int, float)) and (not float(cell.value).is_integer() or abs(cell.value) >= 1e15)) or _LOST.fullmatch(text):
        return _lost_digits()
    if text.isalnum() and re.fullmatch(r"\d{17}[\dX]", text):
        return Parsed([text], (), tuple(about_id(text)))
    found, problems, notices = [], [], []
    for part in SEVERAL.split(text.upper()):
        number = re.sub(r"\s|'|’", "", part)
        if is_nothing(number):
            continue
        if not re.fullmatch(r"[0-9A-Z()\-]{4,30}", number):
            problems.append(_("This is not an ID number (4 to 30 digits and letters). Put remarks into a column of their own."))
            continue
        found.append(number)
        notices.extend(about_id(number))
    return _fault(text) or Parsed(None if problems else found, tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(notices)))


def about_id(number: str) -> list[str]:
    """What is doubtful about an ID number: its check digit, its length; nothing for other documents."""
    if re.fullmatch(r"\d{17}[\dX]", number):
        if id_check_digit(number[:17]) == number[17]:
            return []
        if number.endswith("000"):
            return [_("The ID number ends in 000 and its check digit is wrong: Excel may have lost its last digits. Taken as written.")]
        return [_("The check digit of the ID number is wrong; taken as written.")]
    if re.fullmatch(r"\d{16,17}|\d{19,}", number):
        return [_("The ID number has %(count)s digits instead of 18; taken as written.", count=len(number))]
    return []


def id_check_digit(first17: str) -> str:
    """The last sign of an 18-digit ID number (GB 11643, ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def parse_day(cell: Cell) -> Parsed:
    """A day from Excel's date or serial number, ``2020年3月5日``, ``2020.3.5`` or ``20200305``; a month alone is its first day."""
    value, text = cell.value, flat(cell)
    if isinstance(value, datetime):
        return Parsed(value.date())
    if isinstance(value, date):
        return Parsed(value)
    if is_nothing(text) or _fault(text):
        return _fault(text) or Parsed()
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 10_000 <= value < 80_000:
        return Parsed(date(1899, 12, 30) + timedelta(days=int(value)))
    if re.fullmatch(r"\d{5}(\.0)?", text):
        return Parsed(date(1899, 12, 30) + timedelta(days=int(text[:5])), (), (_("A number was read as a day of Excel's; please check."),))
    found = _DAY.fullmatch(text) or _PACKED_DAY.fullmatch(text)
    if found is None:
        return _no_day()
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        read = date(year, month, day or 1)
    except ValueError:
        return Parsed(None, (_("There is no such day as %(day)s.", day=text[:30]),))
    return Parsed(read, (), () if day else (_("Only the month is given; the first of it is taken."),))


def _no_day() -> Parsed:
    return Parsed(None, (_("This is not a day. Write it as 2020-03-05."),))


def parse_decimal(cell: Cell) -> Parsed:
    """A Decimal of 15 digits at most, as Excel shows it; thousands commas, ¥ and units after it (元, ㎡, 元/㎡·月) are left off."""
    value, text = cell.value, flat(cell)
    if is_nothing(text) or _fault(text):
        return _fault(text) or Parsed()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Parsed(Decimal(format(value, ".15g")) + 0)
    bare = _UNITS.sub("", re.sub(r"[\s¥￥]", "", text))
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


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A text without what people write differently: width, case, spaces, punctuation, units, what stands in brackets."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"\((?:m2|㎡|m²|平方米|平米|元|元[/／].*?|yuan.*?|必填|选填|可选|\*|.*?格式.*?|.*?如.*?)\)", "", text)
    return re.sub(r"[\s\W_]+|㎡|m²|m2", "", text)


def choice_parser(words: Mapping[str, str], *, strict: bool = True) -> Parser:
    """A parser for a choice: each word stands for its key. An unknown word is a problem, or where not ``strict`` a notice and nothing."""
    known = {folded(word): key for word, key in words.items()}

    def parse(cell: Cell) -> Parsed:
        text = flat(cell)
        if is_nothing(text):
            return Parsed()
        key = known.get(folded(text))
        if key is not None:
            return Parsed(key)
        if strict:
            return _fault(text) or Parsed(
                None, (_("“%(word)s” is not known here. Known: %(known)s.", word=text[:20], known="、".join(list(words)[:12])),)
            )
        return Parsed(None, (), (_("“%(word)s” is not known here and was left out.", word=text[:20]),))

    return parse
