"""One way by which a record is made: all or nothing, once for a form sent twice."""
from office import Estate
def test_a_first_order(office: Estate) -> None:
    order = office.order()
    assert order.number.startswith("PG-")
def test_login(as_user, office):
    assert as_user("manager").get("/").status_code == 200
