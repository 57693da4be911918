"""What is looked at before goods leave: what the unit still owes the office in deeds, things and money. None
of it keeps anybody's goods back; with something open the supervisor decides, and says why (field practice).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.declaring import Check, Form, clock, db, saving, say, setting, units
from models.custody.item_loan import ItemLoan
from models.custody.key import Key
from models.custody.key_loan import KeyLoan
from models.duties import M2
from models.estate.owner_register import OwnerRegister
from models.service.violation import Violation

if TYPE_CHECKING:
    from models.custody.release_slip import ReleaseSlip

NOTICE = setting(
    "release_slip.notice",
    ("全部搬出提前告知", "Notice before moving out"),
    units.days(3),
    by=M2,
    least=0,
    most=60,
)


def _open_here(cls: type[Form], slip: "ReleaseSlip") -> Iterable[Form] | None:
    """Such records of the slip's unit that are open; None where it names no unit."""
    if slip.unit_id is None:
        return None
    form: Any = cls
    asked = select(form).where(form.unit_id == slip.unit_id, form.state.in_(cls.open_states()))
    return db.session.execute(asked.order_by(form.id)).scalars()


def open_violations(slip: "ReleaseSlip") -> Iterable[Form] | None:
    """Violations of the unit that aren't closed."""
    return _open_here(Violation, slip)


def items_out(slip: "ReleaseSlip") -> Iterable[Form] | None:
    """Things lent to the unit that aren't back or settled."""
    return _open_here(ItemLoan, slip)


def keys_out(slip: "ReleaseSlip") -> Iterable[Form] | None:
    """Loans of the unit's keys that aren't back or settled."""
    if slip.unit_id is None:
        return None
    asked = select(KeyLoan).join(Key, KeyLoan.key_id == Key.id)
    here = asked.where(Key.unit_id == slip.unit_id, KeyLoan.state.in_(KeyLoan.open_states()))
    return db.session.execute(here.order_by(KeyLoan.id)).scalars()


def arrears(slip: "ReleaseSlip") -> list[str] | None:
    """The fee, as far as the register says until when it is paid."""
    register = slip.unit_id and saving.find(OwnerRegister, unit_id=slip.unit_id)
    if not register or register.paid_until is None:
        return None
    paid = register.paid_until
    return [say("物业费交至 %(day)s。", "Paid until %(day)s.", day=paid)] if paid < clock.today() else []


def consent_of_owner(slip: "ReleaseSlip") -> list[str] | None:
    """A tenant's goods leave with the owner's consent."""
    if slip.applicant_kind != "tenant":
        return None
    return [] if slip.owner_consent else [say("业主尚未同意。", "The owner hasn't agreed.")]


def told_in_time(slip: "ReleaseSlip") -> list[str] | None:
    """Who moves out for good said so some days before."""
    if slip.reason != "moving_out":
        return None
    days = (slip.day - slip.told_on).days if slip.told_on else 0
    least = NOTICE.of(slip, slip.created_at)
    if days >= least:
        return []
    return [
        say(
            "提前 %(days)s 天告知，应为 %(least)s 天。",
            "Told %(days)s days before; %(least)s are asked for.",
            days=days,
            least=least,
        )
    ]


CHECKS = (
    Check("欠费", "Arrears", arrears, before="approve"),
    Check("未结违章", "Open violations", open_violations, before="approve"),
    Check("未还物品", "Items out", items_out, before="approve"),
    Check("未还钥匙", "Keys out", keys_out, before="approve"),
    Check("业主同意", "Owner's consent", consent_of_owner, before="approve"),
    Check("提前告知", "Told in time", told_in_time, before="approve"),
)
