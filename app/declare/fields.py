"""Fields: what a form declares of each of its boxes. The functions here are what a declaration is written
with.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from decimal import Decimal
from itertools import count
from typing import Any

from app.declare import conditions, kinds
from app.declare.balances import Balance
from app.declare.conditions import Conditions
from app.declare.kinds import Kind
from app.ground.spelling import known_words
from app.ground.words import Pair, Words, words_or_none

_order = count()
SET_LATER = (
    "label",
    "kind",
    "order",
    "name",
    "section",
    "anew",
)  # what a field is given otherwise than as an option


@dataclass(slots=True, eq=False)
class Section:
    """A heading of the paper form: the fields declared after it stand under it.

    ``by_step`` fields are filled in by steps only, not when the record is created or edited.
    """

    label: Words
    by_step: bool = False
    order: int = 0


@dataclass(slots=True, eq=False)
class Field:
    """One box of a form."""

    label: Words
    kind: Kind
    required: bool | None = None
    default: Any = None
    help: Words | None = None
    wide: bool = False
    shown_when: Conditions | None = None
    worked_out: Callable[[Any], Any] | None = None
    by_step: bool = False
    once: bool = False
    sort: bool = False
    filter: bool | None = None
    unique: bool = False
    search: bool = True
    sums: tuple[str, ...] = ()
    balance: Balance | None = None  # records post to it; nobody writes it
    order: int = field(default_factory=lambda: next(_order))
    name: str = ""
    section: Section | None = None
    anew: bool = False  # asked for in a step whatever the record says already
    is_reference: bool = field(init=False)  # whether it names one other record
    is_lines: bool = field(init=False)  # whether it is a table inside the form
    is_found: bool = field(init=False)  # whether a search can find anything of it
    column: str = field(init=False)  # the name of the column; a reference's ends in ``_id``

    def __post_init__(self) -> None:
        """Work out once what every row of every list asks."""
        self.is_reference = self.kind.refers == "one"
        self.is_lines = self.kind.line is not None
        said = type(self.kind).words is not Kind.words or type(self.kind).tokens is not Kind.tokens
        self.is_found = self.search and (said or self.is_reference or self.is_lines)
        self.column = f"{self.name}_id" if self.is_reference else self.name
        if self.balance is not None:
            self.by_step, self.required, self.default = True, False, 0

    @property
    def personal(self) -> bool:
        """Whether it is masked for whoever has no duty that needs it."""
        return self.kind.personal

    def applies(self, row: Any) -> bool:
        """Whether a record or line has this box, by what stands in its others."""
        return self.shown_when is None or conditions.hold(self.shown_when, row)

    def start(self) -> Any:
        """The default value, worked out now where it is a function."""
        return self.default() if callable(self.default) else self.default

    def follows(self, row: Any) -> Any:
        """What is worked out for it of a record or line, as its column keeps it."""
        return None if self.worked_out is None else self.kind.rounded(self.worked_out(row))

    def reader(self, full: bool = False) -> Callable[[Any], str]:
        """How its values are read: the one door to every text that a person gets of it.

        Personal ones are covered; ``full`` shows them, and is only for acts that are written down: a look, a
        print, an export.
        """
        return self.kind.mask if self.personal and not full else self.kind.show

    def read(self, value: Any, full: bool = False) -> str:
        """A value as a person reads it; nothing of an empty one."""
        return "" if value is None or value in ("", []) else self.reader(full)(value)

    def text_of(self, row: Any, full: bool = False) -> str:
        """What a record or a line says in it; a reference by its label."""
        value = getattr(row, self.column)
        return (
            str(getattr(row, self.name))
            if self.is_reference and value is not None
            else self.read(value, full)
        )

    def cells(self, full: bool = False) -> Callable[[Any], Any] | None:
        """How its values stand in a sheet's cells, None where as they are; personal ones covered, unless
        ``full``.
        """
        return self.kind.mask if self.personal and not full else self.kind.cells()

    def named(self, name: str, section: Section | None, required: bool) -> "Field":
        """The field as it stands in a class."""
        by_step = self.by_step or bool(section and section.by_step)
        needed = self.required if self.required is not None else required
        return replace(self, name=name, section=section, required=needed, by_step=by_step)


_declares = known_words(
    *(field.name for field in dataclass_fields(Field) if field.init and field.name not in SET_LATER)
)


def _field(chinese: str, english: str, kind: Kind, help: Pair | None = None, **options: Any) -> Field:
    return Field(Words(chinese, english), kind, help=words_or_none(help), **options)


@known_words()
def section(chinese: str, english: str, *, by_step: bool = False) -> Any:
    """A heading of the paper form for the fields that follow."""
    return Section(Words(chinese, english), by_step, next(_order))


@_declares
def of_kind(chinese: str, english: str, kind: Kind, **options: Any) -> Any:
    """A box of any kind, such as one that a trade brings along."""
    return _field(chinese, english, kind, **options)


@_declares
def text(chinese: str, english: str, *, max: int = 200, **options: Any) -> Any:
    """One line of text, at most ``max`` characters."""
    return _field(chinese, english, kinds.TextKind(max), **options)


@_declares
def long_text(chinese: str, english: str, *, max: int = 2000, **options: Any) -> Any:
    """Text of several lines."""
    return _field(chinese, english, kinds.LongTextKind(max), **{"wide": True, **options})


@_declares
def choice(chinese: str, english: str, of: Mapping[str, Pair], **options: Any) -> Any:
    """One of a list: key → label."""
    return _field(chinese, english, kinds.ChoiceKind(of), **options)


@_declares
def rating(chinese: str, english: str, of: Mapping[str, Pair], **options: Any) -> Any:
    """One of an ordered scale."""
    return _field(chinese, english, kinds.ChoiceKind(of, scale=True), **options)


@_declares
def choices(chinese: str, english: str, of: Mapping[str, Pair], **options: Any) -> Any:
    """Several of a list."""
    return _field(chinese, english, kinds.ChoicesKind(of), **options)


@_declares
def yes_no(chinese: str, english: str, **options: Any) -> Any:
    """A tick."""
    return _field(chinese, english, kinds.YesNoKind(), **{"default": False, "required": False, **options})


@_declares
def whole(chinese: str, english: str, *, min: int = 0, max: int = 1_000_000_000, **options: Any) -> Any:
    """A whole number."""
    return _field(chinese, english, kinds.WholeKind(min, max), **options)


@_declares
def amount(chinese: str, english: str, *, min: Decimal = Decimal(0), **options: Any) -> Any:
    """Money in yuan."""
    return _field(chinese, english, kinds.AmountKind(min), **options)


@_declares
def quantity(chinese: str, english: str, *, min: Decimal = Decimal(0), **options: Any) -> Any:
    """How much or how many."""
    return _field(chinese, english, kinds.QuantityKind(min), **options)


@_declares
def rate(chinese: str, english: str, **options: Any) -> Any:
    """A price or share per unit."""
    return _field(chinese, english, kinds.RateKind(), **options)


@_declares
def day(chinese: str, english: str, **options: Any) -> Any:
    """A day."""
    return _field(chinese, english, kinds.DayKind(), **options)


@_declares
def moment(chinese: str, english: str, **options: Any) -> Any:
    """A moment by the office's clock."""
    return _field(chinese, english, kinds.MomentKind(), **options)


@_declares
def phone(chinese: str, english: str, **options: Any) -> Any:
    """A telephone number; personal, so masked by kind."""
    return _field(chinese, english, kinds.PhoneKind(), **options)


@_declares
def id_number(chinese: str, english: str, **options: Any) -> Any:
    """An identity number; personal, so masked by kind."""
    return _field(chinese, english, kinds.IdNumberKind(), **options)


@_declares
def name(chinese: str, english: str, **options: Any) -> Any:
    """A person's name."""
    return _field(chinese, english, kinds.NameKind(), **options)


@_declares
def user_name(chinese: str, english: str, **options: Any) -> Any:
    """A name for signing in."""
    return _field(chinese, english, kinds.UserNameKind(), **options)


@_declares
def reference(chinese: str, english: str, to: Callable[[], Any] | None = None, **options: Any) -> Any:
    """Another record; its class comes from the annotation, or from ``to`` where that would go in circles."""
    return _field(chinese, english, kinds.ReferenceKind(to or (lambda: None)), **options)


@_declares
def lines(
    chinese: str, english: str, of: Any, *, at_most: int = 200, sums: Iterable[str] = (), **options: Any
) -> Any:
    """A table inside the form; ``of`` is its ``Line`` class, ``sums`` the columns added up below it."""
    return _field(
        chinese, english, kinds.LinesKind(of, at_most), **{"wide": True, "sums": tuple(sums), **options}
    )


@_declares
def references(chinese: str, english: str, to: Callable[[], Any], **options: Any) -> Any:
    """Several records of a short list."""
    return _field(
        chinese, english, kinds.ReferencesKind(to), **{"required": False, "default": list, **options}
    )
