"""Slips of the hand at a real browser: a candidate confirmed, a button pressed twice, a photo too large, a
clock of another country.
"""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn
from tests.journeys.desk import look_up

COMPOSED = """box => {
    box.focus();
    for (const key of ["Enter", " ", "/", "n", "ArrowDown", "Tab", "Escape"])
        for (const more of [{}, {ctrlKey: true}])
            box.dispatchEvent(new KeyboardEvent("keydown",
                {key, isComposing: true, keyCode: 229, bubbles: true, cancelable: true, ...more}));
    return document.activeElement === box;
}"""


def filled(page: Page, what: str) -> None:
    """A new work order filled in, not yet sent."""
    page.goto("/admin/work_order/new/")
    page.fill("[name=unit]", "3-1-0101")
    page.fill("[name=reporter]", "住户")
    page.select_option("[name=category]", "water")
    page.fill("[name=description]", what)


def test_a_candidate_confirmed_sends_and_triggers_nothing(sign_in: SignIn) -> None:
    """In every box of a form, a search, a filter and a dialog; the look-up asks when the word is there, not
    before.
    """
    page = sign_in("specialist")
    sent: list[str] = []
    for place in ("/admin/work_order/new/", "/admin/work_order/", "/admin/owner_register/new/"):
        page.goto(place)
        if place == "/admin/work_order/":
            page.locator("td.steps a[data-dialog]").first.click()
            expect(page.locator("dialog form")).to_be_visible()
        page.on(
            "request",
            lambda asked: (
                sent.append(asked.url) if asked.is_navigation_request() or "look_up" in asked.url else None
            ),
        )
        boxes = page.locator(
            "input:visible:not([type=checkbox]):not([type=radio]):not([type=file]), textarea:visible,"
            " select:visible"
        )
        address = page.url
        for box in boxes.all():
            sent.clear()
            if box.evaluate(
                "box => !box.closest('dialog') && Boolean(document.querySelector('dialog[open]'))"
            ):
                continue
            before = page.evaluate("document.querySelectorAll('dialog[open], details[open]').length")
            box.focus()
            page.wait_for_timeout(20)
            sent.clear()
            assert box.evaluate(COMPOSED), "the cursor stays where it was"
            assert page.evaluate("document.querySelectorAll('dialog[open], details[open]').length") == before
        page.wait_for_timeout(150)
        assert page.url == address
        assert [request for request in sent if "look_up" not in request] == []
    page.goto("/admin/work_order/new/")
    page.focus("[name=unit]")
    page.wait_for_timeout(200)
    sent.clear()
    hands = page.context.new_cdp_session(page)
    for part in ("z", "zh", "zhu"):
        hands.send(
            "Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)}
        )
    page.wait_for_timeout(300)
    assert sent == [], "nothing is asked for half a word"
    with page.expect_request(lambda asked: "look_up" in asked.url):
        hands.send("Input.insertText", {"text": "主"})


def test_pressed_twice_without_scripts(sign_in: SignIn) -> None:
    page = sign_in("frontdesk", java_script_enabled=False)
    filled(page, "双击测试漏水")
    page.locator("[data-save]").dblclick(no_wait_after=True)
    page.wait_for_url(re.compile("details"))
    number = page.locator(".head h1").inner_text()
    page.go_back()
    page.go_forward()
    page.goto("/admin/work_order/?search=双击测试漏水")
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody")).to_contain_text(re.search(r"PG-\d+-\d+", number)[0])  # type: ignore[index]


def test_a_photo_of_fifty_megabytes(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("specialist")
    page.goto("/admin/work_order/")
    page.goto(page.locator("td a[href*='details']").first.get_attribute("href") or "")
    large = tmp_path / "large.jpg"
    large.write_bytes(b"\xff\xd8\xff" + b"x" * 50_000_000)
    page.set_input_files("form.attach [name=file]", large)
    page.locator("form.attach button").last.click()
    expect(page.locator(".errors")).to_contain_text("20 MB")


def test_a_browser_in_tokyo(sign_in: SignIn) -> None:
    """A minute before midnight at the office stays that day."""
    page = sign_in("frontdesk", timezone_id="Asia/Tokyo")
    for moment in ("2027-03-01T23:59", "2027-03-02T00:01"):
        page.goto("/admin/work_order/new/")
        look_up(page, "unit", "31010")
        page.fill("[name=reporter]", "住户")
        page.select_option("[name=category]", "water")
        page.fill("[name=description]", "约了时间")
        page.fill("[name=appointed_at]", moment)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".head h1")).to_have_text(re.compile("PG-"))
        expect(page.locator("main")).to_contain_text(moment.replace("T", " "))


DRAFTS = "Object.keys(localStorage).filter(name => name.startsWith('draft:')).length"
DESCRIPTION = "[name=description]"


def kept(page: Page) -> str:
    """What a new work order's description holds when its form is opened."""
    page.goto("/admin/work_order/new/")
    return page.input_value(DESCRIPTION)


def test_the_network_goes_while_saving(sign_in: SignIn) -> None:
    """The browser shows its own page of woe; back at the form, what was typed is there, is said to be a
    draft, and goes once it is saved.
    """
    page = sign_in("frontdesk")
    page.on("dialog", lambda asked: asked.accept())
    filled(page, "断网时写的内容")
    page.route(
        "**/work_order/new/",
        lambda asked: asked.abort() if asked.request.method == "POST" else asked.continue_(),
    )
    page.locator("[data-save]").click(no_wait_after=True)
    page.wait_for_timeout(500)
    page.unroute("**/work_order/new/")
    page.go_back()
    page.wait_for_timeout(300)
    assert kept(page) == "断网时写的内容"
    expect(page.locator(".kept")).to_be_visible()
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile("details"))
    assert page.evaluate(DRAFTS) == 0
    assert kept(page) == ""


def test_a_closed_tab(sign_in: SignIn) -> None:
    """What was typed in it is there in the next one; two that are open keep apart."""
    page = sign_in("frontdesk")
    filled(page, "关闭标签页前写的")
    page.close(run_before_unload=False)
    second = page.context.new_page()
    assert kept(second) == "关闭标签页前写的"
    third = page.context.new_page()
    third.goto("/admin/work_order/new/")
    expect(third.locator(DESCRIPTION)).to_have_value("")
    third.fill(DESCRIPTION, "另一通电话")
    second.reload()
    assert (second.input_value(DESCRIPTION), third.input_value(DESCRIPTION)) == (
        "关闭标签页前写的",
        "另一通电话",
    )


def test_a_form_given_up_is_forgotten(sign_in: SignIn) -> None:
    """By 取消, by 重新填写, and by signing out, since others use the desk's browser too."""
    page = sign_in("frontdesk")
    page.on("dialog", lambda asked: asked.accept())
    filled(page, "不要了")
    page.locator("[data-cancel]").click()
    page.wait_for_url(re.compile(r"work_order/$"))
    assert kept(page) == ""
    filled(page, "重新来")
    page.reload()
    page.locator("[data-forget]").click()
    expect(page.locator(DESCRIPTION)).to_have_value("")
    filled(page, "下班了")
    page.locator("summary.who").click()
    page.locator("form[action='/logout'] button").click()
    page.wait_for_url(re.compile("login"))
    assert page.evaluate(DRAFTS) == 0


def test_without_a_network_nothing_is_sent(sign_in: SignIn) -> None:
    page = sign_in("frontdesk")
    filled(page, "没有网络")
    page.context.set_offline(True)
    page.locator("[data-save]").click()
    expect(page.locator("form .errors")).to_contain_text("连接中断")
    page.context.set_offline(False)
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile("details"))
