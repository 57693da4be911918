"""The codes that a sheet's own note explains: who is owner, family or tenant of a unit, what a unit is used
for (field practice).
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from app.ground.text import narrow
from models.estate.register_words import CODES, plain

KINDS = CODES["person_kind"]
EXPLAINED = ("person_kind", "kind", "use")  # the fields whose cells may be codes
_CODE = r"(?<![0-9A-Za-z])(?P<code>\d{1,6}|[A-Za-z]{1,2})(?![0-9A-Za-z年月日]|\.\d)"
_BETWEEN = r"[\s=:.()\-–—]{0,3}"
_NOT_A_WORD = re.compile(r"与?(业主|户主|产权人|房主)的?(关系|信息|姓名|身份|类别|名单|资料|登记)")


@lru_cache
def _ways(words: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A code before its word, and after it."""
    longest = sorted(words, key=len, reverse=True)
    word = "|".join(re.escape(word) for word in longest if len(word) > 1 and not word.isascii())
    return re.compile(rf"{_CODE}(?P<between>{_BETWEEN})(?P<word>{word})"), re.compile(
        rf"(?P<word>{word})(?P<between>{_BETWEEN}){_CODE}"
    )


def legend_in(texts: Iterable[str], words: Mapping[str, str] = KINDS) -> dict[str, str]:
    """The codes a note explains: ``注：身份 1=业主 2=家属 3=租户`` or ``业主-Y、家属-J``.

    Two at least make a legend; one of two meanings is none.
    """
    told: dict[str, set[str]] = {}
    for text in texts:
        bare = _NOT_A_WORD.sub(" ", narrow(text))
        before, after = (
            [(match["code"].upper(), words[match["word"]], match["between"]) for match in way.finditer(bare)]
            for way in _ways(tuple(words))
        )
        pairs = max(before, after, key=_weight)
        if _weight(before) != _weight(after) and len({meaning for _code, meaning, _between in pairs}) > 1:
            for code, meaning, _between in pairs:
                told.setdefault(code, set()).add(meaning)
    return {code: meanings.pop() for code, meanings in told.items() if len(meanings) == 1}


def legends_in(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    """What the notes of a sheet or book explain, by the column whose codes they are."""
    said = list(texts)
    return {name: legend_in(said, CODES[name]) for name in EXPLAINED}


def _weight(pairs: list[tuple[str, str, str]]) -> int:
    """How much speaks for reading a note this way: each pair, and more where a sign joins it."""
    return sum(2 if re.search(r"[=:\-–—]", between) else 1 for _code, _meaning, between in pairs)


def kind_of(word: str, legend: Mapping[str, str]) -> str | None:
    """As what a word or a code says that somebody is; None where neither the words nor the note know it."""
    bare = re.sub(r"[(（].*", "", word)
    return KINDS.get(plain(word)) or legend.get(word.upper()) or KINDS.get(plain(bare))
