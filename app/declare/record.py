"""Records: mapped classes built from their declared fields, and the registry of them all."""

import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from flask import Flask, current_app, has_app_context
from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

from app.declare import declaration, indexing
from app.declare.balances import PostsTo
from app.declare.cadence import Cadence, keep_index
from app.declare.conditions import Conditions
from app.declare.duties import Access
from app.declare.fields import Field, Section
from app.declare.figure import Figure
from app.declare.handed_on import Held
from app.declare.kinds import ReferenceKind
from app.declare.paper import Paper
from app.declare.part import Part
from app.declare.person import Person
from app.ground import clock
from app.ground.database import Moment, db
from app.ground.language import gettext as _
from app.ground.ordering import ORDER, order_column
from app.ground.spelling import known_options
from app.ground.words import Pair, Words, words, words_or_none

if TYPE_CHECKING:

    class Model(DeclarativeBase):
        """What the type checker sees of the database handle's own base."""

else:
    Model = db.Model

Key = BigInteger().with_variant(Integer, "sqlite")


class Registry(Mapping[str, type["Record"]]):
    """Every declared class by its name; within an application, those that it is made of."""

    def __init__(self) -> None:
        self.every: dict[str, type[Record]] = {}

    def _here(self) -> Mapping[str, type["Record"]]:
        offered: Mapping[str, type[Record]] | None = (
            current_app.extensions.get("forms") if has_app_context() else None
        )
        return self.every if offered is None else offered

    def __getitem__(self, name: str) -> type["Record"]:
        return self._here()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._here())

    def __len__(self) -> int:
        return len(self._here())

    def of_each_table(self) -> list[Any]:
        """One class of each table: what stands on the engine's own table (a building is an area) for both."""
        return list({cls.__table__: cls for cls in self.values()}.values())

    def choose(self, app: Flask, forms: Collection[type["Record"]]) -> None:
        """An application is made of these forms, or of all that are declared, and of the engine's own."""
        own = __name__.partition(".")[0]
        app.extensions["forms"] = {
            name: cls
            for name, cls in self.every.items()
            if not forms or cls in forms or cls.__module__.partition(".")[0] == own
        }


registry = Registry()


def snake(word: str) -> str:
    """``WorkOrder`` as ``work_order``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).lower()


class Columns(tuple[str, ...]):
    """The columns of a list, in order. Filters, search, print and sheet have defaults that follow from
    them.
    """

    def __new__(cls, *names: str) -> "Columns":
        """Written as ``Columns("number", "unit", …)``."""
        return super().__new__(cls, names)


@known_options()
class OneEach:
    """At most one record of an office has a value in a field (while in these states): held by a unique index,
    said by a sentence.
    """

    def __init__(self, field: str, sentence: Pair, states: Sequence[str] = ()) -> None:
        self.field, self.sentence, self.states = field, words(sentence), tuple(states)


def _wanted(annotation: Any) -> tuple[Any, bool]:
    """The type within ``Mapped[…]`` and whether it may be None."""
    inner = typing.get_args(annotation)[0] if typing.get_args(annotation) else annotation
    if typing.get_origin(inner) in (types.UnionType, typing.Union):
        parts = [part for part in typing.get_args(inner) if part is not type(None)]
        return parts[0], len(parts) < len(typing.get_args(inner))
    return inner, False


def _same(wanted: Any) -> Any:
    return wanted


def _build(cls: Any) -> dict[str, Field]:
    """Turn the declared fields of a class body into columns and relationships, and give them back by name."""
    fields_by_name: dict[str, Field] = {}
    annotations = dict(inspect.get_annotations(cls))
    under: Section | None = None
    body = sorted(
        ((n, v) for n, v in cls.__dict__.items() if isinstance(v, (Field, Section))),
        key=lambda pair: pair[1].order,
    )
    for name, declared in body:
        if isinstance(declared, Section):
            under = declared
            delattr(cls, name)
            continue
        wanted, optional = _wanted(annotations.pop(name, None))
        required = not optional and not declared.is_lines and declared.worked_out is None
        field = fields_by_name[name] = declared.named(name, under, required)
        if field.is_reference and isinstance(wanted, type):
            field.kind = ReferenceKind(partial(_same, wanted))
        nullable = optional or not field.required or field.by_step
        for attribute, mapped in _mapped(field, nullable).items():
            setattr(cls, attribute, mapped)
    cls.__annotations__ = annotations
    return fields_by_name


def _mapped(field: Field, nullable: bool) -> dict[str, Any]:
    """What a class maps of a field: a column, with the record that it names, or the lines of a table."""
    kind, about = field.kind, {"field": field}
    if field.is_lines:
        line, owns = kind.line, "all, delete-orphan"
        return {
            field.name: relationship(line, cascade=owns, order_by=line.position, foreign_keys=[line.of_id])
        }
    if field.is_reference:
        to = ForeignKey(f"{kind.target.__tablename__}.id")
        column: Any = mapped_column(Key, to, nullable=nullable, info=about)
        record = relationship(kind.target, foreign_keys=[column], viewonly=True)
        return {field.column: column, field.name: record}
    unique = field.unique or None
    if field.balance is not None:
        return {field.name: mapped_column(kind.column(), nullable=False, server_default="0", info=about)}
    return {field.name: mapped_column(kind.column(), nullable=nullable, unique=unique, info=about)}


class Line(Model):
    """A row of a table inside a form. Declared with ``of="work_order"``, the form's name."""

    __abstract__ = True

    fields: ClassVar[dict[str, Field]] = {}

    id: Mapped[int] = mapped_column(Key, primary_key=True, sort_order=-3)
    position: Mapped[int] = mapped_column(default=0, sort_order=-1)

    def __init_subclass__(cls, of: str = "", **options: Any) -> None:
        """Build the line's columns and its tie to the form."""
        if of:
            cls.__tablename__ = f"{of}_{snake(cls.__name__)}"
            cls.of_id = mapped_column(Key, ForeignKey(f"{of}.id"), nullable=False, index=True, sort_order=-2)
        body = dict(cls.__dict__)
        cls.fields = {**cls.fields, **_build(cls)}
        if of:
            declaration.check(cls, body)
        super().__init_subclass__(**options)

    if TYPE_CHECKING:
        of_id: Mapped[int]

    def __str__(self) -> str:
        return " ".join(text for field in self.fields.values() if (text := field.text_of(self)))


@dataclass
class Facts:
    """Lines of plain facts, and what to mind: (words, colour, record that says more)."""

    lines: list[str]
    minds: list[tuple[str, str, "Record"]] = dataclasses.field(default_factory=list)


class Record(Model):
    """Anything with a screen: who made it and when, whose office and area it is, its version and the head of
    its history.
    """

    __abstract__ = True

    name: ClassVar[str] = ""
    title: ClassVar[Words] = Words("", "")
    part: ClassVar[Part | None] = None  # where it stands in the menu; of none it has no screens of its own
    menu_at: ClassVar[int] = 100  # where among the part's forms: the smaller comes first
    code: ClassVar[str | None] = None
    prefix: ClassVar[str | None] = None
    label: ClassVar[str] = "number"
    fields: ClassVar[dict[str, Field]] = {}
    figures: ClassVar[Mapping[str, Figure]] = {}  # what is counted of them
    access: ClassVar[Access] = Access(read=())
    shows: ClassVar[Columns] = Columns()
    sorts: ClassVar[tuple[str, ...]] = ("created_at",)
    icon: ClassVar[str] = "file"
    found_through: ClassVar[str] = ""
    found_as: ClassVar[Any] = None  # how one is typed that isn't found by its words alone
    on_home: ClassVar[str] = ""  # what the first page counts of it: DAILY or STOCK
    guide: ClassVar[Any] = None  # what the guide says of it, a paragraph a line
    act_words: ClassVar[Mapping[str, Any]] = {}  # what histories call acts that are its own
    about: ClassVar[str] = ""
    paper: ClassVar[Paper] = Paper()
    photo_kinds: ClassVar[Mapping[str, Any]] = {}
    one_each: ClassVar[tuple[OneEach, ...]] = ()
    has_file: ClassVar[bool] = False  # a page shows all that is about it
    papers: ClassVar[Mapping[str, Conditions]] = {}  # the kinds of files it must have, and when
    in_diary: ClassVar[tuple[str, ...]] = ()  # what is told of it at the end of a shift: "create", its steps
    carried_over: ClassVar[tuple[str, ...]] = ()  # the states in which the next shift is told of it
    on_books: ClassVar[Mapping[str, Held]] = {}  # how much of what should be there by its records
    posts: ClassVar[Mapping[str, PostsTo]] = {}  # to what balances, and how much
    signs_in: ClassVar[bool] = False  # its records are accounts: a new one gets a password
    lies_in: ClassVar[tuple[str, ...]] = ()
    is_place: ClassVar[bool] = False
    in_order: ClassVar[bool] = False  # stands in the order of its labels, 2 before 10, wherever listed
    cadences: ClassVar[Mapping[str, Cadence]] = {}
    kept_in: ClassVar[tuple[Any, ...]] = ()  # the ledgers that follow from its records

    id: Mapped[int] = mapped_column(Key, primary_key=True, sort_order=-20)
    number: Mapped[str] = mapped_column(String(40), sort_order=-19)
    version: Mapped[int] = mapped_column(default=0, sort_order=-15)
    head: Mapped[str] = mapped_column(String(64), default="", sort_order=-14)
    created_at: Mapped[datetime] = mapped_column(Moment, default=clock.now, sort_order=-16)
    created_by_id: Mapped[int | None] = mapped_column(Key, sort_order=-16)
    area_id: Mapped[int | None] = mapped_column(Key, sort_order=-17)

    if TYPE_CHECKING:
        order_key: Mapped[str]  # of those that stand in order

    @declared_attr
    @classmethod
    def office_id(cls) -> Mapped[int | None]:
        """Whose office it is; only an office itself has none before it is saved."""
        return mapped_column(Key, ForeignKey("office.id"), nullable=cls.__name__ == "Office", sort_order=-18)

    def __init_subclass__(
        cls,
        code: str | None = None,
        title: Pair | None = None,
        prefix: str | None = None,
        part: Part | None = None,
        **options: Any,
    ) -> None:
        """Build the mapped class and register it."""
        declaration.check_keywords(cls, options, ("code", "title", "prefix", "part"))
        cls.code, cls.prefix = code or cls.code, prefix or cls.prefix
        cls.title, cls.part = words(title or cls.title), part or cls.part
        cls.found_as, cls.guide = words_or_none(cls.found_as), words_or_none(cls.guide)
        cls.act_words = {act: words(said) for act, said in cls.act_words.items()}
        cls.photo_kinds = {kind: words(label) for kind, label in cls.photo_kinds.items()}
        cls._gather_figures()
        cls._gather_posts()
        cls.cadences = {**cls.cadences, **cls._taken_out(Cadence)}
        body = dict(cls.__dict__)
        cls.fields = {**cls.fields, **_build(cls)}
        cls._check_personal()
        if cls.in_order and not hasattr(cls, ORDER):
            setattr(cls, ORDER, order_column())
        if not cls.__dict__.get("__abstract__"):
            cls.lies_in = cls.lies_in or declaration.places(cls)
            declaration.check(cls, body)
            cls.is_place = cls.is_place or bool(cls.lies_in)
            cls.name = snake(cls.__name__)
            if "__tablename__" not in cls.__dict__ and not hasattr(cls, "__table__"):
                cls.__tablename__ = cls.name
                cls.__table_args__ = indexing.indexes(cls, cls.name)
            registry.every[cls.name] = cls
        super().__init_subclass__(**options)
        for cadence in cls.cadences.values():
            keep_index(cadence)

    @classmethod
    def _taken_out(cls, kind: type) -> dict[str, Any]:
        """What stands in the class of a kind of declaration, each told its name; it is no attribute from here
        on.
        """
        here: dict[str, Any] = {name: value for name, value in vars(cls).items() if isinstance(value, kind)}
        for name in here:
            delattr(cls, name)
        return {name: replace(value, name=name) for name, value in here.items()}

    @classmethod
    def _gather_posts(cls) -> None:
        """What it posts to balances; where nothing else is said, in every state until it is voided."""
        states = getattr(cls, "states", {})
        until_void = tuple(name for name, state in states.items() if state.tone != "void") or None
        for name, rule in cls._taken_out(PostsTo).items():
            cls.posts = {**cls.posts, name: replace(rule, while_in=rule.while_in or until_void)}

    @classmethod
    def _gather_figures(cls) -> None:
        """The figures that stand in the class, each by its name or several together (``figures``)."""
        single = cls._taken_out(Figure)
        above: Mapping[str, Figure] = getattr(super(cls, cls), "figures", {})
        declared = {**above, **cls.__dict__.get("figures", {}), **single}
        cls.figures = {name: replace(value, name=name) for name, value in declared.items()}

    @classmethod
    def _check_personal(cls) -> None:
        """A personal box names, sorts, filters and tells apart no record: each would give it away past its
        mask.
        """
        told = {cls.label: "its label", **{rule.field: "what only one may have" for rule in cls.one_each}}
        for field in cls.fields.values():
            bare = told.get(field.name) or (
                "sorted by"
                if field.sort
                else "a filter"
                if field.filter
                else "unique"
                if field.unique
                else ""
            )
            if field.personal and bare:
                raise TypeError(f"{cls.__name__}.{field.name} is personal and can't be {bare}")

    @classmethod
    def sorted_by(cls) -> tuple[str, ...]:
        """The columns a list may be sorted by: those an index serves."""
        return (
            *((ORDER,) if cls.in_order else ()),
            *cls.sorts,
            *(field.column for field in cls.fields.values() if field.sort),
        )

    @classmethod
    def spoken(cls, text: str) -> Sequence[str]:
        """The labels that a text can mean as people say it, the likeliest first; ``*`` for a part that wasn't
        said.
        """
        return ()

    @property
    def area_from(self) -> int | None:
        """The area a record belongs to: that of the first place it names (``lies_in``); one that names none
        stays where it is.
        """
        places = (getattr(self, name) for name in self.lies_in)
        return (
            next((place.area_id for place in places if place is not None), None)
            if self.lies_in
            else self.area_id
        )

    def hint(self) -> str:
        """What tells it from others of its kind in a list of suggestions."""
        return ""

    @classmethod
    def hints(cls, rows: Sequence[Any]) -> Mapping[int, str]:
        """The same of several records by their ids: a class that must ask the database for it asks once."""
        return {row.id: row.hint() for row in rows}

    def facts(self) -> "Facts | None":
        """What stands on the card beside every record about it; None draws no card."""
        return None

    def work_out(self) -> None:
        """Fill in the fields that follow from others."""
        for field in self.fields.values():
            if field.worked_out is not None:
                value = field.follows(self)
                too_much(field, field.name, value)
                setattr(self, field.name, value)

    def edited(self, before: Mapping[str, Any]) -> None:
        """What follows from boxes that were edited; ``before`` has all of them as the history keeps them."""

    def check(self) -> None:
        """Rules between fields; raise ``Wrong`` with the field's name. Called before each save."""

    def saved(self, person: Person) -> None:
        """What else a saved record brings about, in the same transaction: by whoever saved it, and no further
        than they reach.
        """

    def __str__(self) -> str:
        return str(getattr(self, self.label))


class Wrong(Exception):
    """A rule between fields that doesn't hold; said at the field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


def too_much(field: Field, at: str, value: Any) -> None:
    """Raise Wrong for a worked-out number past what its column is for."""
    most = getattr(field.kind, "max", None)
    if isinstance(value, Decimal) and most is not None and value > most:
        raise Wrong(at, _("Not more than %(max)s, please.", max=most))
