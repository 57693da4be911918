"""Older workbooks (.xls) whose counts can't be true: refused with a sentence, before the reader asks for memory that nobody has."""

import struct

import pytest

from app.sheet_reader import SheetRefused, open_workbook
from tests.models.register_workbooks import old_workbook

GOOD = old_workbook([["房号", "姓名"], ["3-1-1102", "张三"]])
DIMENSIONS, TEXTS, TEXT_CELL = b"\x00\x02\x0e\x00", b"\xfc\x00\x28\x00", b"\xfd\x00\x0a\x00"


def spoilt(record: bytes, at: int, value: bytes) -> bytes:
    """The good one with other bytes so far behind the head of its first such record."""
    start = GOOD.index(record) + len(record) + at
    return GOOD[:start] + value + GOOD[start + len(value) :]


def test_a_good_one_is_read() -> None:
    assert open_workbook(GOOD).sheets[0].rows == [["房号", "姓名"], ["3-1-1102", "张三"]]


@pytest.mark.parametrize(
    "data",
    [
        spoilt(DIMENSIONS, 4, struct.pack("<I", 4_000_000_000)),
        spoilt(DIMENSIONS, 0, struct.pack("<I", 4_000_000_000)),
        spoilt(DIMENSIONS, 10, struct.pack("<H", 60_000)),
        spoilt(TEXTS, 4, struct.pack("<I", 4_000_000_000)),
        spoilt(TEXT_CELL, 0, struct.pack("<HH", 65_535, 65_535)),
        spoilt(DIMENSIONS, -2, struct.pack("<H", 65_535)),
    ],
    ids=["rows", "first row", "columns", "texts", "a cell far out", "a record past the end"],
)
def test_counts_that_cannot_be_true_are_refused(data: bytes) -> None:
    with pytest.raises(SheetRefused):
        open_workbook(data)
