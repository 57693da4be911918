"""Vacancy ledger (QR-0334SD): one line a vacant unit, kept by the system from the vacancy changes."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Ledger,
    OneEach,
    Paper,
    Person,
    States,
    User,
    act,
    clock,
    closed,
    db,
    deadline,
    every,
    fields,
    moving,
    on,
    saving,
)
from models.custody.key import Key
from models.duties import F1, M1, M3, M4, P3, P6, S2, S3
from models.estate.owner_register import OwnerRegister
from models.estate.unit import Unit
from models.keeping import kept
from models.parts import PREMISES
from models.premises.extra_round import ExtraRound
from models.premises.vacancy_change import VacancyChange
from models.premises.vacancy_choices import INSPECTION, OCCUPIED_AS, REASONS
from models.premises.vacancy_rounds import SETTLING, DaysKind, next_inspection, note_missed, round_of
from models.premises.vacancy_rules import EMPTY, use_as


class VacancyLedger(
    Ledger,
    of=VacancyChange,
    by="unit",
    at="happened_at",
    told_by="kind",
    beside=(Key, OwnerRegister),
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
    used_as: Mapped[str | None] = fields.choice("启用为", "Occupied as", OCCUPIED_AS)

    def _keys_held(self) -> int:
        """Those of the key register."""
        held = Key.unit_id == self.unit_id, Key.state.in_(("kept", "lent"))
        return int(db.session.execute(select(func.count()).where(*held)).scalar_one())

    keys_held: Mapped[int] = fields.whole("保管钥匙", "Keys held", required=True, worked_out=_keys_held)

    care = fields.section("巡查", "Inspection")
    inspected_at: Mapped[datetime | None] = fields.moment("上次巡查", "Last inspected", sort=True)
    finding: Mapped[str | None] = fields.text("未消除的问题", "Still to be mended", max=500, wide=True)
    water_reading: Mapped[Decimal | None] = fields.quantity("水表", "Water meter")
    power_reading: Mapped[Decimal | None] = fields.quantity("电表", "Power meter")
    gas_reading: Mapped[Decimal | None] = fields.quantity("燃气表", "Gas meter")

    fees = fields.section("费用", "Fees")

    def _fee_rate(self) -> Decimal | None:
        """That of the owner register."""
        register = saving.find(OwnerRegister, unit_id=self.unit_id)
        return register.fee_rate if register is not None else None

    fee_rate: Mapped[Decimal | None] = fields.rate("物业费单价", "Fee rate", worked_out=_fee_rate)
    fee_share: Mapped[Decimal | None] = fields.quantity("减免后收费比例（%）", "Share charged (%)")

    def _month_fee(self) -> Decimal | None:
        """Of a whole month, at the share that is charged."""
        if self.state != "vacant" or self.fee_rate is None or self.unit.area is None:
            return None
        return self.fee_rate * self.unit.area * (self.fee_share or 100) / 100

    month_fee: Mapped[Decimal | None] = fields.amount("月物业费", "Fee a month", worked_out=_month_fee)
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
        when=INSPECTION,
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
        self.state, self.used_as = "occupied", change.occupied_as
        self.until = clock.local(change.happened_at).date()
        self.fee_share = self.finding = None
        self._read(change)

    @on("keys_in", "keys_out", "visit")
    def is_looked_after(self, change: VacancyChange) -> None:
        """Its keys are counted in the key register."""

    @on("inspection")
    def is_inspected(self, change: VacancyChange) -> None:
        self.inspected_at = change.happened_at
        self.finding = change.finding or (None if change.seen_again == "mended" else self.finding)
        self._read(change)

    @on("reduction")
    def has_reduced_fee(self, change: VacancyChange) -> None:
        if change.state in ("reduced", "over"):
            self.fee_share = change.fee_share if change.state == "reduced" else None
        self._read(change)

    def saved(self, person: Person) -> None:
        """The unit stands empty, or is used, as its line says."""
        is_empty, unit = self.state == "vacant", self.unit
        use = ("unsold" if self.reason == "unsold" else "vacant") if is_empty else self.used_as
        if self.state in ("vacant", "occupied") and use and (unit.use in EMPTY) != is_empty:
            use_as(unit, use, person)

    def _read(self, change: VacancyChange) -> None:
        """The meters as they were read last."""
        self.water_reading = self.water_reading if change.water_reading is None else change.water_reading
        self.power_reading = self.power_reading if change.power_reading is None else change.power_reading
        self.gas_reading = self.gas_reading if change.gas_reading is None else change.gas_reading
