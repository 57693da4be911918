"""Static files, under addresses with a mark of their content, so that they may be kept for long.

The mark is a part of the path and all files share it: a script names another by its place, and so finds it
under the same mark.
"""

import hashlib
import re
from functools import cache
from pathlib import Path, PurePosixPath

from flask import Flask, Response, abort

FOLDER = Path(__file__).parent.parent / "static"
IMPORTS = re.compile(r'^import .*"\./(\w+\.js)";$', re.MULTILINE)
SEVERAL = re.compile(r"(\w+)/(\w+(?:\+\w+)+)\.css", re.ASCII)


@cache
def mark() -> str:
    """The mark of the files as they are now."""
    digest = hashlib.sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(FOLDER)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:10]


@cache
def address(name: str) -> str:
    """Where a page asks for a file."""
    return f"/static/at-{mark()}/{name}"


def modules(name: str) -> list[str]:
    """A script and every one that it imports, so that a page can ask for all of them at once."""
    names = [name]
    for importing in names:  # grows as it is walked
        imported = IMPORTS.findall((FOLDER / importing).read_text(encoding="utf-8"))
        beside = [str(PurePosixPath(importing).with_name(each)) for each in imported]
        names += [each for each in beside if each not in names]
    return names


def init(app: Flask) -> None:
    """Serve them under their marks too; a page of another version gets this one's, to be asked for again.
    Styles are waited for before anything is shown, so several come in one answer: ``theme+frame.css``.
    """

    def serve(filename: str, mark: str = "") -> Response:
        if (several := SEVERAL.fullmatch(filename)) is None:
            return app.send_static_file(filename)
        styles = [FOLDER / several[1] / f"{name}.css" for name in several[2].split("+")]
        if not all(style.is_file() for style in styles):
            abort(404)
        return Response(b"\n".join(style.read_bytes() for style in styles), mimetype="text/css")

    app.view_functions["static"] = serve
    app.add_url_rule("/static/at-<mark>/<path:filename>", "static")
