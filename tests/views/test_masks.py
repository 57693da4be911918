"""Who sees a number masked can learn no more of it, however they ask: two thousand tries, and each try at a
whole number is written down.
"""

import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import Estate, lines
from sending import COMPLAINT, ORDER, asked_of, send, sentence

from app.act.personal_searches import ACT
from app.declare.kinds import PhoneKind, national
from app.ground.database import db
from app.keep import history, history_verify
from app.people.users import User

AsUser = Callable[[str], FlaskClient]
NUMBERS = {
    "mobile": "13812340042",
    "landline": "62345678",
    "far": "075512345678",
    "old": "2345678",
    "id": "11010519491231002X",
}
NAME = "欧阳明月"
ASKED = (
    "/admin/customer/look_up/?q={}",
    "/admin/unit/look_up/?q={}",
    "/search?q={}",
    "/admin/work_order/look_up/?q={}",
    "/admin/work_order/?search={}",
    "/admin/customer/?search={}",
    "/admin/owner_register/?search={}",
)


@pytest.fixture
def hidden(office: Estate) -> Any:
    """A household whose numbers front desk sees masked, in every form that holds such numbers."""
    people = [
        {
            "kind": "owner",
            "full_name": NAME,
            "phone": NUMBERS["mobile"],
            "phone2": NUMBERS["far"],
            "id_number": NUMBERS["id"],
        },
        {"kind": "family", "full_name": "欧阳小月", "phone": NUMBERS["landline"], "phone2": NUMBERS["old"]},
    ]
    office.create("owner_register", "specialist", unit=office["1-1-101"], **lines("people", *people))
    office.order(reporter=NAME, phone=NUMBERS["mobile"], description="欧阳家漏水")
    office.order(reporter=NAME, phone=NUMBERS["landline"], description="欧阳家跳闸")
    office.complaint(complainant=NAME, phone=NUMBERS["far"], statement="欧阳家投诉")
    return office


def won(answer: Any) -> bool:
    """Whether an answer leads to the household: names it, or goes straight to one of its records."""
    if answer.status_code == 302:
        return "details" in answer.location
    text = str(answer.json) if answer.is_json else answer.text[answer.text.index("<main") :]
    return "欧阳" in text


def is_label(part: str) -> bool:
    """Whether a part of a number is by chance one of the unit's own code."""
    return part in "1-1-101" or "11101".startswith(part) or part in ("1101", "101")


def tries(office: Estate) -> int:
    """How many tries at a whole number stand in front desk's own history."""
    db.session.rollback()
    line = history.Line
    asked = db.select(db.func.count()).where(
        line.form == "user", line.record_id == office["frontdesk"], line.act == ACT
    )
    return int(db.session.execute(asked).scalar_one())


def parts(number: str) -> set[str]:
    """Every part of a number that its mask hides something of."""
    every = {number[at:end] for at in range(len(number)) for end in range(at + 2, len(number) + 1)}
    return {
        part
        for part in every
        if part not in (number, number[-4:])
        and len(part) < 7
        and not number.endswith(part)
        and not is_label(part)
    }


@pytest.mark.long
def test_two_thousand_tries_win_no_digit(hidden: Estate, as_user: AsUser, ground: Any) -> None:
    office, client, chance = hidden, as_user("frontdesk"), random.Random(1)
    middles = [digits for digits in chance.sample(range(10_000), 600) if digits != 1234]
    whole = [f"138{middle:04}0042" for middle in middles] + [
        f"6{number:03}5678" for number in range(200) if number != 234
    ]
    chance.shuffle(whole)
    whole[60:60] = NUMBERS.values()  # the right ones come after the day's limit
    guesses = sorted(set().union(*(parts(number) for number in NUMBERS.values())))
    guesses += [
        f"{digits:05}" for digits in chance.sample(range(100_000), 1300) if not is_label(f"{digits:05}")
    ]
    asked = [(guess, ASKED[at % 4]) for at, guess in enumerate(whole)]
    asked += [(guess, ASKED[at % 3 if at % 9 else 4 + at // 9 % 3]) for at, guess in enumerate(guesses)]
    asked = asked if ground.url.startswith("sqlite") else asked[:100] + asked[-100:]
    wins = [(guess, address) for guess, address in asked if won(client.get(address.format(guess)))]
    assert len(asked) >= (2_000 if ground.url.startswith("sqlite") else 200)
    assert not wins, wins[:20]
    assert tries(office) >= sum(len(re.sub("[^0-9X]", "", guess)) >= 7 for guess, _address in asked), (
        "each is written down"
    )


def test_what_the_mask_leaves_open_finds_and_nothing_more(hidden: Estate, as_user: AsUser) -> None:
    client = as_user("frontdesk")
    for number in (NUMBERS["mobile"], NUMBERS["landline"], NUMBERS["far"], NUMBERS["old"]):
        shown = PhoneKind().mask(number)
        assert number not in shown.replace(" ", "")
        assert shown.endswith(number[-4:]), "one may search for the last four because one sees them"
        assert won(client.get(f"/admin/customer/look_up/?q={number[-4:]}"))
        assert not set(PhoneKind().tokens(number)) - {f"@tel{national(number)}", f"@tail{number[-4:]}"}
    assert PhoneKind().mask("95598") == "95598", "a service's number is no secret"


@pytest.mark.parametrize("name", ["frontdesk", "other_frontdesk"])
def test_no_page_sheet_or_message_holds_a_hidden_number(hidden: Estate, as_user: AsUser, name: str) -> None:
    """Pages, history, prints, columns one may choose, sheets, refusals, and what stands in boxes that are
    sent back.
    """
    client = as_user(name)
    secret = [*NUMBERS.values(), NUMBERS["mobile"][3:7], NUMBERS["id"][1:-1]]
    pages = ["/", "/search?q=欧阳"]
    for form in ("work_order", "complaint", "owner_register", "customer", "unit", "key_loan"):
        pages += [
            f"/admin/{form}/{view}"
            for view in (
                "",
                "print/",
                "?sort=phone",
                "?phone=1",
                "export/xlsx/?column=phone",
                "look_up/?q=欧阳",
                "import/",
                "print/?id=1",
            )
        ]
        pages += [
            f"/admin/{form}/{view}/?id={key}"
            for view in ("details", "edit", "step/dispatch", "step/accept")
            for key in (1, 2)
        ]
    for form in ("customer", "owner_register", "work_order"):
        send(
            client,
            f"/admin/{form}/columns/",
            {"column": ["number", "phone", "phone2", "id_number", "people", "emergency_phone", "head"]},
        )
    for page in pages:
        answer = client.get(page)
        text = answer.text.replace(answer.headers["X-Request-ID"], "")  # a number by chance, on error pages
        text = text[text.index("<main") :] if "<main" in text else text
        assert not [number for number in secret if number in re.sub(r'value="[^"]{40,}"', "", text)], page


def test_guesses_typed_into_a_form_are_told_nothing(hidden: Estate, as_user: AsUser) -> None:
    """No message says that somebody has this number already."""
    client = as_user("frontdesk")
    right = send(client, "/admin/work_order/new/", {**ORDER, "unit": "", "phone": NUMBERS["mobile"]})
    wrong = send(client, "/admin/work_order/new/", {**ORDER, "unit": "", "phone": "13812340043"})
    strip = re.compile(r'value="[^"]*"|[0-9a-f]{12}|nonce-\S+')
    assert strip.sub("", right.text) == strip.sub("", wrong.text)
    right = send(client, "/admin/complaint/new/", {**COMPLAINT, "phone": NUMBERS["far"]})
    wrong = send(client, "/admin/complaint/new/", {**COMPLAINT, "phone": "075512345679"})
    assert right.status_code == wrong.status_code == 302


def test_who_may_see_them_is_not_kept_from_work(hidden: Estate, as_user: AsUser) -> None:
    client = as_user("specialist")
    for _time in range(45):
        assert won(client.get(f"/admin/customer/look_up/?q={NUMBERS['mobile']}"))
    db.session.rollback()
    assert db.session.get(User, hidden["specialist"]).version == 1, "and nothing is noted of it"


def line_acts(office: Estate) -> list[str]:
    """What stands of tries in front desk's own history, oldest first."""
    db.session.rollback()
    return [line.act for line in history.lines("user", office["frontdesk"]) if line.act.startswith(ACT)]


def test_a_look_that_is_written_down_asks_no_more_for_many_rows_than_for_one(
    hidden: Estate, as_user: AsUser, app: Flask
) -> None:
    """What is written down is so before anything is read: no row is read again for it, one by one."""
    for tag in ("13900000077-01", *(f"13800000077-{at:02}" for at in range(8))):
        hidden.key(tag)
    asked: dict[str, int] = {}
    for number, rows in (("13800000099", 0), ("13900000077", 1), ("13800000077", 8)):
        client = as_user("frontdesk")
        client.get("/admin/key/look_up/?q=A")
        with asked_of(app) as said:
            answer = client.get(f"/admin/key/look_up/?q={number}")
        assert len(answer.json["found"]) == rows  # type: ignore[index]
        asked[number] = len(said)
    assert tries(hidden) == 3
    assert asked["13800000077"] == asked["13900000077"], asked


@pytest.mark.parametrize("number", [NUMBERS["mobile"], NUMBERS["landline"], NUMBERS["far"], NUMBERS["id"]])
def test_a_number_typed_sign_by_sign_is_one_look(hidden: Estate, as_user: AsUser, number: str) -> None:
    client = as_user("frontdesk")
    for end in range(1, len(number) + 1):
        answer = client.get(f"/admin/customer/look_up/?q={number[:end]}")
    assert won(answer), "whole, it finds whom it finds"
    for again in (number[:-1], number[:8], number):
        client.get(f"/search?q={again}")
    assert tries(hidden) == 1


def test_another_ending_is_another_look(hidden: Estate, as_user: AsUser) -> None:
    """Taking back a digit and typing another one is a new try; and past the day's limit nothing that goes on
    from one finds anybody.
    """
    client, number = as_user("frontdesk"), NUMBERS["mobile"]
    for at in range(39):
        client.get(f"/admin/customer/look_up/?q={number[:7]}")
        client.get(f"/admin/customer/look_up/?q={number[:7]}{at:04}")
    assert tries(hidden) == 39
    assert won(client.get(f"/admin/customer/look_up/?q={number}")), "the fortieth"
    client.get("/admin/customer/look_up/?q=13900000001")
    for end in range(7, 12):
        assert not won(client.get(f"/admin/customer/look_up/?q={number[:end]}"))
    assert list(history_verify.verify([User])) == []


@pytest.mark.parametrize(
    "day",
    [
        "2026-11-24",
        "2026-1-5",
        "2026-11-2",
        "20261124",
        "2026-11-24 水管",
        "1987-06-30",
        "12-1-1102",
        "41-2-2301",
    ],
)
def test_a_day_or_a_unit_is_no_look(hidden: Estate, as_user: AsUser, day: str) -> None:
    client = as_user("frontdesk")
    for end in range(1, len(day) + 1):
        for address in ASKED:
            client.get(address.format(day[:end]))
    assert line_acts(hidden) == []


def test_a_burst_passes_no_more_than_the_day_has(hidden: Estate, as_user: AsUser, app: Any) -> None:
    """Forty-two at once, each another number, all of them right: forty are told."""
    for at in range(42):
        hidden.order(description=f"欧阳{at}", phone=f"1390000{at:04}")
    cookie = as_user("frontdesk").get_cookie("session")
    db.session.remove()

    def ask(at: int) -> bool:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        return won(client.get(f"/admin/work_order/?search=1390000{at:04}"))

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(ask, range(42)))
    assert (sum(told), tries(hidden)) == (40, 42)
    assert list(history_verify.verify([User])) == []


@pytest.mark.parametrize(
    "number", ["①③⑨⓪⓪⓪⓪①②③④", "¹³⁹⁰⁰⁰⁰¹²³⁴", "₁₃₉₀₀₀₀₁₂₃₄", "❶❸❾⓿⓿⓿⓿❶❷❸❹", "➀➂➈⓪⓪⓪⓪➀➁➂➃", "⑬⑨⓪⓪⓪⓪⑫㉞"]
)
def test_a_number_in_rings_is_no_name_either(office: Estate, as_user: AsUser, number: str) -> None:
    client = as_user("frontdesk")
    answer = send(client, "/admin/work_order/new/", {**ORDER, "reporter": f"老李{number}"})
    assert (answer.status_code, "电话号码" in sentence(answer.text)) == (422, True)
    assert send(client, "/admin/work_order/new/", {**ORDER, "reporter": "老李②"}).status_code == 302
