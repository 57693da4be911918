"""Names, days and decimals in the cells of hand-made registers; never changed in silence. No message quotes
what is personal.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from app.ground.language import gettext as _
from app.ground.names import fault_of_name
from app.workbook.sheet_cells import Parsed, fault_of, flat, is_nothing, parse_text
from app.workbook.sheet_reader import Cell

# A run of spaces is taken whole: tried at each of its lengths, a long one would take for ever.
_DAY = re.compile(
    r"(\d{4})\s*+[-./年\\]\s*+(\d{1,2})(?:\s*+[-./月\\]\s*+(\d{1,2})(?:\s*+[日号])?|\s*+月)?"
    r"(?:\s++\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_PACKED_DAY = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_TOO_LARGE = 1e15  # beyond it Excel keeps no single digit
_AMOUNT = re.compile(
    r"([-+\d.,]*+)(?:元|人民币|RMB|平方米|平米|平方|m2|㎡|每月|个月|月|·|/|m²)*+", re.IGNORECASE
)  # and its units


def parse_name(cell: Cell) -> Parsed:
    """A person's name: a text that holds no telephone, ID number or day."""
    read = parse_text(cell)
    fault = fault_of_name(read.value or "")
    return Parsed(None, (fault,)) if fault else read


def parse_day(cell: Cell) -> Parsed:
    """A day from Excel's date or serial number, ``2020年3月5日``, ``2020.3.5`` or ``20200305``; a month
    alone is its first day.
    """
    value, text = cell.value, flat(cell)
    if isinstance(value, datetime):
        return Parsed(value.date())
    if isinstance(value, date):
        return Parsed(value)
    if is_nothing(text) or fault_of(text):
        return fault_of(text) or Parsed()
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 10_000 <= value < 80_000:
        return Parsed(date(1899, 12, 30) + timedelta(days=int(value)))
    if re.fullmatch(r"\d{5}(\.0)?", text):
        return Parsed(
            date(1899, 12, 30) + timedelta(days=int(text[:5])),
            (),
            (_("A number was read as a day of Excel's; please check."),),
        )
    match = _DAY.fullmatch(text) or _PACKED_DAY.fullmatch(text)
    if match is None:
        return _no_day()
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if isinstance(value, float) and month == 1:
        return Parsed(
            None,
            (
                _(
                    "Excel keeps January and October alike as this number. Write it as 2020-10 in a cell of"
                    " text."
                ),
            ),
        )
    try:
        read = date(year, month, day or 1)
    except ValueError:
        return Parsed(None, (_("There is no such day as %(day)s.", day=text[:30]),))
    return Parsed(read, (), () if day else (_("Only the month is given; the first of it is taken."),))


def _no_day() -> Parsed:
    return Parsed(None, (_("This is not a day. Write it as 2020-03-05."),))


def parse_decimal(cell: Cell) -> Parsed:
    """A Decimal of 15 digits at most, as Excel shows it; thousands commas, ¥ and units after it (元, ㎡,
    元/㎡·月) are left off.
    """
    value, text = cell.value, flat(cell)
    if is_nothing(text) or fault_of(text):
        return fault_of(text) or Parsed()
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _TOO_LARGE:
        return Parsed(Decimal(format(value, ".15g")) + 0)
    amount = _AMOUNT.fullmatch(re.sub(r"[\s¥￥]", "", text))
    bare = amount[1] if amount else ""
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    try:
        if not re.fullmatch(r"[-+]?\d{1,15}(\.\d{1,10})?", bare):
            raise InvalidOperation
        return Parsed(Decimal(bare))
    except InvalidOperation:
        return Parsed(None, (_("This is not a number. Write only digits, such as 89.50."),))


def parse_positive(cell: Cell) -> Parsed:
    """A Decimal that can't be below zero: an area in m², an amount or a rate in yuan."""
    read = parse_decimal(cell)
    if read.value is not None and read.value < 0:
        return Parsed(None, (_("A number below zero makes no sense here."),))
    return read
