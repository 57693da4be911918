"""Typing on past a look-up: Tab takes only what was named or chosen; Enter the first, which is the
exact one.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

SignIn = Callable[..., Page]


@pytest.mark.parametrize(
    ("box", "typed", "keys", "left"),
    [
        ("unit", "1102", ("Tab",), "1102"),
        ("unit", "3-1-1102", ("Tab",), "3-1-1102"),
        ("unit", "3栋1单元1102", ("Tab",), "3-1-1102"),
        ("unit", "1102", ("Enter",), "1-1-1102"),
        ("unit", "1102", ("ArrowDown", "Tab"), "1-2-1102"),
    ],
)
def test_tab_takes_only_a_match(
    sign_in: SignIn, box: str, typed: str, keys: tuple[str, ...], left: str
) -> None:
    page = sign_in("frontdesk")
    page.on("dialog", lambda request: request.accept())
    page.goto("/admin/work_order/new/")
    page.click(f"#{box}")
    page.keyboard.type(typed)
    expect(page.locator(f".combo:has(#{box}) [role=option]").first).to_be_visible()
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(f"#{box}")).to_have_value(left)
    named = page.locator(f"[name={box}-id]").input_value()
    assert bool(named) == (left != typed or typed == "3-1-1102")
