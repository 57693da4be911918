"""Excel's older files (.xls), looked through before the reader sees them: it takes their counts at their word, and memory that can't be had ends the process."""

import io
import struct

from app.sheet_refused import broken, too_far

BEGIN, DIMENSIONS, TEXTS = 0x0809, 0x0200, 0x00FC
CELLS = frozenset((0x0006, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E))
SEVERAL = frozenset((0x00BD, 0x00BE))  # cells side by side: the last one's column stands at the end
ROWS, COLUMNS = 65_536, 256


def check_old(data: bytes, most: int) -> None:
    """Whether a file's counts can be true, and no sheet has more than ``most`` cells as a rectangle. Raises SheetRefused."""
    import olefile  # only an older file asks for it

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            names = [name for name in ("Workbook", "Book") if compound.exists(name)]
            stream = compound.openstream(names[0]).read() if names else b""
            _check(stream, most)
    except (OSError, struct.error, IndexError, ValueError, TypeError, AttributeError) as fault:  # what it raises on spoilt files
        raise broken() from fault


def _check(stream: bytes, most: int) -> None:
    at = rows = columns = 0
    if not stream:
        raise broken()
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        record = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if len(record) < length:
            raise broken()
        if kind == BEGIN:
            rows = columns = 0
        elif kind == DIMENSIONS:
            top, bottom, left, right = struct.unpack_from("<IIHH" if length >= 14 else "<HHHH", record)
            if not (top <= bottom <= ROWS and left <= right <= COLUMNS):
                raise broken()
        elif kind == TEXTS and struct.unpack_from("<4xI", record)[0] > len(stream):
            raise broken()
        elif kind in CELLS or kind in SEVERAL:
            row, column = struct.unpack_from("<HH", record)
            if kind in SEVERAL:
                (column,) = struct.unpack_from("<H", record, length - 2)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if rows * columns > most:
                raise too_far(rows, columns)
