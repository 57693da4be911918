"""The names in a register's line: who they are, whom no word names, and people in columns beside each other
(field practice).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.ground.language import gettext as _
from app.ground.names import fault_of_name
from app.workbook.sheet_cells import folded
from models.estate.customer import kind_of_id
from models.estate.register_entries import PersonEntry, shared
from models.estate.register_heads import PENDING
from models.estate.register_line import PARSERS, Line
from models.estate.register_roles import KINDS

_COMPANY = re.compile(
    r"(公司|集团|银行|事务所|合作社|委员会|居委会|研究院|研究所|学校|幼儿园|医院|商行|经营部|工作室|商店|超市|工厂|中心|协会|局|支行|分行|门诊部|诊所|Ltd\.?|Inc\.?)$",
    re.IGNORECASE,
)
_PADDING = re.compile(
    r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff]\b)|(?<=\b[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])"
)
_TAGGED = re.compile(r"(.[^(（]*+)[(（](.+)[)）]")
_EMPTY_NAMES = frozenset(
    {
        "空置",
        "空房",
        "未售",
        "未入住",
        "空关",
        "待售",
        "无人",
        "自住",
        "自用",
        "业主自住",
        "未出租",
        "未租",
        "无租户",
        "空",
    }
)
_NOBODY = frozenset(
    [
        *PENDING,
        "见上",
        "见备注",
        "本人",
        "业主",
        "业主本人",
        "同业主",
        "户主",
        "租户",
        "租客",
        "家属",
        "待租",
        "未交付",
        "未收楼",
        "未交房",
    ]
)
_TWO_PART_SURNAMES = frozenset(
    [
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "司徒",
        "端木",
        "夏侯",
        "南宫",
        "西门",
        "独孤",
        "轩辕",
        "百里",
        "东郭",
        "闻人",
        "钟离",
        "申屠",
        "太史",
        "澹台",
        "公冶",
        "呼延",
    ]
)


@dataclass(frozen=True)
class Group:
    """Which fields of a line tell of one kind of people."""

    name: str
    phone: str
    id_number: str
    phone2: str = ""


def names_of(line: Line, group: Group) -> list[str]:
    """The names of one kind of people; ``Smith, John`` is one."""
    names = line.several(group.name)
    if len(names) > 1 and line.texts(group.name)[0].isascii():
        return [" ".join(text.split()) for text in line.texts(group.name)]
    return _people_in(line, group.name, names)


def names_in(line: Line, column: str) -> list[str]:
    """The names in a column."""
    return _people_in(line, column, line.several(column))


def _people_in(line: Line, column: str, names: list[str]) -> list[str]:
    """The names among what stands where names should: two with a space between are two, a word that names
    nobody is none.
    """
    found: list[str] = []
    for name in names:
        bare = re.sub(r"\s", "", name)
        if bare in _EMPTY_NAMES:
            continue
        if bare in _NOBODY:
            line.notice(_("“%(word)s” names nobody and was left out.", word=bare), column)
            continue
        two = re.fullmatch(r"([\u4e00-\u9fff]{2,4}) ([\u4e00-\u9fff]{2,4})", name)
        found += (
            [two[1], two[2]]
            if two and two[1] not in _TWO_PART_SURNAMES
            else [_PADDING.sub("", name) if " " in name else name]
        )
    return found


def a_person(line: Line, kind: str, name: str, column: str) -> PersonEntry:
    """A person of that name; 张三（租户） says as what."""
    relation = None
    if fault := fault_of_name(name):
        line.problem(fault, column)
    tagged = _TAGGED.fullmatch(name) if name[-1] in ")）" else None
    if tagged and folded(tagged[2]) in KINDS:
        name, kind = tagged[1].rstrip(), KINDS[folded(tagged[2])]
        relation = tagged[2] if kind in ("family", "other") else None
    given = shared(("kind", "name", "relation") if relation else ("kind", "name"))
    return PersonEntry(
        kind,
        name,
        relation=relation,
        is_company=_COMPANY.search(name) is not None,
        given=given,
        source=line.source,
    )


def tell(one: PersonEntry, names: Iterable[str]) -> None:
    """Note which columns told of a person."""
    if not one.given.issuperset(names):
        one.given = shared(one.given.union(names))


def people_beside(line: Line, group: Group, kind: str | None) -> list[PersonEntry]:
    """People in columns beside each other (姓名 电话 姓名 电话): each with the number that stands in its own
    turn.
    """
    names = line.columns(group.name)
    found: list[PersonEntry] = []
    for column in (group.phone, group.id_number, group.phone2):
        if column in line.cells and len(line.columns(column)) != len(names):
            line.problem(
                _("It can't be told whose this is: there are more or fewer columns of it than of names."),
                column,
            )
            return []
    for at, letters in enumerate(names):
        cell = next((cell for cell in line.cells.get(group.name, ()) if cell.column == letters), None)
        told = _people_in(line, group.name, line.parts(group.name, cell)) if cell is not None else []
        numbers = {
            name: _turn(line, column, at)
            for name, column in (
                ("phone", group.phone),
                ("id_number", group.id_number),
                ("phone2", group.phone2),
            )
        }
        if (
            len(told) > 1
            or any(len(values) > 1 for values in numbers.values())
            or (not told and any(numbers.values()))
        ):
            line.problem(
                _("Each of these columns holds one person and one number. Give each person a line."),
                cell or group.name,
            )
        elif told:
            person = a_person(line, kind or "other", told[0], group.name)
            for name, values in numbers.items():
                setattr(person, name, values[0] if values else None)
            person.id_kind = kind_of_id(person.id_number)
            tell(person, [name for name, values in numbers.items() if values])
            found.append(person)
    return found


def _turn(line: Line, column: str, at: int) -> list[str]:
    """The values of the column of a field that stands at its turn."""
    letters = line.columns(column)
    cell = next(
        (cell for cell in line.cells.get(column, ()) if len(letters) > at and cell.column == letters[at]),
        None,
    )
    line.get(column)  # tells what is wrong with it
    return PARSERS[column](cell).value or [] if cell is not None else []
