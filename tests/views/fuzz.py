"""Requests as nobody draws them: what pages draw and addresses take, bent by a seeded hand; and one request,
sent as bytes.
"""

import io
import random
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes, unquote_to_bytes

from drawn import Letter, Page, Pairs
from flask import Flask
from sending import COMPLAINT, ORDER
from werkzeug.test import run_wsgi_app

LONG = 3_000
# As bytes behind an address; in a form they are the same.
ODD: tuple[bytes, ...] = (
    b"",
    b"\0",
    b"a\0b",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    b"\xc3",
    b"%00",
    b"%ED%A0%80",
    b"%",
    b"\r\nSet-Cookie: a=b",
    b"\n",
    b"\x1b[31m",
    b"\x7f",
    b"-1",
    b"0",
    b"00",
    b"1.5",
    b"1e999",
    b"NaN",
    b"-Infinity",
    b"9" * 18,
    b"9" * 19,
    b"9" * 40,
    b"9" * 5000,
    b"9223372036854775807",
    b"9223372036854775808",
    b"-9223372036854775809",
    b"2147483648",
    b"0x10",
    b"1_000",
    "²".encode(),
    "٣".encode(),
    "９".encode(),
    "一百".encode(),
    "½".encode(),
    b"3.14",
    b"1,2,3",
    b"1,,2",
    b"," * 500,
    b"1;DROP TABLE work_order",
    b"' OR 1=1 --",
    b'"',
    b"\\",
    b"%s%n%x",
    b"{{7*7}}",
    b"${7*7}",
    b"<script>alert(1)</script>",
    b"=cmd|'/c calc'!A0",
    b"../../../etc/passwd",
    b"//elsewhere.example/",
    b"http://elsewhere.example/",
    b"javascript:alert(1)",
    "水".encode() * LONG,
    b"a" * LONG,
    "😀".encode() * 300,
    "e\u0301".encode() * 200,
    "\u202e\u200b\ufeff".encode() * 50,
    b" " * 500,
    b"\t",
    b"\v\f",
    "\u2028\u0085".encode(),
    "İıſK".encode(),
    b"0001-01-01T00:00:00+14:00~5",
    b"9999-12-31T23:59:59-14:00~5",
    b"2026-02-31~5",
    b"~5",
    b"5~",
    b"~",
    b"2026-11-24T04:00:00~1",
    b"2026-11-24T04:00:00.000001+00:00~1",
    b"NaN~1",
    b"1e5~1",
    b"12.50~99999999999999999",
    b"0001-01-01",
    b"9999-12-31",
    b"2026-02-30",
    b"1900-01-01T00:00",
    b"2200-12-31T23:59",
    b"24:00",
    b"2026-11-24T25:61",
    b"20261124",
    b"on",
    b"off",
    b"true",
    b"null",
    b"None",
    b"undefined",
    b"[]",
    b"{}",
    b"[object Object]",
    b"manager",
    b"late",
    b"created_at",
    b"-created_at",
    b"-due_at",
    b"due_at",
    b"phone",
    b"password_hash",
    b"rights",
    b"__class__",
    b"id",
    b"en",
    b"zh_Hans_CN",
    b"13812340042",
    b"0042",
    b"1-1-101",
    b"11010119900307123X",
    b"zip:a",
    b"\xe6\xb0",
    b"A" * 64,
    b"=?utf-8?q?=00?=",
    b"$argon2id$v=19$m=19456,t=2,p=1$x$y",
    b"\xef\xbf\xbd" * 20,
)
# What addresses of ours read; the rest of NAMES is read by few of them, or by none.
OURS = (
    "id",
    "file",
    "line",
    "field",
    "version",
    "submission",
    "rowid",
    "action",
    "asked",
    "all",
    "address",
    "state",
    "search",
    "q",
    "sort",
    "size",
    "page",
    "last",
    "unit",
    "category",
    "created_at_from",
    "created_at_to",
    "column",
    "people-count",
    "people-0-id",
    "kind",
    "next",
    "back",
    "locale",
    "theme",
    "blank",
    "another",
    "unit-id",
)
NAMES = (
    *OURS,
    "after",
    "before",
    "roles",
    "due_at_from",
    "people-0-customer-id",
    "materials-count",
    "materials-0-price",
    "why",
    "csrf_token",
    "username",
    "password",
    "old",
    "new",
    "again",
    "confirm",
    "sheet",
    "v",
    "areas",
    "offices",
    "phone",
    "create_units",
    "assignee",
    "assignee-id",
    "key",
    "key-id",
    "\0",
    "a[b]",
    "a.b",
    "__proto__",
)
TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-99",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "application/json",
    "text/plain",
    'multipart/form-data; boundary="',
    "multipart/mixed; boundary=x",
    "application/octet-stream",
    "",
    "\xff",
    "application/xml",
    "multipart/form-data; boundary=" + "x" * 300,
)
HEADERS = (
    "Accept",
    "Accept-Language",
    "Accept-Encoding",
    "Accept-Charset",
    "Referer",
    "User-Agent",
    "Range",
    "If-None-Match",
    "If-Modified-Since",
    "If-Range",
    "Origin",
    "X-Dialog",
    "X-Requested-With",
    "X-Request-ID",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-CSRFToken",
    "Authorization",
    "Cookie",
    "Host",
    "Content-Length",
    "Transfer-Encoding",
    "Content-Encoding",
    "Expect",
    "X-HTTP-Method-Override",
    "Cache-Control",
    "Date",
    "Forwarded",
    "Sec-Fetch-Site",
)
SAID = (
    "*/*;q=nan",
    "application/json",
    "application/json;q=1e999",
    ",;=" * 300,
    "text/html;q=-1, application/json;q=0.9",
    "http://[::1",
    "http://localhost//elsewhere.example/?a=b",
    "http://localhost/admin/work_order/?search=\xe6",
    "bytes=0-0,1-1,2-",
    "bytes=-99999999999999999999",
    "bytes=5-1",
    "items=0-1",
    'W/"',
    '"a", "b',
    "*",
    "Mon, 99 Foo 99999999 99:99:99 GMT",
    "Thu, 01 Jan 0000 00:00:00 GMT",
    "0",
    "-5",
    "9" * 30,
    "chunked",
    "gzip",
    "100-continue",
    "\x00",
    "\xff" * 200,
    "x" * 4000,
    "::::",
    'for="[::1',
    "Basic ###",
    "Basic " + "QQ" * 500,
    "Bearer x.y.z",
    "session=; locale=en; theme=dark",
    "session=x.y.z; session=x",
    "=;;;=",
    "locale=\xff\xff; theme=<b>",
    "sign_in=1; remember_token=1|abc",
    "remember_token=\x00",
    "1",
    "DELETE",
    "a b",
    "[::1",
    "localhost:99999999",
    "elsewhere.example",
    "",
)
METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "X" * 50)
EDGE = "edge-of-a-part"
FILLED = {
    **ORDER,
    **COMPLAINT,
    "borrower": "郑师傅",
    "reason": "入户检修",
    "full_name": "欧阳",
    "username": "ouyang",
    "tag": "B-07",
    "void_reason": "重复登记",
    "assignee": "郑师傅",
    "cause": "老化",
    "work_done": "换管",
    "outcome": "repaired",
    "item": "弯头",
    "quantity": "2",
    "price": "12.50",
    "count": "2",
    "hold_reason": "parts",
    "hold_until": "2030-01-01T10:00",
    "return_reason": "不会修",
    "remark": "无",
    "customer_words": "好",
    "rating": "5",
    "code_name": "1-1-909",
    "due_back": "2030-01-01T10:00",
    "returner": "郑师傅",
    "returned_at": "",
    "key": "A-01",
    "kind": "unit",
    "since": "2020-01-01",
    "new": "a word for tests 2",
    "again": "a word for tests 2",
    "old": "a word for tests",
}


@dataclass(frozen=True)
class Asked:
    """A request as bytes and headers."""

    method: str
    path: bytes
    query: bytes = b""
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """As a line for curl, its bytes as a shell's ``$'…'`` writes them."""
        said = "".join(
            f" -H {shell(f'{name}: {value}'.encode('latin-1', 'replace'))}" for name, value in self.headers
        )
        sent = f" --data-binary {shell(self.body)}" if self.body else ""
        address = quote_from_bytes(self.path, "/") + (
            f"?{self.query.decode('latin-1')}" if self.query else ""
        )
        place = shell(b"http://127.0.0.1:5000" + address.encode("latin-1", "replace"))
        return f"curl -X {shell(self.method.encode())}{said}{sent} {place}"[:6000]


def shell(text: bytes) -> str:
    """Bytes as a shell reads them."""
    return (
        "$'"
        + "".join(
            chr(sign) if 32 <= sign < 127 and sign not in b"'\\" else f"\\x{sign:02x}" for sign in text[:2000]
        )
        + "'"
    )


@dataclass
class Browser:
    """Who asks: its cookies and its token, and what came back."""

    app: Flask
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def ask(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        """Send it as bytes; status, headers and body."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": asked.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": asked.path.decode("latin-1"),
            "QUERY_STRING": asked.query.decode("latin-1"),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(asked.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "CONTENT_LENGTH": str(len(asked.body)),
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        for name, value in asked.headers:
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        parts, status, headers = run_wsgi_app(self.app, environ, buffered=True)
        body = b"".join(parts)
        for cookie in headers.getlist("Set-Cookie"):
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        return int(status[:3]), dict(headers), body

    def open(self, address: str, boxes: Pairs | None = None) -> tuple[int, dict[str, str], str]:
        """A page, or a form sent, as a browser does it; its token is kept."""
        path, _mark, query = address.partition("?")
        body = encoded([(name, value.encode()) for name, value in boxes or []])
        kind = (("Content-Type", TYPES[0]),) if boxes is not None else ()
        asked = Asked("GET" if boxes is None else "POST", unquote_to_bytes(path), query.encode(), body, kind)
        status, headers, answer = self.ask(asked)
        text = answer.decode("utf-8", "replace")
        if mark := re.search(r'name="csrf_token" value="([^"]+)"', text):
            self.token = mark[1]
        return status, headers, text

    def sign_in(self, name: str, password: str) -> bool:
        """Sign in anew; False where it can't be done any more."""
        self.cookies.clear()
        self.open("/login")
        status, _headers, _text = self.open(
            "/login", [("csrf_token", self.token), ("username", name), ("password", password)]
        )
        self.open("/profile")
        return status == 302


def encoded(pairs: Sequence[tuple[str, bytes]]) -> bytes:
    """Pairs as a form's body; their bytes are anybody's."""
    return "&".join(
        f"{quote_from_bytes(name.encode('utf-8', 'replace'))}={quote_from_bytes(value)}"
        for name, value in pairs
    ).encode()


def letters_of(browser: Browser, addresses: Sequence[str], deep: int = 60) -> list[Letter]:
    """What the pages draw for this person: their forms, and their addresses as letters of their own."""
    letters, seen = [], set(addresses)
    queue = list(addresses)
    for at, address in enumerate(queue):
        letters.append(_of_link(address))
        status, headers, text = browser.open(address)
        if status != 200 or "html" not in headers.get("Content-Type", ""):
            continue
        page = Page(address, text)
        letters += page.letters
        for link in page.links:
            mark = re.sub(r"\d+", "1", link)
            if mark not in seen and at < deep and not link.startswith("/static"):
                seen.add(mark)
                queue.append(link) if len(queue) < deep else letters.append(_of_link(link))
    return _of_each_kind(letters)


def _of_each_kind(letters: Sequence[Letter]) -> list[Letter]:
    """Two of those that are alike: the frame's forms stand on every page."""
    kinds: dict[tuple[str, str, tuple[str, ...]], list[Letter]] = {}
    for letter in letters:
        names = tuple(sorted({name for name, _value in (*letter.query, *letter.boxes)}))
        kinds.setdefault((letter.method, re.sub(r"\d+", "1", letter.path), names), []).append(letter)
    return [letter for alike in kinds.values() for letter in (alike[0], alike[-1])]


def _of_link(address: str) -> Letter:
    path, _mark, query = address.partition("?")
    return Letter("GET", path, parse_qsl(query, keep_blank_values=True))


class Hand:
    """Bends letters, always the same way from the same seed."""

    def __init__(self, seed: str, letters: Sequence[Letter], foreign: Sequence[Letter]) -> None:
        self.random = random.Random(seed)
        self.letters, self.foreign = letters, foreign
        values = {
            value
            for letter in (*letters, *foreign)
            for _name, value in (*letter.query, *letter.boxes)
            if value
        }
        self.values = sorted(values)
        self.names = sorted(
            {name for letter in (*letters, *foreign) for name, _value in (*letter.query, *letter.boxes)}
            | set(NAMES)
        )
        self.bends: tuple[tuple[int, Callable[[list[tuple[str, bytes]]], None]], ...] = (
            (8, self._odd),
            (5, self._known),
            (3, self._drop),
            (3, self._twice),
            (3, self._add),
            (2, self._rename),
            (2, self._swap),
            (1, self._many),
        )

    def write(self, token: str) -> Asked:
        """The next request."""
        pick = self.random
        letter = self._letter()
        query = [
            (name, value.encode())
            for name, value in [*parse_qsl(letter.path.partition("?")[2]), *letter.query]
        ]
        boxes = [(name, value.encode()) for name, value in letter.boxes]
        if letter.method == "GET":
            query, boxes = query + boxes, []
        boxes = _one_each(boxes, pick)
        if pick.random() < 0.6:
            boxes = [
                (name, value or FILLED.get(name.rpartition("-")[2], "").encode()) for name, value in boxes
            ]
        for pairs in (query, boxes):
            for _time in range(pick.choice((0, 1, 1, 2, 4))) if pairs or pick.random() < 0.3 else ():
                pick.choices(
                    [bend for _weight, bend in self.bends], [weight for weight, _bend in self.bends]
                )[0](pairs)
        path = unquote_to_bytes(letter.path.partition("?")[0])
        if pick.random() < 0.06:
            path = self._path(path)
        method = (
            letter.method
            if pick.random() < 0.93
            else pick.choice(("GET", "POST", "HEAD", "OPTIONS", *METHODS))
        )
        asked = Asked(
            method,
            path,
            encoded(query) if pick.random() < 0.95 else b"&".join((encoded(query), self._value())),
        )
        asked = (
            self._with_body(asked, letter, boxes, token)
            if method not in ("GET", "HEAD") or pick.random() < 0.02
            else asked
        )
        return replace(asked, headers=(*asked.headers, *self._headers()))

    def _letter(self) -> Letter:
        """What is sent to be kept is asked as often as what is only read."""
        pick = self.random
        kind = "POST" if pick.random() < 0.5 else "GET"
        whose = self.foreign if self.foreign and pick.random() < 0.3 else self.letters
        return pick.choice([letter for letter in whose if letter.method == kind] or whose)

    def _value(self) -> bytes:
        return self.random.choice(ODD)

    def _at(self, pairs: list[tuple[str, bytes]]) -> int:
        if not pairs:
            self._add(pairs)
        return self.random.randrange(len(pairs))

    def _odd(self, pairs: list[tuple[str, bytes]]) -> None:
        at, value = self._at(pairs), self._value()
        pairs[at] = (
            pairs[at][0],
            self.random.choice((value, value, pairs[at][1] + value, value + pairs[at][1])),
        )

    def _known(self, pairs: list[tuple[str, bytes]]) -> None:
        at = self._at(pairs)
        pairs[at] = (pairs[at][0], self.random.choice(self.values).encode() if self.values else b"1")

    def _drop(self, pairs: list[tuple[str, bytes]]) -> None:
        if pairs:
            del pairs[self._at(pairs)]

    def _twice(self, pairs: list[tuple[str, bytes]]) -> None:
        at = self._at(pairs)
        pairs.insert(at, (pairs[at][0], self._value()))

    def _add(self, pairs: list[tuple[str, bytes]]) -> None:
        pairs.append((self.random.choice(self.names), self._value()))

    def _rename(self, pairs: list[tuple[str, bytes]]) -> None:
        at = self._at(pairs)
        pairs[at] = (
            self.random.choice(
                (
                    pairs[at][0] + "-0",
                    pairs[at][0] + "-id",
                    pairs[at][0].upper(),
                    pairs[at][0] + "\0",
                    self.random.choice(self.names),
                )
            ),
            pairs[at][1],
        )

    def _swap(self, pairs: list[tuple[str, bytes]]) -> None:
        first, second = self._at(pairs), self._at(pairs)
        (first_pair, value), (other, more) = pairs[first], pairs[second]
        pairs[first], pairs[second] = (first_pair, more), (other, value)

    def _many(self, pairs: list[tuple[str, bytes]]) -> None:
        pairs += [pairs[self._at(pairs)]] * self.random.choice((50, 1200))

    def _path(self, path: bytes) -> bytes:
        pick = self.random
        parts = path.split(b"/")
        at = pick.randrange(len(parts))
        other = unquote_to_bytes(pick.choice(self.letters).path.partition("?")[0]).split(b"/")
        parts[at] = pick.choice(
            (self._value(), self._value(), pick.choice(other), b"", b"..", parts[at] + b"%2f", b"x" * 5000)
        )
        return (b"/" + b"/".join(parts).lstrip(b"/")) if pick.random() < 0.9 else path.rstrip(b"/")

    def _with_body(self, asked: Asked, letter: Letter, boxes: list[tuple[str, bytes]], token: str) -> Asked:
        pick = self.random
        boxes = [
            (name, token.encode() if name == "csrf_token" and value not in ODD[1:] else value)
            for name, value in boxes
        ]
        if pick.random() < 0.9:
            boxes = [pair for pair in boxes if pair[0] != "csrf_token"] + [("csrf_token", token.encode())]
        if letter.files or pick.random() < 0.1:
            body, kind = (
                self._parts(boxes, letter.files or [pick.choice(("file", "sheet"))]),
                f"multipart/form-data; boundary={EDGE}",
            )
        else:
            body, kind = encoded(boxes), TYPES[0]
        if pick.random() < 0.04:
            kind = pick.choice(TYPES)
        if pick.random() < 0.04 and body:
            at = pick.randrange(len(body))
            body = pick.choice(
                (body[:at], body[at:], body[:at] + self._value() + body[at:], self._value(), b"")
            )
        return replace(
            asked,
            body=body,
            headers=(
                (("Content-Type", kind), ("X-CSRFToken", token))
                if pick.random() < 0.8
                else (("Content-Type", kind),)
            ),
        )

    def _parts(self, boxes: list[tuple[str, bytes]], files: Sequence[str]) -> bytes:
        pick = self.random
        bytes_read = b""
        for name, value in boxes[:400]:
            bytes_read += (
                f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode(
                    "utf-8", "replace"
                )
                + value
                + b"\r\n"
            )
        for name in files:
            title = pick.choice(
                (
                    b"a.jpg",
                    b"sheet.xlsx",
                    "业主信息.xlsx".encode(),
                    b"",
                    self._value().replace(b"\r\n", b"")[:500],
                )
            )
            content = pick.choice(
                (
                    b"no photo",
                    b"",
                    b"PK\x03\x04" + b"\0" * 30,
                    b"%PDF-1.4\n%%EOF",
                    b"\xff\xd8\xff\xe0" + self._value(),
                    b"\x89PNG\r\n\x1a\n" + b"\0" * 60,
                    b"a,b\n1,2",
                    self._value(),
                )
            )
            head = (
                f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"; filename="'.encode()
                + title
                + b'"\r\n'
            )
            bytes_read += (
                head
                + b"Content-Type: "
                + pick.choice((b"image/jpeg", b"", b"\xff", b"text/html"))
                + b"\r\n\r\n"
                + content
                + b"\r\n"
            )
        return bytes_read + f"--{EDGE}--\r\n".encode()

    def _headers(self) -> Pairs:
        pick = self.random
        return [
            (pick.choice(HEADERS), pick.choice(SAID)) for _time in range(pick.choice((0, 0, 0, 0, 0, 1, 2)))
        ]


def _one_each(boxes: list[tuple[str, bytes]], pick: random.Random) -> list[tuple[str, bytes]]:
    """Of a choice's options and of several buttons one, as a browser sends it."""
    names_taken: dict[str, list[bytes]] = {}
    for name, value in boxes:
        names_taken.setdefault(name, []).append(value)
    return [(name, pick.choice(values)) for name, values in names_taken.items()]


def plain(text: str) -> str:
    """For a seed's name."""
    return "".join(sign for sign in text if sign in string.ascii_letters + string.digits)
