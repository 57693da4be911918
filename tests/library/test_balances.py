"""What stands on a shelf, and the money that readers left: never written, only posted to; the sum of what was
posted; never past a bound, however many reach at once. Run by tests/app/test_another_trade.py in a process of
its own, on either database.
"""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from conftest import sender
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from library_title import Parcel, Taking, Title

from app.act import balances, bulk, saving
from app.act.balances import Posting
from app.act.replay import Act, Story
from app.declare.person import SYSTEM
from app.declare.record import Wrong
from app.ground import clock
from app.ground.database import db, writing
from app.keep import history, history_verify

AsUser = Callable[[str], FlaskClient]
post = sender("/admin/")
ALL = [Title, Taking, Parcel]
names = (f"Emma {at}" for at in count(1))


def there(app: Flask, key: int) -> tuple[int, Decimal]:
    """What stands on the shelf of a title, and what was left for it, once all of it was held against its
    postings.
    """
    with app.app_context():
        title: Any = db.session.get(Title, key)
        sums: Counter[str] = Counter()
        for posting in db.session.execute(db.select(Posting).where(Posting.record_id == key)).scalars():
            sums[posting.box] += posting.amount
        assert (title.on_shelf, title.pledged * 100) == (sums["on_shelf"], sums["pledged"])
        assert list(history_verify.verify(ALL)) == []
        return title.on_shelf, title.pledged


@pytest.fixture
def name() -> str:
    """A title that no other test has."""
    return next(names)


@pytest.fixture
def emma(as_user: AsUser, name: str) -> int:
    """A title with five copies."""
    return made(post(as_user("libby"), "title/new/", called=name, copies="5"))


def made(answer: Any) -> int:
    """The id of a new record."""
    assert answer.status_code == 302, answer.text
    return int(answer.headers["Location"].rsplit("=", 1)[1])


def said(answer: Any) -> str:
    """What a refused form says went wrong."""
    assert answer.status_code == 422
    match = re.search(r'<div class="errors".*?</div>', answer.text, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", match[0]) if match else ""


@pytest.fixture
def take(as_user: AsUser, name: str) -> Callable[..., Any]:
    """Lends copies of Emma."""

    def taken(copies: int, pledge: str = "", **typed: str) -> Any:
        typed = {"book": name, "reader": "Ada Reader", "count": str(copies), "pledge": pledge, **typed}
        return post(as_user("paul"), "taking/new/", **typed)

    return taken


def test_what_is_out_is_not_on_the_shelf(
    app: Flask, as_user: AsUser, take: Callable[..., Any], emma: int, name: str
) -> None:
    clerk = as_user("paul")
    assert there(app, emma) == (5, 0)
    first, second = made(take(2, "30.50")), made(take(3))
    assert there(app, emma) == (0, Decimal("30.50"))
    assert post(clerk, f"taking/step/take_back/?id={first}").status_code == 302
    assert there(app, emma) == (2, 0)
    assert (
        post(as_user("libby"), f"taking/step/void/?id={second}", void_reason="typed twice").status_code == 302
    )
    assert there(app, emma) == (5, 0)
    assert "5" in as_user("libby").get(f"/admin/title/details/?id={emma}").text


def test_a_posting_is_reversed_and_never_edited(
    app: Flask, as_user: AsUser, take: Callable[..., Any], emma: int, name: str
) -> None:
    clerk = as_user("paul")
    key = made(take(2))
    assert (
        post(clerk, f"taking/edit/?id={key}", book=name, reader="Ada", count="3", version="1").status_code
        == 302
    )
    post(clerk, f"taking/step/take_back/?id={key}")
    with app.app_context():
        told = db.session.execute(
            db.select(Posting.amount, Posting.act, Posting.seq)
            .where(Posting.by_form == "taking", Posting.by_id == key)
            .order_by(Posting.id)
        ).all()
        lines = {line.seq: line.act for line in history.lines("taking", key)}
    assert [tuple(row) for row in told] == [(-2, "create", 1), (-1, "edit", 2), (3, "step:take_back", 3)]
    assert all(lines[row.seq] == row.act for row in told)
    assert there(app, emma) == (5, 0)


def test_what_is_not_there_is_not_lent_and_one_hears_who_has_it(
    app: Flask, as_user: AsUser, take: Callable[..., Any], emma: int, name: str
) -> None:
    made(take(4, reader="Jane Holder"))
    sentence = said(take(2))
    assert f"Only 1 of {name} on the shelf." in sentence
    assert "Jane Holder 4" in sentence
    assert there(app, emma) == (1, 0)
    post(as_user("libby"), "title/edit/?id=" + str(emma), called=name, copies="4", version="1")
    assert there(app, emma) == (0, 0)
    refused = post(as_user("libby"), "title/edit/?id=" + str(emma), called=name, copies="3", version="2")
    assert f"Only 0 of {name}" in said(refused)
    assert there(app, emma) == (0, 0)


def test_not_past_the_upper_bound(
    app: Flask, as_user: AsUser, take: Callable[..., Any], emma: int, name: str
) -> None:
    made(take(1, "499.99"))
    assert "Pledged" in said(take(1, "0.02"))
    made(take(1, "0.01"))
    assert there(app, emma) == (3, Decimal(500))


def test_lines_post_each_to_their_own(
    app: Flask, as_user: AsUser, take: Callable[..., Any], emma: int, name: str
) -> None:
    clerk = as_user("paul")
    other = made(post(as_user("libby"), "title/new/", called=f"{name} too", copies="1"))
    bundles = {"bundles-count": "3"}
    for at, (book, copies) in enumerate(((name, "1"), (f"{name} too", "1"), (name, "2"))):
        bundles |= {f"bundles-{at}-book": book, f"bundles-{at}-count": copies}
    key = made(post(clerk, "parcel/new/", **bundles))
    assert (there(app, emma)[0], there(app, other)[0]) == (2, 0)
    less = {**bundles, "bundles-2-count": "1"}
    assert f"Only 0 of {name} too" in said(post(clerk, "parcel/new/", **less))
    assert (
        post(clerk, f"parcel/edit/?id={key}", **{**bundles, "bundles-1-book": name}, version="1").status_code
        == 302
    )
    assert (there(app, emma)[0], there(app, other)[0]) == (1, 1)


def test_unless_a_box_is_filled_in(
    app: Flask, as_user: AsUser, take: Callable[..., Any], emma: int, name: str
) -> None:
    key = made(take(3, copy_of_own="a copy of her own"))
    assert there(app, emma) == (5, 0)
    typed = {"book": name, "reader": "Ada", "count": "3", "copy_of_own": ""}
    assert post(as_user("paul"), f"taking/edit/?id={key}", **typed, version="1").status_code == 302
    assert there(app, emma) == (2, 0)


def test_over_a_selection(
    app: Flask, as_user: AsUser, take: Callable[..., Any], emma: int, name: str
) -> None:
    clerk = as_user("paul")
    keys = [str(made(take(1))) for _each in range(3)]
    assert post(clerk, "taking/action/", action="take_back", rowid=keys).status_code == 302
    assert there(app, emma) == (5, 0)


def test_nobody_writes_a_balance(app: Flask, emma: int) -> None:
    with app.app_context(), writing():
        title: Any = db.session.get(Title, emma)
        with pytest.raises(RuntimeError, match="posted to"), saving.changing(title, SYSTEM, "forged"):
            title.on_shelf = 99
        db.session.rollback()
    assert there(app, emma) == (5, 0)


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE title SET on_shelf = 7 WHERE id = :key",
        "UPDATE posting SET amount = -1 WHERE amount = -2 AND record_id = :key",
        "DELETE FROM posting WHERE amount = -2 AND record_id = :key",
        "UPDATE posting SET record_id = record_id - 1 WHERE amount = -2 AND record_id = :key",
        "UPDATE posting SET by_id = by_id + 1 WHERE amount = -2 AND record_id = :key",
    ],
)
def test_a_difference_is_noticed(app: Flask, take: Callable[..., Any], emma: int, forged: str) -> None:
    made(take(2))
    table: Any = Posting.__table__
    with app.app_context(), writing():
        kept = [dict(row._mapping) for row in db.session.execute(db.select(table))]
        db.session.execute(db.text(forged), {"key": emma})
        db.session.commit()
        verified = app.test_cli_runner().invoke(args=["history", "verify"])
        db.session.execute(db.delete(table))
        db.session.execute(db.insert(table), kept)
        db.session.commit()
        assert app.test_cli_runner().invoke(args=["recount"]).exit_code == 0
    assert verified.exit_code == 1, verified.output
    assert "On the shelf" in verified.output, verified.output
    assert there(app, emma) == (3, 0)


def test_by_the_thousand(app: Flask, emma: int, name: str) -> None:
    """What is poured in posts as it stands."""
    with app.app_context(), writing():
        sets = {"book": emma, "count": 1, "reader": "Ada", "pledge": Decimal("1.50")}
        acts = [Act(clock.now(), SYSTEM, "", "create", sets)]
        back = [*acts, Act(clock.now(), SYSTEM, "", "step:take_back", {"state": "back"})]
        bulk.tell(Taking, [Story(1, None, told, {"book": name}) for told in (acts, back, acts)])
    assert there(app, emma) == (3, Decimal(3))


def test_eight_readers_reach_for_five_copies(app: Flask, emma: int) -> None:
    start = Barrier(8)

    def reach(hand: int) -> str:
        with app.app_context():
            start.wait()
            for _try in range(5):
                try:
                    with writing():
                        taking = Taking(book_id=emma, count=1, reader=f"Hand {hand}", office_id=1)
                        saving.add(taking, SYSTEM)
                        db.session.commit()
                    return "has it"
                except Wrong:
                    db.session.rollback()
                    return "refused"
                except db.exc.OperationalError:
                    db.session.rollback()
                finally:
                    db.session.remove()
            return "gave up"

    with ThreadPoolExecutor(8) as hands:
        outcomes = Counter(hands.map(reach, range(8)))
    assert outcomes == {"has it": 5, "refused": 3}
    assert there(app, emma) == (0, 0)


@pytest.fixture
def machine(app: Flask) -> type[RuleBasedStateMachine]:
    """Whatever is lent, brought back, voided, bought and edited."""

    class Desk(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            with app.app_context(), writing():
                title = Title(called=next(names), copies=4, office_id=1)
                saving.add(title, SYSTEM)
                db.session.commit()
                self.title, self.out, self.owned = title.id, {}, 4

        def act(self, change: Callable[[], Any], fits: bool) -> Any:
            with app.app_context(), writing():
                try:
                    result = change()
                    db.session.commit()
                    assert fits, "past its bound"
                    return result
                except Wrong:
                    db.session.rollback()
                    assert not fits, "refused what was there"
                    return None

        @rule(count=st.integers(1, 5))
        def lend(self, count: int) -> None:
            def change() -> int:
                taking = Taking(book_id=self.title, count=count, reader="Ada", office_id=1)
                saving.add(taking, SYSTEM)
                return taking.id

            key = self.act(change, count <= self.owned - sum(self.out.values()))
            if key:
                self.out[key] = count

        @precondition(lambda self: self.out)
        @rule(data=st.data(), state=st.sampled_from(("back", "void")))
        def give_back(self, data: Any, state: str) -> None:
            key = data.draw(st.sampled_from(sorted(self.out)))

            def change() -> None:
                taking: Any = db.session.get(Taking, key)
                with saving.changing(taking, SYSTEM, state):
                    taking.state = state

            self.act(change, True)
            del self.out[key]

        @precondition(lambda self: self.out)
        @rule(data=st.data(), count=st.integers(1, 6))
        def edit(self, data: Any, count: int) -> None:
            key = data.draw(st.sampled_from(sorted(self.out)))
            fits = sum(self.out.values()) - self.out[key] + count <= self.owned or count <= self.out[key]

            def change() -> None:
                taking: Any = db.session.get(Taking, key)
                with saving.changing(taking, SYSTEM, "edit"):
                    taking.count = count

            self.act(change, fits)
            if fits:
                self.out[key] = count

        @rule(copies=st.integers(0, 8))
        def own(self, copies: int) -> None:
            fits = copies >= sum(self.out.values())

            def change() -> None:
                title: Any = db.session.get(Title, self.title)
                with saving.changing(title, SYSTEM, "edit"):
                    title.copies = copies

            self.act(change, fits)
            if fits:
                self.owned = copies

        @invariant()
        def it_is_the_sum(self) -> None:
            with app.app_context():
                title: Any = db.session.get(Title, self.title)
                units = db.select(db.func.coalesce(db.func.sum(Posting.amount), 0))
                posted = db.session.execute(
                    units.where(Posting.box == "on_shelf", Posting.record_id == self.title)
                ).scalar_one()
                assert title.on_shelf == posted == self.owned - sum(self.out.values()) >= 0
                assert balances.off_posts(Taking, db.session.connection()) == []

    Desk.TestCase.settings = settings(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    return Desk


def test_whatever_is_done_it_is_the_sum_and_never_below(machine: type[RuleBasedStateMachine]) -> None:
    machine.TestCase().runTest()
