"""The names in a register's line, and the numbers that stand beside names in one cell (field practice)."""

import re
from collections.abc import Iterable, Sequence

from app.ground.language import gettext as _
from app.ground.names import fault_of_name
from app.workbook.sheet_cells import flat, is_nothing
from app.workbook.sheet_reader import Cell
from models.estate.register_entries import PersonEntry, shared
from models.estate.register_line import Line
from models.estate.register_matching import plain_name
from models.estate.register_roles import KINDS
from models.estate.register_words import EMPTY, NOBODY, PENDING, SURNAMES, plain

_COMPANY = re.compile(
    r"(公司|集团|银行|事务所|合作社|委员会|居委会|研究院|研究所|学校|幼儿园|医院|商行|经营部|工作室|商店|超市|工厂|中心|协会|局|支行|分行|门诊部|诊所|Ltd\.?|Inc\.?)$",
    re.IGNORECASE,
)
_PADDING = re.compile(
    r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff]\b)|(?<=\b[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])"
)
_TAGGED = re.compile(r"(.[^(（]*+)[(（](.+)[)）]")
_TWO_NAMES = re.compile(r"([\u4e00-\u9fff]{2,4}) ([\u4e00-\u9fff]{2,4})")
# Where a cell that names whose its numbers are is parted, and what names them: 张三：139…、李四：138…
_PARTED = re.compile(r"[/、,;|\n]+|(?<=[0-9X])[ \t]++(?=[^\W\d])")
_NAMED = re.compile(r"\s*(?:([^\W\d][^\d:]{0,20}):|([\u4e00-\u9fff]{1,10})\s?(?=\d))(.*)", re.DOTALL)


def names_in(line: Line, column: str, cell: Cell | None = None) -> list[str]:
    """The names in a column, or in one cell of it: two with a space between are two, a word that names nobody
    is none, ``Smith, John`` is one.
    """
    names = line.several(column) if cell is None else line.parts(column, cell)
    if len(names) > 1 and cell is None and line.texts(column)[0].isascii():
        return [" ".join(text.split()) for text in line.texts(column)]
    people: list[str] = []
    for name in names:
        bare = re.sub(r"\s", "", name)
        if bare in EMPTY:
            continue
        if bare in NOBODY or bare in PENDING:
            line.notice(_("“%(word)s” names nobody and was left out.", word=bare), column)
            continue
        two = _TWO_NAMES.fullmatch(name)
        several = two is not None and two[1] not in SURNAMES
        people += [two[1], two[2]] if two is not None and several else [_PADDING.sub("", name)]
    return people


def a_person(line: Line, kind: str, name: str, column: str) -> PersonEntry:
    """A person of that name; 张三（租户） says as what."""
    relation = None
    if fault := fault_of_name(name):
        line.problem(fault, column)
    tagged = _TAGGED.fullmatch(name) if name[-1] in ")）" else None
    if tagged and plain(tagged[2]) in KINDS:
        name, kind = tagged[1].rstrip(), KINDS[plain(tagged[2])]
        relation = tagged[2] if kind in ("family", "other") else None
    return PersonEntry(
        kind,
        name,
        relation=relation,
        is_company=_COMPANY.search(name) is not None,
        given=shared(("kind", "name", "relation") if relation else ("kind", "name")),
        source=line.source,
    )


def tell(person: PersonEntry, names: Iterable[str]) -> None:
    """Note which columns told of a person."""
    if not person.given.issuperset(names):
        person.given = shared(person.given.union(names))


def by_name(line: Line, column: str, people: Sequence[PersonEntry]) -> list[list[str]] | None:
    """The numbers of each person where a cell names whose they are; None where it doesn't. Where it names
    somebody else, nobody can tell whose they are.
    """
    cell = line.cell(column)
    parts = _PARTED.split(flat(cell)) if cell is not None else []
    if cell is None or not parts or _NAMED.fullmatch(parts[0]) is None:
        return None
    told: dict[str, list[str]] = {}
    label = ""
    for part in parts:
        match = _NAMED.fullmatch(part)
        label = (match[1] or match[2]).strip() if match is not None else label
        value = (match[3] if match is not None else part).strip()
        told.setdefault(label, []).extend([] if is_nothing(value) or value in PENDING else [value])
    numbers: list[list[str]] = [[] for _person in people]
    for label, values in told.items():
        whose = [at for at, person in enumerate(people) if _is_meant(label, person)]
        if len(whose) != 1:
            if values:
                message = _(
                    "It can't be told whose number stands behind “%(word)s”: nobody of that name stands in"
                    " this line. Give each person a name and a number.",
                    word=label[:10],
                )
                line.problem(message, cell)
            continue
        numbers[whose[0]] += line.read(column, cell._replace(value="、".join(values))) or []
    return numbers


def _is_meant(label: str, person: PersonEntry) -> bool:
    kind = KINDS.get(plain(label))
    return plain_name(label) == plain_name(person.name) or (kind is not None and kind == person.kind)
