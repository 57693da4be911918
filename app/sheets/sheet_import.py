"""Sheets in: what an import would do, row by row, and doing it all or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.act.saving import Conflict, Wrong
from app.declare.record import Record
from app.ground.language import gettext as _
from app.ground.words import Pair, Words, words
from app.people.refusal import Refusal
from app.sheets import layouts as layouts  # whoever brings sheets in has its table
from app.sheets.assigning import AskedTable, Way, asked, guesses, unknown_heads, unread_sheets
from app.workbook.sheet_cells import Finding
from app.workbook.sheet_tables import Column, SheetTables

CREATED, CHANGED, UNCHANGED, PROBLEM = "created", "changed", "unchanged", "problem"


@dataclass
class Change:
    """What becomes of one record of the sheet: new, changed (what), unchanged or a problem; and where it
    stood.
    """

    label: str
    status: str
    where: str
    rows: int = 1
    details: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Outcome:
    """What an import does or did. The rows add up: created + changed + unchanged + problems + not data.

    ``unknown`` are the heads that nobody knows: nothing is written until a person has said what they are.
    ``left_out`` are the rows that stay out where the good lines come in alone.
    """

    changes: list[Change] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)
    not_data: list[Any] = field(default_factory=list)
    rows_total: int = 0
    written: bool = False
    unknown: list[Finding] = field(default_factory=list)
    left_out: set[tuple[str, int]] = field(default_factory=set)
    asked: list[AskedTable] = field(default_factory=list)
    tables: Sequence[SheetTables] = ()

    def understand(
        self,
        tables: Sequence[SheetTables],
        columns: Sequence[Column],
        way: Way,
        legends: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Take note of the tables that were found: what of them is known, guessed or unknown."""
        self.tables, self.asked = tables, asked(tables, columns, legends)
        self.unknown = list(unknown_heads(self.asked))
        if not way.agreed_only:
            self.notices += guesses(self.asked, columns)
        self.notices += unread_sheets(tables)

    def may_be_written(self, way: Way) -> bool:
        """Whether what was found comes in: all of it without a problem, or the good lines where a person
        chose so.
        """
        agreed = not way.agreed_only or all(table.settled for table in self.asked if table.read)
        whole = any(not problem.row for problem in self.problems)  # of the file, not of a line
        fits = not self.problems or (way.good_only and not whole)
        return not way.dry_run and agreed and fits and not self.unknown

    def count(self, status: str) -> int:
        """How many records became so."""
        return sum(change.status == status for change in self.changes)

    @property
    def counted(self) -> str:
        """What became of the records, in a sentence."""
        return _(
            "%(created)s new, %(changed)s changed, %(unchanged)s unchanged.",
            created=self.count(CREATED),
            changed=self.count(CHANGED),
            unchanged=self.count(UNCHANGED),
        )

    def rows(self, status: str) -> int:
        """How many rows of the sheet stand behind them."""
        return sum(change.rows for change in self.changes if change.status == status)

    def as_json(self) -> dict[str, Any]:
        """For the command's ``--json``."""
        return {
            "created": self.count(CREATED),
            "changed": self.count(CHANGED),
            "unchanged": self.count(UNCHANGED),
            "problems": [_found(problem) for problem in (*self.unknown, *self.problems)],
            "notices": [_found(notice) for notice in self.notices],
            "not_data": [
                {"sheet": row.sheet, "row": row.row, "reason": str(row.reason)} for row in self.not_data
            ],
            "rows": {
                "total": self.rows_total,
                **{name: self.rows(name) for name in (CREATED, CHANGED, UNCHANGED, PROBLEM)},
                "not_data": len(self.not_data),
            },
            "changes": [asdict(change) for change in self.changes if change.status in (CREATED, CHANGED)],
            "written": self.written,
        }


def sentence_of(fault: Wrong | Conflict | Refusal) -> str:
    """What to say at a line that can't be saved."""
    if isinstance(fault, Conflict):
        return _("Somebody saved this record meanwhile. Look at it, then bring the sheet in once more.")
    return str(fault.message) if isinstance(fault, Wrong) else str(fault)


def _found(finding: Finding) -> dict[str, Any]:
    return {
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "message": str(finding.message),
    }


BringIn = Callable[..., Outcome]


@dataclass(frozen=True)
class Importer:
    """A form's own way in: its function, the columns it understands, and the ticks it offers (name →
    label).
    """

    bring_in: BringIn
    columns: Sequence[Column]
    ticks: Mapping[str, Words]


importers: dict[str, Importer] = {}


def importer(cls: type[Record], columns: Sequence[Column], **ticks: Pair) -> Callable[[BringIn], BringIn]:
    """Register the function that brings a form's sheet in: ``(book, person, way, **ticks) -> Outcome``. It
    tells the outcome which tables it found (``understand``) and writes if ``may_be_written``. A tick stands
    beside the sheet, and is an option of the command.
    """

    def keep(function: BringIn) -> BringIn:
        importers[cls.name] = Importer(
            function, columns, {name: words(label) for name, label in ticks.items()}
        )
        return function

    return keep


def ticks_of(form: str) -> Mapping[str, Words]:
    """What one may tick when a form's sheet is brought in."""
    return importers[form].ticks if form in importers else {}
