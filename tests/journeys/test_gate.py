"""A household moves out: at the gate its van has more on it than the slip says, and is refused; with a new
slip it leaves. The gate works on a phone.
"""

import re
from datetime import timedelta

from axe import Seen, faults
from playwright.sync_api import Page, expect

from app.ground import clock
from tests.journeys.conftest import SignIn
from tests.journeys.desk import confirm, look_up, state, step

UNIT = "2-1-0502"
PHONE = {"width": 390, "height": 844}


def approve(page: Page, number: str, **typed: str) -> None:
    """The supervisor approves a slip, and says why where something stands open."""
    page.goto(f"/search?q={number}")
    step(page, "approve")
    for name, value in typed.items():
        page.fill(f"dialog [name={name}]", value)
    reason = page.locator("dialog [name=reason_to_pass]")
    if reason.count():
        reason.fill("业主到场确认")
    confirm(page)
    assert state(page) == "待放行"


def number_of(page: Page) -> str:
    """The number of the record at hand."""
    return page.locator(".head h1").inner_text()


def test_refused_at_the_gate_then_let_out(sign_in: SignIn, seen: Seen) -> None:
    desk, supervisor, gate = sign_in("frontdesk"), sign_in("supervisor"), sign_in("frontdeskb", **PHONE)
    desk.goto("/admin/release_slip/new/")
    look_up(desk, "unit", UNIT)
    desk.check("[name=applicant_kind][value=owner]", force=True)
    desk.fill("[name=applicant]", "住户")
    desk.fill("[name=phone]", "13700000001")
    desk.check("[name=reason][value=moving_out]", force=True)
    desk.fill("[name=told_on]", f"{clock.today() - timedelta(days=3):%Y-%m-%d}")
    desk.fill("[name=goods-0-item]", "双人床")
    desk.fill("[name=goods-0-count]", "2")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".said")).to_be_visible()
    first = number_of(desk)
    approve(supervisor, first, water_reading="812", power_reading="10455")

    gate.goto("/admin/release_slip/scan/")
    assert faults(gate, seen, "colours", "rest") == []
    gate.fill("#number", first[-4:].lstrip("0"))
    gate.keyboard.press("Enter")
    expect(gate.locator(".verdict.go")).to_be_visible()
    assert faults(gate, seen, "colours", "rest") == []
    expect(gate.locator(".compare")).to_contain_text("双人床")
    gate.get_by_role("button", name="拒绝放行").click()
    expect(gate.locator(".errors")).to_contain_text("值岗人")
    gate.fill("[name=guard_name]", "岗亭值守甲")
    gate.fill("[name=refused_why]", "车上多出冰箱一台")
    gate.get_by_role("button", name="拒绝放行").click()
    expect(gate.locator(".said")).to_contain_text(first)
    gate.fill("#number", first)
    gate.keyboard.press("Enter")
    expect(gate.locator(".verdict.stop")).to_contain_text("门岗拒放")
    expect(gate.locator(".verdict.stop")).to_contain_text("岗亭值守甲")
    assert faults(gate, seen, "colours", "rest") == []

    desk.goto(f"/search?q={first}")
    desk.get_by_role("link", name="另开新条").click()
    expect(desk.locator("[name=goods-0-item]")).to_have_value("双人床")
    desk.locator("[data-add]").first.click()
    desk.fill("[name=goods-1-item]", "冰箱")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".said")).to_be_visible()
    second = number_of(desk)
    assert second != first
    approve(supervisor, second)

    gate.fill("#number", second)
    gate.keyboard.press("Enter")
    expect(gate.locator(".verdict.go")).to_be_visible()
    expect(gate.locator("[name=guard_name]").last).to_have_value("岗亭值守甲")
    for tick in gate.locator(".compare input[type=checkbox]").all():
        tick.check()
    width = gate.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], "nothing runs out of the phone"
    gate.get_by_role("button", name=re.compile("^放行")).click()
    expect(gate.locator(".said")).to_contain_text(second)

    desk.goto(f"/search?q={second}")
    assert state(desk) == "已放行"
    desk.goto("/admin/vacancy_change/")
    expect(desk.locator("#rows tr", has_text=UNIT).first).to_contain_text("已搬出")
