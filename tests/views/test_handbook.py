"""The handbook in the panel: thirteen flows and five regulations, each drawn from the declarations of its
forms as they are now.
"""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import STAFF, Estate
from sending import send

from app.declare import flow
from app.declare.duties import Clause
from app.declare.flow import flows
from app.declare.form import VOIDED, Form
from app.declare.record import registry
from app.ground.spelling import DeclarationError
from views import diagram

AsUser = Callable[[str], FlaskClient]
FLOWS = [
    "接待",
    "接听电话",
    "报修处理",
    "投诉处理",
    "客户回访",
    "客户访谈",
    "费用收缴",
    "外借物品",
    "有偿增值服务",
    "物品寄存保管",
    "客户违章处理",
    "客户物品搬出",
    "与业委会沟通协调",
]
REGULATIONS = [
    "客服中心管理制度",
    "客户档案管理制度",
    "值班与交接班管理制度",
    "物品出入管理规定",
    "空置房管理制度",
]


def test_the_thirteen_flows_and_five_regulations_stand_in_it(as_user: AsUser) -> None:
    page = as_user("frontdesk").get("/handbook").text
    listed = re.findall(r'<li><a href="/handbook/\w+">([^<]+)</a>', page)
    assert listed == FLOWS + REGULATIONS


@pytest.mark.parametrize("name", STAFF)
def test_each_page_opens_to_everybody(as_user: AsUser, name: str) -> None:
    client = as_user(name)
    for each in flows.values():
        page = client.get(f"/handbook/{each.name}")
        assert page.status_code == 200, each.name
        assert str(each.title) in page.text
        assert ("尚未纳入系统" in page.text) == (not each.forms)


def test_a_page_says_what_its_form_declares(as_user: AsUser) -> None:
    """Each step with who takes it by which clause; where one prints it blank; what its guide says."""
    for each in flows.values():
        page = as_user("manager").get(f"/handbook/{each.name}").text
        for form, section in zip(each.forms, page.split('<h2 class="over">')[1:], strict=True):
            cls, rows = registry[form], section.split("<tr>")
            for step in getattr(cls, "steps", {}).values():
                row = next(row for row in rows if f'<td class="s1">{step.label}<' in row)
                assert all(by.code in row for by in step.by if isinstance(by, Clause)), step.name
            if cls.code and cls.access.by("print"):
                shown = f"/admin/{cls.name}/print/?blank=1" in page
                assert shown == any(by.role.name == "manager" for by in cls.access.by("print")), cls.name
    assert as_user("manager").get("/admin/work_order/print/?blank=1").status_code == 200


def test_it_shows_the_limits_in_force(as_user: AsUser) -> None:
    manager = as_user("manager")
    assert "120 分钟" in manager.get("/handbook/repair").text
    answer = send(manager, "/admin/settings/work_order.arrive_normal/", {"value": "95"})
    assert answer.status_code == 302
    page = as_user("specialist").get("/handbook/repair").text
    assert "95 分钟" in page
    assert "120 分钟" not in page


def test_the_drawing_has_every_state_and_every_step_that_moves() -> None:
    """Well formed, and each box within it, none over another."""
    for cls in registry.values():
        if not issubclass(cls, Form) or not cls.states:
            continue
        shown = [(step.name, step.name, step.source, step.targets) for step in cls.steps.values()]
        moves = diagram.moves(cls, shown)
        drawn = ElementTree.fromstring(str(diagram.Drawing(cls, moves).draw("x")))
        texts = [node.text for node in drawn.iter("text")]
        for state in cls.states.values():
            assert (str(state.label) in texts) == (state.tone != VOIDED), (cls.name, state.name)
        assert {move.number for move in moves} <= set(texts)
        wide, high = (int(drawn.attrib[name]) for name in ("width", "height"))
        boxes = [tuple(int(node.attrib[name]) for name in ("x", "y")) for node in drawn.iter("rect")]
        assert len(set(boxes)) == len(boxes), cls.name
        for x, y in boxes:
            assert 0 <= x <= wide - diagram.WIDE
            assert 0 <= y <= high - diagram.HIGH


def test_they_are_found_by_search(as_user: AsUser) -> None:
    assert "/handbook/violations" in as_user("specialist").get("/search?q=违章").text
    assert "/handbook/shifts" in as_user("frontdesk").get("/search?q=交接班").text


def test_there_is_nothing_for_strangers_nor_under_other_names(
    client: FlaskClient, office: Estate, as_user: AsUser
) -> None:
    assert client.get("/handbook/repair").headers["Location"].startswith("/login")
    assert as_user("manager").get("/handbook/cooking").status_code == 404


def test_a_form_that_isnt_there_stops_the_start(app: Flask) -> None:
    flow.flow("x", ("甲", "X"), ("乙", "Y"), forms=["wrok_order"])
    try:
        with pytest.raises(
            DeclarationError, match=r"test_handbook\.py.*'wrok_order'; did you mean 'work_order'"
        ):
            flow.check(registry)
        with pytest.raises(DeclarationError, match="declared twice"):
            flow.flow("x", ("甲", "X"), ("乙", "Y"))
    finally:
        del flows["x"]
