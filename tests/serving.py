"""The real server in a process of its own, and a person at a browser in front of it that runs no scripts."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from http.cookiejar import CookieJar
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlencode

from flask.cli import cli as flask_cli
from office import HISTORY_KEY

ROOT = Path(__file__).parent.parent
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


_processes = get_context("forkserver")
_processes.set_forkserver_preload(["wsgi"])


def command(words: Sequence[str], environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """A command of the application to its end, in a process of its own that is forked with all modules at
    hand: starting it anew each time takes longer than most commands do.
    """
    with TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _processes.Process(target=_run, args=(tuple(words), dict(environ), str(out), str(err)))
        process.start()
        process.join()
        assert process.exitcode is not None
        return subprocess.CompletedProcess(words, process.exitcode, out.read_text(), err.read_text())


def _run(words: tuple[str, ...], environ: dict[str, str], out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(ROOT)
    for place, descriptor in ((out, 1), (err, 2)):
        os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    flask_cli.main(args=["--app", "wsgi", *words], prog_name="flask")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``flask serve`` on a data folder and a database of its own."""

    def __init__(self, folder: Path, url: str = "", **environ: str) -> None:
        self.port, self.folder = free_port(), folder
        self.address = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BASE_URL")}
        given = {
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "SECRET_KEY": "a key for tests, and for nothing else at all",
            "HISTORY_KEY": HISTORY_KEY,
            "RATELIMIT_LOGIN": "10000 per minute",
            "CLOCK": "no",  # its process is counted, weighed and killed as those that answer
        }
        self.environment = {**kept, **given, **({"DATABASE_URL": url} if url else {}), **environ}
        self.running: subprocess.Popen[bytes] | None = None

    def flask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the application to its end."""
        return command(words, self.environment)

    def start(self) -> "Server":
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            command = [*FLASK, "serve", "--port", str(self.port)]
            self.running = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        for _try in range(300):
            try:
                urllib.request.urlopen(f"{self.address}/health", timeout=2)
                return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def pids(self) -> list[int]:
        """Its processes: the one that was started and those it started."""
        assert self.running is not None
        processes = [self.running.pid]
        processes += map(
            int, Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text().split()
        )
        return processes

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End all of it; SIGKILL leaves it no moment to tidy up."""
        if self.running is not None:
            os.killpg(self.running.pid, how)
            self.running.wait(20)
            self.running = None


class Answer:
    """What came back: the status, the page, the address one was sent on to."""

    def __init__(self, server: Any) -> None:
        self.status, self.location, self.text = (
            server.status,
            server.headers.get("Location", ""),
            server.read().decode("utf-8", "replace"),
        )


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_said: Any) -> None:
        """Onwards only when one goes there."""


class Visitor:
    """Somebody's browser without scripts."""

    def __init__(self, server: Server) -> None:
        self.server, self.token = server, ""
        self.opener = urllib.request.build_opener(_Stay(), urllib.request.HTTPCookieProcessor(CookieJar()))

    def go(
        self,
        address: str,
        data: bytes | None = None,
        kind: str = "application/x-www-form-urlencoded",
        patience: float = 30,
    ) -> Answer:
        """Open an address, or send something to it."""
        asked = urllib.request.Request(
            self.server.address + quote(address, "/?&=%"),
            data,
            {"Content-Type": kind} if data is not None else {},
        )
        try:
            answer = Answer(self.opener.open(asked, timeout=patience))
        except urllib.error.HTTPError as error:
            answer = Answer(error)
        if mark := re.search(r'name="csrf_token" value="([^"]+)"', answer.text):
            self.token = mark[1]
        return answer

    def send(self, address: str, typed: dict[str, Any], patience: float = 30) -> Answer:
        """Send a form with the token of the page before."""
        return self.go(
            address, urlencode({"csrf_token": self.token, **typed}, doseq=True).encode(), patience=patience
        )

    def attach(
        self, address: str, name: str, content: bytes, box: str = "file", patience: float = 30
    ) -> Answer:
        """Send a file."""
        edge = uuid.uuid4().hex
        head = (
            f"--{edge}\r\nContent-Disposition: form-data;"
            f' name="csrf_token"\r\n\r\n{self.token}\r\n--{edge}\r\n'
        )
        head += (
            f'Content-Disposition: form-data; name="{box}"; filename="{name}"\r\nContent-Type:'
            " image/jpeg\r\n\r\n"
        )
        return self.go(
            address,
            head.encode() + content + f"\r\n--{edge}--\r\n".encode(),
            f"multipart/form-data; boundary={edge}",
            patience,
        )

    def sign_in(self, name: str, password: str) -> "Visitor":
        """Sign in, and open a page that has this session's token."""
        self.go("/login")
        answer = self.send("/login", {"username": name, "password": password})
        assert answer.status == 302, answer.text
        self.go("/profile")
        return self
