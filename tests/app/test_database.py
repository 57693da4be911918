"""A context reads, or it writes: on PostgreSQL what only reads is in no transaction, and changes nothing."""

import pytest
from office import Estate
from sqlalchemy import select, update

from app.ground.database import db, is_sqlite, writing
from app.people.users import User


def test_what_only_reads_is_in_no_transaction_on_postgres(office: Estate) -> None:
    db.session.rollback()
    db.session.execute(select(User.id).limit(1))
    driver = db.session.connection().connection.driver_connection
    inside = driver.in_transaction if is_sqlite() else driver.info.transaction_status != 0
    assert inside is is_sqlite()


def test_what_writes_is_all_or_nothing(office: Estate) -> None:
    db.session.rollback()
    before = db.session.execute(select(User.department).where(User.id == office["specialist"])).scalar()
    with writing():
        db.session.execute(update(User).where(User.id == office["specialist"]).values(department="夜班"))
        db.session.rollback()
    after = db.session.execute(select(User.department).where(User.id == office["specialist"])).scalar()
    assert after == before


def test_a_context_that_only_reads_changes_and_holds_nothing_on_postgres(office: Estate) -> None:
    if is_sqlite():
        pytest.skip("SQLite's own transactions hold what is changed")
    db.session.rollback()
    for asked in (update(User).values(department="夜班"), select(User.id).with_for_update()):
        with pytest.raises(RuntimeError, match="only reads"):
            db.session.execute(asked)
        db.session.rollback()
