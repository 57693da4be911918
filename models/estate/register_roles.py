"""Who is owner, family or tenant of a unit: the words for it, and the codes that a sheet's own note explains
(field practice).
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from app.declare.kinds import narrow
from app.workbook.sheet_cells import folded

KIND_WORDS = {
    "owner": (
        "业主",
        "户主",
        "产权人",
        "房主",
        "本人",
        "业主本人",
        "户主本人",
        "房东",
        "共有人",
        "共有产权人",
        "产权共有人",
        "共同业主",
        "购房人",
        "owner",
    ),
    "family": (
        "家属",
        "家庭成员",
        "家人",
        "亲属",
        "配偶",
        "妻子",
        "丈夫",
        "夫妻",
        "妻",
        "夫",
        "爱人",
        "老公",
        "老婆",
        "子女",
        "子",
        "女",
        "儿子",
        "女儿",
        "长子",
        "次子",
        "长女",
        "次女",
        "父亲",
        "母亲",
        "父母",
        "父",
        "母",
        "父子",
        "父女",
        "母子",
        "母女",
        "岳父",
        "岳母",
        "公公",
        "婆婆",
        "儿媳",
        "女婿",
        "媳妇",
        "兄弟",
        "姐妹",
        "哥哥",
        "弟弟",
        "姐姐",
        "妹妹",
        "兄妹",
        "姐弟",
        "祖父",
        "祖母",
        "爷爷",
        "奶奶",
        "外公",
        "外婆",
        "孙子",
        "孙女",
        "外孙",
        "外孙女",
        "家属成员",
        "业主家属",
        "family",
    ),
    "tenant": (
        "租户",
        "租客",
        "承租人",
        "承租户",
        "承租方",
        "租赁人",
        "租赁户",
        "租住",
        "租赁",
        "租住人",
        "租",
        "tenant",
    ),
    "other": (
        "其他",
        "其它",
        "保姆",
        "阿姨",
        "员工",
        "代理人",
        "朋友",
        "亲戚",
        "同住人",
        "同住",
        "同事",
        "借住",
        "借住人",
        "访客",
        "看护",
        "司机",
        "委托人",
        "other",
    ),
}
KINDS = {folded(word): kind for kind, words in KIND_WORDS.items() for word in words}
_CODE = r"(?<![0-9A-Za-z])(?P<code>\d{1,6}|[A-Za-z]{1,2})(?![0-9A-Za-z年月日]|\.\d)"
_BETWEEN = r"[\s=:.()\-–—]{0,3}"
_NOT_A_WORD = re.compile(r"与?(业主|户主|产权人|房主)的?(关系|信息|姓名|身份|类别|名单|资料|登记)")


@lru_cache
def _ways(words: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A code before its word, and after it."""
    word = "|".join(
        re.escape(word)
        for word in sorted(words, key=len, reverse=True)
        if len(word) > 1 and not word.isascii()
    )
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
            [(one["code"].upper(), words[one["word"]], one["between"]) for one in way.finditer(bare)]
            for way in _ways(tuple(words))
        )
        pairs = max(before, after, key=_weight)
        if _weight(before) != _weight(after) and len({meaning for _code, meaning, _between in pairs}) > 1:
            for code, meaning, _between in pairs:
                told.setdefault(code, set()).add(meaning)
    return {code: meanings.pop() for code, meanings in told.items() if len(meanings) == 1}


def _weight(pairs: list[tuple[str, str, str]]) -> int:
    """How much speaks for reading a note this way: each pair, and more where a sign joins it."""
    return sum(2 if re.search(r"[=:\-–—]", between) else 1 for _code, _meaning, between in pairs)
