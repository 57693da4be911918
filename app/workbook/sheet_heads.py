"""Finds the heads of tables in a hand-made sheet, in one row or two, by the names people give their
columns.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import pairwise

from werkzeug.utils import cached_property

from app.workbook.sheet_cells import folded
from app.workbook.sheet_reader import Raw, Sheet

_FEWEST = 2  # known columns that make a row a head
_LOOKED_AT = 50  # rows in which a head is looked for where none is known
_LONGEST = 40  # signs; a longer text is no head
_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）")
_GROUP_ENDING = re.compile(r"(基本)?(信息|资料|情况|登记|一栏|栏)$")


UNSAID = "?"
LONG = 40  # signs of what stands in a cell by which people say what it means


@dataclass(frozen=True)
class Assignment:
    """What a person said of a layout: the field of each head in their order ("" is left out, ``UNSAID``
    still to be said), and what the cells of a field mean (as written → the word to be read in its place).
    """

    fields: tuple[str, ...]
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by: str = ""  # whose word it is, where it was kept from an earlier sheet


Assigned = Mapping[str, Assignment]  # by layout


def code_of(text: str) -> str:
    """By what a person's word for what cells mean is kept, of the cell as a text on its own."""
    return folded(text[:LONG]) or text[:LONG]


@dataclass(frozen=True)
class Head:
    """A table's head: its rows, the text of each column (from 0), the field of each known one; of two rows,
    the group above each.
    """

    rows: tuple[int, ...]
    texts: Mapping[int, str]
    fields: Mapping[int, str]
    groups: Mapping[int, str] = field(default_factory=dict)
    assignment: Assignment | None = None  # what a person said of this layout

    @cached_property
    def layout(self) -> str:
        """The layout that the head stands for: a mark of its texts in their order, without what people write
        differently.
        """
        texts = "\n".join(folded(self.texts[at]) for at in sorted(self.texts))
        return sha256(texts.encode("utf-8", "replace")).hexdigest()[:32]

    def assigned(self, assigned: Assigned) -> "Head":
        """The head as a person assigned its columns; itself where nobody did."""
        said = assigned.get(self.layout)
        if said is None:
            return self
        pairs = zip(sorted(self.texts), said.fields, strict=False)
        fields = {at: name for at, name in pairs if name not in ("", UNSAID)}
        return replace(self, fields=fields, assignment=said)

    def same_as(self, other: "Head") -> bool:
        """Whether this is the other head again, after a page break."""
        shared = sum(other.fields.get(at) == name for at, name in self.fields.items())
        return shared == len(self.fields) and shared * 5 >= len(other.fields) * 4

    def side_by_side(self, keys: frozenset[str]) -> list["Head"]:
        """The heads of tables beside each other: another begins where what a line is about stands again under
        the same text.
        """
        order = sorted(self.texts)
        again: dict[str, list[int]] = {}
        for place, at in enumerate(order):
            if self.fields.get(at) in keys:
                again.setdefault(folded(self.texts[at]), []).append(place)
        places = max(again.values(), key=len, default=[])
        starts = [self._begins(order, places[0], before, place) for before, place in pairwise(places)]
        parts = [self._part(order[start:end]) for start, end in pairwise([0, *starts, len(order)])]
        return parts if all(len(set(part.fields.values())) >= _FEWEST for part in parts) else [self]

    def _begins(self, order: Sequence[int], first: int, before: int, place: int) -> int:
        """Where the table of the key at ``place`` begins: as far left of it as the columns are those left of
        the first key.
        """
        left = 0
        while (
            left < first
            and place - left - 1 > before
            and self._same_text(order[first - left - 1], order[place - left - 1])
        ):
            left += 1
        return place - left

    def _same_text(self, row: int, other: int) -> bool:
        return folded(self.texts[row]) == folded(self.texts[other])

    def _part(self, columns: Sequence[int]) -> "Head":
        mine = set(columns)
        texts, fields, groups = (
            {at: text for at, text in told.items() if at in mine}
            for told in (self.texts, self.fields, self.groups)
        )
        return Head(self.rows, texts, fields, groups, self.assignment)


class HeadFinder:
    """Looks for heads in one sheet."""

    def __init__(
        self,
        sheet: Sheet,
        synonyms: Mapping[str, Sequence[str]],
        keys: frozenset[str],
        apart: Sequence[str],
        assigned: Assigned,
    ) -> None:
        self.sheet, self.keys, self.assigned = sheet, keys, assigned
        self.apart = {folded(text) for text in apart}
        self.known: dict[str, str] = {}
        for name, heads in synonyms.items():
            for text in heads:
                self.known.setdefault(folded(text), name)
        self._first_signs = {text[0] for text in self.known if text}
        self._begins: dict[str, bool] = {}
        self._memo: dict[str, str | None] = {}

    def field(self, text: Raw) -> str | None:
        """The field a head's text stands for."""
        if not isinstance(text, str) or len(text) > _LONGEST or not self._may_begin(text[:1]):
            return None
        if text not in self._memo:
            name = self.known.get(folded(text))
            if name is None:
                name = self.known.get(folded(_BRACKETS.sub("", unicodedata.normalize("NFKC", text))))
            self._memo[text] = name
        return self._memo[text]

    def _may_begin(self, sign: str) -> bool:
        """Whether a known head could begin with this sign; tells most cells of a big sheet from heads at
        once.
        """
        begins = self._begins.get(sign)
        if begins is None:
            plain = folded(sign)
            begins = self._begins[sign] = not plain or plain[0] in self._first_signs
        return begins

    def at(self, row: int) -> Head | None:
        """The head that begins in this row, if one does."""
        if self.assigned and (said := self._assigned_at(row)) is not None:
            return said
        if self.looks_like_head(row):
            return self._one_or_two(row)
        if self._is_group_row(row) and self.looks_like_head(row + 1):
            return self._checked(self._joined(row))
        return None

    def _assigned_at(self, row: int) -> Head | None:
        if not self._only_texts(row):
            return None
        for head in (self._single(row), self._joined(row)):
            if head.layout in self.assigned:
                return said if (said := head.assigned(self.assigned)).fields else None
        return None

    def proposed(self) -> Head | None:
        """Of a sheet in which no head is known, the row that looks most like one: about as wide as what
        stands below it, and texts alone.
        """
        rows = range(1, min(self.sheet.last_row, _LOOKED_AT) + 1)
        widest = max((len(self.sheet.present(row)) for row in rows), default=0)
        for row in rows[:-1]:
            if self._only_texts(row) and len(self.sheet.present(row)) * 5 >= max(widest, _FEWEST) * 3:
                head = self._joined(row) if self._is_group_row(row) else self._single(row)
                return head.assigned(self.assigned)
        return None

    @cached_property
    def _first(self) -> int:
        return next((row for row in range(1, self.sheet.last_row + 1) if self.at(row) is not None), 0)

    def any_below(self, row: int) -> bool:
        """Whether the sheet's first head stands further down."""
        return row < self._first

    def looks_like_head(self, row: int) -> bool:
        """Whether the row names columns one knows, be it without one that says what a line is about."""
        present = self.sheet.present(row)
        if len(present) < _FEWEST:
            return False
        names = {self.field(value) for _at, value in present if isinstance(value, str)} - {None}
        if len(names) < _FEWEST:
            return False
        return sum(not isinstance(value, str) for _at, value in present) * 2 <= len(present)

    def _only_texts(self, row: int) -> bool:
        present = self.sheet.present(row)
        return bool(present) and all(
            isinstance(value, str) and len(value) <= _LONGEST for _at, value in present
        )

    def _is_group_row(self, row: int) -> bool:
        present = self.sheet.present(row)
        if not self._only_texts(row):
            return False
        wide = [at for at, _value in present if self.sheet.merged.get((row, at + 1)) == (row, at)]
        return bool(wide) and len(present) >= _FEWEST

    def _one_or_two(self, row: int) -> Head | None:
        if self._continues(row + 1, row):
            both = self._checked(self._joined(row))
            if both is not None:
                return both
        return self._checked(self._single(row))

    def _continues(self, row: int, above: int) -> bool:
        """Whether a row is the lower one of a head of two: texts only, mostly known, none under a full head
        of its own.
        """
        present = self.sheet.present(row)
        if not present or not all(isinstance(value, str) for _at, value in present):
            return False
        upper = self._upper(above)
        known = sum(self._combined(upper.get(at, ""), str(value))[0] is not None for at, value in present)
        if not known or known * 2 < len(present):
            return False
        own = {
            at
            for at, value in self.sheet.present(above)
            if self.sheet.merged.get((above, at + 1)) != (above, at) and self.field(value)
        }
        return sum(at in own for at, _value in present) * 2 <= len(present)

    def _upper(self, row: int) -> dict[int, str]:
        """The texts of a head's upper row, a group's text over each of its columns, merged or only written
        over the first.
        """
        words: dict[int, str] = {}
        carried = ""
        for at in range(self.sheet.first_column, self.sheet.first_column + len(self.sheet.rows[0])):
            text = self.sheet.filled(row, at)
            if text is not None:
                carried = _shown(text)
            words[at] = carried
        return words

    def _combined(self, upper: str, lower: str) -> tuple[str | None, str]:
        if not upper or upper == lower:
            return self.field(lower), lower
        group = _GROUP_ENDING.sub("", upper)
        for text in (upper + lower, group + lower):
            if self.field(text):
                return self.field(text), text
        if folded(group) in self.apart:
            return None, upper + lower
        return self.field(lower), lower if self.field(lower) else upper + lower

    def _joined(self, row: int) -> Head:
        texts: dict[int, str] = {}
        fields: dict[int, str] = {}
        upper = self._upper(row)
        for at, above in upper.items():
            lower, own = self.sheet.value(row + 1, at), self.sheet.filled(row, at)
            if lower is not None:
                name, texts[at] = self._combined(above, _shown(lower))
            elif own is not None and self.sheet.merged.get((row, at), (row, at))[1] == at:
                name, texts[at] = self.field(_shown(own)), _shown(own)
            else:
                continue
            if name is not None:
                fields[at] = name
        groups = {at: upper[at] for at in texts if upper[at] and upper[at] != texts[at]}
        return Head((row, row + 1), texts, fields, groups)

    def _single(self, row: int) -> Head:
        present = self.sheet.present(row)
        texts = {at: _shown(value) for at, value in present if _shown(value)}
        return Head(
            (row,), texts, {at: name for at, value in present if (name := self.field(value)) is not None}
        )

    def _checked(self, head: Head) -> Head | None:
        names = set(head.fields.values())
        return head if len(names) >= _FEWEST and (not self.keys or names & self.keys) else None


def _shown(value: Raw) -> str:
    return re.sub(r"\s+", "", str(value)) if value is not None else ""
