"""A number planted in every personal box of every form, lines included, and every answer of every role read
for it, with every column chosen.

Whose duty needs a number gets it by an act that is written down: a look, a print, a sheet. Nobody gets it
anywhere else.
"""

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import Estate, lines
from sending import send

from app.declare.record import Columns, Record, registry
from app.ground.database import db
from app.keep import history
from app.lists import listing
from app.people.access import may

AsUser = Callable[[str], FlaskClient]
ROLES = ("manager", "supervisor", "specialist", "frontdesk", "repairer", "other_manager")
PHONES = {
    name: f"138{at:04}{7351 * at % 10_000:04}"
    for at, name in enumerate(
        (
            "order",
            "complaint",
            "loan",
            "owner",
            "owner 2",
            "owner 3",
            "tenant",
            "tenant 2",
            "tenant 3",
            "emergency",
            "customer",
            "customer 2",
            "changed",
        ),
        6241,
    )
}
IDS = {"owner": "11010519491231002X", "tenant": "440308198712054321", "customer": "310115197603152468"}
NUMBERS = [*PHONES.values(), *IDS.values()]
LOGGED = ("/reveal/", "/print/?id=", "/export/")


def personal_boxes() -> set[tuple[str, str]]:
    """(form, box) of every personal box there is, a line's with its table's name before it."""
    boxes = set()
    for cls in registry.values():
        for field in cls.fields.values():
            parts = field.kind.line.fields.values() if field.is_lines else ()  # type: ignore[attr-defined]
            boxes |= {(cls.name, f"{field.name}.{part.name}") for part in parts if part.personal} | (
                {(cls.name, field.name)} if field.personal else set()
            )
    return boxes


def planted_in(record: Any) -> set[tuple[str, str]]:
    """The personal boxes of a record in which one of the numbers stands."""
    planted_there = {
        (record.name, name)
        for name, field in record.fields.items()
        if field.personal and getattr(record, name) in NUMBERS
    }
    for name, field in record.fields.items():
        for row in getattr(record, name) if field.is_lines else ():
            planted_there |= {
                (record.name, f"{name}.{part.name}")
                for part in row.fields.values()
                if part.personal and getattr(row, part.name) in NUMBERS
            }
    return planted_there


@pytest.fixture
def planted(office: Estate) -> dict[str, Any]:
    """A record of every form that has personal boxes, each of them filled."""
    unit = office["1-1-101"]
    people = [
        {
            "kind": "owner",
            "full_name": "欧阳明月",
            "phone": PHONES["owner"],
            "phone2": PHONES["owner 2"],
            "phone3": PHONES["owner 3"],
            "id_number": IDS["owner"],
            "since": "2026-01-01",
        },
        {
            "kind": "tenant",
            "full_name": "欧阳租客",
            "phone": PHONES["tenant"],
            "phone2": PHONES["tenant 2"],
            "phone3": PHONES["tenant 3"],
            "id_number": IDS["tenant"],
        },
    ]
    register = office.create(
        "owner_register",
        "specialist",
        unit=unit,
        emergency_contact="欧阳急",
        emergency_phone=PHONES["emergency"],
        **lines("people", *people),
    )
    customer = office.create(
        "customer",
        "supervisor",
        full_name="欧阳客户",
        phone=PHONES["customer"],
        phone2=PHONES["customer 2"],
        id_number=IDS["customer"],
    )
    order = office.order(
        reporter="欧阳明月",
        phone=PHONES["order"],
        description="欧阳家漏水",
        customer=register.people[0].customer_id,
    )
    office.step(order, "dispatch", "specialist", assignee=office["repairer"])
    complaint = office.complaint(complainant="欧阳明月", phone=PHONES["complaint"], statement="欧阳家投诉")
    loan = office.loan(office.key(), borrower="欧阳借用", phone=PHONES["loan"])
    records = {record.name: record for record in (register, customer, order, complaint, loan)}
    assert set().union(*map(planted_in, records.values())) == personal_boxes(), (
        "a new personal box has to be thought of here"
    )
    return records | {"unit": db.session.get(registry["unit"], unit), "key": loan.key}


def said(answer: Any) -> str:
    """All that an answer says: heads, page, every part of a workbook, whatever stands between a number's
    groups.
    """
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "X-Request-ID")
    data = answer.data
    answer.close()
    text = data.decode("utf-8", "ignore")
    if data[:2] == b"PK":
        book = zipfile.ZipFile(io.BytesIO(data))
        text = "\n".join(book.read(name).decode("utf-8", "ignore") for name in book.namelist())
    return re.sub(r"[\s\-]|%20|\+", "", html.unescape(heads + text))


def addresses(office: Estate, cls: type[Record], record: Any) -> Iterator[str]:
    """Every page of a form; where it holds or names people, asked in every way."""
    place = f"/admin/{cls.name}"
    asked = ["", "size=200&last=1", "state=late", "search=欧阳"]
    if record is not None:
        asked += [
            f"unit={office['1-1-101']}",
            "created_at_from=2020-01-01",
            "phone=138",
            *(f"state={name}" for name in getattr(cls, "states", ())),
        ]
        asked += [f"sort=-{name}" for name in (*cls.sorted_by(), "phone", "id_number", "people")]
        asked += [f"search={number[-4:]}" for number in NUMBERS[:4]]
    yield from (f"{place}/?{question}" for question in asked)
    yield from (
        f"{place}/{view}"
        for view in ("new/", "print/", "print/?blank=1", "import/", "export/xlsx/", "look_up/?q=欧阳")
    )
    yield from (f"{place}/look_up/?q={number[-4:]}" for number in NUMBERS[3:5])
    if record is not None:
        yield from (f"{place}/{view}/?id={record.id}" for view in ("details", "edit", "print", "export/xlsx"))
        yield from (f"{place}/step/{name}/?id={record.id}" for name in getattr(cls, "steps", ()))


def posts(cls: type[Record], record: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent: forms with faults, against a newer version, steps and selections that can't be, a sheet
    of somebody's own.
    """
    place = f"/admin/{cls.name}"
    yield f"{place}/new/", {"phone": "x", "unit": "1-1-101"}
    yield f"{place}/columns/", {"column": [*listing.available(cls)], "size": "50"}
    if record is None:
        return
    yield f"{place}/edit/?id={record.id}", {"version": str(record.version), "phone": "x", "full_name": ""}
    yield f"{place}/edit/?id={record.id}", {**covered(record), "version": "1"}
    for step in getattr(cls, "steps", {}).values():
        yield f"{place}/step/{step.name}/?id={record.id}", {"version": "1"}
        for more in ({}, {"asked": "1"}) if step.bulk else ():
            yield f"{place}/action/", {"action": step.name, "rowid": [str(record.id)], **more}
    yield (
        f"{place}/import/",
        {"sheet": (io.BytesIO("房号,业主姓名,联系电话\n1-1-101,欧阳明月,13900000000\n".encode()), "a.csv")},
    )


def covered(record: Any) -> dict[str, str]:
    """A record's boxes as its own page has them, with another telephone typed."""
    return {
        "phone": PHONES["changed"],
        "unit": "1-1-101",
        "reporter": "欧阳",
        "complainant": "欧阳",
        "borrower": "欧阳",
        "description": "欧阳",
        "statement": "欧阳",
    }


@pytest.mark.long
@pytest.mark.parametrize("name", ROLES)
def test_no_answer_holds_a_planted_number(
    office: Estate, planted: dict[str, Any], as_user: AsUser, ground: Any, name: str
) -> None:
    """Each personal column alone, then all columns at once; on PostgreSQL every fourth of the pages, which
    are drawn alike.
    """
    client, wrong, logged = as_user(name), [], set()
    person = office.person(name)
    answers: list[tuple[str, Any]] = [
        (address, client.get(address)) for address in ("/", "/profile", "/guide", "/search?q=欧阳")
    ]
    answers += [(f"/search?q={number[-4:]}", client.get(f"/search?q={number[-4:]}")) for number in NUMBERS]

    def read(address: str, answer: Any, sent: tuple[str, ...] = ()) -> None:
        text = said(answer)
        hits = [
            number for number in NUMBERS if number not in sent and (number in text or number[:-4] in text)
        ]
        if (
            hits
            and may(person, registry[address.split("/")[2]], "personal")
            and any(act in address for act in LOGGED)
        ):
            logged.add(address.split("?")[0])
        elif hits:
            wrong.append((address, hits))

    for address, answer in answers:
        read(address, answer)
    for cls in registry.values():
        alone = [[field.name] for field in cls.fields.values() if field.personal]
        for columns in (*alone, [*listing.available(cls)]):
            send(client, f"/admin/{cls.name}/columns/", {"column": columns, "size": "200"})
            read(f"/admin/{cls.name}/", client.get(f"/admin/{cls.name}/"))
        every = list(addresses(office, cls, planted.get(cls.name)))
        for address in every if ground.url.startswith("sqlite") else every[::4]:
            read(address, client.get(address))
        for address, typed in posts(cls, planted.get(cls.name)):
            answer = send(client, address, typed)
            read(address, answer, (PHONES["changed"],))
            if answer.status_code == 302:
                read(address, client.get(answer.location), (PHONES["changed"],))
    assert not wrong, wrong[:20]
    assert bool(logged) is (name in ("manager", "supervisor", "specialist"))


@pytest.mark.parametrize("name", ["manager", "supervisor", "specialist"])
def test_who_needs_a_number_gets_it_by_an_act_that_is_written_down(
    office: Estate, planted: dict[str, Any], as_user: AsUser, name: str
) -> None:
    client, order = as_user(name), planted["work_order"]
    answer = send(client, f"/admin/work_order/reveal/?id={order.id}&field=phone", {})
    assert PHONES["order"] in said(answer)
    db.session.rollback()
    assert history.lines("work_order", order.id)[-1].act == "look:phone"
    assert PHONES["order"] in said(client.get(f"/admin/work_order/print/?id={order.id}"))
    db.session.rollback()
    assert history.lines("work_order", order.id)[-1].act == "print"
    if may(office.person(name), type(order), "export"):
        assert PHONES["order"] in said(client.get("/admin/work_order/export/xlsx/"))
        db.session.rollback()
        assert history.lines("user", office[name])[-1].act == "export:work_order"


def test_a_covered_box_left_as_it_is_stays(office: Estate, planted: dict[str, Any], as_user: AsUser) -> None:
    """In the record and in its lines; a whole number typed anew is taken."""
    client, register = as_user("specialist"), planted["owner_register"]
    page = client.get(f"/admin/owner_register/edit/?id={register.id}").text
    assert page.count('value="•••"') == 9
    keys = [str(person.id) for person in register.people]
    kept = {
        "phone": "•••",
        "phone2": "•••",
        "phone3": "•••",
        "id_number": "•••",
        "kind": "owner",
        "id_kind": "identity",
        "lives_here": "1",
    }
    rows = [
        {**kept, "id": keys[0], "full_name": "欧阳明月"},
        {**kept, "id": keys[1], "full_name": "欧阳租客", "kind": "tenant", "phone": PHONES["changed"]},
    ]
    typed = {
        "version": str(register.version),
        "emergency_contact": "欧阳急",
        "emergency_phone": "•••",
        **lines("people", *rows),
        "vehicles-count": "0",
    }
    assert send(client, f"/admin/owner_register/edit/?id={register.id}", typed).status_code == 302
    db.session.rollback()
    first, second = register.people
    assert (first.phone, first.phone2, first.phone3, first.id_number) == (
        PHONES["owner"],
        PHONES["owner 2"],
        PHONES["owner 3"],
        IDS["owner"],
    )
    assert (second.phone, second.phone2, second.phone3, second.id_number, register.emergency_phone) == (
        PHONES["changed"],
        PHONES["tenant 2"],
        PHONES["tenant 3"],
        IDS["tenant"],
        PHONES["emergency"],
    )
    assert list(history.lines("owner_register", register.id)[-1].changes) == ["people"]


def test_a_conflict_covers_both_sides(office: Estate, planted: dict[str, Any], as_user: AsUser) -> None:
    complaint = planted["complaint"]
    version = complaint.version
    office.edit(complaint, "supervisor", phone=PHONES["changed"])
    typed = {
        "version": str(version),
        "complainant": "欧阳",
        "statement": "别的",
        "subject": "cleaning",
        "channel": "phone",
        "people_count": "1",
        "phone": "13900000000",
    }
    answer = send(
        as_user("specialist"), f"/admin/complaint/edit/?id={complaint.id}", {**typed, "unit": "1-1-101"}
    )
    assert answer.status_code == 409
    assert not [number for number in (PHONES["changed"], PHONES["complaint"]) if number in said(answer)]


def test_every_value_goes_through_its_fields_door() -> None:
    """Only a field asks its kind how a value is read: nobody else can forget the mask."""
    root = Path(history.__file__).parent.parent
    bare = re.compile(r"\bkind\.(?:show|mask|cell)\(")
    places = [
        f"{path.relative_to(root)}: {match[0]}"
        for room in ("app", "models", "views", "templates")
        for path in (root / room).rglob("*")
        if path.suffix in (".py", ".html") and path.name not in ("fields.py", "kind.py", "kinds.py")
        for match in bare.finditer(path.read_text(encoding="utf-8"))
    ]
    assert places == []


@pytest.mark.parametrize("given", [{"label": "phone"}, {"sort": True}, {"filter": True}, {"unique": True}])
def test_a_personal_box_names_sorts_and_filters_nothing(given: dict[str, Any]) -> None:
    """A wrong declaration stops the start."""
    from app.declare import fields

    options = {name: value for name, value in given.items() if name != "label"}
    body = {
        "phone": fields.phone("电话", "Telephone", **options),
        "label": given.get("label", "number"),
        "shows": Columns("phone"),
        "__annotations__": {"phone": "str"},
    }
    with pytest.raises(TypeError, match="personal"):
        type("Leaking", (Record,), {**body, "__module__": __name__})
