"""Whoever keeps the office sees what it does by itself, and what of it went wrong."""

from collections.abc import Callable

from flask.testing import FlaskClient
from office import Estate
from sending import sentence

from app.ground import clock
from app.ground.database import db
from app.keep.due_acts import DueAct

AsUser = Callable[[str], FlaskClient]
PLACE = "/admin/own_acts/"


def test_what_went_wrong_is_listed_for_whoever_keeps_the_office(office: Estate, as_user: AsUser) -> None:
    complaint = office.complaint()
    number, at = complaint.number, f"/admin/complaint/details/?id={complaint.id}"
    manager = as_user("manager")
    before = manager.get(PLACE).text
    assert "逾期未受理，上报" in before
    assert "没有未完成的" in before
    with office.writing():
        wrong = {"tries": 3, "failed_at": clock.now(), "fault": "无人可上报 <b>"}
        db.session.execute(db.update(DueAct).where(DueAct.rule == "escalates").values(wrong))
    page = manager.get(PLACE).text
    for said in (number, at.replace("&", "&amp;"), "无人可上报 &lt;b&gt;", "没有未完成的"):
        assert (said in page) == (said != "没有未完成的"), said
    assert PLACE in manager.get("/").text, "in the menu"
    assert number not in as_user("other_manager").get(PLACE).text
    refused = as_user("supervisor").get(PLACE)
    assert refused.status_code == 403
    assert "M1" in refused.text
    assert sentence(refused.text)
