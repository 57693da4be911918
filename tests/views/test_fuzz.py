"""Thousands of requests as nobody draws them, by each role and by nobody: no answer is a fault of ours, no
line of the log a traceback.

``FUZZ`` says how many a role (10000 for a whole night's), ``FUZZ_SEED`` from which seed; a failure names its
round and its request.
"""

import logging
import os
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from drawn import Letter
from flask import Flask
from fuzz import Browser, Hand, letters_of
from ground import Ground
from office import PASSWORD, Estate, lines

from app.declare.record import registry

COUNT, SEED = int(os.environ.get("FUZZ", "300")), os.environ.get("FUZZ_SEED", "1")
ROUND = 250  # requests until the estate is put back: what they changed doesn't add up
ROLES = ("manager", "supervisor", "specialist", "frontdesk", "repairer", "")
VIEWS = (
    "",
    "new/",
    "details/?id={}",
    "edit/?id={}",
    "print/?id={}",
    "print/",
    "look_up/?q=1-1",
    "import/",
    "file/?id={}&file=1",
    "export/xlsx/?id={}",
)


class Faults(logging.Handler):
    """What of ours went wrong, as the log tells it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep tracebacks, and whatever is an error."""
        told = self.format(record)
        if (
            record.levelno >= logging.ERROR
            or "Traceback" in told
            or re.search(r'^\s+File ".*", line \d+', told, re.MULTILINE)
        ):
            self.said.append(told)


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Everything the log says meanwhile."""
    handler = Faults()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    places = [
        logging.getLogger(name) for name in ("", "guanjia", "guanjia.request", "sqlalchemy", "flask-limiter")
    ]
    for place in places:
        place.addHandler(handler)
    yield handler
    for place in places:
        place.removeHandler(handler)


def furnish(estate: Estate) -> None:
    """A record of each form, some on their way."""
    order, other = estate.order(), estate.order(unit=estate["2-1-201"], phone="13800000002")
    estate.step(order, "dispatch", "specialist", assignee=estate["repairer"])
    estate.step(order, "start", "specialist")
    estate.order(unit=estate["1-1-102"], category="gas")
    estate.complaint()
    estate.loan(estate.key())
    estate.create(
        "owner_register",
        "specialist",
        unit=estate["1-1-101"],
        **lines("people", {"kind": "owner", "full_name": "欧阳", "phone": "13800000009"}),
    )
    assert other.id


def addresses() -> list[str]:
    """Where each form's pages stand, and the others."""
    forms = [name for name in registry if name != "area"]
    steps = [
        f"/admin/{name}/step/{step}/?id={{}}"
        for name in forms
        for step in getattr(registry[name], "steps", {})
    ]
    addresses_there = [f"/admin/{name}/{view}" for name in forms for view in VIEWS] + steps
    return [
        "/",
        "/login",
        "/profile",
        "/guide",
        "/search?q=水管",
        "/search?q=13812340042",
        "/health",
        *(address.format(1) for address in addresses_there),
    ]


def begin(ground: Ground, app: Flask, role: str) -> Browser:
    """The estate as it was, and somebody before it."""
    from app.ground.database import db
    from app.people import rights

    ground.reset()
    rights.forget()
    engine = ground.engine_app()
    with engine.app_context():
        furnish(Estate(engine).look())
        db.session.remove()
    browser = Browser(app)
    if role:
        assert browser.sign_in(role, PASSWORD)
    else:
        browser.open("/login")
    return browser


def corpus(ground: Ground, app: Flask) -> dict[str, list[Letter]]:
    """What is drawn for each role."""
    return {role: letters_of(begin(ground, app, role), addresses(), 160) for role in ROLES}


@pytest.fixture(scope="module")
def drawn() -> dict[str, dict[str, list[Letter]]]:
    """What is drawn, asked once for each database."""
    return {}


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "nobody")
def test_no_request_is_a_fault_of_ours(
    ground: Ground, app: Flask, faults: Faults, drawn: dict[str, dict[str, list[Letter]]], role: str
) -> None:
    if ground.url not in drawn:
        drawn[ground.url] = corpus(ground, app)
    ours, others = (
        drawn[ground.url][role],
        [letter for name, letters in drawn[ground.url].items() if name != role for letter in letters],
    )
    assert len(ours) > 5
    assert not faults.said, faults.said[:3]
    wrong, answers, sent, round_ = [], Counter[int](), 0, 0
    while sent < COUNT and len(wrong) < 20:
        seed = f"{SEED}-{role}-{round_}"
        round_ += 1
        browser, hand = begin(ground, app, role), Hand(seed, ours, others)
        for at in range(min(ROUND, COUNT - sent)):
            asked = hand.write(browser.token)
            before = len(faults.said)
            try:
                status, headers, _body = browser.ask(asked)
            except Exception as error:  # a streamed answer that breaks off
                status, headers = 599, {}
                faults.said.append(repr(error))
            sent += 1
            answers[status] += 1
            if status >= 500 or len(faults.said) > before:
                said = faults.said[before][-1500:] if len(faults.said) > before else ""
                wrong.append(f"FUZZ_SEED={SEED} round {seed} request {at}: {status}\n{asked}\n{said}")
                print(wrong[-1], flush=True)  # at once: a long run may be broken off
            if status == 400:  # its session may be another one by now, and its token with it
                browser.open("/profile" if role else "/login")
            if (
                role
                and status in (302, 401)
                and (status == 401 or headers.get("Location", "").startswith("/login"))
                and not browser.sign_in(role, PASSWORD)
            ):
                break
    print(
        f"\n{ground.url.partition(':')[0]} {role or 'nobody'}: {sent} requests,"
        f" {dict(sorted(answers.items()))}"
    )
    assert not wrong, f"{len(wrong)} of {sent}:\n\n" + "\n\n".join(wrong[:20])
    assert answers[200] + answers[302] > sent / 10, "most of it is no mere noise"


def test_the_same_seed_bends_the_same_way() -> None:
    letters = [
        Letter(
            "POST",
            "/admin/work_order/new/",
            [("a", "1")],
            [("unit", "1-1-101"), ("csrf_token", "x")],
            ["file"],
        )
    ]
    first, again, other = (Hand(seed, letters, []) for seed in ("7", "7", "8"))
    assert (
        [str(first.write("t")) for _time in range(50)]
        == [str(again.write("t")) for _time in range(50)]
        != [str(other.write("t")) for _time in range(50)]
    )


def test_a_fault_is_seen(app: Flask, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were one there, this would be red."""
    from app.act import search

    def broken(*_said: object) -> None:
        raise ZeroDivisionError

    browser = Browser(app)
    assert browser.sign_in("manager", PASSWORD)
    monkeypatch.setattr(search, "understand", broken)
    status, _headers, _text = browser.open("/search?q=水管")
    assert status == 500
    assert any("ZeroDivisionError" in said for said in faults.said)
