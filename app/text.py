"""Texts as they come in from outside: made clean, and read as numbers and moments, strictly or not at all."""

import re
import unicodedata
from datetime import UTC, datetime

YEARS = range(1900, 2201)  # those an office's papers speak of

# Controls, and the marks that turn the writing direction around: they hide what a text says.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

_SIGNS = "零一二三四五六七八九"
_NUMBER = re.compile(f"[0-9]+|[{_SIGNS}十]+")


def clean(text: str) -> str:
    """A typed text without control characters and direction marks, line ends as ``\\n``, no space around."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).encode("utf-8", "ignore").decode().strip()


def whole(text: str, digits: int = 18) -> int | None:
    """The whole number an address or a hidden box names; None for anything else, and for more digits than an id has."""
    return int(text) if re.fullmatch(r"[0-9]+", text) and len(text) <= digits else None


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as their half-width ones."""
    return unicodedata.normalize("NFKC", text)


def natural(text: str) -> str:
    """A text as it stands in order: numbers by their size, 2 before 10, also Chinese ones; case, width and noughts aside."""
    return _NUMBER.sub(lambda found: _by_size(found[0]), narrow(text[:60]).upper())


def _by_size(number: str) -> str:
    digits = (str(_chinese(number)) if number[0] > "9" else number).lstrip("0") or "0"
    return f"{len(digits):02d}{digits}"


def _chinese(signs: str) -> int:
    if "十" not in signs:
        return int("".join(str(_SIGNS.index(sign)) for sign in signs))
    tens, _ten, ones = signs.partition("十")
    return (_chinese(tens) if tens else 1) * 10 + (_chinese(ones.replace("十", "")) if ones.strip("十") else 0)


def moment(text: str) -> datetime | None:
    """The moment an address names, in UTC; None for anything else, and for years no office knows."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if read.year not in YEARS:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
