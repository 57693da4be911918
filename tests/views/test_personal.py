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
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import Estate, lines
from sending import send

from app.declare import setting
from app.declare.record import Columns, Record, registry
from app.ground import clock
from app.ground.database import db
from app.keep import history
from app.lists import listing
from app.people.access import may
from models.custody.storage_choices import FORBIDDEN
from views import codes

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
            "communication",
            "interview",
            "notes",
            "violation",
            "vacancy",
            "item loan",
            "storage",
            "slip",
        ),
        6241,
    )
}
IDS = {
    "owner": "11010519491231002X",
    "tenant": "440308198712054321",
    "customer": "310115197603152468",
    "storage": "320106196804219783",
    "collector": "330102199005066127",
    "slip": "420106197709183345",
    "carrier": "510104198502275586",
}
NUMBERS = [*PHONES.values(), *IDS.values()]
DESK = {"point": "前台", "numbered": "", "lent_to": ["resident", "staff"], "deposit": "20"}
NOT_READ = {"static", "home.static", "health", "file"}  # an attached file is as it was taken
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
    others = (customer, order, complaint, loan, *service(office), *custody(office))
    records = {record.name: record for record in (register, *others)}
    assert set().union(*map(planted_in, records.values())) == personal_boxes(), (
        "a new personal box has to be thought of here"
    )
    return records | {"unit": db.session.get(registry["unit"], unit), "key": loan.key}


def service(office: Estate) -> Iterator[Any]:
    """What was said, to be followed up today; who was visited; what somebody did; who moved out."""
    unit = office["1-1-101"]
    contact = office.create(
        "communication_record",
        "specialist",
        unit=unit,
        spoke_with="欧阳明月",
        phone=PHONES["communication"],
        content="欧阳问物业费",
    )
    yield office.step(
        contact, "reply", "specialist", answer="周五回复欧阳", follow_up_on=clock.today().isoformat()
    )
    visit = office.create(
        "interview",
        "specialist",
        unit=unit,
        interviewee="欧阳明月",
        phone=PHONES["interview"],
        appointed_at=f"{clock.local(clock.now()) + timedelta(hours=1):%Y-%m-%dT%H:%M}",
    )
    yield office.step(
        visit,
        "hold",
        "specialist",
        interviewee="欧阳明月",
        interviewers=[str(office["specialist"])],
        cleaning="3",
        personal_notes=PHONES["notes"],
        **lines("matters", {"what": "欧阳家单元门关不上"}),
    )
    yield office.create(
        "violation",
        "specialist",
        unit=unit,
        kind="common_area",
        person="欧阳明月",
        phone=PHONES["violation"],
        finding="欧阳家旧柜子",
    )
    yield office.create(
        "vacancy_change",
        "specialist",
        unit=unit,
        kind="vacated",
        reason="moved_out",
        party="欧阳明月",
        phone=PHONES["vacancy"],
    )


def custody(office: Estate) -> Iterator[Any]:
    """What was lent, what is kept at the desk, what may leave: the last two as if whoever fetches it had been
    written down already.
    """
    item = office.create(
        "item", "supervisor", called="爱心伞", kind="umbrella", at_a_time="3", limit_days="2", **DESK
    )
    office.step(item, "take_in", "supervisor", came="5")
    yield office.create(
        "item_loan",
        "frontdesk",
        item=item.id,
        borrower="欧阳借用",
        phone=PHONES["item loan"],
        unit=office["1-1-101"],
        told="1",
    )
    storage = office.create(
        "storage",
        "frontdesk",
        kind="left",
        tag="A12",
        shelf="1 号柜",
        unit=office["1-1-101"],
        depositor="欧阳明月",
        phone=PHONES["storage"],
        id_number=IDS["storage"],
        none_of=list(FORBIDDEN),
        **lines("goods", {"what": "行李箱", "pieces": "1", "features": "黑色", "value": "500"}),
    )
    slip = office.slip(applicant="欧阳明月", phone=PHONES["slip"], id_number=IDS["slip"])
    office.step(slip, "approve", "supervisor", reason_to_pass="已与欧阳说明")
    with office.writing():
        office.set(storage, "frontdesk", collector="欧阳领取", collector_id=IDS["collector"])
        office.set(slip, "frontdesk", carrier="欧阳搬运", carrier_id=IDS["carrier"])
    yield from (storage, slip)


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
        yield from becoming(cls, record)
    if getattr(cls, "scanned", None) is not None and record is not None:
        yield from (f"{place}/scan/?{asked}" for asked in ("", f"number={record.number}", code(record)))
    yield from (f"{place}/plan/{name}/" for name in getattr(cls, "cadences", ()))
    if cls.has_file and record is not None:
        yield f"{place}/whole_file/?id={record.id}"


def code(record: Any) -> str:
    """What the code on a record's paper asks for."""
    return codes.scanned_at(record).rpartition("?")[2]


def becoming(cls: type[Record], record: Any) -> Iterator[str]:
    """Where a record becomes another, of each of its lines where it is made of lines."""
    for name, link in getattr(cls, "links", {}).items():
        place = f"/admin/{cls.name}/become/{name}/?id={record.id}"
        yield from (f"{place}&line={row.id}" for row in getattr(record, link.each)) if link.each else [place]


def of_no_form(planted: dict[str, Any]) -> Iterator[str]:
    """Every page that is of no form, or of all of them: the first, searches, calls, figures, settings."""
    yield from ("/", "/profile", "/guide", "/handbook", "/search?q=欧阳", "/password", "/login")
    yield from (f"/search?q={number[-4:]}" for number in NUMBERS)
    yield from ("/admin/settings/", "/admin/statistics/", "/admin/statistics/workbook/", "/calls/")
    yield from ("/admin/own_acts/", "/admin/user/password/?id=1")
    yield from (f"/admin/settings/{which}/" for which in setting.settings)
    yield from (f"/admin/statistics/?form={name}" for name, cls in registry.items() if cls.figures)
    yield from (f"/handbook/{name}" for name in registry)
    for name, record in planted.items():
        yield f"/calls/?after={name}:{record.id}"
        yield from (f"/calls/?at={name}:{record.id}:{call.step}" for call in getattr(record, "calls", ()))


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
    for address in becoming(cls, record):
        yield from ((address, {"phone": "x"}), (address, {"at_once": "1"}))
    if getattr(cls, "scanned", None) is not None:
        for name in (cls.scanned.refuses, cls.scanned.passes):  # type: ignore[attr-defined]
            yield f"{place}/scan/?id={record.id}", {"step": name, "carrier_id": "•••"}
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
        "person": "欧阳",
        "party": "欧阳",
        "applicant": "欧阳",
        "depositor": "欧阳",
        "spoke_with": "欧阳",
        "interviewee": "欧阳",
        "content": "欧阳",
        "finding": "欧阳",
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

    def read(address: str, answer: Any, sent: tuple[str, ...] = ()) -> None:
        text = said(answer)
        hits = [
            number for number in NUMBERS if number not in sent and (number in text or number[:-4] in text)
        ]
        if (
            hits
            and any(act in address for act in LOGGED)
            and may(person, registry[address.split("/")[2]], "personal")
        ):
            logged.add(address.split("?")[0])
        elif hits:
            wrong.append((address, hits))

    for address in of_no_form(planted):
        read(address, client.get(address))
    for cls in registry.values():
        alone = [[field.name] for field in cls.fields.values() if field.personal]
        for columns in (*alone, [*listing.available(cls)]):
            send(client, f"/admin/{cls.name}/columns/", {"column": columns, "size": "200"})
            read(f"/admin/{cls.name}/", client.get(f"/admin/{cls.name}/"))
        every = list(addresses(office, cls, planted.get(cls.name)))
        for at, address in enumerate(every):
            if ground.url.startswith("sqlite") or not at % 4 or any(act in address for act in LOGGED):
                read(address, client.get(address))
        for address, typed in posts(cls, planted.get(cls.name)):
            answer = send(client, address, typed)
            read(address, answer, (PHONES["changed"],))
            if answer.status_code == 302:
                read(address, client.get(answer.location), (PHONES["changed"],))
    assert not wrong, wrong[:20]
    assert bool(logged) is (name in ("manager", "supervisor", "specialist", "frontdesk"))
    if name == "frontdesk":
        forms = {address.split("/")[2] for address in logged}
        assert forms == {"item_loan", "storage"}, "only of what the desk itself lends and keeps"


def test_the_walk_leaves_no_page_out(app: Flask, office: Estate, planted: dict[str, Any]) -> None:
    """Whatever page there is, some address of the walk is it; but for what holds no record's boxes."""
    walked = app.url_map.bind("localhost")
    asked = [address.partition("?")[0] for address in of_no_form(planted)]
    for cls in registry.values():
        asked += [address.partition("?")[0] for address in addresses(office, cls, planted.get(cls.name))]
    read = {page_of(walked.match(address)[0]) for address in asked if walked.test(address)}
    pages = {page_of(rule.endpoint) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - read == NOT_READ


def page_of(endpoint: str) -> str:
    """A page of the application: the same for all forms, since they are drawn alike."""
    form, _dot, view = endpoint.rpartition(".")
    return view if form in registry else endpoint


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
