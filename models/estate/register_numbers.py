"""Telephone and ID numbers in the cells of hand-made sheets: as they are written or marked, never changed in
silence. No message quotes them.
"""

import re
from datetime import date

from app.ground.language import gettext as _
from app.workbook.sheet_cells import SEVERAL, Parsed, fault_of, flat, is_nothing
from app.workbook.sheet_reader import Cell

_LOST = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_MOBILE, _MOBILE_DIGITS, _MOST_DIGITS = re.compile(r"1[3-9]\d{5}"), 11, 12
_COUNTRY = re.compile(r"^(?:(?:\+|00)86|86(?=\d{10,}$))")
_EXTENSION = re.compile(r"(?<!\d)\d{7,8}\s*[-–—]\s*\d{1,8}(?!\d)|[转轉]|(?<![a-z])ext", re.IGNORECASE)
_OF_ONES_OWN = re.compile(
    r"同?微信(同号)?|手机|座机|固话|电话|家[里庭]?|住?宅|办公室?|单位|公司|本人|备用|常用|[新旧主]|移动|联通|电信"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _lost_digits() -> Parsed:
    return Parsed(
        None,
        (
            _(
                "Digits were lost because Excel kept this as a number. Format the cell as text and type it"
                " again."
            ),
        ),
    )


def parse_phones(cell: Cell) -> Parsed:
    """A list of telephone numbers, as digits (with + and extension where written); several parted by / 、 , ;
    or a line break.
    """
    text = flat(cell)
    if is_nothing(text):
        return Parsed()
    if (isinstance(cell.value, (int, float)) and not float(cell.value).is_integer()) or isinstance(
        cell.value, (date, bool)
    ):
        return Parsed(
            None, (_("This is not a telephone number. Format the cell as text and type it again."),)
        )
    if (isinstance(cell.value, float) and cell.value >= 1e15) or _LOST.fullmatch(text):
        return _lost_digits()
    if text.isdecimal() and text.isascii() and 5 <= len(text) <= 15:
        return Parsed([text], (), tuple(about_phone(text)))
    numbers: list[str] = []
    problems: list[str] = []
    notices = []
    for part in SEVERAL.split(_parted_by_space(text)):
        bare = re.sub(r"\([^()\d]*\)", "", part).strip()
        if bare and bare != part.strip():
            if all(_OF_ONES_OWN.fullmatch(word.strip()) for word in re.findall(r"\(([^()\d]*)\)", part)):
                notices.append(_("What stands in brackets beside the telephone number was left out."))
            else:
                problems.append(
                    _(
                        "What stands in brackets may say that the number is somebody else's. Give each person"
                        " a line or column."
                    )
                )
        _read_phone(bare, numbers, problems)
    fault = fault_of(text)
    if fault:
        return fault
    notices += [message for number in numbers for message in about_phone(number)]
    return Parsed(
        None if problems else numbers, tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(notices))
    )


def about_phone(number: str) -> list[str]:
    """What is doubtful about a telephone number: a placeholder, a mobile number short of a digit or with one
    too many, several in one.
    """
    bare = _COUNTRY.sub("", number)
    if is_placeholder(number):
        return [_("The telephone number looks like a placeholder; taken as written.")]
    if _MOBILE.match(bare) and len(bare) != _MOBILE_DIGITS:
        return [
            _("A mobile number has 11 digits; this one has %(count)s. Taken as written.", count=len(bare))
        ]
    if len(bare) > _MOST_DIGITS and not number.startswith(("+", "00")):
        return [
            _(
                "A telephone number has at most 12 digits; this one has %(count)s. Taken as written.",
                count=len(bare),
            )
        ]
    return []


def _parted_by_space(text: str) -> str:
    """A space between two whole numbers parts them; inside a number it is only spacing."""
    return re.sub(r"(?<!\d)(\d{7,12})[^\S\n]+(?=\d{7,12}(?!\d))", r"\1/", text)


def _read_phone(part: str, numbers: list[str], problems: list[str]) -> None:
    if is_nothing(part):
        return
    digits = re.sub(r"[\s\-–—_()·.'’]", "", re.sub(r"\.0$", "", part))
    if _LOST.fullmatch(part):
        problems.extend(_lost_digits().problems)
    elif _EXTENSION.search(part) and not (_MOBILE.match(digits) and len(digits) == _MOBILE_DIGITS):
        problems.append(
            _(
                "An extension has no place in a telephone number here. Write the number alone, and the"
                " extension as a remark."
            )
        )
    elif re.fullmatch(r"\+?\d{5,15}", digits):
        numbers.append(digits)
    else:
        problems.append(
            _(
                "This is not a telephone number (5 to 15 digits). Put names and remarks into a column of"
                " their own."
            )
        )


def is_placeholder(phone: str) -> bool:
    """Whether a number was typed only to fill the cell: its last seven digits are one digit, or a plain
    count.
    """
    tail = phone[-7:]
    return (
        len(set(tail)) == 1
        or phone in ("12345678901", "13812345678", "13123456789", "12345678910")
        or len(set(phone)) == 1
    )


def parse_id_numbers(cell: Cell) -> Parsed:
    """A list of ID numbers as written (no spaces, X in capitals); a wrong check digit is a notice, lost
    digits a problem.
    """
    text = flat(cell)
    if is_nothing(text):
        return Parsed()
    if (
        isinstance(cell.value, (int, float))
        and (not float(cell.value).is_integer() or abs(cell.value) >= 1e15)
    ) or _LOST.fullmatch(text):
        return _lost_digits()
    if text.isalnum() and re.fullmatch(r"\d{17}[\dX]", text):
        return Parsed([text], (), tuple(about_id(text)))
    numbers, problems, notices = [], [], []
    for part in SEVERAL.split(text.upper()):
        number = re.sub(r"\s|'|’", "", part)
        if is_nothing(number):
            continue
        if not re.fullmatch(r"[0-9A-Z()\-]{4,30}", number):
            problems.append(
                _(
                    "This is not an ID number (4 to 30 digits and letters). Put remarks into a column of"
                    " their own."
                )
            )
            continue
        numbers.append(number)
        notices.extend(about_id(number))
    return fault_of(text) or Parsed(
        None if problems else numbers, tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(notices))
    )


def about_id(number: str) -> list[str]:
    """What is doubtful about an ID number: its check digit, its length; nothing for other documents."""
    if re.fullmatch(r"\d{17}[\dX]", number):
        if id_check_digit(number[:17]) == number[17]:
            return []
        if number.endswith("000"):
            return [
                _(
                    "The ID number ends in 000 and its check digit is wrong: Excel may have lost its last"
                    " digits. Taken as written."
                )
            ]
        return [_("The check digit of the ID number is wrong; taken as written.")]
    if re.fullmatch(r"\d{16,17}|\d{19,}", number):
        return [_("The ID number has %(count)s digits instead of 18; taken as written.", count=len(number))]
    return []


def id_check_digit(first17: str) -> str:
    """The last sign of an 18-digit ID number (GB 11643, ISO 7064 MOD 11-2)."""
    return "10X98765432"[
        sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11
    ]
