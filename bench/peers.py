"""The stock tools: an environment of their own, a database filled with the same rows, their servers and their
addresses.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench.client import Client
from bench.servers import free_port, served
from bench.stock.orders import RARE

STOCK = Path(__file__).parent / "stock"
STATE = "followed_up"
ORDER = {
    "number": "{n}",
    "state": "reported",
    "unit": "17",
    "reporter": "王秀英",
    "phone": "13900000000",
    "source": "电话",
    "category": "水",
    "nature": "公共",
    "urgency": "一般",
    "location": "厨房",
    "description": "水龙头漏水，请尽快上门。",
    "created_at": "2030-01-01 08:00:00",
    "fee": "12.50",
}
FLASK_ADMIN, DJANGO = "/admin/workorder/", "/admin/django_app/workorder/"


@dataclass
class Site:
    """A running tool: its client, its process, and its addresses by what they show."""

    name: str
    client: Client
    pid: int
    pages: dict[str, str]
    form: str
    boxes: dict[str, str]
    made: int = 0

    def save(self) -> tuple[float, int, bytes]:
        """Send a new record; the form is loaded outside the clock."""
        self.made += 1
        mark = f"{self.name[:2].upper()}-{self.made:04}-{os.getpid()}"
        return self.client.submit(
            self.form, {name: value.replace("{n}", mark) for name, value in self.boxes.items()}
        )


def environment(work: Path) -> Path:
    """The interpreter of the stock tools' environment, made where it isn't there or is another."""
    home, wanted = work / "venv", (STOCK / "requirements.txt").read_text()
    ready = home / "requirements.txt"
    if not ready.exists() or ready.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run(
            [str(home / "bin" / "pip"), "-qq", "install", "-r", str(STOCK / "requirements.txt")], check=True
        )
        ready.write_text(wanted)
    return home / "bin" / "python"


def fill(python: Path, url: str, rows: int) -> None:
    """The same work orders, in a table with every index that their pages want."""
    subprocess.run([str(python), str(STOCK / "fill.py"), url, str(rows)], check=True, cwd=STOCK)


def deep_page(rows: int) -> int:
    """The 40,000th page, or the last."""
    return min(40_000, rows // 20)


def pages_of(name: str, rows: int) -> dict[str, str]:
    """A tool's addresses."""
    page, word = deep_page(rows), quote(RARE)
    if name == "Flask-Admin":
        return {
            "first": FLASK_ADMIN,
            "deep": f"{FLASK_ADMIN}?page={page - 1}",
            "filter": f"{FLASK_ADMIN}?flt0_state_equals={STATE}",
            "search": f"{FLASK_ADMIN}?search={word}",
            "sort": f"{FLASK_ADMIN}?sort=10",
        }
    return {
        "first": DJANGO,
        "deep": f"{DJANGO}?p={page}",
        "filter": f"{DJANGO}?state__exact={STATE}",
        "search": f"{DJANGO}?q={word}",
        "sort": f"{DJANGO}?o=11",
    }


@contextlib.contextmanager
def running(name: str, python: Path, url: str, rows: int, work: Path) -> Iterator[Site]:
    """A stock tool on its database, everybody signed in."""
    port, module = free_port(), "flask_admin_app:app" if name == "Flask-Admin" else "django_app:application"
    around = {**os.environ, "PEERS_URL": url, "PYTHONPATH": str(STOCK), "PYTHONDONTWRITEBYTECODE": "1"}
    if name != "Flask-Admin":
        subprocess.run([str(python), str(STOCK / "django_app.py")], env=around, check=True, cwd=work)
    command = [
        str(python.parent / "gunicorn"),
        "--threads",
        "2",
        "--keep-alive",
        "75",
        "--timeout",
        "600",
        "--log-level",
        "warning",
        module,
        "-b",
        f"127.0.0.1:{port}",
    ]
    more = {"created_at_0": "2030-01-01", "created_at_1": "08:00:00"} if name != "Flask-Admin" else {}
    form = FLASK_ADMIN + "new/" if name == "Flask-Admin" else DJANGO + "add/"
    with served(command, around, port, work, work / f"{name}.log") as pid:
        yield Site(name, Client(port), pid, pages_of(name, rows), form, {**ORDER, **more})
