"""Units that stand empty: what befalls them is recorded, checked by a second person, and written into the
ledger by the system.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import NOON, Estate
from sending import send

from app.act import saving
from app.declare.record import registry
from app.ground import clock
from app.keep import history, history_verify

AsUser = Callable[[str], FlaskClient]
PLACE = "/admin/vacancy_change/"
WELL = {
    "water": "off",
    "power": "off",
    "gas": "none",
    "doors": "shut",
    "leaks": "none",
    "cleanliness": "clean",
}
EMPTY = {"reason": "moved_out", "happened_at": "2026-11-02T09:00", "water_reading": "812.5"}
OF_EACH_KIND: dict[str, dict[str, str]] = {
    "vacated": EMPTY,
    "keys_in": {"keys_count": "3", "key_tags": "A-01"},
    "visit": {"accompanied_by": "钱专员", "party": "林女士"},
    "inspection": {**WELL, "finding": "窗未关", "to_mend": "关窗", "power_reading": "1033"},
    "reduction": {"reduced_from": "2026-11-10", "reduced_to": "2027-05-09", "inspected_on": "2026-11-10"},
    "keys_out": {"keys_count": "1"},
    "occupied": {"occupied_as": "let"},
}


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    """Noon at the office."""
    with clock.set_to(NOON):
        yield


def record(client: FlaskClient, kind: str, unit: str = "1-1-101", **typed: str) -> int:
    """Record a change as the specialist does at the screen; its id."""
    boxes = {"unit": unit, "kind": kind, "happened_at": "2026-11-24T12:00", **typed}
    made = send(client, f"{PLACE}new/", boxes)
    assert made.status_code == 302, made.text
    return int(made.location.rsplit("=", 1)[1])


def change(office: Estate, kind: str, name: str = "specialist", **typed: Any) -> Any:
    """The same without the screen."""
    boxes = {"unit": office["1-1-101"], "kind": kind, **OF_EACH_KIND[kind], **typed}
    return office.create("vacancy_change", name, **boxes)


def line(office: Estate, unit: str = "1-1-101") -> Any:
    """A unit's line of the ledger."""
    return saving.find(registry["vacancy_ledger"], unit_id=office[unit])


def test_each_kind_is_recorded_checked_listed_and_printed(office: Estate, as_user: AsUser) -> None:
    specialist, supervisor, manager = map(as_user, ("specialist", "supervisor", "manager"))
    keys = {kind: record(specialist, kind, **typed) for kind, typed in OF_EACH_KIND.items()}
    listed = specialist.get(PLACE).text
    for word in ("转为空置", "巡查", "窗未关", "已搬出", "待核对"):
        assert word in listed, word
    for key in keys.values():
        assert send(specialist, f"{PLACE}step/verify/?id={key}", {}).status_code == 403
        assert send(supervisor, f"{PLACE}step/verify/?id={key}", {"opinion": "属实"}).status_code == 302
        assert "属实" in specialist.get(f"{PLACE}print/?id={key}").text
    reduction = f"?id={keys['reduction']}"
    assert send(supervisor, f"{PLACE}step/approve/{reduction}", {"fee_share": "70"}).status_code == 403
    assert send(manager, f"{PLACE}step/approve/{reduction}", {"fee_share": "70"}).status_code == 302
    assert "减免中" in specialist.get(f"{PLACE}details/{reduction}").text
    ended = {"ended_on": "2026-11-24", "ended_by": "used"}
    assert send(specialist, f"{PLACE}step/end/{reduction}", ended).status_code == 302
    assert "减免已终止" in specialist.get(f"{PLACE}details/{reduction}").text
    register = specialist.get(f"{PLACE}print/").text
    for word in ("空置房动态登记表", "QR-0333SD", "KD-202611-0004", "窗未关"):
        assert word in register, word
    blank = specialist.get(f"{PLACE}print/?blank=1").text
    assert "空置房动态登记表" in blank
    assert "未售出" in blank


def test_a_kinds_boxes_are_its_own(office: Estate, as_user: AsUser) -> None:
    """What is typed into another kind's boxes isn't kept; what its own need is asked for."""
    specialist = as_user("specialist")
    key = record(specialist, "vacated", **EMPTY, **WELL, keys_count="2", finding="x")
    row: Any = saving.find(registry["vacancy_change"], id=key)
    assert (row.reason, row.water, row.keys_count, row.finding) == ("moved_out", None, None, None)
    refused = send(
        specialist, f"{PLACE}new/", {"unit": "1-1-101", "kind": "inspection", "happened_at": "2026-11-24"}
    )
    assert refused.status_code == 422
    assert len(re.findall(r"<li>", refused.text.partition('class="errors"')[2].partition("</div>")[0])) >= 6


def test_the_ledger_follows(office: Estate, as_user: AsUser) -> None:
    change(office, "vacated")
    kept = line(office)
    assert (kept.number, kept.state, kept.reason) == ("KZ-202611-0001", "vacant", "moved_out")
    assert (str(kept.since), kept.in_charge_id) == ("2026-11-02", office["specialist"])
    for kind in ("keys_in", "visit", "inspection"):
        change(office, kind)
    assert (kept.keys_held, kept.finding, kept.inspected_at) == (3, "窗未关", NOON)
    assert (str(kept.water_reading), str(kept.power_reading)) == ("812.500", "1033.000")
    page = as_user("supervisor").get("/admin/vacancy_ledger/").text
    assert re.search(r">\s*22\s*<", page), "the days since it stands empty, counted as it is read"
    with clock.set_to(NOON.replace(day=30)):
        assert re.search(r">\s*28\s*<", as_user("supervisor").get("/admin/vacancy_ledger/").text)
    printed = as_user("supervisor").get("/admin/vacancy_ledger/print/").text
    for word in ("空置房台账", "QR-0334SD", "1-1-101", "业主方"):
        assert word in printed, word
    change(office, "occupied")
    assert (kept.state, str(kept.until), kept.days_empty) == ("occupied", "2026-11-24", None)
    acts = [told.act for told in history.lines("vacancy_ledger", kept.id)]
    kinds = ["vacated", "keys_in", "inspection", "occupied"]
    assert acts == [f"vacancy_change:{kind}" for kind in kinds], "a visit changes nothing"
    assert list(history_verify.verify([type(kept)])) == []


def test_nobody_writes_the_ledger_by_hand(office: Estate, as_user: AsUser) -> None:
    change(office, "vacated")
    key = line(office).id
    for name in ("manager", "supervisor", "specialist", "frontdesk"):
        client = as_user(name)
        for address in ("new/", f"edit/?id={key}"):
            assert client.get(f"/admin/vacancy_ledger/{address}").status_code == 403, (name, address)
        for address in ("new/", f"edit/?id={key}", "action/"):
            sent = send(client, f"/admin/vacancy_ledger/{address}", {"unit": "1-1-102"})
            assert sent.status_code in (403, 404), (name, address)
