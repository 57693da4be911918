"""Workbooks out, fast and at flat memory.

XlsxWriter makes the whole book (styles, widths, frozen head, filter, cover) with its long sheets left empty;
their rows are then streamed into the zip, drawn column by column.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, BinaryIO

import xlsxwriter
from isal import isal_zlib

from app.workbook.sheet_reader import column_letters
from app.workbook.sheet_xml import SheetColumn as SheetColumn
from app.workbook.sheet_xml import rows_writer

MOST_ROWS = 1_048_575
COVER = " · i"  # ends the name of a first sheet, which says who made a workbook and when
PART = 50  # rows drawn at a time: few, so that what they are made of stays in the processor's cache
SENT = 65_536  # bytes sent at a time
LEVEL = 2  # of isal's: what it makes is as small as zlib's usual, in a quarter of the time
FORMATS = {
    "text": {},
    "whole": {"num_format": "0"},
    "amount": {"num_format": "#,##0.00"},
    "quantity": {"num_format": "0.###"},
    "rate": {"num_format": "0.0000"},
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "stored": {"num_format": "yyyy-mm-dd hh:mm"},
}


@dataclass(frozen=True)
class Cover:
    """The first sheet: a title and what, who, when, which filters, how many rows."""

    title: str
    rows: Sequence[tuple[str, str]] = ()


@dataclass
class ExtraSheet:
    """A further sheet of the same kind, such as the lines of a form."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[object]]


@dataclass
class _Long:
    """A long sheet and how many rows each of its parts came to hold."""

    name: str
    columns: Sequence[SheetColumn]
    parts: list[int] = field(default_factory=list)


def sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel accepts: no forbidden signs, at most 31 characters, none twice, never empty."""
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip().strip("'")[:31] or "Sheet"
    free, count = base, 1
    while free.lower() in taken:
        count += 1
        free = f"{base[: 30 - len(str(count)) - 2]} ({count})"
    taken.add(free.lower())
    return free


def _book(cover: Cover | None, sheets: Sequence[_Long], sample: bool) -> bytes:
    """The book by XlsxWriter, its long sheets with their heads alone; with a sample row that shows each
    column's style.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format(
        {"bold": True, "bg_color": "#E3F1EF", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    )
    title, label = (
        book.add_format({"bold": True, "font_size": 16}),
        book.add_format({"font_color": "#55616A"}),
    )
    styles = {name: book.add_format({**options, "valign": "top"}) for name, options in FORMATS.items()}
    quoted = book.add_format({"valign": "top", "quote_prefix": True})
    taken: set[str] = set()
    if cover is not None:
        _cover(book, cover, title, label, taken)
    for sheet in sheets:
        for rows in sheet.parts or [0]:
            page = book.add_worksheet(sheet_name(sheet.name, taken))
            page.freeze_panes(1, 1)
            for at, column in enumerate(sheet.columns):
                page.set_column(at, at, min(max(column.width, 2 * len(column.label) + 3), 60))
                page.write_string(0, at, column.label, head)
                if sample:
                    page.write_blank(1, at, None, styles[column.kind])
            if sample:
                page.write_blank(2, 0, None, quoted)
            page.autofilter(0, 0, max(rows, 1), len(sheet.columns) - 1)
    book.close()
    return out.getvalue()


def _cover(book: Any, cover: Cover, title: Any, label: Any, taken: set[str]) -> None:
    page = book.add_worksheet(sheet_name(cover.title, taken))
    taken.discard(sheet_name(cover.title, set()).lower())
    taken.add("\0")
    page.name = sheet_name(f"{cover.title[:24]}{COVER}", taken)
    page.hide_gridlines(2)
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 60)
    page.write_string(0, 0, cover.title, title)
    for at, (name, value) in enumerate(cover.rows, 2):
        page.write_string(at, 0, name, label)
        page.write_string(at, 1, value)


class _Entries:
    """Zip entries, one after the other, compressed as fast as they are drawn."""

    def __init__(self, out: Any) -> None:
        self.zip = zipfile.ZipFile(out, "w")
        self.name, self.entry = "", io.BytesIO()

    def write(self, name: str, data: bytes) -> None:
        """Write some of an entry; another name begins the next."""
        if name != self.name:
            self.entry.close()
            self.name, self.entry = name, self._opened(name)
        self.entry.write(data)

    def _opened(self, name: str) -> Any:
        about = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
        about.compress_type = zipfile.ZIP_DEFLATED
        entry: Any = self.zip.open(about, "w", force_zip64=True)
        entry._compressor = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, -15)
        return entry

    def close(self) -> None:
        """Write what is left, and the list of entries."""
        self.entry.close()
        self.zip.close()


class _Sink:
    """Where a streamed workbook's bytes wait to be sent; it can't be sought in."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        """Keep some."""
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""

    def take(self) -> bytes:
        """What came since the last time."""
        parts, self.parts, self.size = self.parts, [], 0
        return b"".join(parts)


def _template(book: bytes, at: int, columns: int) -> tuple[bytes, bytes, list[str], str]:
    """Of a long sheet's XML: all before its rows' end, all behind, and the styles of its columns."""
    xml = zipfile.ZipFile(io.BytesIO(book)).read(f"xl/worksheets/sheet{at}.xml").decode()
    styles = re.findall(r'<c r="[A-Z]+2" s="(\d+)"/>', xml)
    quoted = re.search(r'<c r="A3" s="(\d+)"/>', xml)
    start, _sep, end = re.sub(r"<dimension [^>]*/>", "", xml).partition("</sheetData>")
    start = re.sub(r'<row r="[23]".*', "", start, flags=re.S)
    styles = [style if style else "0" for style in styles] or ["0"] * columns
    return start.encode(), ("</sheetData>" + end).encode(), styles, quoted[1] if quoted else "0"


def _pump(
    entries: _Entries,
    name: str,
    cover: Cover | None,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[object]],
    extra: Sequence[ExtraSheet],
    most: int,
) -> Iterator[int]:
    """Write everything; yields after each part, so that what is ready can be sent."""
    longs = [_Long(name, columns), *(_Long(sheet.name, sheet.columns) for sheet in extra)]
    sources = [rows, *(sheet.rows for sheet in extra)]
    first = 1 if cover is not None else 0
    book = _book(cover, longs, sample=True)
    total, at = 0, first
    for index, (long, source) in enumerate(zip(longs, sources, strict=True)):
        start, end, styles, quoted = _template(book, first + index + 1, len(long.columns))
        draw = rows_writer(long.columns, styles, quoted)
        iterator = iter(source)
        pending = next(iterator, None)
        while pending is not None or not long.parts:
            at += 1
            entry, count = f"xl/worksheets/sheet{at}.xml", 0
            entries.write(entry, start)
            sheet = islice(chain([pending], iterator), most) if pending is not None else iter(())
            while part := list(islice(sheet, PART)):
                entries.write(entry, draw(count + 2, part).encode())
                count += len(part)
                yield total
            reference = f'ref="A1:{column_letters(len(long.columns) - 1)}{max(count, 1) + 1}"'
            entries.write(entry, re.sub(rb'(<autoFilter )ref="[^"]*"', b"\\1" + reference.encode(), end))
            long.parts.append(count)
            total += count if index == 0 else 0
            pending = next(iterator, None)
    _rest(entries, _book(cover, longs, sample=True), first)
    yield total


def _rest(entries: _Entries, book: bytes, covers: int) -> None:
    """The book's other parts, as XlsxWriter made them for the sheets that there came to be."""
    with zipfile.ZipFile(io.BytesIO(book)) as made:
        for name in made.namelist():
            match = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
            if match is None or int(match[1]) <= covers:
                entries.write(name, made.read(name))


def write_workbook(
    out: BinaryIO,
    *,
    name: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[object]],
    cover: Cover | None = None,
    extra: Sequence[ExtraSheet] = (),
    most: int = MOST_ROWS,
) -> int:
    """Write a workbook; the number of rows of its main sheet, which goes on in a next one past ``most``."""
    entries, total = _Entries(out), 0
    try:
        for total in _pump(entries, name, cover, columns, rows, extra, most):  # noqa: B007
            pass
    finally:
        entries.close()
    return total


def stream_workbook(
    *,
    name: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[object]],
    cover: Cover | None = None,
    extra: Sequence[ExtraSheet] = (),
    most: int = MOST_ROWS,
) -> Iterator[bytes]:
    """A workbook as a stream of bytes, as they come to be."""
    sink = _Sink()
    entries = _Entries(sink)
    try:
        for _total in _pump(entries, name, cover, columns, rows, extra, most):
            if sink.size >= SENT:
                yield sink.take()
    finally:
        entries.close()
    yield sink.take()
