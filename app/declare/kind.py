"""The kind of a field, and the kinds of text, choice and reference: each knows its column, its widget, how it
is typed, checked, shown, masked, searched, kept in history and put in a sheet.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, String, Text, select
from sqlalchemy.types import TypeEngine

from app.ground.database import Json, db
from app.ground.language import gettext as _
from app.ground.names import fault_of_name
from app.ground.text import clean as clean
from app.ground.text import narrow as narrow
from app.ground.text import whole as whole
from app.ground.words import Pair, Words, words


class Kind:
    """What all kinds share; a plain text kind is closest to it."""

    widget: ClassVar[str] = "text"
    sheet: ClassVar[str] = "text"
    numeric: ClassVar[bool] = False
    personal: ClassVar[bool] = False
    width: int = 14
    line: Any
    target: Any
    options: dict[str, Words]

    def column(self) -> TypeEngine[Any]:
        """The column's type."""
        return Text()

    def parse(self, typed: str) -> Any:
        """The value of what was typed (never empty). Raises ValueError with a sentence for the person."""
        return typed

    def typed(self, value: Any) -> str:
        """A value as one would type it."""
        return str(value)

    def rounded(self, value: Any) -> Any:
        """A worked-out value as the column keeps it."""
        return value

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

    def typed_cell(self, value: Any) -> str:
        """A sheet's cell as a person would type it; ``parse`` tells what is wrong with it."""
        if isinstance(value, float):
            return format(value, ".15g")
        return clean(str(value))


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
            raise ValueError(
                _("At most %(max)s characters; these are %(count)s.", max=self.max, count=len(found))
            )
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
    """A person's name; never a number that only some may see, which a name would show to everybody."""

    def __init__(self, max: int = 60) -> None:
        super().__init__(max)

    def parse(self, typed: str) -> str:
        name = super().parse(typed)
        if fault := fault_of_name(name):
            raise ValueError(fault)
        return name


class ChoiceKind(Kind):
    """One of a list: the key is stored, the label is read."""

    widget = "choice"
    width = 10

    def __init__(self, options: Mapping[str, Pair | Words], scale: bool = False) -> None:
        self.options = {key: words(label) for key, label in options.items()}
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

    def typed_cell(self, value: Any) -> str:
        return self.key_of(clean(str(value)))

    def key_of(self, label: str) -> str:
        """The key of a label, in any language; an unknown one is itself."""
        return next((key for key, said in self.options.items() if label == key or label in said.ways), label)


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

    def typed_cell(self, value: Any) -> str:
        return "\n".join(self.key_of(one.strip()) for one in re.split("[、,，;；]", clean(str(value))))


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

    def typed_cell(self, value: Any) -> str:
        text = clean(str(value)).lower()
        return "" if text in ("否", "无", "no", "false", "0", "×") else "1"


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
        if not value:
            return ""
        found = {
            one.id: str(one)
            for one in db.session.execute(select(self.target).where(self.target.id.in_(value))).scalars()
        }
        return "、".join(found.get(key, str(key)) for key in value)

    def cell(self, value: Any) -> Any:
        return self.show(value)
