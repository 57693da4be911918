"""Older workbooks (.xls) whose counts can't be true, or that have a password: no memory that nobody has is
asked for, no process ends.
"""

import struct
from contextlib import suppress

import pytest

from app.workbook.sheet_reader import open_workbook
from app.workbook.sheet_refused import SheetRefused
from tests.models.register_workbooks import old_workbook

READ = [["房号", "姓名"], ["3-1-1102", "张三"]]
GOOD = old_workbook(READ)
DIMENSIONS, TEXTS, TEXT_CELL = b"\x00\x02\x0e\x00", b"\xfc\x00\x28\x00", b"\xfd\x00\x0a\x00"
AFTER_THE_FIRST, PASSWORD = b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00"


def spoilt(record: bytes, at: int, value: bytes) -> bytes:
    """The good one with other bytes so far behind the head of its first such record."""
    start = GOOD.index(record) + len(record) + at
    return GOOD[:start] + value + GOOD[start + len(value) :]


def test_a_good_one_is_read() -> None:
    assert open_workbook(GOOD).sheets[0].rows == READ


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
def test_counts_that_cannot_be_true_do_no_harm(data: bytes) -> None:
    """Refused, or read as what stands there."""
    with suppress(SheetRefused):
        assert open_workbook(data).sheets[0].rows == READ


def test_one_with_a_password_is_refused() -> None:
    with pytest.raises(SheetRefused, match="密码"):
        open_workbook(GOOD.replace(AFTER_THE_FIRST, PASSWORD, 1))
