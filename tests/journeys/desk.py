"""What a person's hands do on the screens."""

from playwright.sync_api import Page, expect


def look_up(page: Page, name: str, typed: str, within: str = "") -> None:
    """Type into a look-up and take the first suggestion."""
    box = page.locator(f"{within} [name={name}][data-look-up]")
    box.click()
    box.fill("")
    box.press_sequentially(typed)
    option = page.locator(f"{within} .combo:has([name={name}]) [role=option]").first
    expect(option).to_be_visible()
    box.press("Enter")


def step(page: Page, name: str) -> None:
    """Open a step's dialog from the record's head or its further steps."""
    link = page.locator(f".head a[href*='/step/{name}/']").first
    if not link.is_visible():
        page.locator(".head details.drop summary").last.click()
    link.click()
    expect(page.locator("dialog form[data-step]")).to_be_visible()


def confirm(page: Page) -> None:
    """Press the dialog's button and wait for the record."""
    page.locator("dialog footer button").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".said")).to_be_visible()


def state(page: Page) -> str:
    """The state's place among the form's, as its chip is coloured and worded."""
    return page.locator(".head .state").inner_text()


def path_now(page: Page) -> int:
    """Which station of the main way the record is at."""
    return page.locator(".path li").evaluate_all("rows => rows.findIndex(row => row.className === 'now')")
