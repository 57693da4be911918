"""Photos and PDFs on any record: told by their content, bounded, kept by their hash outside of the web's
reach.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import Index, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.declare.person import Person
from app.declare.record import Key, Model, Record
from app.ground import apart, clock, on_disk
from app.ground.database import Moment, db
from app.ground.language import gettext as _
from app.ground.language import lazy_gettext as _l
from app.ground.photo_apart import is_heif

FILE = "file:"  # before an attachment's id, where the history speaks of it
PIXELS = 60_000_000
DAY = 24 * 60 * 60
NO_PHOTO = _l("%(name)s is neither a photo (JPEG, PNG, WebP, HEIC) nor a PDF.")
BROKEN_HEIF = _l(
    "%(name)s can't be read. Make a JPEG of it and add that: open the photo and save a copy as JPEG, or set"
    " the iPhone's camera to “Most Compatible” (Settings, Camera, Formats) and take it again."
)
# The reader's word for it, and the sentence.
SAID = {
    "pixels": _l("%(name)s has too many pixels."),
    "scans": _l("%(name)s is stored in too many passes. Save it anew as an ordinary JPEG and try again."),
    apart.SPACE: _l("%(name)s takes too much memory to read. Make it smaller and try again."),
    apart.TIME: _l("%(name)s takes too long to read. Save it anew as an ordinary JPEG and try again."),
    apart.BUSY: _l("%(name)s: other files are being read just now. Please try again in a minute."),
}


class Attachment(Model):
    """A file of a record; one taken away keeps its line, not its place on the screen."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_record", "form", "record_id", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    form: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int] = mapped_column(Key)
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(24), default="")
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(Moment, default=clock.now)
    user_id: Mapped[int | None] = mapped_column(Key)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture (made anew here, so safe to show)."""
        return self.media_type == "image/jpeg"


def said(row: Any) -> dict[str, Any]:
    """What the history keeps of a file."""
    kept = {name: getattr(row, name) for name in ("name", "sha256", "kind", "media_type", "size", "user_id")}
    return {**kept, "made_at": row.made_at.isoformat()}


def came(row: Any) -> dict[str, list[Any]]:
    """The change that a line of history tells of a file that is added."""
    return {f"{FILE}{row.id}": [None, said(row)]}


def went(row: Any) -> dict[str, list[Any]]:
    """The change that a line of history tells of a file that is taken away."""
    return {f"{FILE}{row.id}": [said(row), None]}


class FileRefused(ValueError):
    """A file that isn't taken, with the sentence that says why."""


@dataclass(frozen=True)
class Content:
    """What is kept of a file: its bytes, its type, and a small picture of it."""

    data: bytes
    media_type: str
    thumb: bytes = b""


@dataclass(frozen=True)
class Stored:
    """A file in the store, on its way to a record."""

    name: str
    sha256: str
    media_type: str
    size: int


def read(data: bytes, name: str) -> Content:
    """A file as it will be kept: photos made anew without what the camera wrote beside them, PDFs as they
    are. Raises FileRefused.
    """
    settings = current_app.config["SETTINGS"]
    if not data:
        raise FileRefused(_("%(name)s is empty.", name=name))
    if len(data) > settings.photo_max_mb * 1024 * 1024:
        raise FileRefused(_("%(name)s is larger than %(max)s MB.", name=name, max=settings.photo_max_mb))
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return Content(data, "application/pdf")
    return _photo(data, name)


def _photo(data: bytes, name: str) -> Content:
    """A picture made anew, by a process of its own."""
    try:
        picture, thumb = apart.read("app.ground.photo_apart", data, pixels=PIXELS)
    except apart.Refused as refused:
        broken = BROKEN_HEIF if is_heif(data) else NO_PHOTO
        raise FileRefused(_(SAID.get(refused.why, broken).text, name=name)) from None
    return Content(picture, "image/jpeg", thumb)


def place(sha256: str, thumb: bool = False) -> Path:
    """Where a file lies."""
    return place_in(current_app.config["SETTINGS"].attachments, sha256 + ("-small" if thumb else ""))


def place_in(folder: Path, name: str) -> Path:
    """The same in any folder of stored files, such as one that is verified."""
    return folder / name[:2] / name


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk: of what a full one breaks off nothing stays behind."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        on_disk.names(path.parent.parent)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError:
        os.unlink(draft)
        raise
    on_disk.names(path.parent)


def of(record: Record) -> Sequence[Attachment]:
    """The files of a record that are still there."""
    asked = select(Attachment).where(
        Attachment.form == record.name, Attachment.record_id == record.id, Attachment.removed_at.is_(None)
    )
    return db.session.execute(asked.order_by(Attachment.id)).scalars().all()


def has(record: Record, kind: str) -> bool:
    """Whether a record has a file of a kind. Asked at once for all such records at hand."""
    if record.version not in _known_kinds(record):
        alike = (row for row in db.session if type(row) is type(record) and "version" in vars(row))
        rows = {row.id: row for row in (record, *alike) if row.id}
        for row in rows.values():
            _known_kinds(row)[row.version] = set()
        for at in range(0, len(rows), 500):
            keys = list(rows)[at : at + 500]
            told = (
                Attachment.form == record.name,
                Attachment.record_id.in_(keys),
                Attachment.removed_at.is_(None),
            )
            for key, held in db.session.execute(select(Attachment.record_id, Attachment.kind).where(*told)):
                _known_kinds(rows[key])[rows[key].version].add(held)
    return kind in _known_kinds(record)[record.version]


def _known_kinds(record: Record) -> dict[int, set[str]]:
    known: dict[int, set[str]] = record.__dict__.setdefault("kinds_of_files", {})
    return known


def room(record: Record) -> int:
    """How many files a record still takes."""
    return max(0, int(current_app.config["SETTINGS"].photos_per_record) - len(of(record)))


def full() -> FileRefused:
    """What to raise where a record takes no more."""
    return FileRefused(
        _("A record holds at most %(max)s files.", max=current_app.config["SETTINGS"].photos_per_record)
    )


def store(data: bytes, name: str) -> Stored:
    """Read a file and lay it into the store, which takes its time: do it outside of a transaction that
    writes. Raises FileRefused.
    """
    content = read(data, name)
    sha256 = hashlib.sha256(content.data).hexdigest()
    for path, part in ((place(sha256), content.data), (place(sha256, thumb=True), content.thumb)):
        if part and not path.exists():
            _write(path, part)
    return Stored(name, sha256, content.media_type, len(content.data))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SETTINGS"].secret_key, "a stored photo")


def mark(stored: Stored, person: Person) -> str:
    """What a form carries of a file that lies in the store, so that it needn't be sent again by this
    person.
    """
    return str(_signer().dumps([person.id, *astuple(stored)]))


def marked(text: str, person: Person) -> Stored | None:
    """The stored file that a form carries; none for what isn't this person's, or is a day old."""
    try:
        owner, *said = _signer().loads(text, max_age=DAY)
    except BadData:
        return None
    return Stored(*said) if owner == person.id else None


def add(record: Record, stored: Stored, kind: str, person: Person) -> Attachment | None:
    """Keep a stored file with a record; None where it has this very one already (sent twice). Raises
    FileRefused. The caller writes the history and commits.
    """
    kinds: Any = record.photo_kinds
    kind = kind if kind in kinds else ""
    if any((attached.sha256, attached.kind) == (stored.sha256, kind) for attached in of(record)):
        return None
    if not room(record):
        raise full()
    attachment = Attachment(
        form=record.name,
        record_id=record.id,
        sha256=stored.sha256,
        kind=kind,
        name=clean_name(stored.name),
        media_type=stored.media_type,
        size=stored.size,
        user_id=person.id,
        made_at=clock.now(),
    )
    db.session.add(attachment)
    db.session.flush()
    _known_kinds(record).clear()
    return attachment


def clean_name(name: str) -> str:
    """A file's name without a path or control signs, at most 120 characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in base if sign.isprintable())[-120:] or "file"
