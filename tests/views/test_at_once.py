"""Eight at once, of every kind of request there is, the same person's and different people's: nothing breaks,
no line is missing.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import BUILDINGS, NOON, Estate, counted, kept
from sending import STEPS
from test_routes import ask, outcome, records, token_of, ways  # noqa: F401 (records is a fixture)

from app.act.bulk import tell
from app.act.replay import Act, Story
from app.declare.record import registry
from app.ground.database import db
from app.keep import history, history_verify
from models.service.work_order import WorkOrder

AsUser = Callable[[str], FlaskClient]
EIGHT = (*("manager",) * 3, *("specialist",) * 2, "supervisor", *("frontdesk",) * 2)
FILE = "/admin/work_order/action/"
TIMES = 3  # eight at once are 28 pairs
BOXES = {
    **STEPS,
    "unit": "1-1-101",
    "reporter": "陈女士",
    "category": "water",
    "description": "漏水",
    "channel": "phone",
    "urgency": "normal",
    "extent": "small",
    "complainant": "王先生",
    "subject": "cleaning",
    "statement": "没有打扫",
    "people_count": "1",
    "submission": "the same mark",
}


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What several acts begun at the very same moment came to."""
    begin, results = threading.Barrier(len(acts)), [None] * len(acts)

    def go(place: int, act: Callable[[], Any]) -> None:
        begin.wait(30)
        results[place] = act()

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


class Browser:
    """A signed-in person's browser, with its token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.mark = client, token_of(client)

    def asks(self, *request: Any) -> Callable[[], str]:
        """A request to be made: the rule, its method, the form, the record, the step."""
        rule, method, form, key, step = request
        return lambda: ask(self.client, rule, method, form, key, self.mark, step, **BOXES)

    def gets(self, address: str) -> Callable[[], str]:
        """A page to be opened to its end."""
        return lambda: outcome(self.client.get(address, buffered=True))

    def posts(self, address: str, **typed: Any) -> Callable[[], str]:
        """A form to be sent."""
        return lambda: outcome(self.client.post(address, data={"csrf_token": self.mark, **typed}))


@pytest.fixture
def browsers(as_user: AsUser) -> Sequence[Browser]:
    """Eight browsers: of the same person, and of different ones."""
    return [Browser(as_user(name)) for name in EIGHT]


@pytest.fixture
def whole(office: Estate) -> Any:
    """At the end every chain is whole, and every count is what there is."""
    yield
    db.session.rollback()
    forms = {cls.__table__: cls for cls in registry.values() if cls.name not in ("area", "building")}  # type: ignore[attr-defined]
    assert list(history_verify.verify(forms.values())) == []
    assert {cls.name: kept(cls.name) for cls in forms.values()} == {
        cls.name: counted(cls.name) for cls in forms.values()
    }


@pytest.mark.long
def test_every_kind_of_request(app: Flask, records: Any, browsers: Sequence[Browser], whole: None) -> None:  # noqa: F811
    """From the list of addresses, and of each form's steps; each about the very same record."""
    wrong = []
    for form, key in records["1"].items():
        for rule, method in ways(app, form):
            steps = (
                getattr(registry[form], "steps", {})
                if rule.endpoint.endswith((".step", ".action_view"))
                else {"": None}
            )
            for step in steps:
                results = at_once(*(browser.asks(rule, method, form, key, step) for browser in browsers))
                if any(result is None or result.startswith("broken") for result in results):
                    wrong.append((method, rule.rule, form, step, results))
    for rule in app.url_map.iter_rules():
        if (
            "GET" in (rule.methods or ())
            and not rule.arguments
            and rule.endpoint.partition(".")[0] not in registry
        ):
            results = at_once(
                *(browser.gets(f"{rule.rule}?q=13812340042&search=13812340042") for browser in browsers)
            )
            if any(result is None or result.startswith("broken") for result in results):
                wrong.append((rule.rule, results))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.long
def test_what_writes_a_line_while_reading(office: Estate, browsers: Sequence[Browser], whole: None) -> None:
    """Exports, look-ups by a whole number, reveals, prints in opposite order: each leaves a line of history,
    one after the other.
    """
    keys = [office.order(description=f"水管漏水{n}").id for n in range(6)]
    there, back = (",".join(map(str, ids)) for ids in (keys, keys[::-1]))
    place = "/admin/work_order/"
    for _time in range(TIMES):
        for results in (
            at_once(*(browser.gets(f"{place}export/xlsx/") for browser in browsers)),
            at_once(*(browser.gets("/admin/unit/look_up/?q=13812340042") for browser in browsers)),
            at_once(*(browser.gets("/search?q=13812340042") for browser in browsers)),
            at_once(*(browser.posts(f"{place}reveal/?id={keys[0]}&field=phone") for browser in browsers)),
            at_once(
                *(
                    browser.gets(f"{place}print/?id={back if at % 2 else there}")
                    for at, browser in enumerate(browsers)
                )
            ),
            at_once(*(browser.posts(f"{place}step/finish/?id={keys[0]}") for browser in browsers)),
        ):
            assert set(results) <= {"open", "refused", "not there"}, results
    db.session.rollback()
    acts = [line.act for key in keys for line in history.lines("work_order", key)]
    assert {"print", "look:phone", "refused:finish"} <= set(acts)


def followed_up(office: Estate, buildings: Sequence[str], count: int) -> list[int]:
    """So many orders of each building that are ready to be filed, in turns."""
    boxes = {
        "reporter": "王女士",
        "category": "water",
        "description": "漏水",
        "channel": "phone",
        "state": "followed_up",
        "rating": "5",
    }
    units = {"1栋": "1-1-101", "2栋": "2-1-201", "3栋": "3-1-1102"}
    acts = {
        name: Act(NOON, office.person("manager"), "F1", "create", {**boxes, "unit": office[units[name]]})
        for name in buildings
    }
    with office.writing():
        tell(
            WorkOrder,
            [Story(office["澄园"], office[name], [acts[name]]) for _n in range(count) for name in buildings],
        )
    orders = list(db.session.execute(db.select(WorkOrder.id).order_by(WorkOrder.id)).scalars())
    db.session.rollback()
    return orders[-count * len(buildings) :]


def test_a_selection_clicked_twice(office: Estate, as_user: AsUser, whole: None) -> None:
    """The second of two clicks finds the first one's work done; another's click at the same moment is told
    what became of each.
    """
    browsers = [Browser(as_user("frontdesk")) for _n in range(8)]
    for turn in range(TIMES):
        keys = followed_up(office, BUILDINGS, 2)
        typed = {"action": "file", "submission": f"turn {turn}"}
        results = at_once(
            *(
                browser.posts(FILE, rowid=keys if at % 2 else keys[::-1], **typed)
                for at, browser in enumerate(browsers)
            )
        )
        assert set(results) == {"open"}
    keys = followed_up(office, BUILDINGS, 2)
    assert set(
        at_once(
            *(
                browser.posts(FILE, rowid=keys, action="file", submission=f"{at}")
                for at, browser in enumerate(browsers)
            )
        )
    ) == {"open"}
    db.session.rollback()
    assert {row.version for row in db.session.execute(db.select(WorkOrder)).scalars()} == {2}


def test_a_nought_in_the_mark_of_a_selection(office: Estate, as_user: AsUser, whole: None) -> None:
    keys = followed_up(office, BUILDINGS, 1)
    assert (
        Browser(as_user("frontdesk")).posts(FILE, rowid=keys, action="file", submission="a\0mark")() == "open"
    )


def test_two_clerks_file_different_halves_of_one_list(office: Estate, as_user: AsUser, whole: None) -> None:
    """Orders of all buildings, in opposite order: neither waits for the other's counts."""
    clerks = [Browser(as_user(name)) for name in ("frontdesk", "frontdesk2")]
    for _time in range(8):
        keys = followed_up(office, BUILDINGS, 14)
        halves = [keys[::2], keys[::-2]]
        results = at_once(
            *(clerk.posts(FILE, rowid=ids, action="file") for clerk, ids in zip(clerks, halves, strict=True))
        )
        assert results == ["open", "open"]
