"""The people of a register's line: who is owner, family or tenant, and whose telephone is whose (field
practice).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.ground.language import gettext as _
from app.workbook.sheet_cells import flat, folded, is_nothing
from app.workbook.sheet_reader import Cell
from app.workbook.sheet_tables import Table
from models.estate.customer import kind_of_id
from models.estate.register_entries import PersonEntry, shared
from models.estate.register_line import Line
from models.estate.register_names import a_person, by_name, names_in, tell
from models.estate.register_roles import KINDS, kind_of
from models.estate.register_words import CODES, HEADS, PENDING, plain


@dataclass(frozen=True)
class Group:
    """Which fields of a line tell of one kind of people."""

    name: str
    phones: tuple[str, ...]
    id_number: str

    @property
    def numbers(self) -> tuple[str, ...]:
        """All that is one person's and no other's."""
        return (*self.phones, self.id_number)


PHONES = ("phone", "phone2", "phone3")
_MAIN, _OWNER = Group("name", PHONES, "id_number"), Group("owner_name", PHONES, "id_number")
_TENANT = Group("tenant_name", ("tenant_phone",), "tenant_id")
_FAMILY = Group("family_name", ("family_phone",), "family_id")
_OTHERS_OWN = frozenset(
    {"emergency_contact", "emergency_phone", _TENANT.name, *_TENANT.numbers, _FAMILY.name, *_FAMILY.numbers}
)
_PLAIN_HEADS = frozenset({"起", "止", "from", "to"})


def people_of(line: Line, legend: Mapping[str, str]) -> list[PersonEntry]:
    """The people a line names, each with what the line tells of them."""
    _whose(line)
    by_person = "name" in line.fields and bool({"person_kind", "relation"} & line.fields)
    others = _group(line, _FAMILY, "family") + _group(line, _TENANT, "tenant")
    people: list[PersonEntry] = []
    if "name" in line.fields and (by_person or not line.several("owner_name")):
        people += _group(line, _MAIN, _kind(line, legend), others)
    elif "owner_name" in line.fields:
        people += _group(line, _OWNER, _kind(line, legend), others)
        people += _further(line, "name", "other", people)
    elif not {_TENANT.name, _FAMILY.name} & line.fields:
        _nobodys(line, _MAIN)
    if by_person:
        people += _further(line, "owner_name", "owner", people)
    people += others
    _lease(line, people)
    return people


def kinds_told(fields: frozenset[str]) -> frozenset[str]:
    """The kinds of people a table with these columns tells of."""
    if {"person_kind", "relation"} & fields:
        return frozenset(KINDS.values())
    heads = {"name": "owner", "owner_name": "owner", "tenant_name": "tenant", "family_name": "family"}
    return shared(kind for name, kind in heads.items() if name in fields)


def _further(line: Line, column: str, kind: str, known: Sequence[PersonEntry]) -> list[PersonEntry]:
    names = {person.name for person in known}
    return [a_person(line, kind, name, column) for name in names_in(line, column) if name not in names]


def doubtful(table: Table) -> Mapping[str, str]:
    """The columns of telephones and ID numbers of which only a person can say whose they are: right of a
    tenant's, a relative's or a contact's, or in a sheet of those alone; each with the column that may be
    theirs.
    """
    if table.head.assignment is not None:
        return {}
    theirs: dict[str, str] = {}
    alone = not {"name", "owner_name"} & table.fields and bool({_TENANT.name, _FAMILY.name} & table.fields)
    beside = ""
    for at, field, letters in table.places:
        if field in _OTHERS_OWN:
            beside = field
        elif field not in _MAIN.numbers:
            beside = ""
        elif (alone or beside) and not _says_owner(table.head.texts[at]):
            theirs[letters] = "" if alone else beside
    return theirs


def _says(cell: Cell) -> bool:
    return not is_nothing(text := flat(cell)) and text not in PENDING


def _says_owner(head: str) -> bool:
    return any(HEADS.get(folded(head[:length])) == "owner_name" for length in range(2, len(head)))


def _whose(line: Line) -> None:
    columns = line.whose
    if not columns:
        return
    for cell in [cell for field in _MAIN.numbers for cell in line.cells.get(field, ()) if _says(cell)]:
        beside = columns.get(cell.column)
        if beside == "" or (beside is not None and line.cell(*_OTHERS_OWN) is not None):
            message = _(
                "It can't be told whose this is. Say whose column it is, or call it 业主电话, 租户电话,"
                " 业主身份证号 or the like."
            )
            line.problem(message, cell)


def _kind(line: Line, legend: Mapping[str, str]) -> str | None:
    """Owner, family, tenant or other; None with a problem told where the line's word isn't known."""
    for name in ("person_kind", "relation"):
        for word in line.texts(name)[:1]:
            kind = kind_of(word, legend)
            if kind is None and name == "relation":
                line.notice(_("“%(word)s” is taken as family.", word=word[:20]), name)
                kind = "family"
            if kind is None:
                line.problem(_unknown(word), name)
            return kind
    named = line.texts("name") or line.texts("owner_name")
    if "person_kind" in line.fields and "relation" not in line.fields and named:
        line.problem(_("It isn't said who this person is. Write 业主, 家属 or 租户."), "person_kind")
        return None
    return "owner"


def _unknown(word: str) -> str:
    if re.fullmatch(r"\d{1,6}|\w{1,2}", word, re.ASCII):
        return _("No note in the sheet explains the code “%(code)s”. Write 业主, 家属 or 租户.", code=word)
    known = "业主、家属、租户、其他"
    return _("“%(word)s” is not known here. Known: %(known)s.", word=word[:20], known=known)


def _nobodys(line: Line, group: Group) -> None:
    """A number without a name is a problem."""
    column = next((column for column in group.numbers if line.texts(column) and line.get(column)), None)
    if column is not None:
        line.problem(_("A telephone or ID number without a name. Write whose it is."), column)


def _group(
    line: Line, group: Group, kind: str | None, others: Sequence[PersonEntry] = ()
) -> list[PersonEntry]:
    """One kind of people of a line with their numbers; a cell may name some as the ``others``'."""
    if line.cell(group.name, *group.numbers) is None:
        return []
    if len(line.columns(group.name)) > 1 and line.cell(*group.numbers) is not None:
        return _beside(line, group, kind or "other")
    people = [a_person(line, kind or "other", name, group.name) for name in names_in(line, group.name)]
    if not people:
        _nobodys(line, group)
        return []
    _give_phones(line, group, people, others)
    _give_ids(line, group, people)
    if group in (_MAIN, _OWNER):
        _give_rest(line, people)
    return people


def _beside(line: Line, group: Group, kind: str) -> list[PersonEntry]:
    """People in columns beside each other (姓名 电话 姓名 电话): each with the number that stands in its own
    turn.
    """
    names, people = line.columns(group.name), []
    columns = [column for column in group.numbers if column in line.cells]
    for column in columns:
        if len(line.columns(column)) != len(names):
            message = _(
                "It can't be told whose this is: there are more or fewer columns of it than of names."
            )
            line.problem(message, column)
            return []
    for at, letters in enumerate(names):
        cell = next((cell for cell in line.cells.get(group.name, ()) if cell.column == letters), None)
        told = names_in(line, group.name, cell) if cell is not None else []
        numbers = {column: _in_turn(line, column, at) for column in columns}
        if len(told) > 1 or any(len(told) < len(values) or len(values) > 1 for values in numbers.values()):
            message = _("Each of these columns holds one person and one number. Give each person a line.")
            line.problem(message, cell or group.name)
        elif told:
            person = a_person(line, kind, told[0], group.name)
            for column, values in numbers.items():
                field = "id_number" if column == group.id_number else PHONES[group.phones.index(column)]
                setattr(person, field, values[0] if values else None)
                tell(person, [field] if values else [])
            person.id_kind = kind_of_id(person.id_number)
            people.append(person)
    return people


def _in_turn(line: Line, column: str, at: int) -> list[str]:
    """The values of the column of a field that stands at its turn."""
    letters = line.columns(column)[at]
    return [
        number
        for cell in line.cells.get(column, ())
        if cell.column == letters
        for number in line.read(column, cell) or []
    ]


def _give_phones(line: Line, group: Group, people: list[PersonEntry], others: Sequence[PersonEntry]) -> None:
    """Each person's telephones: those beside a name in the cell are that person's."""
    told = [PHONES[at] for at, name in enumerate(group.phones) if name in line.fields]
    named = {name: by_name(line, name, [*people, *others]) for name in group.phones}
    for at, person in enumerate(people):
        tell(person, told)
        numbers = [
            those[at] if those is not None else (line.get(name) or [] if len(people) == 1 else [])
            for name, those in named.items()
        ]
        _take(line, group, person, numbers)
    for at, person in enumerate(others, len(people)):
        if new := [number for those in named.values() if those is not None for number in those[at]]:
            had = [number for name in PHONES if (number := getattr(person, name))]
            _take(line, group, person, [had + new])
    for at, name in enumerate(group.phones if len(people) > 1 else ()):
        if named[name] is None:
            _share(line, name, people, PHONES[at], line.get(name) or [])


def _take(line: Line, group: Group, person: PersonEntry, told: list[list[str]]) -> None:
    """One person's telephones, up to three: the first of each column, then what more a cell holds."""
    ordered = [number for those in told for number in those[:1]]
    ordered += [number for those in told for number in those[1:]]
    numbers, places = list(dict.fromkeys(ordered)), list(PHONES)
    if len(numbers) > len(places):
        message = _("More than three telephone numbers for one person. Give the others a line of their own.")
        line.problem(message, group.phones[0])
    elif len(numbers) == 1 and not told[0]:  # only the second or third column says something
        places = [PHONES[at] for at, those in enumerate(told) if those]
    for name, number in zip(places, numbers, strict=False):
        setattr(person, name, number)
        tell(person, [name])


def _give_ids(line: Line, group: Group, people: list[PersonEntry]) -> None:
    column = group.id_number
    named = by_name(line, column, people)
    if named is None:
        _share(line, column, people, "id_number", line.get(column) or [])
    elif any(len(numbers) > 1 for numbers in named):
        line.problem(_("More than one ID number for one person. Keep one."), column)
    for at, person in enumerate(people):
        if named is not None:
            person.id_number = named[at][0] if named[at] else None
        person.id_kind = kind_of_id(person.id_number) or person.id_kind
        person.is_company = person.is_company or person.id_kind == "credit_code"
        told = (["id_number"] if column in line.fields else []) + (["id_kind"] if person.id_kind else [])
        tell(person, told)


def _share(line: Line, column: str, people: list[PersonEntry], name: str, values: list[str]) -> None:
    """Hand one value to each; where they are fewer, to the first; where they are more, nobody can tell whose
    they are.
    """
    if len(values) > len(people):
        message = _(
            "%(values)s values for %(people)s names. Give each person a line, or as many values as names.",
            values=len(values),
            people=len(people),
        )
        line.problem(message, column)
        return
    turns = line.turns(column) if values and len(values) < len(people) else []
    if len(turns) == len(people) and sum(turns) == len(values):
        people = [person for person, given in zip(people, turns, strict=True) if given]
    elif values and len(values) < len(people):
        message = _(
            "%(values)s values for %(people)s names: the first names have them.",
            values=len(values),
            people=len(people),
        )
        line.notice(message, column)
    for person, value in zip(people, values, strict=False):
        setattr(person, name, value)


def _give_rest(line: Line, people: list[PersonEntry]) -> None:
    """What a line tells of all its people, and of each in turn."""
    for name in {"id_kind", "relation", "lives_here", "is_company", "mailing_address"} & line.fields:
        value = line.get(name)
        for person in people:
            if name in ("lives_here", "is_company"):
                value = value if value is None or isinstance(value, bool) else value == "yes"
            if value is not None and not is_nothing(str(value)):
                setattr(person, name, value)
            tell(person, [name])
    word = line.texts("person_kind")
    for person in people:
        near = word and "relation" not in line.fields and person.kind == "family"
        if near and plain(word[0]) in KINDS and plain(word[0]) not in ("家属", "家庭成员"):
            person.relation = word[0]
            tell(person, ["relation"])
    if "sex" in line.fields:
        sexes = [CODES["sex"].get(plain(word)) for word in line.several("sex")]
        if None in sexes:
            message = _("“%(word)s” is not known here and was left out.", word=line.texts("sex")[0][:20])
            line.notice(message, "sex")
        _share(line, "sex", people, "sex", [sex for sex in sexes if sex is not None])
    if "employer" in line.fields:
        text = line.get("employer")
        _share(line, "employer", people, "employer", [text] if text and not is_nothing(text) else [])
    for person in people:
        tell(person, {"sex", "employer"} & line.fields)


def _lease(line: Line, people: list[PersonEntry]) -> None:
    """A lease's beginning, end and rent are the tenant's where the line has one, else the first person's.

    Where a line tells of one person, the day somebody other than the owner moved in is their own and not the
    unit's.
    """
    moved, by_person = line.cell("move_in"), bool({"person_kind", "relation"} & line.fields)
    others = {person.kind for person in people} - {"owner"}
    if moved is not None and not moved.filled and by_person and others:
        line.taken.add("move_in")
        for person in people:
            person.since = line.get("move_in")
            tell(person, ["since"])
    told = {"since", "until", "rent"} & line.fields
    if not told:
        return
    tenants = [person for person in people if person.kind == "tenant"]
    heads = [text for at, text in line.table.head.texts.items() if line.table.head.fields.get(at) in told]
    plain_heads = all(folded(head) in _PLAIN_HEADS for head in heads)
    first = [person for person in people[:1] if plain_heads or (person.kind != "owner" and by_person)]
    chosen = tenants or ([] if "tenant_name" in line.fields else first)
    values = {name: line.get(name) for name in told}
    for person in chosen:
        for name, value in values.items():
            setattr(person, name, value)
            tell(person, [name])
    if not chosen and any(value is not None for value in values.values()):
        column = next(name for name in sorted(told) if values[name] is not None)
        line.problem(_("A lease without a tenant's name. Write whose it is."), column)
