"""Sheets in: what an import would do, row by row, and doing it all or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from app.workbook.sheet_cells import Finding

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
    """What an import does or did. The rows add up: created + changed + unchanged + problems + not data."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)
    not_data: list[Any] = field(default_factory=list)
    rows_total: int = 0
    written: bool = False

    def count(self, status: str) -> int:
        """How many records became so."""
        return sum(one.status == status for one in self.changes)

    def rows(self, status: str) -> int:
        """How many rows of the sheet stand behind them."""
        return sum(one.rows for one in self.changes if one.status == status)

    def as_json(self) -> dict[str, Any]:
        """For the command's ``--json``."""
        return {
            "created": self.count(CREATED),
            "changed": self.count(CHANGED),
            "unchanged": self.count(UNCHANGED),
            "problems": [_found(one) for one in self.problems],
            "notices": [_found(one) for one in self.notices],
            "not_data": [
                {"sheet": one.sheet, "row": one.row, "reason": str(one.reason)} for one in self.not_data
            ],
            "rows": {
                "total": self.rows_total,
                **{name: self.rows(name) for name in (CREATED, CHANGED, UNCHANGED, PROBLEM)},
                "not_data": len(self.not_data),
            },
            "changes": [asdict(one) for one in self.changes if one.status in (CREATED, CHANGED)],
            "written": self.written,
        }


def _found(one: Finding) -> dict[str, Any]:
    return {"sheet": one.sheet, "row": one.row, "column": one.column, "message": str(one.message)}


BringIn = Callable[..., Outcome]


@dataclass(frozen=True)
class Importer:
    """A form's own way in: its function, and the ticks it offers (name → label)."""

    bring_in: BringIn
    ticks: Mapping[str, Any]


importers: dict[str, Importer] = {}


def importer(form: str, **ticks: Any) -> Callable[[BringIn], BringIn]:
    """Register the function that brings a form's sheet in: ``(book, person, dry_run, **ticks) ->
    Outcome``.
    """

    def keep(function: BringIn) -> BringIn:
        importers[form] = Importer(function, ticks)
        return function

    return keep


def ticks_of(form: str) -> Mapping[str, Any]:
    """What one may tick when a form's sheet is brought in."""
    return importers[form].ticks if form in importers else {}
