"""What is held against the things themselves: a paper whose number or code is scanned where they pass."""

from collections.abc import Sequence

from app.ground.spelling import known_options
from app.ground.words import Pair, words


@known_options()
class Scanned:
    """A page for a phone: by a record's number or its paper's code, whether it may pass, what to compare, and
    the two answers. ``keeps`` are the boxes that the next one begins with as they were said last.
    """

    def __init__(
        self,
        label: Pair,
        *,
        passes: str,
        refuses: str,
        compares: Sequence[str],
        keeps: Sequence[str] = (),
    ) -> None:
        self.label = words(label)
        self.passes, self.refuses = passes, refuses
        self.compares, self.keeps = tuple(compares), tuple(keeps)
