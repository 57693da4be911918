"""Paper: what is still to be written by hand is left open."""

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from office import Estate

AsUser = Callable[[str], FlaskClient]


def boxes(page: str) -> dict[str, str]:
    """The boxes of a print's first sheet, by their labels."""
    sheet = BeautifulSoup(page, "html.parser").select(".paper")[0]
    return {
        head.get_text(strip=True): head.find_next("td").get_text(strip=True)
        for head in sheet.select("th[scope=row], table th")
        if head.find_next("td")
    }


def test_a_slip_goes_along_with_its_fee_open_until_the_repairer_is_there(
    office: Estate, as_user: AsUser
) -> None:
    order = office.order()
    office.step(order, "dispatch", "specialist", assignee=office["repairer"])
    address = f"/admin/work_order/print/?id={order.id}"
    assert boxes(as_user("specialist").get(address).text)["人工费"] == ""
    office.step(order, "start", "specialist")
    assert boxes(as_user("specialist").get(address).text)["人工费"] == "0.00"
