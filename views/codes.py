"""QR codes on paper: one opens the record; one of a paper that is scanned where it passes says by its mark
that it was printed here.
"""

import hmac
from hashlib import sha256
from typing import Any

from flask import current_app
from markupsafe import Markup


def scanned_at(record: Any) -> str:
    """The page where a paper is compared with what it stands for."""
    return f"/admin/{record.name}/scan/?id={record.id}&mark={mark_of(record)}"


def mark_of(record: Any) -> str:
    """What a paper's code says beside its number, so that nobody can make one up."""
    said = f"{record.name} {record.id} {record.number}"
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), said.encode(), sha256).hexdigest()[:16]


def is_ours(record: Any, mark: str) -> bool:
    """Whether a code's mark is the one printed on this record's paper."""
    return hmac.compare_digest(mark.encode(), mark_of(record).encode())


def drawn(page: str) -> Markup:
    """A QR code that opens a page of ours."""
    import segno  # loaded where something is printed

    address = current_app.config["SETTINGS"].base_url + page
    return Markup(segno.make(address, error="m").svg_inline(border=0, omitsize=True))  # noqa: S704  (drawn from an address of ours)
