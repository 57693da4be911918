"""Field kinds: each knows its column, its widget, how it is typed, checked, shown, masked, searched, kept in history and put in a sheet."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Date, String, Text
from sqlalchemy.types import TypeEngine

from app import clock
from app.database import Json, Moment, Scaled
from app.language import gettext as _
from app.language import money, show_day, show_moment

# Controls, and the marks that turn the writing direction around: they hide what a text says.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """A typed text without control characters and direction marks, line ends as ``\\n``, no space around."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).encode("utf-8", "ignore").decode().strip()


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as their half-width ones."""
    return unicodedata.normalize("NFKC", text)


class Kind:
    """What all kinds share; a plain text kind is closest to it."""

    widget: ClassVar[str] = "text"
    sheet: ClassVar[str] = "text"
    numeric: ClassVar[bool] = False
    personal: ClassVar[bool] = False
    width: ClassVar[int] = 14

    def column(self) -> TypeEngine[Any]:
        """The column's type."""
        return Text()

    def parse(self, typed: str) -> Any:
        """The value of what was typed (never empty). Raises ValueError with a sentence for the person."""
        return typed

    def typed(self, value: Any) -> str:
        """A value as one would type it."""
        return str(value)

    def show(self, value: Any) -> str:
        """A value as people read it."""
        return self.typed(value)

    def mask(self, value: Any) -> str:
        """A value without what only some may see."""
        return self.show(value)

    def dump(self, value: Any) -> Any:
        """A value for the history, as JSON."""
        return value

    def load(self, kept: Any) -> Any:
        """A value back from the history."""
        return kept

    def words(self, value: Any) -> str:
        """What of a value can be found by words; empty where nothing is."""
        return ""

    def tokens(self, value: Any) -> Iterable[str]:
        """What of a value can be found only whole."""
        return ()

    def cell(self, value: Any) -> Any:
        """A value for a sheet's typed cell."""
        return value


class TextKind(Kind):
    """One line of text."""

    def __init__(self, max: int = 200) -> None:
        self.max = max
        self.width = 28 if max > 60 else 14

    def column(self) -> TypeEngine[Any]:
        return String(self.max)

    def parse(self, typed: str) -> str:
        found = typed if self.widget == "long" else typed.replace("\n", " ")
        if len(found) > self.max:
            raise ValueError(_("At most %(max)s characters; these are %(count)s.", max=self.max, count=len(found)))
        return found

    def words(self, value: str) -> str:
        return value


class LongTextKind(TextKind):
    """Text of several lines."""

    widget = "long"

    def __init__(self, max: int = 2000) -> None:
        super().__init__(max)
        self.width = 40

    def column(self) -> TypeEngine[Any]:
        return Text()


class NameKind(TextKind):
    """A person's name."""

    def __init__(self, max: int = 60) -> None:
        super().__init__(max)


class ChoiceKind(Kind):
    """One of a list: the key is stored, the label is read."""

    widget = "choice"
    width = 10

    def __init__(self, options: Mapping[str, Any], scale: bool = False) -> None:
        self.options = dict(options)
        self.scale = scale

    def column(self) -> TypeEngine[Any]:
        return String(24)

    def parse(self, typed: str) -> str:
        if typed not in self.options:
            raise ValueError(_("Please choose from the list."))
        return typed

    def show(self, value: str) -> str:
        return str(self.options.get(value, value))

    def cell(self, value: str) -> str:
        return self.show(value)


class ChoicesKind(ChoiceKind):
    """Several of a list."""

    widget = "choices"

    def column(self) -> TypeEngine[Any]:
        return Json

    def parse(self, typed: str) -> Any:
        return [super(ChoicesKind, self).parse(one) for one in dict.fromkeys(typed.split("\n")) if one]

    def typed(self, value: Any) -> str:
        return "\n".join(value)

    def show(self, value: Any) -> str:
        return "、".join(str(self.options.get(one, one)) for one in value)


class YesNoKind(Kind):
    """Yes or no; unticked is no."""

    widget = "tick"
    sheet = "yes_no"
    width = 6

    def column(self) -> TypeEngine[Any]:
        return Boolean()

    def parse(self, typed: str) -> bool:
        return typed not in ("", "0", "false", "no", "off")

    def typed(self, value: bool) -> str:
        return "1" if value else ""

    def show(self, value: bool) -> str:
        return _("Yes") if value else _("No")

    def cell(self, value: bool) -> str:
        return self.show(value)


class WholeKind(Kind):
    """A whole number between two bounds."""

    widget = "number"
    sheet = "whole"
    numeric = True
    width = 8

    def __init__(self, min: int = 0, max: int = 1_000_000_000) -> None:
        self.min, self.max = min, max

    def column(self) -> TypeEngine[Any]:
        return BigInteger()

    def parse(self, typed: str) -> int:
        found = narrow(typed).replace(",", "")
        if not re.fullmatch(r"[+-]?\d{1,18}", found):
            raise ValueError(_("Please write a whole number."))
        if not self.min <= int(found) <= self.max:
            raise ValueError(_("Between %(min)s and %(max)s, please.", min=self.min, max=self.max))
        return int(found)


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
            found = Decimal(narrow(typed).replace(",", "").replace("¥", "").replace("元", "").strip())
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or abs(found) > Decimal(10) ** 15:
            raise ValueError(_("Please write a number, such as %(example)s.", example="128.50"))
        if found != round(found, self.places):
            raise ValueError(_("At most %(places)s decimal places.", places=self.places))
        if found < self.min:
            raise ValueError(_("Not less than %(min)s, please.", min=self.min))
        if found > self.max:
            raise ValueError(_("Not more than %(max)s, please.", max=self.max))
        return found.quantize(Decimal(1).scaleb(-self.places))

    def typed(self, value: Decimal) -> str:
        return f"{value:f}"

    def show(self, value: Decimal) -> str:
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def dump(self, value: Decimal) -> str:
        return f"{value:f}"

    def load(self, kept: str) -> Decimal:
        return Decimal(kept)


class AmountKind(DecimalKind):
    """Money in yuan, exact to the fen."""

    sheet = "amount"

    def show(self, value: Decimal) -> str:
        return money(value)


class QuantityKind(DecimalKind):
    """How much or how many, to a thousandth."""

    places = 3
    sheet = "quantity"


class RateKind(DecimalKind):
    """A price or share per unit, to a ten-thousandth."""

    places = 4
    sheet = "rate"


class DayKind(Kind):
    """A day."""

    widget = "day"
    sheet = "date"
    width = 11

    def column(self) -> TypeEngine[Any]:
        return Date()

    def parse(self, typed: str) -> date:
        found = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?", narrow(typed))
        try:
            day = date(*map(int, found.groups())) if found else None
        except ValueError:
            day = None
        if day is None:
            raise ValueError(_("There is no such day; please write it as %(example)s.", example="2026-11-24"))
        if not 1900 <= day.year <= 2200:
            raise ValueError(_("The year must lie between 1900 and 2200."))
        return day

    def typed(self, value: date) -> str:
        return value.isoformat()

    def show(self, value: date) -> str:
        return show_day(value)

    def dump(self, value: date) -> str:
        return value.isoformat()

    def load(self, kept: str) -> date:
        return date.fromisoformat(kept)


class MomentKind(Kind):
    """A moment: typed and shown by the office's clock, kept in UTC."""

    widget = "moment"
    sheet = "moment"
    width = 16

    def column(self) -> TypeEngine[Any]:
        return Moment()

    def parse(self, typed: str) -> datetime:
        day, _sep, clock_time = narrow(typed).replace("T", " ").partition(" ")
        found = re.fullmatch(r"(\d{1,2})[:：](\d{2})(?:[:：]\d{2}(?:\.\d+)?)?", clock_time.strip() or "00:00")
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValueError(_("The time lies between 00:00 and 23:59."))
        at = DayKind().parse(day)
        return clock.from_local(datetime(at.year, at.month, at.day, int(found[1]), int(found[2])))

    def typed(self, value: datetime) -> str:
        return f"{clock.local(value):%Y-%m-%dT%H:%M}"

    def show(self, value: datetime) -> str:
        return show_moment(value)

    def dump(self, value: datetime) -> str:
        return value.isoformat()

    def load(self, kept: str) -> datetime:
        return datetime.fromisoformat(kept)

    def cell(self, value: datetime) -> datetime:
        return clock.local(value).replace(tzinfo=None)


class PhoneKind(Kind):
    """A telephone number: found whole or by its last four digits, masked in the middle."""

    widget = "phone"
    personal = True
    width = 14

    def column(self) -> TypeEngine[Any]:
        return String(20)

    def parse(self, typed: str) -> str:
        found = re.sub(r"[\s\-()]", "", narrow(typed))
        if not re.fullmatch(r"\+?\d{5,15}", found):
            raise ValueError(_("A telephone number has 5 to 15 digits, such as %(example)s.", example="13900000000"))
        return found

    def mask(self, value: str) -> str:
        return f"{value[:3]} **** {value[-4:]}" if len(value) >= 11 else "****" + value[-2:]

    def tokens(self, value: str) -> Iterable[str]:
        return (f"tel{value.lstrip('+')}", f"tail{value[-4:]}")


class IdNumberKind(Kind):
    """An identity or registration number: found only whole, shown by its ends."""

    widget = "id"
    personal = True
    width = 21

    def column(self) -> TypeEngine[Any]:
        return String(30)

    def parse(self, typed: str) -> str:
        found = re.sub(r"\s", "", narrow(typed)).upper()
        if not re.fullmatch(r"[0-9A-Z()\-]{4,30}", found):
            raise ValueError(_("4 to 30 digits and letters, please."))
        return found

    def mask(self, value: str) -> str:
        return value[:1] + "*" * max(len(value) - 2, 2) + value[-1:]

    def tokens(self, value: str) -> Iterable[str]:
        return (f"idno{value.lower()}",)


class ReferenceKind(Kind):
    """Another record, found by typing."""

    widget = "reference"
    width = 14

    def __init__(self, target: Callable[[], Any]) -> None:
        self._target = target

    @property
    def target(self) -> Any:
        """The class referred to."""
        return self._target()

    def column(self) -> TypeEngine[Any]:
        return BigInteger()

    def show(self, value: Any) -> str:
        return str(value)


class LinesKind(Kind):
    """A table inside the form, with columns and sums of its own."""

    widget = "lines"

    def __init__(self, line: Any, at_most: int = 200) -> None:
        self.line, self.at_most = line, at_most

    def show(self, value: Any) -> str:
        return "; ".join(str(one) for one in value)


class ReferencesKind(ReferenceKind):
    """Several other records of a short list, kept as their ids."""

    widget = "references"

    def column(self) -> TypeEngine[Any]:
        return Json

    def parse(self, typed: str) -> Any:
        found = [one for one in dict.fromkeys(typed.split("\n")) if one]
        if not all(re.fullmatch(r"\d{1,18}", one) for one in found):
            raise ValueError(_("Please choose from the list."))
        return [int(one) for one in found]

    def typed(self, value: Any) -> str:
        return "\n".join(map(str, value))

    def show(self, value: Any) -> str:
        return "、".join(map(str, value))
