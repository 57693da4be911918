"""Charts as SVG from the server: coloured by classes alone, so that they follow the theme and print; the
numbers stand in a table beside each.
"""

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from app.lists.figures import Number

WIDE, HIGH, FOOT, HEAD = 720, 190, 20, 18
GAP = Decimal("0.32")  # of a column's room
FEW = 16  # columns up to which each has its value written above it
HUNDRED = Decimal(100)


def columns(title: str, numbers: Sequence[Number], of_a_hundred: bool) -> Markup:
    """A column for each number, the last one marked; nought-based, shares up to a hundred."""
    top = (
        HUNDRED
        if of_a_hundred
        else max((number.value or Decimal(0) for number in numbers), default=Decimal(0))
    )
    room = Decimal(WIDE) / max(len(numbers), 1)
    told = "；".join(f"{number.label} {number.text}" for number in numbers)
    drawn = [
        f'<svg class="columns" viewBox="0 0 {WIDE} {HIGH}" role="img"'
        f' aria-label="{escape(title)}: {escape(told)}">',
        f'<line class="ground" x1="0" y1="{HIGH - FOOT}" x2="{WIDE}" y2="{HIGH - FOOT}"/>',
    ]
    every = 1 if len(numbers) <= FEW else 5
    for at, number in enumerate(numbers):
        middle = round(room * at + room / 2, 1)
        high = _height(number.value, top)
        marked = ' class="now"' if at == len(numbers) - 1 else ""
        if high:
            left, width = round(room * at + room * GAP / 2, 1), round(room * (1 - GAP), 1)
            drawn.append(
                f'<rect{marked} x="{left}" y="{HIGH - FOOT - high}" width="{width}" height="{high}" rx="2"/>'
            )
        if len(numbers) <= FEW:
            drawn.append(
                f'<text class="value" x="{middle}" y="{HIGH - FOOT - high - 5}">{escape(number.text)}</text>'
            )
        if at % every == 0 or at == len(numbers) - 1:
            drawn.append(f'<text x="{middle}" y="{HIGH - 5}">{escape(number.label)}</text>')
    return Markup("".join([*drawn, "</svg>"]))  # noqa: S704  (every text in it is escaped)


def _height(value: Decimal | None, top: Decimal) -> Decimal:
    """How high a column stands; what is there at all can be seen."""
    if not value or value < 0 or not top:
        return Decimal(0)
    return max(round(value / top * (HIGH - FOOT - HEAD), 1), Decimal(1))


def length(number: Number, numbers: Sequence[Number], of_a_hundred: bool) -> Markup:
    """A row's length, beside its number."""
    top = HUNDRED if of_a_hundred else max((each.value or Decimal(0) for each in numbers), default=Decimal(0))
    wide = round(number.value / top * 100, 1) if number.value and top and number.value > 0 else Decimal(0)
    return Markup(
        '<svg class="length" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="room" width="100" height="8"/><rect width="{}" height="8"/></svg>'
    ).format(wide)
