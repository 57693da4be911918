"""What a misspelt word of a declaration comes to: the start stops, with the file, the line and the nearest
right word.
"""

import linecache
import re
import sys
from collections.abc import Callable, Collection
from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, signature
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
MOST = 60  # lines of one call


class DeclarationError(TypeError):
    """A declaration speaks of what isn't there; a sentence a line."""


def hint(word: str, known: Collection[str]) -> str:
    """The nearest of the right words, or all of them where none is near."""
    swapped = [right for right in known if sorted(right) == sorted(word)]  # two letters the other way round
    near = swapped or get_close_matches(word, known, 1, 0.5)
    return f"did you mean {near[0]!r}?" if near else f"it knows {', '.join(sorted(known)) or 'none'}"


def _line(file: str, start: int, word: str) -> int:
    """The line on which a call that begins somewhere has a keyword."""
    return line_of(file, start, rf"\b{word}\s*=")


def line_of(file: str, start: int, pattern: str) -> int:
    """The line on which a call that begins somewhere has what fits a pattern."""
    said = re.compile(pattern)
    return next((at for at in range(start, start + MOST) if said.search(linecache.getline(file, at))), start)


def known_words(*more: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """For a function that declarations are written with: a keyword that it doesn't know is told as such.

    ``more`` are the keywords it takes beside those of its signature.
    """

    def spoken(function: Callable[P, T]) -> Callable[P, T]:
        named = (Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        known = {
            *more,
            *(
                parameter.name
                for parameter in signature(function).parameters.values()
                if parameter.kind in named
            ),
        } - {"self"}
        name = function.__qualname__.removesuffix(".__init__")

        @wraps(function)
        def checked(*args: P.args, **words: P.kwargs) -> T:
            if unknown := [word for word in words if word not in known]:
                caller = sys._getframe(1)
                file, start = caller.f_code.co_filename, caller.f_lineno
                said = (
                    f"{file}:{_line(file, start, word)}: {name} hears {word!r}; {hint(word, known)}"
                    for word in unknown
                )
                raise DeclarationError("\n".join(said))
            return function(*args, **words)

        return checked

    return spoken


def known_options(*more: str) -> Callable[[type[T]], type[T]]:
    """The same for a class of which declarations make objects."""

    def spoken(cls: type[T]) -> type[T]:
        cls.__init__ = known_words(*more)(cls.__init__)  # type: ignore[method-assign]
        return cls

    return spoken
