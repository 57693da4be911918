"""Numbers of records within a text, as links to them."""

import re
from functools import lru_cache

from flask import Flask
from markupsafe import Markup, escape

from app.declare.record import registry


@lru_cache(maxsize=8)
def _numbers(prefixes: tuple[str, ...]) -> re.Pattern[str]:
    """What a record's number looks like: ``PG-202611-0042``."""
    return re.compile(
        rf"(?<![A-Za-z0-9-])(?:{'|'.join(map(re.escape, prefixes))})-[0-9]{{6}}-[0-9]{{4,}}(?![0-9])"
    )


def linked(text: object) -> object:
    """A text in which each record's number leads to it; one without numbers as it is."""
    words = str(text)
    if isinstance(text, Markup) or "-" not in words:
        return text
    prefixes = tuple(sorted(cls.prefix for cls in registry.values() if cls.prefix))
    numbers = _numbers(prefixes or ("?",))
    parts, at = [], 0
    for match in numbers.finditer(words):
        link = Markup('<a class="mono" href="/search?q={0}">{0}</a>').format(match[0])
        parts += [escape(words[at : match.start()]), link]
        at = match.end()
    return Markup("").join([*parts, escape(words[at:])]) if parts else text


def init(app: Flask) -> None:
    """Give the templates what draws them."""
    app.jinja_env.filters["linked"] = linked
