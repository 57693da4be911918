"""Photos and PDFs on any record: told by their content, bounded, kept by their hash outside of the web's reach."""

import hashlib
import io
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Index, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Moment, db
from app.language import gettext as _
from app.person import Person
from app.record import Key, Model, Record

SIDE, THUMB, PIXELS = 2560, 320, 60_000_000
FILE = "file:"  # before an attachment's id, where the history speaks of it
PHOTOS = ("JPEG", "PNG", "WEBP")


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


def read(data: bytes, name: str) -> Content:
    """A file as it will be kept: photos made anew without what the camera wrote beside them, PDFs as they are. Raises FileRefused."""
    settings = current_app.config["SETTINGS"]
    if not data:
        raise FileRefused(_("%(name)s is empty.", name=name))
    if len(data) > settings.photo_max_mb * 1024 * 1024:
        raise FileRefused(_("%(name)s is larger than %(max)s MB.", name=name, max=settings.photo_max_mb))
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return Content(data, "application/pdf")
    return _photo(data, name)


def _photo(data: bytes, name: str) -> Content:
    from PIL import Image, ImageOps, UnidentifiedImageError  # loaded where photos come in

    refused = FileRefused(_("%(name)s is neither a photo (JPEG, PNG, WebP) nor a PDF.", name=name))
    try:
        with Image.open(io.BytesIO(data), formats=PHOTOS) as probe:
            if probe.width * probe.height > PIXELS:
                raise FileRefused(_("%(name)s has too many pixels.", name=name))
            probe.verify()
        with Image.open(io.BytesIO(data), formats=PHOTOS) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except FileRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise refused from None
    return Content(_jpeg(picture, SIDE), "image/jpeg", _jpeg(picture, THUMB))


def _jpeg(picture: Any, side: int) -> bytes:
    found, out = picture.copy(), io.BytesIO()
    found.thumbnail((side, side))
    found.save(out, "JPEG", quality=86)
    return out.getvalue()


def place(sha256: str, thumb: bool = False) -> Path:
    """Where a file lies."""
    root: Path = Path(current_app.config["SETTINGS"].data_dir) / "attachments"
    return root / sha256[:2] / (sha256 + ("-small" if thumb else ""))


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: of what a full disk breaks off nothing stays behind."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(draft, path)
    except OSError:
        os.unlink(draft)
        raise


def of(record: Record) -> Sequence[Attachment]:
    """The files of a record that are still there."""
    asked = select(Attachment).where(Attachment.form == record.name, Attachment.record_id == record.id, Attachment.removed_at.is_(None))
    return db.session.execute(asked.order_by(Attachment.id)).scalars().all()


def add(record: Record, data: bytes, name: str, kind: str, person: Person) -> Attachment | None:
    """Keep a file with a record; None where it has this very one already (sent twice). Raises FileRefused. The caller writes the history and commits."""
    settings = current_app.config["SETTINGS"]
    content, kept = read(data, name), of(record)
    sha256 = hashlib.sha256(content.data).hexdigest()
    if any(one.sha256 == sha256 for one in kept):
        return None
    if len(kept) >= settings.photos_per_record:
        raise FileRefused(_("A record holds at most %(max)s files.", max=settings.photos_per_record))
    for path, part in ((place(sha256), content.data), (place(sha256, thumb=True), content.thumb)):
        if part and not path.exists():
            _write(path, part)
    kinds: Any = record.photo_kinds
    found = Attachment(
        form=record.name, record_id=record.id, sha256=sha256, kind=kind if kind in kinds else "", name=clean_name(name), media_type=content.media_type,
        size=len(content.data), user_id=person.id, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    return found


def clean_name(name: str) -> str:
    """A file's name without a path or control signs, at most 120 characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in base if sign.isprintable())[-120:] or "file"
