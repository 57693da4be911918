"""A crate of books on its way between floors: its rules are another's, and so is the list that it keeps."""

from decimal import Decimal

from library_duties import C1, L1, LIBRARY
from sqlalchemy.orm import Mapped

from app.declaring import Access, Area, Columns, Form, Holder, Line, States, User, done, fields, moving, step


class Volume(Line, of="crate"):
    title_: Mapped[str] = fields.text("书名", "Title")
    worth: Mapped[Decimal | None] = fields.amount("价值", "Worth")
    seal: Mapped[str | None] = fields.text("封条", "Seal", required=True, shown_when={"title_": "Atlas"})


class Crate(Form, code="LIB-11", title=("书箱", "Crate"), prefix="CR", part=LIBRARY):
    """Books that are carried from one floor to another."""

    floor: Mapped[Area] = fields.reference("楼层", "Floor")
    sign: Mapped[str] = fields.text("箱号", "Sign")
    open_: Mapped[bool] = fields.yes_no("开箱", "Open")
    volumes: Mapped[list[Volume]] = fields.lines(
        "书目", "Volumes", Volume, sums=["worth"], required=True, shown_when={"open_": True}
    )
    phone: Mapped[str | None] = fields.phone("电话", "Telephone")
    porter: Mapped[User | None] = fields.reference("搬运人", "Porter", by_step=True)
    checked: Mapped[str | None] = fields.text("核对", "Checked", by_step=True)
    states = States(
        packed=moving("已装箱", "Packed"), sent=moving("已发出", "Sent"), there=done("已到", "There")
    )
    access = Access(read=(L1, C1), create=(C1,), edit=(C1,), import_=(C1,))
    edit_in = ("packed", "sent")
    shows = Columns("number", "sign", "floor", "state")

    @step("packed", "sent", by=[C1], label=("发出", "Send"), bulk=True)
    def send(self) -> None: ...

    @step("packed", None, by=[C1], label=("交搬运", "Hand over"), asks=["porter"])
    def hand_over(self) -> None: ...

    @step("sent", "there", by=[Holder("porter")], label=("送到", "Bring"), bulk=True)
    def bring(self) -> None: ...
