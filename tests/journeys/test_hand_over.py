"""A shift ends: counted, what is open mentioned, handed over at the desk, taken over on a phone, the
difference signed by the supervisor.
"""

from datetime import timedelta

from playwright.sync_api import Page, expect

from app.ground import clock
from tests.journeys.conftest import SignIn
from tests.journeys.desk import confirm, step

PEOPLE = ("frontdesk", "frontdeskb", "caller")  # of the demo's three shifts


def the_log(page: Page) -> None:
    """Open the log of the shift that is on."""
    page.goto("/admin/duty_log/?state=running")
    page.locator("main tbody a[href*='/details/']").first.click()
    expect(page.locator(".head h1")).to_contain_text("ZB-")


def in_charge(sign_in: SignIn) -> tuple[str, Page]:
    """Whoever has the shift: only they may hand it over."""
    for name in PEOPLE:
        page = sign_in(name)
        the_log(page)
        if page.locator("a[href*='/step/hand_over/']").count():
            return name, page
    raise AssertionError("nobody is in charge")


def test_a_shift_is_handed_over(sign_in: SignIn) -> None:
    name, keeper = in_charge(sign_in)
    log = keeper.url
    keeper.locator(".head a[href*='/edit/']").click()
    ends = clock.local(clock.now()) + timedelta(minutes=20)
    keeper.fill("[name=ends_at]", f"{ends:%Y-%m-%dT%H:%M}")
    counted = keeper.locator("[name$='-counted']:not([name*=NEW])")
    for at in range(counted.count() - 1):  # the last is the empty line
        keeper.fill(f"[name=counts-{at}-counted]", "1")
        keeper.fill(f"[name=counts-{at}-reason]", "交接时复点")
    keeper.keyboard.press("Control+Enter")
    expect(keeper.locator(".head h1")).to_contain_text("ZB-")

    step(keeper, "hand_over")
    keeper.locator("dialog footer button").click()
    missing = keeper.locator("dialog .errors a[href^='/search']").first
    expect(missing).to_be_visible()
    number = missing.inner_text()
    keeper.goto(log)
    step(keeper, "gather")
    confirm(keeper)
    line = keeper.locator("tr", has=keeper.locator(f"a[href='/search?q={number}']")).first
    expect(line).to_be_visible()
    line.locator(f"a[href='/search?q={number}']").click()
    expect(keeper.locator(".head h1")).to_have_text(number)
    keeper.goto(log)
    step(keeper, "hand_over")
    confirm(keeper)
    assert keeper.locator(".head a[href*='/step/take_over/']").count() == 0, "the giver takes nothing over"

    taker = sign_in(next(other for other in PEOPLE[:2] if other != name), 390, 844)
    taker.goto(log)
    step(taker, "take_over")
    taker.locator("dialog [name=agrees][value=yes]").check(force=True)
    confirm(taker)
    expect(taker.locator(".head .state")).to_contain_text("差异待签")

    supervisor = sign_in("supervisor")
    supervisor.goto(log)
    step(supervisor, "sign")
    supervisor.locator("dialog [name=sign_opinion]").fill("已复核，账实相符")
    confirm(supervisor)
    step(supervisor, "review")
    confirm(supervisor)
    expect(supervisor.locator(".head .state")).to_contain_text("已审阅")
    lines = supervisor.locator(".history").inner_text()
    assert "依" in lines or "by" in lines
