"""A form of another trade that speaks every word there is to declare with, in each place where one can
stand.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.declare import fields
from app.declare.conditions import not_
from app.declare.duties import Access, Holder, clause, role
from app.declare.form import Form, Guard, Paper, States, closed, deadline, done, moving, step, waiting
from app.declare.record import Columns, Line, OneEach
from app.ground import clock
from app.people.users import Area, Office, User

CHIEF = role("chief", "Chief", "office")
C1, C2 = clause("C1", CHIEF, "Answer for it"), clause("C2", CHIEF, "Do it")
WORTHS = {"low": "Low", "high": "High"}


class Piece(Line, of="repair_slip"):
    """A part that was put in."""

    what: Mapped[str] = fields.text("What")
    many: Mapped[int] = fields.whole("How many", min=1, max=9)
    price: Mapped[Decimal] = fields.amount("Price", min=Decimal(0))
    fitted: Mapped[bool] = fields.yes_no("Fitted")
    note: Mapped[str | None] = fields.text("Note", shown_when={"fitted": True})
    sum_of: Mapped[Decimal] = fields.amount("Sum", worked_out=lambda piece: piece.many * piece.price)


def is_dear(slip: "RepairSlip") -> bool:
    """Whether it costs more than most."""
    return slip.total > 100 and slip.owner.full_name != ""


class RepairSlip(Form, code="R-1", title="Repair slip", prefix="RS", part="shop"):
    """A thing left for repair."""

    label = "number"
    icon = "wrench"
    about = "owner"
    is_place = False
    signs_in = False
    in_order = False
    lies_in = ("spot",)
    found_through = "repair_slip.owner"
    photo_kinds = {"seen": "As it came"}
    taking = fields.section("Taking in", by_step=False)
    owner: Mapped[User] = fields.reference("Owner", to=lambda: User, once=True)
    helper: Mapped[User | None] = fields.reference("Helper", by_step=True)
    spot: Mapped[Area | None] = fields.reference("Spot", to=lambda: Area)
    places: Mapped[list[int]] = fields.references("Places", to=lambda: Area)
    thing: Mapped[str] = fields.text(
        "Thing", max=40, help="What it is", wide=True, unique=False, search=True, filter=False
    )
    story: Mapped[str | None] = fields.long_text("Story", max=400, required=False)
    worth: Mapped[str] = fields.choice("Worth", of=WORTHS, default="low", filter=True)
    marks: Mapped[list[str]] = fields.choices("Marks", of=WORTHS, required=False, default=list)
    liked: Mapped[str | None] = fields.rating("Liked", of=WORTHS)
    urgent: Mapped[bool] = fields.yes_no("Urgent")
    why: Mapped[str | None] = fields.text(
        "Why", shown_when={"urgent": True, "worth": ("high",), "liked": not_("low")}
    )
    pieces: Mapped[list[Piece]] = fields.lines("Pieces", of=Piece, at_most=20, sums=("price",))
    weight: Mapped[Decimal | None] = fields.quantity("Weight", min=Decimal(0))
    rate: Mapped[Decimal | None] = fields.rate("Rate")
    phone: Mapped[str | None] = fields.phone("Telephone")
    paper_id: Mapped[str | None] = fields.id_number("Number of papers")
    keeper: Mapped[str | None] = fields.name("Keeper")
    account: Mapped[str | None] = fields.user_name("Account")
    due_on: Mapped[date] = fields.day("Due on", default=clock.today)
    ready_at: Mapped[datetime | None] = fields.moment("Ready at", by_step=True)
    total: Mapped[Decimal] = fields.amount(
        "Total", sort=True, worked_out=lambda slip: sum((one.sum_of for one in slip.pieces), Decimal(0))
    )

    states = States(
        taken=waiting("Taken in"),
        mending=moving("In hand"),
        mended=done("Ready"),
        fetched=closed("Gone", side=False),
    )
    edit_in = ("taken", "mending")
    access = Access(
        read=(C1, C2),
        create=(C2,),
        edit=(C2,),
        export=(C1,),
        print=(C1,),
        import_=(C1,),
        attach=(C2,),
        personal=(C1,),
        void=(C1,),
        look_up=(C1,),
    )
    shows = Columns("number", "owner", "thing", "worth", "state", "due_at")
    sorts = ("created_at", "due_at", "due_on")
    highlights = {"title": "thing", "line": "owner", "mark": "worth:high"}
    one_each = (
        OneEach(
            field="thing",
            sentence="It is here already: %(number)s of %(other)s.",
            states=("taken", "mending"),
        ),
    )
    paper = Paper(
        size="A5",
        title="Slip",
        copies=("Ours",),
        signs=("Owner",),
        register=True,
        columns=("number", "thing"),
        landscape=True,
        keep_years=2,
    )

    mend_due = deadline(
        "Mend", while_in="taken", since="created_at", minutes=lambda slip: 60 if slip.urgent else None
    )
    fetch_due = deadline("Fetch", while_in=("mended",), working_days=3, step="fetch")
    agreed = deadline("Agreed", while_in="mending", until=lambda slip: slip.ready_at)
    promised = deadline("Promised", while_in="mending", until="due_on")

    @step(
        source="taken",
        target="mending",
        by=[C2, Holder("helper")],
        label="Take in hand",
        asks=["helper", "worth?"],
        bulk=False,
        danger=False,
        story="%(helper)s mends %(thing)s.",
        guards=[Guard(holds=is_dear, sentence="It is cheap.")],
    )
    def begin(self) -> None:
        """Somebody mends it."""
        self.ready_at = clock.now()

    @step(
        "mending",
        ("mended", "taken"),
        by=[C2],
        label="Mend",
        not_by=["owner", "created_by", "begin"],
        by_when=lambda slip: [C1] if slip.worth == "high" else [C2],
    )
    def mend(self) -> str:
        """It works again."""
        return "mended" if self.ready_at and self.acting else "taken"

    @step("mended", "fetched", by=[C2], label="Fetch")
    def fetch(self) -> None:
        """Its owner took it."""

    @property
    def area_from(self) -> int | None:
        """The owner's."""
        return self.owner.area_id

    def hint(self) -> str:
        """What it is."""
        return self.thing

    def facts(self) -> None:
        """No card."""

    def check(self) -> None:
        """Nothing more."""
        self.why = self.why or self.story

    def work_out(self) -> None:
        """As declared."""
        super().work_out()

    def saved(self) -> None:
        """Its office knows."""
        self.owner_id = self.owner_id or self.helper_id


OFFICE = Office
