"""The kind of a field, and the kinds of text, choice and reference: each knows its column, its widget, how it
is typed, checked, shown, masked, filtered, searched, printed, kept in history and put in a sheet.

A new kind is one class, and its widget's file of macros (``templates/widgets``) where none of those there
fits.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Literal

from sqlalchemy import BigInteger, Boolean, String, Text, select
from sqlalchemy.types import TypeEngine

from app.declare.filters import Chosen, ChosenAmong, Filter, Named
from app.ground.database import Json, db
from app.ground.language import gettext as _
from app.ground.names import fault_of_name
from app.ground.text import clean, whole
from app.ground.words import Pair, Words, words

Refers = Literal["", "one", "many"]
Cells = Literal["text", "whole", "amount", "quantity", "rate", "date", "moment", "stored"]  # of a sheet


class Kind:
    """What all kinds share; a plain text kind is closest to it."""

    widget: ClassVar[str] = "text"  # the file of macros that draws its box and its value
    example: ClassVar[str] = ""  # how one is written in a sheet, where that isn't plain
    filter: ClassVar[Filter | None] = None  # how a list is filtered by it; None where it can't be
    sheet: ClassVar[Cells] = "text"  # the kind of a sheet's cells
    sheet_kept: ClassVar[Cells | None] = None  # the same for values as the database keeps them, where known
    refers: ClassVar[Refers] = ""  # whether it names other records
    takes_files: ClassVar[bool] = False  # and has no column: they are the record's own
    aside: ClassVar[bool] = False  # and has no column: what is typed stands in the history of the act alone
    tells_when: ClassVar[bool] = False  # a day or a moment: one may come before another
    numeric: ClassVar[bool] = False
    places: ClassVar[int] = 0  # behind the point
    personal: ClassVar[bool] = False
    mono: ClassVar[bool] = False  # shown in signs of one width
    tall: ClassVar[bool] = False  # needs room for several lines on paper
    wraps: ClassVar[bool] = False  # may be broken within a narrow column of paper
    tells_alone: ClassVar[bool] = True  # whether a value says something without its label
    width: int = 14
    line: Any = None  # the class of a table's lines
    at_most: int = 0  # lines of a table
    of: str = ""  # the kind of the files that it takes
    target: Any = None  # the class of the records that it names

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

    def brief(self) -> Callable[[str], str] | None:
        """What makes a shown value shorter for a list, where the whole stands behind it as a title; asked
        once a page.
        """
        return None

    def nothing(self) -> Any:
        """The value of a box left empty."""
        return None

    def weighed(self, typed: str) -> Any:
        """What is typed, maybe nothing, as other boxes' conditions are held against it."""
        return typed

    def says_nothing(self, value: Any) -> bool:
        """Whether a value needn't be shown among others: it is empty, or a nought."""
        return value is None or value in ("", [])

    def choices(self) -> Mapping[str, Any]:
        """What may be chosen, as typed → label; nothing where anything may be written."""
        return {}

    def ticks(self, value: Any) -> list[tuple[bool, str]]:
        """The choices as a paper form offers them, ticked or not; nothing where it leaves a box to write
        in.
        """
        return []

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

    def key(self, value: Any) -> str:
        """A value as an address says where a page of a list begins."""
        return str(value)

    def of_key(self, text: str) -> Any:
        """The same read; None, or ValueError, for what isn't one."""
        return text

    def cell(self, value: Any) -> Any:
        """A value for a sheet's typed cell."""
        return value

    def cells(self) -> Callable[[Any], Any] | None:
        """What makes cells of a column's values, asked once a sheet; None where they are cells already."""
        return None if type(self).cell is Kind.cell else self.cell

    def typed_cell(self, value: Any) -> str:
        """A sheet's cell as a person would type it; ``parse`` tells what is wrong with it."""
        if isinstance(value, float):
            return format(value, ".15g")
        return clean(str(value))

    def says(self, text: str) -> bool:
        """Whether a sheet's text is one of its values."""
        try:
            self.parse(self.typed_cell(text))
        except ValueError:
            return False
        return True


class TextKind(Kind):
    """One line of text."""

    wraps = True

    def __init__(self, max: int = 200) -> None:
        self.max = max
        self.width = 28 if max > 60 else 14

    def column(self) -> TypeEngine[Any]:
        return String(self.max)

    def parse(self, typed: str) -> str:
        text = typed if self.tall else typed.replace("\n", " ")
        if len(text) > self.max:
            raise ValueError(
                _("At most %(max)s characters; these are %(count)s.", max=self.max, count=len(text))
            )
        return text

    def words(self, value: str) -> str:
        return value


class LongTextKind(TextKind):
    """Text of several lines."""

    widget = "long"
    tall = True

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
    filter = Chosen()
    width = 10

    def __init__(self, options: Mapping[str, Pair | Words], scale: bool = False) -> None:
        self.options = {key: words(label) for key, label in options.items()}
        self.scale = scale

    def column(self) -> TypeEngine[Any]:
        return String(24)

    def parse(self, typed: str) -> Any:
        if typed not in self.options:
            raise ValueError(_("Please choose from the list."))
        return typed

    def show(self, value: Any) -> str:
        return str(self.options.get(value, value))

    def choices(self) -> Mapping[str, Any]:
        return self.options

    def ticks(self, value: Any) -> list[tuple[bool, str]]:
        return [(key == value, str(label)) for key, label in self.options.items()]

    def cell(self, value: Any) -> str:
        return self.show(value)

    def cells(self) -> Callable[[Any], Any]:
        labels = {key: str(label) for key, label in self.options.items()}
        return lambda value: labels.get(value, value)

    def typed_cell(self, value: Any) -> str:
        return self.key_of(clean(str(value)))

    def key_of(self, label: str) -> str:
        """The key of a label, in any language; an unknown one is itself."""
        return next((key for key, said in self.options.items() if label == key or label in said.ways), label)


class Several(Kind):
    """Several values, each once: kept as a list, typed one a line."""

    def nothing(self) -> Any:
        return []

    def weighed(self, typed: str) -> list[str]:
        return [key for key in dict.fromkeys(typed.split("\n")) if key]

    def column(self) -> TypeEngine[Any]:
        return Json

    def typed(self, value: Any) -> str:
        return "\n".join(map(str, value))


class ChoicesKind(Several, ChoiceKind):
    """Several of a list."""

    widget = "choices"
    filter = ChosenAmong()

    def parse(self, typed: str) -> Any:
        return [super(ChoicesKind, self).parse(key) for key in self.weighed(typed)]

    def show(self, value: Any) -> str:
        return "、".join(str(self.options.get(key, key)) for key in value)

    def ticks(self, value: Any) -> list[tuple[bool, str]]:
        return [(key in (value or ()), str(label)) for key, label in self.options.items()]

    def cells(self) -> Callable[[Any], Any]:
        return self.show

    def typed_cell(self, value: Any) -> str:
        return "\n".join(self.key_of(label.strip()) for label in re.split("[、,，;；]", clean(str(value))))


class YesNoKind(Kind):
    """Yes or no; unticked is no."""

    widget = "tick"
    example = "是"
    filter = Chosen()
    tells_alone = False
    width = 6
    yes = ("是", "有", "yes", "y", "true", "1", "1.0", "√", "✓")
    no = ("否", "无", "no", "n", "false", "0", "0.0", "×", "x")

    def column(self) -> TypeEngine[Any]:
        return Boolean()

    def parse(self, typed: str) -> bool:
        if typed not in ("", "off", "on", *self.yes, *self.no):
            raise ValueError(_("Please choose from the list."))
        return typed not in ("", "off", *self.no)

    def typed(self, value: bool) -> str:
        return "1" if value else ""

    def show(self, value: bool) -> str:
        return _("Yes") if value else _("No")

    def nothing(self) -> bool:
        return False

    def weighed(self, typed: str) -> bool:
        return bool(typed)

    def says_nothing(self, value: Any) -> bool:
        return not value

    def choices(self) -> Mapping[str, Any]:
        return {"1": _("Yes"), "0": _("No")}

    def ticks(self, value: Any) -> list[tuple[bool, str]]:
        return [(bool(value), _("Yes"))]

    def cell(self, value: bool) -> str:
        return self.show(value)

    def typed_cell(self, value: Any) -> str:
        text = clean(str(value)).lower()
        return "" if text in self.no else "1" if text in self.yes else text


class ReferenceKind(Kind):
    """Another record, found by typing."""

    widget = "reference"
    filter: ClassVar[Filter | None] = Named()
    refers: ClassVar[Refers] = "one"
    width = 14

    def __init__(self, target: Callable[[], Any]) -> None:
        self._target = target

    @property
    def target(self) -> Any:
        """The class referred to."""
        return self._target()

    def column(self) -> TypeEngine[Any]:
        return BigInteger()

    def of_key(self, text: str) -> int | None:
        return whole(text)


class LinesKind(Kind):
    """A table inside the form, with columns and sums of its own."""

    widget = "lines"

    def __init__(self, line: Any, at_most: int = 200) -> None:
        self.line, self.at_most = line, at_most

    def show(self, value: Any) -> str:
        return "; ".join(str(line) for line in value)


class ReferencesKind(Several, ReferenceKind):
    """Several other records of a short list, kept as their ids."""

    widget = "references"
    filter = None
    refers = "many"

    def parse(self, typed: str) -> Any:
        keys = self.weighed(typed)
        if not all(re.fullmatch(r"\d{1,18}", key) for key in keys):
            raise ValueError(_("Please choose from the list."))
        return [int(key) for key in keys]

    def show(self, value: Any) -> str:
        if not value:
            return ""
        rows = db.session.execute(select(self.target).where(self.target.id.in_(value))).scalars()
        labels = {row.id: str(row) for row in rows}
        return "、".join(labels.get(key, str(key)) for key in value)

    def cell(self, value: Any) -> Any:
        return self.show(value)
