"""Figures against a plain count: whatever the records say, a number is what Python counts of them, and the
list that it opens has exactly those.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from office import NOON, Estate

from app.declare.conditions import hold
from app.declare.figure import AREA, STATE, Figure, read_part
from app.declare.kinds import ChoiceKind, DayKind, MomentKind, YesNoKind
from app.declare.person import Person
from app.declare.record import registry
from app.ground import clock, periods
from app.ground.database import db, writing
from app.ground.periods import Period
from app.lists import figures
from app.lists.listing import List, asked
from app.people import access
from app.people.users import Area, Office

ROWS = 60
PEOPLE = ("manager", "supervisor", "specialist", "colleague", "specialist2", "other_manager")


def forms() -> list[Any]:
    return [cls for cls in registry.values() if cls.figures]


def value(field: Any, chance: random.Random, ids: dict[Any, list[int]]) -> Any:
    """Anything that a box can hold, nothing too."""
    kind = field.kind
    if isinstance(kind, YesNoKind):
        return chance.choice((True, False))
    if field.is_reference:
        return chance.choice(ids[kind.target] or [None])
    if isinstance(kind, ChoiceKind):
        return [] if field.default is list else chance.choice(list(kind.options))
    if kind.refers == "many":
        return []
    if isinstance(kind, DayKind):
        return date(2024, 12, 1) + timedelta(days=chance.randrange(730))
    if isinstance(kind, MomentKind):
        return moment(chance)
    if kind.numeric:
        return (
            chance.randrange(1, 900) if type(kind).__name__ == "WholeKind" else Decimal(chance.randrange(900))
        )
    return "13800000000" if kind.personal else "某"


def moment(chance: random.Random) -> datetime:
    """Often on the edge of a month or a year, as the office's clock has it."""
    day = chance.choice((date(2026, 1, 1), date(2026, 11, 1), date(2025, 12, 1), date(2026, 10, 1)))
    edge = clock.day_start(day) + timedelta(seconds=chance.choice((-1, 0, 1)))
    anywhere = NOON - timedelta(minutes=chance.randrange(700 * 24 * 60))
    return edge if chance.random() < 0.3 else anywhere


def pour(cls: Any, chance: random.Random, offices: list[int], areas: dict[int, int]) -> None:
    """Records that nobody could have made on the screens, in no order."""
    targets = {field.kind.target for field in cls.fields.values() if field.is_reference}
    ids = {target: list(db.session.execute(db.select(target.id)).scalars()) for target in targets}
    rows = []
    for at in range(ROWS):
        row: dict[str, Any] = {"number": f"T-{at}", "version": 1, "head": "", "created_at": moment(chance)}
        area = chance.choice([*areas, None])
        row |= {"area_id": area, "office_id": areas[area] if area else chance.choice(offices)}
        if cls.states:
            row |= {"state": chance.choice(list(cls.states)), "state_at": NOON, "held_seconds": 0}
        for field in cls.fields.values():
            if field.is_lines:
                continue
            empty = cls.__table__.c[field.column].nullable and chance.random() < 0.35
            row[field.column] = None if empty else value(field, chance, ids)
        rows.append(row)
    db.session.execute(db.insert(cls.__table__), rows)


def at_of(row: Any, figure: Figure) -> Any:
    return getattr(row, figure.at)


def lies_in(row: Any, figure: Figure, period: Period) -> bool:
    at = at_of(row, figure)
    if at is None:
        return False
    if not isinstance(at, datetime):
        return period.first <= at < period.end
    return period.first <= clock.local(at).date() < period.end


def tells(row: Any, cls: Any, name: str) -> str:
    """What a record says to what a figure is told apart by."""
    says = {AREA: "area_id", STATE: "state"}.get(name) or cls.fields[name].column
    said = getattr(row, says)
    return "" if said is None else {True: "1", False: "0"}[said] if isinstance(said, bool) else str(said)


def counted(cls: Any, figure: Figure, person: Person, office: int | None) -> list[Any]:
    """The records that count, whenever."""
    rows = db.session.execute(db.select(cls)).scalars()
    reach = access.reach_of(person, cls)
    return [
        row
        for row in rows
        if reach.contains(row.office_id, row.area_id)
        and (office is None or row.office_id == office)
        and hold(figure.of, row)
        and (STATE in figure.of or getattr(row, "state", "") != "void")
        and (not figure.box or getattr(row, figure.box) is not None)
    ]


def plain(figure: Figure, rows: list[Any]) -> Decimal | None:
    """The same without a database."""
    if figure.measures == "count":
        return Decimal(len(rows))
    if not rows:
        return None
    if figure.measures == "share":
        return Decimal(sum(hold(figure.share, row) for row in rows)) / len(rows) * 100
    total = sum((Decimal(getattr(row, figure.box)) for row in rows), Decimal(0))
    return total if figure.measures == "sum" else total / len(rows)


def listed(cls: Any, person: Person, url: str) -> int:
    """How many records the list of an address has."""
    question = asked(cls, dict(parse_qsl(urlsplit(url).query)))
    assert question.filters, url
    count, more = List(cls, person, question).total()
    assert not more
    return count


def numbers(told: figures.Told) -> Iterator[tuple[figures.Number, Period, str, str]]:
    """All numbers of a figure, with what they are of."""
    for number, period in zip(told.trend, told.period.last(len(told.trend)), strict=True):
        yield number, period, "", ""
    for name, each in told.by.items():
        for number in each:
            part = read_part(told.cls, dict(parse_qsl(urlsplit(number.url).query))["figure"])
            assert part is not None
            yield number, told.period, name, part.by[name]


@pytest.mark.parametrize("seed", range(3))
def test_a_number_is_what_python_counts_and_its_list_has_them(office: Estate, seed: int) -> None:
    chance = random.Random(seed)
    db.session.rollback()
    offices = list(db.session.execute(db.select(Office.id)).scalars())
    areas = {row.id: row.office_id for row in db.session.execute(db.select(Area.id, Area.office_id))}
    with clock.set_to(NOON), writing():
        for cls in forms():
            pour(cls, chance, offices, areas)
            for figure in cls.figures.values():
                person = office.person(chance.choice(PEOPLE))
                if figure not in figures.readable(person).get(cls, []):
                    continue
                only = chance.choice((None, *offices))
                kind = chance.choice(periods.KINDS[1:])
                told = figures.told(cls, figure, person, periods.of(kind, clock.today()), only)
                of_all = counted(cls, figure, person, only)
                for number, period, name, said in numbers(told):
                    rows = [row for row in of_all if lies_in(row, figure, period)]
                    rows = [row for row in rows if not name or tells(row, cls, name) == said]
                    where = (cls.name, figure.name, person.name, period.code, name, said)
                    assert number.records == len(rows), where
                    assert number.value == plain(figure, rows), where
                    assert bool(number.url) == bool(rows), where
                    if rows:
                        assert listed(cls, person, number.url) == len(rows), where
                    if number.missed:
                        missing = [row for row in rows if not hold(figure.share, row)]
                        assert listed(cls, person, number.missed) == len(missing), where
                for name in figure.by:
                    assert sum(each.records for each in told.by[name]) == told.now.records, (cls.name, name)
    db.session.rollback()


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("in_time", True),
        ("in_time~met", True),
        ("in_time~missed~2026-11~category=water", True),
        ("in_time~2026-Q4~assignee=", True),
        ("in_time~2026~office=1", True),
        ("nothing", False),
        ("", False),
        ("in_time~0000-11", False),
        ("in_time~2026-13", False),
        ("in_time~2026-11-31", False),
        ("in_time~2026-11~2026-10", False),
        ("in_time~category=none of them", False),
        ("in_time~phone=13812340042", False),
        ("in_time~assignee=x", False),
        ("in_time~office=x", False),
        ("reports~met", False),
        ("in_time~met~missed", False),
    ],
)
def test_an_address_names_a_part_of_a_figure_or_nothing(code: str, is_one: bool) -> None:
    part = read_part(registry["work_order"], code)
    assert (part is not None) == is_one
    if part is not None:
        assert read_part(registry["work_order"], part.code) == part


def test_over_no_records_there_is_no_number(office: Estate) -> None:
    cls: Any = registry["work_order"]
    for name, text in (("in_time", "—"), ("satisfied", "—"), ("earned", "—"), ("reports", "0")):
        told = figures.told(
            cls, cls.figures[name], office.person("manager"), periods.of("month", NOON.date())
        )
        assert (told.now.text, told.now.url, told.now.missed) == (text, "", "")
        assert all(not rows for rows in told.by.values())


@pytest.mark.parametrize(
    ("met", "of", "text"),
    [
        (0, 3, "0%"),
        (3, 3, "100%"),
        (2, 3, "66.7%"),
        (1, 2, "50%"),
        (9999, 10000, "99.9%"),
        (1, 10000, "0.1%"),
    ],
)
def test_all_and_none_are_said_of_all_and_none_alone(met: int, of: int, text: str) -> None:
    cls: Any = registry["work_order"]
    figure = cls.figures["in_time"]
    assert figures.shown(cls, figure, figures.value_over(figure, figures.Cell(of, Decimal(met)))) == text


def test_who_reads_no_duty_of_it_reads_no_figure(office: Estate) -> None:
    assert figures.readable(office.person("repairer")) == {}
    names = {figure.name for figure in figures.readable(office.person("frontdesk"))[registry["work_order"]]}
    assert "reports" in names
    assert "satisfied" not in names
