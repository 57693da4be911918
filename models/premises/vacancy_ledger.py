"""Vacancy ledger (QR-0334SD): one line a vacant unit, kept by the system from the vacancy changes."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Date
from sqlalchemy.orm import Mapped
from sqlalchemy.types import TypeEngine

from app.declaring import (
    Access,
    Columns,
    Ledger,
    OneEach,
    Paper,
    States,
    User,
    act,
    clock,
    closed,
    deadline,
    every,
    fields,
    kinds,
    moving,
    on,
    setting,
    units,
)
from models.duties import F1, M1, M2, M3, M4, P3, P6, S2, S3
from models.estate.unit import Unit
from models.keeping import kept
from models.parts import PREMISES
from models.premises.extra_round import ExtraRound
from models.premises.vacancy_change import VacancyChange
from models.premises.vacancy_choices import REASONS

RAINY_MONTHS = setting(
    "vacancy_ledger.rainy_months",
    ("雨季月份（加密巡查）", "Rainy months, inspected more often"),
    units.months_of_the_year(5, 6, 7, 8, 9),
    by=M2,
)
SETTLING = setting(
    "vacancy_ledger.settling",
    ("空置满多少天起巡查", "Inspected once empty for"),
    units.days(7),
    by=M2,
    least=0,
    most=31,
)
RAINY_ROUND = setting(
    "vacancy_ledger.rainy_round",
    ("雨季巡查周期", "Inspected in the rainy months every"),
    units.days(15),
    by=M2,
    least=5,
    most=31,
)


class DaysKind(kinds.Kind):
    """The days since a day, counted when they are read, so that they never are yesterday's."""

    widget = "number"
    numeric = True
    sheet = "whole"
    width = 8

    def column(self) -> TypeEngine[Any]:
        return Date()

    def show(self, value: date) -> str:
        return str(self.cell(value))

    def cell(self, value: date) -> int:
        return (clock.today() - value).days

    def dump(self, value: date) -> str:
        return value.isoformat()

    def load(self, kept: str) -> date:
        return date.fromisoformat(kept)

    def of_key(self, text: str) -> date:
        return date.fromisoformat(text)


def round_of(day: date, office: int | None) -> tuple[date, date]:
    """The first and last day of the round in which a day lies: a month; a part of it in the rains, of which
    the last goes to the month's end.
    """
    first = day.replace(day=1)
    last, begins = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1), clock.day_start(first)
    if str(day.month) not in RAINY_MONTHS.at(begins, office):
        return first, last
    days = RAINY_ROUND.at(begins, office)
    rounds = max(1, round(last.day / days))
    at = min((day.day - 1) // days, rounds - 1)
    starts = first + timedelta(days=at * days)
    return starts, last if at == rounds - 1 else starts + timedelta(days=days - 1)


def next_inspection(line: "VacancyLedger") -> date:
    """The last day of the round that follows the last inspection; of a unit that was empty too short a time,
    of the one after.
    """
    office, since = line.office_id, line.since or clock.today()
    if line.inspected_at is not None:
        _first, last = round_of(clock.local(line.inspected_at).date(), office)
        return round_of(last + timedelta(days=1), office)[1]
    _first, last = round_of(since, office)
    settled = (last - since).days >= SETTLING.of(line, clock.day_start(since))
    return last if settled else round_of(last + timedelta(days=1), office)[1]


def note_missed(line: "VacancyLedger") -> None:
    """That it was missed stands in its history; what is due stays so."""


class VacancyLedger(
    Ledger,
    of=VacancyChange,
    by="unit",
    at="happened_at",
    told_by="kind",
    code="QR-0334SD",
    title=("空置房台账", "Vacancy ledger"),
    prefix="KZ",
    part=PREMISES,
):
    """A unit that stands or stood empty: nobody edits it, its changes write it."""

    icon = "sheet"
    menu_at = 2
    about = "unit"
    vacancy = fields.section("空置", "Vacancy")
    unit: Mapped[Unit] = fields.reference("房屋", "Unit")
    reason: Mapped[str | None] = fields.choice("空置原因", "Vacant because", REASONS, filter=True)
    since: Mapped[date | None] = fields.day("空置日期", "Vacant since", sort=True)

    def _days(self) -> date | None:
        return self.since if self.state == "vacant" else None

    days_empty: Mapped[date | None] = fields.of_kind("空置天数", "Days", DaysKind(), worked_out=_days)
    until: Mapped[date | None] = fields.day("启用日期", "Occupied on")
    in_charge: Mapped[User | None] = fields.reference("责任人", "In charge", filter=True)
    keys_held: Mapped[int] = fields.whole("保管钥匙", "Keys held", default=0)

    care = fields.section("巡查", "Inspection")
    inspected_at: Mapped[datetime | None] = fields.moment("上次巡查", "Last inspected", sort=True)
    finding: Mapped[str | None] = fields.text("未消除的问题", "Still to be mended", max=500, wide=True)
    water_reading: Mapped[Decimal | None] = fields.quantity("水表", "Water meter")
    power_reading: Mapped[Decimal | None] = fields.quantity("电表", "Power meter")
    gas_reading: Mapped[Decimal | None] = fields.quantity("燃气表", "Gas meter")

    fees = fields.section("费用", "Fees")
    fee_rate: Mapped[Decimal | None] = fields.rate("物业费单价", "Fee rate")
    fee_share: Mapped[Decimal | None] = fields.quantity("减免后收费比例（%）", "Share charged (%)")
    month_fee: Mapped[Decimal | None] = fields.amount("本月物业费", "This month's fee")
    arrears: Mapped[Decimal | None] = fields.amount("欠费", "Arrears")

    states = States(vacant=moving("空置", "Vacant"), occupied=closed("已启用", "Occupied", side=True))
    access = Access(read=(M1, M3, M4, S2, S3, P3, P6, F1), export=(M1, M4, S3))
    one_each = (OneEach("unit", ("这套房已在台账中：%(number)s。", "It is in the ledger: %(number)s.")),)
    shows = Columns(
        "number",
        "unit",
        "reason",
        "since",
        "days_empty",
        "inspected_at",
        "due_at",
        "keys_held",
        "in_charge",
        "state",
    )
    highlights = {"title": "unit", "line": ("finding", "reason")}
    rounds = every(
        "month",
        ("巡查", "Inspect"),
        done_by=VacancyChange,
        by="unit",
        at="happened_at",
        when={"kind": "inspection"},
        while_in="vacant",
        since="since",
        after_days=SETTLING,
        windows=round_of,
        called_by=ExtraRound,
        called=("first_day", "last_day"),
    )
    inspect_due = deadline("巡查", "Inspect", "vacant", until=next_inspection)
    missed = act("vacant", None, ("未按期巡查", "Not inspected in time"), at="inspect_due", does=note_missed)
    paper = Paper(
        title=("空置房台账", "Ledger of vacant units"),
        register=True,
        landscape=True,
        copies=(("存根联", "Ours"), ("业主方联", "Owner's side")),
        signs=(("制表", "Drawn up by"), ("客服主管", "Supervisor"), ("业主方", "Owner's side")),
        columns=(
            "unit",
            "reason",
            "since",
            "days_empty",
            "month_fee",
            "keys_held",
            "inspected_at",
            "due_at",
            "water_reading",
            "power_reading",
            "gas_reading",
            "fee_rate",
            "arrears",
            "in_charge",
            "remark",
        ),
        keep_years=kept("vacancy_ledger", 3),
    )

    @on("vacated")
    def becomes_vacant(self, change: VacancyChange) -> None:
        self.state, self.reason, self.until = "vacant", change.reason, None
        self.since = clock.local(change.happened_at).date()
        self.in_charge_id = change.in_charge_id or change.created_by_id
        self.inspected_at = self.finding = None
        self._read(change)

    @on("occupied")
    def is_occupied(self, change: VacancyChange) -> None:
        self.state, self.until = "occupied", clock.local(change.happened_at).date()
        self.fee_share = self.finding = None
        self._read(change)

    @on("keys_in")
    def takes_keys(self, change: VacancyChange) -> None:
        self.keys_held += change.keys_count or 0

    @on("keys_out")
    def gives_keys(self, change: VacancyChange) -> None:
        self.keys_held = max(0, self.keys_held - (change.keys_count or 0))

    @on("visit")
    def is_visited(self, change: VacancyChange) -> None: ...

    @on("inspection")
    def is_inspected(self, change: VacancyChange) -> None:
        self.inspected_at = change.happened_at
        self.finding = change.finding or (None if change.seen_again == "mended" else self.finding)
        self._read(change)

    @on("reduction")
    def has_reduced_fee(self, change: VacancyChange) -> None:
        if change.state == "reduced":
            self.fee_share = change.fee_share
        self._read(change)

    def _read(self, change: VacancyChange) -> None:
        """The meters as they were read last."""
        self.water_reading = self.water_reading if change.water_reading is None else change.water_reading
        self.power_reading = self.power_reading if change.power_reading is None else change.power_reading
        self.gas_reading = self.gas_reading if change.gas_reading is None else change.gas_reading
