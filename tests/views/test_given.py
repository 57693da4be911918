"""Whatever an address, a hidden box or a header holds: read in one place, strictly, and never a fault of
ours.
"""

import ast
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import Estate
from sending import ORDER, send, token
from serving import ROOT
from werkzeug.datastructures import MultiDict

from app.declare.record import registry
from app.ground import given, text
from app.ground.database import db
from app.ground.given import Given
from app.keep import history

AsUser = Callable[[str], FlaskClient]
HELD = {
    "args",
    "form",
    "values",
    "headers",
    "files",
    "cookies",
    "data",
    "json",
    "get_json",
    "get_data",
    "stream",
    "query_string",
    "full_path",
    "url",
    "base_url",
    "referrer",
    "user_agent",
    "accept_mimetypes",
    "accept_languages",
    "authorization",
    "environ",
    "host",
    "host_url",
    "range",
    "if_range",
    "if_match",
    "if_none_match",
    "if_modified_since",
    "content_type",
    "mimetype",
    "access_route",
    "view_args",
    "origin",
}


def readers(source: str) -> list[int]:
    """The lines that touch what a request holds."""
    lines_reading = []
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in HELD
            and isinstance(node.value, ast.Name)
            and node.value.id == "request"
        ):
            lines_reading.append(node.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            lines_reading += [
                node.lineno for part in node.args[:1] if isinstance(part, ast.Name) and part.id == "request"
            ]
    return lines_reading


def test_nothing_else_reads_what_a_request_holds() -> None:
    places = {
        f"{path.relative_to(ROOT)}:{line}"
        for room in ("app", "views", "models", "seeds")
        for path in (ROOT / room).rglob("*.py")
        for line in readers(path.read_text())
    }
    assert {place.partition(":")[0] for place in places} == {"app/ground/given.py"}, sorted(places)
    pattern = re.compile(rf"\brequest\.({'|'.join(sorted(HELD))})\b")
    drawn = [str(path) for path in (ROOT / "templates").rglob("*.html") if pattern.search(path.read_text())]
    assert not drawn, drawn


def test_the_rooms_know_a_request_by_no_other_name() -> None:
    """An alias would be a way around the reader."""
    odd = []
    for room in ("app", "views", "models", "seeds"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = (
                    node.names
                    if isinstance(node, ast.ImportFrom)
                    and (node.module or "").startswith(("flask", "werkzeug"))
                    else []
                )
                odd += [str(path) for name in names if name.name == "request" and name.asname]
    assert not odd


@pytest.mark.parametrize(
    "value",
    ["\0", "a\0b", "\ud800", "x\udfffy", "\x1b[31m", "\u202egpj", "水" * 500_000, "\r\nSet-Cookie: a=b"],
)
def test_a_text_is_clean_and_bounded(value: str) -> None:
    sent = Given(MultiDict([("word", value), ("word", value)]))
    for got in (sent["word"], sent.text("word"), *sent.getlist("word"), sent.get("word", "")):
        assert not re.search("[\0\x1b\ud800-\udfff\u202e\r]", got)
        assert len(got) <= given.BOX
    assert len(sent.text("word", 60)) <= 60
    sent.secret("word").encode()


@pytest.mark.parametrize(
    "value", ["-1", "1.5", "9" * 19, "9" * 5000, "٣", "²", "９", "1e3", "0x10", "NaN", "", "1 2", "\0"]
)
def test_a_number_is_one_of_an_id_or_none(value: str) -> None:
    sent = Given(MultiDict([("id", value)]))
    assert sent.number("id") is None
    assert sent.numbers("id") == []
    assert Given(MultiDict([("id", "7,8"), ("id", f"{value},7")])).numbers("id") == [7, 8]


def test_no_number_is_past_what_a_database_holds() -> None:
    assert (Given(MultiDict([("id", "9" * 18)])).number("id") or 0) < 2**63


@pytest.mark.parametrize(
    "value",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1899-12-31T00:00:00",
        "2201-01-01",
        "-5",
        "NaN",
        "",
        "2026-W60-1",
    ],
)
def test_a_moment_no_office_knows_is_none(value: str) -> None:
    assert text.moment(value) is None


def test_a_moment_is_read_in_utc() -> None:
    noon = datetime(2026, 11, 24, 4, tzinfo=UTC)
    assert text.moment("2026-11-24T04:00:00") == text.moment("2026-11-24T12:00:00+08:00") == noon
    assert text.moment(noon.isoformat()) == noon
    assert (text.moment("1900-01-01T00:00:00+14:00") or noon).utcoffset() == timedelta(0)


# What it was found by


def test_a_list_narrowed_to_a_role_shows_who_has_it(as_user: AsUser, office: Estate) -> None:
    client = as_user("manager")
    page = client.get("/admin/user/?roles=supervisor")
    assert page.status_code == 200
    rows = re.findall(r"<tr>(.*?)</tr>", page.text.partition("<tbody>")[2], re.DOTALL)
    assert sorted(
        name
        for name in ("苏主管", "宋主管", "马经理", "钱专员", "郑师傅")
        if any(name in row for row in rows)
    ) == [
        "宋主管",
        "苏主管",
    ]
    send(
        client,
        f"/admin/user/edit/?id={office['colleague']}",
        {
            "full_name": "孙专员",
            "username": "colleague",
            "roles": ["frontdesk", "supervisor"],
            "active": "1",
            "version": "1",
        },
    )
    assert "孙专员" in client.get("/admin/user/?roles=supervisor").text
    assert client.get("/admin/user/export/xlsx/?roles=supervisor").status_code == 200


@pytest.mark.parametrize(
    "day",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "2026-11-24T04:00:00+08:00"],
)
def test_a_page_that_begins_at_no_moment_an_office_knows(as_user: AsUser, office: Estate, day: str) -> None:
    office.order()
    for name in ("after", "before"):
        for sort in ("", "&sort=-due_at", "&sort=due_at", "&state=late", "&search=水管"):
            answer = as_user("manager").get(f"/admin/work_order/?{name}={quote(day)}~5{sort}")
            assert answer.status_code == 200, (name, sort)


@pytest.mark.parametrize(
    "address",
    [
        "state=reported\nSet-Cookie: a=b",
        "search=\r\n\r\n<html>",
        "a\0b",
        "x" * 100_000,
        "//elsewhere.example",
        "#",
        "?",
        "%0a%0d",
        "search=%00",
    ],
)
def test_an_address_sent_along_leads_nowhere_else(as_user: AsUser, office: Estate, address: str) -> None:
    client, key = as_user("manager"), office.order().id
    for action in ("print", "export", "void", "dispatch"):
        for more in ({"rowid": str(key)}, {}, {"all": "1"}):
            answer = send(client, "/admin/work_order/action/", {"action": action, "address": address, **more})
            assert answer.status_code in (200, 302, 403, 422), (action, more)
            assert answer.headers.get("Location", "/admin/work_order/").startswith("/admin/work_order/")
            assert not set("\r\n\0") & set(answer.headers.get("Location", ""))
    answer = send(
        client, "/admin/work_order/columns/", {"address": address, "column": "number", "size": "50"}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/admin/work_order/")


def test_the_filters_of_the_list_are_kept_on_the_way_back(as_user: AsUser, office: Estate) -> None:
    office.order()
    client = as_user("manager")
    answer = send(
        client,
        "/admin/work_order/columns/",
        {"address": "state=reported&search=水管 漏水&unit=5", "column": "number"},
    )
    assert (
        answer.headers["Location"]
        == "/admin/work_order/?state=reported&search="
        + quote("水管 漏水", safe="").replace("%20", "+")
        + "&unit=5"
    )


def test_anothers_token_is_no_token_of_mine(as_user: AsUser, office: Estate) -> None:
    """Nor is one with a NUL in it; one's own that came with another act already is told."""
    orders = [office.order() for _time in range(2)]
    for order in orders:
        office.step(order, "dispatch", "specialist", assignee=office["repairer"])
    first, second = (order.id for order in orders)
    mine, others, desk = as_user("specialist"), as_user("supervisor"), as_user("frontdesk")
    marks = ("t" * 22, "a\0b", "水" * 64, "t" * 5000)
    for mark in marks:
        for client, key in ((mine, first), (mine, first), (others, second)):
            typed = {"action": "press", "rowid": str(key), "submission": mark}
            assert send(client, "/admin/work_order/action/", typed).status_code == 302, mark
        for client in (mine, desk):
            assert (
                send(client, "/admin/work_order/new/", {**ORDER, "submission": f"n{mark}"}).status_code == 302
            ), mark
            assert send(client, "/admin/work_order/new/", {**ORDER, "submission": mark}).status_code in (
                302,
                422,
            ), mark
        assert (
            send(others, f"/admin/work_order/step/press/?id={first}", {"submission": f"s{mark}"}).status_code
            == 302
        ), mark
    db.session.rollback()
    pressed = {
        key: [line.user_id for line in history.lines("work_order", key) if line.act == "step:press"]
        for key in (first, second)
    }
    assert pressed[second] == [office["supervisor"]] * len(marks), "the second person's own act took place"
    assert pressed[first].count(office["specialist"]) == len(marks), "one's own, sent twice, once"
    assert len(made("work_order")) == len(orders) + 3 * len(marks), (
        "the desk's two of each mark, and one's own that is new"
    )


def made(form: str) -> list[int]:
    """The ids of all records of a form."""
    cls: Any = registry[form]
    db.session.rollback()
    return list(db.session.execute(db.select(cls.id)).scalars())


# Ways that aren't


@pytest.mark.parametrize("name", ["manager", "specialist"])
def test_a_forged_id_is_nowhere(app: Flask, as_user: AsUser, office: Estate, name: str) -> None:
    """Whatever the form, the view and the way it is asked."""
    client, wrong = as_user(name), []
    mark = token(client, "/profile")
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin/") and not rule.rule.startswith("/admin/<form>/import/")
    ]
    whole_lists = (".index_view", ".create_view", ".columns", ".action_view", ".export", ".look_up", ".scan")
    pages = ("statistics.index", "statistics.workbook", "settings.index", "own_acts.index")  # of no record
    for rule in rules:
        form = rule.endpoint.partition(".")[0]
        if rule.endpoint.endswith(whole_lists) or rule.endpoint in pages:
            continue
        step = next(iter(getattr(registry.get(form), "steps", {})), "void")
        for asked in registry if "<form>" in rule.rule else (form,):
            address = rule.rule.replace("<form>", asked).replace("<step_name>", step)
            for key in ("0", "-1", "9" * 18, "9" * 40, "1e1", "1 OR 1=1", "\0", "²", "1/../2"):
                for method in sorted({"GET", "POST"} & set(rule.methods or ())):
                    data = {"csrf_token": mark} if method == "POST" else None
                    answer = client.open(
                        address,
                        method=method,
                        query_string={"id": key, "file": key, "field": "phone"},
                        data=data,
                    )
                    if answer.status_code not in (403, 404):
                        wrong.append((method, address, key, answer.status_code))
    assert not wrong, wrong[:20]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "GET\0", "水"])
def test_other_methods_have_a_clean_answer(app: Flask, as_user: AsUser, office: Estate, method: str) -> None:
    key, client, broken = office.order().id, as_user("manager"), []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in registry and not rule.endpoint.startswith("work_order."):
            continue
        address = (
            rule.rule.replace("<form>", "work_order")
            .replace("<export_type>", "xlsx")
            .replace("<step_name>", "dispatch")
        )
        answer = client.open(f"{address.replace('<path:filename>', 'app.css')}?id={key}", method=method)
        if answer.status_code not in (404, 405) or (
            answer.status_code == 405 and not answer.headers.get("Allow")
        ):
            broken.append((method, address, answer.status_code))
    assert not broken, broken


def test_head_and_options_change_nothing(app: Flask, as_user: AsUser, office: Estate) -> None:
    key, client, wrong = office.order().id, as_user("manager"), []
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("work_order.") and "<form>" not in rule.rule:
            continue
        address = (
            rule.rule.replace("<form>", "work_order")
            .replace("<export_type>", "xlsx")
            .replace("<step_name>", "dispatch")
            + f"?id={key}"
        )
        got = client.head(address)
        if got.status_code not in (200, 302, 403, 404, 405) or got.data:
            wrong.append(("HEAD", address, got.status_code, len(got.data)))
        said = client.options(address)
        if said.status_code not in (200, 404) or (
            said.status_code == 200 and "OPTIONS" not in said.headers.get("Allow", "")
        ):
            wrong.append(("OPTIONS", address, said.status_code))
    assert not wrong, wrong


@pytest.mark.parametrize(
    "path",
    [
        "/admin/work_order/" + "x" * 8000,
        "/admin/" + "a/" * 2000,
        "/" + "水" * 3000,
        "/admin/work_order/step/" + "%00" * 500 + "/",
        "/static/" + "../" * 500 + "etc/passwd",
        "/static/a%00b.css",
        "/admin/%ED%A0%80/",
        "/admin/work_order%0d%0aSet-Cookie:a=b/",
        "//admin//work_order//",
        "/admin/work_order/details/;id=1",
        "/%ff%fe",
        "/admin/work_order/export/" + "x" * 5000 + "/",
    ],
)
def test_very_long_and_odd_paths_are_not_there(as_user: AsUser, client: FlaskClient, path: str) -> None:
    for who in (as_user("manager"), client):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = who.open(path, method=method, environ_overrides={"PATH_INFO": _path_info(path)})
            assert answer.status_code in (200, 302, 308, 404, 405), (method, answer.status_code)
            assert answer.status_code != 200 or method == "OPTIONS", answer.text[:200]
            assert "Set-Cookie:a" not in answer.headers.get("Location", "")


def _path_info(path: str) -> str:
    """As a server gives it: unquoted bytes as latin-1."""
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(path).decode("latin-1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept", "*/*;q=nan"),
        ("Accept", ",;=" * 1000),
        ("Accept", "application/json;q=99999999999999999999"),
        ("Accept-Language", "\xff" * 50),
        ("Referer", "http://[::1"),
        ("Referer", "http://localhost/\x01?a=b"),
        ("Referer", "http://localhost//elsewhere.example/"),
        ("Cookie", "session=forged.x.y; locale=\xff; theme=<b>"),
        ("Cookie", "=;;;=\x00"),
        ("Range", "bytes=-999999999999999999999"),
        ("If-Modified-Since", "Mon, 99 Foo 99999999"),
        ("If-None-Match", 'W/"'),
        ("Host", "[::1"),
        ("Host", "a b"),
        ("Host", ""),
        ("User-Agent", "\xff" * 5000),
        ("X-Request-ID", "\x00" * 10),
        ("X-Forwarded-For", "::::"),
        ("X-CSRFToken", "\x00"),
        ("Authorization", "Basic ###"),
        ("Content-Length", "-5"),
        ("Content-Type", "multipart/form-data"),
        ("Content-Type", "multipart/form-data; boundary=" + "x" * 5000),
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-99"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Encoding", "gzip"),
    ],
)
def test_odd_headers_are_no_fault_of_ours(
    as_user: AsUser, client: FlaskClient, office: Estate, name: str, value: str
) -> None:
    key, mark = office.order().id, token(client)
    ours = as_user("manager")
    variable = name.upper().replace("-", "_")
    odd = {variable if variable.startswith("CONTENT") else f"HTTP_{variable}": value}
    for who, method, address in (
        (ours, "GET", f"/admin/work_order/details/?id={key}"),
        (ours, "GET", "/static/app.css"),
        (ours, "POST", f"/admin/work_order/step/void/?id={key}"),
        (client, "GET", "/"),
        (ours, "GET", "/admin/work_order/export/xlsx/"),
        (client, "POST", "/login"),
        (ours, "POST", f"/admin/work_order/reveal/?id={key}&field=phone"),
        (ours, "GET", "/nowhere"),
    ):
        answer = who.open(
            address,
            method=method,
            data={"csrf_token": mark, "username": "manager", "password": "x"} if method == "POST" else None,
            environ_overrides=odd,
        )
        assert answer.status_code < 500, (address, answer.status_code)
        assert "elsewhere" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\n1\r\n--x--\r\n',
        b"\xff\xfe",
        b"a=%ED%A0%80&b=%00",
        b"--x\r\n",
        b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n',
        (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff\x00"\r\nContent-Type:'
            b" \xff\r\n\r\nx\r\n--x--\r\n"
        ),
        b"--x\r\nContent-Disposition: form-data; name*=utf-99''%ff\r\n\r\n1\r\n--x--\r\n",
        b"--x" * 20_000,
        b'{"csrf_token":',
        b"&" * 100_000,
        b"a=1&" * 20_000,
    ],
)
def test_broken_bodies_are_no_fault_of_ours(as_user: AsUser, office: Estate, body: bytes) -> None:
    key, client = office.order().id, as_user("manager")
    mark = token(client, "/profile")
    for address in (
        "/admin/work_order/new/",
        f"/admin/work_order/attach/?id={key}",
        "/admin/owner_register/import/",
        "/admin/work_order/action/",
        "/login",
        "/language",
    ):
        for kind in (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/json",
            "text/plain",
            "",
        ):
            answer = client.post(address, data=body, content_type=kind, headers={"X-CSRFToken": mark})
            assert answer.status_code < 500, (address, kind, answer.status_code)


def test_bytes_that_are_no_text_behind_an_address(as_user: AsUser, client: FlaskClient) -> None:
    for who in (as_user("manager"), client):
        for address in ("/search", "/admin/work_order/", "/login", "/nowhere", "/admin/work_order/details/"):
            for query in ("q=&\xed\xa0\x80", "\xff", "id=\xc3&search=\xff\xfe"):
                answer = who.get(address, environ_overrides={"QUERY_STRING": query})
                assert answer.status_code in (200, 302, 404), (address, query)


def test_paths_of_ours_only() -> None:
    sent = Given(
        MultiDict(
            [
                ("next", "/admin/work_order/?state=reported"),
                ("far", "https://elsewhere.example/"),
                ("odd", "/a\nb"),
                ("back", "\\\\elsewhere"),
            ]
        )
    )
    assert [sent.path(name) for name in ("next", "far", "odd", "back", "none")] == [
        "/admin/work_order/?state=reported",
        "/",
        "/",
        "/",
        "/",
    ]


def test_the_place_of_the_reader() -> None:
    assert Path(given.__file__).parent == ROOT / "app" / "ground"
