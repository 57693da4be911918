"""Signing in and out over HTTP: what a sign-in is worth, when it ends, and that failures give nothing
away.
"""

import re
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gate import build, change, cookie, send
from office import NOON, PASSWORD
from sending import sign, token
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from app.gate import passwords, sign_in
from app.ground import clock
from app.ground.database import db
from app.keep.history import Line
from app.keep.history_verify import verify
from app.people.users import Office, User


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """A site with four people, where many tries from one address are let through."""
    app = build(tmp_path, RATELIMIT_LOGIN="1000 per minute")
    with clock.set_to(NOON):
        yield app


def test_one_signs_in_and_comes_to_where_one_wanted(site: Flask) -> None:
    client = site.test_client()
    away = client.get("/form?id=3")
    assert (away.status_code, away.location) == (302, "/login?next=/form%3Fid%3D3")
    answer = sign(client, next="/form?id=3")
    assert (answer.status_code, answer.location) == (302, "/form?id=3")
    assert client.get("/").text.startswith("home of Manager")
    assert client.get("/login").location == "/"


def test_every_failure_says_the_same(site: Flask) -> None:
    change(site, "frontdesk", active=False)
    client = site.test_client()
    wrong = (
        ("manager", "wrong"),
        ("nobody", PASSWORD),
        ("frontdesk", PASSWORD),
        ("", ""),
        ("\0" * 40, "\0"),
        ("x" * 9999, "y" * 99999),
    )
    pages = [sign(client, name, word) for name, word in wrong]
    said = {page.text.split('id="fault"')[1].split("</p>")[0] for page in pages}
    assert len(said) == 1
    assert {page.status_code for page in pages} == {401}


@pytest.mark.usefixtures("true_hashes")
def test_an_unknown_name_takes_as_long_as_a_known_one(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hash of the same parameters is worked out either way, so that the time tells nothing."""
    worked: list[str] = []
    hasher = passwords._hasher

    class Counting:
        """Notes what it verifies."""

        def verify(self, kept: str, typed: str) -> bool:
            """As the real one does."""
            worked.append(kept.rsplit("$", 2)[0])
            return hasher.verify(kept, typed)

    known = passwords.hashed(PASSWORD)
    assert not passwords.outdated(passwords.DUMMY)
    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert not passwords.verify(known, "wrong")
    assert not passwords.verify(None, "wrong")
    assert worked == [known.rsplit("$", 2)[0]] * 2


def at(minutes: float) -> AbstractContextManager[None]:
    """So many minutes past noon."""
    return clock.set_to(NOON + timedelta(minutes=minutes))


def stranger(site: Flask, address: str = "9.9.9.9") -> FlaskClient:
    """A browser that never signed in, at an address."""
    client = site.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def told(page: TestResponse) -> str:
    """Until when the page says that there is no other try; empty where it doesn't."""
    return next(iter(re.findall(r"(\d\d:\d\d) 后", page.text)), "")


@pytest.mark.parametrize("name", ["manager", "nobody"])
def test_who_goes_on_guessing_waits_longer_and_longer_known_or_not(site: Flask, name: str) -> None:
    """Eight tries for nothing, then one after 1, 2, 4, 8, 15, 15 minutes; nobody else waits."""
    client = stranger(site)
    pages = [sign(client, name, f"wrong {n}") for n in range(50)]
    assert [told(page) for page in pages] == [""] * 7 + ["12:01"] * 43
    assert {page.status_code for page in pages} == {401}
    assert sign(client, name).status_code == 401, "the right password waits as well"
    assert sign(stranger(site), "supervisor").status_code == 302, "others aren't touched"
    for minutes, until in (
        (1, "12:03"),
        (3, "12:07"),
        (7, "12:15"),
        (15, "12:30"),
        (30, "12:45"),
        (45, "13:00"),
    ):
        with at(minutes - 0.02):
            assert told(sign(client, name, "wrong")) == f"12:{minutes:02}", "not yet"
        with at(minutes):
            assert [told(sign(client, name, word)) for word in ("wrong", "wrong", PASSWORD)] == [until] * 3
    with at(60):
        assert sign(client, name).status_code == (302 if name == "manager" else 401)


@pytest.mark.parametrize("name", ["manager", "nobody"])
def test_from_many_addresses_a_name_waits_two_minutes_at_most(site: Flask, name: str) -> None:
    """Guessed from ever other addresses; whoever has the password gets in within two minutes, on whatever
    device.
    """
    pages = [sign(stranger(site, f"9.9.9.{n}"), name, "wrong") for n in range(12)]
    assert [told(page) for page in pages] == [""] * 7 + ["12:01"] * 5
    for n, (minutes, until) in enumerate(((1, "12:03"), (3, "12:05"), (5, "12:07"))):
        with at(minutes):
            pages = [sign(stranger(site, f"9.9.{n}.{last}"), name, "wrong") for last in range(30, 34)]
            assert [told(page) for page in pages] == [until] * 4
    with at(7):
        assert sign(stranger(site, "8.8.8.8"), name).status_code == (302 if name == "manager" else 401)


def test_who_is_refused_at_an_address_keeps_nobody_elsewhere_waiting(site: Flask) -> None:
    guessing = stranger(site)
    for n in range(30):
        sign(guessing, "manager", f"wrong {n}")
    with at(1):
        assert told(sign(guessing, "manager", "wrong")) == "12:03"
    with at(3):
        assert told(sign(guessing, "manager", "wrong")) == "12:07"
    with at(5):
        assert told(sign(guessing, "manager", "wrong")) == "12:07"
        assert sign(stranger(site, "8.8.8.8")).status_code == 302


def test_who_is_refused_by_the_name_has_not_tried_at_their_address(site: Flask) -> None:
    """Twenty tries at the right password while others guess: they aren't counted, since nobody looked at
    them.
    """
    for n in range(8):
        sign(stranger(site, f"9.9.9.{n}"), "manager", "wrong")
    at_home = stranger(site, "8.8.8.8")
    assert [told(sign(at_home)) for _n in range(20)] == ["12:01"] * 20
    with at(1):
        assert sign(at_home).status_code == 302


def test_the_addresses_of_one_ipv6_network_are_one(tmp_path: Path) -> None:
    site = build(tmp_path, RATELIMIT_LOGIN="9 per minute")
    with clock.set_to(NOON):
        pages = [sign(stranger(site, f"2001:db8:7:1:{n:x}::5"), "manager", "wrong") for n in range(10)]
        assert [page.status_code for page in pages] == [401] * 9 + [429]
        with at(1):
            assert told(sign(stranger(site, "2001:db8:7:2::5"), "manager", "wrong")) == "12:03"
        with at(3):
            assert sign(stranger(site, "2001:db8:7:3::5")).status_code == 302


def test_a_long_wait_is_not_forgotten_with_its_end(tmp_path: Path) -> None:
    """A day's wait at most, and the guesses of a day before still count when it is over."""
    site = build(tmp_path, LOGIN_FAILURES="1", LOGIN_LOCK_MINUTES="1440")
    client, minutes = stranger(site), 0
    for wait in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440):
        with at(minutes):
            assert sign(client, "manager", "wrong").status_code == 401
        minutes += wait
        with at(minutes - 0.02):
            assert told(sign(client, "manager")), minutes
    with at(minutes):
        assert sign(client).status_code == 302


def look(monkeypatch: pytest.MonkeyPatch, name: str, clients: list[FlaskClient]) -> int:
    """At how many passwords of as many tries at once anybody looks."""
    looked: list[str] = []
    tokens = [token(client) for client in clients]

    def guess(n: int) -> int:
        return (
            clients[n]
            .post("/login", data={"username": name, "password": "x", "csrf_token": tokens[n]})
            .status_code
        )

    with monkeypatch.context() as patched, ThreadPoolExecutor(8) as pool:
        patched.setattr(
            passwords, "verify", lambda kept, word: bool(looked.append(word)) or time.sleep(0.05) or False
        )
        assert set(pool.map(guess, range(len(clients)))) == {401}
    return len(looked)


@pytest.mark.parametrize("name", ["manager", "nobody"])
@pytest.mark.parametrize("addresses", [1, 24])
def test_many_tries_at_once_are_no_way_around_the_wait(
    site: Flask, monkeypatch: pytest.MonkeyPatch, name: str, addresses: int
) -> None:
    """Of 24 at once eight are looked at, then one as each wait ends, from one address or from as many."""

    def clients(at_home: int) -> list[FlaskClient]:
        return [stranger(site, f"9.9.{at_home}.{n % addresses}") for n in range(24)]

    assert look(monkeypatch, name, clients(0)) == 8
    for moment in (1, 3, 7):
        with at(moment):
            assert look(monkeypatch, name, clients(0 if addresses == 1 else moment)) == 1


def test_the_right_password_forgives_wrong_ones(site: Flask) -> None:
    client = site.test_client()
    for _round in range(4):
        for n in range(5):
            sign(client, "manager", f"wrong {n}")
        assert sign(site.test_client()).status_code == 302


def test_an_address_with_too_many_failures_gets_429(tmp_path: Path) -> None:
    client = build(tmp_path, RATELIMIT_LOGIN="5 per minute").test_client()
    for _n in range(8):
        assert sign(client).status_code == 302, "those who sign in don't count: an office has one address"
        client.delete_cookie("session")
    codes = [sign(client, f"name{n}", "wrong").status_code for n in range(6)]
    assert codes == [401] * 5 + [429]
    assert "errors" in sign(client, "name", "wrong").text


def sign_anew(client: FlaskClient, username: str = "manager", password: str = PASSWORD) -> int:
    """Sign in at a browser whose session is over; what it keeps of the device stays."""
    client.delete_cookie("session")
    return int(sign(client, username, password).status_code)


def test_who_has_the_password_gets_in_from_a_known_device_whatever_strangers_try(site: Flask) -> None:
    """Thirty wrong tries under a name make strangers wait, not its person at the desk."""
    desk, stranger = site.test_client(), site.test_client()
    assert sign_anew(desk) == 302
    send(desk, "/logout")
    for n in range(30):
        assert sign(stranger, "manager", f"wrong {n}").status_code == 401
    assert sign(stranger).status_code == 401, "a stranger with the right word waits"
    assert sign_anew(desk) == 302
    held = desk.get_cookie("device")
    assert held is not None
    assert held.http_only
    assert held.same_site == "Lax"
    assert held.max_age == 365 * 24 * 3600


def test_wrong_tries_on_a_known_device_make_wait_there_and_nowhere_else(site: Flask) -> None:
    desk, other = site.test_client(), site.test_client()
    sign(desk), sign(other)
    for n in range(8):
        sign_anew(desk, "manager", f"wrong {n}")
    assert sign_anew(desk) == 401
    assert sign_anew(other) == 302
    assert sign(site.test_client()).status_code == 302
    assert sign_anew(desk, "supervisor") == 302, "it is known for the manager alone"
    with at(1):
        assert sign_anew(desk) == 302


def test_a_device_is_known_only_for_whoever_signed_in_at_it(site: Flask) -> None:
    """Neither a colleague's device nor a word that was made up counts apart."""
    desk, forged = site.test_client(), site.test_client()
    sign(desk, "supervisor")
    forged.set_cookie("device", "WyJ4IixbMV1d.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    for client in (desk, forged):
        for n in range(9):
            sign_anew(client, "manager", f"wrong {n}")
    assert sign_anew(desk) == 401
    assert sign_anew(forged) == 401


def test_a_known_device_remembers_several_people(site: Flask) -> None:
    desk, stranger = site.test_client(), site.test_client()
    people = ("manager", "supervisor", "frontdesk")
    for name in people:
        sign_anew(desk, name)
    for name in people:
        for n in range(9):
            sign(stranger, name, f"wrong {n}")
    assert [sign_anew(desk, name) for name in people] == [302] * 3


def test_strangers_at_an_address_stand_in_nobodys_way_at_a_known_device(tmp_path: Path) -> None:
    site = build(tmp_path, RATELIMIT_LOGIN="5 per minute")
    desk, stranger = site.test_client(), site.test_client()
    assert sign_anew(desk) == 302
    codes = [sign(stranger, f"name{n}", "wrong").status_code for n in range(8)]
    assert codes == [401] * 5 + [429] * 3
    assert sign_anew(desk) == 302


def test_the_count_of_an_address_is_shared_and_outlives_the_process(tmp_path: Path) -> None:
    """Two applications on one database, as two processes or machines are."""
    first_site, other = (
        build(tmp_path, RATELIMIT_LOGIN="6 per minute"),
        build(tmp_path, staffed=False, RATELIMIT_LOGIN="6 per minute"),
    )
    with clock.set_to(NOON):
        codes = [
            sign(site.test_client(), f"name{n}", "wrong").status_code
            for n in range(4)
            for site in (first_site, other)
        ]
    assert codes == [401] * 6 + [429] * 2
    with clock.set_to(NOON + timedelta(seconds=61)):
        assert sign(other.test_client(), "manager").status_code == 302


def test_behind_a_proxy_that_nobody_told_of_nobody_shuts_out_all(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """PROXY_COUNT isn't set: whoever tries too often is told to wait, all others sign in; the log says what
    to set.
    """
    site = build(tmp_path, RATELIMIT_LOGIN="5 per minute")

    def tried(name: str, word: str, came_from: str) -> int:
        client = site.test_client()
        client.environ_base["HTTP_X_FORWARDED_FOR"] = came_from
        return int(sign(client, name, word).status_code)

    assert [tried(f"name{n}", "wrong", "203.0.113.9") for n in range(7)] == [401] * 5 + [429] * 2
    assert tried("manager", PASSWORD, "203.0.113.20") == 302
    assert len([line for line in caplog.messages if "PROXY_COUNT" in line]) == 1


def test_a_stranger_on_the_internet_makes_up_no_addresses(tmp_path: Path) -> None:
    site = build(tmp_path, RATELIMIT_LOGIN="5 per minute")
    client = site.test_client()
    client.environ_base["REMOTE_ADDR"] = "9.9.9.9"
    codes = []
    for n in range(7):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{n}"
        codes.append(sign(client, f"name{n}", "wrong").status_code)
    assert codes == [401] * 5 + [429] * 2


def test_no_password_is_hashed_within_a_write_transaction(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    within: list[bool] = []
    verify_password = passwords.verify

    def watched(kept: str | None, word: str) -> bool:
        within.append(db.session().in_transaction())
        return verify_password(kept, word)

    monkeypatch.setattr(passwords, "verify", watched)
    (
        sign(site.test_client()),
        sign(site.test_client(), "manager", "wrong"),
        sign(site.test_client(), "nobody", "wrong"),
    )
    assert within == [False] * 3


def test_a_cookie_kept_from_before_the_sign_out_signs_nobody_in(site: Flask) -> None:
    client = site.test_client()
    sign(client)
    kept = cookie(client)
    assert send(client, "/logout").location == "/login"
    client.set_cookie("session", kept)
    assert client.get("/").status_code == 302


def test_a_new_token_at_each_sign_in_and_none_in_the_database(site: Flask) -> None:
    client = site.test_client()
    before = token(client)
    sign(client)
    first = client.get("/profile")
    with client.session_transaction() as held:
        first_token = held[sign_in.TOKEN]
    assert before not in first.text
    with site.app_context():
        assert first_token not in str(db.session.execute(select(sign_in.SignIn.token)).all())
    client.delete_cookie("session")
    sign(client)
    with client.session_transaction() as held:
        assert held[sign_in.TOKEN] != first_token


def test_sign_out_everywhere_ends_all(site: Flask) -> None:
    first_client, other, somebody = site.test_client(), site.test_client(), site.test_client()
    sign(first_client), sign(other), sign(somebody, "supervisor")
    send(first_client, "/profile/sign-out-everywhere")
    assert [client.get("/").status_code for client in (first_client, other, somebody)] == [302, 302, 200]


def test_idle_and_longest_time(site: Flask) -> None:
    client, busy = site.test_client(), site.test_client()
    sign(client), sign(busy)
    for minutes in range(0, 12 * 60, 60):
        with clock.set_to(NOON + timedelta(minutes=minutes)):
            assert busy.get("/").status_code == 200
    with clock.set_to(NOON + timedelta(hours=2, seconds=1)):
        assert client.get("/").location == "/login?next=/&why=ended"
    with clock.set_to(NOON + timedelta(hours=12)):
        assert busy.get("/").status_code == 302


def test_use_is_written_down_at_most_once_a_minute_and_never_in_the_way(site: Flask, tmp_path: Path) -> None:
    client, writes = site.test_client(), []
    sign(client)
    with site.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *said: writes.append(said[2]))
    with clock.set_to(NOON + timedelta(seconds=70)):
        assert [client.get("/").status_code for _n in range(5)] == [200] * 5
    assert len([said for said in writes if said.startswith("UPDATE sign_in")]) == 1
    other = sqlite3.connect(tmp_path / "guanjia.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with clock.set_to(NOON + timedelta(seconds=140)):
        begun = time.perf_counter()
        assert client.get("/").status_code == 200
        assert time.perf_counter() - begun < 2
    other.execute("ROLLBACK")


def test_the_look_up_is_one_statement(site: Flask) -> None:
    client, said = site.test_client(), []
    sign(client)
    client.get("/")
    with site.app_context():
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda *seen: said.append(seen[2]) if seen[2] != "BEGIN" else None,
        )
    client.get("/")
    assert len(said) == 1, said


def test_rights_taken_away_are_gone_at_the_next_request(site: Flask) -> None:
    client, other = site.test_client(), site.test_client()
    sign(client, "supervisor"), sign(other, "specialist")
    before = client.get("/").text
    change(site, "supervisor", roles=["frontdesk"])
    assert client.get("/").text not in ("", before)
    change(site, "specialist", active=False)
    assert other.get("/").status_code == 302


def test_an_expired_form_leads_back_to_itself(site: Flask) -> None:
    client = site.test_client()
    sign(client)
    mark = token(client, "/profile")
    with clock.set_to(NOON + timedelta(hours=3)):
        answer = client.post("/form?id=7", data={"csrf_token": mark, "words": "long"})
        assert (answer.status_code, answer.location) == (302, "/login?next=/form%3Fid%3D7&why=kept")
        page = client.get(answer.location).text
        assert "data-login" in page
        assert "said warn" in page
        assert sign(client, next="/form?id=7").location == "/form?id=7"
        only_post = site.test_client()
    assert only_post.post("/profile/password").status_code == 401


def test_a_password_changed_ends_the_other_sign_ins(site: Flask) -> None:
    client, other = site.test_client(), site.test_client()
    sign(client), sign(other)
    new = "a better word 九"
    assert send(client, "/profile/password", old="wrong", new=new, again=new).status_code == 422
    assert send(client, "/profile/password", old=PASSWORD, new=new, again=new + "x").status_code == 422
    for bad in ("short", "manager", "managermanager", "1234567890", "aaaaaaaaaaaa", "x" * 201):
        assert send(client, "/profile/password", old=PASSWORD, new=bad, again=bad).status_code == 422, bad
    old = cookie(client)
    assert send(client, "/profile/password", old=PASSWORD, new=new, again=new).location == "/profile"
    assert [client.get("/").status_code, other.get("/").status_code] == [200, 302]
    other.set_cookie("session", old)
    assert other.get("/").status_code == 302
    assert sign(site.test_client()).status_code == 401
    assert sign(site.test_client(), password=new).status_code == 302
    with site.app_context():
        line = db.session.execute(select(Line).where(Line.act == "password")).scalars().one()
        assert line.changes == {}
        assert list(verify([User])) == []


def test_guessing_the_present_password_makes_wait_too(site: Flask) -> None:
    client = site.test_client()
    sign(client)
    for n in range(9):
        page = send(
            client, "/profile/password", old=f"guess {n}", new="another word 1", again="another word 1"
        )
    assert "错误次数过多" in page.text
    new = {"old": PASSWORD, "new": "another word 1", "again": "another word 1"}
    assert send(client, "/profile/password", **new).status_code == 422
    assert sign_anew(client) == 401
    assert sign(site.test_client()).status_code == 302, "who guesses at one desk locks no other"


def test_the_account_page_lists_where_one_is_signed_in(site: Flask) -> None:
    client = site.test_client()
    phone = {
        "User-Agent": (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
            " MicroMessenger/8.0"
        )
    }
    sign(client), site.test_client().get("/", headers=phone)
    other = site.test_client()
    other.post(
        "/login",
        headers=phone,
        data={"username": "manager", "password": PASSWORD, "csrf_token": token(other)},
    )
    page = client.get("/profile").text
    assert "WeChat · Android" in page
    assert page.count("state done") == 1


def test_language_and_theme_before_and_after_signing_in(site: Flask) -> None:
    client = site.test_client()
    answer = client.post(
        "/language", data={"csrf_token": token(client), "locale": "en", "page": "login", "next": "/form"}
    )
    assert answer.location == "/login?next=/form"
    assert 'lang="en"' in client.get("/login").text
    sign(client)
    assert 'lang="en"' in client.get("/profile").text
    assert send(client, "/theme", theme="dark", next="/profile?").location == "/profile"
    assert 'data-theme="dark"' in client.get("/profile").text
    assert send(client, "/language", locale="xx", next="//evil.example").location == "/"


# Commands


def run(site: Flask, *words: str) -> tuple[int, str]:
    result = site.test_cli_runner().invoke(args=["user", *words])
    return result.exit_code, result.output


def test_users_by_command(site: Flask) -> None:
    code, said = run(site, "add", "mei.l", "--name", "梅", "--role", "specialist", "--role", "frontdesk")
    assert code == 0, said
    word = said.strip().rsplit(maxsplit=1)[-1].rsplit("：", 1)[-1]
    client = site.test_client()
    assert sign(client, "mei.l", word).status_code == 302
    assert run(site, "add", "mei.l", "--name", "梅", "--role", "frontdesk")[0] == 1
    assert run(site, "add", "new", "--name", "梅", "--role", "king")[0] == 1
    assert run(site, "add", "new", "--name", "梅", "--role", "frontdesk", "--area", "nowhere")[0] == 1
    assert run(site, "add", "new", "--name", "梅", "--role", "frontdesk", "--password", "short")[0] == 1
    for n in range(9):
        sign(site.test_client(), "mei.l", f"wrong {n}")
    assert run(site, "password", "mei.l", "--password", "quite another word")[0] == 0
    assert client.get("/").status_code == 302
    assert sign(client, "mei.l", "quite another word").status_code == 302
    assert run(site, "disable", "mei.l")[0] == 0
    assert client.get("/").status_code == 302
    assert run(site, "disable", "nobody")[0] == 1
    with site.app_context():
        user = db.session.execute(select(User).where(User.username == "mei.l")).scalars().one()
        assert user.version == 3
        assert not user.active


def test_the_first_user_brings_the_office(tmp_path: Path) -> None:
    site = build(tmp_path, staffed=False)
    assert run(site, "add", "boss", "--name", "Boss", "--role", "manager")[0] == 1
    assert (
        run(
            site,
            "add",
            "boss",
            "--name",
            "Boss",
            "--role",
            "manager",
            "--office-name",
            "澄园",
            "--password",
            "a word for them",
        )[0]
        == 0
    )
    with site.app_context():
        office = db.session.execute(select(Office)).scalars().one()
        assert office.office_id == office.id
        assert db.session.execute(select(func.count()).select_from(Line)).scalar_one() == 2
        assert list(verify([User, Office])) == []
    assert sign(site.test_client(), "boss", "a word for them").status_code == 302
