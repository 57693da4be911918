"""A guard that doesn't hold is said at its box in the dialog; and where there is no dialog, as what it is."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from office import Estate
from sending import photo, send

from app.declare.guards import some_photo
from app.declare.record import registry

AsUser = Callable[[str], FlaskClient]


def wrongs(page: str) -> dict[str, str]:
    """The boxes of a dialog that are marked, with what is said there."""
    return {
        str(said["id"]).removesuffix("-wrong"): said.get_text(strip=True)
        for said in BeautifulSoup(page, "html.parser").select("form[data-step] .wrong")
    }


def test_a_guard_stands_at_its_box(office: Estate, as_user: AsUser) -> None:
    loan = office.loan(office.key())
    client, address = as_user("specialist"), f"/admin/key_loan/step/take_back/?id={loan.id}"
    tries = {
        "unit_condition": {"returner": "郑师傅"},
        "remark": {"returner": "王五", "unit_condition": "门窗已关"},
        "returned_at": {
            "returner": "郑师傅",
            "unit_condition": "门窗已关",
            "returned_at": "2020-01-01T08:00",
        },
    }
    for box, typed in tries.items():
        answer = send(client, address, typed)
        assert answer.status_code == 422
        assert list(wrongs(answer.text)) == [box]
        assert typed["returner"] in answer.text, "nothing typed is lost"
    assert wrongs(answer.text)["returned_at"] == "归还时间不能早于借出时间。"


def test_without_a_dialog_it_is_the_reason(office: Estate, as_user: AsUser) -> None:
    order = office.order(urgency="emergency")
    office.step(order, "dispatch", "specialist", assignee=office["repairer"])
    office.step(order, "start", "specialist")
    office.step(
        order, "finish", "specialist", outcome="repaired", cause="老化", work_done="已换", customer_signed="1"
    )
    refusal = office.why_not(order, "file", "frontdesk")
    assert refusal is not None
    assert (refusal.kind, refusal.at, str(refusal)) == ("guard", "rating", "应先回访。")
    client = as_user("frontdesk")
    assert "应先回访。" in client.get(f"/admin/work_order/details/?id={order.id}").text, "why not"
    assert "应先回访。" in client.get(f"/admin/work_order/step/file/?id={order.id}").text
    result = send(
        client, "/admin/work_order/action/", {"action": "file", "rowid": str(order.id), "asked": "1"}
    )
    assert "应先回访。" in result.text, "in the results of a selection"


def test_the_photo_that_is_sent_counts(
    office: Estate, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: Any = registry["work_order"].steps  # type: ignore[attr-defined]
    monkeypatch.setattr(steps["finish"], "guards", (some_photo("after"),))
    monkeypatch.setattr(steps["file"], "guards", (some_photo("after"),))
    orders = [office.order(public="1") for _time in range(3)]
    for order in orders:
        office.step(order, "dispatch", "specialist", assignee=office["repairer"])
        office.step(order, "start", "specialist")
    client, place = as_user("specialist"), "/admin/work_order/step/finish/?id="
    typed = {"outcome": "repaired", "cause": "老化", "work_done": "已换"}
    answer = send(client, f"{place}{orders[0].id}", typed)
    assert answer.status_code == 422
    assert wrongs(answer.text) == {"photos:after": "至少需要一张照片（维修后）。"}
    sent = {"photos:after": [(io.BytesIO(photo()), "a.jpg")]}
    assert send(client, f"{place}{orders[0].id}", {**typed, **sent}).status_code == 302
    monkeypatch.setattr(steps["finish"], "guards", ())
    for order in orders[1:]:
        assert send(client, f"{place}{order.id}", typed).status_code == 302
    chosen = {"action": "file", "asked": "1", "rowid": [str(order.id) for order in orders]}
    result = send(as_user("frontdesk"), "/admin/work_order/action/", chosen).text
    assert result.count("至少需要一张照片（维修后）。") == 2, "the one with its photo is filed"
