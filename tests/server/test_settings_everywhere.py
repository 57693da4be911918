"""What is set in one process holds in every other from the next request on."""

from collections.abc import Callable

from office import PASSWORD, Estate
from serving import Server, Visitor

PLACE = "/admin/settings/work_order.arrive_normal/"


def shown(visitor: Visitor) -> str:
    """What a page says is in force."""
    page = visitor.go("/handbook/repair").text
    return "95" if "95 分钟" in page else "120" if "120 分钟" in page else page[:400]


def test_what_is_set_holds_in_every_process(office: Estate, serve: Callable[..., Server]) -> None:
    server = serve(WORKERS="3")
    people = [Visitor(server) for _each in range(6)]
    for visitor in people:
        visitor.sign_in("specialist", PASSWORD)
    assert {shown(visitor) for visitor in people * 4} == {"120"}, "each process remembers it"
    manager = Visitor(server)
    manager.sign_in("manager", PASSWORD)
    manager.go(PLACE)
    assert manager.send(PLACE, {"value": "95"}).status == 302
    assert {shown(visitor) for visitor in people * 4} == {"95"}
