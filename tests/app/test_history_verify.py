"""Whoever changes the database behind the application's back is found: records, lines of tables, files,
chains made anew, older copies.
"""

import hashlib
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest
from office import HISTORY_KEY, NOON, Estate, lines

from app.act import steps
from app.act.entry import Pairs
from app.declare.record import registry
from app.ground import clock
from app.ground.database import db
from app.keep import (
    attachments,
    history,
    history_chain,
    history_keys,
    history_marks,
    history_seals,
    history_verify,
)
from app.keep.attachments import Attachment

DONE = {
    "outcome": "repaired",
    "cause": "老化",
    "work_done": "换管",
    "customer_signed": "1",
    "labour_fee": "20",
}
MATERIALS = lines(
    "materials",
    {"item": "管", "quantity": "1.5", "price": "3"},
    {"item": "胶", "quantity": "1", "price": "2"},
)
OLD = "the key of the year before, which somebody has read"
NEW = "the key of this year, which nobody knows but us"


@pytest.fixture
def marks(office: Estate, tmp_path: Path) -> Iterator[Path]:
    """The engine keeps marks in a folder."""
    history_marks.init(office.app, tmp_path / "history")
    for cls in registry.of_each_table():
        rows = db.session.execute(db.select(cls.id, cls.version).order_by(cls.id))
        for key, version in rows:
            history_marks.put(cls.name, key, [version])
    db.session.rollback()
    yield tmp_path / "history"
    del office.app.extensions["history_marks"]


@pytest.fixture
def keyed(office: Estate) -> Iterator[Any]:
    """Gives the engine other keys, the newest first."""
    had = history_keys.keys()
    yield lambda *given: history_keys.init(office.app, history_keys.Keys(given))
    history_keys.init(office.app, had)


def said(files: Path | None = None) -> list[history_chain.Fault]:
    """What verify finds."""
    db.session.rollback()
    return list(history_verify.verify(registry.of_each_table(), files))


def tamper(office: Estate, statement: str, **values: Any) -> None:
    """Change the database behind the engine's back."""
    with office.writing():
        assert db.session.execute(db.text(statement), values).rowcount != 0  # type: ignore[attr-defined]


def finished(office: Estate) -> Any:
    """An order with a life and a table of materials."""
    order = office.order()
    office.step(order, "dispatch", "specialist", assignee=office["specialist"])
    office.step(order, "start", "specialist")
    office.step(order, "finish", "specialist", **DONE, **MATERIALS)
    return order


def attached(order: Any, office: Estate, folder: Path, name: str = "水表.pdf") -> Attachment:
    """A paper on an order, as the page adds one."""
    data = b"%PDF-1.4 " + name.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    place = folder / sha256[:2] / sha256
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    with office.writing():
        row = Attachment(
            form=order.name,
            record_id=order.id,
            sha256=sha256,
            name=name,
            media_type="application/pdf",
            size=len(data),
            kind="",
            user_id=office["specialist"],
            made_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        history.write(order, office.person("specialist"), "attach", "P7", attachments.came(row))
    return row


BOXES = [
    ("description", "'不漏了'"),
    ("phone", "'13800000000'"),
    ("reporter", "''"),
    ("category", "'gas'"),
    ("warranty", "1"),
    ("labour_fee", "1"),
    ("total", "1"),
    ("state", "'filed'"),
    ("assignee_id", "2"),
    ("area_id", "2"),
    ("office_id", "2"),
    ("number", "'PG-202611-9999'"),
    ("created_at", "'2026-01-01 00:00:00'"),
    ("created_by_id", "NULL"),
    ("state_at", "'2026-01-01 00:00:00'"),
    ("finished_at", "NULL"),
    ("rating", "'good'"),
    ("reopened", "3"),
    ("remark", "'补记'"),
]


@pytest.mark.parametrize(("column", "value"), BOXES)
def test_a_box_changed_in_the_database_is_found(office: Estate, column: str, value: str) -> None:
    order = finished(office)
    other = office.order()
    assert said() == []
    value = (
        "true"
        if column == "warranty" and "postgres" in office.app.config["SQLALCHEMY_DATABASE_URI"]
        else value
    )
    tamper(office, f"UPDATE work_order SET {column} = {value} WHERE id = :id", id=order.id)
    sentences = said()
    assert sentences
    assert {sentence.record_id for sentence in sentences if sentence.record_id} == {order.id}
    assert other.number not in " ".join(sentences)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE work_order_material SET price = 1 WHERE of_id = :id",
        "DELETE FROM work_order_material WHERE of_id = :id AND position = 1",
        (
            "INSERT INTO work_order_material (of_id, position, item, quantity, price, amount) VALUES (:id, 2,"
            " '胶', 1000, 200, 200)"
        ),
        "UPDATE work_order_material SET position = 1 - position WHERE of_id = :id",
    ],
)
def test_a_line_of_a_table_changed_in_the_database_is_found(office: Estate, statement: str) -> None:
    order = finished(office)
    tamper(office, statement, id=order.id)
    (fault,) = said()
    assert (fault.form, fault.record, fault.record_id) == ("work_order", order.number, order.id)
    assert "用料" in fault


def test_whom_the_office_locked_out_isn_t_let_in_unseen(office: Estate) -> None:
    """What a new record doesn't have, where it would by itself, is said too."""
    user = office.create("user", "manager", username="leaver", full_name="冯离职", active="")
    assert said() == []
    true = "true" if "postgres" in office.app.config["SQLALCHEMY_DATABASE_URI"] else "1"
    tamper(office, f'UPDATE "user" SET active = {true} WHERE id = :id', id=user.id)
    assert [sentence.record_id for sentence in said()] == [user.id]


def chain_anew(office: Estate, order: Any, key_id: str, secret: str = "") -> None:
    """Rewrite an order's whole chain, hashes included, as one who has the database but not its key."""
    head = ""
    key = history_keys.key_of(secret) if secret else None
    for line in history.lines(order.name, order.id):
        changes = {**line.changes, "description": [None, "改过的"]} if line.seq == 1 else line.changes
        told = [
            line.form,
            line.record_id,
            line.seq,
            line.at.isoformat(),
            line.user_id,
            line.user_name,
            line.clause,
            line.act,
            changes,
        ]
        whole = head.encode() + orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
        head = key.mark(whole) if key else hashlib.sha256(whole).hexdigest()
        changed = {
            "changes": json.dumps(changes, ensure_ascii=False),
            "hash": head,
            "key": key_id,
            "id": line.id,
        }
        db.session.rollback()
        kind = (
            "CAST(:changes AS JSON)"
            if "postgres" in office.app.config["SQLALCHEMY_DATABASE_URI"]
            else ":changes"
        )
        tamper(
            office,
            f"UPDATE history SET changes = {kind}, hash = :hash, key_id = :key WHERE id = :id",
            **changed,
        )
    tamper(
        office,
        "UPDATE work_order SET description = '改过的', head = :head WHERE id = :id",
        head=head,
        id=order.id,
    )


@pytest.mark.parametrize("key_id", ["", "its own"])
def test_a_chain_rewritten_with_its_hashes_is_found(office: Estate, key_id: str) -> None:
    order = finished(office)
    chain_anew(
        office,
        order,
        history_keys.keys().current.id if key_id else "",
        "a guess of the key, 32 letters long at least" if key_id else "",
    )
    (fault,) = said()
    assert (fault.record, fault.line) == (order.number, 1)


def seal_now(office: Estate) -> None:
    """Seal all heads under the present key."""
    with office.writing():
        history_seals.seal(
            db.session.connection(),
            {cls.name: cls.__table__.name for cls in registry.of_each_table()},
            history_keys.keys().current,
        )


def unkeyed(office: Estate, order: Any) -> None:
    """An order's history as it was chained before there were keys."""
    head = ""
    for line in history.lines(order.name, order.id):
        row = {
            **{column.key: getattr(line, column.key) for column in history.Line.__table__.columns},
            "key_id": "",
        }
        head = history.chained(head, row)
        key, hashed = line.id, head
        db.session.rollback()
        tamper(office, "UPDATE history SET hash = :hash, key_id = '' WHERE id = :id", hash=hashed, id=key)
    tamper(office, "UPDATE work_order SET head = :head WHERE id = :id", head=head, id=order.id)
    db.session.expire_all()


def test_what_was_chained_before_the_key_is_sealed_as_it_stands(office: Estate) -> None:
    order = finished(office)
    unkeyed(office, order)
    assert [sentence.record for sentence in said()] == [order.number], "an unkeyed line that no seal covers"
    seal_now(office)
    assert said() == []
    office.step(order, "reopen", "supervisor", assignee=office["colleague"], remark="漏")
    assert said() == []
    chain_anew(office, order, "")
    assert {sentence.record for sentence in said()} == {order.number}


def test_keys_are_renewed_and_the_old_one_is_worth_nothing_any_more(office: Estate, keyed: Any) -> None:
    keyed(OLD, HISTORY_KEY)
    seal_now(office)
    order, other = finished(office), finished(office)
    assert said() == []
    keyed(NEW, OLD, HISTORY_KEY)
    assert "history rotate" in said()[0], "the new key has sealed nothing yet"
    assert len(said()) == 1
    seal_now(office)
    office.step(order, "reopen", "supervisor", assignee=office["colleague"], remark="漏")
    assert said() == []
    with office.writing():
        row = history.line(
            "work_order",
            other.id,
            other.version + 1,
            other.head,
            office.person("manager"),
            "M1",
            "edit",
            {},
            NOON,
        )
        row["key_id"] = history_keys.key_of(OLD).id
        row["hash"] = history.chained(other.head, row)
        db.session.execute(db.insert(history.Line), [row])
        db.session.execute(
            db.text("UPDATE work_order SET version = :v, head = :h WHERE id = :id"),
            {"v": row["seq"], "h": row["hash"], "id": other.id},
        )
    assert [(sentence.record, sentence.line) for sentence in said()] == [(other.number, 5)]
    keyed(NEW, HISTORY_KEY)
    assert any(history_keys.key_of(OLD).id in sentence for sentence in said()), (
        "a key that isn't here is named"
    )


def test_a_record_put_back_with_its_head_is_found(office: Estate, marks: Path) -> None:
    order = office.order()
    kept = db.session.execute(
        db.text("SELECT version, head, description FROM work_order WHERE id = :id"), {"id": order.id}
    ).one()
    office.edit(order, "specialist", description="改了")
    assert said() == []
    tamper(
        office, "DELETE FROM history WHERE form = 'work_order' AND record_id = :id AND seq = 2", id=order.id
    )
    tamper(
        office,
        "UPDATE work_order SET version = :v, head = :h, description = :d WHERE id = :id",
        v=kept[0],
        h=kept[1],
        d=kept[2],
        id=order.id,
    )
    (fault,) = said()
    assert (fault.record, fault.record_id) == (order.number, order.id)


def test_a_whole_older_database_is_found(office: Estate, marks: Path) -> None:
    """As if the copy of before the last order had been put back: its record, its lines and its number are
    gone.
    """
    office.order()
    order = office.order()
    key = order.id
    for statement in (
        "DELETE FROM history WHERE form = 'work_order' AND record_id = :id",
        "DELETE FROM work_order WHERE id = :id",
        "UPDATE series SET last = last - 1 WHERE form = 'work_order' AND :id > 0",
    ):
        tamper(office, statement, id=key)
    assert [(sentence.form, sentence.record_id) for sentence in said()] == [("work_order", key)]


def test_marks_never_run_ahead(office: Estate, marks: Path) -> None:
    """What is undone, wholly or to a savepoint, leaves none; each of a selection's has its own."""
    orders = [office.order() for _time in range(3)]
    office.step(orders[1], "dispatch", "specialist", assignee=office["specialist"])
    with office.writing():
        steps.perform_each(
            type(orders[0]),
            [order.id for order in orders],
            type(orders[0]).steps["void"],
            office.person("manager"),
            Pairs({"void_reason": "演练"}),
        )
    with pytest.raises(ZeroDivisionError), office.writing():
        history.write(orders[0], office.person("manager"), "edit")
        assert 1 / 0
    with office.writing(), pytest.raises(ZeroDivisionError), db.session.begin_nested():
        history.write(orders[0], office.person("manager"), "edit")
        assert 1 / 0
    kept = history_marks.read("work_order")
    assert kept is not None
    assert [kept[order.id] for order in orders] == [2, 3, 2]
    assert said() == []
    (marks / "work_order").unlink()
    assert [(sentence.form, sentence.record) for sentence in said()] == [("work_order", "")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attachment SET name = 'x.pdf' WHERE id = :id",
        "UPDATE attachment SET sha256 = :other WHERE id = :id",
        "DELETE FROM attachment WHERE id = :id",
        "UPDATE attachment SET removed_at = made_at WHERE id = :id",
        "UPDATE attachment SET record_id = record_id + 1 WHERE id = :id",
        "UPDATE attachment SET user_id = 1 WHERE id = :id",
        "UPDATE attachment SET made_at = '2026-01-01 00:00:00' WHERE id = :id",
        (
            "INSERT INTO attachment (form, record_id, sha256, kind, name, media_type, size, made_at, user_id)"
            " SELECT form, record_id, sha256, kind, 'x.pdf', media_type, size, made_at, user_id FROM"
            " attachment WHERE id = :id"
        ),
    ],
)
def test_a_file_changed_in_the_database_is_found(office: Estate, tmp_path: Path, statement: str) -> None:
    order = office.order()
    office.order()
    row = attached(order, office, tmp_path)
    assert said(tmp_path) == []
    values = {"other": "1" * 64} if ":other" in statement else {}
    tamper(office, statement, id=row.id, **values)
    assert order.number in " ".join(said())


def test_a_stored_file_that_isn_t_what_it_was_is_found(office: Estate, tmp_path: Path) -> None:
    order = office.order()
    row = attached(order, office, tmp_path)
    place = tmp_path / row.sha256[:2] / row.sha256
    place.write_bytes(b"%PDF-1.4 something else")
    assert ["水表.pdf" in sentence for sentence in said(tmp_path) if sentence.record == order.number] == [
        True
    ]
    place.unlink()
    assert ["水表.pdf" in sentence for sentence in said(tmp_path) if sentence.record == order.number] == [
        True
    ]


def test_old_lines_that_only_say_that_a_file_came_are_told_apart(office: Estate, tmp_path: Path) -> None:
    """The lines of before hold; a file of which no line tells doesn't."""
    order = office.order()
    row = attached(order, office, tmp_path)
    with office.writing():
        history.write(order, office.person("specialist"), "attach", "P7", {})
    assert said(tmp_path) == []
    assert history.as_at("work_order", order.id)[f"file:{row.id}"]["sha256"] == row.sha256


def test_people_at_work_are_no_fault(office: Estate, marks: Path) -> None:
    """It looks at one moment, whatever is saved while it reads."""
    for _time in range(30):
        office.order()
    stop = threading.Event()

    def work(name: str) -> int:
        done = 0
        with office.app.app_context():
            desk = Estate(office.app).look()
            while not stop.is_set():
                order = desk.order()
                desk.edit(order, "specialist", description=f"{name} {done}")
                desk.step(order, "dispatch", "specialist", assignee=desk["specialist"])
                done += 1
            db.session.remove()
        return done

    with ThreadPoolExecutor(2) as people:
        at_work = [people.submit(work, name) for name in ("甲", "乙")]
        try:
            sentences = [said() for _time in range(6)]
        finally:
            stop.set()
        assert all(worker.result() for worker in at_work), "somebody did something meanwhile"
    assert sentences == [[]] * 6
    assert said() == []
