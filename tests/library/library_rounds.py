"""What is to be done in each room every month: dusting, and drying after a flood."""

from datetime import date

from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped

from app.declaring import Access, Area, Columns, Form, Record, States, done, every, fields

HOWS = {"dry": ("干擦", "Dry"), "wet": ("湿擦", "Wet")}


class Dusting(Form, title=("除尘", "Dusting"), prefix="DU", part=LIBRARY):
    room: Mapped[Area] = fields.reference("阅览室", "Room")
    day: Mapped[date] = fields.day("日期", "Day")
    how: Mapped[str] = fields.choice("方式", "How", HOWS, default="wet")
    states = States(dusted=done("已除尘", "Dusted"))
    access = Access(read=(L1, C1), create=(L1,), edit=(L1,), void=(L1,))
    shows = Columns("number", "room", "day", "how", "state")


class Flood(Form, title=("进水", "Flood"), prefix="FL", part=LIBRARY):
    begins: Mapped[date] = fields.day("自", "From")
    ends: Mapped[date] = fields.day("至", "To")
    states = States(open=done("已登记", "Noted"))
    access = Access(read=(L1, C1), create=(L1,), edit=(L1,))
    shows = Columns("number", "begins", "ends")


class Cabinet(Record, title=("书柜", "Cabinet"), part=LIBRARY):
    label = "sign"
    sign: Mapped[str] = fields.text("柜号", "Sign", max=20)
    room: Mapped[Area] = fields.reference("阅览室", "Room")
    stands_since: Mapped[date] = fields.day("启用", "Since")
    access = Access(read=(L1, C1), create=(L1,), edit=(L1,))
    shows = Columns("sign", "room")
    dusting = every(
        "month",
        ("除尘", "Dust"),
        done_by=Dusting,
        by="room",
        at="day",
        when={"how": "dry"},
        since="stands_since",
        after_days=10,
        called_by=Flood,
        called=("begins", "ends"),
    )
