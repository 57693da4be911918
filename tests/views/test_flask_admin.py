"""Flask-Admin runs the screens: its own views, over its own hooks, whatever an address asks of it."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from flask_admin.contrib.sqla import ModelView
from office import Estate
from sending import ORDER, send
from serving import ROOT

from views.form_view import FormView

AsUser = Callable[[str], FlaskClient]
VIEWS = ("index_view", "create_view", "edit_view", "details_view", "action_view")


@contextmanager
def run() -> Iterator[set[CodeType]]:
    """The functions that are called meanwhile."""
    called: set[CodeType] = set()

    def note(frame: FrameType, event: str, _value: Any) -> None:
        if event == "call":
            called.add(frame.f_code)

    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(None)


def test_its_views_run_for_every_form(as_user: AsUser, office: Estate) -> None:
    key = office.order().id
    reader, maker = as_user("manager"), as_user("frontdesk")
    place = "/admin/work_order"
    with run() as called:
        assert reader.get(f"{place}/").status_code == 200
        assert reader.get(f"{place}/details/?id={key}").status_code == 200
        assert send(maker, f"{place}/new/", ORDER).status_code == 302
        assert as_user("supervisor").get(f"{place}/edit/?id={key}").status_code == 200
        assert send(reader, f"{place}/action/", {"action": "print", "rowid": str(key)}).status_code == 302
    for name in VIEWS:
        assert getattr(ModelView, name).__wrapped__.__code__ in called, name


def test_nothing_private_of_it_is_overridden() -> None:
    """Its next version may do without any of them."""
    private = {name for name in vars(FormView) if name.startswith("_") and not name.startswith("__")}
    its_own = {name for cls in ModelView.__mro__ for name in vars(cls)}
    assert private & its_own <= {"_urls", "_default_view"}, "what its metaclass notes of every class"
    for name in VIEWS:
        assert getattr(FormView, name).__wrapped__ is getattr(ModelView, name).__wrapped__, name


def test_the_architecture_names_each_hook_that_is_used() -> None:
    """And no other: what stands there is true."""
    told = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    hooks = {
        name
        for line in re.findall(r"^\| (`.*?) \|", told, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", line)
    }
    seen = {name for cls in ModelView.__mro__ for name in vars(cls)}
    set_here = {*vars(FormView), "column_list", "column_labels", "column_details_list", "column_export_list"}
    set_here |= {"column_sortable_list", "form_columns"}
    exposed = {name for _address, name, _methods in FormView._urls}
    its_own = {name for name in seen & set_here if not name.startswith("_")} - exposed
    silent = {"column_auto_select_related", "ajax_lookup", "ajax_update", "delete_view"}
    assert hooks & seen == its_own - silent | {"action"} & seen, hooks ^ its_own


ODD = (
    "endpoint=x",
    "self=1",
    "_external=1",
    "_scheme=x",
    "_anchor=x&_method=y",
    "url=http://[",
    "url=//elsewhere.example/",
    "url=javascript:alert(1)",
    "page=" + "9" * 400,
    "page=-1&page_size=-1",
    "page_size=0",
    "page=٣",
    "sort=99&desc=1",
    "sort=-1",
    "modal=1",
    "flt0_0=1",
    "flt_=1&flt0=1&flt0_x=1",
    "flt" + "9" * 400 + "_0=x",
    "search=%00%ff&search=x",
    "id=1&id=2",
    "id=1,2",
    "view_args=x&kwargs=y&page_size=x",
)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_address_is_no_fault(as_user: AsUser, office: Estate, odd: str) -> None:
    key, client = office.order().id, as_user("supervisor")
    for address in (
        f"/admin/work_order/?{odd}",
        f"/admin/work_order/new/?{odd}",
        f"/admin/work_order/details/?id={key}&{odd}",
        f"/admin/work_order/edit/?id={key}&{odd}",
        f"/admin/work_order/details/?{odd}",
    ):
        answer = client.get(address)
        assert answer.status_code in (200, 302, 403, 404), (address, answer.status_code)
        assert answer.headers.get("Location", "/admin/work_order/") == "/admin/work_order/", address


@pytest.mark.parametrize(
    "onwards",
    ["http://[", "//elsewhere.example", "https://elsewhere.example", "\\\\elsewhere.example", "x" * 9000],
)
def test_a_form_leads_to_no_other_place(as_user: AsUser, office: Estate, onwards: str) -> None:
    key, client = office.order().id, as_user("frontdesk")
    for address, sent in (
        (f"/admin/work_order/new/?url={quote(onwards)}", {**ORDER, "submission": "m" * 20}),
        ("/admin/work_order/new/", {"url": onwards}),
        (f"/admin/work_order/edit/?id={key}", {**ORDER, "version": "1", "url": onwards}),
        ("/admin/work_order/action/", {"action": "press", "url": onwards}),
        ("/admin/work_order/action/", {"action": "no such", "url": onwards}),
    ):
        answer = send(client, address, sent)
        assert answer.status_code in (302, 403, 404, 409, 422), (address, answer.status_code)
        assert answer.headers.get("Location", "/admin/").startswith("/admin/"), address
