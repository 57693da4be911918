"""Words of a declaration that lead nowhere: told with their file, their line and the nearest right word."""

import inspect
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.ground.spelling import hint


@dataclass(frozen=True)
class Fault:
    """A word that leads nowhere: who speaks it, what it should be one of, and where it stands (found by the
    word where not known).
    """

    speaker: str
    word: str
    known: Collection[str]
    file: str = ""
    line: int = 0

    def told(self, cls: type) -> str:
        """The sentence for whoever wrote it."""
        file, line = (self.file, self.line) if self.line else _place(cls, self.word)
        return (
            f"{file}:{line}: {cls.__name__}: {self.speaker} speaks of {self.word!r};"
            f" {hint(self.word, self.known)}"
        )


def _place(cls: type, word: str) -> tuple[str, int]:
    """The file and line where a class's declaration first has a word, or where the class begins."""
    file = getattr(sys.modules.get(cls.__module__), "__file__", None) or inspect.getsourcefile(cls) or "?"
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return file, 0
    start = next((at for at, text in enumerate(lines, 1) if re.match(rf"\s*class {cls.__name__}\b", text)), 1)
    has = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    order = [*range(start, len(lines) + 1), *range(1, start)]
    return file, next((at for at in order if has.search(lines[at - 1])), start)


def wrong(speaker: str, words: Iterable[str], known: Collection[str]) -> Iterator[Fault]:
    """A fault for each of some words that isn't known."""
    for word in words:
        if word not in known:
            yield Fault(speaker, word, known)
