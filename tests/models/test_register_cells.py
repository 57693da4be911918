"""The cells of hand-made registers: telephones, ID numbers, days and decimals, never changed in silence."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workbook.sheet_reader import Cell
from models.estate.register_cells import parse_day, parse_decimal, parse_positive
from models.estate.register_columns import READERS
from models.estate.register_numbers import id_check_digit, parse_id_numbers, parse_phones

VALUES = st.one_of(
    st.none(),
    st.sampled_from(["电话", "合计", "序号", " ", "\u3000", "待补", "#N/A", "一期3栋"]),
    st.floats(allow_nan=False),
    st.integers(-5, 10**18),
    st.text(max_size=12),
    st.dates(),
    st.booleans(),
)


def cell(value: Any) -> Cell:
    return Cell("S", 1, "A", value)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_no_reader_ever_fails(value: Any) -> None:
    for read in READERS.values():
        parsed = read(cell(value))
        assert not (parsed.problems and parsed.value is not None)


@pytest.mark.parametrize(
    ("field", "word", "key"),
    [
        ("lives_here", "√", "yes"),
        ("lives_here", "×", "no"),
        ("sex", "女士", None),
        ("use", "已出租", "let"),
        ("kind", "301", None),
        ("is_company", "单位", "yes"),
        ("id_kind", "台胞证", "permit"),
    ],
)
def test_words_of_a_choice(field: str, word: str, key: str | None) -> None:
    assert READERS[field](cell(word)).value == (key if field != "sex" else word)


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (18900000000.0, ["18900000000"]),
        (13800000000, ["13800000000"]),
        ("１８９００００００００", ["18900000000"]),
        ("189-0000-0000", ["18900000000"]),
        (" 189 0000 0000 ", ["18900000000"]),
        ("18900000000.0", ["18900000000"]),
        ("18900000000/18900000001", ["18900000000", "18900000001"]),
        ("18900000000、18900000001；0755-88880000", ["18900000000", "18900000001", "075588880000"]),
        ("18900000000\n18900000001", ["18900000000", "18900000001"]),
        ("18900000000 18900000001", ["18900000000", "18900000001"]),
        ("（0755）88880000", ["075588880000"]),
        ("'18900000000", ["18900000000"]),
        ("18900000000（家）、18900000001(办公)", ["18900000000", "18900000001"]),
        ("+8618900000000", ["+8618900000000"]),
        ("无", None),
        ("-", None),
        (None, None),
        ("075588880000", ["075588880000"]),
    ],
)
def test_phones(value: Any, numbers: Any) -> None:
    assert parse_phones(cell(value)).value == numbers


@pytest.mark.parametrize(
    "value",
    ["1.38E+10", "1.89e10", 1.38e18, "张三", "189", 18900000000.5, date(2020, 1, 1), "#N/A", "18900000000张"],
)
def test_phones_that_cannot_be(value: Any) -> None:
    parsed = parse_phones(cell(value))
    assert parsed.problems
    assert parsed.value is None
    assert not any("189" in message for message in parsed.problems)


@pytest.mark.parametrize("value", ["18999999999", "13800000000", "00000000000", 13888888888.0])
def test_placeholder_phones_come_in_with_a_notice(value: Any) -> None:
    parsed = parse_phones(cell(value))
    assert parsed.value
    assert parsed.notices


def test_what_stands_in_brackets_beside_a_phone_is_told() -> None:
    assert parse_phones(cell("18900000000（微信）")).notices
    assert parse_phones(cell("18900000000（父）")).problems, "somebody else's"
    assert not parse_phones(cell("（0755）88880000")).notices
    assert parse_phones(cell("18900000000（或 18900000001）")).problems


@pytest.mark.parametrize(
    ("number", "doubtful"),
    [
        ("1391190001", True),
        ("139119000022", True),
        ("+861391190001", True),
        ("1591190", True),
        ("13911900001", False),
        ("+8613911900001", False),
        ("8390000", False),
        ("0571-83900001", False),
        ("010-62345678", False),
        ("12345", False),
        ("95588", False),
        ("4008001234", False),
        ("+12025550123", False),
        ("8390000112345", True),
    ],
)
def test_a_mobile_number_short_of_a_digit_comes_in_with_a_notice(number: str, doubtful: bool) -> None:
    parsed = parse_phones(cell(number))
    assert (parsed.value, bool(parsed.notices), parsed.problems) == ([number.replace("-", "")], doubtful, ())


@pytest.mark.parametrize(
    "written",
    ["83900001-801", "0571-83900001-801", "020-62980001转801", "8390001-8390002", "62980001 ext 12"],
)
def test_an_extension_is_no_part_of_a_number(written: str) -> None:
    assert parse_phones(cell(written)).problems


def test_two_numbers_with_a_space_between_are_two() -> None:
    assert parse_phones(cell("8390001 8390002")).value == ["8390001", "8390002"]
    assert parse_phones(cell("139 1190 0001")).value == ["13911900001"]
    assert parse_phones(cell("1391190-0001")).value == ["13911900001"]


def test_id_numbers() -> None:
    good = "11010119900307001" + id_check_digit("11010119900307001")
    assert parse_id_numbers(cell(good)).value == [good]
    assert not parse_id_numbers(cell(good)).notices
    assert parse_id_numbers(cell("11010519491231002x")).value == ["11010519491231002X"]
    assert not parse_id_numbers(cell("11010519491231002x")).notices
    assert parse_id_numbers(cell("110101 19900307 0000")).notices
    assert parse_id_numbers(cell("110101900307001")).value == ["110101900307001"]
    assert parse_id_numbers(cell(110101900307001.0)).value == ["110101900307001"]
    assert parse_id_numbers(cell("E12345678")).value == ["E12345678"]
    assert parse_id_numbers(cell("１１０１０１１９９００３０７００１１、E1234567")).value == [
        "110101199003070011",
        "E1234567",
    ]


@pytest.mark.parametrize(
    "value",
    [1.10101199001011e17, 110101199001011000, "1.10101E+17", "1.10101199001011E+17", 1.5, "张三身份证"],
)
def test_id_numbers_that_lost_digits(value: Any) -> None:
    assert parse_id_numbers(cell(value)).problems


@pytest.mark.parametrize(
    "value",
    [
        date(2020, 3, 5),
        datetime(2020, 3, 5, 13),
        43895.0,
        43895,
        "2020年3月5日",
        "2020.3.5",
        "2020/3/5",
        "2020-03-05",
        "20200305",
        20200305.0,
        "２０２０．３．５",
        "2020年03月05号",
        "2020-3-5 00:00:00",
        " 2020 年 3 月 5 日 ",
    ],
)
def test_days(value: Any) -> None:
    assert parse_day(cell(value)).value == date(2020, 3, 5)


def test_a_month_alone_is_its_first_day_with_a_notice() -> None:
    for text in ("2020年3月", "2020.3", "2020-03"):
        assert parse_day(cell(text)).value == date(2020, 3, 1)
        assert parse_day(cell(text)).notices


@pytest.mark.parametrize(
    "value", ["2020-02-31", "2020.13.1", "昨天", "20.3.5", time(1, 2), True, "#REF!", 5, "2020"]
)
def test_days_that_cannot_be(value: Any) -> None:
    assert parse_day(cell(value)).problems


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (89.5, "89.5"),
        (89, "89"),
        (0.1 + 0.2, "0.3"),
        ("89.50", "89.50"),
        ("８９．５㎡", "89.5"),
        ("1,234.50", "1234.50"),
        ("2.8元/㎡·月", "2.8"),
        ("¥3.2元/月", "3.2"),
        ("120 平方米", "120"),
        (-3.5, "-3.5"),
    ],
)
def test_decimals(value: Any, number: str) -> None:
    assert parse_decimal(cell(value)).value == Decimal(number)


def test_decimals_that_cannot_be() -> None:
    assert parse_decimal(cell("约九十")).problems
    assert parse_decimal(cell("1,5")).problems
    assert parse_positive(cell(-1.0)).problems
    assert parse_decimal(cell("NaN")).problems
