"""Owner register (QR-0336SD): one line a unit with its people and vehicles; the office's source of who lives
where.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declaring import (
    Access,
    Columns,
    Form,
    Line,
    OneEach,
    Paper,
    Person,
    Wrong,
    clock,
    every,
    fields,
    say,
)
from models.duties import KNOWS_ESTATE, M1, M3, P3, P7, P8, P11, S3, S4, S5, S7
from models.estate.customer import ID_KINDS, SEXES, Customer, kind_of_id
from models.estate.customers_of import keep_in_step
from models.estate.register_numbers import about_id, about_phone
from models.estate.unit import Unit
from models.parts import ESTATE
from models.service.interview import Interview

ROLES = {
    "owner": ("业主", "Owner"),
    "family": ("家属", "Family"),
    "tenant": ("租户", "Tenant"),
    "other": ("其他", "Other"),
}


class Occupancy(Line, of="owner_register"):
    """A person of a unit: as what, and from when to when."""

    kind: Mapped[str] = fields.choice("身份", "As", ROLES, default="owner")
    full_name: Mapped[str] = fields.name("姓名", "Name")
    relation: Mapped[str | None] = fields.text("与业主关系", "Relation to the owner", max=20)
    sex: Mapped[str | None] = fields.choice("性别", "Sex", SEXES)
    phone: Mapped[str | None] = fields.phone("电话", "Phone")
    phone2: Mapped[str | None] = fields.phone("备用电话", "Second phone")
    phone3: Mapped[str | None] = fields.phone("第三电话", "Third phone")
    is_company: Mapped[bool] = fields.yes_no("单位客户", "Company")
    id_kind: Mapped[str | None] = fields.choice("证件类型", "Kind of document", ID_KINDS)
    id_number: Mapped[str | None] = fields.id_number("证件号码", "ID number")
    lives_here: Mapped[bool] = fields.yes_no("常住", "Lives here", default=True)
    employer: Mapped[str | None] = fields.text("工作单位", "Employer", max=80)
    mailing_address: Mapped[str | None] = fields.text("通讯地址", "Mailing address", max=120)
    since: Mapped[date | None] = fields.day("起", "From")
    until: Mapped[date | None] = fields.day("止", "To")
    rent: Mapped[Decimal | None] = fields.amount("月租金", "Monthly rent")
    customer: Mapped[Customer | None] = fields.reference("客户", "Customer", by_step=True)


def stays(person: Occupancy) -> bool:
    """Whether this day lies before the end, if there is one: a lease that ends next year is a lease."""
    return person.until is None or person.until >= clock.today()


class Vehicle(Line, of="owner_register"):
    """A vehicle of a unit and where it parks."""

    plate: Mapped[str] = fields.text("车牌号", "Plate", max=15)
    brand: Mapped[str | None] = fields.text("品牌颜色", "Brand and colour", max=40)
    space: Mapped[str | None] = fields.text("车位", "Parking space", max=20)


def names_of(people: Iterable[Occupancy], kind: str) -> str | None:
    """The names of those who are here as something."""
    return (
        "、".join(person.full_name for person in people if person.kind == kind and stays(person))[:200]
        or None
    )


def has_wrong_number(person: Occupancy) -> bool:
    """What real registers are full of: placeholders in place of numbers, mobile numbers short of a digit, ID
    numbers whose check digit is wrong.
    """
    if any(phone and about_phone(phone) for phone in (person.phone, person.phone2, person.phone3)):
        return True
    return person.id_kind in (None, "identity") and bool(person.id_number and about_id(person.id_number))


class OwnerRegister(Form, code="QR-0336SD", title=("业主信息", "Owner register"), part=ESTATE):
    """A unit's line in the register. Edited by P3 and S7, brought in from and out to Excel."""

    label = "unit"
    in_order = True
    icon = "book"
    menu_at = 1
    guide = (
        "“业主信息 → 导入”可直接读取现有的 Excel 登记表：有标题行、合并单元格、备注、合计行都不要紧。"
        "先看预览：新增、更新、未变、有误各多少，有误的写明哪个表、哪一格、怎么改。确认之前什么都不写入。",
        "Import reads your own Excel sheet and shows first what would change. Nothing is written before you"
        " agree.",
    )
    act_words = {
        "register": ("与登记表同步", "in step with the register"),
        "moved_out": ("搬出", "moved out"),
    }
    about = "unit"
    place = fields.section("房屋", "Unit")
    unit: Mapped[Unit] = fields.reference("房屋", "Unit", once=True)

    def _area(self) -> Decimal | None:
        return self.unit.area

    area: Mapped[Decimal | None] = fields.quantity("建筑面积（㎡）", "Area (m²)", worked_out=_area)
    move_in: Mapped[date | None] = fields.day("入住日期", "Moved in")
    fee_rate: Mapped[Decimal | None] = fields.rate("物业费单价（元/㎡·月）", "Fee rate (yuan/m² a month)")
    paid_until: Mapped[date | None] = fields.day("已交至", "Paid until")

    inhabitants = fields.section("人员", "People")
    people: Mapped[list[Occupancy]] = fields.lines(
        "业主、家属、租户", "Owners, family and tenants", Occupancy, at_most=60
    )

    def _owners(self) -> str | None:
        return names_of(self.people, "owner")

    def _tenants(self) -> str | None:
        return names_of(self.people, "tenant")

    def _phone(self) -> str | None:
        return next((person.phone for person in self.people if person.phone and stays(person)), None)

    def _to_put_right(self) -> bool:
        return any(has_wrong_number(person) for person in self.people)

    owners: Mapped[str | None] = fields.text("业主", "Owners", worked_out=_owners, search=False)
    tenants: Mapped[str | None] = fields.text("租户", "Tenants", worked_out=_tenants, search=False)
    to_put_right: Mapped[bool] = fields.yes_no(
        "号码待核对",
        "Numbers to be put right",
        filter=True,
        help=(
            "电话为占位号码、手机号不足或超过11位，或身份证号校验位不符。",
            "A placeholder for a telephone, a mobile number that hasn't 11 digits, or an ID"
            " number whose check digit is wrong.",
        ),
        worked_out=_to_put_right,
    )
    phone: Mapped[str | None] = fields.phone("电话", "Phone", worked_out=_phone)

    belongings = fields.section("车辆", "Vehicles")
    vehicles: Mapped[list[Vehicle]] = fields.lines("车辆和车位", "Vehicles and spaces", Vehicle, at_most=30)

    particulars = fields.section("其他情况", "Particulars")
    pets: Mapped[str | None] = fields.text("宠物", "Pets", max=60)
    special_care: Mapped[str | None] = fields.text(
        "特别关照",
        "Special care",
        max=120,
        help=("独居老人、病患、残障等。", "Elderly living alone, illness, disability."),
    )
    emergency_contact: Mapped[str | None] = fields.name("紧急联系人", "Contact in an emergency")
    emergency_phone: Mapped[str | None] = fields.phone("紧急联系电话", "Telephone in an emergency")

    interviewed = every(
        "year",
        ("年度访谈", "Interviewed"),
        done_by=Interview,
        by="unit",
        at="met_at",
        when={"audience": "household"},
        since="move_in",
        duties=(S5, P11),
    )
    access = Access(
        read=KNOWS_ESTATE,
        create=(P3, S7),
        edit=(P3, S7),
        export=(M3, P3, S7),
        import_=(P3, S7),
        personal=(M1, S3, S4, S7, P3, P7, P8),
    )
    one_each = (OneEach("unit", ("该房屋已在登记表中。", "This unit stands in the register already.")),)
    shows = Columns("unit", "owners", "phone", "tenants", "area", "move_in", "fee_rate", "paid_until")
    paper = Paper(title=("业主信息一览表", "Register of owners"), register=True, landscape=True)

    def check(self) -> None:
        """From lies before to; what a number can only be, it is."""
        for at, occupancy in enumerate(self.people):
            occupancy.id_kind = occupancy.id_kind or kind_of_id(occupancy.id_number)
            occupancy.is_company = occupancy.is_company or occupancy.id_kind == "credit_code"
            if occupancy.since and occupancy.until and occupancy.until < occupancy.since:
                raise Wrong(f"people-{at}-until", say("结束早于开始。", "The end lies before the beginning."))

    def saved(self, person: Person) -> None:
        """Keep the customers in step with the register's people."""
        keep_in_step(self, person)
