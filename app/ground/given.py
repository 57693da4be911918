"""What a request gives: the values of its address, boxes, files, headers and cookies, read strictly in this
one place.

Every value is a text without NUL, controls and lone surrogates, no longer than it may be; a number has no
more digits than an id; what isn't what it should be counts as not given. Nothing else of ours touches what a
request holds.
"""

from collections.abc import Container, Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict

from app.ground.text import clean, whole

WORD, ADDRESS, BOX = 200, 2000, 200_000  # characters of a word, of an address, of the longest box
AT_ONCE = 2000  # records of a selection
NUMBERS = ("page", "page_size", "sort", "desc", "offset", "limit")  # what Flask-Admin reads of an address
WORDS = ("id", "search", "name", "query", "modal")
FILTER = "flt"  # what its filters' names begin with


class Given(Mapping[str, str]):
    """Named values, the first of each name; ``getlist`` has them all."""

    def __init__(self, values: MultiDict[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return clean(self._values[name][:BOX])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, key: str) -> list[str]:
        """All values of a name."""
        return [clean(value[:BOX]) for value in self._values.getlist(key)]

    def text(self, name: str, at_most: int = WORD) -> str:
        """A text of at most so many characters; empty where there is none."""
        return clean(self._values.get(name, "")[:at_most])

    def secret(self, name: str) -> str:
        """A password, as it was typed."""
        return self._values.get(name, "")[: 2 * WORD].encode("utf-8", "replace").decode()

    def one_of(self, name: str, known: Container[str], otherwise: str = "") -> str:
        """One of the known words."""
        return value if (value := self.text(name)) in known else otherwise

    def ticked(self, name: str) -> bool:
        """Whether anything was said under this name."""
        return bool(self._values.get(name))

    def number(self, name: str) -> int | None:
        """A whole number, not negative."""
        return whole(self.text(name))

    def numbers(self, name: str) -> list[int]:
        """Ids, each once, in their order: under one name several times, or by commas; of more than
        ``AT_ONCE`` one more, which tells that there are.
        """
        values = self._values.getlist(name)[: AT_ONCE + 1]
        parts = (part for value in values for part in value[:BOX].split(","))
        return list(dict.fromkeys(number for part in parts if (number := whole(part.strip()))))[: AT_ONCE + 1]

    def path(self, name: str) -> str:
        """An address of ours; the home page for any other."""
        return local_path(self.text(name, ADDRESS + 1))

    def address(self, name: str) -> "Given":
        """What the ``?…`` of an address holds that was sent along in a box."""
        return Given(MultiDict(parse_qsl(self.text(name, ADDRESS), keep_blank_values=True)))

    def encoded(self) -> str:
        """The values as the ``?…`` of an address holds them; nothing where there are none."""
        query = urlencode([(clean(name), value) for name in self for value in self.getlist(name)])
        return f"?{query}" if query else ""


def address() -> Given:
    """What stands behind the ``?`` of the address."""
    return Given(MultiDict(parse_qsl(_asked(), keep_blank_values=True)))


def _asked() -> str:
    """The query as text, whatever bytes a server was sent."""
    return request.query_string.decode("utf-8", "replace")


def hand_on() -> None:
    """Flask-Admin reads the address by itself: it finds the names it knows, the first of each, numbers that
    are numbers, and no way to elsewhere.
    """
    asked = address()
    kept = {name: str(min(number, 10**9)) for name in NUMBERS if (number := asked.number(name)) is not None}
    kept |= {name: asked.text(name) for name in asked if name in WORDS or name.startswith(FILTER)}
    if kept.get("id") == "":
        kept["id"] = "0"  # no record's; without any it would go to the list
    onwards = local_path(request.form.get("url") or asked.get("url"))
    back = {"url": onwards} if onwards != "/" else {}
    request.args = ImmutableMultiDict({**kept, **back})
    request.values = ImmutableMultiDict(back)  # type: ignore[assignment]


def part(name: str) -> str:
    """A part of the address's path, as its rule names it."""
    return clean(str((request.view_args or {}).get(name, "")))


def boxes() -> Given:
    """What was sent in a form, hidden boxes included."""
    return Given(request.form)


def all_named() -> bool:
    """Whether each box and file that was sent has a name, as all that browsers send have."""
    return not any(name is None for sent in (request.form, request.files) for name in sent)


def files(name: str) -> list[FileStorage]:
    """The files sent under a name."""
    sent = [file for file in request.files.getlist(name) if file.filename]
    for file in sent:
        file.filename = clean(file.filename or "")[-WORD:] or "file"
    return sent


def rewind() -> None:
    """The files that were sent are read from their start once more."""
    for sent in request.files.listvalues():
        for file in sent:
            file.stream.seek(0)


def header(name: str) -> str:
    """A header; empty where there is none."""
    return clean(request.headers.get(name, "")[:ADDRESS])


def cookie(name: str) -> str:
    """A cookie of ours that anybody could have written; empty where there is none."""
    return clean(request.cookies.get(name, "")[:WORD])


def here() -> str:
    """The address asked for, with what stands behind its ``?``."""
    return clean(f"{request.path}?{_asked()}")


def came_from() -> str:
    """The page of ours on which a person was before; empty where they came from elsewhere."""
    try:
        came = urlsplit(header("Referer"))
    except ValueError:
        return ""
    return f"{came.path}?{came.query}" if came.netloc == request.host else ""


def wants_json() -> bool:
    """Whether the asker is a script that reads JSON rather than a person who reads a page."""
    accepted = request.accept_mimetypes
    best = accepted.best_match(["text/html", "application/json"])
    return best == "application/json" and accepted["text/html"] < accepted[best]


def local_path(address: str | None) -> str:
    """An address if it is a path on this site, else the home page: a link can't send anybody elsewhere after
    signing in.
    """
    path = (address or "").rstrip("?")
    odd = any(letter <= " " or letter in "\\\x7f" for letter in path) or len(path) > ADDRESS
    if odd or not path.startswith("/") or path.startswith("//"):
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc or parts.path.rstrip("/") in ("/login", "/logout") else path
