"""Texts as they come in from outside: made clean, and read as numbers and moments, strictly or not at all."""

import re
import unicodedata
from datetime import UTC, datetime

YEARS = range(1900, 2201)  # those an office's papers speak of

# Controls, signs without width and the marks that turn the writing direction around: they hide what a text
# says.
# Those that join a picture's parts stay where they do.
_PICTURES = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
    f"|(?<![{_PICTURES}])[\ufe0e\ufe0f](?!\u20e3)|(?<![{_PICTURES}\ufe0f])\u200d|\u200d(?![{_PICTURES}])"
)
_THOUSANDS = re.compile(r"[+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)")

_SIGNS = "零一二三四五六七八九"
_NUMBER = re.compile(f"[0-9]+|[{_SIGNS}十]+")


def clean(text: str) -> str:
    """A typed text without control characters and signs that nobody sees, line ends as ``\\n``, no space
    around.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return (
        _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        .encode("utf-8", "ignore")
        .decode()
        .strip()
    )


def whole(text: str, digits: int = 18) -> int | None:
    """The whole number an address or a hidden box names; None for anything else, and for more digits than an
    id has.
    """
    return int(text) if re.fullmatch(r"[0-9]+", text) and len(text) <= digits else None


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as their half-width ones."""
    return unicodedata.normalize("NFKC", text)


def number(text: str) -> str:
    """A number as typed, full-width too, without its thousands separators where they stand right; empty for
    anything else.
    """
    digits = narrow(text).strip()
    return digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else ""


def natural(text: str) -> str:
    """A text as it stands in order: numbers by their size, 2 before 10, also Chinese ones; case, width and
    noughts aside.

    At most 60 signs of it, also where one sign means several: with the lengths of its numbers they fit an
    order's column.
    """
    return _NUMBER.sub(lambda match: _by_size(match[0]), narrow(text[:60]).upper()[:60])


def _by_size(number: str) -> str:
    digits = (str(_chinese(number)) if number[0] > "9" else number).lstrip("0") or "0"
    return f"{len(digits):02d}{digits}"


def _chinese(signs: str) -> int:
    if "十" not in signs:
        return int("".join(str(_SIGNS.index(sign)) for sign in signs))
    tens, _ten, ones = signs.partition("十")
    return (_chinese(tens) if tens else 1) * 10 + (
        _chinese(ones.replace("十", "")) if ones.strip("十") else 0
    )


def moment(text: str) -> datetime | None:
    """The moment an address names, in UTC; None for anything else, and for years no office knows."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if read.year not in YEARS:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
