"""Things lent at the desk: what isn't there isn't lent, a piece is with one borrower at a time, and damage is
settled.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import NOON, Estate
from sending import boxes, enter, key_of, row_of, send, sentence

from app.declare.record import registry
from app.ground import clock
from app.keep import history_verify

AsUser = Callable[[str], FlaskClient]
UMBRELLAS = {"called": "爱心伞", "kind": "umbrella", "at_a_time": "3", "limit_days": "2", "deposit": "20"}
TROLLEY = {"called": "手推车", "kind": "trolley", "numbered": "1", "conditions": "载重不超过 50 公斤"}
LENT = {
    "borrower": "王先生",
    "phone": "13912345678",
    "unit": "1-1-101",
    "told": "1",
    "borrower_kind": "resident",
}


@pytest.fixture
def umbrellas(office: Estate, as_user: AsUser) -> int:
    """Five umbrellas, not numbered, to residents and staff."""
    supervisor = as_user("supervisor")
    key = key_of(enter(supervisor, "item", **UMBRELLAS, point="前台", lent_to=["resident", "staff"]))
    assert send(supervisor, f"/admin/item/step/take_in/?id={key}", {"came": "5"}).status_code == 302
    return key


@pytest.fixture
def trolleys(office: Estate, as_user: AsUser) -> dict[str, int]:
    """Two numbered trolleys: ids by name."""
    supervisor = as_user("supervisor")
    rules = {"at_a_time": "1", "limit_days": "0", "deposit": "0", "point": "前台"}
    keys = {"手推车": key_of(enter(supervisor, "item", **TROLLEY, **rules, lent_to=["resident", "staff"]))}
    for tag in ("手推车-01", "手推车-02"):
        answer = enter(
            supervisor, "item_piece", **{"tag": tag, "item": "手推车", "item-id": str(keys["手推车"])}
        )
        keys[tag] = key_of(answer)
    return keys


def test_a_piece_in_stock_waits_for_nobody(trolleys: dict[str, int], as_user: AsUser) -> None:
    """It may be sent to be mended, which nobody is to do with a sound one."""
    supervisor = as_user("supervisor")
    assert "手推车-01" not in supervisor.get("/").text


def lend(client: FlaskClient, office: Estate, item: int, **typed: Any) -> Any:
    """Lend at the desk, by default to a resident of 1-1-101."""
    at = {
        "unit-id": str(office["1-1-101"]),
        "item-id": str(item),
        "item": str(row_of("item", item)),
        "lent_at": "2026-11-24T12:00",
    }
    return enter(client, "item_loan", **{**LENT, **at, "quantity": "1", "id_shown": "identity", **typed})


def test_lent_and_back(office: Estate, as_user: AsUser, umbrellas: int) -> None:
    """The desk lends two umbrellas against a deposit; they are in stock again when they are back."""
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        loan = row_of("item_loan", key_of(lend(desk, office, umbrellas, quantity="2")))
        assert (loan.number, loan.state, int(loan.deposit)) == ("JY-202611-0001", "lent", 40)
        assert f"{clock.local(loan.due_at):%m-%d %H:%M}" == "11-26 23:59"
        item = row_of("item", umbrellas)
        assert (item.in_stock, int(item.deposits)) == (3, 40)
        assert "爱心伞" in desk.get("/admin/item_loan/").text
        answer = send(desk, f"/admin/item_loan/step/take_back/?id={loan.id}", {"condition": "good"})
        assert answer.status_code == 302
    loan = row_of("item_loan", loan.id)
    assert (loan.state, loan.returner, int(loan.given_back)) == ("returned", "王先生", 40)
    item = row_of("item", umbrellas)
    assert (item.in_stock, int(item.deposits)) == (5, 0)
    assert list(history_verify.verify([registry["item_loan"], registry["item"]])) == []


def test_what_was_posted_stands_beside_the_item(office: Estate, as_user: AsUser, umbrellas: int) -> None:
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        key_of(lend(desk, office, umbrellas, quantity="2"))
        page = desk.get(f"/admin/item/details/?id={umbrellas}").text
    card = page[page.index("变动明细") :]
    assert all(text in card for text in ("JY-202611-0001", "在库 −2", "在押押金 +40.00", "在库 +5"))


def test_what_is_not_there_is_not_lent(office: Estate, as_user: AsUser, umbrellas: int) -> None:
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        key_of(lend(desk, office, umbrellas, quantity="3"))
        answer = lend(desk, office, umbrellas, quantity="3")
    assert answer.status_code == 422
    assert "爱心伞在库只有 2 件。在外：JY-202611-0001 王先生 3" in sentence(answer.text)
    assert row_of("item", umbrellas).in_stock == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"borrower_kind": "contractor"}, "只借给业主住户、员工"),
        ({"unit": "", "unit-id": ""}, "请填写房号"),
        ({"quantity": "4"}, "每次限借 3 件"),
        ({"lent_at": "2026-11-25T12:00"}, "将来"),
        ({"due_back": "2026-11-24T11:00"}, "早于"),
    ],
)
def test_the_kind_of_item_says_who_and_how(
    office: Estate, as_user: AsUser, umbrellas: int, typed: dict[str, str], said: str
) -> None:
    with clock.set_to(NOON):
        answer = lend(as_user("frontdesk"), office, umbrellas, **typed)
    assert answer.status_code == 422
    assert said in sentence(answer.text)
    assert row_of("item", umbrellas).in_stock == 5


def test_a_piece_is_with_one_borrower(office: Estate, as_user: AsUser, trolleys: dict[str, int]) -> None:
    desk, item = as_user("frontdesk"), trolleys["手推车"]
    piece = {"piece": "手推车-01", "piece-id": str(trolleys["手推车-01"])}
    with clock.set_to(NOON):
        assert "请填写编号" in sentence(lend(desk, office, item).text)
        assert "请先告知：载重" in sentence(lend(desk, office, item, **piece, told="").text)
        loan = row_of("item_loan", key_of(lend(desk, office, item, **piece)))
        assert row_of("item", item).in_stock == 1
        assert f"这件已借出：{loan.number}" in sentence(lend(desk, office, item, **piece).text)
        damaged = {"condition": "damaged", "what_happened": "车轮轴断裂"}
        send(desk, f"/admin/item_loan/step/take_back/?id={loan.id}", damaged)
        assert row_of("item_piece", trolleys["手推车-01"]).state == "damaged"
        assert "待修" in sentence(lend(desk, office, item, **piece).text)
        assert send(desk, f"/admin/item_loan/step/settle/?id={loan.id}", {"fee": "30"}).status_code == 403
        send(as_user("supervisor"), f"/admin/item_loan/step/settle/?id={loan.id}", {"fee": "30"})
    assert row_of("item_loan", loan.id).state == "settled"
    assert row_of("item", item).in_stock == 1


@pytest.mark.parametrize("moment", ["2026-11-24T11:59", "2026-11-25T12:00"])
def test_it_is_not_back_before_it_was_lent_nor_tomorrow(
    office: Estate, as_user: AsUser, umbrellas: int, moment: str
) -> None:
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        loan = key_of(lend(desk, office, umbrellas))
        back = {"condition": "good", "returned_at": moment}
        assert send(desk, f"/admin/item_loan/step/take_back/?id={loan}", back).status_code == 422
    assert (row_of("item_loan", loan).state, row_of("item", umbrellas).in_stock) == ("lent", 4)


def test_what_is_forged_is_not_lent(
    office: Estate, as_user: AsUser, umbrellas: int, trolleys: dict[str, int]
) -> None:
    """Another kind's piece, one that isn't there, several of one number, another office's unit or desk."""
    desk, trolley = as_user("frontdesk"), trolleys["手推车"]
    first = {"piece": "手推车-01", "piece-id": str(trolleys["手推车-01"])}
    with clock.set_to(NOON):
        for item, typed, said in (
            (umbrellas, first, "不逐件编号"),
            (trolley, {"piece": "手推车-99", "piece-id": "999999"}, "编号"),
            (trolley, {**first, "quantity": "2"}, "每次限借 1 件"),
            (umbrellas, {"quantity": "0"}, "1"),
            (umbrellas, {"unit": "枫1-1-101", "unit-id": str(office["枫1-1-101"])}, "房号"),
            (umbrellas, {"deposit": "-1"}, "0"),
        ):
            answer = lend(desk, office, item, **typed)
            assert answer.status_code == 422, typed
            assert said in sentence(answer.text), typed
        with clock.set_to(NOON):
            assert lend(as_user("other_frontdesk"), office, umbrellas).status_code == 422
        assert lend(as_user("specialist"), office, umbrellas).status_code == 403
    assert (row_of("item", umbrellas).in_stock, row_of("item", trolley).in_stock) == (5, 2)


def test_a_lost_one_is_charged_and_its_deposit_settled(
    office: Estate, as_user: AsUser, umbrellas: int
) -> None:
    """The deposit is held until the supervisor settled it; no more of it goes back than was taken."""
    desk, supervisor = as_user("frontdesk"), as_user("supervisor")
    with clock.set_to(NOON):
        loan = key_of(lend(desk, office, umbrellas))
        assert send(desk, f"/admin/item_loan/step/report_lost/?id={loan}", {}).status_code == 422
        send(desk, f"/admin/item_loan/step/report_lost/?id={loan}", {"what_happened": "放在门口不见了"})
        assert int(row_of("item", umbrellas).deposits) == 20
        settle = f"/admin/item_loan/step/settle/?id={loan}"
        too_much = send(supervisor, settle, {"fee": "5", "given_back": "20.01"})
        assert "不能超过所收押金" in sentence(too_much.text)
        assert send(supervisor, settle, {"fee": "15"}).status_code == 302
    settled, item = row_of("item_loan", loan), row_of("item", umbrellas)
    assert (settled.state, int(settled.given_back)) == ("settled", 5)
    assert (item.in_stock, int(item.deposits)) == (4, 0)


def test_a_deposit_that_was_typed_wrong_is_mended(office: Estate, as_user: AsUser, umbrellas: int) -> None:
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        loan = key_of(lend(desk, office, umbrellas, deposit="200"))
        had = boxes(desk.get(f"/admin/item_loan/edit/?id={loan}").text)
        typed = {**had, "deposit": "20", "borrower_kind": "resident", "id_shown": "identity", "told": "1"}
        assert send(desk, f"/admin/item_loan/edit/?id={loan}", typed).status_code == 302
    assert int(row_of("item", umbrellas).deposits) == 20


def test_two_desks_reach_for_the_last_one(office: Estate, as_user: AsUser, umbrellas: int) -> None:
    """At the very same moment: one lends it, the other hears who has it."""
    desks = [as_user("frontdesk"), as_user("frontdesk2")]
    key_of(lend(desks[0], office, umbrellas, quantity="3"))
    key_of(lend(desks[1], office, umbrellas, quantity="1"))
    start = Barrier(2)

    def reach(desk: FlaskClient) -> Any:
        start.wait()
        return enter(desk, "item_loan", **typed)

    with_office = {"unit-id": str(office["1-1-101"]), "item-id": str(umbrellas), "item": "爱心伞"}
    typed = {**LENT, **with_office, "quantity": "1", "id_shown": "identity"}
    typed |= {"lent_at": "2026-11-24T12:00"}
    with ThreadPoolExecutor(2) as hands:
        answers = sorted(hands.map(reach, desks), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [302, 422]
    assert "爱心伞在库只有 0 件。在外：" in sentence(answers[1].text)
    assert row_of("item", umbrellas).in_stock == 0


def test_a_numbered_piece_that_a_stock_take_misses(
    office: Estate, as_user: AsUser, trolleys: dict[str, int]
) -> None:
    """Is entered at its number; then the count agrees."""
    desk, count = as_user("frontdesk"), f"/admin/item/step/count/?id={trolleys['手推车']}"
    assert "账面在库 2" in sentence(send(desk, count, {"counted": "1"}).text)
    piece = f"/admin/item_piece/step/report_missing/?id={trolleys['手推车-02']}"
    assert send(desk, piece, {"remark": "十一月盘点未见"}).status_code == 302
    assert send(desk, count, {"counted": "1"}).status_code == 302
    assert send(desk, piece.replace("report_missing", "find"), {"remark": "在车库找到"}).status_code == 302
    assert row_of("item", trolleys["手推车"]).in_stock == 2


def test_a_loan_that_is_voided_was_never_out(
    office: Estate, as_user: AsUser, umbrellas: int, trolleys: dict[str, int]
) -> None:
    desk, manager = as_user("frontdesk"), as_user("manager")
    piece = {"piece": "手推车-01", "piece-id": str(trolleys["手推车-01"])}
    with clock.set_to(NOON):
        for item, typed in ((umbrellas, {"quantity": "2"}), (trolleys["手推车"], piece)):
            loan = key_of(lend(desk, office, item, **typed))
            there = row_of("item", item).in_stock
            answer = send(manager, f"/admin/item_loan/step/void/?id={loan}", {"void_reason": "重复登记"})
            assert answer.status_code == 302
            assert row_of("item", item).in_stock == there + int(typed.get("quantity", "1"))
    assert row_of("item_piece", trolleys["手推车-01"]).state == "kept"


def test_the_register_on_paper(office: Estate, as_user: AsUser, umbrellas: int) -> None:
    with clock.set_to(NOON):
        lend(as_user("frontdesk"), office, umbrellas, purpose="接送老人")
    page = as_user("manager").get("/admin/item_loan/print/").text
    assert all(text in page for text in ("QR-0330SD", "物品借用登记表", "接送老人", "借用人", "经办人"))
    assert "13912345678" not in page


def test_counted_and_the_difference_explained(office: Estate, as_user: AsUser, umbrellas: int) -> None:
    desk, address = as_user("frontdesk"), f"/admin/item/step/count/?id={umbrellas}"
    answer = send(desk, address, {"counted": "4"})
    assert answer.status_code == 422
    assert "账面在库 5，盘点 4" in sentence(answer.text)
    assert send(desk, address, {"counted": "4", "difference": "一把伞骨断裂报废"}).status_code == 302
    item = row_of("item", umbrellas)
    assert (item.in_stock, item.counted) == (4, 4)
