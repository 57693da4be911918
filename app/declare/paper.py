"""How a record stands on paper."""

from collections.abc import Sequence

from app.declare.setting import Setting
from app.ground.spelling import known_options
from app.ground.words import Pair, words, words_or_none


@known_options()
class Paper:
    """How a form prints: size, the copies' names, the signature lines; ``register`` is a ruled table of many
    lines a page, of the list's columns or its own. ``tear_off`` names the boxes of the other copies, which
    then stand below the first on one sheet, to be torn off.
    """

    def __init__(
        self,
        *,
        size: str = "A4",
        title: Pair | None = None,
        copies: Sequence[Pair] = (),
        tear_off: Sequence[str] = (),
        signs: Sequence[Pair] = (),
        register: bool = False,
        columns: Sequence[str] = (),
        landscape: bool = False,
        keep_years: Setting[int] | int | None = None,
    ) -> None:
        self.size, self.title = size, words_or_none(title)
        self.copies, self.signs = tuple(map(words, copies)), tuple(map(words, signs))
        self.tear_off = tuple(tear_off)
        self.register, self.columns, self.landscape = register, tuple(columns), landscape
        self.keep_years = keep_years
