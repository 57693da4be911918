"""What is typed as a number, a telephone, a name: read as it is meant, or refused; signs that nobody sees are
left out.
"""

from decimal import Decimal

import pytest
from office import Estate, WrongBoxes

from app.act import search
from app.declare.kinds import AmountKind, PhoneKind, WholeKind
from app.declare.record import registry
from app.ground.language import gettext as _
from app.ground.text import clean
from app.people import access


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,234.50", "1234.50"),
        ("１，２３４．５０", "1234.50"),
        ("¥1,234,567", "1234567.00"),
        ("￥128.5元", "128.50"),
        ("-0", "0.00"),
        ("3000", "3000.00"),
        ("3,000", "3000.00"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("12 元", "12.00"),
    ],
)
def test_an_amount_is_read(office: Estate, typed: str, value: str) -> None:
    assert AmountKind().parse(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    [
        "3,0",
        "3,00",
        "1,23",
        "12,34.50",
        "1,2345",
        ",5",
        "1,",
        "1.234,50",
        "1,234,5",
        "1_000",
        "1e3",
        "1 234",
        "٣",
        "3。0",
    ],
)
def test_what_is_no_amount_is_refused(office: Estate, typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        AmountKind().parse(typed)
    if "." not in typed:
        with pytest.raises(ValueError, match=r"."):
            WholeKind().parse(typed)


@pytest.mark.parametrize(
    "sign",
    [
        "\u200b",
        "\u200c",
        "\u200d",
        "\u2060",
        "\u00ad",
        "\ufe0d",
        "\ufe0f",
        "\u2066",
        "\u202d",
        "\u180e",
        "\u3164",
        "\U000e0100",
    ],
)
def test_signs_that_nobody_sees_are_left_out(office: Estate, sign: str) -> None:
    order = office.order(phone=f"1391190{sign}0001", reporter=f"赵{sign}钱孙")
    assert (order.phone, order.reporter) == ("13911900001", "赵钱孙")
    reach = access.reach(office.person("manager"), registry["work_order"].access.by("read"))
    for words in ("赵钱孙", f"赵{sign}钱孙", f"13911900{sign}001"):
        assert search.Answers(search.understand(words), reach, "work_order").newest() == [order.id], ascii(
            words
        )


def test_what_joins_a_picture_stays() -> None:
    for text in (
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\u2764\ufe0f",
        "\U0001f3f3\ufe0f\u200d\U0001f308",
        "1\ufe0f\u20e3",
    ):
        assert clean(text) == text, ascii(text)


@pytest.mark.parametrize("typed", ["1391190001", "139119000022", "+86 139 1190 001", "13911900"])
def test_a_mobile_number_short_of_a_digit_is_told(office: Estate, typed: str) -> None:
    with pytest.raises(WrongBoxes) as wrong:
        office.order(phone=typed)
    assert list(wrong.value.errors) == ["phone"]
    assert wrong.value.errors["phone"] == _(
        "A mobile number has 11 digits; this one has %(count)s. Please ask again.",
        count=len(typed.replace(" ", "").removeprefix("+86")),
    )


@pytest.mark.parametrize(
    "typed",
    [
        "13911900001",
        "+8613911900001",
        "8390000",
        "0571-83900001",
        "010-62345678",
        "95533",
        "12345",
        "400 800 1234",
        "139\u20111190\u20110001",
    ],
)
def test_other_telephones_are_taken(typed: str) -> None:
    assert PhoneKind().parse(typed)


def test_a_number_that_stands_already_is_not_judged_again(office: Estate) -> None:
    """A sheet brought it in with a notice; whoever mends something else may save."""
    order = office.order()
    with office.writing():
        order.phone = "1391190001"
    assert office.edit(order, "supervisor", description="改了")
    assert order.phone == "1391190001"
    with pytest.raises(WrongBoxes):
        office.edit(order, "supervisor", phone="1391190002")
