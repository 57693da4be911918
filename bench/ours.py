"""Ours: a database with the same work orders, its server, and its addresses as the tools' are. ``python -m
bench.ours ROWS`` fills one.
"""

import contextlib
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.client import Boxes, Client
from bench.peers import STATE, Site, deep_page
from bench.servers import free_port, served
from bench.stock import orders as source

ROOT = Path(__file__).parent.parent
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
PASSWORD = "guanjia-demo"
UNITS = 5_000
FILLING = 2  # counts on where the rows change
PLACE = "/admin/work_order/"
TWO = "by "  # what the names of lists by two filters begin with
LISTED = (
    "number",
    "state",
    "unit",
    "reporter",
    "phone",
    "category",
    "urgency",
    "description",
    "assignee",
    "department",
    "created_at",
    "total",
)
EXPORTED = (*LISTED, "channel", "room", "appointed_at")
CATEGORIES = {
    "水": "water",
    "电": "electricity",
    "燃气": "gas",
    "土建": "masonry",
    "门窗": "doors",
    "电梯": "lifts",
    "公共设施": "public",
    "智能化": "smart",
    "保洁绿化": "green",
}
CHANNELS = {"电话": "phone", "前台": "counter", "上门": "visit", "网上": "online", "巡查": "patrol"}
URGENCIES = {"一般": "normal", "紧急": "urgent", "特急": "emergency"}


def prepare(url: str, rows: int, folder: Path) -> None:
    """Make the database, unless it is there already: the demo's office and units, then the orders."""
    around, done = settings(url, folder), folder / "filled"
    folder.mkdir(parents=True, exist_ok=True)
    for command in (["db", "upgrade"], ["demo", "--if-empty", "--units", str(UNITS), "--records", "0"]):
        subprocess.run(
            [*FLASK, *command],
            env=around,
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    filled = f"{FILLING} {url.rpartition('@')[2].partition('/')[2]}{url[:6]}{rows}"
    if done.exists() and done.read_text() == filled:
        return
    if done.exists():
        raise RuntimeError(f"{folder} and its database were filled by an earlier bench; please remove them")
    subprocess.run([sys.executable, "-m", "bench.ours", str(rows)], env=around, cwd=ROOT, check=True)
    done.write_text(filled)


def settings(url: str, folder: Path) -> dict[str, str]:
    """The environment of an installation, in one process unless it is told otherwise."""
    given = {
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": "b" * 40,
        "RATELIMIT_LOGIN": "1000 per minute",
        "WORKERS": "1",
    }
    return {**os.environ, **given}


def fill(rows: int) -> None:
    """The orders of the stock tools, each with its number, history, search and deadlines."""
    from app.act.bulk import tell
    from app.ground.database import db, writing
    from app.people.rights import person_of
    from app.people.users import User
    from models.estate.unit import Unit
    from models.service.work_order import WorkOrder
    from wsgi import create_app

    with create_app().app_context(), writing():
        manager: Any = person_of("manager")
        units = db.session.execute(
            db.select(Unit.id, Unit.code_name, Unit.office_id, Unit.area_id).order_by(Unit.id)
        ).all()
        hands = db.session.execute(db.select(User.id, User.full_name).order_by(User.id)).all()
        tell(WorkOrder, (_story(order, units, hands, manager) for order in source.orders(rows)))


def _story(order: tuple[Any, ...], units: Any, hands: Any, who: Any) -> Any:
    """An order as one act that brought it where it stands."""
    from app.act.replay import Act, Story

    (
        _id,
        _number,
        state,
        unit,
        reporter,
        phone,
        channel,
        category,
        nature,
        urgency,
        _place,
        text,
        assignee,
        department,
        made,
        appointed,
        finished,
        fee,
        rating,
        remark,
    ) = order
    key, code, office, area = units[unit % len(units)]
    hand = hands[sum(assignee.encode()) % len(hands)] if assignee else (None, "")
    sets = {
        "unit": key,
        "reporter": reporter,
        "phone": phone,
        "channel": CHANNELS[channel],
        "category": CATEGORIES[category],
        "urgency": URGENCIES[urgency],
        "description": text,
        "assignee": hand[0],
        "public": nature == "公共",
        "warranty": nature == "保修",
        "paid": nature == "有偿",
        "department": department,
        "state": state,
        "appointed_at": appointed and appointed.replace(tzinfo=UTC),
        "finished_at": finished and finished.replace(tzinfo=UTC),
        "labour_fee": Decimal(str(fee)),
        "rating": rating and str(rating),
        "remark": remark,
    }
    return Story(
        office,
        area,
        [Act(made.replace(tzinfo=UTC), who, "F1", "create", sets)],
        {"unit": code, "assignee": hand[1]},
    )


@contextlib.contextmanager
def running(url: str, rows: int, folder: Path, log: Path, **chosen: str) -> Iterator[dict[str, Site]]:
    """Ours on its database: the site as a manager sees it, and as a specialist of one area does."""
    port = free_port()
    around = {**settings(url, folder), **chosen}
    with served([*FLASK, "serve", "--port", str(port)], around, port, ROOT, log) as pid:
        sites = {}
        for name in ("manager", "specialist"):
            client = Client(port)
            client.sign_in(name, PASSWORD)
            token = Boxes(client.ask(PLACE)[2].decode()).of({"csrf_token": ""})["csrf_token"]
            client.ask(PLACE + "columns/", {"csrf_token": token, "column": LISTED, "size": "20"})
            boxes = _boxes(client)
            pages = _lists(client, rows) | _often(client, boxes["unit-id"])
            pages |= _two_filters(client, boxes["unit-id"])
            sites[name] = Site(f"Guanjia, {name}", client, pid, pages, PLACE + "new/", boxes)
        yield sites


def _lists(client: Client, rows: int) -> dict[str, str]:
    """The list as the stock tools have it too, and two more ways through it."""
    page = deep_page(rows)
    return {
        "first": PLACE,
        "deep": _deep(client, page),
        "last": f"{PLACE}?last=1",
        "filter": f"{PLACE}?state={STATE}",
        "search": f"{PLACE}?search={quote(source.RARE)}",
        "sort": f"{PLACE}?sort=created_at",
        "page by number": f"{PLACE}?page={page}",
    }


def _often(client: Client, unit: str) -> dict[str, str]:
    """What people open all day beside the lists: home, a record, a unit with all that is about it,
    suggestions for what is typed.
    """
    record = re.findall(rf'href="({PLACE}details/\?id=\d+)"', client.ask(PLACE)[2].decode())[0]
    return {
        "home": "/",
        "record": record,
        "unit": f"/admin/unit/details/?id={unit}",
        "look-up": "/admin/unit/look_up/?q=1-1",
    }


def _two_filters(client: Client, unit: str) -> dict[str, str]:
    """The list by any two of what it can be filtered by."""
    (hand, *_more) = json.loads(client.ask(f"/admin/user/look_up/?q={quote('师傅')}")[2])["found"] or [
        {"id": 1}
    ]
    by = {
        "state": f"state={STATE}",
        "category": "category=water",
        "urgency": "urgency=urgent",
        "assignee": f"assignee-id={hand['id']}",
        "unit": f"unit-id={unit}",
        "days": "created_at_from=2022-01-01&created_at_to=2023-06-30",
    }
    return {
        f"{TWO}{first}, {other}": f"{PLACE}?{by[first]}&{by[other]}" for first, other in combinations(by, 2)
    }


def _deep(client: Client, page: int) -> str:
    """The address by which the pages before it lead to a deep page: by key, as their link says."""
    text = client.ask(f"{PLACE}?page={page - 1}")[2].decode()
    links = re.findall(r'href="(\?[^"]*after=[^"]*)"', text)
    return PLACE + html.unescape(links[-1]) if links else PLACE


def _boxes(client: Client) -> dict[str, str]:
    """A new order about a unit this person may write to."""
    (unit, *_more) = json.loads(client.ask("/admin/unit/look_up/?q=-1-")[2])["found"]
    return {
        "unit": unit["label"],
        "unit-id": str(unit["id"]),
        "reporter": "王秀英",
        "phone": "13900000000",
        "category": "water",
        "channel": "phone",
        "description": "水龙头漏水，请尽快上门。{n}",
    }


if __name__ == "__main__":
    fill(int(sys.argv[1]))
