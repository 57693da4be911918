"""Several processes answer, and are killed in turn while twelve people save: nothing is lost, nothing is
there twice, nobody sees an error.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from desks import Worker, at_work, working
from office import Estate, counted, kept
from serving import Server
from sqlalchemy import text

from app.declare.record import registry
from app.ground.database import db
from app.keep import history_verify, numbers

KILLS, SAVES, LONGEST = 5, 60, 120  # so much is to happen, within so many seconds
REPLACED = 10  # seconds until a killed process has a successor, also where several were killed young


def kill_in_turn(server: Server, people: list[Worker]) -> list[int]:
    """Kill one process that answers after the other while people save."""
    killed, chance, until = [], random.Random(11), time.monotonic() + LONGEST
    while (
        len(killed) < KILLS or sum(len(person.made) for person in people) < SAVES
    ) and time.monotonic() < until:
        time.sleep(1 + chance.random())
        alive = [pid for pid in server.pids()[1:] if pid not in killed]
        if alive:
            os.kill(alive[0], signal.SIGKILL)
            killed.append(alive[0])
    return killed


@pytest.mark.load
@pytest.mark.parametrize("workers", [2, 3])
def test_killed_in_turn_under_twelve_people(
    serve: Callable[..., Server], office: Estate, workers: int
) -> None:
    server = serve(WORKERS=str(workers))
    people = at_work(server)
    with working(people):
        killed = kill_in_turn(server, people)
    assert len(killed) >= KILLS
    assert [wrong for person in people for wrong in person.wrong] == []
    made = [address for person in people for address in person.made]
    assert len(set(made)) == len(made) >= SAVES, "none twice"
    assert sum(person.again for person in people) > 0, "some connections broke"
    until = time.monotonic() + REPLACED
    while len(server.pids()) <= workers and time.monotonic() < until:
        time.sleep(0.1)
    assert len(server.pids()) == workers + 1, "each has been replaced"
    db.session.rollback()
    cls: Any = registry["work_order"]
    assert {
        f"/admin/work_order/details/?id={key}" for key in db.session.execute(db.select(cls.id)).scalars()
    } == set(made), "none lost"
    asked = text("SELECT count(*) FROM submission WHERE form = 'work_order'")
    assert db.session.execute(asked).scalar_one() == len(made)
    assert numbers.missing(cls) == []
    assert list(history_verify.verify([cls])) == []
    assert kept("work_order") == counted("work_order")
