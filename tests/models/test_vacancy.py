"""Units that stand empty: what befalls them is recorded, checked by a second person, and written into the
ledger by the system.
"""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import NOON, Estate
from sending import boxes, enter, key_of, send, told

from app.act import saving
from app.act.entry import Wrong
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import history, history_verify
from app.people.refusal import Refusal

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
EMPTY = {"reason": "moved_out", "happened_at": "2026-05-02T09:00", "water_reading": "812.5"}
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
    sent = {"unit": unit, "kind": kind, "happened_at": "2026-11-24T12:00", **typed}
    return key_of(enter(client, "vacancy_change", **sent))


def change(office: Estate, kind: str, name: str = "specialist", **typed: Any) -> Any:
    """The same without the screen."""
    given = {"unit": office["1-1-101"], "kind": kind, **OF_EACH_KIND[kind], **typed}
    return office.create("vacancy_change", name, **given)


def line(office: Estate, unit: str = "1-1-101") -> Any:
    """A unit's line of the ledger."""
    return saving.find(registry["vacancy_ledger"], unit_id=office[unit])


def test_each_kind_is_recorded_checked_listed_and_printed(office: Estate, as_user: AsUser) -> None:
    specialist, supervisor, manager = map(as_user, ("specialist", "supervisor", "manager"))
    kinds = [kind for kind in OF_EACH_KIND if kind != "occupied"]
    keys = {kind: record(specialist, kind, **OF_EACH_KIND[kind]) for kind in kinds}
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
    last = record(specialist, "occupied", **OF_EACH_KIND["occupied"])
    assert send(supervisor, f"{PLACE}step/verify/?id={last}", {}).status_code == 302
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
    assert (str(kept.since), kept.in_charge_id) == ("2026-05-02", office["specialist"])
    for kind in ("keys_in", "visit", "inspection"):
        change(office, kind)
    assert (kept.finding, kept.inspected_at) == ("窗未关", NOON)
    assert (str(kept.water_reading), str(kept.power_reading)) == ("812.500", "1033.000")
    page = as_user("supervisor").get("/admin/vacancy_ledger/").text
    assert re.search(r">\s*206\s*<", page), "the days since it stands empty, counted as it is read"
    with clock.set_to(NOON.replace(day=30)):
        assert re.search(r">\s*212\s*<", as_user("supervisor").get("/admin/vacancy_ledger/").text)
    printed = as_user("supervisor").get("/admin/vacancy_ledger/print/").text
    for word in ("空置房台账", "QR-0334SD", "1-1-101", "业主方"):
        assert word in printed, word
    change(office, "occupied")
    assert (kept.state, str(kept.until), kept.days_empty) == ("occupied", "2026-11-24", None)
    acts = [said.act for said in history.lines("vacancy_ledger", kept.id)]
    kinds = ["vacated", "inspection", "occupied"]
    assert acts == [f"vacancy_change:{kind}" for kind in kinds], "keys and visits change nothing"
    assert list(history_verify.verify([type(kept)])) == []


def test_a_unit_that_does_not_stand_empty_is_not_inspected(office: Estate) -> None:
    for kind in ("inspection", "occupied", "reduction"):
        with pytest.raises(Wrong, match="不在空置房台账中") as wrong:
            change(office, kind)
        assert wrong.value.field == "unit"
    change(office, "vacated")
    with pytest.raises(Wrong, match="2026-05-02 起已在空置房台账中"):
        change(office, "vacated", happened_at="2026-11-20T09:00")
    with pytest.raises(Wrong, match="不在空置房台账中"):
        change(office, "inspection", happened_at="2026-05-01T09:00")
    change(office, "occupied", happened_at="2026-11-20T09:00")
    with pytest.raises(Wrong, match="已于 2026-11-20 启用") as wrong:
        change(office, "inspection")
    assert wrong.value.field == "unit"
    assert change(office, "inspection", happened_at="2026-11-19T09:00").number, "what was still empty then"
    assert line(office).state == "occupied"


def test_what_was_found_last_is_answered_next_time(office: Estate) -> None:
    change(office, "vacated")
    change(office, "inspection", happened_at="2026-10-05T09:00")
    with pytest.raises(Wrong, match="上次发现：窗未关") as wrong:
        change(office, "inspection", finding="", to_mend="")
    assert wrong.value.field == "seen_again"
    seen = change(office, "inspection", finding="", to_mend="", seen_again="unchanged")
    assert (seen.last_finding, line(office).finding) == ("窗未关", "窗未关")
    change(office, "inspection", finding="", to_mend="", seen_again="mended")
    assert line(office).finding is None
    change(office, "inspection", finding="", to_mend="")


def test_the_units_use_follows(office: Estate) -> None:
    unit: Any = db.session.get(registry["unit"], office["1-1-101"])
    vacated = change(office, "vacated")
    assert unit.use == "vacant"
    office.step(vacated, "void", "manager", void_reason="登记错房号")
    assert unit.use == "lived_in", "as before, where it was recorded by mistake"
    assert line(office).state == "void"
    change(office, "vacated", reason="unsold")
    assert unit.use == "unsold"
    occupied = change(office, "occupied")
    assert (unit.use, line(office).state) == ("let", "occupied")
    office.step(occupied, "void", "manager", void_reason="还没搬")
    assert (unit.use, line(office).state) == ("unsold", "vacant")
    assert list(history_verify.verify([registry["unit"], registry["vacancy_ledger"]])) == []


def test_what_was_found_becomes_a_work_order(office: Estate, as_user: AsUser) -> None:
    change(office, "vacated")
    well = change(office, "inspection", finding="", to_mend="", happened_at="2026-10-05T09:00")
    found = change(office, "inspection", leaks="leak", finding="飘窗渗水")
    specialist = as_user("specialist")
    assert "to_order" not in specialist.get(f"{PLACE}details/?id={well.id}").text
    page = specialist.get(f"{PLACE}become/to_order/?id={found.id}").text
    assert "空置房巡查：飘窗渗水；关窗" in page
    assert '"1-1-101"' in page
    sent = {**boxes(page), "category": "water", "channel": "patrol", "urgency": "normal", "extent": "small"}
    made = send(specialist, f"{PLACE}become/to_order/?id={found.id}", sent)
    assert made.status_code == 302, told(made.text)
    db.session.rollback()
    (order,) = db.session.execute(db.select(registry["work_order"])).scalars()
    assert (order.unit_id, order.channel, order.reporter) == (office["1-1-101"], "patrol", "钱专员")
    assert order.number in specialist.get(f"{PLACE}details/?id={found.id}").text


def reduced(office: Estate, **typed: Any) -> Any:
    """A reduced fee, approved."""
    asked = change(office, "reduction", **typed)
    office.step(asked, "verify", "supervisor")
    office.step(asked, "approve", "manager", fee_share=str(asked.fee_share))
    return asked


def test_a_reduced_fee_is_for_a_unit_that_stands_empty_long_enough(office: Estate) -> None:
    change(office, "vacated", happened_at="2026-08-02T09:00")
    with pytest.raises(Refusal, match="空置时间不够"):
        reduced(office)
    later = {"reduced_from": "2027-02-02", "reduced_to": "2027-08-01"}
    asked = reduced(office, **later)
    assert (asked.state, asked.fee_share, line(office).fee_share) == ("reduced", 70, 70)


def test_use_ends_a_reduced_fee(office: Estate) -> None:
    """Readings beyond a ton or ten kWh a month, moving in, or its last day."""
    change(office, "vacated")
    asked = reduced(office, happened_at="2026-06-01T09:00", reduced_from="2026-11-01", water_reading="812.5")
    change(office, "inspection", finding="", to_mend="", water_reading="818", happened_at="2026-11-20T09:00")
    assert asked.state == "reduced", "5.5 t in six months"
    change(office, "inspection", finding="", to_mend="", water_reading="818.9")
    assert (asked.state, asked.ended_by, str(asked.ended_on)) == ("over", "used", "2026-11-24")
    assert line(office).fee_share is None
    again = reduced(office, reduced_from="2026-11-24")
    change(office, "occupied", occupied_as="fitting_out")
    assert (again.state, again.ended_by, line(office).fee_share) == ("over", "fitting_out", None)


def test_a_reduced_fee_runs_out_by_the_clock(office: Estate, app: Flask) -> None:
    change(office, "vacated")
    asked = reduced(office, reduced_from="2026-11-10", reduced_to="2026-12-09")
    db.session.rollback()
    with clock.set_to(NOON.replace(month=12, day=12)):
        app.test_cli_runner().invoke(args=["tick"])
        db.session.expire_all()
        assert (asked.state, asked.ended_by, str(asked.ended_on)) == ("over", "run_out", "2026-12-09")
        assert line(office).fee_share is None


def test_keys_and_fees_come_from_their_registers(office: Estate) -> None:
    change(office, "vacated")
    office.key("A-01")
    key = office.key("A-02")
    kept = line(office)
    assert kept.keys_held == 2
    office.step(key, "give_up", "specialist", remark="还业主")
    assert kept.keys_held == 1


def test_the_round_of_a_month_and_one_after_a_storm(office: Estate, as_user: AsUser) -> None:
    """What is due is a click from its form; a storm's round is called by the supervisor, for all."""
    change(office, "vacated")
    change(office, "vacated", "specialist2", unit=office["2-1-201"])
    specialist, supervisor = as_user("specialist"), as_user("supervisor")
    plan = "/admin/vacancy_ledger/plan/rounds/"
    page = specialist.get(plan).text
    assert "1-1-101" in page
    assert "2-1-201" not in page, "of another's area"
    assert "2-1-201" in supervisor.get(plan).text
    assert f"{plan}" in specialist.get("/").text, "it stands on the first page of whose duty it is"
    link = re.search(r'href="(/admin/vacancy_change/new/[^"]+)"', page)
    assert link is not None
    form = specialist.get(html.unescape(link[1])).text
    assert 'value="1-1-101"' in form
    record(specialist, "inspection", **OF_EACH_KIND["inspection"])
    assert "1-1-101" not in specialist.get(plan).text.partition("<tbody>")[2]
    storm = {"cause": "storm", "first_day": "2026-11-24", "last_day": "2026-11-26"}
    assert send(specialist, "/admin/extra_round/new/", storm).status_code == 403
    assert send(supervisor, "/admin/extra_round/new/", storm).status_code == 302
    call = re.search(r"\?[^\"]*call=(\d+)", specialist.get(plan).text)
    assert call is not None
    assert "1-1-101" not in specialist.get(f"{plan}?call={call[1]}").text.partition("<tbody>")[2], (
        "done today"
    )
    assert "2-1-201" in supervisor.get(f"{plan}?call={call[1]}").text.partition("<tbody>")[2]


def test_every_half_month_in_the_rains(office: Estate) -> None:
    day = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
    with clock.set_to(day):
        change(office, "vacated", happened_at="2026-05-02T09:00")
        change(office, "inspection", happened_at="2026-06-03T09:00", finding="", to_mend="")
        assert f"{clock.local(line(office).due_at):%m-%d}" == "06-30"
    with clock.set_to(day.replace(day=20)):
        change(office, "inspection", happened_at="2026-06-20T09:00", finding="", to_mend="")
        assert f"{clock.local(line(office).due_at):%m-%d}" == "07-15"
    change(office, "inspection", finding="", to_mend="")
    assert f"{clock.local(line(office).due_at):%m-%d}" == "12-31"


def test_made_anew_the_ledger_is_the_same(office: Estate, app: Flask) -> None:
    for kind, typed in OF_EACH_KIND.items():
        change(office, kind, **typed)
    change(office, "vacated", unit=office["1-1-102"])
    db.session.rollback()
    checked = app.test_cli_runner().invoke(args=["ledger", "remake", "vacancy_ledger", "--check"])
    assert checked.exit_code == 0, checked.output


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
