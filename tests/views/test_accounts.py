"""A password that somebody else has seen: told once, good for days, and changed before anything else."""

import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import PASSWORD, Estate
from sending import send, sentence, sign, token

from app.gate import passwords
from app.ground import clock
from app.ground.database import db
from app.keep import history
from app.people.users import User

AsUser = Callable[[str], FlaskClient]
WORD = re.compile(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b")
NEW = {"full_name": "梅师傅", "username": "mei.l", "roles": "frontdesk", "active": "1"}
OWN = "梅花香自苦寒来 2026"


def word_of(answer: Any) -> str:
    """The one password an answer tells."""
    (word,) = set(WORD.findall(answer.text))
    return str(word)


def sign_in(app: Flask, name: str, word: str) -> tuple[FlaskClient, Any]:
    """Somebody at a browser of their own, and what came of the try."""
    client = app.test_client()
    return client, sign(client, name, word)


def account(name: str) -> Any:
    """An account as it is kept."""
    db.session.rollback()
    return db.session.execute(db.select(User).where(User.username == name)).scalar_one()


def own(client: FlaskClient, new: str = OWN, again: str = "") -> Any:
    """Choose a password of one's own."""
    return client.post(
        "/password",
        data={
            "csrf_token": token(client, "/password"),
            "new": new,
            "again": again or new,
            "next": "/admin/key/",
        },
    )


def test_a_new_account_gets_a_password_once(app: Flask, as_user: AsUser, office: Estate) -> None:
    manager = as_user("manager")
    answer = send(manager, "/admin/user/new/", {**NEW, "submission": "s" * 22})
    assert answer.status_code == 200
    word = word_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    key = account("mei.l").id
    assert not WORD.findall(manager.get(f"/admin/user/details/?id={key}").text), "never again"
    client, tried = sign_in(app, "mei.l", word)
    assert tried.status_code == 302
    for address in (
        "/",
        "/admin/work_order/",
        "/search?q=水管",
        "/profile",
        "/admin/unit/look_up/?q=1",
        "/nowhere",
    ):
        away = client.get(address)
        assert (away.status_code, away.location.partition("?")[0]) == (302, "/password"), address
    assert client.get("/", headers={"Accept": "application/json"}).status_code == 403
    page = client.get("/password")
    assert page.status_code == 200
    assert "菜单" not in page.text
    assert "有效期内首次登录后须修改" in page.text
    assert "只能用一次" not in page.text
    mark = token(client, "/password")
    for address in ("/admin/work_order/new/", "/profile/password", "/admin/key/columns/"):
        assert client.post(address, data={"csrf_token": mark}).location.partition("?")[0] == "/password", (
            address
        )
    assert own(client).location == "/admin/key/"
    assert client.get("/").status_code == 200
    assert client.get("/password").location == "/profile"
    assert sign_in(app, "mei.l", word)[1].status_code == 401
    assert sign_in(app, "mei.l", OWN)[1].status_code == 302
    db.session.rollback()
    assert [line.act for line in history.lines("user", key)] == ["create", "one_time_password", "password"]


def test_a_password_of_ones_own_is_none_of_the_commonest_nor_the_one_time_one(
    app: Flask, as_user: AsUser, office: Estate
) -> None:
    word = word_of(send(as_user("manager"), "/admin/user/new/", NEW))
    client, _tried = sign_in(app, "mei.l", word)
    for new, again in (
        (word, word),
        ("short", "short"),
        ("1234567890", "1234567890"),
        (OWN, OWN + "x"),
        ("mei.l" * 2, "mei.l" * 2),
        ("", ""),
    ):
        answer = own(client, new, again)
        assert answer.status_code == 422, new
        assert client.get("/").location.startswith("/password")
    assert own(client).status_code == 302


def test_the_same_form_sent_twice_makes_one_account_whose_shown_password_opens(
    app: Flask, as_user: AsUser, office: Estate
) -> None:
    manager = as_user("manager")
    first, second = (send(manager, "/admin/user/new/", {**NEW, "submission": "t" * 22}) for _time in range(2))
    assert first.status_code == second.status_code == 200
    client, tried = sign_in(app, "mei.l", word_of(second))
    assert tried.status_code == 302
    assert own(client).status_code == 302
    third = send(manager, "/admin/user/new/", {**NEW, "submission": "t" * 22})
    assert (third.status_code, WORD.findall(third.text)) == (302, []), "nobody's own password is changed so"
    assert client.get("/").status_code == 200


def test_a_forgotten_password_is_reset_by_whose_duty_users_are(
    app: Flask, as_user: AsUser, office: Estate
) -> None:
    manager, key = as_user("manager"), office["specialist"]
    there, elsewhere = as_user("specialist"), as_user("specialist")
    page = manager.get(f"/admin/user/details/?id={key}").text
    assert f'href="/admin/user/password/?id={key}"' in page
    assert "重置密码" in page
    asked = manager.get(f"/admin/user/password/?id={key}")
    assert asked.status_code == 200
    assert not WORD.findall(asked.text), "asking gives nothing away and changes nothing"
    assert there.get("/").status_code == 200
    answer = send(manager, f"/admin/user/password/?id={key}", {})
    word = word_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    for client in (there, elsewhere):
        assert client.get("/").location.startswith("/login"), "all sign-ins end"
    assert sign_in(app, "specialist", PASSWORD)[1].status_code == 401
    client, tried = sign_in(app, "specialist", word)
    assert tried.status_code == 302
    assert client.get("/").location.startswith("/password")
    line = history.lines("user", key)[-1]
    assert (line.act, line.user_id, line.changes) == ("one_time_password", office["manager"], {})
    assert line.clause
    assert "一次性密码" in manager.get(f"/admin/user/details/?id={key}").text


def test_it_leads_nobody_in_who_may_not(app: Flask, as_user: AsUser, office: Estate) -> None:
    key, before = office["specialist"], account("specialist").password_hash
    for name in ("supervisor", "frontdesk", "specialist2", "other_manager", "repairer"):
        client = as_user(name)
        assert client.get(f"/admin/user/password/?id={key}").status_code == 404, name
        assert send(client, f"/admin/user/password/?id={key}", {}).status_code == 404, name
        assert "重置密码" not in client.get(f"/admin/user/details/?id={key}").text
    manager = as_user("manager")
    refused = send(manager, f"/admin/user/password/?id={office['manager']}", {})
    assert refused.status_code == 403, "one's own needs the old one"
    assert "我的账号" in sentence(refused.text)
    for form in ("work_order", "office", "area", "nothing"):
        assert manager.get(f"/admin/{form}/password/?id=1").status_code == 404, form
    assert manager.post(f"/admin/user/password/?id={key}").status_code == 400, "without a token"
    assert account("specialist").password_hash == before


def test_it_is_told_nowhere_but_on_its_answer(
    app: Flask, as_user: AsUser, office: Estate, caplog: pytest.LogCaptureFixture
) -> None:
    manager = as_user("manager")
    with caplog.at_level(logging.DEBUG):
        answers = [
            send(manager, "/admin/user/new/", NEW),
            send(manager, f"/admin/user/password/?id={office['specialist']}", {}),
        ]
    for answer in answers:
        word = word_of(answer)
        assert word not in caplog.text
        assert word not in str(answer.headers)
        assert all(word not in cookie.value for cookie in manager._cookies.values())
        assert word not in manager.get("/admin/user/").text
        db.session.rollback()
        for table in db.metadata.sorted_tables:
            assert word not in str(db.session.execute(db.select(table)).all()), table.name


def test_it_runs_out(app: Flask, as_user: AsUser, office: Estate) -> None:
    word = word_of(send(as_user("manager"), "/admin/user/new/", NEW))
    for days, status in ((6, 302), (8, 401)):
        with clock.set_to(clock.now() + timedelta(days=days)):
            assert sign_in(app, "mei.l", word)[1].status_code == status
    client, _tried = sign_in(app, "mei.l", word)
    own(client)
    with clock.set_to(clock.now() + timedelta(days=400)):
        assert sign_in(app, "mei.l", OWN)[1].status_code == 302, "one's own doesn't"


def test_the_commands_give_one_too(app: Flask, office: Estate) -> None:
    run = app.test_cli_runner()
    for words in (
        ("add", "mei.l", "--name", "梅", "--role", "frontdesk", "--office", "CY"),
        ("password", "mei.l"),
    ):
        said = run.invoke(args=["user", *words])
        assert said.exit_code == 0, said.output
        word = word_of(type("Said", (), {"text": said.output}))
        client, tried = sign_in(app, "mei.l", word)
        assert tried.status_code == 302
        assert client.get("/").location.startswith("/password")
        assert own(client, OWN + words[0]).status_code == 302
    assert (
        run.invoke(args=["user", "password", "mei.l", "--password", "chosen by whom it concerns"]).exit_code
        == 0
    )
    assert sign_in(app, "mei.l", "chosen by whom it concerns")[0].get("/").status_code == 200


def test_one_can_sign_out_or_read_it_in_english_instead(app: Flask, as_user: AsUser, office: Estate) -> None:
    word = word_of(send(as_user("manager"), "/admin/user/new/", NEW))
    client, _tried = sign_in(app, "mei.l", word)
    mark = token(client, "/password")
    assert (
        client.post("/language", data={"csrf_token": mark, "locale": "en", "next": "/password"}).status_code
        == 302
    )
    assert "A password of your own" in client.get("/password").text
    assert client.post("/logout", data={"csrf_token": mark}).location == "/login"
    assert passwords.ONE_TIME.days == 7


def names() -> set[str]:
    """By what names anybody signs in."""
    db.session.rollback()
    return set(db.session.execute(db.select(User.username)).scalars())


def test_a_name_typed_in_full_width_signs_in(app: Flask, as_user: AsUser, office: Estate) -> None:
    """However the keyboard stood as the account was made, and however it stands at the door."""
    word = word_of(send(as_user("manager"), "/admin/user/new/", {**NEW, "username": "ｌｉｓｉ"}))
    assert account("lisi").full_name == "梅师傅"
    for typed in ("lisi", "ｌｉｓｉ"):
        assert sign_in(app, typed, word)[1].status_code == 302, typed


@pytest.mark.parametrize(
    "name", ["王五", "a", "x y", ".x", "李4", "x" * 41, "SPECIALIST", "Ｍａｎａｇｅｒ", "other_Specialist"]
)
def test_one_rule_for_names_on_the_screen_and_by_command(
    app: Flask, as_user: AsUser, office: Estate, name: str
) -> None:
    """Two names that differ by capitals are one, in whatever office; what isn't letters and digits is
    none.
    """
    before = names()
    assert send(as_user("manager"), "/admin/user/new/", {**NEW, "username": name}).status_code == 422
    said = app.test_cli_runner().invoke(
        args=["user", "add", name, "--name", "梅师傅", "--role", "frontdesk", "--office", "CY"]
    )
    assert said.exit_code == 1, said.output
    assert "Traceback" not in said.output
    assert names() == before


def test_a_command_takes_a_full_width_name_as_the_screen_does(app: Flask, office: Estate) -> None:
    words = ["--name", "梅师傅", "--role", "frontdesk", "--office", "CY", "--password", OWN]
    said = app.test_cli_runner().invoke(args=["user", "add", "ｍｅｉ", *words])
    assert said.exit_code == 0, said.output
    assert sign_in(app, "mei", OWN)[1].status_code == 302


def test_names_of_before_stay_until_they_are_edited(as_user: AsUser, office: Estate) -> None:
    """An account in full width, and one that differs from another's by its capitals: edited otherwise, given
    a password, disabled.
    """
    for old, new in (("colleague", "ｗａｎｇ"), ("frontdesk", "Specialist")):
        with office.writing():
            db.session.execute(db.update(User).where(User.username == old).values(username=new))
    client = as_user("manager")
    for name in ("ｗａｎｇ", "Specialist", "specialist"):
        user = account(name)
        assert send(client, f"/admin/user/password/?id={user.id}", {"confirm": "1"}).status_code == 200, name
        version = str(account(name).version)
        typed = {
            "full_name": "王师傅",
            "username": name,
            "department": "夜班",
            "active": "1",
            "version": version,
        }
        assert send(client, f"/admin/user/edit/?id={user.id}", typed).status_code == 302, name
        assert account(name).department == "夜班"
    version = str(account("ｗａｎｇ").version)
    typed = {"full_name": "王师傅", "username": "ｗａｎｇ３", "active": "1", "version": version}
    assert send(client, f"/admin/user/edit/?id={account('ｗａｎｇ').id}", typed).status_code == 302
    assert "wang3" in names()


@pytest.mark.parametrize("name", ["specialist", "nobody"])
@pytest.mark.parametrize("addresses", [1, 16])
def test_many_guesses_at_once_get_one_look_for_each_wait(
    app: Flask, office: Estate, monkeypatch: pytest.MonkeyPatch, name: str, addresses: int
) -> None:
    """Eight of sixteen at once, then one as each wait ends; the right word of a stranger comes in at the end
    of the next.
    """
    noon, looked = clock.now(), []
    monkeypatch.setattr(
        passwords, "verify", lambda kept, word: looked.append(word) or time.sleep(0.05) or False
    )

    def guess(said: tuple[FlaskClient, str]) -> int:
        return (
            said[0]
            .post("/login", data={"username": name, "password": "x", "csrf_token": said[1]})
            .status_code
        )

    for wave, (minutes, looks) in enumerate(((0, 8), (1, 1), (3, 1), (7, 1))):
        browsers = [app.test_client() for _n in range(16)]
        for n, browser in enumerate(browsers):
            browser.environ_base["REMOTE_ADDR"] = f"9.9.{0 if addresses == 1 else wave}.{n % addresses}"
        with clock.set_to(noon + timedelta(minutes=minutes)), ThreadPoolExecutor(8) as pool:
            assert set(pool.map(guess, [(browser, token(browser)) for browser in browsers])) == {401}
        assert len(looked) == looks, minutes
        looked.clear()
    monkeypatch.undo()
    with clock.set_to(noon + timedelta(minutes=9)):
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = "8.8.8.8"
        sent = {"username": name, "password": PASSWORD, "csrf_token": token(browser)}
        assert browser.post("/login", data=sent).status_code == (302 if name == "specialist" else 401)
