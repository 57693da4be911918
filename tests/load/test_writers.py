"""Eight desks at once, two thousand calls each: no number missing, none twice, and nobody is told that the
database is locked.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from office import PEOPLE, Estate
from sqlalchemy import text

from app.declare.record import registry
from app.ground.database import db
from app.keep import history_verify, numbers

WRITERS, EACH = 8, 2_000
PATIENCE = 10.0  # seconds within which a page is still waited for
HERE = Path(__file__).parent


@pytest.mark.load
def test_eight_writers_make_two_thousand_orders_each(office: Estate, ground: Any) -> None:
    db.session.remove()
    names = [
        name
        for name, (_full, role, _areas) in PEOPLE.items()
        if role in ("frontdesk", "supervisor", "specialist")
    ]
    told: list[dict[str, Any]] = []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE.parent), str(HERE.parent.parent)))}
    running = [
        subprocess.Popen(
            [
                sys.executable,
                str(HERE / "writer.py"),
                ground.url,
                names[0] if at % 2 else "frontdesk",
                str(EACH),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for at in range(WRITERS)
    ]
    for process in running:
        out, err = process.communicate(timeout=900)
        assert process.returncode == 0, err[-2000:]
        told.append(json.loads(out))
    cls: Any = registry["work_order"]
    every = sorted(number for sentence in told for number in sentence["numbers"])
    series = every[0].rsplit("-", 1)[0]
    assert every == sorted(f"{series}-{at:04}" for at in range(1, WRITERS * EACH + 1)), "a gap or a twin"
    assert db.session.execute(db.select(db.func.count()).select_from(cls)).scalar_one() == WRITERS * EACH
    assert numbers.missing(cls) == []
    assert list(history_verify.verify([cls])) == []
    assert db.session.execute(text("SELECT count(*) FROM search")).scalar_one() >= WRITERS * EACH
    assert max(sentence["longest"] for sentence in told) < PATIENCE, "somebody waited until they gave up"
