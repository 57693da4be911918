"""The lines of a sheet to be mended are written in one pass, however many there are."""

from collections.abc import Iterator
from typing import Any

from app.sheets.mending import marked
from app.sheets.sheet_import import Outcome
from app.workbook.sheet_cells import PROBLEM, Finding
from app.workbook.sheet_reader import Sheet, Workbook


class Rows(list[Any]):
    """A sheet's rows that know how often somebody went through all of them."""

    times = 0

    def __iter__(self) -> Iterator[Any]:
        self.times += 1
        return super().__iter__()


def test_a_long_sheet_is_gone_through_once_and_not_again_for_each_of_its_lines() -> None:
    rows = Rows([["房号", "备注"], *([f"1-1-{at}", None] for at in range(200))])
    outcome = Outcome(problems=[Finding("S", 5, "A", "!", PROBLEM)])
    assert marked(Workbook("a.xlsx", (Sheet("S", False, rows),)), outcome).startswith(b"PK")
    assert rows.times <= 2, "at most once to know how wide it is, and once to write it"
