"""Units, buildings and the register stand in house order, 2 before 10: on screen, page by page, on paper, in
sheets, in look-ups.
"""

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from office import Estate, lines
from sending import send

from app.ground.text import natural
from models.migrations.versions import in_house_order

AsUser = Callable[[str], FlaskClient]
BUILDINGS = ["1栋", "2栋", "3栋", "10栋", "21栋"]
HOUSES = [
    "1-1-101",
    "1-1-102",
    "2-1-201",
    "3-1-0329",
    "3-1-1102",
    "3-2-101",
    "3-10-101",
    "10-1-101",
    "10-1-101A",
    "商铺-2",
    "商铺-10",
]


@pytest.fixture
def street(office: Estate) -> Estate:
    """An estate whose houses were entered in no order, each with its line in the register."""
    for name in ("21栋", "10栋"):
        office.create("building", "manager", code_name=name)
    for code in ("商铺-10", "10-1-101A", "3-10-101", "10-1-101", "3-2-101", "商铺-2", "3-1-0329"):
        office.create("unit", "supervisor", code_name=code, building=office["3栋"])
    for code in sorted(HOUSES, reverse=True):
        people = lines("people", {"kind": "owner", "full_name": "王建国"})
        office.create("owner_register", "supervisor", unit=code, **people)
    return office


def houses(page: str) -> list[str]:
    """The codes of a page's rows, in their order."""
    body = page[page.index("<tbody") :]
    return list(dict.fromkeys(code for code in re.findall(r">\s*((?:\d+-\d+|商铺)-\d+A?)\s*<", body)))


def test_numbers_stand_by_their_size() -> None:
    ordered = [
        "1-2",
        "1-10",
        "2-1",
        "3栋",
        "三栋",
        "10栋",
        "十一栋",
        "二十栋",
        "21栋",
        "A2",
        "A10",
        "a11",
        "B1",
    ]
    assert sorted(sorted(ordered), key=natural) == ordered
    assert natural("3-1-0329") == natural("３-1-329")


@given(label=st.text(max_size=200) | st.text("1十a九ß", min_size=60, max_size=60))
@example(label="ﷺ" * 40)
@example(label="十a" * 40)
@example(label="ΐ" * 200)
def test_no_label_is_longer_in_order_than_its_column(label: str) -> None:
    assert len(natural(label)) <= 200
    assert len(in_house_order.natural(label)) <= 200


def test_a_building_of_signs_that_grow_is_kept_and_found(office: Estate, as_user: AsUser) -> None:
    office.create("building", "manager", code_name="ﷺ" * 12)
    page = as_user("manager").get("/admin/building/").text
    assert "ﷺ" * 12 in page
    assert (
        office.create("unit", "supervisor", code_name="3-1-1103", building="ﷺ" * 12).building.code_name
        == "ﷺ" * 12
    )


@pytest.mark.parametrize("form", ["unit", "owner_register"])
def test_on_screen_on_paper_and_in_sheets(street: Estate, as_user: AsUser, form: str) -> None:
    client = as_user("supervisor")
    assert houses(client.get(f"/admin/{form}/").text) == HOUSES
    assert houses(client.get(f"/admin/{form}/?sort=-order_key").text) == HOUSES[::-1]
    assert houses(client.get(f"/admin/{form}/print/").text) == HOUSES
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/admin/{form}/export/xlsx/").data))
    for sheet in book.worksheets[1:3] if form == "owner_register" else book.worksheets[1:2]:
        cells = [str(row[0].value) for row in sheet.iter_rows() if row[0].value in HOUSES]
        assert cells == HOUSES, sheet.title
    if form == "owner_register":
        order_shown = houses(client.get("/admin/owner_register/?search=王建国").text)
        assert order_shown == HOUSES, "what a search finds too"


def test_page_by_page_there_and_back(street: Estate, as_user: AsUser) -> None:
    client, address, seen = as_user("supervisor"), "/admin/unit/?size=20", []
    for at in range(40):
        street.create("unit", "supervisor", code_name=f"7-{at + 1}-101", building=street["3栋"])
    order = sorted([*HOUSES, *(f"7-{at + 1}-101" for at in range(40))], key=natural)
    while address:
        page = client.get(address).text
        seen += houses(page)
        match = re.search(r'rel="next" href="([^"]*)"', page)
        address = "/admin/unit/" + match[1].replace("&amp;", "&") if match else ""
    assert seen == order
    back = re.search(r'rel="prev" href="([^"]*)"', page)
    assert back is not None
    assert houses(client.get("/admin/unit/" + back[1].replace("&amp;", "&")).text) == order[20:40]
    for odd in ("%00~5", "~5", "x~5", "9" * 300 + "~5"):
        assert client.get(f"/admin/unit/?after={odd}").status_code == 200, odd


def test_buildings_and_what_is_offered(street: Estate, as_user: AsUser) -> None:
    client = as_user("manager")
    listed = re.findall(r">(\d+栋)<", client.get("/admin/building/").text)
    assert list(dict.fromkeys(listed)) == BUILDINGS
    assert [
        suggestion["label"] for suggestion in client.get("/admin/building/look_up/?q=").json["found"]
    ] == BUILDINGS  # type: ignore[index]
    assert [suggestion["label"] for suggestion in client.get("/admin/unit/look_up/?q=3-").json["found"]][
        :4
    ] == HOUSES[3:7]  # type: ignore[index]
    ticks = re.findall(r"<span>(\d+栋)</span>", client.get("/admin/user/new/").text)
    assert ticks == BUILDINGS


def test_a_unit_renamed_takes_its_line_along(street: Estate, as_user: AsUser) -> None:
    client, key = as_user("supervisor"), street["1-1-101"]
    typed = {"code_name": "9-1-101", "building": "1栋", "kind": "flat", "use": "lived_in", "version": "1"}
    assert send(client, f"/admin/unit/edit/?id={key}", typed).status_code == 302
    order = [*HOUSES[1:7], "9-1-101", *HOUSES[7:]]
    assert houses(client.get("/admin/unit/").text) == order
    assert houses(client.get("/admin/owner_register/").text) == order
