"""Every address, as each role and as nobody: opened exactly where a duty opens it, and what lies in another's
building isn't there.
"""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import STAFF, Estate, lines
from sending import token
from werkzeug.routing import Rule

from app.declare.duties import Clause, Holder
from app.declare.record import registry
from app.ground.database import db
from app.keep import history, history_verify

AsUser = Callable[[str], FlaskClient]
OPEN_TO_ALL = {"health", "login", "static", "home.static", "language", "theme", "favicon"}
FOR_THE_SIGNED_IN = {
    "home.index",
    "guide",
    "handbook",
    "handbook_page",
    "searching",
    "own_acts.index",
    "calls.index",
    "settings.index",
    "statistics.index",
    "statistics.workbook",
    "settings.one",
    "settings.withdraw",
    "profile",
    "profile_password",
    "first_password",
    "sign_out_everywhere",
    "logout",
}
OPERATIONS = {
    "index_view": "read",
    "details_view": "read",
    "create_view": "create",
    "edit_view": "edit",
    "export": "export",
    "print_view": "print",
    "reveal": "personal",
    "action_view": "read",
    "columns": "read",
    "attach": "attach",
    "detach": "edit",
    "file": "read",
    "imports": "import_",
    "look_up": "look_up",
    "reset_password": "edit",
    "scan": "read",
    "become": "read",
    "plan": "read",
    "file_view": "read",
}
NAMED_FURTHER = ("scan", "become", "plan")  # what more they name isn't there: a code's mark, a link, a plan


def duties(name: str, clauses: Any) -> bool:
    """Whether one of the clauses is this role's."""
    return any(isinstance(clause, Clause) and clause.role.name == name for clause in clauses)


def may(name: str, form: str, operation: str) -> bool:
    """What the declarations say of a role."""
    return duties(name, registry[form].access.by(operation))


@pytest.fixture
def records(office: Estate) -> dict[str, dict[str, Any]]:
    """One record of each form in building 1 and one in building 2."""
    keys: dict[str, dict[str, Any]] = {"1": {}, "2": {}}
    for place, unit, keeper in (("1", "1-1-101", "specialist"), ("2", "2-1-201", "specialist2")):
        here = keys[place]
        here["work_order"] = office.order(unit=office[unit], description=f"水管漏水{place}")
        here["complaint"] = office.complaint(unit=office[unit])
        here["key"] = office.create(
            "key", keeper, tag=f"A-0{place}", kind="unit", unit=office[unit], lendable="1"
        )
        here["key_loan"] = office.create(
            "key_loan",
            keeper,
            key=here["key"].id,
            borrower="郑师傅",
            phone="13700000001",
            reason="入户检修",
            borrower_kind="staff",
        )
        people = lines(
            "people", {"kind": "owner", "full_name": f"欧阳{place}", "phone": f"1390000002{place}"}
        )
        here["owner_register"] = office.create("owner_register", keeper, unit=office[unit], **people)
        here["release_slip"] = office.slip(unit=office[unit])
        here["customer"] = here["owner_register"].people[0].customer
        here["unit"] = here["building"] = here["user"] = here["office"] = None
    ids = {
        place: {form: key.id for form, key in here.items() if key is not None} for place, here in keys.items()
    }
    for place, unit in (("1", "1-1-101"), ("2", "2-1-201")):
        ids[place] |= {
            "unit": office[unit],
            "building": office[f"{place}栋"],
            "user": office["repairer"],
            "office": office["澄园"],
        }
    return ids


def token_of(client: FlaskClient) -> str:
    """A page every signed-in person has carries it."""
    return token(client, "/profile")


def outcome(answer: Any) -> str:
    """What became of a request, in a word."""
    if answer.status_code in (301, 302) and answer.headers["Location"].startswith("/login"):
        return "sign in"
    return {401: "sign in", 403: "refused", 404: "not there", 405: "no such way"}.get(
        answer.status_code, "open" if answer.status_code < 500 else f"broken {answer.status_code}"
    )


def steps_of(form: str) -> list[str]:
    """The names of a form's steps."""
    return list(getattr(registry.get(form), "steps", {}))


def over_a_selection(form: str) -> list[str]:
    """The names of the steps that a form declares for a selection."""
    return [name for name in steps_of(form) if registry[form].steps[name].bulk]  # type: ignore[attr-defined]


def ask(
    client: FlaskClient,
    rule: Rule,
    method: str,
    form: str,
    key: int,
    csrf_token: str,
    step: str = "",
    **more: str,
) -> str:
    """Go to an address with what it needs to be meant seriously."""
    address = rule.rule.replace("<form>", form).replace("<export_type>", "xlsx").replace("<step_name>", step)
    query = {"id": str(key), "q": "水管", "field": "phone" if form != "owner_register" else "emergency_phone"}
    if rule.endpoint.endswith(".index_view"):
        query = {}
    data: dict[str, Any] = {
        "csrf_token": csrf_token,
        "action": next(iter(over_a_selection(form) or steps_of(form)), ""),
        "rowid": str(key),
        **more,
    }
    if method == "POST" and "attach" in rule.endpoint:
        data["file"] = (io.BytesIO(b"no photo"), "a.jpg")
    answer = client.open(address, method=method, query_string=query, data=data if method == "POST" else None)
    answer.close()
    return outcome(answer)


def ways(app: Flask, form: str) -> list[tuple[Rule, str]]:
    """The addresses of a form, with their methods."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(set(rule.methods or ()) & {"GET", "POST"})
        if rule.endpoint.startswith(f"{form}.") or rule.rule.startswith("/admin/<form>/")
    ]


def test_no_address_is_unknown_here(app: Flask) -> None:
    """A new screen has to be thought of in this walk."""
    views = {"step", *OPERATIONS}
    for rule in app.url_map.iter_rules():
        form, _dot, view = rule.endpoint.rpartition(".")
        assert rule.endpoint in OPEN_TO_ALL | FOR_THE_SIGNED_IN or view in views or rule.endpoint in views, (
            rule
        )
        assert not form or form in registry or rule.endpoint in OPEN_TO_ALL | FOR_THE_SIGNED_IN, rule


def expected(name: str, form: str, view: str, missing: bool) -> str:
    """What the declarations say an address does for a role."""
    operation = OPERATIONS[view]
    if view == "reset_password" and not registry[form].signs_in:
        return "not there"
    if view in ("attach", "detach", "file", "reset_password") and not may(name, form, "read"):
        return "not there"
    if (
        view not in ("imports", "look_up", "file")
        and not may(name, form, "read")
        and view not in ("attach", "detach")
    ):
        return "refused"
    if view == "imports" and not registry[form].access.by("import_"):
        return "not there"
    if not may(name, form, operation):
        return "refused" if view != "look_up" else "open"
    return "not there" if missing else "open"


@pytest.mark.parametrize("name", STAFF)
def test_each_role_opens_what_its_duties_open(
    app: Flask, office: Estate, records: dict[str, Any], as_user: AsUser, name: str
) -> None:
    client = as_user(name)
    csrf_token, wrong = token_of(client), []
    for form, key in records["1"].items():
        for rule, method in ways(app, form):
            view = rule.endpoint.rpartition(".")[2]
            if view == "step":
                continue
            needs_more = {
                ("reveal", "POST"): form
                not in ("work_order", "complaint", "key_loan", "customer", "owner_register", "release_slip")
            }
            missing = view in ("detach", "file", *NAMED_FURTHER) or needs_more.get((view, method), False)
            missing = missing or (view == "file_view" and not registry[form].has_file)
            missing = missing or (view == "action_view" and not steps_of(form))
            wanted = expected(name, form, view, missing)
            if view == "action_view" and not over_a_selection(form) and wanted == "open":
                wanted = "refused"
            got = ask(client, rule, method, form, key, csrf_token)
            if got != wanted:
                wrong.append((method, rule.rule, form, "is", got, "should be", wanted))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("name", STAFF)
def test_each_role_is_offered_the_steps_of_its_duties(
    office: Estate, records: dict[str, Any], as_user: AsUser, name: str
) -> None:
    """A step out of its state is refused as well; here all is in its first state."""
    client, wrong = as_user(name), []
    for form, key in records["1"].items():
        cls: Any = registry[form]
        for step in getattr(cls, "steps", {}).values():
            answer = client.get(f"/admin/{form}/step/{step.name}/?id={key}")
            record = office.app and cls.query.session.get(cls, key)
            by = step.clauses(record)
            named = any(
                isinstance(clause, Holder) and getattr(record, f"{clause.field}_id") == office[name]
                for clause in by
            )
            able = may(name, form, "read") and record.state in step.source and (duties(name, by) or named)
            got = outcome(answer)
            if (got == "open") != able and not (able and got == "refused" and step.guards):
                wrong.append((form, step.name, got, able))
    assert not wrong, wrong


def test_nobody_gets_in(app: Flask, client: FlaskClient, records: dict[str, Any]) -> None:
    wrong = []
    for rule in app.url_map.iter_rules():
        for method in sorted(set(rule.methods or ()) & {"GET", "POST"}):
            form = (
                rule.endpoint.partition(".")[0]
                if rule.endpoint.partition(".")[0] in registry
                else "work_order"
            )
            if rule.endpoint in OPEN_TO_ALL:
                continue
            got = ask(
                client,
                rule,
                method,
                form,
                records["1"][form if form in records["1"] else "work_order"],
                "",
                "dispatch",
            )
            if got not in ("sign in", "no such way") and not (method == "POST" and got == "open"):
                wrong.append((method, rule.rule, got))
    assert not wrong, wrong


def test_nobody_changes_anything(
    app: Flask, client: FlaskClient, office: Estate, records: dict[str, Any]
) -> None:
    """With the token of the sign-in page, which anybody has."""
    csrf_token, key = token(client), records["1"]["work_order"]
    lines_before = [line.hash for line in history.lines("work_order", key)]
    for rule, method in ways(app, "work_order"):
        if method == "POST":
            assert ask(client, rule, method, "work_order", key, csrf_token, "dispatch") == "sign in", rule
    db.session.rollback()
    assert [line.hash for line in history.lines("work_order", key)] == lines_before


@pytest.mark.parametrize(
    "form",
    [
        *("work_order", "complaint", "key", "key_loan", "owner_register", "release_slip"),
        *("customer", "unit", "building"),
    ],
)
def test_a_specialist_finds_nothing_of_another_building(
    app: Flask, records: dict[str, Any], as_user: AsUser, form: str
) -> None:
    """By no address; not even that it exists."""
    client = as_user("specialist")
    csrf_token, foreign, wrong = token_of(client), records["2"][form], []
    for rule, method in ways(app, form):
        view = rule.endpoint.rpartition(".")[2]
        if view in ("index_view", "create_view", "columns", "action_view", "export", "imports", "look_up"):
            continue
        got = ask(
            client,
            rule,
            method,
            form,
            foreign,
            csrf_token,
            next(iter(getattr(registry[form], "steps", {})), "x"),
        )
        if got not in ("not there", "refused") or (
            got == "refused" and may("specialist", form, OPERATIONS.get(view, "read"))
        ):
            wrong.append((method, rule.rule, got))
    assert not wrong, wrong


@pytest.mark.parametrize(("name", "title"), [("other_manager", "冯经理"), ("other_specialist", "褚专员")])
def test_another_office_is_another_world(
    app: Flask, records: dict[str, Any], as_user: AsUser, name: str, title: str
) -> None:
    client = as_user(name)
    assert title in client.get("/").text
    for form in (
        "work_order",
        "complaint",
        "key",
        "key_loan",
        "owner_register",
        "customer",
        "unit",
        "building",
        "user",
    ):
        answer = client.get(f"/admin/{form}/details/?id={records['1'][form]}")
        assert answer.status_code in (403, 404), form
        for page in (
            f"/admin/{form}/",
            "/search?q=水管",
            f"/admin/{form}/look_up/?q=1-1-101",
            f"/admin/{form}/look_up/?q=欧阳",
        ):
            text = client.get(page).text
            assert "水管漏水1" not in text, page
            assert "欧阳1" not in text, page


def test_lists_searches_and_sheets_hold_ones_own_building_only(
    records: dict[str, Any], as_user: AsUser
) -> None:
    specialist, manager = as_user("specialist"), as_user("manager")
    for address in (
        "/admin/work_order/",
        "/admin/work_order/?q=水管",
        "/search?q=水管",
        "/admin/work_order/look_up/?q=水管",
        "/admin/work_order/print/",
        "/admin/unit/look_up/?q=2-1-201",
        "/admin/unit/look_up/?q=欧阳",
        "/search?q=欧阳",
        "/admin/owner_register/",
        "/admin/owner_register/print/",
    ):
        theirs, all_ = specialist.get(address).text, manager.get(address).text
        for mark in ("水管漏水2", "欧阳2", "2-1-201"):
            assert mark not in theirs.replace("q=2-1-201", ""), (address, mark)
        assert "水管漏水2" in all_ or "欧阳2" in all_ or "2-1-201" in all_ or "look_up" in address, address


def test_a_bulk_step_touches_nothing_foreign(
    office: Estate, records: dict[str, Any], as_user: AsUser
) -> None:
    client, cls = as_user("specialist"), registry["work_order"]
    order: Any = db.session.get(cls, records["2"]["work_order"])
    office.step(order, "dispatch", "specialist2", assignee=office["repairer"])
    rows = [str(order.id), "999999", "-1", "x"]
    data = {"csrf_token": token_of(client), "action": "start", "asked": "1", "rowid": rows}
    assert client.post("/admin/work_order/action/", data=data).status_code == 302
    db.session.rollback()
    assert order.state == "dispatched"


def test_only_declared_steps_act_on_a_selection(
    office: Estate, records: dict[str, Any], as_user: AsUser
) -> None:
    """The others are neither offered nor taken, whoever asks; voiding least of all."""
    forms = ("work_order", "complaint", "key", "key_loan")
    before = {form: len(history.lines(form, records["1"][form])) for form in forms}
    for name in STAFF:
        client = as_user(name)
        mark = token_of(client)
        for form in forms:
            page, key = client.get(f"/admin/{form}/").text, records["1"][form]
            for step in steps_of(form):
                if step in over_a_selection(form):
                    continue
                assert f'name="action" value="{step}"' not in page, (name, form, step)
                data = {
                    "csrf_token": mark,
                    "action": step,
                    "asked": "1",
                    "rowid": [str(key)],
                    "void_reason": "重复",
                    "remark": "重复",
                }
                assert client.post(f"/admin/{form}/action/", data=data).status_code == 403, (name, form, step)
    db.session.rollback()
    assert {form: len(history.lines(form, records["1"][form])) for form in forms} == before


def test_a_forged_dispatch_leaves_a_line_and_nothing_else(
    office: Estate, records: dict[str, Any], as_user: AsUser
) -> None:
    client, key = as_user("frontdesk"), records["1"]["work_order"]
    before = history.as_at("work_order", key)
    data = {"csrf_token": token_of(client), "assignee": str(office["repairer"]), "department": "engineering"}
    assert client.post(f"/admin/work_order/step/dispatch/?id={key}", data=data).status_code == 403
    db.session.rollback()
    assert history.as_at("work_order", key) == before
    last = history.lines("work_order", key)[-1]
    assert (last.act, last.user_id, last.changes) == ("refused:dispatch", office["frontdesk"], {})
    assert list(history_verify.verify([registry["work_order"]])) == []
    assert last.seq == 2


@pytest.mark.parametrize(
    "key", ["0", "-1", "999999", "1 OR 1=1", "1e3", "９", "٣", "", "1" * 40, "../1", "%00"]
)
def test_a_forged_id_is_as_if_it_were_not_there(as_user: AsUser, office: Estate, key: str) -> None:
    client = as_user("manager")
    for view in ("details", "edit", "print", "step/void", "file"):
        query = {"id": key} if view != "print" or key else {"id": "0"}
        assert client.get(f"/admin/work_order/{view}/", query_string=query).status_code == 404, view
