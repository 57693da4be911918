"""A line that is added to a table: its boxes hang on one another, and on those of no other line."""

import json

from playwright.sync_api import Browser, Route, expect

from app.ground import assets

PLACE = "http://guanjia.test/"
RULES = [
    {"box": f"volumes-NEW-{name}", "of": ["1"], "not": False, "empty": False} for name in ("worn", "wet")
]
PAGE = f"""<!doctype html><body><form><div data-lines="volumes">
<input type="hidden" name="volumes-count" value="0"><div class="line-rows"></div>
<template><div class="line-row">
<input name="volumes-NEW-worn"><input name="volumes-NEW-wet">
<div data-when='{json.dumps(RULES)}'><input name="volumes-NEW-dried"></div>
</div></template><button type="button" data-add>+</button></div></form>
<script type="module">
import {{ lines }} from "/lines.js";
import {{ conditions }} from "/conditions.js";
lines(document.querySelector("[data-lines]"));
conditions(document.querySelector("form"));
</script></body>"""


def served(route: Route) -> None:
    """The page, and the components as they are."""
    name = route.request.url.removeprefix(PLACE)
    if name:
        route.fulfill(path=assets.FOLDER / "components" / name, content_type="text/javascript")
    else:
        route.fulfill(body=PAGE, content_type="text/html")


def test_a_box_that_hangs_on_two_others_of_a_new_line(browser: Browser) -> None:
    page = browser.new_page()
    page.route("**/*", served)
    page.goto(PLACE)
    for at in range(2):
        page.click("[data-add]")
        box = page.locator(f"[name=volumes-{at}-dried]")
        expect(box).to_be_hidden()
        page.fill(f"[name=volumes-{at}-worn]", "1")
        page.fill(f"[name=volumes-{at}-wet]", "1")
        page.keyboard.press("Tab")
        expect(box).to_be_visible()
    page.fill("[name=volumes-0-wet]", "0")
    page.keyboard.press("Tab")
    expect(page.locator("[name=volumes-0-dried]")).to_be_hidden()
    expect(page.locator("[name=volumes-1-dried]")).to_be_visible()
    page.close()
