"""Customers: the persons and companies of the estate, each once, whatever units they own or live in."""

import re

from sqlalchemy.orm import Mapped

from app.declaring import STOCK, Access, Columns, Record, fields
from models.duties import KNOWS_ESTATE, M1, M3, P3, P7, P8, S3, S4, S7
from models.parts import ESTATE

ID_KINDS = {
    "identity": ("身份证", "Identity card"),
    "passport": ("护照", "Passport"),
    "permit": ("通行证", "Travel permit"),
    "credit_code": ("统一社会信用代码", "Unified credit code"),
    "other": ("其他", "Other"),
}
SEXES = {"female": ("女", "Female"), "male": ("男", "Male")}

_IDENTITY = re.compile(r"\d{17}[\dX]|\d{15}")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")


def kind_of_id(number: str | None) -> str | None:
    """The kind of document whose number this can only be: an identity card's, or a company's credit code."""
    if not number:
        return None
    return (
        "identity"
        if _IDENTITY.fullmatch(number)
        else "credit_code"
        if len(number) == 18 and _CREDIT_CODE.fullmatch(number)
        else None
    )


class Customer(Record, title=("客户", "Customer"), part=ESTATE):
    """A person or company; kept in step with the owner register by the register itself."""

    label = "full_name"
    icon = "people"
    menu_at = 3
    on_home = STOCK
    has_file = True
    photo_kinds = {"id_copy": ("身份证复印件", "Copy of ID"), "other": ("其他", "Other")}
    full_name: Mapped[str] = fields.name("姓名", "Name")
    is_company: Mapped[bool] = fields.yes_no("单位客户", "Company")
    contact: Mapped[str | None] = fields.name("联系人", "Contact person", shown_when={"is_company": True})
    sex: Mapped[str | None] = fields.choice("性别", "Sex", SEXES, shown_when={"is_company": False})
    phone: Mapped[str | None] = fields.phone("电话", "Phone")
    phone2: Mapped[str | None] = fields.phone("备用电话", "Second phone")
    id_kind: Mapped[str | None] = fields.choice("证件类型", "Kind of document", ID_KINDS)
    id_number: Mapped[str | None] = fields.id_number("证件号码", "ID number")
    employer: Mapped[str | None] = fields.text("工作单位", "Employer", max=80)
    mailing_address: Mapped[str | None] = fields.text("通讯地址", "Mailing address", max=120)

    access = Access(
        read=KNOWS_ESTATE,
        create=(P3, S7),
        edit=(P3, S7),
        export=(M3, S7),
        personal=(M1, S3, S4, S7, P3, P7, P8),
    )
    shows = Columns("full_name", "phone", "is_company", "employer")

    def hint(self) -> str:
        """The covered telephone."""
        return self.fields["phone"].text_of(self)
