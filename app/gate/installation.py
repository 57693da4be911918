"""Which secret key and which DATA_DIR belong to a database: marked at the first start, looked at by every
later one.

Several machines on one database share both. One with another key could sign nobody in, one with another
folder would lose photos and previews, and nobody would know why: so it doesn't start.
"""

import hashlib
import hmac
import logging

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import String, inspect, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from app.declare.record import Model
from app.ground.database import db, writing
from app.ground.kept_keys import kept_key
from app.ground.language import gettext as _
from app.ground.settings import Settings, SettingsError

FOLDER_FILE = "folder"  # in DATA_DIR; a backup of it has this file too
ACCEPT = "flask --app wsgi installation accept"
DAMAGED = f"put it back from a backup, or remove it and then: {ACCEPT}"

log = logging.getLogger("guanjia.installation")
group = AppGroup("installation", help="Which secret key and data folder belong to the database.")


class Mark(Model):
    """What belongs to this database: ``key`` is a fingerprint that tells nothing of the key, ``folder`` what
    its file says.
    """

    __tablename__ = "installation_mark"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(64))


def here(settings: Settings) -> dict[str, str]:
    """The marks of this process's key and folder; a folder without one gets it."""
    fingerprint = hmac.new(
        settings.secret_key.encode(), b"guanjia: which key is it", hashlib.sha256
    ).hexdigest()
    return {"key": fingerprint, "folder": kept_key(settings.data_dir / FOLDER_FILE, "DATA_DIR", DAMAGED)[:64]}


def kept() -> dict[str, str]:
    """The marks in the database; those of this process where there were none."""
    marks = _asked()
    for name, value in here(current_app.config["SETTINGS"]).items():
        if name not in marks:
            with writing():
                try:
                    db.session.add(Mark(name=name, value=value))
                    db.session.commit()
                except IntegrityError:  # another process was first
                    db.session.rollback()
    return _asked()


def _asked() -> dict[str, str]:
    rows = db.session.execute(select(Mark.name, Mark.value)).all()
    db.session.rollback()
    return {row.name: row.value for row in rows}


def check() -> None:
    """Raise ``SettingsError`` where this process has another key or folder than the database was served
    with.
    """
    try:
        if not inspect(db.engine).has_table(Mark.__tablename__):
            return
    except OperationalError:
        log.warning("the database doesn't answer yet: whether key and folder are its own wasn't looked at")
        return
    belongs, ours = kept(), here(current_app.config["SETTINGS"])
    wrong = []
    if belongs["key"] != ours["key"]:
        wrong.append(
            "SECRET_KEY: this database is served with another one. Machines on one database share it, or they"
            " sign nobody in: set the same SECRET_KEY on each, or share DATA_DIR/secret_key."
        )
    if belongs["folder"] != ours["folder"]:
        wrong.append(
            "DATA_DIR: this database is served with another folder. Machines on one database share it, or"
            " photos and previews are lost: mount the same folder on each."
        )
    if wrong:
        raise SettingsError("\n".join([*wrong, f"If that was changed on purpose: {ACCEPT}"]))


@group.command("accept")
def accept() -> None:
    """From now on this process's key and folder are those of the database."""
    kept()
    with writing():
        for name, value in here(current_app.config["SETTINGS"]).items():
            db.session.execute(update(Mark).where(Mark.name == name).values(value=value))
        db.session.commit()
    click.echo(_("This key and this data folder belong to the database from now on."))


def init(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(group)
