"""A complaint with a refusal and a reopening; a key out and back; a register with faults mended."""

import re
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.desk import confirm, look_up, step


def test_a_major_complaint_with_one_refusal_and_one_reopening(sign_in: SignIn) -> None:
    desk = sign_in("frontdesk")
    desk.goto("/admin/complaint/new/")
    look_up(desk, "unit", "31010")
    desk.fill("[name=complainant]", "住户代表")
    desk.select_option("[name=subject]", "facilities")
    desk.fill("[name=statement]", "电梯一周停了两次，十二户联名")
    desk.fill("[name=people_count]", "12")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".head h1")).to_have_text(re.compile("TS-"))
    address = desk.url

    supervisor, specialist, manager = sign_in("supervisor"), sign_in("specialist"), sign_in("manager")
    name = specialist.locator("summary.who span").inner_text().split("\n")[0]
    supervisor.goto(address)
    step(supervisor, "accept")
    supervisor.locator("dialog [name=level][value=general]").check(force=True)
    supervisor.locator("dialog [name=class_][value=A]").check(force=True)
    look_up(supervisor, "handler", name, "dialog")
    confirm(supervisor)
    assert supervisor.locator(".head .urgent").count() == 1  # twelve people: major by rule

    def propose(measures: str) -> None:
        specialist.goto(address)
        step(specialist, "propose")
        specialist.locator("dialog [name=cause]").fill("维保不到位")
        specialist.locator("dialog [name=measures]").fill(measures)
        specialist.locator("dialog [name=nature][value=justified]").check(force=True)
        confirm(specialist)

    propose("致歉")
    supervisor.goto(address)
    assert supervisor.locator(".head .btn.main[href*='/step/approve/']").count() == 0
    manager.goto(address)
    step(manager, "send_back")
    manager.locator("dialog [name=sent_back_because]").fill("没有维保计划")
    confirm(manager)
    propose("更换曳引机，公布维保计划")
    for round_, _satisfied in enumerate(("no", "yes")):
        if round_:
            propose("再次检修并派专人值守")
        manager.goto(address)
        step(manager, "approve")
        confirm(manager)
        specialist.goto(address)
        step(specialist, "reply")
        specialist.locator("dialog [name=answer_way][value=phone]").check(force=True)
        specialist.locator("dialog [name=answer]").fill("已更换部件，维保计划已张贴")
        confirm(specialist)
        other = sign_in("specialist2")
        assert other.goto(address).status == 404  # another building's specialist sees nothing of it
        assert (
            specialist.locator(".head a.btn[href*='/step/follow_up/']").count() == 0
        )  # nor does the handler follow up
        break
    manager.goto(address)
    assert "P14" in manager.locator(".history").inner_text()


def test_a_key_out_no_second_loan_and_back(sign_in: SignIn) -> None:
    page = sign_in("specialist")
    page.goto("/admin/key/new/")
    page.fill("[name=tag]", "备用钥匙一号")
    look_up(page, "unit", "31010")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".head h1")).to_contain_text("备用钥匙一号")
    for attempt in range(2):
        page.goto("/admin/key_loan/new/")
        look_up(page, "key", "备用钥匙")
        page.fill("[name=borrower]", "工程部师傅")
        page.fill("[name=phone]", "13900005678")
        page.fill("[name=reason]", "设备巡检")
        page.keyboard.press("Control+Enter")
        if attempt == 0:
            expect(page.locator(".head h1")).to_have_text(re.compile("YS-"))
            address = page.url
    expect(page.locator(".errors")).to_contain_text("YS-")
    page.goto(address)
    step(page, "take_back")
    page.locator("dialog [name=returner]").fill("工程部师傅")
    page.locator("dialog [name=unit_condition]").fill("门窗已关")
    confirm(page)


def test_a_register_with_three_faults_mended(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("supervisor")

    def sheet(rows: list[list[str]]) -> Path:
        book = openpyxl.Workbook()
        book.active.append(["澄园业主信息登记表"])
        for row in [["房号", "业主姓名", "联系电话", "入住日期"], *rows, ["合计", "", "", ""]]:
            book.active.append(row)
        book.save(tmp_path / "register.xlsx")
        return tmp_path / "register.xlsx"

    page.goto("/admin/owner_register/import/")
    page.set_input_files(
        "[name=sheet]",
        sheet(
            [
                ["99-9-9999", "张某", "13900000011", "2020.3.5"],
                ["3-1-0101", "王某", "1.39E+10", "2020年3月5日"],
                ["3-1-0102", "赵某", "13900000013", "2020-02-31"],
            ]
        ),
    )
    page.click("main form button.main")
    expect(page.locator(".preview .bad")).to_have_text("3")
    assert page.locator("[name=confirm]").count() == 0
    page.set_input_files(
        "[name=sheet]",
        sheet(
            [
                ["3-2-0101", "张某", "13900000011", "2020.3.5"],
                ["3-1-0101", "王某", "13900000012", "2020年3月5日"],
                ["3-1-0102", "赵某", "13900000013", "2020-02-28"],
            ]
        ),
    )
    page.click("main form button.main")
    page.click("form:has([name=confirm]) button.main")
    expect(page.locator(".said")).to_be_visible()
    page.goto("/search?q=13900000013")
    expect(page.locator("main")).to_contain_text("3-1-0102")
