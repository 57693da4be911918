"""Every setting of an installation: its name, its default, how it is read from the environment, and what it
is for.

A setting's name in the environment is the field's in capitals: ``data_dir`` is ``DATA_DIR``. An empty one
counts as not set; one that is unknown here is left alone. What is wrong stops the start with a sentence a
line (``SettingsError``).
"""

import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.ground.kept_keys import KEY_LENGTH
from app.ground.kept_keys import SettingsError as SettingsError
from app.ground.kept_keys import kept_key as kept_key

MEGABYTE = 1024 * 1024
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
MOST_WORKERS = (
    4  # unless asked for: SQLite's writers queue, and each process holds connections of its own to PostgreSQL
)

T = TypeVar("T")


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number between two bounds, both included."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", text) or not low <= int(text) <= high:
            raise ValueError(f"is not a whole number between {low} and {high}")
        return int(text)

    return parse


def one_of(*allowed: str) -> Callable[[str], str]:
    """Reads one of a few words, in whatever case it is written."""

    def parse(text: str) -> str:
        for word in allowed:
            if word.lower() == text.lower():
                return word
        raise ValueError(f"is none of {', '.join(allowed)}")

    return parse


def yes_or_no(text: str) -> bool:
    """Reads ``1 true yes on`` or ``0 false no off``."""
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError("is neither true nor false")


def host(text: str) -> str:
    """Reads an address or a machine's name to listen on."""
    if not re.fullmatch(r"[0-9A-Za-z_.:%\[\]-]{1,255}", text):
        raise ValueError("is neither an address nor a machine's name")
    return text


def web_address(text: str) -> str:
    """Reads the start of the addresses people use, without a slash at its end."""
    try:
        parts = urlsplit(text)
        right = (
            parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not parts.username
        )
        right = right and not (parts.query or parts.fragment)
    except ValueError:
        right = False
    if not right or re.search(r"\s", text):
        raise ValueError("is not an address such as https://guanjia.example.com")
    return text.rstrip("/")


def _several_hosts(address: str) -> str:
    """``host1:5432,host2`` as the driver is given them: it asks one after the other for the one that takes
    writes.
    """
    parts = re.fullmatch(
        r"(postgresql\+psycopg://(?:[^@/]*@)?)([^@/?]*,[^@/?]*)(/[^?]*)?(?:\?(.*))?", address
    )
    if parts is None:
        return address
    start, hosts, path, query = parts.groups("")
    said = [f"host={name if ':' in name else f'{name}:5432'}" for name in hosts.split(",")]
    said += [query] if query else []
    said += [] if "target_session_attrs=" in query else ["target_session_attrs=read-write"]
    return f"{start}{path or '/'}?{'&'.join(said)}"


def database_address(text: str) -> str:
    """Reads SQLAlchemy's address of a SQLite or PostgreSQL database; ``postgres://`` is what many hosts hand
    out.
    """
    address = _several_hosts(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError(
            "is not an address such as sqlite:////srv/guanjia/guanjia.db or"
            " postgresql://user:password@host/guanjia"
        )
    if url.drivername == "sqlite" and (
        not url.database or "memory" in (url.database.strip(":"), url.query.get("mode"))
    ):
        raise ValueError("names a database in memory, which each process would have for itself; name a file")
    if url.drivername == "sqlite" and not str(url.database).startswith("file:"):
        place = Path(
            str(url.database)
        ).absolute()  # Flask-SQLAlchemy would look for a relative one in its instance folder
        if not place.parent.is_dir():
            raise ValueError(f"names a file in a folder that isn't there: {place.parent}")
        return url.set(database=str(place)).render_as_string(hide_password=False)
    return address


@dataclass(frozen=True)
class Rate:
    """So many in so many seconds."""

    most: int
    seconds: int


@cache
def rates(text: str) -> tuple[Rate, ...]:
    """How often something may be: ``20 per minute``, or several with ``;`` between."""
    read = []
    for part in text.split(";"):
        said = re.fullmatch(
            r"([1-9][0-9]{0,8}) ?(?:per|/) ?(?:([1-9][0-9]{0,3}) )?(second|minute|hour|day)s?",
            part.strip().lower(),
        )
        if said is None:
            raise ValueError("is not a rate such as '20 per minute'")
        read.append(Rate(int(said[1]), int(said[2] or 1) * SECONDS[said[3]]))
    return tuple(read)


def rates_text(text: str) -> str:
    """Reads how often something may be, and keeps it as it is written."""
    rates(text)
    return text


def key(text: str) -> str:
    """Reads a secret key; a short one could be guessed."""
    if len(text) < KEY_LENGTH:
        raise ValueError(f"is shorter than {KEY_LENGTH} characters")
    return text


def several_keys(text: str) -> str:
    """Reads one secret key or several, the newest first."""
    return ",".join(key(part.strip()) for part in text.split(","))


def folder(text: str) -> Path:
    """Reads a folder, makes it for its owner alone if it is missing, and sees that it can be written in."""
    place = Path(text).expanduser().absolute()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            pass
    except (OSError, ValueError) as error:
        raise ValueError(
            f"is not a folder that can be written in ({getattr(error, 'strerror', None) or error})"
        ) from None
    return place


def told(default: T, parse: Callable[[str], T], sentence: str, *, secret: bool = False) -> T:
    """A setting: its default (an empty one is worked out by ``load``), how it is read, what it is for; a
    secret one is never shown.
    """
    return field(
        default=default, repr=not secret, metadata={"parse": parse, "sentence": sentence, "secret": secret}
    )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a running application, in ``current_app.config["SETTINGS"]``."""

    data_dir: Path = told(
        Path("data"),
        folder,
        "Folder for everything that is kept: the SQLite database, attachments, the secret key.",
    )
    database_url: str = told(
        "", database_address, "The database. Without it: SQLite, guanjia.db in DATA_DIR.", secret=True
    )
    sqlite_synchronous: str = told(
        "FULL",
        one_of("FULL", "NORMAL"),
        "When SQLite says that something is saved: on the disk (FULL), or soon there, so that a power cut may"
        " take the last saves (NORMAL).",
    )
    database_pooler: bool = told(
        False,
        yes_or_no,
        "A pooler that hands out connections by the transaction (pgbouncer) stands before PostgreSQL.",
    )
    secret_key: str = told(
        "",
        key,
        "Signs sessions. Without it a random one is made and kept in DATA_DIR/secret_key.",
        secret=True,
    )
    history_key: str = told(
        "",
        several_keys,
        "Chains the history, apart from the database; the newest first, a comma between. Without it:"
        " DATA_DIR/history_key.",
        secret=True,
    )
    host: str = told("127.0.0.1", host, "Address the server listens on; 0.0.0.0 for all.")
    port: int = told(5000, whole(1, 65535), "Port the server listens on.")
    workers: int = told(0, whole(0, 64), "Processes that answer requests; 0: one a core, at most 4.")
    web_threads: int = told(8, whole(1, 256), "Requests that one process answers at the same time.")
    clock: bool = told(
        True,
        yes_or_no,
        "The server has a clock: what is due is done by itself. Without it: `flask clock`, or `flask tick` by"
        " cron.",
    )
    base_url: str = told(
        "", web_address, "Start of the addresses in QR codes. Without it: http://127.0.0.1:PORT."
    )
    proxy_count: int = told(0, whole(0, 10), "Proxies in front whose X-Forwarded headers are believed.")
    cookie_secure: bool = told(
        False, yes_or_no, "Cookies over https only. Without it: true where BASE_URL is https."
    )
    log_level: str = told(
        "INFO", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "The least serious line that is logged."
    )
    default_locale: str = told(
        "zh_Hans_CN", one_of("zh_Hans_CN", "en"), "Language before a person has chosen one."
    )
    session_idle_minutes: int = told(
        120, whole(1, 1440), "Minutes without a request after which one signs in again."
    )
    session_hours: int = told(12, whole(1, 720), "Hours after which one signs in again in any case.")
    login_failures: int = told(
        8,
        whole(1, 100),
        "Wrong passwords in a row after which one waits: 1, 2, 4 … minutes before each other.",
    )
    login_lock_minutes: int = told(
        15, whole(1, 1440), "The longest such wait, in minutes; under a name from all addresses 2."
    )
    ratelimit_login: str = told("20 per minute", rates_text, "Failed tries to sign in from one address.")
    masked_searches_a_day: int = told(
        40, whole(1, 100_000), "Searches for a whole phone or ID number a day, by one who sees them masked."
    )
    max_upload_mb: int = told(20, whole(1, 1024), "Largest request, a workbook to import among them, in MB.")
    photo_max_mb: int = told(10, whole(1, 1024), "Largest photo or PDF on a record, in MB.")
    photos_per_record: int = told(20, whole(1, 500), "Most photos and files on one record.")

    @property
    def attachments(self) -> Path:
        """Folder of attached files."""
        return self.data_dir / "attachments"


def load(environ: Mapping[str, str]) -> Settings:
    """The settings an environment asks for.

    Makes DATA_DIR and the kept secret key where they are missing. Raises ``SettingsError`` naming every wrong
    setting.
    """
    chosen: dict[str, Any] = {}
    wrong: list[str] = []
    for setting in fields(Settings):
        text = environ.get(setting.name.upper(), "").strip()
        if text or setting.name == "data_dir":
            try:
                chosen[setting.name] = setting.metadata["parse"](text or str(setting.default))
            except ValueError as error:
                shown = "what is set" if setting.metadata["secret"] else repr(text or str(setting.default))
                wrong.append(f"{setting.name.upper()}: {shown} {error}")
    wrong += [] if wrong else _at_odds(Settings(**chosen))
    if wrong:
        raise SettingsError("\n".join(wrong))
    return _completed(chosen)


def _at_odds(settings: Settings) -> list[str]:
    """What can't be true together."""
    sentences = []
    if settings.session_idle_minutes > settings.session_hours * 60:
        sentences.append(
            f"SESSION_IDLE_MINUTES: {settings.session_idle_minutes} is longer than SESSION_HOURS,"
            f" {settings.session_hours} hours"
        )
    if settings.photo_max_mb > settings.max_upload_mb:
        sentences.append(
            f"PHOTO_MAX_MB: {settings.photo_max_mb} is more than MAX_UPLOAD_MB, {settings.max_upload_mb}"
        )
    return sentences


def _completed(chosen: Mapping[str, Any]) -> Settings:
    """With what follows from other settings where it wasn't set itself."""
    settings = Settings(**chosen)
    base_url = settings.base_url or f"http://127.0.0.1:{settings.port}"
    return replace(
        settings,
        database_url=settings.database_url
        or database_address(f"sqlite:///{settings.data_dir / 'guanjia.db'}"),
        secret_key=settings.secret_key or kept_key(settings.data_dir / "secret_key"),
        base_url=base_url,
        workers=settings.workers or min(_cores(), MOST_WORKERS),
        cookie_secure=chosen.get("cookie_secure", base_url.startswith("https:")),
    )


def _cores() -> int:
    """The processor's cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def init(app: Flask, settings: Settings) -> None:
    """Hand the settings to an application, and to Flask what Flask reads itself."""
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=(settings.max_upload_mb + 1)
        * MEGABYTE,  # a file of just that size comes with its form around it
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
