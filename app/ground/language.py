"""Two languages: English msgids, Chinese first. Also how dates, money and numbers are written."""

import io
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_app_context, has_request_context, session

from app.ground import clock, given

CHINESE = "zh_Hans_CN"
LOCALES = {CHINESE: "中文", "en": "English"}


class Lazy:
    """A text translated when it is shown, not when it is written down."""

    __slots__ = ("params", "text")

    def __init__(self, text: str, params: dict[str, object] | None = None) -> None:
        self.text = text
        self.params = params

    def __str__(self) -> str:
        return gettext(self.text, **(self.params or {}))

    def __html__(self) -> str:
        return str(self).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")

    def __repr__(self) -> str:
        return f"Lazy({self.text!r})"

    @property
    def ways(self) -> tuple[str, ...]:
        """All the ways it is said, as sheets that come in may have it."""
        return (str(self), self.text)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self.text)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __add__(self, other: object) -> str:
        return str(self) + str(other)

    def __radd__(self, other: object) -> str:
        return str(other) + str(self)


def lazy_gettext(text: str, **params: object) -> Any:
    """A ``Lazy`` text; typed loosely since it stands wherever a string does."""
    return Lazy(text, params or None)


def locale() -> str:
    """The language of this request: chosen, else the default one."""
    if not has_request_context():
        return default()
    locale_here = g.get("locale")
    if locale_here is None:
        chosen = session.get("locale") or given.cookie("locale")
        locale_here = g.locale = chosen if chosen in LOCALES else default()
    return str(locale_here)


_chosen: ContextVar[str] = ContextVar("language", default="")
_last = [CHINESE]


def default() -> str:
    """The language of the application at hand where nobody chose one; without any, of the last made."""
    return str(current_app.extensions.get("language", _last[0])) if has_app_context() else _last[0]


def spoken() -> str:
    """The language that texts are read in: the request's, as chosen at its begin; the default one beside."""
    return _chosen.get() or default()


@cache
def _catalogue(name: str) -> NullTranslations:
    """The catalogue as it is written, read once a process; nothing has to be compiled first."""
    source = Path(__file__).parent.parent / "translations" / name / "LC_MESSAGES" / "messages.po"
    if not source.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled)


def gettext(text: str, **params: object) -> str:
    """The text in the language of the request; ``%(name)s`` places are filled from the parameters."""
    translated = _catalogue(spoken()).gettext(text) if text else ""
    return translated % {key: str(value) for key, value in params.items()} if params else translated


def init(app: Flask, chosen: str) -> None:
    """Give the templates ``_`` and the formats; Flask-Admin's own texts follow through Flask-Babel."""
    from flask_babel import Babel

    app.extensions["language"] = _last[0] = chosen
    Babel(app, locale_selector=locale, default_translation_directories="translations")

    @app.before_request
    def choose() -> None:
        _chosen.set(locale())

    app.jinja_env.globals.update(_=gettext, locale=locale, locales=LOCALES)
    app.jinja_env.filters.update(money=money, day=show_day, moment=show_moment, short=short_moment)


def money(value: Decimal | None) -> str:
    """An amount in yuan with two places and thousands, without a sign for the currency."""
    return "" if value is None else f"{value:,.2f}"


def show_day(value: date | None) -> str:
    """A day as ``2026-11-24``, the order both languages' offices write."""
    return "" if value is None else value.isoformat()


def show_moment(value: datetime | None) -> str:
    """A moment as the office's clock shows it, to the minute."""
    return "" if value is None else clock.local(value).isoformat(" ", "minutes")[:16]


def short_moment(value: datetime | None) -> str:
    """A moment as short as it can be told apart: today's time, this year's day, else the full day."""
    return "" if value is None else shortened(show_moment(value), show_day(clock.today()))


def shortened(moment: str, today: str) -> str:
    """A shown moment without what is the same today."""
    if moment[:10] == today:
        return moment[11:]
    return moment[5:] if moment[:4] == today[:4] else moment[:10]
