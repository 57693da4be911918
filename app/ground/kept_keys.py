"""Secret keys that are kept in files of DATA_DIR, made at the first start."""

import os
import secrets
import tempfile
from pathlib import Path

import click

from app.ground import on_disk

KEY_LENGTH = 32


class SettingsError(click.ClickException):
    """One or more wrong settings, a sentence a line; a command ends with it as ``Error: …`` and exit
    code 1.
    """

    def __str__(self) -> str:
        """The sentences."""
        return self.message


def kept_key(
    place: Path,
    setting: str = "SECRET_KEY",
    advice: str = "without the file a new one is made, and all sign in again",
) -> str:
    """A secret key kept in a file, made at the first start; processes that start at once all get the same
    one.

    The file is linked into place whole, so none can read a half-written one. Raises ``SettingsError`` where
    it can't be kept.
    """
    try:
        if not place.exists():
            handle, draft = tempfile.mkstemp(
                prefix=f".{place.name}", dir=place.parent
            )  # mkstemp makes it with mode 600
            try:
                with os.fdopen(handle, "w") as file:
                    file.write(secrets.token_urlsafe(48))
                    file.flush()
                    os.fsync(file.fileno())
                os.link(draft, place)
                on_disk.names(place.parent)
            except FileExistsError:
                pass  # another process was first: its key counts
            finally:
                os.unlink(draft)
        key = place.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{setting}: none is set, and none can be kept in {place} ({error})") from None
    if len(key) < KEY_LENGTH:
        raise SettingsError(f"{setting}: the one kept in {place} is damaged; {advice}")
    return key
