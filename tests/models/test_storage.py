"""Goods kept at the desk: whose tag matches fetches them, what was found is claimed, what nobody fetches goes
to the supervisor.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import NOON, Estate, lines
from sending import key_of, row_of, send, sentence

from app.act import acts
from app.declare.record import registry
from app.ground import clock
from app.keep import history, history_verify
from models.custody.storage_choices import FORBIDDEN

AsUser = Callable[[str], FlaskClient]
ADDRESS = "/admin/storage/new/"
WHO = {"collector": "王先生", "collector_id_kind": "identity", "collector_id": "11010519491231002X"}


def left(office: Estate, **typed: Any) -> dict[str, Any]:
    """A suitcase of the resident of 1-1-101."""
    goods = lines("goods", {"what": "行李箱", "pieces": "1", "features": "黑色 24 寸", "value": "500"})
    return {
        "kind": "left",
        "tag": "A12",
        "shelf": "1 号柜",
        "unit": "1-1-101",
        "unit-id": str(office["1-1-101"]),
        "depositor": "王先生",
        "phone": "13912345678",
        "none_of": list(FORBIDDEN),
        "left_at": "2026-11-24T12:00",
        "collect_by": "2026-11-27T23:59",
        **goods,
        **typed,
    }


def found(office: Estate, **typed: Any) -> dict[str, Any]:
    """A bunch of keys from the garden."""
    people = {
        name: str(office[who])
        for name, who in (("counted_by-id", "frontdesk"), ("recounted_by-id", "supervisor"))
    }
    return {
        "kind": "found",
        "shelf": "1 号柜",
        "finder": "李女士",
        "place": "中心花园",
        "counted_by": "周前台",
        "recounted_by": "苏主管",
        "left_at": "2026-11-24T12:00",
        "collect_by": "2026-11-27T23:59",
        **lines("goods", {"what": "钥匙一串", "pieces": "1", "features": "蓝色小熊"}),
        **people,
        **typed,
    }


def step(client: FlaskClient, name: str, key: int, **typed: Any) -> Any:
    """Take a step of a storage."""
    return send(client, f"/admin/storage/step/{name}/?id={key}", typed)


def test_left_and_fetched_by_whose_tag_matches(office: Estate, as_user: AsUser) -> None:
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        key = key_of(send(desk, ADDRESS, left(office)))
        assert row_of("storage", key).number == "JC-202611-0001"
        answer = step(desk, "collect", key, tag_shown="A13", **WHO)
        assert "牌号与物品上的一联不符" in sentence(answer.text)
        assert step(desk, "collect", key, tag_shown=" a12 ", signed="1", **WHO).status_code == 302
    storage = row_of("storage", key)
    assert (storage.state, storage.collected_at, storage.due_at) == ("collected", NOON, None)
    assert list(history_verify.verify([registry["storage"]])) == []


def test_without_a_tag_of_its_own_the_number_is_the_tag(office: Estate, as_user: AsUser) -> None:
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        key = key_of(send(desk, ADDRESS, left(office, tag="")))
        assert row_of("storage", key).tag == "JC-202611-0001"
        assert step(desk, "collect", key, tag_shown="0002", **WHO).status_code == 422
        assert step(desk, "collect", key, tag_shown="jc-202611-0001", **WHO).status_code == 302
    assert list(history_verify.verify([registry["storage"]])) == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_forbidden_goods_are_asked_for_one_by_one(office: Estate, as_user: AsUser, what: str) -> None:
    ticked = [each for each in FORBIDDEN if each != what]
    with clock.set_to(NOON):
        answer = send(as_user("frontdesk"), ADDRESS, left(office, none_of=ticked))
    assert answer.status_code == 422
    assert f"尚未确认不含：{FORBIDDEN[what][0]}" in sentence(answer.text)


def test_a_tag_in_use_is_not_given_again(office: Estate, as_user: AsUser) -> None:
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        key = key_of(send(desk, ADDRESS, left(office)))
        assert "牌号在用：JC-202611-0001" in sentence(send(desk, ADDRESS, left(office)).text)
        step(desk, "collect", key, tag_shown="A12", **WHO)
        key_of(send(desk, ADDRESS, left(office)))


def test_what_was_found_is_counted_by_two_announced_and_claimed(office: Estate, as_user: AsUser) -> None:
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        alone = {"recounted_by-id": str(office["frontdesk"]), "recounted_by": "周前台"}
        assert "不能是同一人" in sentence(send(desk, ADDRESS, found(office, **alone)).text)
        key = key_of(send(desk, ADDRESS, found(office)))
        claim = {"description": "昨天下午在花园，蓝色小熊", **WHO}
        assert "先张贴招领" in sentence(step(desk, "collect", key, **claim).text)
        assert step(desk, "announce", key, notice_place="北门公告栏").status_code == 302
        assert step(desk, "collect", key, **{**claim, "description": ""}).status_code == 422
        assert step(desk, "collect", key, **{**claim, "collector_id": ""}).status_code == 422
        assert step(desk, "collect", key, **claim).status_code == 302
    assert row_of("storage", key).state == "collected"


def test_nobody_fetches_it_it_is_the_supervisors_a_day_later(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        answer = send(as_user("frontdesk"), ADDRESS, left(office))
        assert answer.status_code == 302, answer.text
    key = key_of(answer)
    end = clock.day_end((NOON + timedelta(days=3)).date())
    with clock.set_to(end + timedelta(hours=23)):
        assert acts.tick().done.total() == 0
    for _tick in range(2):
        with clock.set_to(end + timedelta(days=1)):
            acts.tick()
    stored = row_of("storage", key)
    assert (stored.state, stored.handed_at) == ("with_supervisor", end + timedelta(days=1))
    assert [line.act for line in history.lines("storage", key)] == ["create", "act:goes_on"]


def test_past_its_time_it_goes_to_the_supervisor(office: Estate, as_user: AsUser) -> None:
    desk, supervisor = as_user("frontdesk"), as_user("supervisor")
    with clock.set_to(NOON):
        key = key_of(send(desk, ADDRESS, left(office)))
        assert "未到应取时间" in sentence(step(supervisor, "hand_over", key).text)
    with clock.set_to(NOON + timedelta(days=4)):
        desk, supervisor = as_user("frontdesk"), as_user("supervisor")
        assert step(desk, "remind", key).status_code == 302
        assert step(desk, "hand_over", key).status_code == 403
        assert step(supervisor, "hand_over", key).status_code == 302
        assert step(desk, "collect", key, tag_shown="A12", **WHO).status_code == 403
        answer = step(supervisor, "deal_with", key, end="handed_over", remark="移交派出所")
        assert answer.status_code == 302
    assert row_of("storage", key).state == "dealt_with"


def test_its_tag_is_torn_off_in_two_parts(office: Estate, as_user: AsUser) -> None:
    """Below the register's copy one for the goods and one for the depositor, with the same number; whatever
    value was declared, or none.
    """
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        no_value = lines("goods", {"what": "行李箱", "pieces": "1", "features": "黑色 24 寸"})
        key = key_of(send(desk, ADDRESS, left(office, **no_value, **{"goods-0-value": ""})))
    page = desk.get(f"/admin/storage/print/?id={key}").text
    parts = page.split("<section")[1:]
    assert len(parts) == 3
    assert ["登记联" in parts[0], "物品联" in parts[1], "寄存人联" in parts[2]] == [True] * 3
    assert all("A12" in part and "行李箱" in part and "JC-202611-0001" in part for part in parts)
    assert "1 号柜" not in parts[2]
    assert desk.get("/admin/storage/print/?blank=1").status_code == 200


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ({"unit-id": "999999"}, "没有"),
        ({"goods-0-pieces": "0"}, "1"),
        ({"goods-0-pieces": "-1"}, "1"),
        ({"goods-0-value": "一百"}, "数字"),
        ({"goods-count": "0"}, "物品"),
        ({"collect_by": "2026-11-23T09:00"}, "早于"),
        ({"left_at": "2026-11-24T13:00"}, "将来"),
        ({"kind": "stolen"}, "选择"),
        ({"depositor": "13912345678"}, "寄存人"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_box(
    office: Estate, as_user: AsUser, forged: dict[str, str], said: str
) -> None:
    with clock.set_to(NOON):
        answer = send(as_user("frontdesk"), ADDRESS, left(office, **forged))
    assert answer.status_code == 422
    assert said in sentence(answer.text)
    assert "王先生" in answer.text or "depositor" in forged, "what was typed is still there"


def test_it_is_not_fetched_before_it_came(office: Estate, as_user: AsUser) -> None:
    desk = as_user("frontdesk")
    with clock.set_to(NOON):
        key = key_of(send(desk, ADDRESS, left(office)))
        for moment in ("2026-11-24T11:59", "2026-11-24T13:00"):
            answer = step(desk, "collect", key, tag_shown="A12", collected_at=moment, **WHO)
            assert answer.status_code == 422
        assert step(desk, "collect", 999999, tag_shown="A12", **WHO).status_code == 404
    assert row_of("storage", key).state == "kept"


def test_what_nobody_fetches_the_office_hands_on_by_itself(office: Estate, as_user: AsUser) -> None:
    """A day past its time, once; the desk can't give it out any more."""
    with clock.set_to(NOON):
        key = key_of(send(as_user("frontdesk"), ADDRESS, left(office)))
    for hours, state in ((84, "kept"), (107, "kept"), (109, "with_supervisor"), (200, "with_supervisor")):
        with clock.set_to(NOON + timedelta(hours=hours)):
            acts.tick()
        assert row_of("storage", key).state == state, hours
    told = [line.act for line in history.lines("storage", key)]
    assert told == ["create", "act:goes_on"]
    with clock.set_to(NOON + timedelta(hours=201)):
        desk, supervisor = as_user("frontdesk"), as_user("supervisor")
        assert step(desk, "collect", key, tag_shown="A12", **WHO).status_code == 403
        assert step(supervisor, "collect", key, tag_shown="A12", **WHO).status_code == 302


def test_the_register_on_paper(office: Estate, as_user: AsUser) -> None:
    with clock.set_to(NOON):
        send(as_user("frontdesk"), ADDRESS, left(office))
    page = as_user("manager").get("/admin/storage/print/").text
    assert all(text in page for text in ("QR-0331SD", "客户物品寄存登记表", "A12", "寄存人", "领取人"))
    assert "13912345678" not in page
