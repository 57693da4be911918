"""What comes over the line as no browser sends it: a clean answer or a closed line, and the office goes
on.
"""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Server, Visitor

END = b"Host: 127.0.0.1\r\nConnection: close\r\n\r\n"
ODD = {
    "a very long path": b"GET /" + b"x" * 8_000 + b" HTTP/1.1\r\n" + END,
    "one past the limit": b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n" + END,
    "one far past it": b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\n" + END,
    "a huge header": b"GET /login HTTP/1.1\r\nX: " + b"y" * 300_000 + b"\r\n" + END,
    "TRACE": b"TRACE / HTTP/1.1\r\n" + END,
    "PUT": b"PUT /login HTTP/1.1\r\nContent-Length: 3\r\n" + END + b"abc",
    "OPTIONS of all": b"OPTIONS * HTTP/1.1\r\n" + END,
    "CONNECT": b"CONNECT elsewhere.example:443 HTTP/1.1\r\n" + END,
    "a method of its own": b"G\0T / HTTP/1.1\r\n" + END,
    "bytes behind the ?": b"GET /login?next=\xff\xfe HTTP/1.1\r\n" + END,
    "bytes in the path": b"GET /\xff\xfe HTTP/1.1\r\n" + END,
    "quoted bytes": b"GET /search?q=%FF%ED%A0%80%00 HTTP/1.1\r\n" + END,
    "NUL in the path": b"GET /static/%00.css HTTP/1.1\r\n" + END,
    "another's address": b"GET http://elsewhere.example/login HTTP/1.1\r\n" + END,
    "the beginning of TLS": b"\x16\x03\x01\x02\r\n\r\n",
    "no host": b"GET /login HTTP/1.1\r\nConnection: close\r\n\r\n",
    "an unknown encoding": b"POST /login HTTP/1.1\r\nTransfer-Encoding: foo\r\n" + END,
    "a length below nothing": b"POST /login HTTP/1.1\r\nContent-Length: -4\r\n" + END,
    "two lengths": b"POST /login HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\n" + END + b"abcde",
    "a folded header": b"GET /login HTTP/1.1\r\nX: a\r\n b\r\n" + END,
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An office without anybody."""
    made = Server(tmp_path)
    assert made.flask("db", "upgrade").returncode == 0
    yield made.start()
    made.end()


def said(server: Server, sent: bytes) -> bytes:
    """The first line of what comes back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        answer = b""
        try:
            line.sendall(sent)
            while b"\r\n" not in answer and (part := line.recv(65536)):
                answer += part
        except ConnectionError:  # closed before all was sent
            pass
        return answer.partition(b"\r\n")[0]


@pytest.mark.skipif(sys.platform != "linux", reason="the server's processes are Linux's")
def test_odd_requests_have_clean_answers(server: Server) -> None:
    wrong = []
    for name, sent in ODD.items():
        first = said(server, sent)
        status = int(first.split()[1]) if first.startswith(b"HTTP/") else 0
        if status >= 500 and status != 501:
            wrong.append((name, first))
    assert not wrong, wrong
    log = (server.folder / "log").read_text(errors="replace")
    assert "Traceback" not in log, log[-3000:]
    assert Visitor(server).go("/login").status == 200
