"""Offices, areas and users: the people and places the engine's scopes speak of."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import get_history

from app.declare import fields
from app.declare.duties import roles
from app.declare.part import SETTINGS
from app.declare.person import Person
from app.declare.record import Columns, Record, Wrong
from app.ground.database import Moment, db
from app.ground.words import say


class Office(Record, title=("管理处", "Office"), part=SETTINGS):
    """A management office: the widest scope of a duty."""

    label = "full_name"
    icon = "house"
    menu_at = 2
    full_name: Mapped[str] = fields.text("名称", "Designation", max=60)
    short_code: Mapped[str] = fields.text("代码", "Code", max=10)
    phone: Mapped[str | None] = fields.text("电话", "Telephone", max=30)
    address: Mapped[str | None] = fields.text("地址", "Address", max=120, wide=True)

    shows = Columns("full_name", "short_code", "phone", "address")

    def saved(self, person: Person) -> None:
        """An office is its own office."""
        if self.office_id is None:
            self.office_id = self.id
            db.session.flush()


class Area(Record, title=("区域", "Area")):
    """A part of an office that somebody is responsible for."""

    label = "code_name"
    is_place = True
    in_order = True
    code_name: Mapped[str] = fields.text("名称", "Designation", max=30)

    shows = Columns("code_name")

    def saved(self, person: Person) -> None:
        """An area lies in itself, so that its people find it."""
        if self.area_id is None:
            self.area_id = self.id
            db.session.flush()


def _role_titles() -> dict[str, Any]:
    return {name: role.title for name, role in roles.items()}


class User(Record, title=("用户", "User"), part=SETTINGS):
    """Somebody who signs in, or who is only assigned work (without a password)."""

    label = "full_name"
    icon = "people"
    menu_at = 1
    signs_in = True
    full_name: Mapped[str] = fields.name("姓名", "Name")
    username: Mapped[str] = fields.user_name(
        "用户名",
        "User name",
        unique=True,
        help=("登录用，字母和数字。", "For signing in: letters and digits."),
    )
    department: Mapped[str | None] = fields.text("部门", "Department", max=40)
    roles: Mapped[list[str]] = fields.choices("角色", "Roles", {}, required=False, default=list)
    areas: Mapped[list[int]] = fields.references("责任区", "Responsible for", lambda: Area)
    offices: Mapped[list[int]] = fields.references("其他管理处", "Further offices", lambda: Office)
    active: Mapped[bool] = fields.yes_no("启用", "Active", default=True)

    password_hash: Mapped[str | None] = mapped_column(String(200))
    one_time_until: Mapped[datetime | None] = mapped_column(Moment)
    rights: Mapped[int] = mapped_column(default=1)
    settings: Mapped[dict[str, Any] | None] = mapped_column(db.JSON)

    shows = Columns("full_name", "username", "department", "roles", "areas", "active")

    def hint(self) -> str:
        """The department."""
        return self.department or ""

    def check(self) -> None:
        """One signs in by a name of one's own, whatever the office, and however it is written."""
        if get_history(self, "username").has_changes() and name_taken(self.username, self.id):
            raise Wrong("username", say("该用户名已被使用。", "There is already a user of this name."))

    def saved(self, person: Person) -> None:
        """Whatever changed of a user, their rights are read anew at their next request; drawn, so that no
        undone change lends its mark to a later one.
        """
        self.rights = secrets.randbelow(2**31)
        db.session.flush()


def name_taken(name: str, by_other_than: int | None = None) -> bool:
    """Whether somebody else signs in by a name, in capitals or not."""
    asked = select(User.id).where(
        func.lower(User.username) == name.casefold(), User.id != (by_other_than or 0)
    )
    return db.session.execute(asked).first() is not None


def offer_roles() -> None:
    """Once the duties are declared: the roles a user may be given."""
    kind: Any = User.fields["roles"].kind
    kind.options = _role_titles()
