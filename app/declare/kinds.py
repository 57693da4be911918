"""Field kinds: those of numbers, times and personal data; with them all the others, under one name.

Each knows its column, its widget, how it is typed, checked, shown, masked, filtered, searched, printed, kept
in history and put in a sheet.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Date, String
from sqlalchemy.types import TypeEngine

from app.declare.filters import Days, DaysOfMoments
from app.declare.filters import Filter as Filter
from app.declare.kind import ChoiceKind as ChoiceKind
from app.declare.kind import ChoicesKind as ChoicesKind
from app.declare.kind import Kind as Kind
from app.declare.kind import LinesKind as LinesKind
from app.declare.kind import LongTextKind as LongTextKind
from app.declare.kind import NameKind as NameKind
from app.declare.kind import ReferenceKind as ReferenceKind
from app.declare.kind import ReferencesKind as ReferencesKind
from app.declare.kind import TextKind as TextKind
from app.declare.kind import YesNoKind as YesNoKind
from app.ground import clock
from app.ground.database import Moment, Scaled
from app.ground.language import gettext as _
from app.ground.language import money, shortened, show_day, show_moment
from app.ground.text import YEARS, clean, moment, narrow, number

MOBILE = 11  # digits of a mobile number
WHOLE = 7  # digits from which on a number may be somebody's own telephone


class UserNameKind(TextKind):
    """A name for signing in, typed on any keyboard: kept in half-width letters, digits, dots, dashes and
    underscores.
    """

    _fits = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}")

    def __init__(self) -> None:
        super().__init__(40)

    def parse(self, typed: str) -> str:
        name = narrow(typed).strip()
        if not self._fits.fullmatch(name):
            raise ValueError(_("A user name has 2 to 40 letters, digits, dots, dashes and underscores."))
        return name


class WholeKind(Kind):
    """A whole number between two bounds."""

    widget = "number"
    example = "3"
    sheet = "whole"
    numeric = True
    tells_alone = False
    width = 8

    def __init__(self, min: int = 0, max: int = 1_000_000_000) -> None:
        self.min, self.max = min, max

    def column(self) -> TypeEngine[Any]:
        return BigInteger()

    def parse(self, typed: str) -> int:
        digits = number(typed)
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", digits):
            raise ValueError(_("Please write a whole number."))
        if not self.min <= int(digits) <= self.max:
            raise ValueError(_("Between %(min)s and %(max)s, please.", min=self.min, max=self.max))
        return int(digits)

    def says_nothing(self, value: int | None) -> bool:
        return not value

    def of_key(self, text: str) -> int:
        return self.parse(text)


class DecimalKind(Kind):
    """A number with a fixed count of places, exact."""

    widget = "number"
    numeric = True
    places: ClassVar[int] = 2
    width = 10

    def __init__(self, min: Decimal = Decimal(0), max: Decimal = Decimal("999999999.99")) -> None:
        self.min, self.max = min, max

    def column(self) -> TypeEngine[Any]:
        return Scaled(self.places)

    def parse(self, typed: str) -> Decimal:
        try:
            amount = Decimal(number(narrow(typed).strip().removeprefix("¥").removesuffix("元")))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or abs(amount) > Decimal(10) ** 15:
            raise ValueError(_("Please write a number, such as %(example)s.", example="128.50"))
        if amount != round(amount, self.places):
            raise ValueError(_("At most %(places)s decimal places.", places=self.places))
        if amount < self.min:
            raise ValueError(_("Not less than %(min)s, please.", min=self.min))
        if amount > self.max:
            raise ValueError(_("Not more than %(max)s, please.", max=self.max))
        return amount.quantize(Decimal(1).scaleb(-self.places))

    def rounded(self, value: Decimal | None) -> Decimal | None:
        """Half a unit of the last place goes up, as the office counts."""
        return (
            None if value is None else Decimal(value).quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        )

    def typed(self, value: Decimal) -> str:
        return f"{value:f}"

    def show(self, value: Decimal) -> str:
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def says_nothing(self, value: Decimal | None) -> bool:
        return not value

    def of_key(self, text: str) -> Decimal:
        return self.parse(text)

    def dump(self, value: Decimal) -> str:
        return f"{value:f}"

    def load(self, kept: str) -> Decimal:
        return Decimal(kept)


class AmountKind(DecimalKind):
    """Money in yuan, exact to the fen."""

    example = "128.50"
    sheet = "amount"

    def show(self, value: Decimal) -> str:
        return money(value)


class QuantityKind(DecimalKind):
    """How much or how many, to a thousandth."""

    places = 3
    example = "89.5"
    sheet = "quantity"


class RateKind(DecimalKind):
    """A price or share per unit, to a ten-thousandth."""

    places = 4
    example = "2.8"
    sheet = "rate"


class DayKind(Kind):
    """A day."""

    widget = "day"
    tells_when = True
    filter = Days()
    example = "2026-11-24"
    sheet = "date"
    width = 11

    def column(self) -> TypeEngine[Any]:
        return Date()

    def parse(self, typed: str) -> date:
        match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?", narrow(typed))
        try:
            day = date(*map(int, match.groups())) if match else None
        except ValueError:
            day = None
        if day is None:
            raise ValueError(_("There is no such day; please write it as %(example)s.", example="2026-11-24"))
        if day.year not in YEARS:
            raise ValueError(_("The year must lie between 1900 and 2200."))
        return day

    def typed(self, value: date) -> str:
        return value.isoformat()

    def typed_cell(self, value: Any) -> str:
        return f"{value:%Y-%m-%d}" if isinstance(value, date) else clean(str(value))

    def show(self, value: date) -> str:
        return show_day(value)

    def dump(self, value: date) -> str:
        return value.isoformat()

    def load(self, kept: str) -> date:
        return date.fromisoformat(kept)

    def of_key(self, text: str) -> date:
        return self.parse(text)


class MomentKind(Kind):
    """A moment: typed and shown by the office's clock, kept in UTC."""

    widget = "moment"
    tells_when = True
    filter = DaysOfMoments()
    example = "2026-11-24 14:30"
    sheet = "moment"
    sheet_kept = "stored"
    width = 16

    def column(self) -> TypeEngine[Any]:
        return Moment()

    def parse(self, typed: str) -> datetime:
        day, _sep, clock_time = narrow(typed).replace("T", " ").partition(" ")
        match = re.fullmatch(r"(\d{1,2})[:：](\d{2})(?:[:：]\d{2}(?:\.\d+)?)?", clock_time.strip() or "00:00")
        if not match or int(match[1]) > 23 or int(match[2]) > 59:
            raise ValueError(_("The time lies between 00:00 and 23:59."))
        at = DayKind().parse(day)
        return clock.from_local(datetime(at.year, at.month, at.day, int(match[1]), int(match[2])))

    def typed(self, value: datetime) -> str:
        return f"{clock.local(value):%Y-%m-%dT%H:%M}"

    def show(self, value: datetime) -> str:
        return show_moment(value)

    def brief(self) -> Callable[[str], str]:
        today = show_day(clock.today())
        return lambda text: shortened(text, today)

    def dump(self, value: datetime) -> str:
        return value.isoformat()

    def load(self, kept: str) -> datetime:
        return datetime.fromisoformat(kept)

    def key(self, value: datetime) -> str:
        return value.isoformat()

    def of_key(self, text: str) -> datetime | None:
        return moment(text)

    def cell(self, value: datetime) -> datetime:
        return clock.local(value).replace(tzinfo=None)

    def typed_cell(self, value: Any) -> str:
        return f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, date) else clean(str(value))


def national(number: str) -> str:
    """A telephone number's digits without China's country code."""
    return re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", number).lstrip("+")


class PhoneKind(Kind):
    """A telephone number: found whole or by its last four digits, which the mask leaves open; a short one is
    a service's, shown and found as it is.
    """

    widget = "phone"
    personal = True
    mono = True
    width = 14

    def column(self) -> TypeEngine[Any]:
        return String(20)

    def parse(self, typed: str) -> str:
        digits = re.sub(r"[\s\-\u2010-\u2015\u2212()]", "", narrow(typed))
        if not re.fullmatch(r"\+?[0-9]{5,15}", digits):
            raise ValueError(
                _("A telephone number has 5 to 15 digits, such as %(example)s.", example="13900000000")
            )
        mobile = re.sub(r"^(?:\+|00)86", "", digits)
        if re.fullmatch("1[3-9][0-9]{6,11}", mobile) and len(mobile) != MOBILE:
            raise ValueError(
                _(
                    "A mobile number has 11 digits; this one has %(count)s. Please ask again.",
                    count=len(mobile),
                )
            )
        return digits

    def mask(self, value: str) -> str:
        if len(national(value)) < WHOLE:
            return value
        return f"{value[:3]} **** {value[-4:]}" if len(value) >= 11 else "****" + value[-4:]

    def tokens(self, value: str) -> Iterable[str]:
        digits = national(value)
        if len(digits) < WHOLE:
            return (digits,)
        return (f"@tel{digits}", f"@tail{digits[-4:]}")


class IdNumberKind(Kind):
    """An identity or registration number: found only whole, shown by its ends."""

    widget = "id"
    personal = True
    mono = True
    width = 21

    def column(self) -> TypeEngine[Any]:
        return String(30)

    def parse(self, typed: str) -> str:
        digits = re.sub(r"\s", "", narrow(typed)).upper()
        if not re.fullmatch(r"[0-9A-Z()\-]{4,30}", digits):
            raise ValueError(_("4 to 30 digits and letters, please."))
        return digits

    def mask(self, value: str) -> str:
        return value[:1] + "*" * max(len(value) - 2, 2) + value[-1:]

    def tokens(self, value: str) -> Iterable[str]:
        return (f"@id{re.sub(r'[^0-9a-z]', '', value.lower())}",)


class PhotosKind(Kind):
    """Photos that a step's dialog takes; no column but the record's own files."""

    widget = "photos"
    takes_files = True

    def __init__(self, of: str) -> None:
        self.of = of


class ReasonKind(LongTextKind):
    """Why somebody took a step though something stood open."""

    aside = True

    def __init__(self) -> None:
        super().__init__(300)
