"""Read by ``app.ground.apart`` in a process of its own: a workbook's sheets as plain rows. The reader gives a
formula's error, and one that nobody has worked out, as an empty cell; they are looked up in the sheet's own
part, so that they can be shown and put right.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from xml.parsers import expat

from app.ground.apart_process import Unread
from app.workbook.separated import Bounds, separated

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
# How an encrypted file begins: a newer one names its package so, in an older one a record of the password
# follows the first.
ENCRYPTED = re.compile(
    re.escape("EncryptedPackage".encode("utf-16-le"))
    + rb"|\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00",
    re.DOTALL,
)
NOT_WORKED_OUT = "#CALC!"
PIECE = 1 << 16
_MARKED = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]|\st\s?=\s?[\"']e[\"']")
_OVERLAP = 32  # bytes, more than such a mark has

Place = tuple[int, int]  # row and column, from 0


def work(
    data: bytes, unpacked: int, cells: int, filled: int, signs: int, text: bool = False
) -> list[tuple[Any, ...]]:
    """Each sheet of a workbook (its name, whether it is hidden, its first row and column, its rows, what in
    them is a moment, and its merged ranges), within bounds: bytes unpacked, cells of all sheets, those with
    something in them, signs of one cell. ``text``: it calls itself one, of separated values.
    """
    bounds = Bounds(cells, filled, signs)
    if text and not data.startswith((ZIP, OLE)):
        return [("CSV", False, *separated(data, bounds))]
    if data.startswith(ZIP):
        faults = _faults(data, unpacked)
    elif data.startswith(OLE):
        faults = {}
        if ENCRYPTED.search(data):
            raise Unread("protected")
    else:
        raise Unread("other")
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book_read: dict[str, tuple[Any, ...]] = {}
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet and about.name not in book_read:
                hidden, read = about.visible != SheetVisibleEnum.Visible, book.get_sheet_by_name(about.name)
                book_read[about.name] = (
                    about.name,
                    hidden,
                    *_sheet(read, faults.get(about.name, {}), bounds),
                )
    if not book_read:
        raise Unread("broken")
    return list(book_read.values())


def _sheet(read: Any, faults: Mapping[Place, str], bounds: Bounds) -> tuple[Any, ...]:
    corners = [*([read.start, read.end] if read.start is not None else []), *faults]
    if not corners:
        return 0, 0, [], [], []
    (top, left), (bottom, right) = (
        (min(at) for at in zip(*corners, strict=True)),
        (max(at) for at in zip(*corners, strict=True)),
    )
    width = right - left + 1
    bounds.take((bottom - top + 1) * width, 0)
    moments: list[tuple[int, int, str, Any]] = []
    rows: list[list[Any]] = []
    if read.start is not None:
        down, across = read.start[0] - top, read.start[1] - left
        rows = read.to_python()
        for at, values in enumerate(rows, down):
            bounds.take(0, len(values) - values.count(""))
            moments += ((at, across + place, kind, said) for place, kind, said in _made_plain(values, bounds))
            values[:] = [*[None] * across, *values, *[None] * (width - across - len(values))]
        rows[:0] = [[None] * width for _row in range(down)]
    rows += [[None] * width for _row in range(bottom - top + 1 - len(rows))]
    for (row, column), fault in faults.items():
        if rows[row - top][column - left] is None:
            rows[row - top][column - left] = fault
    return (
        top,
        left,
        rows,
        moments,
        _merged(read.merged_cell_ranges or [], (top, left), (bottom, right), bounds),
    )


def _merged(
    ranges: list[tuple[Place, Place]], first: Place, last: Place, bounds: Bounds
) -> list[tuple[int, int, int, int]]:
    """Merged ranges as far as the sheet has values; what lies beyond can't hold a line of data."""
    merges = []
    for (top, left), (bottom, right) in ranges:
        bottom, right = min(bottom, last[0]), min(right, last[1])
        if top >= first[0] and left >= first[1] and top <= bottom and left <= right:
            bounds.take(0, right - left + 1)
            merges.append((top, left, bottom, right))
    return merges


def _made_plain(row: list[Any], bounds: Bounds) -> Iterator[tuple[int, str, Any]]:
    """Make a row's values plain ones, empty ones None; what isn't plain is told with its place."""
    for at, value in enumerate(row):
        if type(value) is str:
            row[at] = bounds.text(value) if value else None
        elif type(value) in (float, int, bool):
            row[at] = value if value == value else None  # not a number is nothing
        else:
            row[at] = None
            yield (
                at,
                type(value).__name__,
                value.total_seconds() if isinstance(value, timedelta) else value.isoformat(),
            )


def _faults(data: bytes, most: int) -> dict[str, dict[Place, str]]:
    """The cells of each sheet of a zip whose formula gives an error or wasn't worked out, with what is to be
    shown there.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {part.filename.replace("\\", "/").lower(): part for part in packed.infolist()}
        if sum(part.file_size for part in packed.infolist()) > most:
            raise Unread("unpacked")
        if any(part.flag_bits & 1 for part in parts.values()):
            raise Unread("protected")
        if not any(name.startswith("xl/") for name in parts):
            raise Unread("other")
        return {
            name: _Faults().read(packed, part)
            for name, part in _sheets(packed, parts)
            if _is_marked(packed, part)
        }


def _sheets(
    packed: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo]
) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Each sheet's name and part, where the workbook is written in XML."""
    if "xl/workbook.xml" not in parts or "xl/_rels/workbook.xml.rels" not in parts:
        return
    targets = {
        about.get("Id", ""): about.get("Target", "").replace("\\", "/").lower()
        for tag, about in _tags(packed, parts["xl/_rels/workbook.xml.rels"])
        if tag == "Relationship"
    }
    for tag, about in _tags(packed, parts["xl/workbook.xml"]):
        target = targets.get(next((value for name, value in about.items() if _local(name) == "id"), ""), "")
        part = parts.get(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        if tag == "sheet" and part is not None:
            yield about.get("name", ""), part


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _tags(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> list[tuple[str, dict[str, str]]]:
    """The tags of a small part, with their attributes."""
    tags: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, about: tags.append((_local(tag), about))
    with packed.open(part) as opened:
        parser.ParseFile(opened)
    return tags


def _is_marked(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part has formulas or errors at all: most have none, and looking is many times as fast as
    taking it apart.
    """
    marked, before = False, b""
    with packed.open(part) as opened:
        while piece := opened.read(PIECE):
            marked = marked or _MARKED.search(before + piece) is not None
            before = piece[-_OVERLAP:]
    return marked


class _Faults:
    """One sheet's part, taken apart by expat."""

    def __init__(self) -> None:
        self.found: dict[Place, str] = {}
        self.row = self.column = -1
        self.kind, self.inside, self.formula, self.value = "", "", False, ""

    def read(self, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> dict[Place, str]:
        """Its cells that show an error, or nothing yet."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._said
        with packed.open(part) as opened:
            parser.ParseFile(opened)
        return self.found

    def _start(self, tag: str, about: dict[str, str]) -> None:
        self.inside = _local(tag)
        if self.inside == "row":
            self.row, self.column = (int(about["r"]) - 1 if "r" in about else self.row + 1), -1
        elif self.inside == "c":
            self.row, self.column = _place(about["r"]) if "r" in about else (self.row, self.column + 1)
            self.kind, self.formula, self.value = about.get("t", ""), False, ""
        elif self.inside == "f":
            self.formula = True

    def _said(self, text: str) -> None:
        if self.inside == "v" and len(self.value) < _OVERLAP:
            self.value += text.strip()

    def _end(self, tag: str) -> None:
        self.inside = ""
        if _local(tag) != "c":
            return
        if self.kind == "e" and self.value:
            self.found[self.row, self.column] = self.value
        elif self.formula and not self.kind and not self.value:
            self.found[self.row, self.column] = NOT_WORKED_OUT


def _place(name: str) -> Place:
    """Where ``AB12`` is."""
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters[:8]:
        column = column * 26 + ord(letter) - 64
    return int(name[len(letters) :][:8]) - 1, column - 1
