"""The people of a register's line: who is owner, family or tenant, and whose telephone is whose (field
practice).
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from app.ground.language import gettext as _
from app.workbook.sheet_cells import folded, is_nothing
from models.estate.customer import kind_of_id
from models.estate.register_entries import PersonEntry, shared
from models.estate.register_heads import OWNER_WORDS, SEX_WORDS
from models.estate.register_line import Line
from models.estate.register_names import Group, a_person, names_in, names_of, people_beside, tell
from models.estate.register_roles import KIND_WORDS, KINDS

_CUSTOMERS = {
    "个人": False,
    "自然人": False,
    "个体": False,
    "单位": True,
    "公司": True,
    "企业": True,
    "法人": True,
    "单位客户": True,
    "个人客户": False,
}
_PLAIN_HEADS = frozenset({"起", "止", "from", "to"})


_MAIN = Group("name", "phone", "id_number", "phone2")
_OWNER = Group("owner_name", "phone", "id_number", "phone2")
_TENANT = Group("tenant_name", "tenant_phone", "tenant_id")
_FAMILY = Group("family_name", "family_phone", "family_id")
_SHARED = ("id_kind", "relation", "lives_here", "is_company", "mailing_address")


def people_of(line: Line, legend: Mapping[str, str]) -> list[PersonEntry]:
    """The people a line names, each with what the line tells of them."""
    _whose(line)
    by_person = (
        "name" in line.fields and bool({"person_kind", "relation"} & line.fields) and not _of_a_customer(line)
    )
    found: list[PersonEntry] = []
    if "name" in line.fields and (
        "owner_name" not in line.fields or by_person or not line.several("owner_name")
    ):
        found += _group(line, _MAIN, _kind(line, legend))
    elif "owner_name" in line.fields:
        found += _group(line, _OWNER, _kind(line, legend))
        found += [
            a_person(line, "other", name, "name")
            for name in names_in(line, "name")
            if name not in {one.name for one in found}
        ]
    elif not _alone(line) and any(line.texts(name) for name in ("phone", "phone2", "id_number")):
        line.problem(
            _("A telephone or ID number without a name. Write whose it is."),
            "phone" if line.texts("phone") else "id_number",
        )
    if by_person and "owner_name" in line.fields:
        known = {one.name for one in found}
        found += [
            a_person(line, "owner", name, "owner_name")
            for name in names_in(line, "owner_name")
            if name not in known
        ]
    family, tenant = (
        (
            replace(group, phone="phone", id_number="id_number", phone2="phone2")
            if _alone(line) == group.name
            else group
        )
        for group in (_FAMILY, _TENANT)
    )
    found += _group(line, family, "family") + _group(line, tenant, "tenant")
    _lease(line, found)
    return found


def _of_a_customer(line: Line) -> bool:
    """Whether the line tells of a unit's customer (whether a person or a company) rather than of one of its
    people.
    """
    return bool(line.texts("owner_name")) and (
        not line.texts("name") or any(word in _CUSTOMERS for word in line.texts("person_kind"))
    )


def _alone(line: Line) -> str:
    """The name's column in a sheet of tenants alone, or of families: then a telephone or an ID number is
    theirs.
    """
    names = {"name", "owner_name", "tenant_name", "family_name"} & line.fields
    return names.pop() if len(names) == 1 and not names & {"name", "owner_name"} else ""


def kinds_told(fields: frozenset[str]) -> frozenset[str]:
    """The kinds of people a table with these columns tells of."""
    if {"person_kind", "relation"} & fields:
        return frozenset(KIND_WORDS)
    heads = {"name": "owner", "owner_name": "owner", "tenant_name": "tenant", "family_name": "family"}
    return shared(kind for name, kind in heads.items() if name in fields)


def _kind(line: Line, legend: Mapping[str, str]) -> str | None:
    """Owner, family, tenant or other; None with a problem told where the line's word isn't known."""
    for name in ("person_kind", "relation"):
        texts = line.texts(name)
        if not texts:
            continue
        word = texts[0]
        if word in _CUSTOMERS:
            continue
        kind = (
            KINDS.get(folded(word))
            or legend.get(word.upper())
            or KINDS.get(folded(re.sub(r"[(（].*", "", word)))
        )
        if kind is not None:
            return kind
        if name == "relation":
            return "family"
        if re.fullmatch(r"\d{1,6}|\w{1,2}", word, re.ASCII):
            line.problem(
                _("No note in the sheet explains the code “%(code)s”. Write 业主, 家属 or 租户.", code=word),
                name,
            )
        else:
            line.problem(
                _(
                    "“%(word)s” is not known here. Known: %(known)s.",
                    word=word[:20],
                    known="业主、家属、租户、其他",
                ),
                name,
            )
        return None
    said = line.texts("person_kind") or "relation" in line.fields
    if "person_kind" in line.fields and not said and (line.texts("name") or line.texts("owner_name")):
        line.problem(_("It isn't said who this person is. Write 业主, 家属 or 租户."), "person_kind")
        return None
    return "owner"


def _group(line: Line, group: Group, kind: str | None) -> list[PersonEntry]:
    if not any(name in line.cells for name in (group.name, group.phone, group.id_number, group.phone2)):
        return []
    if len(line.columns(group.name)) > 1 and any(
        name in line.cells for name in (group.phone, group.id_number, group.phone2)
    ):
        return people_beside(line, group, kind)
    names = names_of(line, group)
    phones, ids = line.get(group.phone) or [], line.get(group.id_number) or []
    extra = (line.get(group.phone2) or []) if group.phone2 else []
    if not names:
        if phones or ids or extra:
            line.problem(
                _("A telephone or ID number without a name. Write whose it is."),
                group.phone if phones else group.id_number,
            )
        return []
    people = [a_person(line, kind or "other", name, group.name) for name in names]
    _give_phones(line, group, people, phones, extra)
    _give_ids(line, group, people, ids)
    if group in (_MAIN, _OWNER):
        _give_rest(line, people)
    return people


def _whose(line: Line) -> None:
    """A single telephone's or ID number's column right of a tenant's, a relative's or a contact's name may be
    theirs or the owner's.
    """
    order = [field for _at, field, _letters in line.table.places]
    for column in ("phone", "id_number"):
        at = order.index(column) if column in order else 0
        beside = order[at - 1] if at else ""
        if (
            beside in ("tenant_name", "family_name", "emergency_contact")
            and {"name", "owner_name"} & set(order)
            and order.count(column) == 1
        ):
            told = (
                column in line.cells
                and beside in line.cells
                and any(line.texts(name) for name in ("name", "owner_name"))
            )
            if told and line.texts(beside) and not line.head(column).startswith(OWNER_WORDS):
                line.problem(
                    _(
                        "It can't be told whose this is. Call the column 业主电话, 租户电话, 业主身份证号 or"
                        " the like."
                    ),
                    column,
                )


def _give_phones(
    line: Line, group: Group, people: list[PersonEntry], phones: list[str], extra: list[str]
) -> None:
    told = [
        name for name, column in (("phone", group.phone), ("phone2", group.phone2)) if column in line.fields
    ]
    for one in people:
        tell(one, told)
    if len(people) == 1:
        both = (
            list(dict.fromkeys(phones[:1] + extra + phones[1:]))
            if len(phones) < 2 or not extra
            else list(dict.fromkeys(phones + extra))
        )
        if len(both) > 2:
            line.problem(
                _(
                    "More than two telephone numbers for one person. Give the others a line or column of"
                    " their own."
                ),
                group.phone,
            )
        elif phones or not extra:
            people[0].phone, people[0].phone2 = (*both, None, None)[:2]
        else:
            people[0].phone, people[0].phone2 = (None, extra[0]) if len(extra) == 1 else (extra[0], extra[1])
        tell(people[0], ["phone2"] if people[0].phone2 else [])
        return
    _share(line, group.phone, people, "phone", phones)
    if extra:
        _share(line, group.phone2, people, "phone2", extra)


def _give_ids(line: Line, group: Group, people: list[PersonEntry], ids: list[str]) -> None:
    if group.id_number in line.fields:
        for one in people:
            tell(one, ["id_number"])
    _share(line, group.id_number, people, "id_number", ids)
    for one in people:
        one.id_kind = kind_of_id(one.id_number) or one.id_kind
        one.is_company = one.is_company or one.id_kind == "credit_code"
        tell(one, ["id_kind"] if one.id_kind else [])


def _share(line: Line, column: str, people: list[PersonEntry], name: str, values: list[str]) -> None:
    """Hand one value to each; where they are fewer, to the first; where they are more, nobody can tell whose
    they are.
    """
    if len(values) > len(people):
        line.problem(
            _(
                "%(values)s values for %(people)s names. Give each person a line, or as many values as"
                " names.",
                values=len(values),
                people=len(people),
            ),
            column,
        )
        return
    turns = line.turns(column) if values and len(values) < len(people) else []
    if len(turns) == len(people) and sum(turns) == len(values):
        people = [one for one, given in zip(people, turns, strict=True) if given]
    elif values and len(values) < len(people):
        line.notice(
            _(
                "%(values)s values for %(people)s names: the first names have them.",
                values=len(values),
                people=len(people),
            ),
            column,
        )
    for one, value in zip(people, values, strict=False):
        setattr(one, name, value)


def _give_rest(line: Line, people: list[PersonEntry]) -> None:
    for name in _SHARED:
        if name not in line.fields:
            continue
        value = line.get(name)
        for one in people:
            if name == "relation":
                one.relation = value if value is not None and not is_nothing(str(value)) else one.relation
            elif name == "lives_here":
                one.lives_here = None if value is None else value == "yes"
            elif name == "is_company":
                one.is_company = one.is_company if value is None else value == "yes"
            elif value is not None or name != "id_kind":
                setattr(one, name, value)
            tell(one, [name])
    word = line.texts("person_kind")
    for one in people:
        if (
            word
            and "relation" not in line.fields
            and one.kind == "family"
            and folded(word[0]) in KINDS
            and folded(word[0]) not in ("家属", "家庭成员")
        ):
            one.relation = word[0]
            tell(one, ["relation"])
    if any(_CUSTOMERS.get(text) for text in word):
        people[0].is_company = True
    _give_sex_and_employer(line, people)


def _give_sex_and_employer(line: Line, people: list[PersonEntry]) -> None:
    if "sex" in line.fields:
        sexes = [SEX_WORDS.get(folded(word)) for word in line.several("sex")]
        if None in sexes:
            line.notice(
                _("“%(word)s” is not known here and was left out.", word=line.texts("sex")[0][:20]), "sex"
            )
        _share(line, "sex", people, "sex", [sex for sex in sexes if sex is not None])
    if "employer" in line.fields:
        text = line.get("employer")
        _share(line, "employer", people, "employer", [text] if text and not is_nothing(text) else [])
    for one in people:
        tell(one, {"sex", "employer"} & line.fields)


def _lease(line: Line, people: list[PersonEntry]) -> None:
    """A lease's beginning, end and rent are the tenant's where the line has one, else the first person's.

    Where a line tells of one person, the day somebody other than the owner moved in is their own and not the
    unit's.
    """
    moved = line.cell("move_in")
    if (
        moved is not None
        and not moved.filled
        and {"person_kind", "relation"} & line.fields
        and {one.kind for one in people} & {"family", "tenant", "other"}
    ):
        line.taken.add("move_in")
        for one in people:
            one.since = line.get("move_in")
            tell(one, ["since"])
    told = {"since", "until", "rent"} & line.fields
    if not told:
        return
    tenants = [one for one in people if one.kind == "tenant"]
    plain = all(folded(line.head(name)) in _PLAIN_HEADS for name in told)
    others = [
        one
        for one in people[:1]
        if plain or (one.kind != "owner" and {"person_kind", "relation"} & line.fields)
    ]
    chosen = tenants or ([] if "tenant_name" in line.fields else others)
    values = {name: line.get(name) for name in told}
    for one in chosen:
        for name, value in values.items():
            setattr(one, name, value)
            tell(one, [name])
    if not chosen and any(value is not None for value in values.values()):
        line.problem(
            _("A lease without a tenant's name. Write whose it is."),
            next(name for name in sorted(told) if values[name] is not None),
        )
