"""Flows and regulations of the office's handbook: each a title, the forms it goes by, and a few words of its
own; all else that the handbook tells of them follows from the forms.
"""

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.ground.spelling import DeclarationError, hint, known_words, line_of
from app.ground.words import Pair, Words, words


@dataclass(frozen=True)
class Flow:
    """A page of the handbook."""

    name: str
    title: Words
    says: Words
    forms: tuple[str, ...]
    is_regulation: bool
    place: tuple[str, int]


flows: dict[str, Flow] = {}


@known_words()
def flow(name: str, title: Pair, says: Pair, *, forms: Sequence[str] = ()) -> Flow:
    """Declare a flow: what it is called, what is to be known of it beside its forms, and the forms."""
    return _declared(name, title, says, forms, False)


@known_words()
def regulation(name: str, title: Pair, says: Pair, *, forms: Sequence[str] = ()) -> Flow:
    """Declare a regulation in the same way."""
    return _declared(name, title, says, forms, True)


def _declared(name: str, title: Pair, says: Pair, forms: Sequence[str], is_regulation: bool) -> Flow:
    caller = sys._getframe(3)
    file = caller.f_code.co_filename
    place = file, line_of(file, caller.f_lineno, f'"{name}"')
    if (other := flows.get(name)) is not None:
        raise DeclarationError(f"{place[0]}:{place[1]}: {name!r} is declared twice: {other.place[0]} has it")
    flows[name] = Flow(name, words(title), words(says), tuple(forms), is_regulation, place)
    return flows[name]


def check(forms: Collection[str]) -> None:
    """Raise DeclarationError for flows by forms that nobody declared."""
    strays = [(each, form) for each in flows.values() for form in each.forms if form not in forms]
    if strays:
        raise DeclarationError(
            "\n".join(
                f"{each.place[0]}:{each.place[1]}: {each.name!r} speaks of {form!r}; {hint(form, forms)}"
                for each, form in strays
            )
        )
