"""A call becomes a work order, is dispatched, worked on, followed up and filed, by the four roles in turn."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn
from tests.journeys.desk import confirm, look_up, path_now, step


def report(page: Page, text: str) -> str:
    """The desk takes a call; the number of the new order."""
    page.goto("/admin/work_order/new/")
    look_up(page, "unit", "31010")
    page.fill("[name=reporter]", "来电住户")
    page.fill("[name=phone]", "13900001234")
    page.select_option("[name=category]", "water")
    page.check("[name=urgency][value=emergency]", force=True)
    page.fill("[name=description]", text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".head h1")).to_have_text(re.compile(r"PG-\d{6}-\d{4}"))
    return page.locator(".head h1").inner_text()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_from_the_call_to_the_file(sign_in: SignIn, width: int, height: int) -> None:
    desk = sign_in("frontdesk", width, height)
    number = report(desk, f"厨房水管爆裂，水漫到客厅 {width}")
    address = desk.url
    assert "**** 1234" in desk.locator(".fields").first.inner_text()
    assert desk.locator(".head a[href*='/step/dispatch/']").count() == 0

    specialist = sign_in("specialist", width, height)
    specialist.goto(f"/search?q={number}")
    expect(specialist.locator(".head h1")).to_have_text(number)
    step(specialist, "dispatch")
    look_up(specialist, "assignee", "师傅", "dialog")
    confirm(specialist)
    assert path_now(specialist) == 1
    step(specialist, "start")
    confirm(specialist)
    step(specialist, "finish")
    dialog = specialist.locator("dialog")
    dialog.locator("[name=outcome][value=repaired]").check(force=True)
    dialog.locator("[name=cause]").fill("软管老化")
    dialog.locator("[name=work_done]").fill("更换软管，试水正常")
    dialog.locator("[name=materials-0-item]").fill("软管")
    dialog.locator("[name=materials-0-quantity]").fill("2")
    dialog.locator("[name=materials-0-price]").fill("18.00")
    dialog.locator("[name=customer_signed]").check()
    confirm(specialist)
    assert "36.00" in specialist.locator(".record").inner_text()
    step(specialist, "follow_up")
    specialist.locator("dialog [name=rating][value='5']").check(force=True)
    confirm(specialist)

    supervisor = sign_in("supervisor", width, height)
    supervisor.goto(address)
    step(supervisor, "sample")
    supervisor.locator("dialog [name=sample_result]").fill("电话抽查，客户满意")
    confirm(supervisor)

    desk.goto(address)
    step(desk, "file")
    confirm(desk)
    manager = sign_in("manager", width, height)
    manager.goto(address)
    assert path_now(manager) == -1
    lines = manager.locator(".history").inner_text()
    assert all(clause in lines for clause in ("F1", "P7", "P10", "S3", "F6"))


def test_a_stale_save_shows_both_and_lets_one_choose(sign_in: SignIn) -> None:
    first, second = sign_in("specialist"), sign_in("supervisor")
    report(first, "阳台地漏返水")
    key = first.url.split("id=")[1]
    for page in (first, second):
        page.goto(f"/admin/work_order/edit/?id={key}")
    first.fill("[name=description]", "阳台地漏返水，已垫毛巾")
    first.keyboard.press("Control+Enter")
    expect(first.locator(".said")).to_be_visible()
    second.fill("[name=description]", "阳台地漏返水，主管改写")
    second.keyboard.press("Control+Enter")
    conflict = second.locator(".errors").first
    expect(conflict).to_contain_text("已垫毛巾")
    expect(conflict).to_contain_text("主管改写")
    assert second.input_value("[name=description]") == "阳台地漏返水，主管改写"
    second.click("[data-save]")
    expect(second.locator(".record")).to_contain_text("主管改写")


def test_enter_that_picks_a_pinyin_candidate_sends_nothing(sign_in: SignIn) -> None:
    page = sign_in("frontdesk")
    page.goto("/admin/work_order/new/")
    page.fill("[name=reporter]", "chen")
    page.evaluate(
        "document.querySelector('[name=reporter]').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter',"
        " isComposing: true, bubbles: true}))"
    )
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '/', isComposing: true, bubbles:"
        " true}))"
    )
    assert "/new/" in page.url
    assert page.evaluate("document.activeElement.name") == "reporter"


def test_what_was_typed_outlives_a_lost_session(sign_in: SignIn) -> None:
    page = sign_in("frontdesk")
    page.goto("/admin/work_order/new/")
    page.fill("[name=description]", "写到一半的报修")
    page.fill("[name=reporter]", "住户")
    cookies = page.context.cookies()
    page.evaluate(
        "fetch('/logout', {method: 'POST', body: new URLSearchParams({csrf_token:"
        " document.querySelector('[name=csrf_token]').value})})"
    )
    page.wait_for_timeout(300)
    page.context.add_cookies(cookies)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda address: "/login" in address)
    page.fill("[name=username]", "frontdesk")
    page.fill("[name=password]", "guanjia-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/new/" in address)
    expect(page.locator("[name=description]")).to_have_value("写到一半的报修")
