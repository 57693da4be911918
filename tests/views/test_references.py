"""What a reference box takes: everything a look-up offers, and nothing else, however its id was come by."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from office import Estate, WrongBoxes, lines
from sending import boxes, chinese, send, told

from app.act import look_up, saving, steps
from app.act.entry import Entry, Pairs
from app.declare.form import Form
from app.declare.kinds import ReferencesKind
from app.declare.record import registry
from app.ground.database import db
from app.people import access
from app.people.users import User

AsUser = Callable[[str], FlaskClient]
FORMS = (
    "work_order",
    "complaint",
    "key_loan",
    "key",
    "owner_register",
    "customer",
    "unit",
    "building",
    "user",
    "office",
)
ROLES = ("manager", "supervisor", "specialist", "frontdesk")


def references(fields: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(name of the box, field) of all references, lines included."""
    for field in fields:
        if field.is_lines:
            yield from references(
                (part for part in field.kind.line.fields.values() if not part.by_step),
                f"{prefix}{field.name}-0-",
            )
        elif field.is_reference or isinstance(field.kind, ReferencesKind):
            yield prefix + field.name, field


@pytest.fixture
def foreign(office: Estate) -> dict[str, list[int]]:
    """For each kind of record those that the specialist of building 1 must not name: of building 2, and of
    another office.
    """
    key = office.create("key", "specialist2", tag="外-01", kind="unit", unit=office["2-1-201"], lendable="1")
    keys: dict[str, list[int]] = {
        "unit": [office["2-1-201"], office["枫1-1-101"]],
        "building": [office["2栋"], office["枫1栋"]],
        "area": [office["枫1栋"]],
        "user": [office["other_specialist"], office["other_manager"]],
        "office": [office["枫林"]],
        "key": [key.id],
        "customer": [],
    }
    for unit, name in (("2-1-201", "specialist2"), ("枫1-1-101", "other_specialist")):
        people = lines("people", {"kind": "owner", "full_name": f"外人{unit}"})
        register = office.create("owner_register", name, unit=office[unit], **people)
        keys["customer"].append(register.people[0].customer_id)
    return keys


def how_many() -> dict[str, list[Any]]:
    """Every record of every form, by its history's end."""
    db.session.rollback()
    return {
        name: list(db.session.execute(db.select(cls.id, cls.head).order_by(cls.id)))
        for name, cls in registry.items()
        if name in FORMS
    }


def test_a_foreign_id_typed_into_a_new_form_is_as_if_it_were_not_there(
    office: Estate, as_user: AsUser, foreign: dict[str, list[int]]
) -> None:
    """In every reference box of every form, by its id alone, beside an honest text, and in the address."""
    before, tried = how_many(), 0
    for name in ROLES:
        client = as_user(name)
        person = office.person(name)
        for form in FORMS:
            cls: Any = registry[form]
            if access.may(person, cls, "create") is None:
                continue
            for box, field in references(saving.entered(cls, creating=True)):
                target = field.kind.target
                for at, key in enumerate((*foreign[target.name], 10**17)):
                    if access.get(person, target, key) or access.get(person, target, key, "look_up"):
                        continue
                    shown = {"kind": "left" if box == "unit" else "public"} if form == "key" else {}
                    ways = ({box: str(key)}, {box: "1-1-101", f"{box}-id": str(key)}, {f"{box}-id": str(key)})
                    for typed in ways if field.is_reference and not at else ways[:1]:
                        answer = send(client, f"/admin/{form}/new/", {**typed, **shown})
                        assert answer.status_code == 422, (name, form, typed)
                        said = [one_ for one_ in told(answer.text) if one_.startswith(str(field.label))]
                        assert said, (name, form, typed, told(answer.text))
                        assert all(chinese(text) for text in said)
                        tried += 1
                    if not at:
                        page = client.get(f"/admin/{form}/new/?{box}={key}").text
                        assert "外人" not in page
                        assert "2-1-201" not in page or name != "specialist"
    assert tried > 40
    assert how_many() == before


def test_a_foreign_id_typed_into_a_step_moves_nothing(
    office: Estate, as_user: AsUser, foreign: dict[str, list[int]]
) -> None:
    order, complaint = office.order(), office.complaint()
    before = how_many()
    client = as_user("specialist")
    for address, box, more in (
        (f"/admin/work_order/step/dispatch/?id={order.id}", "assignee", {}),
        (f"/admin/complaint/step/accept/?id={complaint.id}", "handler", {"level": "general", "class_": "A"}),
    ):
        for key in (*foreign["user"], 10**9):
            for typed in ({box: str(key)}, {box: "郑师傅", f"{box}-id": str(key)}, {f"{box}-id": str(key)}):
                answer = send(client, address, {**more, **typed})
                assert answer.status_code == 422, typed
                assert len(told(answer.text)) == 1
    assert how_many() == before


def test_nor_by_editing_by_a_selection_or_by_a_sheet(office: Estate, foreign: dict[str, list[int]]) -> None:
    order = office.order()
    for box, keys in (
        ("unit", foreign["unit"]),
        ("building", foreign["building"]),
        ("customer", foreign["customer"]),
    ):
        for key in keys:
            with pytest.raises(WrongBoxes) as wrong:
                office.edit(order, "specialist", **{box: key, f"{box}-id": key})
            assert list(wrong.value.errors) == [box]
    cls: Any = registry["work_order"]
    with office.writing():
        (result,) = steps.perform_each(
            cls,
            [order.id],
            cls.steps["dispatch"],
            office.person("specialist"),
            Pairs({"assignee": foreign["user"][0]}),
        )
    assert result.refusal is not None
    assert result.refusal.kind == "guard"
    db.session.refresh(order)
    assert (order.state, order.assignee_id) == ("reported", None)


def test_what_a_line_of_another_record_is_called_takes_nothing_from_it(office: Estate) -> None:
    """The hidden id of a line table names only the record's own lines."""
    mine = office.create(
        "owner_register",
        "specialist",
        unit=office["1-1-101"],
        **lines("people", {"kind": "owner", "full_name": "王建国"}),
    )
    theirs = office.create(
        "owner_register",
        "specialist2",
        unit=office["2-1-201"],
        **lines("people", {"kind": "owner", "full_name": "李明"}),
    )
    key = theirs.people[0].id
    office.edit(
        mine, "specialist", **lines("people", {"kind": "owner", "full_name": "王建国", "id": str(key)})
    )
    db.session.expire_all()
    assert [person.full_name for person in theirs.people] == ["李明"]
    assert [person.full_name for person in mine.people] == ["王建国"]
    assert theirs.people[0].id == key


@pytest.mark.parametrize("name", ROLES)
def test_everything_a_look_up_offers_can_be_saved(
    office: Estate, foreign: dict[str, list[int]], name: str
) -> None:
    """In every reference box of every form and step this person fills in; and nothing foreign is among it."""
    with office.writing():
        office.set(db.session.get(User, office["repairer"]), "manager", active=False)
    person, offered = office.person(name), 0
    for form in FORMS:
        cls: Any = registry[form]
        asked = [saving.entered(cls, creating=True)] if access.may(person, cls, "create") else []
        if issubclass(cls, Form):
            mine = [
                step
                for step in cls.steps.values()
                if any(getattr(by, "code", "") in person.clauses for by in step.by)
            ]
            asked += [steps.asked_fields(row, cls) for row in mine]
        for fields in asked:
            for box, field in references(fields):
                if "-0-" in box or not field.is_reference:
                    continue
                rows = look_up.suggest(person, field.kind.target, "", limit=50)
                assert (
                    not {row.id for row in rows} & set(foreign[field.kind.target.name])
                    or name != "specialist"
                ), (form, box)
                for row in rows:
                    entry = Entry(person, [field]).read(Pairs({box: str(row), f"{box}-id": str(row.id)}))
                    assert not entry.errors, (form, box, row, entry.errors)
                    assert field.shown_when or entry.values[field.name] == row.id
                    offered += 1
    assert offered > 10


def test_a_colleague_is_offered_the_places_of_ones_own_office_only(office: Estate, as_user: AsUser) -> None:
    client = as_user("manager")
    for address in ("/admin/user/new/", f"/admin/user/edit/?id={office['specialist']}"):
        page = client.get(address).text
        assert "1栋" in page
        assert "枫" not in page, "another office's buildings are nobody's business here"
    answer = send(
        client,
        "/admin/user/new/",
        {"full_name": "新人", "username": "xin", "active": "1", "areas": str(office["枫1栋"])},
    )
    assert answer.status_code == 422


def test_what_one_is_not_shown_one_does_not_take_away(office: Estate, as_user: AsUser) -> None:
    """A colleague who also looks after a building of another office keeps it, whoever of this office edits
    them.
    """
    key, theirs = office["specialist"], office["枫1栋"]
    with office.writing():
        office.set(db.session.get(User, key), "manager", areas=[office["1栋"], theirs])
        version = db.session.get(User, key).version
    typed = {
        "full_name": "钱专员",
        "username": "specialist",
        "roles": "specialist",
        "active": "1",
        "version": str(version),
    }
    client = as_user("manager")
    assert (
        send(client, f"/admin/user/edit/?id={key}", {**typed, "areas": str(office["2栋"])}).status_code == 302
    )
    db.session.rollback()
    assert sorted(db.session.get(User, key).areas) == sorted([office["2栋"], theirs])


def test_a_line_names_no_foreign_customer(office: Estate, foreign: dict[str, list[int]]) -> None:
    """A line's customer is the register's own to find; one that is typed counts for nothing."""
    for unit, key in zip(("1-1-101", "1-1-102"), foreign["customer"], strict=True):
        person = {"kind": "owner", "full_name": "王建国", "customer": str(key), "customer-id": str(key)}
        register = office.create("owner_register", "specialist", unit=office[unit], **lines("people", person))
        assert register.people[0].customer_id not in foreign["customer"]
        assert register.people[0].customer.full_name == "王建国"


def test_what_stands_and_is_left_alone_stays_though_one_could_not_choose_it(
    office: Estate, as_user: AsUser, foreign: dict[str, list[int]]
) -> None:
    """An order of 1栋 names somebody of 2栋: the specialist of 1栋 changes its description, and what is typed
    over the name is looked up.
    """
    theirs, own = foreign["customer"][0], office.create("customer", "specialist", full_name="王小明").id
    order = office.order(customer=theirs)
    client, address = as_user("specialist"), f"/admin/work_order/edit/?id={order.id}"
    had = {
        **boxes(client.get(address).text),
        "category": "water",
        "channel": "phone",
        "urgency": "normal",
        "extent": "small",
    }
    assert (had["customer"], had["customer-id"]) == ("外人2-1-201", str(theirs))

    def edit(**typed: str) -> tuple[int, str, int | None]:
        db.session.rollback()
        version = db.session.get_one(registry["work_order"], order.id).version
        answer = send(client, address, {**had, "version": str(version), **typed})
        db.session.rollback()
        now: Any = db.session.get_one(registry["work_order"], order.id)
        return answer.status_code, now.description, now.customer_id

    assert edit(description="水管又漏了") == (302, "水管又漏了", theirs)
    assert edit(customer="没有这个人") == (422, "水管又漏了", theirs)
    other = {"customer-id": str(foreign["customer"][1])}
    assert edit(**other) == (422, "水管又漏了", theirs), "another one that can't be chosen"
    assert edit(customer="王小明") == (302, "厨房水管漏水", own), (
        "without a script the hidden box keeps its id"
    )
    assert edit(**{"customer-id": str(theirs)}) == (422, "厨房水管漏水", own), "it stands no longer"
