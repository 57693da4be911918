"""What a library counts of its visits, and the list behind each number, over HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from conftest import Visit
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.act import saving
from app.declare.person import SYSTEM
from app.ground import clock, periods
from app.ground.database import db, writing
from app.lists import figures
from app.people.rights import person_of
from app.people.users import Area

AsUser = Callable[[str], FlaskClient]


@pytest.fixture(scope="module", autouse=True)
def visits(app: Flask) -> None:
    """Three visits of this month, one voided, one a month earlier."""
    with app.app_context(), writing():
        floors = {row.code_name: row.id for row in db.session.execute(select(Area)).scalars()}
        ground, first = floors["Ground floor"], floors["First floor"]
        month = periods.of("month", clock.today()).begins
        for floor, aim, books, liked, state, at in (
            (ground, "borrow", 3, "5", "gone", month),
            (ground, "read", None, "1", "here", month),
            (first, "borrow", 4, None, "gone", month),
            (ground, "borrow", 90, "1", "void", month),
            (ground, "borrow", 8, "3", "gone", month - timedelta(seconds=1)),
        ):
            made: Any = Visit(floor_id=floor, aim=aim, books=books, liked=liked, created_at=at)
            made.state = state
            saving.add(made, SYSTEM)
        db.session.commit()


@pytest.fixture
def told(app: Flask) -> Callable[..., figures.Told]:
    """A figure of this month, as somebody reads it."""

    def of(name: str, who: str = "libby") -> figures.Told:
        with app.app_context():
            cls: Any = Visit
            person = person_of(who)
            assert person is not None
            return figures.told(cls, cls.figures[name], person, periods.of("month", clock.today()))

    return of


def test_counted_shared_summed_and_averaged(told: Callable[..., figures.Told]) -> None:
    texts = {name: (told(name).now.text, told(name).before.text) for name in Visit.figures}
    assert texts == {
        "came": ("3", "1"),
        "lending": ("66.7%", "100%"),
        "carried": ("7", "8"),
        "praise": ("3.00", "3.00"),
    }
    assert [(number.label, number.text) for number in told("came").by["area"]] == [
        ("Ground floor", "2"),
        ("First floor", "1"),
    ]
    assert [(number.label, number.text) for number in told("came").by["aim"]] == [
        ("To borrow", "2"),
        ("To read", "1"),
    ]
    assert [number.text for number in told("lending").trend[:3]] == ["—"] * 3


def test_each_number_opens_its_list(as_user: AsUser, told: Callable[..., figures.Told]) -> None:
    client, lending = as_user("libby"), told("lending")
    for number, count, said in (
        (lending.now.url, 3, "Came to borrow · "),
        (lending.now.missed, 1, "not met"),
        (lending.before.url, 1, "Came to borrow · "),
        (told("carried").now.url, 2, "Books carried · "),
        (told("praise").now.url, 2, "Praise · "),
        (told("came").by["state"][0].url, 2, "Gone"),
    ):
        page = client.get(number).text
        assert f" / {count}</span>" in page, number
        assert said in page, "the list says what it was asked for"


def test_a_clerk_of_one_floor_reads_that_floor(as_user: AsUser, told: Callable[..., figures.Told]) -> None:
    own = told("came", "clara")
    assert (own.now.text, [number.label for number in own.by["area"]]) == ("2", ["Ground floor"])
    assert " / 2</span>" in as_user("clara").get(own.now.url).text


def test_a_figure_of_a_duty_is_told_to_whoever_has_it(told: Callable[..., figures.Told]) -> None:
    assert told("praise", "clara").now.text == "—"


def test_an_address_that_names_no_figure_asks_for_the_whole_list(as_user: AsUser) -> None:
    client = as_user("libby")
    for wrong in ("came~2026-13", "came~0000", "nothing", "came~aim=dance", "~~~", "came~met"):
        assert " / 5</span>" in client.get("/admin/visit/", query_string={"figure": wrong}).text, wrong
