"""Statistics over HTTP: whatever figures are declared, as far as one reads; each number's list has its
records; a workbook with charts.
"""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from office import NOON, Estate
from sending import asked_of, chinese, send

from app.declare.record import registry
from app.ground import clock

AsUser = Callable[[str], FlaskClient]
PLACE = "/admin/statistics/"
DONE = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}


@pytest.fixture
def orders(office: Estate) -> None:
    """Three finished in November, one late and one rated badly; one of October; one of another area."""
    for at, after, rating in (
        (NOON - timedelta(days=40), 1, "5"),
        (NOON - timedelta(days=6), 30, "4"),
        (NOON - timedelta(days=5), 2, "5"),
        (NOON - timedelta(days=4), 1, "2"),
    ):
        with clock.set_to(at):
            order = office.order()
            office.step(order, "dispatch", "specialist", assignee=office["specialist"])
            office.step(order, "start", "specialist")
        with clock.set_to(at + timedelta(hours=after)):
            office.step(order, "finish", "specialist", **DONE)
            office.step(order, "follow_up", "colleague", rating=rating)
    with clock.set_to(NOON - timedelta(days=1)):
        office.order(unit=office["2-1-201"], category="lifts")


def read(client: FlaskClient, **asked: str) -> BeautifulSoup:
    answer = client.get(PLACE, query_string=asked)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def told(page: BeautifulSoup) -> dict[str, str]:
    """Each figure with its number."""
    return {
        str(section.select_one("h2").get_text()): str(section.select_one(".big").get_text(strip=True))  # type: ignore[union-attr]
        for section in page.select("section.measured")
    }


def listed(client: FlaskClient, address: str) -> int:
    """How many records a list says it has."""
    page = client.get(unescape(address)).text
    match = re.search(r"/ ([\d,]+)\+?</span>", page)
    return int(match[1].replace(",", "")) if match else 0


def test_the_numbers_of_a_month_and_the_month_before(office: Estate, orders: None, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("supervisor")
        page = read(client)
        assert told(page) | {"有偿维修金额": ""} == {
            "报修量": "4",
            "按时完工率": "66.7%",
            "修复率": "100%",
            "回访率": "100%",
            "报修满意率": "66.7%",
            "有偿维修金额": "",
        }
        assert told(read(client, period="2026-10"))["按时完工率"] == "100%"
        assert told(read(client, period="2026-Q4"))["报修量"] == "5"
        assert told(read(client, period="2026"))["报修满意率"] == "75%"


def test_every_number_opens_its_records(office: Estate, orders: None, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("manager")
        seen = 0
        for row in read(client).select(".measured tr"):
            link, records = row.select_one("a"), row.select(".num")[-1:]
            if link is None or not records:
                continue
            said = records[0].get_text(strip=True) or link.get_text(strip=True)
            assert listed(client, str(link["href"])) == int(said.replace(",", "")), row
            seen += 1
        assert seen > 20
        section = next(each for each in read(client).select(".measured") if "按时完工率" in each.get_text())
        missed = next(link for link in section.select("header a") if "未达到" in link.get_text())
        assert listed(client, str(missed["href"])) == 1
        page = client.get(str(missed["href"])).text
        assert "按时完工率 · 未达到 · 2026年11月" in page


def test_a_specialist_sees_the_own_area(office: Estate, orders: None, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        assert told(read(as_user("specialist")))["报修量"] == "3"
        own = read(as_user("specialist2"))
        assert told(own)["报修量"] == "1"
        assert "1栋" not in str(own.select_one(".apart"))
        strangers = told(read(as_user("other_manager")))
        assert strangers["报修量"] == "0"
        assert strangers["按时完工率"] == "—"


def test_who_has_no_duty_of_it_is_told_so(office: Estate, orders: None, as_user: AsUser) -> None:
    desk = read(as_user("frontdesk"))
    assert "报修满意率" not in told(desk), "the duty of those who answer for it"
    assert "报修量" in told(desk)
    nobody = as_user("repairer")
    for address in (PLACE, f"{PLACE}workbook/"):
        answer = nobody.get(address)
        assert answer.status_code == 403
        assert "统计不在您的职责内" in answer.text
    assert PLACE not in nobody.get("/").text, "nor does the menu have it"
    assert PLACE in as_user("manager").get("/").text


def test_nobody_signed_in_is_sent_to_the_door(client: FlaskClient) -> None:
    assert client.get(PLACE).location.startswith("/login")


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "0000-11"},
        {"period": "2026-13"},
        {"period": "2026-00"},
        {"period": "2026-Q5"},
        {"period": "2026-02-30"},
        {"period": "99999"},
        {"period": "2199-01"},
        {"period": "'; drop table"},
        {"form": "nothing"},
        {"form": "user"},
        {"office": "999"},
        {"office": "-1"},
        {"office": "2"},
    ],
)
def test_an_odd_address_shows_this_month(
    office: Estate, orders: None, as_user: AsUser, asked: dict[str, str]
) -> None:
    with clock.set_to(NOON):
        client = as_user("manager")
        page = read(client, **asked)
        assert "2026年11月" in page.get_text()
        assert told(page)["报修量"] == "4"
        assert client.get(f"{PLACE}workbook/", query_string=asked).status_code == 200


def test_a_figure_over_no_records_says_so(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        page = read(as_user("manager"))
    assert told(page)["按时完工率"] == "—"
    assert told(page)["报修量"] == "0"
    assert "没有计入的记录" in page.get_text()
    assert "0%" not in page.get_text()


def test_each_form_with_figures_has_its_page(office: Estate, orders: None, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("manager")
        tabs = {str(link["href"]) for link in read(client).select(".tabs a")}
        assert len(tabs) == sum(bool(cls.figures) for cls in registry.values())
        for tab in tabs:
            page = BeautifulSoup(client.get(PLACE + tab).text, "html.parser")
            assert page.select("section.measured"), tab


def test_it_speaks_one_language(office: Estate, orders: None, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        client = as_user("manager")
        assert all(chinese(str(each.get_text())) for each in read(client).select("section h2"))
        send(client, "/language", {"locale": "en", "next": "/"})
        page = read(client)
        texts = "".join(page.select_one("main").stripped_strings)  # type: ignore[union-attr]
        left = re.sub("1栋|2栋|钱专员", "", texts)
        assert not re.search("[\u4e00-\u9fff]", left), left
        assert "Finished on time" in left
        assert "Nov 2026" in left


def test_charts_are_told_in_words_too_and_stand_beside_a_table(
    office: Estate, orders: None, as_user: AsUser
) -> None:
    with clock.set_to(NOON):
        page = read(as_user("manager"))
    for chart in page.select("svg.columns"):
        assert "11月" in str(chart["aria-label"])
        assert len(chart.select("text.value")) == 12
        assert chart.find_parent(class_="trend").select("table tbody tr")  # type: ignore[union-attr]
        assert not chart.select("[style]"), "the page's rules let no style into it"


def test_the_months_workbook(office: Estate, orders: None, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        answer = as_user("manager").get(f"{PLACE}workbook/?period=2026-11")
    assert answer.status_code == 200
    assert "statistics.xlsx" in answer.headers["Content-Disposition"]
    book: Any = openpyxl.load_workbook(io.BytesIO(answer.data))
    cover = book.worksheets[0]
    lines = {str(row[1].value): row for row in cover.iter_rows() if row[1].value}
    assert lines["按时完工率"][2].value == pytest.approx(2 / 3)
    assert lines["按时完工率"][2].number_format == "0.0%"
    assert lines["按时完工率"][3].value == 1
    assert lines["报修量"][2].value == 4
    assert any("2026年11月" in str(cell.value) for cell in cover["A"])
    assert {"派工单", "客户投诉", "客户违章"} <= set(book.sheetnames)
    charts = [name for name in zipfile.ZipFile(io.BytesIO(answer.data)).namelist() if "charts/chart" in name]
    assert len(charts) > 10


def test_a_number_costs_one_statement(office: Estate, orders: None, as_user: AsUser, app: Any) -> None:
    with clock.set_to(NOON):
        client = as_user("manager")
        read(client)
        with asked_of(app) as statements:
            page = read(client)
    counting = [said for said in statements if "figure_key" in said]
    assert len(counting) == len(page.select("section.measured"))


def test_home_shows_what_asks_for_it_and_counts_it_once_in_minutes(
    office: Estate, orders: None, as_user: AsUser, app: Any
) -> None:
    app.extensions.pop("figures_at_home", None)
    with clock.set_to(NOON):
        client = as_user("supervisor")
        client.get("/")
        app.extensions.pop("figures_at_home", None)
        with asked_of(app) as first:
            page = client.get("/").text
        with asked_of(app) as second:
            assert client.get("/").text.count("本月") == page.count("本月")
        assert len(first) - len(second) == 1, "one statement, and then none"
        tile = BeautifulSoup(page, "html.parser").find("small", string="本月按时完工率")
        assert tile is not None
        link: Any = tile.find_next("a")
        assert link.get_text() == "66.7%"
        assert told(BeautifulSoup(client.get(link["href"]).text, "html.parser"))["按时完工率"] == "66.7%"
        assert "本月" not in as_user("repairer").get("/").text
    app.extensions.pop("figures_at_home", None)
