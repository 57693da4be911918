"""Two desks at the very same moment: the one who comes second is told by the rule itself, as if they had come
a little later.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import Estate
from sending import boxes, send, told

from app.act import saving
from app.declare.record import Record, registry

AsUser = Callable[[str], FlaskClient]
LOAN = {
    "borrower_kind": "staff",
    "borrower": "刘师傅",
    "phone": "13700000001",
    "reason": "查水表",
    "pledge": "none",
}


@pytest.fixture
def unseen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whoever asks first doesn't see the other's yet, so that only the index keeps the two apart; of which
    forms it was asked.
    """
    asked: list[str] = []
    only_one = saving.only_one

    def asks(record: Record) -> None:
        asked.append(record.name)
        if len(asked) > 1:
            only_one(record)

    monkeypatch.setattr(saving, "only_one", asks)
    return asked


def test_one_key_lent_at_two_desks(office: Estate, as_user: AsUser, request: pytest.FixtureRequest) -> None:
    key, client = office.key("A-01"), as_user("specialist")
    first = office.loan(key)
    new = boxes(client.get("/admin/key_loan/new/").text)
    asked = request.getfixturevalue("unseen")
    answer = send(client, "/admin/key_loan/new/", {**new, **LOAN, "key": "A-01", "key-id": str(key.id)})
    assert answer.status_code == 422
    assert f"这把钥匙已借出：{first.number}" in "".join(told(answer.text))
    assert asked == ["key_loan"] * 2


def test_one_tag_given_at_two_desks(office: Estate, as_user: AsUser, request: pytest.FixtureRequest) -> None:
    office.key("A-01")
    key, client = office.key("A-02"), as_user("specialist")
    typed: dict[str, Any] = {"tag": "A-01", "kind": "unit", "unit": "1-1-101", "lendable": "1"}
    asked = request.getfixturevalue("unseen")
    answer = send(client, f"/admin/key/edit/?id={key.id}", {**typed, "version": str(key.version)})
    assert answer.status_code == 422
    assert "已有这个钥匙牌。" in answer.text
    assert asked == ["key"] * 2


def test_a_step_that_meets_another(
    office: Estate, as_user: AsUser, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its second try finds what only one may have already with another."""
    first, second = office.key("A-01"), office.key("A-02")
    cls: Any = registry["key"]

    def count(key: Any) -> None:
        key.tag = "A-01"

    monkeypatch.setattr(cls.steps["count"], "effect", count)
    client, asked = as_user("specialist"), request.getfixturevalue("unseen")
    answer = send(client, f"/admin/key/step/count/?id={second.id}", {"version": str(second.version)})
    assert answer.status_code == 422
    assert "已有这个钥匙牌。" in answer.text
    assert (first.tag, asked) == ("A-01", ["key"] * 2)
