"""Rows of a sheet as XML: a function compiled for the kinds of its columns."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

LONGEST = 32_767
EPOCH = date(1899, 12, 30).toordinal()
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_RISKY = tuple("=+-@\t\r＝＋－＠")
_RISKY_OR_SPACE = frozenset("=+-@\t\r＝＋－＠ ")
FIRST_DAY = date(1900, 3, 1)
KEPT = 2_000


def escaped(text: str) -> str:
    """A text as XML that reads back as written; what XML can't hold is left out."""
    text = _LOOKS_ESCAPED.sub("_x005F_", _FORBIDDEN.sub("", text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "_x000D_")


Drawer = Callable[[Any], str]


def _plain(text: str) -> bool:
    """Whether a text needs no second look: the usual case, told by the cheapest tests."""
    return (
        text.isprintable()
        and "&" not in text
        and "<" not in text
        and ">" not in text
        and "_x" not in text
        and text[0] not in _RISKY_OR_SPACE
        and text[-1] != " "
        and len(text) <= LONGEST
    )


def _text(style: str, quoted: str, kept: dict[Any, str]) -> Drawer:
    """The rest of a text cell behind its reference; texts that recur are kept. What begins like a formula is marked as text for good."""
    start = f' s="{style}" t="inlineStr"><is><t>'

    def draw(value: Any) -> str:
        if value is None or value == "":
            return "/>"
        text = value if type(value) is str else str(value)
        if _plain(text):
            found = f"{start}{text}</t></is></c>"
        else:
            cut = text[: LONGEST - 1] + "…" if len(text) > LONGEST else text
            space = ' xml:space="preserve"' if cut[0].isspace() or cut[-1].isspace() or "\n" in cut else ""
            found = f' s="{quoted if cut.startswith(_RISKY) else style}" t="inlineStr"><is><t{space}>{escaped(cut)}</t></is></c>'
        if len(kept) < KEPT and len(text) < 60:
            kept[value] = found
        return found

    return draw


def _number(style: str, quoted: str, kept: dict[Any, str]) -> Drawer:
    text = _text(style, quoted, {})

    def draw(value: Any) -> str:
        if value is None:
            return "/>"
        if isinstance(value, Decimal):
            return f' s="{style}"><v>{value:f}</v></c>'
        return f' s="{style}"><v>{value}</v></c>' if isinstance(value, (int, float)) else text(value)

    return draw


def _date(style: str, quoted: str, kept: dict[Any, str]) -> Drawer:
    text = _text(style, quoted, {})

    def draw(value: Any) -> str:
        if value is None:
            return "/>"
        if not isinstance(value, date):
            return text(value)
        found = f' s="{style}"><v>{value.toordinal() - EPOCH}</v></c>' if value >= FIRST_DAY else text(value.isoformat())
        if len(kept) < KEPT and type(value) is date:
            kept[value] = found
        return found

    return draw


def _moment(style: str, quoted: str, kept: dict[Any, str]) -> Drawer:
    text = _text(style, quoted, {})
    start = f' s="{style}"><v>'
    parts: dict[int, str] = {}

    def draw(value: Any) -> str:
        if value is None:
            return "/>"
        if not isinstance(value, datetime):
            return text(value)
        if value.year <= 1900:
            return text(value.isoformat(" "))
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        part = parts.get(seconds)
        if part is None:
            part = parts[seconds] = f"{seconds / 86400:.10f}"[1:]
        return f"{start}{value.toordinal() - EPOCH}{part}</v></c>"

    return draw


_DRAW: dict[str, Callable[[str, str, dict[Any, str]], Drawer]] = {"text": _text, "date": _date, "moment": _moment}


def _letters(count: int) -> str:
    found = ""
    while count:
        count, rest = divmod(count - 1, 26)
        found = chr(65 + rest) + found
    return found


def row_writer(kinds: Sequence[str], styles: Sequence[str], quoted: str) -> Callable[[int, Sequence[Any]], str]:
    """A function of a row's number and values that gives its XML, compiled once for a sheet."""
    names = ", ".join(f"v{at}" for at in range(len(kinds)))
    scope: dict[str, Any] = {}
    cells = ""
    for at, (kind, style) in enumerate(zip(kinds, styles, strict=True)):
        kept: dict[Any, str] = {}
        scope[f"d{at}"], scope[f"k{at}"] = _DRAW.get(kind, _number)(style, quoted, kept), kept.get
        drawn = f"k{at}(v{at}) or d{at}(v{at})" if kind in ("text", "date") else f"d{at}(v{at})"
        cells += f'<c r="{_letters(at + 1)}{{n}}"{{{drawn}}}'
    source = f"def write(n, row):\n    {names}{',' if len(kinds) == 1 else ''} = row\n    return f'<row r=\"{{n}}\">{cells}</row>'\n"
    exec(compile(source, "<row>", "exec"), scope)  # noqa: S102  (made of column letters alone; no value comes near it)
    found: Callable[[int, Sequence[Any]], str] = scope["write"]
    return found
