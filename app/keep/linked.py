"""What records made of one another: a row for each, read from both ends."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.declare.form import DONE, DRAFT, VOIDED, Form
from app.declare.person import Person
from app.declare.record import Key, Model, Record, registry
from app.ground import clock
from app.ground.database import Moment, db
from app.keep import history

LINK = "link:"  # before a link's name, where the history speaks of what was made


class Link(Model):
    """That one record was made of another: by which of its form's links, of which line, by whom and when."""

    __tablename__ = "link"
    __table_args__ = (
        Index("ix_link_source", "form", "record_id", "id"),
        Index("ix_link_made", "made_form", "made_id", "id", unique=True),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    form: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int] = mapped_column(Key)
    line_id: Mapped[int | None] = mapped_column(Key)
    name: Mapped[str] = mapped_column(String(40))
    made_form: Mapped[str] = mapped_column(String(40))
    made_id: Mapped[int] = mapped_column(Key)
    user_id: Mapped[int | None] = mapped_column(Key)
    made_at: Mapped[datetime] = mapped_column(Moment, default=clock.now)


@dataclass(frozen=True)
class Tie:
    """A link with the record at its other end."""

    link: Link
    other: Any
    is_source: bool  # whether the other is what this was made of

    @property
    def holds(self) -> bool:
        """Whether it counts: what was made wasn't voided."""
        return not getattr(self.other, "is_void", False)


def tie(record: Record, name: str, line: int | None, made: Record, person: Person, clause: str = "") -> None:
    """Keep that one record was made of another, and let the history of both say so."""
    db.session.add(
        Link(
            form=record.name,
            record_id=record.id,
            line_id=line,
            name=name,
            made_form=made.name,
            made_id=made.id,
            user_id=person.id or None,
            made_at=clock.now(),
        )
    )
    history.write(record, person, LINK + name, clause, {LINK + name: [None, said(made)]})
    history.write(made, person, "linked", clause, {LINK + name: [None, said(record)]})


def said(record: Record) -> dict[str, Any]:
    """What the history keeps of the record at the other end."""
    return {"form": record.name, "id": record.id, "number": called(record)}


def called(record: Record) -> str:
    """What people call a record that stands at the other end: its number, or its label."""
    return record.number if record.prefix else str(record)


def concerns(cls: type[Record]) -> bool:
    """Whether such records make others, or are made of them."""
    makers = [form for form in registry.values() if issubclass(form, Form) and form.links]
    return cls in makers or any(link.target is cls for form in makers for link in form.links.values())


def of(record: Record) -> list[Tie]:
    """The links of a record, of both directions, in the order they came about."""
    if not concerns(type(record)):
        return []
    asked = select(Link).where(
        ((Link.form == record.name) & (Link.record_id == record.id))
        | ((Link.made_form == record.name) & (Link.made_id == record.id))
    )
    links = db.session.execute(asked.order_by(Link.id)).scalars().all()
    ties = (_tie_of(link, (link.form, link.record_id) != (record.name, record.id)) for link in links)
    return [tied for tied in ties if tied.other is not None]


def _tie_of(link: Link, is_source: bool) -> Tie:
    """A link with the record at the end that is asked for; none where its form was taken out."""
    form, key = (link.form, link.record_id) if is_source else (link.made_form, link.made_id)
    cls = registry.get(form)
    return Tie(link, db.session.get(cls, key) if cls is not None else None, is_source)


def made_of(record: Record) -> list[Tie]:
    """What was made of a record, and still counts."""
    return [tied for tied in of(record) if not tied.is_source and tied.holds]


def is_done(record: Any) -> bool:
    """Whether nothing is left to do about what was made: its state says done, closed or voided."""
    return not isinstance(record, Form) or record.states[record.state].tone in (DONE, DRAFT, VOIDED)


def undone(
    cls: type[Record], keys: Sequence[int], names: Collection[str]
) -> Mapping[int, list[tuple[str, Any]]]:
    """What some records made by these links and isn't done yet, each with its link's name, by their ids;
    asked at once for all of them.
    """
    open_by_id: dict[int, list[tuple[str, Any]]] = {}
    for at in range(0, len(keys) if names else 0, 500):
        asked = select(Link).where(
            Link.form == cls.name, Link.record_id.in_(keys[at : at + 500]), Link.name.in_(names)
        )
        links = db.session.execute(asked.order_by(Link.id)).scalars().all()
        for form in dict.fromkeys(link.made_form for link in links):
            made: Any = registry.get(form)
            links_by_made = {link.made_id: link for link in links if link.made_form == form}
            wanted = select(made).where(made.id.in_(links_by_made)) if made is not None else None
            for row in db.session.execute(wanted).scalars() if wanted is not None else ():
                link = links_by_made[row.id]
                if not is_done(row):
                    open_by_id.setdefault(link.record_id, []).append((link.name, row))
    return open_by_id


def tell_voided(record: Record, person: Person) -> None:
    """A record was taken out of use: the histories of those at the other ends say so."""
    for tied in of(record):
        history.write(tied.other, person, "link_voided", "", {LINK + tied.link.name: [said(record), None]})
