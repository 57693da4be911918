"""Workbooks made to do harm: small ones that would fill the memory or take for ever. Each is refused with a
sentence, or read, in no time of the application's own and none of its memory.
"""

import io
import resource
import time
import zipfile
import zlib

import pytest
from sending import chinese

from app.workbook.sheet_reader import open_workbook
from app.workbook.sheet_refused import SheetRefused
from tests.models.register_workbooks import plain, workbook

HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
ROW = (
    b'<row r="%d">'
    + b"".join(b'<c r="%s%%d"><v>1</v></c>' % bytes([letter]) for letter in range(65, 91))
    + b"</row>"
)


def with_part(part: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A good workbook with another part in it."""
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(plain(["a", "b"]))) as good,
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in good.namelist():
            made.writestr(entry, part if entry == name else good.read(entry))
    return data.getvalue()


def sheet(inside: bytes) -> bytes:
    """A workbook with these rows."""
    return with_part(HEAD + inside + TAIL)


def rows(count: int) -> bytes:
    """So many rows of 26 cells."""
    return b"".join(ROW % ((at,) * 27) for at in range(1, count + 1))


def formulas(count: int) -> bytes:
    """Formulas that were never worked out, each with much around it."""
    return b"".join(
        b'<row r="%d"><c r="A%d">%s<f>1</f>%s</c></row>' % (at, at, b" " * 50, b" " * 50)
        for at in range(1, count + 1)
    )


HOSTILE = {
    "spaces before a row's number": sheet(b"<row " + b" " * 200_000 + b"x></row>"),
    "spaces before a cell's place": sheet(b'<row r="1">' + b"<c " * 3_000 + b" " * 100_000 + b"</row>"),
    "spaces around a formula": sheet(
        b'<row r="1"><c r="A1">' + b" " * 60_000 + b"<f>1</f>" + b" " * 60_000 + b"<v>1</v></c></row>"
    ),
    "tags that never end": sheet(b'<row r="1">' + b"<c" * 100_000),
    "many formulas": sheet(formulas(50_000)),
    "cells without end": sheet(rows(60_000)),
    "a cell at the end of the world": sheet(
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
    ),
    "an error at the end of the world": sheet(
        b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576" t="e"><v>#N/A</v></c></row>'
    ),
    "a row beyond all rows": sheet(
        b'<row r="4294967295"><c r="A4294967295"><v>1</v></c></row><row r="1"><c r="B1"><v>1</v></c></row>'
    ),
    "a long text": sheet(
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c></row>"
    ),
    "a text that grows": sheet(
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * 150_000_000 + b"</t></is></c></row>"
    ),
    "entities in entities": with_part(
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(12))
        + b"]>"
        b'<worksheet><sheetData><row r="1"><c r="A1"><f>1</f><v>&m;</v></c></row></sheetData></worksheet>'
    ),
    "depth": sheet(b"<a>" * 300_000),
    "merged everywhere": with_part(
        HEAD
        + rows(2)
        + b"</sheetData><mergeCells>"
        + b'<mergeCell ref="A1:XFD1048576"/>' * 300_000
        + b"</mergeCells></worksheet>"
    ),
    "no sheet at all": with_part(b"<x/>", "xl/workbook.xml"),
    "relations in a circle": with_part(
        b'<Relationships><Relationship Id="rId1" Target="workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels",
    ),
    "spoilt packing": plain(["a", "b"]).replace(zlib.compress(b"a")[:2], b"\xff\xff"),
}


def read(data: bytes) -> tuple[str, int]:
    """What is said of a workbook, and how many cells of it are held."""
    try:
        return "读取", sum(len(row) for sheet in open_workbook(data).sheets for row in sheet.rows)
    except SheetRefused as refused:
        return refused.message, 0


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_costs_the_application_nothing(name: str) -> None:
    assert len(HOSTILE[name]) < 3_000_000
    began, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    waited = time.monotonic()
    said, cells = read(HOSTILE[name])
    assert chinese(said)
    assert cells < 2_000_000
    assert time.process_time() - began < 2, "of the application's own time"
    assert time.monotonic() - waited < 40
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 150_000, "kB of its own memory"


@pytest.mark.parametrize(
    "name",
    [
        "cells without end",
        "a cell at the end of the world",
        "an error at the end of the world",
        "a long text",
        "merged everywhere",
    ],
)
def test_what_is_too_much_is_refused(name: str) -> None:
    with pytest.raises(SheetRefused):
        open_workbook(HOSTILE[name])


def test_a_long_merged_range_takes_no_more_room_than_a_short_one() -> None:
    data = workbook(("a", [["h", "i"], *[[None, at] for at in range(5_000)]]), merges=[(1, 0, 5_000, 0, "v")])
    (read,) = open_workbook(data).sheets
    assert read.cell(4_000, 0)[3:] == ("v", True)
    assert read.merged.get((4_000, 0)) == (2, 0)
    assert read.merged.get((4_000, 1)) is None
