"""Looks at a workbook's container before anything unpacks it: too large, encrypted, broken or no workbook is refused with a sentence.

Excel's and WPS's newer files (.xlsx, .xlsm, .xlsb, newer .et) are zips, the older ones (.xls, older .et) OLE compounds. A zip is taken
apart here under a limit and put together again without what the reader doesn't need (macros, pictures), so one that lies about its sizes
harms nobody.
"""

import io
import os
import re
import zipfile
from functools import lru_cache

from app.language import gettext as _
from app.sheet_old import check_old
from app.sheet_refused import SheetRefused, broken, too_far

COMPRESSED_MOST = 20_000_000  # bytes of the file as it came
UNPACKED_MOST = 200_000_000  # bytes of all the parts of a zip
CELLS_MOST = 6_000_000  # rows × columns of one sheet: the reader holds the whole rectangle

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
_UNREAD = re.compile(r"(^|/)(media|embeddings|printerSettings|drawings|vbaProject\.bin|vbaProjectSignature\.bin)(/|$)")
_ROWS = re.compile(rb"<(?:\w+:)?row\b")
_ROW = re.compile(rb"(?:[^>]*?\s)?r\s*=\s*[\"'](\d{1,8})[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>/])(?:[^>]*?\sr\s*=\s*[\"']([A-Z]{1,4})(\d{1,8})[\"'])?[^>]*?(/?)>")
_USUAL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_ANY = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FORMULA = re.compile(
    rb"(<(?:\w+:)?c\b(?![^>]*\bt=)[^>]*)>\s*<(?P<of>\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)  # a formula nobody has worked out
_FAULT = re.compile(rb"(<(?:\w+:)?c\s[^>]*?\bt=)([\"'])e\2")


def column_number(letters: str) -> int:
    """The column's place from 0: A is 0, AA is 26."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1


@lru_cache(maxsize=512)
def column_letters(number: int) -> str:
    """The letters of a column counted from 0."""
    found, number = "", number + 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def safe_bytes(source: str | os.PathLike[str] | bytes, most: int = COMPRESSED_MOST, unpacked_most: int = UNPACKED_MOST) -> bytes:
    """The bytes of a workbook that may be read, sizes in bytes. Raises SheetRefused."""
    data = fetched(source, most)
    if data.startswith(OLE):
        if _is_encrypted(data):
            raise SheetRefused(_("The file is protected by a password. Save it without one and try again."))
        check_old(data, CELLS_MOST)
        return data
    if data.startswith(ZIP):
        return _repacked(data, unpacked_most)
    raise SheetRefused(_("This is not a workbook of Excel or WPS. Save it as .xlsx and try again."))


def fetched(source: str | os.PathLike[str] | bytes, most: int = COMPRESSED_MOST) -> bytes:
    """The bytes of a file, unless it is larger than may be; then nothing of it is read. Raises SheetRefused."""
    if isinstance(source, bytes):
        size = len(source)
    else:
        try:
            size = os.stat(source).st_size
        except (OSError, ValueError) as missing:
            raise SheetRefused(_("The file can't be opened.")) from missing
    if size > most:
        raise SheetRefused(_("The file is too large (%(size)s MB; at most %(most)s MB).", size=-(-size // 10**6), most=most // 10**6))
    if not size:
        raise SheetRefused(_("The file is empty."))
    if isinstance(source, bytes):
        return source
    try:
        with open(source, "rb") as opened:
            return opened.read(most + 1)
    except OSError as unreadable:
        raise SheetRefused(_("The file can't be opened.")) from unreadable


def _is_encrypted(data: bytes) -> bool:
    try:
        import msoffcrypto  # only an encrypted file asks for it

        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except Exception:  # an OLE file it doesn't know; whether it is a workbook is for the reader to say
        return False


def _repacked(data: bytes, most: int) -> bytes:
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as plain:
            parts = {part.filename: part for part in packed.infolist()}
            if sum(part.file_size for part in packed.infolist()) > most:
                raise SheetRefused(_("Unpacked, the file is too large (at most %(most)s MB).", most=most // 10**6))
            if any(part.flag_bits & 1 for part in parts.values()):
                raise SheetRefused(_("The file is protected by a password. Save it without one and try again."))
            if not any(name.lower().startswith("xl/") or name.lower().startswith("xl\\") for name in parts):
                raise SheetRefused(_("This is not a workbook of Excel or WPS. Save it as .xlsx and try again."))
            for name, part in parts.items():
                if not _UNREAD.search(name) and not name.endswith("/"):
                    plain.writestr(zipfile.ZipInfo(name), _checked(name, packed.read(part)))
    except SheetRefused:
        raise
    except (
        Exception
    ) as fault:  # zipfile raises many kinds on spoilt files: BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error …
        raise broken() from fault
    return target.getvalue()


def _checked(name: str, part: bytes) -> bytes:
    if name.endswith(".bin"):
        rows, columns = _extent_binary(part)
    elif name.endswith(".xml") and "sharedStrings" not in name:
        rows, columns = _extent(part)
    else:
        return part
    if rows * columns > CELLS_MOST:
        raise too_far(rows, columns)
    # The reader gives a formula's error, and one never worked out, as an empty cell; as text it can be shown and put right.
    if columns and re.search(rb"<(?:\w+:)?f[\s/>]", part):
        part = _FORMULA.sub(_not_worked_out, part)
    return _FAULT.sub(rb"\1\2str\2", part) if columns and re.search(rb"t=[\"']e[\"']", part) else part


def _not_worked_out(found: re.Match[bytes]) -> bytes:
    of = found["of"] or b""
    return found[1] + b' t="str"><' + of + b"v>#CALC!</" + of + b"v></" + of + b"c>"


def _extent(part: bytes) -> tuple[int, int]:
    """The last row and column with a value in a sheet of .xlsx; merely formatted cells don't count where they'd reach too far."""
    usual = _USUAL.findall(part)
    if usual and len(usual) == len(_ANY.findall(part)):
        rows, columns = max(map(int, {row for _letters, row in usual})), max(map(_right_of, {letters for letters, _row in usual}))
        if rows * columns <= CELLS_MOST:
            return rows, columns
    return _extent_of_values(part)


def _extent_of_values(part: bytes) -> tuple[int, int]:
    rows = columns = 0
    for line in _ROWS.split(part)[1:]:
        if b"<v" not in line and b":v" not in line and b"is>" not in line:
            continue
        own = _ROW.match(line)
        rows = max(rows + 1, int(own[1]) if own else 0)
        valued = [found for found in _CELL.findall(line) if not found[2]]
        columns = max(columns, len(valued), max((_right_of(letters) for letters, _row, _empty in valued), default=0))
        rows = max(rows, max((int(row or 0) for _letters, row, _empty in valued), default=0))
    return rows, columns


@lru_cache(maxsize=512)
def _right_of(letters: bytes) -> int:
    return column_number(letters.decode()) + 1


def _extent_binary(part: bytes) -> tuple[int, int]:
    """The last row and column with a value in a sheet of .xlsb: records of kind, length, content."""
    at = rows = columns = row = 0
    while at < len(part):
        kind, at = _varint(part, at, 2)
        length, at = _varint(part, at, 4)
        if kind == 0:
            row = int.from_bytes(part[at : at + 4], "little")
        elif 2 <= kind <= 11:
            rows, columns = max(rows, row + 1), max(columns, int.from_bytes(part[at : at + 4], "little") + 1)
        at += length
    return rows, columns


def _varint(part: bytes, at: int, most: int) -> tuple[int, int]:
    found = 0
    for step in range(most):
        if at >= len(part):
            break
        found |= (part[at] & 0x7F) << (7 * step)
        at += 1
        if not part[at - 1] & 0x80:
            break
    return found, at
