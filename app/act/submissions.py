"""Forms once posted: the same post, sent twice, leads to the same record; after a while it is forgotten."""

import hashlib
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.declare.person import Person
from app.declare.record import Key, Model, Record
from app.ground import clock, upkeep
from app.ground.database import Moment, db, writing
from app.ground.rows import Row, row, together
from app.keep.capability import Act, Capability

REMEMBERED = timedelta(days=30)  # a post may be sent again for so long and still makes nothing twice
AT_ONCE, REST = 500, 0.05  # tokens that are forgotten in one go, and seconds until the next


class Submission(Model):
    """A form once posted: its token leads the same post, sent twice, to the same record. Kept as a hash of
    whose and which form's it is.
    """

    __tablename__ = "submission"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(Key)
    form: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int] = mapped_column(Key)
    at: Mapped[datetime] = mapped_column(Moment, default=clock.now, index=True)


def submitted(token: str, person: Person, cls: type[Record]) -> int | None:
    """The id of the record that a submission made, if it was handled before."""
    mark = db.session.get(Submission, _mark(token, person, cls.name)) if token else None
    return mark.record_id if mark else None


def _mark(token: str, person: Person, form: str) -> str:
    """A token as it is kept: the same one sent by another person, or with another form, is another one."""
    return hashlib.sha256(f"{person.id} {form} {token}".encode()).hexdigest()


class Posts(Capability):
    """The post that brought an act, so that it isn't handled twice."""

    follows_state = False

    def made(self, record: Record, act: Act) -> Iterable[Row]:
        """It led to this record."""
        return _remembered(act.token, act.person, record.name, record.id)

    def changed(self, record: Record, act: Act, before: None) -> Iterable[Row]:
        """It was about this record."""
        return self.made(record, act)

    def left(self, record: Record, act: Act) -> Iterable[Row]:
        """It was about this record, and handled."""
        return self.made(record, act)


def _remembered(token: str, person: Person, form: str, key: int) -> Iterable[Row]:
    """The row of a post's token, where it has one."""
    if not token:
        return ()
    values = {
        "token": _mark(token, person, form),
        "user_id": person.id,
        "form": form,
        "record_id": key,
        "at": clock.now(),
    }
    return (row(Submission.__table__, values),)


def remember_selection(token: str, person: Person, cls: type[Record]) -> None:
    """Keep the token of a post about many records."""
    together(*_remembered(token, person, cls.name, 0))


@upkeep.chore(every=timedelta(hours=1))
def forget_submissions() -> int:
    """Drop the tokens of posts too old to be sent again, some at a time, so that nobody who saves waits; how
    many.
    """
    old = (
        select(Submission.token)
        .where(Submission.at < clock.now() - REMEMBERED)
        .order_by(Submission.at)
        .limit(AT_ONCE)
    )
    forgotten = 0
    while True:
        with writing():
            tokens = list(db.session.execute(old).scalars())
            db.session.execute(delete(Submission).where(Submission.token.in_(tokens)))
            db.session.commit()
        forgotten += len(tokens)
        if len(tokens) < AT_ONCE:
            return forgotten
        time.sleep(REST)
