"""A register whose heads nobody knows: its columns are said once, the good lines come in, the rest is mended
and comes in, and the next one of its kind asks nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

SignIn = Callable[..., Page]
HEADS = ["门牌代号", "当家人", "打哪个号", "党员否"]
COLUMNS = {"门牌代号": "unit", "当家人": "owner_name", "打哪个号": "phone", "党员否": "-"}
LINES = [
    ["3-1-0101", "王某", "13900000012", "否"],
    ["99-9-9999", "张某", "13900000011", "是"],
    ["3-1-0102", "赵某", "13900000013", "是"],
    ["3-2-0101", "李某", "1.39E+10", "否"],
]


def _sheet(folder: Path, name: str, rows: list[list[str]]) -> Path:
    book: Any = openpyxl.Workbook()
    for row in [["澄园业主台账"], HEADS, *rows]:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def _read(page: Page, file: Path) -> None:
    page.goto("/admin/owner_register/import/")
    page.set_input_files("[name=sheet]", file)
    page.click("main form button.main")


def _found(page: Page, phone: str) -> bool:
    page.goto(f"/search?q={phone}")
    return page.locator("main a[href*='/owner_register/details/']").count() > 0


def test_after_a_download_the_other_buttons_do_something(sign_in: SignIn, tmp_path: Path) -> None:
    page, book = sign_in("supervisor"), openpyxl.Workbook()
    for row in (["房号", "业主姓名"], ["3-1-0201", "钱某"], ["99-9-9999", "张某"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "a.xlsx")
    _read(page, tmp_path / "a.xlsx")
    with page.expect_download():
        page.click("button[name=mark]")
    page.click("button[value=good]")
    expect(page.locator(".rest")).to_be_visible(timeout=5000)


def test_a_register_with_heads_of_its_own(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("supervisor")
    _read(page, _sheet(tmp_path, "台账.xlsx", LINES))
    expect(page.locator("button[value=all], button[value=good]")).to_have_count(0)
    for head, column in COLUMNS.items():
        line = page.locator(".heads tr", has_text=head)
        expect(line).to_contain_text(LINES[0][HEADS.index(head)].replace("13900000012", "139****12"))
        line.locator("select").select_option(column)
    page.locator("button[name=read]").first.click()

    expect(page.locator(".heads")).not_to_have_attribute("open", "")
    expect(page.locator(".preview .bad")).to_have_text("2")
    page.click("button[value=good]")
    expect(page.locator(".rest")).to_contain_text("2 行未带入")
    with page.expect_download() as download:
        page.click(".rest a.main")
    rest = tmp_path / "rest.xlsx"
    download.value.save_as(rest)
    assert _found(page, "13900000012")
    assert _found(page, "13900000013")
    assert not _found(page, "13900000011")

    book = openpyxl.load_workbook(rest)
    lines: Any = book.worksheets[0]
    assert [cell.value for cell in lines[2]] == HEADS
    assert [row[0].value for row in lines.iter_rows(min_row=3)] == ["99-9-9999", "3-2-0101"]
    assert lines["A3"].comment is not None
    assert lines["C4"].comment is not None
    lines["A3"], lines["C4"] = "3-2-0102", "13900000014"
    book.save(rest)
    _read(page, rest)
    expect(page.locator(".heads select").first).to_be_hidden()
    page.click("button[value=all]")
    expect(page.locator(".said")).to_be_visible()
    assert _found(page, "13900000011")
    assert _found(page, "13900000014")

    _read(page, _sheet(tmp_path, "下个月.xlsx", [["3-1-0201", "孙某", "13900000015", "否"]]))
    expect(page.locator(".heads")).not_to_have_attribute("open", "")
    expect(page.locator(".heads")).to_contain_text("确认的")
    page.click("button[value=all]")
    expect(page.locator(".said")).to_be_visible()
    assert _found(page, "13900000015")
