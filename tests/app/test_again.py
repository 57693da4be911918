"""A request that another stood in the way of is done once more: with savepoints too, and as if the first try
had never been.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, flash, get_flashed_messages
from office import Estate

from app.act.submissions import Submission
from app.ground import again, clock, database
from app.ground.database import db, writing


@pytest.fixture
def crossing(office: Estate, ground: Any, tmp_path: Path) -> Iterator[Flask]:
    """A small application whose form meets another's mark at its first try, behind a savepoint that was
    kept.
    """
    app, tries = Flask("crossing", root_path=str(tmp_path)), []
    app.secret_key = "k" * 40
    database.init(app, ground.url)
    again.init(app)

    @app.get("/")
    def said_before() -> str:
        flash("said before")
        return ""

    @app.post("/")
    def form() -> str:
        tries.append("")
        with writing():
            with db.session.begin_nested():
                db.session.add(mark(f"inside {len(tries)}"))
            flash("kept")
            if len(tries) == 1:
                db.session.execute(db.insert(Submission), [{"token": "twice", **ABOUT}] * 2)
            db.session.commit()
        return str(len(tries))

    @app.get("/said")
    def said() -> list[str]:
        return get_flashed_messages()

    yield app
    with app.app_context():
        db.engine.dispose()


ABOUT = {"user_id": 1, "form": "work_order", "record_id": 1, "at": clock.now()}


def mark(token: str) -> Submission:
    """The mark of a form once posted."""
    return Submission(token=token, **ABOUT)


def test_a_savepoint_that_was_kept_is_no_commit(crossing: Flask, office: Estate) -> None:
    answer = crossing.test_client().post("/")
    assert (answer.status_code, answer.text) == (200, "2")
    db.session.rollback()
    assert list(db.session.execute(db.select(Submission.token)).scalars()) == ["inside 2"]


def test_what_the_first_try_said_isnt_said_twice(crossing: Flask) -> None:
    client = crossing.test_client()
    client.get("/")
    assert client.post("/").status_code == 200
    assert client.get("/said").json == ["said before", "kept"]
