"""Rows of a sheet as XML, column by column: functions made for the kinds of its columns."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any, Literal

from werkzeug.utils import cached_property

from app.ground import clock
from app.workbook.sheet_reader import column_letters

LONGEST = 32_767
EPOCH = date(1899, 12, 30).toordinal()
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_RISKY = tuple("=+-@\t\r＝＋－＠")
_RISKY_OR_SPACE = frozenset("=+-@\t\r＝＋－＠ ")
FIRST_DAY = date(1900, 3, 1)
RECUR = 256  # turned values kept of a column in which they recur
DAYS = 1000  # rows come in an order of time, so few days are asked for at a time
TICKS = 10**10  # a day's; moments are drawn as whole ones, which is faster than with a point
DAY = 86_400
TEXT = ' t="str"'  # a text in the shortest cell there is

Kind = Literal["text", "whole", "amount", "quantity", "rate", "date", "moment", "stored"]
Drawer = Callable[[Any], str]  # a value, never None, as the rest of its cell behind the reference
ColumnDrawer = Callable[
    [Sequence[Any]], Sequence[str]
]  # the same for some of a column's values, None among them


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet: its head, the kind of its cells, its width in characters.

    ``turn`` makes a cell's value of what the rows hold; where values recur (``recurs``, hashable) it is asked
    once for each. ``stored`` is a moment as the database gives it, and with ``places`` the rows hold whole
    numbers of a decimal's smallest unit.
    """

    label: str
    kind: Kind = "text"
    width: int = 12
    turn: Callable[[Any], Any] | None = None
    recurs: bool = False
    places: int = 0


def escaped(text: str) -> str:
    """A text as XML that reads back as written; what XML can't hold is left out."""
    text = _LOOKS_ESCAPED.sub("_x005F_", _FORBIDDEN.sub("", text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "_x000D_")


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


@dataclass(frozen=True)
class _Around:
    """What stands around a column's values: the style, that of texts which begin like a formula, and what
    follows the cell.
    """

    style: str
    quoted: str
    tail: str

    def start(self, more: str = "") -> str:
        """From the cell's reference to its value."""
        return f'" s="{self.style}"{more}><v>'

    @cached_property
    def end(self) -> str:
        """From the value to the next cell's reference, or the row's end."""
        return f"</v></c>{self.tail}"

    @cached_property
    def empty(self) -> str:
        """All of a cell without a value."""
        return f'"/>{self.tail}'


def _text(around: _Around) -> Drawer:
    """What begins like a formula is marked as text for good."""
    start, end, empty = around.start(TEXT), around.end, around.empty

    def draw(value: Any) -> str:
        text = value if type(value) is str else str(value)
        if not text:
            return empty
        if _plain(text):
            return f"{start}{text}{end}"
        cut = text[: LONGEST - 1] + "…" if len(text) > LONGEST else text
        space = ' xml:space="preserve"' if cut[0].isspace() or cut[-1].isspace() or "\n" in cut else ""
        style = around.quoted if cut.startswith(_RISKY) else around.style
        return f'" s="{style}" t="inlineStr"><is><t{space}>{escaped(cut)}</t></is></c>{around.tail}'

    return draw


def _number(around: _Around) -> Drawer:
    text, start, end = _text(around), around.start(), around.end

    def draw(value: Any) -> str:
        if isinstance(value, Decimal):
            return f"{start}{value:f}{end}"
        return f"{start}{value}{end}" if isinstance(value, (int, float)) else text(value)

    return draw


def _date(around: _Around) -> Drawer:
    text, start, end = _text(around), around.start(), around.end

    def draw(value: Any) -> str:
        if not isinstance(value, date):
            return text(value)
        return f"{start}{value.toordinal() - EPOCH}{end}" if value >= FIRST_DAY else text(value.isoformat())

    return draw


def _moment(around: _Around) -> Drawer:
    """A moment by the office's clock, without a zone."""
    text, start, end = _text(around), around.start(), around.end

    def draw(value: Any) -> str:
        if not isinstance(value, datetime):
            return text(value)
        if value.year <= 1900:
            return text(value.isoformat(" "))
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return f"{start}{value.toordinal() - EPOCH + seconds / DAY:.10f}{end}"

    return draw


class _Days(dict[Any, int]):
    """Where the office's clock stands, in ticks, as a day of UTC begins: by the day as a text, or its number.

    Raises OverflowError for a day on which the clock is put forward or back, and for one before Excel's first
    year.
    """

    def __missing__(self, day: Any) -> int:
        start = datetime.fromisoformat(day) if type(day) is str else datetime.fromordinal(day)
        here = clock.local(start)
        if here.utcoffset() != clock.local(start + timedelta(days=1)).utcoffset() or here.year <= 1900:
            raise OverflowError
        if len(self) >= DAYS:
            self.clear()
        ticks = self[day] = _ticks(
            (here.toordinal() - EPOCH) * DAY + here.hour * 3600 + here.minute * 60 + here.second
        )
        return ticks


def _ticks(seconds: int) -> int:
    return seconds * TICKS // DAY


def _stored(around: _Around) -> ColumnDrawer:
    """Moments in UTC: texts by SQLite, datetimes without a zone by PostgreSQL. Each day is brought to the
    office's zone once.
    """
    moment, start, end, empty, days = (
        _moment(around),
        around.start(),
        f"E-{len(str(TICKS)) - 1}{around.end}",
        around.empty,
        _Days(),
    )
    minutes = {f"{at // 60:02}:{at % 60:02}": _ticks(at * 60) for at in range(1440)}
    seconds = {f"{at:02}": _ticks(at) for at in range(60)}

    def clock_ticks(at: datetime) -> int:
        return (at.hour * 3600 + at.minute * 60 + at.second) * TICKS // DAY

    def singly(value: Any) -> str:
        if value is None:
            return empty
        return moment(
            clock.local(datetime.fromisoformat(value) if type(value) is str else value).replace(tzinfo=None)
        )

    def drawn(values: Sequence[Any]) -> Sequence[str]:
        try:
            if isinstance(next(filter(None, values), ""), str):
                return [
                    f"{start}{days[at[:10]] + minutes[at[11:16]] + seconds[at[17:19]]}{end}" if at else empty
                    for at in values
                ]
            return [f"{start}{days[at.toordinal()] + clock_ticks(at)}{end}" if at else empty for at in values]
        except (KeyError, OverflowError):
            return [singly(value) for value in values]

    return drawn


def _scaled(around: _Around, places: int) -> ColumnDrawer:
    """Decimals kept as whole numbers of their smallest unit: written so, exactly, with where the point
    stands.
    """
    start, end, empty = around.start(), f"E-{places}{around.end}", around.empty
    return lambda values: [empty if value is None else f"{start}{value}{end}" for value in values]


_DRAW: dict[str, Callable[[_Around], Drawer]] = {"text": _text, "date": _date, "moment": _moment}


def rows_writer(
    columns: Sequence[SheetColumn], styles: Sequence[str], quoted: str
) -> Callable[[int, Sequence[Sequence[Any]]], str]:
    """A function of the first row's number and some rows' values that gives their XML; it goes column by
    column.
    """
    tails = [f'<c r="{column_letters(at)}' for at in range(1, len(columns))] + ["</row>"]
    draw = [
        _column(column, _Around(style, quoted, tail))
        for column, style, tail in zip(columns, styles, tails, strict=True)
    ]

    def written(first: int, rows: Sequence[Sequence[Any]]) -> str:
        numbers = list(map(str, range(first, first + len(rows))))
        pieces: list[Sequence[str]] = [[f'<row r="{number}"><c r="A' for number in numbers]]
        for drawer, values in zip(draw, zip(*rows, strict=True), strict=True):
            pieces += numbers, drawer(values)
        return "".join(chain.from_iterable(zip(*pieces, strict=True)))

    return written


def _column(column: SheetColumn, around: _Around) -> ColumnDrawer:
    """How a column's values are drawn: each for itself, what they are turned into first."""
    if column.kind == "stored":
        return _stored(around)
    if column.places:
        return _scaled(around, column.places)
    turn, draw, empty = column.turn, _DRAW.get(column.kind, _number)(around), around.empty

    def turned(value: Any) -> str:
        shown = turn(value) if turn is not None else value
        return empty if shown is None else draw(shown)

    drawer = draw if turn is None else lru_cache(RECUR)(turned) if column.recurs else turned
    return lambda values: [empty if value is None else drawer(value) for value in values]
