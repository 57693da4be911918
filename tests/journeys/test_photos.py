"""A repair is finished on the phone with photos, one after the other; a bad one is told, nothing is lost."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.desk import confirm, look_up, step
from tests.journeys.test_repair import report


def photo(place: Path, colour: str) -> Path:
    """A photo on the phone."""
    data = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(data, "JPEG")
    place.write_bytes(data.getvalue())
    return place


def test_photos_with_a_step_on_the_phone(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("specialist", 390, 844, has_touch=True, is_mobile=True)
    report(page, "阳台地漏堵了")
    step(page, "dispatch")
    look_up(page, "assignee", "师傅", "dialog")
    confirm(page)
    step(page, "start")
    confirm(page)
    step(page, "finish")
    dialog = page.locator("dialog")
    why = dialog.locator("[name=not_repaired_because]")
    dialog.locator("[name=outcome][value=not_repaired]").check(force=True)
    expect(why).to_be_visible()
    dialog.locator("[name=outcome][value=repaired]").check(force=True)
    expect(why).to_be_hidden()
    dialog.locator("[name=cause]").fill("毛发")
    dialog.locator("[name=work_done]").fill("已疏通")
    dialog.locator("[name=customer_signed]").check()
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"MZ\x90\x00")
    camera = dialog.locator("label.camera")
    expect(camera).to_be_visible()
    for taken in (photo(tmp_path / "one.jpg", "red"), photo(tmp_path / "two.jpg", "blue"), bad):
        camera.locator("input").set_input_files(taken)
    expect(dialog.locator(".chosen li")).to_have_count(3)
    page.locator("dialog footer button").click()
    expect(dialog.locator(".errors")).to_contain_text("bad.jpg")
    expect(dialog.locator("[name=cause]")).to_have_value("毛发")
    expect(dialog.locator(".shots input[type=checkbox]:checked")).to_have_count(2)
    camera.locator("input").set_input_files(photo(tmp_path / "three.jpg", "green"))
    confirm(page)
    expect(page.locator(".photos figure")).to_have_count(3)
