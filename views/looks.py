"""How a person looks at things: suggestions, personal data shown in full (logged), the columns they chose."""

import json
import secrets
from collections.abc import Sequence
from typing import Any

from flask import abort
from sqlalchemy import update

from app.declare.person import Person
from app.declare.record import Record
from app.ground import given
from app.ground.database import db
from app.ground.language import gettext as _
from app.keep import history
from app.lists import listing
from app.people import access
from app.people.refusal import Refusal
from app.people.users import User
from views.frame import person


def suggestions(cls: Any, rows: Sequence[Any], exact: int | None) -> list[dict[str, Any]]:
    """Rows of a look-up: id, label, a second line that tells one from the others, and which was named."""
    hints = cls.hints(rows)
    return [
        {"id": row.id, "label": str(row), "more": hints[row.id], "exact": row.id == exact} for row in rows
    ]


def reveal(view: Any, record: Record) -> Any:
    """Show one personal box in full; the act is written to the record's history first."""
    clause = access.may_here(person(), record, "personal")
    if clause is None:
        raise Refusal(
            "duty",
            _("Seeing personal data isn't among your duties."),
            view.model.access.by("personal"),
            record,
        )
    name, line = given.address().text("field"), given.address().number("line")
    row, field = _spot(record, name, line)
    value = getattr(row, field.column)
    history.write(record, person(), f"look:{name}", str(clause), {})
    db.session.commit()
    if "application/json" in given.header("Accept"):
        return {"text": field.read(value, full=True)}
    return view.render("revealed.html", record=record, field=field, text=field.read(value, full=True) or "—")


def _spot(record: Any, name: str, line: int | None) -> tuple[Any, Any]:
    """The record or its line, and the field that is asked for."""
    outer, _dot, inner = name.partition(".")
    field = record.fields.get(outer)
    if field is not None and field.is_lines:
        row = next((line_row for line_row in getattr(record, outer) if line_row.id == line), None)
        if row is not None and inner in row.fields and row.fields[inner].personal:
            return row, row.fields[inner]
    elif field is not None and field.personal:
        return record, field
    abort(404)


def settings_of(cls: type[Record], who: Person) -> dict[str, Any]:
    """A person's columns and page size for a form's list."""
    kept = who.settings.get(cls.name)
    return kept if isinstance(kept, dict) else {}


def keep_columns(cls: type[Record], who: Person, columns: list[str], size: int | None) -> None:
    """Keep them; none chosen means the declaration's own."""
    user = db.session.get(User, who.id)
    if user is None:
        return
    names = [name for name in columns if name in listing.available(cls)][:20]
    chosen = {
        "columns": names if names and tuple(names) != cls.shows else None,
        "size": size if size in listing.SIZES else 50,
    }
    settings = json.loads(json.dumps({**(user.settings or {}), cls.name: chosen}))
    db.session.execute(
        update(User).where(User.id == who.id).values(settings=settings, rights=secrets.randbelow(2**31))
    )
