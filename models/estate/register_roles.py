"""Who is owner, family or tenant of a unit: the words for it, and the codes that a sheet's own note explains (field practice)."""

import re
from collections.abc import Iterable

from app.kinds import narrow
from app.sheet_cells import folded

KIND_WORDS = {
    "owner": ("业主", "户主", "产权人", "房主", "本人", "业主本人", "户主本人", "房东", "共有人", "共有产权人", "产权共有人",
        "共同业主", "购房人", "owner"),
    "family": (
        "家属", "家庭成员", "家人", "亲属", "配偶", "妻子", "丈夫", "夫妻", "妻", "夫", "爱人", "老公", "老婆", "子女", "子", "女",
            "儿子", "女儿", "长子", "次子", "长女", "次女", "父亲", "母亲", "父母",
        "父", "母", "父子", "父女", "母子", "母女", "岳父", "岳母", "公公", "婆婆", "儿媳", "女婿", "媳妇", "兄弟", "姐妹", "哥哥",
        "弟弟", "姐姐", "妹妹", "兄妹", "姐弟", "祖父", "祖母", "爷爷", "奶奶", "外公",
        "外婆", "孙子", "孙女", "外孙", "外孙女", "家属成员", "业主家属", "family",
    ),
    "tenant": ("租户", "租客", "承租人", "承租户", "承租方", "租赁人", "租赁户", "租住", "租赁", "租住人", "租", "tenant"),
    "other": ("其他", "其它", "保姆", "阿姨", "员工", "代理人", "朋友", "亲戚", "同住人", "同住", "同事", "借住", "借住人", "访客",
    "看护", "司机", "委托人", "other"),
}  # fmt: skip
KINDS = {folded(word): kind for kind, words in KIND_WORDS.items() for word in words}
_LEGEND_WORDS = "|".join(
    sorted((word for words in KIND_WORDS.values() for word in words if len(word) > 1 and not word.isascii()), key=len, reverse=True)
)
_LEGEND = re.compile(rf"(?<![0-9A-Za-z])(?P<code>\d|[A-Za-z]{{1,2}})(?![0-9A-Za-z年月日]|\.\d)|(?P<word>{_LEGEND_WORDS})")
_NOT_A_WORD = re.compile(r"与?(业主|户主|产权人|房主)的?(关系|信息|姓名|身份|类别|名单|资料|登记)")


def legend_in(texts: Iterable[str]) -> dict[str, str]:
    """The codes a note explains: ``注：身份 1=业主 2=家属 3=租户`` or ``业主-Y、家属-J``. Two at least make a legend."""
    found: dict[str, str] = {}
    for text in texts:
        tokens = [(one.lastgroup, one[0]) for one in _LEGEND.finditer(_NOT_A_WORD.sub(" ", narrow(text)))]
        pairs: dict[str, str] = {}
        if tokens and tokens[0][0] == "word":
            tokens.reverse()
        code = ""
        for group, said in tokens:
            if group == "code":
                code = said.upper()
            elif code:
                pairs.setdefault(code, KINDS[folded(said)])
        if len(pairs) > 1 and len(set(pairs.values())) > 1:
            found.update(pairs)
    return found
