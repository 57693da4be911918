"""One box for numbers, units, names, phones and any two Chinese characters; within one's reach; personal
numbers only whole.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import Estate, lines

from app.act import personal_searches, search
from app.declare.kinds import PhoneKind
from app.declare.record import registry
from app.ground.database import db
from app.keep import history
from app.people import access

PHONE = "13812340042"


def found(office: Estate, words: str, name: str = "manager", form: str = "work_order") -> list[int]:
    """What somebody finds."""
    person = office.person(name)
    return search.Answers(
        search.understand(words), access.reach(person, registry[form].access.by("read")), form
    ).newest()


@pytest.fixture
def order(office: Estate) -> Any:
    """An order about a burst pipe in 3-1-1102, among others."""
    office.order(unit=office["2-1-201"], phone="13800000000", reporter="赵六", description="电梯异响")
    return office.order(
        unit=office["3-1-1102"], phone=PHONE, description="厨房水管爆裂，水漫到客厅 WiFi-Router v2"
    )


@pytest.mark.parametrize(
    "words",
    [
        "水管",
        "管爆",
        "爆裂",
        "客厅",
        "厨房水管",
        "水",
        "厨房 客厅",
        "陈女士",
        "女士",
        "3-1-1102",
        "３－１－１１０２",
        "311102",
        PHONE,
        "138-1234-0042",
        "１３８１２３４００４２",
        "0042",
        "wifi",
        "ROUTER",
        "wifi-router",
        "v2",
        "水管 0042",
        "3-1-1102 爆裂",
        " 水管　",
        "水管!!",
        "水*",
        "“水管”",
        "PG 水管",
    ],
)
def test_it_is_found_by(office: Estate, order: Any, words: str) -> None:
    assert found(office, words) == [order.id]


@pytest.mark.parametrize("words", ["31102", "138 1234 0042", "+8613812340042"])
def test_it_is_found_as_people_type_it(office: Estate, order: Any, words: str) -> None:
    assert found(office, words) == [order.id]


def test_it_is_found_by_its_number_in_parts_too(office: Estate, order: Any) -> None:
    for words in (order.number, order.number.lower(), order.number.replace("-", "")):
        assert found(office, words) == [order.id]


@pytest.mark.parametrize(
    "words",
    [
        "管水",
        "爆漏",
        "水管 电梯",
        "004",
        "42",
        "1381",
        "138",
        "1234",
        "8123",
        "12340042",
        "3812340042",
        "138123400",
        "1381234004",
        "138123400420",
        "tel",
        "tail",
        "1102x",
        "",
        " ",
        "*",
        "%",
        "_",
        '"',
        "OR",
        "水管 OR",
        "NOT",
        "😀",
        "@o1",
        "@a0",
        '" OR "',
        "tokens:水",
    ],
)
def test_nothing_is_found_by(office: Estate, order: Any, words: str) -> None:
    assert found(office, words) == []


@given(at=st.integers(0, 10), length=st.integers(1, 10))
def test_no_other_part_of_a_phone_finds_anybody(at: int, length: int) -> None:
    """What the tokens of a phone hold, and what any part of it asks for, never meet but for the whole and the
    last four.
    """
    part = PHONE[at : at + length]
    tokens = {*PhoneKind().tokens(PHONE), *search.split("陈女士")}
    wanted = search.understand(part)
    hit = bool(wanted) and all(set(group) & tokens for group in wanted.groups)
    assert hit == (part == "0042")


@pytest.mark.parametrize(
    "words",
    ["@tel" + PHONE, "tel" + PHONE, "TEL" + PHONE, "@id110105194912310021", "@tail0042", "tail0042", "@o1"],
)
def test_the_engines_own_tokens_are_not_typed(office: Estate, order: Any, words: str) -> None:
    assert found(office, words) == []
    assert not any(token.startswith("@") for group in search.understand(words).groups for token in group)


@pytest.mark.parametrize("phone", ["62345678", "010-62345678", "95533", "123456"])
def test_short_phones_are_found_whole(office: Estate, phone: str) -> None:
    order = office.order(phone=phone)
    assert found(office, phone) == [order.id]


def test_scope_is_part_of_the_question(office: Estate, order: Any) -> None:
    mine = office.order(description="水管漏水")
    everywhere = office.order(unit="", public_area="大门口", description="水管冻裂", phone="13700000009")
    foreign = office.order("other_frontdesk", unit=office["枫1-1-101"], description="水管漏水")
    assert found(office, "水管") == [everywhere.id, mine.id, order.id]
    assert found(office, "水管", "specialist") == [everywhere.id, mine.id]
    assert found(office, "水管", "specialist2") == [everywhere.id]
    assert found(office, "水管", "other_manager") == found(office, "水管", "other_specialist") == [foreign.id]
    assert found(office, PHONE, "specialist2") == []


def test_whoever_reads_no_such_records_finds_none(office: Estate) -> None:
    office.create("unit", "manager", code_name="1-1-103", building=office["1栋"])
    assert found(office, "1-1-103", "specialist", "unit") != []
    assert found(office, "钱专员", "specialist", "user") == []


def test_changes_are_found_and_what_was_is_not(office: Estate, order: Any) -> None:
    office.edit(order, "supervisor", description="阳台地漏", phone="13900001111")
    assert found(office, "地漏") == found(office, "1111") == [order.id]
    assert found(office, "爆裂") == found(office, PHONE) == []


def test_lines_are_found(office: Estate) -> None:
    register = office.create(
        "owner_register",
        "specialist",
        unit=office["1-1-101"],
        **lines(
            "people",
            {"kind": "owner", "full_name": "欧阳明月", "phone": PHONE, "id_number": "11010519491231002X"},
        ),
        **lines("vehicles", {"plate": "京A12345"}),
    )
    for words in ("欧阳", "阳明月", PHONE, "0042", "11010519491231002x", "A12345", "京A12345"):
        assert found(office, words, form="owner_register") == [register.id], words
    for words in ("110105", "19491231", "002X", "1949", "1101051949123100"):
        assert found(office, words, form="owner_register") == [], words


def test_newest_first_and_onwards(office: Estate) -> None:
    keys = [office.order(description="路灯不亮").id for _time in range(5)]
    person = office.person("manager")
    reach, query = access.reach(person, registry["work_order"].access.by("read")), search.understand("路灯")
    answers = search.Answers(query, reach, "work_order")
    assert answers.newest(2) == [keys[4], keys[3]]
    assert answers.newest(2, before=keys[3]) == [keys[2], keys[1]]
    assert answers.newest(2, after=keys[1]) == [keys[2], keys[3]]
    assert answers.count(3) == 3


@pytest.mark.parametrize("ground", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_no_plan_is_kept_for_any_word(office: Estate, order: Any) -> None:
    """PostgreSQL would go through all records for a rare word by the plan it kept for any; SQLite keeps
    none.
    """
    for _time in range(12):
        assert found(office, "水管") == [order.id]
    kept = db.session.execute(db.text("SELECT statement FROM pg_prepared_statements")).scalars()
    assert not [plan for plan in kept if "FROM search" in plan and "$" in plan]


def test_each_question_about_a_whole_number_that_is_masked_is_noted(office: Estate, order: Any) -> None:
    frontdesk = office.person("frontdesk")
    assert not personal_searches.sees_all(frontdesk)
    asked = personal_searches.understand(frontdesk, PHONE)
    assert asked.numbers == (PHONE,)
    assert [line.act for line in history.lines("user", frontdesk.id)][-1] == personal_searches.ACT
    for words in ("水管", "0042", "3-1-1102"):
        count = len(history.lines("user", frontdesk.id))
        personal_searches.understand(frontdesk, words)
        assert len(history.lines("user", frontdesk.id)) == count


def test_past_the_days_limit_nobody_is_found_by_number(office: Estate, order: Any) -> None:
    frontdesk = office.person("frontdesk")
    for at in range(40):
        personal_searches.understand(frontdesk, f"1390000{at:04}")
    reach = access.reach(frontdesk, registry["work_order"].access.by("read"))
    assert search.Answers(personal_searches.understand(frontdesk, PHONE), reach, "work_order").newest() == []
    assert search.Answers(personal_searches.understand(frontdesk, "水管"), reach, "work_order").newest() == [
        order.id
    ]


@given(words=st.text(max_size=60))
def test_any_text_is_a_question(words: str) -> None:
    query = search.understand(words)
    assert all(group and all(group) for group in query.groups)


NASTY = [
    "'; DROP TABLE search; --",
    '"',
    "'",
    "\\",
    "(",
    ")",
    "{",
    "}",
    "水管 AND (",
    "NEAR(水 管)",
    "^水",
    "-",
    "+",
    ":",
    "水管\x00",
    "a" * 500,
    "9" * 300,
    "水" * 300,
    "²",
    "①",
    "\u202e水管",
]


@pytest.mark.parametrize("words", NASTY)
def test_nasty_questions_are_answered(office: Estate, order: Any, words: str) -> None:
    assert set(found(office, words)) <= {order.id, order.id - 1}
