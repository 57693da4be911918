"""An empty flat is inspected on the phone: found in the round, filled in on the spot, with photos; what was
found becomes a work order.
"""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.desk import confirm, step
from tests.journeys.test_photos import photo

WELL = {"water": "off", "power": "off", "gas": "none", "doors": "shut", "cleanliness": "clean"}


def test_an_inspection_with_photos_on_a_phone(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("specialist", 390, 844, has_touch=True, is_mobile=True)
    page.locator("a[href*='/plan/rounds/']").first.click()
    row = page.locator("table.list tbody tr").first
    unit = row.locator("td.s1").inner_text().strip()
    row.locator("a.btn").click()
    expect(page.locator("[name=unit]")).to_have_value(unit)
    expect(page.locator("select[name=kind]")).to_have_value("inspection")
    expect(page.locator("[name=reason]").first).to_be_hidden()
    for name, value in {**WELL, "leaks": "leak"}.items():
        page.locator(f"label:has([name={name}][value={value}])").click()
    page.locator("[name=water_reading]").fill("128.5")
    page.locator("[name=finding]").fill("飘窗上口渗水")
    page.locator("[name=to_mend]").fill("查外墙防水")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/details/"))
    step(page, "take_photos")
    camera = page.locator("dialog label.camera").nth(1)
    for colour in ("red", "blue"):
        camera.locator("input").set_input_files(photo(tmp_path / f"{colour}.jpg", colour))
    expect(page.locator("dialog .chosen li")).to_have_count(2)
    confirm(page)
    expect(page.locator(".photos figure")).to_have_count(2)
    page.locator("a[href*='/become/to_order/']").first.click()
    expect(page.locator("[name=description]")).to_have_value(re.compile("飘窗上口渗水；查外墙防水"))
    page.locator("[name=description]").press("Control+Enter")
    page.wait_for_url(re.compile("/work_order/details/"))
    expect(page.locator(".photos figure")).to_have_count(2)
    page.goto("/admin/vacancy_ledger/plan/rounds/?show=done")
    expect(page.locator("table.list")).to_contain_text(unit)
