"""The paper form, laid out from the declaration alone: rows of boxes in the order and grouping of the
form.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.declare.fields import Field
from app.declare.record import Record
from app.ground.language import gettext as _
from app.keep import linked

WIDE, RULED = 6, 3
NOTHING = "／"  # struck through: nothing is to be filled in here


@dataclass
class Cell:
    """A label and what stands in its box: a text, or ticks (ticked?, label)."""

    label: str
    text: str = ""
    ticks: Sequence[tuple[bool, str]] = ()
    span: int = 1
    tall: bool = False


@dataclass
class Table:
    """A table inside the form: heads, rows, and the sums below."""

    label: str
    heads: list[str]
    rows: list[list[str]]
    sums: list[str] = field(default_factory=list)


@dataclass
class Part:
    """A heading and the rows of boxes under it."""

    heading: str
    rows: list[list[Cell] | Table]


def value_of(record: Any, box: Field, full: bool) -> str:
    """A field's text on paper; empty where nothing is filled in, or nothing is to be."""
    return box.text_of(record, full) if box.applies(record) else ""


def is_struck(record: Any, field: Field) -> bool:
    """Whether what stands in other boxes leaves nothing to fill in; one that a step is still to fill in may
    yet ask for it.
    """
    others = [record.fields[name] for name in field.shown_when or ()]
    ahead = any(other.by_step and other.kind.says_nothing(getattr(record, other.column)) for other in others)
    return not field.applies(record) and not ahead


def cell_of(record: Any, box: Field, full: bool) -> Cell:
    """A field as a box of the paper; without a record one to be filled in by hand."""
    label = str(box.label)
    if record is not None and is_struck(record, box):
        return Cell(label, NOTHING, span=3 if box.wide else 1)
    value = getattr(record, box.column) if record is not None else None
    if ticks := box.kind.ticks(value):
        wide = sum(len(text) + 2 for _on, text in ticks) > 14
        return Cell(label, ticks=ticks, span=3 if wide else 1)
    text = value_of(record, box, full) if record is not None else ""
    return Cell(label, text, span=3 if box.wide else 1, tall=box.kind.tall)


def table_of(record: Any, box: Field, full: bool, ruled: int = RULED) -> Table:
    """A line table with at least so many ruled rows, and its sums."""
    parts = [part for part in box.kind.line.fields.values() if not part.by_step]
    lines = list(getattr(record, box.name)) if record is not None else []
    if len(parts) > 8:
        parts = [
            part
            for part in parts
            if not all(part.kind.says_nothing(getattr(line, part.column)) for line in lines)
        ][:9] or parts[:6]
    if record is not None and is_struck(record, box):
        return Table(str(box.label), [str(part.label) for part in parts], [[NOTHING] * len(parts)])
    rows = [[value_of(line, part, full) for part in parts] for line in lines]
    rows += [[""] * len(parts) for _row in range(ruled - len(rows))]
    sums: list[str] = []
    if box.sums:
        sums = [
            (
                part.read(sum((getattr(line, part.column) or 0 for line in lines), Decimal(0)))
                if part.name in box.sums
                else ""
            )
            for part in parts
        ]
    return Table(str(box.label), [str(part.label) for part in parts], rows, sums)


def _rows(cells: Iterable[Cell]) -> list[list[Cell] | Table]:
    """Boxes in rows of three; the last of a row takes the room that is left."""
    rows: list[list[Cell]] = []
    room = 0
    for cell in cells:
        if cell.span > room:
            rows.append([])
            room = 3
        rows[-1].append(cell)
        room -= cell.span
    for row in rows:
        row[-1].span += 3 - sum(cell.span for cell in row)
    return list(rows)


def _untouched(record: Any) -> list[Any]:
    """The headings under which only steps write and none has yet: their boxes are left for the pen, noughts
    too.
    """
    touched: dict[Any, bool] = {}
    for box in record.fields.values():
        if box.section is not None and box.section.by_step:
            value = getattr(record, box.column)
            filled = not box.kind.says_nothing(value) and value != box.start()
            touched[box.section] = touched.get(box.section, False) or filled
    return [section for section, filled in touched.items() if not filled]


def layout(cls: type[Record], record: Any, full: bool = False, only: Sequence[str] = ()) -> list[Part]:
    """The whole form, filled in or blank (``record`` None); or ``only`` some of its boxes."""
    parts: list[Part] = []
    gathered: list[Cell] = []
    heading: Any = None
    untouched = _untouched(record) if record is not None else []

    def close() -> None:
        if gathered:
            parts[-1].rows += _rows(gathered)
            gathered.clear()

    for box in cls.fields.values():
        written = None if box.section in untouched else record
        if box.name == "void_reason" and (record is None or not record.void_reason):
            continue
        if only and box.name not in only:
            continue
        if not parts or box.section is not heading:
            close()
            heading = box.section
            parts.append(Part(str(heading.label) if heading else "", []))
        if box.is_lines:
            close()
            parts[-1].rows.append(table_of(written, box, full))
        else:
            gathered.append(cell_of(written, box, full))
    if record is not None and not only and (ties := linked.of(record)):
        others = (f"{tie.other.title} {linked.called(tie.other)}" for tie in ties)
        gathered.append(Cell(_("Linked records"), "、".join(others), span=3))
    close()
    return parts
